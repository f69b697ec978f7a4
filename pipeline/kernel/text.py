"""Text that people type: made clean once, at the door, the same on every database."""

import re
import unicodedata

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Control characters, those that turn the direction of what stands after them, and those that are none at all."""

_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")

_UNSEEN = ("C", "Z")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters that print nothing."""

_SLUG = re.compile(r"[^a-z0-9]+")


def clean(text: str) -> str:
    """Text as it is kept: Unicode NFC, line feeds, no control characters, no white space round it; nothing at all where
    nobody could see any of it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()
    return text if text.isascii() or any(map(_is_seen, text)) else ""


def _is_seen(character: str) -> bool:
    return character not in _BLANKS and not unicodedata.category(character).startswith(_UNSEEN)


def clean_line(text: str) -> str:
    """One line as it is kept: `clean`, with every run of white space a single space."""
    return " ".join(clean(text).split())


def is_storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL and no half of a surrogate pair."""
    return _UNSTORABLE.search(text) is None


def slug_from(title: str, most: int = 80) -> str:
    """The part of an address made from a title: ASCII letters, digits and hyphens; "untitled" when nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = _SLUG.sub("-", plain).strip("-")
    if len(slug) > most:
        slug = slug[:most].rsplit("-", 1)[0] or slug[:most]
    return slug or "untitled"


def addresses_in(text: str) -> set[str]:
    """Everything in a text that looks like an e-mail address, in lower case."""
    return {match.rstrip(".").lower() for match in ADDRESS.findall(text)}
