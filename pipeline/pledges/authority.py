"""Authority over a pledge: in which ways a council agrees, what is weighed against a limit, and who can be named by
e-mail. Pure; `rules.md` 5."""

import base64
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from pipeline.accounts.limits import Sums
from pipeline.accounts.rules import MOST_JOB_TITLE, MOST_NAME
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.text import addresses_in
from pipeline.kernel.words import Words, _
from pipeline.pledges.rules import Capacity
from pipeline.projects.rules import NeedKind

STANDING_RULE_IN_PROJECT = 10
STANDING_RULE_IN_YEAR = 40
"""Half-days of one officer that a council's standing rule lets through: in one project, and in twelve months."""
STANDING_RULE_YEAR = timedelta(days=365)

MOST_PEOPLE = 3
"""People who can be named by e-mail for one pledge."""
MOST_REQUESTS_A_DAY = 10
"""Requests one officer can send in 24 hours."""
CODE_LASTS = timedelta(hours=1)
CODE_DIGITS = 8
MOST_CODE_TRIES = 5
MOST_CODES = 10
"""Codes that are mailed for one request."""

MOST_REFERENCE = 100
MOST_GROUNDS = 4_000
"""Characters of each text of the draft decision record."""


class Way(StrEnum):
    """How a council agreed to its pledge."""

    AUTHORISER = "authoriser"
    NAMED = "named"
    STANDING_RULE = "standing-rule"


class RequestEnd(StrEnum):
    """Why a request by e-mail ended."""

    ANSWERED = "answered"
    REPLACED = "replaced"
    CHANGED = "changed"
    DECIDED = "decided"


# --- What is weighed ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weight:
    """What one pledge weighs: its kind, what is left to give or was given of it (in its unit), and the stated worth of
    something in kind, in pence."""

    kind: NeedKind
    amount: int
    worth_pence: int | None = None


def weight_of(weights: Iterable[Weight]) -> Sums:
    """What pledges weigh together: time in half-days, funding in pence, in kind at its stated worth."""
    half_days = pence = 0
    for one in weights:
        if one.kind is NeedKind.TIME:
            half_days += one.amount
        elif one.kind is NeedKind.FUNDING:
            pence += one.amount
        elif one.amount:
            pence += one.worth_pence or 0
    return Sums(half_days, pence)


@dataclass(frozen=True, slots=True)
class LetThrough:
    """What the standing rule is held against: this offer, and what else of the same officer's time stands or was given,
    in half-days. `in_project` is any of it, `in_year` what the rule let through in the last twelve months."""

    kind: NeedKind
    amount: int
    in_project: int
    in_year: int


def is_let_through(offer: LetThrough) -> bool:
    """Whether a council's standing rule lets an offer through: only time, up to 10 half-days for one officer in one
    project and 40 in twelve months."""
    return (
        offer.kind is NeedKind.TIME
        and offer.in_project + offer.amount <= STANDING_RULE_IN_PROJECT
        and offer.in_year + offer.amount <= STANDING_RULE_IN_YEAR
    )


# --- Why the council agrees --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What goes into the draft decision record: reasons, alternatives considered and rejected, interests declared; and
    for a committee or cabinet the date and reference of its decision."""

    decided_on: date | None = None
    reference: str = ""
    reasons: str = ""
    alternatives: str = ""
    interests: str = ""


NO_GROUNDS = Grounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a person named by e-mail says of themselves. `has_authority`: they state that they have the authority."""

    name: str
    job_title: str
    has_authority: bool


def check_grounds(capacity: Capacity, grounds: Grounds, today: date) -> None:
    """A committee or cabinet names the date and reference of its decision. Raises RuleBroken (authorisation.…)."""
    refuse_if_any(grounds_problems(capacity, grounds, today))


