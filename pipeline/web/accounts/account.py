"""One's own account: details, the council one acts for, one's data, and being erased."""

from typing import Any

import orjson
from flask import Response, flash, redirect, request, url_for

from pipeline.accounts import actions, queries
from pipeline.accounts.messages import ROLE_WORDS
from pipeline.accounts.passwords import is_password
from pipeline.accounts.queries import Identity, OwnAccount
from pipeline.accounts.rules import MOST_JOB_TITLE, MOST_NAME
from pipeline.artefacts.own_data import data_of as data_of_documents
from pipeline.comments.own_data import data_of as data_of_comments
from pipeline.contact.own_data import data_of as data_of_contact
from pipeline.db.refusals import refusal_of
from pipeline.http.entry import officers
from pipeline.http.identity import current_identity
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, end_read
from pipeline.imports.own_data import data_of as data_of_imports
from pipeline.introductions.own_data import data_of as data_of_introductions
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.lessons.own_data import data_of as data_of_lessons
from pipeline.measures.own_data import data_of as data_of_measures
from pipeline.moderation.own_data import data_of as data_of_moderation
from pipeline.notifications.own_data import data_of as data_of_notices
from pipeline.pledges.own_data import data_of as data_of_pledges
from pipeline.projects.own_data import data_of as data_of_projects
from pipeline.similarity.own_data import data_of as data_of_similar_work
from pipeline.spare_capacity.own_data import data_of as data_of_spare_capacity
from pipeline.web.accounts.blueprint import blueprint
from pipeline.web.accounts.next_page import safe_next
from pipeline.web.accounts.signing_in import refused_on, slowed, source, try_once
from pipeline.web.asking import number_in
from pipeline.web.forms import AtMost, Choice, HiddenField, Line, PageForm, Password, Required, YesNo, lazy
from pipeline.web.rendering import show
from pipeline.webhooks.own_data import data_of as data_of_webhooks

NOT_YOUR_PASSWORD = Words(_("This is not your password. Try again."))
LANGUAGES = (("en", "English"), ("cy", "Cymraeg"))


@blueprint.get("/account")
@officers
def show_account() -> Response:
    """Who one is here, where one works, and what one may do there."""
    identity = signed_in()
    reading = begin_read()
    account = queries.own_account(reading)
    return show(
        "accounts/show_account.html",
        account=account,
        identity=identity,
        places=[_place(place, identity) for place in identity.places],
        can_switch=len([place for place in identity.places if not place.is_waiting]) > 1,
        platform_roles=[say(ROLE_WORDS[role]) for role in Role if role in identity.platform_roles],
        language_name=dict(LANGUAGES)[account.language],
        refusal=refusal_of(reading.session, account.address),
    )


def signed_in() -> Identity:
    """Whoever is signed in: the routes here let in nobody else."""
    identity = current_identity()
    if identity is None:
        raise NotFound("account")
    return identity


def _place(place: queries.Place, identity: Identity) -> dict[str, Any]:
    roles = [say(ROLE_WORDS[role]) for role in Role if role in place.roles]
    return {
        "slug": place.slug,
        "name": place.name,
        "is_waiting": place.is_waiting,
        "is_current": place.council_id == identity.council_id,
        "is_admin": Role.COUNCIL_ADMIN in place.roles,
        "roles": ", ".join(roles),
    }


class DetailsForm(PageForm):
    """What others may read of an officer."""

    name = Line(
        lazy(_("Your name")),
        validators=[Required(lazy(_("Give your name"))), AtMost(MOST_NAME)],
        render_kw={"params": {"autocomplete": "name", "spellcheck": False}},
    )
    job_title = Line(
        lazy(_("Your job title")),
        validators=[Required(lazy(_("Give your job title"))), AtMost(MOST_JOB_TITLE)],
        render_kw={"params": {"autocomplete": "organization-title"}},
    )
    is_named = YesNo(lazy(_("Show my name and job title to everybody")))
    is_contactable = YesNo(
        lazy(_("Let other officers write to me")),
        description=lazy(_("They use a form, and never see your address.")),
    )
    language = Choice(lazy(_("The language of e-mails to you")), choices=list(LANGUAGES))
    version = HiddenField()


