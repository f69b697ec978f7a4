"""What every resource of the API shares: strict parameters, lean answers, ETags, pages of lists."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

import marshmallow as ma
import orjson
from flask import Flask, Request, Response, current_app, g, redirect, request
from flask_smorest import Api as SmorestApi
from flask_smorest import Blueprint as SmorestBlueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import HTTPException

from pipeline import RELEASE
from pipeline.api.bodies import strict_body
from pipeline.http.marks import public_mark
from pipeline.http.security import KEPT_BY_ONE, PUBLIC_FOR_A_WHILE

NOT_KEPT = "no-cache"
MOST_ROWS = 100
USUAL_ROWS = 50
MOST_COUNTED = 10_000


class StrictParser(FlaskParser):
    """Wrong parameters and members of a body are 400, unknown ones too: nothing passes silently."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012

    def load_querystring(self, req: Request, schema: ma.Schema) -> dict[str, str]:
        """The parameters of an address, as a plain dict: the library's own proxy costs more than reading them."""
        doubled = [name for name, values in req.args.lists() if len(values) > 1]
        if doubled:
            raise ma.ValidationError({name: ["Give this once."] for name in doubled})
        return req.args.to_dict()

    def load_json(self, req: Request, schema: ma.Schema) -> Any:
        """The body, read strictly (`bodies.py`)."""
        return strict_body(req, is_list=schema.many)


