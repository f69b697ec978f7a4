"""The register and the lineage: who uses which version, what grew from a document, and the same cost for a thousand."""

from collections.abc import Callable
from datetime import timedelta
from math import inf
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.artefacts.models import Adoption, Artefact
from pipeline.artefacts.queries import lineage, register
from pipeline.artefacts.queries.register import ORDERS, RegisterFilters
from pipeline.artefacts.rules import AdoptionStanding
from pipeline.db.engine import database
from pipeline.db.hot_lists import unindexed
from pipeline.db.keyset import Place
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.projects.visibility import KindOfViewer
from pipeline.web.similar import MEMORY
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted, plan_of
from tests.support.plans import explained

pytestmark = pytest.mark.database

LATEST = ORDERS["-started_at"]


class Scene:
    """A policy with three versions: Asby uses 1 as is, Betham 3 as is, Corby prepares a copy, Dover has one of 2."""

    def __init__(self, make: Factory, shelf: Shelf) -> None:
        self.make, self.shelf = make, shelf
        self.keeper, self.asby, self.betham, self.corby, self.dover = (
            make.council(name) for name in ("Keeper", "Asby", "Betham", "Corby", "Dover")
        )
        self.lead = make.officer(self.keeper)
        self.model = shelf.document(make.project(self.keeper, self.lead), self.lead, "One.", "Two.", "Three.")
        self.officers = {one.id: make.officer(one) for one in (self.asby, self.betham, self.corby, self.dover)}
        shelf.adopt(self.model, 1, self.asby, self.officer(self.asby), approved_by="Cabinet")
        shelf.adopt(self.model, 3, self.betham, self.officer(self.betham))
        self.draft = self.copy_for(self.corby, 1)
        self.copy = self.copy_for(self.dover, 2, "Two, ours.")

    def officer(self, council: Any) -> Any:
        return self.officers[council.id]

    def copy_for(self, council: Any, base: int, *texts: str) -> Made:
        officer = self.officer(council)
        return self.shelf.copy(self.model, base, self.shelf.keeper(council, officer), officer, *texts)

    def actor(self, council: Any) -> Actor:
        return self.make.actor(self.officer(council), council)


@pytest.fixture
def scene(make: Factory, shelf: Shelf) -> Scene:
    return Scene(make, shelf)


def listed(reading: Any, scene: Scene, viewer: Actor = ANONYMOUS, **filters: Any) -> dict[str, tuple[str, int, int]]:
    page = register.adoptions_listed(
        reading, RegisterFilters(artefact=scene.model.slug, **filters), order=LATEST, limit=50, viewer=viewer
    )
    live = register.live_numbers_in(reading, [row.artefact_id for row in page.rows])
    return {
        row.council_short_name: (row.standing, row.number, register.behind_of(row, live)) for row in page.rows
    }  # fmt: skip


def test_everybody_reads_who_uses_which_version_and_how_far_behind(scene: Scene, read: Callable[..., Any]) -> None:
    with read() as reading:
        assert listed(reading, scene) == {
            "Asby": ("as_is", 1, 2), "Betham": ("as_is", 3, 0), "Dover": ("adapted", 2, 1),
        }  # fmt: skip


def test_a_copy_that_is_prepared_is_known_to_the_two_councils(scene: Scene, read: Callable[..., Any]) -> None:
    lead = scene.make.actor(scene.lead, scene.keeper)
    with read() as reading:
        assert "Corby" in listed(reading, scene, scene.actor(scene.corby))
        assert "Corby" in listed(reading, scene, lead)
        assert "Corby" not in listed(reading, scene, scene.actor(scene.dover))


def test_withdrawn_versions_do_not_put_anybody_behind(scene: Scene, read: Callable[..., Any]) -> None:
    scene.shelf.withdraw(scene.model, 3, scene.lead)
    with read() as reading:
        behind = {name: row[2] for name, row in listed(reading, scene).items()}
    assert behind == {"Asby": 1, "Betham": 0, "Dover": 0}


@pytest.mark.parametrize(
    "filters, expected",
    [
        ({"standing": AdoptionStanding.AS_IS}, {"Asby", "Betham"}),
        ({"standing": AdoptionStanding.ADAPTED}, {"Dover"}),
        ({"number": 3}, {"Betham"}),
        ({"is_behind": True}, {"Asby", "Dover"}),
        ({"is_behind": False}, {"Betham"}),
        ({"council": "asby"}, {"Asby"}),
        ({"updated_since": clock.now() - timedelta(days=1)}, {"Asby", "Betham", "Dover"}),
        ({"updated_since": clock.now() + timedelta(days=1)}, set()),
    ],
)
def test_the_register_is_narrowed(
    scene: Scene, read: Callable[..., Any], filters: dict[str, Any], expected: set[str]
) -> None:
    with read() as reading:
        assert set(listed(reading, scene, **filters)) == expected
        asked = RegisterFilters(artefact=scene.model.slug, **filters)
        assert register.number_of_adoptions(reading, asked) == len(expected)


