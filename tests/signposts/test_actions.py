"""What becomes of signposts, and to whom which are shown. On both databases."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role, system
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.pledges.rules import Offer
from pipeline.projects.models import Project
from pipeline.projects.rules import NeedKind
from pipeline.signposts import actions, queries, register
from pipeline.signposts.models import Signpost
from pipeline.signposts.rules import SignpostAbout, SignpostTerms
from tests.factories import Factory

pytestmark = pytest.mark.database

TERMS = SignpostTerms(
    about=SignpostAbout.FUNDING, sentence="From this sum the cabinet decides.", source_title="Our constitution",
    source_url="https://giver.example/constitution", first_on=date(2026, 1, 1), pence=1_000_000,
)  # fmt: skip


@dataclass
class Scene:
    """Giver has an admin and a member; Lead has a project."""

    make: Factory
    work: Callable[..., Any]
    read: Callable[..., Any]
    giver: Council
    lead: Council
    admin: Actor
    member: Actor
    coordinator: Actor
    officer: Officer
    project: Project

    def add(self, terms: SignpostTerms = TERMS, **values: Any) -> Signpost:
        """Put up a signpost of Giver, or of a nation."""
        actor = self.coordinator if "nation" in values else self.admin
        if "nation" not in values:
            values["council_id"] = self.giver.id
        with self.work(actor) as work:
            return actions.add_signpost(work, terms=terms, **values)

    def pledge(self, kind: str, amount: int, **values: Any) -> Any:
        """A pledge of Giver to the project."""
        need = self.make.need(self.project, kind)
        return self.make.pledge(need, values.pop("council", self.giver), self.officer, amount=amount, **values)

    def near(self, actor: Actor | None = None, **values: Any) -> list[str]:
        """The sentences of what is shown to an officer of Giver."""
        with self.read(actor or self.member) as reading:
            found = queries.signposts_near(reading, council_id=self.giver.id, project_id=self.project.id, **values)
            return [one.sentence for one in found]


@pytest.fixture
def scene(make: Factory, work: Callable[..., Any], read: Callable[..., Any]) -> Scene:
    giver, lead = make.council("Giver"), make.council("Lead")
    officers = [make.officer(giver, Role.COUNCIL_ADMIN), make.officer(giver), make.officer(None, Role.COORDINATOR)]
    return Scene(
        make, work, read, giver, lead,
        make.actor(officers[0], giver, Role.COUNCIL_ADMIN), make.actor(officers[1], giver),
        make.actor(officers[2], None, Role.COORDINATOR), officers[1], make.project(lead, make.officer(lead)),
    )  # fmt: skip


def events_of(scene: Scene) -> list[tuple[str, str, dict[str, Any]]]:
    with scene.read(scene.admin) as reading:
        query = select(LoggedEvent.name, LoggedEvent.audience, LoggedEvent.payload).order_by(LoggedEvent.sequence)
        rows = reading.session.execute(query.where(LoggedEvent.name.like("signpost.%"))).all()
        return [(row[0], row[1], row[2]) for row in rows]


def test_an_admin_adds_changes_and_ends_a_signpost_of_their_council(scene: Scene) -> None:
    signpost = scene.add()
    with scene.work(scene.admin) as work:
        actions.change_signpost(
            work, signpost_id=signpost.id, terms=replace(TERMS, pence=2_000_000, sentence="Otherwise."),
            council_id=scene.giver.id, version=1,
        )  # fmt: skip
    with scene.work(scene.admin) as work:
        actions.end_signpost(work, signpost_id=signpost.id, council_id=scene.giver.id)

    names, audiences, payloads = zip(*events_of(scene), strict=True)
    assert names == ("signpost.added", "signpost.changed", "signpost.ended")
    assert set(audiences) == {"council"}
    assert payloads[1]["changes"] == {"pence": [1_000_000, 2_000_000], "sentence": None}
    with scene.read(scene.admin) as reading:
        kept = queries.signposts_kept(reading, scene.giver.id)
        assert [(one.pence, one.sentence, one.ended_at is None) for one in kept] == [(2_000_000, "Otherwise.", False)]


def test_nobody_else_keeps_a_councils_signposts_nor_those_of_a_nation(scene: Scene) -> None:
    signpost = scene.add()
    with pytest.raises(NotAllowed), scene.work(scene.member) as work:
        actions.add_signpost(work, terms=TERMS, council_id=scene.giver.id)
    with pytest.raises(NotAllowed), scene.work(scene.admin) as work:
        actions.add_signpost(work, terms=TERMS, council_id=scene.lead.id)
    with pytest.raises(NotAllowed), scene.work(scene.admin) as work:
        actions.add_signpost(work, terms=TERMS, nation="England")
    with pytest.raises(NotAllowed), scene.work(scene.coordinator) as work:
        actions.end_signpost(work, signpost_id=signpost.id, council_id=scene.giver.id)
    with pytest.raises(NotFound), scene.work(scene.coordinator) as work:
        actions.end_signpost(work, signpost_id=signpost.id)

    assert [name for name, *_ in events_of(scene)] == ["signpost.added"]


def test_a_signpost_that_ended_or_was_changed_meanwhile_is_not_changed(scene: Scene) -> None:
    signpost = scene.add()
    values = {"signpost_id": signpost.id, "council_id": scene.giver.id}
    with pytest.raises(Conflict) as stale, scene.work(scene.admin) as work:
        actions.change_signpost(work, terms=replace(TERMS, pence=5), version=0, **values)
    with scene.work(scene.admin) as work:
        actions.end_signpost(work, **values)
    with pytest.raises(Conflict) as ended, scene.work(scene.admin) as work:
        actions.change_signpost(work, terms=replace(TERMS, pence=5), version=2, **values)
    with pytest.raises(Conflict), scene.work(scene.admin) as work:
        actions.end_signpost(work, **values)

    assert (stale.value.code, ended.value.code) == ("signpost.changed_meanwhile", "signpost.ended")


def test_a_signpost_of_a_nation_names_it_and_is_told_to_those_who_run_the_place(scene: Scene) -> None:
    with pytest.raises(RuleBroken), scene.work(scene.coordinator) as work:
        actions.add_signpost(work, terms=TERMS)
    scene.add(nation="England")

    assert [(name, audience) for name, audience, _ in events_of(scene)] == [("signpost.added", "operators")]


def test_what_ships_is_loaded_once_and_never_over_what_people_made_of_it(scene: Scene) -> None:
    shipped = list(register.rows())
    with scene.work(system("flask signposts")) as work:
        assert actions.load_signposts(work, shipped=shipped) == len(shipped)
    with scene.read(scene.coordinator) as reading:
        first = queries.signposts_kept(reading, None)[0]
    with scene.work(scene.coordinator) as work:
        actions.end_signpost(work, signpost_id=first.id)
    with scene.work(system("flask signposts")) as work:
        assert actions.load_signposts(work, shipped=shipped) == 0

    with scene.read(scene.coordinator) as reading:
        kept = queries.signposts_kept(reading, None)
        assert (len(kept), [one.id for one in kept if one.ended_at]) == (len(shipped), [first.id])


def test_standing_pledges_to_one_project_add_up_until_they_come_near(scene: Scene) -> None:
    scene.add()
    scene.pledge("funding", 400_000, status="accepted")
    scene.pledge("funding", 499_999)
    scene.pledge("funding", 900_000, status="withdrawn")
    scene.pledge("time", 900_000)
    assert scene.near() == []

    scene.pledge("funding", 1, status="committed", committed_at=clock.now(), accepted_at=clock.now(),
                 authorised_at=clock.now())  # fmt: skip

    assert scene.near() == [TERMS.sentence]


def test_what_was_broken_or_released_no_longer_counts(scene: Scene) -> None:
    scene.add()
    now = clock.now()
    committed = {"status": "committed", "committed_at": now, "accepted_at": now, "authorised_at": now}
    scene.pledge("funding", 900_000, released=1, **committed)

    assert scene.near() == []


def test_a_pledge_that_takes_anothers_place_counts_for_what_it_is_more(scene: Scene) -> None:
    scene.add()
    earlier = scene.pledge("funding", 500_000, status="accepted")
    scene.pledge("funding", 600_000, replaces_id=earlier.id)
    assert scene.near() == []

    scene.pledge("funding", 900_000, replaces_id=earlier.id)

    assert scene.near() == [TERMS.sentence]


def test_pledges_of_another_council_or_to_another_project_do_not_count(scene: Scene) -> None:
    scene.add()
    scene.pledge("funding", 900_000, council=scene.lead)
    other = scene.make.project(scene.lead)
    scene.make.pledge(scene.make.need(other, "funding"), scene.giver, scene.officer, amount=900_000)

    assert scene.near() == []


def test_what_an_offer_would_add_counts_before_it_is_made(scene: Scene) -> None:
    scene.add()
    scene.pledge("funding", 400_000)
    offer = Offer(amount=500_000, sign_off_by=clock.today())

    assert scene.near() == []
    assert scene.near(offer=offer, kind=NeedKind.FUNDING) == [TERMS.sentence]
    assert scene.near(offer=offer, kind=NeedKind.TIME) == []


def test_only_officers_of_the_council_concerned_are_shown_its_signposts(scene: Scene) -> None:
    scene.add()
    scene.pledge("funding", 900_000)
    stranger = scene.make.actor(scene.make.officer(scene.lead), scene.lead)

    assert scene.near(stranger) == []
    assert scene.near(Actor()) == []
    assert scene.near(scene.coordinator) == []


def test_a_signpost_shows_in_its_nation_between_its_days_and_until_it_is_ended(scene: Scene) -> None:
    today = clock.today()
    scene.pledge("funding", 900_000)
    scene.add(replace(TERMS, sentence="Today.", first_on=today, last_on=today), nation="England")
    scene.add(replace(TERMS, sentence="Tomorrow.", first_on=today + timedelta(days=1)), nation="England")
    scene.add(replace(TERMS, sentence="Yesterday.", last_on=today - timedelta(days=1)), nation="England")
    scene.add(replace(TERMS, sentence="Elsewhere."), nation="Wales")
    ended = scene.add(replace(TERMS, sentence="Ended."), nation="England")
    with scene.work(scene.coordinator) as work:
        actions.end_signpost(work, signpost_id=ended.id)

    assert scene.near() == ["Today."]


@pytest.mark.parametrize(
    "change",
    [
        "nation = 'England'", "half_days = 4", "pence = 0", "about = 'time'", "last_on = '2025-12-31'", "sentence = ''",
        "source_url = 'http://giver.example/'",
    ],
)  # fmt: skip
def test_the_database_holds_the_rules_too(scene: Scene, change: str) -> None:
    scene.add()
    with pytest.raises(IntegrityError), scene.make.session() as session:
        session.execute(text(f"UPDATE signpost SET {change}"))  # noqa: S608
