"""Keeping portfolios: the entries of a project written anew from its own rows, and the counts moved with them.

Writers take turns, so that whoever writes last has read last. Each count moves by the difference the entry makes, so
hearing an event twice changes nothing, and a council with many projects costs no more than one with few.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, or_, select, union, union_all
from sqlalchemy.orm import Session

from pipeline.db.work import housekeeping
from pipeline.measures.in_short import is_measured, target_due_on
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.portfolios.models import PortfolioCount, PortfolioEntry
from pipeline.portfolios.rules import AMOUNTS, NO_THEME, SUMS, PortfolioRole, Sums
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson, ProjectTheme
from pipeline.projects.rules import NeedKind

TURN = 7_015_037
"""The number of the lock that writers of portfolios hold, on PostgreSQL. (SQLite has one writer at a time anyway.)"""
CHUNK = 200
PARTNER = (PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED)
COLUMNS = (
    "council_id", "project_id", "theme", "role", "phase", "status", "decision_on", "updated_at", "is_measured",
    "target_due_on", *AMOUNTS,
)  # fmt: skip
"""What an entry holds, in this order."""
KEY = ("council_id", "theme", "role", "phase", "status")
"""What the projects of a count have in common."""

_IS_SHOWN = and_(Project.is_public, Project.keeps_documents.is_(False))


def exact_entries(only: Sequence[UUID] | None = None) -> Any:
    """What the entries are by the rows they come from: of some projects, or of all."""
    which: list[ColumnElement[bool]] = [_IS_SHOWN] if only is None else [_IS_SHOWN, Project.id.in_(only)]
    of_project = (
        func.coalesce(Project.phase, "").label("phase"), Project.status, Project.decision_on, Project.updated_at,
        is_measured().label("is_measured"), target_due_on().label("target_due_on"),
    )  # fmt: skip
    led = select(
        Project.council_id, Project.id.label("project_id"), literal(PortfolioRole.LEADS.value).label("role"),
        *of_project, *(getattr(Project, name) for name in AMOUNTS),
    ).where(*which)  # fmt: skip
    pairs = _partners(which).subquery()
    given = _given(which).subquery()
    joined = (
        select(
            pairs.c.council_id, pairs.c.project_id, literal(PortfolioRole.PARTNER.value), *of_project,
            *(func.coalesce(given.c[name], 0).label(name) for name in AMOUNTS),
        )
        .join(Project, Project.id == pairs.c.project_id)
        .outerjoin(given, and_(given.c.council_id == pairs.c.council_id, given.c.project_id == pairs.c.project_id))
    )  # fmt: skip
    one = union_all(led, joined).subquery()
    themed = select(one, ProjectTheme.theme).join(ProjectTheme, ProjectTheme.project_id == one.c.project_id)
    both = union_all(select(one, literal(NO_THEME).label("theme")), themed).subquery()
    return select(*(both.c[name] for name in COLUMNS))


_BOUND = Pledge.amount - Pledge.broken - Pledge.released
_IS_BOUND = Pledge.committed_at.is_not(None)
_HAS_PART = or_(Pledge.status.in_(PARTNER), Pledge.is_counting, and_(_IS_BOUND, _BOUND > 0), Pledge.delivered > 0)
"""Whether a pledge makes its council have part in the project: it was accepted, or is in the council's account. So what
a council gave stays in its portfolio when it breaks the rest, and both come to the same."""


def _partners(which: list[ColumnElement[bool]]) -> Any:
    """Each project with each other council that has part in it: by a pledge, an officer in the team, or on record."""
    tables: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (Pledge, _HAS_PART),
        (ProjectPerson, ProjectPerson.ended_at.is_(None)),
        (ProjectPartner, ProjectPartner.council_id.is_not(None)),
    )
    return union(
        *(
            select(table.council_id, table.project_id)
            .join(Project, Project.id == table.project_id)
            .where(*which, table.council_id != Project.council_id, joined)
            for table, joined in tables
        )
    )


def _given(which: list[ColumnElement[bool]]) -> Any:
    """What each council gave each project: of pledges everybody may know of."""
    measures: dict[str, Any] = {
        "pledged": case((Pledge.is_counting, _BOUND), else_=0),
        "committed": case((_IS_BOUND, _BOUND), else_=0),
        "delivered": Pledge.delivered,
    }
    units = {"half_days": NeedKind.TIME, "pence": NeedKind.FUNDING}
    sums = {
        f"{measure}_{unit}": func.sum(case((Pledge.kind == kind, amount), else_=0))
        for measure, amount in measures.items()
        for unit, kind in units.items()
    }
    return (
        select(Pledge.council_id, Pledge.project_id, *(sums[name].label(name) for name in AMOUNTS))
        .join(Project, Project.id == Pledge.project_id)
        .where(*which, Pledge.authorised_at.is_not(None))
        .group_by(Pledge.council_id, Pledge.project_id)
    )


def write_entries(session: Session, project_ids: Sequence[UUID]) -> None:
    """Write the entries of some projects anew, and move the counts by what is different."""
    _move(session, *_write(session, project_ids))


Rows = list[tuple[Any, ...]]


def _write(session: Session, project_ids: Sequence[UUID]) -> tuple[Rows, Rows]:
    """Write the entries of some projects anew; returns those that are gone and those that are new."""
    _take_turn(session)
    kept = {
        row[:3]: tuple(row)
        for row in session.execute(
            select(*(getattr(PortfolioEntry, name) for name in COLUMNS)).where(
                PortfolioEntry.project_id.in_(project_ids)
            )
        )
    }
    exact = {row[:3]: tuple(row) for row in session.execute(exact_entries(project_ids))}
    gone = [row for key, row in kept.items() if exact.get(key) != row]
    new = [row for key, row in exact.items() if kept.get(key) != row]
    for council_id, project_id, theme, *_rest in gone:
        key = {"council_id": council_id, "project_id": project_id, "theme": theme}
        session.execute(delete(PortfolioEntry).filter_by(**key))
    if new:
        session.execute(insert(PortfolioEntry), [dict(zip(COLUMNS, row, strict=True)) for row in new])
    return gone, new


def _take_turn(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _move(session: Session, gone: Rows, new: Rows) -> None:
    moved: dict[tuple[Any, ...], Sums] = {}
    for rows, sign in ((gone, -1), (new, 1)):
        for row in rows:
            entry = dict(zip(COLUMNS, row, strict=True))
            key = tuple(entry[name] for name in KEY)
            sums = Sums(1, *(int(entry[name]) for name in AMOUNTS))
            moved[key] = moved.get(key, Sums()).plus(sums, sign)
    for key, sums in sorted(moved.items(), key=str):
        if sums == Sums():
            continue
        count = session.get(PortfolioCount, key) or PortfolioCount(
            **dict(zip(KEY, key, strict=True)), **dict.fromkeys(SUMS, 0)
        )
        session.add(count)
        for name in SUMS:
            setattr(count, name, getattr(count, name) + getattr(sums, name))
    session.flush()


def rebuild_portfolios() -> int:
    """Make all entries and counts again; returns how many projects were looked at. Pages stay whole meanwhile: entries
    are written some at a time, and the counts are added up anew in one transaction at the end."""
    last, number = UUID(int=0), 0
    while True:
        with housekeeping("portfolios") as session:
            ids = session.scalars(select(Project.id).where(Project.id > last).order_by(Project.id).limit(CHUNK)).all()
            if ids:
                _write(session, ids)
        if not ids:
            break
        last, number = ids[-1], number + len(ids)
    with housekeeping("portfolios") as session:
        _take_turn(session)
        session.execute(delete(PortfolioEntry).where(PortfolioEntry.project_id.not_in(select(Project.id))))
        session.execute(delete(PortfolioCount))
        key = tuple(getattr(PortfolioEntry, name) for name in KEY)
        sums = (func.count(), *(func.sum(getattr(PortfolioEntry, name)) for name in AMOUNTS))
        counted = select(*key, *sums).group_by(*key)
        session.execute(insert(PortfolioCount).from_select([*KEY, *SUMS], counted))
    return number
