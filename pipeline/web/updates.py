"""The news of a project: written, looked at before anybody else does, published, mended and taken back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.comments.rules import CommentedOn
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.documents.markdown import LONGEST_TEXT, Written, written
from pipeline.http.entry import anyone, members
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.words import _
from pipeline.measures import actions as measuring
from pipeline.measures.queries import readings_of_update
from pipeline.moderation.rules import Reported
from pipeline.projects import actions, policy, queries
from pipeline.projects.models import Project, Update
from pipeline.projects.rules import LONGEST_TITLE, ProjectStatus, UpdateStatus
from pipeline.web.asking import LANGUAGE_CHOICES, ask, number_in, status_of_form
from pipeline.web.carried import actuals_in, carried_shown, form_with_readings
from pipeline.web.comments import comments_panel
from pipeline.web.forms import (
    AtMost,
    Choice,
    HiddenField,
    Line,
    OnceForm,
    PageForm,
    Required,
    Text,
    lazy,
    problems_onto,
)
from pipeline.web.hidden import hiding_shown
from pipeline.web.people import names_of
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("updates", __name__)


class WriteForm(OnceForm):
    """An update: a title, a text in Markdown, and its language."""

    version = HiddenField()
    title = Line(lazy(_("Title")), validators=[Required(lazy(_("Give it a title"))), AtMost(LONGEST_TITLE)])
    body = Text(
        lazy(_("What is new?")),
        description=lazy(_("You can use Markdown: # before a heading, - before each point of a list.")),
        most=LONGEST_TEXT,
        render_kw={"rows": 14},
    )
    language = Choice(lazy(_("Which language is this written in?")), choices=LANGUAGE_CHOICES, default="en")


class SureForm(PageForm):
    """A button, and the version of what was looked at."""

    version = HiddenField()


@blueprint.get("/projects/<slug>/updates")
@anyone
@revalidated
def index(slug: str) -> Response:
    """All the news of a project, the newest first; drafts before it for its team."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    facts = queries.facts_of(reading, project)
    may_write = bool(policy.may_write_update(reading.actor, facts)) and facts.status is not ProjectStatus.DRAFT
    updates = queries.updates_of(reading, project)
    return show("updates/index.html", project=project, address=project.address, updates=updates, may_write=may_write)


@blueprint.get("/updates/<uuid:update_id>")
@anyone
@revalidated
def show_update(update_id: UUID) -> Response:
    """One update, and what its reader may do with it."""
    reading = begin_read()
    update, project = queries.update_seen_by(reading, update_id)
    return show("updates/show.html", **_update_values(reading, update, project))


def _update_values(reading: Reading, update: Update, project: Project) -> dict[str, Any]:
    facts, actor = queries.update_facts_of(reading, update, project), reading.actor
    is_draft = facts.status is UpdateStatus.DRAFT
    is_withdrawn, is_hidden = facts.status is UpdateStatus.WITHDRAWN, facts.status is UpdateStatus.HIDDEN
    is_writer = bool(policy.may_write_update(actor, facts.project))
    checks = queries.checks_of(reading, update.id) if is_writer and is_draft else []
    return {
        "update": update,
        "project": project,
        "address": project.address,
        "is_draft": is_draft,
        "is_withdrawn": is_withdrawn,
        "is_published": facts.status is UpdateStatus.PUBLISHED,
        "hiding": hiding_shown(reading, Reported.UPDATE, update.id, is_hidden=is_hidden),
        "may_be_commented": not is_draft and not is_withdrawn,
        **(comments_panel(reading, CommentedOn.UPDATE, update.id) if not is_draft and not is_withdrawn else {}),
        "may_edit": not (is_withdrawn or is_hidden) and bool(policy.may_edit_update(actor, facts)),
        "may_publish": is_draft and bool(policy.may_publish_update(actor, facts)),
        "may_withdraw": facts.status is UpdateStatus.PUBLISHED and bool(policy.may_withdraw_update(actor, facts)),
        "may_delete": is_draft and bool(policy.may_delete_update(actor, facts)),
        "may_ask": is_draft and bool(policy.may_ask_for_check(actor, facts.project)),
        "publish_form": SureForm(_Version(update.version)) if is_draft and is_writer else None,
        "earlier": queries.earlier_texts_of(reading, update) if is_writer and update.edited_at else [],
        "checks": checks,
        "check_names": names_of(reading, [one.officer_id for one in checks]),
        "own_check": queries.own_check_of(reading, update.id) if is_draft and actor.is_officer else None,
        "carried": carried_shown(reading, update.id),
        "text_language": update.language if update.language != current_language() else "",
    }


class _Version:
    """The version of what a form was opened on."""

    def __init__(self, version: int) -> None:
        self.version = version


