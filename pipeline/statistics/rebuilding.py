"""Counting everything again, and finding and taking out errors in the sums."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.log import EventCounter
from pipeline.db.snapshot import snapshot
from pipeline.db.work import housekeeping
from pipeline.projects.models import Project
from pipeline.statistics.counting import parts_of
from pipeline.statistics.keeping import count_projects, keep_parts, keys_and_numbers, raising, state_of, take_turn
from pipeline.statistics.models import (
    ProjectStatistics,
    StatisticsPair,
    StatisticsPresence,
    StatisticsState,
    StatisticsSum,
)
from pipeline.statistics.parts import Part, Sums

MOST_ROUNDS = 3
CHUNK = 1_000
"""Projects that are read at a time. Nobody waits for that; writing what was read takes a moment."""
SLICE = 5_000
"""Rows of sums that are put right in a transaction."""
TABLES: tuple[Any, ...] = (StatisticsSum, StatisticsPresence, StatisticsPair)

Errors = dict[tuple[str, ...], tuple[int, ...]]
"""What rows lack to be right: their numbers, by their keys as text."""


def count_all_again() -> int:
    """Count every project again, and make every sum that of its parts. Returns how many projects are counted.

    Only parts are kept project by project; the sums are made of all of them at the end. Stopped halfway, it leaves sums
    that lack something, which `flask reconcile` says, and begun again it puts them right.
    """
    last, number = UUID(int=0), 0
    some = select(Project.id).order_by(Project.id).limit(CHUNK)
    with snapshot(database.engine) as reading:
        while ids := reading.scalars(some.where(Project.id > last)).all():
            number += _count_parts_again(reading, ids)
            # What is read next is read as it stands then.
            reading.rollback()
            last = ids[-1]
    with housekeeping("statistics") as session:
        gone = select(ProjectStatistics.project_id).where(ProjectStatistics.project_id.not_in(select(Project.id)))
        count_projects(session, session.scalars(gone).all())
    mend_sums()
    return number


def _count_parts_again(reading: Session, project_ids: Sequence[UUID]) -> int:
    """Keep the parts of some projects where they are otherwise than kept, and leave the sums as they are."""
    # Read before the projects: what is read of them is then at least as new.
    sequence = reading.execute(select(EventCounter.last)).scalar_one()
    query = select(ProjectStatistics.project_id, ProjectStatistics.part)
    rows = reading.execute(query.where(ProjectStatistics.project_id.in_(project_ids)))
    kept = {row.project_id: row.part for row in rows}
    exact = {project_id: part.as_json() for project_id, part in parts_of(reading, project_ids).items()}
    changed = {project_id: part for project_id, part in exact.items() if kept.get(project_id) != part}
    gone = kept.keys() - exact.keys()
    if changed or gone:
        with housekeeping("statistics") as session:
            keep_parts(session, changed, gone, sequence)
    return len(exact)


def mend_sums() -> None:
    """Make every sum that of its parts.

    Adding up takes a while, and nobody waits for it: it is done in a snapshot. A sum that is wrong by so much there is
    wrong by as much afterwards, whatever was counted meanwhile, so that much is put to it then, some rows at a time.
    Where it was the presence of a council that was wrong and something was counted meanwhile, councils are right after
    a second round.
    """
    for _round in range(MOST_ROUNDS):
        with snapshot(database.engine) as session:
            before = session.scalar(select(StatisticsState.changes)) or 0
            errors = errors_in(session)
        if not any(errors) or _put_right(errors, before):
            return


def _put_right(errors: Sequence[Errors], before: int) -> bool:
    """Put to the sums what they lack; returns whether nothing else changed them since they were changed so often."""
    for table, lacking in zip(TABLES, errors, strict=True):
        rows = list(lacking.items())
        for start in range(0, len(rows), SLICE):
            with housekeeping("statistics") as session:
                take_turn(session)
                _put_to(session, table, rows[start : start + SLICE])
    with housekeeping("statistics") as session:
        take_turn(session)
        state = state_of(session)
        state.changes += 1
        return state.changes == before + 1


def errors_in(session: Session) -> list[Errors]:
    """What sums, presences and pairs lack to be what their parts make."""
    sums = Sums()
    for (part,) in session.execute(select(ProjectStatistics.part).execution_options(yield_per=500)):
        sums.put(Part.from_json(part))
    return [
        _lacking(session, StatisticsSum, sums.with_councils().items()),
        _lacking(session, StatisticsPresence, ((key, (number,)) for key, number in sums.changed_presences())),
        _lacking(session, StatisticsPair, ((key, (number,)) for key, number in sums.pairs.items())),
    ]


def _lacking(session: Session, table: Any, exact: Iterable[tuple[tuple[str, ...], Sequence[int]]]) -> Errors:
    columns = table.__table__.columns
    keys, numbers = keys_and_numbers(columns)
    kept = {
        tuple(map(str, row[: len(keys)])): tuple(row[len(keys) :])
        for row in session.execute(select(*(columns[name] for name in (*keys, *numbers))))
    }
    nothing = (0,) * len(numbers)
    lacking = {}
    for key, right in exact:
        stands = kept.pop(key, nothing)
        if stands != tuple(right):
            lacking[key] = tuple(x - y for x, y in zip(right, stands, strict=True))
    lacking |= {key: tuple(-number for number in stands) for key, stands in kept.items() if any(stands)}
    return dict(sorted(lacking.items()))


def _put_to(session: Session, table: Any, lacking: Sequence[tuple[tuple[str, ...], tuple[int, ...]]]) -> None:
    keys, numbers = keys_and_numbers(table.__table__.columns)
    rows = [
        {name: UUID(value) if name.endswith("_id") else value for name, value in zip(keys, key, strict=True)}
        | dict(zip(numbers, by, strict=True))
        for key, by in lacking
    ]
    raising(table, session.get_bind().dialect.name).run_each(session, rows)
    if table is not StatisticsSum:
        session.execute(delete(table).where(table.number == 0))
