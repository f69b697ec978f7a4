"""The blueprint of all pages of accounts. None of them is kept by a browser or names its address to another site."""

from flask import Blueprint, Response

blueprint = Blueprint("accounts", __name__)


@blueprint.after_request
def keep_nowhere(response: Response) -> Response:
    """Addresses with one-time links, and what one's own account holds, stay in this window."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer" if response.mimetype == "text/html" else "same-origin"
    return response
