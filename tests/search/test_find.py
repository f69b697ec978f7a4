"""Finding anything public: which of what is found comes first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from pipeline.kernel import clock
from pipeline.search.find import LITTLE, Sort, search
from pipeline.search.index import rebuild_index
from tests.factories import Factory

pytestmark = pytest.mark.database

Read = Callable[..., Any]


def found(make: Factory, read: Read, typed: str) -> list[UUID]:
    """The ids of what a search finds, the best first."""
    with make.app.app_context():
        rebuild_index()
    with read() as reading:
        results = search(reading.session, typed, {}, Sort.RELEVANCE, clock.uk_date(clock.now()))
        return [UUID(str(one.subject_id)) for one in results.found]


def test_the_word_that_was_typed_counts_for_more_than_many_that_hold_its_other_names(make: Factory, read: Read) -> None:
    council = make.council()
    wanted = make.project(
        council, title="Refurbished laptops", summary="To borrow.", problem="Many have none.", themes=()
    )
    for number in range(LITTLE + 1):
        make.project(council, title=f"Tablet {number}", summary="An iPad, a SIM card and mobile data for a resident.")
    assert found(make, read, "laptop for a resident")[0] == wanted.id


def test_what_holds_the_rare_word_of_a_question_comes_before_what_holds_the_common_one(
    make: Factory, read: Read
) -> None:
    council = make.council()
    wanted = make.project(
        council, title="Allotments", summary="Who waits and for how long.", problem="Lists.", themes=()
    )
    for number in range(8):
        make.project(council, title=f"Residents {number}", summary="Residents, residents and residents.")
    assert found(make, read, "residents allotments")[0] == wanted.id
