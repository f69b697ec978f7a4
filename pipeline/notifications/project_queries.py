"""Whom the fate of a project concerns, and what a mail says of it to its reader."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.notifications.messages import amount_words
from pipeline.notifications.project_messages import OwnPledge, ProjectTold
from pipeline.notifications.queries import Recipient
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.rules import STANDING, PledgeStatus
from pipeline.projects.models import Interest, Need, Project, ProjectPerson
from pipeline.projects.rules import Mode, PersonRole, ProjectStatus
from pipeline.projects.taking_part import InterestStatus
from pipeline.projects.visibility import visible_to

MOST_PLEDGES = 10
"""So many of the reader's own pledges a mail names; more stand on the project's page."""


def concerned_by(session: Session, project_id: UUID, moment: datetime) -> list[Recipient]:
    """Everybody with a part in a project whom its fate concerns, each once: who leads it, who offered or authorised a
    pledge that stands or ended at that very moment, who showed an interest."""
    found: dict[UUID, Recipient] = {}
    stood = or_(Pledge.status.in_((*STANDING, PledgeStatus.DELIVERED)), Pledge.ended_at == moment)
    for group in (
        _pledgers(session, Pledge.project_id == project_id, stood), leads(session, project_id),
        _interested(session, project_id),
    ):  # fmt: skip
        for recipient in group:
            found.setdefault(recipient.officer_id, recipient)
    return sorted(found.values(), key=lambda one: one.officer_id)


def had_hoped_for(session: Session, project_id: UUID) -> list[Recipient]:
    """Everybody who ever pledged to a project: for when it is posted again."""
    return sorted(_pledgers(session, Pledge.project_id == project_id), key=lambda one: one.officer_id)


def leads(session: Session, project_id: UUID) -> list[Recipient]:
    """Those who lead a project, while they work there."""
    query = (
        select(ProjectPerson.officer_id, ProjectPerson.council_id)
        .join(Membership, _at_work(ProjectPerson.officer_id, ProjectPerson.council_id))
        .where(
            ProjectPerson.project_id == project_id, ProjectPerson.role == PersonRole.LEAD,
            ProjectPerson.ended_at.is_(None),
        )
    )  # fmt: skip
    return [Recipient(*row) for row in session.execute(query)]


def has_own_lead(session: Session, project_id: UUID) -> bool:
    """Whether somebody of its lead council leads a project, and works there still."""
    council_id = session.scalar(select(Project.council_id).where(Project.id == project_id))
    return any(one.council_id == council_id for one in leads(session, project_id))


def left_without_lead(session: Session, officer_id: UUID, council_id: UUID) -> list[UUID]:
    """The running projects of a council that somebody led who works there no longer, and nobody of it leads now."""
    led = session.scalars(
        select(Project.id)
        .join(ProjectPerson, ProjectPerson.project_id == Project.id)
        .where(
            Project.council_id == council_id, Project.status.in_((ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)),
            ProjectPerson.officer_id == officer_id, ProjectPerson.council_id == council_id,
            ProjectPerson.role == PersonRole.LEAD, ProjectPerson.ended_at.is_(None),
        )
        .order_by(Project.id)
    ).all()  # fmt: skip
    return [project_id for project_id in led if not has_own_lead(session, project_id)]


def _pledgers(session: Session, *which: ColumnElement[bool]) -> Iterable[Recipient]:
    offered = select(Pledge.officer_id, Pledge.council_id).where(*which)
    authorised = (
        select(Authorisation.officer_id, Authorisation.council_id)
        .join(Pledge, Pledge.id == Authorisation.pledge_id)
        .where(*which, Authorisation.officer_id.is_not(None))
    )
    part = offered.union(authorised).subquery()
    query = select(part.c.officer_id, part.c.council_id).join(
        Membership, _at_work(part.c.officer_id, part.c.council_id)
    )
    return [Recipient(*row) for row in session.execute(query)]


def _interested(session: Session, project_id: UUID) -> Iterable[Recipient]:
    query = (
        select(Interest.officer_id, Interest.council_id)
        .join(Membership, _at_work(Interest.officer_id, Interest.council_id))
        .where(Interest.project_id == project_id, Interest.status == InterestStatus.STANDING)
    )
    return [Recipient(*row) for row in session.execute(query)]


def _at_work(officer_id: Any, council_id: Any) -> ColumnElement[bool]:
    return and_(
        Membership.officer_id == officer_id, Membership.council_id == council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip


def is_told_with_project(session: Session, event: LoggedEvent) -> bool:
    """Whether a pledge ended or was bound in the very moment its project did: then one mail tells of both."""
    query = select(Project.id).where(
        Project.id == event.project_id,
        or_(Project.ended_at == event.occurred_at, Project.went_ahead_at == event.occurred_at),
    )
    return session.execute(query).first() is not None


def continues(session: Session, project_id: UUID) -> UUID | None:
    """The ended project that a project posts again."""
    return session.scalar(select(Project.continues_id).where(Project.id == project_id))


def project_told(reading: Reading, project_id: UUID, moment: datetime | None) -> ProjectTold:
    """What a mail says of a project, if the reader may know of it now. Raises NotFound.

    `moment` is that of the event: the reader's own pledges which stand now or ended then are named.
    """
    row = reading.session.execute(
        select(
            Project.slug, Project.title, Project.status, Project.mode, Project.decision_on, Council.short_name,
            Project.waits_from_on,
        )
        .join(Council, Council.id == Project.council_id)
        .where(Project.id == project_id, visible_to(reading.actor))
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("project")
    return ProjectTold(
        path=f"/projects/{row.slug or project_id}", title=row.title, status=ProjectStatus(row.status),
        is_flexible=row.mode == Mode.FLEXIBLE, decision_on=row.decision_on, lead_council=row.short_name,
        own=_own_pledges(reading, project_id, moment), is_lead=_is_lead(reading, project_id),
        nobody_led=row.waits_from_on is not None,
    )  # fmt: skip


def _is_lead(reading: Reading, project_id: UUID) -> bool:
    return any(one.officer_id == reading.actor.officer_id for one in leads(reading.session, project_id))


def _own_pledges(reading: Reading, project_id: UUID, moment: datetime | None) -> tuple[OwnPledge, ...]:
    """The reader's pledges: those of the council they are addressed for which they offered or authorised."""
    actor = reading.actor
    if actor.council_id is None or moment is None:
        return ()
    authorised = exists().where(Authorisation.pledge_id == Pledge.id, Authorisation.officer_id == actor.officer_id)
    query = (
        select(Pledge.status, Pledge.kind, Pledge.amount, Need.title, Need.thing)
        .join(Need, Need.id == Pledge.need_id)
        .where(
            Pledge.project_id == project_id, Pledge.council_id == actor.council_id,
            or_(Pledge.officer_id == actor.officer_id, authorised),
            or_(Pledge.status.in_((*STANDING, PledgeStatus.DELIVERED)), Pledge.ended_at == moment),
        )
        .order_by(Pledge.id)
        .limit(MOST_PLEDGES)
    )  # fmt: skip
    return tuple(
        OwnPledge(PledgeStatus(status), amount_words(kind, amount, thing), title)
        for status, kind, amount, title, thing in reading.session.execute(query)
    )


