"""A new password, by mail."""

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.actions.links import link_gone
from pipeline.accounts.passwords import hash_password
from pipeline.accounts.rules import MOST_ADDRESS, LinkPurpose, password_problems
from pipeline.http.entry import anyone
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read, begin_work
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.words import _
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.signing_in import refused_on, secret_key, slowed, source, try_once, typed_address
from pipeline.web.forms import AtMost, Line, PageForm, Password, Required, lazy
from pipeline.web.rendering import show


class AskResetForm(PageForm):
    """The address of the account."""

    address = Line(
        lazy(_("Your work e-mail address")),
        validators=[Required(lazy(_("Give your work e-mail address"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "username", "spellcheck": False}},
    )


@blueprint.route("/reset-password", methods=("GET", "POST"))
@anyone
def ask_reset() -> Response:
    """Ask for a new password. The answer is the same whether the address has an account or not."""
    form = AskResetForm()
    if not form.is_sent():
        return show("accounts/ask_reset.html", 422 if request.method == "POST" else 200, form=form)
    address = typed_address(form, form.address)
    if address is None:
        return show("accounts/ask_reset.html", 422, form=form)
    attempt = try_once("mail", address.text)
    if attempt.wait_until is not None:
        return slowed(form, "accounts/ask_reset.html", attempt.wait_until)
    with begin_work() as work:
        actions.ask_reset(work, address=address, secret_key=secret_key(), source=source())
    return redirect(url_for("accounts.reset_sent"), 303)  # type: ignore[return-value]


@blueprint.get("/reset-password/sent")
@anyone
def reset_sent() -> Response:
    """A mail is on its way, if there is an account."""
    return show("accounts/reset_sent.html")


class ResetForm(PageForm):
    """The new password."""

    new_password = Password(
        lazy(_("Choose a new password")),
        description=lazy(_("At least 12 characters. Three words that have nothing to do with each other are good.")),
        validators=[Required(lazy(_("Choose a new password")))],
        render_kw={"params": {"autocomplete": "new-password"}},
    )


@blueprint.route("/reset-password/<token>", methods=("GET", "POST"))
@anyone
def reset(token: str) -> Response:
    """Choose a new password. Opening the page uses nothing up; its button does."""
    link = queries.link_seen_by(begin_read(), token, LinkPurpose.RESET)
    if link is None:
        raise link_gone()
    form = ResetForm()
    values = {"token": token, "address": link.address}
    if not form.is_sent():
        return show("accounts/reset.html", 422 if request.method == "POST" else 200, form=form, **values)
    problems = password_problems(form.new_password.data, (link.address,), field="new_password")
    if problems:
        return refused_on(form, RuleBroken(*problems), "accounts/reset.html", **values)
    password_hash = hash_password(form.new_password.data)
    with begin_work() as work:
        actions.reset_password(work, token=token, password_hash=password_hash, source=source())
    flash(gettext(_("Your password is changed. Sign in with the new one.")), "success")
    return redirect(url_for("accounts.sign_in"), 303)  # type: ignore[return-value]
