"""Text that people type: made clean once, at the door, the same on every database."""

import re
import unicodedata

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SLUG = re.compile(r"[^a-z0-9]+")


def clean(text: str) -> str:
    """Text as it is kept: Unicode NFC, line feeds, no control characters, no white space round it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()


def clean_line(text: str) -> str:
    """One line as it is kept: `clean`, with every run of white space a single space."""
    return " ".join(clean(text).split())


def is_storable(text: str) -> bool:
    """Whether both databases can hold the text: no NUL and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


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
