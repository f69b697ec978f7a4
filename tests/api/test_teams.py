"""Teams, checks by colleagues and following, through the API."""

from typing import Any

import pytest

from tests.api.writing import People
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def people(make: Factory, shelf: Shelf, client: CheckedClient) -> People:
    shelf.licences()
    made = People(make, client)
    make.project(made.council, made.officers["lead"], slug="repairs")
    return made


def id_of(people: People, who: str) -> str:
    return str(people.officers[who].id)


def roles(team: dict[str, Any]) -> dict[str, str]:
    return {one["officer"]: one["role"] for one in team["people"]}


# --- Teams --------------------------------------------------------------------------------------------------------


def test_a_colleague_is_found_by_members_of_the_council_alone(people: People) -> None:
    found = people.send("GET", "me/colleagues").get_json()["data"]
    assert {one["officer"] for one in found} == {id_of(people, "lead"), id_of(people, "colleague")}
    assert "Sam Okoro" in {one["display_name"] for one in found}
    elsewhere = people.send("GET", "me/colleagues", who="other").get_json()["data"]
    assert [one["officer"] for one in elsewhere] == [id_of(people, "other")]


def test_a_lead_puts_a_colleague_in_makes_them_a_lead_and_takes_them_out(people: People) -> None:
    path, sam = "projects/repairs/team", id_of(people, "colleague")
    assert people.refused("GET", path, who="colleague")[0] == 403
    team = people.done("POST", path, {"officer": sam})
    assert roles(team) == {id_of(people, "lead"): "lead", sam: "team"}
    assert {one["display_name"] for one in team["people"] if one["officer"] == sam} == {"Sam Okoro"}
    assert people.done("GET", path, who="colleague") == team
    assert people.refused("POST", path, {"officer": sam}) == (409, "team.same_role")
    assert roles(people.done("POST", path, {"officer": sam, "role": "lead"}))[sam] == "lead"
    assert roles(people.done("POST", f"{path}/remove", {"officer": sam})) == {id_of(people, "lead"): "lead"}
    assert people.refused("POST", f"{path}/remove", {"officer": id_of(people, "lead")}) == (409, "project.last_lead")


def test_whoever_is_in_a_team_leaves_it(people: People) -> None:
    sam = id_of(people, "colleague")
    people.done("POST", "projects/repairs/team", {"officer": sam})
    assert sam not in roles(people.done("POST", "projects/repairs/team/remove", {"officer": sam}, who="colleague"))
    assert people.refused("GET", "projects/repairs/team", who="colleague")[0] == 403


def test_only_leads_change_a_team(people: People) -> None:
    sam = {"officer": id_of(people, "colleague")}
    for act, body in (("", sam), ("/remove", sam), ("/ask", {"address": "x@y.example"})):
        assert people.refused("POST", f"projects/repairs/team{act}", body, who="other")[0] == 403


def test_an_officer_elsewhere_is_asked_and_nobody_learns_who_has_an_account(people: People) -> None:
    path = "projects/repairs/team"
    assert people.refused("POST", path, {"officer": id_of(people, "other")})[0] == 404
    known = people.done("POST", f"{path}/ask", {"address": people.officers["other"].address, "role": "lead"})
    nobody = people.done("POST", f"{path}/ask", {"address": "nobody@nowhere.example", "role": "lead"})
    assert known == nobody
    assert roles(known) == {id_of(people, "lead"): "lead"}


def test_a_lead_asks_back_about_a_request_to_join(people: People) -> None:
    asked = people.done("POST", "projects/repairs/join-requests", {"message": "We have the same form."}, who="other")
    path = f"join-requests/{asked['id']}/ask-back"
    assert people.refused("POST", path, {"text": "Since when?"}, who="other")[0] == 403
    answer = people.send("POST", path, {"text": "Since when?"})
    assert answer.status_code == 201, answer.text
    assert people.done("GET", f"join-requests/{asked['id']}")["questions"][0]["text"] == "Since when?"


# --- Checks -------------------------------------------------------------------------------------------------------


def test_a_colleague_checks_a_draft_and_reads_it_until_they_have_answered(people: People) -> None:
    draft = people.done("POST", "projects", {"title": "Not yet"})
    path = f"projects/{draft['id']}"
    assert people.refused("GET", path, who="colleague")[0] == 404
    check = people.done("POST", f"{path}/checks", {"officer": id_of(people, "colleague")})
    assert (check["subject_type"], check["subject_id"], check["answer"]) == ("project", draft["id"], None)
    assert people.done("GET", path, who="colleague")["title"] == "Not yet"
    (waiting,) = people.send("GET", "me/checks", who="colleague").get_json()["data"]
    assert waiting == check
    assert people.refused("POST", f"checks/{check['id']}/answer", {"answer": "changes"}, who="colleague")[0] == 422
    said = {"answer": "changes", "note": "Say who it is for."}
    people.done("POST", f"checks/{check['id']}/answer", said, who="colleague")
    assert people.done("GET", f"checks/{check['id']}")["note"] == "Say who it is for."
    assert people.refused("GET", path, who="colleague")[0] == 404
    assert people.refused("GET", f"checks/{check['id']}", who="other")[0] == 404


def test_drafts_of_updates_lessons_and_documents_are_checked_too(people: People) -> None:
    sam = {"officer": id_of(people, "colleague")}
    update = people.done("POST", "projects/repairs/updates", {"title": "News"})
    assert people.done("POST", f"updates/{update['id']}/checks", sam)["subject_type"] == "update"
    lesson = people.done("POST", "lessons", {"project": "repairs", "title": "Promise two days"})
    assert people.done("POST", f"lessons/{lesson['id']}/checks", sam)["subject_type"] == "lesson"
    begun = people.done("POST", "artefacts", {"kind": "policy", "title": "A policy", "project": "repairs"})
    draft = f"artefacts/{begun['id']}/drafts/{begun['draft']['id']}"
    assert people.done("POST", f"{draft}/checks", sam)["subject_type"] == "draft"
    elsewhere = f"artefacts/another/drafts/{begun['draft']['id']}"
    assert people.refused("POST", f"{elsewhere}/checks", sam) == (404, "draft.not_found")
    assert people.refused("POST", f"updates/{update['id']}/checks", sam) == (409, "check.already_asked")
    assert people.refused("POST", f"updates/{update['id']}/checks", {"officer": id_of(people, "other")})[0] == 404


# --- Following ----------------------------------------------------------------------------------------------------


def test_one_follows_a_project_or_room_in_a_need_and_no_longer(people: People) -> None:
    need = people.done("POST", "projects/repairs/needs", {"kind": "funding", "title": "Money", "target": 5})
    for path in ("projects/repairs", f"needs/{need['id']}"):
        for _again in range(2):
            assert people.done("POST", f"{path}/follow", who="other") == {"is_following": True}
        assert people.done("POST", f"{path}/unfollow", who="other") == {"is_following": False}
        assert people.refused("POST", f"{path}/unfollow", who="other") == (409, "follow.not_followed")
