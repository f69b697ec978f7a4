"""Reads what a mail server sends back when a message could not be delivered (RFC 3464)."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from typing import NamedTuple


class Bounce(NamedTuple):
    """An address that a message did not reach, for good, and the server's words without the address."""

    address: str
    words: str


def bounces_in(content: bytes) -> list[Bounce]:
    """The addresses a delivery status notification says can never be reached. Delays, and whatever else has come to
    this mailbox, hold none."""
    report = message_from_bytes(content, policy=policy.default)
    if report.get_content_type() != "multipart/report":
        return []
    return [bounce for part in report.walk() for bounce in _failed(part)]


def _failed(part: Message) -> Iterator[Bounce]:
    """The recipients of a part of delivery statuses that failed for good: 5.x.x, or no status at all."""
    if part.get_content_type() != "message/delivery-status":
        return
    for fields in part.get_payload():
        if not isinstance(fields, Message) or str(fields.get("Action", "")).strip().lower() != "failed":
            continue
        _kind, _semicolon, address = str(fields.get("Final-Recipient", "")).partition(";")
        status = str(fields.get("Status", "5")).strip()
        if address.strip() and status.startswith("5"):
            said = str(fields.get("Diagnostic-Code", "")).partition(";")[2].strip()
            address = address.strip().strip("<>").lower()
            yield Bounce(address, f"{status} {said}".replace(address, "…").strip())
