"""Pages that everybody reads alike are made once between two public changes, and never shown to others or too late."""

import pytest
from flask import Flask, Response

from pipeline.accounts.models import Officer
from pipeline.db.listeners import hear
from pipeline.db.work import housekeeping
from pipeline.projects.figures import count_figures
from pipeline.projects.models import Project
from pipeline.search.index import renew, renew_later
from pipeline.search.listener import LISTENER
from pipeline.search.models import EntryKind
from pipeline.web.kept_pages import LARGEST, KeptPages
from tests.pledges.test_actions import Scene, scene
from tests.support.hot_statements import all_counted

__all__ = ["scene"]


@pytest.mark.pure
def test_a_page_is_found_for_its_mark_alone_and_in_its_own_language() -> None:
    app, pages = Flask("pages"), KeptPages()
    with app.test_request_context("/projects"):
        pages.keep("one", Response("Projects", headers={"Content-Language": "en"}))
        found = pages.find("one")
        assert found is not None
        assert (found.get_data(), found.headers["Content-Language"]) == (b"Projects", "en")
        assert pages.find("two") is None
        pages.keep("two", Response("New projects"))
        assert pages.find("one") is None
    with app.test_request_context("/projects", base_url="http://localhost/cy"):
        assert pages.find("two") is None
    with app.test_request_context("/projects?sort=title"):
        assert pages.find("two") is None
        pages.keep("two", Response("Projects by title"))
    with app.test_request_context("/projects?sort=title"):
        assert pages.find("two") is not None
    with app.test_request_context("/projects?sort=title", headers={"Cache-Control": "no-cache"}):
        assert pages.find("two") is None
    with app.test_request_context("/projects"):
        found = pages.find("two")
        assert found is not None
        assert found.get_data() == b"New projects"


@pytest.mark.pure
@pytest.mark.parametrize("response", [Response("gone", 404), Response("x" * (LARGEST + 1)), Response(iter(["a"]))])
def test_only_whole_answers_of_a_size_to_keep_are_kept(response: Response) -> None:
    app, pages = Flask("pages"), KeptPages()
    with app.test_request_context("/"):
        pages.keep("one", response)
        assert pages.find("one") is None


@pytest.mark.pure
def test_when_there_is_no_more_room_it_begins_anew() -> None:
    app, pages = Flask("pages"), KeptPages(most_bytes=35)
    for path in ("/a", "/b", "/c"):
        with app.test_request_context(path):
            pages.keep("one", Response("ten bytes."))
    found = []
    for path in ("/a", "/b", "/c"):
        with app.test_request_context(path):
            found.append(pages.find("one") is not None)
    assert found == [False, False, True]


@pytest.mark.pure
def test_pages_with_a_query_take_no_room_from_the_others() -> None:
    app, pages = Flask("pages"), KeptPages(most_with_query=40)
    with app.test_request_context("/projects"):
        pages.keep("one", Response("Projects"))
    for number in range(9):
        with app.test_request_context(f"/search?q={number}"):
            pages.keep("one", Response("Found."))
    with app.test_request_context("/projects"):
        assert pages.find("one") is not None
    with app.test_request_context("/search?q=0"):
        assert pages.find("one") is None


def heard(scene: Scene) -> None:
    """Let the index hear of all that happened, and write all that was left to the worker."""
    with scene.make.app.app_context():
        while hear(LISTENER) or renew():
            pass


@pytest.mark.database
@pytest.mark.parametrize("path", ["/search?q={title}", "/search?q={title}&kind=project", "/projects?q={title}"])
def test_a_search_is_kept_while_the_index_is_where_the_log_is(scene: Scene, app: Flask, path: str) -> None:
    client, path = app.test_client(), path.format(title=scene.project.title)
    scene.authorise(scene.offer(5))
    assert "ETag" not in client.get(path).headers, "the index has not heard of it yet"
    heard(scene)
    first = client.get(path)
    assert f"/projects/{scene.project.slug}" in first.text
    with all_counted(app) as statements:
        again = client.get(path)
    assert len(statements) <= 2
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    with app.app_context(), housekeeping("search") as session:
        renew_later(session, [EntryKind.PROJECT])
    assert "ETag" not in client.get(path).headers, "the index is being written again"
    heard(scene)
    assert "ETag" in client.get(path).headers
    with scene.make.session() as session:
        session.get_one(Project, scene.project.id).is_public = False
    assert f"/projects/{scene.project.slug}" not in client.get(path).text


@pytest.mark.database
def test_a_page_is_made_once_and_anew_when_something_public_happens(scene: Scene, app: Flask) -> None:
    client, path = app.test_client(), f"/projects/{scene.project.slug}"
    first = client.get(path)
    with all_counted(app) as statements:
        again = client.get(path)
    assert len(statements) <= 2
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    scene.authorise(scene.offer(5))
    later = client.get(path)
    assert "Giver pledged 2.5 days" in later.text
    assert later.headers["ETag"] != first.headers["ETag"]


@pytest.mark.database
def test_what_is_kept_for_the_public_is_not_shown_to_officers_nor_theirs_to_the_public(
    scene: Scene, app: Flask
) -> None:
    client, path = app.test_client(), f"/projects/{scene.project.slug}"
    public = client.get(path).text
    officers = app.test_client()
    with scene.make.session() as session:
        lead = session.get_one(Officer, scene.lead.officer_id)
    scene.make.signed_in(officers, lead, scene.lead_council)
    assert "Sign out" in officers.get(path).text
    assert client.get(path).text == public


@pytest.mark.database
def test_the_home_page_is_made_anew_when_figures_were_counted(scene: Scene, app: Flask) -> None:
    client = app.test_client()
    scene.authorise(scene.offer(5))
    assert "days of officer time pledged" not in client.get("/").text
    with app.app_context():
        count_figures()
    assert "days of officer time pledged" in client.get("/").text
