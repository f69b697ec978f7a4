"""Going ahead: early by a lead, at the decision date by whoever comes first, and what commits with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.written import written_document
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.clock import UK
from pipeline.kernel.errors import Conflict, NotAllowed, Refusal
from pipeline.lessons.actions import publish_lesson
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.decision_dates import decide_due_dates, lapse_past_their_dates
from pipeline.projects import actions as projects
from pipeline.projects import queries
from pipeline.projects.actions.keeping import details_of
from pipeline.projects.models import Project
from pipeline.projects.rules import NeedKind, PersonRole
from pipeline.projects.taking_part import InterestKind
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database

IF_30_000 = Condition(kind=ConditionKind.TOTAL, at_least=30_000_00, unit=NeedKind.FUNDING)


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def refused(code: str, act: Callable[..., Any], *args: Any, **values: Any) -> Conflict:
    with pytest.raises(Conflict) as caught:
        act(*args, **values)
    assert caught.value.code == code
    return caught.value


def end_of_date(scene: Scene, seconds: int = 0) -> Any:
    """The clock at the midnight after the decision date, so many seconds later."""
    assert scene.project.decision_on is not None
    midnight = datetime.combine(scene.project.decision_on + timedelta(days=1), time(), UK)
    return clock.at(midnight.astimezone(clock.UTC) + timedelta(seconds=seconds))


def test_a_lead_gives_the_go_ahead_while_the_test_passes_and_exactly_the_agreed_commit(scene: Scene) -> None:
    agreed = scene.accepted("A", 6_000_00), scene.accepted("B", 4_000_00)
    authorised, offered = scene.authorised("C", 1_000_00), scene.offer("D", 500_00)
    before = len(scene.events())
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    assert scene.now().status == "going_ahead"
    assert scene.status(*agreed, authorised, offered) == ["committed", "committed", "authorised", "offered"]
    assert scene.names(before) == [
        "project.test_passed", "project.going_ahead", "pledge.committed", "pledge.committed",
    ]  # fmt: skip
    assert scene.sums() == (11_500_00, 11_000_00, 10_000_00, 10_000_00)
    assert scene.differences() == []


def test_the_go_ahead_waits_for_the_test(scene: Scene) -> None:
    scene.accepted("A", 6_000_00)
    last = scene.authorised("B", 4_000_00)
    refusal = refused("project.test_not_passed", scene.as_lead, actions.give_go_ahead, slug=scene.slug)
    assert refusal.allowed == ("stop", "change_terms", "move_date")
    assert scene.now().would_pass == [str(last.id)]
    scene.accept(last)
    assert scene.now().is_passing
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    refused("project.wrong_status", scene.as_lead, actions.give_go_ahead, slug=scene.slug)


def test_only_a_lead_gives_it_and_not_to_a_hidden_project(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    with pytest.raises(NotAllowed), scene.work(scene.side("A").officer) as work:
        actions.give_go_ahead(work, slug=scene.slug)
    with scene.make.session() as session:
        row = session.get_one(Project, scene.project.id)
        row.is_hidden, row.is_public = True, False
    refused("project.hidden", scene.as_lead, actions.give_go_ahead, slug=str(scene.project.id))


def test_after_an_early_go_ahead_what_waits_commits_as_it_comes_to_count(scene: Scene) -> None:
    """Early go-ahead: A, B commit, D "if £30,000 in all" waits; E's £10,000 accepted later: E and D commit together."""
    first = scene.accepted("A", 6_000_00), scene.accepted("B", 6_000_00)
    waits = scene.accepted("D", 8_000_00, IF_30_000)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    assert scene.status(*first, waits) == ["committed", "committed", "accepted"]
    before = len(scene.events())
    last = scene.accepted("E", 10_000_00)
    assert scene.status(waits, last) == ["committed", "committed"]
    assert scene.names(before).count("pledge.committed") == 2
    assert scene.differences() == []


