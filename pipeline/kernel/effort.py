"""Effort: whole half-days, everywhere but on screen."""

import re

MOST_HALF_DAYS = 1_000_000
"""More officer time than all councils together could lend."""

_DAYS = re.compile(r"([0-9]{1,7})(?:\.([05]))?", re.ASCII)


def days(half_days: int) -> str:
    """Half-days as a number of days: 5 is "2.5", 20 is "10"."""
    whole, half = divmod(half_days, 2)
    return f"{whole:,}.5" if half else f"{whole:,}"


def half_days_from(text: str) -> int | None:
    """Read days as people type them ("2", "2.5"); None when that is not whole or half days."""
    match = _DAYS.fullmatch(text.strip().replace(",", ""))
    if match is None:
        return None
    whole, half = match.groups()
    return int(whole) * 2 + (1 if half == "5" else 0)
