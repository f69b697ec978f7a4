"""Adapting a document: the copy and its base, the licence it may carry, what publishing and deleting it mean."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.artefacts.actions.adapting import CopyBegun, adapt_version, change_upstream
from pipeline.artefacts.actions.adopting import adopt_version, end_adoption, move_up
from pipeline.artefacts.actions.ending import delete_document
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.adoption_rules import AdoptionDetails
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Draft, Version
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.documents.markdown import Written, render
from pipeline.kernel.actor import Actor
from pipeline.kernel.errors import Conflict, NotAllowed, Refusal, RuleBroken
from pipeline.projects.models import Project
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory

pytestmark = pytest.mark.database


@dataclass
class Scene:
    """Leadham keeps a policy with two versions; an officer of Northborough adapts it."""

    make: Factory
    shelf: Shelf
    work: Callable[..., Any]
    lead: Officer
    council: Council
    officer: Officer
    model: Made

    @property
    def member(self) -> Actor:
        return self.make.actor(self.officer, self.council)

    def adapt(self, number: int = 1, **more: Any) -> CopyBegun:
        with self.work(self.member) as unit:
            return adapt_version(unit, slug=self.model.slug, number=number, **more)

    def publish(self, draft: Draft, actor: Actor | None = None) -> Version:
        """Publish a draft as it stands in the database."""
        kept = self.row(Draft, draft.id)
        with self.work(actor or self.member) as unit:
            return publish_version(
                unit, draft_id=draft.id, version=kept.version, written=Written(kept.text, render(kept.text)),
                change_note="New", is_major=False,
            )  # fmt: skip

    def row(self, kind: Any, row_id: Any) -> Any:
        with self.make.session() as session:
            return session.get_one(kind, row_id)

    def counters(self, made: Made | None = None) -> tuple[int, int, int, int]:
        artefact = self.row(Artefact, (made or self.model).artefact.id)
        return artefact.as_is, artefact.adapted, artefact.adoptions, artefact.copies

    def adoption(self, made: Made | None = None, council: Council | None = None) -> Adoption:
        """The adoption of the council that began last."""
        artefact_id, council_id = (made or self.model).artefact.id, (council or self.council).id
        with self.make.session() as session:
            query = select(Adoption).where(Adoption.artefact_id == artefact_id, Adoption.council_id == council_id)
            return session.scalars(query.order_by(Adoption.id.desc())).first()  # type: ignore[return-value]

    def standings(self, adoption: Adoption) -> list[str]:
        with self.make.session() as session:
            rows = session.scalars(select(AdoptionMove).where(AdoptionMove.adoption_id == adoption.id))
            return [row.standing for row in sorted(rows, key=lambda one: one.id)]

    def audiences(self) -> dict[str, str]:
        """The last event of each name, and who reads it."""
        with self.make.session() as session:
            rows = session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence))
            return {row.name: row.audience for row in rows}


@pytest.fixture
def scene(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Scene:
    lead_council, council = make.council("Leadham"), make.council("Northborough")
    lead, officer = make.officer(lead_council), make.officer(council)
    project = make.project(lead_council, lead)
    model = shelf.document(project, lead, "Be kind.", "Be kind. Be brief.", title="Model policy", summary="Short.")
    return Scene(make, shelf, work, lead, council, officer, model)


def refused(scene: Scene, act: Callable[[Any], Any], actor: Actor | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught, scene.work(actor or scene.member) as unit:
        act(unit)
    return caught.value


def test_a_copy_has_the_text_of_its_base_and_remembers_it(scene: Scene) -> None:
    begun = scene.adapt(1)
    copy, draft = scene.row(Artefact, begun.artefact.id), scene.row(Draft, begun.draft.id)
    assert (copy.upstream_id, copy.base_id) == (scene.model.artefact.id, scene.model.version(1).id)
    assert (copy.root_id, copy.generation) == (scene.model.artefact.id, 1)
    assert (copy.status, copy.slug, copy.is_public, copy.council_id) == ("draft", None, False, scene.council.id)
    assert (copy.title, copy.summary, copy.licence) == ("Model policy", "Short.", "OGL-UK-3.0")
    assert (draft.text, draft.title, draft.took_in_id) == ("Be kind.\n", "Model policy", scene.model.version(1).id)
    home = scene.row(Project, copy.project_id)
    assert (home.keeps_documents, home.council_id) == (True, scene.council.id)


def test_a_council_that_prepares_a_copy_is_told_to_the_two_councils_only(scene: Scene) -> None:
    begun = scene.adapt(1)
    adoption = scene.adoption()
    assert (adoption.standing, adoption.copy_id, adoption.version_id) == (
        "preparing", begun.artefact.id, scene.model.version(1).id,
    )  # fmt: skip
    assert scene.counters() == (0, 0, 0, 0)
    assert (scene.audiences()["adoption.prepared"], scene.audiences()["artefact.drafted"]) == ("project", "project")


def test_what_was_used_as_is_is_prepared_and_then_adapted(scene: Scene) -> None:
    with scene.work(scene.member) as unit:
        adopt_version(unit, slug=scene.model.slug, number=1, details=AdoptionDetails(note="Ours"))
    assert scene.counters() == (1, 0, 1, 0)
    begun = scene.adapt(2)
    assert scene.counters() == (0, 0, 0, 0)
    scene.publish(begun.draft)
    adoption = scene.adoption()
    assert (adoption.standing, adoption.version_id, adoption.note) == ("adapted", scene.model.version(2).id, "Ours")
    assert scene.standings(adoption) == ["as_is", "preparing", "adapted"]
    assert scene.counters() == (0, 1, 1, 1)
    assert scene.audiences()["copy.made"] == "public"
    moved = refused(scene, lambda unit: move_up(unit, adoption_id=adoption.id))
    assert (moved.code, moved.allowed) == ("adoption.adapted", ("merge",))  # type: ignore[attr-defined]


def test_a_later_version_counts_no_second_copy_and_leaves_the_base(scene: Scene) -> None:
    begun = scene.adapt(1)
    first = scene.publish(begun.draft)
    made = Made(scene.row(Artefact, begun.artefact.id), [first])
    draft = scene.shelf.draft(made, scene.officer, "Be kind here.")
    scene.publish(draft)
    assert scene.counters() == (0, 1, 1, 1)
    assert scene.standings(scene.adoption()) == ["preparing", "adapted"]


def test_the_base_and_the_adoption_move_with_a_published_version_that_took_in_a_newer_one(scene: Scene) -> None:
    begun = scene.adapt(1)
    first = scene.publish(begun.draft)
    made = Made(scene.row(Artefact, begun.artefact.id), [first])
    draft = scene.shelf.draft(made, scene.officer, "Be kind and brief.", took_in_id=scene.model.version(2).id)
    assert scene.row(Artefact, made.artefact.id).base_id == scene.model.version(1).id
    scene.publish(draft)
    assert scene.row(Artefact, made.artefact.id).base_id == scene.model.version(2).id
    adoption = scene.adoption()
    assert (adoption.standing, adoption.version_id) == ("adapted", scene.model.version(2).id)
    assert scene.counters() == (0, 1, 1, 1)
    assert scene.audiences()["adoption.changed"] == "public"


def test_a_council_that_ended_its_adoption_is_not_brought_back_by_a_later_version(scene: Scene) -> None:
    begun = scene.adapt(1)
    first = scene.publish(begun.draft)
    with scene.work(scene.member) as unit:
        end_adoption(unit, adoption_id=begun.adoption.id)
    assert scene.counters() == (0, 0, 0, 1)
    made = Made(scene.row(Artefact, begun.artefact.id), [first])
    scene.publish(scene.shelf.draft(made, scene.officer, "Another text."))
    assert (scene.adoption().standing, scene.counters()) == ("ended", (0, 0, 0, 1))


def test_deleting_an_unpublished_copy_ends_what_was_being_prepared(scene: Scene) -> None:
    begun = scene.adapt(1)
    with scene.work(scene.member) as unit:
        delete_document(unit, slug=str(begun.artefact.id))
    adoption = scene.adoption()
    assert (adoption.standing, adoption.copy_id, adoption.ended_at is not None) == ("ended", None, True)
    assert scene.counters() == (0, 0, 0, 0)
    scene.adapt(2)


def test_deleting_an_unpublished_copy_leaves_what_was_used_as_is_before(scene: Scene) -> None:
    with scene.work(scene.member) as unit:
        adopt_version(unit, slug=scene.model.slug, number=1, details=AdoptionDetails())
    begun = scene.adapt(2)
    with scene.work(scene.member) as unit:
        delete_document(unit, slug=str(begun.artefact.id))
    adoption = scene.adoption()
    assert (adoption.standing, adoption.copy_id, adoption.version_id) == ("as_is", None, scene.model.version(1).id)
    assert scene.counters() == (1, 0, 1, 0)


def test_a_council_has_one_copy_of_a_document(scene: Scene) -> None:
    scene.adapt(1)
    refusal = refused(scene, lambda unit: adapt_version(unit, slug=scene.model.slug, number=2))
    assert (refusal.code, refusal.allowed) == ("adoption.has_copy", ("merge",))  # type: ignore[attr-defined]
    adopting = refused(
        scene, lambda unit: adopt_version(unit, slug=scene.model.slug, number=2, details=AdoptionDetails())
    )
    assert adopting.code == "adoption.stands"


def test_who_may_adapt(scene: Scene) -> None:
    def act(unit: Any) -> None:
        adapt_version(unit, slug=scene.model.slug, number=1)

    lead_council = scene.row(Council, scene.model.artefact.council_id)
    own = refused(scene, act, scene.make.actor(scene.lead, lead_council))
    assert (type(own), own.code) == (NotAllowed, "adoption.own_document")
    nobody = refused(scene, act, Actor())
    assert (type(nobody), nobody.code) == (NotAllowed, "artefact.members_only")


def test_the_copy_is_kept_in_a_project_of_the_council_and_its_team(scene: Scene) -> None:
    make = scene.make
    own = make.project(scene.council, scene.officer)
    foreign = make.project(make.council(), scene.officer)
    elsewhere = make.project(scene.council, make.officer(scene.council))
    trial = make.project(scene.council, scene.officer, is_trial=True, slug=None)

    def code_for(project: Project) -> str:
        address = project.slug or str(project.id)
        return refused(
            scene, lambda unit: adapt_version(unit, slug=scene.model.slug, number=1, project_slug=address)
        ).code

    assert code_for(foreign) == "adoption.other_council"
    assert code_for(elsewhere) == "artefact.team_only"
    assert code_for(trial) == "adoption.trial_project"
    begun = scene.adapt(1, project_slug=own.slug, title="Our policy")
    assert (begun.artefact.project_id, begun.artefact.title) == (own.id, "Our policy")


def test_without_derivatives_a_document_is_adopted_and_not_adapted(scene: Scene) -> None:
    model = scene.shelf.document(
        scene.row(Project, scene.model.artefact.project_id), scene.lead, "Fixed.", licence="CC-BY-ND-4.0"
    )
    refusal = refused(scene, lambda unit: adapt_version(unit, slug=model.slug, number=1))
    assert isinstance(refusal, Conflict)
    assert (refusal.code, refusal.allowed) == ("licence.no_derivatives", ("adopt",))
    with scene.work(scene.member) as unit:
        adopt_version(unit, slug=model.slug, number=1, details=AdoptionDetails())


@pytest.mark.parametrize(
    "original, wanted, is_allowed",
    [
        ("OGL-UK-3.0", "CC-BY-4.0", True), ("OGL-UK-3.0", "CC-BY-SA-4.0", True), ("OGL-UK-3.0", "MIT", False),
        ("CC0-1.0", "MIT", True), ("CC-BY-4.0", "OGL-UK-3.0", False), ("CC-BY-SA-4.0", "CC-BY-4.0", False),
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0", True), ("GPL-3.0-or-later", "MIT", False), ("MIT", "OGL-UK-3.0", True),
    ],
)  # fmt: skip
def test_a_copy_carries_a_licence_its_original_allows(
    scene: Scene, original: str, wanted: str, is_allowed: bool
) -> None:
    project = scene.row(Project, scene.model.artefact.project_id)
    model = scene.shelf.document(project, scene.lead, "Text.", licence=original)
    if is_allowed:
        with scene.work(scene.member) as unit:
            assert adapt_version(unit, slug=model.slug, number=1, licence=wanted).artefact.licence == wanted
    else:
        refusal = refused(scene, lambda unit: adapt_version(unit, slug=model.slug, number=1, licence=wanted))
        assert isinstance(refusal, RuleBroken)
        assert refusal.code == "draft.licence_not_allowed"


def test_a_copy_of_a_copy_needs_what_every_ancestor_allows(scene: Scene) -> None:
    begun = scene.adapt(1, licence="CC-BY-SA-4.0")
    scene.publish(begun.draft)
    slug = scene.row(Artefact, begun.artefact.id).slug
    third = scene.make.council()
    actor = scene.make.actor(scene.make.officer(third), third)
    refusal = refused(
        scene, lambda unit: adapt_version(unit, slug=slug, number=1, licence="OGL-UK-3.0"), actor
    )  # fmt: skip
    assert refusal.code == "draft.licence_not_allowed"
    with scene.work(actor) as unit:
        grandchild = adapt_version(unit, slug=slug, number=1).artefact
    assert (grandchild.generation, grandchild.root_id) == (2, scene.model.artefact.id)
    assert (grandchild.upstream_id, grandchild.licence) == (begun.artefact.id, "CC-BY-SA-4.0")


def test_a_withdrawn_or_removed_version_is_not_adapted(scene: Scene) -> None:
    scene.shelf.withdraw(scene.model, 1, scene.lead)
    scene.shelf.withdraw(scene.model, 2, scene.lead, status="removed")
    codes = [
        refused(scene, lambda unit, number=number: adapt_version(unit, slug=scene.model.slug, number=number)).code
        for number in (1, 2)
    ]
    assert codes == ["version.withdrawn", "version.removed"]


# Another original


@dataclass
class Line:
    """A model, a copy of it by Second, and a copy of that by Northborough."""

    second: Made
    third: Made


@pytest.fixture
def line(scene: Scene) -> Line:
    other = scene.make.council("Second")
    keeper = scene.make.officer(other)
    second = scene.shelf.copy(scene.model, 1, scene.shelf.keeper(other, keeper), keeper, "Be kind, all.")
    third = scene.shelf.copy(second, 1, scene.shelf.keeper(scene.council, scene.officer), scene.officer, "Be nice.")
    return Line(second, third)


def test_a_copy_may_come_from_another_document_of_its_lineage(scene: Scene, line: Line) -> None:
    with scene.work(scene.member) as unit:
        change_upstream(unit, slug=line.third.slug, upstream_slug=scene.model.slug, number=2)
    copy = scene.row(Artefact, line.third.artefact.id)
    assert (copy.upstream_id, copy.base_id) == (scene.model.artefact.id, scene.model.version(2).id)
    assert copy.generation == 1
    assert scene.counters() == (0, 2, 2, 2)
    assert scene.counters(line.second) == (0, 0, 0, 0)
    assert scene.adoption(line.second).standing == "ended"
    assert (scene.adoption().standing, scene.adoption().copy_id) == ("adapted", copy.id)


def test_what_comes_from_the_copy_moves_with_it(scene: Scene, line: Line) -> None:
    fourth_council = scene.make.council()
    officer = scene.make.officer(fourth_council)
    fourth = scene.shelf.copy(line.third, 1, scene.shelf.keeper(fourth_council, officer), officer, "Nice.")
    with scene.work(scene.member) as unit:
        change_upstream(unit, slug=line.third.slug, upstream_slug=scene.model.slug, number=1)
    assert scene.row(Artefact, fourth.artefact.id).generation == 2


def test_a_line_of_descent_never_closes_into_a_circle(scene: Scene, line: Line) -> None:
    actor = scene.make.actor(
        scene.row(Officer, line.second.version(1).officer_id), scene.row(Council, line.second.artefact.council_id)
    )
    refusal = refused(
        scene, lambda unit: change_upstream(unit, slug=line.second.slug, upstream_slug=line.third.slug, number=1), actor
    )
    assert refusal.code == "copy.circle"


def test_only_within_the_lineage_and_only_a_copy(scene: Scene, line: Line) -> None:
    project = scene.row(Project, scene.model.artefact.project_id)
    stranger = scene.shelf.document(project, scene.lead, "Other.")
    lead_council = scene.row(Council, scene.model.artefact.council_id)

    def code(slug: str, upstream: str, actor: Actor | None = None) -> str:
        return refused(
            scene, lambda unit: change_upstream(unit, slug=slug, upstream_slug=upstream, number=1), actor
        ).code

    assert code(line.third.slug, stranger.slug) == "copy.other_lineage"
    assert code(line.third.slug, line.second.slug) == "copy.same_upstream"
    assert code(line.third.slug, line.third.slug) == "copy.circle"
    assert code(scene.model.slug, line.third.slug, scene.make.actor(scene.lead, lead_council)) == "copy.no_copy"
    assert code(line.second.slug, scene.model.slug) == "artefact.leads_only"


def test_a_draft_of_a_copy_changes_no_original(scene: Scene, line: Line) -> None:
    own = scene.adapt(1).artefact
    refusal = refused(
        scene, lambda unit: change_upstream(unit, slug=str(own.id), upstream_slug=line.second.slug, number=1)
    )
    assert refusal.code == "copy.not_published"
