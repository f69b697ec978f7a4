"""What the acts on deliveries do: what counts, where the pledge stands, the sums, the events, and what they refuse."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, RuleBroken
from pipeline.pledges import actions
from pipeline.pledges.actions.delivering import count_unanswered_delivery
from pipeline.pledges.actions.ending import stop_project
from pipeline.pledges.deliveries import deliveries_waiting_for, entry_of, ledger_of
from pipeline.pledges.delivery import Given, counted
from pipeline.pledges.delivery_dates import break_what_has_not_come, count_unanswered
from pipeline.pledges.models import Delivery, NotCome, Pledge
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.pledges.test_actions import Scene, make_scene, refused

pytestmark = pytest.mark.database


@dataclass
class Work:
    """A flexible project of Lead to which Giver has committed ten half-days; another lead and another member."""

    scene: Scene
    pledge: Pledge
    colleague: Actor
    second_lead: Actor

    def record(
        self, amount: int = 4, actor: Actor | None = None, pledge: Pledge | None = None, **values: Any
    ) -> Delivery:
        given = Given(
            amount=amount, delivered_on=values.pop("day", clock.today()), note=values.pop("note", "Workshops")
        )
        with self.scene.work(actor or self.colleague) as work:
            return actions.record_delivery(work, pledge_id=(pledge or self.pledge).id, given=given)

    def correct(self, delivery: Delivery, amount: int, actor: Actor | None = None) -> Delivery:
        given = Given(amount=amount, delivered_on=clock.today(), note="It was less")
        with self.scene.work(actor or self.colleague) as work:
            return actions.correct_delivery(work, delivery_id=delivery.id, given=given)

    def agree(self, delivery: Delivery, actor: Actor | None = None) -> Delivery:
        with self.scene.work(actor or self.scene.lead) as work:
            return actions.agree_delivery(work, delivery_id=delivery.id)

    def dispute(self, delivery: Delivery, amount: int, actor: Actor | None = None) -> Delivery:
        with self.scene.work(actor or self.scene.lead) as work:
            return actions.dispute_delivery(work, delivery_id=delivery.id, amount=amount, note="Not so much")

    def break_(self, actor: Actor | None = None, reason: str = "No staff left", pledge: Pledge | None = None) -> Pledge:
        with self.scene.work(actor or self.scene.authoriser) as work:
            return actions.break_pledge(work, pledge_id=(pledge or self.pledge).id, reason=reason)

    def release(
        self, actor: Actor | None = None, reason: str = "No longer needed", pledge: Pledge | None = None
    ) -> Pledge:
        with self.scene.work(actor or self.scene.lead) as work:
            return actions.release_pledge(work, pledge_id=(pledge or self.pledge).id, reason=reason)

    def not_come(self, actor: Actor | None = None) -> NotCome:
        with self.scene.work(actor or self.scene.lead) as work:
            return actions.say_not_come(work, pledge_id=self.pledge.id, note="Nobody came")

    def explain(self, actor: Actor | None = None, answer: str = "In May") -> NotCome:
        with self.scene.work(actor or self.colleague) as work:
            return actions.answer_not_come(work, pledge_id=self.pledge.id, answer=answer)

    def stands(self) -> tuple[str, int, int, int]:
        pledge = self.scene.row(Pledge, self.pledge.id)
        return pledge.status, pledge.delivered, pledge.broken, pledge.released

    def need(self) -> tuple[int, int, int, int, int]:
        need = self.scene.row(Need, self.pledge.need_id)
        return need.held, need.pledged, need.agreed, need.committed, need.delivered

    def waiting_for(self, actor: Actor) -> list[Any]:
        with self.scene.work(actor) as work:
            return deliveries_waiting_for(work)

    def last(self, number: int = 1) -> list[tuple[str, str]]:
        return self.scene.told()[-number:]


@pytest.fixture
def place(make: Factory, work: Callable[..., Any]) -> Work:
    return make_work(make, work)


def make_work(make: Factory, work: Callable[..., Any], amount: int = 10) -> Work:
    scene = make_scene(make, work)
    with make.session() as session:
        session.get_one(Project, scene.project.id).mode = "flexible"
    second = make.officer(scene.lead_council)
    make.person(scene.project, second, scene.lead_council, role="lead")
    pledge = scene.offer(amount)
    scene.authorise(pledge)
    scene.accept(pledge)
    assert scene.row(Pledge, pledge.id).status == "committed"
    return Work(scene, pledge, scene.officer_of(scene.giver), make.actor(second, scene.lead_council))


def test_a_recorded_delivery_counts_for_nothing_until_the_other_side_agrees(place: Work) -> None:
    delivery = place.record(4)
    assert place.stands() == ("committed", 0, 0, 0)
    assert place.last() == [("delivery.recorded", "public")]
    place.agree(delivery)
    assert place.stands() == ("committed", 4, 0, 0)
    assert place.need() == (10, 10, 10, 10, 4)
    project = place.scene.row(Project, place.scene.project.id)
    assert (project.committed_half_days, project.delivered_half_days) == (10, 4)
    assert place.last() == [("delivery.agreed", "public")]
    assert place.scene.events()[-1].payload["changes"] == {"delivered": [0, 4]}


def test_a_pledge_is_delivered_when_nothing_is_still_to_come(place: Work) -> None:
    place.agree(place.record(4))
    place.agree(place.record(6))
    assert place.stands() == ("delivered", 10, 0, 0)
    assert place.last(2) == [("delivery.agreed", "public"), ("pledge.delivered", "public")]
    pledge = place.scene.row(Pledge, place.pledge.id)
    assert pledge.ended_at is not None
    assert pledge.is_counting
    assert place.need() == (10, 10, 10, 10, 10)


def test_more_than_was_promised_takes_no_room(place: Work) -> None:
    place.agree(place.record(14))
    place.agree(place.record(3))
    assert place.stands() == ("delivered", 17, 0, 0)
    assert place.need() == (10, 10, 10, 10, 17)


def test_a_disputed_delivery_counts_at_the_lower_figure_and_may_be_agreed_later(place: Work) -> None:
    delivery = place.record(10)
    place.dispute(delivery, 7)
    assert place.stands() == ("committed", 7, 0, 0)
    row = place.scene.row(Delivery, delivery.id)
    assert (row.amount, row.disputed_amount, row.counted, row.answer) == (10, 7, 7, "disputed")
    place.agree(delivery, place.second_lead)
    assert place.stands() == ("delivered", 10, 0, 0)
    row = place.scene.row(Delivery, delivery.id)
    assert (row.disputed_amount, row.counted, row.answer) == (7, 10, "agreed")


def test_what_a_lead_recorded_the_pledging_council_agrees(place: Work) -> None:
    delivery = place.record(4, place.scene.lead)
    assert place.scene.row(Delivery, delivery.id).side == "lead"
    refused(NotAllowed, "delivery.not_the_other_side", place.agree, delivery, place.second_lead)
    place.agree(delivery, place.colleague)
    assert place.stands() == ("committed", 4, 0, 0)


def test_whoever_offered_or_authorised_never_agrees_but_may_give_a_lower_figure(place: Work) -> None:
    delivery = place.record(4, place.scene.lead)
    for actor in (place.scene.officer, place.scene.authoriser):
        refused(NotAllowed, "pledge.both_sides", place.agree, delivery, actor)
    place.dispute(delivery, 3, place.scene.officer)
    assert place.stands() == ("committed", 3, 0, 0)


def test_a_lead_who_offered_answers_nothing_for_the_project(place: Work, make: Factory) -> None:
    offerer = place.scene.officer
    own = make.council("Both")
    with make.session() as session:
        officer = session.get_one(type(make.officer()), offerer.officer_id)
    make.membership(officer, own)
    make.person(place.scene.project, officer, own, role="lead")
    delivery = place.record(4)
    as_lead = make.actor(officer, own)
    refused(NotAllowed, "pledge.both_sides", place.agree, delivery, as_lead)
    refused(NotAllowed, "pledge.both_sides", place.dispute, delivery, 1, as_lead)


def test_who_recorded_does_not_answer_by_any_account(place: Work, make: Factory) -> None:
    recorder = make.officer(place.scene.giver, address="pat@giver.example")
    twin = make.officer(place.scene.lead_council, address="p.at@giver.example", person_key=recorder.person_key)
    make.person(place.scene.project, twin, place.scene.lead_council, role="lead")
    delivery = place.record(4, make.actor(recorder, place.scene.giver))
    as_lead = make.actor(twin, place.scene.lead_council)
    refused(NotAllowed, "delivery.own_entry", place.agree, delivery, as_lead)
    refused(NotAllowed, "delivery.own_entry", place.dispute, delivery, 1, as_lead)
    assert place.stands() == ("committed", 0, 0, 0)


def test_others_neither_record_nor_answer_nor_end(place: Work, make: Factory) -> None:
    stranger = place.scene.officer_of(make.council("Elsewhere"), Role.AUTHORISER, Role.COUNCIL_ADMIN)
    colleague_of_lead = place.scene.officer_of(place.scene.lead_council)
    delivery = place.record(4)
    for actor in (stranger, colleague_of_lead):
        refused(NotAllowed, "delivery.not_a_side", place.record, 1, actor)
        refused(NotAllowed, "delivery.not_the_other_side", place.agree, delivery, actor)
        refused(NotAllowed, "delivery.not_your_entry", place.correct, delivery, 1, actor)
        refused(NotAllowed, "pledge.may_not_break", place.break_, actor)
        refused(NotAllowed, "pledge.not_a_lead", place.release, actor)
        refused(NotAllowed, "pledge.not_a_lead", place.not_come, actor)
        refused(NotAllowed, "pledge.not_its_council", place.explain, actor)
    refused(NotAllowed, "pledge.may_not_break", place.break_, place.colleague)
    refused(NotAllowed, "pledge.not_a_lead", place.release, place.scene.authoriser)


def test_only_committed_pledges_are_delivered(place: Work) -> None:
    offered = place.scene.offer(3)
    refusal = refused(Conflict, "pledge.wrong_step", place.record, 1, None, offered)
    assert isinstance(refusal, Conflict)
    assert "withdraw" in refusal.allowed
    for act in (place.break_, place.release):
        refused(Conflict, "pledge.wrong_step", act, pledge=offered)


def test_what_is_recorded_is_checked(place: Work) -> None:
    refused(RuleBroken, "delivery.amount", place.record, 0)
    refused(RuleBroken, "delivery.day_in_future", place.record, 1, day=clock.today() + timedelta(days=1))
    refused(RuleBroken, "delivery.day_too_early", place.record, 1, day=clock.today() - timedelta(days=1))
    refused(RuleBroken, "delivery.note_too_long", place.record, 1, note="x" * 1_001)
    refused(RuleBroken, "delivery.not_lower", place.dispute, place.record(4), 4)


def test_a_correction_takes_the_place_of_an_entry_once_it_counts(place: Work) -> None:
    first = place.record(10)
    place.agree(first)
    assert place.stands()[0] == "delivered"
    second = place.correct(first, 8)
    assert place.stands() == ("delivered", 10, 0, 0)
    refused(Conflict, "delivery.corrected", place.correct, first, 7)
    refused(Conflict, "delivery.corrected", place.agree, first)
    place.agree(second)
    assert place.stands() == ("committed", 8, 0, 0)
    assert place.last() == [("pledge.still_to_come", "public")]
    assert place.scene.events()[-1].payload["changes"] == {"status": ["delivered", "committed"]}
    assert place.scene.row(Delivery, first.id).counted == 0
    assert place.scene.row(Delivery, first.id).amount == 10
    assert place.need() == (10, 10, 10, 10, 8)


def test_only_the_side_that_recorded_corrects(place: Work) -> None:
    delivery = place.record(4)
    refused(NotAllowed, "delivery.not_your_entry", place.correct, delivery, 2, place.scene.lead)
    nothing = place.correct(delivery, 0)
    place.agree(nothing)
    assert place.stands() == ("committed", 0, 0, 0)


def test_a_delivery_nobody_answers_counts_after_twenty_working_days(place: Work) -> None:
    delivery = place.record(10)
    count_at(place, timedelta(days=26))
    assert place.stands() == ("committed", 0, 0, 0)
    count_at(place, timedelta(days=45))
    assert place.stands() == ("delivered", 10, 0, 0)
    row = place.scene.row(Delivery, delivery.id)
    assert (row.answer, row.counted) == (None, 10)
    assert [name for name, _audience in place.last(2)] == ["delivery.counted", "pledge.delivered"]
    number = len(place.scene.events())
    count_at(place, timedelta(days=46))
    assert len(place.scene.events()) == number
    place.dispute(delivery, 6)
    assert place.stands() == ("committed", 6, 0, 0)


def count_at(place: Work, later: timedelta) -> None:
    with clock.moved(later), place.scene.make.app.app_context():
        count_unanswered()
        break_what_has_not_come()


def test_only_the_clock_lets_what_is_unanswered_count(place: Work) -> None:
    delivery = place.record(4)

    def count(actor: Actor) -> None:
        with place.scene.work(actor) as work:
            count_unanswered_delivery(work, delivery_id=delivery.id)

    refused(NotAllowed, "delivery.not_the_clock", count, place.scene.lead)
    refused(Conflict, "delivery.not_due", count, system("test"))


def test_a_broken_pledge_gives_back_the_room_of_what_is_left(place: Work) -> None:
    place.agree(place.record(4))
    place.break_()
    assert place.stands() == ("broken", 4, 6, 0)
    assert place.need() == (4, 4, 4, 4, 4)
    pledge = place.scene.row(Pledge, place.pledge.id)
    assert pledge.reason == "No staff left"
    assert place.last() == [("pledge.broken", "public")]
    assert place.scene.events()[-1].payload["changes"] == {"status": ["committed", "broken"], "broken": [0, 6]}
    assert place.scene.differences() == []


def test_a_released_pledge_gives_back_the_room_of_what_is_left(place: Work) -> None:
    place.release()
    assert place.stands() == ("released", 0, 0, 10)
    assert place.need() == (0, 0, 0, 0, 0)
    refused(Conflict, "pledge.wrong_step", place.record, 1)
    refused(Conflict, "pledge.wrong_step", place.break_)


def test_an_end_needs_a_reason_without_anybodys_address(place: Work, make: Factory) -> None:
    make.officer(address="known@council.example")
    for act in (place.break_, place.release):
        refused(RuleBroken, "pledge.reason_missing", act, reason="")
        refused(RuleBroken, "text.holds_address", act, reason="Ask known@council.example")


def test_what_waits_for_an_answer_is_not_broken_with_the_rest(place: Work) -> None:
    delivery = place.record(3)
    place.break_()
    assert place.stands() == ("broken", 0, 7, 0)
    place.dispute(delivery, 1)
    assert place.stands() == ("broken", 1, 9, 0)
    assert place.scene.events()[-1].payload["left"] == 2
    assert place.need() == (1, 1, 1, 1, 1)


def test_where_all_that_is_left_waits_for_an_answer_nothing_can_be_broken(place: Work) -> None:
    place.record(10)
    refused(Conflict, "delivery.waits", place.break_)
    refused(Conflict, "delivery.waits", place.release)
    refused(Conflict, "delivery.waits", place.not_come)


def test_a_lead_asks_after_what_has_not_come_and_nobody_else_hears_of_it(place: Work) -> None:
    place.not_come()
    assert place.last() == [("delivery.missed", "project")]
    refused(Conflict, "delivery.asked_after", place.not_come, place.second_lead)
    refused(RuleBroken, "delivery.answer_missing", place.explain, answer="")
    place.explain()
    assert place.last() == [("delivery.explained", "project")]
    refused(Conflict, "delivery.nobody_asked", place.explain)
    count_at(place, timedelta(days=60))
    assert place.stands() == ("committed", 0, 0, 0)


def test_what_nobody_answers_is_broken_after_twenty_working_days(place: Work) -> None:
    place.agree(place.record(4))
    place.not_come()
    count_at(place, timedelta(days=26))
    assert place.stands() == ("committed", 4, 0, 0)
    count_at(place, timedelta(days=45))
    assert place.stands() == ("broken", 4, 6, 0)
    assert place.scene.row(Pledge, place.pledge.id).reason is None


def test_recording_a_delivery_answers_that_it_has_not_come(place: Work) -> None:
    place.not_come()
    place.record(1)
    assert [name for name, _audience in place.last(2)] == ["delivery.explained", "delivery.recorded"]
    count_at(place, timedelta(days=60))
    assert place.stands() == ("committed", 1, 0, 0)


def test_in_a_trial_project_one_person_plays_every_part(make: Factory, work: Callable[..., Any]) -> None:
    council = make.council("Alone")
    officer = make.officer(council)
    project = make.project(council, officer, mode="flexible", is_trial=True, slug=None)
    scene = Scene(make, work, council, council, *[make.actor(officer, council)] * 4, project, make.need(project))
    pledge = scene.authorise(scene.offer(4))
    place = Work(scene, pledge, scene.officer, scene.officer)
    place.agree(place.record(1), scene.officer)
    place.break_(scene.officer)
    assert place.stands() == ("broken", 1, 3, 0)
    assert {audience for name, audience in scene.told() if name.startswith(("delivery", "pledge"))} == {"project"}


def test_deliveries_wait_for_exactly_those_who_can_agree_them(place: Work) -> None:
    by_council, by_lead = place.record(2), place.record(3, place.scene.lead)
    people = {
        "lead": place.scene.lead, "second lead": place.second_lead, "colleague": place.colleague,
        "officer": place.scene.officer, "authoriser": place.scene.authoriser,
    }  # fmt: skip
    waiting = {who: {one.delivery_id for one in place.waiting_for(actor)} for who, actor in people.items()}
    assert waiting == {
        "lead": {by_council.id}, "second lead": {by_council.id}, "colleague": {by_lead.id}, "officer": set(),
        "authoriser": set(),
    }  # fmt: skip
    place.agree(by_council)
    place.not_come()
    assert place.waiting_for(place.scene.lead) == []
    assert [one.delivery_id for one in place.waiting_for(place.scene.officer)] == [None]


def test_a_delivery_that_may_not_be_seen_answers_like_one_that_does_not_exist(place: Work, make: Factory) -> None:
    delivery = place.record(2)
    with make.session() as session:
        project = session.get_one(Project, place.scene.project.id)
        project.is_hidden, project.is_public = True, False
    refused(NotFound, "delivery.not_found", place.agree, delivery, place.scene.officer_of(make.council()))


def test_in_a_stopped_project_what_turns_out_not_to_have_come_is_released(place: Work) -> None:
    delivery = place.record(10)
    with place.scene.work(place.scene.lead) as work:
        stop_project(work, slug=str(place.scene.project.slug), reason="The money ran out")
    assert place.stands() == ("committed", 0, 0, 0)
    place.dispute(delivery, 7)
    assert place.stands() == ("released", 7, 0, 3)
    assert place.scene.differences() == []


def test_stopping_a_project_releases_what_was_not_recorded(place: Work) -> None:
    place.agree(place.record(4))
    place.not_come()
    with place.scene.work(place.scene.lead) as work:
        stop_project(work, slug=str(place.scene.project.slug), reason="The money ran out")
    assert place.stands() == ("released", 4, 0, 6)
    count_at(place, timedelta(days=60))
    assert place.stands() == ("released", 4, 0, 6)


STORY = ("record", "record", "record_lead", "agree", "agree", "agree_council", "dispute", "correct", "break", "release")


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_every_promise_adds_up(make: Factory, work: Callable[..., Any], seed: int) -> None:
    choose = random.Random(seed)
    place = make_work(make, work, amount=8)
    made: list[Delivery] = []
    held = place.need()[0]
    for _number in range(40):
        act, amount = choose.choice(STORY[: 8 if _number < 30 else 10]), choose.randint(0, 6)
        try:
            if act in ("record", "record_lead"):
                made.append(place.record(amount, place.scene.lead if act == "record_lead" else None))
            elif act in ("break", "release"):
                (place.break_ if act == "break" else place.release)()
            elif made:
                one = choose.choice(made)
                if act == "correct":
                    made.append(place.correct(one, amount))
                elif act == "dispute":
                    place.dispute(one, amount)
                else:
                    place.agree(one, place.colleague if act == "agree_council" else None)
        except Refusal:
            continue
        held = _adds_up(place, held)
    assert place.scene.differences() == []


def _adds_up(place: Work, held_before: int) -> int:
    with place.scene.make.session() as session:
        pledge = session.get_one(Pledge, place.pledge.id)
        rows = session.scalars(select(Delivery).where(Delivery.pledge_id == pledge.id)).all()
        counts = counted(entry_of(row) for row in rows)
        ledger = ledger_of(pledge, rows)
        assert {row.id: row.counted for row in rows} == counts
        assert pledge.delivered == sum(counts.values())
        parts = (ledger.delivered_of_promise, ledger.broken, ledger.released, ledger.to_come)
        assert sum(parts) == pledge.amount
        assert min(parts) >= 0
        assert (pledge.status == "delivered") == (ledger.to_come == 0 and ledger.bound == pledge.amount)
        need = session.get_one(Need, pledge.need_id)
        assert (need.held, need.committed, need.delivered) == (ledger.bound, ledger.bound, pledge.delivered)
        assert need.held <= held_before
        return need.held
