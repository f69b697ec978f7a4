"""What a project needs: asked for, changed, closed and dropped by those who write the project."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.words import _
from pipeline.pledges import actions
from pipeline.pledges.messages import amount_words
from pipeline.projects import policy, queries, terms
from pipeline.projects.actions.keeping import terms_of
from pipeline.projects.actions.terms import is_pledged_to
from pipeline.projects.models import Need, Project
from pipeline.projects.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_THING,
    LONGEST_TITLE,
    NeedKind,
    NeedTerms,
    ProjectStatus,
)
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE, PROFESSIONS
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Days,
    HiddenField,
    Line,
    Number,
    OnceForm,
    OneOfMany,
    PageForm,
    Pounds,
    Required,
    Text,
    YesNo,
    choices_of,
    lazy,
    problems_onto,
)
from pipeline.web.rendering import show
from pipeline.web.saved import give_back

blueprint = Blueprint("needs", __name__)

AMOUNTS = {NeedKind.TIME: "half_days", NeedKind.FUNDING: "pence", NeedKind.IN_KIND: "quantity"}
"""The field in which each kind asks for its target."""


class _Asking:
    """What every form of a need asks."""

    title = Line(
        lazy(_("In a few words, what do you need?")),
        description=lazy(_("For example: A user researcher for the alpha")),
        validators=[Required(lazy(_("Give it a title"))), AtMost(LONGEST_TITLE)],
    )
    description = Text(
        lazy(_("Anything else a council should know before it pledges?")),
        description=lazy(_("What the work is, when, and whether it can be done from anywhere.")),
        most=LONGEST_DESCRIPTION,
        render_kw={"rows": 4},
    )
    profession = OneOfMany(lazy(_("Whose time?")))
    half_days = Days(lazy(_("How many days?")), description=lazy(_("Whole or half days, for example 20 or 2.5.")))
    pence = Pounds(lazy(_("How much, in pounds?")), description=lazy(_("Without VAT. For example 15,000.")))
    thing = Line(
        lazy(_("What thing?")),
        description=lazy(_("One of it, for example: test group, meeting room.")),
        validators=[AtMost(LONGEST_THING)],
    )
    quantity = Number(lazy(_("How many?")))
    is_essential = YesNo(
        lazy(_("This is essential")),
        description=lazy(
            _("Without it an all-or-nothing project does not go ahead. Leave it out for what would only help.")
        ),
    )
    is_capped = YesNo(
        lazy(_("Take no more than this")),
        description=lazy(_("Pledges beyond it are refused. Leave it out if more would help too.")),
    )
    reason = Text(
        lazy(_("If you change what is essential: why?")),
        description=lazy(
            _(
                "Councils have pledged to this project, so they are told what changed and why. "
                "For five working days nobody can give the go-ahead."
            )
        ),
        most=terms.MOST_REASON,
        render_kw={"rows": 3},
    )


class AddForm(_Asking, OnceForm):
    """A new need of a kind: its words, and its amount in the kind's unit."""

    kind = HiddenField()

    def __init__(self, kind: NeedKind) -> None:
        super().__init__()
        self.kind.data = kind.value
        self.profession.choices = [("", ""), *choices_of(PROFESSIONS)]
        _keep_only(self, _fields_of(kind) | ({"profession"} if kind is NeedKind.TIME else set()))


def _keep_only(form: Any, names: set[str]) -> None:
    """Leave out the questions that belong to needs of another kind."""
    for name in {"profession", "half_days", "pence", "quantity", "thing"} - names:
        del form[name]


class ChangeForm(_Asking, PageForm):
    """A need as it stands. Its kind and profession are not asked again: they never change."""

    version = HiddenField()

    def __init__(self, need: Need, terms: NeedTerms) -> None:
        super().__init__(_Typed(terms, need.version))
        self.profession.choices = []
        _keep_only(self, _fields_of(terms.kind))


def _fields_of(kind: NeedKind) -> set[str]:
    return {AMOUNTS[kind], *(["thing"] if kind is NeedKind.IN_KIND else [])}


class _Typed:
    """What a need asks for, under the names of the fields."""

    def __init__(self, terms: NeedTerms, version: int) -> None:
        self.version = version
        self.title, self.description, self.thing = terms.title, terms.description, terms.thing
        self.is_essential, self.is_capped = terms.is_essential, terms.is_capped
        setattr(self, AMOUNTS[terms.kind], terms.target)


class SureForm(PageForm):
    """A button, and a reason where councils have pledged."""

    reason = Text(
        lazy(_("Why?")),
        description=lazy(_("Everybody can read this. Those who pledged are told of it.")),
        most=terms.MOST_REASON,
    )


