"""Addresses of the API that will go: each answer says since when they are deprecated, until when they work, and what
to use instead.

    @blueprint.route("/old")
    @anyone
    @deprecated(since=date(2027, 1, 4), until=date(2027, 7, 5), instead="/developers#new")

`Deprecation` is of RFC 9745, `Sunset` of RFC 8594. An address works to its last day, at least six months.
"""

from calendar import timegm
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.http import http_date

View = TypeVar("View", bound=Callable[..., Any])
LEAST_NOTICE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Deprecated:
    """From which day an address is deprecated, its last day, and the path of what explains what to use instead."""

    since: date
    until: date
    instead: str


def deprecated(*, since: date, until: date, instead: str) -> Callable[[View], View]:
    """Declare that a route will go. Stands under who may enter. Raises ValueError for less than half a year."""
    if until - since < LEAST_NOTICE:
        raise ValueError(f"{since} to {until} is less notice than {LEAST_NOTICE.days} days")

    def declare(view: View) -> View:
        view.deprecated = Deprecated(since, until, instead)  # type: ignore[attr-defined]
        return view

    return declare


def prepare_deprecation(app: Flask) -> None:
    """Say on every answer of a deprecated route that it is, refusals included."""

    @app.after_request
    def warn(response: Response) -> Response:
        view = current_app.view_functions.get(request.endpoint or "")
        declared: Deprecated | None = getattr(view, "deprecated", None)
        if declared is not None:
            response.headers["Deprecation"] = f"@{timegm(declared.since.timetuple())}"
            response.headers["Sunset"] = http_date(declared.until + timedelta(days=1))
            page = f"{current_app.config['PUBLIC_URL']}{declared.instead}"
            links = [response.headers.get("Link", ""), f'<{page}>; rel="deprecation"; type="text/html"']
            response.headers["Link"] = ", ".join(filter(None, links))
        return response
