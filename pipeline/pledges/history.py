"""What happened in a project and to its pledges, from the event log, as far as the viewer may know of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, false, literal, or_, select, union_all

from pipeline.councils.models import Council
from pipeline.db.hot_lists import ids_for, listed, unindexed
from pipeline.db.log import LoggedEvent
from pipeline.db.statements import Statement, moment_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import id_from
from pipeline.pledges.messages import thing_of
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Need, Project, ProjectPerson, Update
from pipeline.projects.rules import PersonRole, UpdateStatus

Names = dict[str, str]
"""What ids of councils, needs and published updates are called, and the things that needs in kind ask for."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as a timeline needs it."""

    name: str
    occurred_at: datetime
    council_id: UUID | None
    subject_type: str
    subject_id: UUID
    payload: Mapping[str, Any]


_COLUMNS = (
    LoggedEvent.name, LoggedEvent.occurred_at, LoggedEvent.council_id, LoggedEvent.subject_type, LoggedEvent.subject_id,
    LoggedEvent.payload,
)  # fmt: skip


def events_seen_in(reading: Reading, project_id: UUID, names: Iterable[str], limit: int) -> list[Happened]:
    """The latest events of some names in a project the viewer has been found to see, newest first.

    Everybody without an account reads the same: theirs is a statement of constant text.
    """
    if reading.actor.is_anonymous:
        rows = _public_events(frozenset(names)).rows(reading.session, project_id=project_id, limit=limit)
        return [_happened(row) for row in rows]
    query = (
        select(*_COLUMNS)
        .where(LoggedEvent.project_id == project_id, LoggedEvent.name.in_(sorted(names)), events_visible_to(reading))
        .order_by(LoggedEvent.sequence.desc())
        .limit(limit)
    )
    return [Happened(*row) for row in reading.session.execute(query)]


@lru_cache(maxsize=8)
def _public_events(names: frozenset[str]) -> Statement:
    return Statement(
        select(*_COLUMNS)
        .where(
            LoggedEvent.project_id == bindparam("project_id"), LoggedEvent.name.in_(sorted(names)),
            unindexed(LoggedEvent.audience) == Audience.PUBLIC.value, _is_still_public(),
        )
        .order_by(LoggedEvent.sequence.desc())
        .limit(bindparam("limit", type_=Integer()))
    )  # fmt: skip


def _happened(row: Any) -> Happened:
    """An event from a driver's row: ids and JSON are text on SQLite, and values of their own on PostgreSQL."""
    name, occurred_at, council_id, subject_type, subject_id, payload = row
    moment = moment_of(occurred_at)
    assert moment is not None  # noqa: S101 (the column is never empty)
    return Happened(
        name, moment, _id(council_id) if council_id else None, subject_type, _id(subject_id),
        orjson.loads(payload) if isinstance(payload, str) else payload,
    )  # fmt: skip


def _id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def events_seen_of(reading: Reading, pledge_id: UUID, names: Iterable[str]) -> list[Happened]:
    """All that happened to a pledge the viewer has been found to see, newest first."""
    query = (
        select(*_COLUMNS)
        .where(LoggedEvent.subject_id == pledge_id, LoggedEvent.name.in_(sorted(names)), events_visible_to(reading))
        .order_by(LoggedEvent.sequence.desc())
        .limit(100)
    )
    return [Happened(*row) for row in reading.session.execute(query)]


def events_visible_to(reading: Reading) -> ColumnElement[bool]:
    """Events of projects the viewer may know of.

    Everybody: public ones. A council: its own. Of pledges before they are public: their council, the leads and
    coordinators; of drafts: the team. In a trial project: the lead council.
    """
    actor = reading.actor
    # Not by the index of the audience: SQLite would walk through the whole log for the few events of one project.
    public = and_(unindexed(LoggedEvent.audience) == Audience.PUBLIC, _is_still_public())
    if actor.officer_id is None or actor.council_id is None:
        is_coordinator = actor.has(Role.COORDINATOR)
        return or_(public, _of_pledge()) if is_coordinator else public
    own_council = and_(LoggedEvent.audience == Audience.COUNCIL, LoggedEvent.council_id == actor.council_id)
    own_pledge = exists().where(Pledge.id == LoggedEvent.subject_id, Pledge.council_id == actor.council_id)
    trial = exists().where(
        Project.id == LoggedEvent.project_id, Project.is_trial, Project.council_id == actor.council_id
    )
    coordinates = LoggedEvent.project_id.is_not(None) if actor.has(Role.COORDINATOR) else false()
    of_pledge = and_(_of_pledge(), or_(own_pledge, _in_project(reading, PersonRole.LEAD), trial, coordinates))
    of_work = and_(
        LoggedEvent.audience == Audience.PROJECT, LoggedEvent.subject_type != "pledge", or_(_in_project(reading), trial)
    )
    return or_(public, own_council, of_pledge, of_work)


def _of_pledge() -> ColumnElement[bool]:
    """What is told of a pledge to those who may know of it while it is not public, and was told while it was."""
    audiences = unindexed(LoggedEvent.audience).in_((Audience.PROJECT, Audience.PUBLIC))
    return and_(audiences, LoggedEvent.subject_type == "pledge")


def _is_still_public() -> ColumnElement[bool]:
    """A pledge whose authorisation was set aside is not public any more, nor what was told of it before."""
    authorised = exists().where(Pledge.id == LoggedEvent.subject_id, Pledge.authorised_at.is_not(None))
    return or_(LoggedEvent.subject_type != "pledge", authorised)


def _in_project(reading: Reading, role: PersonRole | None = None) -> ColumnElement[bool]:
    return exists().where(
        ProjectPerson.project_id == LoggedEvent.project_id,
        ProjectPerson.officer_id == reading.actor.officer_id,
        ProjectPerson.council_id == reading.actor.council_id,
        ProjectPerson.ended_at.is_(None),
        *([ProjectPerson.role == role] if role else []),
    )


def names_in(reading: Reading, events: Iterable[Happened]) -> Names:
    """What the councils, needs and updates named in events are called now: one query.

    An update that is not published any more has no name here, whatever the event said of it.
    """
    ids = {found for event in events for found in _ids_in(event)}
    if not ids:
        return {}
    rows = _NAMES.rows(reading.session, ids=ids_for(reading.session, ids))
    return {str(row[0]): row[1] for row in rows} | {thing_of(str(row[0])): row[2] for row in rows if row[2]}


_NAMES = Statement(
    union_all(
        select(Council.id, Council.short_name, literal("")).where(listed(Council.id, "ids")),
        select(Need.id, Need.title, Need.thing).where(listed(Need.id, "ids")),
        select(Update.id, Update.title, literal("")).where(
            listed(Update.id, "ids"), unindexed(Update.status) == UpdateStatus.PUBLISHED.value
        ),
    )
)


def _ids_in(event: Happened) -> set[UUID]:
    found = {event.council_id} if event.council_id else set()
    found |= {one for value in _values(event.payload) if isinstance(value, str) and (one := id_from(value))}
    return found


def _values(payload: Mapping[str, object]) -> Iterable[object]:
    return (value for name, value in payload.items() if name.endswith("_id"))
