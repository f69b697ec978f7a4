"""How ours differs from theirs: who says it, who reads it, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.feeds.queries import visible_events
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.moderation.actions import hide_thing
from pipeline.moderation.rules import Reported
from pipeline.projects.models import Project
from pipeline.similarity import actions, queries
from pipeline.similarity.rules import LONGEST_REASON, Kind
from tests.factories import Factory

pytestmark = pytest.mark.database
Work = Callable[..., Any]


@dataclass
class Scene:
    """Ours is a public project of Askham, theirs one of Giverby; drafted is a draft of Askham's."""

    make: Factory
    ours: Any
    theirs: Any
    drafted: Any
    lead: Actor
    stranger: Actor
    coordinator: Actor


@pytest.fixture
def scene(make: Factory) -> Scene:
    ask, give = make.council("Askham"), make.council("Giverby")
    lead, other = make.officer(ask, address="lead@askham.example"), make.officer(give)
    return Scene(
        make, make.project(ask, lead, title="Damp in council homes"), make.project(give, other, title="Mould in flats"),
        make.project(ask, lead, title="Damp in lofts", status="draft", is_public=False, slug=None),
        make.actor(lead, ask), make.actor(other, give),
        make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR),
    )  # fmt: skip


def say(unit: Any, scene: Scene, ours: Any = None, **values: Any) -> Any:
    told = {"other_kind": Kind.PROJECT, "other": scene.theirs.slug, "reason": "Ours is for owners."} | values
    return actions.say_difference(unit, kind=Kind.PROJECT, slug=str((ours or scene.ours).id), **told)


def test_what_a_team_says_is_read_on_both_pages_until_it_is_taken_back(scene: Scene, work: Work, read: Work) -> None:
    with work(scene.lead) as unit:
        said = say(unit, scene)
    with read(ANONYMOUS) as reading:
        [own] = queries.around(reading, scene.ours.id).differences
        [theirs] = queries.around(reading, scene.theirs.id).differences
        assert (own.is_own, own.other.title, own.reason) == (True, "Mould in flats", "Ours is for owners.")
        assert (theirs.is_own, theirs.other.title) == (False, "Damp in council homes")
        assert queries.difference_seen_by(reading, said.id)[0].reason == "Ours is for owners."
    with work(scene.stranger) as unit, pytest.raises(NotAllowed):
        actions.withdraw_difference(unit, difference_id=said.id)
    with work(scene.lead) as unit:
        actions.withdraw_difference(unit, difference_id=said.id)
    with read(ANONYMOUS) as reading:
        assert queries.around(reading, scene.theirs.id).differences == []
        with pytest.raises(NotFound):
            queries.difference_seen_by(reading, said.id)
    with work(scene.lead) as unit:
        say(unit, scene)


def test_what_is_said_of_a_draft_is_for_its_team_until_it_is_published(scene: Scene, work: Work, read: Work) -> None:
    with work(scene.lead) as unit:
        said = say(unit, scene, scene.drafted)
    for actor in (ANONYMOUS, scene.stranger):
        with read(actor) as reading:
            assert queries.around(reading, scene.theirs.id).differences == []
            with pytest.raises(NotFound):
                queries.difference_seen_by(reading, said.id)
    with read(scene.lead) as reading:
        assert [one.id for one in queries.around(reading, scene.drafted.id).differences] == [said.id]
    with scene.make.session() as session:
        project = session.get_one(Project, scene.drafted.id)
        project.status, project.is_public, project.slug = "open", True, "damp-in-lofts"
        project.published_at = project.created_at
    with read(ANONYMOUS) as reading:
        assert [one.id for one in queries.around(reading, scene.theirs.id).differences] == [said.id]


def test_a_hidden_difference_is_gone_for_all_but_its_team(scene: Scene, work: Work, read: Work) -> None:
    with work(scene.lead) as unit:
        said = say(unit, scene)
    with work(scene.coordinator) as unit:
        hide_thing(unit, about=Reported.DIFFERENCE, about_id=said.id, reason="It names somebody.")
    with read(ANONYMOUS) as reading:
        assert queries.around(reading, scene.ours.id).differences == []
        with pytest.raises(NotFound):
            queries.difference_seen_by(reading, said.id)
    with read(scene.lead) as reading:
        assert queries.difference_seen_by(reading, said.id)[0].status == "hidden"
    with work(scene.coordinator) as unit:
        actions.restore_difference(unit, difference_id=said.id)
    with read(ANONYMOUS) as reading:
        assert len(queries.around(reading, scene.ours.id).differences) == 1


@pytest.mark.parametrize(
    "values, words",
    [
        ({"reason": ""}, "how yours differs"),
        ({"reason": "x" * (LONGEST_REASON + 1)}, "character fewer"),
        ({"reason": "Ask lead@askham.example"}, "e-mail address"),
        ({"other": "damp-in-council-homes"}, "other than this"),
    ],
)
def test_a_difference_says_something_about_something_else(
    scene: Scene, work: Work, values: dict[str, str], words: str
) -> None:
    other = values.get("other") and {"other": str(scene.ours.id)}
    with work(scene.lead) as unit, pytest.raises(RuleBroken, match=words):
        say(unit, scene, **(other or values))


def test_only_the_team_says_it_once_and_of_nothing_that_is_not_public(scene: Scene, work: Work) -> None:
    with work(scene.stranger) as unit, pytest.raises(NotAllowed):
        say(unit, scene, other=str(scene.theirs.id))
    with work(scene.lead) as unit, pytest.raises(NotFound):
        say(unit, scene, other=str(scene.drafted.id))
    with work(scene.lead) as unit:
        say(unit, scene)
    with work(scene.lead) as unit, pytest.raises(Conflict, match="said already"):
        say(unit, scene)
    trial = scene.make.project(
        scene.make.council(), is_trial=True, is_public=False, slug=None, title="To try things out"
    )
    with work(scene.lead) as unit, pytest.raises(NotFound):
        say(unit, scene, other=str(trial.id))


def test_everybody_hears_of_a_difference_while_they_may_read_both(scene: Scene, work: Work, read: Work) -> None:
    def heard() -> list[str]:
        with read(ANONYMOUS) as reading:
            names = reading.session.execute(visible_events()).all()
            return [row.name for row in names if row.subject_type == "difference"]

    with work(scene.lead) as unit:
        say(unit, scene)
    assert heard() == ["difference.said"]
    with scene.make.session() as session:
        project = session.get_one(Project, scene.theirs.id)
        project.is_hidden, project.is_public = True, False
    assert heard() == []