def test_what_still_waits_at_the_end_of_the_date_lapses_also_after_an_early_go_ahead(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    waits = scene.accepted("D", 8_000_00, IF_30_000)
    plain = scene.authorised("E", 100_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    with end_of_date(scene, -1):
        scene.worker(decide_due_dates)
    assert scene.status(waits, plain) == ["accepted", "authorised"]
    with end_of_date(scene):
        scene.worker(decide_due_dates)
    assert scene.status(waits, plain) == ["lapsed", "authorised"]
    assert scene.now().status == "going_ahead"
    assert scene.differences() == []


def test_the_date_of_a_project_that_went_ahead_early_ends_once_also_where_nothing_waits(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    with end_of_date(scene):
        scene.worker(decide_due_dates)
        scene.worker(decide_due_dates)
    assert scene.names().count("project.date_ended") == 1
    assert scene.now().decided_at is not None


def test_a_pledge_accepted_a_minute_before_midnight_counts_and_one_a_second_after_comes_too_late(scene: Scene) -> None:
    scene.accepted("A", 6_000_00)
    last = scene.authorised("B", 4_000_00)
    with end_of_date(scene, -60):
        scene.accept(last)
    with end_of_date(scene, 1):
        scene.worker(decide_due_dates)
    assert scene.now().status == "going_ahead"


def test_the_first_act_after_midnight_takes_the_decision_and_then_answers(scene: Scene) -> None:
    scene.accepted("A", 6_000_00)
    last = scene.authorised("B", 4_000_00)
    with end_of_date(scene, 1):
        refusal = refused("pledge.wrong_step", scene.accept, last)
    assert "lapsed" in str(refusal.words)
    assert scene.now().status == "lapsed"
    assert scene.status(last) == ["lapsed"]
    decided = [event for event in scene.events() if event.name == "project.lapsed"]
    assert [(event.system, event.officer_id) for event in decided] == [("decision dates", None)]


def _edits_the_text(scene: Scene, work: UnitOfWork) -> None:
    row = queries.whole_project_seen_by(work, scene.slug)
    changed = replace(details_of(row), summary="Another summary.")
    projects.change_project(work, slug=scene.slug, version=row.version, details=changed)


OTHER_ACTS: dict[str, Callable[[Scene, UnitOfWork], object]] = {
    "project.changed_meanwhile": _edits_the_text,
    "project.phase_changed": lambda scene, work: projects.change_phase(work, slug=scene.slug, phase="beta"),
    "team.joined": lambda scene, work: projects.add_colleague(
        work, slug=scene.slug, officer_id=scene.make.officer(scene.lead_council).id, council_id=scene.lead_council.id,
        role=PersonRole.TEAM,
    ),
    "update.drafted": lambda scene, work: projects.draft_update(
        work, slug=scene.slug, title="News", body=Written("All is well.", "<p>All is well.</p>")
    ),
    "follow.began": lambda scene, work: projects.follow_project(work, slug=scene.slug),
    "interest.own_project": lambda scene, work: projects.show_interest(
        work, slug=scene.slug, kind=InterestKind.PROBLEM_TOO, message="", is_named=False
    ),
    "project.others_joined": lambda scene, work: actions.delete_project(work, slug=scene.slug),
}  # fmt: skip
"""Acts that decide nothing themselves, by what is told of them last or why they are refused."""


@pytest.mark.parametrize("told", OTHER_ACTS)
def test_any_act_on_the_project_after_midnight_takes_the_decision_first(scene: Scene, told: str) -> None:
    scene.accepted("A", 6_000_00)
    before = len(scene.names())
    refusals = []
    with end_of_date(scene, 1), scene.make.app.app_context():
        try:
            with scene.work(scene.lead) as work:
                OTHER_ACTS[told](scene, work)
        except Refusal as refusal:
            refusals = [refusal.code]
    names = scene.names(before)
    assert names[:2] == ["project.test_failed", "project.lapsed"]
    assert refusals == [told] or names[-1] == told
    assert scene.now().status == "lapsed"


def test_whoever_answers_an_update_an_interest_or_a_request_after_midnight_comes_after_the_decision(
    scene: Scene,
) -> None:
    update = scene.make.update(scene.project, scene.row(Officer, scene.lead.officer_id), scene.lead_council)
    other = scene.side("B")
    officer = scene.row(Officer, other.officer.officer_id)
    interest = scene.make.interest(scene.project, officer, other.council)
    request = scene.make.join_request(scene.project, officer, other.council)
    acts: list[Callable[[UnitOfWork], object]] = [
        lambda work: projects.withdraw_update(work, update_id=update.id),
        lambda work: projects.answer_interest(work, interest_id=interest.id, answer="Do join us"),
        lambda work: projects.decline_join_request(work, request_id=request.id, answer="We are enough"),
    ]
    for act in acts:
        with scene.make.session() as session:
            row = session.get_one(Project, scene.project.id)
            row.status, row.decided_at, row.ended_at = "open", None, None
        before = len(scene.names())
        with end_of_date(scene, 1):
            scene.as_lead(act)
        assert scene.names(before)[:2] == ["project.test_failed", "project.lapsed"]
        assert len(scene.names(before)) > 2


def test_what_is_published_after_midnight_comes_after_the_decision(scene: Scene, shelf: Shelf) -> None:
    lead = scene.row(Officer, scene.lead.officer_id)
    lesson = scene.make.lesson(scene.project, lead, scene.lead_council, status="draft")
    made = shelf.document(scene.project, lead)
    draft = shelf.draft(made, lead, change_note="New.")
    acts: list[Callable[[UnitOfWork], object]] = [
        lambda work: publish_lesson(work, slug=str(lesson.id), version=1),
        lambda work: publish_version(
            work, draft_id=draft.id, version=1, written=written_document(draft.text), change_note="New.",
            is_major=False,
        ),
    ]  # fmt: skip
    for act, told in zip(acts, ("lesson.published", "version.published"), strict=True):
        with scene.make.session() as session:
            row = session.get_one(Project, scene.project.id)
            row.status, row.decided_at, row.ended_at = "open", None, None
        before = len(scene.names())
        with end_of_date(scene, 1):
            scene.as_lead(act)
        assert scene.names(before)[:2] == ["project.test_failed", "project.lapsed"]
        assert told in scene.names(before)[2:]


def test_a_lead_who_comes_after_midnight_finds_the_decision_taken(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    with end_of_date(scene, 1):
        refused("project.wrong_status", scene.as_lead, actions.give_go_ahead, slug=scene.slug)
    assert scene.now().status == "going_ahead"


def test_the_decision_is_taken_once(scene: Scene) -> None:
    with end_of_date(scene, 1):
        scene.worker(decide_due_dates)
        scene.worker(decide_due_dates)
    assert scene.names().count("project.lapsed") == 1
    assert scene.names().count("project.test_failed") == 1


def test_a_hidden_project_does_not_go_ahead_by_its_date_and_lapses(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    with scene.make.session() as session:
        row = session.get_one(Project, scene.project.id)
        row.is_hidden, row.is_public = True, False
    with end_of_date(scene, 1):
        scene.worker(decide_due_dates)
    assert scene.now().status == "lapsed"


def test_when_a_project_lapses_everything_lapses_and_its_needs_close(scene: Scene) -> None:
    pledges = scene.offer("A", 100_00), scene.authorised("B", 100_00), scene.accepted("C", 100_00)
    with end_of_date(scene, 1):
        scene.worker(decide_due_dates)
    # The sign-off date of the offer came first: whichever lapses it, it lapses once.
    assert scene.status(*pledges) == ["lapsed", "lapsed", "lapsed"]
    assert scene.row(type(scene.need), scene.need.id).status == "closed"
    assert scene.sums() == (0, 0, 0, 0)
    assert scene.differences() == []


def test_a_pledge_that_stood_until_a_day_before_the_date_does_not_decide(scene: Scene) -> None:
    scene.accepted("A", 6_000_00)
    until = clock.today() + timedelta(days=30)
    short = scene.accepted("B", 4_000_00, stands_until=until)
    with end_of_date(scene, 1):
        scene.worker(decide_due_dates)
    assert scene.now().status == "lapsed"
    assert scene.status(short) == ["lapsed"]


def test_the_worker_lets_what_stood_until_a_day_lapse(scene: Scene) -> None:
    until = clock.today() + timedelta(days=30)
    pledge = scene.accepted("B", 4_000_00, stands_until=until)
    with clock.moved(timedelta(days=29)):
        scene.worker(lapse_past_their_dates)
    assert scene.status(pledge) == ["accepted"]
    with clock.moved(timedelta(days=32)):
        scene.worker(lapse_past_their_dates)
    assert scene.status(pledge) == ["lapsed"]
    assert scene.differences() == []


def test_a_pledge_is_neither_accepted_nor_bound_after_its_last_day_though_the_worker_has_not_come(
    make: Factory, work: Callable[..., Any]
) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    until = clock.today() + timedelta(days=30)
    one_other = Condition(kind=ConditionKind.COUNCILS, at_least=1)
    waits = scene.accepted("A", 100_00, one_other, stands_until=until)
    late = scene.authorised("B", 100_00, stands_until=until)
    other = scene.authorised("C", 100_00)
    with clock.at(datetime.combine(until + timedelta(days=1), time(), UK).astimezone(clock.UTC)):
        refused("pledge.wrong_step", scene.accept, late)
        scene.accept(other)
    assert scene.status(waits, late, other) == ["lapsed", "lapsed", "committed"]
    assert scene.differences() == []


def test_in_a_flexible_project_two_that_wait_for_each_other_commit_together(
    make: Factory, work: Callable[..., Any]
) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    until = clock.today() + timedelta(days=90)
    one_other = Condition(kind=ConditionKind.COUNCILS, at_least=1)
    one = scene.accepted("A", 100_00, one_other, stands_until=until)
    assert scene.status(one) == ["accepted"]
    other = scene.accepted("B", 100_00, one_other, stands_until=until)
    assert scene.status(one, other) == ["committed", "committed"]
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    assert scene.now().status == "going_ahead"
    assert "project.test_passed" not in scene.names()
    with clock.moved(timedelta(days=500)):
        scene.worker(decide_due_dates)
    assert scene.now().status == "going_ahead"


def test_an_act_that_nobody_may_take_still_keeps_the_decision_that_came_before(scene: Scene) -> None:
    scene.accepted("A", 10_000_00)
    with end_of_date(scene, 1), pytest.raises(NotAllowed), scene.work(scene.side("A").officer) as work:
        actions.stop_project(work, slug=scene.slug, reason="Because")
    assert scene.now().status == "going_ahead"


def test_only_the_clock_takes_the_decision_of_a_date(scene: Scene) -> None:
    with scene.work(system("test")) as work:
        assert not actions.decide_if_due(work, work.session.get_one(Project, scene.project.id))
