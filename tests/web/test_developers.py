"""The page for developers: true, and complete."""

import re
import shlex

import pytest
from flask import Flask

from pipeline.kernel.event import CATALOGUE, Audience
from tests.support.client import CheckedClient, parsed

pytestmark = pytest.mark.database


def test_every_address_of_the_api_is_on_the_page_with_an_example_that_has_its_form(client: CheckedClient) -> None:
    text = parsed(client.get("/developers")).text
    description = client.get("/api/v1/openapi.json").get_json()
    examples = {shlex.split(line)[1] for line in text.splitlines() if line.startswith("curl ")}
    for path in description["paths"]:
        assert path in text
        form = re.compile(re.escape("http://127.0.0.1:8000") + re.sub(r"\\{\w+\\}", "[A-Za-z0-9-]+", re.escape(path)))
        assert any(form.fullmatch(example) for example in examples), path


def test_every_example_is_a_request_the_api_takes(client: CheckedClient) -> None:
    text = parsed(client.get("/developers")).text
    addresses = [shlex.split(line)[1] for line in text.splitlines() if line.startswith("curl ")]
    addresses += re.findall(r'^address = "([^"]+)"$', text, re.MULTILINE)
    assert len(addresses) > 10
    for address in addresses:
        assert client.get(address).status_code in (200, 404), address


def test_every_public_event_is_on_the_page_and_no_other(client: CheckedClient) -> None:
    listed = parsed(client.get("/developers")).find(id="events").find_next("dl")
    public = {name for name, event in CATALOGUE.items() if event.audience is Audience.PUBLIC}
    assert {term.text for term in listed.find_all("dt")} == public


def test_the_page_sets_no_cookie_and_is_answered_304(app: Flask, client: CheckedClient) -> None:
    answer = client.get("/developers")
    assert "Set-Cookie" not in answer.headers
    assert client.get("/developers", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_page_is_there_in_welsh(client: CheckedClient) -> None:
    assert client.get("/cy/developers").status_code == 200
