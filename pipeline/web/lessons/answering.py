"""What others do with a lesson: say that their council used it, reply to it, mark the version that answers it."""

from typing import Any

from flask import Response

from pipeline.artefacts.queries.seeing import artefact_by_id, artefact_facts_of, live_numbers_of
from pipeline.db.work import Reading
from pipeline.documents.markdown import written
from pipeline.http.entry import members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.lessons import actions, policy
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries import seeing
from pipeline.lessons.queries.seeing import Pin
from pipeline.lessons.rules import LONGEST_REPLY, LONGEST_USE_NOTE
from pipeline.web.asking import ask
from pipeline.web.forms import Choice, OnceForm, Text, lazy
from pipeline.web.lessons.blueprint import blueprint, one_form

NOT_ANSWERED = "none"


class UsedForm(OnceForm):
    """What a council used a lesson for."""

    note = Text(
        lazy(_("What did you use it for? (optional)")),
        description=lazy(_("A sentence or two helps whoever reads the lesson next.")),
        most=LONGEST_USE_NOTE,
        render_kw={"rows": 4},
    )


class PressForm(OnceForm):
    """A button, pressed once."""


class ReplyForm(OnceForm):
    """A reply by those who keep the document."""

    reply = Text(
        lazy(_("Your reply")),
        description=lazy(_("What you think of it, and what you will do. Leave it empty to take a reply back.")),
        most=LONGEST_REPLY,
        render_kw={"rows": 8},
    )


class AnswerForm(OnceForm):
    """Which later version answers the lesson."""

    version = Choice(lazy(_("Which version answers the lesson?")))


@blueprint.route("/lessons/<slug>/used", methods=["GET", "POST"])
@members
def say_used(slug: str) -> Response:
    """Say that one's council used a lesson, and what for."""
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    ask(policy.may_say_used(reading.actor, seeing.lesson_facts_of(reading, lesson, project)))
    form: Any = UsedForm()
    done = _("Thank you. The lesson says now that your council used it.")
    return one_form(
        "lessons/used.html", form, lambda work: actions.say_used(work, slug=slug, note=form.note.data), done,
        lesson.address, title=lesson.title,
    )  # fmt: skip


@blueprint.route("/lessons/<slug>/not-used", methods=["GET", "POST"])
@members
def take_back_use(slug: str) -> Response:
    """Take back that one's council used a lesson."""
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    ask(policy.may_say_used(reading.actor, seeing.lesson_facts_of(reading, lesson, project)))
    done = _("Taken back: the lesson no longer says that your council used it.")
    return one_form(
        "lessons/not_used.html", PressForm(), lambda work: actions.take_back_use(work, slug=slug), done,
        lesson.address, title=lesson.title,
    )  # fmt: skip


def _as_keeper(slug: str) -> tuple[Reading, Lesson, Pin]:
    """A lesson pinned to a document whose leads the reader is of. Raises NotFound, NotAllowed."""
    reading = begin_read()
    lesson, _project = seeing.lesson_seen_by(reading, slug)
    pin = seeing.pin_of(reading, lesson)
    if pin is None:
        raise NotFound("page")
    artefact, kept_in = artefact_by_id(reading, pin.artefact_id)
    ask(policy.may_reply_to_lesson(reading.actor, artefact_facts_of(reading, artefact, kept_in)))
    return reading, lesson, pin


@blueprint.route("/lessons/<slug>/reply", methods=["GET", "POST"])
@members
def reply(slug: str) -> Response:
    """Reply beside a lesson, as a lead of the document it is pinned to."""
    _reading, lesson, pin = _as_keeper(slug)
    form: Any = ReplyForm(data={"reply": lesson.reply})
    return one_form(
        "lessons/reply.html", form,
        lambda work: actions.reply_to_lesson(work, slug=slug, reply=written(form.reply.data, under=2)),
        _("Saved. Everybody reads it beside the lesson."), lesson.address, title=lesson.title, pin=pin,
    )  # fmt: skip


@blueprint.route("/lessons/<slug>/answer", methods=["GET", "POST"])
@members
def mark_answered(slug: str) -> Response:
    """Mark the version that answers a lesson, as a lead of the document."""
    reading, lesson, pin = _as_keeper(slug)
    form: Any = AnswerForm(data={"version": str(pin.answered_by or NOT_ANSWERED)})
    later = [number for number in live_numbers_of(reading, pin.artefact_id) if number > pin.number]
    marked = [pin.answered_by] if pin.answered_by and pin.answered_by not in later else []
    form.version.choices = [
        *((str(number), say(Words(_("Version {n}"), n=number))) for number in (*later, *marked)),
        (NOT_ANSWERED, gettext(_("None yet"))),
    ]

    def act(work: Any) -> Lesson:
        chosen = form.version.data or NOT_ANSWERED
        number = None if chosen == NOT_ANSWERED else int(chosen)
        return actions.mark_answered(work, slug=slug, number=number)

    return one_form(
        "lessons/answer.html", form, act, _("Saved."), lesson.address, title=lesson.title, pin=pin,
        has_later=bool(later),
    )  # fmt: skip
