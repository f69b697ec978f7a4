"""Who is told of the fate of a project, once, and what it means for them."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.accounts.actions import leave_council
from pipeline.accounts.models import Officer
from pipeline.db.outbox import OutboxMessage
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotAllowed
from pipeline.kernel.ids import new_id
from pipeline.kernel.working_days import before_working_days
from pipeline.notifications.date_reminders import remind_of_dates, stage_of
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.decision_dates import decide_due_dates
from pipeline.pledges.models import Pledge
from pipeline.projects.actions import add_colleague, post_again, publish_project
from pipeline.projects.models import Interest, Project
from pipeline.projects.rules import Mode, PersonRole
from pipeline.projects.terms import Terms
from tests.factories import Factory
from tests.notifications.conftest import Post
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def address(scene: Scene, officer_id: Any) -> str:
    found: str = scene.row(Officer, officer_id).address
    return found


def sides(scene: Scene, *names: str) -> set[str]:
    """The addresses of those who offered and authorised for councils."""
    return {
        address(scene, actor.officer_id)
        for name in names
        for actor in (scene.side(name).officer, scene.side(name).authoriser)
    }


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return " ".join(str(body.get_content()).split())


def follower_of(scene: Scene) -> str:
    """Somebody who follows the project, and somebody who showed an interest under the same roof."""
    council = scene.make.council("Elsewhere")
    follower, interested = scene.make.officer(council), scene.make.officer(council)
    scene.make.follow(follower, "project", scene.project.id, council, project_id=scene.project.id)
    scene.make.prefers(follower, following="at_once")
    scene.make.keep(
        Interest(
            id=new_id(), project_id=scene.project.id, officer_id=interested.id, council_id=council.id,
            kind="problem_too", is_named=False, shown_at=clock.now(),
        ),
    )  # fmt: skip
    return follower.address


def test_going_ahead_is_told_once_with_what_it_means(scene: Scene, post: Post) -> None:
    follower = follower_of(scene)
    scene.accepted("A", 10_000_00)
    scene.accepted("B", 100_00, Condition(kind=ConditionKind.COUNCILS, at_least=3))
    post.deliver()
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    told = post.deliver()
    assert sides(scene, "A", "B") | {follower} <= told.keys()
    assert len(told) == 6
    committed = text_of(told[address(scene, scene.side("A").officer.officer_id)])
    assert "is going ahead" in committed
    assert "£10,000 towards" in committed
    assert "is committed" in committed
    waits = text_of(told[address(scene, scene.side("B").authoriser.officer_id)])
    assert "is accepted and binds nobody yet" in waits
    assert "lapses after" in waits
    assert "because you follow this project" in text_of(told[follower])


def test_a_lapse_is_told_once_and_the_leads_hear_of_it_too(scene: Scene, post: Post) -> None:
    scene.authorised("A", 100_00)
    post.deliver()
    assert scene.project.decision_on is not None
    with clock.moved(scene.project.decision_on + timedelta(days=1) - clock.today()):
        scene.worker(decide_due_dates)
        told = post.deliver()
    assert told.keys() == sides(scene, "A") | {address(scene, scene.lead.officer_id)}
    assert "has lapsed with it" in text_of(told[address(scene, scene.side("A").officer.officer_id)])


def test_a_stop_tells_of_what_is_released_in_the_same_mail(scene: Scene, post: Post) -> None:
    scene.accepted("A", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    post.deliver()
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="The supplier went under")
    told = post.deliver()
    assert told.keys() == sides(scene, "A")
    said = text_of(told[address(scene, scene.side("A").officer.officer_id)])
    assert "was stopped" in said
    assert "let off what is left of its £10,000" in said
    assert "supplier" not in said


def test_a_finished_project_says_what_stays(scene: Scene, post: Post) -> None:
    scene.accepted("A", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    post.deliver()
    outcome = written("It works", under=2)
    scene.as_lead(actions.finish_project, slug=scene.slug, year_ended=clock.today().year, outcome=outcome)
    told = post.deliver()
    assert told.keys() == sides(scene, "A")
    assert "is committed" in text_of(told[address(scene, scene.side("A").officer.officer_id)])


def test_other_terms_and_another_date_are_told_to_those_who_may_withdraw(scene: Scene, post: Post) -> None:
    scene.authorised("A", 100_00)
    post.deliver()
    more = Terms(mode=Mode.ALL_OR_NOTHING, least_councils=2)
    scene.as_lead(actions.change_terms, slug=scene.slug, terms=more, reason="We want others in")
    told = post.deliver()
    assert told.keys() == sides(scene, "A")
    said = text_of(told[address(scene, scene.side("A").officer.officer_id)])
    assert "For five working days nobody can give the go-ahead" in said
    assert "may withdraw" in said
    assert "others in" not in said
    assert scene.project.decision_on is not None
    later = scene.project.decision_on + timedelta(days=20)
    scene.as_lead(actions.move_date, slug=scene.slug, decision_on=later, reason="We need longer")
    assert post.deliver().keys() == sides(scene, "A")


def test_a_pledge_bound_by_itself_is_told_to_its_council(make: Factory, work: Callable[..., Any], post: Post) -> None:
    scene = make_scene(make, work, mode="flexible", decision_on=None)
    pledge = scene.authorised("A", 100_00)
    post.deliver()
    scene.accept(pledge)
    told = post.deliver()
    assert told.keys() == sides(scene, "A")
    assert "accepted and committed" in text_of(told[address(scene, scene.side("A").officer.officer_id)])


def test_a_pledge_whose_place_was_taken_is_not_told_as_withdrawn(scene: Scene, post: Post) -> None:
    earlier = scene.authorised("A", 100_00)
    later = scene.offer("A", 200_00, replaces=earlier)
    scene.authorise("A", later)
    post.hear()
    assert "pledge.withdrawn" not in {row.kind for row in post.outbox()}


def test_those_who_pledged_before_hear_when_it_is_posted_again(scene: Scene, post: Post) -> None:
    follower = follower_of(scene)
    scene.authorised("A", 100_00)
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="Too early")
    draft = scene.as_lead(post_again, slug=scene.slug)
    with scene.make.session() as session:
        row = session.get_one(Project, draft.id)
        row.decision_on, version = clock.today() + timedelta(days=60), row.version
    post.deliver()
    assert "project.posted_again" not in {row.kind for row in post.outbox()}
    scene.as_lead(publish_project, slug=str(draft.id), version=version)
    told = post.deliver()
    assert told.keys() == sides(scene, "A") | {follower}
    assert "does not carry over" in text_of(told[follower])


def test_nobody_is_told_of_what_is_so_no_longer(scene: Scene, post: Post) -> None:
    scene.accepted("A", 10_000_00)
    post.deliver()
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="A mistake")
    told = post.deliver()
    assert {str(message["Subject"]).split(":")[0] for message in told.values()} == {"Stopped"}


@pytest.mark.parametrize("days, stage", [(0, None), (1, 1), (2, 5), (5, 5), (6, 10), (10, 10), (11, None)])
def test_which_reminder_is_due(days: int, stage: int | None) -> None:
    assert stage_of(days) == stage


def reminders(post: Post) -> list[OutboxMessage]:
    return [row for row in post.outbox() if row.kind == "project.date_near"]


def test_leads_are_told_ten_five_and_one_working_days_before_which_answers_are_missing(
    scene: Scene, post: Post
) -> None:
    pledge = scene.authorised("Leeds", 100_00)
    scene.offer("York", 200_00)
    post.hear()
    post.send()
    day = scene.project.decision_on
    assert day is not None
    for number, before in enumerate((10, 5, 1), start=1):
        with clock.moved(before_working_days(day, before, "England") - clock.today()):
            scene.worker(remind_of_dates)
            scene.worker(remind_of_dates)
            assert len(reminders(post)) == number
            (told,) = [message for address_, message in post.deliver().items() if "decided" in text_of(message)]
    assert "1 working day is left" in text_of(told)
    assert "Leeds’s £100 towards" in text_of(told)
    assert "1 offer waits for its own council" in text_of(told)
    assert scene.row(Pledge, pledge.id).status == "authorised"


def test_no_reminder_is_sent_of_a_date_that_is_far_or_has_been_decided(scene: Scene, post: Post) -> None:
    scene.worker(remind_of_dates)
    scene.accepted("A", 10_000_00)
    scene.as_lead(actions.give_go_ahead, slug=scene.slug)
    day = scene.project.decision_on
    assert day is not None
    with clock.moved(before_working_days(day, 5, "England") - clock.today()):
        scene.worker(remind_of_dates)
    assert reminders(post) == []


def test_admins_are_told_when_the_last_lead_of_their_council_has_left_and_name_another(
    scene: Scene, post: Post, work: Callable[..., Any]
) -> None:
    council = scene.lead_council
    admin, colleague = scene.make.officer(council, Role.COUNCIL_ADMIN), scene.make.officer(council)
    as_admin = scene.make.actor(admin, council, Role.COUNCIL_ADMIN)
    naming: dict[str, Any] = {
        "slug": scene.slug, "officer_id": colleague.id, "council_id": council.id, "role": PersonRole.LEAD,
    }  # fmt: skip
    with work(as_admin) as unit, pytest.raises(NotAllowed):
        add_colleague(unit, **naming)
    with work(scene.lead) as unit:
        leave_council(unit, council_id=council.id)
    told = post.deliver()
    assert told.keys() == {admin.address}
    assert f"/projects/{scene.slug}/team" in text_of(told[admin.address])
    with work(as_admin) as unit:
        add_colleague(unit, **naming)
    with work(as_admin) as unit, pytest.raises(NotAllowed):
        add_colleague(unit, **{**naming, "officer_id": admin.id})


def test_of_a_project_that_somebody_else_of_the_council_leads_no_admin_is_told(
    scene: Scene, post: Post, work: Callable[..., Any]
) -> None:
    council = scene.lead_council
    scene.make.officer(council, Role.COUNCIL_ADMIN)
    scene.make.person(scene.project, scene.make.officer(council), council, "lead")
    with work(scene.lead) as unit:
        leave_council(unit, council_id=council.id)
    assert post.deliver() == {}
