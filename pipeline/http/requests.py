"""What every request gets, whichever door it came by: an id, a line in the log, and the same checks of its shape."""

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes

import orjson
from flask import Flask, Response, abort, current_app, g, request
from werkzeug.exceptions import BadRequest, MethodNotAllowed, RequestEntityTooLarge

from pipeline.kernel.ids import new_id
from pipeline.kernel.text import is_storable

MOST_BODY = 1_000_000
MOST_BODY_OF_DOCUMENT = 4_000_000
"""Bytes of a body that holds a whole document, as a browser writes letters other than English ones."""

MOST_FORM_FIELDS = 500
MOST_QUERY = 4_000
MOST_FORM_MEMORY = 500_000
WITHOUT_BODY = ("GET", "HEAD", "OPTIONS", "DELETE")

log = logging.getLogger("pipeline.requests")

View = TypeVar("View", bound=Callable[..., Any])


def takes_up_to(most_bytes: int) -> Callable[[View], View]:
    """Declare that a route takes larger bodies than others: a whole document, or a file. Stands under who may enter."""

    def declare(view: View) -> View:
        view.most_body = most_bytes  # type: ignore[attr-defined]
        return view

    return declare


def _most_body() -> int:
    """How many bytes the body of this request may have."""
    most: int = getattr(current_app.view_functions.get(request.endpoint or ""), "most_body", MOST_BODY)
    if most != MOST_BODY:
        request.max_content_length = request.max_form_memory_size = most
    return most


def prepare_requests(app: Flask) -> None:
    """Give every request its id and its line in the log, and refuse shapes nobody needs."""
    app.config["MAX_CONTENT_LENGTH"] = MOST_BODY
    app.config["MAX_FORM_PARTS"] = MOST_FORM_FIELDS
    app.config["MAX_FORM_MEMORY_SIZE"] = MOST_FORM_MEMORY
    app.before_request(_begin)
    app.before_request(_check_shape)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()
    request_id()


def request_id() -> str:
    """The id of the request: in the answer, in the log, and in a problem's `instance`."""
    if "request_id" not in g:
        g.request_id = str(new_id())
    kept: str = g.request_id
    return kept


def _check_shape() -> None:
    """Refuse text no database can keep, over-long addresses, and bodies where none is taken.

    A path with broken UTF-8 arrives with replacement characters, a query with its bytes still quoted: both are refused,
    not stored.
    """
    query = request.query_string
    if len(query) > MOST_QUERY:
        abort(414)
    if not is_storable(request.path) or "\ufffd" in request.path or (query and not _is_readable(query)):
        raise BadRequest("The address holds characters that cannot be read.")
    if request.method in WITHOUT_BODY:
        has_body = request.content_length or request.environ.get("HTTP_TRANSFER_ENCODING")
        if has_body and not isinstance(request.routing_exception, MethodNotAllowed):
            raise BadRequest("This address takes no body.")
    elif (most := _most_body()) and (request.content_length or 0) > most:
        if request.path.startswith("/api/"):
            raise BadRequest(f"The body is larger than {most // 1_000_000} MB.")
        raise RequestEntityTooLarge()
    elif not _is_readable_form():
        raise BadRequest("The form holds characters that cannot be kept.")


def _is_readable_form() -> bool:
    """Whether every field is text that can be kept. Werkzeug itself would take broken UTF-8 for `%FF` or for U+FFFD."""
    if request.mimetype == "application/x-www-form-urlencoded":
        return _is_readable(request.get_data())
    fields = request.form.items(multi=True)
    return all(is_storable(text) and "\ufffd" not in text for field in fields for text in field)


def _is_readable(query: bytes) -> bool:
    try:
        return is_storable(unquote_to_bytes(query).decode())
    except UnicodeDecodeError:
        return False


def _officer() -> str | None:
    caller = g.get("identity") or g.get("bearer")
    return str(caller.officer_id) if caller else None


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if log.isEnabledFor(logging.INFO):
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": g.request_id,
            "channel": "api" if request.path.startswith("/api") else "web",
            "method": request.method,
            "endpoint": request.endpoint,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else None,
            "officer": _officer(),
        }
        # Made here, because `log.info` would first look up from where it was called.
        log.handle(logging.LogRecord(log.name, logging.INFO, __file__, 0, orjson.dumps(line).decode(), None, None))
    return response
