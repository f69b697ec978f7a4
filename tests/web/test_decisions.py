"""The pages on which a project's call for support is decided and ends, and what its own page says of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.decision_dates import decide_due_dates
from pipeline.projects.models import Need, Project, ProjectPerson
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def signed_in(client: CheckedClient, scene: Scene, name: str | None = None) -> None:
    """Sign in as the lead, or as the officer of a council."""
    actor = scene.side(name).officer if name else scene.lead
    council = scene.side(name).council if name else scene.lead_council
    officer = scene.row(Officer, actor.officer_id)
    scene.make.signed_in(client, officer, council)


def day(of: Any) -> list[str]:
    return [str(of.day), str(of.month), str(of.year)]


def address(scene: Scene) -> str:
    return f"/projects/{scene.slug}"


def test_the_page_says_what_is_missing_and_what_would_make_the_test_pass(client: CheckedClient, scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).least_councils = 2
    page = client.page(address(scene))
    assert "It would not go ahead yet" in page.text
    assert "£10,000 towards" in page.text
    assert "2 more councils" in page.text
    scene.accepted("York", 6_000_00)
    last = scene.authorised("Leeds", 4_000_00)
    page = client.page(address(scene))
    assert "If the leads accept Leeds’s pledge, it passes." in page.text
    assert "1 more council" in page.text
    assert "The leads have agreed to £6,000." in page.text
    scene.accept(last)
    assert "It would go ahead now" in client.page(address(scene)).text


def test_a_pledge_nobody_may_know_of_is_not_named_as_what_would_make_it_pass(
    client: CheckedClient, scene: Scene
) -> None:
    scene.offer("Leeds", 10_000_00)
    page = client.page(address(scene))
    assert "Leeds" not in page.text
    assert "Offers that are not yet authorised hold £10,000 more." in page.text


def test_the_page_tells_what_waits_apart_from_what_is_not_authorised(client: CheckedClient, scene: Scene) -> None:
    scene.offer("Leeds", 100_00)
    scene.side("Hull")
    scene.authorised("York", 200_00, Condition(kind=ConditionKind.COUNCILS, at_least=2))
    page = client.page(address(scene))
    assert "Offers that are not yet authorised hold £100 more." in page.text
    assert "Pledges that wait for others hold £200 more." in page.text


def test_a_lead_gives_the_go_ahead_from_the_page(client: CheckedClient, scene: Scene) -> None:
    signed_in(client, scene)
    assert "Give the go-ahead" not in client.page(address(scene)).text
    client.page(f"{address(scene)}/go-ahead", 409)
    scene.accepted("York", 10_000_00)
    page = client.page(address(scene))
    assert page.find("a", href=f"{address(scene)}/go-ahead")
    answer = client.send(f"{address(scene)}/go-ahead")
    assert answer.status_code == 303, said(answer)
    page = client.page(address(scene))
    assert "The project is going ahead." in page.text
    assert "£10,000 of it is committed." in page.text
    assert scene.now().status == "going_ahead"
    client.page(f"{address(scene)}/go-ahead", 409)


def test_a_lead_stops_a_project_with_a_reason_everybody_reads(client: CheckedClient, scene: Scene) -> None:
    signed_in(client, scene)
    answer = client.send(f"{address(scene)}/stop")
    assert answer.status_code == 422
    assert "Say why, for everybody to read" in said(answer)
    answer = client.send(f"{address(scene)}/stop", reason="The supplier went under.")
    assert answer.status_code == 303, said(answer)
    stranger = client.application.test_client()
    page = stranger.page(address(scene))
    assert "This project was stopped." in page.text
    assert "The supplier went under." in page.text
    assert not page.find("a", href=f"{address(scene)}/stop")


@pytest.mark.parametrize("why", ["gone", "silent"])
def test_a_coordinator_stops_what_nobody_leads(client: CheckedClient, scene: Scene, why: str) -> None:
    coordinator = scene.make.officer(None, Role.COORDINATOR)
    scene.make.signed_in(client, coordinator)
    assert client.get(f"{address(scene)}/stop").status_code == 403
    assert not client.page(address(scene)).find("a", href=f"{address(scene)}/stop")
    with scene.make.session() as session:
        if why == "silent":
            project = session.get_one(Project, scene.project.id)
            project.freshness, project.freshness_step = "looking_for_lead", 5
        else:
            for person in session.query(ProjectPerson).filter_by(project_id=scene.project.id):
                person.ended_at = clock.now()
    assert client.page(address(scene)).find("a", href=f"{address(scene)}/stop")
    answer = client.send(f"{address(scene)}/stop", reason="Nobody answers")
    assert answer.status_code == 303, said(answer)


def test_a_finished_project_says_what_came_of_it_and_is_posted_again(client: CheckedClient, scene: Scene) -> None:
    scene.accepted("York", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    signed_in(client, scene)
    answer = client.send(f"{address(scene)}/finish", outcome="")
    assert answer.status_code == 422
    answer = client.send(f"{address(scene)}/finish", outcome="It **works**.")
    assert answer.status_code == 303, said(answer)
    page = client.page(address(scene))
    assert "This project is finished." in page.text
    assert page.find("strong", string="works")
    answer = client.send(f"{address(scene)}/post-again")
    assert answer.status_code == 303, said(answer)
    draft = client.page(answer.location)
    assert "It was posted before as" in draft.text
    assert scene.need.title in draft.text


def test_a_lapsed_project_says_that_nobody_is_bound(client: CheckedClient, scene: Scene) -> None:
    assert scene.project.decision_on is not None
    with clock.moved(scene.project.decision_on + timedelta(days=1) - clock.today()):
        scene.worker(decide_due_dates)
        page = client.page(address(scene))
    assert "This project lapsed" in page.text
    assert "The go-ahead test did not pass by the decision date." in page.text


def test_a_moved_date_and_other_terms_show_old_and_new_with_the_reason(client: CheckedClient, scene: Scene) -> None:
    scene.authorised("York", 100_00)
    signed_in(client, scene)
    assert scene.project.decision_on is not None
    later = scene.project.decision_on + timedelta(days=30)
    wrong = client.send(f"{address(scene)}/move-date", decision_on=day(scene.project.decision_on), reason="Longer")
    assert wrong.status_code == 422
    answer = client.send(f"{address(scene)}/move-date", decision_on=day(later), reason="Councils need longer")
    assert answer.status_code == 303, said(answer)
    client.page(f"{address(scene)}/move-date", 409)
    assert client.send(f"{address(scene)}/terms").status_code == 303, "saved as they stand"
    answer = client.send(f"{address(scene)}/terms", least_councils="3")
    assert answer.status_code == 422
    answer = client.send(f"{address(scene)}/terms", least_councils="3", reason="More should join")
    assert answer.status_code == 303, said(answer)
    page = client.application.test_client().page(address(scene))
    assert "Changes of terms" in page.text
    assert "Councils need longer" in page.text
    assert "At least 3 other councils must be in; it was 0." in page.text
    assert "More should join" in page.text
    assert "The decision date was moved from" in page.text


def test_an_essential_need_is_changed_with_a_reason_where_councils_have_pledged(
    client: CheckedClient, scene: Scene
) -> None:
    signed_in(client, scene)
    page = client.page(f"/needs/{scene.need.id}/edit")
    assert page.find(attrs={"name": "reason"}) is None
    scene.authorised("York", 100_00)
    answer = client.send(f"/needs/{scene.need.id}/edit", pence="8000")
    assert answer.status_code == 422
    assert "Say why, for everybody to read" in said(answer)
    answer = client.send(f"/needs/{scene.need.id}/edit", pence="8000", reason="A grant came in")
    assert answer.status_code == 303, said(answer)
    page = client.page(address(scene))
    assert f"{scene.need.title} asks for £8,000; it was £10,000." in page.text
    assert "A grant came in" in page.text


def test_a_need_that_is_pledged_to_is_dropped_with_a_reason(client: CheckedClient, scene: Scene) -> None:
    other = scene.make.need(scene.project, "funding", target=100_00)
    pledge = scene.accepted("York", 100_00, need=other)
    signed_in(client, scene)
    answer = client.send(f"/needs/{other.id}/drop")
    assert answer.status_code == 422
    answer = client.send(f"/needs/{other.id}/drop", reason="Bought elsewhere")
    assert answer.status_code == 303, said(answer)
    assert scene.status(pledge) == ["lapsed"]
    assert scene.row(Need, other.id).status == "dropped"


def test_nobody_but_its_leads_sees_the_pages_of_a_decision(client: CheckedClient, scene: Scene) -> None:
    signed_in(client, scene, "York")
    for verb in ("go-ahead", "stop", "finish", "post-again", "move-date", "terms"):
        assert client.get(f"{address(scene)}/{verb}").status_code == 403


def test_pressing_twice_posts_one_draft(client: CheckedClient, scene: Scene) -> None:
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="Too early")
    signed_in(client, scene)
    form = client.page(f"{address(scene)}/post-again").find_all("form")[-1]
    first = client.send_form(form, f"{address(scene)}/post-again")
    second = client.send_form(form, f"{address(scene)}/post-again")
    assert first.location == second.location


def test_a_pledge_that_was_authorised_is_changed_by_offering_another(client: CheckedClient, scene: Scene) -> None:
    pledge = scene.authorised("York", 6_000_00)
    signed_in(client, scene, "York")
    page = client.page(f"/pledges/{pledge.id}")
    assert page.find("a", href=f"/pledges/{pledge.id}/replace", string="Change this pledge")
    answer = client.get(f"/pledges/{pledge.id}/replace")
    assert answer.status_code == 303
    page = client.page(answer.location)
    assert "stands as it is until" in page.text
    assert page.find(attrs={"name": "amount"})["value"] == "6,000"
    answer = client.send(answer.location, button=("step", "check"), amount="7000")
    assert answer.status_code == 200, said(answer)
    form = parsed(answer).find("form", id="form")
    answer = client.send_form(form, "/", button=("step", "offer"))
    assert answer.status_code == 303, said(answer)
    page = client.page(answer.location)
    assert "take the place of an earlier pledge" in page.text
    assert "Another pledge was offered in its place." in client.page(f"/pledges/{pledge.id}").text
    assert "in its place" not in client.application.test_client().page(f"/pledges/{pledge.id}").text
    assert scene.sums() == (7_000_00, 6_000_00, 0, 0)


def test_nobody_else_changes_a_councils_pledge(client: CheckedClient, scene: Scene) -> None:
    pledge = scene.authorised("York", 6_000_00)
    signed_in(client, scene, "Leeds")
    assert client.get(f"/pledges/{pledge.id}/replace").status_code == 403
    assert client.get(f"/needs/{scene.need.id}/pledges/new?replaces={pledge.id}").status_code == 404


def test_what_is_left_of_a_finished_project_shows_as_not_recorded_after_ninety_days(
    client: CheckedClient, scene: Scene
) -> None:
    pledge = scene.accepted("York", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    outcome = written("It works", under=2)
    scene.as_lead(actions.finish_project, slug=scene.slug, year_ended=clock.today().year, outcome=outcome)
    with clock.moved(timedelta(days=89)):
        assert "was not recorded" not in client.page(f"/pledges/{pledge.id}").text
    with clock.moved(timedelta(days=90)):
        assert "What is left of this pledge was not recorded." in client.page(f"/pledges/{pledge.id}").text
