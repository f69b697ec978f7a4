"""What keeps one's account one's own: password, address, and where one is signed in."""

from uuid import UUID

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.passwords import hash_password
from pipeline.accounts.rules import MOST_ADDRESS, password_problems
from pipeline.db.engine import database
from pipeline.http.entry import officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import _
from pipeline.web.accounts.account import check_own_password, signed_in
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.signing_in import begin_session, refused_on, secret_key, source, typed_address
from pipeline.web.forms import AtMost, Line, PageForm, Password, Required, YesNo, lazy
from pipeline.web.rendering import show


class PasswordForm(PageForm):
    """The present password and the new one."""

    current_password = Password(
        lazy(_("Your password now")),
        validators=[Required(lazy(_("Give the password you have now")))],
        render_kw={"params": {"autocomplete": "current-password"}},
    )
    new_password = Password(
        lazy(_("Choose a new password")),
        description=lazy(_("At least 12 characters. Three words that have nothing to do with each other are good.")),
        validators=[Required(lazy(_("Choose a new password")))],
        render_kw={"params": {"autocomplete": "new-password"}},
    )


@blueprint.route("/account/password", methods=("GET", "POST"))
@officers
def change_password() -> Response:
    """Change one's password. Every other place one is signed in ends."""
    account = queries.own_account(begin_read())
    form = PasswordForm()
    if not form.is_sent():
        return show("accounts/change_password.html", 422 if request.method == "POST" else 200, form=form)
    problems = password_problems(form.new_password.data, (account.address, account.name), field="new_password")
    if problems:
        return refused_on(form, RuleBroken(*problems), "accounts/change_password.html")
    refused = check_own_password(form, account, "accounts/change_password.html")
    if refused is not None:
        return refused
    password_hash = hash_password(form.new_password.data)
    try:
        with begin_work() as work:
            actions.change_password(
                work, checked_hash=account.password_hash, password_hash=password_hash, source=source()
            )
    except (RuleBroken, Conflict) as refusal:
        return refused_on(form, refusal, "accounts/change_password.html")
    begin_session(account.officer_id)
    flash(gettext(_("Your password is changed. You were signed out everywhere else.")), "success")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


class AddressForm(PageForm):
    """The new address, the password, and that one knows what it may end."""

    address = Line(
        lazy(_("Your new work e-mail address")),
        validators=[Required(lazy(_("Give your new work e-mail address"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "email", "spellcheck": False}},
    )
    current_password = Password(
        lazy(_("Your password")),
        validators=[Required(lazy(_("Give your password")))],
        render_kw={"params": {"autocomplete": "current-password"}},
    )
    understood = YesNo(lazy(_("Change my address all the same")))


@blueprint.route("/account/address", methods=("GET", "POST"))
@officers
def change_address() -> Response:
    """Ask to use another address: it is confirmed by a mail to it first. What would end is said before."""
    account = queries.own_account(begin_read())
    form = AddressForm()
    template = "accounts/change_address.html"
    if not form.is_sent():
        return show(template, 422 if request.method == "POST" else 200, form=form, ends=[])
    address = typed_address(form, form.address)
    if address is None:
        return show(template, 422, form=form, ends=[])
    fit = queries.councils_of_domain(database.session(), address.domain)
    ends = [place.name for place in signed_in().places if not fit.decides_for(place.council_id)]
    if ends and not form.understood.data:
        form.understood.errors = [gettext(_("Say that you want this, or keep your address"))]
        return show(template, 422, form=form, ends=ends)
    refused = check_own_password(form, account, template, ends=ends)
    if refused is not None:
        return refused
    try:
        with begin_work() as work:
            actions.ask_other_address(
                work, address=address, checked_hash=account.password_hash, secret_key=secret_key(), source=source()
            )
    except (RuleBroken, Conflict) as refusal:
        return refused_on(form, refusal, template, ends=ends)
    flash(gettext(_("We have sent a link to your new address. Nothing changes until you use it.")), "info")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


@blueprint.get("/account/sessions")
@officers
def sessions() -> Response:
    """Where one is signed in."""
    identity = signed_in()
    return show("accounts/sessions.html", sessions=queries.own_sessions(begin_read(), identity.session_id))


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@officers
def end_session(session_id: UUID) -> Response:
    """Sign out somewhere else."""
    identity = signed_in()
    end_read()
    if session_id == identity.session_id or not actions.end_one_session(identity.officer_id, session_id):
        raise NotFound("session")
    flash(gettext(_("That place is signed out.")), "success")
    return redirect(url_for("accounts.sessions"), 303)  # type: ignore[return-value]


@blueprint.post("/account/sessions/end-others")
@officers
def end_other_sessions() -> Response:
    """Sign out everywhere but here."""
    identity = signed_in()
    end_read()
    actions.end_other_sessions(identity.officer_id, identity.session_id)
    flash(gettext(_("You are signed out everywhere but here.")), "success")
    return redirect(url_for("accounts.sessions"), 303)  # type: ignore[return-value]
