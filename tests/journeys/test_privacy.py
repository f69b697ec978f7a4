"""What is not public stands in nothing that anybody can read without an account.

A world is made in which every text that is not public holds one word. Then a reader without an account follows every
link from the home page and from the first address of the API, and tries the addresses where hidden things would be.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipeline.accounts.models import Officer
from pipeline.kernel.actor import system
from pipeline.kernel.event import Audience
from pipeline.kernel.text import addresses_in
from pipeline.pledges.models import Pledge
from pipeline.projects.events import ProjectDraftChanged, ProjectUpdated, UpdatePublished
from pipeline.projects.models import Need, Project, Update
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.exports import make_exports
from tests.support.world import SECRET, World, make_world

pytestmark = pytest.mark.database

HOST = "http://127.0.0.1:8000"
BEGINNINGS = ("/", "/api/v1/", "/projects", "/councils", "/developers", "/sitemap.xml", "/robots.txt", "/api/v1/events")
SEARCHES = (
    f"/projects?q={SECRET}",
    f"/api/v1/projects?q={SECRET}",
    f"/api/v1/councils?q={SECRET}",
    f"/councils?q={SECRET}",
)
PASSED_OVER = ("/assets/", "/problems/", "/cy/problems/")
MOST_ADDRESSES = 2_000


@pytest.fixture
def world(make: Factory, work: Working) -> World:
    """A world with a past: events of what is public, of what is not, and of what no longer is."""
    made = make_world(make)
    with make.session() as session:
        projects = session.scalars(select(Project)).all()
        updates = session.scalars(select(Update)).all()
    with work(system("tests")) as unit:
        for project in projects:
            secret = {"title": [SECRET, SECRET]}
            unit.record(ProjectUpdated(project_id=project.id, fields=("title",), changes={"phase": ["alpha", "beta"]}))
            unit.record(
                ProjectUpdated(project_id=project.id, fields=("title",), changes=secret), audience=Audience.PROJECT
            )
            unit.record(ProjectDraftChanged(project_id=project.id, fields=(SECRET,)))
        for one in updates:
            unit.record(
                UpdatePublished(update_id=one.id, project_id=one.project_id, changes={"status": ["draft", "published"]})
            )
    return made


@pytest.fixture
def hidden_ids(make: Factory, world: World) -> set[str]:
    """The ids nobody without an account may meet: of officers, and of what is not public."""
    with make.session() as session:
        unknown = session.scalars(select(Project.id).where(Project.is_public.is_(False))).all()
        found = [
            *session.scalars(select(Officer.id)),
            *unknown,
            *session.scalars(select(Need.id).where(Need.project_id.in_(unknown))),
            *session.scalars(select(Pledge.id).where(Pledge.project_id.in_(unknown) | Pledge.authorised_at.is_(None))),
            *session.scalars(select(Update.id).where(Update.project_id.in_(unknown) | (Update.status != "published"))),
        ]
    return {str(one) for one in found}


def links_in(answer: TestResponse, path: str) -> Iterator[str]:
    """The addresses of our own that an answer names."""
    if answer.mimetype == "text/html":
        page = BeautifulSoup(answer.get_data(as_text=True), "html5lib")
        named = [tag.get("href") for tag in page.find_all(["a", "link"])]
    elif answer.mimetype.endswith("json"):
        named = list(texts_in(answer.get_json()))
    else:
        words = answer.get_data().decode(errors="replace").replace("<", " ").replace(">", " ").split()
        named = [word for word in words if word.startswith("http")]
    for address in named:
        whole = urldefrag(urljoin(f"{HOST}{path}", str(address)))[0] if address else ""
        if whole.startswith(f"{HOST}/"):
            yield whole.removeprefix(HOST)


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a JSON value that is an address."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str) and value.startswith("http"):
        yield value


def everything_found_by(client: CheckedClient, beginnings: list[str]) -> Iterator[tuple[str, TestResponse]]:
    """Follow every link, each once."""
    waiting, known = list(beginnings), set(beginnings)
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code < 500, path
        yield path, answer
        if answer.status_code in (301, 302, 303, 307, 308):
            followed = [urljoin(path, answer.headers["Location"]).removeprefix(HOST)]
        else:
            followed = list(links_in(answer, path))
        for link in followed:
            if link not in known and not urlsplit(link).path.startswith(PASSED_OVER) and "after=" not in link:
                known.add(link)
                waiting.append(link)
        assert len(known) < MOST_ADDRESSES, "the links do not end"


def test_what_is_not_public_is_in_nothing_a_stranger_can_read(
    app: Flask, client: CheckedClient, world: World, hidden_ids: set[str]
) -> None:
    make_exports(app)
    beginnings = [*BEGINNINGS, *world.public_paths, *SEARCHES, *(f"/api/v1{path}" for path in world.public_paths)]
    seen = {}
    for path, answer in everything_found_by(client, beginnings):
        said = answer.get_data().decode(errors="replace") + "".join(
            f"\n{name}: {value}" for name, value in answer.headers
        )
        if SECRET not in path:
            assert SECRET not in said, path
        assert addresses_in(said) == set(), path
        assert not [one for one in hidden_ids if one in said], path
        assert "Set-Cookie" not in answer.headers or answer.mimetype == "text/html", path
        seen[path] = answer.status_code
    assert seen["/"] == 200
    assert {path: seen[path] for path in world.public_paths} == dict.fromkeys(world.public_paths, 200)
    assert any(path.startswith("/cy/") for path in seen)


def test_the_named_officer_is_named(client: CheckedClient, world: World) -> None:
    assert "Nia Named" in client.get(f"/api/v1/updates/{world.update_id}").get_data(as_text=True)


def test_hidden_things_answer_exactly_as_things_that_do_not_exist(client: CheckedClient, world: World) -> None:
    nobody_knows = "01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a"
    for path in world.hidden_paths:
        subject = path.split("/")[1]
        for prefix in ("", "/api/v1"):
            hidden, missing = client.get(f"{prefix}{path}"), client.get(f"{prefix}/{subject}/{nobody_knows}")
            assert hidden.status_code == missing.status_code == 404, path
            assert plain(hidden, path) == plain(missing, f"/{subject}/{nobody_knows}"), path


def plain(answer: TestResponse, path: str) -> str:
    """What an answer says, without what differs with every request."""
    return answer.get_data(as_text=True).replace(path, "").replace(answer.headers["X-Request-Id"], "")
