"""The site that browsers of the tests visit gives every answer out whole, and closes it."""

from typing import Any

import pytest

from tests.support.serving import closed_at_the_end

pytestmark = pytest.mark.pure


class Body:
    """An answer that knows whether it was closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def __iter__(self) -> Any:
        return iter((b"one", b"two"))

    def close(self) -> None:
        self.is_closed = True


def test_an_answer_is_closed_once_it_was_given_out_and_when_nobody_takes_the_rest() -> None:
    whole, broken = Body(), Body()
    assert b"".join(closed_at_the_end(lambda _environ, _start: whole)({}, None)) == b"onetwo"
    assert whole.is_closed
    begun: Any = closed_at_the_end(lambda _environ, _start: broken)({}, None)
    assert next(begun) == b"one"
    begun.close()
    assert broken.is_closed
