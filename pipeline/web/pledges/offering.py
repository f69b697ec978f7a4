"""Offering a pledge: the questions, the answers to check, the offer."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.councils.models import Council
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions, queries, rules
from pipeline.pledges.messages import (
    SPENDINGS,
    amount_words,
    financial_years_words,
)  # fmt: skip
from pipeline.projects.models import Need
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import NeedKind
from pipeline.web.pledges.forms import (
    OFFER_FORMS,
    OfferForm,
)  # fmt: skip
from pipeline.web.pledges.showing import blueprint, content_of, project_url, refusal_onto
from pipeline.web.rendering import show, uk_date


@blueprint.route("/needs/<uuid:need_id>/pledges/new", methods=["GET", "POST"])
@members
def offer(need_id: UUID) -> Response:
    """Offer a pledge: the questions, then the answers to check, then the offer itself."""
    step = request.form.get("step") if request.method == "POST" else None
    if step == "offer":
        return _offer_checked(need_id)
    reading = begin_read()
    need = need_seen_by(reading, need_id)
    terms = _terms(reading, need)
    rules.check_takes_pledges(terms, clock.today())
    begins_with = {"kind": need.kind, "sign_off_by": rules.usual_sign_off(clock.today(), terms)}
    form = OFFER_FORMS[NeedKind(need.kind)](data=begins_with)
    if step == "check" and form.validate():
        try:
            _check_answers(reading, need, form)
        except (RuleBroken, Conflict) as refusal:
            return _offer_page(reading, need, form, refusal_onto(form, refusal))
        return _check_page(reading, need, form)
    return _offer_page(reading, need, form, 422 if form.errors else 200)


def _terms(reading: Reading, need: Need) -> rules.NeedTerms:
    council_id = reading.actor.council_id
    if council_id is None:
        raise NotFound("need")
    return queries.offering_of(reading, need, council_id).terms


def _check_answers(reading: Reading, need: Need, form: OfferForm) -> None:
    """What can be said before the answers are checked; offering says it again, with the need locked."""
    terms = _terms(reading, need)
    rules.check_offer(form.offer(), terms, clock.today())
    rules.check_room(terms, form.offer().amount)


def _offer_page(reading: Reading, need: Need, form: OfferForm, status: int = 200) -> Response:
    council_id = reading.actor.council_id
    deciders = queries.authorisers_who_can_decide(reading, council_id, need.project_id) if council_id else []
    room = _terms(reading, need).room
    return show(
        "pledges/offer.html",
        status,
        form=form,
        need=need,
        project=need.project,
        project_url=project_url(need),
        asks_for=say(amount_words(need.kind, need.target, need.thing or "")),
        room=None if room is None else say(amount_words(need.kind, room, need.thing or "")),
        is_full=room == 0 and request.method == "GET",
        deciders=[(one.name, one.job_title) for one in deciders],
    )


def _check_page(reading: Reading, need: Need, form: OfferForm) -> Response:
    """The answers to check. What was typed travels on in hidden fields, so that going back loses nothing."""
    lead_council = reading.session.get_one(Council, need.project.council_id)
    names = [field.name for field in form.questions()]
    return show(
        "pledges/check.html",
        form=form,
        need=need,
        project=need.project,
        project_url=project_url(need),
        lead_council=lead_council.short_name,
        typed=[(name, value) for name in names for value in request.form.getlist(name)],
        answers=_answers(form, need),
    )


def _answers(form: OfferForm, need: Need) -> list[tuple[str, str, str, str]]:
    """Each answer to check: the question, the answer, where the question is, and the end of its "Change …" link."""
    given = form.offer()
    rows = [
        (_("You offer"), say(amount_words(need.kind, given.amount, need.thing or "")), "amount", _("what you offer"))
    ]
    if given.from_on and given.to_on:
        rows.append((_("From"), uk_date(given.from_on), "from_on-day", _("from when")))
        rows.append((_("Until"), uk_date(given.to_on), "to_on-day", _("until when")))
    if given.first_financial_year and given.spending:
        years = say(financial_years_words(given.first_financial_year, given.last_financial_year))
        rows.append((_("Financial year"), years, "first_financial_year", _("the financial year")))
        rows.append((_("Revenue or capital"), say(SPENDINGS[given.spending]), "spending", _("revenue or capital")))
    if given.worth_pence is not None:
        rows.append((_("Worth"), say(amount_words("funding", given.worth_pence)), "worth_pence", _("what it is worth")))
    rows.append(
        (_("Your council decides by"), uk_date(given.sign_off_by), "sign_off_by-day", _("by when your council decides"))
    )
    rows.append((_("Message"), given.message or gettext(_("None")), "message", _("the message")))
    return [(gettext(key), value, anchor, gettext(change)) for key, value, anchor, change in rows]


def _offer_checked(need_id: UUID) -> Response:
    """Make the offer. Nothing is read before the work begins: the form says which kind of need it was made for, and the
    rules hold it to the need's own kind."""
    kind = request.form.get("kind", "")
    if kind not in OFFER_FORMS:
        raise RuleBroken(Problem("request.breaks_rule", Words(_("Go back to the need and start again.")), "kind"))
    form = OFFER_FORMS[NeedKind(kind)]()
    if form.validate():
        given = form.offer()
        key = key_of_form(form.idempotency_key.data or "", content_of(form))
        try:
            with begin_work(key) as work:
                pledge = actions.offer_pledge(work, need_id=need_id, offer=given)
                address = url_for("pledges.show_pledge", pledge_id=pledge.id)
                keep_answer(work.session, key, address)
        except AlreadyDone as done:
            return redirect(done.answer or url_for("your_work.show_your_work"), 303)  # type: ignore[return-value]
        except (RuleBroken, Conflict) as refusal:
            status = refusal_onto(form, refusal)
        else:
            flash(
                gettext(_("Your council’s offer is made. It now waits for somebody in your council to authorise it.")),
                "success",
            )
            return redirect(address, 303)  # type: ignore[return-value]
    else:
        status = 422
    reading = begin_read()
    return _offer_page(reading, need_seen_by(reading, need_id), form, status)
