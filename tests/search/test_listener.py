"""The index follows what happens to projects."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from pipeline.db.engine import database
from pipeline.db.listeners import hear
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Project
from pipeline.search import index
from pipeline.search.index import rebuild_index, renew, renew_later, wipe_index
from pipeline.search.listener import LISTENER, handle
from pipeline.search.models import EntryKind, SearchEntry, SearchGram, SearchRenewal, SearchWord
from tests.artefacts.factories import Shelf
from tests.factories import Factory

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def happened(make: Factory, subject_type: str, subject_id: Any, project_id: Any = None) -> None:
    """Let the listener hear of something."""
    event = LoggedEvent(
        sequence=1, id=new_id(), name=f"{subject_type}.changed", version=1, occurred_at=clock.now(), channel="web",
        subject_type=subject_type, subject_id=subject_id, project_id=project_id, audience="public", payload={},
    )  # fmt: skip
    with make.session() as session:
        handle(session, event)


def renew_all(make: Factory) -> None:
    """Let the worker write all that was left to it."""
    with make.app.app_context():
        while renew():
            pass


def titles(make: Factory, kind: EntryKind = EntryKind.PROJECT) -> list[str]:
    with make.app.app_context():
        query = select(SearchEntry.title).where(SearchEntry.kind == kind)
        return sorted(database.session.scalars(query))


@pytest.mark.parametrize("subject_type", ["project", "need", "update"])
def test_what_changes_a_project_rewrites_its_row(make: Factory, subject_type: str) -> None:
    project = make.project(make.council(), title="First")
    happened(make, subject_type, new_id(), project.id)
    assert titles(make) == ["first"]
    with make.session() as session:
        session.execute(update(Project).where(Project.id == project.id).values(title="Second"))
    happened(make, subject_type, new_id(), project.id)
    happened(make, subject_type, new_id(), project.id)
    assert titles(make) == ["second"]


def test_what_is_no_longer_public_leaves_the_index(make: Factory) -> None:
    project = make.project(make.council(), title="First")
    happened(make, "project", project.id, project.id)
    with make.session() as session:
        session.execute(update(Project).where(Project.id == project.id).values(is_public=False, is_hidden=True))
    happened(make, "project", project.id, project.id)
    assert titles(make) == []


@pytest.mark.parametrize("values", [{"status": "draft"}, {"is_trial": True}])
def test_what_was_never_public_is_never_in_the_index(make: Factory, values: dict[str, Any]) -> None:
    project = make.project(make.council(), **values)
    happened(make, "project", project.id, project.id)
    assert titles(make) == []


def test_pledges_do_not_touch_the_index(make: Factory) -> None:
    project = make.project(make.council())
    happened(make, "pledge", new_id(), project.id)
    assert titles(make) == []


def test_a_council_that_changes_is_found_by_its_new_name(make: Factory) -> None:
    council = make.council()
    make.project(council, title="First")
    happened(make, "council", council.id)
    assert titles(make) == []
    renew_all(make)
    assert titles(make) == ["first"]


def test_the_listener_hears_the_log_from_its_beginning(make: Factory) -> None:
    assert LISTENER.starts_at_the_beginning
    with make.app.app_context():
        hear(LISTENER)


def test_rebuilding_writes_what_is_missing_and_removes_what_is_gone(make: Factory) -> None:
    council = make.council()
    stays, hidden, gone = (make.project(council, title=title) for title in ("Stays", "Hidden", "Gone"))
    with make.app.app_context():
        assert rebuild_index() == 4
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_public=False, is_hidden=True))
        session.execute(update(SearchEntry).where(SearchEntry.subject_id == stays.id).values(title="wrong"))
        session.execute(delete(SearchEntry).where(SearchEntry.subject_id == gone.id))
        session.add(
            SearchEntry(
                place=9 * 10**14,
                kind=EntryKind.PROJECT,
                subject_id=new_id(),
                facets="",
                title="orphan",
                summary="",
                body="",
            )
        )
    with make.app.app_context():
        assert rebuild_index() == 3
    assert titles(make) == ["gone", "stays"]


def test_everything_public_is_in_the_index_and_nothing_else(make: Factory, shelf: Shelf) -> None:
    council = make.council("Northborough")
    officer = make.officer(council)
    project = make.project(council, officer, title="Damp homes")
    make.need(project, title="Somebody who asks")
    make.need(project, title="Dropped", status="dropped")
    make.update(project, officer, council, title="We met")
    make.update(project, officer, council, title="Not yet", status="draft")
    make.lesson(project, officer, council, title="Ask early")
    make.lesson(project, officer, council, title="Unfinished", status="draft", is_public=False)
    shelf.document(project, officer, "The first text.", "The second text.", title="Damp policy")
    with make.app.app_context():
        rebuild_index()
    found = {kind: titles(make, kind) for kind in EntryKind}
    assert found[EntryKind.PROJECT] == ["damp homes"]
    assert found[EntryKind.NEED] == ["somebody who asks"]
    assert found[EntryKind.UPDATE] == ["we met"]
    assert found[EntryKind.LESSON] == ["ask early"]
    assert found[EntryKind.DOCUMENT] == ["damp policy"]
    assert len(found[EntryKind.VERSION]) == 1
    assert "northborough council" in found[EntryKind.COUNCIL]


def test_the_text_of_a_removed_version_leaves_the_index(make: Factory, shelf: Shelf) -> None:
    council = make.council()
    officer = make.officer(council)
    project = make.project(council, officer)
    made = shelf.document(project, officer, "Unicorns roam.", "Nothing roams.")
    with make.app.app_context():
        rebuild_index()
    assert [word for word in words(make) if word.startswith("unicorn")] == ["unicorns"]
    shelf.withdraw(made, 1, officer, status="removed")
    happened(make, "version", made.version(1).id, project.id)
    assert titles(make, EntryKind.VERSION) == []
    assert [word for word in words(make) if word.startswith("unicorn")] == []


def words(make: Factory) -> dict[str, int]:
    with make.app.app_context():
        return {row.word: row.entries for row in database.session.scalars(select(SearchWord))}


def test_it_is_kept_in_how_many_entries_each_word_stands(make: Factory) -> None:
    council = make.council("Somewhere")
    first, _ = make.project(council, title="Damp damp", summary=""), make.project(council, title="Damp", summary="")
    with make.app.app_context():
        rebuild_index()
    assert words(make)["damp"] == 2
    with make.session() as session:
        session.execute(update(Project).where(Project.id == first.id).values(title="Mould"))
    happened(make, "project", first.id, first.id)
    assert (words(make)["damp"], words(make)["mould"]) == (1, 1)
    with make.session() as session:
        session.execute(update(Project).values(is_public=False, is_hidden=True))
    with make.app.app_context():
        rebuild_index()
    assert not {"damp", "mould"} & words(make).keys()
    with make.app.app_context():
        assert not set(database.session.scalars(select(SearchGram.word))) - words(make).keys()


def test_a_renewal_goes_on_where_it_stood_a_few_at_a_time(make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "CHUNK", 2)
    council = make.council()
    for number in range(5):
        make.project(council, title=f"Project {number}")
    with make.session() as session:
        renew_later(session, [EntryKind.PROJECT])
    seen = []
    with make.app.app_context():
        while renew():
            database.session.remove()
            seen.append(len(titles(make)))
            if len(seen) == 3:
                break
    assert seen == [2, 4, 5]


def test_what_a_renewal_comes_to_later_is_not_written_twice(make: Factory) -> None:
    project = make.project(make.council(), title="First")
    with make.session() as session:
        renew_later(session, EntryKind)
    happened(make, "project", project.id, project.id)
    assert titles(make) == []
    renew_all(make)
    assert titles(make) == ["first"]


def test_a_wiped_index_is_written_again_by_the_worker(make: Factory) -> None:
    make.project(make.council(), title="First")
    with make.app.app_context():
        rebuild_index()
        wipe_index()
    assert titles(make) == []
    assert words(make) == {}
    with make.session() as session:
        session.execute(delete(SearchRenewal))
    renew_all(make)
    assert titles(make) == ["first"]
