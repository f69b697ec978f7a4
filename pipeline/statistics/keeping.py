"""Keeping the sums: a project's earlier part is taken out and its present one put in, in one transaction.

Writers take turns, so that whoever writes last has read last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.db.log import EventCounter
from pipeline.db.statements import Statement
from pipeline.kernel import clock
from pipeline.statistics.counting import parts_of
from pipeline.statistics.measures import SUMMED, Measure
from pipeline.statistics.models import (
    ProjectStatistics,
    StatisticsPair,
    StatisticsPresence,
    StatisticsState,
    StatisticsSum,
)
from pipeline.statistics.parts import Cell, Part, Sums, cells_of_presence

CHUNK = 200
TURN = 7_015_035
"""The number of the lock that writers of the sums hold, on PostgreSQL. (SQLite has one writer at a time anyway.)"""


def count_projects(session: Session, project_ids: Collection[UUID]) -> int:
    """Count some projects again; returns how many of them the public sees."""
    take_turn(session)
    # Read before the projects: what is read of them is then at least as new.
    sequence = session.execute(select(EventCounter.last)).scalar_one()
    parts = parts_of(session, project_ids)
    kept = {
        row.project_id: row
        for row in session.scalars(select(ProjectStatistics).where(ProjectStatistics.project_id.in_(project_ids)))
    }
    difference = Sums()
    for project_id, part in parts.items():
        row, said = kept.pop(project_id, None), part.as_json()
        if row is None:
            session.add(ProjectStatistics(project_id=project_id, sequence=sequence, part=said))
        else:
            row.sequence = sequence
            if row.part == said:
                continue
            difference.put(Part.from_json(row.part), -1)
            row.part = said
        difference.put(part)
    for row in kept.values():
        difference.put(Part.from_json(row.part), -1)
        session.delete(row)
    session.flush()
    if _change(session, difference):
        state_of(session).changes += 1
    return len(parts)


def keep_parts(session: Session, parts: Mapping[UUID, Any], gone: Collection[UUID], sequence: int) -> None:
    """Keep parts, as JSON, that were read at a place of the log, and forget those of projects that are gone; the sums
    are left as they are. What was counted later than that is newer, and stays."""
    take_turn(session)
    table = ProjectStatistics.__table__
    if parts:
        made: Any = _INSERT[session.get_bind().dialect.name](ProjectStatistics)
        newer = {name: made.excluded[name] for name in ("sequence", "part")}
        made = made.on_conflict_do_update(
            index_elements=["project_id"], set_=newer, where=table.c.sequence <= made.excluded.sequence
        )
        rows = [{"project_id": project_id, "sequence": sequence, "part": part} for project_id, part in parts.items()]
        session.execute(made, rows)
    session.execute(delete(ProjectStatistics).where(table.c.project_id.in_(gone), table.c.sequence <= sequence))


def counted_at(session: Session, project_ids: Collection[UUID], sequence: int) -> set[UUID]:
    """Which of some projects were counted at this place of the log or after it: nothing is left to be done for them."""
    query = select(ProjectStatistics.project_id).where(
        ProjectStatistics.project_id.in_(project_ids), ProjectStatistics.sequence >= sequence
    )
    return set(session.scalars(query))


def note_place(session: Session, sequence: int, moment: datetime) -> None:
    """Keep up to which event everything is counted."""
    state = state_of(session)
    if state.sequence < sequence:
        state.sequence, state.last_event_at = sequence, moment


def state_of(session: Session) -> StatisticsState:
    """The one row that says how far the sums have come."""
    state = session.get(StatisticsState, 1)
    if state is None:
        state = StatisticsState(id=1, sequence=0, last_event_at=clock.now(), changes=0)
        session.add(state)
    return state


def take_turn(session: Session) -> None:
    """Wait until no other writer of the sums is at work."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))


def _change(session: Session, difference: Sums) -> bool:
    """Change the sums by a difference; returns whether there was any."""
    councils = _change_presence(session, difference)
    cells = {cell: [*row, 0] for cell, row in difference.changed_cells()}
    for cell, number in councils.items():
        if number:
            cells.setdefault(cell, [0] * (len(SUMMED) + 1))[-1] += number
    rows = [
        dict(zip(("theme", "region", "kind", "period"), cell, strict=True))
        | dict(zip((*SUMMED, Measure.COUNCILS), row, strict=True))
        for cell, row in sorted(cells.items())
    ]
    if rows:
        raising(StatisticsSum, session.get_bind().dialect.name).run_each(session, rows)
    pairs = [
        {"lead_id": UUID(lead), "partner_id": UUID(partner), "number": number}
        for (lead, partner), number in sorted(difference.pairs.items())
        if number
    ]
    if pairs:
        raising(StatisticsPair, session.get_bind().dialect.name).run_each(session, pairs)
        session.execute(delete(StatisticsPair).where(StatisticsPair.number == 0))
    return bool(rows or pairs)


def _change_presence(session: Session, difference: Sums) -> dict[Cell, int]:
    """Change in how many projects councils take part; returns by how many councils that changes each cell."""
    councils: dict[Cell, int] = {}
    statement = raising(StatisticsPresence, session.get_bind().dialect.name, "number")
    for present, number in difference.changed_presences():
        council, *names = present
        key = dict(zip(("theme", "period", "region", "kind"), names, strict=True))
        ((after,),) = statement.rows(session, council_id=UUID(council), number=number, **key)
        change = int(after > 0) - int(after - number > 0)
        for cell in cells_of_presence(present):
            councils[cell] = councils.get(cell, 0) + change
        if after == 0:
            _ABSENT.run(session, council_id=UUID(council), **key)
    return councils


_ABSENT = Statement(
    delete(StatisticsPresence).where(
        *(
            StatisticsPresence.__table__.c[name] == bindparam(name)
            for name in ("council_id", "theme", "period", "region", "kind")
        )
    )
)


_INSERT: Mapping[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@cache
def raising(table: Any, dialect: str, answer: str | None = None) -> Statement:
    """The statement that raises the numbers of a row by others, and begins the row where there is none."""
    columns = table.__table__.columns
    keys, numbers = keys_and_numbers(columns)
    made: Any = _INSERT[dialect](table)
    raised = {name: columns[name] + made.excluded[name] for name in numbers}
    made = made.on_conflict_do_update(index_elements=keys, set_=raised)
    return Statement(made.returning(columns[answer]) if answer else made)


def keys_and_numbers(columns: Iterable[Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The names of the columns of the key, and of the others."""
    columns = list(columns)
    return [one.name for one in columns if one.primary_key], [one.name for one in columns if not one.primary_key]