def test_what_has_ended_is_shown_when_it_is_asked_for(scene: Scene, read: Callable[..., Any], make: Factory) -> None:
    gone = make.council("Eton")
    scene.shelf.adopt(
        scene.model, 1, gone, make.officer(gone), standing="ended", ended_at=clock.now(), ended_reason="Merged"
    )
    with read() as reading:
        assert "Eton" not in listed(reading, scene)
        assert listed(reading, scene, standing=AdoptionStanding.ENDED) == {"Eton": ("ended", 1, 0)}
        assert len(listed(reading, scene, with_ended=True)) == 4


def test_pages_by_key_miss_and_repeat_nobody(scene: Scene, read: Callable[..., Any]) -> None:
    scene.shelf.crowd(scene.model, 1, 23, scene.lead)
    seen: list[str] = []
    place: Place | None = None
    with read() as reading:
        for _page in range(10):
            page = register.adoptions_listed(
                reading, RegisterFilters(artefact=scene.model.slug), order=LATEST, limit=5, place=place
            )
            seen += [row.council_name for row in page.rows]
            place = page.after
            if place is None:
                break
    assert len(seen) == len(set(seen)) == 26


def test_what_is_hidden_has_no_register(scene: Scene, read: Callable[..., Any]) -> None:
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).is_public = False
    with read() as reading:
        assert listed(reading, scene) == {}


def test_a_hidden_copy_is_not_named(scene: Scene, read: Callable[..., Any]) -> None:
    with scene.make.session() as session:
        session.get_one(Artefact, scene.copy.artefact.id).is_public = False
    with read() as reading:
        page = register.adoptions_listed(
            reading, RegisterFilters(artefact=scene.model.slug, council="dover"), order=LATEST, limit=5
        )
    assert [(row.standing, row.copy_slug, row.copy_title) for row in page.rows] == [("adapted", None, None)]


def test_what_wants_the_councils_eye(scene: Scene, read: Callable[..., Any]) -> None:
    today = clock.today()
    with read(scene.actor(scene.asby)) as reading:
        (line,) = register.adoptions_waiting_for(reading, today)
        assert (line.slug, line.number, line.current_number) == (scene.model.slug, 1, 3)
    with read(scene.actor(scene.betham)) as reading:
        assert register.adoptions_waiting_for(reading, today) == []
    with read() as reading:
        assert register.adoptions_waiting_for(reading, today) == []
        assert [one.slug for one in register.documents_adopted_by(reading, scene.dover.id)] == [scene.model.slug]
        assert register.documents_adopted_by(reading, scene.corby.id) == []
    scene.shelf.withdraw(scene.model, 3, scene.lead)
    with read(scene.actor(scene.betham)) as reading:
        assert [one.is_withdrawn for one in register.adoptions_waiting_for(reading, today)] == [True]


# The lineage


def names(found: lineage.Lineage) -> list[tuple[str, int, int]]:
    return [(one.council, one.depth, one.behind) for one in found.lines]


def test_the_tree_of_a_document_and_its_copies(
    scene: Scene, read: Callable[..., Any], make: Factory, shelf: Shelf
) -> None:
    eton = make.council("Eton")
    officer = make.officer(eton)
    grandchild = shelf.copy(scene.copy, 1, shelf.keeper(eton, officer), officer, "Two, theirs.")
    shelf.publish(scene.copy, scene.officer(scene.dover), "Two, ours, again.")
    expected = [("Keeper", 0, 0), ("Dover", 1, 1), ("Eton", 2, 1)]
    with read() as reading:
        for made in (scene.model, scene.copy, grandchild):
            found = lineage.lineage_of(reading, made.artefact)
            assert names(found) == expected
            assert (found.known, found.number_of_copies, found.generations, found.not_shown) == (3, 2, 2, 0)
    with read(scene.actor(scene.corby)) as reading:
        assert ("Corby", 1, 2) in names(lineage.lineage_of(reading, scene.model.artefact))


