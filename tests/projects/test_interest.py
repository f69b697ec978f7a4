"""Showing interest, its answer, joining a team, asking back and following: through the actions, on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.pledges.actions import delete_published_project
from pipeline.projects import actions, interest_listing, interested
from pipeline.projects.models import AnswerClock, Follow, Interest, JoinRequest, Project, ProjectPerson, Question
from pipeline.projects.rules import PersonRole
from pipeline.projects.taking_part import LONGEST_MESSAGE, MOST_ASKED_A_DAY, Answerable, InterestKind
from tests.factories import Factory

pytestmark = pytest.mark.database
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)


@dataclass
class Place:
    """Eastmere leads a project; Northborough has an officer who might take part."""

    make: Factory
    work: Any
    eastmere: Council
    northborough: Council
    lead: Officer
    officer: Officer
    project: Project

    @property
    def as_lead(self) -> Any:
        return self.work(self.make.actor(self.lead, self.eastmere))

    @property
    def as_officer(self) -> Any:
        return self.work(self.make.actor(self.officer, self.northborough))

    def interest(self, kind: InterestKind = InterestKind.PROBLEM_TOO, *, is_named: bool = False) -> Interest:
        with self.as_officer as unit:
            return actions.show_interest(
                unit, slug=str(self.project.slug), kind=kind, message="We have it as well", is_named=is_named
            )

    def request(self) -> JoinRequest:
        with self.as_officer as unit:
            return actions.ask_to_join(unit, slug=str(self.project.slug), message="Five years of it")

    def ask(self, address: str, role: PersonRole = PersonRole.TEAM) -> None:
        with self.as_lead as unit:
            actions.ask_officer_to_join(unit, slug=str(self.project.slug), address=address, role=role)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with self.make.session() as session:
            return list(session.scalars(select(table).where(*where)))

    def now(self) -> Project:
        [project] = self.rows(Project, Project.id == self.project.id)
        return project

    def events(self) -> list[tuple[str, str]]:
        with self.make.session() as session:
            rows = session.execute(select(LoggedEvent.name, LoggedEvent.audience).order_by(LoggedEvent.sequence))
            return [(name, audience) for name, audience in rows]


@pytest.fixture
def place(make: Factory, work: Callable) -> Place:
    eastmere, northborough = make.council("Eastmere", projects_led=1), make.council("Northborough")
    lead = make.officer(eastmere)
    project = make.project(eastmere, lead, decision_on=clock.today() + timedelta(days=200))
    officer = make.officer(northborough, address="ada@northborough.example")
    return Place(make, work, eastmere, northborough, lead, officer, project)


def listed(read: Callable, place: Place) -> list[Any]:
    """The interests in the project that everybody reads."""
    with read(ANONYMOUS) as reading:
        filters = interest_listing.InterestFilters(project=place.project.id)
        order = interest_listing.ORDERS["-shown_at"]
        rows = interest_listing.interests_listed(reading, filters, order=order, limit=9).rows
        assert interest_listing.number_of_interests(reading, filters) == len(rows)
        return list(rows)


# --- Interest ---------------------------------------------------------------------------------------------------


def test_an_interest_without_a_name_adds_to_a_number_and_is_not_public(place: Place, read: Callable) -> None:
    place.interest()
    assert place.events() == [("interest.shown", "officer")]
    assert (place.now().problem_too_councils, place.now().conversation_councils) == (1, 0)
    assert listed(read, place) == []


def test_an_interest_under_the_councils_name_is_public(place: Place, read: Callable) -> None:
    interest = place.interest(InterestKind.CONVERSATION, is_named=True)
    assert place.events() == [("interest.shown", "public")]
    assert (place.now().problem_too_councils, place.now().conversation_councils) == (0, 1)
    assert [(row.kind, row.council_slug) for row in listed(read, place)] == [("conversation", "northborough")]
    with read(ANONYMOUS) as reading:
        assert interest_listing.interest_listed(reading, interest.id).id == interest.id


def test_a_council_counts_once_and_the_page_changes_with_it(place: Place) -> None:
    before = place.now().revision
    place.interest()
    place.officer = place.make.officer(place.northborough)
    second = place.interest()
    assert place.now().problem_too_councils == 1
    with place.as_officer as unit:
        actions.withdraw_interest(unit, interest_id=second.id)
    assert place.now().problem_too_councils == 1
    assert place.now().revision == before + 3


def test_the_leads_answer_once_and_the_officer_reads_it(place: Place, read: Callable) -> None:
    interest = place.interest()
    with place.as_lead as unit:
        actions.answer_interest(unit, interest_id=interest.id, answer="Ring us")
    with read(place.make.actor(place.officer, place.northborough)) as reading:
        assert interested.interest_seen_by(reading, interest.id)[0].answer == "Ring us"
    with place.as_lead as unit, pytest.raises(Conflict, match=r"interest\.answered"):
        actions.answer_interest(unit, interest_id=interest.id, answer="Once more")
    assert place.events()[-1] == ("interest.answered", "officer")


def test_only_the_officer_and_the_leads_know_of_an_interest(place: Place, read: Callable) -> None:
    interest = place.interest(is_named=True)
    colleague, coordinator = place.make.officer(place.northborough), place.make.officer(None, Role.COORDINATOR)
    member = place.make.officer(place.eastmere)
    place.make.person(place.project, member, place.eastmere)
    strangers = [
        ANONYMOUS, place.make.actor(colleague, place.northborough), place.make.actor(member, place.eastmere),
        place.make.actor(coordinator, None, Role.COORDINATOR),
    ]  # fmt: skip
    for actor in strangers:
        with read(actor) as reading, pytest.raises(NotFound):
            interested.interest_seen_by(reading, interest.id)
    with read(place.make.actor(place.lead, place.eastmere)) as reading:
        assert interested.interest_seen_by(reading, interest.id)


def test_a_lead_who_acts_for_another_council_is_no_lead_here(place: Place, read: Callable) -> None:
    interest = place.interest()
    place.make.membership(place.lead, place.northborough)
    with read(place.make.actor(place.lead, place.northborough)) as reading, pytest.raises(NotFound):
        interested.interest_seen_by(reading, interest.id)


def test_the_lead_council_and_the_team_show_no_interest_in_their_own(place: Place) -> None:
    colleague = place.make.officer(place.eastmere)
    for officer, council in ((place.lead, place.eastmere), (colleague, place.eastmere)):
        with place.work(place.make.actor(officer, council)) as unit, pytest.raises(NotAllowed) as refused:
            actions.show_interest(
                unit, slug=str(place.project.slug), kind=InterestKind.PROBLEM_TOO, message="", is_named=False
            )
        assert refused.value.code == "interest.own_project"


@pytest.mark.parametrize("message, code", [("", "message_missing"), ("x" * (LONGEST_MESSAGE + 1), "message_too_long")])
def test_who_wants_to_talk_says_about_what(place: Place, message: str, code: str) -> None:
    with place.as_officer as unit, pytest.raises(RuleBroken, match=code):
        actions.show_interest(
            unit, slug=str(place.project.slug), kind=InterestKind.CONVERSATION, message=message, is_named=False
        )


def test_an_officer_shows_one_interest_at_a_time(place: Place) -> None:
    interest = place.interest()
    with pytest.raises(Conflict, match=r"interest\.stands"):
        place.interest(InterestKind.CONVERSATION)
    with place.as_officer as unit:
        actions.withdraw_interest(unit, interest_id=interest.id)
    with place.as_officer as unit, pytest.raises(Conflict, match=r"interest\.withdrawn"):
        actions.withdraw_interest(unit, interest_id=interest.id)
    with place.as_lead as unit, pytest.raises(Conflict, match=r"interest\.withdrawn"):
        actions.answer_interest(unit, interest_id=interest.id, answer="Too late")
    assert place.interest(InterestKind.CONVERSATION)


@pytest.mark.parametrize("values", [{"is_recorded": True}])
def test_no_interest_is_shown_where_nobody_could_answer(place: Place, values: dict[str, Any]) -> None:
    place.project = place.make.project(place.eastmere, status="finished", **values)
    with pytest.raises(Conflict, match="takes_no_interest"):
        place.interest()


def test_a_project_in_which_others_are_interested_is_not_deleted(place: Place) -> None:
    interest = place.interest()
    with place.as_lead as unit, pytest.raises(Conflict, match="others_joined"):
        delete_published_project(unit, slug=str(place.project.slug))
    with place.as_officer as unit:
        actions.withdraw_interest(unit, interest_id=interest.id)
        actions.follow_project(unit, slug=str(place.project.slug))
    with place.as_lead as unit:
        delete_published_project(unit, slug=str(place.project.slug))
    assert [place.rows(table) for table in (Interest, Follow, AnswerClock, Project)] == [[], [], [], []]


# --- Joining ----------------------------------------------------------------------------------------------------


def test_an_officer_who_asks_is_taken_in_by_a_lead(place: Place) -> None:
    request = place.request()
    with place.as_lead as unit:
        actions.take_in(unit, request_id=request.id, answer="Welcome")
    [person] = place.rows(ProjectPerson, ProjectPerson.officer_id == place.officer.id)
    assert (person.role, person.council_id) == ("team", place.northborough.id)
    assert ("team.joined", "public") in place.events()
    [kept] = place.rows(JoinRequest)
    assert (kept.status, kept.answer) == ("joined", "Welcome")
    with place.as_lead as unit, pytest.raises(Conflict, match="answered"):
        actions.decline_join_request(unit, request_id=request.id, answer="No")


def test_a_lead_who_declines_says_why(place: Place) -> None:
    request = place.request()
    with place.as_lead as unit, pytest.raises(RuleBroken, match="answer_missing"):
        actions.decline_join_request(unit, request_id=request.id, answer="")
    with place.as_lead as unit:
        actions.decline_join_request(unit, request_id=request.id, answer="We are full")
    assert place.events() == [("team.asked", "officer"), ("team.declined", "officer")]
    assert place.request()


def test_only_leads_answer_a_request_and_only_its_officer_takes_it_back(place: Place) -> None:
    request = place.request()
    with place.as_officer as unit, pytest.raises(NotAllowed):
        actions.take_in(unit, request_id=request.id)
    with place.as_lead as unit, pytest.raises(NotAllowed):
        actions.withdraw_join_request(unit, request_id=request.id)
    with pytest.raises(Conflict, match="stands"):
        place.request()
    with place.as_officer as unit:
        actions.withdraw_join_request(unit, request_id=request.id)
    [clocked] = place.rows(AnswerClock)
    assert clocked.stopped_at is not None


def test_an_officer_who_is_asked_joins_by_saying_yes(place: Place) -> None:
    place.ask("Ada@Northborough.example", PersonRole.LEAD)
    assert place.rows(ProjectPerson, ProjectPerson.officer_id == place.officer.id) == []
    [request] = place.rows(JoinRequest)
    assert request.is_invitation
    assert place.rows(AnswerClock) == []
    with place.as_officer as unit:
        actions.join_team(unit, request_id=request.id)
    [person] = place.rows(ProjectPerson, ProjectPerson.officer_id == place.officer.id)
    assert person.role == "lead"
    assert place.events() == [("team.asked", "officer"), ("lead.named", "public")]


def test_asking_an_address_tells_nobody_whether_it_has_an_account(place: Place, read: Callable) -> None:
    place.ask("nobody@northborough.example")
    place.ask("not an address")
    place.ask(place.lead.address)
    assert place.rows(JoinRequest) == []
    assert place.events() == []
    place.ask(place.officer.address)
    place.ask(place.officer.address)
    [request] = place.rows(JoinRequest)
    with read(place.make.actor(place.lead, place.eastmere)) as reading:
        with pytest.raises(NotFound):
            interested.join_request_seen_by(reading, request.id)
        assert interested.for_the_leads_of(reading, place.project.id) == []
        assert interested.waiting_for_leads(reading) == []


def test_whoever_said_no_is_not_pressed(place: Place) -> None:
    place.ask(place.officer.address)
    [request] = place.rows(JoinRequest)
    with place.as_officer as unit:
        actions.decline_to_join(unit, request_id=request.id)
    place.ask(place.officer.address)
    assert len(place.rows(JoinRequest)) == 1
    with clock.moved(timedelta(days=91)):
        place.ask(place.officer.address)
    assert len(place.rows(JoinRequest)) == 2


def test_beyond_so_many_a_day_nobody_is_written_to_and_nothing_else_differs(place: Place) -> None:
    officers = [place.make.officer(place.northborough) for _number in range(MOST_ASKED_A_DAY + 1)]
    for officer in officers:
        place.ask(officer.address)
    assert len(place.rows(JoinRequest)) == MOST_ASKED_A_DAY


def test_an_invitation_to_a_draft_lets_nobody_see_it_before_they_join(place: Place, read: Callable) -> None:
    draft = place.make.project(place.eastmere, place.lead, status="draft")
    with place.as_lead as unit:
        actions.ask_officer_to_join(unit, slug=str(draft.id), address=place.officer.address, role=PersonRole.TEAM)
    actor = place.make.actor(place.officer, place.northborough)
    with read(actor) as reading:
        [(request, _project)] = interested.invitations_of(reading)
    from pipeline.projects.queries import project_seen_by

    with read(actor) as reading, pytest.raises(NotFound):
        project_seen_by(reading, str(draft.id))
    with place.as_officer as unit:
        actions.join_team(unit, request_id=request.id)
    with read(actor) as reading:
        assert project_seen_by(reading, str(draft.id)).id == draft.id
    with place.as_lead as unit:
        actions.delete_project(unit, slug=str(draft.id))


# --- Asking back ------------------------------------------------------------------------------------------------


def test_a_lead_asks_back_and_the_officer_replies(place: Place) -> None:
    interest = place.interest()
    with place.as_lead as unit:
        question = actions.ask_back_about_interest(unit, interest_id=interest.id, text="Since when?")
    with place.as_lead as unit, pytest.raises(NotAllowed):
        actions.reply_to_leads(unit, question_id=question.id, text="Since May")
    with place.as_officer as unit:
        actions.reply_to_leads(unit, question_id=question.id, text="Since May")
    with place.as_officer as unit, pytest.raises(Conflict, match="replied"):
        actions.reply_to_leads(unit, question_id=question.id, text="Since June")
    [kept] = place.rows(Question)
    assert (kept.text, kept.reply) == ("Since when?", "Since May")
    assert [name for name, _audience in place.events()] == ["interest.shown", "question.asked", "question.replied"]


def test_a_stranger_knows_of_no_question(place: Place) -> None:
    request = place.request()
    with place.as_lead as unit:
        question = actions.ask_back_about_join_request(unit, request_id=request.id, text="Which days?")
    stranger = place.make.officer(place.northborough)
    with place.work(place.make.actor(stranger, place.northborough)) as unit, pytest.raises(NotFound):
        actions.reply_to_leads(unit, question_id=question.id, text="Any")


# --- The clock --------------------------------------------------------------------------------------------------


def test_the_clock_starts_with_an_interest_and_ends_with_the_first_answer(place: Place) -> None:
    with clock.at(MONDAY):
        interest = place.interest()
    with clock.at(MONDAY + timedelta(days=2)), place.as_lead as unit:
        actions.ask_back_about_interest(unit, interest_id=interest.id, text="Since when?")
    with clock.at(MONDAY + timedelta(days=9)), place.as_lead as unit:
        actions.answer_interest(unit, interest_id=interest.id, answer="Ring us")
    [kept] = place.rows(AnswerClock)
    assert (kept.subject_type, str(kept.due_on), kept.days_taken) == (Answerable.INTEREST, "2026-11-19", 2)


def test_how_soon_leads_usually_answer_is_said_from_three_answers_on(place: Place) -> None:
    for days in (0, 1, 4):
        place.officer = place.make.officer(place.northborough)
        with clock.at(MONDAY):
            interest = place.interest()
        assert place.now().answers_in_days is None
        with clock.at(MONDAY + timedelta(days=days)), place.as_lead as unit:
            actions.answer_interest(unit, interest_id=interest.id, answer="Ring us")
    assert place.now().answers_in_days == 1
    assert ("project.answer_time_changed", "public") in place.events()


# --- Following --------------------------------------------------------------------------------------------------


def test_an_officer_follows_once_and_stops(place: Place, read: Callable) -> None:
    for _time in range(2):
        with place.as_officer as unit:
            actions.follow_project(unit, slug=str(place.project.slug))
    assert place.now().followers == 1
    with read(place.make.actor(place.officer, place.northborough)) as reading:
        assert [one.title for one in interested.followed_by(reading)] == [place.project.title]
        assert interested.own_part_in(reading, place.project.id).is_following
    with place.as_officer as unit:
        actions.unfollow_project(unit, slug=str(place.project.slug))
    assert place.now().followers == 0
    assert place.events() == [("follow.began", "officer"), ("follow.ended", "officer")]
    with place.as_officer as unit, pytest.raises(Conflict, match="not_followed"):
        actions.unfollow_project(unit, slug=str(place.project.slug))


def test_whoever_waits_for_room_again_is_told_again(place: Place) -> None:
    need = place.make.need(place.project)
    ids = set()
    for _time in range(2):
        with place.as_officer as unit:
            ids.add(actions.follow_need(unit, need_id=need.id).id)
    assert len(ids) == 2
    assert [row.id in ids for row in place.rows(Follow)] == [True]
    with place.as_officer as unit:
        actions.unfollow_need(unit, need_id=need.id)
    assert place.rows(Follow) == []


def test_what_one_may_not_see_cannot_be_followed(place: Place) -> None:
    draft = place.make.project(place.eastmere, place.lead, status="draft")
    with place.as_officer as unit, pytest.raises(NotFound):
        actions.follow_project(unit, slug=str(draft.id))
    with place.work(ANONYMOUS) as unit, pytest.raises(NotAllowed):
        actions.follow_project(unit, slug=str(place.project.slug))
