"""What councils that ended still have: to pass on, to freeze, to be assigned, or to lapse."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

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
    projects = _projects(ended).where(Project.frozen_at.is_(None), running)
    pledges = _pledges(ended).where(Pledge.frozen_at.is_(None))
    return _read(reading, (projects, pledges), most)


def left_too_long(reading: Reading, most: int = 200) -> list[Left]:
    """Pledges that nobody assigned in time and that are not committed."""
    long_ago = uk_date(reading.now) - timedelta(days=DAYS_TO_ASSIGN)
    ended = _followed(func.count() > 1, func.max(CouncilSuccession.took_effect_on) <= long_ago)
    return _read(reading, (_pledges(ended).where(Pledge.status.in_(UNCOMMITTED)),), most)


def waiting_of(reading: Reading, council_id: UUID, most: int = 50) -> list[Waiting]:
    """What of a council that ended waits to be assigned, for its admins and coordinators."""
    if len(successors_of(reading, council_id)) < 2:
        return []
    found = _left(reading, select(literal(council_id, Council.id.type)), most)
    titles = _titles(reading, found)
    return [Waiting(one.thing, one.id, titles.get(one.id, "")) for one in found]


def councils_with_things_waiting(reading: Reading) -> list[tuple[str, str]]:
    """The councils that several follow and that still have something, as (slug, name): for coordinators."""
    found = {one.council_id for one in _left(reading, _followed(func.count() > 1), 500)}
    query = select(Council.slug, Council.name).where(Council.id.in_(sorted(found))).order_by(Council.short_name)
    return [(row.slug, row.name) for row in reading.session.execute(query)] if found else []


def _followed(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The councils that were followed, by how many."""
    query: Select[Any] = (
        select(CouncilSuccession.predecessor_id)
        .where(CouncilSuccession.took_effect_on.is_not(None))
        .group_by(CouncilSuccession.predecessor_id)
        .having(*conditions)
    )
    return query


def _left(reading: Reading, ended: Select[Any], most: int) -> list[Left]:
    memberships = select(literal(Thing.MEMBERSHIP.value), Membership.id, Membership.council_id).where(
        Membership.council_id.in_(ended), Membership.ended_at.is_(None)
    )
    adoptions = select(literal(Thing.ADOPTION.value), Adoption.id, Adoption.council_id).where(
        Adoption.council_id.in_(ended), Adoption.ended_at.is_(None)
    )
    return _read(reading, (memberships, _projects(ended), _pledges(ended), adoptions), most)


def _projects(ended: Select[Any]) -> Any:
    """Past work that was recorded from public sources stays with the council that did it."""
    return select(literal(Thing.PROJECT.value), Project.id, Project.council_id).where(
        Project.council_id.in_(ended), Project.is_recorded.is_(False)
    )


def _pledges(ended: Select[Any]) -> Any:
    return select(literal(Thing.PLEDGE.value), Pledge.id, Pledge.council_id).where(
        Pledge.council_id.in_(ended), Pledge.status.in_(STANDS)
    )


def _read(reading: Reading, queries: tuple[Any, ...], most: int) -> list[Left]:
    """In this order: whoever comes to a project finds its people there."""
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
