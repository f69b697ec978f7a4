"""Signing in and out."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, flash, redirect, request, session, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.actions.signing_in import Attempt
from pipeline.accounts.passwords import is_password
from pipeline.accounts.rules import MOST_ADDRESS, Address, address_from, device_from
from pipeline.db.engine import database
from pipeline.http.entry import anyone
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_work, end_read
from pipeline.http.sessions import clear_session_cookie, new_token, set_session_cookie
from pipeline.kernel import clock
from pipeline.kernel.errors import Refusal
from pipeline.kernel.words import Words, _
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.next_page import safe_next, without_language
from pipeline.web.forms import AtMost, Line, PageForm, Password, Required, lazy
from pipeline.web.rendering import show

WRONG = Words(_("This address and password do not belong together. Check both, or ask for a new password."))


class SignInForm(PageForm):
    """Address and password."""

    address = Line(
        lazy(_("Your work e-mail address")),
        validators=[Required(lazy(_("Give your work e-mail address"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "username", "spellcheck": False}},
    )
    password = Password(
        lazy(_("Password")),
        validators=[Required(lazy(_("Give your password")))],
        render_kw={"params": {"autocomplete": "current-password"}},
    )


@blueprint.route("/sign-in", methods=("GET", "POST"))
@anyone
def sign_in() -> Response:
    """Sign in, and go on to where one was going."""
    wanted = safe_next(request.args.get("next"))
    if current_identity() is not None:
        return redirect(wanted or after_sign_in(), 303)  # type: ignore[return-value]
    form = SignInForm()
    if not form.is_sent():
        return _form(form, wanted, 422 if request.method == "POST" else 200)
    address = address_from(form.address.data)
    attempt = try_once("sign-in", address.text if address else form.address.data)
    if attempt.wait_until is not None:
        return slowed(form, "accounts/sign_in.html", attempt.wait_until, wanted=wanted)
    facts = queries.sign_in_facts(database.session(), address)
    end_read()
    if not is_password(form.password.data, facts.password_hash if facts else None) or facts is None:
        form.form_errors.append(say(WRONG))
        return _form(form, wanted, 422)
    actions.forgive_attempts(attempt)
    if not facts.is_verified:
        return _ask_to_verify(facts.officer_id)
    begin_session(facts.officer_id)
    goal = _with_what_was_typed(facts.officer_id, wanted) if wanted else after_sign_in(facts.officer_id)
    return redirect(goal, 303)  # type: ignore[return-value]


def _form(form: SignInForm, wanted: str | None, status: int) -> Response:
    return show("accounts/sign_in.html", status, form=form, wanted=wanted)


def _ask_to_verify(officer_id: UUID) -> Response:
    """The password is right and the address not yet verified: whoever knows the password may hear it."""
    with begin_work() as work:
        actions.ask_link_again(work, officer_id=officer_id, secret_key=secret_key())
    flash(gettext(_("Confirm your address first: we have sent you the link again.")), "info")
    return redirect(url_for("accounts.sign_up_sent"), 303)  # type: ignore[return-value]


def _with_what_was_typed(officer_id: UUID, wanted: str) -> str:
    """The wanted page, told to give back what was typed there when the session had ended, if anything was kept."""
    path = without_language(urlsplit(wanted).path)
    if not actions.saved_draft_waits(database.session(), officer_id, path):
        return wanted
    return f"{wanted}{'&' if '?' in wanted else '?'}given_back=1"


@blueprint.post("/sign-out")
@anyone
def sign_out() -> Response:
    """Sign out: the session ends here, not only in the browser."""
    token = getattr(session, "token", None)
    if token:
        end_read()
        actions.end_this_session(token)
    clear_session_cookie()
    return redirect(url_for("home.show_home"), 303)  # type: ignore[return-value]


# --- What the other pages of accounts need as well ---------------------------------------------------------------


def begin_session(officer_id: UUID) -> None:
    """Start a session for an officer who has shown who they are; the one this browser had ends."""
    end_read()
    token = new_token()
    device = device_from(request.headers.get("User-Agent", "")[:500])
    actions.start_session(officer_id, token=token, device=device, old_token=getattr(session, "token", None))
    set_session_cookie(token)


def after_sign_in(officer_id: UUID | None = None) -> str:
    """Where somebody goes who was going nowhere: to their work, or where they can join a council."""
    identity = current_identity()
    officer_id = officer_id or (identity.officer_id if identity else None)
    if officer_id and not queries.has_place(database.session(), officer_id):
        return url_for("accounts.show_account")
    return f"{request.script_root}/your-work"


def try_once(purpose: str, address: str) -> Attempt:
    """Count a try for the account and the network address it comes from."""
    end_read()
    return actions.begin_attempt(purpose, address=address.lower(), source=source(), secret_key=secret_key())


def slowed(form: PageForm, template: str, wait_until: datetime, **values: object) -> Response:
    """The form again, with how long to wait. It says the same whether there is such an account or not."""
    seconds = max(1, int((wait_until - clock.now()).total_seconds()) + 1)
    if seconds < 60:
        words = Words(_("Wait {n} second, then try again."), _("Wait {n} seconds, then try again."), n=seconds)
    else:
        minutes = -(-seconds // 60)
        words = Words(_("Wait {n} minute, then try again."), _("Wait {n} minutes, then try again."), n=minutes)
    form.form_errors.append(f"{gettext(_('There have been too many tries.'))} {say(words)}")
    response = show(template, 429, form=form, **values)
    response.headers["Retry-After"] = str(seconds)
    return response


def refused_on(form: PageForm, refusal: Refusal, template: str, **values: object) -> Response:
    """The form again, with what a rule says against it."""
    from pipeline.web.forms import problems_onto

    return show(template, problems_onto(form, refusal), form=form, **values)


def source() -> str:
    """The network address the request comes from."""
    return request.remote_addr or ""


def secret_key() -> str:
    """The secret that links and counts of tries are worked out with."""
    return str(current_app.secret_key)


def typed_address(form: PageForm, field: Line) -> Address | None:
    """The address in a field; None, with an error on the field, when it is not one."""
    address = address_from(field.data)
    if address is None:
        field.errors = [*field.errors, gettext(_("Give an e-mail address like name@yourcouncil.gov.uk"))]
    return address
