"""The page for developers: how to begin, and everything there is, from the API's own description."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app

from pipeline.accounts.tokens import SCOPE_WORDS
from pipeline.db.work import Reading
from pipeline.feeds.queries import PublicEvent, newest_of_each
from pipeline.http.entry import anyone
from pipeline.http.language import say
from pipeline.http.problem_types import ENDINGS, PROBLEM_TYPES
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.event import CATALOGUE, Audience, Event
from pipeline.measures.queries import READING_ORDERS, ReadingFilters, readings_listed
from pipeline.projects.need_listing import needs_in_full
from pipeline.web.outside import linked_data
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("developers", __name__)
ANY_ID = "01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a"
FIXED = {
    "about_type": "update",
    "code": "E06000001",
    "council": "E06000001",
    "number": "1",
    "region": "north-east",
    "theme": "housing",
}
"""What stands in the place of an address whatever happens on the site."""
EXAMPLES = {
    "need_id": ("need.opened", "need.unmet", "need.met", "need.closed"),
    "pledge_id": ("pledge.authorised", "pledge.accepted", "pledge.committed"),
    "update_id": ("update.published",),
    "comment_id": ("comment.written",),
    "measure_id": ("measure.added", "measure.reading_recorded"),
    "difference_id": ("difference.said",),
    "about_id": ("update.published",),
    "interest_id": ("interest.shown",),
    "adoption_id": ("adoption.recorded",),
    "suggestion_id": ("suggestion.published", "suggestion.made"),
}
"""In every other place stands the newest thing to which one of these happened, so that examples work as they are."""
SLUGS = {
    "/points": ("checklist.answered",),
    "answers": ("checklist.answered",),
    "/artefacts/": ("suggestion.accepted", "version.published"),
    "/lessons/": ("lesson.published",),
    "/projects/": ("project.published",),
}
"""The same of slugs, by what the address holds; the first that fits."""


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
    reading = begin_read()
    happened = newest_of_each(reading)
    return show(
        "developers/show.html",
        linked_data=linked_data.page_of(linked_data.of_data()),
        public_url=current_app.config["PUBLIC_URL"],
        groups=_groups(description, happened, FIXED | {"reading_id": _newest_reading(reading)}),
        any_id=ANY_ID,
        need_id=_open_need(reading, happened) or _thing_of(EXAMPLES["need_id"], happened),
        in_days=lambda days: (clock.today() + timedelta(days=days)).isoformat(),
        events=_public_events(),
        scopes=[(scope.value, say(words)) for scope, words in SCOPE_WORDS.items()],
        problems=list(PROBLEM_TYPES.values()),
        endings=ENDINGS,
    )


def _groups(description: dict[str, Any], happened: dict[str, PublicEvent], fixed: dict[str, str]) -> list[Group]:
    groups = {tag["name"]: Group(tag["name"], tag["description"], []) for tag in description["tags"]}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                groups[operation["tags"][0]].operations.append(_operation(path, method, operation, happened, fixed))
    return list(groups.values())


def _operation(
    path: str, method: str, operation: dict[str, Any], happened: dict[str, PublicEvent], fixed: dict[str, str]
) -> Operation:
    example = re.sub(r"\{(\w+)\}", lambda place: fixed.get(place[1]) or _example_of(place[1], path, happened), path)
    needed = [one for one in operation["parameters"] if one["in"] == "query" and one.get("required")]
    if needed:
        example += f"?{urlencode({one['name']: one['example'] for one in needed})}"
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


def _example_of(place: str, path: str, happened: dict[str, PublicEvent]) -> str:
    """What stands in a place of an address: something that is there, where there is any."""
    if place == "event_id":
        return next((str(event.id) for event in happened.values()), ANY_ID)
    names = next((names for part, names in SLUGS.items() if part in path), ()) if place == "slug" else ()
    if names:
        return next((str(happened[name].subject_slug) for name in names if name in happened), ANY_ID)
    return _thing_of(EXAMPLES.get(place, ()), happened)


def _thing_of(names: tuple[str, ...], happened: dict[str, PublicEvent]) -> str:
    """The id of the newest thing to which one of these happened."""
    return next((str(happened[name].subject_id) for name in names if name in happened), ANY_ID)


def _open_need(reading: Reading, happened: dict[str, PublicEvent]) -> str | None:
    """The newest need that officer time can be pledged to, of the projects something happened in lately."""
    projects = {event.subject_id for event in happened.values() if event.subject_type == "project"}
    needs = chain.from_iterable(needs_in_full(reading.session, sorted(projects)).values())
    fitting = (need for need in needs if need.kind == "time" and need.status == "open" and not need.is_capped)
    return max((str(need.id) for need in fitting), default=None)


def _newest_reading(reading: Reading) -> str:
    """What was measured last: the events are about the measure."""
    order = READING_ORDERS["-recorded_at"]
    found = readings_listed(reading, ReadingFilters(), order=order, limit=1, place=None).rows
    return str(found[0].id) if found else ANY_ID


def _headers_of(method: str, operation: dict[str, Any]) -> dict[str, str]:
    """The headers worth showing of an operation: those it needs, and of a POST the key that makes it safe to repeat."""
    return {
        one["name"]: one["example"]
        for one in operation["parameters"]
        if one["in"] == "header" and (one["required"] or method == "post")
    }


def _body_of(operation: dict[str, Any]) -> str:
    """An example of the body an operation takes, as JSON; nothing where it takes none."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return json.dumps(body["example"]) if body else ""


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
