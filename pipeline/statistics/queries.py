"""Reading the kept sums: rows that are there already, the same for everybody, at the same cost however many projects
there are."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.councils.vocabulary import KIND_BY_VALUE, REGION_BY_VALUE
from pipeline.db.statements import Statement, moment_of
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.statistics.measures import ALL, SUMMED, Measure, month_of, months_between, months_of
from pipeline.statistics.models import StatisticsPair, StatisticsState, StatisticsSum

NAMES: tuple[str, ...] = tuple(one.value for one in (*SUMMED, Measure.COUNCILS))
"""The figures, as columns and answers name them."""
MOST_DRAWN = 12
"""Councils of the network: those that lead and have joined most projects."""
MOST_PAIRS = 100
"""Pairs of councils that are listed, those with most projects first."""

Figures = Mapping[str, int]
NOTHING: Figures = dict.fromkeys(NAMES, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What figures are narrowed to; the empty word stands for all. `year` is the one a financial year begins in."""

    theme: str = ALL
    region: str = ALL
    kind: str = ALL
    year: str = ALL


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one month, theme, region or kind."""

    of: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class AsOf:
    """How far the sums have come: everything up to a moment is in them. `mark` changes with them."""

    moment: datetime
    mark: str


@dataclass(frozen=True, slots=True)
class OverTime:
    """The figures of all of a period, of each of its months without gaps, and the years there are figures of."""

    total: Figures
    months: Sequence[Row]
    years: Sequence[str]


@dataclass(frozen=True, slots=True)
class Named:
    """A council as lists name it."""

    id: UUID
    slug: str
    name: str
    name_cy: str | None
    gss_code: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """How many projects of one council another has joined."""

    lead: Named
    partner: Named
    projects: int


_STATE = Statement(select(StatisticsState.last_event_at, StatisticsState.sequence, StatisticsState.changes))
_COLUMNS = tuple(getattr(StatisticsSum, name) for name in NAMES)
_PERIODS = Statement(
    select(StatisticsSum.period, *_COLUMNS).where(
        StatisticsSum.theme == bindparam("theme"),
        StatisticsSum.region == bindparam("region"),
        StatisticsSum.kind == bindparam("kind"),
    )
)
WORDS: Mapping[str, Collection[str]] = {
    "theme": tuple(THEME_BY_VALUE), "region": tuple(REGION_BY_VALUE), "kind": tuple(KIND_BY_VALUE),
}  # fmt: skip
"""What figures can be set beside each other by, in the order of each vocabulary."""


def as_of(reading: Reading) -> AsOf | None:
    """How far the sums have come; None before the worker has counted for the first time."""
    rows = _STATE.rows(reading.session)
    if not rows:
        return None
    moment, sequence, changes = rows[0]
    return AsOf(moment_of(moment) or reading.now, f"{sequence}.{changes}")


def over_time(reading: Reading, narrowed: Narrowed) -> OverTime:
    """What is counted in all of a period, and month by month up to the present one."""
    rows = _PERIODS.rows(reading.session, theme=narrowed.theme, region=narrowed.region, kind=narrowed.kind)
    found = {row[0]: dict(zip(NAMES, row[1:], strict=True)) for row in rows}
    months = sorted(period for period, figures in found.items() if len(period) == 7 and any(figures.values()))
    years = sorted(period for period, figures in found.items() if len(period) == 4 and any(figures.values()))
    here = month_of(uk_date(reading.now))
    if narrowed.year:
        first, last = months_of(narrowed.year)
        last = min(last, max(here, first))
    elif months:
        first, last = months[0], max(months[-1], here)
    else:
        first, last = here, here
    shown = [Row(month, found.get(month, NOTHING)) for month in months_between(first, last)]
    return OverTime(found.get(narrowed.year, NOTHING), shown if months else [], years)


def side_by_side(reading: Reading, by: str, narrowed: Narrowed) -> list[Row]:
    """What is counted of each theme, region or kind, in the order of its vocabulary; narrowed to one of them, of that
    one alone."""
    values = {
        "theme": narrowed.theme, "region": narrowed.region, "kind": narrowed.kind, "period": narrowed.year,
    }  # fmt: skip
    only = values.pop(by)
    rows = _side_by_side(by).rows(reading.session, **values)
    found = {row[0]: dict(zip(NAMES, row[1:], strict=True)) for row in rows}
    return [Row(word, found.get(word, NOTHING)) for word in WORDS[by] if only in (ALL, word)]


@cache
def _side_by_side(by: str) -> Statement:
    others = [name for name in ("theme", "region", "kind", "period") if name != by]
    column = getattr(StatisticsSum, by)
    # Each word is looked up by the key of the table: its other rows are not gone through.
    query = select(column, *_COLUMNS).where(
        column.in_(WORDS[by]), *(getattr(StatisticsSum, name) == bindparam(name) for name in others)
    )
    return Statement(query)


def busiest_councils(reading: Reading) -> list[Named]:
    """The councils that lead and have joined most public projects, the busiest first."""
    number = Council.projects_led + Council.projects_joined
    query = select(*_NAMED).where(number > 0).order_by(number.desc(), Council.short_name, Council.id).limit(MOST_DRAWN)
    return [Named(*row) for row in reading.session.execute(query)]


_DRAWN = [f"council_{place}" for place in range(MOST_DRAWN)]
_TIES = Statement(
    select(StatisticsPair.lead_id, StatisticsPair.partner_id, StatisticsPair.number).where(
        StatisticsPair.lead_id.in_([bindparam(name, type_=StatisticsPair.lead_id.type) for name in _DRAWN]),
        StatisticsPair.partner_id.in_([bindparam(name, type_=StatisticsPair.lead_id.type) for name in _DRAWN]),
    )
)


def pairs_among(reading: Reading, councils: Sequence[Named]) -> list[tuple[int, int, int]]:
    """Who of some councils, as many as are drawn at most, works with whom: the places of both in the list, and how many
    projects of either the other has joined; those with most projects first."""
    places = {str(one.id): place for place, one in enumerate(councils)}
    drawn = dict.fromkeys(_DRAWN) | dict(zip(_DRAWN, (one.id for one in councils), strict=False))
    found: dict[tuple[int, int], int] = {}
    for lead_id, partner_id, number in _TIES.rows(reading.session, **drawn):
        one, other = sorted((places[str(lead_id)], places[str(partner_id)]))
        found[one, other] = found.get((one, other), 0) + number
    return sorted(((*places, number) for places, number in found.items()), key=lambda tie: (-tie[2], tie))


def pairs_listed(reading: Reading, council: str | None = None) -> tuple[list[Pair], bool]:
    """The pairs of councils with most projects, and whether there are more of them; of one council, called by its slug
    or a code, all of its pairs."""
    lead, partner = aliased(Council), aliased(Council)
    columns = [getattr(table, name) for table in (lead, partner) for name in Named.__dataclass_fields__]
    query = (
        select(StatisticsPair.number, *columns)
        .join(lead, lead.id == StatisticsPair.lead_id)
        .join(partner, partner.id == StatisticsPair.partner_id)
        .order_by(StatisticsPair.number.desc(), StatisticsPair.lead_id.desc(), StatisticsPair.partner_id.desc())
    )
    if council is None:
        query = query.limit(MOST_PAIRS + 1)
    else:
        called = council_called(council)
        query = query.where(or_(StatisticsPair.lead_id == called, StatisticsPair.partner_id == called))
    width = len(Named.__dataclass_fields__)
    found = [
        Pair(Named(*row[1 : 1 + width]), Named(*row[1 + width :]), row[0]) for row in reading.session.execute(query)
    ]
    return (found[:MOST_PAIRS], len(found) > MOST_PAIRS) if council is None else (found, False)


_NAMED: tuple[Any, ...] = tuple(getattr(Council, name) for name in Named.__dataclass_fields__)
