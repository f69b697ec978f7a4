"""What is said of a whole document through the API: deleted, paired, matched, led to another original; a suggestion
closed."""

import pytest

from pipeline.artefacts.models import Suggestion
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from tests.api.writing import People
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def people(make: Factory, client: CheckedClient) -> People:
    return People(make, client)


@pytest.fixture
def policy(people: People, shelf: Shelf) -> Made:
    """A policy of the lead, in two versions."""
    project = people.make.project(people.council, people.officers["lead"], slug="repairs")
    return shelf.document(project, people.officers["lead"], "Be kind.\n", "Be kind.\n\nBe brief.\n", slug="policy")


def test_a_document_that_was_never_published_is_deleted_and_another_is_not(people: People, policy: Made) -> None:
    begun = people.done("POST", "artefacts", {"kind": "policy", "title": "A draft", "project": "repairs"})
    path = f"artefacts/{begun['id']}"
    assert people.refused("DELETE", path) == (428, "request.version_missing")
    assert people.refused("DELETE", path, who="other", etag=begun["etag"])[0] == 404
    gone = people.done("DELETE", path, etag=begun["etag"])
    assert gone == {name: value for name, value in begun.items() if name != "draft"}
    assert people.refused("GET", f"{path}/drafts")[0] == 404
    answer = people.send("DELETE", "artefacts/policy", etag="1.1.x")
    assert (answer.status_code, answer.get_json()["allowed"]) == (409, ["end"])


def test_two_documents_are_a_pair_version_by_version_and_no_longer(people: People, policy: Made, shelf: Shelf) -> None:
    project = people.make.project(people.council, people.officers["lead"])
    welsh = shelf.document(project, people.officers["lead"], "Byddwch garedig.\n", slug="polisi", language="cy")
    assert welsh.slug == "polisi"
    assert people.refused("POST", "artefacts/policy/pair", {"other": "polisi"}, who="other")[0] == 403
    assert people.refused("POST", "artefacts/policy/versions/1/match", {"other_version": 1}) == (
        409, "artefact.not_paired",
    )  # fmt: skip
    people.done("POST", "artefacts/policy/pair", {"other": "polisi"})
    assert people.refused("POST", "artefacts/policy/pair", {"other": "polisi"}) == (409, "artefact.paired")
    assert people.done("POST", "artefacts/policy/versions/1/match", {"other_version": 1})["number"] == 1
    assert people.done("POST", "artefacts/policy/versions/1/match", {"other_version": None})["number"] == 1
    people.done("POST", "artefacts/polisi/unpair")
    assert people.refused("POST", "artefacts/policy/unpair") == (409, "artefact.not_paired")


def test_a_copy_is_led_to_another_document_of_its_lineage(people: People, policy: Made, shelf: Shelf) -> None:
    make, other = people.make, people.officers["other"]
    middle_council = make.council("Middleby")
    middle = shelf.copy(
        policy, 2, make.project(middle_council), make.officer(middle_council), "Be kinder.\n", slug="middle"
    )
    copy = shelf.copy(policy, 1, make.project(people.elsewhere, other), other, "Be kindest.\n", slug="copy")
    body = {"upstream": "middle", "version": 1}
    path, etag = "artefacts/copy/change-upstream", f"{copy.artefact.version}.{copy.artefact.revision}.x"
    assert people.refused("POST", path, body, who="other") == (428, "request.version_missing")
    assert people.refused("POST", path, body, etag=etag)[0] == 403
    moved = people.done("POST", path, body, who="other", etag=etag)
    assert moved["slug"] == "copy"
    assert people.refused("POST", path, body, who="other", etag=etag) == (412, "request.stale_version")
    assert people.refused("POST", path, body, who="other", etag=moved["etag"]) == (409, "copy.same_upstream")
    assert middle.slug == "middle"


@pytest.mark.parametrize("text, status", [("Be kind.\n\nBe brief.\n", 200), ("Be kinder.\n", 409)])
def test_a_suggestion_with_nothing_left_to_add_is_closed(
    people: People, policy: Made, shelf: Shelf, text: str, status: int
) -> None:
    make, other = people.make, people.officers["other"]
    copy = shelf.copy(policy, 1, make.project(people.elsewhere, other), other, text)
    suggestion = Suggestion(
        id=new_id(), artefact_id=policy.artefact.id, copy_id=copy.artefact.id, against_id=policy.version(1).id,
        from_id=copy.version(1).id, text=text, reason="It is better.", officer_id=other.id,
        council_id=people.elsewhere.id, made_at=clock.now(), updated_at=clock.now(),
    )  # fmt: skip
    make.keep(suggestion)
    path = f"suggestions/{suggestion.id}/close"
    assert people.refused("POST", path, who="other")[0] == 403
    answer = people.send("POST", path)
    assert answer.status_code == status, answer.text
    if status == 409:
        assert answer.get_json()["allowed"] == ["accept", "decline"]
