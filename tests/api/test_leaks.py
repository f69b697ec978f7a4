"""Reports of tokens that were found in public: whatever works is ended, and nobody learns what was somebody's."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipeline.accounts.models import ApiToken, SecurityEvent
from pipeline.accounts.tokens import new_token
from pipeline.api.bodies import MOST_ITEMS
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database
LEAKED = "/api/v1/tokens/leaked"


def found(token: str, **more: Any) -> dict[str, Any]:
    """A report as GitHub sends it to its partners."""
    return {
        "type": "pipeline_token",
        "token": token,
        "url": "https://github.example/a/b/c.py",
        "source": "content",
    } | more


def rows(app: Flask, table: Any) -> list[Any]:
    with app.app_context():
        from pipeline.db.engine import database

        return list(database.session.scalars(select(table)))


@pytest.fixture
def leaked(make: Factory) -> str:
    council = make.council()
    return make.token(make.officer(council), council)["Authorization"].removeprefix("Bearer ")


def report(client: CheckedClient, *tokens: str) -> TestResponse:
    return client.post(LEAKED, json=[found(token) for token in tokens])


def test_a_token_that_was_found_ends_at_once_and_its_owner_is_told(
    app: Flask, client: CheckedClient, leaked: str
) -> None:
    headers = {"Authorization": f"Bearer {leaked}"}
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    assert report(client, leaked).get_json() == {"data": {"received": 1}}

    refused = client.get("/api/v1/me", headers=headers)
    assert (refused.status_code, refused.get_json()["type"].rsplit("/", 1)[1]) == (401, "token.revoked")
    (token,) = rows(app, ApiToken)
    assert token.ended_because == "leaked"
    (event,) = [one for one in rows(app, LoggedEvent) if one.name == "token.ended"]
    assert event.payload["because"] == "leaked"
    (danger,) = rows(app, SecurityEvent)
    assert (danger.name, danger.officer_id, danger.details) == (
        "token.leaked", token.officer_id, {"token_id": str(token.id)},
    )  # fmt: skip
    (mail,) = rows(app, OutboxMessage)
    assert (mail.kind, mail.officer_id, mail.payload) == ("account.token_leaked", token.officer_id, {})


def test_nobody_learns_whether_anybody_had_a_token(app: Flask, client: CheckedClient, leaked: str) -> None:
    others = (new_token(), "pln_x", "ghp_" + "x" * 36)
    answers = [report(client, one) for one in (leaked, leaked, *others)]
    told = {
        (one.status_code, one.data, one.headers["Cache-Control"], one.headers.get("ETag"), one.mimetype)
        for one in answers
    }
    assert len(told) == 1
    assert len(rows(app, OutboxMessage)) == 1


def test_many_are_reported_at_once_and_each_counts_once(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    tokens = [make.token(officer, council)["Authorization"].removeprefix("Bearer ") for _ in range(3)]
    answer = report(client, *tokens[:2], tokens[0], new_token())
    assert answer.get_json() == {"data": {"received": 4}}
    ended = [one.ended_because for one in rows(app, ApiToken)]
    assert sorted(map(str, ended)) == ["None", "leaked", "leaked"]


def test_a_token_that_ended_before_stays_as_it_ended(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council, ended_at=clock.now(), ended_because="revoked")
    report(client, headers["Authorization"].removeprefix("Bearer "))
    assert [one.ended_because for one in rows(app, ApiToken)] == ["revoked"]
    assert rows(app, SecurityEvent) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b'"pln_x"', b"[1]", b"[{}]", b'[{"token": 1}]', b'[{"token": ""}]', b'[{"token": "\\u0000"}]',
     b'[{"token": "' + b"x" * 501 + b'"}]', b"[" + b'{"token": "x"},' * MOST_ITEMS + b'{"token": "x"}]'],
    ids=("nothing", "an object", "nobody", "a text", "a number", "no token", "no text", "empty", "NUL", "too long",
         "too many"),
)  # fmt: skip
def test_what_is_no_report_is_refused(client: CheckedClient, body: bytes) -> None:
    answer = client.post(LEAKED, data=body, content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_where_it_was_found_is_not_kept(app: Flask, client: CheckedClient, leaked: str) -> None:
    client.post(LEAKED, json=[found(leaked, url="https://evil.example/click-me", anything={"else": [1]})])
    kept = [str(vars(one)) for table in (SecurityEvent, OutboxMessage, LoggedEvent) for one in rows(app, table)]
    assert kept
    assert "evil" not in "".join(kept)


def test_whoever_finds_a_token_finds_where_to_report_it(client: CheckedClient) -> None:
    assert "/developers#leaks" in client.get("/.well-known/security.txt").get_data(as_text=True)
    page = client.get("/developers").get_data(as_text=True)
    assert 'id="leaks"' in page
    assert LEAKED in page
