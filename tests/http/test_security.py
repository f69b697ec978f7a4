"""Headers on every answer, our own hosts only, and no change sent from elsewhere. On both databases."""

import json
import re

import pytest
from flask import Flask

from pipeline.http.security import CONTENT_SECURITY_POLICY
from tests.support.client import CheckedClient, parsed

pytestmark = pytest.mark.database

ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/healthz", 200),
    ("GET", "/nothing-here", 404),
    ("POST", "/", 405),
    ("GET", "/?a=%00", 400),
    ("GET", "/tests/failure", 500),
    ("GET", "/tests/database-down", 503),
    ("GET", "/tests/moved", 302),
    ("GET", "/tests/for/officer", 303),
    ("GET", "/api/v1/councils", 200),
    ("GET", "/api/v1/councils/nowhere", 404),
    ("GET", "/api/v1/councils?limit=0", 400),
    ("GET", "/api/v1/nothing", 404),
    ("DELETE", "/api/v1/councils", 405),
    ("GET", "/api/tests/failure", 500),
    ("GET", "/api/tests/database-down", 503),
]


@pytest.mark.parametrize("method, path, status", ANSWERS)
def test_every_answer_carries_the_headers_that_protect_it(
    visitor: CheckedClient, method: str, path: str, status: int
) -> None:
    answer = visitor.open(path, method=method)

    assert answer.status_code == status
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == (
        "cross-origin" if path.startswith("/api/") else "same-origin"
    )
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    for loose in ("unsafe-inline", "unsafe-eval", "*", "http:", "https:"):
        assert loose not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path", ["/tests/failure", "/api/tests/failure", "/tests/database-down", "/api/tests/database-down"]
)
def test_a_failure_shows_its_request_id_and_nothing_of_the_inside(visitor: CheckedClient, path: str) -> None:
    answer = visitor.get(path)

    text = answer.get_data(as_text=True)
    for inside in ("secret", "Traceback", "ZeroDivision", "SELECT", "sqlalchemy"):
        assert inside not in text
    if answer.status_code == 500:
        assert answer.headers["X-Request-Id"] in text


def test_a_database_that_is_away_says_when_to_come_back(visitor: CheckedClient) -> None:
    assert visitor.get("/tests/database-down").headers["Retry-After"] == "5"
    assert visitor.get("/api/tests/database-down").headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example", "127.0.0.2", "a b"]
)
@pytest.mark.parametrize("path", ["/", "/tests/for/officer", "/api/v1/councils", "/nothing-here"])
def test_a_forged_host_is_refused_and_reaches_no_link(visitor: CheckedClient, path: str, host: str) -> None:
    answer = visitor.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.get_data(as_text=True)
    assert "evil" not in answer.headers.get("Location", "")


def test_a_forwarded_host_is_not_believed(visitor: CheckedClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "https"}

    answer = visitor.get("/api/v1/councils", headers=headers)

    assert answer.get_json()["links"]["self"] == "http://localhost/api/v1/councils"


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://[broken"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_change_sent_from_another_site_is_refused(visitor: CheckedClient, headers: dict[str, str]) -> None:
    assert visitor.post("/tests/remember/1", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_a_change_from_our_own_page_is_let_in(visitor: CheckedClient, headers: dict[str, str]) -> None:
    token = parsed(visitor.get("/tests/form")).find("input")["value"]  # type: ignore[index]

    assert visitor.post("/tests/remember/1", data={"csrf_token": token}, headers=headers).status_code == 200


def test_a_change_without_the_token_of_its_form_is_refused(visitor: CheckedClient) -> None:
    visitor.get("/tests/form")

    assert visitor.post("/tests/remember/1").status_code == 400
    assert visitor.post("/tests/remember/1", data={"csrf_token": "made-up"}).status_code == 400


def test_the_token_of_another_visitor_is_refused(visitor: CheckedClient, site: Flask) -> None:
    theirs = parsed(site.test_client().get("/tests/form")).find("input")["value"]  # type: ignore[index]
    visitor.get("/tests/form")

    assert visitor.post("/tests/remember/1", data={"csrf_token": theirs}).status_code == 400


def test_reading_is_not_asked_where_it_comes_from(visitor: CheckedClient) -> None:
    assert (
        visitor.get("/", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}).status_code == 200
    )


def test_at_an_https_address_browsers_are_told_to_stay_with_https(secure_site: Flask) -> None:
    client = secure_site.test_client()

    for path in ("/", "/nothing-here", "/api/v1/councils"):
        answer = client.get(path, base_url="https://pipeline.example")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_at_an_address_of_this_machine_nothing_is_said_of_https(visitor: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/").headers


def test_each_request_has_an_id_of_its_own_that_callers_cannot_choose(visitor: CheckedClient) -> None:
    first = visitor.get("/", headers={"X-Request-Id": "chosen-by-me-12345"}).headers["X-Request-Id"]
    second = visitor.get("/").headers["X-Request-Id"]

    assert first != second
    assert first != "chosen-by-me-12345"


def test_a_problem_names_the_request_it_belongs_to(visitor: CheckedClient) -> None:
    answer = visitor.get("/api/v1/nothing")

    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.data)["instance"] == f"urn:request:{answer.headers['X-Request-Id']}"
