"""What all public projects come to: counted by the worker a moment after something changed, and read from one row."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.db.jobs import Duty
from pipeline.db.log import last_public_sequence
from pipeline.db.statements import Statement
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel import clock
from pipeline.projects.figure_models import PublicFigures
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over what everybody may see. Days and pounds are never summed together."""

    open_projects: int
    pledged_half_days: int
    pledged_pence: int
    committed_half_days: int
    committed_pence: int
    delivered_half_days: int
    delivered_pence: int
    councils: int
    """Councils that lead a project or have joined one."""
    sequence: int = 0
    """The place in the log they were counted at."""


SUMS = tuple(f"{name}_{unit}" for name in ("pledged", "committed", "delivered") for unit in ("half_days", "pence"))
"""What projects keep and the figures add up."""

_COLUMNS = ("open_projects", *SUMS, "councils")
_KEPT = Statement(select(*(getattr(PublicFigures, name) for name in (*_COLUMNS, "sequence"))))


def public_figures(reading: Reading) -> Figures | None:
    """The figures as they were last counted; None before the worker has counted them for the first time."""
    rows = _KEPT.rows(reading.session)
    return Figures(*rows[0]) if rows else None


def count_figures() -> None:
    """Count the figures again, if anything that the public reads has changed since."""
    with housekeeping("figures") as session:
        sequence = last_public_sequence(session)
        kept = session.get(PublicFigures, 1)
        if kept is not None and kept.sequence == sequence:
            return
        figures = _counted(session)
        if kept is None:
            kept = PublicFigures(id=1)
            session.add(kept)
        kept.sequence, kept.counted_at = sequence, clock.now()
        for name in _COLUMNS:
            setattr(kept, name, getattr(figures, name))


def _counted(session: Session) -> Figures:
    is_open = (Project.is_public, Project.status == ProjectStatus.OPEN)
    open_projects = select(func.count()).where(*is_open).correlate(None).scalar_subquery()
    councils = select(func.count()).where(Council.projects_led + Council.projects_joined > 0).scalar_subquery()
    sums = select(
        open_projects,
        *(func.coalesce(func.sum(getattr(Project, name)), 0) for name in SUMS),
        councils,
    ).where(Project.is_public)
    row = session.execute(sums).one()
    return Figures(*(int(value) for value in row))


DUTIES = (Duty("public figures", timedelta(minutes=1), count_figures),)
