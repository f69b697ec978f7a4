"""How messages that somebody wrote through a form are laid out.

They are the one thing mailed that people wrote themselves: officers whose address was verified, to officers who take
such messages; and anybody, to the coordinators. Nobody's address stands in them but that of who gave it for an answer.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.accounts.queries import people_shown
from pipeline.contact.models import ContactMessage
from pipeline.contact.rules import ContactTo
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.notifications import queries
from pipeline.notifications.messages import Letter

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]

WHY = {
    ContactTo.OFFICER: _("You get this because an officer wrote to you. You can switch that off in your account."),
    ContactTo.PROJECT: _("You get this because you lead a project. You can switch messages off in your account."),
    ContactTo.COUNCIL: _("You get this because you look after your council’s people. You can switch messages off."),
}


def _message(reading: Reading, payload: Payload) -> Letter | None:
    """To an officer, from an officer: answered by a form, so that neither learns the other's address."""
    message = reading.session.get(ContactMessage, UUID(payload["message_id"]))
    if message is None or message.officer_id is None:
        return None
    instead = None
    if message.to_type == ContactTo.COUNCIL and message.to_id and reading.actor.council_id is None:
        instead = queries.council_named(reading.session, message.to_id)
    path = f"/contact/messages/{message.id}"
    return from_officer(_from(reading, message), payload["text"], path, payload["to_type"], instead)


def from_officer(subject: Words, text: str, path: str, to_type: str, instead: str | None = None) -> Letter:
    """What an officer wrote. `instead` is the council that coordinators answer for, where nobody takes messages."""
    lines = [*_lines(text)]
    why = Words(WHY[ContactTo(to_type)])
    if instead is not None:
        lines.append(
            Words(_("It was written to {council}, where nobody takes messages. Please answer."), council=instead)
        )
        why = Words(_("You get this because you are a coordinator."))
    return Letter(
        subject, (*lines, Words(_("Answer by the link. A reply to this e-mail reaches nobody."))), Words(_("Answer")),
        path, why,
    )  # fmt: skip


def _from(reading: Reading, message: ContactMessage) -> Words:
    """From whom it is: a coordinator answers for no council."""
    if message.officer_id is None or message.council_id is None:
        return Words(_("A message from a coordinator"))
    council = queries.council_named(reading.session, message.council_id)
    return name_of(people_shown(reading, [message.officer_id])[message.officer_id].display_name, council)


def name_of(name: str | None, council: str) -> Words:
    """From whom a message is: an officer may have no name that is shown."""
    if name:
        return Words(_("A message from {name}, {council}"), name=name, council=council)
    return Words(_("A message from an officer of {council}"), council=council)


def _to_site(reading: Reading, payload: Payload) -> Letter | None:
    """To coordinators, from anybody: an answer goes to the address they gave, if they gave one."""
    if not reading.actor.has(Role.COORDINATOR):
        raise NotFound("message")
    return through_the_form(payload["text"], payload["address"])


def through_the_form(text: str, address: str) -> Letter:
    """To coordinators, from anybody; with the address they left to answer to, or ""."""
    how = _("Reply to this e-mail to answer.") if address else _("They left no address to answer to.")
    return Letter(
        Words(_("Somebody wrote through the contact form")),
        (*_lines(text), Words(how)),
        Words(_("Coordination")),
        "/coordination",
        Words(_("You get this because you are a coordinator.")),
        reply_to=address or None,
    )


def _lines(text: str) -> tuple[Words, ...]:
    """What was written, a paragraph a line."""
    return tuple(Words("{line}", line=line) for line in text.splitlines() if line.strip())


WRITERS: dict[str, Writer] = {"contact.message": _message, "contact.site": _to_site}
"""How each of these kinds of message is written."""