@blueprint.route("/projects/<slug>/needs/new", methods=["GET", "POST"])
@members
def add(slug: str) -> Response:
    """Ask for officer time, funding or a thing."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(policy.may_change_needs(reading.actor, queries.facts_of(reading, project)))
    values = _project_values(reading, project)
    kind = _chosen_kind()
    if kind is None:
        return show("needs/kinds.html", status_of_form(), **values)
    form: Any = AddForm(kind)
    _ask_why_if(form, is_pledged=values["is_pledged"])
    status = status_of_form()
    if form.is_sent():
        terms = _terms_from(form, kind, form.profession.data or None if kind is NeedKind.TIME else None)
        key = key_of_form(form.idempotency_key.data, {"terms": str(terms)})
        address = _after(project)
        try:
            with begin_work(key) as work:
                actions.add_need(work, slug=slug, terms=terms, reason=_reason_in(form))
                keep_answer(work.session, key, address)
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal, {"target": AMOUNTS[terms.kind]})
        except AlreadyDone as done:
            return redirect(done.answer or address, 303)  # type: ignore[return-value]
        else:
            flash(gettext(_("The need is added.")), "success")
            return redirect(address, 303)  # type: ignore[return-value]
    return show("needs/add.html", status, form=form, kind=kind, **values)


def _chosen_kind() -> NeedKind | None:
    """The kind of help that was chosen first: in the address, in the form that was sent, or in one given back."""
    given_back = give_back() or {}
    word = request.form.get("kind") or request.args.get("kind") or next(iter(given_back.get("kind", ())), "")
    return NeedKind(word) if word in set(NeedKind) else None


@blueprint.route("/needs/<uuid:need_id>/edit", methods=["GET", "POST"])
@members
def change(need_id: UUID) -> Response:
    """Change what a need says and asks for."""
    need, values = _need_to_write(need_id)
    before = terms_of(need)
    form: Any = ChangeForm(need, before)
    _ask_why_if(form, is_pledged=values["is_pledged"])
    status, saved = status_of_form(), None
    if form.is_sent():
        terms = _terms_from(form, before.kind, before.profession)
        try:
            with begin_work() as work:
                actions.change_need(
                    work, need_id=need_id, version=number_in(form), terms=terms, reason=_reason_in(form)
                )
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal, {"target": AMOUNTS[before.kind]})
            saved = _saved_by_others(need_id, form, refusal)
        else:
            flash(gettext(_("Saved.")), "success")
            return redirect(values["after"], 303)  # type: ignore[return-value]
    kind_words = _kind_words(before)
    return show("needs/change.html", status, form=form, need_id=need_id, kind_words=kind_words, saved=saved, **values)


def _ask_why_if(form: Any, *, is_pledged: bool) -> None:
    """Ask for a reason only where councils have pledged."""
    if not is_pledged:
        del form.reason


def _reason_in(form: Any) -> str:
    return form.reason.data if "reason" in form else ""


def _terms_from(form: Any, kind: NeedKind, profession: str | None) -> NeedTerms:
    return NeedTerms(
        kind=kind, title=form.title.data, target=form[AMOUNTS[kind]].data or 0,
        is_essential=bool(form.is_essential.data), is_capped=bool(form.is_capped.data),
        description=form.description.data, profession=profession if kind is NeedKind.TIME else None,
        thing=form.thing.data if kind is NeedKind.IN_KIND else None,
    )  # fmt: skip


def _saved_by_others(need_id: UUID, form: Any, refusal: RuleBroken | Conflict) -> list[tuple[str, str]] | None:
    """What somebody else saved meanwhile, beside what was typed."""
    if refusal.code != "need.changed_meanwhile":
        return None
    need = queries.need_seen_by(begin_read(), need_id)
    form.version.data = str(need.version)
    terms = terms_of(need)
    amount = say(amount_words(terms.kind, terms.target, terms.thing or ""))
    return [
        (form.title.label.text, terms.title),
        (form.description.label.text, terms.description),
        (gettext(_("Amount")), amount),
    ]


def _kind_words(terms: NeedTerms) -> str:
    from pipeline.web.rendering import label

    if terms.kind is NeedKind.TIME and terms.profession in PROFESSION_BY_VALUE:
        return gettext(_("Officer time: %(profession)s")) % {"profession": label(PROFESSION_BY_VALUE[terms.profession])}
    return gettext(_("Funding")) if terms.kind is NeedKind.FUNDING else gettext(_("Something in kind"))


@blueprint.route("/needs/<uuid:need_id>/close", methods=["GET", "POST"])
@members
def close(need_id: UUID) -> Response:
    """Take no more pledges for a need, after asking once."""

    def carry_out(work: UnitOfWork, _reason: str) -> None:
        actions.close_need(work, need_id=need_id)

    return _end(need_id, carry_out, "needs/close.html", gettext(_("The need is closed.")))


@blueprint.route("/needs/<uuid:need_id>/drop", methods=["GET", "POST"])
@members
def drop(need_id: UUID) -> Response:
    """Say that a need is no longer wanted, after asking once."""

    def carry_out(work: UnitOfWork, reason: str) -> None:
        actions.drop_need(work, need_id=need_id, reason=reason)

    return _end(need_id, carry_out, "needs/drop.html", gettext(_("The need is dropped.")))


def _end(need_id: UUID, carry_out: Callable[[UnitOfWork, str], None], template: str, message: str) -> Response:
    need, values = _need_to_write(need_id)
    form: Any = SureForm()
    _ask_why_if(form, is_pledged=template == "needs/drop.html" and values["is_pledged"])
    status, title = status_of_form(), need.title
    if form.is_sent():
        try:
            with begin_work() as work:
                carry_out(work, _reason_in(form))
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(message, "success")
            return redirect(values["after"], 303)  # type: ignore[return-value]
    return show(template, status, form=form, title=title, need_id=need_id, **values)


def _need_to_write(need_id: UUID) -> tuple[Need, dict[str, Any]]:
    reading = begin_read()
    need = queries.need_seen_by(reading, need_id)
    ask(policy.may_change_needs(reading.actor, queries.facts_of(reading, need.project)))
    return need, _project_values(reading, need.project)


def _project_values(reading: Reading, project: Project) -> dict[str, Any]:
    """The project in plain values: its row is not read again after work began."""
    return {
        "after": _after(project),
        "action": request.path,
        "slug": project.address,
        "project_title": project.title,
        "is_draft": project.status == ProjectStatus.DRAFT,
        "is_pledged": is_pledged_to(reading, project.id),
    }


def _after(project: Project) -> str:
    return url_for("projects.show_project", slug=project.slug or project.id)
