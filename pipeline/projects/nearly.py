"""When a project is nearly there: one pledge may be enough. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

NEARLY = 0.5
"""A project is nearly there when one of its essential needs is not fully pledged, and has at least this share."""


class NeedProgress(NamedTuple):
    """How far a need has come: `pledged` of `target`, in the unit of its kind."""

    is_open: bool
    is_essential: bool
    pledged: int
    target: int


def is_nearly_there(needs: Iterable[NeedProgress]) -> bool:
    """Whether a project lacks only a little: of its open essential needs, or of all where none is essential, exactly
    one is short, and by half at most."""
    open_needs = [need for need in needs if need.is_open]
    asked = [need for need in open_needs if need.is_essential] or open_needs
    short = [share for need in asked if (share := need.pledged / need.target) < 1]
    return len(short) == 1 and short[0] >= NEARLY
