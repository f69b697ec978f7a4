"""API tokens: what they look like, what is kept of them, and what each lets a program do. Pure.

A token is `pln_`, 32 random bytes in base 62, and a checksum, so that a scanner of leaked secrets can know one and a
mistyped one is told from an unknown one. Only an HMAC of it is kept: a copy of the database opens nothing.
"""

import hmac
import secrets
import zlib
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from pipeline.kernel.words import Words, _

PREFIX = "pln_"
RANDOM_BYTES = 32
RANDOM_LENGTH = 43
"""Characters of 32 bytes in base 62."""
CHECKSUM_LENGTH = 6
LONGEST_TOKEN = len(PREFIX) + RANDOM_LENGTH + CHECKSUM_LENGTH
LAST_SHOWN = 4
"""How many characters of a token its list shows, so that its owner knows which is which."""

LIFETIMES = (30, 90, 365)
"""Days a token can be made for."""
USUAL_LIFETIME = 90
UNUSED_FOR = timedelta(days=180)
"""A token nobody used for so long ends by itself."""
STAMP_EVERY = timedelta(minutes=10)
MOST_NAME = 60
MOST_TOKENS = 20
"""Tokens one officer has at a time."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Scope(StrEnum):
    """What a token lets a program do. Never more than its officer may do themselves."""

    READ = "read"
    PLEDGES_WRITE = "pledges:write"
    PLEDGES_AUTHORISE = "pledges:authorise"
    PROJECTS_WRITE = "projects:write"
    UPDATES_WRITE = "updates:write"
    ARTEFACTS_WRITE = "artefacts:write"
    LESSONS_WRITE = "lessons:write"
    WEBHOOKS_WRITE = "webhooks:write"
    COMMENTS_WRITE = "comments:write"
    MODERATION_WRITE = "moderation:write"
    COORDINATION_WRITE = "coordination:write"


SCOPE_WORDS: dict[Scope, Words] = {
    Scope.READ: Words(_("Read what you can see for your council, offers that are not yet authorised included")),
    Scope.PLEDGES_WRITE: Words(
        _(
            "Offer, change and withdraw pledges, show interest, record deliveries, "
            "and answer offers to projects you lead"
        )
    ),
    Scope.PLEDGES_AUTHORISE: Words(
        _("Agree to your council’s pledges or refuse them, where you are an authoriser, and break them")
    ),
    Scope.PROJECTS_WRITE: Words(
        _(
            "Post and change projects, what they need and who is in the team, and act as a lead: "
            "publish, give the go-ahead, stop, finish, delete"
        )
    ),
    Scope.UPDATES_WRITE: Words(_("Write updates on projects, and publish them where you are a lead")),
    Scope.ARTEFACTS_WRITE: Words(
        _("Write, publish, adopt and adapt shared documents, suggest changes to them, and answer checklists")
    ),
    Scope.LESSONS_WRITE: Words(
        _("Write lessons, publish them where you are a lead, reply to them, and say that your council used one")
    ),
    Scope.WEBHOOKS_WRITE: Words(_("Make and change webhooks of your council, by which programs are told what happens")),
    Scope.COMMENTS_WRITE: Words(_("Comment, and report what should not stand")),
    Scope.MODERATION_WRITE: Words(_("Hide what was reported and bring it back, where you are a coordinator")),
    Scope.COORDINATION_WRITE: Words(
        _("Introduce councils and have failed mail tried again, where you are a coordinator")
    ),
}
"""What each scope lets a program do, in plain words."""


class WhyEnded(StrEnum):
    """Why a token no longer works."""

    REVOKED = "revoked"
    BY_ITSELF = "revoked by itself"
    EXPIRED = "expired"
    UNUSED = "unused"
    LEFT = "place ended"
    PASSWORD = "password changed"  # noqa: S105 (a reason, not a password)
    LEAKED = "leaked"


def new_token() -> str:
    """A new token: 256 random bits, and the checksum."""
    body = _in_base_62(int.from_bytes(secrets.token_bytes(RANDOM_BYTES)), RANDOM_LENGTH)
    return PREFIX + body + _checksum(body)


def is_token(text: str) -> bool:
    """Whether a text has a token's form and its checksum is right; whether anybody has it is another question."""
    body, checksum = text[len(PREFIX) : -CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    has_form = len(text) == LONGEST_TOKEN and text.startswith(PREFIX) and text.isascii()
    return has_form and hmac.compare_digest(_checksum(body), checksum)


def hash_of_token(token: str, secret_key: str) -> str:
    """What is kept of a token: its HMAC-SHA256 under a key made from the site's secret, as 64 hexadecimal digits."""
    key = hmac.digest(secret_key.encode(), b"api-token", "sha256")
    return hmac.digest(key, token.encode(), "sha256").hex()


def scopes_text(scopes: Iterable[Scope]) -> str:
    """Scopes as they are kept and as OAuth writes them: words with spaces between them, in their own order."""
    wanted = frozenset(scopes)
    return " ".join(scope.value for scope in Scope if scope in wanted)


def scopes_from(text: str) -> frozenset[Scope]:
    """Scopes read again from how they are kept."""
    return frozenset(Scope(word) for word in text.split())


def _checksum(body: str) -> str:
    return _in_base_62(zlib.crc32(body.encode()), CHECKSUM_LENGTH)


def _in_base_62(number: int, length: int) -> str:
    digits = []
    while number:
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits)).rjust(length, ALPHABET[0])
