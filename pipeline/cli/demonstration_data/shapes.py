"""The shapes of what is made up for the demonstration: frozen values, with times told from the day of loading.

`…_days_ago` counts back from that day and `…_in_days` forward. Amounts are half-days, pence or a number of things, as
the need asks; `days` and `pounds` let the data be read as people say it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

SIGN_OFF_DAYS = 28
"""Days an offer may wait to be authorised: about the 20 working days of the rule."""


def days(number: int | str) -> int:
    """Days as half-days: `days(10)`, `days("2.5")`. Raises ValueError for anything but whole and half days."""
    half_days = Fraction(number) * 2
    if half_days.denominator != 1:
        raise ValueError(f"{number} is not a number of half-days")
    return int(half_days)


def pounds(number: int) -> int:
    """Whole pounds as pence."""
    return number * 100


@dataclass(frozen=True, slots=True)
class MadeUpCouncil:
    """A council that does not exist. Its officers' addresses end in `domain`, which can never receive mail.
    `followed_by` is the slug of the council that takes its place on the day of the loading."""

    slug: str
    name: str
    short_name: str
    kind: str
    nation: str
    region: str
    name_cy: str | None = None
    followed_by: str | None = None

    @property
    def domain(self) -> str:
        return f"{self.slug}.example"


@dataclass(frozen=True, slots=True)
class MadeUpOfficer:
    """A person who does not exist. `council` is None for the coordinator, who belongs to none.

    `roles` are those of the council ("member", "authoriser", "council-admin"), or "coordinator". `can_be` is the
    sentence (and `can_be_cy` its Welsh) beside the button that signs one in as this person; None for everybody else.
    """

    key: str
    name: str
    job_title: str
    council: str | None
    roles: tuple[str, ...] = ("member",)
    is_named: bool = False
    can_be: str | None = None
    can_be_cy: str | None = None

    @property
    def address(self) -> str:
        return f"{self.key}@{self.council or 'pipeline'}.example"


@dataclass(frozen=True, slots=True)
class MadeUpSetting:
    """What a council's admin set: the limit of an authoriser, or the council's standing rule.

    `half_days` and `pence` are the limit of `officer` in one project; `rule_days_ago` is the day of the standing rule.
    """

    days_ago: int
    admin: str
    officer: str | None = None
    half_days: int | None = None
    pence: int | None = None
    rule_days_ago: int | None = None


@dataclass(frozen=True, slots=True)
class MadeUpWebhook:
    """A webhook of `officer`'s council for what that council does. Its address leads nowhere."""

    days_ago: int
    officer: str
    address: str
    description: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeUpNeed:
    """Something a project asks for. `profession` goes with time, `thing` with in kind."""

    key: str
    kind: str
    title: str
    target: int
    is_essential: bool = True
    is_capped: bool = False
    profession: str | None = None
    thing: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class MadeUpCondition:
    """What a pledge waits for: `councils` others, a `total` of a unit, or a `need` (named by its key) being met."""

    kind: str
    at_least: int = 0
    unit: str | None = None
    need: str | None = None
    of_kind: str | None = None
    of_nation: str | None = None
    of_region: str | None = None


@dataclass(frozen=True, slots=True)
class MadeUpAct:
    """One more thing that was done to a project or a pledge, by whom (None: by the clock), with what it needs to know.

    `verb` is one of those in `acts.py`, which says what each takes in `values`.
    """

    days_ago: int
    who: str | None
    verb: str
    values: Mapping[str, Any] = field(default_factory=dict)


def act(days_ago: int, who: str | None, verb: str, **values: Any) -> MadeUpAct:
    """A thing done, as one reads it: `act(12, "olu.martins", "deliver", amount=days(2), on_days_ago=13)`."""
    return MadeUpAct(days_ago, who, verb, values)


@dataclass(frozen=True, slots=True)
class MadeUpPerson:
    """Somebody without an account, named by e-mail to decide on a pledge of their council."""

    key: str
    name: str
    job_title: str


@dataclass(frozen=True, slots=True)
class MadeUpPledge:
    """A council's promise, with the day of each step it took and who took it.

    `officer` offered it, `authoriser` authorised or refused it in `capacity`, `answerer` (a lead of the project)
    accepted or declined it. `named` is the person named by e-mail when it was offered, who authorised it where it was
    authorised by nobody else; with neither it was let through by the council's standing rule. `reason` goes with
    declined, refused and withdrawn. Time has `from_in_days` and `to_in_days`; funding has `spending` ("revenue" or
    "capital"); in kind has `worth_pence`. `status` is where it stands in the end, after all `acts`.
    """

    need: str
    council: str
    officer: str
    amount: int
    status: str
    offered_days_ago: int
    message: str
    authorised_days_ago: int | None = None
    authoriser: str | None = None
    capacity: str = "head-of-service"
    accepted_days_ago: int | None = None
    answerer: str | None = None
    ended_days_ago: int | None = None
    reason: str | None = None
    from_in_days: int | None = None
    to_in_days: int | None = None
    spending: str | None = None
    worth_pence: int | None = None
    conditions: tuple[MadeUpCondition, ...] = ()
    stands_until_in_days: int | None = None
    named: MadeUpPerson | None = None
    acts: tuple[MadeUpAct, ...] = ()

    @property
    def sign_off_in_days(self) -> int:
        """When the offer lapses if nobody has authorised it; negative once that day is past."""
        return SIGN_OFF_DAYS - self.offered_days_ago


@dataclass(frozen=True, slots=True)
class MadeUpUpdate:
    """News of a project. A draft has no day; `checker` is a colleague asked to look at it who has not answered yet."""

    title: str
    body: str
    author: str
    published_days_ago: int | None
    checker: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class MadeUpProject:
    """A project of a made-up council. The first lead belongs to the lead council and posted it.

    All-or-nothing ones that asked for something have `decision_in_days`, negative once that day is past, and
    `first_decision_in_days` where the date was moved; finished ones have an `outcome`, and `ended_years_ago` where they
    were published as past work. `continues` is the key of the one that ended and was posted again as this. `status` is
    where it stands in the end, after all `acts`.
    """

    key: str
    title: str
    summary: str
    problem: str
    council: str
    leads: tuple[str, ...]
    themes: tuple[str, ...]
    phase: str
    status: str
    published_days_ago: int | None
    team: tuple[str, ...] = ()
    decision_in_days: int | None = None
    needs: tuple[MadeUpNeed, ...] = ()
    pledges: tuple[MadeUpPledge, ...] = ()
    updates: tuple[MadeUpUpdate, ...] = ()
    ended_years_ago: int | None = None
    outcome: str = ""
    is_trial: bool = False
    mode: str = "all_or_nothing"
    language: str = "en"
    least_councils: int = 0
    first_decision_in_days: int | None = None
    continues: str | None = None
    acts: tuple[MadeUpAct, ...] = ()
