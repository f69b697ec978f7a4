"""Offering a pledge: the questions, the answers to check, the offer."""

from typing import Any
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
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions, policy, queries, rules
from pipeline.pledges.condition_queries import condition_terms_of, needs_named
from pipeline.pledges.condition_rules import check_can_come_true, check_conditions, field_of
from pipeline.pledges.messages import (
    SPENDINGS,
    amount_words,
    financial_years_words,
)  # fmt: skip
from pipeline.pledges.models import Pledge
from pipeline.pledges.waiting_words import condition_words
from pipeline.pledges.weighing import would_be_let_through
from pipeline.projects.models import Need
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import NeedKind
from pipeline.spare_capacity.queries import spare_capacity_seen_by
from pipeline.web.asking import ANOTHER_ROW, ask
from pipeline.web.pledges.forms import (
    OFFER_FORMS,
    OfferForm,
    values_of,
)  # fmt: skip
from pipeline.web.pledges.showing import blueprint, content_of, project_url, refusal_onto
from pipeline.web.rendering import show, uk_date
from pipeline.web.signposting import signposts_beside


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
    replaced = _replaced(reading, need, request.args.get("replaces", ""))
    begins_with: dict[str, Any] = {"kind": need.kind}
    if replaced:
        begins_with |= {**values_of(replaced), "replaces": str(replaced.id)}
    begins_with |= _values_of_spare(reading, need, terms, request.args.get("spare", ""))
    begins_with["sign_off_by"] = rules.usual_sign_off(clock.today(), terms)
    form = OFFER_FORMS[NeedKind(need.kind)](data=begins_with)
    if step == ANOTHER_ROW:
        return _offer_page(reading, need, form)
    if step == "check" and form.validate():
        try:
            _check_answers(reading, need, form)
        except (RuleBroken, Conflict) as refusal:
            return _offer_page(reading, need, form, refusal_onto(form, refusal))
        return _check_page(reading, need, form)
    return _offer_page(reading, need, form, 422 if form.errors else 200)


@blueprint.get("/pledges/<uuid:pledge_id>/replace")
@members
def replace(pledge_id: UUID) -> Response:
    """Change a pledge that was authorised: offer another that takes its place once it has come as far."""
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    facts = queries.facts_of(reading, pledge)
    ask(policy.may_replace_pledge(reading.actor, facts))
    rules.check_step(facts.status, rules.Act.REPLACE)
    return redirect(url_for("pledges.offer", need_id=pledge.need_id, replaces=pledge.id), 303)  # type: ignore[return-value]


def _replaced(reading: Reading, need: Need, typed: str) -> Pledge | None:
    """The pledge whose place an offer is to take, of the officer's own council. Raises NotFound for any other."""
    pledge_id = id_from(typed)
    if pledge_id is None:
        return None
    pledge = queries.pledge_seen_by(reading, pledge_id)
    if pledge.council_id != reading.actor.council_id or pledge.need_id != need.id:
        raise NotFound("pledge")
    return pledge


def _values_of_spare(reading: Reading, need: Need, terms: rules.NeedTerms, typed: str) -> dict[str, Any]:
    """What an offer begins with that comes from what the officer's own council lists as spare; nothing else's does."""
    spare_id = id_from(typed)
    if spare_id is None:
        return {}
    spare = spare_capacity_seen_by(reading, spare_id)
    if spare.council_id != reading.actor.council_id or spare.kind != need.kind:
        return {}
    amount = spare.amount if terms.room is None else max(min(spare.amount, terms.room), 0)
    if spare.kind != NeedKind.TIME:
        return {"amount": amount}
    return {"amount": amount, "from_on": max(spare.from_on, clock.today()), "to_on": spare.to_on}


def _terms(reading: Reading, need: Need) -> rules.NeedTerms:
    council_id = reading.actor.council_id
    if council_id is None:
        raise NotFound("need")
    return queries.offering_of(reading, need, council_id).terms


