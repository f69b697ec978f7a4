"""The table of what happens to a pledge, act by act, person by person, on pages and through the API: done for those it
names, refused for everybody else, and from any other state refused with what is allowed. What is refused changes
nothing, and an attempt without the right is kept as a security event."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from pipeline.accounts.actions.persons import know_again
from pipeline.accounts.models import AuthorityLimit, Membership, MembershipRole, Officer, SecurityEvent
from pipeline.api.base import row_etag
from pipeline.councils.events import CouncilChanged
from pipeline.councils.models import Council, CouncilDomain
from pipeline.councils.policy import may_import_councils
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Channel, Role, system
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Delivery, NotCome, Pledge
from pipeline.pledges.rules import STATUS_WORDS, STEPS, Act, PledgeStatus, next_acts
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.support.client import parsed

pytestmark = pytest.mark.database

STATES = {
    Act.CHANGE: "offered", Act.AUTHORISE: "offered", Act.REFUSE: "offered", Act.ACCEPT: "authorised",
    Act.DECLINE: "accepted", Act.WITHDRAW: "authorised", Act.REPLACE: "accepted", Act.DELIVER: "committed",
    Act.BREAK: "committed", Act.RELEASE: "committed", Act.NOT_COME: "committed",
    Act.ASK_RELEASE: "committed", Act.REFUSE_RELEASE: "committed",
}  # fmt: skip
"""A state from which each act leads on. Lapsing is the clock's, and has neither page nor operation."""

LEADS_TO = {
    Act.AUTHORISE: "authorised", Act.REFUSE: "refused", Act.ACCEPT: "accepted", Act.DECLINE: "declined",
    Act.WITHDRAW: "withdrawn", Act.BREAK: "broken", Act.RELEASE: "released",
}  # fmt: skip
"""Where an act leads to another state; the others leave the pledge in its own."""

OF_ITS_COUNCIL = {Act.REPLACE, Act.DELIVER, Act.ASK_RELEASE}
IN_AUTHORITY = OF_ITS_COUNCIL | {Act.WITHDRAW, Act.BREAK}
MAY: dict[str, set[Act]] = {
    "offerer": OF_ITS_COUNCIL | {Act.CHANGE, Act.WITHDRAW},
    "authoriser": IN_AUTHORITY | {Act.AUTHORISE, Act.REFUSE},
    "council admin": IN_AUTHORITY,
    "colleague": OF_ITS_COUNCIL,
    "authoriser who is a coordinator": IN_AUTHORITY,
    "lead": {Act.ACCEPT, Act.DECLINE, Act.DELIVER, Act.RELEASE, Act.REFUSE_RELEASE, Act.NOT_COME},
    "team": set(),
    "authoriser of the lead council": set(),
    "authoriser elsewhere": set(),
    "officer without a council": set(),
    "anybody": set(),
}
"""Who may do what, where the state allows it."""
WHO = {act: next(who for who, acts in MAY.items() if act in acts) for act in STATES}

REASON = {"reason": "Plans changed"}


def day(name: str, on: date) -> dict[str, list[str]]:
    return {name: [str(on.day), str(on.month), str(on.year)]}


def fields_of(act: Act) -> dict[str, Any]:
    """What is typed on the page of an act."""
    today = clock.today()
    times = day("from_on", today) | day("to_on", today + timedelta(days=40)) | day("sign_off_by", today)
    return {
        Act.CHANGE: {"amount": "3", "kind": "time"} | times,
        Act.AUTHORISE: {"capacity": "budget-holder"}, Act.ACCEPT: {}, Act.NOT_COME: {"note": "The days"},
        Act.DELIVER: {"amount": "1"} | day("delivered_on", today),
    }.get(act, REASON)  # fmt: skip


