"""The pages of a committed pledge: recording what was given, answering, correcting, breaking, releasing."""

from typing import Any
from uuid import UUID

from flask import Response

from pipeline.councils.models import Council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members
from pipeline.http.reading import begin_read
from pipeline.kernel.clock import today
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.pledges import actions, deliveries, delivery, policy, queries
from pipeline.pledges.delivery import Answer
from pipeline.pledges.models import Delivery, Pledge
from pipeline.pledges.policy import DeliveryFacts
from pipeline.pledges.rules import Act
from pipeline.projects.rules import NeedKind
from pipeline.web.asking import ask
from pipeline.web.forms import OnceForm
from pipeline.web.pledges.deciding import act_page, carried_out
from pipeline.web.pledges.delivery_forms import (
    ANSWER_FORMS,
    DELIVERY_FORMS,
    AskReleaseForm,
    BreakForm,
    ExplainForm,
    NotComeForm,
    RefuseReleaseForm,
    ReleaseForm,
)
from pipeline.web.pledges.ledger import amount_of, answers_open_to
from pipeline.web.pledges.showing import blueprint, head_of
from pipeline.web.rendering import show, uk_date


@blueprint.route("/pledges/<uuid:pledge_id>/deliver", methods=["GET", "POST"])
@members
def deliver(pledge_id: UUID) -> Response:
    """Record what was given of a committed pledge, for either side."""
    pledge = queries.pledge_seen_by(begin_read(), pledge_id)
    form = DELIVERY_FORMS[NeedKind(pledge.kind)](data={"delivered_on": today()})

    def carry_out(work: UnitOfWork) -> None:
        actions.record_delivery(work, pledge_id=pledge_id, given=form.given())

    return act_page(
        pledge_id, Act.DELIVER, form, carry_out, _("The delivery is recorded. The other side is asked to agree.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/break", methods=["GET", "POST"])
@members
def break_(pledge_id: UUID) -> Response:
    """Say that one's council does not give the rest."""
    form = BreakForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.break_pledge(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.BREAK, form, carry_out, _("The rest of the pledge is broken. All who are in are told.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/release", methods=["GET", "POST"])
@members
def release(pledge_id: UUID) -> Response:
    """Let a council off the rest, as a lead."""
    form = ReleaseForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.release_pledge(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(pledge_id, Act.RELEASE, form, carry_out, _("The council is let off the rest, and is told so."))


@blueprint.route("/pledges/<uuid:pledge_id>/ask-release", methods=["GET", "POST"])
@members
def ask_release(pledge_id: UUID) -> Response:
    """Ask the leads to let one's council off the rest."""
    form = AskReleaseForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.ask_release(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.ASK_RELEASE, form, carry_out, _("The leads are asked. The public hears nothing of it.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/refuse-release", methods=["GET", "POST"])
@members
def refuse_release(pledge_id: UUID) -> Response:
    """Say no, as a lead, to a council that asks to be let off."""
    form = RefuseReleaseForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.refuse_release(work, pledge_id=pledge_id, reason=form.reason.data or "")

    return act_page(
        pledge_id, Act.REFUSE_RELEASE, form, carry_out, _("The council is told. Its pledge stays committed.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/not-come", methods=["GET", "POST"])
@members
def not_come(pledge_id: UUID) -> Response:
    """Say, as a lead, that a committed pledge has not come."""
    form = NotComeForm()

    def carry_out(work: UnitOfWork) -> None:
        actions.say_not_come(work, pledge_id=pledge_id, note=form.note.data or "")

    return act_page(
        pledge_id, Act.NOT_COME, form, carry_out, _("The council is asked. The public hears nothing of it.")
    )


@blueprint.route("/pledges/<uuid:pledge_id>/explain", methods=["GET", "POST"])
@members
def explain(pledge_id: UUID) -> Response:
    """Answer the leads, who say that one's council's pledge has not come."""
    form = ExplainForm()
    refused = None
    if form.is_sent():

        def carry_out(work: UnitOfWork) -> None:
            actions.answer_not_come(work, pledge_id=pledge_id, answer=form.answer.data or "")

        done = carried_out(form, pledge_id, carry_out, _("Your answer is sent to the project’s leads."))
        if isinstance(done, Response):
            return done
        refused = done
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    ask(policy.may_answer_not_come(reading.actor, queries.facts_of(reading, pledge)))
    standing = deliveries.standing_not_come(reading, pledge_id)
    if standing is None and refused is None:
        raise NotFound("page")
    return _page(
        "explain", reading, pledge, form, refused, asked=standing.note if standing else "",
        due_on=uk_date(standing.answer_due_on) if standing else "",
    )  # fmt: skip


@blueprint.route("/deliveries/<uuid:delivery_id>/correct", methods=["GET", "POST"])
@members
def correct(delivery_id: UUID) -> Response:
    """Record what a delivery should have said; the wrong entry stays to be read."""
    pledge, row, _facts, _is_corrected = _found(begin_read(), delivery_id)
    values = {"amount": row.amount, "delivered_on": row.delivered_on, "note": row.note}
    form = DELIVERY_FORMS[NeedKind(pledge.kind)](data=values)
    refused = None
    if form.is_sent():

        def carry_out(work: UnitOfWork) -> None:
            actions.correct_delivery(work, delivery_id=delivery_id, given=form.given())

        done = carried_out(
            form, pledge.id, carry_out, _("The correction is recorded. The other side is asked to agree.")
        )
        if isinstance(done, Response):
            return done
        refused = done
    reading = begin_read()
    pledge, row, facts, is_corrected = _found(reading, delivery_id)
    if refused is None:
        ask(policy.may_correct_delivery(reading.actor, facts))
        delivery.check_can_correct(is_corrected=is_corrected)
    return _page("correct", reading, pledge, form, refused, entry=_entry_words(pledge, row))


@blueprint.route("/deliveries/<uuid:delivery_id>/answer", methods=["GET", "POST"])
@members
def answer_delivery(delivery_id: UUID) -> Response:
    """Agree what the other side recorded, or give a lower figure."""
    reading = begin_read()
    pledge, row, facts, is_corrected = _found(reading, delivery_id)
    form = ANSWER_FORMS[NeedKind(pledge.kind)]()
    answers = answers_open_to(reading, row, facts)
    form.offer_answers(answers or tuple(Answer))
    refused = None
    if form.is_sent():

        def carry_out(work: UnitOfWork) -> None:
            if form.chosen() is Answer.AGREED:
                actions.agree_delivery(work, delivery_id=delivery_id)
            else:
                actions.dispute_delivery(work, delivery_id=delivery_id, amount=form.lower, note=form.note.data or "")

        done = carried_out(form, pledge.id, carry_out, _("Your answer is recorded. The other side is told."))
        if isinstance(done, Response):
            return done
        refused = done
        reading = begin_read()
        pledge, row, facts, is_corrected = _found(reading, delivery_id)
    else:
        ask(policy.may_dispute_delivery(reading.actor, facts))
        if not answers:
            delivery.check_can_answer(deliveries.entry_of(row), Answer.DISPUTED, is_corrected=is_corrected)
    return _page("answer", reading, pledge, form, refused, entry=_entry_words(pledge, row), note=row.note)


def _found(reading: Reading, delivery_id: UUID) -> tuple[Pledge, Delivery, DeliveryFacts, bool]:
    """A delivery with its pledge, and whether a later entry corrects it. Raises NotFound."""
    pledge = queries.pledge_seen_by(reading, deliveries.pledge_of_delivery(reading, delivery_id))
    rows = deliveries.deliveries_of(reading, pledge.id)
    row = next(one for one in rows if one.id == delivery_id)
    facts = deliveries.facts_of_delivery(reading, row, queries.facts_of(reading, pledge))
    return pledge, row, facts, row.id in deliveries.corrected_ids(rows)


def _entry_words(pledge: Pledge, row: Delivery) -> dict[str, str]:
    return {"amount": amount_of(pledge, row.amount), "when": uk_date(row.delivered_on)}


def _page(name: str, reading: Reading, pledge: Pledge, form: OnceForm, refused: int | None, **values: Any) -> Response:
    council = reading.session.get_one(Council, pledge.council_id)
    status = refused or (422 if form.errors else 200)
    return show(f"pledges/deliveries/{name}.html", status, form=form, **head_of(pledge, council), **values)
