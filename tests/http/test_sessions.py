"""Sessions as rows, and the only two cookies there are. On both databases."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.accounts.models import Membership, Officer, SignInSession
from pipeline.accounts.rules import IDLE_SESSION, LONGEST_SESSION
from pipeline.http.sessions import STAMP_EVERY
from pipeline.kernel import clock
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


def cookies_set(answer) -> list[str]:  # type: ignore[no-untyped-def]
    return [value.split("=")[0] for value in answer.headers.getlist("Set-Cookie")]


def who(visitor: CheckedClient, path: str = "/tests/who") -> str | None:
    officer: str | None = visitor.get(path).get_json()["officer"]
    return officer


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/councils",
        "/help",
        "/cookies",
        "/nothing-here",
        "/healthz",
        "/tests/failure",
        "/api/v1/councils",
        "/cy/",
        "/robots.txt",
    ],
)
def test_reading_sets_no_cookie(visitor: CheckedClient, path: str) -> None:
    assert cookies_set(visitor.get(path)) == []


def test_a_page_with_a_form_sets_the_one_cookie_that_protects_it(visitor: CheckedClient) -> None:
    answer = visitor.get("/tests/form")

    assert cookies_set(answer) == ["form"]
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_the_form_cookie_is_set_once_and_not_on_every_page(visitor: CheckedClient) -> None:
    visitor.get("/tests/form")

    assert cookies_set(visitor.get("/tests/form")) == []
    assert cookies_set(visitor.get("/")) == []


def test_at_an_https_address_the_cookies_belong_to_this_host_and_https_alone(secure_site: Flask) -> None:
    answer = secure_site.test_client().get("/tests/form", base_url="https://pipeline.example")

    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-form=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_form_cookie_that_was_tampered_with_is_as_good_as_none(visitor: CheckedClient) -> None:
    visitor.get("/tests/form")
    held = visitor.get_cookie("form")
    assert held is not None
    visitor.set_cookie("form", held.value[:-2] + "xx")

    assert cookies_set(visitor.get("/tests/form")) == ["form"]


def test_a_session_is_its_row(make: Factory, visitor: CheckedClient) -> None:
    council = make.council()
    officer = make.officer(council)
    make.signed_in(visitor, officer, council)

    seen = visitor.get("/tests/who").get_json()

    assert seen == {"officer": str(officer.id), "council": str(council.id), "roles": ["member"]}


@pytest.mark.parametrize(
    "token", ["", "x", "made-up-token", "%00", "'" * 50, "kM9vRzE4yFQ0oYx1cS8tLwqJbN2hGdUeXaPi73Zs5lA"]
)
def test_a_made_up_token_is_nobody_and_is_cleared(visitor: CheckedClient, token: str) -> None:
    visitor.set_cookie("session", token)

    assert who(visitor) is None


def test_the_api_never_looks_at_cookies_nor_sets_any(make: Factory, visitor: CheckedClient) -> None:
    make.signed_in(visitor, make.officer(make.council()))

    answer = visitor.get("/api/tests/who")

    assert answer.get_json()["officer"] is None
    assert cookies_set(answer) == []


def signed_in(make: Factory, visitor: CheckedClient) -> UUID:
    officer = make.officer(make.council())
    session_id = make.signed_in(visitor, officer)
    assert who(visitor) == str(officer.id)
    return session_id


def change(make: Factory, session_id: UUID, **values: object) -> None:
    with make.session() as session:
        session.execute(update(SignInSession).where(SignInSession.id == session_id).values(**values))


def test_a_session_that_was_ended_is_over_at_once(make: Factory, visitor: CheckedClient) -> None:
    change(make, signed_in(make, visitor), ended_at=clock.now())

    answer = visitor.get("/tests/who")

    assert answer.get_json()["officer"] is None
    assert cookies_set(answer) == ["session"], "the browser is told to forget it"


def test_a_session_ends_after_two_idle_hours(make: Factory, visitor: CheckedClient) -> None:
    session_id = signed_in(make, visitor)

    change(make, session_id, seen_at=clock.now() - IDLE_SESSION + timedelta(minutes=1))
    assert who(visitor) is not None
    change(make, session_id, seen_at=clock.now() - IDLE_SESSION - timedelta(minutes=1))
    assert who(visitor) is None


def test_a_session_ends_after_twelve_hours_however_busy_it_is(make: Factory, visitor: CheckedClient) -> None:
    session_id = signed_in(make, visitor)

    change(make, session_id, created_at=clock.now() - LONGEST_SESSION - timedelta(minutes=1))

    assert who(visitor) is None


def test_whoever_is_removed_from_their_council_acts_for_none(make: Factory, visitor: CheckedClient) -> None:
    signed_in(make, visitor)
    with make.session() as session:
        session.execute(update(Membership).values(ended_at=clock.now()))

    assert visitor.get("/tests/who").get_json()["council"] is None


def test_an_erased_officer_is_nobody(make: Factory, visitor: CheckedClient) -> None:
    signed_in(make, visitor)
    with make.session() as session:
        session.execute(update(Officer).values(erased_at=clock.now()))

    assert who(visitor) is None


def seen_at(make: Factory, session_id: UUID):  # type: ignore[no-untyped-def]
    with make.session() as session:
        return session.get_one(SignInSession, session_id).seen_at


def test_use_is_noted_after_the_answer_at_most_every_ten_minutes(make: Factory, visitor: CheckedClient) -> None:
    session_id = signed_in(make, visitor)
    lately = clock.now() - STAMP_EVERY + timedelta(minutes=1)
    change(make, session_id, seen_at=lately)
    visitor.get("/tests/who").close()
    assert seen_at(make, session_id) == lately

    earlier = clock.now() - STAMP_EVERY - timedelta(minutes=1)
    change(make, session_id, seen_at=earlier)
    visitor.get("/tests/who").close()

    assert clock.now() - seen_at(make, session_id) < timedelta(minutes=1)


def test_a_signed_in_page_is_never_kept_for_somebody_else(make: Factory, visitor: CheckedClient) -> None:
    signed_in(make, visitor)

    answer = visitor.get("/councils")

    assert "ETag" not in answer.headers
    assert "Cookie" in answer.vary
