"""Changing what councils pledge on: with a reason while a pledge stands, in time, and told to everybody."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotAllowed, Refusal, RuleBroken
from pipeline.kernel.working_days import after_working_days, before_working_days
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.decision_dates import lapse_past_their_dates
from pipeline.pledges.models import Pledge
from pipeline.projects.actions.keeping import terms_of
from pipeline.projects.models import Need, Project, TermsChange
from pipeline.projects.rules import Mode, NeedKind, NeedTerms, months_after
from pipeline.projects.terms import Terms
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database

WHY = "We found out more."


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def refused(refusal: type[Refusal], code: str, act: Callable[..., Any], *args: Any, **values: Any) -> Refusal:
    with pytest.raises(refusal) as caught:
        act(*args, **values)
    assert caught.value.code == code
    return caught.value


def change(scene: Scene, reason: str = WHY, need: Need | None = None, **values: Any) -> Need:
    """Change the scene's need in some of its terms."""
    row = scene.row(Need, (need or scene.need).id)
    terms = {name: getattr(terms_of(row), name) for name in NeedTerms.__dataclass_fields__} | values
    changed: Need = scene.as_lead(
        actions.change_need, need_id=row.id, version=row.version, terms=NeedTerms(**terms), reason=reason
    )
    return changed


def kept(scene: Scene) -> list[tuple[dict[str, Any], str]]:
    with scene.make.session() as session:
        rows = session.scalars(select(TermsChange).order_by(TermsChange.changed_at, TermsChange.id))
        return [(row.changes, row.reason) for row in rows]


def decided_on(scene: Scene) -> date:
    day = scene.now().decision_on
    assert day is not None
    return day


def test_while_nothing_is_pledged_terms_change_freely(scene: Scene) -> None:
    change(scene, reason="", target=8_000_00)
    scene.as_lead(actions.change_terms, slug=scene.slug, terms=Terms(mode=Mode.ALL_OR_NOTHING, least_councils=2))
    assert scene.now().least_councils == 2
    assert scene.now().terms_changed_at is None
    assert kept(scene) == []


def test_while_a_pledge_stands_a_change_of_terms_needs_a_reason_and_is_kept_old_and_new(scene: Scene) -> None:
    scene.offer("A", 100_00)
    refused(RuleBroken, "project.reason_missing", change, scene, reason="", target=8_000_00)
    change(scene, target=8_000_00)
    assert kept(scene) == [({"target": [10_000_00, 8_000_00]}, WHY)]
    told = [event for event in scene.events() if event.name == "project.terms_changed"]
    assert [(event.payload["changes"], event.audience) for event in told] == [
        ({"target": [10_000_00, 8_000_00]}, "public")
    ]
    assert WHY not in str([event.payload for event in scene.events()])


def test_a_welcome_need_and_words_change_without_a_reason(scene: Scene) -> None:
    welcome = scene.make.need(scene.project, "funding", target=100_00)
    scene.offer("A", 100_00, need=welcome)
    change(scene, reason="", need=welcome, target=200_00)
    change(scene, reason="", title="In other words")
    assert scene.now().terms_changed_at is None


def test_for_five_working_days_after_it_nobody_gives_the_go_ahead(scene: Scene) -> None:
    scene.accepted("A", 9_000_00)
    change(scene, target=8_000_00)
    assert scene.now().is_passing
    refused(Conflict, "project.terms_just_changed", scene.as_lead, actions.give_go_ahead, slug=scene.slug)
    last = after_working_days(clock.today(), 5, "England")
    with clock.moved(last - clock.today()):
        refused(Conflict, "project.terms_just_changed", scene.as_lead, actions.give_go_ahead, slug=scene.slug)
    with clock.moved(last + timedelta(days=1) - clock.today()):
        scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    assert scene.now().status == "going_ahead"


def test_in_the_last_five_working_days_before_the_date_terms_stay(scene: Scene) -> None:
    scene.accepted("A", 100_00)
    scene.make.need(scene.project, "funding", target=100_00, is_essential=True)
    frozen = before_working_days(decided_on(scene), 5, "England")
    more = Terms(mode=Mode.ALL_OR_NOTHING, least_councils=3)
    with clock.moved(frozen - clock.today()):
        refused(Conflict, "project.terms_frozen", change, scene, target=8_000_00)
        refused(
            Conflict, "project.terms_frozen", scene.as_lead, actions.change_terms, slug=scene.slug, terms=more,
            reason=WHY,
        )  # fmt: skip
        refused(Conflict, "project.terms_frozen", scene.as_lead, actions.drop_need, need_id=scene.need.id, reason=WHY)
    with clock.moved(frozen - timedelta(days=1) - clock.today()):
        change(scene, target=8_000_00)


