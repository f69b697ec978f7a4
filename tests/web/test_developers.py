"""The page for developers: true, and complete."""

import re
import shlex

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pipeline.accounts.tokens import SCOPE_WORDS
from pipeline.kernel.event import CATALOGUE, Audience
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed

pytestmark = pytest.mark.database


def test_every_address_of_the_api_is_on_the_page_with_an_example_that_has_its_form(client: CheckedClient) -> None:
    text = parsed(client.get("/developers")).text
    description = client.get("/api/v1/openapi.json").get_json()
    examples = {shlex.split(line)[1] for line in text.splitlines() if line.startswith("curl ")}
    for path in description["paths"]:
        assert path in text
        form = re.compile(re.escape("http://127.0.0.1:8000") + re.sub(r"\\{\w+\\}", "[A-Za-z0-9-]+", re.escape(path)))
        assert any(form.fullmatch(example.partition("?")[0]) for example in examples), path


def test_every_example_is_a_request_the_api_takes(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    Shelf(make).licences()
    token = make.token(make.officer(council), council)["Authorization"].removeprefix("Bearer ")
    text = parsed(client.get("/developers")).text
    commands = [line for line in text.splitlines() if line.startswith("curl ") and "tokens/current" not in line]
    assert len(commands) > 20
    for command in commands:
        answer = asked(client, shlex.split(command.replace("$TOKEN", token)))
        assert answer.status_code in (200, 201, 403, 404, 409, 503), f"{command}: {answer.get_data(as_text=True)}"
    for address in re.findall(r'^address = "([^"]+)"$', text, re.MULTILINE):
        assert client.get(address).status_code == 200, address


def asked(client: CheckedClient, command: list[str]) -> TestResponse:
    """What the API answers to a curl command."""
    command = [word for word in command if word not in ("-O", "-C", "-")]
    options = list(zip(command[2::2], command[3::2], strict=True))
    headers = dict(value.split(": ", 1) for name, value in options if name == "-H")
    rest = {name: value for name, value in options if name != "-H"}
    assert rest.keys() <= {"-X", "-d"}
    return client.open(command[1], method=rest.get("-X", "GET"), headers=headers, data=rest.get("-d"))


def test_every_scope_is_on_the_page_in_plain_words(client: CheckedClient) -> None:
    text = parsed(client.get("/developers")).text
    for scope, words in SCOPE_WORDS.items():
        assert f"{scope.value}: {words}" in text


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