def body_of(act: Act) -> dict[str, Any]:
    """What a program sends."""
    today = str(clock.today())
    return {
        Act.CHANGE: {"half_days": 6}, Act.AUTHORISE: {"capacity": "budget-holder"}, Act.ACCEPT: {},
        Act.NOT_COME: {"note": "The days"}, Act.DELIVER: {"half_days": 2, "delivered_on": today},
        Act.REPLACE: {"half_days": 6, "from_on": today, "to_on": today, "sign_off_by": today},
    }.get(act, REASON)  # fmt: skip


@dataclass
class Place:
    """A project of one council, to which another pledges, and everybody who might act, in browsers and programs."""

    make: Factory
    client: FlaskClient
    giver: Council
    need: Need
    people: dict[str, tuple[Officer | None, Council | None]]
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    csrf: str = ""

    def become(self, who: str) -> None:
        """Sign in, and make a token."""
        officer, council = self.people[who]
        self.client.delete_cookie("session")
        if officer is None:
            return
        self.make.signed_in(self.client, officer)
        page = parsed(self.client.get("/account"))
        self.csrf = str(page.find("input", attrs={"name": "csrf_token"})["value"])  # type: ignore[index]
        if council is not None:
            self.tokens[who] = self.make.token(officer, council)

    def pledge(self, status: str, *, asks_release: bool = False) -> Pledge:
        """A pledge that has come so far, and a need that holds enough for any of them."""
        officer = self.people["offerer"][0]
        assert officer is not None
        was_public = {"authorised_at": clock.now()} if status in ("declined", "withdrawn", "lapsed") else {}
        asked_at = clock.now() if asks_release else None
        made = self.make.pledge(self.need, self.giver, officer, status=status, release_asked_at=asked_at, **was_public)
        with self.make.session() as session:
            session.execute(update(Need).values(held=1_000))
            session.execute(update(Project).values(held_half_days=1_000))
        return made

    def on_a_page(self, who: str, act: Act, pledge: Pledge) -> TestResponse:
        if act is Act.REPLACE or who == "anybody":
            return self.client.get(f"/pledges/{pledge.id}/{act}")
        sent = {"csrf_token": self.csrf, "idempotency_key": str(new_id()), "version": str(pledge.version)}
        return self.client.post(f"/pledges/{pledge.id}/{act}", data=sent | fields_of(act))

    def by_api(self, who: str, act: Act, pledge: Pledge) -> TestResponse:
        headers = self.tokens.get(who, {}) | {"Idempotency-Key": str(new_id())}
        address, body = f"/api/v1/pledges/{pledge.id}", body_of(act)
        if act is Act.CHANGE:
            with self.make.session() as session:
                now = session.get_one(Pledge, pledge.id)
                headers["If-Match"] = f'"{row_etag(now.version, now.revision)}"'
            return self.client.patch(address, json=body, headers=headers)
        if act is Act.REPLACE:
            body = body | {"replaces": str(pledge.id)}
            return self.client.post(f"/api/v1/needs/{self.need.id}/pledges", json=body, headers=headers)
        operation = "deliveries" if act is Act.DELIVER else act.value
        return self.client.post(f"{address}/{operation}", json=body, headers=headers)

    def state(self, pledge: Pledge) -> tuple[Any, ...]:
        """What an act could change of a pledge, and what it could add."""
        with self.make.session() as session:
            row = session.get_one(Pledge, pledge.id)
            numbers = [session.scalar(select(func.count()).select_from(one)) for one in (Pledge, Delivery, NotCome)]
            return (row.status, row.version, row.amount, row.release_asked_at, row.release_refused_at, *numbers)

    def noted(self) -> int:
        with self.make.session() as session:
            of_acts = select(func.count(SecurityEvent.id)).where(SecurityEvent.name.endswith(".act_refused"))
            return session.scalar(of_acts) or 0


