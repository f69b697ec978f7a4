"""A word of a fixed vocabulary, with what people read for it in English and Welsh."""

from dataclasses import dataclass
from typing import TypeVar


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a vocabulary: what is kept and exchanged, and how it reads in each language."""

    value: str
    en: str
    cy: str

    @property
    def slug(self) -> str:
        """The value as part of an address or an element's id: lower case, hyphens for spaces."""
        return self.value.lower().replace(" ", "-")

    def in_language(self, language: str) -> str:
        """How it reads in Welsh for "cy", and in English otherwise."""
        return self.cy if language == "cy" else self.en


AnyLabel = TypeVar("AnyLabel", bound=Label)


def by_value(labels: tuple[AnyLabel, ...]) -> dict[str, AnyLabel]:
    """A vocabulary to look words up in. The order of the vocabulary is kept."""
    return {label.value: label for label in labels}
