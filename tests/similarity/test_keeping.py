"""The rows of what is alike: written by the worker a moment later, and right whatever happens to what they name."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.cli.worker import work_through
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.projects.actions.hiding import hide_project
from pipeline.search.index import rebuild_index
from pipeline.similarity import queries
from pipeline.similarity.keeping import compare_all, compare_due
from pipeline.similarity.models import SimilarWork
from pipeline.similarity.rules import Kind
from tests.factories import Factory
from tests.support.plans import explained

pytestmark = pytest.mark.database
Read = Callable[..., Any]

DAMP = {"title": "Damp and mould: finding the homes at risk", "summary": "Sensors in flats."}
MOULD = {"title": "Mould in council homes", "summary": "Condensation sensors warn before tenants complain."}


def compare(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()
        compare_all()
        while compare_due():
            pass


def titles(read: Read, thing: Any) -> list[str]:
    with read(ANONYMOUS) as reading:
        return [one.other.title for one in queries.around(reading, thing.id).similar]


def test_what_is_alike_is_shown_on_both_pages_with_the_reason(make: Factory, read: Read) -> None:
    one, other = make.project(make.council(), **DAMP), make.project(make.council("Giverby"), **MOULD)
    make.project(make.council(), title="Longer opening hours in village libraries")
    compare(make)
    assert (titles(read, one), titles(read, other)) == ([MOULD["title"]], [DAMP["title"]])
    with read(ANONYMOUS) as reading:
        [found] = queries.around(reading, one.id).similar
    assert {"mould", "sensors"} <= set(found.words)
    assert (found.other.kind, found.other.council_name) == (Kind.PROJECT, "Giverby")


def test_lessons_and_documents_are_found_too_but_not_those_of_the_same_work(
    make: Factory, shelf: Any, read: Read
) -> None:
    council, other_council = make.council(), make.council()
    officer = make.officer(council)
    one, other = make.project(council, officer, **DAMP), make.project(other_council, title="Something else entirely")
    make.lesson(one, officer, council, title="Damp sensors need new batteries")
    theirs = make.lesson(other, officer, council, title="Mould comes back where sensors are taken out")
    document = shelf.document(other, officer, "Homes with damp are visited first.", title="Damp and mould policy")
    compare(make)
    assert set(titles(read, one)) == {theirs.title, document.artefact.title}


@pytest.mark.parametrize(
    "values", [{"is_hidden": True, "is_public": False}, {"is_public": False, "is_trial": True, "slug": None}]
)
def test_nothing_that_is_not_public_is_proposed(make: Factory, read: Read, values: dict[str, Any]) -> None:
    one = make.project(make.council(), **DAMP)
    make.project(make.council(), **MOULD, **values)
    compare(make)
    assert titles(read, one) == []


def test_what_is_alike_is_looked_up_by_ids_however_much_is_public(make: Factory, read: Read) -> None:
    one = make.project(make.council(), **DAMP)
    make.project(make.council(), **MOULD)
    compare(make)
    with read(ANONYMOUS) as reading, explained(make.app) as plans:
        reading.session.execute(queries._AROUND._statement, {"thing_id": one.id})  # type: ignore[call-overload]
    [plan] = plans
    for table in ("project", "lesson", "artefact"):
        assert f"ix_{table}_public" not in plan
        assert f"SCAN {table}" not in plan


def test_what_is_hidden_is_gone_at_once_and_its_rows_a_moment_later(make: Factory, work: Any, read: Read) -> None:
    one, other = make.project(make.council(), **DAMP), make.project(make.council(projects_led=1), **MOULD)
    compare(make)
    coordinator = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with work(coordinator) as unit:
        hide_project(unit, project_id=other.id)
    assert titles(read, one) == []
    with make.app.app_context():
        while work_through():
            pass
    with make.session() as session:
        assert session.scalars(select(SimilarWork)).all() == []


def test_pairs_of_live_projects_of_different_councils_that_say_the_same_are_marked_once(make: Factory) -> None:
    council = make.council()
    make.project(council, **DAMP)
    make.project(make.council(), **DAMP)
    make.project(make.council(), **DAMP, status="finished")
    compare(make)
    with make.session() as session:
        rows = session.scalars(select(SimilarWork).where(SimilarWork.is_likely_duplicate)).all()
    assert len(rows) == 1


def test_a_draft_is_compared_when_its_team_looks_at_it(make: Factory, read: Read) -> None:
    council = make.council()
    officer = make.officer(council)
    draft = make.project(council, officer, **DAMP, status="draft", is_public=False, slug=None)
    make.project(make.council(), **MOULD)
    compare(make)
    actor = make.actor(officer, council)
    with read(actor) as reading:
        assert [one.other.title for one in queries.similar_to_draft(reading, Kind.PROJECT, draft.id)] == [
            MOULD["title"]
        ]
    with make.session() as session:
        kept = session.scalars(select(SimilarWork).where(SimilarWork.about_id == draft.id)).all()
    assert kept == []
