"""A council's and a project's account: what is pledged, committed and delivered, in half-days and pence, always apart.

What everybody sees: public projects and authorised pledges. Sums are those of the needs (`sums.py`), so the account of
a project equals what the project keeps, and the accounts of all councils together equal the figures of the home page.
What was delivered is also told by the financial year, from 1 April, of the day of delivery. Things in kind are of many
sorts: they are listed and never added.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, select

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.pledges.models import Delivery, Pledge
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind


@dataclass(frozen=True, slots=True)
class Amounts:
    """The sums of some pledges, in one unit. `committed` is what is bound: less what was broken or released."""

    pledged: int = 0
    committed: int = 0
    delivered: int = 0
    to_come: int = 0
    broken: int = 0
    released: int = 0

    def plus(self, other: "Amounts") -> "Amounts":
        """Both together."""
        return Amounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Line:
    """The pledges of one council to one project: `time` in half-days, `funding` in pence. `name` and `slug` are the
    project's in a council's account, and the council's in a project's."""

    name: str
    slug: str
    time: Amounts = Amounts()
    funding: Amounts = Amounts()


@dataclass(frozen=True, slots=True)
class Year:
    """What was delivered in a financial year, from 1 April of `begins`; of it, what is not yet agreed."""

    begins: int
    half_days: int = 0
    pence: int = 0
    not_agreed_half_days: int = 0
    not_agreed_pence: int = 0


@dataclass(frozen=True, slots=True)
class Thing:
    """A pledge in kind: a number of a thing."""

    name: str
    slug: str
    thing: str
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Account:
    """What some pledges come to."""

    lines: list[Line] = field(default_factory=list)
    years: list[Year] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)

    @property
    def time(self) -> Amounts:
        """All of it in half-days."""
        return _together(line.time for line in self.lines)

    @property
    def funding(self) -> Amounts:
        """All of it in pence."""
        return _together(line.funding for line in self.lines)


@dataclass(frozen=True, slots=True)
class PledgeLine:
    """One pledge of an account. `delivered_in` gives what was delivered by the year a financial year began."""

    id: UUID
    council_name: str
    council_code: str | None
    project_title: str
    project_slug: str
    need_title: str
    kind: NeedKind
    thing: str
    status: str
    amounts: Amounts
    delivered_in: dict[int, int]


def council_account(reading: Reading, council_id: UUID) -> Account:
    """What a council has pledged to public projects, by project: three queries."""
    return _account(reading, _of_council(council_id), Project.title, Project.slug)


def project_account(reading: Reading, project_id: UUID) -> Account:
    """What councils have pledged to a project the viewer has been found to see, by council: three queries."""
    return _account(reading, Pledge.project_id == project_id, Council.short_name, Council.slug)


def council_pledges(reading: Reading, council_id: UUID) -> list[PledgeLine]:
    """Each pledge of a council to a public project, by project: two queries."""
    return _pledge_lines(reading, _of_council(council_id), Project.title)


def project_pledges(reading: Reading, project_id: UUID) -> list[PledgeLine]:
    """Each pledge to a project the viewer has been found to see, by council: two queries."""
    return _pledge_lines(reading, Pledge.project_id == project_id, Council.short_name)


def _of_council(council_id: UUID) -> ColumnElement[bool]:
    return and_(Pledge.council_id == council_id, Project.is_public)


_BOUND = Pledge.amount - Pledge.broken - Pledge.released
_WAS_COMMITTED = Pledge.committed_at.is_not(None)
_MEASURES: tuple[ColumnElement[int], ...] = (
    case((Pledge.is_counting, _BOUND), else_=0),
    case((_WAS_COMMITTED, _BOUND), else_=0),
    Pledge.delivered.expression,
    case((and_(_WAS_COMMITTED, Pledge.delivered < _BOUND), _BOUND - Pledge.delivered), else_=0),
    Pledge.broken.expression,
    Pledge.released.expression,
)
"""What each of `Amounts` is of one pledge, in their order."""


def _authorised(query: Any, which: ColumnElement[bool]) -> Select[Any]:
    authorised: Select[Any] = (
        query.select_from(Pledge)
        .join(Project, Project.id == Pledge.project_id)
        .join(Need, Need.id == Pledge.need_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(which, Pledge.authorised_at.is_not(None))
    )
    return authorised


def _account(reading: Reading, which: ColumnElement[bool], name: Any, slug: Any) -> Account:
    sums = [func.coalesce(func.sum(measure), 0) for measure in _MEASURES]
    counted = Pledge.kind.in_((NeedKind.TIME, NeedKind.FUNDING))
    query = _authorised(select(slug, name, Pledge.kind, *sums), and_(which, counted))
    found: dict[tuple[str, str], dict[str, Amounts]] = defaultdict(dict)
    for row in reading.session.execute(query.group_by(slug, name, Pledge.kind).order_by(name, slug)):
        found[(row[1], row[0] or "")][row[2]] = Amounts(*(int(value) for value in row[3:]))
    lines = [
        Line(*key, kinds.get(NeedKind.TIME, Amounts()), kinds.get(NeedKind.FUNDING, Amounts()))
        for key, kinds in found.items()
    ]
    shown = [line for line in lines if (line.time, line.funding) != (Amounts(), Amounts())]
    return Account(shown, _years(reading, which), _things(reading, which, name, slug))


_MONTH = extract("month", Delivery.delivered_on)
_FINANCIAL_YEAR = extract("year", Delivery.delivered_on) - case((_MONTH < 4, 1), else_=0)


def _years(reading: Reading, which: ColumnElement[bool]) -> list[Year]:
    not_agreed = func.sum(case((Delivery.answer.is_(None), Delivery.counted), else_=0))
    query = _authorised(select(_FINANCIAL_YEAR, Pledge.kind, func.sum(Delivery.counted), not_agreed), which)
    query = query.join(Delivery, Delivery.pledge_id == Pledge.id).where(Delivery.counted > 0)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    units = {NeedKind.TIME: "half_days", NeedKind.FUNDING: "pence"}
    for year, kind, delivered, unagreed in reading.session.execute(query.group_by(_FINANCIAL_YEAR, Pledge.kind)):
        if unit := units.get(NeedKind(kind)):
            found[int(year)] |= {unit: int(delivered), f"not_agreed_{unit}": int(unagreed)}
    return [Year(year, **found[year]) for year in sorted(found)]


def _things(reading: Reading, which: ColumnElement[bool], name: Any, slug: Any) -> list[Thing]:
    query = _authorised(select(name, slug, Need.thing, *_MEASURES), and_(which, Pledge.kind == NeedKind.IN_KIND))
    rows = reading.session.execute(query.order_by(name, Pledge.id))
    things = [Thing(row[0], row[1] or "", row[2] or "", Amounts(*row[3:])) for row in rows]
    return [one for one in things if one.amounts != Amounts()]


def _pledge_lines(reading: Reading, which: ColumnElement[bool], first: Any) -> list[PledgeLine]:
    by_year = _authorised(select(Pledge.id, _FINANCIAL_YEAR, func.sum(Delivery.counted)), which)
    by_year = by_year.join(Delivery, Delivery.pledge_id == Pledge.id).where(Delivery.counted > 0)
    delivered: dict[UUID, dict[int, int]] = defaultdict(dict)
    for pledge_id, year, amount in reading.session.execute(by_year.group_by(Pledge.id, _FINANCIAL_YEAR)):
        delivered[pledge_id][int(year)] = int(amount)
    columns = select(
            Pledge.id, Council.name, Council.gss_code, Project.title, Project.slug, Need.title, Pledge.kind, Need.thing,
            Pledge.status, *_MEASURES,
    )  # fmt: skip
    query = _authorised(columns, which)
    return [
        PledgeLine(
            row[0], row[1], row[2], row[3], row[4] or "", row[5], NeedKind(row[6]), row[7] or "", row[8],
            Amounts(*row[9:]), delivered.get(row[0], {}),
        )
        for row in reading.session.execute(query.order_by(first, Pledge.id))
    ]  # fmt: skip


def _together(amounts: Iterable[Amounts]) -> Amounts:
    total = Amounts()
    for one in amounts:
        total = total.plus(one)
    return total
