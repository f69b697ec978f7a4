"""Pages about Pipeline itself: help, accessibility, privacy, cookies, contact."""

from flask import Blueprint, Response, current_app

from pipeline.http.entry import anyone
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


@blueprint.get("/contact")
@anyone
@revalidated
def contact() -> Response:
    """How to reach whoever runs this Pipeline."""
    return show("about/contact.html", contact_address=_contact_address(), operator=None)


def _contact_address() -> str | None:
    return current_app.config["SETTINGS"].contact_address or None
