"""The pages of somebody named by e-mail: they read the offer by the link, and decide on it by a code.

No account is needed. Opening a page does nothing, because mail scanners open links; the code goes to the named address
alone. Nothing here is kept by a browser or names its address to another site.
"""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.accounts.actions.signing_in import note_danger
from pipeline.councils.models import Council
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone
from pipeline.http.identity import current_actor
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read, key_of_form
from pipeline.kernel.errors import Conflict, Gone, NotAllowed, Refusal, RuleBroken
from pipeline.kernel.words import _
from pipeline.pledges import actions, asked
from pipeline.pledges.authority import request_id_from
from pipeline.pledges.condition_queries import conditions_measured, needs_named
from pipeline.pledges.messages import SPENDINGS, amount_words, financial_years_words
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Spending
from pipeline.pledges.waiting_words import condition_words
from pipeline.web.accounts.signing_in import secret_key, source
from pipeline.web.forms import problems_onto
from pipeline.web.pledges.authority_forms import AUTHORISE, CodeForm, DecideForm
from pipeline.web.pledges.showing import content_of
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("named", __name__)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """The address of these pages is a secret between the site and one person."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/authorise/<token>")
@anyone
def read_offer(token: str) -> Response:
    """The offer, and a button that has a code mailed."""
    reading = begin_read()
    if asked.was_answered(reading, token, secret_key=secret_key()):
        return show("pledges/named_answered.html")
    return show("pledges/named.html", form=CodeForm(), token=token, **_offer_shown(reading, token))


@blueprint.post("/authorise/<token>/code")
@anyone
def ask_code(token: str) -> Response:
    """Have a code mailed to the named address."""
    form = CodeForm()
    if not form.is_sent():
        return show("pledges/named.html", 422, form=form, token=token, **_offer_shown(begin_read(), token))
    try:
        with begin_work() as work:
            actions.ask_code(work, token=token, secret_key=secret_key())
    except NotAllowed as refusal:
        _note(refusal, token)
        raise
    except Conflict as refusal:
        status = problems_onto(form, refusal)
        return show("pledges/named.html", status, form=form, token=token, **_offer_shown(begin_read(), token))
    flash(gettext(_("A code is on its way to the address that was named. It comes by e-mail.")), "success")
    return redirect(url_for("named.decide", token=token), 303)  # type: ignore[return-value]


@blueprint.route("/authorise/<token>/decide", methods=["GET", "POST"])
@anyone
def decide(token: str) -> Response:
    """Authorise or refuse the offer, by the code."""
    form = DecideForm()
    status = 422 if request.method == "POST" else 200
    if form.is_sent():
        end_read()
        actions.count_code_try(token, secret_key=secret_key())
        key = key_of_form(form.idempotency_key.data, content_of(form))
        try:
            with begin_work(key) as work:
                _carry_out(work, token, form)
                keep_answer(work.session, key, "")
        except AlreadyDone:
            return _to_offer(token)
        except NotAllowed as refusal:
            _note(refusal, token)
            raise
        except Gone as refusal:
            _note(refusal, token)
            raise
        except (RuleBroken, Conflict) as refusal:
            if refusal.code == "authorisation.code_wrong":
                _note(refusal, token)
            status = problems_onto(form, refusal)
        else:
            return _to_offer(token)
    return show("pledges/named_decide.html", status, form=form, token=token, **_offer_shown(begin_read(), token))


def _carry_out(work: UnitOfWork, token: str, form: DecideForm) -> None:
    if form.decision.data == AUTHORISE:
        actions.authorise_by_code(
            work, token=token, secret_key=secret_key(), code=form.code.data, statement=form.statement(),
            capacity=form.chosen(), grounds=form.grounds(),
        )  # fmt: skip
    else:
        actions.refuse_by_code(
            work, token=token, secret_key=secret_key(), code=form.code.data, statement=form.statement(),
            reason=form.reason.data,
        )  # fmt: skip


def _to_offer(token: str) -> Response:
    return redirect(url_for("named.read_offer", token=token), 303)  # type: ignore[return-value]


def _offer_shown(reading: Reading, token: str) -> dict[str, Any]:
    """The offer in words: what, towards what, for whom, when. Raises Gone."""
    pledge = asked.asked_by(reading, token, secret_key=secret_key()).pledge
    project = pledge.need.project
    council = reading.session.get_one(Council, pledge.council_id)
    lead_council = reading.session.get_one(Council, project.council_id)
    return {
        "council": council.short_name,
        "amount": say(amount_words(pledge.kind, pledge.amount, pledge.need.thing or "")),
        "sign_off_by": uk_date(pledge.sign_off_by),
        "facts_shown": [{"key": gettext(key), "value": value} for key, value in _rows(reading, pledge, lead_council)],
    }


def _rows(reading: Reading, pledge: Pledge, lead_council: Council) -> list[tuple[str, str]]:
    need, project = pledge.need, pledge.need.project
    rows = [
        (_("Project"), project.title),
        (_("What it is about"), project.summary),
        (_("Led by"), lead_council.name),
        (_("Your council offers"), say(amount_words(pledge.kind, pledge.amount, need.thing or ""))),
        (_("Towards"), need.title),
    ]
    if pledge.from_on and pledge.to_on:
        rows += [(_("From"), uk_date(pledge.from_on)), (_("Until"), uk_date(pledge.to_on))]
    if pledge.first_financial_year:
        years = financial_years_words(pledge.first_financial_year, pledge.last_financial_year)
        rows.append((_("Financial year"), say(years)))
    if pledge.spending:
        rows.append((_("Revenue or capital"), say(SPENDINGS[Spending(pledge.spending)])))
    if pledge.worth_pence is not None:
        rows.append((_("Worth"), say(amount_words("funding", pledge.worth_pence))))
    rows += _condition_rows(reading, pledge)
    if pledge.message:
        rows.append((_("Message"), pledge.message))
    return rows


def _condition_rows(reading: Reading, pledge: Pledge) -> list[tuple[str, str]]:
    measured = conditions_measured(reading, [pledge.id]).get(pledge.id, [])
    needs = needs_named(reading, pledge.project_id) if measured else {}
    return [(_("Only if"), say(condition_words(one.condition, needs))) for one in measured]


def _note(refusal: Refusal, token: str) -> None:
    """A code or a link that does not do is remembered, after the work was rolled back. Never the token itself."""
    note_danger(
        "authorisation.refused", officer_id=current_actor().officer_id, source=source(), code=refusal.code,
        request_id=str(request_id_from(secret_key(), token) or ""),
    )  # fmt: skip
