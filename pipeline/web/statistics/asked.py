"""What the address of a page of figures asks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from pipeline.councils.vocabulary import KIND_BY_VALUE, REGION_BY_VALUE
from pipeline.http.language import gettext, say
from pipeline.pledges.messages import financial_years_words
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.statistics.measures import ALL
from pipeline.statistics.queries import Narrowed
from pipeline.web.rendering import label

VOCABULARIES: dict[str, dict[str, Any]] = {
    "theme": THEME_BY_VALUE, "region": REGION_BY_VALUE, "kind": KIND_BY_VALUE,
}  # fmt: skip
FILTERS = ("theme", "region", "kind", "year")
"""What pages and their files can be narrowed by; who works with whom by nothing."""
MEASURE = "measure"
"""What an address calls the measure that the map shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of the address, as far as the page takes them. `has_unknown` when something in it means nothing here: it
    narrows nothing."""

    given: dict[str, str]
    drawn: dict[str, str]
    """What the map shows, where the address says so: it narrows nothing, and goes along from page to page."""
    has_unknown: bool

    @classmethod
    def of_request(cls, *names: str, drawable: Collection[str] = ()) -> "Asked":
        """Read the address of a page that takes these filters, and of whose map these measures can be asked for."""
        sent = {name: value.strip() for name, value in request.args.items() if value.strip()}
        given = {name: value for name, value in sent.items() if name in names and _is_known(name, value)}
        drawn = {name: value for name, value in sent.items() if name == MEASURE and value in drawable}
        return cls(given, drawn, (given | drawn).keys() != sent.keys())

    @property
    def narrowed(self) -> Narrowed:
        """As queries take them."""
        return Narrowed(**{name: self.given.get(name, ALL) for name in FILTERS})

    @property
    def query(self) -> str:
        """What an address ends in that is narrowed to the same."""
        return f"?{urlencode(self.given)}" if self.given else ""

    def removable(self, here: str) -> list[tuple[str, str]]:
        """Each filter in use in words, with the address of the same page without it."""
        found = []
        for name, value in self.given.items():
            rest = {other: kept for other, kept in self.given.items() if other != name} | self.drawn
            found.append((words_of(name, value), f"{here}?{urlencode(rest)}" if rest else here))
        return found

    def drawing(self, here: str, measure: str) -> str:
        """The same page with another measure on its map."""
        return f"{here}?{urlencode(self.given | {MEASURE: measure})}#by-region"


def words_of(name: str, value: str) -> str:
    """What people read for a value of a filter."""
    return say(financial_years_words(int(value), None)) if name == "year" else label(VOCABULARIES[name][value])


def options(names: Sequence[str], asked: Asked, years: Sequence[str]) -> list[tuple[str, str, Any, str]]:
    """The selects of the form: name, label, options and the one that is chosen."""
    labels = {
        "theme": (gettext("Theme"), gettext("Any theme")),
        "region": (gettext("Region"), gettext("Any region")),
        "kind": (gettext("Kind of council"), gettext("Any kind")),
        "year": (gettext("Financial year"), gettext("All years")),
    }
    found = []
    for name in names:
        values = years if name == "year" else tuple(VOCABULARIES[name])
        choices = [("", labels[name][1]), *((value, words_of(name, value)) for value in values)]
        found.append((name, labels[name][0], choices, asked.given.get(name, "")))
    return found


def _is_known(name: str, value: str) -> bool:
    if name == "year":
        return len(value) == 4 and value.isascii() and value.isdigit() and 1900 < int(value) < 2200
    return value in VOCABULARIES[name]
