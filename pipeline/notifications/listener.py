"""Turns events into what somebody is owed: whom to tell, and of what.

Nobody is told of their own act. Each event owes each person one notice at most, however often it is heard, but for
what is told apart; who wants it at once is owed a mail with it. What the mail says, and whether its reader may still
know of it, is decided when it leaves. Whoever follows something is told by `fan_out.py`, some hundreds at a time.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.db.listeners import Listener
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.notifications import (
    adoption_owed,
    comment_owed,
    difference_mail,
    fan_out,
    finding,
    freshness_owed,
    interest_owed,
    introduction_owed,
    lesson_owed,
    moderation_owed,
    queries,
    review_mail,
    succession_mail,
    suggestion_owed,
    waiting_messages,
    webhook_mail,
)
from pipeline.notifications import authority_queries as authority
from pipeline.notifications import delivery_queries as of_deliveries
from pipeline.notifications import project_queries as of_projects
from pipeline.notifications.keeping import FORGETTING, forget
from pipeline.notifications.messages import Side
from pipeline.notifications.notices import keep_notices
from pipeline.notifications.owed import Cause, Owed
from pipeline.notifications.project_messages import PROJECT_LETTERS
from pipeline.notifications.queries import Recipient

STALE = timedelta(days=2)
"""Older news is not told: after a long stop, or when the listener is new, nobody is flooded with what they know."""


def handle(session: Session, event: LoggedEvent) -> None:
    """Owe everybody whom an event concerns one notice; and have those told who follow what it is about."""
    if event.name in FORGETTING:
        forget(session, event)
    if clock.now() - event.occurred_at > STALE:
        return
    tell(session, event)


def tell(session: Session, event: LoggedEvent, *, is_mailed: bool = True) -> None:
    """Tell everybody of an event, however old; with `is_mailed` false on the page of notices alone."""
    keep_notices(session, Cause.of(event), _owed_by(session, event), is_mailed=is_mailed)
    fan_out.begin(session, event)


def _asked(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """An offer waits: for the authorisers of its council, but not for those who lead the project. Somebody named by
    e-mail has been written to already, at their address."""
    if event.payload.get("request_id"):
        return
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


def _release_refused(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """The leads do not let a council off: for whoever asked, and who had a part in the pledge."""
    asked = of_deliveries.asked_to_be_let_off(session, event.subject_id)
    for one in (*asked, *queries.had_a_part_in(session, event.subject_id)):
        yield _of_pledge("pledge.release_refused", event, one, Side.COUNCIL)


def _both_told(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        yield from _leads_told(kind)(session, event)
        yield from _council_told(kind)(session, event)

    return owed


def _authorised(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """A pledge is authorised; where somebody named by e-mail did it, the council's admins are told first."""
    if authority.was_named(session, event.subject_id):
        for recipient in queries.admins_of(session, UUID(event.payload["pledging_council_id"])):
            yield _of_pledge("pledge.by_named", event, recipient, Side.COUNCIL)
    yield from _both_told("pledge.authorised")(session, event)


