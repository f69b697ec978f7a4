"""A project with its leads and several councils, each with an officer and an authoriser: for tests of how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity, Offer, Spending, financial_year
from pipeline.pledges.totals import differences
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind
from tests.factories import Factory


@dataclass
class Side:
    """A council that pledges: its officer offers, its authoriser authorises."""

    council: Council
    officer: Actor
    authoriser: Actor


@dataclass
class Scene:
    """A project of Lead, asking for £10,000 (essential), and councils that pledge to it."""

    make: Factory
    work: Callable[..., Any]
    lead_council: Council
    lead: Actor
    project: Project
    need: Need
    sides: dict[str, Side] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.project.slug or str(self.project.id)

    def side(self, name: str) -> Side:
        if name not in self.sides:
            council = self.make.council(name)
            officer = self.make.actor(self.make.officer(council), council)
            authoriser = self.make.actor(self.make.officer(council, Role.AUTHORISER), council, Role.AUTHORISER)
            self.sides[name] = Side(council, officer, authoriser)
        return self.sides[name]

    def offer(
        self, name: str, pence: int, *conditions: Condition, need: Need | None = None, replaces: Pledge | None = None,
        **values: Any,
    ) -> Pledge:  # fmt: skip
        need = need or self.need
        with self.work(self.side(name).officer) as work:
            return actions.offer_pledge(
                work, need_id=need.id, offer=an_offer(need, pence, conditions=conditions, **values),
                replaces_id=replaces.id if replaces else None,
            )  # fmt: skip

    def authorised(self, name: str, pence: int, *conditions: Condition, **values: Any) -> Pledge:
        return self.authorise(name, self.offer(name, pence, *conditions, **values))

    def authorise(self, name: str, pledge: Pledge) -> Pledge:
        with self.work(self.side(name).authoriser) as work:
            return actions.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)

    def accepted(self, name: str, pence: int, *conditions: Condition, **values: Any) -> Pledge:
        return self.accept(self.authorised(name, pence, *conditions, **values))

    def accept(self, pledge: Pledge) -> Pledge:
        return self.as_lead(actions.accept_pledge, pledge_id=pledge.id)

    def withdraw(self, name: str, pledge: Pledge) -> Pledge:
        with self.work(self.side(name).officer) as work:
            return actions.withdraw_pledge(work, pledge_id=pledge.id, reason="Plans changed")

    def as_lead(self, act: Callable[..., Any], **values: Any) -> Any:
        with self.work(self.lead) as work:
            return act(work, **values)

    def worker(self, duty: Callable[[], None]) -> None:
        with self.make.app.app_context():
            duty()

    def row(self, of: type[Any], row_id: UUID) -> Any:
        with self.make.session() as session:
            return session.get_one(of, row_id)

    def status(self, *pledges: Pledge) -> list[str]:
        return [self.row(Pledge, pledge.id).status for pledge in pledges]

    def now(self) -> Project:
        found: Project = self.row(Project, self.project.id)
        return found

    def sums(self, need: Need | None = None) -> tuple[int, int, int, int]:
        row = self.row(Need, (need or self.need).id)
        return row.held, row.pledged, row.agreed, row.committed

    def events(self) -> list[LoggedEvent]:
        with self.make.session() as session:
            return list(session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)))

    def names(self, after: int = 0) -> list[str]:
        return [event.name for event in self.events()[after:]]

    def differences(self) -> list[str]:
        with self.work(system("test")) as work:
            return [str(one) for one in differences(work)]


def an_offer(need: Need, amount: int, **values: Any) -> Offer:
    """An offer of a need's kind, to be decided within a week."""
    today = clock.today()
    by_kind: dict[str, dict[str, Any]] = {
        NeedKind.TIME: {"from_on": today, "to_on": today + timedelta(days=60)},
        NeedKind.FUNDING: {
            "first_financial_year": financial_year(today), "last_financial_year": financial_year(today),
            "spending": Spending.REVENUE,
        },
        NeedKind.IN_KIND: {"worth_pence": 100},
    }  # fmt: skip
    defaults = {"amount": amount, "sign_off_by": today + timedelta(days=7), **by_kind[need.kind]}
    return Offer(**defaults | values)


def make_scene(make: Factory, work: Callable[..., Any], **values: Any) -> Scene:
    """A scene; `values` are the project's own."""
    council = make.council("Lead")
    lead = make.officer(council)
    project = make.project(council, lead, **values)
    with make.session() as session:
        session.get_one(Council, council.id).projects_led = 1
    need = make.need(project, "funding", target=10_000_00, is_essential=True)
    return Scene(make, work, council, make.actor(lead, council), project, need)