def grounds_problems(capacity: Capacity, grounds: Grounds, today: date) -> list[Problem]:
    """What is wrong with why a council agrees."""
    problems = []
    if capacity is Capacity.COMMITTEE and grounds.decided_on is None:
        words = Words(_("Give the day on which the committee or cabinet decided."))
        problems.append(Problem("authorisation.decided_on_missing", words, "decided_on"))
    if capacity is Capacity.COMMITTEE and not grounds.reference:
        words = Words(_("Give the reference of the committee’s or cabinet’s decision."))
        problems.append(Problem("authorisation.reference_missing", words, "reference"))
    if grounds.decided_on is not None and grounds.decided_on > today:
        words = Words(_("The decision must have been taken today or earlier."))
        problems.append(Problem("authorisation.decided_on_in_future", words, "decided_on"))
    if len(grounds.reference) > MOST_REFERENCE:
        words = Words(_("Use {most} characters or fewer."), most=MOST_REFERENCE)
        problems.append(Problem("authorisation.text_too_long", words, "reference"))
    for name in ("reasons", "alternatives", "interests"):
        if len(getattr(grounds, name)) > MOST_GROUNDS:
            words = Words(_("Use {most} characters or fewer."), most=MOST_GROUNDS)
            problems.append(Problem("authorisation.text_too_long", words, name))
    return problems


def check_answer(statement: Statement, capacity: Capacity, grounds: Grounds, today: date) -> None:
    """Whoever was named by e-mail says who they are and that they have the authority. Raises RuleBroken
    (authorisation.…)."""
    problems = statement_problems(statement)
    if not statement.has_authority:
        words = Words(_("Say that you have the authority, or refuse the offer."))
        problems.append(Problem("authorisation.authority_not_stated", words, "has_authority"))
    refuse_if_any(problems + grounds_problems(capacity, grounds, today))


def statement_problems(statement: Statement) -> list[Problem]:
    """What is wrong with how somebody named by e-mail says who they are."""
    problems = []
    for field, text, most, words in (
        ("name", statement.name, MOST_NAME, Words(_("Give your name."))),
        ("job_title", statement.job_title, MOST_JOB_TITLE, Words(_("Give your job title."))),
    ):
        if not text.strip():
            problems.append(Problem("authorisation.person_missing", words, field))
        elif len(text) > most or addresses_in(text):
            problems.append(Problem("authorisation.person_unreadable", words, field))
    return problems


# --- Somebody named by e-mail ------------------------------------------------------------------------------------

TEAM_WORDS = frozenset({
    "accountancy", "accounts", "accountspayable", "admin", "administration", "all", "audit", "benefits", "billing",
    "business", "cabinet", "ceo", "chief", "chiefexec", "chiefexecutive", "clerk", "comms", "communications",
    "complaints", "contact", "contactus", "contracts", "corporate", "council", "councillors", "customer", "customers",
    "customerservice", "customerservices", "data", "democracy", "democratic", "democraticservices", "department",
    "dept", "digital", "director", "directorate", "directors", "dpo", "education", "email", "enquiries", "enquiry",
    "everyone", "exec", "executive", "facilities", "finance", "finances", "foi", "freedom", "general", "governance",
    "grants", "group", "head", "hello", "help", "helpdesk", "highways", "housing", "hr", "human", "ict", "inbox",
    "info", "information", "invoice", "invoices", "it", "leader", "legal", "licensing", "mail", "mailbox",
    "management", "manager", "mayor", "media", "members", "monitoring", "no", "noreply", "office", "officer",
    "officers", "online", "parking", "payable", "payments", "people", "planning", "policy", "post", "postmaster",
    "press", "procurement", "programme", "project", "projects", "property", "public", "purchasing", "receivables",
    "reception", "recruitment", "regeneration", "reply", "resources", "revenue", "revenues", "s151", "sales",
    "secretary", "section151", "service", "servicedesk", "services", "shared", "staff", "strategy", "support", "tax",
    "team", "teams", "technology", "transformation", "treasury", "waste", "web", "webmaster", "webteam",
})  # fmt: skip
"""Words of which the addresses of teams are made."""
_PARTS = re.compile(r"[._\-]+")
_TEAM_ENDINGS = ("team", "inbox", "mailbox", "enquiries", "helpdesk", "services")


def is_team_address(local: str) -> bool:
    """Whether the part before the @ names a team and nobody in it: info, finance, it-support, digital.team."""
    plain = local.lower().split("+", 1)[0]
    parts = [part for part in _PARTS.split(plain) if part]
    if plain in TEAM_WORDS or not parts or "".join(parts) in TEAM_WORDS:
        return True
    return all(_is_of_team(part) for part in parts)


