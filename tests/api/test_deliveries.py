"""Deliveries and accounts through the API: the rules of the pages, in the pledge's own unit."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from pipeline.accounts.models import Officer
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor
from pipeline.kernel.ids import new_id
from tests.factories import Factory
from tests.pledges.test_delivering import Work, make_work
from tests.support.client import CheckedClient
from tests.support.queries import counted

pytestmark = pytest.mark.database


@dataclass
class Program:
    """A committed pledge of ten half-days, and programs with the tokens of its people."""

    work: Work
    client: CheckedClient

    def token(self, actor: Actor) -> dict[str, str]:
        make = self.work.scene.make
        with make.session() as session:
            officer = session.get_one(Officer, actor.officer_id)
        council = (
            self.work.scene.giver if actor.council_id == self.work.scene.giver.id else self.work.scene.lead_council
        )
        return make.token(officer, council)

    def send(self, actor: Actor, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
        headers = self.token(actor) | {"Idempotency-Key": key or str(new_id())}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def record(self, actor: Actor | None = None, **body: Any) -> Any:
        body = {"half_days": 4, "delivered_on": str(clock.today()), **body}
        return self.send(actor or self.work.colleague, f"/pledges/{self.work.pledge.id}/deliveries", body)

    def listed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client.get(f"/api/v1/pledges/{self.work.pledge.id}/deliveries").get_json()[
            "data"
        ]
        return found


@pytest.fixture
def program(make: Factory, work: Any, client: CheckedClient) -> Program:
    return Program(make_work(make, work), client)


def code_of(answer: Any) -> str:
    return str(answer.get_json()["type"].rsplit("/", 1)[1])


def test_a_delivery_is_recorded_disputed_corrected_and_agreed(program: Program) -> None:
    made = program.record(note="Not for the public")
    assert made.status_code == 201
    data = made.get_json()["data"]
    assert (data["unit"], data["amount"], data["counted"], data["answer"], data["side"]) == (
        "half_days", 4, 0, None, "council",
    )  # fmt: skip
    lead = program.work.scene.lead
    disputed = program.send(lead, f"/deliveries/{data['id']}/dispute", {"half_days": 1})
    assert disputed.status_code == 200
    assert program.listed()[0]["disputed_amount"] == program.listed()[0]["counted"] == 1
    body = {"half_days": 3, "delivered_on": str(clock.today())}
    corrected = program.send(program.work.colleague, f"/deliveries/{data['id']}/correct", body)
    assert corrected.status_code == 201
    correction = corrected.get_json()["data"]
    assert (correction["corrects"], program.listed()[0]["corrected_by"]) == (data["id"], correction["id"])
    assert program.send(lead, f"/deliveries/{correction['id']}/agree").status_code == 200
    assert [one["counted"] for one in program.listed()] == [0, 3]
    assert "public" not in program.client.get(f"/api/v1/pledges/{program.work.pledge.id}/deliveries").text
    wrong = program.send(lead, f"/deliveries/{data['id']}/agree")
    assert (wrong.status_code, code_of(wrong)) == (409, "delivery.corrected")


def test_the_same_delivery_is_recorded_once(program: Program) -> None:
    path, body = f"/pledges/{program.work.pledge.id}/deliveries", {"half_days": 4, "delivered_on": str(clock.today())}
    headers = program.token(program.work.colleague) | {"Idempotency-Key": "once"}
    first, second = (program.client.post(f"/api/v1{path}", json=body, headers=headers) for _each in range(2))
    assert first.get_json() == second.get_json()
    assert len(program.listed()) == 1


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"half_days": 0}, 422, "delivery.amount"),
        ({"half_days": None}, 400, None),
        ({"half_days": 1, "pence": 5}, 422, "delivery.other_kind"),
        ({"delivered_on": "2199-01-01"}, 422, "delivery.day_in_future"),
        ({"delivered_on": "yesterday"}, 400, None),
    ],
)
def test_what_is_wrong_is_named(program: Program, body: dict[str, Any], status: int, code: str | None) -> None:
    answer = program.record(**body)
    assert answer.status_code == status
    assert code in (None, code_of(answer))
    assert program.listed() == []


def test_an_amount_must_be_said(program: Program) -> None:
    body = {"delivered_on": str(clock.today())}
    answer = program.send(program.work.colleague, f"/pledges/{program.work.pledge.id}/deliveries", body)
    assert (answer.status_code, code_of(answer)) == (422, "delivery.amount_missing")


def test_who_recorded_does_not_agree_and_what_is_lower_is_lower(program: Program) -> None:
    made = program.record().get_json()["data"]
    refused = program.send(program.work.colleague, f"/deliveries/{made['id']}/agree")
    assert (refused.status_code, code_of(refused)) == (403, "delivery.not_the_other_side")
    refused = program.send(program.work.scene.lead, f"/deliveries/{made['id']}/dispute", {"half_days": 4})
    assert (refused.status_code, code_of(refused)) == (422, "delivery.not_lower")


def test_what_is_left_is_broken_or_released_for_a_reason(program: Program) -> None:
    path = f"/pledges/{program.work.pledge.id}"
    refused = program.send(program.work.colleague, f"{path}/break", {"reason": "No time"})
    assert (refused.status_code, code_of(refused)) == (403, "pledge.may_not_break")
    broken = program.send(program.work.scene.authoriser, f"{path}/break", {"reason": "The post was cut"})
    assert broken.get_json()["data"]["status"] == "broken"
    again = program.send(program.work.scene.lead, f"{path}/release", {"reason": "Enough"})
    assert (again.status_code, code_of(again)) == (409, "pledge.wrong_step")


def test_a_lead_asks_after_a_pledge_and_its_council_explains(program: Program) -> None:
    path = f"/pledges/{program.work.pledge.id}"
    early = program.send(program.work.colleague, f"{path}/explain", {"answer": "In May"})
    assert (early.status_code, code_of(early)) == (409, "delivery.nobody_asked")
    assert program.send(program.work.scene.lead, f"{path}/not-come").status_code == 200
    explained = program.send(program.work.colleague, f"{path}/explain", {"answer": "In May"})
    assert explained.get_json()["data"]["status"] == "committed"


def test_the_list_of_deliveries_is_known_again_until_it_changes(program: Program) -> None:
    path = f"/api/v1/pledges/{program.work.pledge.id}/deliveries"
    etag = program.client.get(path).headers["ETag"]
    assert program.client.get(path, headers={"If-None-Match": etag}).status_code == 304
    program.record()
    assert program.client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_deliveries_of_what_is_not_public_are_not_there(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    pledge = make.pledge(make.need(make.project(council)), council, make.officer(council))
    assert client.get(f"/api/v1/pledges/{pledge.id}/deliveries").status_code == 404


def test_a_list_of_deliveries_asks_the_same_however_long_it_is(app: Flask, make: Factory) -> None:
    council = make.council()
    officer = make.officer(council)
    pledge = make.pledge(make.need(make.project(council)), council, officer, status="authorised")

    def statements(number: int) -> int:
        for _each in range(number):
            make.delivery(pledge, officer, council)
        client = app.test_client()
        with counted(app) as asked:
            assert client.get(f"/api/v1/pledges/{pledge.id}/deliveries").status_code == 200
        return len(asked)

    assert statements(1) == statements(12)
