"""Turns events into messages that are owed: whom to tell, by which kind of mail.

Nobody is told of their own act. Each event owes each person one message at most, however often it is heard. What the
mail says, and whether its reader may still know of it, is decided when it leaves.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import queue_message
from pipeline.kernel import clock
from pipeline.notifications import queries
from pipeline.notifications.messages import Side
from pipeline.notifications.queries import Recipient

STALE = timedelta(days=2)
"""Older news is not mailed: after a long stop, or when the listener is new, nobody is flooded with what they know."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A kind of mail for somebody, with the ids it will be written from."""

    kind: str
    recipient: Recipient
    payload: dict[str, Any]


def handle(session: Session, event: LoggedEvent) -> None:
    """Owe everybody whom an event concerns one message."""
    if clock.now() - event.occurred_at > STALE:
        return
    told: set[UUID] = set()
    for owed in OWED_BY[event.name](session, event):
        officer_id = owed.recipient.officer_id
        if officer_id == event.officer_id or officer_id in told:
            continue
        told.add(officer_id)
        queue_message(
            session,
            kind=owed.kind,
            officer_id=officer_id,
            payload={**owed.payload, "council_id": _text(owed.recipient.council_id)},
            now=clock.now(),
            dedupe_key=f"{event.id}:{officer_id}",
        )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _asked(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """An offer waits: for the authorisers of its council, but not for those who lead the project."""
    leads = {lead.officer_id for lead in queries.leads_of(session, event.subject_id)}
    for recipient in queries.authorisers_for(session, event.subject_id):
        if recipient.officer_id not in leads:
            yield _of_pledge("pledge.asked", event, recipient, Side.COUNCIL)


def _leads_told(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        for recipient in queries.leads_of(session, event.subject_id):
            yield _of_pledge(kind, event, recipient, Side.LEAD)

    return owed


def _council_told(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        for recipient in queries.had_a_part_in(session, event.subject_id):
            yield _of_pledge(kind, event, recipient, Side.COUNCIL)

    return owed


def _both_told(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        yield from _leads_told(kind)(session, event)
        yield from _council_told(kind)(session, event)

    return owed


def _of_pledge(kind: str, event: LoggedEvent, recipient: Recipient, side: Side) -> Owed:
    return Owed(kind, recipient, {"pledge_id": str(event.subject_id), "side": side.value})


def _check_asked(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    check = queries.check_of(session, UUID(event.payload["check_id"]))
    if check is not None:
        yield Owed("check.asked", check.asked, {"check_id": event.payload["check_id"]})


def _check_answered(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    check = queries.check_of(session, UUID(event.payload["check_id"]))
    if check is not None:
        yield Owed("check.answered", check.asker, {"check_id": event.payload["check_id"]})


def _membership_waits(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """Somebody waits to be let in: for the council's admins, or for coordinators where there is none."""
    if queries.membership_of(session, event.subject_id) is None:
        return
    payload = {"membership_id": str(event.subject_id)}
    admins = queries.admins_of(session, UUID(event.payload["of_council_id"]))
    for recipient in admins or queries.coordinators(session):
        yield Owed("membership.waiting", recipient, payload)


def _membership_began(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """Somebody was let in. Whom the address alone let in knows it already: they have just verified it."""
    membership = queries.membership_of(session, event.subject_id)
    if membership is not None and not event.payload["by_address"]:
        yield Owed("membership.started", membership, {"membership_id": str(event.subject_id)})


def _role_given(_session: Session, event: LoggedEvent) -> Iterable[Owed]:
    council_id = event.payload.get("of_council_id")
    recipient = Recipient(UUID(event.payload["officer_id"]), UUID(council_id) if council_id else None)
    yield Owed("role.given", recipient, {"role": event.payload["role"]})


OWED_BY: dict[str, Callable[[Session, LoggedEvent], Iterable[Owed]]] = {
    "authorisation.asked": _asked,
    "pledge.offered": _leads_told("pledge.offered"),
    "pledge.authorised": _both_told("pledge.authorised"),
    "pledge.refused": _both_told("pledge.refused"),
    "pledge.accepted": _council_told("pledge.accepted"),
    "pledge.declined": _council_told("pledge.declined"),
    "pledge.withdrawn": _both_told("pledge.withdrawn"),
    "pledge.lapsed": _both_told("pledge.lapsed"),
    "check.asked": _check_asked,
    "check.answered": _check_answered,
    "membership.asked": _membership_waits,
    "membership.started": _membership_began,
    "role.given": _role_given,
    "platform_role.given": _role_given,
}
"""Who is owed what by each event that anybody is mailed about."""

LISTENER = Listener(
    name="mail",
    handle=handle,
    events=frozenset(OWED_BY),
    # So that nothing is lost between the first act on a new database and the worker's first round; see STALE.
    starts_at_the_beginning=True,
)
