"""The shapes of what is made up for the demonstration: frozen values, with times told from the day of loading.

`…_days_ago` counts back from that day and `…_in_days` forward. Amounts are half-days, pence or a number of things, as
the need asks; `days` and `pounds` let the data be read as people say it.
"""

from dataclasses import dataclass
from fractions import Fraction

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
    """A council that does not exist. Its officers' addresses end in `domain`, which can never receive mail."""

    slug: str
    name: str
    short_name: str
    kind: str
    nation: str
    region: str
    name_cy: str | None = None

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
class MadeUpPledge:
    """A council's promise, with the day of each step it took and who took it.

    `officer` offered it, `authoriser` authorised or refused it in `capacity`, `answerer` (a lead of the project)
    accepted or declined it. `reason` goes with declined, refused and withdrawn. Time has `from_in_days` and
    `to_in_days`; funding has `spending` ("revenue" or "capital"); in kind has `worth_pence`.
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

    Open projects have `decision_in_days`; finished ones `ended_years_ago` and an `outcome`.
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
