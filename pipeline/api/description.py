"""What the OpenAPI file says besides what the schemas say: who, under which licence, and what every answer carries."""

import hashlib
import re
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, request

from pipeline.api.base import PUBLIC_FOR_A_WHILE
from pipeline.api.root import LICENCE, VERSION
from pipeline.http.entry import anyone

blueprint = Blueprint("api_description", __name__, url_prefix="/api/v1")
_VALUE = re.compile(r"<(?:\w+:)?(\w+)>")
KEPT = "pipeline_api_description"
"""Where the application keeps its description: the page for developers shows the same."""

INTRODUCTION = """\
Everything the public can read on Pipeline, as JSON, without a key.

One thing is `{"data": {…}}`. A list is `{"data": […], "links": {…}, "page": {…}}`: follow `links.next`, which the
`Link` header mirrors, and do not make cursors of your own. Parameters are strict: an unknown one, a malformed one, or
one given twice is a 400 that names it. Refusals are `application/problem+json`; their `type` is an address that
explains them.

Money is whole pence (pounds sterling), officer time whole half-days; the two are never added. Times are UTC. Every
answer has an `ETag`: send it back in `If-None-Match`. New members and new values may appear in any release: pass over
what you do not know. People appear only where they chose to be named; do not keep names longer than we do.
"""

HEADERS = {
    "ETag": "The mark of this representation, for If-None-Match",
    "Link": "Lists only: the links of the body (RFC 8288)",
    "X-Request-Id": "The id of this request",
    "RateLimit": "How many requests are left, and for how many seconds",
    "RateLimit-Policy": "How many requests an address may make",
}
REFUSALS = {
    "400": "The request is malformed, or a parameter is unknown, wrong or given twice",
    "404": "There is nothing there that the public can see",
    "405": "The address does not take this method; Allow says which it takes",
    "429": "Too many requests from this address; Retry-After says how long to wait",
    "default": "Any other refusal",
}


def keep_description(app: Flask, description: dict[str, Any]) -> None:
    """Complete the description once, and serve it."""
    app.extensions[KEPT] = complete(description, app.config["PUBLIC_URL"], _names(app))
    app.register_blueprint(blueprint)


def _names(app: Flask) -> dict[str, str]:
    """The names of operations, which are those of their functions, by path as OpenAPI writes it."""
    return {_VALUE.sub(r"{\1}", rule.rule): rule.endpoint.rsplit(".", 1)[-1] for rule in app.url_map.iter_rules()}


@blueprint.get("/openapi.json")
@anyone
def describe() -> Response:
    """The description of the API, in OpenAPI 3.1."""
    response = Response(orjson.dumps(current_app.extensions[KEPT]), mimetype="application/json")
    response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:16])
    response.make_conditional(request)
    return response


def complete(description: dict[str, Any], public_url: str, names: dict[str, str]) -> dict[str, Any]:
    """Add to the description of the API what is the same for all of it. `names` are those of operations, by path."""
    description["info"] = {
        "title": "Pipeline",
        "version": VERSION,
        "summary": "Where councils post projects, pledge to each other's, and share what they learn.",
        "description": INTRODUCTION,
        "license": LICENCE,
    }
    description["servers"] = [{"url": public_url}]
    description["components"].pop("responses", None)
    description["components"]["schemas"].pop("PaginationMetadata", None)
    for schema in description["components"]["schemas"].values():
        schema.pop("additionalProperties", None)  # any release may add members
    for tag in description.get("tags", []):
        tag["name"] = _plain(tag["name"])
    for path, operations in description["paths"].items():
        operation = operations["get"]
        operation["operationId"] = names[path]
        operation["tags"] = [_plain(tag) for tag in operation.get("tags", [])]
        operation["responses"] = _responses(operation["responses"]["200"], path)
        _say_only_what_can_be_sent(operation)
        if any(parameter.get("name") == "fields" for parameter in operation["parameters"]):
            _let_members_be_left_out(operation, description["components"]["schemas"])
    return description


def _responses(success: dict[str, Any], path: str) -> dict[str, Any]:
    headers = {name: {"description": words, "schema": {"type": "string"}} for name, words in HEADERS.items()}
    success |= {"description": "What was asked for", "headers": headers}
    responses = {
        "200": success,
        "304": {"description": "Not changed since the answer whose ETag was sent in If-None-Match"},
    }
    if "{slug}" in path or "{code}" in path:
        responses["308"] = {"description": "It has another slug or code now; Location says which"}
    refusals = {status: words for status, words in REFUSALS.items() if status != "404" or "{" in path}
    return responses | {status: _refusal(words) for status, words in refusals.items()}


def _refusal(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {"application/problem+json": {"schema": schema}}}


def _say_only_what_can_be_sent(operation: dict[str, Any]) -> None:
    """A parameter that is left out is None inside, and has no way to be null in an address."""
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        if schema.get("default", 0) in ("", None):
            del schema["default"]
        if isinstance(schema.get("type"), list):
            (schema["type"],) = (one for one in schema["type"] if one != "null")
        if "enum" in schema:
            schema["enum"] = [one for one in schema["enum"] if one is not None]


def _let_members_be_left_out(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Say that a thing can come without some members, because `fields` can ask for fewer."""
    answered = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    data = schemas[answered.rsplit("/", 1)[1]]["properties"]["data"]
    thing = schemas[data.get("items", data)["$ref"].rsplit("/", 1)[1]]
    if thing.pop("required", None):
        words = thing.get("description", "").strip()
        thing["description"] = f"{words} Every member is there unless `fields` asks for fewer.".strip()


def _plain(tag: str) -> str:
    return tag.removeprefix("api_")
