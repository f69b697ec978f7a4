"""The pages of signposts: kept by coordinators and admins, shown beside a council's own pledges."""

from typing import Any

import pytest
from flask import Flask

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

TYPED = {
    "about": "funding", "pence": "10,000", "sentence": "From this sum the cabinet decides.",
    "source_title": "Our constitution", "source_url": "https://giver.example/constitution",
}  # fmt: skip


@pytest.fixture
def giver(make: Factory) -> Any:
    return make.council("Giver")


@pytest.fixture
def admin(app: Flask, make: Factory, giver: Any) -> CheckedClient:
    """A browser in which an admin of Giver is signed in."""
    client: Any = app.test_client()
    make.signed_in(client, make.officer(giver, Role.COUNCIL_ADMIN), giver)
    return client  # type: ignore[no-any-return]


def test_an_admin_adds_changes_and_ends_the_key_decision_limit(admin: CheckedClient) -> None:
    assert "No signposts yet" in admin.page("/councils/giver/settings/signposts").text
    assert admin.send("/councils/giver/settings/signposts/new", **TYPED).status_code == 303
    page = admin.page("/councils/giver/settings/signposts")
    assert "£10,000" in page.text
    assert TYPED["sentence"] in page.text

    change = page.find("a", string=lambda words: words and words.startswith("Change"))
    address = change["href"] if change else next(a["href"] for a in page.find_all("a") if a["href"].endswith("/change"))
    assert admin.send(address, pence="12,000").status_code == 303
    assert "£12,000" in admin.page("/councils/giver/settings/signposts").text
    assert admin.send(address.replace("/change", "/end")).status_code == 303
    assert "Ended on" in admin.page("/councils/giver/settings/signposts").text
    assert admin.send(address, pence="13,000").status_code == 409


def test_a_form_that_fails_keeps_what_was_typed_and_says_what_to_do(admin: CheckedClient) -> None:
    response = admin.send(
        "/councils/giver/settings/signposts/new", **TYPED | {"source_url": "http://giver.example", "half_days": "2"}
    )

    assert response.status_code == 422
    assert "Give a sum in pounds or in days, not both" in response.text
    assert "beginning with https://" in response.text
    assert TYPED["sentence"] in response.text


def test_another_councils_signposts_answer_as_if_there_were_none(admin: CheckedClient, make: Factory) -> None:
    make.council("Other")

    assert admin.get("/councils/other/settings/signposts").status_code == 404
    assert admin.get("/councils/other/settings/signposts/new").status_code == 404
    assert admin.get("/coordination/signposts").status_code == 403


def test_a_coordinator_keeps_those_of_a_nation(app: Flask, make: Factory, client: CheckedClient) -> None:
    make.signed_in(client, make.officer(None, Role.COORDINATOR))

    assert client.send("/coordination/signposts/new", **TYPED).status_code == 422
    assert client.send("/coordination/signposts/new", **TYPED, nation="Wales").status_code == 303
    page = client.page("/coordination/signposts")
    assert "£10,000, Wales" in " ".join(page.text.split())
    address = next(a["href"] for a in page.find_all("a") if a["href"].endswith("/change"))
    assert client.send(address, sentence="Otherwise.", is_with_vat="y").status_code == 303
    assert "£10,000 including VAT" in client.page("/coordination/signposts").text
    assert "/coordination/signposts" in client.page("/coordination").decode()


def test_officers_of_the_pledging_council_read_it_on_the_pledge_and_nobody_else(
    app: Flask, admin: CheckedClient, make: Factory, giver: Any, client: CheckedClient
) -> None:
    admin.send("/councils/giver/settings/signposts/new", **TYPED)
    lead = make.council("Lead")
    leader = make.officer(lead)
    need = make.need(make.project(lead, leader), "funding", target=10_000_000)
    pledge = make.pledge(need, giver, make.officer(giver), amount=900_000, status="authorised")
    path = f"/pledges/{pledge.id}"

    assert TYPED["sentence"] in admin.page(path).text
    assert TYPED["sentence"] not in client.page(path).text
    make.signed_in(client, leader, lead)
    assert TYPED["sentence"] not in client.page(path).text


def test_it_is_read_where_an_offer_is_checked_and_where_it_is_authorised(
    app: Flask, admin: CheckedClient, make: Factory, giver: Any, client: CheckedClient
) -> None:
    admin.send("/councils/giver/settings/signposts/new", **TYPED)
    lead = make.council("Lead")
    need = make.need(make.project(lead, make.officer(lead)), "funding", target=10_000_000)
    officer, authoriser = make.officer(giver), make.officer(giver, Role.AUTHORISER)
    make.signed_in(client, officer, giver)
    year = str(clock.today().year)

    def checked(pounds: str) -> str:
        response = client.send(
            f"/needs/{need.id}/pledges/new", button=("step", "check"), amount=pounds, first_financial_year=year,
            spending="revenue",
        )  # fmt: skip
        assert response.status_code == 200, response.text
        return str(response.text)

    assert TYPED["sentence"] not in checked("8999.99")
    assert TYPED["sentence"] in checked("9000")

    pledge = make.pledge(need, giver, officer, amount=900_000)
    theirs: Any = app.test_client()
    make.signed_in(theirs, authoriser, giver)
    assert TYPED["sentence"] in theirs.page(f"/pledges/{pledge.id}/authorise").text


def test_a_welsh_page_marks_a_sentence_that_is_in_english(admin: CheckedClient) -> None:
    admin.send("/councils/giver/settings/signposts/new", **TYPED)

    html = admin.get("/cy/councils/giver/settings/signposts").text

    assert f'lang="en">{TYPED["sentence"]}' in html
