"""What every list of the API does alike. The lists are those of its own description: a new one is held to it too."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project, ProjectPartner, ProjectPerson
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted
from tests.support.world import World

pytestmark = pytest.mark.database
Address = Callable[[str], str]
Lists = dict[str, list[dict[str, Any]]]

API = "/api/v1"
COMMON = {"limit", "cursor", "sort", "fields", "include_total"}
WITHOUT_MOMENT = {
    *(f"{API}/{name}" for name in ("themes", "phases", "professions", "licences", "nations", "regions")),
    f"{API}/council-kinds",
    f"{API}/places",
    f"{API}/artefacts/{{slug}}/versions",
    f"{API}/pledges/{{pledge_id}}/deliveries",
    f"{API}/readings",
}
"""Words change with a release; a version, a delivery and a reading are written once, and what becomes of them is told
by the moment of their document, pledge or measure."""
COUNCILS = {"council", "partner", "adopted_by"}
THINGS = {
    "/projects": "/projects/{slug}",
    "/needs": "/needs/{id}",
    "/projects/{slug}/needs": "/needs/{id}",
    "/pledges": "/pledges/{id}",
    "/updates": "/updates/{id}",
    "/projects/{slug}/updates": "/updates/{id}",
    "/projects/{slug}/interests": "/interests/{id}",
    "/lessons": "/lessons/{slug}",
    "/artefacts": "/artefacts/{slug}",
    "/artefacts/{slug}/versions": "/artefacts/{artefact}/versions/{number}",
    "/artefacts/{slug}/suggestions": "/suggestions/{id}",
    "/artefacts/{slug}/register": "/adoptions/{id}",
    "/artefacts/{slug}/versions/{number}/adoptions": "/adoptions/{id}",
    "/adoptions": "/adoptions/{id}",
    "/councils": "/councils/{slug}",
    "/comments": "/comments/{id}",
    "/measures": "/measures/{id}",
    "/readings": "/readings/{id}",
}
"""Where each row of a list is read by itself."""
WITHOUT_THING = WITHOUT_MOMENT - {f"{API}/artefacts/{{slug}}/versions", f"{API}/readings"} | {
    f"{API}/artefacts/{{slug}}/answers"
}
WRONG = {
    "limit": ["0", "101", "1_0", "-5", "%EF%BC%95", "9" * 20, "five", ""],
    "cursor": ["nonsense", "AAAA", "%C3%A9"],
    "sort": ["colour", "", "--id", "title,-title"],
    "fields": ["secret", "", "id,", "id;slug", "project.slug"],
    "include_total": ["yes", "1", "True", ""],
    "updated_since": [
        "yesterday", "2026-11-20", "2026-11-20T16:05:12", "20261120T160512Z", "2026-11-20%2016:05:12Z", "1763654712",
        "2026-02-30T00:00:00Z", "",
    ],
    "decision_before": ["20261120", "2026-W47-5", "2026-02-30", "20/11/2026", ""],
    "closes_before": ["20261120", "2026-W47-5", "2026-02-30", ""],
    "council": ["a b", "", "%25", "a" * 81],
    "partner": ["a b", ""],
    "adopted_by": ["a b", ""],
    "project": ["A", "", "%25"],
    "need": ["1", "", "01935C3E-6A51-7CC1-9F6E-0F6D4D1C2B3A"],
    "expand": ["people", "", "needs,"],
    "update": ["A", "", "01935C3E-6A51-7CC1-9F6E-0F6D4D1C2B3A"],
    "suggestion": ["A", "", "01935C3E-6A51-7CC1-9F6E-0F6D4D1C2B3A"],
    "version": ["0", "-1", "1.0", "9" * 20],
}  # fmt: skip


@pytest.fixture
def lists(description: dict[str, Any], public_paths: dict[str, Any]) -> Lists:
    """Every public list that is paged, with its parameters."""
    schemas = description["components"]["schemas"]
    found: Lists = {}
    for path, operations in public_paths.items():
        content = operations["get"]["responses"]["200"]["content"]
        if "application/json" not in content:
            continue
        schema = content["application/json"]["schema"]
        if {"data", "links", "page"} == set(schemas[schema["$ref"].rsplit("/", 1)[1]]["properties"]):
            found[path] = [one for one in operations["get"]["parameters"] if one["in"] == "query"]
    # The log is read onwards, by its own cursor: tests/api/test_events.py.
    found.pop(f"{API}/events")
    # The list of files names kinds, which have no ids: tests/api/test_exports.py.
    found.pop(f"{API}/exports")
    assert len(found) > 20
    return found


def names_of(parameters: list[dict[str, Any]]) -> set[str]:
    return {one["name"] for one in parameters}


def rows_at(client: CheckedClient, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.get_data(as_text=True))
    found: list[dict[str, Any]] = answer.get_json()["data"]
    return found


def pages_from(client: CheckedClient, address: str | None, rel: str = "next") -> Iterator[dict[str, Any]]:
    """The pages that follow each other by their links, each of which the Link header mirrors."""
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.get_data(as_text=True))
        body = answer.get_json()
        said = {name: url for url, name in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers["Link"])}
        assert said == {name: url for name, url in body["links"].items() if url}
        assert body["page"]["has_more"] is (body["links"]["next"] is not None)
        yield body
        address = body["links"][rel]


def test_every_list_takes_what_lists_take(lists: Lists) -> None:
    for path, parameters in lists.items():
        wanted = COMMON if path in WITHOUT_MOMENT else COMMON | {"updated_since"}
        assert wanted <= names_of(parameters), (path, wanted - names_of(parameters))


def test_every_parameter_says_what_it_does(description: dict[str, Any]) -> None:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            for parameter in operation["parameters"] if method != "parameters" else ():
                assert parameter.get("description"), (method, path, parameter["name"])


def test_every_example_is_one_that_is_taken(
    description: dict[str, Any], lists: Lists, client: CheckedClient, world: World
) -> None:
    for path in ("/projects", "/needs", "/pledges", "/lessons", "/artefacts", "/councils", "/updates", "/adoptions"):
        for parameter in lists[f"{API}{path}"]:
            example = parameter.get("example", parameter["schema"].get("example"))
            if example is not None:
                rows_at(client, f"{API}{path}?{parameter['name']}={example}")


def test_whatever_is_wrong_is_refused_and_named(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path, parameters in lists.items():
        address = address_of(path)
        for parameter in parameters:
            name = parameter["name"]
            wrong = WRONG.get(name, ["no-such-word"] if "enum" in parameter["schema"] else [])
            for value in wrong:
                answer = client.get(f"{address}?{name}={value}")
                assert answer.status_code == 400, (path, name, value)
                assert answer.get_json()["errors"][0]["pointer"] == f"/{name}", (path, name, value)


def test_every_word_that_is_offered_is_taken(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path, parameters in lists.items():
        for parameter in parameters:
            if parameter["name"] != "sort":
                for word in parameter["schema"].get("enum", ()):
                    rows_at(client, f"{address_of(path)}?{parameter['name']}={word}&limit=1&include_total=true")


def test_every_order_is_walked_there_and_back_in_pages(
    client: CheckedClient, lists: Lists, address_of: Address
) -> None:
    for path, parameters in lists.items():
        address = address_of(path)
        orders = next(one["schema"]["enum"] for one in parameters if one["name"] == "sort")
        assert any(one.startswith("-") for one in orders), path
        for order in orders:
            if order == "relevance":
                continue
            whole = [one["id"] for one in rows_at(client, f"{address}?sort={order}&limit=100")]
            assert len(whole) == len(set(whole)) > 0
            pages = list(pages_from(client, f"{address}?sort={order}&limit=1"))
            assert [one["id"] for page in pages for one in page["data"]] == whole, (path, order)
            assert pages[0]["links"]["prev"] is None
            back = list(pages_from(client, pages[-1]["links"]["self"], "prev"))
            assert [one["id"] for page in back for one in page["data"]] == whole[::-1], (path, order)


def test_turning_an_order_round_turns_the_list_round(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path, parameters in lists.items():
        orders = set(next(one["schema"]["enum"] for one in parameters if one["name"] == "sort"))
        for order in orders & {name.removeprefix("-") for name in orders} - {"relevance", "decision_on"}:
            up, down = (rows_at(client, f"{address_of(path)}?sort={one}&limit=100") for one in (order, f"-{order}"))
            assert [one["id"] for one in up] == [one["id"] for one in down][::-1], (path, order)


def test_a_cursor_is_good_for_its_own_list_order_and_filters_only(
    client: CheckedClient, lists: Lists, address_of: Address
) -> None:
    found = {}
    for path, parameters in lists.items():
        address = address_of(path)
        orders = next(one["schema"]["enum"] for one in parameters if one["name"] == "sort")
        first = client.get(f"{address}?limit=1&sort={orders[0]}").get_json()
        if first["links"]["next"] is None:
            continue
        found[path] = cursor = re.findall(r"cursor=([^&]+)", first["links"]["next"])[0]
        assert client.get(f"{address}?limit=100&sort={orders[0]}&fields=id&cursor={cursor}").status_code == 200
        refused = [f"{address}?sort={orders[1]}&cursor={cursor}"]
        if "updated_since" in names_of(parameters):
            refused.append(f"{address}?sort={orders[0]}&updated_since=2020-01-01T00:00:00Z&cursor={cursor}")
        for one in refused:
            answer = client.get(one)
            assert (answer.status_code, answer.get_json()["type"].rsplit("/", 1)[1]) == (400, "cursor.mismatch"), one
    assert len(found) > 10
    for one, other in pairwise(found):
        if one.split("/")[3] != other.split("/")[3]:
            assert client.get(f"{address_of(one)}?cursor={found[other]}").status_code == 400, (one, other)


def test_only_the_members_that_are_asked_for_come(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path in lists:
        assert {frozenset(one) for one in rows_at(client, f"{address_of(path)}?fields=id")} == {frozenset({"id"})}, path


def test_the_total_counts_what_the_pages_show(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path in lists:
        whole = client.get(f"{address_of(path)}?include_total=true&limit=100").get_json()
        assert whole["page"]["total"] == len(whole["data"]), path
        assert "total" not in client.get(address_of(path)).get_json()["page"]


def test_a_list_says_what_changed_since(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    for path, parameters in lists.items():
        if "updated_since" in names_of(parameters):
            address = address_of(path)
            assert rows_at(client, f"{address}?updated_since=2999-01-01T00:00:00Z") == [], path
            since = {one["id"] for one in rows_at(client, f"{address}?updated_since=2020-01-01T00:00:00Z&limit=100")}
            assert since >= {one["id"] for one in rows_at(client, f"{address}?limit=100")}, path


def test_a_council_is_named_by_any_of_its_codes(
    client: CheckedClient, lists: Lists, address_of: Address, make: Factory, world: World
) -> None:
    for slug in ("leadham", "partnerby", "adopterby"):
        with make.session() as session:
            council = session.scalars(select(Council).where(Council.slug == slug)).one()
            project = session.scalars(select(Project).where(Project.slug == world.slug)).one()
        make.former_code(council, f"once-{slug}")
        make.keep(ProjectPartner(project_id=project.id, council_id=council.id))
    tried = set()
    for path, parameters in lists.items():
        for name in names_of(parameters) & COUNCILS:
            for slug in ("leadham", "partnerby", "adopterby"):
                data = client.get(f"{API}/councils/{slug}").get_json()["data"]
                by_slug = rows_at(client, f"{address_of(path)}?{name}={slug}&limit=100")
                for code in (data["gss_code"], f"once-{slug}"):
                    assert rows_at(client, f"{address_of(path)}?{name}={code}&limit=100") == by_slug, (path, name, code)
                if by_slug:
                    tried.add((path, name))
            assert rows_at(client, f"{address_of(path)}?{name}=nobody") == []
    named = {(path, name) for path, parameters in lists.items() for name in names_of(parameters) & COUNCILS}
    assert named - tried == set()


def test_a_row_says_what_the_thing_itself_says(client: CheckedClient, lists: Lists, address_of: Address) -> None:
    assert {f"{API}{path}" for path in THINGS} | WITHOUT_THING == set(lists)
    for path, thing in THINGS.items():
        for row in rows_at(client, f"{address_of(f'{API}{path}')}?limit=100"):
            answer = client.get(f"{API}{thing.format_map(row)}")
            data = answer.get_json()["data"]
            assert {name: data[name] for name in row} == row, path
            if "etag" in row:
                assert answer.headers["ETag"] == f'"{row["etag"]}"', path


def test_a_page_costs_the_same_few_statements_however_long_it_is(
    app: Flask, client: CheckedClient, lists: Lists, address_of: Address
) -> None:
    for path, parameters in lists.items():
        expand = "&expand=council" if "expand" in names_of(parameters) else ""
        address, numbers = address_of(path), []
        for limit in (1, 100):
            app.extensions.pop("pipeline_kept_projects", None)
            with all_counted(app) as statements:
                rows_at(client, f"{address}?limit={limit}&include_total=true{expand}")
            numbers.append(len(statements))
        assert numbers[0] == numbers[1], path
        # Five for a list and one to count it; three more for councils in full.
        assert numbers[0] <= (9 if expand else 6), (path, statements)


def test_what_everybody_reads_is_the_same_with_a_token(
    client: CheckedClient, make: Factory, world: World, public_paths: dict[str, Any], address_of: Address
) -> None:
    """Besides the list of pledges, which says that it holds more."""
    with make.session() as session:
        lead = session.scalars(select(ProjectPerson).where(ProjectPerson.role == "lead")).first()
        pledge = session.scalars(select(Pledge).where(Pledge.status == "offered")).first()
        assert lead is not None
        assert pledge is not None
        who = [
            (session.get_one(Officer, one.officer_id), session.get_one(Council, one.council_id))
            for one in (lead, pledge)
        ]
    tokens = [make.token(*one) for one in who]
    for path in public_paths:
        address = address_of(path)
        anonymous = client.get(address)
        if "{event_id}" in path:
            continue
        for headers in tokens:
            own = client.get(address, headers=headers)
            assert own.status_code == 200, path
            assert own.headers["Cache-Control"] == "private, no-cache", path
            if path != f"{API}/pledges":
                assert own.headers["ETag"] == anonymous.headers["ETag"], path
                assert own.data == anonymous.data, path
                known = headers | {"If-None-Match": own.headers["ETag"]}
                assert client.get(address, headers=known).status_code == 304, path


def test_expanded_members_are_as_they_are_by_themselves(client: CheckedClient, world: World) -> None:
    council = client.get(f"{API}/councils/leadham").get_json()["data"]
    needs = rows_at(client, f"{API}/projects/{world.slug}/needs")
    [latest] = rows_at(client, f"{API}/projects/{world.slug}/updates?limit=1")
    everything = "expand=council,needs,latest_update"
    listed = {one["slug"]: one for one in rows_at(client, f"{API}/projects?{everything}")}
    one = client.get(f"{API}/projects/{world.slug}?{everything}").get_json()["data"]
    for found in (listed[world.slug], one):
        assert (found["council"], found["needs"], found["latest_update"]) == (council, needs, latest)
    assert {found["latest_update"] is None for found in listed.values()} == {True, False}


def test_expanded_members_of_pledges_are_as_lists_show_them(client: CheckedClient, world: World) -> None:
    needs = rows_at(client, f"{API}/needs")
    projects = {one["slug"]: one for one in rows_at(client, f"{API}/projects")}
    pledges = rows_at(client, f"{API}/pledges?expand=council,need,project")
    assert len(pledges) == 3
    for pledge in pledges:
        assert pledge["project"] == projects[world.slug]
        assert pledge["need"] in needs
        assert pledge["council"] == client.get(f"{API}/councils/{pledge['council']['slug']}").get_json()["data"]
        answer = client.get(f"{API}/pledges/{pledge['id']}?expand=council,need,project")
        assert answer.get_json()["data"] == pledge
        assert answer.headers["ETag"] != f'"{pledge["etag"]}"'
