"""The verbs of lessons, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.artefacts.models import Artefact
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.lessons import actions
from pipeline.lessons.actions import PinTo
from pipeline.lessons.models import Lesson, LessonText, LessonTheme, LessonUse
from pipeline.lessons.paragraphs import paragraphs_of
from pipeline.lessons.queries.seeing import lesson_seen_by, pin_of
from pipeline.pledges.actions import delete_published_project
from pipeline.projects.actions import answer_check
from pipeline.projects.models import Check, Project
from pipeline.projects.rules import CheckAnswer
from tests.factories import Factory
from tests.lessons.scene import TEXTS, Scene, content

pytestmark = pytest.mark.database

Work = Callable[..., Any]
Read = Callable[..., Any]


def drafted(scene: Scene, work: Work, **values: Any) -> str:
    """The id of a draft of Northborough's, which an officer of the team wrote."""
    pin_to = values.pop("pin_to", None)
    with work(scene.writer) as unit:
        lesson = actions.draft_lesson(unit, slug="answering", content=content(**values), pin_to=pin_to)
    return str(lesson.id)


def published(scene: Scene, work: Work, **values: Any) -> Lesson:
    """A lesson of Northborough's that its lead published."""
    slug = drafted(scene, work, **values)
    with work(scene.lead) as unit:
        made: Lesson = actions.publish_lesson(unit, slug=slug, version=1)
    return made


def lessons_on_document(scene: Scene) -> int:
    number: int = scene.row(Artefact, scene.document.artefact.id).lessons
    return number


def test_the_team_drafts_and_a_lead_publishes(scene: Scene, work: Work, read: Read) -> None:
    slug = drafted(scene, work)
    for stranger in (ANONYMOUS, scene.colleague, scene.user):
        with read(stranger) as reading, pytest.raises(NotFound):
            lesson_seen_by(reading, slug)
    with work(scene.writer) as unit, pytest.raises(NotAllowed):
        actions.publish_lesson(unit, slug=slug, version=1)
    with work(scene.lead) as unit:
        lesson = actions.publish_lesson(unit, slug=slug, version=1)
    assert (lesson.slug, lesson.status, lesson.is_public) == ("answering-takes-longer-than-a-day", "published", True)
    with read() as reading:
        assert lesson_seen_by(reading, lesson.slug)[0].title == "Answering takes longer than a day"
    assert scene.events() == [("lesson.drafted", "project"), ("lesson.published", "public")]
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.not_draft"):
        actions.publish_lesson(unit, slug=slug, version=2)


def test_only_the_team_writes_and_only_where_people_can_read(scene: Scene, work: Work) -> None:
    for stranger in (scene.colleague, scene.user):
        with work(stranger) as unit, pytest.raises(NotAllowed):
            actions.draft_lesson(unit, slug="answering", content=content())
    draft = scene.make.project(scene.north, scene.lead_row, status="draft")
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"project\.not_published"):
        actions.draft_lesson(unit, slug=str(draft.id), content=content())


def test_in_documents_of_a_council_its_officers_write_and_its_admins_publish(scene: Scene, work: Work) -> None:
    kept = scene.shelf.keeper(scene.wex)
    admin = scene.make.actor(scene.make.officer(scene.wex, Role.COUNCIL_ADMIN), scene.wex, Role.COUNCIL_ADMIN)
    with work(scene.user) as unit:
        lesson = actions.draft_lesson(unit, slug=kept.slug or "", content=content())
    with work(scene.user) as unit, pytest.raises(NotAllowed):
        actions.publish_lesson(unit, slug=str(lesson.id), version=1)
    with work(scene.lead) as unit, pytest.raises(NotAllowed):
        actions.draft_lesson(unit, slug=kept.slug or "", content=content())
    with work(admin) as unit:
        assert actions.publish_lesson(unit, slug=str(lesson.id), version=1).is_public


