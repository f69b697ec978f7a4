"""The pages on which leads answer whether a project is still true, and on which it passes to another council."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.pledges import actions
from pipeline.pledges.models import Pledge
from pipeline.pledges.silence import age_projects
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=200), least_councils=1)


def sign_in(client: CheckedClient, scene: Scene, actor: Actor, council: Any) -> None:
    scene.make.signed_in(client, scene.row(Officer, actor.officer_id), council)


def test_a_lead_answers_a_nudge_on_its_page(client: CheckedClient, scene: Scene) -> None:
    with clock.moved(timedelta(days=60)):
        scene.worker(age_projects)
        assert "This project is quiet" in client.page(f"/projects/{scene.slug}").text
        assert f"/projects/{scene.slug}" in client.get("/projects?freshness=quiet").text
        sign_in(client, scene, scene.lead, scene.lead_council)
        path = f"/projects/{scene.slug}/still-true"
        page = client.page(path)
        assert f"/projects/{scene.slug}/edit" in str(page)
        assert f"/projects/{scene.slug}/stop" in str(page)
        assert client.send(path).status_code == 303
        assert "This project is quiet" not in client.page(f"/projects/{scene.slug}").text
    assert scene.now().freshness == "fresh"


def test_a_project_that_looks_for_a_lead_offers_no_buttons_and_can_be_taken_over(
    client: CheckedClient, scene: Scene
) -> None:
    assert f"/needs/{scene.need.id}/pledges/new" in str(client.page(f"/projects/{scene.slug}"))
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        page = client.page(f"/projects/{scene.slug}")
        assert "looks for a new lead" in page.text
        assert f"/needs/{scene.need.id}/pledges/new" not in str(page)
        york = scene.side("York")
        sign_in(client, scene, york.authoriser, york.council)
        assert f"/projects/{scene.slug}/take-over" in str(client.page(f"/projects/{scene.slug}"))
        path = f"/projects/{scene.slug}/take-over"
        assert client.send(path, message="").status_code == 422
        assert client.send(path, message="We would do it.").status_code == 303
        coordinator = scene.make.officer(None, Role.COORDINATOR)
        scene.make.signed_in(client, coordinator)
        assert "York asks to take this project over" in client.page("/your-work").text
    assert "project.takeover_asked" in scene.names()


def test_a_project_is_handed_over_on_pages(client: CheckedClient, scene: Scene) -> None:
    york = scene.side("York")
    sign_in(client, scene, scene.lead, scene.lead_council)
    path = f"/projects/{scene.slug}/hand-over"
    assert client.send(path, council="", message="We have nobody.").status_code == 422
    assert client.send(path, council=str(york.council.id), message="We have nobody.").status_code == 303
    sign_in(client, scene, york.authoriser, york.council)
    assert "Lead offers this project to York" in client.page("/your-work").text
    (handover,) = [one for one in scene.events() if one.name == "project.hand_over_offered"]
    address = f"/handovers/{handover.payload['handover_id']}"
    assert "We have nobody." in client.page(address).text
    assert client.send(f"{address}/agree", lead=str(york.officer.officer_id)).status_code == 303
    page = client.page(f"/projects/{scene.slug}")
    assert "Lead handed this project over to York." in page.text
    assert scene.now().council_id == york.council.id


def test_those_it_does_not_concern_find_nothing(client: CheckedClient, scene: Scene) -> None:
    york, leeds = scene.side("York"), scene.side("Leeds")
    handover = scene.as_lead(actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="Why not?")
    sign_in(client, scene, leeds.authoriser, leeds.council)
    assert client.get(f"/handovers/{handover.id}").status_code == 404
    assert client.get(f"/handovers/{handover.id}/agree").status_code == 404
    assert client.get(f"/projects/{scene.slug}/still-true").status_code == 403


def test_a_council_answers_whether_its_pledge_carries_over(
    client: CheckedClient, make: Factory, work: Callable[..., Any]
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    pledge = scene.accepted("Leeds", 100)
    york, leeds = scene.side("York"), scene.side("Leeds")
    handover = scene.as_lead(actions.offer_hand_over, slug=scene.slug, council_id=york.council.id, message="Why not?")
    with scene.work(york.authoriser) as acting:
        actions.agree_handover(acting, handover_id=handover.id)
    sign_in(client, scene, leeds.authoriser, leeds.council)
    assert f"/pledges/{pledge.id}/carry-over" in str(client.page(f"/pledges/{pledge.id}"))
    assert f"/pledges/{pledge.id}/carry-over" in str(client.page("/your-work"))
    assert client.send(f"/pledges/{pledge.id}/carry-over").status_code == 422
    assert client.send(f"/pledges/{pledge.id}/carry-over", answer="yes").status_code == 303
    assert scene.row(Pledge, pledge.id).carry_over_due_on is None
