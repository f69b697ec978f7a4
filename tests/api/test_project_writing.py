"""Posting a project and what it needs through the API, from the first draft to its deletion."""

from datetime import timedelta
from typing import Any

import pytest

from pipeline.kernel import clock
from pipeline.projects.models import Need, Project
from tests.api.writing import People, pointers
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

TITLE = "One form for repairs"
WHOLE: dict[str, Any] = {
    "title": TITLE, "summary": "A form any council can use.", "problem_markdown": "Tenants ring **three** numbers.",
    "themes": ["housing", "planning"], "phase": "alpha", "mode": "all_or_nothing", "least_councils": 1,
}  # fmt: skip
PLACED = {"profession", "thing"}
TIME: dict[str, Any] = {"kind": "time", "title": "A researcher", "profession": "user-researcher", "target": 20}


@pytest.fixture
def people(make: Factory, client: CheckedClient) -> People:
    return People(make, client)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def posted(people: People, **members: Any) -> dict[str, Any]:
    return people.done("POST", "projects", WHOLE | {"decision_on": in_days(60)} | members)


def published(people: People, **members: Any) -> dict[str, Any]:
    draft = posted(people, **members)
    people.done("POST", f"projects/{draft['id']}/needs", TIME | {"essential": True})
    now = people.done("GET", f"projects/{draft['id']}")
    return people.done("POST", f"projects/{draft['id']}/publish", etag=now["etag"])


# --- Drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_with_all_that_was_sent(people: People) -> None:
    answer = people.send("POST", "projects", WHOLE | {"decision_on": in_days(60)})
    assert answer.status_code == 201
    data = answer.get_json()["data"]
    assert answer.headers["Location"] == data["url"]
    assert answer.headers["ETag"] == f'"{data["etag"]}"'
    assert {name: data[name] for name in WHOLE} == WHOLE
    assert (data["status"], data["slug"], data["published_at"]) == ("draft", None, None)
    assert data["problem_html"] == "<p>Tenants ring <strong>three</strong> numbers.</p>\n"
    assert data["council"]["slug"] == "northborough"
    assert [one["role"] for one in data["leads"]] == ["lead"]


def test_a_title_is_enough_for_a_draft(people: People) -> None:
    data = people.done("POST", "projects", {"title": TITLE})
    assert (data["title"], data["summary"], data["themes"], data["phase"]) == (TITLE, "", [], None)


def test_only_the_team_reads_a_draft(people: People) -> None:
    draft = posted(people)
    path = f"projects/{draft['id']}"
    assert people.done("GET", path) == draft
    answer = people.send("GET", path)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = people.client.get(
        f"/api/v1/{path}", headers=people.tokens["lead"] | {"If-None-Match": f'"{draft["etag"]}"'}
    )
    assert again.status_code == 304
    for who in ("", "colleague", "other"):
        assert people.refused("GET", path, who=who) == (404, "project.not_found")


def test_a_draft_is_in_no_list_but_its_teams_own(people: People) -> None:
    draft = posted(people)
    need = people.done("POST", f"projects/{draft['id']}/needs", TIME)
    for path in ("projects", f"projects?q={TITLE.rsplit(maxsplit=1)[-1]}", "needs"):
        assert people.send("GET", path).get_json()["data"] == []
    assert people.refused("GET", f"needs/{need['id']}", who="other") == (404, "need.not_found")
    assert people.done("GET", f"needs/{need['id']}") == need
    (own,) = people.send("GET", "me/drafts").get_json()["data"]
    assert (own["kind"], own["id"], own["title"]) == ("project", draft["id"], TITLE)
    assert people.send("GET", "me/drafts", who="colleague").get_json()["data"] == []


def test_what_is_expanded_of_a_draft_stands_in_place(people: People) -> None:
    draft = posted(people)
    need = people.done("POST", f"projects/{draft['id']}/needs", TIME)
    data = people.done("GET", f"projects/{draft['id']}?expand=needs,council,latest_update&fields=needs,council")
    assert data["needs"] == [need]
    assert data["council"]["nation"] == "England"


