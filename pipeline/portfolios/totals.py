"""What is kept of portfolios: compared with what public projects come to."""

from typing import Any

from sqlalchemy import func, select

from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import EventCounter
from pipeline.db.totals import Difference
from pipeline.db.work import Reading
from pipeline.portfolios.index import COLUMNS, KEY, exact_entries
from pipeline.portfolios.listener import NAME
from pipeline.portfolios.models import PortfolioCount, PortfolioEntry
from pipeline.portfolios.rules import SUMS

Key = tuple[Any, ...]
MOST_ASTRAY = 100


def differences(reading: Reading) -> list[Difference]:
    """Entries and counts that are not what their projects make. While there are events it has not heard, none."""
    place = reading.session.scalar(select(ListenerPlace.sequence).where(ListenerPlace.name == NAME))
    if place is None or place < (reading.session.scalar(select(EventCounter.last)) or 0):
        return []
    return [*_entries_astray(reading), *_counts_astray(reading)]


def is_made_again(one: Difference) -> bool:
    """Whether what differs is of portfolios: it is not mended by itself, all of them are made again."""
    return one.table in (PortfolioEntry.__tablename__, PortfolioCount.__tablename__)


def _entries_astray(reading: Reading) -> list[Difference]:
    exact = exact_entries().subquery()
    kept = select(*(getattr(PortfolioEntry, name) for name in COLUMNS))
    made = select(*(exact.c[name] for name in COLUMNS))
    table = PortfolioEntry.__tablename__
    return [
        Difference(table, row[0], f"project {row[1]}", is_kept, 1 - is_kept)
        for one, other, is_kept in ((kept, made, 1), (made, kept, 0))
        for row in reading.session.execute(one.except_(other).limit(MOST_ASTRAY))
    ]


def _counts_astray(reading: Reading) -> list[Difference]:
    exact = exact_entries().subquery()
    key = tuple(exact.c[name] for name in KEY)
    sums = (func.count(), *(func.sum(exact.c[name]) for name in SUMS[1:]))
    made = _by_key(reading, select(*key, *sums).group_by(*key))
    count = PortfolioCount
    kept = _by_key(
        reading,
        select(*(getattr(count, name) for name in (*KEY, *SUMS))),
    )
    nothing = (0,) * len(SUMS)
    return [
        Difference(count.__tablename__, key[0], f"{'/'.join(filter(None, key[1:]))} {name}", here, there)
        for key in sorted(made.keys() | kept.keys(), key=str)
        for name, here, there in zip(SUMS, kept.get(key, nothing), made.get(key, nothing), strict=True)
        if here != there
    ]


def _by_key(reading: Reading, query: Any) -> dict[Key, tuple[int, ...]]:
    depth = len(KEY)
    return {tuple(row[:depth]): tuple(int(value) for value in row[depth:]) for row in reading.session.execute(query)}
