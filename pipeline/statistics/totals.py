"""The kept sums against the rows they come from, for `flask reconcile` and `flask check`."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.db.listeners import ListenerPlace
from pipeline.db.log import EventCounter
from pipeline.db.work import Reading
from pipeline.projects.models import Project
from pipeline.statistics.counting import parts_of
from pipeline.statistics.keeping import CHUNK, sums_of_parts
from pipeline.statistics.listener import LISTENER
from pipeline.statistics.measures import SUMMED, Measure
from pipeline.statistics.models import ProjectStatistics, StatisticsPair, StatisticsPresence, StatisticsSum
from pipeline.statistics.parts import Sums, cells_of_presence

NAMES = (*SUMMED, Measure.COUNCILS)


def differences(reading: Reading) -> list[str]:
    """Every project that is counted otherwise than it stands, and every sum that is not that of its parts.

    While the listener is behind the log there is nothing to compare: what it has not heard is not counted yet.
    """
    place = select(ListenerPlace.sequence).where(ListenerPlace.name == LISTENER.name).scalar_subquery()
    if reading.session.scalar(select(EventCounter.last == place)) is not True:
        return []
    return [*_parts(reading), *_sums(reading)]


def _parts(reading: Reading) -> Iterator[str]:
    session, last = reading.session, UUID(int=0)
    known = select(Project.id).union(select(ProjectStatistics.project_id)).subquery()
    while True:
        ids = session.scalars(select(known.c.id).where(known.c.id > last).order_by(known.c.id).limit(CHUNK)).all()
        if not ids:
            return
        exact = {project_id: part.as_json() for project_id, part in parts_of(session, ids).items()}
        rows = select(ProjectStatistics.project_id, ProjectStatistics.part)
        found = session.execute(rows.where(ProjectStatistics.project_id.in_(ids)))
        kept: dict[UUID, Any] = {row.project_id: row.part for row in found}
        for project_id in sorted(exact.keys() | kept.keys()):
            if exact.get(project_id) != kept.get(project_id):
                yield f"project {project_id}: the statistics count it otherwise than it stands"
        last = ids[-1]


def _sums(reading: Reading) -> Iterator[str]:
    session, sums = reading.session, sums_of_parts(reading.session)
    columns = [getattr(StatisticsSum, name) for name in ("theme", "region", "kind", "period", *NAMES)]
    kept: dict[Any, Any] = {tuple(row[:4]): list(row[4:]) for row in session.execute(select(*columns))}
    exact = exact_cells(sums)
    nothing = [0] * len(NAMES)
    for cell in sorted(exact.keys() | kept.keys()):
        for name, one, other in zip(NAMES, kept.get(cell, nothing), exact.get(cell, nothing), strict=True):
            if one != other:
                where = ", ".join(filter(None, cell)) or "all"
                yield f"statistics of {where}: {name} is {one:,}, its projects make {other:,}"
    presence = (StatisticsPresence.council_id, StatisticsPresence.theme, StatisticsPresence.period)
    here = (StatisticsPresence.region, StatisticsPresence.kind, StatisticsPresence.number)
    yield from _otherwise("presence", session.execute(select(*presence, *here)), sums.present)
    pairs = session.execute(select(StatisticsPair.lead_id, StatisticsPair.partner_id, StatisticsPair.number))
    yield from _otherwise("pair", pairs, sums.pairs)


def exact_cells(sums: Sums) -> dict[Any, list[int]]:
    """Every cell that sums of parts make, with the councils that are present in it."""
    cells = {cell: [*row, 0] for cell, row in sums.changed_cells()}
    for present in sums.present:
        for cell in cells_of_presence(present):
            cells.setdefault(cell, [0] * len(NAMES))[-1] += 1
    return cells


def _otherwise(what: str, rows: Any, exact: Any) -> Iterator[str]:
    kept: dict[Any, int] = {tuple(str(one) for one in key): number for *key, number in rows}
    for key in sorted(exact.keys() | kept.keys()):
        if kept.get(key, 0) != exact.get(key, 0):
            yield f"statistics, {what} {' '.join(key)}: {kept.get(key, 0):,}, projects make {exact.get(key, 0):,}"
