"""Taking a project into work. Its row is locked, so acts on one project take turns; and what is due on it comes first:
an act that comes after the decision date finds the decision taken."""

from collections.abc import Callable
from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.projects import interested, queries
from pipeline.projects.models import Interest, JoinRequest, Need, Project, Update

DUE_FIRST: list[Callable[[UnitOfWork, Project], object]] = []
"""What is due on a project and comes before any act on it: layers above add theirs."""


def taken_project(work: UnitOfWork, slug: str) -> Project:
    """A project, locked. Raises NotFound."""
    return _seen_to(work, queries.project_seen_by(work, slug, lock=True))


def taken_whole_project(work: UnitOfWork, slug: str) -> Project:
    """A project, locked, with its themes and needs. Raises NotFound."""
    return _seen_to(work, queries.whole_project_seen_by(work, slug, lock=True))


def taken_need(work: UnitOfWork, need_id: UUID) -> Need:
    """A need, locked with its project. Raises NotFound."""
    need = queries.need_seen_by(work, need_id, lock=True)
    _seen_to(work, need.project)
    return need


def taken_update(work: UnitOfWork, update_id: UUID) -> tuple[Update, Project]:
    """An update, locked with its project. Raises NotFound."""
    update, project = queries.update_seen_by(work, update_id, lock=True)
    return update, _seen_to(work, project)


def taken_interest(work: UnitOfWork, interest_id: UUID) -> tuple[Interest, Project]:
    """An interest, locked with its project. Raises NotFound."""
    interest, project = interested.interest_seen_by(work, interest_id, lock=True)
    return interest, _seen_to(work, project)


def taken_join_request(work: UnitOfWork, request_id: UUID) -> tuple[JoinRequest, Project]:
    """A request to join or an invitation, locked with its project. Raises NotFound."""
    request, project = interested.join_request_seen_by(work, request_id, lock=True)
    return request, _seen_to(work, project)


def _seen_to(work: UnitOfWork, project: Project) -> Project:
    for see_to in DUE_FIRST:
        see_to(work, project)
    return project
