"""Updates through the API."""

import pytest

from pipeline.accounts.actions import erase_officer
from pipeline.kernel.actor import system
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.world import World

pytestmark = pytest.mark.database


def test_an_update_comes_as_markdown_html_and_text(client: CheckedClient, world: World) -> None:
    data = client.get(f"/api/v1/updates/{world.update_id}").get_json()["data"]
    assert (data["markdown"], data["text"]) == ("**News** of it.", "News of it.")
    assert data["html"] == "<p><strong>News</strong> of it.</p>"
    assert data["project"] == {"slug": "shared-form", "title": "A shared form"}
    assert data["url"] == f"http://127.0.0.1:8000/updates/{world.update_id}"


def test_an_author_is_named_only_by_choice(client: CheckedClient, world: World) -> None:
    authors = {one["title"]: one["author"] for one in client.get("/api/v1/updates").get_json()["data"]}
    assert authors["Good news"]["display_name"] == "Nia Named"
    assert authors["Good news"]["role"] == "team"
    assert authors["More news"]["display_name"] is None
    assert authors["More news"]["role"] == "lead"
    assert authors["More news"]["council"]["slug"] == "leadham"
    assert set(authors["More news"]) == {"display_name", "role", "council"}


def test_an_erased_author_has_no_name(client: CheckedClient, make: Factory) -> None:
    from pipeline.kernel import clock

    council = make.council()
    officer = make.officer(council, is_named=True, erased_at=clock.now())
    update = make.update(make.project(council), officer, council)
    author = client.get(f"/api/v1/updates/{update.id}").get_json()["data"]["author"]
    assert (author["display_name"], author["role"]) == (None, "officer")


def test_whoever_kept_the_name_of_an_erased_author_is_told_to_forget_it(
    client: CheckedClient, make: Factory, work: Working
) -> None:
    council = make.council()
    officer = make.officer(council, name="Nia Named", is_named=True)
    make.update(make.project(council), officer, council)
    kept = client.get("/api/v1/updates")
    assert "Nia Named" in kept.text
    with work(system("erase officers")) as unit:
        erase_officer(unit, officer_id=officer.id)
    again = client.get("/api/v1/updates", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 200
    assert "Nia Named" not in again.text


def test_drafts_and_withdrawn_updates_are_in_no_list(client: CheckedClient, world: World) -> None:
    for path in ("/api/v1/updates", "/api/v1/projects/shared-form/updates", "/api/v1/updates?project=shared-form"):
        answer = client.get(f"{path}{'&' if '?' in path else '?'}include_total=true").get_json()
        assert {one["title"] for one in answer["data"]} == {"Good news", "More news"}
        assert answer["page"]["total"] == 2


def test_updates_of_a_project_one_may_not_know_of_answer_404(client: CheckedClient, world: World) -> None:
    missing = client.get("/api/v1/projects/no-such-project/updates")
    assert missing.status_code == 404
    for path in world.hidden_paths:
        if path.startswith("/projects/"):
            answer = client.get(f"/api/v1{path}/updates")
            assert {**answer.get_json(), "instance": ""} == {**missing.get_json(), "instance": ""}


def test_pages_of_updates_follow_each_other(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    project, officer = make.project(council), make.officer(council)
    ids = [str(make.update(project, officer, council).id) for _ in range(5)]
    for path in ("/api/v1/updates?", f"/api/v1/projects/{project.slug}/updates?"):
        seen, address = [], f"{path}limit=2"
        while address:
            body = client.get(address).get_json()
            seen += [one["id"] for one in body["data"]]
            address = body["links"]["next"]
        assert seen == ids[::-1]
