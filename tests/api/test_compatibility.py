"""Nothing that a program relies on goes within a version: the comparison finds every break, and today has none."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings
from pipeline.api.root import VERSION
from pipeline.app import create_app
from pipeline.cli import docs
from pipeline.http.compatibility import breaks

Json = dict[str, Any]

DESCRIPTION: Json = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "list_things",
                "security": [{}, {"token": []}],
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100, "default": 50}},
                    {"name": "colour", "in": "query", "schema": {"type": "string", "enum": ["red", "blue"]}},
                    {"name": "fields", "in": "query", "schema": {"type": "string", "pattern": "^(id|at)(,(id|at))*$"}},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Things"}}}},
                },
            },
            "post": {
                "operationId": "make_thing",
                "security": [{"token": []}],
                "parameters": [],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Body"}}}},
                "responses": {
                    "201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                },
            },
        },
    },
    "components": {
        "schemas": {
            "Things": {
                "type": "object",
                "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}},
            },
            "Thing": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "at": {"type": ["string", "null"]},
                    "state": {"type": "string", "enum": ["open"]},
                    "parent": {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
                },
            },
            "Body": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 80},
                    "size": {"type": ["number", "null"]},
                    "kind": {"type": "string", "enum": ["a", "b"]},
                    "of": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                },
            },
        }
    },
    "webhooks": {
        "thing.made": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}
            }
        }
    },
}  # fmt: skip


def at(description: Json, *way: Any) -> Any:
    for step in way:
        description = description[step]
    return description


GET, POST = ("paths", "/things", "get"), ("paths", "/things", "post")
THING, BODY = (("components", "schemas", name, "properties") for name in ("Thing", "Body"))
JSON = ("content", "application/json")


def drop(*way: Any) -> Callable[[Json], None]:
    return lambda description: at(description, *way[:-1]).pop(way[-1])


def put(*way: Any, to: Any) -> Callable[[Json], None]:
    return lambda description: at(description, *way[:-1]).__setitem__(way[-1], to)


def require(schema: str, member: str) -> Callable[[Json], None]:
    return lambda description: at(description, "components", "schemas", schema, "required").append(member)


NEEDED = {"name": "since", "in": "query", "required": True, "schema": {"type": "string"}}
BREAKS: dict[str, tuple[Callable[[Json], None], str]] = {
    "a path": (drop("paths", "/things"), "GET /things is gone"),
    "a method": (drop(*POST), "POST /things is gone"),
    "a parameter": (drop(*GET, "parameters", 0), "query parameter limit is gone"),
    "a needed parameter": (lambda one: at(one, *GET, "parameters").append(NEEDED), "since is required now"),
    "a parameter that is needed now": (put(*GET, "parameters", 0, "required", to=True), "limit is required now"),
    "a lower bound": (put(*GET, "parameters", 0, "schema", "maximum", to=50), "maximum was 100, is 50"),
    "a new bound": (put(*GET, "parameters", 0, "schema", "minimum", to=1), "minimum was None, is 1"),
    "another default": (put(*GET, "parameters", 0, "schema", "default", to=20), "its default was 50, is 20"),
    "a word of a parameter": (put(*GET, "parameters", 1, "schema", "enum", to=["red"]), "takes only ['red'] now"),
    "a closed list of words": (put(*BODY, "name", "enum", to=["x"]), "takes only ['x'] now"),
    "a word of a pattern": (put(*GET, "parameters", 2, "schema", "pattern", to="^(id)(,(id))*$"), "pattern is another"),
    "a new pattern": (put(*BODY, "name", "pattern", to="^x"), "pattern is another"),
    "a type of a parameter": (put(*GET, "parameters", 0, "schema", "type", to="string"), "was integer, is string"),
    "a token": (put(*GET, "security", to=[{"token": []}]), "needs a token now"),
    "a name": (put(*GET, "operationId", to="get_things"), "its operationId was list_things"),
    "a status": (drop(*POST, "responses", "201"), "no longer answers 201"),
    "a media type": (put(*POST, "responses", "201", "content", to={"text/csv": {}}), "is no longer application/json"),
    "a body": (drop(*POST, "requestBody"), "takes no body any more"),
    "a body that is needed": (put(*POST, "requestBody", "required", to=True), "needs a body now"),
    "a member of a body": (drop(*BODY, "size"), "body: size is gone"),
    "a member of a body that is needed": (require("Body", "size"), "size is required now"),
    "a narrower type of a body": (put(*BODY, "size", "type", to="number"), "was null or number, is number"),
    "a shorter text": (put(*BODY, "name", "maxLength", to=40), "maxLength was 80, is 40"),
    "a word of a body": (put(*BODY, "kind", "enum", to=["a", "c"]), "takes only ['a', 'c'] now"),
    "a choice of a body": (put(*BODY, "of", "anyOf", to=[{"type": "string"}]), "no longer takes integer"),
    "a format of a body": (put(*BODY, "name", "format", to="date"), "its format was None, is date"),
    "a member of an answer": (drop(*THING, "at"), "at is gone"),
    "a member that is not always there": (put("components", "schemas", "Thing", "required", to=[]), "no longer always"),
    "another type of an answer": (put(*THING, "at", "type", to="integer"), "was null or string, is integer"),
    "an answer that can be null": (put(*THING, "state", "type", to=["string", "null"]), "is null or string"),
    "a new choice of an answer": (
        lambda one: at(one, *THING, "parent", "anyOf").append({"type": "integer"}), "may now be integer",
    ),
    "another format of an answer": (put(*THING, "id", "format", to="date"), "its format was uuid, is date"),
    "a webhook": (drop("webhooks", "thing.made"), "webhook thing.made is gone"),
}  # fmt: skip

ADDITIONS: dict[str, Callable[[Json], None]] = {
    "a path": put("paths", "/more", to={}),
    "a parameter": lambda one: at(one, *GET, "parameters").append({**NEEDED, "required": False}),
    "a member of a body": put(*BODY, "colour", to={"type": "string"}),
    "a member of an answer": put(*THING, "colour", to={"type": "string"}),
    "a word of an answer": put(*THING, "state", "enum", to=["open", "closed"]),
    "a word of a body": put(*BODY, "kind", "enum", to=["a", "b", "c"]),
    "a member that can be asked for": put(
        *GET, "parameters", 2, "schema", "pattern", to="^(id|new|at)(,(id|new|at))*$"
    ),
    "a wider type of a body": put(*BODY, "name", "type", to=["string", "null"]),
    "an integer where a number is taken": put(*BODY, "size", "type", to=["number", "null", "string"]),
    "a choice of a body": lambda one: at(one, *BODY, "of", "anyOf").append({"type": "null"}),
    "a longer text": put(*BODY, "name", "maxLength", to=100),
    "reading without a token": put(*POST, "security", to=[{}, {"token": []}]),
    "a status": put(*POST, "responses", "202", to={}),
    "a member that always comes": require("Thing", "at"),
}


@pytest.mark.pure
def test_the_same_description_breaks_nothing() -> None:
    assert breaks(DESCRIPTION, deepcopy(DESCRIPTION)) == []


@pytest.mark.pure
@pytest.mark.parametrize("name", BREAKS)
def test_every_kind_of_break_is_found(name: str) -> None:
    change, said = BREAKS[name]
    changed = deepcopy(DESCRIPTION)
    change(changed)
    found = breaks(DESCRIPTION, changed)
    assert any(said in line for line in found), found


@pytest.mark.pure
@pytest.mark.parametrize("name", ADDITIONS)
def test_an_addition_is_no_break(name: str) -> None:
    changed = deepcopy(DESCRIPTION)
    ADDITIONS[name](changed)
    assert breaks(DESCRIPTION, changed) == []


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, with a database that is never asked for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('described')}/never.db"
    return create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": url}))


def test_what_was_released_holds_today(today: Flask) -> None:
    kept = {name: one for name, one in docs.released().items() if docs.same_major(name, VERSION)}
    assert kept
    with today.app_context():
        now = docs.description_to_keep()
    for name, old in kept.items():
        assert len(old["paths"]) > 50
        assert breaks(old, now) == [], f"against {name}: see the promise in docs/api.md"


def test_a_release_is_kept_once_and_breaks_none_before_it(
    today: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "RELEASED", tmp_path)
    run = today.test_cli_runner().invoke
    assert run(args=["docs", "release", "1.0"]).exit_code == 0
    assert "kept already" in run(args=["docs", "release", "1.0"]).output
    assert run(args=["docs", "release", "1.0", "--again"]).exit_code == 0
    assert run(args=["docs", "release", "../x"]).exit_code == 1
    kept = json.loads((tmp_path / "1.0.json").read_text(encoding="utf-8"))
    kept["paths"]["/api/v1/teapots"] = kept["paths"]["/api/v1/"]
    (tmp_path / "1.0.json").write_text(json.dumps(kept), encoding="utf-8")
    refused = run(args=["docs", "release", "1.1"])
    assert refused.exit_code == 1
    assert "GET /api/v1/teapots is gone" in refused.output
    assert run(args=["docs", "release", "2.0"]).exit_code == 0