def test_an_essential_need_is_added_or_dropped_as_a_change_of_terms(scene: Scene) -> None:
    scene.accepted("A", 100_00)
    terms = NeedTerms(kind=NeedKind.FUNDING, title="More", target=5_00, is_essential=True, is_capped=False)
    refused(RuleBroken, "project.reason_missing", scene.as_lead, actions.add_need, slug=scene.slug, terms=terms)
    scene.as_lead(actions.add_need, slug=scene.slug, terms=terms, reason=WHY)
    scene.as_lead(actions.drop_need, need_id=scene.need.id, reason=WHY)
    assert [changes for changes, _reason in kept(scene)] == [{"target": [None, 5_00]}, {"status": ["open", "dropped"]}]
    assert scene.names().count("project.terms_changed") == 2
    refused(Conflict, "project.terms_just_changed", _pass_and_go, scene)


def _pass_and_go(scene: Scene) -> None:
    with scene.make.session() as session:
        new = session.scalars(select(Need).where(Need.title == "More")).one()
    scene.accepted("B", 5_00, need=new)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)


def test_the_test_always_has_something_to_look_at(scene: Scene) -> None:
    refused(RuleBroken, "project.nothing_to_test", change, scene, is_essential=False)
    refused(RuleBroken, "project.nothing_to_test", scene.as_lead, actions.drop_need, need_id=scene.need.id, reason=WHY)
    with scene.make.session() as session:
        session.get_one(Need, scene.need.id).is_essential = False
    none = Terms(mode=Mode.ALL_OR_NOTHING, least_councils=0)
    refused(RuleBroken, "project.nothing_to_test", scene.as_lead, actions.change_terms, slug=scene.slug, terms=none)


def test_fewer_councils_make_the_test_pass_but_not_at_once(scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).least_councils = 2
    scene.accepted("A", 10_000_00)
    assert not scene.now().is_passing
    fewer = Terms(mode=Mode.ALL_OR_NOTHING, least_councils=1)
    scene.as_lead(actions.change_terms, slug=scene.slug, terms=fewer, reason=WHY)
    assert scene.now().is_passing
    assert kept(scene) == [({"least_councils": [2, 1]}, WHY)]
    refused(Conflict, "project.terms_just_changed", scene.as_lead, actions.give_go_ahead, slug=scene.slug)


def test_the_mode_changes_until_a_pledge_was_authorised(scene: Scene) -> None:
    scene.offer("A", 100_00)
    flexible = {"slug": scene.slug, "terms": Terms(mode=Mode.FLEXIBLE), "reason": WHY}
    scene.as_lead(actions.change_terms, **flexible)
    row = scene.now()
    assert (row.mode, row.decision_on, row.least_councils) == ("flexible", None, 0)
    back = Terms(mode=Mode.ALL_OR_NOTHING, decision_on=clock.today())
    again = {"slug": scene.slug, "reason": WHY}
    refused(RuleBroken, "project.decision_on_out_of_range", scene.as_lead, actions.change_terms, terms=back, **again)
    day = clock.today() + timedelta(days=100)
    scene.as_lead(actions.change_terms, terms=Terms(mode=Mode.ALL_OR_NOTHING, decision_on=day), **again)
    assert scene.now().decision_on == day
    pledge = scene.authorised("B", 100_00)
    scene.withdraw("B", pledge)
    refused(Conflict, "project.mode_fixed", scene.as_lead, actions.change_terms, **flexible)


def test_an_offer_that_waits_stands_at_most_six_months_once_no_date_ends_its_wait(scene: Scene) -> None:
    one_other = Condition(kind=ConditionKind.COUNCILS, at_least=1)
    waits, plain = scene.offer("A", 100_00, one_other), scene.offer("B", 100_00)
    known = decided_on(scene)
    scene.as_lead(actions.change_terms, slug=scene.slug, terms=Terms(mode=Mode.FLEXIBLE), reason=WHY)
    assert scene.row(Pledge, waits.id).stands_until == min(known, months_after(clock.today(), 6))
    assert scene.row(Pledge, plain.id).stands_until is None
    changed = [event for event in scene.events() if event.name == "pledge.changed"]
    assert [(one.subject_id, one.officer_id, one.council_id) for one in changed] == [
        (waits.id, None, scene.side("A").council.id)
    ]
    assert scene.names()[-2:] == ["project.terms_changed", "pledge.changed"]
    scene.authorise("A", waits)
    with clock.moved(months_after(clock.today(), 6) + timedelta(days=2) - clock.today()):
        scene.worker(lapse_past_their_dates)
    assert scene.status(waits) == ["lapsed"]


