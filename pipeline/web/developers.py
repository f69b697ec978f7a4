"""The page for developers: how to begin, and everything there is, from the API's own description."""

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app

from pipeline.accounts.tokens import SCOPE_WORDS
from pipeline.http.entry import anyone
from pipeline.http.language import say
from pipeline.http.problem_types import ENDINGS, PROBLEM_TYPES
from pipeline.kernel.event import CATALOGUE, Audience, Event
from pipeline.web.outside import linked_data
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("developers", __name__)
EXAMPLES = {"code": "E06000001", "slug": "shared-repairs-form"}
ANY_ID = "01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation, as the page shows it."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, as the page shows it. `scope` is said of those that need a token; `headers` are those
    that make a change safe, each with an example."""

    id: str
    method: str
    path: str
    summary: str
    example: str
    body: str
    scope: str
    headers: dict[str, str]
    parameters: list[Parameter]


@dataclass(frozen=True, slots=True)
class Group:
    """The addresses of one subject."""

    name: str
    words: str
    operations: list[Operation]


@blueprint.get("/developers")
@anyone
@revalidated
def show_developers() -> Response:
    """How to read everything public as JSON."""
    description = current_app.extensions["pipeline_api_description"]
    return show(
        "developers/show.html",
        linked_data=linked_data.page_of(linked_data.of_data()),
        public_url=current_app.config["PUBLIC_URL"],
        groups=_groups(description),
        any_id=ANY_ID,
        events=_public_events(),
        scopes=[(scope.value, say(words)) for scope, words in SCOPE_WORDS.items()],
        problems=list(PROBLEM_TYPES.values()),
        endings=ENDINGS,
    )


def _groups(description: dict[str, Any]) -> list[Group]:
    groups = {tag["name"]: Group(tag["name"], tag["description"], []) for tag in description["tags"]}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                groups[operation["tags"][0]].operations.append(_operation(path, method, operation))
    return list(groups.values())


def _operation(path: str, method: str, operation: dict[str, Any]) -> Operation:
    example = re.sub(r"\{(\w+)\}", lambda place: EXAMPLES.get(place[1], ANY_ID), path)
    asked = [
        Parameter(one["name"], _words_of(one.get("description", ""), one["schema"]))
        for one in operation["parameters"]
        if one["in"] == "query"
    ]
    return Operation(
        operation["operationId"], method.upper(), path, operation["summary"], example, _body_of(operation),
        "" if {} in operation["security"] else operation["description"].replace("`", "").strip(),
        _headers_of(method, operation), asked,
    )  # fmt: skip


def _headers_of(method: str, operation: dict[str, Any]) -> dict[str, str]:
    """The headers worth showing of an operation: those it needs, and of a POST the key that makes it safe to repeat."""
    return {
        one["name"]: one["example"]
        for one in operation["parameters"]
        if one["in"] == "header" and (one["required"] or method == "post")
    }


def _body_of(operation: dict[str, Any]) -> str:
    """An example of the body an operation takes, as JSON; nothing where it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    return next((json.dumps(body["example"]) for body in content.values()), "")


def _words_of(description: str, schema: dict[str, Any]) -> str:
    """What a parameter is, and what it may be."""
    choices = f"One of: {', '.join(schema['enum'])}" if "enum" in schema else ""
    plain = {"boolean": "true or false"}.get(schema.get("type", ""), "")
    return ". ".join(part for part in (description, choices or plain) if part)


def _public_events() -> list[tuple[str, str]]:
    """The names of the events anybody may read, and what each says."""
    return [(name, _said_of(event)) for name, event in sorted(CATALOGUE.items()) if event.audience is Audience.PUBLIC]


def _said_of(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split())
