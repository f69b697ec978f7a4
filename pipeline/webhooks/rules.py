"""What a webhook must be, what it wants to hear, and when a message that was not taken is tried again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from uuid import UUID

from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.event import CATALOGUE, Audience
from pipeline.kernel.words import Words, _
from pipeline.webhooks.addresses import LONGEST_ADDRESS, BadAddress, Target, target_of

MOST_WEBHOOKS = 10
"""Webhooks one council has at a time."""
LONGEST_DESCRIPTION = 100
MOST_KINDS = 50
LONGEST_KIND = 60
MOST_SECRETS = 3
"""Secrets of one webhook that hold at a time: the newest, and those that were rotated in the last day."""
OLD_SECRET_HOLDS = timedelta(hours=24)
MOST_REPLAYED = 1_000
"""Events that one replay queues."""
LARGEST_BODY = 20_000
"""Bytes of a message; an event that is ever larger is sent without its `changes`."""

TIMEOUT_SECONDS = 15.0
STEPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
"""How long each try waits after the one before it."""
PING_TRIES = 3
"""A ping that is not answered is tried this often: somebody waits for it."""
LONGEST_WAIT = timedelta(hours=24)
"""No receiver puts us off for longer."""
REST_WHEN_AWAY = timedelta(minutes=1)
"""How long a receiver that cannot be reached is left alone altogether."""
FAILING_FOR = timedelta(days=5)
"""A webhook that failed for so long, without one success, is turned off."""
DELIVERIES_KEPT = timedelta(days=30)

PING = "webhook.ping"
"""The type of the message by which an address is verified. No event of the log has this name."""


class WebhookStatus(StrEnum):
    """Where a webhook stands. Only an active one is told of events."""

    WAITING = "waiting"
    ACTIVE = "active"
    DISABLED = "disabled"


class WhyDisabled(StrEnum):
    """Why a webhook is turned off."""

    BY_HAND = "by_hand"
    GONE = "gone"
    FAILING = "failing"


class DeliveryStatus(StrEnum):
    """What became of one message to one webhook."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    WITHHELD = "withheld"


class Failure(StrEnum):
    """Why a try failed. What a receiver said besides its status is not read, so nothing of it is kept."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    GONE = "gone"
    DISABLED = "disabled"
    NO_LONGER_PUBLIC = "no_longer_public"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTerms:
    """A webhook as people write it. No `kinds` are all of them; `council_id` and `project_id` narrow what it hears."""

    address: str
    description: str = ""
    kinds: tuple[str, ...] = ()
    council_id: UUID | None = None
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one try: the receiver's status, or why there was none, and when it asked us to come back."""

    status: int | None = None
    failure: Failure | None = None
    retry_after: str | None = None
    took_ms: int = 0

    @property
    def is_success(self) -> bool:
        return self.failure is None


def public_kinds() -> tuple[str, ...]:
    """The names of the events that can be asked for: those everybody may read."""
    return tuple(sorted(name for name, event in CATALOGUE.items() if event.audience is Audience.PUBLIC))


def kind_groups() -> tuple[str, ...]:
    """All events of one noun, as they can be asked for: `pledge.*`."""
    return tuple(sorted({f"{name.split('.')[0]}.*" for name in public_kinds()}))


def wants(kinds: Collection[str], name: str) -> bool:
    """Whether somebody who asked for these kinds wants an event of this name."""
    return not kinds or name in kinds or f"{name.split('.', maxsplit=1)[0]}.*" in kinds


ADDRESS_WORDS = {
    "unreadable": Words(_("Give the whole address, such as https://www.example.gov.uk/pipeline")),
    "not_https": Words(_("The address must begin with https://")),
    "userinfo": Words(_("Leave a name or password out of the address: what we send is signed")),
    "fragment": Words(_("Leave out the # and what follows it")),
    "port": Words(_("Leave out the port: we call port 443 only")),
    "number": Words(_("Give the name of a server, not its number")),
    "private_name": Words(_("Give a name that can be reached from everywhere: this one is for a private network")),
    "too_long": Words(_("Use {n} characters at most"), n=LONGEST_ADDRESS),
}
"""What to do about each thing that can be wrong with an address."""


