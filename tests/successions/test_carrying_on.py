"""Councils that merge or split: on the first day of the successor everything passes, once; before it nothing does."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from pipeline.accounts.models import Membership, MembershipRole
from pipeline.accounts.queries import councils_of_domain
from pipeline.artefacts.models import Adoption, Artefact
from pipeline.cli.check_leads import INVARIANTS
from pipeline.councils.models import Council, CouncilDomain
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.decision_dates import decide_due_dates
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.projects.models import Project, ProjectPerson
from pipeline.successions import duties
from pipeline.successions.actions import assign
from pipeline.successions.duties import carry_on
from pipeline.successions.queries import waiting_of
from pipeline.successions.rules import Assignment, Thing
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any]) -> Scene:
    return make_scene(make, work, decision_on=clock.today() + timedelta(days=90), least_councils=1)


def to_come(make: Factory, name: str, days: int = 10, **values: Any) -> Council:
    """A council whose first day is yet to come."""
    return make.council(name, is_active=False, started_on=clock.today() + timedelta(days=days), **values)


def days_later(scene: Scene, days: int) -> None:
    with clock.moved(timedelta(days=days)):
        scene.worker(carry_on)


def of_council(scene: Scene, table: Any, council: Council) -> list[Any]:
    with scene.make.session() as session:
        return list(session.scalars(select(table).where(table.council_id == council.id)))


def test_nothing_passes_before_the_first_day_and_everything_on_it(scene: Scene, shelf: Shelf) -> None:
    leeds = scene.side("Leeds")
    pledge = scene.accepted("Leeds", 10_000_00)
    documents = shelf.document(scene.project, scene.make.officer(scene.lead_council), "A text.\n")
    adopted = shelf.adopt(documents, 1, leeds.council, scene.make.officer(leeds.council))
    new = to_come(scene.make, "Westshire")
    for old in (leeds.council, scene.lead_council):
        scene.make.succession(old, new)
    days_later(scene, 9)
    assert (scene.now().council_id, scene.row(Council, new.id).is_active) == (scene.lead_council.id, False)
    days_later(scene, 10)
    assert scene.now().council_id == new.id
    assert scene.row(Council, new.id).is_active
    assert not scene.row(Council, leeds.council.id).is_active
    row = scene.row(Pledge, pledge.id)
    assert (row.council_id, row.pledged_as_id, row.status) == (new.id, leeds.council.id, "accepted")
    assert scene.row(Artefact, documents.artefact.id).council_id == new.id
    # Who keeps a document does not use it as another's.
    assert scene.row(Adoption, adopted.id).ended_at is not None
    assert of_council(scene, Membership, leeds.council) == []
    assert {one.role for one in of_council(scene, ProjectPerson, new)} == {"lead"}
    assert scene.names().count("council.succeeded") == 2
    assert scene.differences() == []
    before = len(scene.events())
    days_later(scene, 11)
    assert len(scene.events()) == before


def test_authorisations_stand_authority_ends_and_admins_stay(scene: Scene) -> None:
    leeds = scene.side("Leeds")
    pledge = scene.authorised("Leeds", 100)
    admin = scene.make.officer(leeds.council, Role.COUNCIL_ADMIN)
    new = to_come(scene.make, "Westshire", days=0)
    for old in (leeds.council, scene.make.council("Another")):
        scene.make.succession(old, new)
    days_later(scene, 0)
    standing = roles_in(scene, new)
    with scene.make.session() as session:
        authorisation = session.scalars(select(Authorisation).where(Authorisation.pledge_id == pledge.id)).one()
    assert standing == [(admin.id, "council-admin")]
    assert authorisation.officer_id == leeds.authoriser.officer_id
    assert scene.status(pledge) == ["authorised"]


def roles_in(scene: Scene, council: Council) -> list[tuple[UUID, str]]:
    with scene.make.session() as session:
        rows = session.execute(
            select(Membership.officer_id, MembershipRole.role)
            .join(MembershipRole, MembershipRole.membership_id == Membership.id)
            .where(Membership.council_id == council.id, MembershipRole.ended_at.is_(None))
            .order_by(MembershipRole.role)
        )
        return [(row.officer_id, row.role) for row in rows]


def test_a_council_that_carries_on_under_another_name_keeps_everything(scene: Scene) -> None:
    old = scene.make.council("Old", domains=("old.gov.uk",), last_day=clock.today() + timedelta(days=9))
    authoriser = scene.make.officer(old, Role.AUTHORISER)
    new = to_come(scene.make, "New")
    scene.make.succession(old, new)
    days_later(scene, 10)
    assert roles_in(scene, new) == [(authoriser.id, "authoriser")]
    with scene.make.session() as session:
        domain = session.scalars(select(CouncilDomain).where(CouncilDomain.council_id == new.id)).one()
    assert (domain.domain, domain.ends_on) == ("old.gov.uk", None)


def test_who_works_in_both_has_one_place_and_an_adoption_is_one(scene: Scene, shelf: Shelf) -> None:
    old, new = scene.make.council("Old"), scene.make.council("New")
    officer = scene.make.officer(old)
    scene.make.membership(officer, new)
    document = shelf.document(scene.project, scene.make.officer(scene.lead_council), "A text.\n")
    first, second = shelf.adopt(document, 1, old, officer), shelf.adopt(document, 1, new, officer)
    scene.make.succession(old, new)
    days_later(scene, 0)
    assert [one.officer_id for one in of_council(scene, Membership, new) if one.ended_at is None] == [officer.id]
    assert scene.row(Adoption, first.id).ended_at is not None
    assert scene.row(Adoption, second.id).ended_at is None


def test_merged_councils_count_once_and_whoever_stops_counting_is_told(scene: Scene) -> None:
    scene.side("Leeds")
    scene.side("Hull")
    waits = scene.authorised("York", 100, Condition(kind=ConditionKind.COUNCILS, at_least=2))
    scene.authorised("Leeds", 100)
    scene.authorised("Hull", 100)
    assert scene.row(Pledge, waits.id).is_counting
    new = to_come(scene.make, "Westshire", days=0)
    for name in ("Leeds", "Hull"):
        scene.make.succession(scene.side(name).council, new)
    days_later(scene, 0)
    assert not scene.row(Pledge, waits.id).is_counting
    assert scene.now().councils == 1
    assert scene.names().count("pledge.waiting") == 1
    assert scene.differences() == []


def test_old_domains_let_people_in_for_twelve_months(scene: Scene) -> None:
    old = scene.make.council("Old", domains=("old.gov.uk",))
    new = scene.make.council("New", is_active=False, started_on=date(2028, 2, 29))
    for one in (old, scene.make.council("Another")):
        scene.make.succession(one, new)
    days = (date(2028, 2, 29) - clock.today()).days
    days_later(scene, days)
    with scene.make.session() as session:
        domain = session.scalars(select(CouncilDomain).where(CouncilDomain.council_id == new.id)).one()
        assert (domain.domain, domain.ends_on) == ("old.gov.uk", date(2029, 2, 28))
        for day, found in ((date(2029, 2, 28), True), (date(2029, 3, 1), False)):
            with clock.moved(timedelta(days=(day - clock.today()).days)):
                assert councils_of_domain(session, "old.gov.uk").decides_for(new.id) is found


def test_a_council_that_ended_offers_and_posts_nothing(scene: Scene) -> None:
    leeds = scene.side("Leeds")
    with scene.make.session() as session:
        session.get_one(Council, leeds.council.id).is_active = False
    with pytest.raises(Conflict) as refusal:
        scene.offer("Leeds", 100)
    assert refusal.value.code == "offer.council_ended"


def test_past_work_recorded_from_sources_stays_with_the_council_that_did_it(scene: Scene) -> None:
    old, new = scene.make.council("Old", is_active=False), scene.make.council("New")
    past = scene.make.project(old, status="finished", is_recorded=True)
    scene.make.succession(old, new)
    days_later(scene, 0)
    assert scene.row(Project, past.id).council_id == old.id


def test_two_workers_pass_each_thing_once(scene: Scene) -> None:
    pledges = [scene.authorised(name, 100) for name in ("Leeds", "Hull", "Bath")]
    new = to_come(scene.make, "Westshire", days=0)
    for council in (scene.lead_council, *(side.council for side in scene.sides.values())):
        scene.make.succession(council, new)
    assert failures(at_once(3, lambda _number: scene.worker(carry_on))) == []
    assert {scene.row(Pledge, one.id).council_id for one in pledges} == {new.id}
    names = scene.names()
    counted = ("council.succeeded", "pledge.succeeded", "project.succeeded")
    assert [names.count(name) for name in counted] == [4, 3, 1]
    assert scene.differences() == []


def test_what_a_worker_was_about_when_it_was_killed_is_done_by_the_next(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledges = [scene.authorised(name, 100) for name in ("Leeds", "Hull", "Bath")]
    new = to_come(scene.make, "Westshire", days=0)
    for side in scene.sides.values():
        scene.make.succession(side.council, new)
    passes = {"left": 4}

    class Killed(BaseException):
        """The process ends here."""

    def pass_some(work: Any, **values: Any) -> None:
        passes["left"] -= 1
        if passes["left"] < 0:
            raise Killed
        original(work, **values)

    original = duties.pass_on
    with monkeypatch.context() as patched:
        patched.setattr(duties, "pass_on", pass_some)
        with pytest.raises(Killed):
            scene.worker(carry_on)
    days_later(scene, 0)
    assert {scene.row(Pledge, one.id).council_id for one in pledges} == {new.id}
    assert scene.names().count("pledge.succeeded") == 3
    assert scene.differences() == []


@dataclass
class Split:
    """Leeds, which two councils follow; what waits of it; and who may say which has what."""

    north: Council
    south: Council
    admin: Actor
    pledge: Pledge
    committed: Pledge
    project: Project


@pytest.fixture
def split(scene: Scene) -> Split:
    leeds = scene.side("Leeds")
    admin = scene.make.officer(leeds.council, Role.COUNCIL_ADMIN)
    own = scene.make.project(leeds.council, admin, decision_on=clock.today() + timedelta(days=5))
    with scene.make.session() as session:
        session.get_one(Council, leeds.council.id).projects_led = 1
    other = make_other(scene)
    pledge, committed = scene.accepted("Leeds", 100), scene.accepted("Leeds", 100, need=other)
    north, south = to_come(scene.make, "North", days=0), to_come(scene.make, "South", days=0)
    for new in (north, south):
        scene.make.succession(leeds.council, new)
    days_later(scene, 0)
    return Split(north, south, scene.make.actor(admin, leeds.council, Role.COUNCIL_ADMIN), pledge, committed, own)


def make_other(scene: Scene) -> Any:
    """A need of a flexible project of the same lead, where what is accepted is committed at once."""
    lead = scene.make.officer(scene.lead_council)
    project = scene.make.project(scene.lead_council, lead, mode="flexible", decision_on=None)
    with scene.make.session() as session:
        person = session.scalars(select(ProjectPerson).where(ProjectPerson.project_id == project.id)).one()
        person.officer_id = scene.lead.officer_id
        session.get_one(Council, scene.lead_council.id).projects_led += 1
    return scene.make.need(project, "funding", target=1_000_00)


def test_what_several_could_have_is_frozen_until_somebody_says(scene: Scene, split: Split) -> None:
    for row in (scene.row(Pledge, split.pledge.id), scene.row(Project, split.project.id)):
        assert row.frozen_at is not None
    with pytest.raises(Conflict) as refusal:
        scene.withdraw("Leeds", split.pledge)
    assert refusal.value.code == "pledge.frozen"
    # The decision date of a frozen project waits.
    with clock.moved(timedelta(days=7)):
        scene.worker(decide_due_dates)
        assert scene.row(Project, split.project.id).status == "open"
        with scene.work(split.admin) as work:
            chosen = [
                Assignment(Thing.PROJECT, split.project.id, split.north.id),
                Assignment(Thing.PLEDGE, split.pledge.id, split.south.id),
            ]
            assert assign(work, council_id=scene.side("Leeds").council.id, assignments=chosen) == 2
        project = scene.row(Project, split.project.id)
        assert (project.council_id, project.frozen_at, project.waits_from_on) == (split.north.id, None, None)
        assert project.decision_on == clock.today() + timedelta(days=5)
    pledge = scene.row(Pledge, split.pledge.id)
    assert (pledge.council_id, pledge.frozen_at) == (split.south.id, None)


def test_only_its_admin_or_a_coordinator_assigns_to_a_successor_and_once(scene: Scene, split: Split) -> None:
    leeds = scene.side("Leeds").council
    chosen = [Assignment(Thing.PLEDGE, split.pledge.id, split.north.id)]
    with pytest.raises(NotAllowed), scene.work(scene.lead) as work:
        assign(work, council_id=leeds.id, assignments=chosen)
    wrong = [Assignment(Thing.PLEDGE, split.pledge.id, scene.lead_council.id)]
    with pytest.raises(Conflict), scene.work(split.admin) as work:
        assign(work, council_id=leeds.id, assignments=wrong)
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with scene.work(coordinator) as work:
        assert split.pledge.id in {one.id for one in waiting_of(work, leeds.id)}
        assign(work, council_id=leeds.id, assignments=chosen)
    with pytest.raises(NotFound), scene.work(coordinator) as work:
        assign(work, council_id=leeds.id, assignments=chosen)


def test_after_sixty_days_uncommitted_pledges_that_nobody_assigned_lapse(scene: Scene, split: Split) -> None:
    days_later(scene, 59)
    assert scene.status(split.pledge, split.committed) == ["accepted", "committed"]
    days_later(scene, 60)
    assert scene.status(split.pledge, split.committed) == ["lapsed", "committed"]
    assert scene.names().count("pledge.lapsed") == 1
    assert scene.differences() == []
    with scene.work(system("test")) as work:
        assert [found for _words, find in INVARIANTS for found in find(work)] == []
