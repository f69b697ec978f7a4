"""Writing lessons through the API, publishing and pinning them, using them, and answering them."""

from typing import Any

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, Id, NoMembers, Prose, WholeNumber, Word
from pipeline.api.lessons import MOST_VERSION, LessonSchema, blueprint, in_full
from pipeline.api.parameters import SLUG
from pipeline.api.writing import carry_out, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import written
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.text import clean_line
from pipeline.kernel.translation import LANGUAGES
from pipeline.lessons import actions
from pipeline.lessons.actions import PinTo
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries import library
from pipeline.lessons.queries.seeing import content_of, lesson_seen_by
from pipeline.lessons.rules import (
    LONGEST_FIGURE,
    LONGEST_MEASURE_NAME,
    LONGEST_PROMPT,
    LONGEST_REPLY,
    LONGEST_TITLE,
    LONGEST_UNIT,
    LONGEST_USE_NOTE,
    MOST_MEASURES,
    MOST_THEMES,
    PROMPTS,
    LessonContent,
    LessonOutcome,
    Measure,
    figure_from,
)
from pipeline.projects.vocabulary import THEME_BY_VALUE

ANSWER = thing_schema(LessonSchema)
FIGURE = "^-?[0-9]{1,9}(\\.[0-9]{1,4})?$"
HASH = "^[0-9a-f]{64}$"


class LessonMeasureBody(Body):
    """Something that was measured; `before` is left out or null where nobody measured it then."""

    name = Prose(LONGEST_MEASURE_NAME, required=True, metadata={"example": "Days until an answer"})
    before = ma.fields.String(
        allow_none=True, load_default=None, metadata={"example": "20"},
        validate=[ma.validate.Regexp(FIGURE), ma.validate.Length(max=LONGEST_FIGURE)],
    )  # fmt: skip
    after = ma.fields.String(
        required=True, validate=[ma.validate.Regexp(FIGURE), ma.validate.Length(max=LONGEST_FIGURE)],
        metadata={"example": "8.5"},
    )  # fmt: skip
    unit = Prose(LONGEST_UNIT, load_default="", metadata={"example": "days"})


class LessonChangeBody(Body):
    """What changes of a lesson; what is left out stays. Texts are Markdown."""

    title = Prose(LONGEST_TITLE, metadata={"example": "Promise two days"})
    did = Prose(LONGEST_PROMPT, metadata={"example": "We promised an answer within a day."})
    happened = Prose(LONGEST_PROMPT, metadata={"example": "We kept it for a week."})
    differently = Prose(LONGEST_PROMPT, metadata={"example": "Promise two working days."})
    evidence = Prose(LONGEST_PROMPT, metadata={"example": "1,200 messages in March."})
    outcome = Word(LessonOutcome, allow_none=True, metadata={"example": "partly"})
    measures = ma.fields.List(ma.fields.Nested(LessonMeasureBody), validate=ma.validate.Length(max=MOST_MEASURES))
    themes = ma.fields.List(
        Word(THEME_BY_VALUE), validate=ma.validate.Length(max=MOST_THEMES), metadata={"example": ["housing"]}
    )
    language = Word(LANGUAGES)


class LessonPinBody(Body):
    """A version of a document by its id, or a paragraph of it by its hash."""

    version_id = Id(required=True, metadata={"example": "0196f0a0-0000-7000-8000-000000000000"})
    paragraph_hash = ma.fields.String(
        allow_none=True, load_default=None, validate=ma.validate.Regexp(HASH),
        metadata={"description": "SHA-256 of the paragraph as one line; null for the whole version"},
    )  # fmt: skip


class LessonBody(LessonChangeBody):
    """A lesson to begin, as a draft of a project's team."""

    project = ma.fields.String(
        required=True, validate=ma.validate.Regexp(SLUG),
        metadata={"description": "A project's slug or id", "example": "one-form-for-repairs"},
    )  # fmt: skip
    title = Prose(LONGEST_TITLE, required=True, metadata={"example": "Promise two days"})
    pin_to = ma.fields.Nested(LessonPinBody, allow_none=True, load_default=None)


class LessonUseBody(Body):
    """What the council used it for. Everybody reads it."""

    note = Prose(LONGEST_USE_NOTE, load_default="", metadata={"example": "For our own promise."})


class LessonReplyBody(Body):
    """The reply, in Markdown; an empty one takes it back. Everybody reads it."""

    reply = Prose(LONGEST_REPLY, required=True, metadata={"example": "Thank you: the next version says so."})


class LessonAnswerBody(Body):
    """The number of the later version that answers the lesson; null takes the mark back."""

    version = WholeNumber(MOST_VERSION, least=1, required=True, allow_none=True, metadata={"example": 3})


@blueprint.route("/lessons", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonBody, location="json")
@blueprint.response(201, ANSWER)
def draft_lesson(body: dict[str, Any]) -> Response:
    """Begin a lesson in a project whose team one is in. Only the team sees the draft."""
    content, pin_to = content_changed(LessonContent(""), body), _pin_to(body["pin_to"])

    def draft(work: UnitOfWork) -> Lesson:
        return actions.draft_lesson(work, slug=body["project"], content=content, pin_to=pin_to)

    return carry_out(body, draft, after_act, status=201)


