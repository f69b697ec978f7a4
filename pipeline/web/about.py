"""Pages about Pipeline itself: help, accessibility, privacy, cookies, contact."""

from typing import Any

from flask import Blueprint, Response, current_app, redirect, url_for

from pipeline.accounts.rules import MOST_ADDRESS
from pipeline.contact.actions import write_to_site
from pipeline.contact.rules import LONGEST_MESSAGE
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_work, key_of_form
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.words import _
from pipeline.web.accounts.signing_in import slowed, try_once
from pipeline.web.asking import status_of_form
from pipeline.web.forms import AtMost, Line, OnceForm, Text, lazy, problems_onto
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("about", __name__)


@blueprint.get("/help")
@anyone
@revalidated
def help() -> Response:  # noqa: A001 (named as its address and template are)
    """How Pipeline works, for somebody who is new to it."""
    return show("about/help.html")


@blueprint.get("/accessibility")
@anyone
@revalidated
def accessibility() -> Response:
    """The accessibility statement."""
    return show("about/accessibility.html", contact_address=_contact_address())


@blueprint.get("/privacy")
@anyone
@revalidated
def privacy() -> Response:
    """What is kept of people, why, and for how long."""
    return show("about/privacy.html", contact_address=_contact_address(), operator=None)


@blueprint.get("/cookies")
@anyone
@revalidated
def cookies() -> Response:
    """The cookies that are set, and no others are."""
    return show("about/cookies.html", session_cookie=current_app.session_interface.cookie)  # type: ignore[attr-defined]


class ContactForm(OnceForm):
    """What somebody wants to say to the coordinators, and where they want an answer."""

    text = Text(
        lazy(_("Your message")),
        description=lazy(_("If it is about a page, give its address.")),
        most=LONGEST_MESSAGE,
        render_kw={"rows": 8},
    )
    address = Line(
        lazy(_("Your e-mail address, if you want an answer")),
        description=lazy(_("The coordinators see it, and nobody else.")),
        validators=[AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "email", "spellcheck": False}},
    )


@blueprint.route("/contact", methods=["GET", "POST"])
@anyone
def contact() -> Response:
    """How to reach whoever runs this Pipeline: a form that goes to the coordinators."""
    form: Any = ContactForm()
    values: dict[str, Any] = {"contact_address": _contact_address(), "operator": None}
    status = status_of_form()
    if form.is_sent():
        attempt = try_once("contact", "")
        if attempt.wait_until is not None:
            return slowed(form, "about/contact.html", attempt.wait_until, **values)
        key = key_of_form(form.idempotency_key.data, {"text": form.text.data, "address": form.address.data})
        try:
            with begin_work(key) as work:
                write_to_site(work, text=form.text.data, address=form.address.data)
                keep_answer(work.session, key, "")
        except AlreadyDone:
            return redirect(url_for("about.contact_sent"), 303)  # type: ignore[return-value]
        except RuleBroken as refusal:
            status = problems_onto(form, refusal)
        else:
            return redirect(url_for("about.contact_sent"), 303)  # type: ignore[return-value]
    return show("about/contact.html", status, form=form, **values)


@blueprint.get("/contact/sent")
@anyone
def contact_sent() -> Response:
    """A message is on its way."""
    return show("about/contact_sent.html")


def _contact_address() -> str | None:
    return current_app.config["SETTINGS"].contact_address or None
