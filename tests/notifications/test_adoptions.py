"""Mail to councils that use a document: a larger change, and a version that must not be used any more."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.artefacts.actions.adopting import end_adoption, move_up
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.actions.withdrawing import withdraw_version
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.written import written_document
from pipeline.kernel.actor import Role
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.notifications.conftest import Post

pytestmark = pytest.mark.database


class Scene:
    """Keeper's policy, used by Asby (its officer works there still) and Betham (whose officer has left)."""

    def __init__(self, make: Factory, shelf: Shelf, work: Callable[..., Any]) -> None:
        self.make, self.shelf, self.work = make, shelf, work
        self.keeper, self.asby, self.betham = (make.council(name) for name in ("Keeper", "Asby", "Betham"))
        self.lead = make.officer(self.keeper, address="lead@keeper.example")
        self.officer = make.officer(self.asby, address="officer@asby.example")
        make.officer(self.betham, Role.COUNCIL_ADMIN, address="admin@betham.example")
        self.model: Made = shelf.document(
            make.project(self.keeper, self.lead), self.lead, "One.", "Two.", title="Model"
        )
        self.adoption = shelf.adopt(self.model, 1, self.asby, self.officer)
        shelf.adopt(self.model, 2, self.betham, make.officer(None, address="gone@betham.example"))

    def publish(self, *, is_major: bool) -> None:
        draft = self.shelf.draft(self.model, self.lead, "Three.")
        with self.work(self.make.actor(self.lead, self.keeper)) as unit:
            publish_version(
                unit, draft_id=draft.id, version=1, written=written_document(draft.text), change_note="New",
                is_major=is_major,
            )  # fmt: skip

    def withdraw(self, number: int) -> None:
        with self.work(self.make.actor(self.lead, self.keeper)) as unit:
            withdraw_version(unit, slug=self.model.slug, number=number, reason="Wrong")

    def hide(self) -> None:
        with self.make.session() as session:
            session.get_one(Artefact, self.model.artefact.id).is_public = False


@pytest.fixture
def scene(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Scene:
    return Scene(make, shelf, work)


def test_a_larger_change_is_told_at_once_to_whoever_recorded_it_or_the_admins(scene: Scene, post: Post) -> None:
    scene.publish(is_major=True)
    mail = post.deliver()
    assert set(mail) == {"officer@asby.example", "admin@betham.example"}
    letter = mail["officer@asby.example"]
    assert "Model" in letter["Subject"]
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "version 3" in text
    assert "using version 1" in text
    assert f"/documents/{scene.model.slug}/versions/3" in text
    assert "Three." not in text


def test_a_smaller_change_is_told_to_nobody_at_once(scene: Scene, post: Post) -> None:
    scene.publish(is_major=False)
    assert post.deliver() == {}


def test_whoever_moved_up_or_ended_meanwhile_is_not_written_to(scene: Scene, post: Post) -> None:
    scene.publish(is_major=True)
    post.hear()
    with scene.work(scene.make.actor(scene.officer, scene.asby)) as unit:
        move_up(unit, adoption_id=scene.adoption.id)
    assert set(post.deliver()) == {"admin@betham.example"}


def test_what_was_ended_or_hidden_meanwhile_is_not_told(scene: Scene, post: Post) -> None:
    scene.publish(is_major=True)
    post.hear()
    with scene.work(scene.make.actor(scene.officer, scene.asby)) as unit:
        end_adoption(unit, adoption_id=scene.adoption.id)
    scene.hide()
    assert post.deliver() == {}


def test_those_who_use_a_withdrawn_version_are_told(scene: Scene, post: Post) -> None:
    scene.withdraw(2)
    mail = post.deliver()
    assert set(mail) == {"admin@betham.example"}
    assert "Do not use version 2" in mail["admin@betham.example"]["Subject"]
    scene.withdraw(1)
    assert set(post.deliver()) == {"officer@asby.example"}