@blueprint.route("/lessons/<string:slug>", methods=["PATCH"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_lesson(body: dict[str, Any], slug: str) -> Response:
    """Change what a lesson says. Needs If-Match; what a published one said before is kept."""

    def change(work: UnitOfWork) -> Lesson:
        lesson, _project = lesson_seen_by(work, slug, lock=True)
        check_seen(lesson.version, row_etag(lesson.version, lesson.revision))
        content = content_changed(content_of(lesson), body)
        return actions.change_lesson(work, slug=slug, version=lesson.version, content=content)

    return carry_out(body, change, after_act)


@blueprint.route("/lessons/<string:slug>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.LESSONS_WRITE)
@blueprint.response(200, ANSWER)
def delete_lesson(slug: str) -> Response:
    """Throw a draft away. Needs If-Match; the answer holds what it said. A published lesson is withdrawn instead."""

    def delete(work: UnitOfWork) -> dict[str, Any]:
        lesson, _project = lesson_seen_by(work, slug, lock=True)
        check_seen(lesson.version, row_etag(lesson.version, lesson.revision))
        last = after_act(work, lesson)
        actions.delete_lesson(work, slug=slug)
        return last

    return carry_out({}, delete, lambda _work, last: last)


@blueprint.route("/lessons/<string:slug>/publish", methods=["POST"])
@members
@needs_match
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def publish_lesson(body: dict[str, Any], slug: str) -> Response:
    """Publish a draft as it stands, as a lead of its project. Needs If-Match: the version that was read."""

    def publish(work: UnitOfWork) -> Lesson:
        lesson, _project = lesson_seen_by(work, slug, lock=True)
        check_seen(lesson.version, row_etag(lesson.version, lesson.revision))
        return actions.publish_lesson(work, slug=slug, version=lesson.version)

    return carry_out(body, publish, after_act)


@blueprint.route("/lessons/<string:slug>/withdraw", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def withdraw_lesson(body: dict[str, Any], slug: str) -> Response:
    """Take a published lesson back, as a lead of its project. Its team still finds it, nobody else does."""
    return carry_out(body, lambda work: actions.withdraw_lesson(work, slug=slug), after_act)


@blueprint.route("/lessons/<string:slug>/pin", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonPinBody, location="json")
@blueprint.response(200, ANSWER)
def pin_lesson(body: dict[str, Any], slug: str) -> Response:
    """Pin a lesson to a version of a document, or a paragraph of it. Those who adopted that version are told."""
    pin_to = PinTo(**body)
    return carry_out(body, lambda work: actions.pin_lesson(work, slug=slug, pin_to=pin_to), after_act)


@blueprint.route("/lessons/<string:slug>/unpin", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def unpin_lesson(body: dict[str, Any], slug: str) -> Response:
    """Take a lesson off the document it is pinned to."""
    return carry_out(body, lambda work: actions.unpin_lesson(work, slug=slug), after_act)


@blueprint.route("/lessons/<string:slug>/used-this", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonUseBody, location="json", required=False)
@blueprint.response(200, ANSWER)
def say_used(body: dict[str, Any], slug: str) -> Response:
    """Say that one's council used a lesson of another council. Once for each council."""
    return carry_out(body, lambda work: actions.say_used(work, slug=slug, **body), after_act)


@blueprint.route("/lessons/<string:slug>/take-back-use", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def take_back_use(body: dict[str, Any], slug: str) -> Response:
    """Take back that one's council used a lesson."""
    return carry_out(body, lambda work: actions.take_back_use(work, slug=slug), after_act)


@blueprint.route("/lessons/<string:slug>/reply", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonReplyBody, location="json")
@blueprint.response(200, ANSWER)
def reply_to_lesson(body: dict[str, Any], slug: str) -> Response:
    """Reply beside a lesson, as a lead of the document it is pinned to."""
    reply = written(body["reply"], under=2)
    return carry_out(body, lambda work: actions.reply_to_lesson(work, slug=slug, reply=reply), after_act)


@blueprint.route("/lessons/<string:slug>/answer", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(LessonAnswerBody, location="json")
@blueprint.response(200, ANSWER)
def mark_answered(body: dict[str, Any], slug: str) -> Response:
    """Mark the later version of the document that answers a lesson, as a lead of the document."""
    return carry_out(body, lambda work: actions.mark_answered(work, slug=slug, number=body["version"]), after_act)


def after_act(work: UnitOfWork, lesson: Lesson) -> dict[str, Any]:
    """A lesson as it stands after an act on it, inside the act's work."""
    work.session.flush()
    return in_full(work, library.lesson_listed(work, str(lesson.id)))


def content_changed(before: LessonContent, body: dict[str, Any]) -> LessonContent:
    """What a lesson says once the members of a body took the place of what it said."""
    texts = {
        name: written(body[name], under=2) if name in body else getattr(before, name) for name in (*PROMPTS, "evidence")
    }
    measures = tuple(
        Measure(clean_line(one["name"]), _figure(one["after"]), _figure(one["before"] or ""), clean_line(one["unit"]))
        for one in body.get("measures", ())
    )
    return LessonContent(
        title=clean_line(body["title"]) if "title" in body else before.title,
        outcome=body.get("outcome", before.outcome),
        measures=measures if "measures" in body else before.measures,
        themes=tuple(body.get("themes", before.themes)),
        language=body.get("language", before.language), **texts,
    )  # fmt: skip


def _figure(sent: str) -> str:
    return figure_from(sent) or sent


def _pin_to(body: dict[str, Any] | None) -> PinTo | None:
    return PinTo(**body) if body else None