def decided_between(reading: Reading, first: date, last: date) -> list[tuple[UUID, date]]:
    """Open projects whose decision date lies between two days, with it."""
    query = select(Project.id, Project.decision_on).where(
        Project.status == ProjectStatus.OPEN, Project.mode == Mode.ALL_OR_NOTHING, Project.decided_at.is_(None),
        Project.waits_from_on.is_(None), Project.decision_on >= first, Project.decision_on <= last,
    )  # fmt: skip
    rows = reading.session.execute(query.order_by(Project.decision_on, Project.id))
    return [(row[0], row[1]) for row in rows if row[1] is not None]


def nation_of(session: Session, project_id: UUID) -> str:
    """The nation of a project's lead council, whose working days count."""
    query = select(Council.nation).join(Project, Project.council_id == Council.id).where(Project.id == project_id)
    return session.execute(query).scalar_one()


def answers_missing(session: Session, project_id: UUID) -> tuple[list[tuple[str, OwnPledge]], int]:
    """What the leads of a project have not answered, with the councils' names, and how many offers wait for their own
    councils."""
    query = (
        select(Council.short_name, Pledge.status, Pledge.kind, Pledge.amount, Need.title, Need.thing)
        .join(Need, Need.id == Pledge.need_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(
            Pledge.project_id == project_id,
            Pledge.status.in_((PledgeStatus.OFFERED, PledgeStatus.AUTHORISED)),
        )
        .order_by(Pledge.authorised_at, Pledge.id)
    )  # fmt: skip
    rows = session.execute(query).all()
    waiting = [
        (row[0], OwnPledge(PledgeStatus.AUTHORISED, amount_words(row[2], row[3], row[5]), row[4]))
        for row in rows
        if row[1] == PledgeStatus.AUTHORISED
    ]
    return waiting[:MOST_PLEDGES], sum(row[1] == PledgeStatus.OFFERED for row in rows)
