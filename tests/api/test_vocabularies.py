"""The first address, and the vocabularies."""

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


def test_a_vocabulary_can_be_read_in_pages(client: CheckedClient) -> None:
    whole = client.get("/api/v1/themes?include_total=true").get_json()
    assert whole["page"]["total"] == len(whole["data"])
    seen, address = [], "/api/v1/themes?limit=5"
    while address:
        body = client.get(address).get_json()
        seen += body["data"]
        address = body["links"]["next"]
    assert seen == whole["data"]
