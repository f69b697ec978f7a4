"""A state machine of everything councils do to pledges, in any order: after each step the sums are those of the rows
and of an oracle that knows no solver, capped needs hold no more than their target, and each change is one event."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from pipeline.api.projects import ProjectSchema
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.kernel.errors import Refusal
from pipeline.kernel.ids import new_id
from pipeline.pledges import actions
from pipeline.pledges.actions.delivering import agree_delivery, record_delivery
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.delivery import Given
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.rules import Capacity, PledgeStatus
from pipeline.pledges.totals import differences
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind
from tests.conftest import empty
from tests.factories import Factory
from tests.pledges.test_actions import an_offer

pytestmark = pytest.mark.database

COUNCILS = 4
LIVE = ("authorised", "accepted", "committed", "delivered", "broken", "released")
WHICH = st.integers(0, 30)
CONDITIONS = st.lists(
    st.one_of(
        st.builds(Condition, kind=st.just(ConditionKind.COUNCILS), at_least=st.integers(1, 3)),
        st.builds(
            Condition, kind=st.just(ConditionKind.TOTAL), at_least=st.integers(5, 40), unit=st.just(NeedKind.TIME)
        ),
    ),
    max_size=2,
).map(tuple)


class Interleavings(RuleBasedStateMachine):
    """One project with an essential need and a capped one, its lead, and the officers and authorisers of councils."""

    app: Flask
    work: Callable[..., Any]
    seen: set[str]

    @initialize(mode=st.sampled_from(["all_or_nothing", "flexible"]))
    def begin(self, mode: str) -> None:
        empty(self.app)
        self.make = Factory(self.app)
        lead_council = self.make.council("Lead")
        lead = self.make.officer(lead_council)
        self.lead = self.make.actor(lead, lead_council)
        values: dict[str, Any] = {"mode": mode, "least_councils": 2}
        if mode == "flexible":
            values["decision_on"] = None
        self.project = self.make.project(lead_council, lead, **values)
        with self.make.session() as session:
            session.get_one(Council, lead_council.id).projects_led = 1
        self.needs = [
            self.make.need(self.project, target=12, is_essential=True, is_capped=False),
            self.make.need(self.project, target=15, is_essential=False, is_capped=True),
        ]
        councils = [self.make.council(f"Giver {number}") for number in range(COUNCILS)]
        self.officers = [self._actor(council) for council in councils]
        self.authorisers = [self._actor(council, Role.AUTHORISER) for council in councils]
        self.pledges: list[UUID] = []
        self.day = timedelta()

    def _actor(self, council: Council, *roles: Role) -> Actor:
        return self.make.actor(self.make.officer(council, *roles), council, *roles)

    def _try(self, actor: Actor, act: Callable[..., Any], **values: Any) -> Any:
        """Do something, on the day the story has come to; a refusal changes nothing."""
        with clock.moved(self.day):
            try:
                with self.work(actor) as work:
                    return act(work, **values)
            except Refusal:
                return None

    def _one(self, which: int, *statuses: str) -> UUID:
        """A pledge: rather one in these states, for which the act is meant, and any where there is none."""
        with self.make.session() as session:
            rows = session.execute(select(Pledge.id, Pledge.status).order_by(Pledge.id)).all()
        meant = [row.id for row in rows if row.status in statuses and which % 4]
        return (meant or self.pledges)[which % len(meant or self.pledges)]

    def _authoriser_of(self, pledge_id: UUID) -> Actor:
        with self.make.session() as session:
            council_id = session.get_one(Pledge, pledge_id).council_id
        return next(one for one in self.authorisers if one.council_id == council_id)

    @rule(who=st.integers(0, COUNCILS - 1), need=st.integers(0, 1), amount=st.integers(1, 12), conditions=CONDITIONS)
    def offer(self, who: int, need: int, amount: int, conditions: tuple[Condition, ...]) -> None:
        with clock.moved(self.day):
            until = clock.today() + timedelta(days=100) if conditions else None
            given = an_offer(amount, conditions=conditions, stands_until=until)
        made = self._try(self.officers[who], actions.offer_pledge, need_id=self.needs[need].id, offer=given)
        if made is not None:
            self.pledges.append(made.id)

    @rule(who=st.integers(0, COUNCILS - 1), amount=st.integers(3, 12), conditions=CONDITIONS)
    def offer_and_go_on_to_accepted(self, who: int, amount: int, conditions: tuple[Condition, ...]) -> None:
        number = len(self.pledges)
        self.offer(who, 0, amount, conditions)
        if len(self.pledges) > number:
            made = self.pledges[-1]
            self._try(self.authorisers[who], actions.authorise_pledge, pledge_id=made, capacity=Capacity.BUDGET_HOLDER)
            self._try(self.lead, actions.accept_pledge, pledge_id=made)

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH)
    def authorise(self, which: int) -> None:
        pledge_id = self._one(which, "offered")
        who = self._authoriser_of(pledge_id)
        self._try(who, actions.authorise_pledge, pledge_id=pledge_id, capacity=Capacity.BUDGET_HOLDER)

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH)
    def accept(self, which: int) -> None:
        pledge_id = self._one(which, "authorised")
        self._try(self.lead, actions.accept_pledge, pledge_id=pledge_id)

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH, act=st.sampled_from(["refuse", "decline", "withdraw"]))
    def say_no(self, which: int, act: str) -> None:
        pledge_id = self._one(which)
        who = self.lead if act == "decline" else self._authoriser_of(pledge_id)
        self._try(who, getattr(actions, f"{act}_pledge"), pledge_id=pledge_id, reason="Plans changed")

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH)
    def break_what_is_left(self, which: int) -> None:
        pledge_id = self._one(which, "committed")
        who = self._authoriser_of(pledge_id)
        self._try(who, actions.break_pledge, pledge_id=pledge_id, reason="Our officer left")

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH)
    def release_what_is_left(self, which: int) -> None:
        pledge_id = self._one(which, "committed")
        self._try(self.lead, actions.release_pledge, pledge_id=pledge_id, reason="Not needed any more")

    @precondition(lambda self: self.pledges)
    @rule(which=WHICH, amount=st.integers(1, 12), is_agreed=st.booleans())
    def deliver(self, which: int, amount: int, is_agreed: bool) -> None:
        pledge_id = self._one(which, "committed")
        with clock.moved(self.day):
            given = Given(amount=amount, delivered_on=clock.today())
        made = self._try(self._authoriser_of(pledge_id), record_delivery, pledge_id=pledge_id, given=given)
        if made is not None and is_agreed:
            self._try(self.lead, agree_delivery, delivery_id=made.id)

    @precondition(lambda self: self.pledges)
    @rule()
    def go_ahead(self) -> None:
        self._try(self.lead, actions.give_go_ahead, slug=self.project.slug)

    @precondition(lambda self: self.pledges)
    @rule(days=st.integers(1, 40))
    def let_time_pass(self, days: int) -> None:
        self.day += timedelta(days=days)
        for pledge_id in self.pledges:
            self._try(system("test"), actions.lapse_pledge, pledge_id=pledge_id)

    @invariant()
    def everything_adds_up(self) -> None:
        if not hasattr(self, "pledges"):
            return
        with self.work(system("test")) as work:
            assert [str(one) for one in differences(work)] == []
        with self.make.session() as session:
            pledges = list(session.scalars(select(Pledge).options(selectinload(Pledge.conditions))))
            project = session.get_one(Project, self.project.id)
            marks = {one.id: (one.is_counting, one.is_agreed) for one in pledges}
            pledged, agreed = oracle(pledges, LIVE), oracle(pledges, LIVE[1:])
            assert marks == {one.id: (one.id in pledged, one.id in agreed) for one in pledges}
            for need in session.scalars(select(Need)):
                self._check_need(need, [one for one in pledges if one.need_id == need.id], pledged, agreed)
                assert not need.is_capped or need.held <= need.target
            self._check_deliveries(pledges, list(session.scalars(select(Delivery))))
            assert project.status in ("open", "going_ahead", "lapsed")
        self._check_told(pledges)

    @invariant()
    def lists_show_what_the_rows_say(self) -> None:
        """The list writes a project once for each of its revisions; with `fields` it is written anew."""
        if not hasattr(self, "pledges"):
            return
        client, caller = self.app.test_client(), {"REMOTE_ADDR": str(new_id())}
        kept = client.get("/api/v1/projects", environ_base=caller).get_json()["data"]
        every = ",".join(ProjectSchema().fields.keys() - {"latest_update"})
        assert len(kept) == 1
        assert kept == client.get(f"/api/v1/projects?fields={every}", environ_base=caller).get_json()["data"]

    def _check_need(self, need: Need, pledges: list[Pledge], pledged: set[UUID], agreed: set[UUID]) -> None:
        assert need.pledged == sum(one.bound for one in pledges if one.id in pledged)
        assert need.agreed == sum(one.bound for one in pledges if one.id in agreed)
        assert need.committed == sum(one.bound for one in pledges if one.committed_at)
        assert need.delivered == sum(one.delivered for one in pledges)
        assert 0 <= need.committed <= need.agreed <= need.pledged <= need.held

    def _check_deliveries(self, pledges: list[Pledge], deliveries: list[Delivery]) -> None:
        for one in pledges:
            assert one.broken + one.released <= one.amount
            if one.status in ("broken", "released"):
                assert one.broken + one.released > 0
            if one.delivered:
                assert any(delivery.pledge_id == one.id for delivery in deliveries)

    def _check_told(self, pledges: list[Pledge]) -> None:
        """The log tells each pledge's story: its last step leads to where it stands, and no step is told twice."""
        with self.make.session() as session:
            events = list(session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)))
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        for pledge in pledges:
            steps = [
                event.payload["changes"]["status"]
                for event in events
                if event.subject_id == pledge.id and "status" in event.payload.get("changes", {})
            ]
            assert [before for before, _after in steps[1:]] == [after for _before, after in steps[:-1]]
            assert steps[-1][1] == pledge.status
            self.seen.add(pledge.status)


