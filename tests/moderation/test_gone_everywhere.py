"""What a coordinator hides is gone from every public address at once, and there again once it is brought back.

The addresses are those of the application itself: a new public page, list, feed or file is looked at without being
named here. Both databases.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from pipeline.artefacts.models import Artefact, Suggestion, Version
from pipeline.comments.actions import write_comment
from pipeline.comments.models import Comment
from pipeline.comments.rules import CommentedOn
from pipeline.councils.models import Council
from pipeline.documents.markdown import written
from pipeline.http.entry import Entry, entry_of
from pipeline.kernel.actor import Role
from pipeline.lessons.models import Lesson
from pipeline.moderation.actions import hide_thing, restore_thing
from pipeline.moderation.rules import HIDEABLE, Reported
from pipeline.projects.models import Project, Update
from pipeline.search.index import rebuild_index
from pipeline.similarity.models import Difference
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.exports import make_exports
from tests.support.world import World, make_world

pytestmark = pytest.mark.database

MARKERS = {kind: f"zqx{kind.value}" for kind in sorted(HIDEABLE)}
"""A word for each kind of thing, which stands in all that the one of the small world shows."""
SEARCHED = "findable"
"""A word beside them: an answer repeats what was searched for."""


class Scene:
    """The small world with its markers, a comment, and a coordinator."""

    def __init__(self, make: Factory, work: Callable[..., Any]) -> None:
        self.make, self.work = make, work
        self.world: World = make_world(make)
        self.coordinator = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)
        self.hidings: dict[Reported, UUID] = {}
        with work(make.actor(*self.world.people[2])) as unit:
            words = written(MARKERS[Reported.COMMENT])
            update_id = UUID(self.world.update_id)
            self.comment_id = write_comment(unit, about=CommentedOn.UPDATE, about_id=update_id, text=words).id
        with make.session() as session:
            self.ids = self._mark(session)

    def _mark(self, session: Session) -> dict[Reported, UUID]:
        session.execute(update(Council).values(projects_led=9, projects_joined=9))
        found: dict[Reported, Any] = {
            Reported.PROJECT: session.scalars(select(Project).where(Project.slug == "shared-form")).one(),
            Reported.UPDATE: session.get_one(Update, UUID(self.world.update_id)),
            Reported.LESSON: session.scalars(select(Lesson).where(Lesson.slug == "shared-form")).one(),
            Reported.ARTEFACT: session.scalars(select(Artefact).where(Artefact.slug == "shared-form")).one(),
            Reported.VERSION: session.scalars(
                select(Version)
                .join(Artefact, Artefact.id == Version.artefact_id)
                .where(Artefact.slug == "shared-form", Version.number == 1)
            ).one(),
            Reported.SUGGESTION: session.get_one(Suggestion, UUID(self.world.suggestion_id)),
            Reported.COMMENT: session.get_one(Comment, self.comment_id),
            Reported.DIFFERENCE: session.get_one(Difference, UUID(self.world.difference_id)),
        }
        for kind, row in found.items():
            words = f"{MARKERS[kind]} {SEARCHED}"
            for name in ("title", "summary", "problem", "body", "did", "reason"):
                if hasattr(row, name):
                    setattr(row, name, words)
            for name in ("problem_html", "body_html", "did_html"):
                if hasattr(row, name):
                    setattr(row, name, f"<p>{words}</p>")
        words = f"{MARKERS[Reported.ARTEFACT]} {SEARCHED}"
        versions = update(Version).where(Version.artefact_id == found[Reported.ARTEFACT].id)
        session.execute(versions.values(title=words, text=words, html=f"<p>{words}</p>", change_note=words))
        words = f"{MARKERS[Reported.VERSION]} {SEARCHED}"
        first = update(Version).where(Version.id == found[Reported.VERSION].id)
        session.execute(first.values(title=words, text=words, html=f"<p>{words}</p>", change_note=words))
        return {kind: row.id for kind, row in found.items()}

    def hide(self, *kinds: Reported) -> None:
        for kind in kinds:
            with self.work(self.coordinator) as unit:
                hiding = hide_thing(unit, about=kind, about_id=self.ids[kind], reason="It names a child.")
                self.hidings[kind] = hiding.id

    def restore(self, *kinds: Reported) -> None:
        for kind in kinds:
            with self.work(self.coordinator) as unit:
                restore_thing(unit, hiding_id=self.hidings[kind], reason="The name is out.")

    def addresses(self, app: Flask) -> list[str]:
        """Every public address there is, with things of the world in its places."""
        found = []
        with app.test_request_context():
            adapter = app.url_map.bind("localhost")
            for rule in app.url_map.iter_rules():
                if entry_of(rule.endpoint) is Entry.ANYONE and "GET" in (rule.methods or ()):
                    values = self._values(rule)
                    if values is not None:
                        found.append(adapter.build(rule.endpoint, values))
        return [*dict.fromkeys(found), *ASKED]

    def _values(self, rule: Rule) -> dict[str, Any] | None:
        known = self.world.places | {
            "slug": "leadham" if "/councils/" in rule.rule else "shared-form", "comment_id": self.comment_id,
            "number": 1, "form": "md", "kind": "update", "thing_id": self.world.update_id,
        }  # fmt: skip
        return {name: known[name] for name in rule.arguments} if rule.arguments <= known.keys() else None


KINDS_OF_FILES = ("projects", "updates", "lessons", "artefacts", "versions", "suggestions", "comments")
ASKED = (
    f"/projects?q={SEARCHED}", f"/lessons?q={SEARCHED}", f"/documents?q={SEARCHED}",
    f"/api/v1/projects?q={SEARCHED}", "/api/v1/projects?expand=latest_update",
    *(f"/api/v1/exports/{kind}.{form}" for kind in KINDS_OF_FILES for form in ("ndjson", "csv")),
    *(f"/feeds/{path}.{form}" for path in ("all", "projects/shared-form", "councils/leadham", "documents/shared-form")
      for form in ("atom", "json")),
    "/documents/shared-form/compare?from=1&to=2", "/api/v1/artefacts/shared-form/compare?from=1&to=2",
    "/oembed?url=http://localhost/projects/shared-form", "/cy/projects/shared-form", "/lessons/shared-form",
    "/documents/shared-form/versions/1/download/html",
)  # fmt: skip
"""Besides what the map of addresses gives: searches, files and feeds by name."""


def found_at(client: CheckedClient, addresses: list[str]) -> dict[Reported, set[str]]:
    """Where each marker stands."""
    found: dict[Reported, set[str]] = {kind: set() for kind in MARKERS}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500 or answer.status_code == 503, (address, answer.status_code)
        text = answer.get_data().decode(errors="replace")
        for kind, marker in MARKERS.items():
            if marker in text:
                found[kind].add(address)
    return found


def test_what_is_hidden_is_gone_from_every_public_address_and_comes_back(
    app: Flask, make: Factory, work: Callable[..., Any], client: CheckedClient
) -> None:
    scene = Scene(make, work)
    with app.app_context():
        rebuild_index()
    make_exports(app)
    addresses = scene.addresses(app)
    before = found_at(client, addresses)
    assert {kind: len(where) > 4 for kind, where in before.items()} == dict.fromkeys(MARKERS, True)

    scene.hide(Reported.VERSION)
    alone = found_at(client, addresses)
    assert alone[Reported.VERSION] == set()
    assert alone[Reported.ARTEFACT]
    scene.restore(Reported.VERSION)

    within = [kind for kind in MARKERS if kind is not Reported.PROJECT]
    scene.hide(*within)
    after = found_at(client, addresses)
    assert {kind: where for kind, where in after.items() if where} == {Reported.PROJECT: after[Reported.PROJECT]}

    scene.restore(*within)
    scene.hide(Reported.PROJECT)
    make_exports(app)
    assert found_at(client, addresses) == {kind: set() for kind in MARKERS}

    scene.restore(Reported.PROJECT)
    again = found_at(client, addresses)
    assert {kind: without_files(before[kind]) - again[kind] for kind in MARKERS} == {key: set() for key in MARKERS}


def without_files(addresses: set[str]) -> set[str]:
    """Without the exports: what is gone is gone from them at once, and what is new comes with the hour."""
    return {one for one in addresses if "/exports/" not in one}
