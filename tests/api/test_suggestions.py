"""Comparisons and suggested changes in the API."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from pipeline.accounts.models import Officer
from pipeline.accounts.tokens import Scope
from pipeline.artefacts.models import Suggestion
from pipeline.councils.models import Council
from pipeline.http import comparisons
from tests.artefacts.factories import Shelf
from tests.artefacts.taking import ADDED, CLASHING, ONE, TWO, Bench
from tests.factories import Factory

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


@pytest.fixture
def api(app: Flask, make: Factory) -> Callable[..., Any]:
    """Asks the API, as an officer of a council where one is named."""

    def ask(method: str, path: str, officer: Officer | None = None, council: Council | None = None, **more: Any) -> Any:
        headers = more.pop("headers", {})
        if officer is not None and council is not None:
            headers |= make.token(officer, council, *more.pop("scopes", ()))
        return app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **more)

    return ask


def test_a_comparison_is_json_html_or_unified_text(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    path = f"/artefacts/{model.slug}/compare?from=1&to=2"
    answer = api("GET", path)
    data = answer.get_json()["data"]
    assert (data["old"]["number"], data["new"]["number"]) == (1, 2)
    assert data["in_words"] == "1 paragraph changed"
    pieces = [piece for row in data["rows"] for piece in row["pieces"] if piece["kind"] != "removed"]
    assert "".join(piece["text"] for piece in pieces) == TWO
    html = api("GET", f"{path}&format=html")
    assert html.mimetype == "text/html"
    assert "<ins>" in html.get_data(as_text=True)
    unified = api("GET", f"{path}&format=unified").get_data(as_text=True)
    assert "-Be kind to everybody.\n+Be kind to everybody, always.\n" in unified
    again = api("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_a_copy_is_compared_with_its_original(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    data = api("GET", f"/artefacts/{copy.slug}/compare?from={model.slug}@1&to=1").get_json()["data"]
    assert data["old"]["slug"] == model.slug
    assert data["summary"]["added"] == 1


@pytest.mark.parametrize(
    "query, status",
    [("from=x&to=2", 400), ("from=1&to=2&format=pdf", 400), ("from=1&to=9", 404)],
)
def test_a_comparison_that_cannot_be_made_says_why(
    api: Callable[..., Any], bench: Bench, query: str, status: int
) -> None:
    model = bench.model(ONE, TWO)
    assert api("GET", f"/artefacts/{model.slug}/compare?{query}").status_code == status


def test_too_long_and_removed_texts_are_kinds_of_their_own(
    api: Callable[..., Any], bench: Bench, monkeypatch: Any
) -> None:
    model = bench.model(ONE, TWO)
    with monkeypatch.context() as patched:
        patched.setattr(comparisons, "LONGEST_COMPARED", 10)
        answer = api("GET", f"/artefacts/{model.slug}/compare?from=1&to=2")
        assert answer.status_code == 422
        assert answer.get_json()["type"].endswith("comparison.too_large")
    bench.shelf.withdraw(model, 1, bench.lead_row, status="removed")
    assert api("GET", f"/artefacts/{model.slug}/compare?from=1&to=2").status_code == 410


def body_of(bench: Bench, copy: Any, text: str) -> dict[str, Any]:
    return {"copy": copy.slug, "copy_version": 1, "against": 1, "text": text, "reason": "It is clearer."}


def test_a_suggestion_is_made_read_and_accepted(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    path = f"/artefacts/{model.slug}/suggestions"
    made = api(
        "POST", path, bench.east_row, bench.eastmere, json=body_of(bench, copy, ADDED),
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip
    assert made.status_code == 201, made.get_json()
    suggestion_id = made.get_json()["data"]["id"]
    listed = api("GET", f"{path}?status=made&include_total=true").get_json()
    assert [one["id"] for one in listed["data"]] == [suggestion_id]
    assert listed["page"]["total"] == 1
    assert api("GET", f"/suggestions/{suggestion_id}").get_json()["data"]["text"] == ADDED
    lead = (bench.lead_row, bench.council)
    accepted = api("POST", f"/suggestions/{suggestion_id}/accept", *lead, json={})
    assert accepted.status_code == 200, accepted.get_json()
    assert accepted.get_json()["data"]["status"] == "accepted"
    assert not accepted.get_json()["data"]["was_edited"]


def test_a_list_of_suggestions_is_paged(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    made = [str(bench.suggest(copy, f"{ADDED}\n{number}.\n").id) for number in range(3)]
    path = f"/artefacts/{model.slug}/suggestions"
    first = api("GET", f"{path}?limit=2&sort=made_at").get_json()
    following = first["links"]["next"].partition("/api/v1")[2]
    found = [one["id"] for page in (first, api("GET", following).get_json()) for one in page["data"]]
    assert found == made


def test_a_suggestion_is_edited_declined_and_withdrawn(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    first, second, third = (bench.suggest(copy, f"{ADDED}\n{number}.\n") for number in range(3))
    lead = (bench.lead_row, bench.council)
    edited = api("POST", f"/suggestions/{first.id}/accept", *lead, json={"text": "All new."})
    assert edited.get_json()["data"]["was_edited"]
    missing = api("POST", f"/suggestions/{second.id}/decline", *lead, json={"reason": " "})
    assert missing.status_code == 422
    declined = api("POST", f"/suggestions/{second.id}/decline", *lead, json={"reason": "No."})
    assert declined.get_json()["data"]["status"] == "declined"
    mine = (bench.east_row, bench.eastmere)
    withdrawn = api("POST", f"/suggestions/{third.id}/withdraw", *mine, json={})
    assert withdrawn.get_json()["data"]["status"] == "withdrawn"
    assert api("POST", f"/suggestions/{third.id}/withdraw", *mine, json={}).status_code == 409


def test_a_clash_is_chosen_on_the_page(api: Callable[..., Any], bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, CLASHING), CLASHING)
    bench.shelf.publish(model, bench.lead_row, TWO)
    answer = api("POST", f"/suggestions/{made.id}/accept", bench.lead_row, bench.council, json={})
    assert answer.status_code == 409
    assert answer.get_json()["type"].endswith("suggestion.must_choose")
    assert bench.now(Suggestion, made.id).status == "made"


def test_only_the_leads_answer_and_only_with_the_scope(api: Callable[..., Any], bench: Bench) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    path = f"/suggestions/{made.id}/accept"
    assert api("POST", path, json={}).status_code == 401
    assert api("POST", path, bench.west_row, bench.westmere, json={}).status_code == 403
    assert api("POST", path, bench.lead_row, bench.council, json={}, scopes=(Scope.READ,)).status_code == 403
