"""What a search can be narrowed by: facets, as the words the index holds for them. Pure.

A facet's value is a word `name:value` in the index, with a `+` for each space, so that words and facets are met in one
go and the candidates that a search looks at already pass what it is narrowed by.
"""

from collections.abc import Iterable, Mapping
from datetime import date

FACETS = ("kind", "theme", "phase", "council_kind", "nation", "region", "need", "licence", "year")
"""By what a search is narrowed, in the order it is shown in."""


def facet_word(facet: str, value: str) -> str:
    """The word the index holds for one value of a facet."""
    return f"{facet}:{value.replace(' ', '+')}"


def facet_words(values: Mapping[str, Iterable[str | None]]) -> str:
    """All facets of an entry in one text."""
    return " ".join(facet_word(facet, one) for facet in FACETS for one in values.get(facet, ()) if one)


def month_word(published_on: date) -> str:
    """The word the index holds for the month in which something was published. Nobody narrows by it: it lets PostgreSQL
    meet common words with the newest things first (`ranking.holding`)."""
    return f"month:{published_on:%Y-%m}"


def months_back(today: date, number: int) -> list[str]:
    """The words of so many months, this one and those before it."""
    months = (today.year * 12 + today.month - 1 - back for back in range(number))
    return [f"month:{month // 12:04}-{month % 12 + 1:02}" for month in months]