@blueprint.route("/projects/<slug>/updates/new", methods=["GET", "POST"])
@members
def write(slug: str) -> Response:
    """Write an update. It is kept as a draft; "preview" shows how it will look and keeps nothing."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(policy.may_write_update(reading.actor, queries.facts_of(reading, project)))
    values = {
        "project_title": project.title,
        "address": project.address,
        "action": request.path,
        "is_published": False,
    }
    form: Any = form_with_readings(reading, WriteForm, project.id)
    status, preview = status_of_form(), None
    if form.is_sent():
        body, status = written(form.body.data), 200
        if _wants_preview():
            preview = body
        else:
            answer = _draft(slug, form, body)
            if isinstance(answer, Response):
                return answer
            status = answer
    return show("updates/write.html", status, form=form, preview=preview, saved=None, **values)


def _wants_preview() -> bool:
    return request.form.get("step") == "preview"


def _draft(slug: str, form: Any, body: Written) -> Response | int:
    """Keep the draft and lead to it, or put the problems on the form and return the status."""
    values = {"title": form.title.data, "language": form.language.data or "en"}
    key = key_of_form(form.idempotency_key.data, {**form.data, "body": body.text})
    try:
        with begin_work(key) as work:
            update = actions.draft_update(work, slug=slug, body=body, **values)
            if actuals := actuals_in(form):
                work.session.flush()
                measuring.carry_readings(work, update_id=update.id, actuals=actuals)
            address = url_for("updates.show_update", update_id=update.id)
            keep_answer(work.session, key, address)
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal, {"read_on": "readings_on"})
    except AlreadyDone as done:
        return redirect(done.answer or url_for("updates.index", slug=slug), 303)  # type: ignore[return-value]
    flash(gettext(_("Your draft is kept. Only the team sees it until a lead publishes it.")), "success")
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.route("/updates/<uuid:update_id>/edit", methods=["GET", "POST"])
@members
def edit(update_id: UUID) -> Response:
    """Write an update anew. The earlier text of a published one is kept."""
    reading = begin_read()
    update, project = queries.update_seen_by(reading, update_id)
    facts = queries.update_facts_of(reading, update, project)
    ask(policy.may_edit_update(reading.actor, facts))
    is_published = facts.status is UpdateStatus.PUBLISHED
    values = {
        "project_title": project.title,
        "address": project.address,
        "action": request.path,
        "is_published": is_published,
    }
    carried = readings_of_update(reading, update.id)
    form: Any = (
        WriteForm(update) if is_published else form_with_readings(reading, WriteForm, project.id, update, carried)
    )
    status, preview, saved = status_of_form(), None, None
    if form.is_sent():
        body, status = written(form.body.data), 200
        if _wants_preview():
            preview = body
        else:
            try:
                _change(update_id, form, body)
            except (RuleBroken, Conflict) as refusal:
                status = problems_onto(form, refusal, {"read_on": "readings_on"})
                saved = _saved_by_others(update_id, form, refusal)
            else:
                flash(gettext(_("Saved.")), "success")
                return redirect(url_for("updates.show_update", update_id=update_id), 303)  # type: ignore[return-value]
    return show("updates/write.html", status, form=form, preview=preview, saved=saved, update_id=update_id, **values)


def _change(update_id: UUID, form: Any, body: Written) -> None:
    with begin_work() as work:
        actions.change_update(
            work, update_id=update_id, version=number_in(form), title=form.title.data, body=body,
            language=form.language.data or "en",
        )  # fmt: skip
        if hasattr(form, "readings_on"):
            measuring.carry_readings(work, update_id=update_id, actuals=actuals_in(form))


def _saved_by_others(update_id: UUID, form: Any, refusal: RuleBroken | Conflict) -> list[tuple[str, str]] | None:
    """What somebody else saved meanwhile, beside what was typed."""
    if refusal.code != "update.changed_meanwhile":
        return None
    update, _project = queries.update_seen_by(begin_read(), update_id)
    form.version.data = str(update.version)
    return [(form.title.label.text, update.title), (form.body.label.text, update.body)]


@blueprint.post("/updates/<uuid:update_id>/publish")
@members
def publish(update_id: UUID) -> Response:
    """Publish an update as it was shown."""
    form: Any = SureForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.publish_update(work, update_id=update_id, version=number_in(form))
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Published. Everybody can read it now.")), "success")
            return redirect(url_for("updates.show_update", update_id=update_id), 303)  # type: ignore[return-value]
    reading = begin_read()
    update, project = queries.update_seen_by(reading, update_id)
    return show("updates/show.html", status, form=form, **_update_values(reading, update, project))


@blueprint.route("/updates/<uuid:update_id>/withdraw", methods=["GET", "POST"])
@members
def withdraw(update_id: UUID) -> Response:
    """Take a published update back, after asking once."""
    form, values = _sure(update_id, policy.may_withdraw_update)
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.withdraw_update(work, update_id=update_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The update is withdrawn.")), "success")
            return redirect(url_for("projects.show_project", slug=values["address"]), 303)  # type: ignore[return-value]
    return show("updates/withdraw.html", status, form=form, **values)


@blueprint.route("/updates/<uuid:update_id>/delete", methods=["GET", "POST"])
@members
def delete(update_id: UUID) -> Response:
    """Throw a draft away, after asking once."""
    form, values = _sure(update_id, policy.may_delete_update)
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                actions.delete_update(work, update_id=update_id)
        except Conflict as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The draft is deleted.")), "success")
            return redirect(url_for("projects.show_project", slug=values["address"]), 303)  # type: ignore[return-value]
    return show("updates/delete.html", status, form=form, **values)


def _sure(update_id: UUID, may: Any) -> tuple[SureForm, dict[str, Any]]:
    reading = begin_read()
    update, project = queries.update_seen_by(reading, update_id)
    ask(may(reading.actor, queries.update_facts_of(reading, update, project)))
    return SureForm(), {"title": update.title, "update_id": update_id, "address": project.address}