def test_a_slug_is_given_once_and_kept_for_ever(scene: Scene, work: Work) -> None:
    first, second = published(scene, work), published(scene, work)
    assert (first.slug, second.slug) == (
        "answering-takes-longer-than-a-day", "answering-takes-longer-than-a-day-2",
    )  # fmt: skip
    with work(scene.lead) as unit:
        actions.change_lesson(unit, slug=first.slug, version=first.version, content=content("Another title"))
        actions.withdraw_lesson(unit, slug=second.slug)
    assert scene.row(Lesson, first.id).slug == first.slug
    assert published(scene, work).slug == "answering-takes-longer-than-a-day-3"


def test_what_a_published_lesson_said_before_is_kept(scene: Scene, work: Work) -> None:
    lesson = published(scene, work)
    new = content(happened=written("It held.", under=2), themes=("housing", "planning"), measures=())
    with work(scene.writer) as unit, pytest.raises(NotAllowed):
        actions.change_lesson(unit, slug=lesson.slug, version=2, content=new)
    with work(scene.lead) as unit:
        changed = actions.change_lesson(unit, slug=lesson.slug, version=2, content=new)
    assert (changed.version, changed.happened, changed.edited_at is not None) == (3, "It held.", True)
    (kept,) = scene.rows(LessonText)
    assert (kept.version, kept.title) == (2, lesson.title)
    assert kept.content["happened"] == "We kept it for a week."
    assert kept.content["measures"] == [{"name": "Answered in time", "before": "20", "after": "80", "unit": "%"}]
    assert {one.theme for one in scene.rows(LessonTheme)} == {"housing", "planning"}
    assert scene.events()[-1] == ("lesson.edited", "public")


def test_the_draft_of_a_lesson_keeps_no_history_and_may_lack_anything_but_its_title(scene: Scene, work: Work) -> None:
    slug = drafted(scene, work)
    bare = content(did=written(""), outcome=None, themes=())
    with work(scene.writer) as unit:
        actions.change_lesson(unit, slug=slug, version=1, content=bare)
    assert scene.rows(LessonText) == []
    with work(scene.lead) as unit, pytest.raises(RuleBroken) as refused:
        actions.publish_lesson(unit, slug=slug, version=2)
    assert {problem.field for problem in refused.value.problems} == {"did", "outcome", "themes"}
    with work(scene.writer) as unit, pytest.raises(Conflict, match=r"lesson\.changed_meanwhile"):
        actions.change_lesson(unit, slug=slug, version=1, content=content())
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.changed_meanwhile"):
        actions.publish_lesson(unit, slug=slug, version=1)


@pytest.mark.parametrize("field", ["title", "did", "evidence", "measures"])
def test_no_address_of_somebody_is_published(scene: Scene, work: Work, field: str) -> None:
    from pipeline.lessons.rules import Measure

    address = scene.user_row.address
    values: dict[str, Any] = {
        "title": {"title": f"Ask {address}"}, "did": {"did": written(f"Ask {address}")},
        "evidence": {"evidence": written(f"Ask {address}")},
        "measures": {"measures": (Measure(address, "1"),)},
    }[field]  # fmt: skip
    slug = drafted(scene, work, **values)
    with work(scene.lead) as unit, pytest.raises(RuleBroken, match=r"text\.holds_address"):
        actions.publish_lesson(unit, slug=slug, version=1)


def test_a_draft_is_deleted_and_what_is_published_is_withdrawn(scene: Scene, work: Work, read: Read) -> None:
    slug = drafted(scene, work)
    with work(scene.writer) as unit:
        actions.ask_to_check_lesson(unit, slug=slug, officer_id=scene.colleague_row.id)
        actions.delete_lesson(unit, slug=slug)
    assert (scene.rows(Lesson), scene.rows(Check), scene.rows(LessonTheme)) == ([], [], [])
    lesson = published(scene, work)
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.not_draft"):
        actions.delete_lesson(unit, slug=lesson.slug)
    with work(scene.lead) as unit:
        actions.withdraw_lesson(unit, slug=lesson.slug)
    with read() as reading, pytest.raises(NotFound):
        lesson_seen_by(reading, lesson.slug)
    with read(scene.writer) as reading:
        assert lesson_seen_by(reading, lesson.slug)[0].status == "withdrawn"
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.withdrawn"):
        actions.change_lesson(unit, slug=lesson.slug, version=3, content=content("New"))


