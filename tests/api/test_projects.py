"""Projects through the API."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.api.projects import ProjectDetailSchema, ProjectSchema
from pipeline.councils.models import Council
from pipeline.pledges.actions import delete_published_project
from pipeline.projects.models import Project, ProjectPartner, ProjectSlug
from pipeline.search.index import rebuild_index
from tests.conftest import Working
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted
from tests.support.world import SECRET, World

pytestmark = pytest.mark.database

BASE = "http://127.0.0.1:8000"


def titles(client: CheckedClient, query: str = "") -> list[str]:
    answer = client.get(f"/api/v1/projects{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return [one["title"] for one in answer.get_json()["data"]]


def index(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()


def test_a_listed_project_says_what_the_contract_says(client: CheckedClient, make: Factory) -> None:
    council = make.council("Hartlepool")
    project = make.project(
        council, slug="shared-repairs-form", title="A shared form", summary="One form.", phase="alpha",
        decision_on=date(2027, 1, 29), themes=("housing", "planning"), councils=3, held_half_days=30,
        pledged_half_days=24, pledged_pence=1_500_000, version=4, revision=19,
        created_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        published_at=datetime(2026, 11, 3, 10, tzinfo=UTC),
        updated_at=datetime(2026, 11, 20, 16, 5, 12, 345, tzinfo=UTC),
    )  # fmt: skip
    need = make.need(
        project, title="Ask people", profession="user-researcher", is_essential=True, is_capped=True, held=30,
        pledged=24, agreed=20,
    )  # fmt: skip
    (data,) = client.get("/api/v1/projects?limit=20").get_json()["data"]
    assert data == {
        "id": str(project.id), "slug": "shared-repairs-form", "title": "A shared form", "summary": "One form.",
        "phase": "alpha", "status": "open", "freshness": "fresh", "mode": "all_or_nothing",
        "decision_on": "2027-01-29",
        "themes": ["housing", "planning"],
        "council": {"slug": "hartlepool", "name": "Hartlepool Council", "gss_code": council.gss_code},
        "councils": 3, "held_half_days": 30, "pledged_half_days": 24, "pledged_pence": 1_500_000,
        "needs": [
            {
                "id": str(need.id), "kind": "time", "profession": "user-researcher", "thing": None,
                "title": "Ask people", "essential": True, "capped": True, "status": "open", "unit": "half_days",
                "target": 40, "held": 30, "pledged": 24, "agreed": 20, "committed": 0, "delivered": 0, "room": 10,
            }
        ],
        "is_recorded": False, "created_at": "2026-11-02T09:30:00Z", "published_at": "2026-11-03T10:00:00Z",
        "updated_at": "2026-11-20T16:05:12Z",
        "url": f"{BASE}/projects/shared-repairs-form", "etag": "4.19.2026-11",
    }  # fmt: skip
    assert ProjectSchema().load(data)


def test_one_project_says_more(client: CheckedClient, make: Factory) -> None:
    council, partner, source = make.council("Lead"), make.council("Partner"), make.council("Source")
    lead, named = make.officer(council), make.officer(council, name="Nia Named", is_named=True)
    project = make.project(
        council, lead, slug="shared", problem="It is **hard**.", problem_html="<p>It is <strong>hard</strong>.</p>",
        sources=["https://source.example/"], least_councils=2, is_recorded=True,
    )  # fmt: skip
    make.person(project, named, council, role="lead")
    make.person(project, make.officer(partner), partner)
    make.keep(ProjectPartner(project_id=project.id, council_id=source.id))
    make.pledge(make.need(project), source, make.officer(source), status="offered")
    answer = client.get("/api/v1/projects/shared")
    data = answer.get_json()["data"]
    in_list = client.get("/api/v1/projects").get_json()["data"][0]
    assert {name: data[name] for name in in_list} == in_list
    assert ProjectDetailSchema().load(data)
    assert data["problem_markdown"] == "It is **hard**."
    assert data["problem_html"] == "<p>It is <strong>hard</strong>.</p>"
    assert data["sources"] == ["https://source.example/"]
    assert data["least_councils"] == 2
    assert data["is_recorded"] is True
    where = {"slug": "lead", "name": "Lead Council", "gss_code": council.gss_code}
    assert data["leads"] == [
        {"display_name": None, "role": "lead", "council": where},
        {"display_name": "Nia Named", "role": "lead", "council": where},
    ]
    assert [one["slug"] for one in data["partners"]] == ["partner", "source"]
    assert answer.headers["ETag"] == '"1.1.2026-11"'
    assert client.get(f"/api/v1/projects/{project.id}").get_json()["data"] == data


def test_members_can_be_expanded_and_chosen(client: CheckedClient, make: Factory) -> None:
    council = make.council("Lead")
    officer = make.officer(council)
    project = make.project(council, officer, slug="shared")
    make.need(project, description="All of it.")
    make.update(project, officer, council, title="Old")
    make.update(project, officer, council, title="New")
    data = client.get("/api/v1/projects/shared?expand=needs,council,latest_update").get_json()["data"]
    assert ProjectDetailSchema(exclude=("council", "needs")).load(
        {name: value for name, value in data.items() if name not in ("council", "needs")}
    )
    assert data["council"]["nation"] == "England"
    assert data["needs"][0]["description"] == "All of it."
    assert data["latest_update"]["title"] == "New"
    chosen = client.get("/api/v1/projects/shared?fields=slug,leads").get_json()["data"]
    assert set(chosen) == {"slug", "leads"}
    listed = client.get("/api/v1/projects?fields=id,etag").get_json()["data"]
    assert [set(one) for one in listed] == [{"id", "etag"}]
    bare = make.project(council, slug="bare")
    assert client.get("/api/v1/projects/bare?expand=latest_update,needs").get_json()["data"]["latest_update"] is None
    assert bare.id


def test_an_old_slug_leads_to_the_new(client: CheckedClient, make: Factory) -> None:
    project = make.project(make.council(), slug="new-name")
    make.keep(ProjectSlug(slug="old-name", project_id=project.id))
    for rest in ("", "/needs", "/updates", "/interests", "/account", "?fields=id,title", "/needs?limit=5&kind=time"):
        answer = client.get(f"/api/v1/projects/old-name{rest}")
        assert answer.status_code == 308
        assert answer.headers["Location"] == f"{BASE}/api/v1/projects/new-name{rest}"
        assert answer.headers["Cache-Control"] == "public, max-age=30, must-revalidate"


def test_what_was_public_and_is_deleted_is_gone(client: CheckedClient, make: Factory, work: Working) -> None:
    council = make.council()
    lead = make.officer(council)
    public, hidden = (make.project(council, lead, slug=slug) for slug in ("shown-once", "never-shown"))
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_hidden=True, is_public=False))
        session.execute(update(Council).where(Council.id == council.id).values(projects_led=1))
    for project in (public, hidden):
        with work(make.actor(lead, council)) as unit:
            delete_published_project(unit, slug=project.slug or "")
    for rest in ("", "/needs", "/updates", "/interests", "/account"):
        for name in ("shown-once", str(public.id)):
            answer = client.get(f"/api/v1/projects/{name}{rest}")
            assert (answer.status_code, answer.get_json()["type"]) == (410, f"{BASE}/problems/project.deleted"), rest
        for name in ("never-shown", str(hidden.id), "nothing"):
            assert client.get(f"/api/v1/projects/{name}{rest}").status_code == 404
    # Whoever takes the address anew is found there.
    make.project(council, slug="shown-once", title="Another")
    assert client.get("/api/v1/projects/shown-once").get_json()["data"]["title"] == "Another"
    assert client.get(f"/api/v1/projects/{public.id}").status_code == 410


def test_what_is_not_public_answers_as_if_it_did_not_exist(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    missing = client.get("/api/v1/projects/nothing-here").get_json()
    for values in ({"status": "draft"}, {"is_trial": True}, {"is_hidden": True}):
        project = make.project(council, title=SECRET, **values)
        make.keep(ProjectSlug(slug=f"old-{project.id}", project_id=project.id))
        make.need(project, title=SECRET)
        for name in filter(None, (str(project.id), project.slug, f"old-{project.id}")):
            for rest in ("", "/needs"):
                answer = client.get(f"/api/v1/projects/{name}{rest}")
                assert answer.status_code == 404
                assert {**answer.get_json(), "instance": ""} == {**missing, "instance": ""}
    assert client.get("/api/v1/projects?include_total=true").get_json()["page"]["total"] == 0


def test_nothing_secret_is_in_any_answer(client: CheckedClient, world: World) -> None:
    addresses = (
        "/api/v1/projects", f"/api/v1/projects/{world.slug}?expand=needs,council,latest_update", "/api/v1/needs",
        f"/api/v1/projects?q={SECRET}",
    )  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert SECRET not in answer.get_data(as_text=True).replace(f"q={SECRET}", "")
        assert "@" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "query",
    [
        "?theme=housing", "?phase=alpha", "?status=open", "?need_kind=time", "?profession=tester", "?open_needs=true",
        "?nation=Wales", "?region=Wales", "?kind=unitary", "?council=one", "?partner=two",
        "?decision_before=2026-06-01", "?updated_since=2026-01-02T00:00:00Z", "?q=first",
    ],
)  # fmt: skip
def test_each_filter_narrows_the_list(client: CheckedClient, make: Factory, query: str) -> None:
    one = make.council("One", kind="unitary", nation="Wales", region="Wales")
    two = make.council("Two")
    first = make.project(
        one, title="First", phase="alpha", decision_on=date(2026, 5, 1), updated_at=datetime(2026, 1, 3, tzinfo=UTC)
    )
    make.person(first, make.officer(two), two)
    make.need(first, profession="tester")
    second = make.project(
        two, title="Second", phase="beta", status="finished", themes=(), updated_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    make.need(second, "funding", status="closed")
    index(make)
    assert titles(client, query) == ["First"]
    assert set(titles(client)) == {"First", "Second"}


def test_orders_are_from_a_list_and_pledged_days_has_two_names(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, title="Few", pledged_half_days=1, decision_on=None)
    make.project(council, title="Many", pledged_half_days=9)
    assert titles(client, "?sort=-pledged_half_days") == titles(client, "?sort=-pledged_days") == ["Many", "Few"]
    assert titles(client, "?sort=decision_on") == ["Many", "Few"]
    assert titles(client, "?sort=title") == ["Few", "Many"]
    for wrong in ("name", "", "--title", "title,-title"):
        assert client.get(f"/api/v1/projects?sort={wrong}").status_code == 400


def test_pages_follow_each_other_by_their_links(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    then = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(5):
        make.project(council, title=f"{number}", updated_at=then + timedelta(hours=number))
    first = client.get("/api/v1/projects?limit=2&include_total=true")
    page = first.get_json()
    assert page["page"] == {"limit": 2, "has_more": True, "total": 5}
    assert f'<{page["links"]["next"]}>; rel="next"' in first.headers["Link"]
    second = client.get(page["links"]["next"].removeprefix(BASE)).get_json()
    third = client.get(second["links"]["next"].removeprefix(BASE)).get_json()
    seen = [one["title"] for body in (page, second, third) for one in body["data"]]
    assert seen == ["4", "3", "2", "1", "0"]
    assert third["links"]["next"] is None
    back = client.get(third["links"]["prev"].removeprefix(BASE)).get_json()
    assert back["data"] == second["data"]
    other = page["links"]["next"].removeprefix(BASE) + "&status=open"
    refused = client.get(other)
    assert refused.status_code == 400
    assert refused.get_json()["type"].endswith("/problems/cursor.mismatch")


def test_a_search_is_paged_in_the_order_of_relevance(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, title="Deep", problem="parking permits")
    for number in range(4):
        make.project(council, title=f"Parking permits {number}")
    index(make)
    body = client.get("/api/v1/projects?q=parking+permits&limit=2&include_total=true").get_json()
    assert body["page"] == {"limit": 2, "has_more": True, "total": 5}
    seen, pages = [], 0
    while True:
        seen += [one["title"] for one in body["data"]]
        pages += 1
        if body["links"]["next"] is None:
            break
        body = client.get(body["links"]["next"].removeprefix(BASE)).get_json()
    assert seen == [*(f"Parking permits {number}" for number in (3, 2, 1, 0)), "Deep"]
    assert pages == 3
    assert client.get(body["links"]["prev"].removeprefix(BASE)).get_json()["data"][0]["title"] == "Parking permits 1"
    by_title = client.get("/api/v1/projects?q=parking+permits&sort=title&limit=1&include_total=true").get_json()
    assert [one["title"] for one in by_title["data"]] == ["Deep"]
    assert by_title["page"] == {"limit": 1, "has_more": True, "total": 5}
    assert client.get("/api/v1/projects?sort=relevance").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "?theme=nothing", "?phase=gamma", "?status=draft", "?need_kind=money", "?open_needs=yes", "?limit=0",
        "?limit=101", "?limit=1_0", "?limit=%EF%BC%91", "?fields=secret", "?unknown=1", "?theme=housing&theme=planning",
        "?updated_since=yesterday", "?decision_before=2026-13-01", "?cursor=nonsense", "?q=" + "a" * 201,
        "?council=a%20b", "?expand=people",
    ],
)  # fmt: skip
def test_nothing_wrong_passes_silently(client: CheckedClient, query: str) -> None:
    answer = client.get(f"/api/v1/projects{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


def test_an_answer_that_has_not_changed_is_not_made_again(app: Flask, client: CheckedClient, make: Factory) -> None:
    make.need(make.project(make.council(), slug="shared"))
    for address, most in (("/api/v1/projects", 0), ("/api/v1/projects/shared", 1), ("/api/v1/needs", 0)):
        etag = client.get(address).headers["ETag"]
        with all_counted(app) as statements:
            answer = client.get(address, headers={"If-None-Match": etag})
        assert answer.status_code == 304
        assert len(statements) <= most, statements


def test_a_list_takes_the_same_few_statements_however_long_it_is(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    numbers: list[list[int]] = []
    queries = ("", "?theme=housing", "?include_total=true&nation=England", "?q=project", "?sort=decision_on")
    for more in (20, 80):
        for _ in range(more):
            make.need(make.project(council))
        index(make)
        numbers.append([])
        for query in queries:
            with all_counted(app) as statements:
                data: Any = client.get(f"/api/v1/projects{query}{'&' if query else '?'}limit=100").get_json()["data"]
            assert len(data) >= more
            numbers[-1].append(len(statements))
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) <= 5


def test_a_person_signed_in_reads_the_same(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    make.project(council, officer, status="draft", title="Draft")
    make.project(council, officer, title="Public")
    make.signed_in(client, officer, council)
    assert titles(client) == ["Public"]


def test_a_place_where_a_council_keeps_documents_is_read_though_no_list_shows_it(
    client: CheckedClient, make: Factory
) -> None:
    place = make.project(make.council(), keeps_documents=True, slug="documents-of-leadham")

    answer = client.get("/api/v1/projects/documents-of-leadham")
    assert answer.status_code == 200
    assert answer.get_json()["data"]["id"] == str(place.id)
    assert client.get("/api/v1/projects").get_json()["data"] == []
