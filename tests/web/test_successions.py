"""The page on which admins and coordinators say which of several councils has what one of them had."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel.actor import Role
from pipeline.pledges.models import Pledge
from pipeline.successions.duties import carry_on
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    scene = make_scene(make, work)
    scene.authorised("Leeds", 100)
    for name in ("North", "South"):
        make.succession(scene.side("Leeds").council, make.council(name))
    scene.worker(carry_on)
    return scene


def test_what_waits_is_listed_with_a_choice_each(client: CheckedClient, scene: Scene) -> None:
    leeds = scene.side("Leeds")
    (pledge,) = [one for one in scene.events() if one.name == "pledge.frozen"]
    coordinator = scene.make.officer(None, Role.COORDINATOR)
    scene.make.signed_in(client, coordinator)
    assert "/councils/leeds/reorganisation" in str(client.page("/coordination"))
    page = client.page("/councils/leeds/reorganisation")
    south = page.find("option", string="South")
    assert south is not None
    name = f"pledge-{pledge.subject_id}"
    sent = client.send("/councils/leeds/reorganisation", **{name: south["value"]})
    assert sent.status_code == 303
    row = scene.row(Pledge, pledge.subject_id)
    assert (str(row.council_id), row.pledged_as_id) == (south["value"], leeds.council.id)
    assert name not in str(client.page("/councils/leeds/reorganisation"))
    history = client.page(f"/pledges/{pledge.subject_id}").text
    assert "Pledged as" in history
    assert "South follows Leeds. What it pledged stands." in client.page(f"/projects/{scene.slug}").text


def test_others_do_not_choose(client: CheckedClient, scene: Scene) -> None:
    leeds = scene.side("Leeds")
    scene.make.signed_in(client, scene.row(Officer, leeds.officer.officer_id), leeds.council)
    assert client.get("/councils/leeds/reorganisation").status_code == 403


def test_a_council_that_stands_has_nothing_to_assign(client: CheckedClient, scene: Scene) -> None:
    scene.make.signed_in(client, scene.make.officer(None, Role.COORDINATOR))
    assert "Nothing waits" in client.page("/councils/lead/reorganisation").text
