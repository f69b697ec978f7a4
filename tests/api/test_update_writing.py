"""The news of a project through the API: written by the team, published, mended and withdrawn by its leads."""

from typing import Any

import pytest

from pipeline.accounts.tokens import Scope
from pipeline.projects.models import Project
from tests.api.writing import People, pointers
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

NEWS: dict[str, Any] = {"title": "The form is being tested", "markdown": "**Twelve** tenants have tried it."}


@pytest.fixture
def people(make: Factory, client: CheckedClient) -> People:
    made = People(make, client)
    project = make.project(made.council, made.officers["lead"], slug="repairs")
    make.person(project, made.officers["colleague"], made.council)
    return made


def published(people: People) -> dict[str, Any]:
    draft = people.done("POST", "projects/repairs/updates", NEWS)
    return people.done("POST", f"updates/{draft['id']}/publish", etag=draft["etag"])


def test_the_team_writes_a_draft_that_nobody_else_reads(people: People) -> None:
    draft = people.done("POST", "projects/repairs/updates", NEWS, who="colleague")
    path = f"updates/{draft['id']}"
    assert (draft["status"], draft["published_at"], draft["markdown"]) == ("draft", None, NEWS["markdown"])
    assert draft["html"] == "<p><strong>Twelve</strong> tenants have tried it.</p>\n"
    assert people.done("GET", path) == draft
    for who in ("", "other"):
        assert people.refused("GET", path, who=who) == (404, "update.not_found")
    for listed in ("updates", "projects/repairs/updates"):
        assert people.send("GET", listed).get_json()["data"] == []
    own = people.send("GET", "me/drafts", who="colleague").get_json()["data"]
    assert [(one["kind"], one["id"]) for one in own] == [("update", draft["id"])]
    assert people.refused("POST", "projects/repairs/updates", NEWS, who="other")[0] == 403


def test_a_lead_publishes_what_was_read(people: People) -> None:
    draft = people.done("POST", "projects/repairs/updates", NEWS)
    path = f"updates/{draft['id']}"
    assert people.refused("POST", f"{path}/publish") == (428, "request.version_missing")
    assert people.refused("POST", f"{path}/publish", etag=draft["etag"], who="colleague")[0] == 403
    changed = people.done("PATCH", path, {"title": "Tested"}, etag=draft["etag"], who="colleague")
    assert (changed["title"], changed["markdown"]) == ("Tested", NEWS["markdown"])
    assert people.refused("POST", f"{path}/publish", etag=draft["etag"]) == (412, "request.stale_version")
    made = people.done("POST", f"{path}/publish", etag=changed["etag"])
    assert people.done("GET", path, who="") == made
    assert people.refused("POST", f"{path}/publish", etag=made["etag"]) == (409, "update.not_draft")


def test_nothing_is_published_without_a_text(people: People) -> None:
    draft = people.done("POST", "projects/repairs/updates", {"title": "Empty"})
    answer = people.send("POST", f"updates/{draft['id']}/publish", etag=draft["etag"])
    assert (answer.status_code, pointers(answer)) == (422, {"/markdown"})


def test_a_lead_mends_what_is_published_and_nobody_writes_over_it_unseen(people: People) -> None:
    made = published(people)
    path = f"updates/{made['id']}"
    assert people.refused("PATCH", path, {"title": "x"}) == (428, "request.version_missing")
    assert people.refused("PATCH", path, {"title": "x"}, etag=made["etag"], who="colleague")[0] == 403
    mended = people.done("PATCH", path, {"markdown": "Thirteen have."}, etag=made["etag"])
    assert (mended["markdown"], mended["edited_at"] is None) == ("Thirteen have.", False)
    assert people.refused("PATCH", path, {"title": "x"}, etag=made["etag"]) == (412, "request.stale_version")
    assert pointers(people.send("PATCH", path, {"author": "me"}, etag=mended["etag"])) == {"/author"}


def test_a_published_update_is_withdrawn_and_a_draft_deleted(people: People) -> None:
    made = published(people)
    path = f"updates/{made['id']}"
    assert people.refused("DELETE", path, etag=made["etag"]) == (409, "update.not_draft")
    assert people.refused("POST", f"{path}/withdraw", who="colleague")[0] == 403
    assert people.done("POST", f"{path}/withdraw")["status"] == "withdrawn"
    assert people.refused("GET", path, who="")[0] == 404
    assert people.done("GET", path, who="colleague")["status"] == "withdrawn"
    draft = people.done("POST", "projects/repairs/updates", NEWS)
    assert people.refused("DELETE", f"updates/{draft['id']}") == (428, "request.version_missing")
    assert people.done("DELETE", f"updates/{draft['id']}", etag=draft["etag"]) == draft
    assert people.refused("GET", f"updates/{draft['id']}")[0] == 404


def test_a_program_that_writes_updates_does_nothing_else(people: People) -> None:
    people.tokens["press"] = people.make.token(people.officers["lead"], people.council, Scope.UPDATES_WRITE)
    draft = people.done("POST", "projects/repairs/updates", NEWS, who="press")
    people.done("POST", f"updates/{draft['id']}/publish", etag=draft["etag"], who="press")
    assert people.refused("POST", "projects/repairs/stop", {"reason": "x"}, who="press") == (403, "token.scope")
    assert people.refused("POST", "projects", {"title": "x"}, who="press") == (403, "token.scope")


def test_a_draft_of_a_project_has_no_updates(people: People) -> None:
    draft = people.done("POST", "projects", {"title": "Not yet"})
    assert people.refused("POST", f"projects/{draft['id']}/updates", NEWS) == (409, "project.not_published")
    with people.make.session() as session:
        assert session.query(Project).count() == 2
