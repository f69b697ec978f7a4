"""One line of JSON a request, which tells operators what they need and nobody's secrets. On both databases."""

import logging

import orjson
import pytest

from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written to the log of requests."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record.getMessage())

    log = logging.getLogger("pipeline.requests")
    monkeypatch.setattr(log, "handlers", [Keep()])
    monkeypatch.setattr(log, "level", logging.INFO)
    log.manager._clear_cache()  # type: ignore[attr-defined]
    yield written  # type: ignore[misc]
    log.manager._clear_cache()  # type: ignore[attr-defined]


def test_a_request_is_one_line_with_its_id_and_who_asked(
    visitor: CheckedClient, make: Factory, lines: list[str]
) -> None:
    officer = make.officer(make.council())
    make.signed_in(visitor, officer)

    answer = visitor.get("/tests/who")

    (line,) = [orjson.loads(one) for one in lines]
    assert line["id"] == answer.headers["X-Request-Id"]
    assert (line["channel"], line["method"], line["endpoint"], line["status"]) == ("web", "GET", "tests.who", 200)
    assert line["officer"] == str(officer.id)
    assert line["ms"] >= 0
    assert line["time"].endswith("Z")


def test_no_path_query_body_header_or_address_reaches_the_log(visitor: CheckedClient, lines: list[str]) -> None:
    visitor.get(
        "/councils/hush-path?q=hush-query",
        headers={"Referer": "http://localhost/hush-referer", "User-Agent": "hush-agent"},
    )
    visitor.post("/tests/form", data={"password": "hush-body", "email": "hush@example.gov.uk"})
    visitor.get("/tests/failure?hush-failure=1")

    assert len(lines) == 3
    assert "hush" not in "".join(lines)
