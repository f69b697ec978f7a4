"""The version two texts have in common."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from pipeline.artefacts.ancestry import Lineage, Step

pytestmark = pytest.mark.pure

MODEL, COPY, OTHER, GRANDCHILD = (UUID(int=number) for number in (1, 2, 3, 4))


def step(
    document: UUID, number: int, day: int, took_in: UUID | None = None, has_text: bool = True
) -> Step:  # fmt: skip
    published_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Step(version(document, number), document, number, took_in, published_at, has_text)


def version(document: UUID, number: int) -> UUID:
    return UUID(int=document.int * 1000 + number)


MODEL_STEPS = [step(MODEL, number, number * 10) for number in (1, 2, 3, 4)]


def number_in(found: Step | None) -> tuple[UUID, int] | None:
    return None if found is None else (found.artefact_id, found.number)


def test_a_copy_and_its_original_share_the_version_it_was_made_from() -> None:
    lineage = Lineage([*MODEL_STEPS, step(COPY, 1, 25)], {COPY: version(MODEL, 2)})
    assert number_in(lineage.common([version(COPY, 1)], version(MODEL, 4))) == (MODEL, 2)


def test_a_copy_that_took_in_a_newer_version_shares_that_one() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(COPY, 2, 35, took_in=version(MODEL, 3))]
    lineage = Lineage(steps, {COPY: version(MODEL, 1)})
    assert number_in(lineage.common([version(COPY, 2)], version(MODEL, 4))) == (MODEL, 3)


def test_an_earlier_version_of_the_copy_shares_what_it_was_made_from() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(COPY, 2, 35, took_in=version(MODEL, 3))]
    lineage = Lineage(steps, {COPY: version(MODEL, 1)})
    assert number_in(lineage.common([version(COPY, 1)], version(MODEL, 4))) == (MODEL, 1)


def test_two_copies_share_the_latest_version_both_hold() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(COPY, 2, 35, took_in=version(MODEL, 3)), step(OTHER, 1, 28)]
    lineage = Lineage(steps, {COPY: version(MODEL, 1), OTHER: version(MODEL, 2)})
    assert number_in(lineage.common([version(COPY, 2)], version(OTHER, 1))) == (MODEL, 2)


def test_a_copy_of_a_copy_shares_the_copy_it_was_made_from() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(COPY, 2, 26), step(GRANDCHILD, 1, 27)]
    lineage = Lineage(steps, {COPY: version(MODEL, 1), GRANDCHILD: version(COPY, 1)})
    assert number_in(lineage.common([version(GRANDCHILD, 1)], version(COPY, 2))) == (COPY, 1)


def test_a_copy_of_a_copy_counts_from_the_first_ancestor_where_it_takes_from_that() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(GRANDCHILD, 1, 15)]
    lineage = Lineage(steps, {COPY: version(MODEL, 1), GRANDCHILD: version(COPY, 1)})
    assert number_in(lineage.common([version(GRANDCHILD, 1)], version(MODEL, 4))) == (MODEL, 1)


def test_a_removed_version_is_no_base_and_the_one_before_it_is() -> None:
    steps = [MODEL_STEPS[0], step(MODEL, 2, 20, has_text=False), *MODEL_STEPS[2:], step(COPY, 1, 25)]
    lineage = Lineage(steps, {COPY: version(MODEL, 2)})
    assert number_in(lineage.common([version(COPY, 1)], version(MODEL, 4))) == (MODEL, 1)


def test_documents_that_share_nothing_have_no_base() -> None:
    lineage = Lineage([*MODEL_STEPS, step(OTHER, 1, 5)], {})
    assert lineage.common([version(OTHER, 1)], version(MODEL, 4)) is None


def test_what_ours_holds_whole_is_its_own_base() -> None:
    steps = [*MODEL_STEPS, step(COPY, 1, 12), step(COPY, 2, 45, took_in=version(MODEL, 4))]
    lineage = Lineage(steps, {COPY: version(MODEL, 1)})
    assert number_in(lineage.common([version(COPY, 2)], version(MODEL, 4))) == (MODEL, 4)


def test_copies_that_take_from_each_other_for_ever_come_to_an_end() -> None:
    steps = [
        MODEL_STEPS[0], step(COPY, 1, 12), step(OTHER, 1, 13, took_in=version(COPY, 1)),
        step(COPY, 2, 14, took_in=version(OTHER, 1)), step(OTHER, 2, 15, took_in=version(COPY, 2)),
    ]  # fmt: skip
    lineage = Lineage(steps, {COPY: version(MODEL, 1), OTHER: version(MODEL, 1)})
    assert number_in(lineage.common([version(COPY, 2)], version(OTHER, 2))) == (COPY, 2)
