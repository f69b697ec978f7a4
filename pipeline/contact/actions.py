"""The verbs of contact: write to an officer, to leads, to a council, to the site; and answer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pipeline.contact import policy, queries, rules
from pipeline.contact.events import ContactSent
from pipeline.contact.models import ContactMessage
from pipeline.contact.policy import ReaderFacts
from pipeline.contact.queries import Reader
from pipeline.contact.rules import MOST_A_DAY, ContactTo
from pipeline.db.outbox import queue_message
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _


def write_to_officer(work: UnitOfWork, *, officer_id: UUID, text: str) -> ContactMessage:
    """Write to an officer who chose to be named. Raises NotFound, NotAllowed, RuleBroken (contact.text_…), Conflict
    (contact.too_many)."""
    reader = queries.named_officer(work, officer_id).reader
    work.require(policy.may_write_to_officer(work.actor, ReaderFacts(reader.is_contactable)))
    return _send(work, ContactTo.OFFICER, officer_id, [reader], text)


def write_to_leads(work: UnitOfWork, *, slug: str, text: str) -> ContactMessage:
    """Write to those who lead a project. Raises NotFound, NotAllowed, RuleBroken (contact.text_…), Conflict
    (contact.nobody, contact.too_many)."""
    project, readers = queries.leads_to_write_to(work, slug)
    work.require(policy.may_write_to_officers(work.actor))
    return _send(work, ContactTo.PROJECT, project.id, readers, text)


def write_to_council(work: UnitOfWork, *, code: str, text: str) -> ContactMessage:
    """Write to the admins of a council, or to the coordinators where nobody there takes messages. Raises as
    `write_to_leads`."""
    council, readers = queries.readers_for_council(work, code)
    work.require(policy.may_write_to_officers(work.actor))
    return _send(work, ContactTo.COUNCIL, council.id, readers, text)


def answer_message(work: UnitOfWork, *, message_id: UUID, text: str) -> ContactMessage:
    """Answer whoever wrote a message. Raises NotFound, NotAllowed, RuleBroken (contact.text_…), Conflict
    (contact.too_many)."""
    message = queries.message_to(work, message_id)
    work.require(policy.may_answer_message(work.actor))
    writer = queries.writer_of(work, message)
    return _send(work, ContactTo.OFFICER, writer.officer_id, [writer], text)


def write_to_site(work: UnitOfWork, *, text: str, address: str = "") -> ContactMessage:
    """Write to the coordinators, signed in or not; `address` is where an answer is wanted.

    Raises NotAllowed, RuleBroken (contact.text_…, contact.address_unreadable).
    """
    work.require(policy.may_write_to_site(work.actor))
    rules.check_message(text)
    rules.check_way_back(address)
    said = {"text": text, "address": address}
    return _keep(work, ContactTo.SITE, None, queries.coordinators(work.session), "contact.site", said)


def reached_among(readers: Sequence[Reader]) -> list[Reader]:
    """Those who take messages. Raises Conflict (contact.nobody)."""
    reached = [one for one in readers if one.is_contactable]
    if not reached:
        raise Conflict("contact.nobody", Words(_("Nobody there takes messages through Pipeline.")))
    return reached


def _send(
    work: UnitOfWork, to: ContactTo, to_id: UUID, readers: Sequence[Reader], text: str
) -> ContactMessage:  # fmt: skip
    rules.check_message(text)
    reached = reached_among(readers)
    if queries.sent_within_a_day(work) >= MOST_A_DAY:
        raise Conflict("contact.too_many", Words(_("You have written a lot today. Try again tomorrow.")))
    said = {"text": text, "to_type": to.value, "to_id": str(to_id)}
    return _keep(work, to, to_id, reached, "contact.message", said)


def _keep(
    work: UnitOfWork, to: ContactTo, to_id: UUID | None, readers: Sequence[Reader], kind: str, said: dict[str, Any]
) -> ContactMessage:
    """Keep that a message was sent, and owe it to each reader. Its text stands in the outbox alone, until it left."""
    message = work.add(
        ContactMessage(
            id=new_id(), officer_id=work.actor.officer_id, council_id=work.actor.council_id, to_type=to.value,
            to_id=to_id, sent_at=work.now,
        )
    )  # fmt: skip
    for one in readers:
        payload = said | {
            "message_id": str(message.id), "council_id": str(one.council_id) if one.council_id else None,
        }  # fmt: skip
        queue_message(
            work.session, kind=kind, officer_id=one.officer_id, payload=payload, now=work.now,
            dedupe_key=f"{message.id}:{one.officer_id}",
        )  # fmt: skip
    work.record(ContactSent(message_id=message.id, to_type=to.value, to_id=to_id))
    return message