def _check_answers(reading: Reading, need: Need, form: OfferForm) -> None:
    """What can be said before the answers are checked; offering says it again, with the need locked."""
    terms, given, today = _terms(reading, need), form.offer(), clock.today()
    rules.check_offer(given, terms, today)
    replaced = _replaced(reading, need, form.replaces.data)
    already_held = replaced.bound if replaced else 0
    rules.check_room(terms, given.amount, already_held=already_held)
    if (given.conditions or given.stands_until) and reading.actor.council_id:
        waits = condition_terms_of(reading, need, reading.actor.council_id, already_held=already_held)
        check_conditions(given, waits, today)
        check_can_come_true(given, waits)


def _offer_page(reading: Reading, need: Need, form: OfferForm, status: int = 200) -> Response:
    council_id = reading.actor.council_id
    deciders = queries.authorisers_who_can_decide(reading, council_id, need.project_id) if council_id else []
    room = _terms(reading, need).room
    replaced = _replaced(reading, need, form.replaces.data)
    if room is not None and replaced is not None:
        room += replaced.bound
    form.ask_what_it_waits_for(needs_named(reading, need.project_id))
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
        replaced=None if replaced is None else say(amount_words(need.kind, replaced.amount, need.thing or "")),
        is_refused_room=status == 409 and room is not None,
        deciders=[(one.name, one.job_title) for one in deciders],
    )


def _check_page(reading: Reading, need: Need, form: OfferForm) -> Response:
    """The answers to check. What was typed travels on in hidden fields, so that going back loses nothing."""
    lead_council = reading.session.get_one(Council, need.project.council_id)
    names = [*(field.name for field in form.questions()), *form.names_of_waiting()]
    return show(
        "pledges/check.html",
        form=form,
        need=need,
        project=need.project,
        project_url=project_url(need),
        lead_council=lead_council.short_name,
        is_let_through=would_be_let_through(
            reading, need, form.offer().amount, replaces_id=id_from(form.replaces.data)
        ),
        typed=[(name, value) for name in names for value in request.form.getlist(name)],
        answers=[*_answers(form, need), *_answers_about_waiting(reading, form, need)],
        signposts=signposts_beside(
            reading, council_id=reading.actor.council_id, project_id=need.project_id, offer=form.offer(), kind=need.kind
        ),
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


def _answers_about_waiting(reading: Reading, form: OfferForm, need: Need) -> list[tuple[str, str, str, str]]:
    """What the pledge is to wait for, a row for each, and until when it stands."""
    given = form.offer()
    if not given.conditions and given.stands_until is None:
        return []
    needs, fields = needs_named(reading, need.project_id), form.fields_of_conditions()
    rows = [
        (_("Only if"), say(condition_words(one, needs)), fields[field_of(place)], _("what it waits for"))
        for place, one in enumerate(given.conditions)
    ]
    if given.stands_until:
        stands_until = uk_date(given.stands_until)
        rows.append((_("It stands until"), stands_until, "stands_until-day", _("until when it stands")))
    return [(gettext(key), value, anchor, gettext(change)) for key, value, anchor, change in rows]


def _made(pledge: Pledge) -> str:
    if pledge.authorised_at is not None:
        return _("Your council’s offer is made, and authorised at once by its standing rule. Everybody can see it now.")
    return _("Your council’s offer is made. It now waits for somebody in your council to authorise it.")


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
                replaces_id = id_from(form.replaces.data)
                pledge = actions.offer_pledge(work, need_id=need_id, offer=given, replaces_id=replaces_id)
                address = url_for("pledges.show_pledge", pledge_id=pledge.id)
                keep_answer(work.session, key, address)
        except AlreadyDone as done:
            return redirect(done.answer or url_for("your_work.show_your_work"), 303)  # type: ignore[return-value]
        except (RuleBroken, Conflict) as refusal:
            status = refusal_onto(form, refusal)
        else:
            flash(gettext(_made(pledge)), "success")
            return redirect(address, 303)  # type: ignore[return-value]
    else:
        status = 422
    reading = begin_read()
    return _offer_page(reading, need_seen_by(reading, need_id), form, status)
