"""The pages of an officer's API tokens."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import ApiToken
from pipeline.db.engine import database
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database

TOKEN = re.compile(r"pln_[0-9A-Za-z]{49}")


def rows_of(app: Flask) -> list[ApiToken]:
    with app.app_context():
        return list(database.session.scalars(select(ApiToken).order_by(ApiToken.id)))


def shown_in(answer: object) -> str:
    found = TOKEN.findall(parsed(answer).text)  # type: ignore[arg-type]
    assert len(found) == 1
    return str(found[0])


def test_a_token_is_made_shown_once_used_and_revoked(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    make.signed_in(client, make.officer(council), council)
    assert "You have made no token" in client.page("/account/tokens").text

    made = client.send("/account/tokens/new", name="Our website", scopes=["read", "pledges:write"], days="30")
    token = shown_in(made)
    program = app.test_client()
    headers = {"Authorization": f"Bearer {token}"}

    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    assert program.get("/api/v1/me", headers=headers).get_json()["data"]["scopes"] == ["read", "pledges:write"]
    listed = client.page("/account/tokens").text
    assert "Our website" in listed
    assert f"It ends in {token[-4:]}. It works until" in listed
    assert not TOKEN.search(listed)

    client.send("/account/tokens")
    assert program.get("/api/v1/me", headers=headers).status_code == 401
    assert "You revoked it." in client.page("/account/tokens").text


def test_reading_for_ninety_days_is_what_the_form_proposes(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.signed_in(client, make.officer(council), council)
    client.send("/account/tokens/new", name="Reader")

    (row,) = rows_of(app)
    assert (row.scopes, (row.expires_at - row.created_at).days) == ("read", 90)


@pytest.mark.parametrize(
    "typed, complaint",
    [
        ({"name": ""}, "Say what the token is for"),
        ({"name": "x" * 61}, "Use 1 character fewer"),
        ({"name": "for ada@northborough.example"}, "Leave e-mail addresses out of the name"),
        ({"scopes": None}, "Choose what the token may do"),
        ({"scopes": ["everything"]}, "Choose from the answers"),
        ({"days": "100000"}, "Choose one of the answers"),
    ],
)
def test_what_is_wrong_is_said_at_the_question(
    app: Flask, client: CheckedClient, make: Factory, typed: dict[str, object], complaint: str
) -> None:
    council = make.council()
    make.signed_in(client, make.officer(council), council)
    answer = client.send("/account/tokens/new", **{"name": "Our website"} | typed)

    assert answer.status_code == 422
    assert complaint in said(answer)
    assert rows_of(app) == []


def test_a_button_pressed_twice_makes_one_token(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.signed_in(client, make.officer(council), council)
    page = client.page("/account/tokens/new")
    form = next(form for form in page.find_all("form") if form.get("action", "").endswith("/tokens/new"))
    first = client.send_form(form, "/account/tokens/new", name="Our website")
    second = client.send_form(form, "/account/tokens/new", name="Our website")

    assert shown_in(first)
    assert (second.status_code, second.headers["Location"]) == (303, "/account/tokens")
    assert len(rows_of(app)) == 1
    assert "It is shown only once" in client.page("/account/tokens").text


def test_nobody_revokes_the_token_of_another(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.token(make.officer(council), council)
    make.signed_in(client, make.officer(council, Role.COUNCIL_ADMIN), council)
    form = parsed(client.get("/account/tokens/new")).find("input", attrs={"name": "csrf_token"})
    answer = client.post(
        f"/account/tokens/{rows_of(app)[0].id}/revoke",
        data={"csrf_token": form["value"]},  # type: ignore[index]
    )

    assert answer.status_code == 404
    assert rows_of(app)[0].ended_at is None


def test_whoever_has_no_council_makes_no_token(client: CheckedClient, make: Factory) -> None:
    make.signed_in(client, make.officer())

    assert client.page("/account/tokens").find("a", href="/account/tokens/new") is None
    assert client.get("/account/tokens/new").status_code == 403


def test_the_account_and_the_page_for_developers_lead_to_ones_tokens(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.signed_in(client, make.officer(council), council)
    for path in ("/account", "/developers"):
        assert client.page(path).find("a", href="/account/tokens") is not None


def test_ones_data_names_ones_tokens_and_shows_none(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    token = make.token(officer, council, name="Our website")["Authorization"].removeprefix("Bearer ")
    make.signed_in(client, officer, council)
    data = client.get("/account/data")

    assert data.get_json()["api_tokens"][0]["name"] == "Our website"
    assert token not in data.get_data(as_text=True)