def test_a_colleague_reads_the_draft_until_they_have_answered(scene: Scene, work: Work, read: Read) -> None:
    slug = drafted(scene, work)
    with work(scene.writer) as unit:
        check = actions.ask_to_check_lesson(unit, slug=slug, officer_id=scene.colleague_row.id)
    with work(scene.writer) as unit, pytest.raises(Conflict, match=r"check\.already_asked"):
        actions.ask_to_check_lesson(unit, slug=slug, officer_id=scene.colleague_row.id)
    with work(scene.writer) as unit, pytest.raises(NotFound):
        actions.ask_to_check_lesson(unit, slug=slug, officer_id=scene.user_row.id)
    with read(scene.colleague) as reading:
        assert lesson_seen_by(reading, slug)[0].status == "draft"
    with work(scene.colleague) as unit, pytest.raises(NotAllowed):
        actions.change_lesson(unit, slug=slug, version=1, content=content())
    with work(scene.colleague) as unit:
        answer_check(unit, check_id=check.id, answer=CheckAnswer.FINE)
    with read(scene.colleague) as reading, pytest.raises(NotFound):
        lesson_seen_by(reading, slug)


def test_a_lesson_is_pinned_to_a_version_and_counted_while_it_is_published(scene: Scene, work: Work) -> None:
    version = scene.document.version(1)
    slug = drafted(scene, work, pin_to=PinTo(version.id))
    assert lessons_on_document(scene) == 0
    with work(scene.lead) as unit:
        lesson = actions.publish_lesson(unit, slug=slug, version=1)
    assert lessons_on_document(scene) == 1
    assert scene.events()[-2:] == [("lesson.published", "public"), ("lesson.pinned", "public")]
    with work(scene.lead) as unit:
        actions.pin_lesson(unit, slug=lesson.slug, pin_to=PinTo(scene.document.version(2).id))
    assert lessons_on_document(scene) == 1
    with work(scene.lead) as unit:
        actions.unpin_lesson(unit, slug=lesson.slug)
    assert (lessons_on_document(scene), scene.events()[-1][0]) == (0, "lesson.unpinned")
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.not_pinned"):
        actions.unpin_lesson(unit, slug=lesson.slug)
    with work(scene.lead) as unit:
        actions.pin_lesson(unit, slug=lesson.slug, pin_to=PinTo(version.id))
        actions.withdraw_lesson(unit, slug=lesson.slug)
    assert lessons_on_document(scene) == 0


def test_a_lesson_is_pinned_to_a_paragraph_which_is_found_again(scene: Scene, work: Work, read: Read) -> None:
    kind, within = paragraphs_of(TEXTS[0])[1:3]
    for paragraph, stands in ((kind, True), (within, False)):
        pin_to = PinTo(scene.document.version(1).id, paragraph.hash)
        lesson = published(scene, work, pin_to=pin_to)
        with read() as reading:
            pin = pin_of(reading, lesson_seen_by(reading, lesson.slug)[0])
        assert pin is not None
        assert (pin.paragraph, pin.stands, pin.number, pin.is_left_behind) == (paragraph.as_read, stands, 1, True)
    pin_to = PinTo(scene.document.version(2).id, within.hash)
    with work(scene.writer) as unit, pytest.raises(RuleBroken, match=r"lesson\.paragraph_unknown"):
        actions.draft_lesson(unit, slug="answering", content=content(), pin_to=pin_to)


def test_nothing_is_pinned_to_a_withdrawn_version(scene: Scene, work: Work) -> None:
    slug = drafted(scene, work, pin_to=PinTo(scene.document.version(1).id))
    scene.shelf.withdraw(scene.document, 1, scene.keeper_row)
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.version_withdrawn"):
        actions.publish_lesson(unit, slug=slug, version=1)
    with work(scene.writer) as unit, pytest.raises(Conflict, match=r"lesson\.version_withdrawn"):
        actions.draft_lesson(
            unit, slug="answering", content=content(), pin_to=PinTo(scene.document.version(1).id)
        )  # fmt: skip


