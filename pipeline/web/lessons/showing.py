"""One lesson: what it says, what it is pinned to, who used it, and what its reader may do with it."""

from typing import Any

from flask import Response, flash, redirect, url_for

from pipeline.artefacts.queries.seeing import artefact_by_id, artefact_facts_of
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.http.entry import anyone, members
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.words import _
from pipeline.lessons import actions, policy
from pipeline.lessons.models import Lesson
from pipeline.lessons.policy import LessonFacts
from pipeline.lessons.queries import seeing
from pipeline.lessons.queries.seeing import Pin
from pipeline.lessons.rules import LessonStatus
from pipeline.moderation.rules import Reported
from pipeline.projects.models import Project
from pipeline.projects.queries import checks_of, own_check_of
from pipeline.similarity.rules import Kind
from pipeline.web.asking import number_in, status_of_form
from pipeline.web.forms import HiddenField, PageForm, problems_onto
from pipeline.web.hidden import hiding_shown
from pipeline.web.lessons.blueprint import blueprint
from pipeline.web.lessons.library import used_by_words
from pipeline.web.lessons.panels import standing_words
from pipeline.web.lessons.said import outcome_tag, said_of, themes_in_words
from pipeline.web.outside import linked_data
from pipeline.web.people import names_of
from pipeline.web.rendering import show
from pipeline.web.similar import panel_of, revalidated_with_similar


class SureForm(PageForm):
    """A button, and the version of what was looked at."""

    version = HiddenField()


class _Version:
    """The version of what a form was opened on."""

    def __init__(self, version: int) -> None:
        self.version = version


@blueprint.get("/lessons/<slug>")
@anyone
@revalidated_with_similar
def show_lesson(slug: str) -> Response:
    """One lesson, and what its reader may do with it. The id of a published one leads to its slug."""
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    if lesson.address != slug:
        return redirect(url_for("lessons.show_lesson", slug=lesson.slug), 301)  # type: ignore[return-value]
    return show("lessons/show.html", **lesson_values(reading, lesson, project))


@blueprint.post("/lessons/<slug>/publish")
@members
def publish(slug: str) -> Response:
    """Publish a lesson as it was shown."""
    form: Any = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                slug = actions.publish_lesson(work, slug=slug, version=number_in(form)).address
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Published. Everybody can read it now.")), "success")
            return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    return show("lessons/show.html", status, form=form, **lesson_values(reading, lesson, project))


def lesson_values(reading: Reading, lesson: Lesson, project: Project) -> dict[str, Any]:
    """All that a lesson's page shows to whoever reads it."""
    facts = seeing.lesson_facts_of(reading, lesson, project)
    council = _council_of(reading, lesson)
    content, pin = seeing.content_of(lesson), seeing.pin_of(reading, lesson)
    uses = seeing.uses_of(reading, lesson.id) if lesson.used_by else []
    return {
        "lesson": lesson,
        "hiding": hiding_shown(reading, Reported.LESSON, lesson.id, is_hidden=lesson.is_hidden),
        "slug": lesson.address,
        "project": project,
        "address": project.address,
        "said": said_of(content),
        "outcome": outcome_tag(content.outcome),
        "themes": themes_in_words(content.themes),
        "pin": pin,
        "standing": standing_words(pin.number, pin.answered_by, pin.current_number) if pin else "",
        "uses": uses,
        "used_by": used_by_words(lesson.used_by),
        "council": council,
        "linked_data": _linked_data(lesson, council, project) if lesson.is_public else None,
        "text_language": lesson.language if lesson.language != current_language() else "",
        **_what_may_be_done(reading, facts, pin, uses),
        **_team_values(reading, lesson, facts),
        **panel_of(
            reading,
            Kind.LESSON,
            lesson.id,
            lesson.address,
            facts.place,
            is_public=lesson.is_public and project.is_public,
            is_draft=facts.status is LessonStatus.DRAFT,
        ),
    }


def _linked_data(lesson: Lesson, council: Council, project: Project) -> Any:
    """What other programs are told of a public lesson."""
    way = [("/lessons", gettext(_("Lessons"))), (f"/lessons/{lesson.slug}", lesson.title)]
    thing = linked_data.of_lesson(lesson, council, (project.address, project.title))
    return linked_data.page_of(thing, way=way)


def _council_of(reading: Reading, lesson: Lesson) -> Council:
    return reading.session.get_one(Council, lesson.council_id)


def _what_may_be_done(reading: Reading, facts: LessonFacts, pin: Pin | None, uses: list[Any]) -> dict[str, bool]:
    actor = reading.actor
    is_draft, is_published = facts.status is LessonStatus.DRAFT, facts.status is LessonStatus.PUBLISHED
    may_edit = (is_draft or is_published) and bool(policy.may_edit_lesson(actor, facts))
    has_used = any(one.council_id == actor.council_id for one in uses)
    may_say_used = is_published and bool(policy.may_say_used(actor, facts))
    return {
        "is_draft": is_draft,
        "is_withdrawn": facts.status is LessonStatus.WITHDRAWN,
        "may_edit": may_edit,
        "may_publish": is_draft and bool(policy.may_publish_lesson(actor, facts)),
        "may_withdraw": is_published and bool(policy.may_withdraw_lesson(actor, facts)),
        "may_delete": is_draft and bool(policy.may_delete_lesson(actor, facts)),
        "may_ask": is_draft and bool(policy.may_write_lesson(actor, facts.place)),
        "may_say_used": may_say_used and not has_used,
        "may_take_back": may_say_used and has_used,
        "may_reply": is_published and pin is not None and _keeps_document(reading, pin),
    }


def _keeps_document(reading: Reading, pin: Pin) -> bool:
    """Whether the reader leads the project that keeps the document. Nobody without an account does."""
    if not reading.actor.is_officer:
        return False
    artefact, kept_in = artefact_by_id(reading, pin.artefact_id)
    return bool(policy.may_reply_to_lesson(reading.actor, artefact_facts_of(reading, artefact, kept_in)))


def _team_values(reading: Reading, lesson: Lesson, facts: LessonFacts) -> dict[str, Any]:
    """What only those who write here are shown: what a lesson said before, and what colleagues said of a draft."""
    actor, is_draft = reading.actor, facts.status is LessonStatus.DRAFT
    is_writer = facts.place.has_in_team(actor)
    checks = checks_of(reading, lesson.id) if is_writer and is_draft else []
    return {
        "publish_form": SureForm(_Version(lesson.version)) if is_draft and is_writer else None,
        "earlier": seeing.earlier_texts_of(reading, lesson) if is_writer and lesson.edited_at else [],
        "checks": checks,
        "check_names": names_of(reading, [one.officer_id for one in checks]),
        "own_check": own_check_of(reading, lesson.id) if is_draft and actor.is_officer else None,
    }