@pytest.fixture
def place(make: Factory, app: Flask) -> Place:
    lead_council, giver, elsewhere = make.council(), make.council(), make.council()
    lead, team = make.officer(lead_council), make.officer(lead_council)
    project = make.project(lead_council, lead)
    make.person(project, team, lead_council)
    people: dict[str, tuple[Officer | None, Council | None]] = {
        "offerer": (make.officer(giver), giver),
        "authoriser": (make.officer(giver, Role.AUTHORISER), giver),
        "council admin": (make.officer(giver, Role.COUNCIL_ADMIN), giver),
        "colleague": (make.officer(giver), giver),
        "authoriser who is a coordinator": (make.officer(giver, Role.COORDINATOR, Role.AUTHORISER), giver),
        "lead": (lead, lead_council), "team": (team, lead_council),
        "authoriser of the lead council": (make.officer(lead_council, Role.AUTHORISER), lead_council),
        "authoriser elsewhere": (make.officer(elsewhere, Role.AUTHORISER, Role.COUNCIL_ADMIN), elsewhere),
        "officer without a council": (make.officer(), None), "anybody": (None, None),
    }  # fmt: skip
    # Other tests look at these pages: this browser only asks for them.
    return Place(make, FlaskClient(app, app.response_class), giver, make.need(project), people)


@pytest.mark.parametrize("who", MAY)
def test_each_act_is_done_for_those_the_table_names_and_refused_to_everybody_else(place: Place, who: str) -> None:
    place.become(who)
    for act, status in STATES.items():
        for by in (place.on_a_page, place.by_api):
            pledge = place.pledge(status, asks_release=act is Act.REFUSE_RELEASE)
            before, noted = place.state(pledge), place.noted()
            answer = by(who, act, pledge)
            told = (act.value, by.__name__, answer.status_code, answer.get_data(as_text=True)[:500])
            if act in MAY[who]:
                assert answer.status_code in (200, 201, 303), told
                assert place.state(pledge)[0] == LEADS_TO.get(act, status), told
                assert place.state(pledge) != before or (act, by) == (Act.REPLACE, place.on_a_page), told
                continue
            assert answer.status_code in _refusals(who, act, by == place.by_api), told
            assert place.state(pledge) == before, told
            is_attempt = answer.status_code == 403 and place.people[who][1] is not None and act is not Act.REPLACE
            assert place.noted() == noted + is_attempt, told


def _refusals(who: str, act: Act, is_api: bool) -> set[int]:
    """How an act is refused. Whoever may not know of an offer is told that there is none."""
    if who == "anybody" or (who == "officer without a council" and is_api):
        return {401} if is_api else {302, 303}
    if act is Act.REPLACE and is_api:
        return {409}
    return {403, 404} if STATES[act] == "offered" and who in UNKNOWING else {403}


UNKNOWING = ("team", "authoriser of the lead council", "authoriser elsewhere")


@pytest.mark.parametrize("act", STATES)
def test_from_any_other_state_an_act_is_refused_with_what_is_allowed(place: Place, act: Act) -> None:
    place.become(WHO[act])
    for status in (one for one in PledgeStatus if one not in STEPS[act]):
        pledge = place.pledge(status)
        before = place.state(pledge)
        page, program = place.on_a_page(WHO[act], act, pledge), place.by_api(WHO[act], act, pledge)
        assert (page.status_code, program.status_code) == (409, 409), (status, program.get_json())
        assert STATUS_WORDS[status] in unescape(page.get_data(as_text=True))
        assert program.get_json()["allowed"] == [one.value for one in next_acts(status)], status
        assert place.state(pledge) == before


@pytest.mark.parametrize("who", ["authoriser", "council admin", "colleague"])
def test_once_whoever_offered_has_left_an_authoriser_or_admin_changes_the_offer_in_their_place(
    place: Place, who: str
) -> None:
    offerer = place.people["offerer"][0]
    assert offerer is not None
    with place.make.session() as session:
        left = update(Membership).where(Membership.officer_id == offerer.id)
        session.execute(left.values(ended_at=clock.now(), ended_because="left"))
    place.become(who)
    for by in (place.on_a_page, place.by_api):
        pledge = place.pledge("offered")
        answer = by(who, Act.CHANGE, pledge)
        assert answer.status_code in ({403} if who == "colleague" else {200, 303}), by.__name__
        assert place.state(pledge)[2] == (4 if who == "colleague" else 6)