class ProblemSchema(ma.Schema):
    """Problem details (RFC 9457)."""

    type = ma.fields.Url(required=True, metadata={"description": "An address that explains this kind of problem"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String()
    instance = ma.fields.String(metadata={"description": "The request's id, as in X-Request-Id"})
    allowed = ma.fields.List(ma.fields.String())
    errors = ma.fields.List(ma.fields.Dict())


class Blueprint(SmorestBlueprint):
    """A subject of the API under /api/v1."""

    ARGUMENTS_PARSER = StrictParser()

    def arguments(self, schema: type[ma.Schema] | ma.Schema, **kwargs: Any) -> Callable[..., Any]:
        """Take parameters by a schema. It is made once: making it on each request costs more than reading them."""
        made = schema() if isinstance(schema, type) else schema
        decorator: Callable[..., Any] = super().arguments(made, **kwargs)
        return decorator


class Api(SmorestApi):
    """Describes errors as problems, and leaves answering them to the handlers that pages and API share."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE: str

    def _register_error_handlers(self) -> None:
        """None of its own: `web/errors.py` registers one handler for each kind of error."""

    def _register_responses(self) -> None:
        usual = self.DEFAULT_RESPONSE_CONTENT_TYPE
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
        try:
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = usual


class StrictInteger(ma.fields.Integer):
    """A whole number in plain ASCII digits, as it stands in an address: no `1_000`, no sign, no full-width digits."""

    default_error_messages = {"invalid": "Give a whole number in plain digits."}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) < 16):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class StrictBoolean(ma.fields.Boolean):
    """`true` or `false`, and nothing like them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value not in ("true", "false"):
            raise ma.ValidationError("Give true or false.")
        return value == "true"


class Parameters(ma.Schema):
    """Parameters in an address. Each may be given once."""

    error_messages = {"unknown": "This address takes no such parameter."}  # noqa: RUF012

    def load(self, data: Any, **settings: Any) -> Any:
        """Read what was given; defaults stand for the rest. Asking each absent field of a long list for its default
        costs more than reading the few that are there."""
        fields = self.load_fields.items()
        if any(field.required for _name, field in fields):
            return super().load(data, **settings)
        defaults = {name: field.load_default for name, field in fields if field.load_default is not ma.missing}
        return defaults | super().load(data, partial=True, **settings)


class NoParameters(Parameters):
    """An address that takes no parameters."""


class ListParameters(Parameters):
    """What every list takes."""

    limit = StrictInteger(
        load_default=USUAL_ROWS,
        validate=ma.validate.Range(1, MOST_ROWS),
        metadata={"description": "Rows on a page, 1 to 100"},
    )
    cursor = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(max=1000),
        metadata={"description": "From a link of an earlier page"},
    )
    include_total = StrictBoolean(load_default=False, metadata={"description": "Count the rows, exactly up to 10,000"})


class LinksSchema(ma.Schema):
    """Links of a list."""

    self = ma.fields.String(required=True)
    next = ma.fields.String(required=True, allow_none=True)
    prev = ma.fields.String(required=True, allow_none=True)


class PageSchema(ma.Schema):
    """Which page of a list this is."""

    limit = ma.fields.Integer(required=True)
    has_more = ma.fields.Boolean(required=True)
    total = ma.fields.Integer(metadata={"description": "With include_total, up to 10,000"})
    total_at_least = ma.fields.Integer(metadata={"description": "With include_total, where there are more"})


@cache
def thing_schema(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The description of one thing: `{"data": {…}}`."""
    return ma.Schema.from_dict(
        {"data": ma.fields.Nested(schema, required=True)}, name=schema.__name__.removesuffix("Schema") + "Answer"
    )


@cache
def list_schema(schema: type[ma.Schema]) -> type[ma.Schema]:
    """The description of a list: `{"data": […], "links": {…}, "page": {…}}`."""
    parts = {
        "data": ma.fields.List(ma.fields.Nested(schema), required=True),
        "links": ma.fields.Nested(LinksSchema, required=True),
        "page": ma.fields.Nested(PageSchema, required=True),
    }
    return ma.Schema.from_dict(parts, name=schema.__name__.removesuffix("Schema") + "List")


def answer(body: Any, *, etag: str | None = None, cache: str = PUBLIC_FOR_A_WHILE, status: int = 200) -> Response:
    """A JSON answer with its strong ETag; 304 without a body where the caller has it already."""
    if etag is not None and request.if_none_match.contains(etag):
        response = Response(status=304)
    else:
        response = Response(orjson.dumps(body), status, mimetype="application/json")
    if etag is not None:
        response.headers["ETag"] = f'"{etag}"'
    response.headers["Cache-Control"] = cache
    return response


def not_modified(etag: str) -> Response | None:
    """The 304 for a caller who has what `etag` names; None where the answer has to be made."""
    return answer(None, etag=etag) if request.if_none_match.contains(etag) else None


def list_etag() -> str:
    """The ETag of any list: the last event that changed what the public reads, and the release."""
    return f"{public_mark()}.{RELEASE}"


def own_etag(body: Any) -> str:
    """The ETag of what only the caller sees: a hash of it, as nothing public says when it changes."""
    return hashlib.sha256(orjson.dumps(body)).hexdigest()[:24]


def row_etag(version: int, revision: int) -> str:
    """The ETag of one thing."""
    return f"{version}.{revision}.{RELEASE}"


def page_of(
    rows: Sequence[Any],
    *,
    limit: int,
    next_cursor: str | None,
    prev_cursor: str | None = None,
    total: int | None = None,
) -> dict[str, Any]:
    """The body of a list: the rows, the links to itself and the pages round it, and what page it is.

    `total` past 10,000 is said as "at least".
    """
    page: dict[str, Any] = {"limit": limit, "has_more": next_cursor is not None}
    if total is not None:
        page.update({"total_at_least": MOST_COUNTED} if total > MOST_COUNTED else {"total": total})
    links = {
        "self": own_address(),
        "next": own_address(next_cursor) if next_cursor else None,
        "prev": own_address(prev_cursor) if prev_cursor else None,
    }
    return {"data": rows, "links": links, "page": page}


def own_address(cursor: str | None = None, name: str = "cursor") -> str:
    """The address that was asked for, with another cursor."""
    base: str = current_app.config["PUBLIC_URL"]
    if cursor is None:
        query = request.query_string.decode("ascii", "ignore")
    else:
        query = urlencode({**request.args.to_dict(), name: cursor})
    return f"{base}{request.path}{'?' + query if query else ''}"


def moved_to(path: str) -> Response:
    """Lead for good to another address of the API, with what was asked for (308)."""
    query = request.query_string.decode("ascii", "ignore")
    address = f"{current_app.config['PUBLIC_URL']}/api/v1{path}{'?' + query if query else ''}"
    moved: Response = redirect(address, 308)  # type: ignore[assignment]
    moved.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    return moved


def link_header(body: dict[str, Any]) -> str:
    """The links of a list as a Link header (RFC 8288)."""
    return ", ".join(f'<{address}>; rel="{rel}"' for rel, address in body["links"].items() if address)


def answer_list(body: dict[str, Any], etag: str | None, cache: str = PUBLIC_FOR_A_WHILE) -> Response:
    """A list as an answer; the Link header mirrors its links."""
    response = answer(body, etag=etag, cache=cache)
    if response.status_code == 200:
        response.headers["Link"] = link_header(body)
    return response


def prepare_reading(app: Flask) -> None:
    """See that what a token reads only its owner keeps."""

    @app.after_request
    def keep_by_owner(response: Response) -> Response:
        if g.get("bearer") is not None and response.status_code < 400:
            response.headers["Cache-Control"] = KEPT_BY_ONE
        return response


__all__ = ["Api", "Blueprint", "Callable", "HTTPException"]
