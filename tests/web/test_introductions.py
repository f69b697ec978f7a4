"""The pages of introductions: from a need without an offer to what came of it."""

import pytest
from flask import Flask

from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


def test_a_coordinator_introduces_two_councils_about_a_need_and_says_what_came_of_it(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    ask, give = make.council("Askham"), make.council("Giverby")
    make.need(make.project(ask, make.officer(ask), title="A shared form"), title="A tester")
    admin = make.officer(give, Role.COUNCIL_ADMIN)
    make.signed_in(client, make.officer(None, Role.COORDINATOR))
    link = next(
        one for one in client.page("/coordination/lists/needs").find_all("a") if "introductions/new" in one["href"]
    )
    path = str(link["href"])
    page = client.page(path)
    assert "A tester" in page.text
    assert page.select_one("select[name=council] option[selected]")["value"] == "askham"
    refused = client.send(path, -1, other="askham", message="You should talk.")
    assert refused.status_code == 422
    assert "Choose two different councils" in refused.text
    assert "You should talk." in refused.text
    made = client.send(path, -1, other="giverby", message="You should talk.")
    assert made.status_code == 303
    address = made.headers["Location"]
    assert client.send(address, -1, outcome="").status_code == 422
    assert client.send(address, -1, outcome="talking").status_code == 303
    assert "They talk" in client.page("/coordination/introductions").text

    reader = app.test_client()
    make.signed_in(reader, admin, give)
    text = reader.get(address).text
    assert "You should talk." in text
    assert "What came of it?" not in text
    stranger = app.test_client()
    council = make.council()
    make.signed_in(stranger, make.officer(council), council)
    assert stranger.get(address).status_code == 404
    assert stranger.get("/coordination/introductions").status_code == 403
