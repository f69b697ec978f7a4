"""What the acts on pledges do: the pledge, the sums, the events, and what they refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Membership, MembershipRole, Officer
from pipeline.councils.models import Council
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, Refusal, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.pledges import actions
from pipeline.pledges.duties import lapse_past_sign_off
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.rules import Capacity, NoRoom, Offer, Spending
from pipeline.pledges.totals import differences, mend_totals
from pipeline.projects.models import Need, Project
from tests.factories import Factory

pytestmark = pytest.mark.database


def an_offer(amount: int = 4, **values: Any) -> Offer:
    """An offer of time, from today for two months, to be decided within two weeks."""
    today = clock.today()
    defaults: dict[str, Any] = {
        "amount": amount,
        "sign_off_by": today + timedelta(days=14),
        "from_on": today,
        "to_on": today + timedelta(days=60),
    }
    return Offer(**defaults | values)


@dataclass
class Scene:
    """A project of Lead with one need; Giver has an officer, an authoriser and an admin."""

    make: Factory
    work: Callable[..., Any]
    lead_council: Council
    giver: Council
    lead: Actor
    officer: Actor
    authoriser: Actor
    admin: Actor
    project: Project
    need: Need

    def offer(self, amount: int = 4, actor: Actor | None = None, need: Need | None = None, **values: Any) -> Pledge:
        with self.work(actor or self.officer) as work:
            return actions.offer_pledge(work, need_id=(need or self.need).id, offer=an_offer(amount, **values))

    def authorise(self, pledge: Pledge, actor: Actor | None = None) -> Pledge:
        with self.work(actor or self.authoriser) as work:
            return actions.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)

    def accept(self, pledge: Pledge, actor: Actor | None = None) -> Pledge:
        with self.work(actor or self.lead) as work:
            return actions.accept_pledge(work, pledge_id=pledge.id)

    def decline(self, pledge: Pledge, actor: Actor | None = None, reason: str = "Not now") -> Pledge:
        with self.work(actor or self.lead) as work:
            return actions.decline_pledge(work, pledge_id=pledge.id, reason=reason)

    def refuse(self, pledge: Pledge, actor: Actor | None = None, reason: str = "No money") -> Pledge:
        with self.work(actor or self.authoriser) as work:
            return actions.refuse_pledge(work, pledge_id=pledge.id, reason=reason)

    def withdraw(self, pledge: Pledge, actor: Actor | None = None, reason: str = "Plans changed") -> Pledge:
        with self.work(actor or self.officer) as work:
            return actions.withdraw_pledge(work, pledge_id=pledge.id, reason=reason)

    def change(self, pledge: Pledge, amount: int, actor: Actor | None = None, **values: Any) -> Pledge:
        version = values.pop("version", None)
        with self.work(actor or self.officer) as work:
            return actions.change_pledge(work, pledge_id=pledge.id, offer=an_offer(amount, **values), version=version)

    def officer_of(self, council: Council, *roles: Role) -> Actor:
        return self.make.actor(self.make.officer(council, *roles), council, *roles)

    def row(self, of: type[Any], row_id: Any) -> Any:
        with self.make.session() as session:
            return session.get_one(of, row_id)

    def sums(self, need: Need | None = None) -> tuple[int, int, int]:
        row = self.row(Need, (need or self.need).id)
        return row.held, row.pledged, row.agreed

    def events(self) -> list[LoggedEvent]:
        with self.make.session() as session:
            return list(session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)))

    def told(self) -> list[tuple[str, str]]:
        return [(event.name, event.audience) for event in self.events()]

    def differences(self) -> list[str]:
        with self.work(system("test")) as work:
            return [str(one) for one in differences(work)]


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work)


def make_scene(make: Factory, work: Callable[..., Any]) -> Scene:
    lead_council, giver = make.council("Lead"), make.council("Giver")
    lead = make.officer(lead_council)
    project = make.project(lead_council, lead)
    with make.session() as session:
        session.get_one(Council, lead_council.id).projects_led = 1
    return Scene(
        make, work, lead_council, giver, make.actor(lead, lead_council), make.actor(make.officer(giver), giver),
        make.actor(make.officer(giver, Role.AUTHORISER), giver, Role.AUTHORISER),
        make.actor(make.officer(giver, Role.COUNCIL_ADMIN), giver, Role.COUNCIL_ADMIN),
        project, make.need(project, target=20, is_capped=True),
    )  # fmt: skip


def refused(refusal: type[Refusal], code: str, act: Callable[..., Any], *args: Any, **values: Any) -> Refusal:
    with pytest.raises(refusal) as caught:
        act(*args, **values)
    assert caught.value.code == code
    return caught.value


def test_an_offer_holds_room_at_once_and_is_not_public(scene: Scene) -> None:
    pledge = scene.offer(6)
    assert scene.sums() == (6, 0, 0)
    project = scene.row(Project, scene.project.id)
    assert (project.held_half_days, project.pledged_half_days, project.councils) == (6, 0, 0)
    assert project.revision == scene.project.revision + 1
    assert scene.row(Need, scene.need.id).revision == 2
    assert scene.told() == [("pledge.offered", "project"), ("authorisation.asked", "council")]
    offered = scene.events()[0]
    assert offered.payload["changes"] == {"status": [None, "offered"]}
    assert offered.payload["amount"] == 6
    assert offered.council_id == pledge.council_id
    assert scene.differences() == []


def test_an_offer_changes_what_the_public_reads_because_the_room_shows(scene: Scene) -> None:
    scene.offer()
    assert scene.row(EventCounter, 1).last_public == 2


def test_the_whole_path_from_offer_to_accepted(scene: Scene) -> None:
    pledge = scene.offer(6)
    authorised = scene.authorise(pledge)
    assert authorised.status == "authorised"
    assert scene.sums() == (6, 6, 0)
    assert scene.row(Project, scene.project.id).councils == 1
    assert scene.row(Council, scene.giver.id).projects_joined == 0
    accepted = scene.accept(pledge)
    assert accepted.status == "accepted"
    assert scene.sums() == (6, 6, 6)
    assert scene.row(Council, scene.giver.id).projects_joined == 1
    assert scene.told()[2:] == [("pledge.authorised", "public"), ("pledge.accepted", "public")]
    assert scene.differences() == []


def test_an_authorisation_keeps_who_and_in_which_capacity(scene: Scene) -> None:
    pledge = scene.authorise(scene.offer())
    with scene.make.session() as session:
        kept = session.scalars(select(Authorisation)).one()
    assert (kept.pledge_id, kept.officer_id, kept.capacity) == (pledge.id, scene.authoriser.officer_id, "budget-holder")


def test_a_pledge_to_ones_own_project_is_accepted_when_it_is_authorised(scene: Scene) -> None:
    officer, authoriser = scene.officer_of(scene.lead_council), scene.officer_of(scene.lead_council, Role.AUTHORISER)
    pledge = scene.authorise(scene.offer(actor=officer), authoriser)
    assert pledge.status == "accepted"
    assert scene.sums() == (4, 4, 4)
    assert scene.row(Project, scene.project.id).councils == 0
    assert scene.row(Council, scene.lead_council.id).projects_joined == 0
    changes = [(event.name, event.payload["changes"]["status"]) for event in scene.events()[2:]]
    assert changes == [
        ("pledge.authorised", ["offered", "authorised"]),
        ("pledge.accepted", ["authorised", "accepted"]),
    ]
    assert scene.differences() == []


def test_an_offer_larger_than_the_room_is_refused_and_told_what_is_left(scene: Scene) -> None:
    scene.offer(8)
    refusal = refused(NoRoom, "pledge.no_room", scene.offer, 13, scene.officer_of(scene.make.council()))
    assert str(refusal.words) == "12 half-days are left."
    assert refusal.problems[0].field == "half_days"
    assert scene.sums() == (8, 0, 0)


def test_ended_pledges_give_their_room_back_at_once(scene: Scene) -> None:
    other = scene.officer_of(scene.make.council())
    pledge = scene.offer(20)
    refused(NoRoom, "pledge.no_room", scene.offer, 1, other)
    scene.refuse(pledge)
    assert scene.sums() == (0, 0, 0)
    assert scene.offer(20, other).amount == 20


def test_a_need_without_a_cap_takes_more_than_its_target(scene: Scene) -> None:
    need = scene.make.need(scene.project, target=2)
    scene.offer(50, need=need)
    assert scene.sums(need) == (50, 0, 0)


def test_a_council_has_at_most_one_unsigned_offer_in_a_capped_need(scene: Scene) -> None:
    first = scene.offer(2)
    colleague = scene.officer_of(scene.giver)
    refusal = refused(Conflict, "pledge.unsigned_offer_stands", scene.offer, 2, colleague)
    assert isinstance(refusal, Conflict)
    assert refusal.allowed == ("change", "withdraw")
    scene.authorise(first)
    scene.offer(2, colleague)
    uncapped = scene.make.need(scene.project)
    scene.offer(2, need=uncapped)
    scene.offer(2, need=uncapped)


def test_a_council_counts_once_however_many_of_its_pledges_do(scene: Scene) -> None:
    first, second = scene.authorise(scene.offer(2)), scene.authorise(scene.offer(3))
    assert scene.row(Project, scene.project.id).councils == 1
    scene.withdraw(first)
    assert scene.row(Project, scene.project.id).councils == 1
    scene.decline(second)
    assert scene.row(Project, scene.project.id).councils == 0
    assert scene.differences() == []


def test_other_bodies_are_not_counted_as_councils(scene: Scene) -> None:
    body = scene.make.council("Fire", kind="other body")
    pledge = scene.offer(2, scene.officer_of(body))
    scene.authorise(pledge, scene.officer_of(body, Role.AUTHORISER))
    assert scene.row(Project, scene.project.id).councils == 0
    assert scene.sums() == (2, 2, 0)
    assert scene.differences() == []


def test_a_council_joins_a_project_once_and_leaves_with_its_last_pledge(scene: Scene) -> None:
    first, second = (scene.accept(scene.authorise(scene.offer(2))) for _ in range(2))
    assert scene.row(Council, scene.giver.id).projects_joined == 1
    scene.withdraw(first)
    assert scene.row(Council, scene.giver.id).projects_joined == 1
    scene.withdraw(second)
    assert scene.row(Council, scene.giver.id).projects_joined == 0
    assert scene.differences() == []


def test_a_council_with_an_officer_in_the_team_has_joined_already(scene: Scene) -> None:
    scene.make.person(scene.project, scene.make.officer(scene.giver), scene.giver)
    with scene.make.session() as session:
        session.get_one(Council, scene.giver.id).projects_joined = 1
    pledge = scene.accept(scene.authorise(scene.offer()))
    assert scene.row(Council, scene.giver.id).projects_joined == 1
    scene.withdraw(pledge)
    assert scene.row(Council, scene.giver.id).projects_joined == 1
    assert scene.differences() == []


@pytest.mark.parametrize("kind", ["funding", "in_kind"])
def test_money_and_things_are_held_in_their_own_units(scene: Scene, kind: str) -> None:
    need = scene.make.need(scene.project, kind, target=500_000, is_capped=True)
    year = clock.today().year
    given: dict[str, Any] = {
        "funding": {"first_financial_year": year, "last_financial_year": year, "spending": Spending.REVENUE},
        "in_kind": {"worth_pence": 12_00},
    }[kind]
    pledge = scene.offer(300_000, need=need, from_on=None, to_on=None, **given)
    scene.accept(scene.authorise(pledge))
    project = scene.row(Project, scene.project.id)
    assert scene.sums(need) == (300_000, 300_000, 300_000)
    assert (project.held_half_days, project.agreed_pence) == (0, 300_000 if kind == "funding" else 0)
    refusal = refused(NoRoom, "pledge.no_room", scene.offer, 200_001, need=need, from_on=None, to_on=None, **given)
    assert "200000" in str(refusal.words)
    assert scene.differences() == []


@pytest.mark.parametrize(
    "values, code",
    [
        ({"status": "finished"}, "project.takes_no_pledges"),
        ({"status": "stopped"}, "project.takes_no_pledges"),
        ({"status": "lapsed"}, "project.takes_no_pledges"),
        ({"decision_on": clock.today() - timedelta(days=3)}, "project.takes_no_pledges"),
    ],
)
def test_a_project_takes_pledges_only_while_it_is_open_or_going_ahead(
    scene: Scene, values: dict[str, Any], code: str
) -> None:
    project = scene.make.project(scene.lead_council, **values)
    refused(Conflict, code, scene.offer, need=scene.make.need(project))


def test_a_project_going_ahead_takes_pledges_after_its_decision_date(scene: Scene) -> None:
    project = scene.make.project(
        scene.lead_council, status="going_ahead", decision_on=clock.today() - timedelta(days=3)
    )
    assert scene.offer(need=scene.make.need(project)).status == "offered"


@pytest.mark.parametrize("status", ["closed", "dropped"])
def test_a_need_that_is_not_open_takes_no_pledges(scene: Scene, status: str) -> None:
    refused(Conflict, "need.closed", scene.offer, need=scene.make.need(scene.project, status=status))


def test_a_need_in_a_draft_or_another_councils_trial_is_not_there(scene: Scene) -> None:
    draft = scene.make.project(scene.lead_council, status="draft")
    trial = scene.make.project(scene.lead_council, is_trial=True)
    for project in (draft, trial):
        refused(NotFound, "need.not_found", scene.offer, need=scene.make.need(project))


def test_an_offer_says_every_problem_at_once(scene: Scene) -> None:
    refusal = refused(
        RuleBroken, "offer.amount", scene.offer, 0, from_on=None, to_on=None, sign_off_by=date(2020, 1, 1)
    )
    assert [one.field for one in refusal.problems] == ["half_days", "sign_off_by", "from_on", "to_on"]
    assert scene.sums() == (0, 0, 0)
    assert scene.events() == []


def test_changing_an_offer_needs_its_room_again(scene: Scene) -> None:
    pledge = scene.offer(6)
    scene.offer(10, scene.officer_of(scene.make.council()))
    refusal = refused(NoRoom, "pledge.no_room", scene.change, pledge, 11)
    assert str(refusal.words) == "10 half-days are left."
    changed = scene.change(pledge, 10, message="With a colleague")
    assert (changed.amount, changed.version) == (10, 2)
    assert scene.sums() == (20, 0, 0)
    event = next(event for event in scene.events() if event.name == "pledge.changed")
    assert event.payload["changes"] == {"amount": [6, 10], "texts": ["message"]}
    assert "colleague" not in str(event.payload)
    assert scene.told()[-1][0] == "authorisation.asked"
    assert scene.differences() == []


def test_a_change_that_changes_nothing_records_nothing(scene: Scene) -> None:
    pledge = scene.offer(6)
    assert scene.change(pledge, 6).version == 1
    assert len(scene.events()) == 2


def test_a_change_to_an_offer_somebody_changed_meanwhile_is_refused(scene: Scene) -> None:
    pledge = scene.offer(6)
    scene.change(pledge, 7, version=1)
    refused(Conflict, "pledge.changed_meanwhile", scene.change, pledge, 8, version=1)


def test_only_whoever_offered_changes_an_offer_and_only_until_it_is_authorised(scene: Scene) -> None:
    pledge = scene.offer()
    refused(NotAllowed, "pledge.not_yours", scene.change, pledge, 5, scene.officer_of(scene.giver))
    scene.authorise(pledge)
    refusal = refused(Conflict, "pledge.wrong_step", scene.change, pledge, 5)
    assert isinstance(refusal, Conflict)
    assert refusal.allowed == ("accept", "decline", "withdraw", "replace")


def test_an_officer_cannot_authorise_their_own_offer_by_any_account(scene: Scene) -> None:
    authoriser = scene.make.officer(scene.giver, Role.AUTHORISER)
    actor = scene.make.actor(authoriser, scene.giver, Role.AUTHORISER)
    pledge = scene.offer(actor=actor)
    refused(NotAllowed, "pledge.own_offer", scene.authorise, pledge, actor)
    refused(NotAllowed, "pledge.own_offer", scene.refuse, pledge, actor)
    twin = scene.make.officer(scene.giver, Role.AUTHORISER, person_key=authoriser.person_key)
    refused(
        NotAllowed, "pledge.own_offer", scene.authorise, pledge, scene.make.actor(twin, scene.giver, Role.AUTHORISER)
    )
    assert scene.authorise(pledge).status == "authorised"


def test_whoever_leads_the_project_does_not_authorise_pledges_to_it(scene: Scene) -> None:
    lead = scene.make.officer(scene.giver, Role.AUTHORISER)
    scene.make.person(scene.project, lead, scene.giver, role="lead")
    refused(
        NotAllowed,
        "pledge.leads_project",
        scene.authorise,
        scene.offer(),
        scene.make.actor(lead, scene.giver, Role.AUTHORISER),
    )


def test_a_role_gained_after_the_offer_or_given_by_the_offerer_does_not_serve(scene: Scene) -> None:
    pledge = scene.offer()
    late = scene.make.officer(scene.giver)
    with scene.make.session() as session:
        place = _membership_of(session, late)
        session.add(_role(place, clock.now(), None))
    actor = scene.make.actor(late, scene.giver, Role.AUTHORISER)
    refused(NotAllowed, "pledge.role_too_new", scene.authorise, pledge, actor)
    favoured = scene.make.officer(scene.giver)
    with scene.make.session() as session:
        place = _membership_of(session, favoured)
        session.add(_role(place, clock.now() - timedelta(days=9), scene.officer.officer_id))
    actor = scene.make.actor(favoured, scene.giver, Role.AUTHORISER)
    refused(NotAllowed, "pledge.role_from_offerer", scene.authorise, pledge, actor)


def _membership_of(session: Any, officer: Officer) -> Any:
    return session.scalars(select(Membership).where(Membership.officer_id == officer.id)).one()


def _role(place: Any, given_at: Any, given_by: Any) -> MembershipRole:
    return MembershipRole(id=new_id(), membership_id=place.id, role="authoriser", given_by=given_by, given_at=given_at)


def test_an_offer_past_its_date_cannot_be_authorised_even_before_it_lapses(scene: Scene) -> None:
    pledge = scene.offer(sign_off_by=clock.today())
    with clock.moved(timedelta(days=1)):
        refused(Conflict, "pledge.sign_off_passed", scene.authorise, pledge)


def test_offers_lapse_when_their_sign_off_date_has_ended(scene: Scene, app: Any) -> None:
    due, later = scene.offer(2, sign_off_by=clock.today()), scene.offer(3, need=scene.make.need(scene.project))
    done = scene.authorise(scene.offer(2, need=scene.make.need(scene.project), sign_off_by=clock.today()))
    with app.app_context():
        lapse_past_sign_off()
        assert scene.row(Pledge, due.id).status == "offered"
        with clock.moved(timedelta(days=1)):
            lapse_past_sign_off()
            lapse_past_sign_off()
    assert [scene.row(Pledge, one.id).status for one in (due, later, done)] == ["lapsed", "offered", "authorised"]
    assert scene.sums() == (0, 0, 0)
    event = scene.events()[-1]
    assert (event.name, event.audience, event.system, event.council_id) == (
        "pledge.lapsed",
        "project",
        "sign-off dates",
        scene.giver.id,
    )
    assert scene.differences() == []


def test_nobody_lapses_a_pledge_by_hand_nor_before_its_date(scene: Scene) -> None:
    pledge = scene.offer()
    for actor, refusal, code in (
        (scene.lead, NotAllowed, "pledge.not_the_clock"),
        (system("sign-off dates"), Conflict, "pledge.not_due"),
    ):
        with scene.work(actor) as work:
            refused(refusal, code, actions.lapse_pledge, work, pledge_id=pledge.id)
            work.session.rollback()


def test_whoever_offered_or_authorised_can_neither_accept_nor_decline(scene: Scene) -> None:
    both = scene.make.officer(scene.lead_council, Role.AUTHORISER)
    pledge = scene.offer(actor=scene.officer)
    scene.make.membership(both, scene.giver, Role.AUTHORISER)
    scene.authorise(pledge, scene.make.actor(both, scene.giver, Role.AUTHORISER))
    scene.make.person(scene.project, both, scene.lead_council, role="lead")
    refused(NotAllowed, "pledge.both_sides", scene.accept, pledge, scene.make.actor(both, scene.lead_council))
    refused(NotAllowed, "pledge.both_sides", scene.decline, pledge, scene.make.actor(both, scene.lead_council))
    assert scene.accept(pledge).status == "accepted"


def test_an_end_is_public_only_where_the_pledge_was(scene: Scene) -> None:
    scene.withdraw(scene.offer(), reason="")
    scene.decline(scene.offer())
    scene.withdraw(scene.authorise(scene.offer()))
    scene.decline(scene.authorise(scene.offer()))
    ends = [told for told in scene.told() if told[0] in ("pledge.withdrawn", "pledge.declined")]
    assert [audience for _name, audience in ends] == ["project", "project", "public", "public"]
    assert all("reason" not in event.payload for event in scene.events())
    assert scene.sums() == (0, 0, 0)


def test_withdrawing_needs_a_reason_once_the_pledge_was_authorised(scene: Scene) -> None:
    pledge = scene.authorise(scene.offer())
    refused(RuleBroken, "pledge.reason_missing", scene.withdraw, pledge, reason="")
    assert scene.withdraw(pledge, scene.admin).reason == "Plans changed"


def test_in_a_trial_project_one_person_plays_every_part_and_nothing_is_public(scene: Scene) -> None:
    officer = scene.make.officer(scene.lead_council)
    trial = scene.make.project(scene.lead_council, officer, is_trial=True)
    actor = scene.make.actor(officer, scene.lead_council)
    pledge = scene.authorise(scene.offer(actor=actor, need=scene.make.need(trial)), actor)
    assert pledge.status == "accepted"
    scene.decline(pledge, actor)
    assert {audience for _name, audience in scene.told()} == {"project", "council"}
    assert scene.differences() == []


@pytest.mark.parametrize("act", ["authorise", "accept"])
def test_a_finished_project_takes_no_pledge_any_further(scene: Scene, act: str) -> None:
    pledge = scene.offer()
    if act == "accept":
        scene.authorise(pledge)
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).status = "finished"
    refused(Conflict, "project.takes_no_pledges", getattr(scene, act), pledge)


def test_a_hidden_project_takes_no_pledge_any_further_and_its_leads_may_still_decline(scene: Scene) -> None:
    pledge = scene.authorise(scene.offer())
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
        project.is_hidden, project.is_public = True, False
    refused(Conflict, "project.takes_no_pledges", scene.accept, pledge)
    assert scene.row(Pledge, pledge.id).status == "authorised"
    assert scene.decline(pledge).status == "declined"


def test_another_councils_offer_answers_like_one_that_does_not_exist(scene: Scene) -> None:
    pledge = scene.offer()
    stranger = scene.officer_of(scene.make.council(), Role.AUTHORISER)
    for act in (scene.authorise, scene.refuse, scene.withdraw, scene.accept, scene.decline):
        refused(NotFound, "pledge.not_found", act, pledge, stranger)


def test_reconcile_reports_what_differs_and_mends_it_with_an_event(scene: Scene) -> None:
    scene.accept(scene.authorise(scene.offer(6)))
    with scene.make.session() as session:
        session.get_one(Need, scene.need.id).agreed = 1
        session.get_one(Project, scene.project.id).held_half_days = 99
        session.get_one(Council, scene.giver.id).projects_joined = 7
    assert len(scene.differences()) == 3
    with scene.work(system("reconcile")) as work:
        assert {one.column for one in mend_totals(work)} == {"agreed", "held_half_days", "projects_joined"}
    assert scene.differences() == []
    assert scene.sums() == (6, 6, 6)
    assert scene.told()[-1] == ("totals.mended", "operators")
