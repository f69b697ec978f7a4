"""Telling people that another council follows theirs, and admins that things wait to be assigned."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from pipeline.councils.models import Council
from pipeline.councils.succession import carries_on, successors_of
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.notifications import queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.messages import Letter
from pipeline.notifications.queries import Recipient
from pipeline.successions.policy import may_assign
from pipeline.successions.queries import waiting_of

PASSED, TO_ASSIGN = "membership.succeeded", "council.to_assign"


def passed(_session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """An officer works for the council that follows theirs: they are told."""
    to_id = UUID(event.payload["of_council_id"])
    payload = {"from_id": event.payload["from_council_id"], "to_id": str(to_id)}
    yield Telling(PASSED, Recipient(UUID(event.payload["officer_id"]), to_id), payload)


def succeeded(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """Several councils follow one: its admins and the coordinators say which has what."""
    if len(event.payload["successor_ids"]) > 1:
        payload = {"ended_id": event.payload["council_id"]}
        told = [*queries.admins_of(session, UUID(event.payload["council_id"])), *queries.coordinators(session)]
        for recipient in told:
            yield Telling(TO_ASSIGN, recipient, payload)


def _passed(reading: Reading, payload: dict[str, Any]) -> Letter:
    if reading.actor.council_id is None:
        raise NotFound("membership")
    old, new = (queries.council_named(reading.session, UUID(payload[name])) for name in ("from_id", "to_id"))
    councils = [reading.session.get_one(Council, UUID(payload[name])) for name in ("from_id", "to_id")]
    return follows(old, new, carries_on=carries_on(reading, councils[0], councils[1]))


def follows(old: str, new: str, *, carries_on: bool) -> Letter:
    """For who worked for a council that another follows."""
    anew = Words(_("Whoever authorised pledges has to be given that authority anew by an admin of {new}."), new=new)
    more = [] if carries_on else [anew]
    return Letter(
        Words(_("{new} follows {old}"), new=new, old=old),
        (
            Words(_("{new} has taken the place of {old}. Your account works for {new} from now on."), new=new, old=old),
            Words(_("Projects and pledges are where they were, under the new name. What was authorised stands.")),
            *more,
        ),
        Words(_("See your work")), "/your-work",
        Words(_("You get this because you had a place in {old}."), old=old),
    )  # fmt: skip


def _to_assign(reading: Reading, payload: dict[str, Any]) -> Letter | None:
    """The mail; None where nothing waits any more. Raises NotFound."""
    council = reading.session.get_one(Council, UUID(payload["ended_id"]))
    if not may_assign(reading.actor, council.id):
        raise NotFound("council")
    if len(successors_of(reading, council.id)) < 2 or not waiting_of(reading, council.id, 1):
        return None
    return to_assign(council.short_name, f"/councils/{council.slug}/reorganisation")


def to_assign(council: str, path: str) -> Letter:
    """For its admins and coordinators: several councils follow one, and somebody has to say which has what."""
    return Letter(
        Words(_("Say which council has what {council} had"), council=council),
        (
            Words(_("Several councils follow {council}."), council=council),
            Words(_("Its projects and pledges wait until somebody says which council has each.")),
            Words(_("After 60 days pledges that are not committed lapse.")),
        ),
        Words(_("Choose")), path,
        Words(_("You get this because you looked after the people of {council}, or are a coordinator."),
              council=council),
    )  # fmt: skip


TOLD_BY = {"membership.succeeded": passed, "council.succeeded": succeeded}
"""Who is told."""

WRITERS = {PASSED: _passed, TO_ASSIGN: _to_assign}
"""How the mails are written."""
