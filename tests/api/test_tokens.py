"""Tokens at the API's door: every operation × who asks, and what a token changes of reading."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from pipeline.accounts.models import ApiToken
from pipeline.accounts.tokens import STAMP_EVERY, Scope, new_token
from pipeline.db.engine import database
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.world import SECRET, World, let_it_run

pytestmark = pytest.mark.database
Address = Callable[[str], str]
Send = Callable[..., TestResponse]

FOR_ANY_TOKEN = {"get_me", "get_current_token", "revoke_current_token", "report_leaked_tokens"}
"""What needs no scope: it is about tokens themselves."""

FOR_ANY_MEMBER = {
    "offer_pledge", "show_interest", "ask_to_join", "begin_artefact", "adopt_version", "adapt_version",
    "change_own_answers", "publish_own_answers", "carry_own_answers_over", "unpublish_own_answers", "say_used",
    "take_back_use", "draft_project", "follow_project", "unfollow_project", "follow_need", "unfollow_need",
    "make_webhook", "follow_search", "follow_search_of_everything", "follow_council", "follow_artefact", "mute",
    "unmute", "choose_mail", "read_notices", "write_comment", "report", "take_over", "add_spare_capacity",
}  # fmt: skip
"""What any member of any council may do to what they can see. Everything else is for one side of it."""

SAYS_HOW_THINGS_ARE = {
    "reply_to_lesson", "mark_answered", "ask_to_check_project", "ask_to_check_update", "ask_to_check_lesson_draft",
    "unpair_documents",
}  # fmt: skip
"""A lesson that is pinned to no document has no leads to answer it, and what is published is no draft to check, and
what has no pair is not taken apart: that is said first, of what everybody sees."""

FOR_TWO_SIDES = {
    "get_offer", "get_interest_answer", "get_join_request", "list_drafts", "get_draft", "get_team", "get_check",
    "get_import", "get_webhook", "list_webhook_deliveries", "list_reports", "get_report", "list_hidings",
    "get_handover", "list_waiting_things",
    "get_introduction", "list_introductions",
    "list_waiting_offers", "list_owed_answers", "list_waiting_requests", "list_nearly_there", "list_unoffered_needs",
    "list_quiet_projects", "list_projects_looking_for_lead", "list_unled_projects", "list_overdue_reviews",
    "list_silent_councils", "list_likely_duplicates", "list_failed_messages", "list_failed_events",
}  # fmt: skip
"""What only those who wrote it and those it was written to read."""

FOR_ALL_OFFICERS = {"list_spare_capacity", "get_spare_capacity", "list_fitted_needs", "list_councils_that_could_help"}
"""What officers of all councils read, and the public does not."""


def operations_of(description: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation; that which ends the token comes last."""
    every = [
        (path, method, one)
        for path, operations in description["paths"].items()
        for method, one in operations.items()
        if method != "parameters"
    ]
    return sorted(every, key=lambda operation: operation[1] == "delete")


@pytest.fixture
def send(client: CheckedClient, address_of: Address, world: World) -> Send:
    """Send an operation's own example to something that exists, and about something that does."""

    def sent(path: str, method: str, operation: dict[str, Any], headers: dict[str, str]) -> TestResponse:
        if method == "get":
            return client.get(address_of(path), headers=headers)
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        takes_key = any(one.get("name") == "Idempotency-Key" for one in operation.get("parameters", ()))
        safe = {"Idempotency-Key": operation["operationId"]} if takes_key else {}
        needs_match = any(one.get("name") == "If-Match" for one in operation.get("parameters", ()))
        safe |= {"If-Match": '"1.1.x"'} if needs_match else {}
        body = content["example"] if content else None
        if isinstance(body, dict):
            body = world.body(body)
        return client.open(address_of(path), method=method.upper(), json=body, headers=safe | headers)

    return sent


def code_of(answer: TestResponse) -> str:
    assert answer.mimetype == "application/problem+json"
    return str(answer.get_json()["type"].rsplit("/", 1)[1])


def needs_token(operation: dict[str, Any]) -> bool:
    return {} not in operation["security"]


# --- Every operation × who asks -----------------------------------------------------------------------------------


def test_without_a_token_everything_is_refused_but_what_the_public_reads(
    description: dict[str, Any], send: Send, world: World
) -> None:
    for path, method, operation in operations_of(description):
        answer = send(path, method, operation, {})
        if needs_token(operation):
            assert (answer.status_code, code_of(answer)) == (401, "request.not_signed_in"), (method, path)
            assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Pipeline"'
        elif "{event_id}" not in path:
            assert answer.status_code == 200, path


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Bearer pln_", "Basic YWRhOnNlY3JldA==", f"Bearer {new_token()}", f"Token {new_token()}"],
    ids=("no token", "too short", "nothing but the prefix", "another scheme", "nobody's", "nobody's by another scheme"),
)
def test_what_is_no_token_of_anybody_is_refused_everywhere(
    description: dict[str, Any], send: Send, world: World, header: str
) -> None:
    for path, method, operation in operations_of(description):
        answer = send(path, method, operation, {"Authorization": header})
        assert (answer.status_code, code_of(answer)) == (401, "token.unknown"), (method, path)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Pipeline", error="invalid_token"'


