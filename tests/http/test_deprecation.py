"""Addresses that will go say so on every answer (RFC 9745, RFC 8594)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from pipeline.http.deprecation import deprecated, prepare_deprecation

pytestmark = pytest.mark.pure
SINCE, UNTIL = date(2027, 1, 4), date(2027, 7, 5)


@pytest.fixture
def client() -> Iterator[FlaskClient]:
    """A site with an address that stays, and two that go."""
    app = Flask(__name__)
    app.config["PUBLIC_URL"] = "https://pipeline.example"
    prepare_deprecation(app)
    goes = deprecated(since=SINCE, until=UNTIL, instead="/developers#new")

    @app.get("/stays")
    def stays() -> str:
        return "here"

    @app.get("/goes")
    @goes
    def going() -> Response:
        return Response("still here", headers={"Link": '</goes?page=2>; rel="next"'})

    @app.get("/refuses")
    @goes
    def refuses() -> str:
        abort(403)

    return app.test_client()


def test_an_address_that_goes_says_since_when_until_when_and_what_instead(client: FlaskClient) -> None:
    for answer in (client.get("/goes"), client.head("/goes"), client.get("/refuses")):
        since = datetime.fromtimestamp(int(answer.headers["Deprecation"].removeprefix("@")), UTC)
        assert since == datetime(2027, 1, 4, tzinfo=UTC)
        assert parsedate_to_datetime(answer.headers["Sunset"]) == datetime(2027, 7, 6, tzinfo=UTC)
        assert '<https://pipeline.example/developers#new>; rel="deprecation"' in answer.headers["Link"]


def test_the_links_it_has_stay(client: FlaskClient) -> None:
    assert client.get("/goes").headers["Link"].startswith('</goes?page=2>; rel="next", <')


def test_an_address_that_stays_says_nothing(client: FlaskClient) -> None:
    for answer in (client.get("/stays"), client.get("/nowhere")):
        assert not {"Deprecation", "Sunset", "Link"} & set(answer.headers.keys())


def test_nobody_is_given_less_than_half_a_year() -> None:
    with pytest.raises(ValueError, match="less notice"):
        deprecated(since=SINCE, until=date(2027, 6, 1), instead="/developers")
