"""Making an account, and confirming the address."""

from flask import Response, flash, redirect, request, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.actions.links import link_gone
from pipeline.accounts.passwords import hash_password, is_password
from pipeline.accounts.queries import LinkShown
from pipeline.accounts.rules import (
    MOST_ADDRESS,
    MOST_JOB_TITLE,
    MOST_NAME,
    LinkPurpose,
    details_problems,
    password_problems,
)
from pipeline.http.entry import anyone
from pipeline.http.identity import current_identity
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.signing_in import (
    after_sign_in,
    begin_session,
    refused_on,
    secret_key,
    slowed,
    try_once,
    typed_address,
)
from pipeline.web.forms import AtMost, Choice, Line, PageForm, Password, Required, lazy, problems_onto
from pipeline.web.rendering import show

ANOTHER = "another"
NOT_THIS_PASSWORD = Words(_("This is not the password of this account. Try again, or ask for a new one."))


class SignUpForm(PageForm):
    """Who one is, and a password."""

    address = Line(
        lazy(_("Your work e-mail address")),
        description=lazy(_("It tells us which council you work for. It is never shown to anybody else.")),
        validators=[Required(lazy(_("Give your work e-mail address"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "email", "spellcheck": False}},
    )
    name = Line(
        lazy(_("Your name")),
        description=lazy(_("People in your council see it. Others see it only if you say so later.")),
        validators=[Required(lazy(_("Give your name"))), AtMost(MOST_NAME)],
        render_kw={"params": {"autocomplete": "name", "spellcheck": False}},
    )
    job_title = Line(
        lazy(_("Your job title")),
        validators=[Required(lazy(_("Give your job title"))), AtMost(MOST_JOB_TITLE)],
        render_kw={"params": {"autocomplete": "organization-title"}},
    )
    password = Password(
        lazy(_("Choose a password")),
        description=lazy(_("At least 12 characters. Three words that have nothing to do with each other are good.")),
        validators=[Required(lazy(_("Choose a password")))],
        render_kw={"params": {"autocomplete": "new-password"}},
    )


@blueprint.route("/sign-up", methods=("GET", "POST"))
@anyone
def sign_up() -> Response:
    """Make an account. The answer is the same whether the address has one or not."""
    if current_identity() is not None:
        return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]
    form = SignUpForm()
    if not form.is_sent():
        return show("accounts/sign_up.html", 422 if request.method == "POST" else 200, form=form)
    address = typed_address(form, form.address)
    about = (form.address.data, form.name.data)
    problems = details_problems(form.name.data, form.job_title.data) + password_problems(form.password.data, about)
    if address is None or problems:
        status = problems_onto(form, RuleBroken(*problems)) if problems else 422
        return show("accounts/sign_up.html", status, form=form)
    attempt = try_once("mail", address.text)
    if attempt.wait_until is not None:
        return slowed(form, "accounts/sign_up.html", attempt.wait_until)
    password_hash = hash_password(form.password.data)
    with begin_work() as work:
        actions.sign_up(
            work, address=address, name=form.name.data, job_title=form.job_title.data, password_hash=password_hash,
            language=current_language(), secret_key=secret_key(),
        )  # fmt: skip
    return redirect(url_for("accounts.sign_up_sent"), 303)  # type: ignore[return-value]


@blueprint.get("/sign-up/sent")
@anyone
def sign_up_sent() -> Response:
    """A mail is on its way."""
    return show("accounts/sign_up_sent.html")


class VerifyForm(PageForm):
    """The password of the account, and the council where the address fits several."""

    council = Choice(lazy(_("Which council do you work for?")))
    password = Password(
        lazy(_("The password you chose")),
        validators=[Required(lazy(_("Give the password you chose")))],
        render_kw={"params": {"autocomplete": "current-password"}},
    )


def _verify_form(link: LinkShown) -> VerifyForm:
    """The form of a link; it asks for the council only where there is something to choose."""
    form = VerifyForm()
    if len(link.fit.decides) < 2:
        del form.council
        return form
    names = [(str(one.id), _name(one)) for one in link.fit.decides]
    form.council.choices = [*names, (ANOTHER, gettext(_("Another council")))]
    return form


def _name(council: queries.CouncilChoice) -> str:
    return council.name_cy if council.name_cy and current_language() == "cy" else council.name


@blueprint.route("/verify/<token>", methods=("GET", "POST"))
@anyone
def verify(token: str) -> Response:
    """Confirm an address. Opening the page uses nothing up, because mail scanners open links; its button does."""
    link = queries.link_seen_by(begin_read(), token, LinkPurpose.VERIFY, LinkPurpose.ADDRESS)
    if link is None:
        raise link_gone()
    form = _verify_form(link)
    values = {"token": token, "address": link.address, "is_new_address": link.purpose is LinkPurpose.ADDRESS}
    if not _is_answered(form):
        return show("accounts/verify.html", 422 if request.method == "POST" else 200, form=form, **values)
    attempt = try_once("sign-in", link.address)
    if attempt.wait_until is not None:
        return slowed(form, "accounts/verify.html", attempt.wait_until, **values)
    end_read()
    if not is_password(form.password.data, link.password_hash):
        form.password.errors = [say(NOT_THIS_PASSWORD)]
        return show("accounts/verify.html", 422, form=form, **values)
    try:
        with begin_work() as work:
            chosen = id_from(form.council.data) if "council" in form else None
            officer_id = actions.verify_address(work, token=token, checked_hash=link.password_hash, council_id=chosen)
    except (RuleBroken, Conflict) as refusal:
        return refused_on(form, refusal, "accounts/verify.html", **values)
    actions.forgive_attempts(attempt)
    begin_session(officer_id)
    flash(gettext(_("Your address is confirmed, and you are signed in.")), "success")
    return redirect(after_sign_in(officer_id), 303)  # type: ignore[return-value]


def _is_answered(form: VerifyForm) -> bool:
    """Whether the form was sent, with a council where it asks for one."""
    if not form.is_sent():
        return False
    if "council" in form and not form.council.data:
        form.council.errors = [gettext(_("Choose the council you work for"))]
        return False
    return True