@pytest.mark.parametrize(
    "values, code",
    [
        ({"ended_at": clock.now(), "ended_because": "revoked"}, "token.revoked"),
        ({"ended_at": clock.now(), "ended_because": "place ended"}, "token.revoked"),
        ({"lasts": timedelta(seconds=-1)}, "token.expired"),
    ],
)
def test_a_token_that_was_revoked_or_has_expired_is_refused_everywhere(
    make: Factory, description: dict[str, Any], send: Send, world: World, values: dict[str, Any], code: str
) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council, **values)
    for path, method, operation in operations_of(description):
        answer = send(path, method, operation, headers)
        assert (answer.status_code, code_of(answer)) == (401, code), (method, path)


def test_a_token_does_only_what_its_scopes_say(
    make: Factory, description: dict[str, Any], send: Send, world: World
) -> None:
    council = make.council()
    officer = make.officer(council)
    for path, method, operation in operations_of(description):
        if operation["operationId"] in FOR_ANY_TOKEN:
            continue
        wanted = "read" if method == "get" else operation["description"].split("scope `")[1].split("`")[0]
        others = [scope for scope in Scope if scope.value != wanted]
        answer = send(path, method, operation, make.token(officer, council, *others))
        assert (answer.status_code, code_of(answer)) == (403, "token.scope"), (method, path)
        assert answer.headers["WWW-Authenticate"].endswith(f'error="insufficient_scope", scope="{wanted}"')


def test_every_scope_opens_some_operation(description: dict[str, Any]) -> None:
    said = " ".join(operation.get("description", "") for _path, _method, operation in operations_of(description))
    assert [scope.value for scope in Scope if f"scope `{scope.value}`" not in said] == []


def test_a_token_of_another_council_changes_nothing_that_is_not_its_own(
    make: Factory, description: dict[str, Any], send: Send, world: World
) -> None:
    council = make.council()
    officer = make.officer(council, Role.AUTHORISER, Role.COUNCIL_ADMIN)
    headers = make.token(officer, council)
    for path, method, operation in operations_of(description):
        if method == "get" or operation["operationId"] in FOR_ANY_TOKEN:
            continue
        answer = send(path, method, operation, headers)
        wanted = {200, 201, 409, 412, 422} if operation["operationId"] in FOR_ANY_MEMBER else {403, 404}
        wanted |= {409} if operation["operationId"] in SAYS_HOW_THINGS_ARE else set()
        assert answer.status_code in wanted, (method, path, answer.get_json())


def test_a_token_with_the_scope_brings_whoever_may_act_to_the_rules(
    make: Factory, description: dict[str, Any], send: Send, world: World
) -> None:
    """Nobody is turned away for who they are: what is left to refuse is the state of things, or the version."""
    second, partner = let_it_run(make, world), world.people[2][1]
    authoriser = make.officer(partner, Role.AUTHORISER, Role.COUNCIL_ADMIN)
    coordinator = make.officer(partner, Role.COORDINATOR)
    people = (second, *world.people, (authoriser, partner), (coordinator, partner), world.coordinator)
    tokens = [make.token(officer, council) for officer, council in people]
    never = []
    for path, method, operation in operations_of(description):
        if method == "get" or operation["operationId"] in FOR_ANY_TOKEN:
            continue
        statuses = [send(path, method, operation, headers).status_code for headers in tokens]
        if not {200, 201, 409, 412, 422} & set(statuses) or {400, 401} & set(statuses):
            never.append((operation["operationId"], statuses))

    assert never == [], never


def test_with_a_token_everything_is_read_that_the_public_reads(
    make: Factory, description: dict[str, Any], send: Send, world: World
) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council, Scope.READ)
    for path, method, operation in operations_of(description):
        if method == "get" and "{event_id}" not in path and operation["operationId"] not in FOR_TWO_SIDES:
            answer = send(path, method, operation, headers)
            assert answer.status_code == 200, (path, answer.get_json())
            assert answer.headers["Cache-Control"] == "private, no-cache", path


# --- What a token changes of reading ------------------------------------------------------------------------------


