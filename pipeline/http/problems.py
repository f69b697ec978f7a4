"""How the API refuses: problem details (RFC 9457), whose type is an address that explains it."""

from collections.abc import Iterator
from typing import Any

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException, SecurityError

from pipeline.db.idempotency import StillWorking
from pipeline.http.identity import REALM, ScopeMissing, TokenRefused
from pipeline.http.language import say_in_english
from pipeline.http.preconditions import StaleVersion
from pipeline.http.requests import request_id
from pipeline.http.statuses import status_of
from pipeline.kernel.errors import Conflict, Refusal
from pipeline.kernel.words import Words, _

CODES = {"json": "request.member"}
"""What is wrong with one thing that was sent, by where it stood: a member of the body, else a parameter."""

REQUEST_PROBLEMS: dict[int, tuple[str, Words]] = {
    400: ("request.malformed", Words(_("The request cannot be read."))),
    401: ("request.not_signed_in", Words(_("This needs a token."))),
    403: ("request.not_allowed", Words(_("This is not allowed."))),
    404: ("request.not_found", Words(_("There is nothing at this address that you can see."))),
    405: ("request.method_not_allowed", Words(_("This address does not take this method."))),
    406: ("request.not_acceptable", Words(_("The answer is not to be had in the form asked for."))),
    408: ("request.timeout", Words(_("The request took too long to arrive."))),
    410: ("request.gone", Words(_("What was here has been removed."))),
    413: ("request.too_large", Words(_("The request is too large."))),
    414: ("request.address_too_long", Words(_("The address is too long."))),
    415: ("request.media_type", Words(_("The body must be JSON."))),
    416: ("request.range", Words(_("The file is shorter than the part that was asked for."))),
    422: ("request.breaks_rule", Words(_("What was sent breaks a rule."))),
    429: ("request.too_many", Words(_("Too many requests. Wait, and try again."))),
    500: ("service.failed", Words(_("Something went wrong here. It has been logged under the request's id."))),
    501: ("request.not_implemented", Words(_("The answer is not made in that format."))),
    503: ("service.unavailable", Words(_("The service is not available for the moment. Try again soon."))),
}
"""Problems of the request itself, by status. Those of the trade have codes of their own."""


def answer_problem(
    status: int,
    code: str | None = None,
    *,
    error: HTTPException | None = None,
    title: str | None = None,
    detail: str | None = None,
    errors: list[dict[str, Any]] | None = None,
    allowed: list[str] | None = None,
    **more: Any,
) -> Response:
    """A problem as JSON, with `more` members. Headers of the status (Allow, Retry-After) are kept from `error`."""
    known_code, words = REQUEST_PROBLEMS.get(status, REQUEST_PROBLEMS[400])
    code = code or known_code
    body: dict[str, Any] = {
        "type": f"{current_app.config['PUBLIC_URL']}/problems/{code}",
        "title": title or say_in_english(words),
        "status": status,
        "instance": f"urn:request:{request_id()}",
    }
    if detail:
        body["detail"] = detail
    if allowed is not None:
        body["allowed"] = allowed
    if errors:
        body["errors"] = errors
    body |= more
    response = Response(orjson.dumps(body), status, mimetype="application/problem+json")
    for name, value in error.get_headers(request.environ) if error is not None else ():
        if name.lower() in ("allow", "retry-after", "www-authenticate", "content-range"):
            response.headers[name] = value
    if status == 401:
        response.headers["WWW-Authenticate"] = REALM
    if status == 503:
        response.headers["Retry-After"] = "5"
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_refusal(refusal: Refusal) -> Response:
    """A refusal of the trade as a problem, with every problem it carries."""
    errors = [
        {"pointer": f"/{one.field}" if one.field else "", "code": one.code, "detail": say_in_english(one.words)}
        for one in refusal.problems
    ]
    allowed = list(refusal.allowed) if isinstance(refusal, Conflict) else None
    words = say_in_english(refusal.words)
    more: dict[str, Any] = {"current_etag": refusal.etag} if isinstance(refusal, StaleVersion) else {}
    response = answer_problem(
        status_of(refusal), refusal.code, title=words, detail=words, errors=errors, allowed=allowed, **more
    )
    if isinstance(refusal, TokenRefused | ScopeMissing):
        response.headers["WWW-Authenticate"] = refusal.challenge
    if isinstance(refusal, StillWorking):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def answer_http_error(error: HTTPException) -> Response:
    """What Flask, Werkzeug or the parsing of what was sent refused, as a problem; each wrong parameter or member of the
    body is named."""
    status = error.code or 500
    messages = getattr(error, "data", None) or {}
    errors = [
        {"pointer": pointer, "code": CODES.get(place, "request.parameter"), "detail": " ".join(said)}
        for place, found in messages.get("messages", {}).items()
        for pointer, said in _pointed(found)
    ]
    detail = f"{errors[0]['pointer'].lstrip('/')}: {errors[0]['detail']}".lstrip(": ") if errors else _detail_of(error)
    return answer_problem(status, error=error, detail=detail, errors=errors)


def _detail_of(error: HTTPException) -> str | None:
    """What we ourselves said of it; Werkzeug's own sentences speak of servers and browsers, or repeat a forged host."""
    if isinstance(error, SecurityError) or error.description == type(error).description:
        return None
    return error.description or None


def _pointed(found: Any, pointer: str = "") -> Iterator[tuple[str, list[str]]]:
    """Where in what was sent something is wrong, as a JSON Pointer (RFC 6901), and what is said of it."""
    if isinstance(found, dict):
        for name, said in found.items():
            place = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _pointed(said, pointer + place)
    else:
        yield pointer, [str(found)] if isinstance(found, str) else [str(sentence) for sentence in found]
