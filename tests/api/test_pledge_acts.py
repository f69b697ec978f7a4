"""The acts on pledges through the API: the same rules as on the pages, done once, and never over what was not seen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.idempotency import Idempotency, Key, StillWorking, claim
from pipeline.db.log import LoggedEvent
from pipeline.db.work import unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Role, system
from pipeline.kernel.ids import new_id
from pipeline.pledges.models import Pledge
from pipeline.pledges.totals import mend_totals
from pipeline.projects.models import Need, Project
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.parallel import at_once, failures

pytestmark = pytest.mark.database

Headers = dict[str, str]
ACTS = ("authorise", "refuse", "accept", "decline", "withdraw")
BODIES: dict[str, dict[str, Any]] = {
    "authorise": {"capacity": "budget-holder"}, "refuse": {"reason": "Not this year."}, "accept": {},
    "decline": {"reason": "We have enough."}, "withdraw": {"reason": "Our officer left."},
}  # fmt: skip
WHO = {
    "authorise": "authoriser", "refuse": "authoriser", "accept": "lead", "decline": "lead", "withdraw": "offerer",
}  # fmt: skip


@dataclass
class Place:
    """Two councils: one leads a project, the other pledges to it; and the tokens of their people."""

    make: Factory
    client: CheckedClient
    project: Project
    need: Need
    partner: Council
    offerer: Officer
    tokens: dict[str, Headers]

    def pledge(self, status: str = "offered", **values: Any) -> Pledge:
        """A pledge of the partner that has come so far."""
        pledge = self.make.pledge(self.need, self.partner, self.offerer, status=status, **values)
        if pledge.authorised_at is not None:
            self.make.authorisation(pledge, self.make.officer(self.partner))
        with self.make.app.app_context(), unit_of_work(system("tests")) as work:
            mend_totals(work)
        return pledge

    def act(self, who: str, pledge: Pledge, act: str, body: Any = None, **headers: str) -> TestResponse:
        """One of its people acts on a pledge."""
        return self.client.post(
            f"/api/v1/pledges/{pledge.id}/{act}", json=BODIES[act] if body is None else body,
            headers=self.tokens[who] | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip

    def offer(
        self, key: str | None = "one", who: str = "offerer", need: Need | None = None, **body: Any
    ) -> TestResponse:
        """One of its people offers ten half-days, or what is said otherwise."""
        today = clock.today()
        usual = {
            "half_days": 10, "from_on": str(today), "to_on": str(today + timedelta(days=60)), "sign_off_by": str(today),
        }  # fmt: skip
        sent = {name: value for name, value in (usual | body).items() if value is not ...}
        return self.client.post(
            f"/api/v1/needs/{(need or self.need).id}/pledges", json=sent,
            headers=self.tokens[who] | ({} if key is None else {"Idempotency-Key": key}),
        )  # fmt: skip

    def number(self, table: Any = Pledge) -> int:
        """How many rows a table has."""
        with self.make.session() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def row(self, pledge_id: Any) -> Pledge:
        """A pledge as it stands."""
        with self.make.session() as session:
            return session.get_one(Pledge, UUID(str(pledge_id)))


@pytest.fixture
def place(make: Factory, client: CheckedClient) -> Place:
    lead_council, partner = make.council(), make.council()
    people = {
        "lead": (make.officer(lead_council), lead_council), "offerer": (make.officer(partner), partner),
        "authoriser": (make.officer(partner, Role.AUTHORISER), partner),
        "admin": (make.officer(partner, Role.COUNCIL_ADMIN), partner), "colleague": (make.officer(partner), partner),
        "lead's colleague": (make.officer(lead_council), lead_council),
        "coordinator": (make.officer(partner, Role.COORDINATOR, Role.AUTHORISER), partner),
    }  # fmt: skip
    project = make.project(lead_council, people["lead"][0])
    tokens = {name: make.token(officer, council) for name, (officer, council) in people.items()}
    return Place(make, client, project, make.need(project), partner, people["offerer"][0], tokens)


def code_of(answer: TestResponse) -> str:
    return str(answer.get_json()["type"].rsplit("/", 1)[1])


# --- Offering and changing ----------------------------------------------------------------------------------------


def test_an_offer_is_made_and_answered_with_what_it_is_now(place: Place) -> None:
    answer = place.offer()
    data = answer.get_json()["data"]

    assert answer.status_code == 201
    assert {name: data[name] for name in ("half_days", "status", "authorised_at", "counts")} == {
        "half_days": 10, "status": "offered", "authorised_at": None, "counts": False,
    }  # fmt: skip
    assert data["council"]["slug"] == place.partner.slug
    assert answer.headers["Location"] == data["url"]
    assert answer.headers["ETag"] == f'"{data["etag"]}"'
    assert answer.headers["Cache-Control"] == "private, no-cache"
    read = place.client.get(f"/api/v1/pledges/{data['id']}", headers=place.tokens["offerer"])
    assert read.get_json()["data"] == data
    assert read.headers["ETag"] == answer.headers["ETag"]
    with place.make.session() as session:
        event = session.scalars(select(LoggedEvent).where(LoggedEvent.name == "pledge.offered")).one()
        assert (event.channel, event.officer_id) == ("api", place.offerer.id)


@pytest.mark.parametrize(
    "kind, body",
    [
        ("funding", {"pence": 500_000, "first_financial_year": 2026, "spending": "revenue"}),
        ("in_kind", {"quantity": 3, "worth_pence": 1_000}),
    ],
)
def test_each_kind_of_need_is_offered_to_in_its_own_unit(place: Place, kind: str, body: dict[str, Any]) -> None:
    need = place.make.need(place.project, kind, target=1_000_000)
    if "first_financial_year" in body:
        body = body | {"first_financial_year": clock.today().year + (clock.today().month >= 4) - 1}
    answer = place.offer(need=need, half_days=..., from_on=..., to_on=..., **body)
    assert answer.status_code == 201, answer.get_json()
    unit = next(iter(body))
    assert answer.get_json()["data"][unit] == body[unit]


def test_what_belongs_to_another_kind_of_need_is_named(place: Place) -> None:
    answer = place.offer(pence=100, spending="revenue")
    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in answer.get_json()["errors"]} == {
        ("/pence", "offer.other_kind"), ("/spending", "offer.other_kind"),
    }  # fmt: skip


def test_every_broken_rule_is_named_at_once(place: Place) -> None:
    answer = place.offer(half_days=0, to_on="2001-01-01", sign_off_by="2001-01-01")
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.get_json()["errors"]} >= {"/half_days", "/to_on", "/sign_off_by"}
    assert place.number() == 0


def test_an_offer_larger_than_the_room_is_refused_with_what_is_left(place: Place) -> None:
    capped = place.make.need(place.project, is_capped=True, target=12)
    answer = place.offer(need=capped, half_days=13)
    assert (answer.status_code, code_of(answer)) == (409, "pledge.no_room")
    assert answer.get_json()["detail"] == "12 half-days are left."
    assert answer.get_json()["allowed"] == ["offer"]


def test_an_offer_may_wait_for_conditions(place: Place) -> None:
    answer = place.offer(conditions=[{"kind": "councils", "at_least": 1}, {"kind": "need", "need": str(place.need.id)}])
    assert answer.status_code == 201, answer.get_json()


def test_a_changed_offer_keeps_what_was_not_sent(place: Place) -> None:
    made = place.offer(message="On Mondays.", conditions=[{"kind": "councils", "at_least": 1}])
    address = f"/api/v1/pledges/{made.get_json()['data']['id']}"
    headers = place.tokens["offerer"] | {"If-Match": made.headers["ETag"]}

    answer = place.client.patch(address, json={"half_days": 6}, headers=headers)
    offer = place.client.get(f"{address}/offer", headers=headers).get_json()["data"]

    assert answer.status_code == 200, answer.get_json()
    assert answer.get_json()["data"]["half_days"] == 6
    assert answer.headers["ETag"] != made.headers["ETag"]
    assert offer["message"] == "On Mondays."
    headers["If-Match"] = answer.headers["ETag"]
    cleared = place.client.patch(address, json={"message": None, "conditions": []}, headers=headers)
    assert cleared.status_code == 200, cleared.get_json()
    assert place.client.get(f"{address}/offer", headers=headers).get_json()["data"]["message"] == ""


@pytest.mark.parametrize(
    "header, status", [(None, 428), ("*", 428), ('"0.9.x"', 412), ('W/"1.1.x"', 412), ("nonsense", 412)]
)
def test_an_edit_says_what_it_was_made_from(place: Place, header: str | None, status: int) -> None:
    pledge = place.pledge()
    headers = place.tokens["offerer"] | ({} if header is None else {"If-Match": header})
    answer = place.client.patch(f"/api/v1/pledges/{pledge.id}", json={"half_days": 6}, headers=headers)

    assert answer.status_code == status
    assert place.row(pledge.id).amount == 4
    if status == 412:
        body = answer.get_json()
        assert body["current_etag"].startswith(f"{pledge.version}.")
        again = place.tokens["offerer"] | {"If-Match": f'"{body["current_etag"]}"'}
        mended = place.client.patch(f"/api/v1/pledges/{pledge.id}", json={"half_days": 6}, headers=again)
        assert mended.status_code == 200


def test_of_two_edits_from_one_version_the_second_loses_nothing(place: Place) -> None:
    pledge = place.pledge(message="Before")
    headers = place.tokens["offerer"] | {"If-Match": f'"{pledge.version}.{pledge.revision}.x"'}
    address = f"/api/v1/pledges/{pledge.id}"

    first = place.client.patch(address, json={"message": "First"}, headers=headers)
    second = place.client.patch(address, json={"message": "Second"}, headers=headers)

    assert (first.status_code, second.status_code) == (200, 412)
    assert place.row(pledge.id).message == "First"


def test_a_state_is_never_written_only_acted_on(place: Place) -> None:
    pledge = place.pledge()
    headers = place.tokens["offerer"] | {"If-Match": '"1.1.x"'}
    for member in ("status", "council", "authorised_at", "counts", "id", "etag"):
        answer = place.client.patch(f"/api/v1/pledges/{pledge.id}", json={member: "accepted"}, headers=headers)
        assert answer.status_code == 400
        assert answer.get_json()["errors"][0]["pointer"] == f"/{member}"


# --- Whose act it is, and why -------------------------------------------------------------------------------------


def test_nobody_authorises_their_own_offer_through_the_api(place: Place, make: Factory) -> None:
    both = make.officer(place.partner, Role.AUTHORISER)
    pledge = make.pledge(place.need, place.partner, both)
    place.tokens["both"] = make.token(both, place.partner)
    answer = place.act("both", pledge, "authorise")
    assert (answer.status_code, code_of(answer)) == (403, "pledge.own_offer")


@pytest.mark.parametrize("act", ["refuse", "decline"])
def test_a_reason_is_read_by_whom_it_is_for(place: Place, act: str) -> None:
    pledge = place.pledge()
    answer = place.act(WHO[act], pledge, act)
    assert BODIES[act]["reason"] not in answer.get_data(as_text=True)
    own = place.client.get(f"/api/v1/pledges/{pledge.id}/offer", headers=place.tokens["offerer"]).get_json()["data"]
    theirs = place.client.get(f"/api/v1/pledges/{pledge.id}/offer", headers=place.tokens["lead"]).get_json()["data"]
    assert own["reason"] == BODIES[act]["reason"]
    assert theirs["reason"] == (None if act == "refuse" else BODIES[act]["reason"])
    assert own["allowed"] == theirs["allowed"] == []


def test_a_reason_is_asked_for_where_the_rules_want_one(place: Place) -> None:
    offered, authorised = place.pledge(), place.pledge("authorised")
    assert place.act("offerer", authorised, "withdraw", {}).status_code == 422
    assert place.act("offerer", offered, "withdraw", {}).status_code == 200
    assert place.act("authoriser", place.pledge(), "refuse", {"reason": " \u200b "}).status_code == 422


def test_offer_authorise_accept_by_three_programs(place: Place) -> None:
    made = place.offer().get_json()["data"]
    pledge = place.row(made["id"])
    authorised = place.act("authoriser", pledge, "authorise")
    accepted = place.act("lead", pledge, "accept")

    assert authorised.get_json()["data"]["status"] == "authorised"
    assert accepted.get_json()["data"]["status"] == "accepted"
    assert place.client.get(f"/api/v1/pledges/{pledge.id}").get_json() == accepted.get_json()
    need = place.client.get(f"/api/v1/needs/{place.need.id}").get_json()["data"]
    assert (need["held"], need["pledged"], need["agreed"]) == (10, 10, 10)


# --- Once ---------------------------------------------------------------------------------------------------------


def test_an_offer_needs_a_key(place: Place) -> None:
    answer = place.offer(key=None)
    assert (answer.status_code, code_of(answer)) == (400, "request.idempotency_key")
    assert place.number() == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 256, "tab\there"])
def test_a_key_is_1_to_255_visible_characters(place: Place, key: str) -> None:
    assert place.offer(key=key).status_code == 400
    assert place.number() == 0


def test_the_same_request_again_is_answered_the_same_and_done_once(place: Place) -> None:
    first, second = place.offer(key="!" + "x" * 254), place.offer(key="!" + "x" * 254)

    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert (second.status_code, second.data) == (first.status_code, first.data)
    for name in ("ETag", "Location", "Cache-Control", "Content-Type"):
        assert second.headers[name] == first.headers[name]
    assert place.number() == 1


def test_the_answer_is_given_again_also_when_the_pledge_has_moved_on(place: Place) -> None:
    first = place.offer()
    place.act("authoriser", place.row(first.get_json()["data"]["id"]), "authorise")
    again = place.offer()
    assert (again.status_code, again.data) == (first.status_code, first.data)


def test_the_same_key_with_another_body_is_refused(place: Place) -> None:
    place.offer()
    answer = place.offer(half_days=12)
    assert (answer.status_code, code_of(answer)) == (422, "idempotency.other_body")
    assert place.number() == 1


def test_how_a_body_is_written_does_not_make_it_another(place: Place) -> None:
    sent = b'{"capacity": "budget-holder"}'
    pledge = place.pledge()
    headers = place.tokens["authoriser"] | {"Idempotency-Key": "one"}
    address = f"/api/v1/pledges/{pledge.id}/authorise"
    first = place.client.post(address, data=sent, content_type="application/json", headers=headers)
    spaced = b'{ "capacity" :\n"budget-holder" }'
    second = place.client.post(address, data=spaced, content_type="application/json", headers=headers)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["Idempotency-Replayed"] == "true"


def test_a_key_belongs_to_its_owner_and_its_route(place: Place) -> None:
    other = place.make.need(place.project)
    answers = [place.offer(), place.offer(who="colleague"), place.offer(need=other)]
    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert place.number() == 3


def test_a_refused_request_uses_no_key_up(place: Place) -> None:
    assert place.offer(half_days=0).status_code == 422
    assert place.offer(half_days=3).status_code == 201
    pledge = place.pledge()
    assert place.act("lead", pledge, "accept", Idempotency_Key="two").status_code == 409
    place.act("authoriser", pledge, "authorise")
    assert place.act("lead", pledge, "accept", Idempotency_Key="two").status_code == 200


def test_without_a_key_an_act_is_done_as_often_as_it_is_asked_for(place: Place) -> None:
    pledge = place.pledge("authorised")
    assert [place.act("lead", pledge, "accept").status_code for _ in range(2)] == [200, 409]


def test_what_is_kept_with_a_key_holds_no_secret(place: Place) -> None:
    place.offer(message="Between us.")
    with place.make.session() as session:
        kept = session.scalars(select(Idempotency)).one()
    token = place.tokens["offerer"]["Authorization"].removeprefix("Bearer ")
    assert token not in f"{kept.owner} {kept.route} {kept.answer} {kept.fingerprint}"
    assert "Between us." not in (kept.answer or "")


def test_fifty_at_once_with_one_key_have_one_effect(app: Flask, place: Place) -> None:
    today = clock.today()
    body = {"half_days": 1, "from_on": str(today), "to_on": str(today), "sign_off_by": str(today)}
    headers = place.tokens["offerer"] | {"Idempotency-Key": "the-one"}

    def offer(_number: int) -> tuple[int, bytes]:
        with app.test_client() as client:
            answer = client.post(f"/api/v1/needs/{place.need.id}/pledges", json=body, headers=headers)
            return answer.status_code, answer.data

    answers = at_once(50, offer)

    assert failures(answers) == []
    assert len(set(answers)) == 1  # type: ignore[arg-type]
    assert answers[0][0] == 201  # type: ignore[index]
    assert place.number() == 1


def test_whoever_waits_too_long_for_the_first_is_told_to_ask_again(app: Flask, place: Place, dialect: str) -> None:
    if dialect == "sqlite":
        pytest.skip("there is one writer at a time, and whoever comes next waits for as long as it takes")
    key = Key(str(place.offerer.id), f"POST /api/v1/needs/{place.need.id}/pledges", "one", "x")
    with place.make.session() as session:
        claim(session, key, clock.now())
        with app.app_context():
            database.session.remove()
        with place.make.session() as other:
            other.connection().exec_driver_sql("SET LOCAL lock_timeout = 100")
            with pytest.raises(StillWorking):
                claim(other, key, clock.now())
            other.rollback()


def test_a_token_revoked_while_its_request_was_under_way_does_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.api.writing.is_live", lambda _work, _token_id: False)
    answer = place.offer()
    assert (answer.status_code, code_of(answer)) == (401, "token.revoked")
    assert place.number() == 0


def test_a_place_lost_while_a_request_was_under_way_is_lost(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = lambda work: work.actor.with_standing(None, frozenset())  # noqa: E731
    monkeypatch.setattr("pipeline.http.reading.standing_now", nobody)
    assert place.offer().status_code == 403
    assert place.number() == 0


def test_there_is_nothing_to_act_on_where_there_is_nothing(place: Place) -> None:
    nothing = new_id()
    for act in ACTS:
        answer = place.client.post(f"/api/v1/pledges/{nothing}/{act}", json=BODIES[act], headers=place.tokens["lead"])
        assert answer.status_code == 404
    headers = place.tokens["lead"] | {"Idempotency-Key": "x"}
    offered = place.client.post(f"/api/v1/needs/{nothing}/pledges", json={"sign_off_by": "2027-01-01"}, headers=headers)
    assert offered.status_code == 404