def test_what_the_public_reads_is_the_same_with_a_token(
    client: CheckedClient, make: Factory, public_paths: dict[str, Any], address_of: Address
) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)
    for path in public_paths:
        if "{event_id}" in path:
            continue
        public, own = client.get(address_of(path)), client.get(address_of(path), headers=headers)
        assert own.get_json() == public.get_json(), path
        if path != "/api/v1/pledges":
            assert own.headers["ETag"] == public.headers["ETag"], path
        again = client.get(address_of(path), headers=headers | {"If-None-Match": own.headers["ETag"]})
        assert (again.status_code, again.headers["Cache-Control"]) == (304, "private, no-cache"), path


def test_a_council_reads_its_own_offers_and_the_leads_those_made_to_them(client: CheckedClient, make: Factory) -> None:
    lead_council, partner, other = make.council(), make.council(), make.council()
    lead, offerer, stranger = make.officer(lead_council), make.officer(partner), make.officer(other)
    pledge = make.pledge(make.need(make.project(lead_council, lead)), partner, offerer, status="offered")
    address = f"/api/v1/pledges/{pledge.id}"

    for officer, council, sees in ((offerer, partner, True), (lead, lead_council, True), (stranger, other, False)):
        headers = make.token(officer, council, Scope.READ)
        listed = client.get("/api/v1/pledges?status=offered&include_total=true", headers=headers).get_json()
        assert [one["id"] for one in listed["data"]] == ([str(pledge.id)] if sees else [])
        assert listed["page"]["total"] == len(listed["data"])
        assert client.get(address, headers=headers).status_code == (200 if sees else 404)
    assert client.get(address).status_code == 404
    assert client.get("/api/v1/pledges?status=offered").get_json()["data"] == []


def test_what_an_offer_says_is_read_by_the_two_sides_only(client: CheckedClient, make: Factory) -> None:
    lead_council, partner, other = make.council(), make.council(), make.council()
    lead, offerer = make.officer(lead_council), make.officer(partner)
    need = make.need(make.project(lead_council, lead))
    pledge = make.pledge(need, partner, offerer, status="authorised", message="Only on Mondays.")
    address = f"/api/v1/pledges/{pledge.id}/offer"

    own = client.get(address, headers=make.token(offerer, partner, Scope.READ)).get_json()["data"]
    theirs = client.get(address, headers=make.token(lead, lead_council, Scope.READ)).get_json()["data"]
    refused = client.get(address, headers=make.token(make.officer(other), other, Scope.READ))

    assert own["message"] == theirs["message"] == "Only on Mondays."
    assert "withdraw" in own["allowed"]
    assert {"accept", "decline"} <= set(theirs["allowed"])
    assert refused.status_code == 403


def test_trial_projects_are_in_no_answer_of_the_api(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    lead, colleague = make.officer(council), make.officer(council)
    project = make.project(council, lead, is_trial=True)
    need = make.need(project)
    pledge = make.pledge(need, council, lead, status="authorised")

    for officer in (lead, colleague):
        headers = make.token(officer, council)
        assert client.get("/api/v1/pledges", headers=headers).get_json()["data"] == []
        assert client.get(f"/api/v1/pledges/{pledge.id}", headers=headers).status_code == 404
        offered = client.post(
            f"/api/v1/needs/{need.id}/pledges",
            json={"half_days": 2, "sign_off_by": str(clock.today())}, headers=headers | {"Idempotency-Key": "k"},
        )  # fmt: skip
        assert offered.status_code == 404


def test_no_answer_to_another_councils_token_holds_what_is_not_public(
    client: CheckedClient, make: Factory, world: World, description: dict[str, Any], send: Send
) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)
    for path, method, operation in operations_of(description):
        if method == "get" and operation["operationId"] not in FOR_ALL_OFFICERS:
            assert SECRET not in send(path, method, operation, headers).get_data(as_text=True), path


def test_what_is_between_two_sides_is_read_by_them_and_by_no_other(
    make: Factory, description: dict[str, Any], send: Send, world: World
) -> None:
    council = make.council()
    stranger = make.token(make.officer(council), council, Scope.READ)
    people = (*world.people, let_it_run(make, world), world.coordinator)
    tokens = [make.token(officer, place, Scope.READ) for officer, place in people]
    asked = [one for one in operations_of(description) if one[2]["operationId"] in FOR_TWO_SIDES]
    assert len(asked) == len(FOR_TWO_SIDES)
    for path, method, operation in asked:
        answer = send(path, method, operation, stranger)
        assert answer.status_code in (403, 404), (path, answer.status_code)
        statuses = [send(path, method, operation, headers).status_code for headers in tokens]
        assert 200 in statuses, (path, statuses)


def test_no_cache_between_mixes_up_what_callers_are_answered(client: CheckedClient, world: World) -> None:
    for path in ("/api/v1/pledges", f"/api/v1/pledges/{world.pledge_id}"):
        assert "Authorization" in client.get(path).headers["Vary"]


# --- The token itself ---------------------------------------------------------------------------------------------


