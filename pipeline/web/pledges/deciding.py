"""The acts on a pledge that stands: change, authorise, refuse, accept, decline, withdraw."""

from collections.abc import Callable
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts.actions.signing_in import note_danger
from pipeline.councils.models import Council
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.errors import Conflict, NotAllowed, RuleBroken
from pipeline.kernel.words import _
from pipeline.pledges import actions, policy, queries, rules
from pipeline.pledges.condition_queries import needs_named
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Act
from pipeline.projects.rules import NeedKind
from pipeline.web.asking import ANOTHER_ROW
from pipeline.web.forms import OnceForm
from pipeline.web.pledges.authority_forms import AuthoriseForm
from pipeline.web.pledges.forms import (
    OFFER_FORMS,
    ActForm,
    DeclineForm,
    RefuseForm,
    WithdrawForm,
    values_of,
)  # fmt: skip
from pipeline.web.pledges.showing import blueprint, content_of, head_of, refusal_onto
from pipeline.web.rendering import show
from pipeline.web.signposting import signposts_beside


@blueprint.route("/pledges/<uuid:pledge_id>/change", methods=["GET", "POST"])
@members
def change(pledge_id: UUID) -> Response:
    """Change an offer before it is authorised."""
    pledge = queries.pledge_seen_by(begin_read(), pledge_id)
    form = OFFER_FORMS[NeedKind(pledge.kind)](data=values_of(pledge))
    refused = None
    is_another_row = request.form.get("step") == ANOTHER_ROW
    if not is_another_row and form.is_sent():
        version = form.version.data or ""

        def carry_out(work: UnitOfWork) -> None:
            seen = int(version) if version.isascii() and version.isdigit() else None
            actions.change_pledge(work, pledge_id=pledge_id, offer=form.offer(), version=seen)

        done = carried_out(
            form, pledge_id, carry_out, _("The offer is changed. Your council is asked again to authorise it.")
        )
        if isinstance(done, Response):
            return done
        refused = done
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    if refused is None:
        check_may(reading, pledge, Act.CHANGE)
    status = refused or (422 if form.errors else 200)
    form.ask_what_it_waits_for(needs_named(reading, pledge.project_id))
    council = reading.session.get_one(Council, pledge.council_id)
    return show("pledges/change.html", status, form=form, **head_of(pledge, council))


@blueprint.route("/pledges/<uuid:pledge_id>/authorise", methods=["GET", "POST"])
@members
def authorise(pledge_id: UUID) -> Response:
    """Agree to one's council's pledge, in a capacity."""
    form = AuthoriseForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.authorise_pledge(work, pledge_id=pledge_id, capacity=form.chosen(), grounds=form.grounds())

    return act_page(
        pledge_id, Act.AUTHORISE, form, carry_out, _("You authorised the pledge. Everybody can see it now.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/refuse", methods=["GET", "POST"])
@members
def refuse(pledge_id: UUID) -> Response:
    """Say no to one's council's own offer."""
    form = RefuseForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.refuse_pledge(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.REFUSE, form, carry_out, _("You refused the offer. The leads are told, without your reason.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/accept", methods=["GET", "POST"])
@members
def accept(pledge_id: UUID) -> Response:
    """Take an authorised pledge, as a lead."""

    def carry_out(work: UnitOfWork) -> None:
        actions.accept_pledge(work, pledge_id=pledge_id)

    return act_page(pledge_id, Act.ACCEPT, ActForm(), carry_out, _("You accepted the pledge. The council is told."))


@blueprint.route("/pledges/<uuid:pledge_id>/decline", methods=["GET", "POST"])
@members
def decline(pledge_id: UUID) -> Response:
    """Do not take a pledge, as a lead."""
    form = DeclineForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.decline_pledge(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.DECLINE, form, carry_out, _("You declined the pledge. The council is told, with your reason.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/withdraw", methods=["GET", "POST"])
@members
def withdraw(pledge_id: UUID) -> Response:
    """Take one's council's pledge back."""
    form = WithdrawForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.withdraw_pledge(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.WITHDRAW, form, carry_out, _("The pledge is withdrawn. The project’s leads are told.")
    )


def act_page(
    pledge_id: UUID, act: Act, form: OnceForm, carry_out: Callable[[UnitOfWork], None], done_words: str
) -> Response:
    """The page of an act: its form, then the act, then the pledge again. Templates are named by the act."""
    refused = None
    if form.is_sent():
        done = carried_out(form, pledge_id, carry_out, done_words)
        if isinstance(done, Response):
            return done
        refused = done
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    if refused is None:
        check_may(reading, pledge, act)
    status = refused or (422 if form.errors else 200)
    council = reading.session.get_one(Council, pledge.council_id)
    near = signposts_beside(reading, council_id=pledge.council_id, project_id=pledge.project_id)
    return show(
        f"pledges/{act.value.replace('-', '_')}.html", status, form=form, signposts=near, **head_of(pledge, council)
    )


def carried_out(
    form: OnceForm, pledge_id: UUID, carry_out: Callable[[UnitOfWork], None], done_words: str
) -> Response | int:
    """Do it once: the way back to the pledge, or the status of a refusal that now stands on the form."""
    key = key_of_form(form.idempotency_key.data or "", content_of(form))
    address = url_for("pledges.show_pledge", pledge_id=pledge_id)
    try:
        with begin_work(key) as work:
            carry_out(work)
            keep_answer(work.session, key, address)
    except AlreadyDone:
        return redirect(address, 303)  # type: ignore[return-value]
    except NotAllowed as refusal:
        _note(refusal, pledge_id)
        raise
    except (RuleBroken, Conflict) as refusal:
        return refusal_onto(form, refusal)
    flash(gettext(done_words), "success")
    return redirect(address, 303)  # type: ignore[return-value]


def _note(refusal: NotAllowed, pledge_id: UUID) -> None:
    """An attempt to decide without the right to is remembered, after the work was rolled back."""
    identity = current_identity()
    note_danger(
        "pledge.act_refused", officer_id=identity.officer_id if identity else None, source=request.remote_addr,
        code=refusal.code, pledge_id=str(pledge_id),
    )  # fmt: skip


def check_may(reading: Reading, pledge: Pledge, act: Act) -> None:
    """Before a form is shown: may they, and does the pledge stand where it can? Raises NotAllowed, Conflict."""
    facts = queries.facts_of(reading, pledge)
    decision = policy.MAY[act](reading.actor, facts)
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)
    rules.check_step(facts.status, act)