def _is_of_team(part: str) -> bool:
    word = part.rstrip("0123456789")
    bare = {part, word, *(word.removesuffix(ending) for ending in _TEAM_ENDINGS)}
    return any(one in TEAM_WORDS or not one for one in bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFacts:
    """What decides whether somebody can be named by e-mail: what tells them, whom it may not be, and what their
    council allows.

    `keys` are those of their name at every domain that belongs together with theirs.
    `is_at_council`: the address is at a domain of the pledging council and its owner was not removed from there.
    `within`: whether the ceiling (and their own limit, if they are an authoriser) reaches so far.
    """

    keys: frozenset[str]
    is_at_council: bool
    is_platform: bool
    asker_keys: frozenset[str]
    offerer_keys: frozenset[str]
    lead_keys: frozenset[str]
    has_named_way: bool
    within: Decision = YES


def named_decision(named: NamedFacts) -> Decision:
    """Whether somebody can be named by e-mail: never who offered or asked, a lead or a coordinator; and no further than
    their council lets them."""
    if not named.has_named_way:
        words = Words(_("This council does not let people named by e-mail decide. Ask an authoriser of the council."))
        return no("authorisation.way_off", words)
    if named.keys & (named.offerer_keys | named.asker_keys):
        words = Words(_("This is the address of who offered or asked. Somebody else in the council has to decide."))
        return no("authorisation.own_offer", words)
    if named.keys & named.lead_keys:
        words = Words(_("This person leads the project, so somebody else in the council has to decide."))
        return no("authorisation.leads_project", words)
    if named.is_platform:
        words = Words(_("Coordinators and platform admins never authorise or refuse a council’s pledge."))
        return no("authorisation.platform_role", words)
    if not named.is_at_council:
        words = Words(_("This address is not one of somebody who works for the pledging council."))
        return no("authorisation.not_at_council", words)
    return named.within


def check_people(asked: Sequence[str], person_key: str) -> Decision:
    """At most three people can be named for a pledge. `asked` are the keys of those who were."""
    if len({*asked, person_key}) <= MOST_PEOPLE:
        return YES
    words = Words(
        _("{n} people have been named for this offer already. Ask an authoriser of the council."), n=MOST_PEOPLE
    )
    return no("authorisation.too_many_people", words)


# --- Links and codes ---------------------------------------------------------------------------------------------


def request_token(secret_key: str, request_id: UUID) -> str:
    """The token of the link that lets somebody named by e-mail read the offer: worked out with the secret, and kept
    nowhere."""
    return base64.urlsafe_b64encode(request_id.bytes + _proof(secret_key, request_id)).rstrip(b"=").decode()


def request_id_from(secret_key: str, token: str) -> UUID | None:
    """The request a token was made for; None for a token that was not made here."""
    if len(token) != 64 or not token.isascii():
        return None
    try:
        raw = base64.urlsafe_b64decode(token)
    except ValueError:
        return None
    request_id = UUID(bytes=raw[:16])
    return request_id if hmac.compare_digest(raw[16:], _proof(secret_key, request_id)) else None


def _proof(secret_key: str, request_id: UUID) -> bytes:
    return hmac.digest(secret_key.encode(), b"authorise:" + request_id.bytes, "sha256")


def code_of(secret_key: str, code_id: UUID) -> str:
    """The eight figures of a mailed code: worked out with the secret, kept nowhere."""
    digest = hmac.digest(secret_key.encode(), b"code:" + code_id.bytes, "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_code(secret_key: str, code_id: UUID, typed: str) -> bool:
    """Whether somebody typed the code, with or without spaces."""
    plain = re.sub(r"[\s-]", "", typed)
    return hmac.compare_digest(plain.encode(), code_of(secret_key, code_id).encode())


def may_still_be_used(*, tries: int, used_at: datetime | None, expires_at: datetime, now: datetime) -> bool:
    """Whether a code can still be right: it works once, within the hour, for a few tries (this one is counted)."""
    return used_at is None and now < expires_at and tries <= MOST_CODE_TRIES
