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
from pipeline.statistics.keeping import CHUNK, keys_and_numbers
from pipeline.statistics.listener import LISTENER
from pipeline.statistics.models import ProjectStatistics
from pipeline.statistics.rebuilding import TABLES, errors_in


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
    for table, errors in zip(TABLES, errors_in(reading.session), strict=True):
        _keys, numbers = keys_and_numbers(table.__table__.columns)
        for key, lacking in errors.items():
            of = ", ".join(filter(None, key)) or "all"
            for name, number in zip(numbers, lacking, strict=True):
                if number:
                    yield f"{table.__tablename__} of {of}: {name} lacks {number:,}"
