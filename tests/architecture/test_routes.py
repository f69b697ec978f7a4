"""Every route: who may enter, what its address looks like, and that reading saves nothing."""

import re
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from pipeline.accounts.tokens import Scope
from pipeline.http.entry import Entry

WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(atom|csv|docx|html|ics|json|ndjson))?")
FIXED = re.compile(
    r"/\.well-known/security\.txt|/(robots\.txt|sitemap\.xml)|/api/v1/(openapi|exports/datapackage)\.json"
)
PARAMETER = re.compile(r"<(?:(?P<kind>[a-z]+)(?:\([^)]*\))?:)?(?P<name>[a-z_]+)>(?:\.(?:atom|ics|json))?")
KINDS_BY_ENDING = {"_id": "uuid", "number": "int", "version": "int"}


def without_entry(app: Flask) -> list[str]:
    """Endpoints whose view does not say who may enter."""
    return sorted(
        name for name, view in app.view_functions.items() if not isinstance(getattr(view, "entry", None), Entry)
    )


def odd_addresses(rules: Iterable[Rule]) -> Iterator[str]:
    """Addresses that are not of lower-case words with hyphens, or whose ids are any text."""
    for rule in rules:
        if FIXED.fullmatch(rule.rule):
            continue
        for part in rule.rule.strip("/").split("/"):
            match = PARAMETER.fullmatch(part)
            if match is None and part and not WORD.fullmatch(part):
                yield f"{rule.rule}: {part}"
            elif match is not None and match["kind"] != _kind_wanted(match["name"], match["kind"]):
                yield f"{rule.rule}: {part} is not typed"


def _kind_wanted(name: str, kind: str | None) -> str | None:
    return next((wanted for ending, wanted in KINDS_BY_ENDING.items() if name.endswith(ending)), kind)


def misnamed_endpoints(app: Flask) -> Iterator[str]:
    """Endpoints of pages that are not `subjects.verb` in snake case."""
    for name in app.view_functions:
        if not re.fullmatch(r"[a-z_]+(-[a-z]+)*\.[a-z0-9_]+", name):
            yield name


def test_every_route_says_who_may_enter(built: Flask) -> None:
    assert without_entry(built) == []


def test_every_address_is_of_plain_words_and_typed_parameters(built: Flask) -> None:
    assert list(odd_addresses(built.url_map.iter_rules())) == []


def test_every_endpoint_is_a_subject_and_a_verb(built: Flask) -> None:
    assert list(misnamed_endpoints(built)) == []


def test_every_page_has_a_docstring_that_says_what_it_is(built: Flask) -> None:
    assert [name for name, view in built.view_functions.items() if not (view.__doc__ or "").strip()] == []


def test_whatever_changes_something_through_the_api_says_which_scope_a_token_needs(built: Flask) -> None:
    changing = [
        rule.endpoint
        for rule in built.url_map.iter_rules()
        if rule.rule.startswith("/api") and (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    ]
    views = {name: built.view_functions[name] for name in changing}

    assert [name for name, view in views.items() if not hasattr(view, "scope")] == []
    assert [name for name, view in views.items() if view.scope is Scope.READ] == []  # type: ignore[attr-defined]
    open_to_all = [name for name, view in views.items() if view.entry is Entry.ANYONE]  # type: ignore[attr-defined]
    assert open_to_all == ["api_own.report_leaked_tokens"], "whoever finds a token reports it"


def test_pages_are_changed_by_post_alone(built: Flask) -> None:
    assert [
        rule.rule
        for rule in built.url_map.iter_rules()
        if not rule.rule.startswith("/api") and (rule.methods or set()) & {"PUT", "PATCH", "DELETE"}
    ] == []


def test_no_address_under_the_welsh_prefix_is_taken_by_a_page(built: Flask) -> None:
    assert [rule.rule for rule in built.url_map.iter_rules() if rule.rule.startswith("/cy")] == []


def test_a_route_that_does_not_say_who_may_enter_is_seen() -> None:
    app = Flask("sample", static_folder=None)
    app.add_url_rule("/a", "pages.a", lambda: "")

    assert without_entry(app) == ["pages.a"]


@pytest.mark.parametrize(
    "address, is_odd",
    [
        ("/needs/<uuid:need_id>/pledges/new", False),
        ("/needs/<need_id>", True),
        ("/documents/<slug>/versions/<int:number>", False),
        ("/documents/<slug>/versions/<number>", True),
        ("/yourWork", True),
        ("/your_work", True),
        ("/councils/<slug>", False),
        ("/feeds/councils/<slug>.atom", False),
        ("/feeds/councils/<slug>.exe", True),
    ],
)
def test_an_odd_address_is_seen(address: str, is_odd: bool) -> None:
    rules = Map([Rule(address, endpoint="x")]).iter_rules()

    assert bool(list(odd_addresses(rules))) is is_odd


def test_a_misnamed_endpoint_is_seen() -> None:
    app = Flask("sample", static_folder=None)
    app.add_url_rule("/a", "ShowA", lambda: "")

    assert list(misnamed_endpoints(app)) == ["ShowA"]
