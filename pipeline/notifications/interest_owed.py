"""Who is told of interest, joining, asking back, late answers and room that comes free."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.db.log import LoggedEvent
from pipeline.notifications import interest_queries, queries
from pipeline.notifications.messages import Side
from pipeline.notifications.queries import Recipient
from pipeline.projects.taking_part import Answerable


@dataclass(frozen=True, slots=True)
class Telling:
    """A kind of mail for somebody, with the ids it is written from; `once` names what it is owed once for."""

    kind: str
    recipient: Recipient
    payload: dict[str, Any]
    once: str | None = None


def shown(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An interest was shown: the leads answer."""
    return _to_leads(session, event, "interest.shown", {"interest_id": event.payload["interest_id"]})


def answered(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An interest was answered: whoever showed it reads the answer."""
    recipient = interest_queries.interest_of(session, event.subject_id)
    if recipient is not None:
        yield Telling("interest.answered", recipient, {"interest_id": event.payload["interest_id"]})


def asked_to_join(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Whoever was asked answers: the leads, or the officer a lead asked."""
    payload = {"request_id": event.payload["join_request_id"]}
    if event.payload["is_invitation"]:
        yield Telling("team.invited", _officer_in(event), payload)
    else:
        yield from _to_leads(session, event, "team.asked", payload)


def declined(_session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An officer who asked reads why not. Of one who was asked and said no nobody is told: that they have an account
    is theirs to tell."""
    if not event.payload["is_invitation"]:
        yield Telling("team.declined", _officer_in(event), {"request_id": event.payload["join_request_id"]})


def joined(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Somebody is in the team: they are told, or the leads where they joined by their own act."""
    payload = {"project_id": event.payload["project_id"]}
    if str(event.officer_id) == event.payload["officer_id"]:
        yield from _to_leads(session, event, "team.joined", payload)
    else:
        yield Telling("team.in", _officer_in(event), payload)


def asked_back(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The leads ask something: whoever waits for them, or who had a part in the pledge."""
    about, about_id = Answerable(event.payload["about_type"]), UUID(event.payload["about_id"])
    payload = _about(event)
    if about is Answerable.PLEDGE:
        for recipient in queries.had_a_part_in(session, about_id):
            yield Telling("question.asked", recipient, payload)
    elif about is Answerable.INTEREST and (officer := interest_queries.interest_of(session, about_id)):
        yield Telling("question.asked", officer, payload)
    elif request := interest_queries.join_request_of(session, about_id):
        yield Telling("question.asked", Recipient(request.officer_id, request.council_id), payload)


def replied(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """The reply has come: the leads go on."""
    return _to_leads(session, event, "question.replied", _about(event))


def late(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An answer is late: the leads are reminded."""
    payload = {"clock_id": event.payload["clock_id"]} | _about(event)
    return _to_leads(session, event, "answer.late", payload)


def reminded(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An offer still waits: for the authorisers of its council, but not for those who lead the project. Somebody named
    by e-mail has been written to at their address."""
    if event.payload.get("request_id"):
        return
    leads = {lead.officer_id for lead in queries.leads_of(session, event.subject_id)}
    payload = {"pledge_id": str(event.subject_id), "side": Side.COUNCIL.value}
    for recipient in queries.authorisers_for(session, event.subject_id):
        if recipient.officer_id not in leads:
            yield Telling("pledge.reminded", recipient, payload)


def room_came_free(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A pledge ended, or a need changed: those who wait for room are told once, if there is some now."""
    need_id = event.payload.get("need_id")
    if need_id is None:
        return
    for waiter in interest_queries.waiting_for_room(session, UUID(need_id)):
        yield Telling("need.room", waiter.recipient, {"need_id": need_id}, f"room:{waiter.follow_id}")


def _to_leads(session: Session, event: LoggedEvent, kind: str, payload: dict[str, Any]) -> Iterable[Telling]:
    for recipient in interest_queries.leads_of_project(session, UUID(event.payload["project_id"])):
        yield Telling(kind, recipient, payload)


def _officer_in(event: LoggedEvent) -> Recipient:
    return Recipient(UUID(event.payload["officer_id"]), UUID(event.payload["for_council_id"]))


def _about(event: LoggedEvent) -> dict[str, Any]:
    """The ids of what a question or a late answer is about, and of the question."""
    names = ("about_type", "about_id", "question_id")
    return {name: event.payload[name] for name in names if name in event.payload}


TOLD_BY = {
    "interest.shown": shown,
    "interest.answered": answered,
    "team.asked": asked_to_join,
    "team.declined": declined,
    "team.joined": joined,
    "lead.named": joined,
    "question.asked": asked_back,
    "question.replied": replied,
    "answer.late": late,
    "authorisation.reminded": reminded,
}
"""Who is told of each event."""

MAY_FREE_ROOM = frozenset({
    "pledge.refused", "pledge.declined", "pledge.withdrawn", "pledge.lapsed", "pledge.broken", "pledge.released",
    "pledge.changed", "need.changed",
})  # fmt: skip
"""The events after which a need may have room that had none."""