def test_a_program_asks_whom_its_token_acts_for(client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    officer = make.officer(council, Role.AUTHORISER, name="Sam Okoro", job_title="Analyst")
    headers = make.token(officer, council, Scope.READ, Scope.PLEDGES_WRITE, name="Our website")
    named = {"slug": "northborough", "name": "Northborough Council", "gss_code": council.gss_code}

    me = client.get("/api/v1/me", headers=headers)
    token = client.get("/api/v1/tokens/current", headers=headers)

    assert me.get_json()["data"] == {
        "display_name": "Sam Okoro", "job_title": "Analyst", "council": named, "roles": ["member", "authoriser"],
        "scopes": ["read", "pledges:write"],
    }  # fmt: skip
    assert token.get_json()["data"]["name"] == "Our website"
    assert token.get_json()["data"]["last_four"] == headers["Authorization"][-4:]
    secret = headers["Authorization"].removeprefix("Bearer ")
    assert secret not in me.get_data(as_text=True) + token.get_data(as_text=True)


def test_a_token_revokes_itself(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    headers, other = make.token(officer, council, Scope.READ), make.token(officer, council, Scope.READ)

    assert client.delete("/api/v1/tokens/current", headers=headers).status_code == 204
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    assert client.delete("/api/v1/tokens/current", headers=headers).status_code == 401
    assert client.get("/api/v1/me", headers=other).status_code == 200


def test_tokens_are_not_made_or_widened_through_the_api(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)
    for method in ("POST", "PUT", "PATCH"):
        assert client.open("/api/v1/tokens/current", method=method, json={}, headers=headers).status_code == 405
        assert client.open("/api/v1/tokens", method=method, json={}, headers=headers).status_code == 405


def test_an_officers_own_tokens_for_the_council_are_listed_without_themselves(
    client: CheckedClient, make: Factory
) -> None:
    council, another = make.council("Northborough"), make.council("Eastmere")
    officer, colleague = make.officer(council), make.officer(council)
    headers = make.token(officer, council, Scope.READ, name="Our website")
    second = make.token(officer, council, Scope.PLEDGES_WRITE, name="A script")
    make.token(officer, council, name="Old", ended_at=clock.now(), ended_because="revoked")
    make.token(officer, council, name="Expired", lasts=timedelta(seconds=-1))
    make.token(officer, another, name="Elsewhere")
    make.token(colleague, council, name="Theirs")

    answer = client.get("/api/v1/tokens", headers=headers)
    assert [one["name"] for one in answer.get_json()["data"]] == ["A script", "Our website"]
    assert second["Authorization"].removeprefix("Bearer ") not in answer.get_data(as_text=True)
    assert answer.get_json()["data"][0]["scopes"] == ["pledges:write"]
    assert client.get("/api/v1/tokens", headers=second).status_code == 403


def test_a_token_in_an_address_is_never_taken(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    token = make.token(make.officer(council), council)["Authorization"].removeprefix("Bearer ")
    for name in ("access_token", "token", "authorization"):
        assert client.get(f"/api/v1/pledges?{name}={token}").status_code == 400
        assert client.get(f"/api/v1/me?{name}={token}").status_code == 401


def test_a_token_opens_no_page(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)

    assert client.get("/your-work", headers=headers).status_code == 303
    assert client.get("/account/tokens", headers=headers).status_code == 303
    assert client.get("/", headers=headers).status_code == 200


def test_a_signed_in_browser_is_nobody_to_the_api(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.signed_in(client, make.officer(council), council)

    assert client.get("/api/v1/me").status_code == 401


def test_a_tokens_use_is_noted_at_most_every_ten_minutes(app: Flask, client: CheckedClient, make: Factory) -> None:
    council = make.council()
    headers = make.token(make.officer(council), council)
    seen = []
    for minutes in (0, 9, 11):
        with clock.moved(timedelta(minutes=minutes)):
            client.get("/api/v1/me", headers=headers).close()
        with app.app_context():
            seen.append(database.session.scalars(select(ApiToken.used_at)).one())
            database.session.remove()

    assert seen[0] is not None
    assert seen[1] == seen[0]
    assert seen[2] - seen[0] > STAMP_EVERY


def test_a_role_that_was_taken_is_gone_with_the_next_request(app: Flask, client: CheckedClient, make: Factory) -> None:
    from pipeline.accounts.models import MembershipRole

    council = make.council()
    headers = make.token(make.officer(council, Role.AUTHORISER), council)
    assert client.get("/api/v1/me", headers=headers).get_json()["data"]["roles"] == ["member", "authoriser"]
    with make.session() as session:
        session.scalars(select(MembershipRole)).one().ended_at = clock.now()

    assert client.get("/api/v1/me", headers=headers).get_json()["data"]["roles"] == ["member"]
