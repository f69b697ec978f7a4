"""Writing a lesson: begun in a project, looked at, kept as a draft, edited, and taken back."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, request, url_for

from pipeline.artefacts.models import Version
from pipeline.artefacts.queries.seeing import artefact_seen_by, version_of, version_seen_by
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.lessons import actions, policy
from pipeline.lessons.actions import PinTo
from pipeline.lessons.paragraphs import paragraph_in
from pipeline.lessons.queries import seeing
from pipeline.lessons.queries.panels import places_to_write, themes_of_project
from pipeline.lessons.rules import PROMPTS, LessonContent, LessonStatus
from pipeline.projects.models import Project
from pipeline.projects.queries import project_seen_by
from pipeline.similarity.rules import Kind
from pipeline.web.asking import ANOTHER_ROW, ask, number_in, status_of_form
from pipeline.web.forms import problems_onto
from pipeline.web.lessons.blueprint import blueprint
from pipeline.web.lessons.forms import PREVIEW, LessonForm, pin_in
from pipeline.web.lessons.said import outcome_tag, said_of
from pipeline.web.lessons.showing import SureForm
from pipeline.web.rendering import show
from pipeline.web.similar import panel_while_writing


@blueprint.get("/lessons/new")
@members
def begin() -> Response:
    """Choose the project a lesson belongs to; where there is only one, go on at once."""
    reading = begin_read()
    places = places_to_write(reading)
    kept: dict[str, Any] = {
        name: request.args[name][:80] for name in ("document", "version", "paragraph") if request.args.get(name)
    }
    addresses = [(url_for("lessons.write", slug=one.address, **kept), one.title) for one in places]
    if len(addresses) == 1:
        return redirect(addresses[0][0], 303)  # type: ignore[return-value]
    return show("lessons/begin.html", places=addresses)


@dataclass(frozen=True, slots=True)
class PinShown:
    """What a lesson that is being begun will be pinned to, for the page that shows it."""

    pin_to: PinTo
    document: str
    number: int
    paragraph: str | None


@blueprint.route("/projects/<slug>/lessons/new", methods=["GET", "POST"])
@members
def write(slug: str) -> Response:
    """Write a lesson. It is kept as a draft; "preview" shows how it will look and keeps nothing."""
    reading = begin_read()
    project = project_seen_by(reading, slug)
    ask(policy.may_write_lesson(reading.actor, seeing.place_facts_of(reading, project)))
    pin = _pin_asked_for(reading) if request.method == "GET" else None
    # A lesson is about what its project is about, until somebody says otherwise.
    form = LessonForm(LessonContent("", themes=themes_of_project(reading, project.id)), **_hidden(pin))
    if request.method == "POST" and (pin_to := pin_in(form)):
        pin = _pin_shown(reading, pin_to)
        if pin is None:
            return _pin_is_gone(form, project)
    answer = _answer_to_form(form, lambda: _draft(slug, form))
    if isinstance(answer, Response):
        return answer
    return _page(answer, form, project, pin)


def _pin_is_gone(form: LessonForm, project: Project) -> Response:
    """The version was withdrawn, or can no longer be seen, while somebody wrote: nothing of what they wrote is lost."""
    form.validate()
    form.version_id.data = form.paragraph_hash.data = ""
    words = _("The version it was to be pinned to cannot be pinned to any more. Save again to keep it without.")
    form.form_errors.append(gettext(words))
    return _page(409, form, project, None)


def _page(status: int, form: LessonForm, project: Project, pin: PinShown | None) -> Response:
    return show(
        "lessons/write.html", status, form=form, **_preview(form), saved=None, pin=pin, project_title=project.title,
        address=project.address, is_published=False, slug=None,
    )  # fmt: skip


def _hidden(pin: PinShown | None) -> dict[str, str]:
    if pin is None:
        return {}
    return {"version_id": str(pin.pin_to.version_id), "paragraph_hash": pin.pin_to.paragraph_hash or ""}


def _pin_asked_for(reading: Reading) -> PinShown | None:
    """The version (or paragraph of it) the address names; none where it names nothing that can be pinned to."""
    slug, number = request.args.get("document", ""), request.args.get("version", "")
    if not slug or not (number.isascii() and number.isdigit() and len(number) < 7):
        return None
    try:
        artefact, _kept_in = artefact_seen_by(reading, slug)
        version = version_of(reading, artefact, int(number))
    except NotFound:
        return None
    return _shown(version, artefact.title, request.args.get("paragraph"))


def _pin_shown(reading: Reading, pin_to: PinTo) -> PinShown | None:
    try:
        version, artefact, _kept_in = version_seen_by(reading, pin_to.version_id)
    except NotFound:
        return None
    return _shown(version, artefact.title, pin_to.paragraph_hash)


def _shown(version: Version, title: str, paragraph_hash: str | None) -> PinShown | None:
    if version.status != VersionStatus.PUBLISHED:
        return None
    paragraph = paragraph_in(version.text, paragraph_hash) if paragraph_hash else None
    pin_to = PinTo(version.id, paragraph.hash if paragraph else None)
    return PinShown(pin_to, title, version.number, paragraph.as_read if paragraph else None)


def _answer_to_form(form: LessonForm, save: Any) -> Response | int:
    """The status of a page that shows the form again, or where saving leads. A preview and another row keep nothing."""
    status = status_of_form()
    if request.method == "POST" and form.step == ANOTHER_ROW:
        return 200
    if not form.is_sent():
        return status
    return 200 if form.step == PREVIEW else save()


def _preview(form: LessonForm) -> dict[str, Any]:
    if request.method != "POST" or form.step != PREVIEW or form.errors:
        return {"preview": None}
    return {"preview": said_of(form.content), "preview_outcome": outcome_tag(form.content.outcome)}


def _draft(slug: str, form: LessonForm) -> Response | int:
    """Keep the draft and lead to it, or put the problems on the form and return the status."""
    content, pin_to = form.content, pin_in(form)
    key = key_of_form(form.idempotency_key.data, content.as_kept() | {"title": content.title, "pin": str(pin_to)})
    try:
        with begin_work(key) as work:
            lesson = actions.draft_lesson(work, slug=slug, content=content, pin_to=pin_to)
            address = url_for("lessons.show_lesson", slug=lesson.id)
            keep_answer(work.session, key, address)
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal, form.problem_names)
    except AlreadyDone as done:
        return redirect(done.answer or url_for("lessons.index", project=slug), 303)  # type: ignore[return-value]
    flash(gettext(_("Your draft is kept. Only the team sees it until a lead publishes it.")), "success")
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.route("/lessons/<slug>/edit", methods=["GET", "POST"])
@members
def edit(slug: str) -> Response:
    """Write a lesson anew. What a published one said before is kept."""
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    facts = seeing.lesson_facts_of(reading, lesson, project)
    ask(policy.may_edit_lesson(reading.actor, facts))
    form = LessonForm(seeing.content_of(lesson), version=str(lesson.version))
    saved: list[Any] = []
    answer = _answer_to_form(form, lambda: _change(slug, form, saved))
    if isinstance(answer, Response):
        return answer
    return show(
        "lessons/write.html", answer, form=form, **_preview(form), saved=saved[0] if saved else None, pin=None,
        project_title=project.title, address=project.address, slug=lesson.address,
        is_published=facts.status is LessonStatus.PUBLISHED,
        **panel_while_writing(Kind.LESSON, lesson, facts.place),
    )  # fmt: skip


def _change(slug: str, form: LessonForm, saved: list[Any]) -> Response | int:
    """Save and lead back, or return the status; `saved` takes what somebody else saved meanwhile."""
    try:
        with begin_work() as work:
            actions.change_lesson(work, slug=slug, version=number_in(form), content=form.content)
    except (RuleBroken, Conflict) as refusal:
        if refusal.code == "lesson.changed_meanwhile":
            saved.append(_saved_by_others(slug, form))
        return problems_onto(form, refusal, form.problem_names)
    flash(gettext(_("Saved.")), "success")
    return redirect(url_for("lessons.show_lesson", slug=slug), 303)  # type: ignore[return-value]


def _saved_by_others(slug: str, form: LessonForm) -> list[tuple[str, str]]:
    """What somebody else saved meanwhile, where it differs from what was typed."""
    lesson, _project = seeing.lesson_seen_by(begin_read(), slug)
    form.version.data = str(lesson.version)
    names = ("title", *PROMPTS, "evidence")
    return [
        (str(form[name].label.text), getattr(lesson, name))
        for name in names
        if getattr(lesson, name) != form[name].data
    ]


@blueprint.route("/lessons/<slug>/withdraw", methods=["GET", "POST"])
@members
def withdraw(slug: str) -> Response:
    """Take a published lesson back, after asking once."""
    return _after_asking(slug, policy.may_withdraw_lesson, actions.withdraw_lesson, "lessons/withdraw.html")


@blueprint.route("/lessons/<slug>/delete", methods=["GET", "POST"])
@members
def delete(slug: str) -> Response:
    """Throw a draft away, after asking once."""
    return _after_asking(slug, policy.may_delete_lesson, actions.delete_lesson, "lessons/delete.html")


DONE = {
    "lessons/withdraw.html": _("The lesson is withdrawn."),
    "lessons/delete.html": _("The draft is deleted."),
}


def _after_asking(slug: str, may: Any, act: Any, template: str) -> Response:
    reading = begin_read()
    lesson, project = seeing.lesson_seen_by(reading, slug)
    ask(may(reading.actor, seeing.lesson_facts_of(reading, lesson, project)))
    values = {"title": lesson.title, "slug": lesson.address}
    address, form = project.address, SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                act(work, slug=slug)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(DONE[template]), "success")
            return redirect(url_for("projects.show_project", slug=address), 303)  # type: ignore[return-value]
    return show(template, status, form=form, **values)
