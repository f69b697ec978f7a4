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
from pipeline.search.index import rebuild_index
from pipeline.search.listener import LISTENER, handle
from pipeline.search.models import ProjectSearch
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


def titles(make: Factory) -> list[str]:
    with make.app.app_context():
        return sorted(database.session.scalars(select(ProjectSearch.title)))


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
    assert titles(make) == ["first"]


def test_the_listener_hears_the_log_from_its_beginning(make: Factory) -> None:
    assert LISTENER.starts_at_the_beginning
    with make.app.app_context():
        hear(LISTENER)


def test_rebuilding_writes_what_is_missing_and_removes_what_is_gone(make: Factory) -> None:
    council = make.council()
    stays, hidden, gone = (make.project(council, title=title) for title in ("Stays", "Hidden", "Gone"))
    with make.app.app_context():
        assert rebuild_index() == 3
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_public=False, is_hidden=True))
        session.execute(update(ProjectSearch).where(ProjectSearch.project_id == stays.id).values(title="wrong"))
        session.execute(delete(ProjectSearch).where(ProjectSearch.project_id == gone.id))
        session.add(ProjectSearch(project_id=new_id(), title="orphan", summary="", body=""))
    with make.app.app_context():
        assert rebuild_index() == 2
    assert titles(make) == ["gone", "stays"]
