"""A random walk through everything that changes a figure: at each stop the pages' figures are what the lists make, and
counting from nothing makes them again."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from pipeline.artefacts.actions.adopting import adopt_version, end_adoption, move_up
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.actions.withdrawing import withdraw_version
from pipeline.artefacts.adoption_rules import AdoptionDetails
from pipeline.artefacts.models import Adoption, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.written import written_document
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.errors import Refusal
from pipeline.pledges import actions
from pipeline.pledges.delivery import Given
from pipeline.pledges.models import Delivery, Pledge
from pipeline.projects.actions.hiding import hide_project, restore_project
from pipeline.projects.rules import NeedKind
from pipeline.statistics.models import ProjectStatistics, StatisticsPair, StatisticsPresence, StatisticsSum
from pipeline.statistics.rebuilding import count_all_again
from pipeline.successions.duties import carry_on
from tests.api.test_statistics import compare, through_the_api
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.pledges.calls import Scene, make_scene
from tests.statistics.test_keeping import kept
from tests.support.client import CheckedClient
from tests.support.statistics import listen

pytestmark = pytest.mark.database

NAMES = ("Leeds", "Hull", "Conwy", "Bute")
PLACES = (("unitary", "London"), ("county", "South East"), ("welsh unitary", "Wales"), ("unitary", "Scotland"))
ACTS = (
    "offer", "offer", "offer", "accept", "accept", "withdraw", "decline", "deliver", "deliver", "agree", "agree",
    "break_", "adopt", "adopt", "move_up", "end", "publish", "withdraw_version", "hide", "wait",
)  # fmt: skip


class Walk:
    """A flexible project of Lead with two needs and a document, and four councils that pledge and adopt."""

    def __init__(self, make: Factory, work: Callable[..., Any], shelf: Shelf, choose: random.Random) -> None:
        self.make, self.shelf, self.choose = make, shelf, choose
        self.scene: Scene = make_scene(make, work, mode="flexible", decision_on=None, themes=("housing", "planning"))
        self.needs = [self.scene.need, make.need(self.scene.project, target=40)]
        for name, (kind, region) in zip(NAMES, PLACES, strict=True):
            with make.session() as session:
                council = session.merge(self.scene.side(name).council)
                council.kind, council.region = kind, region
        self.coordinator = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
        self.lead_officer = make.officer(self.scene.lead_council)
        self.document: Made = shelf.document(self.scene.project, self.lead_officer, "One.", "Two.")
        self.done: set[str] = set()
        self.later = timedelta()
        self.is_hidden = False

    def step(self) -> None:
        """One act by somebody who may well be allowed it; a refusal changes nothing. Hidden things soon return."""
        act, name = self.choose.choice(ACTS), self.choose.choice(NAMES)
        if self.is_hidden and self.choose.random() < 0.4:
            act = "restore"
        with clock.moved(self.later):
            try:
                getattr(self, act)(name)
            except (Refusal, LookupError):
                return
        self.done.add(act)

    @contextmanager
    def by(self, actor: Actor) -> Iterator[Any]:
        with self.scene.work(actor) as work:
            yield work

    def one(self, of: type[Any], *where: Any) -> Any:
        with self.make.session() as session:
            return self.choose.choice(session.scalars(select(of).where(*where).order_by(of.id)).all())

    def pledge(self, *statuses: str) -> Pledge:
        found: Pledge = self.one(Pledge, Pledge.status.in_(statuses))
        return found

    def side_of(self, pledge: Pledge) -> str:
        return next(name for name in NAMES if self.scene.side(name).council.id == pledge.council_id)

    def offer(self, name: str) -> None:
        need = self.choose.choice(self.needs)
        self.scene.authorised(
            name, self.choose.randint(1, 9) * (100 if need.kind == NeedKind.FUNDING else 1), need=need
        )

    def accept(self, _name: str) -> None:
        self.scene.accept(self.pledge("authorised"))

    def withdraw(self, _name: str) -> None:
        pledge = self.pledge("authorised", "accepted")
        self.scene.withdraw(self.side_of(pledge), pledge)

    def decline(self, _name: str) -> None:
        self.scene.as_lead(actions.decline_pledge, pledge_id=self.pledge("authorised").id, reason="Not now")

    def deliver(self, _name: str) -> None:
        pledge = self.pledge("committed")
        given = Given(amount=self.choose.randint(1, pledge.amount), delivered_on=clock.today(), note="Workshops")
        with self.by(self.scene.side(self.side_of(pledge)).officer) as work:
            actions.record_delivery(work, pledge_id=pledge.id, given=given)

    def agree(self, _name: str) -> None:
        self.scene.as_lead(actions.agree_delivery, delivery_id=self.one(Delivery, Delivery.answer.is_(None)).id)

    def break_(self, _name: str) -> None:
        pledge = self.pledge("committed")
        with self.by(self.scene.side(self.side_of(pledge)).authoriser) as work:
            actions.break_pledge(work, pledge_id=pledge.id, reason="No staff left")

    def adopt(self, name: str) -> None:
        number = self.version().number
        with self.by(self.scene.side(name).officer) as work:
            adopt_version(work, slug=self.document.slug, number=number, details=AdoptionDetails())

    def version(self) -> Version:
        found: Version = self.one(Version, Version.status == VersionStatus.PUBLISHED.value)
        return found

    def move_up(self, name: str) -> None:
        adoption = self.one(
            Adoption, Adoption.ended_at.is_(None), Adoption.council_id == self.scene.side(name).council.id
        )
        with self.by(self.scene.side(name).officer) as work:
            move_up(work, adoption_id=adoption.id)

    def end(self, name: str) -> None:
        adoption = self.one(
            Adoption, Adoption.ended_at.is_(None), Adoption.council_id == self.scene.side(name).council.id
        )
        with self.by(self.scene.side(name).officer) as work:
            end_adoption(work, adoption_id=adoption.id)

    def publish(self, _name: str) -> None:
        text = f"Text {self.choose.random()}"
        with self.make.session() as session:
            last = session.scalars(select(Version.id).order_by(Version.number.desc())).first()
        draft = self.shelf.draft(self.document, self.lead_officer, text, started_from_id=last)
        with self.by(self.scene.lead) as work:
            publish_version(
                work, draft_id=draft.id, version=1, written=written_document(text), change_note="New", is_major=False
            )

    def withdraw_version(self, _name: str) -> None:
        number = self.version().number
        if number > 1:
            with self.by(self.scene.lead) as work:
                withdraw_version(work, slug=self.document.slug, number=number, reason="It is wrong.")

    def hide(self, _name: str) -> None:
        with self.by(self.coordinator) as work:
            hide_project(work, project_id=self.scene.project.id)
        self.is_hidden = True

    def restore(self, _name: str) -> None:
        with self.by(self.coordinator) as work:
            restore_project(work, project_id=self.scene.project.id)
        self.is_hidden = False

    def wait(self, _name: str) -> None:
        self.later += timedelta(days=self.choose.randint(1, 12))

    def merge(self) -> None:
        """Leeds and Hull become a council elsewhere, of another kind."""
        new = self.make.council(
            "Westshire", kind="county", region="North East", is_active=False, started_on=clock.today()
        )
        for name in NAMES[:2]:
            self.make.succession(self.scene.side(name).council, new)
        self.scene.worker(carry_on)


def test_figures_are_what_the_lists_make_whatever_happens(
    make: Factory, work: Callable[..., Any], shelf: Shelf, client: CheckedClient
) -> None:
    walk = Walk(make, work, shelf, random.Random(2026))
    for number in range(150):
        walk.step()
        if number % 50 == 49:
            listen(make)
            compare(client, through_the_api(client))
    if walk.is_hidden:
        walk.restore("")
    walk.merge()
    listen(make)
    assert any(compare(client, through_the_api(client)).values())
    by_listener = kept(make)
    with make.session() as session:
        for table in (ProjectStatistics, StatisticsSum, StatisticsPresence, StatisticsPair):
            session.execute(delete(table))
    with make.app.app_context():
        count_all_again()
    assert kept(make) == by_listener, "as a count from nothing makes them"
    assert walk.done >= {"accept", "deliver", "agree", "adopt", "move_up", "publish", "hide", "restore"}
