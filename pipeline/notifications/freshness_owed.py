"""Who is told of silence and of handovers: leads, the two councils, coordinators, and those who committed something."""

from collections.abc import Callable, Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.queries import people
from pipeline.db.log import LoggedEvent
from pipeline.notifications import project_queries, queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient
from pipeline.pledges.models import Pledge
from pipeline.projects.handing_over import HandoverKind, HandoverStatus
from pipeline.projects.handover_models import Handover


def nudged(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The leads are asked whether their page is still true."""
    for lead in project_queries.leads(session, event.subject_id):
        yield Telling("project.nudged", lead, {"project_id": str(event.subject_id), "nudge": event.payload["nudge"]})


def silent(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Telling]]:
    """The project is quiet, or looks for a lead: its leads, once more, and the admins of its council."""

    def owed(session: Session, event: LoggedEvent) -> Iterable[Telling]:
        told = project_queries.leads(session, event.subject_id)
        if event.council_id is not None:
            known = {one.officer_id for one in told}
            told += [one for one in queries.admins_of(session, event.council_id) if one.officer_id not in known]
        for recipient in told:
            yield Telling(kind, recipient, {"project_id": str(event.subject_id)})

    return owed


def given_up(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Nobody leads what is going ahead: the coordinators look for somebody."""
    for recipient in queries.coordinators(session):
        yield Telling("project.given_up", recipient, {"project_id": str(event.subject_id)})


def offered(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The council that is offered a project: those who can agree."""
    yield from _those_with_authority(session, event, "project.hand_over_offered")


def takeover_asked(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A council asks for a project: its leads, who may still be here, its admins, and the coordinators."""
    for recipient in (
        *project_queries.leads(session, event.subject_id),
        *queries.admins_of(session, UUID(event.payload["from_council_id"])),
    ):
        yield Telling("project.takeover_asked", recipient, _of(event))
    yield from _those_with_authority(session, event, "project.takeover_to_agree")
    for recipient in queries.coordinators(session):
        yield Telling("project.takeover_to_approve", recipient, _of(event))


def ended(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The project stays where it is: whoever wanted it otherwise, and whoever was asked, unless they said so."""
    handover = session.get(Handover, UUID(event.payload["handover_id"]))
    if handover is None:
        return
    if handover.kind == HandoverKind.HAND_OVER and handover.status == HandoverStatus.WITHDRAWN:
        yield from _those_with_authority(session, event, "project.handover_ended")
        return
    council_id = handover.from_council_id if handover.kind == HandoverKind.HAND_OVER else handover.to_council_id
    yield Telling("project.handover_ended", Recipient(handover.asked_by, council_id), _of(event))


def handed_over(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Another council leads the project: whoever has a committed pledge says whether it carries over; everybody it
    concerns is told."""
    committed = select(Pledge.id, Pledge.council_id).where(
        Pledge.project_id == event.subject_id, Pledge.carry_over_due_on.is_not(None)
    )
    for pledge_id, council_id in session.execute(committed.order_by(Pledge.id)).all():
        payload = {"pledge_id": str(pledge_id)}
        for recipient in _with_authority(session, council_id):
            once = f"{event.id}:{pledge_id}:{recipient.officer_id}"
            yield Telling("pledge.carry_over_asked", recipient, payload, once)
    for recipient in project_queries.concerned_by(session, event.subject_id, event.occurred_at):
        yield Telling("project.handed_over", recipient, _of(event))


def _with_authority(session: Session, council_id: UUID) -> list[Recipient]:
    authorisers = [Recipient(officer_id, council_id) for officer_id in people.authorisers_of(session, council_id)]
    return [*authorisers, *queries.admins_of(session, council_id)]


def _those_with_authority(session: Session, event: LoggedEvent, kind: str) -> Iterable[Telling]:
    council_id = UUID(event.payload["to_council_id"])
    for recipient in _with_authority(session, council_id):
        yield Telling(kind, recipient, _of(event))


def _of(event: LoggedEvent) -> dict[str, str]:
    return {"handover_id": event.payload["handover_id"]}


TOLD_BY = {
    "project.nudged": nudged,
    "project.quiet": silent("project.quiet"),
    "project.looking_for_lead": silent("project.looking_for_lead"),
    "project.given_up": given_up,
    "project.hand_over_offered": offered,
    "project.takeover_asked": takeover_asked,
    "project.handover_ended": ended,
    "project.handed_over": handed_over,
}
"""Who is told of each event."""
