"""What concerns the caller, through the API: what needs them, notices, what they follow and mute, and their e-mails."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.moderation.models import Report
from pipeline.notifications.models import Notice
from tests.api.writing import People
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

USUAL = {"waiting": "at_once", "part": "at_once", "documents": "at_once", "council": "at_once", "following": "weekly"}


@pytest.fixture
def people(make: Factory, shelf: Shelf, client: CheckedClient) -> People:
    shelf.licences()
    return People(make, client)


def test_what_needs_the_caller_is_listed_with_how_late_it_is(make: Factory, client: CheckedClient) -> None:
    council, other = make.council(), make.council("Eastmere")
    authoriser = make.officer(council, Role.AUTHORISER)
    need = make.need(make.project(other, make.officer(other), title="Repairs"), title="Talking to tenants")
    for days_ago in (3, 9):
        make.pledge(need, council, make.officer(council), offered_at=clock.now() - timedelta(days=days_ago))
    answer = client.get("/api/v1/me/needs-me", headers=make.token(authoriser, council))
    first, second = answer.get_json()["data"]
    assert (first["act"], first["about"], first["days_late"]) == ("authorise", "Repairs", 0)
    assert first["summary"] == "Authorise or refuse: 2 days, Talking to tenants"
    assert first["since"] < second["since"]


def test_what_waits_for_coordinators_needs_them_and_nobody_else(make: Factory, client: CheckedClient) -> None:
    council, unled = make.council(), make.council("Eastmere")
    project = make.project(council, make.officer(council))
    coordinator, admin = make.officer(council, Role.COORDINATOR), make.officer(council, Role.COUNCIL_ADMIN)
    for days_ago in (8, 3):
        make.keep(
            Report(
                id=new_id(), about_type="project", about_id=project.id, reason="abuse",
                reported_at=clock.now() - timedelta(days=days_ago),
            )
        )  # fmt: skip
    make.membership(make.officer(), unled, is_waiting=True)
    make.membership(make.officer(), council, is_waiting=True)

    def needed(officer: Officer) -> list[tuple[str, str]]:
        answer = client.get("/api/v1/me/needs-me", headers=make.token(officer, council)).get_json()
        return sorted((one["summary"], urlsplit(one["url"]).path) for one in answer["data"])

    assert needed(coordinator) == [
        ("1 officer waits for a place", "/coordination/councils/eastmere/admin"),
        ("2 reports wait", "/coordination/reports"),
    ]
    assert needed(admin) == [("1 officer waits for a place", f"/councils/{council.slug}/settings")]


def test_notices_are_paged_and_read(people: People, make: Factory, client: CheckedClient) -> None:
    lead = people.officers["lead"]
    project = make.project(people.council, lead, title="Repairs")
    for number in range(3):
        make.keep(
            Notice(
                id=new_id(), officer_id=lead.id, council_id=people.council.id, key=str(new_id()), kind="team.joined",
                sort="part", about_type="project", about_id=project.id, payload={},
                made_at=clock.now() - timedelta(minutes=number),
            )
        )  # fmt: skip
    headers = make.token(lead, people.council)
    first = client.get("/api/v1/me/notices?limit=2", headers=headers).get_json()
    assert [(one["title"], one["is_read"]) for one in first["data"]] == [("Repairs", False)] * 2
    following = first["links"]["next"].partition("/api/v1")[2]
    assert len(client.get(f"/api/v1{following}", headers=headers).get_json()["data"]) == 1
    assert people.done("POST", "me/notices/read", {"about": str(project.id)}, who="lead") == {"unread": 0}
    assert all(one["is_read"] for one in client.get("/api/v1/me/notices", headers=headers).get_json()["data"])


def test_what_is_followed_and_muted_is_listed_and_ended(people: People, make: Factory, client: CheckedClient) -> None:
    other = make.council("Wexcombe")
    council = people.done("POST", f"councils/{other.slug}/follow", who="other")
    theme = people.done("POST", "me/follows", {"theme": "housing"}, who="other")
    search = people.done("POST", "me/follows", {"q": "damp", "nation": "Wales"}, who="other")
    assert people.refused("POST", "me/follows", {}, who="other") == (422, "search.empty")
    muted = {"about_type": "council", "about": str(other.id)}
    assert people.done("POST", "me/mutes", muted, who="other") == {"is_muted": True}
    headers = people.tokens["other"]

    def listed() -> list[tuple[str, str, bool]]:
        rows = client.get("/api/v1/me/follows", headers=headers).get_json()["data"]
        return [(one["kind"], one["terms"], one["is_muted"]) for one in rows]

    assert listed() == [("search", "nation=Wales&q=damp", False), ("theme", "housing", False), ("council", "", True)]
    assert people.done("POST", "me/mutes/end", muted, who="other") == {"is_muted": False}
    assert people.refused("POST", "me/mutes/end", muted, who="other") == (409, "mute.not_muted")
    for one in (council, theme, search):
        ended = people.done("POST", f"me/follows/{one['follow']}/end", who="other")
        assert ended == {"is_following": False, "follow": None}
    assert listed() == []


def test_a_search_of_everything_is_followed_listed_with_its_name_and_ended(
    people: People, make: Factory, client: CheckedClient
) -> None:
    asked = {"q": "damp", "kind": "lesson", "nation": "Wales"}
    made = people.done("POST", "search/follow", asked, who="other")
    assert people.done("POST", "search/follow", asked, who="other") == made
    assert people.refused("POST", "search/follow", {}, who="other") == (422, "search.empty")
    never = {"q": "damp", "kind": "version"}
    assert people.refused("POST", "search/follow", never, who="other") == (422, "search.never_new")
    (row,) = client.get("/api/v1/me/follows", headers=people.tokens["other"]).get_json()["data"]
    assert (row["title"], row["terms"]) == ("Lessons, Wales, “damp”", "search?kind=lesson&nation=Wales&q=damp")
    assert row["url"].endswith("/search?kind=lesson&nation=Wales&q=damp")
    assert people.done("POST", f"me/follows/{made['follow']}/end", who="other")["is_following"] is False


def test_a_document_is_followed(people: People, make: Factory, shelf: Shelf) -> None:
    home = make.project(people.council, people.officers["lead"])
    shelf.document(home, people.officers["lead"], "One.", slug="model")
    assert people.done("POST", "artefacts/model/follow", who="other")["is_following"]


def test_how_the_caller_is_told_is_read_and_chosen(people: People, make: Factory, client: CheckedClient) -> None:
    headers = make.token(people.officers["lead"], people.council)

    def kept() -> dict[str, object]:
        found: dict[str, object] = client.get("/api/v1/me/mail", headers=headers).get_json()["data"]
        return found

    assert kept() == USUAL | {"quiet_first": None, "quiet_last": None}
    chosen = USUAL | {"part": "daily", "quiet_first": 19, "quiet_last": 8}
    assert people.done("POST", "me/mail", chosen, who="lead") == chosen
    assert kept() == chosen
    assert people.refused("POST", "me/mail", USUAL | {"part": "hourly"}, who="lead")[0] == 400
