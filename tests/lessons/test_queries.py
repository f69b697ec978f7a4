"""The library of lessons, and the lists of lessons on the pages of other things, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from pipeline.artefacts.models import Artefact
from pipeline.kernel import clock
from pipeline.lessons.models import Lesson
from pipeline.lessons.paragraphs import paragraphs_of
from pipeline.lessons.queries import library, panels
from pipeline.lessons.queries.library import ORDERS, LessonFilters
from tests.lessons.scene import TEXTS, Scene
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def listed(read: Read, order: str = "-published_at", **filters: Any) -> list[str]:
    """The titles of a list, checked against its count."""
    asked = LessonFilters(**filters)
    with read() as reading:
        page = library.lessons_listed(reading, asked, order=ORDERS[order], limit=50)
        assert library.number_of_lessons(reading, asked) == len(page.rows)
        return [row.title for row in page.rows]


def test_only_what_is_public_is_in_the_library(scene: Scene, read: Read) -> None:
    scene.lesson(title="Public")
    for status in ("draft", "withdrawn"):
        scene.lesson(title="Hidden", status=status)
    scene.lesson(title="Hidden", is_hidden=True, is_public=False)
    trial = scene.make.project(scene.north, is_trial=True, is_public=False)
    scene.lesson(title="Hidden", project_id=trial.id)
    assert listed(read) == ["Public"]


def test_each_filter_lets_through_what_it_says(scene: Scene, read: Read) -> None:
    other = scene.make.project(scene.east, scene.keeper_row, slug="other")
    then = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    scene.lesson(
        "planning", title="Old", did="Ten POTS of paint", outcome="did_not_work", project_id=other.id,
        council_id=scene.east.id, published_at=then, updated_at=then,
    )  # fmt: skip
    scene.pinned(2, title="New", used_by=3)
    scene.make.former_code(scene.east, "E07000001")
    version_id = str(scene.document.artefact.id)
    cases: dict[str, tuple[list[Any], list[Any]]] = {
        "q": (["pots", "Old ten"], ["We tried", "new"]),
        "project": (["other", str(other.id)], ["answering"]),
        "council": (["eastmere", "E07000001"], ["northborough"]),
        "theme": (["planning"], ["housing"]),
        "outcome": (["did_not_work"], ["worked"]),
        "artefact": ([], ["social-media", version_id]),
        "year": ([2025], [clock.today().year]),
        "updated_since": ([], [datetime(2026, 1, 1, tzinfo=UTC)]),
    }
    for name, (old, new) in cases.items():
        for value in old:
            assert listed(read, **{name: value}) == ["Old"], (name, value)
        for value in new:
            assert listed(read, **{name: value}) == ["New"], (name, value)
    assert listed(read, artefact="social-media", version=2) == ["New"]
    assert listed(read, artefact="social-media", version=1) == []
    assert listed(read, artefact="no-such-document") == []
    assert listed(read, q="100% _") == []
    assert listed(read, "-used_by") == ["New", "Old"]
    assert listed(read, "published_at") == ["Old", "New"]


def test_pages_follow_each_other_in_every_order(scene: Scene, read: Read) -> None:
    now = clock.now()
    for number in range(7):
        when = now - timedelta(days=number // 2)
        scene.lesson(title=str(number), published_at=when, updated_at=when, used_by=number // 3)
    for name, order in ORDERS.items():
        seen: list[str] = []
        place = None
        with read() as reading:
            while True:
                page = library.lessons_listed(reading, LessonFilters(), order=order, limit=2, place=place)
                seen += [row.title for row in page.rows]
                place = page.after
                if place is None:
                    break
        assert sorted(seen) == [str(number) for number in range(7)], name


def test_a_document_nobody_may_know_of_is_not_named_in_the_library(scene: Scene, read: Read) -> None:
    scene.pinned(1)
    with read() as reading:
        (row,) = library.lessons_listed(reading, LessonFilters(), order=ORDERS["-updated_at"], limit=5).rows
        assert (row.artefact_slug, row.version_number) == ("social-media", 1)
    with scene.make.session() as session:
        session.get_one(Artefact, scene.document.artefact.id).is_public = False
    with read() as reading:
        (row,) = library.lessons_listed(reading, LessonFilters(), order=ORDERS["-updated_at"], limit=5).rows
        assert (row.artefact_slug, row.artefact_title, row.version_number) == (None, None, None)
        assert library.document_named(reading, "social-media") == ""


def test_a_projects_lessons_are_one_statement_with_drafts_for_its_team(scene: Scene, app: Flask, read: Read) -> None:
    scene.lesson(title="Told")
    scene.lesson(title="Not yet", status="draft")
    scene.lesson(title="Not any more", status="withdrawn")
    for actor, titles in ((None, ["Told"]), (scene.user, ["Told"]), (scene.writer, ["Not yet", "Told"])):
        with read(*([actor] if actor else [])) as reading, all_counted(app) as statements:
            found = panels.lessons_of_project(reading, scene.project.id)
        assert [one.title for one in found] == titles
        assert len([one for one in statements if "lesson" in one]) == 1
    assert (found[0].published_at, found[1].published_at is not None) == (None, True)


def test_lessons_on_a_document_say_where_they_were_raised_and_what_answers_them(scene: Scene, read: Read) -> None:
    kind, within = paragraphs_of(TEXTS[0])[1:3]
    scene.pinned(1, title="Kind", paragraph=kind.words, paragraph_hash=kind.hash)
    scene.pinned(1, title="Day", paragraph=within.words, paragraph_hash=within.hash)
    scene.pinned(2, title="Answered", answered_by_id=scene.document.version(3).id, reply="Done")
    scene.pinned(1, title="Not published", status="draft")
    with read() as reading:
        found = panels.lessons_on(reading, scene.document.artefact, TEXTS[2])
    assert [(one.title, one.raised_on, one.answered_by, one.stands, one.has_reply) for one in found] == [
        ("Day", 1, None, False, False), ("Kind", 1, None, True, False), ("Answered", 2, 3, None, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "first, last, titles", [(1, 3, ["Two", "Three"]), (1, 2, ["Two"]), (3, 2, ["Three"]), (3, 3, [])]
)
def test_a_comparison_names_the_lessons_its_versions_answered(
    scene: Scene, read: Read, first: int, last: int, titles: list[str]
) -> None:
    scene.pinned(1, title="Three", answered_by_id=scene.document.version(3).id)
    scene.pinned(1, title="Two", answered_by_id=scene.document.version(2).id)
    scene.pinned(1, title="Open")
    scene.pinned(1, title="Gone", status="withdrawn", answered_by_id=scene.document.version(2).id)
    with read() as reading:
        found = panels.lessons_answered_between(reading, scene.document.artefact.id, first, last)
    assert [one.title for one in found] == titles


def test_drafts_and_places_to_write_are_those_of_ones_own_team(scene: Scene, read: Read) -> None:
    scene.lesson(title="Mine", status="draft")
    kept = scene.shelf.keeper(scene.wex)
    scene.make.project(scene.north, scene.lead_row, status="draft", title="Not published")
    for actor, drafts, places in (
        (scene.writer, ["Mine"], ["answering"]), (scene.user, [], [kept.slug]), (scene.colleague, [], []),
    ):  # fmt: skip
        with read(actor) as reading:
            assert [one.title for one in panels.drafts_of(reading)] == drafts
            assert [one.address for one in panels.places_to_write(reading)] == places
    with read() as reading:
        assert (panels.drafts_of(reading), panels.places_to_write(reading)) == ([], [])


def test_documents_to_pin_to_are_found_by_their_words(scene: Scene, read: Read) -> None:
    own = scene.shelf.document(scene.project, scene.lead_row, "Ours.\n", title="Our own", is_public=False, slug="own")
    scene.shelf.document(scene.home, scene.keeper_row, "No.\n", title="Social secret", is_public=False)
    with read(scene.writer) as reading:
        titles = [one.title for one in panels.documents_to_pin_to(reading, scene.project.id, "")]
        assert titles == [own.artefact.title, "Social media policy"]
        found = panels.documents_to_pin_to(reading, scene.project.id, "social eastmere")
        assert [(one.slug, one.current_number) for one in found] == [("social-media", 3)]


def test_lists_cost_the_same_however_long_they_are(scene: Scene, app: Flask, read: Read) -> None:
    costs = []
    for _round in range(2):
        for _number in range(6):
            scene.pinned(1)
        with read() as reading, all_counted(app) as statements:
            page = library.lessons_listed(reading, LessonFilters(), order=ORDERS["-published_at"], limit=50)
            library.themes_of(reading, [row.id for row in page.rows])
            panels.lessons_on(reading, scene.document.artefact, TEXTS[0])
            panels.lessons_of_council(reading, scene.north.id)
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert len(scene.rows(Lesson)) == 12
