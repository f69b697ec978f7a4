"""The pages of places in councils: asking, leaving, and what a council's admins do with its people."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Membership, MembershipRole, Officer, SecurityEvent
from pipeline.db.engine import database
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.accounts import cheap_passwords
from tests.support.client import CheckedClient, parsed

__all__ = ["cheap_passwords"]
pytestmark = pytest.mark.database


@pytest.fixture
def council(make: Factory) -> Any:
    return make.council("Northborough", domains=("northborough.example",))


@pytest.fixture
def admin(make: Factory, council: Any, client: CheckedClient) -> Officer:
    """An admin of the council, signed in."""
    officer = make.officer(council, Role.COUNCIL_ADMIN, name="The admin")
    make.signed_in(client, officer, council)
    return officer


def place_of(app: Flask, officer: Officer) -> Membership | None:
    with app.app_context():
        return database.session.scalars(
            select(Membership).where(Membership.officer_id == officer.id, Membership.ended_at.is_(None))
        ).first()


def roles_of(app: Flask, officer: Officer) -> set[str]:
    with app.app_context():
        return set(
            database.session.scalars(
                select(MembershipRole.role)
                .join(Membership, Membership.id == MembershipRole.membership_id)
                .where(Membership.officer_id == officer.id, MembershipRole.ended_at.is_(None))
            )
        )


def test_an_officer_asks_for_a_place_and_an_admin_lets_them_in(
    app: Flask, client: CheckedClient, make: Factory, council: Any, admin: Officer
) -> None:
    newcomer = make.officer(name="New Comer")
    theirs = app.test_client()
    make.signed_in(theirs, newcomer)
    assert theirs.send("/account/councils/join").status_code == 422
    assert theirs.send("/account/councils/join", council=str(council.id)).status_code == 303
    assert "An admin of the council" in theirs.page("/account").text
    assert theirs.get(f"/councils/{council.slug}/settings").status_code == 403
    page = client.page(f"/councils/{council.slug}/settings")
    assert "New Comer" in page.text
    form = next(form for form in page.find_all("form") if form["action"].endswith("/let-in"))
    assert client.send_form(form, "/").status_code == 303
    place = place_of(app, newcomer)
    assert place is not None
    assert place.let_in_by == admin.id


def test_an_admin_declines_somebody(
    app: Flask, client: CheckedClient, make: Factory, council: Any, admin: Officer
) -> None:
    newcomer = make.officer()
    make.membership(newcomer, council, is_waiting=True)
    page = client.page(f"/councils/{council.slug}/settings")
    form = next(form for form in page.find_all("form") if form["action"].endswith("/decline"))
    assert client.send_form(form, "/").status_code == 303
    assert place_of(app, newcomer) is None


def test_an_admin_gives_and_takes_roles_and_removes(
    app: Flask, client: CheckedClient, make: Factory, council: Any, admin: Officer
) -> None:
    member = make.officer(council)
    theirs = app.test_client()
    make.signed_in(theirs, member)
    place = place_of(app, member)
    assert place is not None
    path = f"/councils/{council.slug}/settings/people/{place.id}"
    assert client.send(path, roles=["authoriser", "council-admin"]).status_code == 303
    assert roles_of(app, member) == {"authoriser", "council-admin"}
    assert theirs.get("/account").status_code == 303
    assert client.send(path, roles=["authoriser"]).status_code == 303
    assert client.send(path, roles=["authoriser"]).status_code == 409
    assert client.send(path, roles=["coordinator"]).status_code == 422
    assert client.send(f"{path}/remove").status_code == 303
    assert roles_of(app, member) == set()
    assert client.get(path).status_code == 404


def test_an_admin_changes_nothing_of_their_own(app: Flask, client: CheckedClient, council: Any, admin: Officer) -> None:
    place = place_of(app, admin)
    assert place is not None
    path = f"/councils/{council.slug}/settings/people/{place.id}"
    assert client.page(path).find("form", id="form") is None
    token = client.page("/account").find("input", attrs={"name": "csrf_token"})["value"]
    for act, data in (("", {"roles": "authoriser"}), ("/remove", {}), ("/let-in", {}), ("/decline", {})):
        assert client.post(path + act, data={"csrf_token": token, **data}).status_code == 403
    assert roles_of(app, admin) == {"council-admin"}
    with app.app_context():
        assert database.session.scalar(select(SecurityEvent.name)) == "refused"


def test_the_people_of_another_council_answer_like_people_that_do_not_exist(
    client: CheckedClient, app: Flask, make: Factory, council: Any, admin: Officer
) -> None:
    other = make.council("Eastmere")
    stranger = make.officer(other)
    place = place_of(app, stranger)
    assert place is not None
    missing = "0192f000-0000-7000-8000-000000000000"
    token = client.page("/account").find("input", attrs={"name": "csrf_token"})["value"]
    for slug in (other.slug, council.slug, "no-such-council"):
        for membership_id in (place.id, missing, "not-an-id"):
            path = f"/councils/{slug}/settings/people/{membership_id}"
            assert client.get(path).status_code == 404
            for act in ("", "/let-in", "/decline", "/remove"):
                assert client.post(path + act, data={"csrf_token": token}).status_code == 404
    assert client.get(f"/councils/{other.slug}/settings").status_code == 404


ROLES: dict[str, tuple[Role, ...] | None] = {
    "anonymous": None,
    "no place": (),
    "member": (Role.MEMBER,),
    "authoriser": (Role.AUTHORISER,),
    "admin": (Role.COUNCIL_ADMIN,),
    "coordinator": (Role.COORDINATOR,),
    "platform admin": (Role.PLATFORM_ADMIN,),
}
PAGES = {
    "/account": {"anonymous": 303},
    "/account/sessions": {"anonymous": 303},
    "/account/data": {"anonymous": 303},
    "/account/councils/join": {"anonymous": 303},
    "/councils/northborough/settings": {"anonymous": 303, "admin": 200, "else": 403},
    "/coordination": {"anonymous": 303, "coordinator": 200, "else": 403},
    "/coordination/councils/northborough/admin": {"anonymous": 303, "coordinator": 200, "else": 403},
    "/coordination/people": {"anonymous": 303, "platform admin": 200, "else": 403},
}


@pytest.mark.parametrize("who", ROLES)
def test_every_page_lets_in_whom_the_table_says(client: CheckedClient, make: Factory, council: Any, who: str) -> None:
    roles = ROLES[who]
    if roles is not None:
        place = council if set(roles) & {Role.MEMBER, Role.AUTHORISER, Role.COUNCIL_ADMIN} else None
        make.signed_in(client, make.officer(place, *roles))
    for path, answers in PAGES.items():
        assert client.get(path).status_code == answers.get(who, answers.get("else", 200)), f"{who} on {path}"


def test_leaving_ends_the_place_after_being_asked(
    app: Flask, client: CheckedClient, make: Factory, council: Any
) -> None:
    member = make.officer(council, Role.AUTHORISER)
    make.signed_in(client, member)
    assert client.send(f"/account/councils/{council.slug}/leave").status_code == 303
    assert place_of(app, member) is None
    assert client.get(f"/account/councils/{council.slug}/leave").status_code == 404


def test_a_council_the_address_fits_is_joined_at_once(
    app: Flask, client: CheckedClient, make: Factory, council: Any
) -> None:
    officer = make.officer(address="ada@northborough.example")
    make.signed_in(client, officer)
    assert "Northborough Council" in client.page("/account/councils/join").text
    client.send("/account/councils/join", council=str(council.id))
    place = place_of(app, officer)
    assert place is not None
    assert place.started_at is not None
    answer = client.send("/account/councils/join", council="rubbish")
    assert answer.status_code == 422
    assert parsed(answer).select(".govuk-error-summary a")[0]["href"] == "#council"