def _authority_gone(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """Somebody who was to decide on offers has gone: they fall back to whoever offered, and the council's admins."""
    council_id = UUID(event.payload["of_council_id"])
    officer_id = UUID(event.payload["officer_id"])
    for pledge_id in authority.left_undecided(session, officer_id, council_id, clock.now()):
        for recipient in (*authority.offered(session, pledge_id), *queries.admins_of(session, council_id)):
            payload = {"pledge_id": str(pledge_id), "side": Side.COUNCIL.value}
            once = f"{event.id}:{pledge_id}:{recipient.officer_id}"
            yield Owed("pledge.nobody_decides", recipient, payload, once, is_apart=True)


def _place_ended(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """Somebody left a council: for what they were to decide, and for its projects that nobody of it leads now."""
    yield from _authority_gone(session, event)
    council_id = UUID(event.payload["of_council_id"])
    for project_id in of_projects.left_without_lead(session, UUID(event.payload["officer_id"]), council_id):
        for one in queries.admins_of(session, council_id):
            payload, once = {"project_id": str(project_id)}, f"{event.id}:{project_id}:{one.officer_id}"
            yield Owed("project.nobody_leads", one, payload, once, is_apart=True)


def _counts_or_waits(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """A pledge began to count, or waits again: at most once a day."""
    if not waiting_messages.is_news(session, event):
        return
    payload = {"pledge_id": str(event.subject_id), "side": Side.COUNCIL.value}
    for recipient in queries.had_a_part_in(session, event.subject_id):
        once, not_before = waiting_messages.when_to_tell(session, event, recipient.officer_id)
        yield Owed(waiting_messages.KIND, recipient, payload, once, not_before)


def _delivery_told(kind: str, *, to_other_side: bool) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    """What happened to a delivery, for the side that recorded it or the other."""

    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        recorded = Side(event.payload["side"])
        side = OTHER_SIDE[recorded] if to_other_side else recorded
        for recipient in of_deliveries.side_of_pledge(session, event.subject_id, side):
            yield Owed(kind, recipient, _of_delivery(event, side))

    return owed


def _of_delivery(event: LoggedEvent, side: Side) -> dict[str, Any]:
    return {
        "delivery_id": event.payload["delivery_id"], "pledge_id": str(event.subject_id), "side": side.value,
    }  # fmt: skip


def _delivery_counted(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    for to_other_side in (False, True):
        yield from _delivery_told("delivery.counted", to_other_side=to_other_side)(session, event)


def _delivery_missed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """The leads say that a pledge has not come: for who had a part in it, and the council's admins."""
    yield from _council_told("delivery.missed")(session, event)
    for recipient in queries.admins_of(session, UUID(event.payload["pledging_council_id"])):
        yield _of_pledge("delivery.missed", event, recipient, Side.COUNCIL)


def _all_told(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    """A committed pledge ends: for its two sides, and for the councils that are bound in the same project."""

    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        yield from _both_told(kind)(session, event)
        for pledge_id, recipient in of_deliveries.bound_with(session, event.subject_id):
            yield Owed("pledge.partner_broke", recipient, {"pledge_id": str(pledge_id), "side": Side.COUNCIL.value})

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


OTHER_SIDE = {Side.COUNCIL: Side.LEAD, Side.LEAD: Side.COUNCIL}


def _about_project(kind: str) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    """The fate of a project: for everybody it concerns, each once."""

    def owed(session: Session, event: LoggedEvent) -> Iterable[Owed]:
        payload = {"project_id": str(event.subject_id), "moment": event.occurred_at.isoformat()}
        for recipient in of_projects.concerned_by(session, event.subject_id, event.occurred_at):
            yield Owed(kind, recipient, payload)

    return owed


def _posted_again(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """A project that had ended is posted again: for those who pledged to the earlier one or follow it."""
    earlier_id = of_projects.continues(session, event.subject_id)
    if earlier_id is not None:
        for recipient in of_projects.had_hoped_for(session, earlier_id):
            yield Owed("project.posted_again", recipient, {"project_id": str(event.subject_id)})


def _unless_told_with_project(
    owed: Callable[[Session, LoggedEvent], Iterable[Owed]],
) -> Callable[[Session, LoggedEvent], Iterable[Owed]]:
    """Nothing of its own for a pledge that ends or is bound with its project: one mail tells of both."""
    return lambda session, event: [] if of_projects.is_told_with_project(session, event) else owed(session, event)


def _withdrawn(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """A council took a pledge back; of one whose place another took, the mail about that other tells."""
    return [] if "replaced_by" in event.payload["changes"] else _both_told("pledge.withdrawn")(session, event)


OWED_BY: dict[str, Callable[[Session, LoggedEvent], Iterable[Owed]]] = {
    "authorisation.asked": _asked,
    "pledge.offered": _leads_told("pledge.offered"),
    "pledge.authorised": _authorised,
    "authorisation.set_aside": _both_told("pledge.set_aside"),
    "membership.ended": _place_ended,
    "role.taken": _authority_gone,
    "pledge.counting": _counts_or_waits,
    "pledge.waiting": _counts_or_waits,
    "pledge.refused": _both_told("pledge.refused"),
    "pledge.accepted": _council_told("pledge.accepted"),
    "pledge.declined": _council_told("pledge.declined"),
    "pledge.withdrawn": _withdrawn,
    "pledge.lapsed": _unless_told_with_project(_both_told("pledge.lapsed")),
    "pledge.committed": _unless_told_with_project(_council_told("pledge.committed")),
    "delivery.recorded": _delivery_told("delivery.recorded", to_other_side=True),
    "delivery.agreed": _delivery_told("delivery.agreed", to_other_side=False),
    "delivery.disputed": _delivery_told("delivery.disputed", to_other_side=False),
    "delivery.counted": _delivery_counted,
    "delivery.missed": _delivery_missed,
    "delivery.explained": _leads_told("delivery.explained"),
    "pledge.release_asked": _leads_told("pledge.release_asked"),
    "pledge.release_refused": _release_refused,
    "pledge.broken": _all_told("pledge.broken"),
    "pledge.released": _unless_told_with_project(_all_told("pledge.released")),
    "project.published": _posted_again,
    **{kind: _about_project(kind) for kind in PROJECT_LETTERS if kind != "project.posted_again"},
    "check.asked": _check_asked,
    "check.answered": _check_answered,
    "membership.asked": _membership_waits,
    "membership.started": _membership_began,
    "role.given": _role_given,
    "platform_role.given": _role_given,
}
"""Who is owed what by each event that anybody is mailed about."""

TOLD_BY: dict[str, Callable[[Session, LoggedEvent], Iterable[Any]]] = {
    **interest_owed.TOLD_BY, **lesson_owed.TOLD_BY, **suggestion_owed.TOLD_BY, **adoption_owed.TOLD_BY,
    **review_mail.TOLD_BY, **webhook_mail.TOLD_BY, **moderation_owed.TOLD_BY, **comment_owed.TOLD_BY,
    **freshness_owed.TOLD_BY, **succession_mail.TOLD_BY,
    **introduction_owed.TOLD_BY, **difference_mail.TOLD_BY,
}  # fmt: skip
"""Who is told of the events of other subjects."""


def _owed_by(session: Session, event: LoggedEvent) -> Iterable[Owed]:
    """All that an event owes: to those it concerns, and to those who wait for room where it may have set some free."""
    yield from OWED_BY.get(event.name, _nobody)(session, event)
    tellings = interest_owed.room_came_free(session, event) if event.name in interest_owed.MAY_FREE_ROOM else ()
    for one in (*TOLD_BY.get(event.name, _nobody)(session, event), *tellings):
        yield Owed(one.kind, one.recipient, one.payload, one.once)


def _nobody(_session: Session, _event: LoggedEvent) -> Iterable[Any]:
    return ()


LISTENER = Listener(
    name="mail",
    handle=handle,
    events=(
        frozenset(OWED_BY)
        | frozenset(TOLD_BY)
        | interest_owed.MAY_FREE_ROOM
        | frozenset(fan_out.FOLLOWERS_TOLD)
        | frozenset(finding.NEW_THINGS)
        | FORGETTING
    ),
    # So that nothing is lost between the first act on a new database and the worker's first round; see STALE.
    starts_at_the_beginning=True,
)
