"""The register through the API."""

import pytest

from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.kernel.actor import Channel, system

pytestmark = pytest.mark.database


@pytest.fixture
def whole_register(work) -> None:
    with work(system("tests", Channel.COMMAND)) as unit:
        import_councils(unit, facts=register.rows())


def test_398_councils_exist_today(client, whole_register) -> None:
    answer = client.get("/api/v1/councils?include_total=true&active=true").get_json()
    assert answer["page"] == {"limit": 50, "has_more": True, "total": 398}


def test_a_gss_code_and_a_slug_answer_the_same(client, whole_register) -> None:
    by_code = client.get("/api/v1/councils/E06000001")
    assert by_code.status_code == 200
    assert by_code.get_json() == client.get("/api/v1/councils/hartlepool").get_json()
    data = by_code.get_json()["data"]
    assert data["name"] == "Hartlepool Borough Council"
    assert (data["kind"], data["nation"], data["region"], data["active"]) == ("unitary", "England", "North East", True)
    assert by_code.headers["ETag"] == f'"{data["etag"]}"'


def test_an_abolished_council_answers_with_its_successors(client, whole_register) -> None:
    data = client.get("/api/v1/councils/allerdale").get_json()["data"]
    assert data["active"] is False
    assert [one["slug"] for one in data["successors"]] == ["cumberland"]


def test_a_former_code_leads_on(client, whole_register) -> None:
    moved = client.get("/api/v1/councils/E08000016")
    assert moved.status_code == 308
    assert moved.headers["Location"].endswith("/api/v1/councils/barnsley")


def test_an_unknown_council_is_a_problem(client) -> None:
    answer = client.get("/api/v1/councils/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["type"].endswith("/problems/council.not_found")


def test_pages_lead_from_one_to_the_next_and_back(client, whole_register) -> None:
    first = client.get("/api/v1/councils?limit=100&kind=non-metropolitan district").get_json()
    second = client.get(first["links"]["next"]).get_json()
    assert first["data"][-1]["short_name"] <= second["data"][0]["short_name"]
    assert client.get(second["links"]["prev"]).get_json()["data"] == first["data"]


def test_what_has_not_changed_is_304(client, whole_register) -> None:
    first = client.get("/api/v1/councils")
    again = client.get("/api/v1/councils", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=1_0",
        "limit=-5",
        "limit=٣",
        "limit=5&limit=6",
        "active=yes",
        "nation=Narnia",
        "colour=red",
        "cursor=abc",
    ],
)
def test_a_parameter_that_is_not_right_is_400(client, query) -> None:
    answer = client.get(f"/api/v1/councils?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == f"/{query.split('=')[0]}"


def test_a_cursor_belongs_to_its_filters(client, whole_register) -> None:
    first = client.get("/api/v1/councils?limit=5&nation=Wales").get_json()
    other = first["links"]["next"].replace("Wales", "Scotland")
    answer = client.get(other)
    assert answer.status_code == 400
    assert answer.get_json()["type"].endswith("/problems/cursor.mismatch")


def test_made_up_councils_are_not_on_the_register(client, make, whole_register) -> None:
    make.council("Northborough", is_made_up=True)
    assert client.get("/api/v1/councils?include_total=true&active=true").get_json()["page"]["total"] == 398
    made_up = client.get("/api/v1/councils?made_up=true").get_json()["data"]
    assert [(one["slug"], one["made_up"]) for one in made_up] == [("northborough", True)]
    assert client.get("/api/v1/councils/northborough").status_code == 200


def test_the_order_turns_round_and_pages_follow_it(client, whole_register) -> None:
    first = client.get("/api/v1/councils?sort=-short_name&limit=20&fields=short_name").get_json()
    second = client.get(first["links"]["next"]).get_json()
    names = [one["short_name"] for one in first["data"] + second["data"]]
    assert names == sorted(names, reverse=True)
    assert client.get(second["links"]["prev"]).get_json()["data"] == first["data"]
    assert set(first["data"][0]) == {"short_name"}
