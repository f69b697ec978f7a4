"""A project passes to another council: handed over by its leads, or taken over where nobody leads it any more."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from pipeline.artefacts import actions as _documents  # noqa: F401 (they follow their project)
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.councils.models import Council
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, Refusal
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import actions
from pipeline.pledges.models import Pledge
from pipeline.pledges.silence import age_projects, release_what_was_not_carried_over
from pipeline.projects.actions import say_still_true
from pipeline.projects.handover_models import Handover
from pipeline.projects.handovers import handover_shown, handovers_waiting_for
from pipeline.projects.models import ProjectPerson, TermsChange
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene

pytestmark = pytest.mark.database

WHY = "We have nobody for it any more."


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=200), least_councils=1)


@pytest.fixture
def coordinator(make: Factory) -> Actor:
    return make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)


def offer(scene: Scene, to: str) -> UUID:
    handover = scene.as_lead(
        actions.offer_hand_over, slug=scene.slug, council_id=scene.side(to).council.id, message=WHY
    )
    found: UUID = handover.id
    return found


def act(scene: Scene, actor: Actor, verb: Callable[..., Any], **values: Any) -> Any:
    with scene.work(actor) as work:
        return verb(work, **values)


def refused(code: str, verb: Callable[..., Any], *args: Any, **values: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        verb(*args, **values)
    assert refusal.value.code == code


def team(scene: Scene) -> list[tuple[UUID, str]]:
    with scene.make.session() as session:
        rows = session.scalars(
            select(ProjectPerson).where(
                ProjectPerson.project_id == scene.project.id, ProjectPerson.ended_at.is_(None)
            )
        )  # fmt: skip
        return sorted((row.council_id, row.role) for row in rows)


def test_leads_hand_their_project_over_and_an_authoriser_of_the_other_council_agrees(scene: Scene) -> None:
    york = scene.side("York")
    handover_id = offer(scene, "York")
    assert scene.now().council_id == scene.lead_council.id
    with pytest.raises(NotAllowed):
        act(scene, york.officer, actions.agree_handover, handover_id=handover_id)
    act(scene, york.authoriser, actions.agree_handover, handover_id=handover_id, lead_id=york.officer.officer_id)
    assert scene.now().council_id == york.council.id
    assert team(scene) == sorted([(york.council.id, "lead"), (scene.lead_council.id, "team")])
    assert [scene.row(Council, one.id).projects_led for one in (scene.lead_council, york.council)] == [0, 1]
    assert [scene.row(Council, one.id).projects_joined for one in (scene.lead_council, york.council)] == [1, 0]
    assert scene.row(Handover, handover_id).status == "agreed"
    assert scene.differences() == []
    event = next(one for one in scene.events() if one.name == "project.handed_over")
    assert (event.council_id, event.officer_id) == (york.council.id, york.authoriser.officer_id)


def test_only_leads_offer_and_one_council_at_a_time(scene: Scene) -> None:
    leeds = scene.side("Leeds")
    values = {"slug": scene.slug, "council_id": leeds.council.id, "message": WHY}
    with pytest.raises(NotAllowed):
        act(scene, leeds.officer, actions.offer_hand_over, **values)
    refused("handover.same_council", act, scene, scene.lead, actions.offer_hand_over, **values | {
        "council_id": scene.lead_council.id})  # fmt: skip
    refused("handover.message_missing", act, scene, scene.lead, actions.offer_hand_over, **values | {"message": ""})
    gone = scene.make.council("Gone", is_active=False)
    refused("handover.council_ended", act, scene, scene.lead, actions.offer_hand_over, **values | {
        "council_id": gone.id})  # fmt: skip
    offer(scene, "Leeds")
    refused("handover.asked_already", act, scene, scene.lead, actions.offer_hand_over, **values)


def test_what_is_offered_can_be_declined_or_taken_back_and_is_settled_then(scene: Scene) -> None:
    first = offer(scene, "York")
    act(scene, scene.side("York").authoriser, actions.decline_handover, handover_id=first, answer="No time.")
    second = offer(scene, "York")
    act(scene, scene.lead, actions.withdraw_handover, handover_id=second)
    refused(
        "handover.ended", act, scene, scene.side("York").authoriser, actions.agree_handover, handover_id=second
    )  # fmt: skip
    assert [scene.row(Handover, one).status for one in (first, second)] == ["declined", "withdrawn"]
    assert scene.now().council_id == scene.lead_council.id


def test_a_handover_is_a_change_of_terms(scene: Scene) -> None:
    pledge = scene.accepted("Leeds", 10_000_00)
    act(scene, scene.side("York").authoriser, actions.agree_handover, handover_id=offer(scene, "York"))
    with scene.make.session() as session:
        change = session.scalars(select(TermsChange)).one()
    lead_councils = [str(scene.lead_council.id), str(scene.side("York").council.id)]
    assert (change.changes, change.reason) == ({"lead_council_id": lead_councils}, WHY)
    # What was not committed stands, and for five working days nobody gives the go-ahead.
    assert scene.status(pledge) == ["accepted"]
    scene.lead = scene.side("York").authoriser
    refused("project.terms_just_changed", scene.as_lead, actions.give_go_ahead, slug=scene.slug)
    scene.withdraw("Leeds", pledge)
    assert scene.differences() == []


def test_committed_pledges_are_asked_to_carry_over_and_released_after_twenty_working_days(
    make: Factory, work: Callable[..., Any]
) -> None:
    scene = make_scene(make, work, status="going_ahead", mode="flexible", decision_on=None)
    stays, says_no, silent = (scene.accepted(name, 100) for name in ("Leeds", "Hull", "Bath"))
    own = scene.accepted("York", 100)
    act(scene, scene.side("York").authoriser, actions.agree_handover, handover_id=offer(scene, "York"))
    due_on = after_working_days(clock.today(), 20, "England")
    assert [scene.row(Pledge, one.id).carry_over_due_on for one in (stays, own)] == [due_on, None]
    with pytest.raises(NotAllowed):
        act(scene, scene.side("Leeds").officer, actions.answer_carry_over, pledge_id=stays.id, carries_over=True)
    for name, pledge, carries_over in (("Leeds", stays, True), ("Hull", says_no, False)):
        act(
            scene, scene.side(name).authoriser, actions.answer_carry_over, pledge_id=pledge.id,
            carries_over=carries_over,
        )  # fmt: skip
    days = (due_on - clock.today()).days
    for later in (days, days + 1, days + 2):
        with clock.moved(timedelta(days=later)):
            scene.worker(release_what_was_not_carried_over)
        assert scene.status(silent) == ["committed" if later == days else "released"]
    assert scene.status(stays, says_no, own) == ["committed", "released", "committed"]
    assert scene.names().count("pledge.released") == 2
    assert scene.differences() == []


def ask(scene: Scene, name: str, *, with_authority: bool = False) -> UUID:
    side = scene.side(name)
    actor = side.authoriser if with_authority else side.officer
    found: UUID = act(scene, actor, actions.ask_take_over, slug=scene.slug, message="We would do it.").id
    return found


def test_a_project_with_leads_is_not_taken_over(scene: Scene) -> None:
    refused("handover.has_leads", ask, scene, "York")


def test_a_council_takes_over_what_looks_for_a_lead_once_the_leads_had_ten_working_days(
    scene: Scene, coordinator: Actor
) -> None:
    scene.accepted("Leeds", 10_000_00)
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        handover_id = ask(scene, "York")
        due_on = after_working_days(clock.today(), 10, "England")
        assert scene.row(Handover, handover_id).answer_due_on == due_on
        refused("handover.leads_have_time", approve_agreed, scene, coordinator, handover_id)
    with clock.moved(timedelta(days=90) + (due_on - clock.today() - timedelta(days=90)) + timedelta(days=1)):
        with pytest.raises(NotAllowed):
            act(scene, scene.side("York").authoriser, actions.approve_takeover, handover_id=handover_id)
        act(scene, coordinator, actions.approve_takeover, handover_id=handover_id)
    row = scene.now()
    assert (row.council_id, row.freshness, row.waits_from_on) == (scene.side("York").council.id, "fresh", None)
    assert team(scene) == [(scene.side("York").council.id, "lead")]
    assert scene.differences() == []


def approve_agreed(scene: Scene, coordinator: Actor, handover_id: UUID) -> None:
    refused("handover.not_agreed", act, scene, coordinator, actions.approve_takeover, handover_id=handover_id)
    act(scene, scene.side("York").authoriser, actions.agree_handover, handover_id=handover_id)
    act(scene, coordinator, actions.approve_takeover, handover_id=handover_id)


def test_any_sign_of_life_ends_a_takeover_that_was_not_approved(scene: Scene, coordinator: Actor) -> None:
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
        handover_id = ask(scene, "York", with_authority=True)
        scene.as_lead(say_still_true, slug=scene.slug)
    assert (scene.row(Handover, handover_id).status, scene.now().freshness) == ("still_here", "fresh")
    with clock.moved(timedelta(days=120)):
        refused("handover.ended", act, scene, coordinator, actions.approve_takeover, handover_id=handover_id)
    ended = [event.payload["status"] for event in scene.events() if event.name == "project.handover_ended"]
    assert ended == ["still_here"]


def test_only_those_it_concerns_know_of_a_handover(scene: Scene, coordinator: Actor) -> None:
    handover_id = offer(scene, "York")
    york, leeds = scene.side("York"), scene.side("Leeds")
    for actor in (scene.lead, york.officer, york.authoriser, coordinator):
        with scene.work(actor) as work:
            assert handover_shown(work, handover_id).message == WHY
    with pytest.raises(NotFound), scene.work(leeds.authoriser) as work:
        handover_shown(work, handover_id)
    for actor, number in ((york.authoriser, 1), (york.officer, 0), (scene.lead, 0), (coordinator, 0)):
        with scene.work(actor) as work:
            assert len(handovers_waiting_for(work)) == number


def test_in_the_last_five_working_days_before_the_date_nothing_passes(scene: Scene) -> None:
    scene.accepted("Leeds", 10_000_00)
    handover_id = offer(scene, "York")
    with clock.moved(timedelta(days=198)), pytest.raises(Conflict) as refusal:
        act(scene, scene.side("York").authoriser, actions.agree_handover, handover_id=handover_id)
    assert refusal.value.code == "project.terms_frozen"


def test_a_project_that_somebody_asked_for_is_not_given_up_meanwhile(scene: Scene, coordinator: Actor) -> None:
    with clock.moved(timedelta(days=90)):
        scene.worker(age_projects)
    with clock.moved(timedelta(days=149)):
        handover_id = ask(scene, "York")
    with clock.moved(timedelta(days=151)):
        scene.worker(age_projects)
        assert scene.now().status == "open"
        act(scene, coordinator, actions.decline_handover, handover_id=handover_id, answer="They have no time.")
        scene.worker(age_projects)
        assert scene.now().status == "lapsed"


def test_what_is_on_its_way_ends_with_the_project(scene: Scene) -> None:
    handover_id = offer(scene, "York")
    scene.as_lead(actions.stop_project, slug=scene.slug, reason="It was bought.")
    assert scene.row(Handover, handover_id).status == "overtaken"


def test_documents_follow_their_project_and_nobody_uses_their_own(scene: Scene, shelf: Shelf) -> None:
    document = shelf.document(scene.project, scene.make.officer(scene.lead_council), "A text.\n")
    york = scene.side("York")
    adoption = shelf.adopt(document, 1, york.council, scene.make.officer(york.council))
    act(scene, york.authoriser, actions.agree_handover, handover_id=offer(scene, "York"))
    assert scene.row(Artefact, document.artefact.id).council_id == york.council.id
    assert scene.row(Adoption, adoption.id).ended_at is not None
