"""Adopting a document as it is: recorded, moved up, changed, ended, begun again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.artefacts.actions.adopting import adopt_version, change_adoption, end_adoption, move_up
from pipeline.artefacts.adoption_rules import AdoptionDetails
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, RuleBroken
from pipeline.projects.models import Project
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.support.parallel import at_once

pytestmark = pytest.mark.database

NOTHING = AdoptionDetails()


@dataclass
class Scene:
    """Leadham keeps a policy with three versions; Northborough has an officer who adopts."""

    make: Factory
    shelf: Shelf
    lead_council: Council
    lead: Officer
    council: Council
    officer: Officer
    model: Made

    @property
    def member(self) -> Actor:
        return self.make.actor(self.officer, self.council)

    def row(self, kind: Any, row_id: Any) -> Any:
        with self.make.session() as session:
            return session.get_one(kind, row_id)

    def counters(self) -> tuple[int, int, int]:
        artefact = self.row(Artefact, self.model.artefact.id)
        return artefact.as_is, artefact.adapted, artefact.adoptions

    def moves(self, adoption: Adoption) -> list[tuple[str, Any, Any]]:
        with self.make.session() as session:
            rows = session.scalars(
                select(AdoptionMove).where(AdoptionMove.adoption_id == adoption.id).order_by(AdoptionMove.id)
            )
            return [(row.standing, row.from_version_id, row.version_id) for row in rows]

    def events(self, name: str) -> list[LoggedEvent]:
        with self.make.session() as session:
            return list(session.scalars(select(LoggedEvent).where(LoggedEvent.name == name)))


@pytest.fixture
def scene(make: Factory, shelf: Shelf) -> Scene:
    lead_council, council = make.council("Leadham"), make.council("Northborough")
    lead, officer = make.officer(lead_council), make.officer(council)
    model = shelf.document(make.project(lead_council, lead), lead, "One.", "Two.", "Three.", title="Model policy")
    return Scene(make, shelf, lead_council, lead, council, officer, model)


def refused(work: Callable[..., Any], actor: Actor, act: Callable[[Any], Any]) -> Refusal:
    """The refusal an act meets."""
    with pytest.raises(Refusal) as caught, work(actor) as unit:
        act(unit)
    return caught.value


def adopt(work: Callable[..., Any], scene: Scene, number: int = 2, details: AdoptionDetails = NOTHING) -> Adoption:
    with work(scene.member) as unit:
        return adopt_version(unit, slug=scene.model.slug, number=number, details=details)


def test_a_member_adopts_a_version_as_it_is(scene: Scene, work: Callable[..., Any]) -> None:
    today = clock.today()
    details = AdoptionDetails(today + timedelta(days=365), "For all staff", "Cabinet", today)
    adoption = adopt(work, scene, 2, details)
    kept = scene.row(Adoption, adoption.id)
    assert (kept.standing, kept.version_id, kept.council_id) == ("as_is", scene.model.version(2).id, scene.council.id)
    assert (kept.review_on, kept.note, kept.approved_by, kept.approved_on) == (
        today + timedelta(days=365), "For all staff", "Cabinet", today,
    )  # fmt: skip
    assert scene.counters() == (1, 0, 1)
    assert scene.moves(adoption) == [("as_is", None, scene.model.version(2).id)]
    (event,) = scene.events("adoption.recorded")
    assert (event.audience, event.payload["number"]) == ("public", 2)
    assert "For all staff" not in str(event.payload)
    assert "Cabinet" not in str(event.payload)


@pytest.mark.parametrize(
    "details, code, field",
    [
        (AdoptionDetails(note="x" * 1001), "adoption.note_too_long", "note"),
        (AdoptionDetails(approved_by="x" * 121), "adoption.approved_by_too_long", "approved_by"),
        (AdoptionDetails(review_on=clock.today() - timedelta(days=2)), "adoption.review_out_of_range", "review_on"),
        (
            AdoptionDetails(approved_by="Cabinet", approved_on=clock.today() + timedelta(days=2)),
            "adoption.approved_later", "approved_on",
        ),
        (AdoptionDetails(approved_on=clock.today()), "adoption.approver_missing", "approved_by"),
    ],
)  # fmt: skip
def test_what_is_recorded_must_make_sense(
    scene: Scene, work: Callable[..., Any], details: AdoptionDetails, code: str, field: str
) -> None:
    refusal = refused(
        work, scene.member, lambda unit: adopt_version(unit, slug=scene.model.slug, number=1, details=details)
    )
    assert isinstance(refusal, RuleBroken)
    assert [(one.code, one.field) for one in refusal.problems] == [(code, field)]
    assert scene.counters() == (0, 0, 0)


def test_no_address_of_anybody_is_recorded(scene: Scene, work: Callable[..., Any]) -> None:
    details = AdoptionDetails(note=f"Ask {scene.officer.address}")
    refusal = refused(
        work, scene.member, lambda unit: adopt_version(unit, slug=scene.model.slug, number=1, details=details)
    )
    assert (refusal.code, refusal.problems[0].field) == ("text.holds_address", "note")


def test_who_may_adopt(scene: Scene, make: Factory, work: Callable[..., Any]) -> None:
    def act(unit: Any) -> None:
        adopt_version(unit, slug=scene.model.slug, number=1, details=NOTHING)

    own = refused(work, make.actor(scene.lead, scene.lead_council), act)
    assert (type(own), own.code) == (NotAllowed, "adoption.own_document")
    nobody = refused(work, Actor(), act)
    assert (type(nobody), nobody.code) == (NotAllowed, "artefact.members_only")
    coordinator = refused(work, make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR), act)
    assert coordinator.code == "artefact.members_only"
    adopt(work, scene, 1)


def test_a_council_adopts_a_document_once(scene: Scene, work: Callable[..., Any]) -> None:
    adopt(work, scene, 1)
    refusal = refused(
        work, scene.member, lambda unit: adopt_version(unit, slug=scene.model.slug, number=2, details=NOTHING)
    )
    assert isinstance(refusal, Conflict)
    assert (refusal.code, refusal.allowed) == ("adoption.stands", ("move_up", "change", "end"))
    assert scene.counters() == (1, 0, 1)


def test_two_colleagues_at_once_make_one_adoption(scene: Scene, work: Callable[..., Any], make: Factory) -> None:
    actors = [make.actor(make.officer(scene.council), scene.council) for _ in range(4)]

    def one(actor: Actor) -> str:
        try:
            with work(actor) as unit:
                adopt_version(unit, slug=scene.model.slug, number=1, details=NOTHING)
        except Conflict as refusal:
            return refusal.code
        return "adopted"

    outcomes = at_once(4, lambda place: one(actors[place]))
    assert sorted(map(str, outcomes)) == ["adopted", *["adoption.stands"] * 3]
    assert scene.counters() == (1, 0, 1)


def test_what_is_withdrawn_removed_hidden_or_missing_is_not_adopted(scene: Scene, work: Callable[..., Any]) -> None:
    scene.shelf.withdraw(scene.model, 3, scene.lead)
    scene.shelf.withdraw(scene.model, 2, scene.lead, status="removed")
    codes = {}
    for number in (1, 2, 3, 9):
        try:
            adopt(work, scene, number)
        except Refusal as refusal:
            codes[number] = refusal.code
    assert codes == {2: "version.removed", 3: "version.withdrawn", 9: "version.not_found"}


def test_what_is_hidden_is_not_adopted_by_those_who_still_see_it(scene: Scene, work: Callable[..., Any]) -> None:
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).is_public = False
    stranger = refused(work, scene.member, lambda unit: adopt_by(unit, scene))
    assert isinstance(stranger, NotFound)
    project = scene.row(Project, scene.model.artefact.project_id)
    scene.make.person(project, scene.officer, scene.council)
    in_team = refused(work, scene.member, lambda unit: adopt_by(unit, scene))
    assert in_team.code == "artefact.not_public"


def adopt_by(unit: Any, scene: Scene) -> Adoption:
    return adopt_version(unit, slug=scene.model.slug, number=1, details=NOTHING)


def test_moving_up_is_an_act_to_the_current_version(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 1)
    with work(scene.member) as unit:
        move_up(unit, adoption_id=adoption.id)
    kept = scene.row(Adoption, adoption.id)
    assert (kept.version_id, kept.version, kept.moved_at is not None) == (scene.model.version(3).id, 2, True)
    one, three = scene.model.version(1).id, scene.model.version(3).id
    assert scene.moves(adoption) == [("as_is", None, one), ("as_is", one, three)]
    (event,) = scene.events("adoption.changed")
    assert event.payload["changes"] == {"number": [1, 3]}
    assert scene.counters() == (1, 0, 1)
    again = refused(work, scene.member, lambda unit: move_up(unit, adoption_id=adoption.id))
    assert again.code == "adoption.up_to_date"
    down = refused(work, scene.member, lambda unit: move_up(unit, adoption_id=adoption.id, number=2))
    assert down.code == "adoption.not_newer"


def test_publishing_moves_nobody(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 3)
    scene.shelf.publish(scene.model, scene.lead, "Four.")
    assert scene.row(Adoption, adoption.id).version_id == scene.model.version(3).id


def test_whose_version_was_withdrawn_may_go_back_to_one_that_lives(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 3)
    scene.shelf.withdraw(scene.model, 3, scene.lead)
    with work(scene.member) as unit:
        move_up(unit, adoption_id=adoption.id)
    assert scene.row(Adoption, adoption.id).version_id == scene.model.version(2).id


def test_nobody_moves_to_a_withdrawn_version(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 1)
    scene.shelf.withdraw(scene.model, 2, scene.lead)
    refusal = refused(work, scene.member, lambda unit: move_up(unit, adoption_id=adoption.id, number=2))
    assert refusal.code == "version.withdrawn"


def test_only_the_council_that_adopted_changes_its_adoption(
    scene: Scene, work: Callable[..., Any], make: Factory
) -> None:
    adoption = adopt(work, scene, 1)
    stranger_council = make.council()
    stranger = make.actor(make.officer(stranger_council), stranger_council)
    lead = make.actor(scene.lead, scene.lead_council)
    for actor in (stranger, lead, Actor()):
        for act in (
            lambda unit: move_up(unit, adoption_id=adoption.id),
            lambda unit: end_adoption(unit, adoption_id=adoption.id),
            lambda unit: change_adoption(unit, adoption_id=adoption.id, version=1, details=NOTHING),
        ):
            refusal = refused(work, actor, act)
            assert (type(refusal), refusal.code) == (NotAllowed, "artefact.council_only")
    colleague = make.actor(make.officer(scene.council), scene.council)
    with work(colleague) as unit:
        move_up(unit, adoption_id=adoption.id)


def test_what_is_recorded_can_change_and_nothing_is_written_over(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 1, AdoptionDetails(note="First"))
    with work(scene.member) as unit:
        change_adoption(unit, adoption_id=adoption.id, version=1, details=AdoptionDetails(note="Second"))
    kept = scene.row(Adoption, adoption.id)
    assert (kept.note, kept.version) == ("Second", 2)
    (event,) = scene.events("adoption.changed")
    assert (event.payload["fields"], event.payload["changes"]) == (["note"], {})
    stale = refused(
        work, scene.member,
        lambda unit: change_adoption(unit, adoption_id=adoption.id, version=1, details=AdoptionDetails(note="Third")),
    )  # fmt: skip
    assert stale.code == "adoption.changed_meanwhile"


def test_a_review_date_that_has_passed_hinders_no_other_change(scene: Scene, work: Callable[..., Any]) -> None:
    past = clock.today() - timedelta(days=3)
    adoption = scene.shelf.adopt(scene.model, 1, scene.council, scene.officer, review_on=past)
    with work(scene.member) as unit:
        change_adoption(
            unit, adoption_id=adoption.id, version=1, details=AdoptionDetails(review_on=past, note="Still fine")
        )
    assert scene.row(Adoption, adoption.id).note == "Still fine"


def test_an_adoption_ends_with_a_reason_and_may_start_again(scene: Scene, work: Callable[..., Any]) -> None:
    adoption = adopt(work, scene, 1)
    with work(scene.member) as unit:
        end_adoption(unit, adoption_id=adoption.id, reason="We merged with Southborough")
    kept = scene.row(Adoption, adoption.id)
    assert (kept.standing, kept.ended_reason, kept.ended_at is not None) == (
        "ended", "We merged with Southborough", True,
    )  # fmt: skip
    assert scene.counters() == (0, 0, 0)
    (event,) = scene.events("adoption.ended")
    assert event.payload["changes"] == {"standing": ["as_is", "ended"]}
    for act in (
        lambda unit: end_adoption(unit, adoption_id=adoption.id),
        lambda unit: move_up(unit, adoption_id=adoption.id),
        lambda unit: change_adoption(unit, adoption_id=adoption.id, version=2, details=NOTHING),
    ):
        assert refused(work, scene.member, act).code == "adoption.ended"
    again = adopt(work, scene, 3)
    assert again.id != adoption.id
    assert scene.counters() == (1, 0, 1)
