"""Whoever downloads the exports and then follows the events has what the lists show, whatever happened meanwhile."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from pipeline import RELEASE
from pipeline.api import export_kinds
from pipeline.api.export_kinds import LISTED
from pipeline.artefacts.actions.adopting import adopt_version, end_adoption
from pipeline.artefacts.adoption_rules import AdoptionDetails
from pipeline.artefacts.models import Adoption
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.work import Reading, unit_of_work
from pipeline.documents.markdown import written
from pipeline.exports import making
from pipeline.exports.kinds import EXPORT_KINDS
from pipeline.exports.making import tend_exports
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.kernel.errors import Refusal
from pipeline.pledges import actions as pledging
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity
from pipeline.projects import actions
from pipeline.projects.models import Interest, Need, Project, Update
from pipeline.projects.rules import NeedKind, NeedTerms, ProjectDetails
from pipeline.projects.taking_part import InterestKind
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.pledges.test_actions import an_offer
from tests.support.client import CheckedClient
from tests.support.mirror import Mirror, differences

pytestmark = pytest.mark.database

WRITERS, COUNCILS, PROJECTS = 4, 6, 8


class Writers:
    """Officers of some councils who do all sorts of things to some projects, until it is over."""

    def __init__(self, app: Flask, make: Factory, shelf: Shelf) -> None:
        self.app, self.is_over = app, False
        self.may_take_away = True
        """Off while the exports are downloaded: files from which something is taken are withheld and made anew."""
        self.done: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.lead_council = make.council("Leadham")
        self.lead_row = make.officer(self.lead_council)
        self.lead = make.actor(self.lead_row, self.lead_council)
        self.people = [self._people(make) for _ in range(COUNCILS)]
        self.projects = [make.project(self.lead_council, self.lead_row).id for _ in range(PROJECTS)]
        with make.session() as session:
            session.get_one(Council, self.lead_council.id).projects_led = PROJECTS
            self.needs = []
            rows = [session.get_one(Project, one) for one in self.projects]
        self.needs = [make.need(row, target=10_000).id for row in rows for _ in range(2)]
        keeper = shelf.keeper(self.lead_council, self.lead_row)
        self.documents = [
            shelf.document(place, self.lead_row, "One.", "One. Two.").slug for place in (keeper, rows[0], rows[1])
        ]

    def _people(self, make: Factory) -> tuple[Actor, Actor]:
        council = make.council()
        officer, authoriser = make.officer(council), make.officer(council, Role.AUTHORISER)
        return make.actor(officer, council), make.actor(authoriser, council, Role.AUTHORISER)

    @property
    def number(self) -> int:
        return sum(self.done.values())

    def wait_for(self, number: int) -> None:
        """Wait until so many things were done. Fails where nothing is done any more."""
        until = time.monotonic() + 240
        while self.number < number:
            assert time.monotonic() < until, self.done
            time.sleep(0.01)

    def write(self, seed: int) -> None:
        """Do one thing after another. What is refused does not count."""
        chance = random.Random(seed)
        acts = [
            self.offer, self.offer, self.authorise, self.authorise, self.accept, self.decline, self.withdraw,
            self.tell, self.edit, self.unsay, self.be_interested, self.lose_interest, self.rename, self.ask, self.close,
            self.post, self.adopt, self.stop_using,
        ]  # fmt: skip
        with self.app.app_context():
            while not self.is_over:
                act = chance.choice(acts)
                if act in (self.unsay, self.lose_interest) and not self.may_take_away:
                    continue
                try:
                    has_done = act(chance)
                except Refusal:
                    has_done = False
                if has_done:
                    with self._lock:
                        self.done[act.__name__] += 1

    def _one(self, chance: random.Random, table: Any, *where: Any) -> Any:
        with database.engine.connect() as connection:
            found = connection.execute(select(table.__table__).where(*where).limit(300)).all()
        return chance.choice(found) if found else None

    def _officer(self, officer_id: Any) -> Actor:
        return next(officer for officer, _one in self.people if officer.officer_id == officer_id)

    def _authoriser(self, council_id: Any) -> Actor:
        return next(one for _officer, one in self.people if one.council_id == council_id)

    def offer(self, chance: random.Random) -> bool:
        with unit_of_work(chance.choice(self.people)[0]) as work:
            pledging.offer_pledge(work, need_id=chance.choice(self.needs), offer=an_offer(chance.randint(1, 9)))
        return True

    def authorise(self, chance: random.Random) -> bool:
        pledge = self._one(chance, Pledge, Pledge.status == "offered")
        if pledge is None:
            return False
        with unit_of_work(self._authoriser(pledge.council_id)) as work:
            pledging.authorise_pledge(work, pledge_id=pledge.id, capacity=Capacity.BUDGET_HOLDER)
        return True

    def accept(self, chance: random.Random) -> bool:
        pledge = self._one(chance, Pledge, Pledge.status == "authorised")
        if pledge is None:
            return False
        with unit_of_work(self.lead) as work:
            pledging.accept_pledge(work, pledge_id=pledge.id)
        return True

    def decline(self, chance: random.Random) -> bool:
        pledge = self._one(chance, Pledge, Pledge.status == "authorised")
        if pledge is None:
            return False
        with unit_of_work(self.lead) as work:
            pledging.decline_pledge(work, pledge_id=pledge.id, reason="Not now")
        return True

    def withdraw(self, chance: random.Random) -> bool:
        pledge = self._one(chance, Pledge, Pledge.status.in_(("offered", "authorised", "accepted")))
        if pledge is None:
            return False
        with unit_of_work(self._officer(pledge.officer_id)) as work:
            pledging.withdraw_pledge(work, pledge_id=pledge.id, reason="Plans changed")
        return True

    def tell(self, chance: random.Random) -> bool:
        project = str(chance.choice(self.projects))
        with unit_of_work(self.lead) as work:
            update = actions.draft_update(work, slug=project, title="News", body=written("**News** of it."))
            work.session.flush()
            actions.publish_update(work, update_id=update.id, version=update.version)
        return True

    def edit(self, chance: random.Random) -> bool:
        update = self._one(chance, Update, Update.status == "published")
        if update is None:
            return False
        with unit_of_work(self.lead) as work:
            title = f"News {chance.randint(1, 10_000)}"
            actions.change_update(
                work, update_id=update.id, version=update.version, title=title, body=written("Other news.")
            )
        return True

    def unsay(self, chance: random.Random) -> bool:
        update = self._one(chance, Update, Update.status == "published")
        if update is None:
            return False
        with unit_of_work(self.lead) as work:
            actions.withdraw_update(work, update_id=update.id)
        return True

    def be_interested(self, chance: random.Random) -> bool:
        with unit_of_work(chance.choice(self.people)[0]) as work:
            actions.show_interest(
                work, slug=str(chance.choice(self.projects)), kind=InterestKind.CONVERSATION, message="We are, too.",
                is_named=chance.random() < 0.7,
            )  # fmt: skip
        return True

    def lose_interest(self, chance: random.Random) -> bool:
        interest = self._one(chance, Interest, Interest.status == "standing")
        if interest is None:
            return False
        with unit_of_work(self._officer(interest.officer_id)) as work:
            actions.withdraw_interest(work, interest_id=interest.id)
        return True

    def rename(self, chance: random.Random) -> bool:
        project = self._one(chance, Project, Project.id.in_(self.projects))
        with unit_of_work(self.lead) as work:
            details = ProjectDetails(
                title=f"A project called {chance.randint(1, 10_000)}", summary="Summary.",
                problem=written("Problem."), themes=("housing", "planning"), phase=project.phase,
                decision_on=project.decision_on, least_councils=project.least_councils,
            )  # fmt: skip
            actions.change_project(work, slug=str(project.id), version=project.version, details=details)
        return True

    def ask(self, chance: random.Random) -> bool:
        terms = NeedTerms(
            NeedKind.TIME, "A researcher", 40, is_essential=False, is_capped=False, profession="user-researcher"
        )
        with unit_of_work(self.lead) as work:
            need = actions.add_need(work, slug=str(chance.choice(self.projects)), terms=terms)
        self.needs.append(need.id)
        return True

    def close(self, chance: random.Random) -> bool:
        need = self._one(chance, Need, Need.status == "open", Need.target == 40)
        if need is None:
            return False
        with unit_of_work(self.lead) as work:
            actions.close_need(work, need_id=need.id)
        return True

    def post(self, _chance: random.Random) -> bool:
        with unit_of_work(self.lead) as work:
            project = actions.draft_project(work, title="Repairs")
            work.session.flush()
            address = str(project.id)
            details = ProjectDetails(
                title="Repairs", summary="Summary.", problem=written("Problem."), themes=("housing",), phase="alpha",
                decision_on=clock.today() + timedelta(days=60), least_councils=1,
            )  # fmt: skip
            actions.change_project(work, slug=address, version=project.version, details=details)
            terms = NeedTerms(NeedKind.FUNDING, "Money", 100_000, is_essential=True, is_capped=False)
            actions.add_need(work, slug=address, terms=terms)
            work.session.flush()
            actions.publish_project(work, slug=address, version=project.version)
        self.projects.append(project.id)
        return True

    def adopt(self, chance: random.Random) -> bool:
        with unit_of_work(chance.choice(self.people)[0]) as work:
            adopt_version(
                work, slug=chance.choice(self.documents), number=chance.randint(1, 2), details=AdoptionDetails()
            )
        return True

    def stop_using(self, chance: random.Random) -> bool:
        adoption = self._one(chance, Adoption, Adoption.ended_at.is_(None))
        if adoption is None:
            return False
        officer = next(one for one, _authoriser in self.people if one.council_id == adoption.council_id)
        with unit_of_work(officer) as work:
            end_adoption(work, adoption_id=adoption.id)
        return True


@pytest.fixture
def mirrored(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], Writers]:
    """Writes so many times while exports are made, keeps a mirror of them, and compares it with the lists."""
    for name in ("SHORT_ROWS", "LONG_ROWS", "TEXTS"):
        monkeypatch.setattr(export_kinds, name, 5)
    monkeypatch.setattr(making, "PAUSE", timedelta(0))

    def wait(_seconds: float) -> bool:
        time.sleep(0.005)
        return False

    def run(wanted: int) -> Writers:
        writers = Writers(app, make, shelf)
        threads = [threading.Thread(target=writers.write, args=(seed,), daemon=True) for seed in range(WRITERS)]
        for thread in threads:
            thread.start()
        writers.wait_for(wanted // 4)
        mirror = Mirror(lambda path: client.get(f"/api/v1{path}"))
        writers.may_take_away = False
        time.sleep(0.2)
        before = writers.number
        with app.app_context():
            assert tend_exports(app.extensions[EXPORT_KINDS], RELEASE, wait) == 1
        during = writers.number
        mirror.download()
        downloaded, writers.may_take_away = writers.number, True
        writers.wait_for(max(wanted, downloaded + wanted // 4))
        writers.is_over = True
        for thread in threads:
            thread.join()
        assert 0 < before < during < writers.number, "nothing was written meanwhile"
        assert mirror.follow() > 0
        live = {kind: live_rows(app, client, kind) for kind in LISTED}
        assert differences(mirror, live) == {}
        assert all(live[kind] for kind in ("projects", "needs", "pledges", "updates", "artefacts", "versions"))
        return writers

    return run


def live_rows(app: Flask, client: CheckedClient, kind: str) -> list[dict[str, Any]]:
    """What the API's lists show of a kind now."""
    if kind == "interests":
        with app.app_context():
            reading = Reading(database.session(), ANONYMOUS, clock.now())
            return [orjson.loads(orjson.dumps(row)) for rows in LISTED[kind].pages(reading, {}) for row in rows]
    if kind in ("versions", "suggestions"):
        slugs = [one["slug"] for one in listed(client, "/artefacts?limit=100")]
        return [row for slug in slugs for row in listed(client, f"/artefacts/{slug}/{kind}")]
    return list(listed(client, f"/{kind}?limit=100"))


def listed(client: CheckedClient, path: str) -> Any:
    """The rows of a list of the API, page by page."""
    address: str | None = f"/api/v1{path}"
    while address:
        page = client.get(address).get_json()
        yield from page["data"]
        address = page["links"]["next"]


def test_a_mirror_of_exports_and_events_equals_the_lists(mirrored: Callable[[int], Writers]) -> None:
    mirrored(200)


@pytest.mark.drill
def test_a_mirror_equals_the_lists_after_two_thousand_writes_during_the_export(
    mirrored: Callable[[int], Writers],
) -> None:
    writers = mirrored(2_000)

    assert len(writers.done) >= 15, writers.done
