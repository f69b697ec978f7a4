"""Reading which projects are on their way to another council, on behalf of those it concerns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.projects import queries
from pipeline.projects.handing_over import HandoverKind, HandoverStatus
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.policy import HandoverFacts, may_see_handover
from pipeline.projects.rules import PersonRole
from pipeline.projects.terms import RUNNING
from pipeline.projects.visibility import visible_to

FROM, TO = aliased(Council), aliased(Council)


@dataclass(frozen=True, slots=True)
class HandoverShown:
    """A project on its way, with the names of both councils. Nobody is named."""

    id: UUID
    kind: HandoverKind
    status: HandoverStatus
    project_id: UUID
    project_slug: str
    project_title: str
    from_slug: str
    from_name: str
    to_slug: str
    to_name: str
    from_id: UUID
    to_id: UUID
    message: str
    answer: str
    asked_at: datetime
    has_agreed: bool
    answer_due_on: date | None
    ended_at: datetime | None


def handover_seen_by(reading: Reading, handover_id: UUID) -> Handover:
    """What is on its way, for those it concerns. Raises NotFound."""
    handover = reading.session.get(Handover, handover_id)
    if handover is None:
        raise NotFound("handover")
    project = queries.project_by_id(reading, handover.project_id)
    if not may_see_handover(reading.actor, facts_of(reading, handover, project)):
        raise NotFound("handover")
    return handover


def facts_of(reading: Reading, handover: Handover, project: Project) -> HandoverFacts:
    """What policies need to know of it."""
    return HandoverFacts(
        queries.facts_of(reading, project), HandoverKind(handover.kind), handover.to_council_id
    )  # fmt: skip


def handover_shown(reading: Reading, handover_id: UUID) -> HandoverShown:
    """One, as its page and the API show it, for those it concerns. Raises NotFound."""
    handover_seen_by(reading, handover_id)
    return _shown(reading.session.execute(_query().where(Handover.id == handover_id)).one())


def agreed_handover(reading: Reading, handover_id: UUID) -> HandoverShown:
    """One by which a project passed, of which everybody knows who knows of the project. Raises NotFound."""
    query = _query().where(
        Handover.id == handover_id, Handover.status == HandoverStatus.AGREED, visible_to(reading.actor)
    )
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("handover")
    return _shown(row)


def standing_handover(reading: Reading, project_id: UUID) -> HandoverShown | None:
    """What is on its way of a project the viewer has been found to see, if it concerns them."""
    query = select(Handover).where(Handover.project_id == project_id, Handover.status == HandoverStatus.ASKED)
    handover = reading.session.scalars(query).first()
    if handover is None:
        return None
    try:
        return handover_shown(reading, handover.id)
    except NotFound:
        return None


def handovers_waiting_for(reading: Reading, limit: int = 50) -> list[HandoverShown]:
    """What waits for the viewer, the oldest first: for somebody with authority in the council that is to lead, for the
    leads of a project that was asked for, for a coordinator to approve."""
    actor = reading.actor
    leads = select(ProjectPerson.project_id).where(
        ProjectPerson.officer_id == actor.officer_id, ProjectPerson.council_id == actor.council_id,
        ProjectPerson.role == PersonRole.LEAD, ProjectPerson.ended_at.is_(None),
    )  # fmt: skip
    has_authority = bool(actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN})
    concerns: list[ColumnElement[bool]] = [
        and_(Handover.to_council_id == actor.council_id, Handover.council_agreed_at.is_(None))
        if has_authority and actor.council_id
        else false(),
        and_(Handover.kind == HandoverKind.TAKE_OVER, Handover.project_id.in_(leads)) if actor.council_id else false(),
        Handover.kind == HandoverKind.TAKE_OVER if actor.has(Role.COORDINATOR) else false(),
    ]
    waits = (Handover.status == HandoverStatus.ASKED, Project.status.in_(RUNNING), visible_to(actor))
    query = _query().where(*waits, or_(*concerns))
    return [_shown(row) for row in reading.session.execute(query.order_by(Handover.id).limit(limit))]


def earlier_councils(reading: Reading, project_id: UUID) -> list[tuple[str, str, datetime]]:
    """Which councils led a project before, as (slug, name, until when), the latest first."""
    query = (
        select(Council.slug, Council.short_name, Handover.ended_at)
        .join(Handover, Handover.from_council_id == Council.id)
        .where(Handover.project_id == project_id, Handover.status == HandoverStatus.AGREED)
        .order_by(Handover.ended_at.desc())
        .limit(10)
    )
    return [(row.slug, row.short_name, row.ended_at) for row in reading.session.execute(query) if row.ended_at]


def councils_to_choose(reading: Reading, project: Project) -> list[tuple[str, str]]:
    """The councils a project can be handed over to, as (id, name), by name."""
    query = select(Council.id, Council.name).where(Council.is_active, Council.id != project.council_id)
    return [(str(row.id), row.name) for row in reading.session.execute(query.order_by(Council.short_name, Council.id))]


def _query() -> Select[Any]:
    columns: tuple[Any, ...] = (
        Handover, Project.slug, Project.title, FROM.slug, FROM.short_name, TO.slug, TO.short_name
    )  # fmt: skip
    return (
        select(*columns)
        .join(Project, Project.id == Handover.project_id)
        .join(FROM, FROM.id == Handover.from_council_id)
        .join(TO, TO.id == Handover.to_council_id)
    )


def _shown(row: Any) -> HandoverShown:
    one: Handover = row[0]
    return HandoverShown(
        one.id, HandoverKind(one.kind), HandoverStatus(one.status), one.project_id, row[1] or str(one.project_id),
        row[2], row[3], row[4], row[5], row[6], one.from_council_id, one.to_council_id, one.message, one.answer,
        one.asked_at,        one.council_agreed_at is not None, one.answer_due_on, one.ended_at,
    )  # fmt: skip