def test_what_cannot_be_sent_is_named(people: People) -> None:
    answer = people.send("POST", "projects", {"title": TITLE, "status": "open", "slug": "x", "themes": ["gardening"]})
    assert answer.status_code == 400
    assert pointers(answer) == {"/status", "/slug", "/themes/0"}
    answer = people.send("POST", "projects", {"summary": "x" * 301})
    assert (answer.status_code, pointers(answer)) == (400, {"/title", "/summary"})


def test_a_trial_project_is_not_made_by_a_token(people: People) -> None:
    assert pointers(people.send("POST", "projects", {"title": TITLE, "is_trial": True})) == {"/is_trial"}


# --- Changing -----------------------------------------------------------------------------------------------------


def test_a_change_leaves_what_is_left_out_and_null_takes_away(people: People) -> None:
    draft = posted(people)
    path = f"projects/{draft['id']}"
    data = people.done("PATCH", path, {"summary": "Shorter.", "phase": None, "themes": None}, etag=draft["etag"])
    assert (data["summary"], data["phase"], data["themes"]) == ("Shorter.", None, [])
    assert (data["title"], data["problem_markdown"]) == (TITLE, WHOLE["problem_markdown"])
    assert data["etag"] != draft["etag"]
    assert people.refused("PATCH", path, {"title": None}, etag=data["etag"]) == (400, "request.malformed")


def test_an_edit_needs_the_version_that_was_read_and_a_stale_one_loses_nothing(people: People) -> None:
    draft = posted(people)
    path = f"projects/{draft['id']}"
    assert people.refused("PATCH", path, {"summary": "x"}) == (428, "request.version_missing")
    theirs = people.done("PATCH", path, {"summary": "Theirs."}, etag=draft["etag"])
    stale = people.send("PATCH", path, {"summary": "Ours.", "title": "Ours"}, etag=draft["etag"])
    assert (stale.status_code, stale.get_json()["current_etag"]) == (412, theirs["etag"])
    assert people.done("GET", path) == theirs
    assert people.refused("DELETE", path, etag=draft["etag"]) == (412, "request.stale_version")
    assert people.refused("DELETE", path) == (428, "request.version_missing")


def test_a_problem_is_named_by_the_member_that_was_sent(people: People) -> None:
    made = published(people)
    answer = people.send("PATCH", f"projects/{made['slug']}", {"problem_markdown": ""}, etag=made["etag"])
    assert (answer.status_code, pointers(answer)) == (422, {"/problem_markdown"})


@pytest.mark.parametrize("terms", [{"phase": "beta"}, {"least_councils": 2}, {"mode": "flexible"}])
def test_terms_and_phase_of_what_is_published_have_acts_of_their_own(people: People, terms: dict[str, Any]) -> None:
    made = published(people)
    answer = people.send("PATCH", f"projects/{made['slug']}", terms, etag=made["etag"])
    assert (answer.status_code, pointers(answer)) == (409, {f"/{next(iter(terms))}"})
    assert answer.get_json()["allowed"] == ["change_terms", "move_date", "change_phase"]
    assert people.done("GET", f"projects/{made['slug']}") == made


def test_only_leads_change_what_is_published(people: People) -> None:
    made = published(people)
    path = f"projects/{made['slug']}"
    assert people.refused("PATCH", path, {"summary": "x"}, who="other", etag=made["etag"]) == (
        403, "project.leads_only",
    )  # fmt: skip
    renamed = people.done("PATCH", path, {"title": "Repairs, once"}, etag=made["etag"])
    assert renamed["slug"] == "repairs-once"
    moved = people.send("GET", path)
    assert (moved.status_code, moved.headers["Location"][-21:]) == (308, "projects/repairs-once")


# --- Publishing and after -----------------------------------------------------------------------------------------


def test_a_published_project_is_read_by_everybody_as_it_was_answered(people: People) -> None:
    made = published(people)
    assert (made["status"], made["slug"]) == ("open", "one-form-for-repairs")
    assert people.done("GET", f"projects/{made['slug']}", who="") == made
    assert [one["slug"] for one in people.send("GET", "projects", who="").get_json()["data"]] == [made["slug"]]
    assert people.refused("POST", f"projects/{made['slug']}/publish", etag=made["etag"]) == (
        409, "project.not_draft",
    )  # fmt: skip


