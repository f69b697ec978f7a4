"""What officers have around projects passes with them to the council that follows theirs."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from pipeline.db.work import UnitOfWork
from pipeline.projects.actions.interest import count_interest
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Follow, Interest, JoinRequest, Project, ProjectPerson
from pipeline.projects.taking_part import InterestStatus, JoinStatus

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def people_follow(work: UnitOfWork, officer_id: UUID, from_id: UUID, to_id: UUID) -> None:
    """Give an officer's places in teams, the interest they showed, their requests and what they follow to the council
    they work for now. The caller has asked and records it."""
    places = _of(ProjectPerson, officer_id, from_id, ProjectPerson.ended_at.is_(None))
    for project in _projects(work, select(ProjectPerson.project_id).where(*places)):
        with keeping_joined(work, project):
            _move(work, ProjectPerson, to_id, *places, ProjectPerson.project_id == project.id)
        project.revision += 1
    standing = _of(Interest, officer_id, from_id, Interest.status == InterestStatus.STANDING)
    for project in _projects(work, select(Interest.project_id).where(*standing)):
        _move(work, Interest, to_id, *standing, Interest.project_id == project.id)
        count_interest(work, project)
    _move(work, JoinRequest, to_id, *_of(JoinRequest, officer_id, from_id, JoinRequest.status == JoinStatus.ASKED))
    _move(work, Follow, to_id, *_of(Follow, officer_id, from_id))


def home_of(work: UnitOfWork, council_id: UUID) -> Project | None:
    """*Documents of (council)*, if it has been made."""
    query = select(Project).where(Project.council_id == council_id, Project.keeps_documents)
    return work.session.scalars(query).first()


def _projects(work: UnitOfWork, ids: Any) -> list[Project]:
    query = select(Project).where(Project.id.in_(ids)).order_by(Project.id).with_for_update()
    return list(work.session.scalars(query))


def _of(table: Any, officer_id: UUID, council_id: UUID, *more: Any) -> tuple[Any, ...]:
    return (table.officer_id == officer_id, table.council_id == council_id, *more)


def _move(work: UnitOfWork, table: Any, to_id: UUID, *which: Any) -> None:
    work.session.flush()
    work.session.execute(update(table).where(*which).values(council_id=to_id), execution_options=WITHOUT_SYNCHRONISING)
