"""The page from which everything public is downloaded."""

import pytest
from flask import Flask

from pipeline.web.exports import size_words
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.exports import make_exports
from tests.support.world import make_world

pytestmark = pytest.mark.database


def test_every_file_that_is_offered_is_there_as_said(app: Flask, client: CheckedClient, make: Factory) -> None:
    make_world(make)
    make_exports(app)
    page = client.page("/data")
    links = [link for link in page.find_all("a", href=True) if link["href"].endswith((".csv", ".ndjson"))]

    assert len(links) == 28
    for link in links:
        assert client.get(link["href"]).status_code == 200
    assert "Councils that are interested in a project and chose to be named. 1 row." in page.text
    assert "Open Government Licence v3.0" in page.text


def test_before_there_are_files_the_page_says_when_to_come_back(client: CheckedClient) -> None:
    page = client.page("/data")

    assert "in a minute or so" in page.text
    assert page.find("a", href="/api/v1/exports/projects.csv") is None


def test_the_page_shows_new_files_as_soon_as_they_are_there(app: Flask, client: CheckedClient) -> None:
    before = client.get("/data")
    make_exports(app)
    mark = before.headers.get("ETag")

    after = client.get("/data", headers={"If-None-Match": mark} if mark else {})
    assert after.status_code == 200
    assert "projects.csv" in after.text


def test_every_page_leads_to_it(client: CheckedClient) -> None:
    assert client.page("/").find("footer").find("a", href="/data")


def test_sizes_are_said_as_people_say_them(app: Flask) -> None:
    with app.test_request_context():
        assert [size_words(size) for size in (0, 1_400, 14_200, 2_440_000)] == ["1 kB", "1 kB", "14 kB", "2.4 MB"]