def test_nothing_is_pinned_to_what_one_may_not_know_of(scene: Scene, work: Work, read: Read) -> None:
    hidden = scene.shelf.document(scene.home, scene.keeper_row, "Secret.\n", is_public=False)
    with work(scene.writer) as unit, pytest.raises(NotFound):
        actions.draft_lesson(unit, slug="answering", content=content(), pin_to=PinTo(hidden.version(1).id))
    lesson = published(scene, work, pin_to=PinTo(scene.document.version(1).id))
    with scene.make.session() as session:
        session.get_one(Artefact, scene.document.artefact.id).is_public = False
    with read() as reading:
        assert pin_of(reading, lesson_seen_by(reading, lesson.slug)[0]) is None


def test_we_used_this_is_said_once_for_a_council_and_taken_back(scene: Scene, work: Work) -> None:
    lesson = published(scene, work)
    for own in (scene.lead, scene.colleague):
        with work(own) as unit, pytest.raises(NotAllowed, match=r"lesson\.own_lesson"):
            actions.say_used(unit, slug=lesson.slug)
    with work(scene.user) as unit:
        actions.say_used(unit, slug=lesson.slug, note="For our own promise.")
    other = scene.make.actor(scene.make.officer(scene.wex), scene.wex)
    with work(other) as unit, pytest.raises(Conflict, match=r"lesson\.used_already"):
        actions.say_used(unit, slug=lesson.slug)
    with work(scene.keeper) as unit:
        actions.say_used(unit, slug=lesson.slug)
    row = scene.row(Lesson, lesson.id)
    assert (row.used_by, row.version, len(scene.rows(LessonUse))) == (2, lesson.version, 2)
    assert row.revision > lesson.revision
    with work(other) as unit:
        actions.take_back_use(unit, slug=lesson.slug)
    with work(other) as unit, pytest.raises(Conflict, match=r"lesson\.not_used"):
        actions.take_back_use(unit, slug=lesson.slug)
    assert (scene.row(Lesson, lesson.id).used_by, scene.events()[-1]) == (1, ("lesson.use_taken_back", "public"))
    with work(scene.user) as unit, pytest.raises(RuleBroken, match=r"text\.holds_address"):
        actions.say_used(unit, slug=lesson.slug, note=f"Ask {scene.lead_row.address}")


def test_the_leads_of_the_document_reply_beside_it_and_cannot_remove_it(scene: Scene, work: Work) -> None:
    lesson = published(scene, work, pin_to=PinTo(scene.document.version(1).id))
    reply = written("Thank you: we *will* change it.", under=2)
    for stranger in (scene.lead, scene.user):
        with work(stranger) as unit, pytest.raises(NotAllowed, match=r"lesson\.document_leads_only"):
            actions.reply_to_lesson(unit, slug=lesson.slug, reply=reply)
    with work(scene.keeper) as unit:
        actions.reply_to_lesson(unit, slug=lesson.slug, reply=reply)
    row = scene.row(Lesson, lesson.id)
    assert (row.reply, row.replied_by, row.version) == (reply.text, scene.keeper.officer_id, lesson.version)
    assert "<em>will</em>" in row.reply_html
    for verb in (actions.withdraw_lesson, actions.unpin_lesson):
        with work(scene.keeper) as unit, pytest.raises(NotAllowed):
            verb(unit, slug=lesson.slug)
    with work(scene.lead) as unit, pytest.raises(Conflict, match=r"lesson\.has_reply"):
        actions.unpin_lesson(unit, slug=lesson.slug)
    with work(scene.keeper) as unit:
        actions.reply_to_lesson(unit, slug=lesson.slug, reply=written(""))
    assert (scene.row(Lesson, lesson.id).reply, scene.row(Lesson, lesson.id).replied_at) == ("", None)


