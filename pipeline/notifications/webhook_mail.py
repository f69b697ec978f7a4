"""Telling a council that one of its webhooks was turned off: who is told, and what the mail says.

All of it is read from the log: what a webhook is, this subject does not know.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.notifications import queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.messages import Letter
from pipeline.notifications.queries import Recipient

KIND = "webhook.disabled"
TURNS = (KIND, "webhook.enabled", "webhook.deleted")
BECAUSE = {
    "failing": Words(_("Its receiver has taken nothing for five days, however often we tried.")),
    "gone": Words(_("Its receiver answered that it is gone for good.")),
    "by_hand": Words(_("Somebody of your council turned it off.")),
}


def turned_off(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A webhook was turned off: for whoever made it, while they work there; otherwise for the council's admins."""
    council_id, made_by = UUID(event.payload["of_council_id"]), UUID(event.payload["made_by"])
    at_work = select(Membership.id).where(
        Membership.officer_id == made_by, Membership.council_id == council_id, Membership.started_at.is_not(None),
        Membership.ended_at.is_(None),
    )  # fmt: skip
    is_at_work = session.scalar(at_work) is not None
    told = [Recipient(made_by, council_id)] if is_at_work else queries.admins_of(session, council_id)
    payload = {name: event.payload[name] for name in ("webhook_id", "of_council_id", "made_by", "because")}
    for recipient in told:
        yield Telling(KIND, recipient, payload)


def _letter(reading: Reading, payload: dict[str, Any]) -> Letter | None:
    """The mail; None where the webhook was turned on again, or deleted, meanwhile. Raises NotFound."""
    council_id, webhook_id = UUID(payload["of_council_id"]), UUID(payload["webhook_id"])
    actor = reading.actor
    is_told = actor.officer_id == UUID(payload["made_by"]) or actor.has(Role.COUNCIL_ADMIN)
    if actor.council_id != council_id or not actor.has(Role.MEMBER) or not is_told:
        raise NotFound("webhook")
    turned = select(LoggedEvent.name).where(LoggedEvent.subject_id == webhook_id, LoggedEvent.name.in_(TURNS))
    last = turned.order_by(LoggedEvent.sequence.desc())
    if reading.session.scalar(last.limit(1)) != KIND:
        return None
    council = reading.session.get_one(Council, council_id)
    path = f"/councils/{council.slug}/settings/webhooks/{webhook_id}"
    return off(council.short_name, payload["because"], path)


def off(council: str, because: str, path: str) -> Letter:
    """For who made a webhook, or looks after its council: it was turned off."""
    return Letter(
        Words(_("A webhook of {council} was turned off"), council=council),
        (
            BECAUSE[because],
            Words(_("It is told of nothing until somebody turns it on. What it missed can be sent again then.")),
        ),
        Words(_("Look at the webhook")),
        path,
        Words(_("You get this because you made this webhook, or look after your council.")),
    )


TOLD_BY = {KIND: turned_off}
"""Who is told."""

WRITERS = {KIND: _letter}
"""How the mail is written."""
