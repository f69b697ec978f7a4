"""The pages. One module a subject; each page finds, asks, carries out and shows, and decides nothing."""

from flask import Flask, g, request
from flask_wtf.csrf import CSRFProtect

from config import Settings
from pipeline.http.identity import current_identity
from pipeline.http.security import CHANGES
from pipeline.web.errors import is_api, prepare_errors
from pipeline.web.rendering import prepare_templates

csrf = CSRFProtect()

BY_ONE_CLICK = frozenset({"notices.unsubscribe"})
"""What a mail program posts by itself (RFC 8058): the token in the address stands for the officer, and for the form."""


def prepare_web(app: Flask, settings: Settings) -> None:
    """Register the pages, their templates, their errors and the protection of their forms."""
    from pipeline.web import blueprints

    csrf.init_app(app)
    prepare_templates(app, settings)
    prepare_errors(app)
    app.before_request(check_form_token)
    for blueprint in blueprints.all_blueprints(settings):
        app.register_blueprint(blueprint)


def check_form_token() -> None:
    """Before every change by a page that there is: the form carries its token. Raises CSRFError.

    The routes under /api are not for browsers: they look at no cookie, so there is nothing to forge.
    """
    if request.endpoint in BY_ONE_CLICK:
        return
    if request.method in CHANGES and request.url_rule is not None and not is_api():
        csrf.protect()
        token = request.form.get("csrf_token")
        if token and current_identity() is not None:
            # The officer's token has just been found right: forms on the answer carry it on, without signing it anew.
            g.csrf_token = token


__all__ = ["csrf", "prepare_web"]
