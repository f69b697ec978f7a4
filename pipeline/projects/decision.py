"""How a public project is decided and how it ended: what the API tells of it besides what lists show."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from pipeline.projects.models import Project


class Decision(NamedTuple):
    """Where the decision of a project stands. Sums are half-days and pence, never added to each other."""

    agreed_councils: int
    is_passing: Any
    agreed_half_days: int
    agreed_pence: int
    committed_half_days: int
    committed_pence: int
    delivered_half_days: int
    delivered_pence: int
    went_ahead_at: Any
    ended_at: Any
    stop_reason: str | None
    continues: str | None
    """The slug of the project this one posts again."""


def decision_of(session: Session, project_id: Any) -> Decision:
    """Where the decision of a public project stands."""
    known = {"id": project_id if isinstance(project_id, UUID) else UUID(project_id)}
    row: Any = tuple(session.execute(_DECISION, known).one())
    return Decision(*row)


_EARLIER = aliased(Project)
_DECISION = (
    select(
        Project.agreed_councils, Project.is_passing, Project.agreed_half_days, Project.agreed_pence,
        Project.committed_half_days, Project.committed_pence, Project.delivered_half_days, Project.delivered_pence,
        Project.went_ahead_at, Project.ended_at, Project.stop_reason, _EARLIER.slug,
    )
    .outerjoin(_EARLIER, (_EARLIER.id == Project.continues_id) & _EARLIER.is_public)
    .where(Project.id == bindparam("id"))
)  # fmt: skip
