"""A sentence that is not yet in anybody's language.

Rules, policies and events speak in `Words`; whoever shows them (a page, the API, an e-mail) translates them for the
person who reads. `_` marks the sentence for the catalogue: `Words(_("{n} left"), n=3)`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Translate = Callable[[str], str]
TranslateMany = Callable[[str, str, int], str]


def _(sentence: str) -> str:
    """Mark a sentence for translation, and return it as it is."""
    return sentence


def pair(one: str, many: str) -> tuple[str, str]:
    """Mark a sentence and its plural for translation together, where `Words` is made of them later."""
    return one, many


def english_many(one: str, many: str, number: int) -> str:
    """Choose the singular or the plural as English does."""
    return one if number == 1 else many


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with named places, kept apart from its language.

    `many` is the plural form; it is chosen by the value called `n`. Values may themselves be `Words`.
    """

    sentence: str
    many: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def __init__(self, sentence: str, many: str | None = None, /, **values: Any) -> None:
        object.__setattr__(self, "sentence", sentence)
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "values", values)

    def __str__(self) -> str:
        return self.in_language(lambda sentence: sentence, english_many)

    def in_language(self, translate: Translate, translate_many: TranslateMany) -> str:
        """Return the sentence in the language of the two gettext functions, with its places filled."""
        if self.many is not None:
            text = translate_many(self.sentence, self.many, int(self.values["n"]))
        else:
            text = translate(self.sentence)
        if not self.values:
            return text
        values = {
            name: value.in_language(translate, translate_many) if isinstance(value, Words) else value
            for name, value in self.values.items()
        }
        return text.format(**values)

    def __hash__(self) -> int:
        return hash((self.sentence, self.many, tuple(sorted((key, str(value)) for key, value in self.values.items()))))


def words_as_json(words: Words) -> dict[str, Any]:
    """A sentence as JSON can hold it, for rows that keep what was wrong until somebody reads it in their language."""
    values = {
        name: words_as_json(value) if isinstance(value, Words) else value if isinstance(value, int) else str(value)
        for name, value in words.values.items()
    }
    return {"sentence": words.sentence, "many": words.many, "values": values}


def words_from_json(kept: dict[str, Any]) -> Words:
    """The sentence that `words_as_json` kept."""
    values = {
        name: words_from_json(value) if isinstance(value, dict) else value for name, value in kept["values"].items()
    }
    return Words(kept["sentence"], kept["many"], **values)


MONTHS = (
    _("January"), _("February"), _("March"), _("April"), _("May"), _("June"),
    _("July"), _("August"), _("September"), _("October"), _("November"), _("December"),
)  # fmt: skip


def day_words(day: date) -> Words:
    """A date inside a sentence: 21 November 2026."""
    return Words("{day} {month} {year}", day=day.day, month=Words(MONTHS[day.month - 1]), year=day.year)
