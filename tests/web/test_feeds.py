"""Feeds, as programs read them: a parser of feeds for Atom, and the rules of JSON Feed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import feedparser
import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text, update

from pipeline.db.engine import database
from pipeline.feeds import newest
from pipeline.kernel import clock
from pipeline.kernel.actor import system
from pipeline.kernel.event import CATALOGUE, Audience, Event
from pipeline.lessons.events import LessonPublished
from pipeline.pledges.events import PledgeAuthorised
from pipeline.projects.events import ProjectPublished, ProjectUpdated, UpdatePublished
from pipeline.projects.models import Project, ProjectSlug
from pipeline.web.outside.feeds import EDITS, FED
from pipeline.web.timeline import SENTENCES
from tests.artefacts.factories import Shelf
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

HOST = "http://127.0.0.1:8000"
HOSTILE = "</title><script>alert(1)</script> & “Tŷ ŵyneb” \u200fمرحبا\u200f <b>"
Record = Callable[..., None]


@pytest.fixture
def record(work: Working) -> Record:
    """Put events in the log, without the acts behind them."""

    def keep(*events: Event, council_id: UUID | None = None, audience: Audience = Audience.PUBLIC) -> None:
        with work(system("tests")) as unit:
            for one in events:
                unit.record(one, council_id=council_id, audience=audience)

    return keep


def published(project: Project) -> ProjectPublished:
    return ProjectPublished(
        project_id=project.id, lead_council_id=project.council_id, phase="alpha", mode="flexible", themes=("housing",),
        decision_on=None, need_ids=(), changes={"status": ["draft", "open"]},
    )  # fmt: skip


def news(of: Any) -> UpdatePublished:
    return UpdatePublished(update_id=of.id, project_id=of.project_id, changes={"status": ["draft", "published"]})


def authorised(pledge: Any) -> PledgeAuthorised:
    return PledgeAuthorised(
        pledge_id=pledge.id, need_id=pledge.need_id, project_id=pledge.project_id, kind="time", amount=4,
        pledging_council_id=pledge.council_id, changes={"status": ["offered", "authorised"]},
    )  # fmt: skip


def atom(client: CheckedClient, path: str) -> Any:
    """A feed as a parser of feeds reads it, which must find nothing odd in it."""
    answer = client.get(f"/feeds/{path}.atom")
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.get_data())
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == "atom10"
    return feed


def json_feed(client: CheckedClient, path: str) -> dict[str, Any]:
    """A feed as JSON, held to the rules of JSON Feed 1.1."""
    answer = client.get(f"/feeds/{path}.json")
    assert answer.status_code == 200, path
    assert answer.mimetype == "application/feed+json"
    feed: dict[str, Any] = answer.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == f"{HOST}/feeds/{path}.json"
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert item["url"].startswith(f"{HOST}/")
        assert all(author["name"] for author in item["authors"])
        for moment in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[moment]).tzinfo is not None
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed


def titles(client: CheckedClient, path: str) -> list[str]:
    """What both forms of a feed say, which is the same."""
    found = [item["title"] for item in json_feed(client, path)["items"]]
    assert [entry.title_detail.value for entry in atom(client, path).entries] == found
    return found


@pytest.mark.pure
def test_feeds_tell_what_timelines_tell_but_for_edits_and_removals() -> None:
    assert set(SENTENCES) > FED
    assert {"project.published", "pledge.authorised", "update.published", "version.published"} <= FED
    assert not FED & EDITS
    assert not {name for name in FED if name.endswith((".removed", ".deleted", ".withdrawn"))} - {
        "pledge.withdrawn", "version.withdrawn", "version.removed", "suggestion.withdrawn", "lesson.withdrawn",
        "checklist.answers_withdrawn",
    }  # fmt: skip


@pytest.mark.database
def test_an_entry_says_what_happened_and_which_council_did_it(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    lead, giver = make.council("Leadham"), make.council("Giverby", name_cy="Rhoddwr")
    project = make.project(lead, slug="shared-form", title="A shared form")
    need = make.need(project, title="A developer")
    pledge = make.pledge(need, giver, make.officer(giver, name="Nia Nobody"), status="authorised")
    record(authorised(pledge), council_id=giver.id)

    [entry] = atom(client, "all").entries
    assert entry.title == "A shared form: Giverby pledged 2 days towards A developer."
    assert entry.link == f"{HOST}/pledges/{pledge.id}"
    assert entry.id.startswith("urn:uuid:")
    assert entry.author_detail == {"name": "Giverby Council", "href": f"{HOST}/councils/giverby"}
    assert entry.content[0].value == "<p>Giverby pledged 2 days towards A developer.</p>"
    assert "Nia" not in client.get("/feeds/all.json").get_data(as_text=True)
    assert json_feed(client, "all")["items"][0]["id"] == entry.id


@pytest.mark.database
def test_updates_lessons_and_new_projects_are_in_their_entries_whole(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    project = make.project(council, slug="shared-form", title="A shared form", problem_html="<p>The problem.</p>")
    told = make.update(project, officer, council, title="News", body_html="<p>All of <em>it</em>.</p>", language="cy")
    lesson = make.lesson(project, officer, council, title="Ask first", did_html="<p>We asked.</p>")
    record(
        published(project), news(told),
        LessonPublished(lesson_id=lesson.id, project_id=project.id, outcome="worked", themes=(), changes={}),
        council_id=council.id,
    )  # fmt: skip

    first, second, third = atom(client, "all").entries
    assert (first.title, first.link) == ("A shared form: Ask first", f"{HOST}/lessons/{lesson.slug}")
    assert first.content[0].value.startswith("<h2>What we did</h2><p>We asked.</p><h2>What happened</h2>")
    assert (second.title, second.content[0].value) == ("A shared form: News", "<p>All of <em>it</em>.</p>")
    assert second.content[0].language == "cy"
    assert "<p>A summary.</p><p>The problem.</p>" in third.content[0].value


@pytest.mark.database
def test_renaming_a_project_leaves_its_entry_what_it_was(client: CheckedClient, make: Factory, record: Record) -> None:
    project = make.project(make.council(), slug="old-name", title="Old name")
    record(published(project))
    before = json_feed(client, "projects")["items"][0]
    with make.session() as session:
        session.execute(update(Project).values(slug="new-name", title="New name"))
        session.add(ProjectSlug(slug="old-name", project_id=project.id))
    record(ProjectUpdated(project_id=project.id, fields=("title",), changes={}))

    after = json_feed(client, "projects")["items"][0]

    assert before["id"] == after["id"] == project.id.urn
    assert (after["title"], after["url"]) == ("New name", f"{HOST}/projects/new-name")
    assert after["date_modified"] >= before["date_modified"]
    assert after["date_published"] == before["date_published"]
    moved = client.get("/feeds/projects/old-name.atom")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/feeds/projects/new-name.atom")
    ids = {client.get(f"/feeds/projects/{address}.atom", follow_redirects=True).get_data(as_text=True).split("<id>")[1]
           for address in ("old-name", "new-name", project.id)}  # fmt: skip
    assert len(ids) == 1


@pytest.mark.database
def test_a_project_that_was_a_draft_for_long_is_new_when_it_is_published(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    council = make.council()
    long_ago = clock.now() - timedelta(days=400)
    old = make.project(council, title="Long a draft", created_at=long_ago)
    others = [make.project(council, title=f"Project {number}") for number in range(3)]
    record(*(published(one) for one in (*others, old)))

    assert titles(client, "projects") == ["Long a draft", "Project 2", "Project 1", "Project 0"]


@pytest.mark.database
def test_each_feed_tells_of_its_own(client: CheckedClient, make: Factory, shelf: Shelf, record: Record) -> None:
    lead, other = make.council("Leadham"), make.council("Otherby")
    officer = make.officer(lead)
    housing = make.project(lead, slug="one", title="One", themes=("housing",))
    waste = make.project(other, slug="two", title="Two", themes=("waste-and-recycling",))
    pledge = make.pledge(make.need(waste, title="Money"), lead, officer, status="authorised")
    record(published(housing), published(waste))
    record(authorised(pledge), council_id=lead.id)
    made = shelf.document(housing, officer, "A text.\n", slug="policy", title="A policy")
    from pipeline.artefacts.events import VersionPublished

    record(
        VersionPublished(
            version_id=made.version(1).id, artefact_id=made.artefact.id, project_id=housing.id, number=1, is_major=True,
            changes={},
        )
    )  # fmt: skip
    first, second, third, fourth = (
        "One: The leads published version 1 of “A policy”.", "Two: Leadham pledged 2 days towards Money.",
        "Two: Published, and open for pledges.", "One: Published, and open for pledges.",
    )  # fmt: skip
    assert titles(client, "all") == [first, second, third, fourth]
    assert titles(client, "projects") == ["Two", "One"]
    assert titles(client, "councils/leadham") == [first, second, fourth]
    assert titles(client, "councils/otherby") == [second, third]
    assert titles(client, "themes/housing") == [first, fourth]
    assert titles(client, "projects/two") == [second, third]
    assert titles(client, "documents/policy") == [first]


@pytest.mark.database
def test_what_is_not_public_never_appears_and_what_is_hidden_goes(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    shown = make.project(council, slug="shown", title="Shown")
    record(published(shown))
    record(authorised(make.pledge(make.need(shown), council, officer)), audience=Audience.PROJECT)
    for number, values in enumerate(({"is_trial": True}, {"is_hidden": True})):
        project = make.project(council, slug=f"secret-{number}", title="Secret", **values)
        record(published(project), news(make.update(project, officer, council)))
    draft = make.update(shown, officer, council, status="draft")
    record(news(draft))

    assert titles(client, "all") == titles(client, "councils/leadham") == ["Shown: Published, and open for pledges."]
    assert titles(client, "projects") == ["Shown"]
    etag = client.get("/feeds/all.atom").headers["ETag"]
    for path in ("projects/secret-0", "projects/secret-1", f"projects/{draft.id}", "councils/nowhere", "themes/nothing",
                 "documents/nothing"):  # fmt: skip
        for form in ("atom", "json"):
            assert client.get(f"/feeds/{path}.{form}").status_code == 404, path
    with make.session() as session:
        session.execute(update(Project).values(is_public=False, is_hidden=True))
    record(ProjectUpdated(project_id=shown.id, fields=(), changes={}))
    assert titles(client, "all") == titles(client, "projects") == []
    assert client.get("/feeds/all.atom", headers={"If-None-Match": etag}).status_code == 200
    assert client.get("/feeds/projects/shown.atom").status_code == 404


@pytest.mark.database
def test_hostile_and_foreign_titles_arrive_as_they_were_written(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    council = make.council("Sir Gâr & <i>Cyf</i>", slug="cyngor")
    project = make.project(council, title=HOSTILE, slug="hostile", summary="\x0b\x0c\x1f\ufffe\uffffStill here")
    told = make.update(project, make.officer(council), council, title=HOSTILE, body_html="<p>Fine</p>")
    record(published(project), news(told))

    for path in ("all", "projects", "projects/hostile", "councils/cyngor"):
        feed = atom(client, path)
        assert all(HOSTILE in entry.title_detail.value for entry in feed.entries), path
        assert feed.entries[0].author == "Sir Gâr & <i>Cyf</i> Council"
        assert all(HOSTILE in item["title"] for item in json_feed(client, path)["items"])
    assert atom(client, "projects/hostile").feed.title_detail.value == f"{HOSTILE} on Pipeline"
    assert "<p>Still here</p>" in json_feed(client, "projects")["items"][0]["content_html"]
    assert not re.search(r"<script", client.get("/feeds/all.atom").get_data(as_text=True))


@pytest.mark.database
def test_a_feed_says_where_it_is_what_it_is_of_and_in_which_language(
    client: CheckedClient, make: Factory, record: Record
) -> None:
    council = make.council("Caer", name_cy="Cyngor Caer")
    record(published(make.project(council, slug="one")))

    feed = atom(client, "councils/caer").feed
    links = {one.rel: one.href for one in feed.links}
    assert links == {"self": f"{HOST}/feeds/councils/caer.atom", "alternate": f"{HOST}/councils/caer"}
    assert feed.language == "en"
    assert feed.updated_parsed is not None
    welsh = feedparser.parse(client.get("/cy/feeds/councils/caer.atom").get_data())
    assert {one.rel: one.href for one in welsh.feed.links}["self"] == f"{HOST}/cy/feeds/councils/caer.atom"
    assert welsh.feed.id != feed.id
    assert [one.id for one in welsh.entries] == [one.id for one in atom(client, "councils/caer").entries]


@pytest.mark.database
def test_who_has_a_feed_is_told_so(client: CheckedClient, make: Factory, record: Record) -> None:
    project = make.project(make.council(), slug="one")
    record(published(project))
    first = client.get("/feeds/all.atom")
    assert first.headers["Cache-Control"] == "public, max-age=30, must-revalidate"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" not in first.headers.get("Vary", "")
    by_tag, by_date = {"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}

    for known in (by_tag, by_date):
        again = client.get("/feeds/all.atom", headers=known)
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    long_ago = {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    assert client.get("/feeds/all.atom", headers=long_ago).status_code == 200
    record(ProjectUpdated(project_id=project.id, fields=(), changes={}))
    assert client.get("/feeds/all.atom", headers=by_tag).status_code == 200


@pytest.mark.database
def test_a_signed_in_officer_reads_what_everybody_reads(client: CheckedClient, make: Factory, record: Record) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    trial = make.project(council, officer, slug="trial", is_trial=True)
    record(published(trial), published(make.project(council, slug="one")))
    before = client.get("/feeds/councils/leadham.atom")
    make.signed_in(client, officer, council)

    after = client.get("/feeds/councils/leadham.atom")

    assert after.get_data() == before.get_data()
    assert after.headers["ETag"] == before.headers["ETag"]
    assert "Set-Cookie" not in after.headers
    assert client.get("/feeds/projects/trial.atom").status_code == 404


@pytest.mark.database
def test_a_page_of_another_site_may_ask_whether_a_feed_changed(client: CheckedClient) -> None:
    for path in ("/feeds/all.json", "/calendars/all.ics", "/oembed"):
        asked = client.options(path)
        assert asked.status_code == 200
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match, If-Range, Range"
        assert "POST" not in asked.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/projects").headers
    assert "Access-Control-Allow-Credentials" not in client.get("/feeds/all.json").headers


@contextmanager
def statements_with_values(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements and values that go through SQLAlchemy while the block lasts."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        found.append((statement, values))

    with app.app_context():
        engine = database.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)


FEEDS = ("all", "projects", "councils/leadham", "themes/housing", "projects/one", "documents/policy")


@pytest.mark.database
def test_a_feed_is_bounded_and_costs_the_same_however_long_it_is(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf, record: Record
) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    project = make.project(council, slug="one")
    shelf.document(project, officer, "A text.\n", slug="policy")
    told = [make.update(project, officer, council) for _number in range(3)]

    def asked(path: str) -> int:
        with all_counted(app) as statements:
            assert client.get(f"/feeds/{path}.atom").status_code == 200
        return len([one for one in statements if not one.startswith("BEGIN")])

    record(published(project), news(told[0]))
    few = {path: asked(path) for path in FEEDS}
    record(*(news(one) for _round in range(30) for one in told), published(project))

    assert {path: asked(path) for path in FEEDS} == few
    assert max(few.values()) <= 16
    assert len(json_feed(client, "all")["items"]) == newest.MOST_SHOWN


@pytest.mark.database
def test_feeds_are_read_from_the_indexes_of_the_log(
    app: Flask, client: CheckedClient, make: Factory, shelf: Shelf, record: Record
) -> None:
    council = make.council("Leadham")
    officer = make.officer(council)
    project = make.project(council, slug="one")
    shelf.document(project, officer, "A text.\n", slug="policy")
    record(published(project), authorised(make.pledge(make.need(project), council, officer, status="authorised")))
    with statements_with_values(app) as statements:
        for path in FEEDS:
            client.get(f"/feeds/{path}.atom")
    of_log = [(one, values) for one, values in statements if "FROM event " in one or "FROM event\n" in one]
    assert len(of_log) >= len(FEEDS)

    is_sqlite = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    with app.app_context(), database.engine.connect() as connection:
        if not is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, values in of_log:
            plan = "\n".join(str(row) for row in connection.exec_driver_sql(explain + statement, values))
            assert not re.search(r"SCAN event\b(?! USING)", plan), plan
            assert "Seq Scan on event " not in plan, plan


@pytest.mark.pure
def test_every_event_that_feeds_tell_can_be_public() -> None:
    assert {name for name in FED if name in CATALOGUE and CATALOGUE[name].audience is Audience.OPERATORS} == set()


def test_moments_are_of_utc(app: Flask, client: CheckedClient, make: Factory, record: Record) -> None:
    record(published(make.project(make.council(), slug="one")))
    moment = datetime.fromisoformat(json_feed(client, "all")["items"][0]["date_published"])
    assert abs(moment - clock.now()) < timedelta(minutes=1)
