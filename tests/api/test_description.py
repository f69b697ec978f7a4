"""The OpenAPI description: valid, complete, and true of what is answered."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from pipeline.accounts.tokens import Scope
from pipeline.search.index import rebuild_index
from tests.conftest import Working
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database
Address = Callable[[str], str]

OPEN_TO_ALL = {"report_leaked_tokens"}
"""What changes something and needs no token. Its body may hold more than we read: other people's scanners send it."""


@pytest.fixture
def happened(work: Working, world: Any, make: Any) -> None:
    """Something in the log of events."""
    from pipeline.councils.events import CouncilChanged
    from pipeline.kernel.actor import system

    council = make.council()
    with work(system("tests")) as unit:
        unit.record(
            CouncilChanged(council_id=council.id, changes={"kind": ["county", "unitary"]}), council_id=council.id
        )


def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []
    assert description["openapi"].startswith("3.1")


def test_every_operation_is_described(description: dict[str, Any]) -> None:
    names, tags = [], set()
    for path, method, operation in operations_of(description):
        names.append(operation["operationId"])
        tags |= set(operation["tags"])
        assert operation["summary"].endswith("."), path
        assert len(operation["tags"]) == 1
        assert {"400", "401", "403", "405", "429", "default"} <= set(operation["responses"]), path
        assert len([status for status in operation["responses"] if status.startswith("2") and status != "206"]) == 1
        assert ("304" in operation["responses"]) is (method == "get"), path
        if method in ("post", "patch"):
            assert {"409", "415", "422"} <= set(operation["responses"]), path
    assert len(names) == len(set(names))
    assert tags <= {tag["name"] for tag in description["tags"]}


def test_whatever_changes_something_needs_a_token_and_says_its_scope(description: dict[str, Any]) -> None:
    scopes = {scope.value for scope in Scope}
    for path, method, operation in operations_of(description):
        if method != "get" and operation["operationId"] not in OPEN_TO_ALL:
            assert operation["security"] == [{"token": []}], path
            said = re.findall(r"scope `([a-z:]+)`", operation["description"])
            assert said or "any scope" in operation["description"], path
            assert set(said) <= scopes - {"read"}, path
    assert description["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_form_a_body_may_have_is_said(description: dict[str, Any]) -> None:
    for path, method, operation in operations_of(description):
        content = operation.get("requestBody", {}).get("content")
        if content is not None:
            more = {"text/csv"} if operation["operationId"] == "begin_import" else set()
            more |= {"application/merge-patch+json"} if method == "patch" else set()
            assert set(content) == {"application/json"} | more, path


def test_every_example_of_a_body_is_what_its_schema_takes(description: dict[str, Any]) -> None:
    bodies = [one["requestBody"] for _path, _method, one in operations_of(description) if "requestBody" in one]
    assert bodies
    for body in bodies:
        for content in body["content"].values():
            schema = {**content["schema"], "components": description["components"]}
            Draft202012Validator(schema, format_checker=FormatChecker()).validate(content["example"])


def test_a_body_is_described_as_closed(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    for _path, _method, operation in operations_of(description):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if operation["operationId"] not in OPEN_TO_ALL and "$ref" in content["schema"]:
                assert schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]["additionalProperties"] is False


def test_every_example_of_a_member_is_what_its_schema_takes(description: dict[str, Any]) -> None:
    found = [
        (name, member, schema)
        for name, thing in description["components"]["schemas"].items()
        for member, schema in thing.get("properties", {}).items()
        if "example" in schema
    ]
    assert len(found) > 50
    for name, member, schema in found:
        validator = Draft202012Validator(
            {**schema, "components": description["components"]}, format_checker=FormatChecker()
        )
        assert list(validator.iter_errors(schema["example"])) == [], (name, member)


def operations_of(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: its path, its method, and what is said of it."""
    for path, operations in description["paths"].items():
        yield from ((path, method, one) for method, one in operations.items() if method != "parameters")


def test_answers_are_what_the_description_says(
    client: CheckedClient,
    description: dict[str, Any],
    public_paths: dict[str, Any],
    address_of: Address,
    happened: None,
) -> None:
    for path, operations in in_json(public_paths):
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answer = client.get(address_of(path))
        assert answer.status_code == 200, path
        validator = Draft202012Validator(
            {**schema, "components": description["components"]}, format_checker=FormatChecker()
        )
        found = [
            f"{path} {list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(answer.get_json())
        ]
        assert found == []


def test_answers_have_every_member_that_is_described_and_no_other(
    client: CheckedClient,
    description: dict[str, Any],
    public_paths: dict[str, Any],
    address_of: Address,
    happened: None,
) -> None:
    schemas = description["components"]["schemas"]
    with client.application.app_context():
        rebuild_index()
    for path, operations in in_json(public_paths):
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        answered = schemas[schema["$ref"].rsplit("/", 1)[1]]["properties"].get("data")
        if answered is None:
            assert path.endswith("/datapackage.json"), path
            continue
        described = set(schemas[answered.get("items", answered)["$ref"].rsplit("/", 1)[1]]["properties"])
        asked_for = expandable(operations["get"]["parameters"])
        # A search that asks for nothing finds nothing.
        asked = "?kind=project" if path.endswith("/search") else ""
        for thing in things_in(client.get(address_of(path) + asked).get_json()["data"]):
            assert described - asked_for <= set(thing) <= described, path


def in_json(paths: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The addresses that answer JSON; the others are files."""
    for path, operations in paths.items():
        if "application/json" in operations["get"]["responses"]["200"]["content"]:
            yield path, operations
        else:
            assert "/exports/" in path, path


def expandable(parameters: list[dict[str, Any]]) -> set[str]:
    """The members that come only when `expand` asks for them."""
    patterns = [one["schema"]["pattern"] for one in parameters if one["name"] == "expand"]
    return {word for pattern in patterns for word in re.findall(r"\w+", pattern)}


def things_in(data: Any) -> Iterator[dict[str, Any]]:
    """The things of an answer: of a list each, which must have some."""
    assert data
    yield from data if isinstance(data, list) else [data]


def test_refusals_are_what_the_description_says(client: CheckedClient, description: dict[str, Any]) -> None:
    problem = {"$ref": "#/components/schemas/Problem", "components": description["components"]}
    for path in ("/api/v1/pledges?x=1", "/api/v1/pledges/1", "/api/v1/nothing", "/api/v1/events?after=x"):
        Draft202012Validator(problem).validate(client.get(path).get_json())


def test_the_description_is_marked_and_kept_for_a_while(client: CheckedClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
