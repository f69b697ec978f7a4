"""A council answers a checklist: saves, publishes, moves on. On both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.artefacts.actions.checklists import answer_points, carry_over, publish_answers, unpublish
from pipeline.artefacts.checklists import Answer, Answers, Point, Points, answers_from, points_of
from pipeline.artefacts.models import ChecklistAnswers
from pipeline.artefacts.queries import checklists as queries
from pipeline.artefacts.queries.checklists import AnswerFilters
from pipeline.artefacts.rules import PointAnswer
from pipeline.artefacts.totals import differences
from pipeline.db.log import LoggedEvent
from pipeline.kernel.actor import ANONYMOUS, Actor
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory

pytestmark = pytest.mark.database

FIRST = "- Understand users and their needs\n- Keep data safe\n- Publish what you spend\n"
SECOND = "- Understand your users and their needs\n- Keep data safe\n- Train the staff who answer\n"

MET, PARTLY, NOT_YET = PointAnswer.MET, PointAnswer.PARTLY, PointAnswer.NOT_YET


class Scene:
    """A checklist of Northborough's that councils answer."""

    def __init__(self, make: Factory) -> None:
        self.make, self.shelf = make, Shelf(make)
        self.council = make.council("Northborough")
        self.lead = make.officer(self.council)
        self.project = make.project(self.council, self.lead, slug="standards")
        self.points = points_of(FIRST).points
        self.made: Made = self.shelf.document(
            self.project, self.lead, FIRST, kind="checklist", slug="a-checklist", title="A checklist"
        )
        self.keep_points(1, self.points)
        self.slug = "a-checklist"

    def keep_points(self, number: int, points: tuple[Point, ...], dropped: tuple[Point, ...] = ()) -> None:
        with self.make.session() as session:
            version = session.merge(self.made.version(number))
            version.points, version.dropped_points = Points(points, dropped).as_json()

    def publish_second(self) -> tuple[Point, ...]:
        """Version 2: a point reworded, one the same, one dropped, one new."""
        self.shelf.publish(self.made, self.lead, SECOND)
        found = points_of(SECOND, self.points)
        self.keep_points(2, found.points, found.dropped)
        return found.points

    def member(self, name: str, **values: Any) -> Actor:
        council = self.make.council(name, **values)
        return self.make.actor(self.make.officer(council), council)

    def ids(self) -> list[str]:
        return [one.id for one in self.points]


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


def kept(read: Callable[..., Any], scene: Scene, actor: Actor) -> Answers:
    with read(actor) as reading:
        row = reading.session.scalars(
            select(ChecklistAnswers).where(ChecklistAnswers.council_id == actor.council_id)
        ).one()
        return answers_from(row.answers)


def answer(work: Callable[..., Any], scene: Scene, actor: Actor, version: int = 0, **answers: PointAnswer) -> int:
    """Answer points by their place (`p0`); returns the version the row has then."""
    ids = scene.ids()
    with work(actor) as unit:
        row = answer_points(
            unit, slug=scene.slug, version=version,
            answers={ids[int(place[1:])]: Answer(one, f"note {place}") for place, one in answers.items()},
        )  # fmt: skip
        return row.version