def oracle(pledges: list[Pledge], statuses: tuple[str, ...]) -> set[UUID]:
    """The largest consistent set, by striking one pledge at a time and looking at everything again."""
    standing = {one.id: one for one in pledges if one.status in statuses and one.bound > 0}
    while True:
        failing = [one for one in standing.values() if not one.committed_at and not holds(one, list(standing.values()))]
        if not failing:
            return set(standing)
        del standing[failing[0].id]


def holds(pledge: Pledge, among: list[Pledge]) -> bool:
    for one in pledge.conditions:
        if one.kind == "councils":
            have = len({other.council_id for other in among} - {pledge.council_id})
        else:
            have = sum(other.bound for other in among if other.kind == one.unit)
        if have < one.at_least:
            return False
    return True


def run(app: Flask, work: Callable[..., Any], number: int) -> set[str]:
    """Run a number of stories of at most 16 steps each; return the states in which pledges were seen."""

    class Machine(Interleavings):
        pass

    Machine.app, Machine.work, Machine.seen = app, staticmethod(work), set()  # type: ignore[assignment]
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=number,
            stateful_step_count=16,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )
    return Machine.seen


def test_whatever_is_done_in_whatever_order_everything_adds_up(app: Flask, work: Callable[..., Any]) -> None:
    run(app, work, 12)


@pytest.mark.drill
def test_a_thousand_stories_add_up_at_every_step(app: Flask, work: Callable[..., Any]) -> None:
    assert run(app, work, 1_000) == {status.value for status in PledgeStatus}
