"""How far behind, which licence a copy may carry, and lines of descent."""

from uuid import UUID, uuid4

import pytest

from pipeline.artefacts.adoption_rules import behind, comes_from, generations, licences_allowed

pytestmark = pytest.mark.pure


def test_behind_counts_the_versions_since_that_live() -> None:
    assert [behind([1, 2, 4, 7], number) for number in (1, 2, 3, 4, 7, 8)] == [3, 2, 2, 1, 0, 0]
    assert behind([], 1) == 0


def test_a_copy_carries_a_licence_that_every_source_allows() -> None:
    open_government = ["OGL-UK-3.0", "CC-BY-4.0", "CC-BY-SA-4.0"]
    assert licences_allowed([open_government, ["CC-BY-4.0", "CC-BY-SA-4.0"]]) == {"CC-BY-4.0", "CC-BY-SA-4.0"}
    assert licences_allowed([open_government, []]) == frozenset()
    assert licences_allowed([]) == frozenset()


def test_a_line_of_descent_is_followed_up_and_never_for_ever() -> None:
    first, second, third, other = (uuid4() for _ in range(4))
    line: dict[UUID, UUID | None] = {first: None, second: first, third: second, other: first}
    assert comes_from(third, first, line)
    assert comes_from(second, second, line)
    assert not comes_from(first, third, line)
    assert not comes_from(third, other, line)
    assert not comes_from(first, other, {first: second, second: first})


def test_generations_are_counted_from_the_first() -> None:
    first, second, third, other = (uuid4() for _ in range(4))
    line: dict[UUID, UUID | None] = {third: second, second: first, first: None, other: first}
    assert generations(line) == {first: 0, second: 1, third: 2, other: 1}


def test_a_long_line_is_counted_without_going_deep() -> None:
    ids = [uuid4() for _ in range(3000)]
    line = dict(zip(ids, [None, *ids[:-1]], strict=True))
    heights = generations(dict(reversed(line.items())))
    assert (heights[ids[0]], heights[ids[-1]]) == (0, 2999)
