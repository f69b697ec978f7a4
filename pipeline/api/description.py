"""What the OpenAPI file says besides what the schemas say: who, under which licence, and what every answer carries."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, request

from pipeline.accounts.tokens import Scope
from pipeline.api.bodies import JSON, MERGE_PATCH, MOST_ITEMS
from pipeline.api.root import LICENCE, VERSION
from pipeline.api.sent import webhooks_described
from pipeline.http.entry import Entry, anyone
from pipeline.http.security import PUBLIC_FOR_A_WHILE

blueprint = Blueprint("api_description", __name__, url_prefix="/api/v1")
_VALUE = re.compile(r"<(?:\w+:)?(\w+)>")
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")
METHODS = {"get", "post", "put", "patch", "delete"}
KEPT = "pipeline_api_description"
"""Where the application keeps its description: the page for developers shows the same."""

INTRODUCTION = """\
Everything the public can read on Pipeline, as JSON, without a key; and what councils do here, with a token.

One thing is `{"data": {…}}`. A list is `{"data": […], "links": {…}, "page": {…}}`: follow `links.next`, which the
`Link` header mirrors, and do not make cursors of your own. Parameters are strict: an unknown one, a malformed one, or
one given twice is a 400 that names it. Refusals are `application/problem+json`; their `type` is an address that
explains them.

Money is whole pence (pounds sterling), officer time whole half-days; the two are never added. Times are UTC. Every
answer has an `ETag`: send it back in `If-None-Match`. New members and new values may appear in any release: pass over
what you do not know. People appear only where they chose to be named; do not keep names longer than we do.

An officer makes a token on their account's page, for one council and with scopes. Send it as
`Authorization: Bearer pln_…`, never in an address. It may do what its officer may do, and no more than its scopes say.
A change takes a JSON object: an unknown member is a 400 that names it, what breaks a rule a 422, what does not fit the
present state a 409 whose `allowed` says what does. Send an `Idempotency-Key` of your own with each POST: the same
request sent again is not done again, and gives the same answer with `Idempotency-Replayed: true`, for seven days. An
edit needs `If-Match` with the `ETag` you read.

Instead of asking again and again, a program can be told: a webhook of its council is sent each public event as it
happens, signed by Standard Webhooks 1.0 (`webhooks` below).
"""
SECURITY = "token"
"""The name of the one way to say who asks."""

HEADERS = {
    "ETag": "The mark of this representation, for If-None-Match",
    "Link": "Lists only: the links of the body (RFC 8288)",
    "X-Request-Id": "The id of this request",
    "RateLimit": "How many requests are left, and for how many seconds",
    "RateLimit-Policy": "How many requests an address may make",
}
REFUSALS = {
    "400": "The request is malformed, or a parameter is unknown, wrong or given twice",
    "401": "The token does not work, or none was sent where one is needed",
    "403": "The token lacks the scope, or its officer may not do this",
    "404": "There is nothing there that the caller can see",
    "405": "The address does not take this method; Allow says which it takes",
    "429": "Too many requests from this address or token; Retry-After says how long to wait",
    "default": "Any other refusal",
}
OF_CHANGES = {
    "400": "The body is not strict JSON, or a member is unknown, missing or misshapen: each is named",
    "409": "It does not fit the present state; allowed says what does",
    "415": "The body is not JSON",
    "422": "What was sent breaks a rule",
}
OF_EDITS = {
    "412": "Somebody changed it since; current_etag is the ETag it has now",
    "428": "If-Match is missing",
}
OF_SOME = ("406", "410", "416", "503")
"""Refusals that only some operations know; each says of itself when."""
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 255 visible ASCII characters of your own: the same request sent again is not done again",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "0b7d9f0e-offer-1",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of what you read and edit",
    "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}\.[0-9]{1,9}\.[0-9A-Za-z-]{1,20}"$'},
    "example": '"1.2.2026-11"',
}

PLACES = {
    "project": "A project's slug or id; one that it had before leads to it",
    "slug": "A slug or id",
    "code": "A council's slug, GSS code or id; one that it had before leads to it",
    "number": "The number of a version",
}
"""What stands in the places of addresses; every other place holds an id."""

NAMES = "x-names"
"""How a field of our schemas says which names its members may have: the library that describes them knows no word."""


def keep_description(app: Flask, description: dict[str, Any]) -> None:
    """Complete the description once, and serve it."""
    app.extensions[KEPT] = complete(description, app.config["PUBLIC_URL"], _declared(app))
    app.register_blueprint(blueprint)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the code says of an operation: its function's name, whether it needs a token, and the token's scope."""

    name: str
    needs_token: bool
    needs_key: bool
    needs_match: bool
    scope: Scope | None
    is_deprecated: bool = False

    @property
    def takes_key(self) -> bool:
        """Whether the same request is done once: every change but one that is about the token, or needs none."""
        return self.needs_token and self.scope is not None


def _declared(app: Flask) -> dict[tuple[str, str], Declared]:
    """What the code says of every operation, by path as OpenAPI writes it, and method."""
    found: dict[tuple[str, str], Declared] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        one = Declared(
            rule.endpoint.rsplit(".", 1)[-1], getattr(view, "entry", None) is not Entry.ANYONE,
            getattr(view, "needs_key", False), getattr(view, "needs_match", False), getattr(view, "scope", Scope.READ),
            hasattr(view, "deprecated"),
        )  # fmt: skip
        path = _VALUE.sub(r"{\1}", rule.rule)
        found |= {(path, method.lower()): one for method in rule.methods or ()}
    return found


