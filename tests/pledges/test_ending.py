"""A project is stopped or finished, a need is dropped, and what has ended is posted again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.accounts.models import Officer
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotAllowed, Refusal, RuleBroken
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.delivery import Given
from pipeline.pledges.duties import delete_unused_trials
from pipeline.pledges.models import Pledge
from pipeline.projects.actions import post_again, publish_project
from pipeline.projects.models import Need, Project, ProjectPerson
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def refused(refusal: type[Refusal], code: str, act: Callable[..., Any], *args: Any, **values: Any) -> Refusal:
    with pytest.raises(refusal) as caught:
        act(*args, **values)
    assert caught.value.code == code
    return caught.value


def going_ahead(scene: Scene) -> tuple[Pledge, Pledge, Pledge]:
    """A committed, an authorised and an accepted pledge that waits, of a project going ahead."""
    committed = scene.accepted("A", 10_000_00)
    authorised = scene.authorised("B", 500_00)
    waits = scene.accepted("C", 300_00, Condition(kind=ConditionKind.COUNCILS, at_least=3))
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    return committed, authorised, waits


def test_a_stopped_project_releases_what_is_committed_and_lets_the_rest_lapse(scene: Scene) -> None:
    pledges = going_ahead(scene)
    before = len(scene.events())
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="The supplier went under.")
    assert scene.status(*pledges) == ["released", "lapsed", "lapsed"]
    row = scene.now()
    assert (row.status, row.stop_reason) == ("stopped", "The supplier went under.")
    assert scene.row(Pledge, pledges[0].id).reason == "The supplier went under."
    assert scene.row(Pledge, pledges[0].id).released == 10_000_00
    assert scene.names(before) == [
        "project.stopped", "need.closed", "pledge.lapsed", "pledge.lapsed", "pledge.released", "need.unmet",
    ]  # fmt: skip
    assert "supplier" not in str([event.payload for event in scene.events()])
    assert scene.sums() == (0, 0, 0, 0)
    assert scene.differences() == []


def test_what_was_delivered_before_the_stop_stays_delivered(scene: Scene) -> None:
    committed, _authorised, _waits = going_ahead(scene)
    given = Given(amount=4_000_00, delivered_on=clock.today())
    with scene.work(scene.side("A").officer) as work:
        delivery = actions.record_delivery(work, pledge_id=committed.id, given=given)
    scene.as_lead(actions.agree_delivery, delivery_id=delivery.id)
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="Enough is done.")
    row = scene.row(Pledge, committed.id)
    assert (row.status, row.delivered, row.released) == ("released", 4_000_00, 6_000_00)
    assert scene.sums() == (4_000_00,) * 4
    assert scene.differences() == []


def test_stopping_needs_a_reason_a_running_project_and_a_lead(scene: Scene) -> None:
    refused(RuleBroken, "project.reason_missing", scene.as_lead, actions.stop_project, slug=scene.slug, reason="")
    long = "x" * 1_001
    refused(RuleBroken, "project.reason_too_long", scene.as_lead, actions.stop_project, slug=scene.slug, reason=long)
    with pytest.raises(NotAllowed), scene.work(scene.side("A").officer) as work:
        actions.stop_project(work, slug=scene.slug, reason="Not mine")
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="Done with it")
    again = refused(Conflict, "project.wrong_status", scene.as_lead, actions.stop_project, slug=scene.slug, reason="A")
    assert isinstance(again, Conflict)
    assert again.allowed == ("post_again",)


def test_a_reason_holds_nobodys_address(scene: Scene) -> None:
    scene.make.officer(scene.lead_council, address="jo@lead.example")
    reason = "Ask jo@lead.example"
    refused(RuleBroken, "text.holds_address", scene.as_lead, actions.stop_project, slug=scene.slug, reason=reason)


def test_a_coordinator_stops_a_project_only_where_nobody_leads_it(scene: Scene) -> None:
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with pytest.raises(NotAllowed), scene.work(coordinator) as work:
        actions.stop_project(work, slug=scene.slug, reason="Nobody answers")
    with scene.make.session() as session:
        for person in session.query(ProjectPerson).filter_by(project_id=scene.project.id):
            person.ended_at = clock.now()
    with scene.work(coordinator) as work:
        actions.stop_project(work, slug=scene.slug, reason="Nobody answers")
    assert scene.now().status == "stopped"


def test_a_coordinator_stops_a_project_whose_leads_are_silent_once_it_looks_for_a_new_one(scene: Scene) -> None:
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    pledge = going_ahead(scene)[0]
    _silent(scene, "quiet", 4)
    with pytest.raises(NotAllowed), scene.work(coordinator) as work:
        actions.stop_project(work, slug=scene.slug, reason="Nobody answers")
    _silent(scene, "looking_for_lead", 6)
    with scene.work(scene.side("A").authoriser) as work, pytest.raises(NotAllowed):
        actions.stop_project(work, slug=scene.slug, reason="Nobody answers")
    with scene.work(coordinator) as work:
        actions.stop_project(work, slug=scene.slug, reason="Nobody answers")
    assert scene.now().status == "stopped"
    assert scene.status(pledge) == ["released"]


def _silent(scene: Scene, freshness: str, step: int) -> None:
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.freshness, project.freshness_step = freshness, step


def test_a_finished_project_keeps_what_is_committed(scene: Scene) -> None:
    pledges = going_ahead(scene)
    outcome = written("It **works**.", under=2)
    year = clock.today().year
    scene.as_lead(actions.finish_project, slug=scene.slug, year_ended=year, outcome=outcome)
    assert scene.status(*pledges) == ["committed", "lapsed", "lapsed"]
    row = scene.now()
    assert (row.status, row.year_ended, row.outcome_html) == ("finished", year, outcome.html)
    assert scene.row(Need, scene.need.id).status == "closed"
    assert scene.sums() == (10_000_00,) * 4
    assert scene.differences() == []


def test_finishing_says_when_and_what_came_of_it_and_comes_after_the_go_ahead(scene: Scene) -> None:
    nothing, year = written("", under=2), clock.today().year
    finish = {"slug": scene.slug, "year_ended": year, "outcome": written("Good", under=2)}
    refused(Conflict, "project.wrong_status", scene.as_lead, actions.finish_project, **finish)
    going_ahead(scene)
    wrong = finish | {"outcome": nothing}
    refused(RuleBroken, "project.outcome_missing", scene.as_lead, actions.finish_project, **wrong)
    wrong = finish | {"year_ended": year + 1}
    refused(RuleBroken, "project.year_out_of_range", scene.as_lead, actions.finish_project, **wrong)


def test_a_flexible_project_may_be_finished_while_it_is_open(make: Factory, work: Callable[..., Any]) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    committed = scene.accepted("A", 100_00)
    year = clock.today().year
    scene.as_lead(actions.finish_project, slug=scene.slug, year_ended=year, outcome=written("Good", under=2))
    assert scene.status(committed) == ["committed"]


def test_what_has_ended_is_posted_again_as_a_new_draft_that_points_back(scene: Scene) -> None:
    scene.accepted("A", 100_00)
    refused(Conflict, "project.wrong_status", scene.as_lead, post_again, slug=scene.slug)
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="Too early")
    draft = scene.as_lead(post_again, slug=scene.slug)
    with scene.make.session() as session:
        new = session.get_one(Project, draft.id)
        needs = session.query(Need).filter_by(project_id=new.id).all()
        assert (new.status, new.title, new.continues_id) == ("draft", scene.project.title, scene.project.id)
        assert [(need.title, need.target, need.held, need.status) for need in needs] == [
            (scene.need.title, scene.need.target, 0, "open")
        ]
    with scene.make.session() as session:
        row = session.get_one(Project, draft.id)
        row.decision_on, version = clock.today() + timedelta(days=60), row.version
    scene.as_lead(publish_project, slug=str(draft.id), version=version)
    assert scene.row(Project, draft.id).slug != scene.project.slug


def test_whoever_posts_again_after_the_date_comes_after_its_decision(scene: Scene) -> None:
    scene.accepted("A", 100_00)
    assert scene.project.decision_on is not None
    with clock.moved(scene.project.decision_on + timedelta(days=1) - clock.today()):
        draft = scene.as_lead(actions.post_again, slug=scene.slug)
    assert scene.now().status == "lapsed"
    assert scene.row(Project, draft.id).continues_id == scene.project.id


def test_a_project_that_others_joined_is_not_deleted_while_it_is_hidden_either(scene: Scene) -> None:
    other = scene.side("Other")
    scene.make.person(scene.project, scene.row(Officer, other.officer.officer_id), other.council)
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.is_hidden, project.is_public = True, False
    refused(Conflict, "project.others_joined", scene.as_lead, actions.delete_project, slug=scene.slug)
    assert scene.now().is_hidden


def test_a_trial_project_is_deleted_ninety_days_after_its_last_use(scene: Scene) -> None:
    trial = scene.make.project(scene.lead_council, is_trial=True)
    need = scene.make.need(trial)
    officer = scene.make.officer(scene.lead_council)
    with clock.moved(timedelta(days=10)):
        pledge = scene.make.pledge(need, scene.lead_council, officer, updated_at=clock.now())
    for days, is_there in ((99, True), (101, False)):
        with clock.moved(timedelta(days=days)):
            scene.worker(delete_unused_trials)
        with scene.make.session() as session:
            assert [session.get(Project, trial.id) is not None, session.get(Pledge, pledge.id) is not None] == [
                is_there, is_there,
            ]  # fmt: skip
    assert scene.now().status == "open"
    gone = scene.events()[-1]
    assert (gone.name, gone.subject_id, gone.audience) == ("project.deleted", trial.id, "project")


def test_a_dropped_need_lets_go_of_its_pledges_and_conditions_naming_it_hold_no_longer(scene: Scene) -> None:
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).least_councils = 1
    other = scene.make.need(scene.project, "funding", target=100_00)
    on_other = scene.accepted("A", 100_00, need=other)
    waits_for_it = scene.accepted("B", 200_00, Condition(kind=ConditionKind.NEED, need_id=other.id))
    assert scene.sums()[1] == 200_00
    refused(RuleBroken, "project.reason_missing", scene.as_lead, actions.drop_need, need_id=other.id)
    scene.as_lead(actions.drop_need, need_id=other.id, reason="Bought elsewhere")
    assert scene.status(on_other, waits_for_it) == ["lapsed", "accepted"]
    assert scene.sums()[1] == 0
    assert not scene.row(Pledge, waits_for_it.id).is_counting
    assert scene.differences() == []


def test_dropping_a_need_releases_what_was_committed_to_it(make: Factory, work: Callable[..., Any]) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    committed = scene.accepted("A", 100_00)
    scene.as_lead(actions.drop_need, need_id=scene.need.id, reason="No longer wanted")
    row = scene.row(Pledge, committed.id)
    assert (row.status, row.reason) == ("released", "No longer wanted")
    assert scene.differences() == []


def test_a_closed_need_takes_no_more_and_its_pledges_stand(scene: Scene) -> None:
    pledge = scene.accepted("A", 100_00)
    scene.as_lead(actions.close_need, need_id=scene.need.id)
    refused(Conflict, "need.closed", scene.offer, "B", 100_00)
    assert scene.status(pledge) == ["accepted"]