def check_webhook(terms: WebhookTerms, *, to_this_machine: bool = False) -> Target:
    """A webhook has an address we may call, and asks for events there are. Returns where it goes.

    Raises RuleBroken (webhook.address, webhook.description_too_long, webhook.kind_unknown, webhook.kinds_too_many).
    """
    refuse_if_any(problems_of_webhook(terms, to_this_machine=to_this_machine))
    return target_of(terms.address, to_this_machine=to_this_machine)


def problems_of_webhook(terms: WebhookTerms, *, to_this_machine: bool = False) -> list[Problem]:
    """Everything that is wrong with a webhook as it is written."""
    problems = []
    try:
        target_of(terms.address, to_this_machine=to_this_machine)
    except BadAddress as error:
        problems.append(Problem("webhook.address", ADDRESS_WORDS[error.problem], "address"))
    if len(terms.description) > LONGEST_DESCRIPTION:
        words = Words(_("Use {n} characters at most"), n=LONGEST_DESCRIPTION)
        problems.append(Problem("webhook.description_too_long", words, "description"))
    return problems + _problems_of_kinds(terms.kinds)


def _problems_of_kinds(kinds: Collection[str]) -> list[Problem]:
    problems = []
    known = {*public_kinds(), *kind_groups()}
    for kind in sorted(set(kinds) - known):
        words = Words(_("There is no public event called {kind}"), kind=kind[:LONGEST_KIND])
        problems.append(Problem("webhook.kind_unknown", words, "kinds"))
    if len(kinds) > MOST_KINDS:
        words = Words(_("Choose {n} kinds at most, or leave them all out for all events"), n=MOST_KINDS)
        problems.append(Problem("webhook.kinds_too_many", words, "kinds"))
    return problems


def outcome_of(status: int, retry_after: str | None = None, took_ms: int = 0) -> Answered:
    """What a receiver's status means: 2xx is taken, a redirect is not followed, 410 ends the webhook."""
    if 200 <= status < 300:
        return Answered(status, None, None, took_ms)
    if 300 <= status < 400:
        return Answered(status, Failure.REDIRECTED, None, took_ms)
    failure = Failure.GONE if status == 410 else Failure.REFUSED
    return Answered(status, failure, retry_after, took_ms)


def wait_before(tries: int, asked_to_wait: timedelta | None = None, *, is_ping: bool = False) -> timedelta | None:
    """How long to wait after so many tries before the next; None where it was the last.

    A receiver's Retry-After is honoured up to a day, and never makes the next try come earlier.
    """
    if tries >= (PING_TRIES if is_ping else len(STEPS)):
        return None
    return max(STEPS[tries], min(asked_to_wait or timedelta(), LONGEST_WAIT))


def asked_to_wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for: seconds, or a date (RFC 9110, 10.2.3); None for neither."""
    text = (retry_after or "").strip()[:60]
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), int(LONGEST_WAIT.total_seconds())))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(timedelta(), min(aware - now, LONGEST_WAIT))


def rest_after(answered: Answered, now: datetime) -> timedelta | None:
    """How long the receiver as a whole is left alone after a failed try: as it asked, or for a minute where it could
    not be reached; None where only this message failed."""
    if answered.failure in (Failure.UNREACHABLE, Failure.TIMED_OUT):
        return REST_WHEN_AWAY
    if answered.status in (429, 503):
        return asked_to_wait(answered.retry_after, now) or REST_WHEN_AWAY
    return None


def is_to_be_disabled(answered: Answered, first_failed_at: datetime | None, now: datetime) -> WhyDisabled | None:
    """Whether a failed try is the last one: the receiver says it is gone, or nothing was taken for five days."""
    if answered.failure is Failure.GONE:
        return WhyDisabled.GONE
    if first_failed_at is not None and now - first_failed_at >= FAILING_FOR:
        return WhyDisabled.FAILING
    return None
