"""Authority over pledges, on both databases: limits, the standing rule, somebody named by e-mail, setting aside. Every
way round it is tried: refused, and nothing changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pipeline.accounts.actions import add_officer, set_council_authority, set_limit
from pipeline.accounts.actions.persons import know_again
from pipeline.accounts.limits import CouncilAuthority, Limit
from pipeline.accounts.models import AuthorityLimit, CouncilAuthoritySetting, Membership, MembershipRole, Officer
from pipeline.accounts.policy import may_add_officer
from pipeline.accounts.rules import Address
from pipeline.councils.events import CouncilChanged
from pipeline.councils.models import Council, CouncilDomain
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.feeds.queries import events_after
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, Role, system
from pipeline.kernel.errors import Conflict, Gone, NotAllowed, NotFound, Refusal, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.pledges import actions, queries
from pipeline.pledges.actions.by_code import forget_codes
from pipeline.pledges.authority import Grounds, Statement, Way, code_of, request_token
from pipeline.pledges.history import events_seen_in
from pipeline.pledges.models import Authorisation, AuthorisationCode, AuthorisationRequest, Pledge
from pipeline.pledges.rules import Capacity, Offer, Spending
from pipeline.pledges.totals import differences
from pipeline.projects.models import Need, Project
from tests.factories import Factory, key_of

pytestmark = pytest.mark.database

SECRET = "a secret only for tests"
BOSS = Address("boss", "giver.example")
ME = Statement(name="Bea Boss", job_title="Head of service", has_authority=True)


@dataclass
class Scene:
    """A flexible-minded project of Lead; Giver has an officer, an authoriser and an admin, at giver.example."""

    make: Factory
    work: Callable[..., Any]
    read: Callable[..., Any]
    lead_council: Council
    giver: Council
    lead: Actor
    officer: Actor
    authoriser: Actor
    admin: Actor
    project: Project
    need: Need
    funding: Need

    def offer(self, amount: int = 4, *, need: Need | None = None, actor: Actor | None = None) -> Pledge:
        today = clock.today()
        terms: dict[str, Any] = {"from_on": today, "to_on": today + timedelta(days=60)}
        if need is self.funding:
            year = today.year if (today.month, today.day) >= (4, 1) else today.year - 1
            terms = {"first_financial_year": year, "last_financial_year": year, "spending": Spending.REVENUE}
        offer = Offer(amount=amount, sign_off_by=today + timedelta(days=14), **terms)
        with self.work(actor or self.officer) as work:
            return actions.offer_pledge(work, need_id=(need or self.need).id, offer=offer)

    def authorise(self, pledge: Pledge, actor: Actor | None = None, **more: Any) -> Pledge:
        with self.work(actor or self.authoriser) as work:
            return actions.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER, **more)

    def change(self, pledge: Pledge, amount: int, actor: Actor | None = None) -> Pledge:
        today = clock.today()
        offer = Offer(
            amount=amount, sign_off_by=today + timedelta(days=14), from_on=today, to_on=today + timedelta(days=60)
        )
        with self.work(actor or self.officer) as work:
            return actions.change_pledge(work, pledge_id=pledge.id, offer=offer)

    def accept(self, pledge: Pledge) -> Pledge:
        with self.work(self.lead) as work:
            return actions.accept_pledge(work, pledge_id=pledge.id)

    def limit(self, limit: Limit, by: Actor | None = None) -> None:
        with self.make.session() as session:
            membership_id = session.scalars(
                select(Membership.id).where(Membership.officer_id == self.authoriser.officer_id)
            ).one()
        with self.work(by or self.admin) as work:
            set_limit(work, membership_id=membership_id, council_id=self.giver.id, limit=limit)

    def settings(self, by: Actor | None = None, **values: Any) -> None:
        with self.work(by or self.admin) as work:
            set_council_authority(work, council_id=self.giver.id, authority=CouncilAuthority(**values))

    def let_settings_be_old(self) -> None:
        """Whatever was set, was set a day ago."""
        with self.make.session() as session:
            for table in (AuthorityLimit, CouncilAuthoritySetting):
                session.execute(update(table).values(given_at=clock.now() - timedelta(days=1)))

    def ask(self, pledge: Pledge, address: Address = BOSS, actor: Actor | None = None) -> AuthorisationRequest:
        with self.work(actor or self.officer) as work:
            return actions.ask_by_mail(work, pledge_id=pledge.id, address=address)

    def code(self, request: AuthorisationRequest, actor: Actor = ANONYMOUS) -> str:
        """Have a code mailed, and read it from the mail."""
        with self.work(actor) as work:
            actions.ask_code(work, token=token_of(request), secret_key=SECRET)
        with self.make.session() as session:
            newest = session.scalars(
                select(AuthorisationCode.id)
                .where(AuthorisationCode.request_id == request.id)
                .order_by(AuthorisationCode.created_at.desc(), AuthorisationCode.id.desc())
            ).first()
        assert newest is not None
        return code_of(SECRET, newest)

    def new_code(self, request: AuthorisationRequest) -> str:
        """Have another code mailed, some minutes after the last."""
        with self.make.session() as session:
            for code in session.scalars(select(AuthorisationCode)):
                code.created_at -= timedelta(minutes=2)
        return self.code(request)

    def decide(self, request: AuthorisationRequest, code: str, **more: Any) -> Pledge:
        with self.make.app.app_context():
            actions.count_code_try(token_of(request), secret_key=SECRET)
        defaults: dict[str, Any] = {
            "statement": ME, "capacity": Capacity.HEAD_OF_SERVICE, "grounds": Grounds(reasons="It helps us all"),
        }  # fmt: skip
        actor = more.pop("actor", ANONYMOUS)
        with self.work(actor) as work:
            return actions.authorise_by_code(
                work, token=token_of(request), secret_key=SECRET, code=code, **defaults | more
            )

    def named(self, amount: int = 4) -> Pledge:
        """A pledge that somebody named by e-mail authorised."""
        request = self.ask(self.offer(amount))
        return self.decide(request, self.code(request))

    def set_aside(self, pledge: Pledge, actor: Actor | None = None) -> Pledge:
        with self.work(actor or self.admin) as work:
            return actions.set_aside_authorisation(work, pledge_id=pledge.id, reason="Not for a head of service")

    def row(self, pledge: Pledge) -> Pledge:
        with self.make.session() as session:
            return session.get_one(Pledge, pledge.id)

    def authorisations(self) -> list[Authorisation]:
        with self.make.session() as session:
            return list(session.scalars(select(Authorisation).order_by(Authorisation.id)))

    def events(self) -> list[LoggedEvent]:
        with self.make.session() as session:
            return list(session.scalars(select(LoggedEvent).order_by(LoggedEvent.sequence)))

    @contextmanager
    def refused(self, code: str, kind: type[Refusal] = NotAllowed) -> Iterator[None]:
        """What is tried is refused with a code, and changes nothing."""
        before = [(event.id, event.name) for event in self.events()]
        rows = self.everything()
        with pytest.raises(kind) as refusal:
            yield
        assert refusal.value.code == code
        assert [(event.id, event.name) for event in self.events()] == before
        assert self.everything() == rows
        self.agrees()

    def everything(self) -> list[Any]:
        with self.make.session() as session:
            pledges = select(Pledge.id, Pledge.status, Pledge.version, Pledge.amount).order_by(Pledge.id)
            counts = [session.scalar(select(func.count()).select_from(one)) for one in (Authorisation, OutboxMessage)]
            requests = select(AuthorisationRequest.id, AuthorisationRequest.ended_because)
            return [session.execute(pledges).all(), counts, session.execute(requests).all()]

    def agrees(self) -> None:
        """The kept sums are the sums of the rows."""
        with self.work(system("check")) as work:
            assert [str(one) for one in differences(work) if not one.column.startswith("projects_")] == []


def token_of(request: AuthorisationRequest) -> str:
    return request_token(SECRET, request.id)


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any], read: Callable[..., Any]) -> Scene:
    lead_council = make.council("Lead", domains=("lead.example",))
    giver = make.council("Giver", domains=("giver.example",))
    lead = make.officer(lead_council, address="lead@lead.example")
    project = make.project(lead_council, lead)
    need = make.need(project, target=400)
    return Scene(
        make, work, read, lead_council, giver, make.actor(lead, lead_council),
        make.actor(make.officer(giver, address="jo.smith@giver.example"), giver),
        make.actor(make.officer(giver, Role.AUTHORISER), giver, Role.AUTHORISER),
        make.actor(make.officer(giver, Role.COUNCIL_ADMIN), giver, Role.COUNCIL_ADMIN),
        project, need, make.need(project, kind="funding", target=10_000_000),
    )  # fmt: skip


# --- Limits ------------------------------------------------------------------------------------------------------


def test_an_authoriser_agrees_up_to_their_limit_and_the_limit_is_kept(scene: Scene) -> None:
    scene.limit(Limit(half_days=4, pence=100))
    scene.let_settings_be_old()
    scene.authorise(scene.offer(4), grounds=Grounds(reasons="Why not", interests="None"))

    (kept,) = scene.authorisations()

    assert (kept.way, kept.limit_half_days, kept.limit_pence) == (Way.AUTHORISER, 4, 100)
    assert (kept.reasons, kept.interests, kept.capacity) == ("Why not", "None", Capacity.BUDGET_HOLDER)
    assert kept.person_key


def test_an_authoriser_past_their_limit_is_refused_and_may_still_refuse(scene: Scene) -> None:
    scene.limit(Limit(half_days=4))
    scene.let_settings_be_old()
    pledge = scene.offer(5)
    with scene.refused("authorisation.over_limit"):
        scene.authorise(pledge)
    with scene.work(scene.authoriser) as work:
        assert actions.refuse_pledge(work, pledge_id=pledge.id, reason="Too much").status == "refused"


def test_a_sum_split_over_ten_pledges_is_weighed_whole(scene: Scene) -> None:
    scene.limit(Limit(half_days=9))
    scene.let_settings_be_old()
    pledges = [scene.offer(1) for _ in range(10)]
    for pledge in pledges:
        with scene.refused("authorisation.over_limit"):
            scene.authorise(pledge)


def test_what_is_accepted_and_committed_is_weighed_too_and_what_ended_is_not(scene: Scene) -> None:
    scene.limit(Limit(half_days=10))
    scene.let_settings_be_old()
    scene.accept(scene.authorise(scene.offer(6)))
    over = scene.offer(5)
    with scene.refused("authorisation.over_limit"):
        scene.authorise(over)
    with scene.work(scene.officer) as work:
        actions.withdraw_pledge(work, pledge_id=over.id)
    assert scene.authorise(scene.offer(4)).status == "authorised"


def test_money_is_weighed_in_pence_and_apart_from_time(scene: Scene) -> None:
    scene.limit(Limit(pence=1_000))
    scene.let_settings_be_old()
    scene.authorise(scene.offer(300))
    scene.authorise(scene.offer(1_000, need=scene.funding))
    over = scene.offer(1, need=scene.funding)
    with scene.refused("authorisation.over_limit"):
        scene.authorise(over)


def test_a_limit_raised_after_the_offer_does_not_serve_and_one_lowered_holds(scene: Scene) -> None:
    scene.limit(Limit(half_days=4))
    scene.let_settings_be_old()
    pledge, small = scene.offer(5), scene.offer(2)
    scene.limit(Limit(half_days=99))
    with scene.refused("authorisation.over_limit"):
        scene.authorise(pledge)
    scene.limit(Limit(half_days=1))
    with scene.refused("authorisation.over_limit"):
        scene.authorise(small)


def test_a_limit_raised_by_whoever_offers_does_not_serve(scene: Scene) -> None:
    scene.limit(Limit(half_days=4))
    scene.limit(Limit(half_days=99), by=scene.admin)
    with scene.make.session() as session:
        newest = session.scalars(select(AuthorityLimit).order_by(AuthorityLimit.id.desc())).first()
        assert newest is not None
        newest.given_by = scene.officer.officer_id
    scene.let_settings_be_old()
    pledge = scene.offer(5)
    with scene.refused("authorisation.over_limit"):
        scene.authorise(pledge)


def test_nobody_sets_their_own_limit_and_only_an_admin_sets_others(scene: Scene) -> None:
    with scene.make.session() as session:
        membership = session.scalars(
            select(Membership).where(Membership.officer_id == scene.authoriser.officer_id)
        ).one()
        session.add(
            MembershipRole(
                id=new_id(), membership_id=membership.id, role=Role.COUNCIL_ADMIN.value, given_at=clock.now()
            )
        )
    both = scene.make.actor(_officer(scene, scene.authoriser), scene.giver, Role.AUTHORISER, Role.COUNCIL_ADMIN)
    with scene.refused("role.own"):
        scene.limit(Limit(half_days=99), by=both)
    for nobody in (scene.officer, scene.authoriser):
        with scene.refused("council.not_its_admin" if nobody is scene.officer else "role.own"):
            scene.limit(Limit(half_days=99), by=nobody)
    with scene.refused("council.not_its_admin"):
        scene.settings(by=scene.officer, standing_rule_on=clock.today())


# --- Nobody for themselves ---------------------------------------------------------------------------------------


def _officer(scene: Scene, actor: Actor) -> Officer:
    with scene.make.session() as session:
        return session.get_one(Officer, actor.officer_id)


def test_a_second_account_of_who_offered_is_the_same_person(scene: Scene) -> None:
    for address in ("josmith@giver.example", "jo.smith+two@giver.example", "j.o.smith@giver.example"):
        second = scene.make.officer(
            scene.giver, Role.AUTHORISER, address=address, person_key=key_of("josmith@giver.example")
        )
        pledge = scene.offer(4)
        with scene.refused("pledge.own_offer"):
            scene.authorise(pledge, scene.make.actor(second, scene.giver, Role.AUTHORISER))


@pytest.mark.parametrize("is_gained_later", [False, True])
def test_an_account_at_another_domain_of_the_council_is_the_same_person(scene: Scene, is_gained_later: bool) -> None:
    other = CouncilDomain(council_id=scene.giver.id, domain="a-giver.example", is_observed=True)
    if not is_gained_later:
        scene.make.keep(other)
    with scene.work(system("flask officers")) as work:
        ids = [
            add_officer(
                work, address=Address(local, domain), name="Jo", job_title="Officer", council_id=scene.giver.id,
                roles=frozenset({Role.AUTHORISER}),
            )
            for local, domain in (("pat.lee", "giver.example"), ("patlee+2", "a-giver.example"))
        ]  # fmt: skip
    if is_gained_later:
        scene.make.keep(other)
        with scene.work(system("flask councils")) as work:
            work.require(may_add_officer(work.actor))
            work.record(CouncilChanged(council_id=scene.giver.id, changes={"domains": None}))
            know_again(work, domains=["a-giver.example"])
    offerer, twin = (Actor(Channel.WEB, one, scene.giver.id, frozenset({Role.MEMBER, Role.AUTHORISER})) for one in ids)
    pledge = scene.offer(4, actor=offerer)
    with scene.refused("pledge.own_offer"):
        scene.authorise(pledge, twin)
    with scene.refused("authorisation.own_offer"):
        scene.ask(pledge, Address("pat.lee", "a-giver.example"), actor=offerer)
    assert scene.authorise(pledge).status == "authorised"


def test_who_offered_stays_who_offered_whatever_address_they_have_later(scene: Scene) -> None:
    pledge = scene.offer(4)
    second = scene.make.officer(
        scene.giver, Role.AUTHORISER, address="josmith@giver.example", person_key=key_of("josmith@giver.example")
    )
    with scene.make.session() as session:
        officer = session.get_one(Officer, scene.officer.officer_id)
        officer.address, officer.person_key = "other@giver.example", key_of("other@giver.example")
    with scene.refused("pledge.own_offer"):
        scene.authorise(pledge, scene.make.actor(second, scene.giver, Role.AUTHORISER))


def test_a_role_gained_after_the_offer_or_from_who_offered_does_not_serve(scene: Scene) -> None:
    pledge = scene.offer(4)
    with scene.make.session() as session:
        role = session.scalars(select(MembershipRole).where(MembershipRole.role == Role.AUTHORISER.value)).one()
        role.given_at = clock.now() + timedelta(seconds=1)
    with scene.refused("pledge.role_too_new"):
        scene.authorise(pledge)
    with scene.make.session() as session:
        role = session.get_one(MembershipRole, role.id)
        role.given_at, role.given_by = clock.now() - timedelta(days=3), scene.officer.officer_id
    with scene.refused("pledge.role_from_offerer"):
        scene.authorise(pledge)


# --- The standing rule -------------------------------------------------------------------------------------------


def test_the_standing_rule_lets_small_offers_of_time_through_at_once(scene: Scene) -> None:
    rule_on = clock.today() - timedelta(days=30)
    scene.settings(standing_rule_on=rule_on)
    scene.let_settings_be_old()

    pledge = scene.row(scene.offer(10))

    (kept,) = scene.authorisations()
    assert pledge.status == "authorised"
    assert pledge.is_counting
    assert (kept.way, kept.officer_id, kept.capacity, kept.rule_on) == (Way.STANDING_RULE, None, None, rule_on)
    names = [(event.name, event.officer_id) for event in scene.events()][-2:]
    assert names == [("pledge.offered", scene.officer.officer_id), ("pledge.authorised", None)]
    scene.agrees()


def test_the_standing_rule_lets_no_more_through_than_ten_half_days_of_one_officer(scene: Scene) -> None:
    scene.settings(standing_rule_on=clock.today())
    scene.let_settings_be_old()
    assert scene.row(scene.offer(6)).status == "authorised"
    assert scene.row(scene.offer(5)).status == "offered"
    assert scene.row(scene.offer(4)).status == "offered", "what waits is weighed as well"
    second = scene.make.officer(
        scene.giver, address="josmith@giver.example", person_key=key_of("josmith@giver.example")
    )
    assert scene.row(scene.offer(4, actor=scene.make.actor(second, scene.giver))).status == "offered"
    other = scene.make.officer(scene.giver, address="kim@giver.example")
    assert scene.row(scene.offer(10, actor=scene.make.actor(other, scene.giver))).status == "authorised"
    assert scene.row(scene.offer(1, need=scene.funding)).status == "offered"
    scene.agrees()


def test_the_standing_rule_lets_forty_half_days_of_one_officer_through_in_twelve_months(scene: Scene) -> None:
    scene.settings(standing_rule_on=clock.today())
    scene.let_settings_be_old()
    projects = [scene.make.project(scene.lead_council, _officer(scene, scene.lead)) for _ in range(5)]
    needs = [scene.make.need(project) for project in projects]

    statuses = [scene.row(scene.offer(10, need=need)).status for need in needs]

    assert statuses == ["authorised"] * 4 + ["offered"]


def test_the_standing_rule_serves_neither_who_set_it_nor_who_leads_the_project(scene: Scene) -> None:
    scene.settings(standing_rule_on=clock.today(), by=scene.admin)
    scene.let_settings_be_old()
    assert scene.row(scene.offer(2, actor=scene.admin)).status == "offered"
    with scene.make.session() as session:
        project = session.get_one(Project, scene.project.id)
    scene.make.person(project, _officer(scene, scene.officer), scene.giver, role="lead")
    assert scene.row(scene.offer(2)).status == "offered"
    assert scene.authorisations() == []


# --- Somebody named by e-mail ------------------------------------------------------------------------------------


def test_somebody_named_by_e_mail_authorises_by_a_code(scene: Scene) -> None:
    pledge = scene.offer(4)
    request = scene.ask(pledge)
    scene.decide(request, scene.code(request))

    (kept,) = scene.authorisations()

    assert scene.row(pledge).status == "authorised"
    assert (kept.way, kept.name, kept.job_title) == (Way.NAMED, "Bea Boss", "Head of service")
    assert (kept.capacity, kept.person_key, kept.limit_half_days) == (
        "head-of-service",
        key_of("boss@giver.example"),
        20,
    )
    assert kept.request_id == request.id
    with scene.make.session() as session:
        assert session.get_one(AuthorisationRequest, request.id).ended_because == "answered"
        assert {row.kind for row in session.scalars(select(OutboxMessage))} == {
            "authorisation.named", "authorisation.code",
        }  # fmt: skip
        assert {row.address for row in session.scalars(select(OutboxMessage))} == {"boss@giver.example"}
    assert all("boss" not in str(event.payload).lower() for event in scene.events())
    scene.agrees()


def test_somebody_named_by_e_mail_refuses_by_a_code(scene: Scene) -> None:
    pledge = scene.offer(4)
    request = scene.ask(pledge)
    code = scene.code(request)
    with scene.work(ANONYMOUS) as work:
        actions.refuse_by_code(
            work, token=token_of(request), secret_key=SECRET, code=code, statement=ME, reason="No time"
        )

    found = scene.row(pledge)

    assert (found.status, found.reason) == ("refused", "No time")
    scene.agrees()


@pytest.mark.parametrize(
    "local, domain, code, kind",
    [
        ("jo.smith", "giver.example", "authorisation.own_offer", NotAllowed),
        ("josmith", "giver.example", "authorisation.own_offer", NotAllowed),
        ("jo.smith+boss", "giver.example", "authorisation.own_offer", NotAllowed),
        ("finance", "giver.example", "authorisation.team_address", RuleBroken),
        ("boss", "lead.example", "authorisation.other_domain", RuleBroken),
        ("boss", "gmail.com", "authorisation.other_domain", RuleBroken),
    ],
)
def test_an_address_that_cannot_be_named_is_refused(
    scene: Scene, local: str, domain: str, code: str, kind: type[Refusal]
) -> None:
    pledge = scene.offer(4)
    with scene.refused(code, kind):
        scene.ask(pledge, Address(local, domain))


def test_the_same_name_at_another_domain_of_the_council_is_the_same_person(scene: Scene) -> None:
    scene.make.keep(CouncilDomain(council_id=scene.giver.id, domain="giver-district.example", is_observed=True))
    pledge = scene.offer(4)
    for local in ("jo.smith", "josmith", "jo.smith+boss"):
        with scene.refused("authorisation.own_offer"):
            scene.ask(pledge, Address(local, "giver-district.example"))
    leading = scene.make.officer(scene.giver, address="chris@giver.example", person_key=key_of("chris@giver.example"))
    scene.make.person(scene.project, leading, scene.giver, role="lead")
    with scene.refused("authorisation.leads_project"):
        scene.ask(pledge, Address("chris", "giver-district.example"))
    assert scene.ask(pledge, Address("boss", "giver-district.example")).ended_at is None


def test_a_lead_a_coordinator_and_a_removed_member_cannot_be_named(scene: Scene) -> None:
    pledge = scene.offer(4)
    leading = scene.make.officer(scene.giver, address="chris@giver.example", person_key=key_of("chris@giver.example"))
    scene.make.person(scene.project, leading, scene.giver, role="lead")
    scene.make.officer(None, Role.COORDINATOR, address="cory@giver.example", person_key=key_of("cory@giver.example"))
    gone = scene.make.officer(scene.giver, address="gone@giver.example", person_key=key_of("gone@giver.example"))
    with scene.make.session() as session:
        session.execute(
            update(Membership)
            .where(Membership.officer_id == gone.id)
            .values(ended_at=clock.now(), ended_because="removed")
        )
    for local, code in (
        ("chris", "authorisation.leads_project"),
        ("cory", "authorisation.platform_role"),
        ("gone", "authorisation.not_at_council"),
    ):
        with scene.refused(code):
            scene.ask(pledge, Address(local, "giver.example"))


def test_only_who_offered_names_somebody_until_they_have_left(scene: Scene) -> None:
    pledge = scene.offer(4)
    for other in (scene.authoriser, scene.admin):
        with scene.refused("pledge.not_yours"):
            scene.ask(pledge, actor=other)
    elsewhere = scene.make.council("Elsewhere")
    outsider = scene.make.actor(scene.make.officer(elsewhere), elsewhere)
    with scene.refused("pledge.not_found", NotFound):
        scene.ask(pledge, actor=outsider)
    with scene.make.session() as session:
        place = update(Membership).where(Membership.officer_id == scene.officer.officer_id)
        session.execute(place.values(ended_at=clock.now(), ended_because="left"))
    assert scene.ask(pledge, actor=scene.admin).address == "boss@giver.example"


def test_an_offer_is_changed_in_the_place_of_an_officer_who_has_left_by_whoever_then_offers_it(scene: Scene) -> None:
    pledge = scene.offer(4)
    for other in (scene.authoriser, scene.admin):
        with scene.refused("pledge.not_yours"):
            scene.change(pledge, 6, actor=other)
    with scene.make.session() as session:
        place = update(Membership).where(Membership.officer_id == scene.officer.officer_id)
        session.execute(place.values(ended_at=clock.now(), ended_because="left"))
    changed = scene.change(pledge, 6, actor=scene.authoriser)
    assert (changed.amount, changed.officer_id) == (6, scene.authoriser.officer_id)
    with scene.refused("pledge.own_offer"):
        scene.authorise(pledge)
    scene.agrees()


def test_the_ceiling_holds_for_everything_the_council_has_in_the_project(scene: Scene) -> None:
    scene.authorise(scene.offer(18))
    pledge = scene.offer(3)
    with scene.refused("authorisation.over_limit"):
        scene.ask(pledge)
    request = scene.ask(scene.change(pledge, 2))
    scene.offer(1)
    code = scene.code(request)
    with scene.refused("authorisation.over_limit"):
        scene.decide(request, code)


def test_a_council_sets_its_ceiling_or_switches_the_way_off(scene: Scene) -> None:
    scene.settings(ceiling=Limit(half_days=40, pence=0))
    scene.let_settings_be_old()
    assert scene.named(30).status == "authorised"
    money = scene.offer(1, need=scene.funding)
    with scene.refused("authorisation.over_limit"):
        scene.ask(money)
    other = scene.offer(2)
    request = scene.ask(other)
    code = scene.code(request)
    scene.settings(has_named_way=False)
    with scene.refused("authorisation.way_off"):
        scene.decide(request, code)


def test_three_people_for_a_pledge_one_at_a_time_and_ten_requests_a_day(scene: Scene) -> None:
    pledge = scene.offer(1)
    first = scene.ask(pledge, Address("ann", "giver.example"))
    second = scene.ask(pledge, Address("bob", "giver.example"))
    with pytest.raises(Gone):
        scene.code(first)
    scene.ask(pledge, Address("cat", "giver.example"))
    with scene.refused("authorisation.too_many_people"):
        scene.ask(pledge, Address("dan", "giver.example"))
    assert second.id != scene.ask(pledge, Address("bob", "giver.example")).id
    with scene.make.session() as session:
        standing = select(func.count(AuthorisationRequest.id)).where(AuthorisationRequest.ended_at.is_(None))
        assert session.scalar(standing) == 1
    for _ in range(6):
        scene.ask(scene.offer(1))
    last = scene.offer(1)
    with scene.refused("authorisation.too_many_requests", Conflict):
        scene.ask(last)


def test_the_link_alone_authorises_nothing(scene: Scene) -> None:
    request = scene.ask(scene.offer(4))
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(request, "")
    scene.code(request)
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(request, "00000000")


def test_a_code_works_once_within_the_hour_and_for_five_tries(scene: Scene) -> None:
    pledge = scene.offer(4)
    request = scene.ask(pledge)
    code = scene.code(request)
    for _ in range(5):
        with scene.refused("authorisation.code_wrong", RuleBroken):
            scene.decide(request, "12")
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(request, code)
    code = scene.new_code(request)
    with scene.make.session() as session:
        session.execute(update(AuthorisationCode).values(expires_at=clock.now() - timedelta(seconds=1)))
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(request, code)
    code = scene.new_code(request)
    scene.decide(request, code)
    with scene.refused("authorisation.request_gone", Gone):
        scene.decide(request, code)


def test_a_code_of_an_earlier_request_or_another_offer_does_not_serve(scene: Scene) -> None:
    pledge = scene.offer(4)
    request = scene.ask(pledge)
    code = scene.code(request)
    other = scene.ask(scene.offer(1))
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(other, code)
    newer = scene.ask(pledge, Address("bob", "giver.example"))
    with scene.refused("authorisation.request_gone", Gone):
        scene.decide(request, code)
    with scene.refused("authorisation.code_wrong", RuleBroken):
        scene.decide(newer, code)


def test_within_a_minute_no_second_code_is_mailed_and_no_more_than_ten_are(scene: Scene) -> None:
    request = scene.ask(scene.offer(4))
    first = scene.code(request)
    assert scene.code(request) == first
    for _ in range(9):
        scene.new_code(request)
    with scene.make.session() as session:
        session.execute(update(AuthorisationCode).values(created_at=clock.now() - timedelta(hours=1)))
    with scene.refused("authorisation.too_many_codes", Conflict):
        scene.code(request)


def test_the_address_of_a_named_person_is_forgotten_a_year_after_the_request_ended(scene: Scene) -> None:
    scene.named(4)
    waiting = scene.ask(scene.offer(3))
    day = clock.now() + timedelta(days=366)
    for at, kept in ((clock.now() + timedelta(days=300), {BOSS.text}), (day, {"", BOSS.text})):
        with clock.at(at), scene.make.app.app_context():
            forget_codes()
        with scene.make.session() as session:
            assert set(session.scalars(select(AuthorisationRequest.address))) == kept
            assert session.get_one(AuthorisationRequest, waiting.id).address == BOSS.text


def test_the_address_of_who_never_answered_is_forgotten_a_year_after_the_offer_ended(scene: Scene) -> None:
    pledge = scene.offer(4)
    scene.ask(pledge)
    with scene.work(scene.officer) as work:
        actions.withdraw_pledge(work, pledge_id=pledge.id)
    for days, kept in ((300, BOSS.text), (366, "")):
        with clock.moved(timedelta(days=days)), scene.make.app.app_context():
            forget_codes()
        with scene.make.session() as session:
            assert session.scalars(select(AuthorisationRequest.address)).one() == kept


def test_codes_are_forgotten_a_week_after_they_ended(scene: Scene) -> None:
    request = scene.ask(scene.offer(4))
    code = scene.code(request)
    with scene.make.app.app_context():
        forget_codes()
    scene.decide(request, code)
    with scene.make.session() as session:
        session.execute(update(AuthorisationCode).values(expires_at=clock.now() - timedelta(days=8)))
    with scene.make.app.app_context():
        forget_codes()
    with scene.make.session() as session:
        assert session.scalars(select(AuthorisationCode)).all() == []


def test_whoever_offered_is_refused_with_a_code_as_well(scene: Scene) -> None:
    request = scene.ask(scene.offer(4))
    code = scene.code(request)
    with scene.refused("pledge.own_offer"):
        scene.decide(request, code, actor=scene.officer)
    with scene.refused("pledge.leads_project"):
        scene.decide(request, code, actor=scene.lead)


def test_a_changed_offer_is_asked_about_anew(scene: Scene) -> None:
    pledge = scene.offer(4)
    earlier = scene.ask(pledge)
    code = scene.code(earlier)
    scene.change(pledge, 6)
    with scene.refused("authorisation.request_gone", Gone):
        scene.decide(earlier, code)
    with scene.make.session() as session:
        newer = session.scalars(select(AuthorisationRequest).where(AuthorisationRequest.ended_at.is_(None))).one()
    scene.decide(newer, scene.code(newer))
    assert scene.row(pledge).status == "authorised"


def test_after_the_sign_off_date_the_link_leads_nowhere(scene: Scene) -> None:
    pledge = scene.offer(4)
    request = scene.ask(pledge)
    code = scene.code(request)
    with scene.make.session() as session:
        session.get_one(Pledge, pledge.id).sign_off_by = clock.today() - timedelta(days=1)
    with scene.refused("authorisation.request_gone", Gone):
        scene.decide(request, code)


def test_who_was_named_and_leads_the_project_later_cannot_accept_the_pledge(scene: Scene) -> None:
    pledge = scene.named()
    boss = scene.make.officer(scene.lead_council, address="boss@giver.example", person_key=key_of("boss@giver.example"))
    scene.make.person(scene.project, boss, scene.lead_council, role="lead")
    with scene.refused("pledge.both_sides"), scene.work(scene.make.actor(boss, scene.lead_council)) as work:
        actions.accept_pledge(work, pledge_id=pledge.id)


# --- Setting aside -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_accepted", [False, True])
def test_an_admin_sets_the_authorisation_of_a_named_person_aside(scene: Scene, app: Flask, is_accepted: bool) -> None:
    pledge = scene.named(5)
    if is_accepted:
        scene.accept(pledge)
    scene.set_aside(pledge)

    found = scene.row(pledge)
    (kept,) = scene.authorisations()

    assert (found.status, found.authorised_at, found.accepted_at) == ("offered", None, None)
    assert not found.is_counting
    assert not found.is_agreed
    assert (kept.set_aside_reason, kept.set_aside_by) == ("Not for a head of service", scene.admin.officer_id)
    with scene.make.session() as session:
        need = session.get_one(Need, scene.need.id)
        assert (need.held, need.pledged, need.agreed) == (5, 0, 0)
        assert session.get_one(Project, scene.project.id).councils == 0
        assert session.get_one(Council, scene.giver.id).projects_joined == 0
    assert [event.name for event in scene.events()][-3:] == [
        "authorisation.set_aside", "pledge.removed", "authorisation.asked",
    ]  # fmt: skip
    scene.agrees()
    scene.authorise(pledge)
    assert len(scene.authorisations()) == 2
    assert scene.row(pledge).status == "authorised"
    scene.agrees()


def test_nothing_is_set_aside_while_another_offer_waits_in_a_capped_need(scene: Scene) -> None:
    with scene.make.session() as session:
        session.execute(update(Need).where(Need.id == scene.need.id).values(is_capped=True))
    named = scene.named(5)
    other = scene.offer(3)
    with scene.refused("pledge.unsigned_offer_stands", Conflict):
        scene.set_aside(named)
    scene.authorise(other)
    assert scene.set_aside(named).status == "offered"
    scene.agrees()


def test_what_was_set_aside_is_not_public_any_more(scene: Scene) -> None:
    pledge = scene.named()
    with scene.read(ANONYMOUS) as reading:
        assert queries.pledge_seen_by(reading, pledge.id)
    scene.set_aside(pledge)
    with scene.read(ANONYMOUS) as reading:
        with pytest.raises(NotFound):
            queries.pledge_seen_by(reading, pledge.id)
        assert events_seen_in(reading, scene.project.id, ["pledge.authorised"], 10) == []
        told = [(one.name, one.subject_id) for one in events_after(reading, None, 100).events]
    assert ("pledge.authorised", pledge.id) not in told
    assert ("pledge.removed", pledge.id) in told
    for actor in (scene.officer, scene.lead):
        with scene.read(actor) as reading:
            assert len(events_seen_in(reading, scene.project.id, ["pledge.authorised"], 10)) == 1
    with scene.read(scene.make.actor(scene.make.officer(council := scene.make.council("Nosy")), council)) as reading:
        assert events_seen_in(reading, scene.project.id, ["pledge.authorised"], 10) == []


def test_only_an_admin_sets_aside_and_only_what_a_named_person_authorised_until_it_commits(scene: Scene) -> None:
    pledge = scene.named()
    for nobody in (scene.officer, scene.authoriser, scene.lead):
        with scene.refused("authorisation.not_its_admin"):
            scene.set_aside(pledge, nobody)
    by_authoriser = scene.authorise(scene.offer(2))
    with scene.refused("authorisation.not_named", Conflict):
        scene.set_aside(by_authoriser)
    offered = scene.offer(1)
    with scene.refused("pledge.wrong_step", Conflict):
        scene.set_aside(offered)
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).mode = "flexible"
    assert scene.accept(pledge).status == "committed"
    with scene.refused("pledge.wrong_step", Conflict):
        scene.set_aside(pledge)


def test_what_is_set_aside_after_its_sign_off_date_gets_another(scene: Scene) -> None:
    pledge = scene.named()
    with scene.make.session() as session:
        session.get_one(Pledge, pledge.id).sign_off_by = clock.today() - timedelta(days=3)
    scene.set_aside(pledge)
    assert scene.row(pledge).sign_off_by > clock.today()
