"""Rules of accounts: addresses, passwords, how long things last, and how long somebody who fails has to wait."""

import base64
import hashlib
import hmac
import ipaddress
import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Problem
from pipeline.kernel.text import addresses_in
from pipeline.kernel.words import Words, _

LONGEST_SESSION = timedelta(hours=12)
IDLE_SESSION = timedelta(hours=2)
LINK_LASTS = timedelta(hours=1)
SEND_AGAIN_AFTER = timedelta(minutes=1)
"""Within a minute of one link no second is mailed: nobody's mailbox is filled by pressing a button."""
UNDO_ERASURE = timedelta(days=7)

MOST_ADDRESS = 254
MOST_LOCAL = 64
MOST_NAME = 100
MOST_JOB_TITLE = 100
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
MOST_WAITING = 5
"""Councils one officer may be waiting for at a time."""

GIVEN_ROLES = (Role.AUTHORISER, Role.COUNCIL_ADMIN)
"""What a council admin gives and takes: roles beyond plain membership."""

UNDECIDING_KINDS = frozenset({"combined authority", "strategic regional authority"})
"""Kinds of council whose people wait to be let in, whatever their address: they share domains with their members."""


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    VERIFY = "verify"
    ADDRESS = "address"
    RESET = "reset"


class EndedBecause(StrEnum):
    """Why a place in a council ended. After `removed` and `declined` nobody gets in again by their address alone."""

    LEFT = "left"
    REMOVED = "removed"
    DECLINED = "declined"
    ADDRESS = "address changed"
    ERASED = "erased"
    SUCCEEDED = "succeeded"


LET_IN_BY_HAND_AFTER = frozenset({EndedBecause.REMOVED, EndedBecause.DECLINED})


def hash_of(token: str) -> str:
    """What is kept of a random token: its SHA-256. Tokens have 256 bits, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_token(secret_key: str, link_id: UUID) -> str:
    """The token of a one-time link: worked out from its id with the secret, and kept nowhere.

    So the mail can be written when it leaves, and a copy of the database opens no link.
    """
    digest = hmac.digest(secret_key.encode(), b"link:" + link_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# --- Addresses ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address as it is compared: lower case, its domain in IDNA form."""

    local: str
    domain: str

    @property
    def text(self) -> str:
        return f"{self.local}@{self.domain}"

    def key_at(self, domain: str) -> str:
        """What tells whoever has this name at a domain: the same with other dots or a +tag.

        Which domain to take, where a council has several, `accounts/queries/persons.py` says. It is kept where a person
        must be known again for as long as a pledge stands, after they were erased as well: so it is a fingerprint
        (SHA-256) from which no address can be read.
        """
        plain = self.local.split("+", 1)[0].replace(".", "")
        return hashlib.sha256(f"{plain or self.local}@{domain}".encode()).hexdigest()

    def __str__(self) -> str:
        return self.text


def address_from(text: str) -> Address | None:
    """Read an address somebody typed; None when it is not one that a council's mail would take."""
    if len(text) > MOST_ADDRESS * 2:
        return None
    try:
        read = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False)
    except EmailNotValidError:
        return None
    address = Address(read.local_part.lower(), read.ascii_domain.lower())
    return address if len(address.local) <= MOST_LOCAL and len(address.text) <= MOST_ADDRESS else None


def details_problems(name: str, job_title: str) -> list[Problem]:
    """What is wrong with how somebody names themselves: it may be shown to everybody, so it holds no e-mail address."""
    given = (
        ("name", name, Words(_("Give your name"))),
        ("job_title", job_title, Words(_("Give your job title"))),
    )
    return [Problem("text.holds_address", words, field) for field, text, words in given if addresses_in(text)]


# --- Passwords ---------------------------------------------------------------------------------------------------

EASY_TO_GUESS = Words(
    _("This password is easy to guess. Use another, for example three words that have nothing to do with each other")
)
_FIGURES_ROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def password_problems(password: str, about: Iterable[str] = (), *, field: str = "password") -> list[Problem]:
    """What is wrong with a new password.

    A password is 12 to 128 characters, all of which count, and not one that thousands of people use: nor is such a one
    with figures round it. It is not the person's own name or address (`about`). Nothing else is asked of it.
    """
    length = len(normalize("NFC", password))
    if length < SHORTEST_PASSWORD:
        words = Words(_("Use a password of at least {n} characters"), n=SHORTEST_PASSWORD)
        return [Problem("password.too_short", words, field)]
    if length > LONGEST_PASSWORD:
        words = Words(_("Use a password of at most {n} characters"), n=LONGEST_PASSWORD)
        return [Problem("password.too_long", words, field)]
    if _is_common(password.casefold()) or _is_about(password.casefold(), about):
        return [Problem("password.too_common", EASY_TO_GUESS, field)]
    return []


def _is_common(password: str) -> bool:
    bare = _FIGURES_ROUND.sub("", password)
    known = common_passwords()
    return len(set(password)) < 4 or password in known or not bare or bare in known


def _is_about(password: str, about: Iterable[str]) -> bool:
    parts = (part for text in about for part in (text, text.split("@")[0], text.replace(" ", "")))
    own = {part.casefold() for part in parts if len(part) > 3}
    return password in own or _FIGURES_ROUND.sub("", password) in own


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The most used passwords, from the lists of `zxcvbn`; read when first asked for."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


# --- Failures ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures within five minutes are free, and the longest wait that comes of more."""

    free: int
    longest: timedelta


PAIR_LIMIT = Limit(10, timedelta(minutes=15))
"""For one account tried from one network address. Nobody elsewhere is made to wait by it."""
SOURCE_LIMIT = Limit(100, timedelta(minutes=5))
"""For one network address: a whole council often shares one."""

FAILURE_WINDOW = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=30)
QUIET = timedelta(hours=1)
"""After an hour without a failure all is forgotten."""


def next_try_at(failures: Sequence[datetime], limit: Limit) -> datetime | None:
    """When somebody who failed at these times (oldest first) may try again; None when at once.

    The tenth (or hundredth) failure in five minutes costs 30 seconds, each further one twice the wait before it, up to
    the limit's longest. It never becomes a lock, and an hour without a failure ends it.
    """
    recent: deque[datetime] = deque()
    over = 0
    for at in failures:
        if recent and at - recent[-1] > QUIET:
            recent.clear()
            over = 0
        recent.append(at)
        while at - recent[0] > FAILURE_WINDOW:
            recent.popleft()
        if over or len(recent) >= limit.free:
            over += 1
    if not over:
        return None
    wait: timedelta = min(FIRST_WAIT * 2 ** min(over - 1, 12), limit.longest)
    return failures[-1] + wait


def attempt_key(secret_key: str, purpose: str, source: str, address: str = "") -> str:
    """What a failure is counted under: nothing in the table says whose it was, or from where."""
    text = f"attempt:{purpose}:{source}:{address}"
    return hmac.digest(secret_key.encode(), text.encode("utf-8", "replace"), "sha256").hex()


def network_of(source: str) -> str:
    """The network address failures are counted for: an IPv6 subscriber has a whole /64 to try from."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


# --- Devices -----------------------------------------------------------------------------------------------------

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
            ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"))  # fmt: skip


def device_from(user_agent: str) -> str:
    """What a browser calls itself, in two words: "Firefox, Windows". Empty when it says nothing we know."""
    found = [next((words for mark, words in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(part for part in found if part)