def test_what_publishing_asks_for_is_said_all_at_once(people: People) -> None:
    draft = people.done("POST", "projects", {"title": TITLE})
    path = f"projects/{draft['id']}/publish"
    assert people.refused("POST", path) == (428, "request.version_missing")
    answer = people.send("POST", path, etag=draft["etag"])
    assert answer.status_code == 422
    assert pointers(answer) == {"/summary", "/problem_markdown", "/themes", "/phase"}


def test_a_lead_moves_the_phase_and_changes_the_terms(people: People) -> None:
    made = published(people)
    path = f"projects/{made['slug']}"
    assert people.done("POST", f"{path}/change-phase", {"phase": "beta"})["phase"] == "beta"
    assert people.refused("POST", f"{path}/change-phase", {"phase": "beta"}) == (409, "project.same_phase")
    terms = {"mode": "all_or_nothing", "least_councils": 3}
    assert people.refused("POST", f"{path}/change-terms", terms) == (428, "request.version_missing")
    now = people.done("GET", path)
    assert people.done("POST", f"{path}/change-terms", terms, etag=now["etag"])["least_councils"] == 3


def test_a_project_that_has_ended_is_posted_again(people: People) -> None:
    made = published(people)
    path = f"projects/{made['slug']}"
    assert people.refused("POST", f"{path}/post-again") == (409, "project.wrong_status")
    people.done("POST", f"{path}/stop", {"reason": "The supplier went under."})
    again = people.done("POST", f"{path}/post-again")
    assert (again["status"], again["title"], again["continues"]) == ("draft", TITLE, made["slug"])
    assert [one["title"] for one in again["needs"]] == ["A researcher"]


def test_a_draft_is_deleted_and_so_is_what_nobody_else_has_joined(people: People) -> None:
    draft, made = posted(people, title="Other"), published(people)
    assert people.done("DELETE", f"projects/{draft['id']}", etag=draft["etag"]) == draft
    assert people.refused("GET", f"projects/{draft['id']}") == (404, "project.not_found")
    assert people.refused("DELETE", f"projects/{made['slug']}", etag=made["etag"], who="other")[0] == 403
    assert people.done("DELETE", f"projects/{made['slug']}", etag=made["etag"]) == made
    assert people.refused("GET", f"projects/{made['slug']}")[0] == 410


def test_a_project_that_another_council_joined_stays(people: People) -> None:
    made = published(people)
    (need,) = made["needs"]
    with people.make.session() as session:
        row = session.get_one(Need, need["id"])
    people.make.pledge(row, people.elsewhere, people.officers["other"], status="authorised")
    assert people.refused("DELETE", f"projects/{made['slug']}", etag=made["etag"]) == (409, "project.others_joined")


def test_nothing_else_is_said_with_a_deletion(people: People) -> None:
    draft = posted(people)
    path = f"projects/{draft['id']}"
    assert people.send("DELETE", f"{path}?really=1", etag=draft["etag"]).status_code == 400
    assert people.send("DELETE", path, {}, etag=draft["etag"]).status_code == 400
    assert people.done("GET", path) == draft


def test_a_project_is_posted_once_for_one_key(people: People) -> None:
    first = people.send("POST", "projects", WHOLE, key="one")
    again = people.send("POST", "projects", WHOLE, key="one")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert people.refused("POST", "projects", {"title": "Another"}, key="one") == (422, "idempotency.other_body")
    with people.make.session() as session:
        assert session.query(Project).count() == 1


# --- Needs --------------------------------------------------------------------------------------------------------


