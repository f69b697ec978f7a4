"""Every example of the documentation works as it is written, against the demonstration that `make run` shows."""

import json
import re
import shlex
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from standardwebhooks import Webhook

from pipeline.accounts.models import Membership, Officer
from pipeline.councils.models import Council
from pipeline.db.engine import database
from tests.conftest import make_application
from tests.factories import Factory
from tests.support.client import parsed
from tests.support.exports import make_exports
from tests.support.source import ROOT, shell_blocks

pytestmark = pytest.mark.database

PUBLIC_URL = "http://127.0.0.1:8000"
PAGES = ("README.md", "docs/api.md", "docs/portfolio.md", "docs/webhooks.md", "clients/python/README.md")
WHO = "priya.raman@northborough.example"
"""The made-up officer whose token the examples are tried with."""
SECRET = f"whsec_{b64encode(token_bytes(32)).decode()}"
"""The secret of a webhook, as its owner keeps it."""
OFFER = "Idempotency-Key: offer-1"
"""In the one example of an act that stands by itself."""
UNDERSTOOD = {200, 201, 403, 404, 409, 412, 422}
"""An example of an act is read and understood; whether its officer may do it there and then is another matter."""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The site as `make run` fills it."""
    folder = tmp_path_factory.mktemp("examples")
    app = make_application(
        f"sqlite:///{folder / 'pipeline.db'}", PIPELINE_MODE="demonstration", MAIL_URL=f"file:{folder / 'mail'}",
        SECRET_KEY="only for the tests of the examples", PUBLIC_URL=PUBLIC_URL,
    )  # fmt: skip
    loaded = app.test_cli_runner().invoke(args=["demonstration", "load"])
    assert loaded.exit_code == 0, loaded.output
    make_exports(app)
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture(scope="module")
def token(shown: Flask) -> str:
    """A token of a made-up officer, with every scope."""
    make = Factory(shown)
    with make.session() as session:
        officer = session.scalars(select(Officer).where(Officer.address == WHO)).one()
        of = select(Council).join(Membership, Membership.council_id == Council.id)
        council = session.scalars(of.where(Membership.officer_id == officer.id)).one()
    return make.token(officer, council)["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def page(shown: Flask) -> str:
    """The text of the page for developers."""
    return parsed(shown.test_client().get("/developers")).text


@pytest.fixture(scope="module")
def commands(page: str) -> list[str]:
    """The curl lines of every page."""
    written = [line for name in PAGES for line in shell_blocks((ROOT / name).read_text(encoding="utf-8"))]
    return [line for line in [*page.splitlines(), *written] if line.startswith("curl ")]


def sent(client: FlaskClient, command: str) -> Any:
    """What a curl line is answered. The site of an example is this one."""
    words = shlex.split(command.replace(" -O -C -", "").replace(" -O", ""))[1:]
    (address,) = (word for word in words if re.match(r"https?://", word))
    options = [word for word in words if word != address]
    pairs = list(zip(options[::2], options[1::2], strict=True))
    assert {name for name, _value in pairs} <= {"-X", "-H", "-d"}, command
    headers = dict(value.split(": ", 1) for name, value in pairs if name == "-H")
    rest = {name: value for name, value in pairs if name != "-H"}
    path = re.sub(r"^https?://[^/]+", "", address)
    return client.open(path, method=rest.get("-X", "GET"), headers=headers, data=rest.get("-d"), follow_redirects=True)


def test_every_command_that_reads_is_answered(shown: Flask, commands: list[str]) -> None:
    reads = [line for line in commands if " -X " not in line and "$TOKEN" not in line]
    assert len(reads) > 50
    client = shown.test_client()
    found = {line: sent(client, line).status_code for line in reads}
    assert {line: status for line, status in found.items() if status != 200} == {}


def test_the_offer_of_the_page_is_made(shown: Flask, commands: list[str], token: str) -> None:
    (offer,) = (line for line in commands if OFFER in line)
    client = shown.test_client()
    answer = sent(client, offer.replace("$TOKEN", token))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    again = sent(client, offer.replace("$TOKEN", token))
    assert again.headers["Idempotency-Replayed"] == "true"


def test_every_command_with_a_token_is_understood(shown: Flask, commands: list[str], token: str) -> None:
    acts = [line for line in commands if "$TOKEN" in line and "tokens/current" not in line and OFFER not in line]
    assert len(acts) > 80
    client = shown.test_client()
    answers = {line: sent(client, line.replace("$TOKEN", token)) for line in acts}
    wrong = {
        line: answer.get_data(as_text=True) for line, answer in answers.items() if answer.status_code not in UNDERSTOOD
    }
    assert wrong == {}
    done = [line for line, answer in answers.items() if answer.status_code < 300]
    assert len(done) >= 15, done


def test_every_page_with_examples_of_the_api_is_among_those_that_are_tried() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "clients").rglob("*.md")]
        if re.search(r"^\$ curl|pipeline_client import|standardwebhooks import", path.read_text(encoding="utf-8"), re.M)
    }
    assert found == set(PAGES)


def test_the_portfolio_of_the_page_is_brought_in(shown: Flask, commands: list[str], token: str) -> None:
    (brought,) = (line for line in commands if "portfolio-2026-11" in line)
    answer = sent(shown.test_client(), brought.replace("$TOKEN", token))
    assert answer.status_code == 201, answer.get_data(as_text=True)


def test_the_report_of_a_leak_is_taken(shown: Flask, commands: list[str]) -> None:
    reports = [line for line in commands if "tokens/leaked" in line]
    assert reports
    for line in reports:
        assert sent(shown.test_client(), line).status_code in (200, 202), line


def test_every_problem_on_the_page_has_an_address_that_explains_it(shown: Flask) -> None:
    client = shown.test_client()
    links = {str(link["href"]) for link in parsed(client.get("/developers")).select("#problems ~ dl a")}
    assert len(links) > 100
    assert {link for link in links if client.get(link).status_code != 200} == set()


def snippets() -> Iterator[tuple[str, str]]:
    """The Python of the pages that are files."""
    for name in PAGES:
        blocks = re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)
        for number, code in enumerate(blocks, 1):
            if "import " in code:
                yield f"{name} {number}", code


class Stopped(Exception):
    """An endless example went on for long enough."""


@pytest.fixture
def run(shown: Flask, token: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Any]]:
    """Run an example as it is written: what it asks of the network, the application answers."""
    client, sleeps = shown.test_client(), []

    def opened(address: str) -> BytesIO:
        asked = urlsplit(address)
        answer = client.get(f"{asked.path}?{asked.query}")
        assert answer.status_code == 200, address
        return BytesIO(answer.get_data())

    def slept(seconds: float) -> None:
        sleeps.append(seconds)
        raise Stopped

    monkeypatch.setattr(urllib.request, "urlopen", opened)
    monkeypatch.setattr(time, "sleep", slept)
    monkeypatch.setattr("httpx._client.HTTPTransport", lambda **_options: httpx.WSGITransport(app=shown))
    monkeypatch.setenv("PIPELINE_TOKEN", token)
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)

    def ran(code: str) -> dict[str, Any]:
        names: dict[str, Any] = {}
        try:
            exec(compile(code, "<example>", "exec"), names)  # noqa: S102 (our own documentation)
        except Stopped:
            assert sleeps
        return names

    return ran


@pytest.mark.parametrize("code", [pytest.param(code, id=name) for name, code in snippets()])
def test_the_python_of_the_pages_runs(
    code: str, run: Callable[[str], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    names = run(code)
    if "receive" in names:
        receive_a_message(names["receive"])
    assert capsys.readouterr().out.strip()


def test_the_python_of_the_page_for_developers_runs(
    shown: Flask, run: Callable[[str], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = [block.text for block in parsed(shown.test_client().get("/developers")).select("pre code")]
    codes = [code for code in blocks if re.match(r"(import|from) ", code)]
    assert len(codes) == 5
    for code in codes:
        names = run(code)
        if "receive" in names:
            receive_a_message(names["receive"])
        assert capsys.readouterr().out.strip(), code


def receive_a_message(receive: Callable[[str, dict[str, str]], None]) -> None:
    """Hand an example what a webhook sends."""
    body, now = json.dumps({"type": "webhook.ping", "timestamp": "2026-11-22T11:05:12Z", "data": {}}), datetime.now(UTC)
    signature = Webhook(SECRET).sign("msg_1", now, body)
    receive(body, {
        "webhook-id": "msg_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature,
    })  # fmt: skip
