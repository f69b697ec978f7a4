"""A feed and its entries, before they are written as Atom or as JSON."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

_NOT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 holds nowhere, not even escaped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to read. `id` is that of an event, or of a project: it never changes, whatever becomes of its title.

    `html` is safe to show. The author is a council, never a person.
    """

    id: UUID
    url: str
    title: str
    html: str
    language: str
    published_at: datetime
    updated_at: datetime
    author: str
    author_url: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What somebody can follow. `id` never changes; `url` is the feed's own address, `home_url` that of its page."""

    id: UUID
    title: str
    subtitle: str
    language: str
    url: str
    home_url: str
    icon_url: str
    updated_at: datetime
    entries: tuple[Entry, ...]


def for_xml(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NOT_FOR_XML.sub("", text)


def moment_text(moment: datetime) -> str:
    """A moment of UTC as both formats write it (RFC 3339)."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