@blueprint.get("/openapi.json")
@anyone
def describe() -> Response:
    """The description of the API, in OpenAPI 3.1."""
    response = Response(orjson.dumps(current_app.extensions[KEPT]), mimetype="application/json")
    response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:16])
    response.make_conditional(request)
    return response


def complete(description: dict[str, Any], public_url: str, declared: dict[tuple[str, str], Declared]) -> dict[str, Any]:
    """Add to the description what is the same for all of the API, and what the code declares of each operation."""
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
    description["components"]["securitySchemes"] = {
        SECURITY: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of an officer, from their account's page",
        }
    }
    description["webhooks"] = webhooks_described()
    sent = _sent(description)
    schemas = description["components"]["schemas"]
    for name, schema in description["components"]["schemas"].items():
        if name not in sent:
            schema.pop("additionalProperties", None)  # any release may add members to what we answer
        for member in schema.get("properties", {}).values():
            if NAMES in member:
                member["propertyNames"] = {"pattern": member.pop(NAMES)}
    for tag in description.get("tags", []):
        tag["name"] = _plain(tag["name"])
    for path, operations in description["paths"].items():
        for method in METHODS & operations.keys():
            _complete_operation(operations[method], path, method, declared[path, method], schemas)
    return description


def _complete_operation(
    operation: dict[str, Any], path: str, method: str, told: Declared, schemas: dict[str, Any]
) -> None:
    operation["operationId"] = told.name
    if told.is_deprecated:
        operation["deprecated"] = True
    operation["tags"] = [_plain(tag) for tag in operation.get("tags", [])]
    operation["security"] = [{SECURITY: []}] if told.needs_token else [{}, {SECURITY: []}]
    operation.setdefault("parameters", [])
    _say_only_what_can_be_sent(operation)
    _describe_places(operation, path)
    _describe_headers(operation, method, told)
    bodies = operation.get("requestBody", {}).get("content", {})
    if JSON in bodies:
        _describe_body(bodies[JSON], schemas)
    if JSON in bodies and method == "patch":
        bodies[MERGE_PATCH] = bodies[JSON]
    operation["responses"] = _responses(operation["responses"], path, method, told)
    if any(parameter.get("name") == "fields" for parameter in operation["parameters"]):
        _let_members_be_left_out(operation, schemas)


def _sent(description: dict[str, Any]) -> frozenset[str]:
    """The names of the schemas of bodies, and of what is in them: there an unknown member is refused."""
    schemas, names = description["components"]["schemas"], set()
    operations = [one for path in description["paths"].values() for one in path.values()]
    bodies = [one["requestBody"] for one in operations if "requestBody" in one]
    open_ends = _REFERENCE.findall(str(bodies))
    while open_ends:
        name = open_ends.pop()
        if name not in names:
            names.add(name)
            open_ends += _REFERENCE.findall(str(schemas[name]))
    return frozenset(names)


def _describe_body(body: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Give a body its example, and an array of things how many it may hold."""
    example = _example_of(schemas[_REFERENCE.findall(str(body["schema"]))[0]])
    is_list = body["schema"].get("type") == "array"
    if is_list:
        body["schema"] |= {"minItems": 1, "maxItems": MOST_ITEMS}
    body["example"] = [example] if is_list else example


def _example_of(schema: dict[str, Any]) -> dict[str, Any]:
    """An example of a body: the members of its schema that have one."""
    return {name: one["example"] for name, one in schema.get("properties", {}).items() if "example" in one}


def _describe_places(operation: dict[str, Any], path: str) -> None:
    """Say what stands in the places of an address."""
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            of_project = parameter["name"] == "slug" and "/projects/" in path
            words = PLACES.get("project" if of_project else parameter["name"], "An id, as the API gives it")
            parameter.setdefault("description", words)


def _describe_headers(operation: dict[str, Any], method: str, told: Declared) -> None:
    """Say which headers make a change safe, and which scope it needs."""
    if told.needs_token:
        scope = f"Needs a token with the scope `{told.scope}`." if told.scope else "Needs a token; any scope will do."
        operation["description"] = f"{operation.get('description', '')}\n\n{scope}".strip()
    if method in ("post", "patch", "delete") and told.takes_key:
        operation["parameters"].append(IDEMPOTENCY_KEY | {"required": told.needs_key})
    if told.needs_match or method == "patch":
        operation["parameters"].append(IF_MATCH)


def _responses(documented: dict[str, Any], path: str, method: str, told: Declared) -> dict[str, Any]:
    success = next(status for status in documented if status.startswith("2"))
    names = [name for name in HEADERS if method == "get" or name not in ("ETag", "Link")]
    headers = {name: {"description": HEADERS[name], "schema": {"type": "string"}} for name in names}
    words = "What was asked for" if method == "get" else "Done"
    responses = {success: documented[success] | {"description": words, "headers": headers}}
    if "206" in documented:
        responses["206"] = documented["206"] | {"headers": headers}
    if method == "get":
        responses["304"] = {"description": "Not changed since the answer whose ETag was sent in If-None-Match"}
        if "{slug}" in path or "{code}" in path:
            responses["308"] = {"description": "It has another slug or code now; Location says which"}
    refusals = {status: words for status, words in REFUSALS.items() if status != "404" or "{" in path}
    if method in ("post", "patch", "delete"):
        refusals |= OF_CHANGES
    if told.needs_match or method == "patch":
        refusals |= OF_EDITS
    refusals |= {status: documented[status]["description"] for status in OF_SOME if status in documented}
    return responses | {status: _refusal(words) for status, words in sorted(refusals.items())}


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
