"""The pages of accounts: signing up, confirming, signing in and out, a new password, sessions, one's own account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Membership, Officer, SecurityEvent, SignInAttempt, SignInSession
from pipeline.db.engine import database
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.web.accounts.next_page import safe_next
from tests.factories import Factory
from tests.support.accounts import (
    CHEAP,
    OTHER_PASSWORD,
    PASSWORD,
    cheap_passwords,
    mailed_token,
    mails,
    officer_at,
    sign_in,
    sign_up,
)
from tests.support.client import CheckedClient, parsed, said

__all__ = ["cheap_passwords"]
pytestmark = pytest.mark.database

ADDRESS = "ada.byron@northborough.example"


@pytest.fixture
def council(make: Factory) -> Any:
    return make.council("Northborough", domains=("northborough.example",))


@pytest.fixture
def known(make: Factory, council: Any) -> Officer:
    """An officer who can sign in."""
    return make.officer(council, address="known@northborough.example", password_hash=CHEAP.hash(PASSWORD))


def rows(app: Flask, table: Any) -> list[Any]:
    with app.app_context():
        return list(database.session.scalars(select(table)).all())


def is_signed_in(client: CheckedClient) -> bool:
    answer = client.get("/account")
    answer.close()
    return answer.status_code == 200


def test_a_stranger_signs_up_confirms_and_acts_for_the_council_of_their_address(
    app: Flask, client: CheckedClient, council: Any
) -> None:
    answer = sign_up(client, " Ada.Byron@NORTHBOROUGH.example ")
    assert answer.status_code == 303
    assert "Check your e-mail" in said(client.get(answer.location))
    page = client.page(f"/verify/{mailed_token(app)}")
    assert ADDRESS in page.text
    answer = client.send(f"/verify/{mailed_token(app)}", password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/your-work")
    assert "You act for this council now" in client.page("/account").text
    assert [(one.started_at is not None, one.let_in_by) for one in rows(app, Membership)] == [(True, None)]


def test_getting_a_link_never_uses_it_up_and_posting_does(app: Flask, client: CheckedClient, council: Any) -> None:
    sign_up(client, ADDRESS)
    path = f"/verify/{mailed_token(app)}"
    for _scan in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.send(path, password=PASSWORD).status_code == 303
    assert client.get(path).status_code == 410
    assert app.test_client().get(path).status_code == 410


def test_a_link_dies_after_an_hour_and_when_a_newer_one_is_sent(
    app: Flask, client: CheckedClient, council: Any
) -> None:
    sign_up(client, ADDRESS)
    first = f"/verify/{mailed_token(app)}"
    with clock.moved(timedelta(minutes=2)):
        sign_up(client, ADDRESS)
        second = f"/verify/{mailed_token(app)}"
        assert client.get(first).status_code == 410
        assert client.get(second).status_code == 200
    with clock.moved(timedelta(minutes=63)):
        assert client.get(second).status_code == 410


@pytest.mark.parametrize("token", ["x", "a" * 43, "a" * 300, "%2e%2e", "é"])
def test_a_link_that_never_was_answers_like_one_that_was_used(client: CheckedClient, token: str) -> None:
    for path in (f"/verify/{token}", f"/reset-password/{token}"):
        assert client.get(path).status_code == 410


def test_whoever_confirms_an_address_must_know_the_password_of_the_account(
    app: Flask, client: CheckedClient, council: Any
) -> None:
    sign_up(client, ADDRESS, password=OTHER_PASSWORD)
    answer = client.send(f"/verify/{mailed_token(app)}", password=PASSWORD)
    assert answer.status_code == 422
    officer = officer_at(app, ADDRESS)
    assert officer is not None
    assert officer.verified_at is None


def test_known_and_unknown_addresses_are_answered_alike(app: Flask, client: CheckedClient, known: Officer) -> None:
    def answers(address: str) -> list[tuple[int, str | None, str]]:
        fresh = app.test_client()
        seen = []
        for answer in (
            sign_up(fresh, address),
            fresh.send("/reset-password", address=address),
            sign_in(fresh, address, "not the right password"),
        ):
            page = fresh.get(answer.location) if answer.location else answer
            body = parsed(page).find("main")
            for secret in body.find_all("input"):
                secret.attrs.pop("value", None)
            seen.append((answer.status_code, answer.location, body.get_text(" ")))
        return seen

    assert answers(known.address) == answers("nobody@northborough.example")
    to_known = [mail.kind for mail in mails(app) if mail.officer_id == known.id]
    assert to_known == ["account.already_here", "account.reset"]


def test_signing_up_again_with_a_known_address_changes_nothing(
    app: Flask, client: CheckedClient, known: Officer
) -> None:
    sign_up(client, known.address, password=OTHER_PASSWORD, name="Eve")
    officer = officer_at(app, known.address)
    assert officer is not None
    assert (officer.name, officer.password_hash) == (known.name, known.password_hash)


def test_an_address_whose_domain_serves_two_councils_asks_which(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    one, other = (make.council(name, domains=("shared.example",)) for name in ("Adur", "Worthing"))
    sign_up(client, "ada@shared.example")
    path = f"/verify/{mailed_token(app)}"
    page = client.page(path)
    assert {field["value"] for field in page.find_all("input", type="radio")} == {str(one.id), str(other.id), "another"}
    answer = client.send(path, password=PASSWORD)
    assert answer.status_code == 422
    assert "Choose the council you work for" in said(answer)
    assert client.send(path, password=PASSWORD, council=str(other.id)).status_code == 303
    assert [place.council_id for place in rows(app, Membership)] == [other.id]


def test_a_choice_that_the_address_does_not_allow_is_refused(app: Flask, client: CheckedClient, make: Factory) -> None:
    make.council("Adur", domains=("shared.example",))
    make.council("Worthing", domains=("shared.example",))
    stranger = make.council("Camden")
    sign_up(client, "ada@shared.example")
    answer = client.send(f"/verify/{mailed_token(app)}", password=PASSWORD, council=str(stranger.id))
    assert answer.status_code == 422
    assert rows(app, Membership) == []


@pytest.mark.parametrize(
    "domain", ["sub.northborough.example", "xnorthborough.example", "northborough.example.net", "gmail.com"]
)
def test_only_the_exact_domain_decides(app: Flask, client: CheckedClient, council: Any, domain: str) -> None:
    sign_up(client, f"ada@{domain}")
    answer = client.send(f"/verify/{mailed_token(app)}", password=PASSWORD)
    assert answer.location == "/account"
    assert rows(app, Membership) == []
    assert "Choose your council" in client.page("/account").text


@pytest.mark.parametrize("values", [{"kind": "combined authority"}, {"is_active": False}])
def test_a_combined_authority_and_an_abolished_council_are_not_decided_by_address(
    app: Flask, client: CheckedClient, make: Factory, values: dict[str, Any]
) -> None:
    make.council("Somewhere", domains=("somewhere.example",), **values)
    sign_up(client, "ada@somewhere.example")
    client.send(f"/verify/{mailed_token(app)}", password=PASSWORD)
    assert rows(app, Membership) == []


def test_a_form_that_fails_keeps_what_was_typed_but_the_password(client: CheckedClient, council: Any) -> None:
    answer = sign_up(client, "ada at northborough", password="short", name="Ada", job_title="Analyst")
    page = parsed(answer)
    assert answer.status_code == 422
    assert page.title is not None
    assert page.title.text.startswith("Error:")
    links = [link["href"] for link in page.select(".govuk-error-summary a")]
    assert links == ["#address", "#password"]
    assert page.find(id="address")["value"] == "ada at northborough"
    assert not page.find(id="password").get("value")
    assert page.find(id="password")["autocomplete"] == "new-password"


def test_signing_in_goes_on_to_the_page_one_came_from(client: CheckedClient, known: Officer) -> None:
    answer = client.get("/account/sessions?x=1")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/account/sessions?x%3D1"
    answer = sign_in(client, known.address, next_page="/account/sessions%3Fx%3D1")
    assert answer.location == "/account/sessions?x=1"
    assert is_signed_in(client)


def test_a_wrong_password_and_an_unverified_account_do_not_sign_in(
    app: Flask, client: CheckedClient, known: Officer
) -> None:
    assert sign_in(client, known.address, OTHER_PASSWORD).status_code == 422
    sign_up(client, ADDRESS)
    with clock.moved(timedelta(minutes=2)):
        answer = sign_in(client, ADDRESS)
    assert answer.location == "/sign-up/sent"
    assert len(mails(app, "account.verify")) == 2
    assert not is_signed_in(client)
    assert rows(app, SignInSession) == []


def test_an_ended_session_gives_back_what_was_typed(app: Flask, client: CheckedClient, known: Officer) -> None:
    sign_in(client, known.address)
    form = client.page("/account/details").find("form", id="form")
    with app.app_context():
        session_id = database.session.scalar(select(SignInSession.id))
    from pipeline.accounts.actions import end_one_session

    with app.app_context():
        end_one_session(known.id, session_id)
    answer = client.send_form(form, "/account/details", name="A new name")
    assert answer.location == "/sign-in?next=/account/details"
    answer = sign_in(client, known.address, next_page="/account/details")
    assert answer.location == "/account/details?given_back=1"
    assert client.page(answer.location).find(id="name")["value"] == "A new name"


ATTACKS = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/account", "/%5cevil.example",
    "/%5Cevil.example", "/%2fevil.example", "/%252fevil.example", "/\t/evil.example", "/%09/evil.example",
    "javascript:alert(1)",
    "/account\r\nSet-Cookie: a=b", "/account%0d%0aX: y", " /account", "account", "", "/nothing-here", "/sign-in",
    "/sign-out",
    "/account/council", "/\u2028/evil.example", "http:/account", "///account", "/account/../../evil", "@evil.example",
    "/%00", "/" + "a" * 3000, "/cy//evil.example", "/.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ATTACKS)
def test_the_way_on_after_signing_in_is_a_page_of_this_site_or_nothing(app: Flask, wanted: str) -> None:
    with app.test_request_context("/sign-in"):
        assert safe_next(wanted) is None


@pytest.mark.parametrize(
    "wanted", ["/account", "/cy/account", "/councils?q=two%20words", "/councils/leeds", "/account/sessions?x=1", "/"]
)
def test_a_page_of_this_site_is_kept_as_it_is(app: Flask, wanted: str) -> None:
    with app.test_request_context("/sign-in"):
        assert safe_next(wanted) == wanted


def test_a_forged_way_on_is_forgotten(client: CheckedClient, known: Officer) -> None:
    assert sign_in(client, known.address, next_page="//evil.example").location == "/your-work"


def test_the_tenth_failure_makes_the_account_wait_here_and_nowhere_else(
    app: Flask, client: CheckedClient, known: Officer
) -> None:
    for _try in range(10):
        assert sign_in(client, known.address, OTHER_PASSWORD).status_code == 422
    answer = sign_in(client, known.address)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 31
    assert "too many tries" in said(answer)
    assert {event.name for event in rows(app, SecurityEvent)} == {"sign-in.slowed"}
    elsewhere = app.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert sign_in(elsewhere, known.address).status_code == 303
    with clock.moved(timedelta(seconds=40)):
        assert sign_in(client, known.address).status_code == 303


def test_an_unknown_address_waits_just_as_long(client: CheckedClient, council: Any) -> None:
    for _try in range(10):
        sign_in(client, "nobody@northborough.example")
    assert sign_in(client, "nobody@northborough.example").status_code == 429


def test_only_failures_are_counted(app: Flask, client: CheckedClient, known: Officer) -> None:
    for _try in range(12):
        fresh = app.test_client()
        assert sign_in(fresh, known.address).status_code == 303
    assert rows(app, SignInAttempt) == []


def test_signing_in_makes_a_new_session_and_ends_the_one_before(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.signed_in(client, known)
    old = client.get_cookie("session")
    sign_out = client.page("/account").find("form", action="/sign-out")
    client.send_form(sign_out, "/account")
    sign_in(client, known.address)
    new = client.get_cookie("session")
    assert old is not None
    assert new is not None
    assert old.value != new.value
    client.set_cookie("session", old.value)
    assert not is_signed_in(client)


def test_after_signing_out_a_kept_cookie_is_worth_nothing(client: CheckedClient, known: Officer, make: Factory) -> None:
    make.signed_in(client, known)
    cookie = client.get_cookie("session")
    assert cookie is not None
    answer = client.send_form(client.page("/account").find("form", action="/sign-out"), "/account")
    assert answer.location == "/"
    assert client.get_cookie("session") is None
    client.set_cookie("session", cookie.value)
    assert not is_signed_in(client)


def test_signing_out_needs_a_post_with_the_token(client: CheckedClient, known: Officer, make: Factory) -> None:
    make.signed_in(client, known)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 400
    assert is_signed_in(client)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_at_most(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.signed_in(client, known)
    with clock.moved(timedelta(hours=2, minutes=1)):
        assert not is_signed_in(client)
    make.signed_in(client, known)
    for hours in range(1, 12):
        with clock.moved(timedelta(hours=hours)):
            assert is_signed_in(client)
    with clock.moved(timedelta(hours=12, minutes=1)):
        assert not is_signed_in(client)


def test_changing_the_password_keeps_this_session_and_ends_all_others(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    other = app.test_client()
    make.signed_in(client, known)
    make.signed_in(other, known)
    path = "/account/password"
    assert client.send(path, current_password=OTHER_PASSWORD, new_password=OTHER_PASSWORD).status_code == 422
    assert client.send(path, current_password=PASSWORD, new_password="password12345").status_code == 422
    assert client.send(path, current_password=PASSWORD, new_password=OTHER_PASSWORD).status_code == 303
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert sign_in(app.test_client(), known.address).status_code == 422
    assert sign_in(app.test_client(), known.address, OTHER_PASSWORD).status_code == 303
    assert [mail.kind for mail in mails(app)] == ["account.password_changed"]


def test_a_forgotten_password_is_set_anew_by_mail_and_ends_every_session(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    signed_in_elsewhere = app.test_client()
    make.signed_in(signed_in_elsewhere, known)
    client.send("/reset-password", address=known.address)
    path = f"/reset-password/{mailed_token(app, 'account.reset')}"
    assert client.get(path).status_code == 200
    assert client.send(path, new_password="short").status_code == 422
    answer = client.send(path, new_password=OTHER_PASSWORD)
    assert answer.location == "/sign-in"
    assert client.get(path).status_code == 410
    assert not is_signed_in(signed_in_elsewhere)
    assert sign_in(client, known.address, OTHER_PASSWORD).status_code == 303


def test_a_link_for_one_purpose_opens_nothing_else(app: Flask, client: CheckedClient, known: Officer) -> None:
    client.send("/reset-password", address=known.address)
    assert client.get(f"/verify/{mailed_token(app, 'account.reset')}").status_code == 410


def test_sessions_are_listed_and_ended_one_by_one_or_all_but_this(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    others = [app.test_client() for _one in range(3)]
    make.signed_in(client, known)
    for other in others:
        make.signed_in(other, known)
    page = client.page("/account/sessions")
    assert len(page.select("ul.rows li")) == 4
    client.send_form(page.select("ul.rows form")[0], "/account/sessions")
    assert sorted(is_signed_in(other) for other in others) == [False, True, True]
    client.send_form(client.page("/account/sessions").find("form", action="/account/sessions/end-others"), "/")
    assert not any(is_signed_in(other) for other in others)
    assert is_signed_in(client)


def test_a_session_of_somebody_else_is_not_there(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    stranger = app.test_client()
    strangers = make.signed_in(stranger, make.officer())
    make.signed_in(client, known)
    form = client.page("/account").find("form", action="/sign-out")
    form["action"] = f"/account/sessions/{strangers}/end"
    assert client.send_form(form, "/account").status_code == 404
    assert is_signed_in(stranger)


def test_details_change_and_a_stale_form_says_so(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.signed_in(client, known)
    stale = client.page("/account/details").find("form", id="form")
    answer = client.send("/account/details", name="Ada King", is_named="y", language="cy")
    assert answer.status_code == 303
    officer = officer_at(app, known.address)
    assert officer is not None
    assert (officer.name, officer.is_named, officer.language) == ("Ada King", True, "cy")
    answer = client.send_form(stale, "/account/details", name="Somebody else")
    assert answer.status_code == 409
    assert parsed(answer).find(id="name")["value"] == "Somebody else"


def test_another_address_is_confirmed_first_and_ends_places_it_does_not_fit(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.council("Eastmere", domains=("eastmere.example",))
    make.signed_in(client, known)
    path, new = "/account/address", "known@eastmere.example"
    answer = client.send(path, address=new, current_password=PASSWORD)
    assert answer.status_code == 422
    assert "With this address you lose your place in: Northborough Council." in said(answer)
    form = parsed(answer).find("form", id="form")
    assert client.send_form(form, path, current_password=PASSWORD, understood="y").status_code == 303
    assert officer_at(app, known.address) is not None
    assert mails(app)[-1].address == new
    answer = client.send(f"/verify/{mailed_token(app)}", password=PASSWORD)
    assert answer.status_code == 303
    assert officer_at(app, new) is not None
    assert officer_at(app, known.address) is None
    ended = {place.council_id == known_council(app, new) for place in rows(app, Membership) if place.ended_at is None}
    assert ended == {True}
    assert mails(app, "account.address_changed")[0].address == known.address
    assert "Eastmere" in client.page("/account").text
    assert "Northborough" not in client.page("/account").text


def known_council(app: Flask, address: str) -> Any:
    from pipeline.councils.models import CouncilDomain

    with app.app_context():
        domain = address.rsplit("@", 1)[1]
        return database.session.scalar(select(CouncilDomain.council_id).where(CouncilDomain.domain == domain))


def test_taking_an_address_that_has_an_account_tells_only_its_owner(
    app: Flask, client: CheckedClient, known: Officer, make: Factory, council: Any
) -> None:
    taken = make.officer(council, address="taken@northborough.example")
    make.signed_in(client, known)
    free = client.send("/account/address", address="free@northborough.example", current_password=PASSWORD)
    other = client.send("/account/address", address=taken.address, current_password=PASSWORD)
    assert (free.status_code, free.location) == (other.status_code, other.location) == (303, "/account")
    assert [(mail.kind, mail.officer_id) for mail in mails(app)][-1] == ("account.already_here", taken.id)


def test_an_officer_of_two_councils_acts_for_one_at_a_time(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    second, foreign = make.council("Eastmere"), make.council("Wexcombe")
    make.membership(known, second)
    make.signed_in(client, known)
    page = client.page("/account")
    form = page.find("form", action="/account/council")
    button = form.find("button")
    assert client.send_form(form, "/account", (button["name"], button["value"])).status_code == 303
    page = client.page("/account")
    assert page.find("form", action="/account/council").find("button")["value"] != button["value"]
    assert client.send_form(form, "/account", ("council", foreign.slug)).status_code == 404


def test_my_data_is_mine_alone(client: CheckedClient, known: Officer, make: Factory, council: Any) -> None:
    other = make.officer(council)
    make.signed_in(client, known)
    answer = client.get("/account/data")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.get_json()
    assert data["account"]["address"] == known.address
    assert data["places"][0]["name"] == council.name
    assert other.address not in answer.text
    assert "$argon2" not in answer.text


def test_erasing_asks_for_the_password_and_can_be_undone(
    app: Flask, client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.signed_in(client, known)
    assert client.send("/account/erase", current_password=OTHER_PASSWORD).status_code == 422
    assert client.send("/account/erase", current_password=PASSWORD).status_code == 303
    assert "will be erased on" in client.page("/account").text
    client.send("/account/erase")
    assert "will be erased on" not in client.page("/account").text


@pytest.mark.parametrize("path", ["/sign-in", "/sign-up", "/reset-password", "/sign-up/sent", "/reset-password/sent"])
def test_the_pages_before_signing_in_stand_in_both_languages_and_stay_in_no_cache(
    client: CheckedClient, path: str
) -> None:
    for prefix in ("", "/cy"):
        answer = client.get(prefix + path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_is_signed_in_needs_no_form_to_sign_in_or_up(
    client: CheckedClient, known: Officer, make: Factory
) -> None:
    make.signed_in(client, known)
    assert client.get("/sign-in").location == "/your-work"
    assert client.get("/sign-up").location == "/account"


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "a\x00b@c.example", "' OR 1=1 --", "x" * 5000, "\ufffd"]
)
def test_hostile_input_gets_a_plain_answer(client: CheckedClient, council: Any, hostile: str) -> None:
    for answer in (
        sign_in(client, hostile, hostile),
        sign_up(client, hostile, hostile, name=hostile, job_title=hostile),
        client.send("/reset-password", address=hostile),
    ):
        assert answer.status_code in (400, 422, 429)
        assert "<script>alert" not in answer.text


def test_roles_are_read_anew_on_every_request(
    client: CheckedClient, known: Officer, make: Factory, council: Any, work: Callable[..., Any]
) -> None:
    make.signed_in(client, known)
    assert client.get(f"/councils/{council.slug}/settings").status_code == 403
    assert Role.COUNCIL_ADMIN not in make.actor(known, council).roles