def test_a_need_is_asked_for_in_the_unit_of_its_kind(people: People) -> None:
    draft = posted(people)
    path = f"projects/{draft['id']}/needs"
    time = people.done("POST", path, TIME | {"essential": True})
    assert (time["unit"], time["target"], time["essential"], time["capped"]) == ("half_days", 20, True, False)
    money = people.done("POST", path, {"kind": "funding", "title": "Money", "target": 15_000_00, "capped": True})
    assert (money["unit"], money["room"]) == ("pence", 15_000_00)
    thing = people.done("POST", path, {"kind": "in_kind", "title": "Rooms", "thing": "meeting room", "target": 3})
    assert (thing["unit"], thing["thing"]) == ("quantity", "meeting room")
    answer = people.send("POST", path, {"kind": "time", "title": "Somebody", "target": 20})
    assert (answer.status_code, pointers(answer)) == (422, {"/profession"})
    answer = people.send("POST", path, {"kind": "in_kind", "title": "Rooms", "target": 3})
    assert (answer.status_code, pointers(answer)) == (422, {"/thing"})


@pytest.mark.parametrize("kind, member", [("funding", "profession"), ("in_kind", "profession"), ("time", "thing")])
def test_what_belongs_to_another_kind_of_need_is_refused(people: People, kind: str, member: str) -> None:
    path = f"projects/{posted(people)['id']}/needs"
    body = {"kind": kind, "title": "A need", "target": 2, "profession": "developer", "thing": "meeting room"}
    wanted = {"time": "profession", "in_kind": "thing"}.get(kind)
    answer = people.send("POST", path, {name: body[name] for name in body if name not in PLACED - {member, wanted}})
    assert (answer.status_code, pointers(answer)) == (422, {f"/{member}"})
    need = people.done("POST", path, {"kind": "funding", "title": "Money", "target": 2})
    answer = people.send("PATCH", f"needs/{need['id']}", {"thing": "meeting room"}, etag=need["etag"])
    assert (answer.status_code, pointers(answer)) == (422, {"/thing"})


def test_a_need_is_changed_from_the_version_that_was_read(people: People) -> None:
    draft = posted(people)
    need = people.done("POST", f"projects/{draft['id']}/needs", TIME)
    path = f"needs/{need['id']}"
    assert people.refused("PATCH", path, {"target": 30}) == (428, "request.version_missing")
    changed = people.done("PATCH", path, {"target": 30, "description": "Six interviews."}, etag=need["etag"])
    assert (changed["target"], changed["description"], changed["title"]) == (30, "Six interviews.", "A researcher")
    assert people.done("PATCH", path, {"description": None}, etag=changed["etag"])["description"] == ""
    assert people.refused("PATCH", path, {"target": 9}, etag=need["etag"]) == (412, "request.stale_version")
    assert pointers(people.send("PATCH", path, {"kind": "funding"}, etag=need["etag"])) == {"/kind"}


def test_a_need_leaves_a_draft_and_is_dropped_once_published(people: People) -> None:
    draft = posted(people)
    need = people.done("POST", f"projects/{draft['id']}/needs", TIME)
    assert people.done("DELETE", f"needs/{need['id']}", etag=need["etag"]) == need
    assert people.done("GET", f"projects/{draft['id']}")["needs"] == []
    made = published(people)
    (asked,) = made["needs"]
    seen = people.done("GET", f"needs/{asked['id']}")["etag"]
    answer = people.send("DELETE", f"needs/{asked['id']}", etag=seen)
    assert (answer.status_code, answer.get_json()["allowed"]) == (409, ["drop", "close"])
    assert people.refused("DELETE", f"needs/{asked['id']}", etag=seen, who="other")[0] == 403


def test_what_councils_pledged_on_changes_with_a_reason(people: People) -> None:
    made = published(people)
    (asked,) = made["needs"]
    with people.make.session() as session:
        row = session.get_one(Need, asked["id"])
        row.held = row.pledged = 4
    people.make.pledge(row, people.elsewhere, people.officers["other"], status="authorised")
    seen = people.done("GET", f"needs/{asked['id']}")["etag"]
    answer = people.send("PATCH", f"needs/{asked['id']}", {"target": 30}, etag=seen)
    assert (answer.status_code, pointers(answer)) == (422, {"/reason"})
    told = {"target": 30, "reason": "There is more to find out."}
    assert people.done("PATCH", f"needs/{asked['id']}", told, etag=seen)["target"] == 30