def test_the_leads_of_the_document_mark_the_later_version_that_answers(scene: Scene, work: Work) -> None:
    lesson = published(scene, work, pin_to=PinTo(scene.document.version(2).id))
    with work(scene.lead) as unit, pytest.raises(NotAllowed):
        actions.mark_answered(unit, slug=lesson.slug, number=3)
    for number in (1, 2):
        with work(scene.keeper) as unit, pytest.raises(RuleBroken, match=r"lesson\.version_not_later"):
            actions.mark_answered(unit, slug=lesson.slug, number=number)
    with work(scene.keeper) as unit, pytest.raises(NotFound):
        actions.mark_answered(unit, slug=lesson.slug, number=4)
    with work(scene.keeper) as unit:
        actions.mark_answered(unit, slug=lesson.slug, number=3)
    assert scene.row(Lesson, lesson.id).answered_by_id == scene.document.version(3).id
    with work(scene.keeper) as unit:
        actions.mark_answered(unit, slug=lesson.slug, number=None)
    assert scene.row(Lesson, lesson.id).answered_by_id is None
    assert [name for name, _audience in scene.events()[-2:]] == ["lesson.answered", "lesson.reopened"]
    scene.shelf.withdraw(scene.document, 3, scene.keeper_row)
    with work(scene.keeper) as unit, pytest.raises(Conflict, match=r"lesson\.version_withdrawn"):
        actions.mark_answered(unit, slug=lesson.slug, number=3)


def test_a_lesson_without_a_document_has_nobody_to_reply(scene: Scene, work: Work) -> None:
    lesson = published(scene, work)
    with work(scene.keeper) as unit, pytest.raises(Conflict, match=r"lesson\.not_pinned"):
        actions.reply_to_lesson(unit, slug=lesson.slug, reply=written("x"))


def test_lessons_of_a_trial_project_are_its_councils_own(scene: Scene, work: Work, read: Read) -> None:
    trial = scene.make.project(scene.north, scene.lead_row, is_trial=True, is_public=False, slug="trial")
    with work(scene.lead) as unit:
        lesson = actions.draft_lesson(unit, slug="trial", content=content())
    with work(scene.lead) as unit:
        actions.publish_lesson(unit, slug=str(lesson.id), version=1)
    row = scene.row(Lesson, lesson.id)
    assert (row.is_public, {audience for _name, audience in scene.events()}) == (False, {"project"})
    for actor, sees in ((ANONYMOUS, False), (scene.user, False), (scene.colleague, True)):
        with read(actor) as reading:
            if sees:
                assert lesson_seen_by(reading, row.slug)[1].id == trial.id
            else:
                with pytest.raises(NotFound):
                    lesson_seen_by(reading, row.slug)


def test_a_project_goes_with_its_lessons_unless_another_council_used_one(scene: Scene, work: Work) -> None:
    lesson = published(scene, work, pin_to=PinTo(scene.document.version(1).id))
    with work(scene.user) as unit:
        actions.say_used(unit, slug=lesson.slug)
    with pytest.raises(Conflict, match=r"project\.others_joined"), work(scene.lead) as unit:
        delete_published_project(unit, slug="answering")
    with work(scene.user) as unit:
        actions.take_back_use(unit, slug=lesson.slug)
    with work(scene.lead) as unit:
        delete_published_project(unit, slug="answering")
    assert (scene.rows(Lesson), scene.rows(Project, Project.slug == "answering")) == ([], [])
    assert lessons_on_document(scene) == 0


def test_an_author_shown_otherwise_raises_the_revision(scene: Scene, make: Factory) -> None:
    from pipeline.lessons.shown import council_shown_otherwise, officer_shown_otherwise

    lesson = scene.lesson()
    make.keep(LessonUse(id=lesson.id, lesson_id=lesson.id, council_id=scene.wex.id, officer_id=scene.user_row.id,
                        used_at=clock.now()))  # fmt: skip
    with make.session() as session:
        officer_shown_otherwise(session, scene.lead_row.id)
        council_shown_otherwise(session, scene.wex.id)
        council_shown_otherwise(session, scene.east.id)
    assert scene.row(Lesson, lesson.id).revision == lesson.revision + 2
