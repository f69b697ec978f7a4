"""Ids: UUID version 7, ordered by time and in one canonical form."""

import pytest

from pipeline.kernel.ids import id_from, new_id

pytestmark = pytest.mark.pure


def test_an_id_is_a_version_7_uuid_of_the_rfc_variant() -> None:
    made = new_id()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_ids_sort_by_their_milliseconds() -> None:
    stamps = [1, 2**20, 2**40, 2**47]

    assert [made.int >> 80 for made in sorted(new_id(stamp) for stamp in reversed(stamps))] == stamps


def test_the_milliseconds_stand_in_the_first_48_bits() -> None:
    assert new_id(1_700_000_000_000).int >> 80 == 1_700_000_000_000


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(5) for _ in range(10_000)}) == 10_000


def test_an_id_reads_back() -> None:
    made = new_id()

    assert id_from(str(made)) == made


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "0192", "0192F0A0-0000-7000-8000-000000000000", "{0192f0a0-0000-7000-8000-00000000}",
        "0192f0a000007000800000000000000000 ", "0192f0a0-0000-7000-8000-00000000000g",
        "urn:uuid:0192f0a0-0000-7000-8000",
    ],
)  # fmt: skip
def test_only_the_canonical_form_is_an_id(text: str) -> None:
    assert id_from(text) is None


def test_ids_made_one_after_another_rise_also_within_a_millisecond() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(set(made))
