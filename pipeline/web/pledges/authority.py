"""Who decides for the pledging council: naming somebody by e-mail, and setting their authorisation aside."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts.actions.signing_in import note_danger
from pipeline.accounts.queries.authority import authority_now
from pipeline.accounts.rules import address_from
from pipeline.councils.models import Council
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.http.entry import members
from pipeline.http.identity import current_actor
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.decision import Decision
from pipeline.kernel.errors import Conflict, NotAllowed, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions, asked, policy, queries, rules
from pipeline.pledges.actions.setting_aside import check_can_be_set_aside
from pipeline.pledges.authority import MOST_PEOPLE
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Act
from pipeline.web.forms import OnceForm, problems_onto
from pipeline.web.pledges.authority_forms import AskForm, SetAsideForm
from pipeline.web.pledges.showing import blueprint, content_of, head_of
from pipeline.web.rendering import show, uk_date


@blueprint.route("/pledges/<uuid:pledge_id>/ask", methods=["GET", "POST"])
@members
def ask(pledge_id: UUID) -> Response:
    """Name somebody by e-mail to decide on one's council's offer."""
    form = AskForm()
    status = 422 if request.method == "POST" else 200
    if form.is_sent():
        address = address_from(form.address.data)
        if address is None:
            form.address.errors = [gettext(_("Give an e-mail address like name@yourcouncil.gov.uk"))]
        else:
            key = key_of_form(form.idempotency_key.data or "", content_of(form))
            try:
                with begin_work(key) as work:
                    actions.ask_by_mail(work, pledge_id=pledge_id, address=address, language=current_language())
                    keep_answer(work.session, key, _address_of(pledge_id))
            except AlreadyDone:
                return _back(pledge_id)
            except NotAllowed as refusal:
                _note(refusal, pledge_id)
                status = problems_onto(form, refusal)
            except (RuleBroken, Conflict) as refusal:
                status = problems_onto(form, refusal)
            else:
                flash(say(Words(_("We have written to {address}."), address=address.text)), "success")
                return _back(pledge_id)
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    facts = queries.facts_of(reading, pledge)
    if status in (200, 422):
        _check(policy.may_ask_by_mail(reading.actor, facts))
        rules.check_step(facts.status, Act.AUTHORISE)
    council = reading.session.get_one(Council, pledge.council_id)
    return show("pledges/ask.html", status, form=form, **head_of(pledge, council), **_asking(reading, pledge))


def _asking(reading: Reading, pledge: Pledge) -> dict[str, Any]:
    standing = asked.request_of(reading, pledge.id)
    is_own = reading.actor.council_id == pledge.council_id
    return {
        "asked_address": standing.address if standing and is_own else None,
        "is_way_on": authority_now(reading.session, pledge.council_id).has_named_way,
        "most_people": MOST_PEOPLE,
        "sign_off_by": uk_date(pledge.sign_off_by),
    }


@blueprint.route("/pledges/<uuid:pledge_id>/set-aside", methods=["GET", "POST"])
@members
def set_aside(pledge_id: UUID) -> Response:
    """Set the authorisation of somebody named by e-mail aside, as an admin of the council."""
    form = SetAsideForm()
    status = 422 if request.method == "POST" else 200
    if form.is_sent():
        key = key_of_form(form.idempotency_key.data or "", content_of(form))
        try:
            with begin_work(key) as work:
                actions.set_aside_authorisation(work, pledge_id=pledge_id, reason=form.reason.data)
                keep_answer(work.session, key, _address_of(pledge_id))
        except AlreadyDone:
            return _back(pledge_id)
        except NotAllowed as refusal:
            _note(refusal, pledge_id)
            raise
        except (RuleBroken, Conflict) as refusal:
            status = problems_onto(form, refusal)
        else:
            flash(gettext(_("The authorisation is set aside. The pledge is an offer again.")), "success")
            return _back(pledge_id)
    return _set_aside_page(pledge_id, form, status)


def _set_aside_page(pledge_id: UUID, form: OnceForm, status: int) -> Response:
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    if status in (200, 422):
        facts = queries.facts_of(reading, pledge)
        _check(policy.may_set_aside(reading.actor, facts))
        check_can_be_set_aside(facts)
    council = reading.session.get_one(Council, pledge.council_id)
    return show("pledges/set_aside.html", status, form=form, **head_of(pledge, council))


def _check(decision: Decision) -> None:
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)


def _note(refusal: NotAllowed, pledge_id: UUID) -> None:
    """An attempt to get round the rules is remembered, after the work was rolled back."""
    note_danger(
        "pledge.act_refused", officer_id=current_actor().officer_id, source=request.remote_addr, code=refusal.code,
        pledge_id=str(pledge_id),
    )  # fmt: skip


def _address_of(pledge_id: UUID) -> str:
    return url_for("pledges.show_pledge", pledge_id=pledge_id)


def _back(pledge_id: UUID) -> Response:
    return redirect(_address_of(pledge_id), 303)  # type: ignore[return-value]