# --- Ways round it ------------------------------------------------------------------------------------------------

ROUTES = {
    "an authoriser who offered": "pledge.own_offer",
    "a second account with other dots and a tag": "pledge.own_offer",
    "an account at another domain of the council": "pledge.own_offer",
    "a role from who offered": "pledge.role_from_offerer",
    "a role newer than the offer": "pledge.role_too_new",
    "an authoriser who leads the project": "pledge.leads_project",
    "a second account of a coordinator": "pledge.platform_role",
    "a sum split over ten pledges": "authorisation.over_limit",
}
"""How somebody would authorise what they must not, and why it is refused."""


@pytest.mark.parametrize("route", ROUTES)
def test_no_way_round_leads_to_an_authorisation_on_a_page_or_by_api(place: Place, route: str) -> None:
    pledge = [place.pledge("offered") for _number in range(10)][-1]
    found = _who_tries(place, route)
    place.people["found"] = (found, place.giver)
    place.become("found")
    before = place.state(pledge)
    for by in (place.on_a_page, place.by_api):
        assert by("found", Act.AUTHORISE, pledge).status_code == 403
    with place.make.session() as session:
        noted = session.scalars(select(SecurityEvent).where(SecurityEvent.name.endswith(".act_refused"))).all()
    assert [(one.officer_id, one.details["code"]) for one in noted] == [(found.id, ROUTES[route])] * 2
    assert place.state(pledge) == before


def _who_tries(place: Place, route: str) -> Officer:
    """An authoriser of the pledging council who must not decide on what its officer offered."""
    make, offerer = place.make, place.people["offerer"][0]
    assert offerer is not None
    local, domain = offerer.address.split("@")
    if route == "an authoriser who offered":
        with make.session() as session:
            held = session.scalars(select(Membership.id).where(Membership.officer_id == offerer.id)).one()
            session.add(_role(held))
        return offerer
    address = {
        "a second account with other dots and a tag": f"{local[0]}.{local[1:]}+two@{domain}",
        "an account at another domain of the council": f"{local}@a-giver.example",
    }.get(route, "ada@a-giver.example")
    found = make.officer(place.giver, Role.AUTHORISER, address=address)
    _gain_domains(place, domain, "a-giver.example")
    with make.session() as session:
        of_found = select(MembershipRole).join(Membership, Membership.id == MembershipRole.membership_id)
        role = session.scalars(of_found.where(Membership.officer_id == found.id)).one()
        if route == "a role from who offered":
            role.given_by = offerer.id
        elif route == "a role newer than the offer":
            role.given_at = clock.now() + timedelta(minutes=1)
        elif route == "a sum split over ten pledges":
            session.add(AuthorityLimit(id=new_id(), role_id=role.id, half_days=39, given_at=role.given_at))
        project = session.scalars(select(Project)).one()
    if route == "a second account of a coordinator":
        make.officer(None, Role.COORDINATOR, address="a.da+tends@a-giver.example", person_key=found.person_key)
    if route == "an authoriser who leads the project":
        make.person(project, found, place.giver, role="lead")
    return found


def _role(membership_id: UUID) -> MembershipRole:
    then = clock.now() - timedelta(days=30)
    return MembershipRole(id=new_id(), membership_id=membership_id, role=Role.AUTHORISER.value, given_at=then)


def _gain_domains(place: Place, *domains: str) -> None:
    """The register gains domains of the pledging council."""
    rows = (CouncilDomain(council_id=place.giver.id, domain=domain, is_observed=True) for domain in domains)
    place.make.keep(*rows)
    with place.make.app.app_context(), unit_of_work(system("flask councils", Channel.COMMAND)) as work:
        work.require(may_import_councils(work.actor))
        work.record(CouncilChanged(council_id=place.giver.id, changes={"domains": None}))
        know_again(work, domains=domains)