def test_an_offer_is_authorised_by_the_date_that_comes_with_new_terms(make: Factory, work: Callable[..., Any]) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    late = scene.offer("A", 100_00, sign_off_by=after_working_days(clock.today(), 40, "England"))
    decision_on = after_working_days(clock.today(), 15, "England")
    terms = Terms(mode=Mode.ALL_OR_NOTHING, decision_on=decision_on, least_councils=1)
    scene.as_lead(actions.change_terms, slug=scene.slug, terms=terms, reason=WHY)
    row = scene.row(Pledge, late.id)
    assert row.sign_off_by == decision_on
    assert row.nudge_on is not None
    assert row.nudge_on < decision_on


def test_a_pledge_that_waits_for_a_need_reads_otherwise_once_that_asks_for_something_else(scene: Scene) -> None:
    welcome = scene.make.need(scene.project, "funding", target=100_00)
    waits = scene.authorised("A", 50_00, Condition(kind=ConditionKind.NEED, need_id=welcome.id))
    plain = scene.authorised("B", 50_00)

    def revisions() -> list[int]:
        return [scene.row(Pledge, one.id).revision for one in (waits, plain)]

    first, other = revisions()
    change(scene, need=welcome, title="In other words")
    assert revisions() == [first, other]
    change(scene, need=welcome, target=200_00)
    assert revisions() == [first + 1, other]
    scene.as_lead(actions.drop_need, need_id=welcome.id, reason=WHY)
    assert revisions() == [first + 2, other]
    assert scene.differences() == []


def test_a_need_is_not_capped_while_a_council_has_two_offers_there_that_nobody_authorised(scene: Scene) -> None:
    first, second = scene.offer("A", 1_000_00), scene.offer("A", 2_000_00)
    scene.offer("B", 1_000_00)
    refusal = refused(Conflict, "need.unsigned_offers", change, scene, is_capped=True)
    assert isinstance(refusal, Conflict)
    assert refusal.allowed == ("decline",)
    assert not scene.row(Need, scene.need.id).is_capped
    scene.authorise("A", first)
    assert change(scene, is_capped=True).is_capped
    assert scene.status(first, second) == ["authorised", "offered"]
    assert scene.differences() == []


def test_only_a_lead_changes_terms(scene: Scene) -> None:
    with pytest.raises(NotAllowed), scene.work(scene.side("A").officer) as work:
        actions.change_terms(work, slug=scene.slug, terms=Terms(mode=Mode.FLEXIBLE), reason=WHY)
    with pytest.raises(NotAllowed), scene.work(scene.side("A").officer) as work:
        actions.move_date(work, slug=scene.slug, decision_on=decided_on(scene) + timedelta(days=9), reason=WHY)


def test_the_date_moves_once_later_and_by_at_most_six_months(scene: Scene) -> None:
    old = decided_on(scene)
    move = {"slug": scene.slug, "reason": WHY}
    for wrong in (old, old - timedelta(days=1), old + timedelta(days=200)):
        refused(
            RuleBroken, "project.decision_on_out_of_range", scene.as_lead, actions.move_date, decision_on=wrong, **move
        )
    new = old + timedelta(days=30)
    refused(
        RuleBroken, "project.reason_missing", scene.as_lead, actions.move_date, slug=scene.slug, decision_on=new,
        reason="",
    )  # fmt: skip
    scene.as_lead(actions.move_date, decision_on=new, **move)
    assert decided_on(scene) == new
    assert kept(scene) == [({"decision_on": [old.isoformat(), new.isoformat()]}, WHY)]
    later = new + timedelta(days=1)
    refused(Conflict, "project.date_moved_before", scene.as_lead, actions.move_date, decision_on=later, **move)


def test_a_date_that_has_passed_is_not_moved(scene: Scene) -> None:
    old = decided_on(scene)
    with clock.moved(old + timedelta(days=1) - clock.today()):
        refused(
            Conflict, "project.wrong_status", scene.as_lead, actions.move_date, slug=scene.slug,
            decision_on=old + timedelta(days=30), reason=WHY,
        )  # fmt: skip
    assert scene.now().status == "lapsed"


def test_a_need_that_is_met_by_a_lower_target_says_so(scene: Scene) -> None:
    scene.accepted("A", 8_000_00)
    before = len(scene.events())
    change(scene, target=8_000_00)
    assert scene.names(before) == ["need.changed", "project.terms_changed", "need.met"]
    before = len(scene.events())
    change(scene, target=9_000_00)
    assert "need.unmet" in scene.names(before)
