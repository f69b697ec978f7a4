"""Counting everything again, and finding and taking out errors in the sums."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.snapshot import snapshot
from pipeline.db.work import housekeeping
from pipeline.projects.models import Project
from pipeline.statistics.keeping import CHUNK, count_projects, keys_and_numbers, raising, state_of, take_turn
from pipeline.statistics.models import ProjectStatistics, StatisticsPair, StatisticsPresence, StatisticsSum
from pipeline.statistics.parts import Part, Sums

MOST_ROUNDS = 3
TABLES: tuple[Any, ...] = (StatisticsSum, StatisticsPresence, StatisticsPair)

Errors = dict[tuple[str, ...], tuple[int, ...]]
"""What rows lack to be right: their numbers, by their keys as text."""


def count_all_again() -> int:
    """Count every project again, some at a time so that nobody waits long, and make every sum that of its parts.
    Returns how many projects are counted."""
    last, number = UUID(int=0), 0
    while True:
        with housekeeping("statistics") as session:
            ids = session.scalars(select(Project.id).where(Project.id > last).order_by(Project.id).limit(CHUNK)).all()
            number += count_projects(session, ids)
        if not ids:
            break
        last = ids[-1]
    with housekeeping("statistics") as session:
        gone = select(ProjectStatistics.project_id).where(ProjectStatistics.project_id.not_in(select(Project.id)))
        count_projects(session, session.scalars(gone).all())
    mend_sums()
    return number


def mend_sums() -> None:
    """Make every sum that of its parts.

    Adding up takes a while, and nobody waits for it: it is done in a snapshot. A sum that is wrong by so much there is
    wrong by as much afterwards, whatever was counted meanwhile, so that much is put to it then. Where it was the
    presence of a council that was wrong, councils are right after a second round.
    """
    for _round in range(MOST_ROUNDS):
        with snapshot(database.engine) as session:
            errors = errors_in(session)
        if not any(errors):
            return
        with housekeeping("statistics") as session:
            take_turn(session)
            for table, lacking in zip(TABLES, errors, strict=True):
                if lacking:
                    _put_to(session, table, lacking)
            state_of(session).changes += 1


def errors_in(session: Session) -> list[Errors]:
    """What sums, presences and pairs lack to be what their parts make."""
    sums = Sums()
    for (part,) in session.execute(select(ProjectStatistics.part).execution_options(yield_per=500)):
        sums.put(Part.from_json(part))
    exact: Sequence[Errors] = (
        {cell: tuple(row) for cell, row in sums.with_councils().items()},
        {present: (number,) for present, number in sums.present.items()},
        {pair: (number,) for pair, number in sums.pairs.items()},
    )
    return [_lacking(session, table, of) for table, of in zip(TABLES, exact, strict=True)]


def _lacking(session: Session, table: Any, exact: Errors) -> Errors:
    columns = table.__table__.columns
    keys, numbers = keys_and_numbers(columns)
    kept: Errors = {
        tuple(str(one) for one in row[: len(keys)]): tuple(row[len(keys) :])
        for row in session.execute(select(*(columns[name] for name in (*keys, *numbers))))
    }
    nothing = (0,) * len(numbers)
    found = {
        key: tuple(x - y for x, y in zip(exact.get(key, nothing), kept.get(key, nothing), strict=True))
        for key in sorted(exact.keys() | kept.keys())
    }
    return {key: lacking for key, lacking in found.items() if any(lacking)}


def _put_to(session: Session, table: Any, lacking: Errors) -> None:
    keys, numbers = keys_and_numbers(table.__table__.columns)
    rows = [
        {name: UUID(value) if name.endswith("_id") else value for name, value in zip(keys, key, strict=True)}
        | dict(zip(numbers, by, strict=True))
        for key, by in lacking.items()
    ]
    raising(table, session.get_bind().dialect.name).run_each(session, rows)
    if table is not StatisticsSum:
        session.execute(delete(table).where(table.number == 0))
