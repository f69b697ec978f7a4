"""What every address of the API does alike. The addresses are those of its own description."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.world import World

pytestmark = pytest.mark.database
Address = Callable[[str], str]


def problem_of(answer: TestResponse) -> dict[str, Any]:
    """A refusal, with its shape checked."""
    body: dict[str, Any] = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert body["status"] == answer.status_code
    assert body["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"
    assert body["title"]
    return body


def test_every_address_answers(client: CheckedClient, public_paths: dict[str, Any], address_of: Address) -> None:
    for path, operations in public_paths.items():
        answer = client.get(address_of(path))
        if "{event_id}" not in path:
            assert answer.status_code == 200, path
            assert answer.mimetype in operations["get"]["responses"]["200"]["content"], path


def test_what_an_address_does_not_take_is_refused_and_named(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address
) -> None:
    for path, operations in public_paths.items():
        address = address_of(path)
        unknown = problem_of(client.get(f"{address}?surprise=1"))
        assert (unknown["status"], unknown["errors"][0]["pointer"]) == (400, "/surprise"), path
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "query":
                name = parameter["name"]
                doubled = problem_of(client.get(f"{address}?{name}=1&{name}=2"))
                assert (doubled["status"], doubled["errors"][0]["pointer"]) == (400, f"/{name}"), (path, name)


@pytest.mark.parametrize(
    "limit",
    ["1_000", "-5", "0", "101", "1e1", "1.0", "+5", " 5", "", "٣", "５", "9" * 20, "9" * 300, "five", "null", "%00"],
)
def test_a_limit_is_a_plain_number_from_1_to_100(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address, limit: str
) -> None:
    for path, operations in public_paths.items():
        if any(parameter["name"] == "limit" for parameter in operations["get"]["parameters"]):
            answer = client.get(f"{address_of(path)}?limit={limit.replace('+', '%2B')}")
            assert answer.status_code == 400, (path, limit)
            problem_of(answer)


def test_an_address_takes_the_methods_it_is_described_with_and_no_other(
    client: CheckedClient, description: dict[str, Any], address_of: Address
) -> None:
    for path, operations in (*description["paths"].items(), ("/api/v1/openapi.json", {"get": {}})):
        taken = {method.upper() for method in operations if method != "parameters"} | {"OPTIONS"}
        taken |= {"HEAD"} if "GET" in taken else set()
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken:
            answer = client.open(address_of(path), method=method)
            assert answer.status_code == 405, (method, path)
            assert {one.strip() for one in answer.headers["Allow"].split(",")} == taken
            problem_of(answer)


def test_a_body_where_none_is_taken_is_refused(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address
) -> None:
    for path in public_paths:
        answer = client.get(address_of(path), data=b"{}", content_type="application/json")
        assert answer.status_code == 400, path
        problem_of(answer)


def test_head_and_options_answer_everywhere(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address
) -> None:
    for path in public_paths:
        address = address_of(path)
        whole, head, options = client.get(address), client.head(address), client.options(address)
        assert (head.status_code, head.data) == (whole.status_code, b"")
        for name in ("ETag", "Link", "Content-Type", "Cache-Control"):
            assert head.headers.get(name) == whole.headers.get(name), (path, name)
        assert options.status_code == 200
        assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_every_address_says_what_it_takes_and_which_request_it_was(
    client: CheckedClient, description: dict[str, Any], address_of: Address
) -> None:
    """Also those that need a token: asked as nobody, each method is answered, with an id and nothing else in HEAD."""
    for path, operations in (*description["paths"].items(), ("/api/v1/openapi.json", {"get": {}})):
        address = address_of(path)
        options = client.options(address)
        taken = {one.strip() for one in options.headers["Allow"].split(",")}
        described = {method.upper() for method in operations if method != "parameters"}
        assert (options.status_code, taken - {"HEAD", "OPTIONS"}) == (200, described), path
        for method in taken:
            answer = client.open(address, method=method)
            assert answer.headers["X-Request-Id"], (method, path)
            if method == "HEAD":
                assert (answer.status_code, answer.data) == (client.get(address).status_code, b""), path
        refused = problem_of(client.open(address, method="TRACE"))
        assert refused["status"] == 405, path


def test_a_page_of_any_origin_may_read_and_none_may_write(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address
) -> None:
    for path in public_paths:
        answer = client.get(address_of(path), headers={"Origin": "https://council.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        exposed = answer.headers["Access-Control-Expose-Headers"]
        assert all(name in exposed for name in ("ETag", "Link", "RateLimit", "Retry-After", "X-Request-Id"))
        assert "Access-Control-Allow-Origin" not in client.post(address_of(path)).headers


def test_what_has_not_changed_is_answered_304(
    client: CheckedClient, public_paths: dict[str, Any], address_of: Address
) -> None:
    for path in public_paths:
        if "{event_id}" in path:
            continue
        address = address_of(path)
        whole = client.get(address)
        mark = whole.headers["ETag"]
        assert mark.startswith('"'), f"{path} has a weak mark"
        same = client.get(address, headers={"If-None-Match": mark})
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", mark), path
        assert same.headers["Cache-Control"] == whole.headers["Cache-Control"]


def test_a_cookie_changes_nothing_and_none_is_set(
    app: Flask, make: Factory, public_paths: dict[str, Any], address_of: Address
) -> None:
    council = make.council()
    signed_in, anonymous = app.test_client(), app.test_client()
    make.signed_in(signed_in, make.officer(council), council)
    for path in (*public_paths, "/api/v1/openapi.json", "/api/v1/no-such-thing", "/api/v1", "/api"):
        own, others = signed_in.get(address_of(path)), anonymous.get(address_of(path))
        assert (own.status_code, own.headers.get("ETag")) == (others.status_code, others.headers.get("ETag")), path
        if own.status_code == 200:
            assert own.data == others.data, path
        for answer in (own, others):
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize(
    "path",
    ["no-such-thing", "pledges/1", f"pledges/{'0' * 35}g", "updates/x", "events/1", "councils/%2e%2e"],
)
def test_an_address_nobody_knows_is_a_problem(client: CheckedClient, world: World, path: str) -> None:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    problem_of(answer)


def test_every_refusal_leads_to_a_page_that_explains_it(client: CheckedClient, world: World) -> None:
    for path in ("pledges?x=1", "pledges?cursor=x", "pledges/1", f"pledges/{world.update_id}", "events?after=x"):
        problem = problem_of(client.get(f"/api/v1/{path}"))
        explained = client.get(problem["type"])
        assert explained.status_code == 200, problem["type"]
