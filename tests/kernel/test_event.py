"""Events: past-tense facts whose payloads JSON can hold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import orjson
import pytest

from pipeline.kernel.event import CATALOGUE, Audience, Event, narrower
from pipeline.kernel.ids import new_id

pytestmark = pytest.mark.pure


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class LampLit(Event):
    """A lamp was lit."""

    subject_type: ClassVar[str] = "lamp"
    subject_field: ClassVar[str] = "lamp_id"
    audience: ClassVar[Audience] = Audience.COUNCIL

    lamp_id: UUID
    colours: tuple[Colour, ...] = (Colour.RED,)
    on: date = date(2027, 1, 2)
    at: datetime = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)
    changes: dict[str, list[str]] | None = None


def test_a_payload_is_json() -> None:
    lamp_id = new_id()
    event = LampLit(lamp_id=lamp_id, changes={"status": ["off", "on"]})

    assert orjson.loads(orjson.dumps(event.payload())) == {
        "lamp_id": str(lamp_id), "colours": ["red"], "on": "2027-01-02", "at": "2027-01-02T03:04:05+00:00",
        "changes": {"status": ["off", "on"]},
    }  # fmt: skip


def test_the_subject_is_the_field_the_event_names() -> None:
    lamp_id = new_id()

    assert LampLit(lamp_id=lamp_id).subject_id == lamp_id


def test_an_event_without_a_name_stays_out_of_the_catalogue() -> None:
    assert LampLit not in CATALOGUE.values()


@pytest.mark.parametrize("one", Audience)
@pytest.mark.parametrize("other", Audience)
def test_the_narrower_audience_is_never_the_wider(one: Audience, other: Audience) -> None:
    order = list(Audience)

    assert order.index(narrower(one, other)) == max(order.index(one), order.index(other))
