"""The coordinators' pages: a council's first admin, and who is a coordinator."""

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import MembershipRole, PlatformRole
from pipeline.db.engine import database
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


def test_a_coordinator_finds_who_waits_and_makes_one_the_first_admin(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council("Northborough")
    make.membership(make.officer(name="Waiting One"), council, is_waiting=True)
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    page = client.page("/coordination")
    link = page.select_one("ul.rows a")
    assert link is not None
    page = client.page(str(link["href"]))
    assert "Waiting One" in page.text
    form = next(form for form in page.find_all("form") if form["action"].endswith("/appoint"))
    assert client.send_form(form, "/").status_code == 303
    with app.app_context():
        assert database.session.scalar(select(MembershipRole.role)) == "council-admin"
    page = client.page(str(link["href"]))
    assert "This council has an admin" in page.text
    assert "Waiting One" not in page.find("ul", class_="rows").text if page.find("ul", class_="rows") else True
    assert client.send_form(form, "/").status_code == 403


def test_a_coordinator_lets_in_and_declines_where_there_is_no_admin(client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    for _one in range(2):
        make.membership(make.officer(), council, is_waiting=True)
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    path = "/coordination/councils/northborough/admin"
    for act in ("/let-in", "/decline"):
        form = next(form for form in client.page(path).find_all("form") if form["action"].endswith(act))
        assert client.send_form(form, path).status_code == 303
    assert not [form for form in client.page(path).find_all("form") if form["action"].endswith("/let-in")]


def test_a_platform_admin_appoints_coordinators_and_takes_it_back(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    officer = make.officer(address="ada@northborough.example")
    make.signed_in(client, make.officer(None, Role.PLATFORM_ADMIN))
    path = "/coordination/people"
    assert client.send(path, -1, address="nobody@northborough.example").status_code == 422
    assert client.send(path, -1, address="ADA@northborough.example").status_code == 303
    assert client.send(path, -1, address="ada@northborough.example").status_code == 409
    form = next(form for form in client.page(path).find_all("form") if form["action"].endswith("/remove"))
    assert client.send_form(form, path).status_code == 303
    with app.app_context():
        held = select(PlatformRole).where(PlatformRole.officer_id == officer.id)
        assert database.session.scalars(held).first() is None