def test_answers_are_saved_as_one_goes_and_are_the_councils_own(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    version = answer(work, scene, officer, p0=MET)
    assert version == 1
    assert answer(work, scene, officer, 1, p2=NOT_YET) == 2
    ids = scene.ids()
    assert kept(read, scene, officer) == {ids[0]: Answer(MET, "note p0"), ids[2]: Answer(NOT_YET, "note p2")}
    with work(officer) as unit:
        answer_points(unit, slug=scene.slug, version=2, answers={ids[0]: None})
    assert set(kept(read, scene, officer)) == {ids[2]}
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        assert queries.number_published(reading, artefact, AnswerFilters()) == 0
        assert queries.counts_by_point(reading, artefact, AnswerFilters()) == {}
        events = reading.session.execute(select(LoggedEvent.name, LoggedEvent.audience)).all()
    assert {tuple(one) for one in events} == {("checklist.answers_saved", "council")}


def test_saving_what_is_saved_changes_nothing(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET)
    assert answer(work, scene, officer, 1, p0=MET) == 1
    with read() as reading:
        assert reading.session.scalar(select(func.count()).select_from(LoggedEvent)) == 1


def test_a_note_alone_is_kept_and_is_no_answer(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    point = scene.ids()[0]
    with work(officer) as unit:
        answer_points(unit, slug=scene.slug, version=0, answers={point: Answer(None, "ask IT")})
    assert kept(read, scene, officer) == {point: Answer(None, "ask IT")}
    with pytest.raises(RuleBroken) as caught, work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    assert caught.value.code == "checklist.nothing_answered"


def test_two_colleagues_do_not_write_over_each_other(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET)
    for stale in (0, 7):
        with pytest.raises(Conflict) as caught:
            answer(work, scene, officer, stale, p0=PARTLY)
        assert caught.value.code == "checklist.changed_meanwhile"
    assert kept(read, scene, officer)[scene.ids()[0]].answer is MET


def test_strangers_and_people_without_a_council_cannot_answer(scene: Scene, work: Any, make: Factory) -> None:
    for actor in (ANONYMOUS, make.actor(make.officer(None))):
        with pytest.raises(NotAllowed):
            answer(work, scene, actor, p0=MET)
    officer = scene.member("Eastmere")
    with pytest.raises(Conflict) as caught, work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=0)
    assert caught.value.code == "checklist.not_answered"


def test_only_checklists_are_answered(scene: Scene, work: Any) -> None:
    officer = scene.member("Eastmere")
    policy = scene.shelf.document(scene.project, scene.lead, "- a\n- b\n", kind="policy")
    with pytest.raises(NotFound), work(officer) as unit:
        answer_points(unit, slug=policy.slug, version=0, answers={})


def test_answers_to_points_that_are_not_there_are_refused(scene: Scene, work: Any) -> None:
    officer = scene.member("Eastmere")
    with pytest.raises(RuleBroken) as caught, work(officer) as unit:
        answer_points(unit, slug=scene.slug, version=0, answers={"nope": Answer(MET), "nor": None})
    assert [one.field for one in caught.value.problems] == ["nope", "nor"]


def test_published_answers_stand_until_they_are_published_anew(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET, p1=PARTLY)
    with work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    with pytest.raises(Conflict) as caught, work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=2)
    assert caught.value.code == "checklist.unchanged"
    answer(work, scene, officer, 2, p1=MET)
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        row = queries.published_answers_of(reading, artefact, "eastmere")
        assert (row.met, row.partly, row.not_yet, row.not_applicable, row.number) == (1, 1, 0, 0, 1)
        assert row.published_answers[scene.ids()[1]]["answer"] == "partly"
    with work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=3)
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        assert queries.published_answers_of(reading, artefact, "eastmere").met == 2
        public = reading.session.scalars(select(LoggedEvent).where(LoggedEvent.audience == "public")).all()
    assert [(one.name, one.payload["met"]) for one in public] == [("checklist.answered", 1), ("checklist.answered", 2)]
    assert "note" not in str(public[0].payload)


def test_answers_are_taken_back_from_the_public_and_kept(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET)
    with pytest.raises(Conflict) as caught, work(officer) as unit:
        unpublish(unit, slug=scene.slug)
    assert caught.value.code == "checklist.not_published"
    with work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    with work(officer) as unit:
        unpublish(unit, slug=scene.slug)
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        assert queries.number_published(reading, artefact, AnswerFilters()) == 0
        with pytest.raises(NotFound):
            queries.published_answers_of(reading, artefact, "eastmere")
    assert kept(read, scene, officer)[scene.ids()[0]].answer is MET


def test_a_note_with_somebodys_address_is_not_published(scene: Scene, work: Any, make: Factory) -> None:
    officer = scene.member("Eastmere")
    known = make.officer(scene.council, address="ada@northborough.example")
    with work(officer) as unit:
        answers: dict[str, Answer | None] = {scene.ids()[0]: Answer(MET, f"Ask {known.address}.")}
        answer_points(unit, slug=scene.slug, version=0, answers=answers)
    with pytest.raises(RuleBroken) as caught, work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    assert [(one.code, one.field) for one in caught.value.problems] == [
        ("text.holds_address", f"note-{scene.ids()[0]}")
    ]  # fmt: skip


