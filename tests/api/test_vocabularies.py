"""The first address, and the vocabularies."""

from typing import Any

import pytest

from tests.support.client import CheckedClient
from tests.support.world import World

pytestmark = pytest.mark.database
VOCABULARIES = {
    "themes": "housing", "phases": "alpha", "professions": "developer", "nations": "Wales", "regions": "London",
    "council-kinds": "unitary",
}  # fmt: skip


def test_the_first_address_leads_to_every_list(client: CheckedClient, world: World) -> None:
    data = client.get("/api/v1/").get_json()["data"]
    assert data["licence"]["name"] == "Open Government Licence v3.0"
    for address in (*data["links"].values(), data["documentation"], data["description"]):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("name,word", VOCABULARIES.items())
def test_a_vocabulary_has_its_words_in_both_languages(client: CheckedClient, name: str, word: str) -> None:
    words = client.get(f"/api/v1/{name}").get_json()["data"]
    assert word in {one["id"] for one in words}
    assert all(one["en"] and one["cy"] for one in words)


def test_roles_are_called_professions(client: CheckedClient) -> None:
    moved = client.get("/api/v1/roles?limit=5")
    assert (moved.status_code, moved.headers["Location"]) == (308, "http://127.0.0.1:8000/api/v1/professions?limit=5")


def test_a_licence_bears_its_own_name_in_welsh(client: CheckedClient, world: World) -> None:
    licences = {one["id"]: one for one in client.get("/api/v1/licences").get_json()["data"]}
    assert licences["OGL-UK-3.0"]["en"] == "Open Government Licence v3.0"
    assert licences["OGL-UK-3.0"]["cy"] == "Trwydded Llywodraeth Agored v3.0"
    others = [one for name, one in licences.items() if name != "OGL-UK-3.0"]
    assert all(one["en"] == one["cy"] == one["name"] for one in others)


def test_the_first_address_names_every_list(client: CheckedClient, description: dict[str, Any]) -> None:
    links = client.get("/api/v1/").get_json()["data"]["links"]
    open_to_all = {
        path.removeprefix("/api/v1/")
        for path, operations in description["paths"].items()
        if "{" not in path and {} in operations.get("get", {}).get("security", ())
    }
    files = {path for path in open_to_all if path.startswith("exports/")}
    assert set(links) == open_to_all - files - {""}


def test_a_vocabulary_can_be_read_in_pages(client: CheckedClient) -> None:
    whole = client.get("/api/v1/themes?include_total=true").get_json()
    assert whole["page"]["total"] == len(whole["data"])
    seen, address = [], "/api/v1/themes?limit=5"
    while address:
        body = client.get(address).get_json()
        seen += body["data"]
        address = body["links"]["next"]
    assert seen == whole["data"]
