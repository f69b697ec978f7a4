""" "Ask a colleague to check this": asking for it, and answering."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for

from pipeline.artefacts.queries.seeing import draft_seen_by
from pipeline.artefacts.written import written_document
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.lessons import actions as lesson_actions
from pipeline.lessons import policy as lesson_policy
from pipeline.lessons.queries import seeing as lessons
from pipeline.lessons.rules import LessonStatus
from pipeline.projects import actions, policy, queries
from pipeline.projects.rules import LONGEST_NOTE, CheckAnswer, ProjectStatus, UpdateStatus
from pipeline.web.asking import ask, status_of_form
from pipeline.web.forms import Choice, OneOfMany, PageForm, Required, Text, lazy, problems_onto
from pipeline.web.lessons.said import said_of
from pipeline.web.people import colleague_choices, names_of
from pipeline.web.rendering import show

blueprint = Blueprint("checks", __name__)


class AskForm(PageForm):
    """Whom to ask."""

    officer_id = OneOfMany(lazy(_("Who should check it?")), validators=[Required(lazy(_("Choose a colleague")))])


class AnswerForm(PageForm):
    """What a colleague says of a draft."""

    answer = Choice(
        lazy(_("What do you say?")),
        choices=(
            (CheckAnswer.FINE.value, lazy(_("It is fine"))),
            (CheckAnswer.CHANGES.value, lazy(_("Please change something"))),
        ),
        validators=[Required(lazy(_("Say whether it is fine")))],
    )
    note = Text(
        lazy(_("A note")),
        description=lazy(_("What should change, or what is good as it is.")),
        most=LONGEST_NOTE,
        render_kw={"rows": 4},
    )


@blueprint.route("/projects/<slug>/check", methods=["GET", "POST"])
@members
def ask_about_project(slug: str) -> Response:
    """Ask a colleague to check a project's draft."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    if project.status != ProjectStatus.DRAFT:
        raise NotFound("page")
    facts = queries.facts_of(reading, project)
    ask(policy.may_ask_for_check(reading.actor, facts))

    def act(work: UnitOfWork, officer_id: UUID) -> None:
        actions.ask_for_check(work, officer_id=officer_id, slug=slug)

    return _ask(reading, facts, project.title, url_for("projects.show_project", slug=slug), act)


@blueprint.route("/updates/<uuid:update_id>/check", methods=["GET", "POST"])
@members
def ask_about_update(update_id: UUID) -> Response:
    """Ask a colleague to check the draft of an update."""
    reading = begin_read()
    update, project = queries.update_seen_by(reading, update_id)
    if update.status != UpdateStatus.DRAFT:
        raise NotFound("page")
    facts = queries.facts_of(reading, project)
    ask(policy.may_ask_for_check(reading.actor, facts))

    def act(work: UnitOfWork, officer_id: UUID) -> None:
        actions.ask_for_check(work, officer_id=officer_id, update_id=update_id)

    return _ask(reading, facts, update.title, url_for("updates.show_update", update_id=update_id), act)


@blueprint.route("/lessons/<slug>/check", methods=["GET", "POST"])
@members
def ask_about_lesson(slug: str) -> Response:
    """Ask a colleague to check the draft of a lesson."""
    reading = begin_read()
    lesson, project = lessons.lesson_seen_by(reading, slug)
    facts = lessons.lesson_facts_of(reading, lesson, project)
    if facts.status is not LessonStatus.DRAFT:
        raise NotFound("page")
    ask(lesson_policy.may_write_lesson(reading.actor, facts.place))

    def act(work: UnitOfWork, officer_id: UUID) -> None:
        lesson_actions.ask_to_check_lesson(work, slug=slug, officer_id=officer_id)

    return _ask(reading, facts.place.project, lesson.title, url_for("lessons.show_lesson", slug=slug), act)


def _ask(
    reading: Reading,
    facts: policy.ProjectFacts,
    title: str,
    after: str,
    act: Callable[[UnitOfWork, UUID], None],
) -> Response:
    """The page on which a colleague is chosen; `act` asks the one with an id."""
    form: Any = AskForm()
    choices = colleagues(reading, facts.team_ids)
    form.officer_id.choices = [("", gettext(_("Choose"))), *choices]
    status = status_of_form()
    if form.is_sent():
        officer_id = id_from(form.officer_id.data)
        try:
            with begin_work() as work:
                act(work, officer_id or UUID(int=0))
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("They are asked. They can read the draft until they have answered.")), "success")
            return redirect(after, 303)  # type: ignore[return-value]
    return show("checks/ask.html", status, form=form, title=title, after=after, has_colleagues=bool(choices))


def colleagues(reading: Reading, team_ids: frozenset[UUID]) -> list[tuple[str, str]]:
    """Whom one can ask: the members of one's council by name, then the team's people from elsewhere."""
    own = colleague_choices(reading)
    known = {officer_id for officer_id, _name in own} | {str(reading.actor.officer_id)}
    elsewhere = names_of(reading, [one for one in team_ids if str(one) not in known])
    return own + [(str(officer_id), name) for officer_id, name in elsewhere.items()]


@blueprint.route("/checks/<uuid:check_id>", methods=["GET", "POST"])
@members
def answer(check_id: UUID) -> Response:
    """Read a draft one was asked to check, and say what one thinks."""
    reading = begin_read()
    check = queries.check_seen_by(reading, check_id)
    ask(policy.may_answer_check(reading.actor, queries.check_facts_of(check)))
    if check.answered_at is not None:
        raise NotFound("check")
    values = _draft(reading, queries.check_shown(check))
    form: Any = AnswerForm()
    status = status_of_form()
    if form.is_sent():
        try:
            with begin_work() as work:
                answered = CheckAnswer(form.answer.data)
                actions.answer_check(work, check_id=check_id, answer=answered, note=form.note.data)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Thank you. Whoever asked you can read your answer now.")), "success")
            return redirect(url_for("home.show_home"), 303)  # type: ignore[return-value]
    return show("checks/answer.html", status, form=form, check_id=check_id, **values)


def _draft(reading: Reading, check: queries.CheckShown) -> dict[str, str]:
    """The draft that is to be checked, as it will look."""
    if check.subject_type == "lesson":
        lesson, _project = lessons.lesson_seen_by(reading, str(check.subject_id))
        html = render_template("lessons/_said.html", said=said_of(lessons.content_of(lesson)), heading="h2")
        return {"title": lesson.title, "summary": "", "html": html, "text_language": lesson.language}
    if check.subject_type == "draft":
        draft, artefact, _project = draft_seen_by(reading, check.subject_id)
        html = written_document(draft.text, artefact.language).html
        return {"title": draft.title, "summary": "", "html": html, "text_language": artefact.language}
    if check.subject_type == "update":
        update, _project = queries.update_seen_by(reading, check.subject_id)
        return {"title": update.title, "summary": "", "html": update.body_html, "text_language": update.language}
    project = queries.project_by_id(reading, check.project_id)
    return {
        "title": project.title,
        "summary": project.summary,
        "html": project.problem_html,
        "text_language": project.language,
    }