def test_answers_move_to_a_newer_version_and_say_what_to_check(scene: Scene, work: Any, read: Any) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET, p1=PARTLY, p2=NOT_YET)
    with work(officer) as unit:
        publish_answers(unit, slug=scene.slug, version=1)
    with pytest.raises(Conflict) as caught, work(officer) as unit:
        carry_over(unit, slug=scene.slug, version=2)
    assert caught.value.code == "checklist.is_current"
    points = scene.publish_second()
    answer(work, scene, officer, 2, p2=MET)
    with work(officer) as unit:
        carry_over(unit, slug=scene.slug, version=3)
    ids = scene.ids()
    assert kept(read, scene, officer) == {
        ids[0]: Answer(MET, "note p0", check_again=True), ids[1]: Answer(PARTLY, "note p1")
    }  # fmt: skip
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        row = queries.published_answers_of(reading, artefact, "eastmere")
        assert (row.number, row.not_yet) == (1, 1)
    with work(officer) as unit:
        answers = {ids[0]: Answer(MET, "note p0"), points[2].id: Answer(NOT_YET), ids[1]: Answer(PARTLY, "x", True)}
        answer_points(unit, slug=scene.slug, version=4, answers=answers)
    now = kept(read, scene, officer)
    assert not any(one.check_again for one in now.values())
    assert len(now) == 3


def test_a_checklist_whose_versions_are_all_withdrawn_takes_no_first_answers(scene: Scene, work: Any) -> None:
    scene.shelf.withdraw(scene.made, 1, scene.lead)
    with pytest.raises(Conflict) as caught:
        answer(work, scene, scene.member("Eastmere"), p0=MET)
    assert caught.value.code == "checklist.no_version"


def test_published_answers_are_counted_point_by_point_and_by_kind(scene: Scene, work: Any, read: Any) -> None:
    for number, (name, kind) in enumerate((("Alpha", "county"), ("Beta", "unitary"), ("Gamma", "unitary"))):
        officer = scene.member(name, kind=kind)
        answer(work, scene, officer, p0=MET, p1=(MET, PARTLY, PARTLY)[number])
        with work(officer) as unit:
            publish_answers(unit, slug=scene.slug, version=1)
    ids = scene.ids()
    with read(ANONYMOUS) as reading:
        artefact, _project = queries.checklist_seen_by(reading, scene.slug)
        counts = queries.counts_by_point(reading, artefact, AnswerFilters())
        assert counts[ids[0]] == {"met": 3, "partly": 0, "not_yet": 0, "not_applicable": 0}
        assert counts[ids[1]]["partly"] == 2
        assert ids[2] not in counts
        unitary = queries.counts_by_point(reading, artefact, AnswerFilters(kind="unitary"))
        assert unitary[ids[0]]["met"] == 2
        assert queries.kinds_published(reading, artefact) == ["county", "unitary"]
        first = queries.published_by_name(reading, artefact, AnswerFilters(), limit=2, place=None)
        assert [row.short_name for row in first.rows] == ["Alpha", "Beta"]
        second = queries.published_by_name(reading, artefact, AnswerFilters(), limit=2, place=first.after)
        assert [row.short_name for row in second.rows] == ["Gamma"]
        back = queries.published_by_name(reading, artefact, AnswerFilters(), limit=2, place=second.before)
        assert [row.short_name for row in back.rows] == ["Alpha", "Beta"]


def test_kept_counts_are_those_of_the_published_answers(scene: Scene, work: Any, read: Any, make: Factory) -> None:
    officer = scene.member("Eastmere")
    answer(work, scene, officer, p0=MET, p1=PARTLY)
    with work(officer) as unit:
        row_id = publish_answers(unit, slug=scene.slug, version=1).id
    with read() as reading:
        assert [one for one in differences(reading) if one.table == "checklist_answers"] == []
    with make.session() as session:
        session.get_one(ChecklistAnswers, row_id).met = 7
    with read() as reading:
        [wrong] = [one for one in differences(reading) if one.table == "checklist_answers"]
    assert (wrong.column, wrong.kept, wrong.exact) == ("met", 7, 1)


def test_answers_to_what_only_a_team_sees_are_told_to_nobody_else(scene: Scene, work: Any, read: Any) -> None:
    trial = scene.make.project(scene.council, scene.lead, is_trial=True)
    made = scene.shelf.document(trial, scene.lead, FIRST, kind="checklist", slug="a-trial-checklist")
    scene.made = made
    scene.keep_points(1, scene.points)
    lead = scene.make.actor(scene.lead, scene.council)
    scene.slug = made.slug
    answer(work, scene, lead, p0=MET)
    with work(lead) as unit:
        publish_answers(unit, slug=made.slug, version=1)
    with read() as reading:
        audiences = set(reading.session.scalars(select(LoggedEvent.audience)))
    assert "public" not in audiences
    with read(ANONYMOUS) as reading, pytest.raises(NotFound):
        queries.checklist_seen_by(reading, made.slug)
    with pytest.raises(NotFound):
        answer(work, scene, scene.member("Eastmere"), p0=MET)
