"""What councils that ended still have: to pass on, to freeze, to be assigned, or to lapse."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select, union_all

from pipeline.accounts.models import Membership, Officer
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.councils.models import Council, CouncilSuccession
from pipeline.councils.succession import successors_of
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING, PledgeStatus
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import ProjectStatus
from pipeline.successions.rules import DAYS_TO_ASSIGN, Thing

STANDS = tuple(sorted(STANDING))
UNCOMMITTED = (PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that is still that of a council which ended."""

    thing: Thing
    id: UUID
    council_id: UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for somebody to say which successor has it: what it is called."""

    thing: Thing
    id: UUID
    title: str


def left_to_one(reading: Reading, most: int = 200) -> list[Left]:
    """What councils have that one council follows: people first, then projects, pledges and documents in use."""
    return _left(reading, _followed(func.count() == 1), most)


def left_to_freeze(reading: Reading, most: int = 200) -> list[Left]:
    """Projects and pledges of councils that several follow, which go on as if nothing had happened."""
    ended = _followed(func.count() > 1)
    running = Project.status.in_((ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD))
    projects = _of(Thing.PROJECT, ended).where(Project.frozen_at.is_(None), running)
    pledges = _of(Thing.PLEDGE, ended).where(Pledge.frozen_at.is_(None))
    return _read(reading, (projects, pledges), most)


def left_too_long(reading: Reading, most: int = 200) -> list[Left]:
    """Pledges that nobody assigned in time and that are not committed."""
    long_ago = uk_date(reading.now) - timedelta(days=DAYS_TO_ASSIGN)
    ended = _followed(func.count() > 1, func.max(CouncilSuccession.took_effect_on) <= long_ago)
    return _read(reading, (_of(Thing.PLEDGE, ended).where(Pledge.status.in_(UNCOMMITTED)),), most)


def waiting_of(reading: Reading, council_id: UUID, most: int = 50) -> list[Waiting]:
    """What of a council that ended waits to be assigned, for its admins and coordinators."""
    if len(successors_of(reading, council_id)) < 2:
        return []
    found = _left(reading, select(literal(council_id, Council.id.type)), most)
    titles = _titles(reading, found)
    return [Waiting(one.thing, one.id, titles.get(one.id, "")) for one in found]


def councils_with_things_waiting(reading: Reading) -> list[tuple[str, str]]:
    """The councils that several follow and that still have something, as (slug, name): for coordinators."""
    has_something = or_(*(exists().where(council == Council.id, stands) for _id, council, stands in _STANDS.values()))
    query = (
        select(Council.slug, Council.name)
        .where(Council.id.in_(_followed(func.count() > 1)), has_something)
        .order_by(Council.short_name)
    )
    return [(row.slug, row.name) for row in reading.session.execute(query)]


def _followed(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The councils that were followed, by how many."""
    query: Select[Any] = (
        select(CouncilSuccession.predecessor_id)
        .where(CouncilSuccession.took_effect_on.is_not(None))
        .group_by(CouncilSuccession.predecessor_id)
        .having(*conditions)
    )
    return query


_STANDS: dict[Thing, tuple[Any, Any, ColumnElement[bool]]] = {
    Thing.MEMBERSHIP: (Membership.id, Membership.council_id, Membership.ended_at.is_(None)),
    Thing.PROJECT: (Project.id, Project.council_id, Project.is_recorded.is_(False)),
    Thing.PLEDGE: (Pledge.id, Pledge.council_id, Pledge.status.in_(STANDS)),
    Thing.ADOPTION: (Adoption.id, Adoption.council_id, Adoption.ended_at.is_(None)),
}
"""What a council has, in the order in which it passes: whoever comes to a project finds its people there. Past work
that was recorded from public sources stays with the council that did it."""


def _left(reading: Reading, ended: Select[Any], most: int) -> list[Left]:
    return _read(reading, tuple(_of(thing, ended) for thing in _STANDS), most)


def _of(thing: Thing, ended: Select[Any]) -> Any:
    thing_id, council_id, stands = _STANDS[thing]
    return select(literal(thing.value), thing_id, council_id).where(council_id.in_(ended), stands)


def _read(reading: Reading, queries: tuple[Any, ...], most: int) -> list[Left]:
    found: list[Left] = []
    for query in queries:
        rows = reading.session.execute(query.order_by(query.selected_columns[1]).limit(most - len(found)))
        found += [Left(Thing(row[0]), row[1], row[2]) for row in rows]
        if len(found) >= most:
            break
    return found


def _titles(reading: Reading, found: list[Left]) -> dict[UUID, str]:
    ids = {thing: [one.id for one in found if one.thing is thing] for thing in Thing}
    queries = (
        select(Membership.id, Officer.name)
        .join(Officer, Officer.id == Membership.officer_id)
        .where(Membership.id.in_(ids[Thing.MEMBERSHIP])),
        select(Project.id, Project.title).where(Project.id.in_(ids[Thing.PROJECT])),
        select(Pledge.id, Need.title)
        .join(Need, Need.id == Pledge.need_id)
        .where(Pledge.id.in_(ids[Thing.PLEDGE])),
        select(Adoption.id, Artefact.title)
        .join(Artefact, Artefact.id == Adoption.artefact_id)
        .where(Adoption.id.in_(ids[Thing.ADOPTION])),
    )  # fmt: skip
    return {row[0]: row[1] for row in reading.session.execute(union_all(*queries))}
