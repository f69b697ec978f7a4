"""What counts, as the acts keep it: examples of conditions, the marks, the sums, what is told, the decision date."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.councils.models import Council
from pipeline.kernel import clock
from pipeline.kernel.actor import Role, system
from pipeline.kernel.errors import Conflict
from pipeline.pledges import actions
from pipeline.pledges.actions.deciding_dates import go_ahead
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.models import Pledge
from pipeline.pledges.policy import may_take_decision
from pipeline.projects.actions import ask_to_join
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import NeedKind
from tests.factories import Factory
from tests.pledges.test_actions import Scene, make_scene, refused

pytestmark = pytest.mark.database

IF_ONE_OTHER = (Condition(kind=ConditionKind.COUNCILS, at_least=1),)


class Stage(Scene):
    """A scene with several giving councils, each with an officer and an authoriser."""

    def joins(self, name: str) -> "Stage":
        council = self.make.council(name)
        officer = self.officer_of(council)
        authoriser = self.officer_of(council, Role.AUTHORISER)
        return Stage(
            self.make, self.work, self.lead_council, council, self.lead, officer, authoriser, authoriser,
            self.project, self.need,
        )  # fmt: skip

    def pledged(self, amount: int = 10, **values: Any) -> Pledge:
        return self.authorise(self.offer(amount, **values))

    def agreed(self, amount: int = 10, **values: Any) -> Pledge:
        return self.accept(self.pledged(amount, **values))

    def counts(self, *pledges: Pledge) -> list[bool]:
        return [self.row(Pledge, pledge.id).is_counting for pledge in pledges]

    def statuses(self, *pledges: Pledge) -> list[str]:
        return [self.row(Pledge, pledge.id).status for pledge in pledges]

    def change_project(self, **values: Any) -> None:
        with self.make.session() as session:
            row = session.get_one(Project, self.project.id)
            for name, value in values.items():
                setattr(row, name, value)

    def names(self) -> list[str]:
        return [event.name for event in self.events()]


@pytest.fixture
def stage(make: Factory, work: Callable[..., Any]) -> Stage:
    scene = make_scene(make, work)
    stage = Stage(**{name: getattr(scene, name) for name in Scene.__dataclass_fields__})
    with make.session() as session:
        need = session.get_one(Need, stage.need.id)
        need.is_capped, need.target = False, 40
    return stage


def test_an_offer_counts_for_nothing_and_two_that_wait_for_each_other_count_together(stage: Stage) -> None:
    a, b = stage.joins("A"), stage.joins("B")
    first = a.pledged(conditions=IF_ONE_OTHER)
    second = b.offer(10, conditions=IF_ONE_OTHER)
    assert stage.counts(first) == [False]
    assert stage.row(Pledge, second.id).would_begin == sorted([str(first.id), str(second.id)])

    b.authorise(second)

    assert stage.counts(first, second) == [True, True]
    assert stage.sums() == (20, 20, 0)
    assert stage.row(Project, stage.project.id).councils == 2
    assert stage.differences() == []


def test_beginning_and_stopping_to_count_is_told_after_its_cause(stage: Stage) -> None:
    a, b = stage.joins("A"), stage.joins("B")
    a.pledged(conditions=IF_ONE_OTHER)
    other = b.pledged()
    b.withdraw(other)
    names = [name for name in stage.names() if name != "authorisation.asked"]
    assert names == [
        "pledge.offered", "pledge.authorised", "pledge.offered", "pledge.authorised", "pledge.counting",
        "pledge.withdrawn", "pledge.waiting",
    ]  # fmt: skip
    assert stage.sums() == (10, 0, 0)
    assert stage.differences() == []


def test_a_sum_a_penny_short_is_short_and_a_penny_more_is_enough_for_all(stage: Stage) -> None:
    money = stage.make.need(stage.project, "funding", target=5_000_000, is_essential=False)
    today = clock.today()
    year = today.year if today.month >= 4 else today.year - 1

    def fund(who: Stage, pence: int, *conditions: Condition) -> Pledge:
        given = {
            "need": money, "from_on": None, "to_on": None, "first_financial_year": year, "last_financial_year": year,
            "spending": "revenue",
        }  # fmt: skip
        return who.authorise(who.offer(pence, conditions=conditions, **given))

    if_20_000 = Condition(kind=ConditionKind.TOTAL, at_least=2_000_000, unit=NeedKind.FUNDING)
    a, b, c, d = (stage.joins(name) for name in "ABCD")
    pledges = [fund(a, 800_000, if_20_000), fund(b, 700_000, if_20_000), fund(c, 499_999)]
    assert stage.counts(*pledges) == [False, False, True]
    pledges.append(fund(d, 1))
    assert stage.counts(*pledges) == [True] * 4
    assert stage.sums(money) == (2_000_000, 2_000_000, 0)
    assert stage.row(Project, stage.project.id).pledged_pence == 2_000_000
    assert stage.differences() == []


def test_a_condition_on_another_need_holds_when_that_need_is_met(stage: Stage) -> None:
    other = stage.make.need(stage.project, target=5, is_essential=False)
    a, b = stage.joins("A"), stage.joins("B")
    first = a.pledged(5, need=other, conditions=(Condition(kind=ConditionKind.NEED, need_id=stage.need.id),))
    assert stage.counts(first) == [False]
    second = b.pledged(40, conditions=(Condition(kind=ConditionKind.NEED, need_id=other.id),))
    assert stage.counts(first, second) == [True, True]
    assert stage.differences() == []


def test_in_a_flexible_project_what_counts_commits_when_it_is_accepted(stage: Stage) -> None:
    stage.change_project(mode="flexible", decision_on=None)
    a, b = stage.joins("A"), stage.joins("B")
    until = clock.today() + timedelta(days=90)
    first = a.agreed(conditions=IF_ONE_OTHER, stands_until=until)
    assert stage.statuses(first) == ["accepted"]
    second = b.agreed(conditions=IF_ONE_OTHER, stands_until=until)
    assert stage.statuses(first, second) == ["committed", "committed"]
    need = stage.row(Need, stage.need.id)
    assert (need.held, need.pledged, need.agreed, need.committed) == (20, 20, 20, 20)
    assert stage.row(Project, stage.project.id).committed_half_days == 20
    assert stage.differences() == []


def test_the_page_can_say_whose_acceptance_would_make_the_test_pass(stage: Stage) -> None:
    stage.change_project(least_councils=1)
    pledge = stage.pledged(40)
    project = stage.row(Project, stage.project.id)
    assert (project.is_passing, project.would_pass) == (False, [str(pledge.id)])
    stage.accept(pledge)
    project = stage.row(Project, stage.project.id)
    assert (project.is_passing, project.would_pass, project.agreed_councils) == (True, [], 1)


def test_the_lead_councils_own_pledge_fills_needs_and_is_no_other_council(stage: Stage) -> None:
    stage.change_project(least_councils=1)
    own = stage.officer_of(stage.lead_council)
    own_authoriser = stage.officer_of(stage.lead_council, Role.AUTHORISER)
    stage.authorise(stage.offer(40, actor=own), actor=own_authoriser)
    project = stage.row(Project, stage.project.id)
    assert (stage.sums(), project.agreed_councils, project.is_passing) == ((40, 40, 40), 0, False)


def test_after_its_date_an_act_first_takes_the_decision_and_then_is_answered(stage: Stage) -> None:
    stage.change_project(least_councils=1)
    accepted, authorised = stage.agreed(40), stage.pledged(4)
    day = stage.row(Project, stage.project.id).decision_on
    with clock.at(clock.end_of(day) + timedelta(seconds=1)):
        committed = stage.accept(authorised)
    assert stage.statuses(accepted) == ["committed"]
    assert committed.status == "committed"
    assert stage.names()[-5:] == [
        "project.test_passed", "project.going_ahead", "pledge.committed", "pledge.accepted", "pledge.committed",
    ]  # fmt: skip
    decided = next(event for event in stage.events() if event.name == "project.going_ahead")
    assert (decided.system, decided.officer_id) == ("decision dates", None)
    assert stage.differences() == []


def test_a_refused_act_still_leaves_the_decision_taken(stage: Stage) -> None:
    authorised = stage.pledged(4)
    day = stage.row(Project, stage.project.id).decision_on
    with clock.at(clock.end_of(day) + timedelta(seconds=1)):
        refused(Conflict, "pledge.wrong_step", stage.accept, authorised)
        assert stage.row(Project, stage.project.id).status == "lapsed"
        assert stage.statuses(authorised) == ["lapsed"]
        refused(Conflict, "pledge.wrong_step", stage.accept, authorised)
    assert [name for name in stage.names() if name in ("project.lapsed", "pledge.lapsed")] == [
        "project.lapsed", "pledge.lapsed",
    ]  # fmt: skip
    assert stage.differences() == []


def test_what_still_waits_at_the_date_lapses_though_the_project_went_ahead_before(stage: Stage) -> None:
    a, b = stage.joins("A"), stage.joins("B")
    a.agreed(40)
    waits = b.agreed(10, conditions=(Condition(kind=ConditionKind.COUNCILS, at_least=3),))
    with stage.work(system("test")) as work:
        work.require(may_take_decision(work.actor))
        go_ahead(work, work.session.get_one(Project, stage.project.id))
    assert stage.statuses(waits) == ["accepted"]
    day = stage.row(Project, stage.project.id).decision_on
    with clock.at(clock.end_of(day)), stage.work(system("test")) as work:
        assert actions.decide_if_due(work, work.session.get_one(Project, stage.project.id))
    assert stage.statuses(waits) == ["lapsed"]
    assert stage.differences() == []


def test_asking_to_join_after_the_date_takes_the_decision_first(stage: Stage) -> None:
    stage.pledged(4)
    day = stage.row(Project, stage.project.id).decision_on

    def ask() -> None:
        with stage.work(stage.joins("A").officer) as work:
            ask_to_join(work, slug=stage.project.slug or "", message="I can help")

    with clock.at(clock.end_of(day) + timedelta(seconds=1)):
        refused(Conflict, "project.takes_nobody", ask)
        assert stage.row(Project, stage.project.id).status == "lapsed"


def test_a_delivered_pledge_counts_for_others_as_the_register_says_today(stage: Stage) -> None:
    a, b = stage.joins("A"), stage.joins("B")
    stage.make.council("Elsewhere in Wales", region="Wales")
    waits = a.pledged(10, conditions=(Condition(kind=ConditionKind.COUNCILS, at_least=1, of_region="Wales"),))
    given = b.pledged(5)
    with stage.make.session() as session:
        row = session.get_one(Pledge, given.id)
        row.status, row.is_agreed, row.delivered = "delivered", True, 5
        row.accepted_at = row.committed_at = row.authorised_at
        session.get_one(Council, b.giver.id).region = "Wales"
    with stage.work(system("flask councils")) as work:
        work.require(may_take_decision(work.actor))
        assert actions.count_anew_for(work, council_ids=[b.giver.id]) == 1
    assert stage.row(Pledge, waits.id).is_counting
    assert stage.sums() == (15, 15, 5)


def test_what_counts_follows_the_register_when_a_council_is_described_anew(stage: Stage) -> None:
    a, b = stage.joins("A"), stage.joins("B")
    stage.make.council("Elsewhere in Wales", nation="Wales")
    waits = a.pledged(10, conditions=(Condition(kind=ConditionKind.COUNCILS, at_least=1, of_nation="Wales"),))
    b.pledged(5)
    assert stage.sums()[1] == 5
    with stage.make.session() as session:
        session.get_one(Council, b.giver.id).nation = "Wales"
    with stage.work(system("flask councils")) as work:
        work.require(may_take_decision(work.actor))
        assert actions.count_anew_for(work, council_ids=[b.giver.id]) == 1
    assert stage.sums()[1] == 15
    assert stage.statuses(waits) == ["authorised"]
    assert stage.differences() == []
