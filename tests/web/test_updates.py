"""The pages of updates and of checks by a colleague."""

from typing import Any

import pytest
from sqlalchemy import select

from pipeline.projects.models import Update, UpdateText
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


@pytest.fixture
def world(client: CheckedClient, make: Factory) -> Any:
    """A project with a lead (signed in at `client`), somebody in its team, and a colleague of their council."""

    class World:
        council = make.council("Northborough")
        lead = make.officer(council, name="Ada Lead")
        writer = make.officer(council, name="Will Writer")
        colleague = make.officer(council, name="Carol Colleague")
        project = make.project(council, lead, slug="repairs", title="Repairs")

        def browser(self, officer: Any = None) -> CheckedClient:
            browser = client.application.test_client()
            if officer is not None:
                make.signed_in(browser, officer, self.council)
            return browser

    made = World()
    make.person(made.project, made.writer, made.council)
    make.signed_in(client, made.lead, made.council)
    return made


def test_an_update_is_written_by_the_team_and_published_by_a_lead(client: CheckedClient, world: Any) -> None:
    writer = world.browser(world.writer)
    answer = writer.send(
        "/projects/repairs/updates/new", title="First news", body="It *works*.", button=("step", "save")
    )
    assert answer.status_code == 303, said(answer)
    path = str(answer.location)
    assert "Draft" in writer.page(path).text
    for stranger in (world.browser(), world.browser(world.colleague)):
        assert stranger.get(path).status_code == 404
    draft = writer.page(path)
    assert not [form for form in draft.find_all("form") if "publish" in form.get("action", "")]
    token = draft.find("input", attrs={"name": "csrf_token"})["value"]
    assert writer.post(f"{path}/publish", data={"csrf_token": token, "version": "1"}).status_code == 403
    assert client.send(path, button=("x", "y")).status_code == 303
    page = world.browser().page(path)
    assert page.find("em", string="works")
    assert "First news" in world.browser().page("/projects/repairs").text
    assert "First news" in world.browser().page("/projects/repairs/updates").text
    for verb in ("edit", "withdraw"):
        assert writer.get(f"{path}/{verb}").status_code == 403
        assert world.browser().get(f"{path}/{verb}").status_code == 303


def test_a_preview_shows_the_text_and_keeps_nothing(client: CheckedClient, world: Any, make: Factory) -> None:
    answer = client.send(
        "/projects/repairs/updates/new", title="News", body="# Big\n\n<script>x</script>", button=("step", "preview")
    )
    assert answer.status_code == 200
    page = parsed(answer)
    assert page.find("h2", string="Big")
    assert page.find("textarea", attrs={"name": "body"}).text.strip() == "# Big\n\n<script>x</script>"
    with make.session() as session:
        assert session.scalars(select(Update.id)).all() == []


def test_editing_a_published_update_keeps_its_earlier_text(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, title="News", body="Before")
    answer = client.send(f"/updates/{update.id}/edit", body="After", button=("step", "save"))
    assert answer.status_code == 303, said(answer)
    stranger = world.browser().page(f"/updates/{update.id}")
    assert "After" in stranger.text
    assert "Edited on" in stranger.text
    assert "Before" not in stranger.text
    assert "Before" in client.page(f"/updates/{update.id}").text
    with make.session() as session:
        assert session.scalars(select(UpdateText.body)).all() == ["Before"]


def test_two_who_edit_at_once_lose_nothing(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, title="News", body="Before")
    path = f"/updates/{update.id}/edit"
    form = parsed(client.get(path)).find("form", id="form")
    client.send(path, body="Theirs", button=("step", "save"))
    answer = client.send_form(form, path, ("step", "save"), body="Mine")
    assert answer.status_code == 409
    page = parsed(answer)
    assert "Theirs" in page.text
    assert page.find("textarea", attrs={"name": "body"}).text.strip() == "Mine"
    again = page.find("form", id="form")
    assert client.send_form(again, path, ("step", "save")).status_code == 303


def test_a_withdrawn_update_is_found_by_the_team_alone(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, title="Wrong news")
    assert client.send(f"/updates/{update.id}/withdraw").status_code == 303
    assert world.browser().get(f"/updates/{update.id}").status_code == 404
    assert "withdrawn" in client.page(f"/updates/{update.id}").text
    assert "Wrong news" not in world.browser().page("/projects/repairs").text
    assert client.get(f"/updates/{update.id}/edit").status_code in (200, 403)


def test_a_draft_is_deleted_after_asking_once(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, status="draft")
    assert client.send(f"/updates/{update.id}/delete").status_code == 303
    assert client.get(f"/updates/{update.id}").status_code == 404


def test_an_update_without_a_text_is_not_published(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, status="draft", body="", body_html="")
    answer = client.send(f"/updates/{update.id}")
    assert answer.status_code == 422
    assert "Write the update" in parsed(answer).text


def test_an_address_of_somebody_is_not_published(client: CheckedClient, world: Any, make: Factory) -> None:
    known = world.colleague.address
    update = make.update(world.project, world.lead, world.council, status="draft", body=f"Write to {known}.")
    answer = client.send(f"/updates/{update.id}")
    assert answer.status_code == 422
    assert "Take out the e-mail address" in parsed(answer).text


def test_a_colleague_reads_a_draft_until_they_have_answered(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, title="Almost news", status="draft")
    path = f"/updates/{update.id}"
    assert client.send(f"{path}/check", officer_id=str(world.colleague.id)).status_code == 303
    assert client.send(f"{path}/check", officer_id=str(world.colleague.id)).status_code == 409
    assert "has not answered yet" in client.page(path).text
    colleague = world.browser(world.colleague)
    link = next(link for link in colleague.page(path).find_all("a") if "Read it and answer" in link.text)["href"]
    assert colleague.get(f"{path}/edit").status_code == 403
    assert colleague.send(link, answer="changes").status_code == 422
    assert colleague.send(link, answer="changes", note="Say when.").status_code == 303
    assert colleague.get(path).status_code == 404
    assert colleague.get(link).status_code == 404
    page = client.page(path)
    assert "please change something" in page.text
    assert "Say when." in page.text


def test_a_draft_project_is_checked_in_the_same_way(client: CheckedClient, world: Any, make: Factory) -> None:
    draft = make.project(world.council, world.lead, status="draft", title="Not yet")
    path = f"/projects/{draft.id}"
    colleague = world.browser(world.colleague)
    assert colleague.get(path).status_code == 404
    assert client.send(f"{path}/check", officer_id=str(world.colleague.id)).status_code == 303
    link = next(link for link in colleague.page(path).find_all("a") if "Read it and answer" in link.text)["href"]
    assert client.get(link).status_code == 403
    assert colleague.send(link, answer="fine").status_code == 303
    assert colleague.get(path).status_code == 404
    assert "it is fine" in client.page(path).text


def test_nobody_of_another_council_is_asked(client: CheckedClient, world: Any, make: Factory) -> None:
    update = make.update(world.project, world.lead, world.council, status="draft")
    elsewhere = make.council()
    other = make.officer(elsewhere)
    assert client.send(f"/updates/{update.id}/check", officer_id=str(other.id)).status_code == 422


def test_updates_wait_for_the_project_to_be_published(client: CheckedClient, world: Any, make: Factory) -> None:
    draft = make.project(world.council, world.lead, status="draft")
    answer = client.send(f"/projects/{draft.id}/updates/new", title="News", body="x", button=("step", "save"))
    assert answer.status_code == 409
