"""How many public projects each council has joined: `council.projects_joined`, kept in the transaction of every change.

A council has joined a public project of another council when it is a partner of it: an officer of it is in the team, it
is named a partner of a project recorded from public sources, or a layer above knows another way in (an accepted
pledge). Each way is asked, so a council that is in by two is counted once and leaves with the last.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson

WayIn = Callable[[Session, UUID], set[UUID]]
"""The councils that are in a project by one way."""


def _by_team(session: Session, project_id: UUID) -> set[UUID]:
    query = select(ProjectPerson.council_id).where(
        ProjectPerson.project_id == project_id, ProjectPerson.ended_at.is_(None)
    )
    return set(session.scalars(query))


def _by_record(session: Session, project_id: UUID) -> set[UUID]:
    return set(session.scalars(select(ProjectPartner.council_id).where(ProjectPartner.project_id == project_id)))


WAYS_IN: list[WayIn] = [_by_team, _by_record]
"""Layers above add theirs."""


def councils_in(session: Session, project: Project) -> set[UUID]:
    """The councils besides the lead council that have joined a project; none while the public cannot see it."""
    return councils_that_joined(session, project) if project.is_public else set()


def councils_that_joined(session: Session, project: Project) -> set[UUID]:
    """The councils besides the lead council that have joined a project, whoever sees it."""
    session.flush()
    return set().union(*(way(session, project.id) for way in WAYS_IN)) - {project.council_id}


@contextmanager
def keeping_joined(work: UnitOfWork, project: Project) -> Iterator[None]:
    """Keep `projects_joined` right across a change to who is in a project, or to whether the public sees it.

    The project's row is locked by whoever calls.
    """
    before = councils_in(work.session, project)
    yield
    after = councils_in(work.session, project)
    for council_ids, change in ((after - before, 1), (before - after, -1)):
        if council_ids:
            work.session.execute(
                update(Council)
                .where(Council.id.in_(sorted(council_ids)))
                .values(
                    projects_joined=Council.projects_joined + change,
                    revision=Council.revision + 1,
                    updated_at=work.now,
                ),
                execution_options={"synchronize_session": False},
            )
