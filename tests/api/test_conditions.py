"""What a pledge waits for, offered and read through the API."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Need
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


@pytest.fixture
def need(make: Factory) -> Need:
    """A need of 40 half-days; there is one county council."""
    make.council("Essex", kind="county")
    return make.need(make.project(make.council("Lead")), target=40, title="Research")


def offered(client: CheckedClient, make: Factory, need: Need, *conditions: dict[str, Any]) -> TestResponse:
    """An offer of ten half-days by a council of its own, on these conditions."""
    council = make.council()
    headers = make.token(make.officer(council), council) | {"Idempotency-Key": str(new_id())}
    today = clock.today()
    body = {
        "half_days": 10, "sign_off_by": str(today + timedelta(days=14)), "from_on": str(today),
        "to_on": str(today + timedelta(days=60)), "conditions": list(conditions),
    }  # fmt: skip
    return client.post(f"/api/v1/needs/{need.id}/pledges", json=body, headers=headers)


def test_an_offer_is_answered_with_how_near_its_conditions_are(
    client: CheckedClient, make: Factory, need: Need
) -> None:
    answer = offered(
        client, make, need, {"kind": "councils", "at_least": 1, "of_kind": "county"},
        {"kind": "total", "at_least": 30, "unit": "half_days"}, {"kind": "need", "need": str(need.id)},
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    data = answer.get_json()["data"]
    assert data["counts"] is False
    assert data["conditions"] == [
        {"kind": "councils", "at_least": 1, "of_kind": "county", "have": 0, "want": 1, "holds": False},
        {"kind": "total", "at_least": 30, "unit": "half_days", "have": 10, "want": 30, "holds": False},
        {"kind": "need", "need": str(need.id), "have": 10, "want": 40, "holds": False},
    ]


@pytest.mark.parametrize(
    "condition, status, code",
    [
        ({"kind": "councils", "at_least": 0}, 422, "condition.councils"),
        ({"kind": "councils", "at_least": 1, "unit": "pence"}, 422, "condition.misplaced"),
        ({"kind": "councils", "at_least": 1, "of_kind": "other body"}, 422, "condition.group_unknown"),
        ({"kind": "total", "at_least": 3}, 422, "condition.unit"),
        ({"kind": "total", "at_least": 10, "unit": "half_days"}, 422, "condition.met_alone"),
        ({"kind": "need", "need": "01935c3e-6a51-7cc1-9f6e-0f6d4d1c2b3a"}, 422, "condition.need_unknown"),
        ({"kind": "need"}, 422, "condition.need_unknown"),
        ({"kind": "councils", "at_least": 2, "of_kind": "county"}, 409, "condition.cannot_hold"),
    ],
)
def test_a_condition_that_cannot_be_is_refused_by_its_place(
    client: CheckedClient, make: Factory, need: Need, condition: dict[str, Any], status: int, code: str
) -> None:
    answer = offered(client, make, need, {"kind": "councils", "at_least": 1}, condition)
    assert answer.status_code == status, answer.text
    assert [(one["code"], one["pointer"]) for one in answer.get_json()["errors"]] == [(code, "/conditions/1")]
