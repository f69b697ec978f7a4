"""Who finds which pledges, what waits for whom, and what a timeline tells to whom."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from pipeline.accounts.models import Membership, MembershipRole
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import new_id
from pipeline.pledges import policy, queries
from pipeline.pledges.history import Happened, events_seen_in, names_in
from pipeline.pledges.messages import PLEDGE_SENTENCES, thing_of
from tests.pledges.test_actions import Scene, scene
from tests.support.statements import counted

pytestmark = pytest.mark.database
Reads = Callable[..., Any]
__all__ = ["scene"]


@pytest.fixture
def people(scene: Scene) -> dict[str, Actor]:
    team = scene.make.officer(scene.lead_council)
    scene.make.person(scene.project, team, scene.lead_council)
    return {
        "anyone": ANONYMOUS,
        "lead": scene.lead,
        "team": scene.make.actor(team, scene.lead_council),
        "colleague": scene.officer_of(scene.giver),
        "stranger": scene.officer_of(scene.make.council(), Role.AUTHORISER, Role.COUNCIL_ADMIN),
        "coordinator": scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR),
    }


def finders(read: Reads, people: dict[str, Actor], pledge_id: Any) -> set[str]:
    found = set()
    for who, actor in people.items():
        with read(actor) as reading:
            try:
                queries.pledge_seen_by(reading, pledge_id)
            except NotFound:
                continue
            found.add(who)
    return found


def test_an_offer_is_found_by_its_council_the_leads_and_coordinators(
    scene: Scene, read: Reads, people: dict[str, Actor]
) -> None:
    inside = {"lead", "colleague", "coordinator"}
    refused, withdrawn, declined = (scene.offer(need=scene.make.need(scene.project)) for _number in range(3))
    assert finders(read, people, refused.id) == inside
    scene.refuse(refused)
    scene.withdraw(withdrawn)
    scene.decline(declined)
    for pledge in (refused, withdrawn, declined):
        assert finders(read, people, pledge.id) == inside


def test_from_authorised_on_everybody_finds_a_pledge_also_when_it_has_ended(
    scene: Scene, read: Reads, people: dict[str, Actor]
) -> None:
    pledge = scene.authorise(scene.offer())
    assert finders(read, people, pledge.id) == set(people)
    scene.withdraw(pledge)
    assert finders(read, people, pledge.id) == set(people)


def test_pledges_in_a_trial_project_are_the_lead_councils(scene: Scene, read: Reads, people: dict[str, Actor]) -> None:
    trial = scene.make.project(scene.lead_council, is_trial=True)
    officer = scene.officer_of(scene.lead_council)
    pledge = scene.authorise(scene.offer(actor=officer, need=scene.make.need(trial)), officer)
    assert finders(read, people, pledge.id) == {"lead", "team"}


def test_pledges_of_a_hidden_project_are_hidden_with_it(scene: Scene, read: Reads, people: dict[str, Actor]) -> None:
    pledge = scene.authorise(scene.offer())
    with scene.make.session() as session:
        project = session.get_one(type(scene.project), scene.project.id)
        project.is_hidden, project.is_public = True, False
    assert finders(read, people, pledge.id) == {"lead", "team", "coordinator"}


def test_a_projects_page_names_public_pledges_and_to_its_leads_also_offers(
    scene: Scene, read: Reads, people: dict[str, Actor]
) -> None:
    scene.authorise(scene.offer(2))
    ended = scene.authorise(scene.offer(3))
    scene.withdraw(ended)
    scene.offer(5)
    named = {}
    for who, actor in people.items():
        with read(actor) as reading:
            shown = queries.pledges_shown_on(reading, scene.project.id)
            named[who] = [(one.council_name, one.amount, one.is_unsigned) for one in shown]
    public = [("Giver", 2, False)]
    everything = [*public, ("Giver", 5, True)]
    assert named == {
        "anyone": public, "stranger": public, "team": public, "lead": everything, "colleague": everything,
        "coordinator": everything,
    }  # fmt: skip


def test_a_list_makes_as_many_queries_for_one_row_as_for_many(scene: Scene, read: Reads, app: Any) -> None:
    need = scene.make.need(scene.project)
    counts = []
    for number in (1, 9):
        for _one in range(number):
            scene.make.pledge(need, scene.giver, scene.make.officer(scene.giver))
        with read(scene.authoriser) as reading, counted(app) as statements:
            queries.waiting_for(reading)
            queries.pledges_of_council(reading, scene.giver.id)
            counts.append(len(statements))
    assert counts[0] == counts[1] <= 4  # three, and on SQLite the BEGIN


def test_what_waits_is_what_the_policies_allow(scene: Scene, read: Reads) -> None:
    """The lists of "your work" are made by the database; here they are held to the policies, offer by offer."""
    make, giver = scene.make, scene.giver
    lead_and_authoriser = make.officer(giver, Role.AUTHORISER)
    make.person(scene.project, lead_and_authoriser, giver, role="lead")
    leads_elsewhere = make.officer(giver, Role.AUTHORISER)
    make.person(make.project(giver, make.officer(giver)), leads_elsewhere, giver, role="lead")
    twin = make.officer(giver, Role.AUTHORISER, person_key="the same person")
    offerer = make.officer(giver, Role.AUTHORISER, person_key="the same person")
    make.officer(None, Role.COORDINATOR, person_key="who tends the place")
    tends = make.officer(giver, Role.AUTHORISER, person_key="who tends the place")
    actors = [
        scene.officer, scene.authoriser, scene.admin, scene.lead,
        *(make.actor(one, giver, Role.AUTHORISER) for one in (lead_and_authoriser, twin, offerer, tends)),
        scene.officer_of(giver, Role.AUTHORISER, Role.COORDINATOR), scene.officer_of(make.council(), Role.AUTHORISER),
        scene.officer_of(scene.lead_council, Role.AUTHORISER),
        *(made_authoriser_by(scene, one) for one in (scene.admin.officer_id, scene.officer.officer_id, twin.id)),
        make.actor(leads_elsewhere, giver, Role.AUTHORISER),
    ]  # fmt: skip
    by_twin = make.actor(offerer, giver, Role.AUTHORISER)
    pledges = [
        scene.offer(need=make.need(scene.project)),
        scene.offer(actor=by_twin, need=make.need(scene.project)),
        scene.authorise(scene.offer(need=make.need(scene.project))),
        scene.authorise(scene.offer(actor=by_twin, need=make.need(scene.project))),
        scene.offer(actor=scene.officer_of(scene.lead_council), need=make.need(scene.project)),
    ]
    with clock.moved(-timedelta(days=60)):
        pledges.append(scene.offer(need=make.need(scene.project), sign_off_by=clock.today() + timedelta(days=100)))
    for actor in actors:
        with read(actor) as reading:
            waiting = queries.waiting_for(reading)
            seen = []
            for pledge in pledges:
                try:
                    seen.append(queries.facts_of(reading, queries.pledge_seen_by(reading, pledge.id)))
                except NotFound:
                    continue
            for listed, may, status in (
                (waiting.to_authorise, policy.may_authorise_pledge, "offered"),
                (waiting.to_answer, policy.may_accept_pledge, "authorised"),
            ):
                allowed = {facts.id for facts in seen if facts.status == status and may(actor, facts)}
                assert {one.id for one in listed} == allowed


def made_authoriser_by(scene: Scene, officer_id: Any) -> Actor:
    """An authoriser of the giving council, who has the role from an officer of it."""
    officer = scene.make.officer(scene.giver, Role.AUTHORISER)
    own = select(Membership.id).where(Membership.officer_id == officer.id)
    with scene.make.session() as session:
        session.execute(update(MembershipRole).where(MembershipRole.membership_id.in_(own)).values(given_by=officer_id))
    return scene.make.actor(officer, scene.giver, Role.AUTHORISER)


def test_a_council_without_an_independent_authoriser_has_nobody_to_ask(scene: Scene, read: Reads) -> None:
    with read(scene.officer) as reading:
        asked = queries.authorisers_who_can_decide(reading, scene.giver.id, scene.project.id)
        assert [one.id for one in asked] == [scene.authoriser.officer_id]
    with read(scene.authoriser) as reading:
        assert queries.authorisers_who_can_decide(reading, scene.giver.id, scene.project.id) == []


def test_a_timeline_tells_each_reader_only_what_they_may_know(
    scene: Scene, read: Reads, people: dict[str, Actor]
) -> None:
    scene.refuse(scene.offer(2))
    scene.accept(scene.authorise(scene.offer(3)))
    public = ["pledge.accepted", "pledge.authorised"]
    inside = [*public, "pledge.offered", "pledge.refused", "pledge.offered"]
    own = [*public, "authorisation.asked", "pledge.offered", "pledge.refused", "authorisation.asked", "pledge.offered"]
    told = {}
    for who, actor in people.items():
        with read(actor) as reading:
            events = events_seen_in(reading, scene.project.id, PLEDGE_SENTENCES, 20)
            told[who] = [event.name for event in events]
            names = names_in(reading, events)
            sentences = [str(PLEDGE_SENTENCES[event.name](event.payload, names)) for event in events]
            assert sentences[0].startswith("The leads accepted 1.5 days from Giver towards Need")
    assert told == {
        "anyone": public, "team": public, "stranger": public, "lead": inside, "coordinator": inside, "colleague": own,
    }  # fmt: skip


def test_a_timeline_names_the_thing_a_council_gives_in_kind(scene: Scene, read: Reads) -> None:
    need = scene.make.need(scene.project, "in_kind", title="Sensors", thing="water-level sensors", target=9)
    names = {str(need.id): need.title, thing_of(str(need.id)): need.thing or ""}
    with read(scene.officer) as reading:
        found = names_in(reading, [happened(need_id=str(need.id))])
    assert found == names
    payload = {"kind": "in_kind", "amount": 5, "need_id": str(need.id)}
    assert "5 × water-level sensors towards Sensors" in str(PLEDGE_SENTENCES["pledge.authorised"](payload, found))


def happened(**payload: str) -> Happened:
    return Happened("pledge.authorised", clock.now(), None, "pledge", new_id(), payload)
