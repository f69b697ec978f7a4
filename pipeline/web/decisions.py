"""How a project's call for support is decided and ends: the go-ahead, a moved date, other terms, stopped, finished,
posted again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import LONGEST_TEXT, written
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel import clock
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.words import _
from pipeline.pledges import actions
from pipeline.projects import policy, queries, terms
from pipeline.projects.actions.terms import call_of, is_pledged_to
from pipeline.projects.models import Project
from pipeline.projects.rules import Mode
from pipeline.projects.terms import Call, Terms
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.forms import Choice, Day, HiddenField, Number, OnceForm, Text, lazy, problems_onto
from pipeline.web.rendering import show

blueprint = Blueprint("decisions", __name__)

Check = Callable[[Call], None]


class SureForm(OnceForm):
    """A button, pressed once."""


class ReasonForm(OnceForm):
    """Why, for everybody to read."""

    reason = Text(
        lazy(_("Why?")),
        description=lazy(_("Everybody can read this. Those who pledged are told of it.")),
        most=terms.MOST_REASON,
    )


class FinishForm(OnceForm):
    """When the work ended and what came of it."""

    year_ended = Number(lazy(_("In which year did the work end?")), description=lazy(_("For example 2024")))
    outcome = Text(
        lazy(_("What came of it?")),
        description=lazy(_("What was made, who uses it, and what you would do differently.")),
        most=LONGEST_TEXT,
        render_kw={"rows": 8},
    )


class MoveForm(ReasonForm):
    """Another day, and why."""

    decision_on = Day(lazy(_("By which date is it decided instead?")))


class TermsForm(ReasonForm):
    """How the project is decided from now on, and why."""

    version = HiddenField()
    mode = Choice(
        lazy(_("When does it go ahead?")),
        choices=(
            (Mode.ALL_OR_NOTHING.value, lazy(_("All or nothing: nobody is bound until enough is agreed"))),
            (Mode.FLEXIBLE.value, lazy(_("Flexible: it starts with whatever comes in"))),
        ),
    )
    least_councils = Number(
        lazy(_("All or nothing: how many other councils must be in, at least?")),
        description=lazy(_("Leave empty if what you need is all that counts.")),
    )
    decision_on = Day(
        lazy(_("If it was flexible and becomes all or nothing: by which date is it decided?")),
        description=lazy(_("From 10 working days to 12 months from today. For example 27 3 2027.")),
    )


@blueprint.route("/projects/<slug>/go-ahead", methods=["GET", "POST"])
@members
def go_ahead(slug: str) -> Response:
    """Give the go-ahead: what is agreed is committed at once."""

    def may(call: Call) -> None:
        terms.check_go_ahead(call, clock.today())

    def carry_out(work: UnitOfWork) -> str:
        return _address(actions.give_go_ahead(work, slug=slug))

    return _decide(slug, SureForm(), policy.may_give_go_ahead, may, carry_out, _("The project is going ahead."))


@blueprint.route("/projects/<slug>/stop", methods=["GET", "POST"])
@officers
def stop(slug: str) -> Response:
    """Stop the project, with a reason."""
    form: Any = ReasonForm()

    def carry_out(work: UnitOfWork) -> str:
        return _address(actions.stop_project(work, slug=slug, reason=form.reason.data))

    may, check = policy.may_stop_project, terms.check_can_stop
    return _decide(slug, form, may, check, carry_out, _("The project is stopped. Those who pledged are told."))


@blueprint.route("/projects/<slug>/finish", methods=["GET", "POST"])
@members
def finish(slug: str) -> Response:
    """Say that the work is finished, and what came of it."""
    form: Any = FinishForm()
    if request.method == "GET" and not form.year_ended.data:
        form.year_ended.data = clock.today().year

    def carry_out(work: UnitOfWork) -> str:
        outcome = written(form.outcome.data, under=2)
        return _address(actions.finish_project(work, slug=slug, year_ended=form.year_ended.data, outcome=outcome))

    may, check = policy.may_finish_project, terms.check_can_finish
    return _decide(slug, form, may, check, carry_out, _("The project is finished. Those who pledged are told."))


@blueprint.route("/projects/<slug>/post-again", methods=["GET", "POST"])
@members
def post_again(slug: str) -> Response:
    """Begin a new draft from a project that has ended."""

    def carry_out(work: UnitOfWork) -> str:
        return _address(actions.post_again(work, slug=slug))

    may, check = policy.may_post_again, terms.check_can_post_again
    return _decide(
        slug, SureForm(), may, check, carry_out, _("Your new draft is kept. Look through it and publish it.")
    )


@blueprint.route("/projects/<slug>/move-date", methods=["GET", "POST"])
@members
def move_date(slug: str) -> Response:
    """Move the decision date, once."""
    form: Any = MoveForm()

    def check(call: Call) -> None:
        terms.check_move(call, terms.last_moved_date(call.decision_on) if call.decision_on else None)

    def carry_out(work: UnitOfWork) -> str:
        return _address(actions.move_date(work, slug=slug, decision_on=form.decision_on.data, reason=form.reason.data))

    return _decide(
        slug, form, policy.may_change_terms, check, carry_out, _("The date is moved. Those who pledged are told.")
    )


@blueprint.route("/projects/<slug>/terms", methods=["GET", "POST"])
@members
def change_terms(slug: str) -> Response:
    """Change how an open project is decided."""
    form: Any = TermsForm(_Typed(queries.project_seen_by(begin_read(), slug)))

    def check(call: Call) -> None:
        terms.check_is_open(call)
        terms.check_terms_may_change(call, clock.today())

    def carry_out(work: UnitOfWork) -> str:
        new = Terms(
            mode=Mode(form.mode.data or Mode.ALL_OR_NOTHING), decision_on=form.decision_on.data,
            least_councils=form.least_councils.data or 0,
        )  # fmt: skip
        version = number_in(form)
        return _address(
            actions.change_terms(work, slug=slug, terms=new, reason=form.reason.data, version=version or None)
        )

    return _decide(slug, form, policy.may_change_terms, check, carry_out, _("The terms are changed."))


class _Typed:
    """The terms of a project, under the names of the fields."""

    def __init__(self, project: Project) -> None:
        self.version, self.mode = project.version, project.mode
        self.least_councils = project.least_councils or None


def _decide(
    slug: str, form: Any, may: Callable[..., Decision], check: Check, carry_out: Callable[[UnitOfWork], str], done: str
) -> Response:
    """The page of a decision: may they, can it be, the form; then the act, and the project again."""
    status = status_of_form()
    if form.is_sent():
        content = {name: field.data for name, field in form._fields.items() if name not in UNTYPED}
        key = key_of_form(form.idempotency_key.data, content)
        try:
            with begin_work(key) as work:
                address = carry_out(work)
                keep_answer(work.session, key, address)
        except AlreadyDone as again:
            return redirect(again.answer or url_for("projects.show_project", slug=slug), 303)  # type: ignore[return-value]
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(done), "success")
            return redirect(address, 303)  # type: ignore[return-value]
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(may(reading.actor, queries.facts_of(reading, project)))
    call = call_of(reading, project)
    if request.method == "GET":
        check(call)
    values = {"slug": project.address, "title": project.title, "call": call}
    template = f"decisions/{request.url_rule.endpoint.split('.')[-1]}.html" if request.url_rule else ""
    return show(template, status, form=form, is_pledged=is_pledged_to(reading, project.id), **values)


UNTYPED = ("csrf_token", "idempotency_key")


def _address(project: Project) -> str:
    return url_for("projects.show_project", slug=project.slug or project.id)
