"""What the leads owe an authorised pledge, and its council its own offer: through acts and duties."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotAllowed
from pipeline.pledges import actions
from pipeline.pledges.duties import remind_of_offers
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity, Offer
from pipeline.projects.duties import renew_answer_times, say_what_is_late
from pipeline.projects.models import AnswerClock, Need, Project
from pipeline.projects.taking_part import Answerable
from tests.factories import Factory

pytestmark = pytest.mark.database
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Place:
    """Eastmere leads a project with one need; Northborough offers to it and authorises."""

    app: Flask
    make: Factory
    work: Any
    eastmere: Council
    northborough: Council
    lead: Officer
    offerer: Officer
    authoriser: Officer
    project: Project
    need: Need

    @property
    def as_lead(self) -> Any:
        return self.work(self.make.actor(self.lead, self.eastmere))

    @property
    def as_offerer(self) -> Any:
        return self.work(self.make.actor(self.offerer, self.northborough))

    def offer(self, at: datetime = MONDAY) -> Pledge:
        with clock.at(at), self.as_offerer as unit:
            today = clock.today()
            offer = Offer(
                amount=4, sign_off_by=today + 28 * DAY, from_on=today + 40 * DAY, to_on=today + 60 * DAY, message=""
            )
            return actions.offer_pledge(unit, need_id=self.need.id, offer=offer)

    def authorise(self, pledge: Pledge, at: datetime) -> None:
        actor = self.make.actor(self.authoriser, self.northborough, Role.AUTHORISER)
        with clock.at(at), self.work(actor) as unit:
            actions.authorise_pledge(unit, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)

    def authorised(self, at: datetime = MONDAY) -> Pledge:
        pledge = self.offer(at - timedelta(minutes=5))
        self.authorise(pledge, at)
        return pledge

    def run(self, duty: Callable[[], None], at: datetime) -> None:
        with clock.at(at), self.app.app_context():
            duty()

    def one(self, table: Any, *where: Any) -> Any:
        with self.make.session() as session:
            return session.scalars(select(table).where(*where)).one()

    def count(self, name: str) -> int:
        with self.make.session() as session:
            return len(session.scalars(select(LoggedEvent.id).where(LoggedEvent.name == name)).all())


@pytest.fixture
def place(app: Flask, make: Factory, work: Callable) -> Place:
    eastmere, northborough = make.council("Eastmere"), make.council("Northborough", nation="Scotland")
    lead = make.officer(eastmere)
    with clock.at(MONDAY - 30 * DAY):
        authoriser = make.officer(northborough, Role.AUTHORISER)
        project = make.project(eastmere, lead)
    return Place(
        app, make, work, eastmere, northborough, lead, make.officer(northborough), authoriser, project,
        make.need(project),
    )  # fmt: skip


def test_the_clock_starts_when_a_pledge_is_authorised(place: Place) -> None:
    pledge = place.offer()
    assert place.one(Pledge, Pledge.id == pledge.id).answer_due_on is None
    place.authorise(pledge, MONDAY + DAY)
    assert str(place.one(Pledge, Pledge.id == pledge.id).answer_due_on) == "2026-11-20"
    kept = place.one(AnswerClock)
    assert (kept.subject_type, kept.subject_id) == (Answerable.PLEDGE, pledge.id)


@pytest.mark.parametrize("act", ["accept", "decline", "ask back"])
def test_accepting_declining_and_asking_back_are_a_first_answer(place: Place, act: str) -> None:
    pledge = place.authorised()
    moment = MONDAY + 2 * DAY
    with clock.at(moment), place.as_lead as unit:
        if act == "accept":
            actions.accept_pledge(unit, pledge_id=pledge.id)
        elif act == "decline":
            actions.decline_pledge(unit, pledge_id=pledge.id, reason="We have enough")
        else:
            actions.ask_back_about_pledge(unit, pledge_id=pledge.id, text="From when on?")
    kept = place.one(AnswerClock)
    assert kept.answered_at is not None
    assert kept.days_taken == 2
    answered_at = place.one(Pledge, Pledge.id == pledge.id).answered_at
    assert abs(answered_at - moment) < timedelta(minutes=1)


def test_only_the_first_answer_counts(place: Place) -> None:
    pledge = place.authorised()
    with clock.at(MONDAY + DAY), place.as_lead as unit:
        actions.ask_back_about_pledge(unit, pledge_id=pledge.id, text="From when on?")
    with clock.at(MONDAY + 10 * DAY), place.as_lead as unit:
        actions.accept_pledge(unit, pledge_id=pledge.id)
    assert place.one(AnswerClock).days_taken == 1


def test_a_pledge_that_is_taken_back_wants_no_answer(place: Place) -> None:
    pledge = place.authorised()
    with clock.at(MONDAY + DAY), place.as_offerer as unit:
        actions.withdraw_pledge(unit, pledge_id=pledge.id, reason="The officer left")
    kept = place.one(AnswerClock)
    assert kept.answered_at is None
    assert kept.stopped_at is not None
    place.run(say_what_is_late, MONDAY + 20 * DAY)
    assert place.count("answer.late") == 0


def test_a_councils_pledge_to_its_own_project_waits_for_no_answer(place: Place) -> None:
    own_authoriser = place.make.officer(place.eastmere, Role.AUTHORISER)
    place.northborough, place.offerer, place.authoriser = (
        place.eastmere,
        place.make.officer(place.eastmere),
        own_authoriser,
    )
    pledge = place.authorised(clock.now())
    kept = place.one(Pledge, Pledge.id == pledge.id)
    assert (kept.status, kept.answer_due_on, kept.nudge_on) == ("accepted", None, None)


def test_the_pledging_council_replies_to_what_the_leads_ask(place: Place) -> None:
    pledge = place.authorised()
    with place.as_lead as unit:
        question = actions.ask_back_about_pledge(unit, pledge_id=pledge.id, text="From when on?")
    with place.as_lead as unit, pytest.raises(NotAllowed):
        actions.reply_for_council(unit, question_id=question.id, text="From May")
    colleague = place.make.officer(place.northborough)
    with place.work(place.make.actor(colleague, place.northborough)) as unit:
        actions.reply_for_council(unit, question_id=question.id, text="From May")
    with place.as_offerer as unit, pytest.raises(Conflict, match="replied"):
        actions.reply_for_council(unit, question_id=question.id, text="From June")


def test_nothing_is_asked_about_a_pledge_that_has_ended(place: Place) -> None:
    pledge = place.authorised()
    with place.as_lead as unit:
        actions.decline_pledge(unit, pledge_id=pledge.id, reason="We have enough")
    with place.as_lead as unit, pytest.raises(Conflict, match="takes_no_questions"):
        actions.ask_back_about_pledge(unit, pledge_id=pledge.id, text="Why?")


def test_leads_are_reminded_once_on_the_working_day_after_the_answer_was_due(place: Place) -> None:
    place.authorised()
    place.run(say_what_is_late, MONDAY + 3 * DAY)
    assert place.count("answer.late") == 0
    for _time in range(2):
        place.run(say_what_is_late, MONDAY + 4 * DAY)
    assert place.count("answer.late") == 1


def test_what_is_late_counts_at_its_present_age(place: Place) -> None:
    for _time in range(3):
        place.authorised()
    place.run(renew_answer_times, MONDAY + 3 * DAY)
    assert place.one(Project).answers_in_days is None
    place.run(renew_answer_times, MONDAY + 7 * DAY)
    assert place.one(Project).answers_in_days == 5
    place.run(renew_answer_times, MONDAY + 8 * DAY)
    assert place.one(Project).answers_in_days == 6
    assert place.count("project.answer_time_changed") == 2


def test_only_the_clock_says_that_an_answer_is_late(place: Place) -> None:
    from pipeline.projects.actions.answer_clocks import say_late

    place.authorised()
    with clock.at(MONDAY + 30 * DAY), place.as_lead as unit, pytest.raises(NotAllowed):
        say_late(unit, clock_id=place.one(AnswerClock).id)


def test_whoever_is_to_authorise_is_reminded_on_three_days_once_each(place: Place) -> None:
    pledge = place.offer()
    reminded_on = []
    for day in range(30):
        before = place.count("authorisation.reminded")
        for _time in range(2):
            place.run(remind_of_offers, MONDAY + day * DAY)
        if place.count("authorisation.reminded") > before:
            reminded_on.append(str((MONDAY + day * DAY).date()))
    # Northborough is in Scotland here: the 30th of November is no working day. Its date is the 14th of December.
    assert reminded_on == ["2026-11-19", "2026-11-26", "2026-12-10"]
    assert place.one(Pledge, Pledge.id == pledge.id).nudge_on is None


def test_nobody_is_reminded_of_what_has_been_decided(place: Place) -> None:
    place.authorised()
    place.run(remind_of_offers, MONDAY + 20 * DAY)
    assert place.count("authorisation.reminded") == 0


def test_an_offer_that_was_changed_is_asked_about_anew(place: Place) -> None:
    pledge = place.offer()
    with clock.at(MONDAY + 2 * DAY), place.as_offerer as unit:
        today = clock.today()
        offer = Offer(
            amount=6, sign_off_by=today + 26 * DAY, from_on=today + 40 * DAY, to_on=today + 60 * DAY, message=""
        )
        actions.change_pledge(unit, pledge_id=pledge.id, offer=offer)
    assert str(place.one(Pledge, Pledge.id == pledge.id).nudge_on) == "2026-11-23"
