"""Introductions: made by a coordinator, followed up, and read by the two councils."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.councils.queries import active_councils
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.keyset import Place
from pipeline.http.cursors import make_cursor, place_from, read_cursor
from pipeline.http.entry import coordinators, officers
from pipeline.http.identity import current_actor
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.introductions import actions, policy, queries
from pipeline.introductions.messages import OUTCOME_NAMES
from pipeline.introductions.rules import MOST_MESSAGE, Outcome
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.web.asking import status_of_form
from pipeline.web.forms import (
    Choice,
    HiddenField,
    OnceForm,
    OneOfMany,
    PageForm,
    Required,
    Text,
    lazy,
    problems_onto,
)
from pipeline.web.pledges.showing import content_of
from pipeline.web.rendering import show

blueprint = Blueprint("introductions", __name__)
ROWS = 25
CURSOR = "introductions"


class IntroductionForm(OnceForm):
    """Whom to introduce to whom, and why."""

    need = HiddenField()
    council = OneOfMany(lazy(_("Which council?")), validators=[Required(lazy(_("Choose a council")))])
    other = OneOfMany(lazy(_("And which other?")), validators=[Required(lazy(_("Choose a council")))])
    message = Text(
        lazy(_("Why should they talk?")),
        description=lazy(_("The admins of both councils, and the leads of the project, get this by e-mail.")),
        validators=[Required(lazy(_("Write why they should talk to each other")))],
        most=MOST_MESSAGE,
    )


class OutcomeForm(PageForm):
    """What came of it."""

    outcome = Choice(lazy(_("What came of it?")), validators=[Required(lazy(_("Say what came of it")))])


@blueprint.get("/coordination/introductions")
@coordinators
def index() -> Response:
    """All introductions, the latest first, with what came of them."""
    reading = begin_read()
    cursor = request.args.get("cursor", "")
    place = place_from(read_cursor(cursor, CURSOR)) if cursor else None
    page = queries.introductions_listed(reading, order=queries.ORDERS["-made_at"], limit=ROWS, place=place)

    def address(at: Place | None) -> str | None:
        if at is None:
            return None
        return url_for("introductions.index", cursor=make_cursor(CURSOR, [at.value, at.id, at.is_backwards]))

    lines = [(row, say(OUTCOME_NAMES[Outcome(row.outcome)])) for row in page.rows]
    return show(
        "introductions/index.html", lines=lines, previous_url=address(page.before), next_url=address(page.after)
    )


@blueprint.route("/coordination/introductions/new", methods=("GET", "POST"))
@coordinators
def make() -> Response:
    """Write to two councils about each other; the address may name a need, and the council that could help."""
    reading = begin_read()
    need_id = id_from(request.form.get("need", "") or request.args.get("need", ""))
    need = queries.need_introduced(reading, need_id) if need_id else None
    form = IntroductionForm(
        data={
            "need": str(need.id) if need else "",
            "council": need.council_slug if need else request.args.get("council", ""),
            "other": request.args.get("other", ""),
        }
    )  # fmt: skip
    choices = [("", gettext(_("Choose a council"))), *active_councils(reading)]
    form.council.choices = form.other.choices = choices
    status = status_of_form()
    if form.is_sent():
        key = key_of_form(form.idempotency_key.data or "", content_of(form))
        try:
            with begin_work(key) as work:
                made = actions.make_introduction(
                    work, council=form.council.data, other=form.other.data, message=form.message.data, need_id=need_id
                )
                keep_answer(work.session, key, str(made.id))
        except AlreadyDone:
            return redirect(url_for("introductions.index"), 303)  # type: ignore[return-value]
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("Both councils are being written to.")), "success")
            return redirect(url_for("introductions.show_introduction", introduction_id=made.id), 303)  # type: ignore[return-value]
    return show("introductions/make.html", status, form=form, need=need)


@blueprint.get("/introductions/<uuid:introduction_id>")
@officers
def show_introduction(introduction_id: UUID) -> Response:
    """An introduction, for its two councils, the leads concerned and coordinators."""
    return _show(introduction_id, OutcomeForm())


@blueprint.post("/coordination/introductions/<uuid:introduction_id>/outcome")
@coordinators
def follow_up(introduction_id: UUID) -> Response:
    """Say what came of an introduction."""
    form = _with_choices(OutcomeForm())
    if not form.is_sent():
        return _show(introduction_id, form, 422)
    with begin_work() as work:
        actions.follow_up_introduction(work, introduction_id=introduction_id, outcome=Outcome(form.outcome.data))
    flash(gettext(_("What came of it is kept.")), "success")
    return redirect(url_for("introductions.show_introduction", introduction_id=introduction_id), 303)  # type: ignore[return-value]


def _with_choices(form: OutcomeForm) -> OutcomeForm:
    form.outcome.choices = [(one.value, say(words)) for one, words in OUTCOME_NAMES.items()]
    return form


def _show(introduction_id: UUID, form: OutcomeForm, status: int = 200) -> Response:
    row = queries.introduction_shown(begin_read(), introduction_id)
    if row is None:
        raise NotFound("introduction")
    if request.method == "GET":
        form.outcome.data = row.outcome
    return show(
        "introductions/show_introduction.html", status, one=row, form=_with_choices(form),
        outcome=say(OUTCOME_NAMES[Outcome(row.outcome)]),
        may_follow_up=bool(policy.may_introduce_councils(current_actor())),
    )  # fmt: skip