@blueprint.route("/account/details", methods=("GET", "POST"))
@officers
def change_details() -> Response:
    """Change name, job title and language, and choose whether one is named."""
    account = queries.own_account(begin_read())
    form = DetailsForm(account)
    if not form.is_sent():
        return show("accounts/change_details.html", 422 if request.method == "POST" else 200, form=form)
    try:
        with begin_work() as work:
            actions.change_details(
                work, name=form.name.data, job_title=form.job_title.data, is_named=form.is_named.data,
                is_contactable=form.is_contactable.data,
                language=form.language.data or account.language, version=number_in(form),
            )  # fmt: skip
    except (RuleBroken, Conflict) as refusal:
        form.version.data = str(account.version)
        form.version.raw_data = None
        return refused_on(form, refusal, "accounts/change_details.html")
    flash(gettext(_("Your details are changed.")), "success")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


@blueprint.post("/account/council")
@officers
def switch_council() -> Response:
    """Act for another of one's councils from now on."""
    identity = signed_in()
    slug = request.form.get("council", "")
    place = next((one for one in identity.places if one.slug == slug and not one.is_waiting), None)
    if place is None:
        raise NotFound("membership")
    end_read()
    actions.switch_council(identity.session_id, place.council_id)
    flash(say(Words(_("You act for {council} now."), council=place.name)), "success")
    wanted = safe_next(request.form.get("next"))
    return redirect(wanted or url_for("accounts.show_account"), 303)  # type: ignore[return-value]


@blueprint.get("/account/data")
@officers
def download_data() -> Response:
    """Everything Pipeline holds about oneself, as a file."""
    reading = begin_read()
    data: dict[str, Any] = {}
    held_by = (
        queries.data_of, data_of_projects, data_of_pledges, data_of_documents, data_of_lessons, data_of_imports,
        data_of_webhooks, data_of_notices, data_of_comments, data_of_contact, data_of_moderation,
        data_of_introductions, data_of_spare_capacity, data_of_measures, data_of_similar_work,
    )  # fmt: skip
    for held in held_by:
        data |= held(reading)
    body = orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z)
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-pipeline-data.json"'
    return response


class EraseForm(PageForm):
    """One's password, so that nobody else does it at an open screen."""

    current_password = Password(
        lazy(_("Your password")),
        validators=[Required(lazy(_("Give your password")))],
        render_kw={"params": {"autocomplete": "current-password"}},
    )


@blueprint.route("/account/erase", methods=("GET", "POST"))
@officers
def erase() -> Response:
    """Ask to be erased in seven days."""
    account = queries.own_account(begin_read())
    form = EraseForm()
    if account.erase_at is not None or not form.is_sent():
        status = 422 if request.method == "POST" and form.errors else 200
        return show("accounts/erase.html", status, form=form, account=account)
    refused = check_own_password(form, account, "accounts/erase.html", account=account)
    if refused is not None:
        return refused
    with begin_work() as work:
        actions.ask_erasure(work, checked_hash=account.password_hash, source=source())
    flash(gettext(_("Your account will be erased in seven days. Until then you can change your mind here.")), "success")
    return redirect(url_for("accounts.erase"), 303)  # type: ignore[return-value]


@blueprint.post("/account/erase/undo")
@officers
def undo_erase() -> Response:
    """Stay after all."""
    with begin_work() as work:
        actions.undo_erasure(work)
    flash(gettext(_("Your account stays.")), "success")
    return redirect(url_for("accounts.show_account"), 303)  # type: ignore[return-value]


def check_own_password(form: Any, own: OwnAccount, template: str, /, **values: object) -> Response | None:
    """Compare the password typed with one's own, counting failures; the answer to give where it is not."""
    attempt = try_once("sign-in", own.address)
    if attempt.wait_until is not None:
        return slowed(form, template, attempt.wait_until, **values)
    if not is_password(form.current_password.data, own.password_hash):
        form.current_password.errors = [say(NOT_YOUR_PASSWORD)]
        return show(template, 422, form=form, **values)
    actions.forgive_attempts(attempt)
    return None
