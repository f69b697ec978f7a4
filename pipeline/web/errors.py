"""How the pages refuse: one kind page for every refusal, with what to do next and the request's id."""

import logging

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from pipeline.db.engine import database
from pipeline.http.entry import SignInNeeded
from pipeline.http.language import say
from pipeline.http.problems import answer_http_error, answer_problem, answer_refusal
from pipeline.http.requests import request_id
from pipeline.http.security import EMBEDS
from pipeline.http.statuses import status_of
from pipeline.kernel.errors import Conflict, Refusal
from pipeline.kernel.translation import LANGUAGES, translations
from pipeline.web.rendering import show
from pipeline.web.saved import keep_what_was_typed

log = logging.getLogger(__name__)

LAST_PAGES = "pipeline_last_pages"
DATABASE_DOWN = "pipeline_database_down"
"""Where the application keeps the errors of a database that does not answer."""

PLACE_OF_ID = "00000000-0000-0000-0000-000000000000"


def prepare_errors(app: Flask) -> None:
    """Register what answers when a page cannot."""
    app.register_error_handler(Refusal, on_refusal)
    app.register_error_handler(SignInNeeded, on_sign_in_needed)
    app.register_error_handler(CSRFError, on_stale_form)
    app.register_error_handler(HTTPException, on_http_error)
    app.extensions[DATABASE_DOWN] = _errors_of_the_database(app)
    for is_down in app.extensions[DATABASE_DOWN]:
        app.register_error_handler(is_down, on_database_down)
    app.register_error_handler(DBAPIError, on_database_refusal)
    app.register_error_handler(Exception, on_unexpected)
    app.extensions[LAST_PAGES] = make_last_pages(app)


def _errors_of_the_database(app: Flask) -> tuple[type[Exception], ...]:
    """A database that does not answer, as SQLAlchemy says it and, where a hot read asks the driver itself, as it does.
    Only the driver that is used is loaded: the other takes six megabytes of every process."""
    with app.app_context():
        return (OperationalError, database.engine.dialect.loaded_dbapi.OperationalError)


def make_last_pages(app: Flask) -> dict[tuple[str, int], str]:
    """The pages for 500 and 503 in both languages, made once at the start: they need no session and no database."""
    asset = app.jinja_env.globals["asset"]
    template = app.jinja_env.get_template("errors/static.html")
    pages = {}
    for language in LANGUAGES:
        gettext, ngettext = translations(language)
        for status in (500, 503):
            pages[language, status] = template.render(
                gettext=gettext, ngettext=ngettext, language=language, root="/cy" if language == "cy" else "",
                status=status, request_id=PLACE_OF_ID, stylesheet=asset("pipeline.css"), favicon=asset("favicon.svg"),  # type: ignore[operator]
            )  # fmt: skip
    return pages


def last_page(status: int) -> Response:
    """A page that was made at the start, for when nothing else works."""
    page = current_app.extensions[LAST_PAGES][request.environ.get("pipeline.language", "en"), status]
    response = Response(page.replace(PLACE_OF_ID, request_id()), status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def is_api() -> bool:
    """Whether the request came to the JSON API."""
    return request.path == "/api" or request.path.startswith("/api/")


def on_refusal(refusal: Refusal) -> Response:
    """A refusal nobody caught: the page says why and what can be done."""
    if is_api():
        return answer_refusal(refusal)
    status = status_of(refusal)
    allowed = refusal.allowed if isinstance(refusal, Conflict) else ()
    return error_page(status, [say(problem.words) for problem in refusal.problems], allowed)


def on_sign_in_needed(_error: SignInNeeded) -> Response:
    """Somebody who is not signed in: what they typed is kept, and they are brought back after signing in."""
    if is_api():
        return answer_problem(401, "request.not_signed_in")
    keep_what_was_typed()
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("accounts.sign_in", next=f"{request.script_root}{here}"), 303)  # type: ignore[return-value]


def on_stale_form(error: CSRFError) -> Response:
    """A form without its token: the page was open too long, or cookies are off."""
    if is_api():
        return answer_problem(400, "request.malformed")
    if getattr(session, "has_ended", False):
        return on_sign_in_needed(SignInNeeded())
    return error_page(400, [], kind="stale_form")


def on_http_error(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse: no such page, wrong method, too large."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, current_app.extensions[DATABASE_DOWN]):
        return on_database_down(cause)
    if is_api():
        return answer_http_error(error)
    words = getattr(error, "words", None)
    response = error_page(error.code, [say(words)] if words is not None else [])
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def on_database_down(error: Exception) -> Response:
    """The database cannot be reached or is too busy: nothing was done, and trying again may work."""
    log.error("database did not answer, request %s", request_id(), exc_info=error)
    if is_api():
        return answer_problem(503, "service.unavailable")
    response = last_page(503)
    response.headers["Retry-After"] = "5"
    return response


def on_database_refusal(error: DBAPIError) -> Response:
    """A database error no action turned into a rule."""
    return on_unexpected(error)


def on_unexpected(error: Exception) -> Response:
    """A mistake of ours. The page says so and gives the request's id; the log has the rest."""
    log.error("request %s failed", request_id(), exc_info=error)
    if is_api():
        return answer_problem(500, "service.failed")
    return last_page(500)


def error_page(status: int, sentences: list[str], allowed: tuple[str, ...] = (), kind: str = "") -> Response:
    """A page that says what went wrong and what to do."""
    g.pop("untranslated", None)
    try:
        return show(
            "embeds/missing.html" if request.path.startswith(EMBEDS) else "errors/error.html",
            status,
            status=status,
            sentences=sentences,
            allowed=allowed,
            kind=kind,
            request_id=request_id(),
        )
    except Exception:
        log.exception("the error page failed, request %s", request_id())
        return last_page(500)
