"""What a council keeps besides projects, pledges and people passes on when it is followed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pipeline.councils.models import Council
from pipeline.imports.models import PortfolioImport, ProjectReference
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.signposts.models import Signpost
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.successions.duties import carry_on
from pipeline.webhooks.models import Webhook
from tests.factories import Factory

pytestmark = pytest.mark.database


class Scene:
    """A council with a webhook, signposts, unfinished and finished imports, and spare capacity of one officer."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.old = make.council("Oldham Vale", last_day=clock.today() - timedelta(days=1))
        self.officer = make.officer(self.old, Role.COUNCIL_ADMIN)
        self.webhook = make.webhook(self.old, self.officer)
        self.elsewhere = make.council("Elsewhere")
        self.listening = make.webhook(self.elsewhere, make.officer(self.elsewhere), only_council_id=self.old.id)
        self.spare = make.spare_capacity(self.old, self.officer)
        self.ended = make.spare_capacity(self.old, self.officer, ended_at=clock.now())
        self.signpost = Signpost(
            id=new_id(), council_id=self.old.id, about="any", pence=100_00, sentence="Ask the committee.",
            source_title="Constitution", source_url="https://example.org/", first_on=clock.today(),
            added_at=clock.now(), changed_at=clock.now(),
        )  # fmt: skip
        make.keep(self.signpost)
        self.unfinished, self.done = (self._import(state) for state in ("checked", "done"))

    def _import(self, state: str) -> PortfolioImport:
        now = clock.now()
        made = PortfolioImport(
            id=new_id(), council_id=self.old.id, officer_id=self.officer.id, state=state, file_name="ours.csv",
            columns=["title"], created_at=now, confirmed_at=now if state == "done" else None,
            ended_at=now if state == "done" else None,
        )  # fmt: skip
        self.make.keep(made)
        return made

    def followed_by(self, *names: str) -> list[Council]:
        found = [self.make.council(name, started_on=clock.today()) for name in names]
        for one in found:
            self.make.succession(self.old, one)
        return found

    def carry_on(self) -> None:
        with self.make.app.app_context():
            carry_on()

    def council_of(self, row: Any) -> Any:
        with self.make.session() as session:
            return session.get_one(type(row), row.id).council_id


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


def test_all_of_it_passes_to_the_one_council_that_follows(scene: Scene) -> None:
    [new] = scene.followed_by("Newshire")
    project = scene.make.project(scene.old, scene.officer)
    kept, taken = (ProjectReference(council_id=scene.old.id, reference=one, project_id=project.id) for one in "ab")
    other = scene.make.project(new)
    scene.make.keep(kept, taken, ProjectReference(council_id=new.id, reference="b", project_id=other.id))
    scene.carry_on()
    for row in (scene.webhook, scene.spare, scene.signpost, scene.unfinished):
        assert scene.council_of(row) == new.id, row
    for row in (scene.ended, scene.done):
        assert scene.council_of(row) == scene.old.id, row
    with scene.make.session() as session:
        assert session.get_one(Webhook, scene.listening.id).only_council_id == new.id
        assert session.get_one(ProjectReference, (new.id, "a")).project_id == project.id
        assert session.get_one(ProjectReference, (new.id, "b")).project_id == other.id


def test_where_several_follow_what_an_officer_keeps_goes_with_them(scene: Scene, work: Callable[..., Any]) -> None:
    from pipeline.accounts.models import Membership
    from pipeline.successions.actions import assign
    from pipeline.successions.rules import Assignment, Thing

    _east, west = scene.followed_by("East", "West")
    scene.carry_on()
    assert scene.council_of(scene.webhook) == scene.old.id
    with scene.make.session() as session:
        place = session.query(Membership).filter_by(officer_id=scene.officer.id).one()
    coordinator = scene.make.actor(scene.make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
    with work(coordinator) as unit:
        assign(unit, council_id=scene.old.id, assignments=[Assignment(Thing.MEMBERSHIP, place.id, west.id)])
    for row in (scene.webhook, scene.spare, scene.unfinished):
        assert scene.council_of(row) == west.id, row
    for row in (scene.signpost, scene.ended, scene.done):
        assert scene.council_of(row) == scene.old.id, row
    with scene.make.session() as session:
        assert session.get_one(SpareCapacity, scene.spare.id).revision > scene.spare.revision