def test_a_copy_stands_on_its_own_when_its_original_ends_or_is_hidden(scene: Scene, read: Callable[..., Any]) -> None:
    def dover(reading: Any) -> lineage.Relative:
        found = lineage.lineage_of(reading, scene.copy.artefact)
        return next(one for one in found.lines if one.council == "Dover")

    with read() as reading:
        assert not dover(reading).stands_alone
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).status = "ended"
    with read() as reading:
        assert (dover(reading).stands_alone, dover(reading).base_number) == (True, 2)
    with scene.make.session() as session:
        session.get_one(Artefact, scene.model.artefact.id).is_public = False
    with read() as reading:
        assert (dover(reading).stands_alone, dover(reading).base_number, dover(reading).depth) == (True, None, 0)


def test_of_a_thousand_copies_the_first_hundred_are_shown(scene: Scene, read: Callable[..., Any]) -> None:
    copies = scene.shelf.crowd(scene.model, 1, 1000, scene.lead)
    with read() as reading:
        found = lineage.lineage_of(reading, scene.model.artefact)
        assert (len(found.lines), found.known, found.not_shown) == (101, 1002, 901)
        assert found.lines[0].more_copies == 901
        late = lineage.lineage_of(reading, copies[-1])
        assert copies[-1].id in {one.id for one in late.lines}
        assert late.known - len(late.lines) == late.not_shown


# The same cost


def test_a_thousand_copies_ask_the_database_as_little_as_ten(
    scene: Scene, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements are counted here; what they take in time, `benchmarks/copies.py` measures."""
    monkeypatch.setitem(client.application.extensions, MEMORY, (inf, ""))
    slug = scene.model.slug
    pages = (f"/documents/{slug}", f"/documents/{slug}/register", f"/documents/{slug}/lineage")
    lists = (f"/api/v1/artefacts/{slug}/register", f"/api/v1/artefacts/{slug}/lineage")

    def asked() -> list[int]:
        numbers = []
        for address in (*pages, *lists):
            with all_counted(client.application) as statements:
                assert client.get(address).status_code == 200
            numbers.append(len(statements))
        return numbers

    scene.shelf.crowd(scene.model, 1, 10, scene.lead)
    few = asked()
    scene.shelf.crowd(scene.model, 1, 990, scene.lead)
    assert asked() == few
    assert max(few[1:]) <= 6, few


def test_a_team_sees_its_copies_in_the_tree_before_they_are_published(
    scene: Scene, read: Callable[..., Any]
) -> None:  # fmt: skip
    with read(scene.actor(scene.corby)) as reading:
        assert ("Corby", 1, 2) in names(lineage.lineage_of(reading, scene.draft.artefact))
        assert lineage.lineage_of(reading, scene.model.artefact).known == 3
    with read() as reading:
        assert lineage.lineage_of(reading, scene.model.artefact).known == 2


def test_sqlite_reads_a_lineage_from_its_indexes(scene: Scene, app: Flask) -> None:
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("PostgreSQL plans by what the tables hold")
    made = lineage._made_for(KindOfViewer.of(ANONYMOUS))
    found = scene.model.artefact
    numbers = plan_of(app, made.numbers, root_id=found.root_id)
    assert numbers[0] == "SEARCH artefact USING COVERING INDEX ix_artefact_root_id (root_id=?)"
    documents = plan_of(app, made.documents, root_id=found.root_id, here_id=found.id)
    assert "SEARCH artefact USING INDEX ix_artefact_upstream_id (upstream_id=? AND id<?)" in documents
    assert not [line for line in documents if "is_public=?" in line and "root_id" not in line and "id=?" not in line]


@pytest.mark.parametrize("sort", sorted(ORDERS))
def test_the_list_over_all_documents_is_read_in_its_order(scene: Scene, app: Flask, sort: str) -> None:
    """Whatever there is, no adoption is read that the page does not show, and none is sorted."""
    order = ORDERS[sort]
    index = f"ix_adoption_{order.column.key}"
    for place in (None, Place(clock.now(), scene.model.artefact.id)):
        with app.app_context(), explained(app) as plans:
            reading = Reading(database.session(), ANONYMOUS, clock.now())
            register.adoptions_listed(reading, RegisterFilters(), order=order, limit=20, place=place)
        (plan,) = plans
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort Key" not in plan, plan


def test_one_column_is_not_taken_for_another_in_what_sqlalchemy_keeps_of_statements() -> None:
    one, other = (select(unindexed(column))._generate_cache_key() for column in (Adoption.id, Adoption.artefact_id))
    assert one != other
