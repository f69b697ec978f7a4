"""How what happens to adoptions reads in a sentence."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.artefacts.rules import AdoptionStanding
from pipeline.kernel.words import Words, _, pair

Payload = Mapping[str, Any]
Names = Mapping[str, str]

A_COUNCIL = Words(_("a council"))
A_DOCUMENT = Words(_("A shared document"))

STANDING_NAMES: dict[AdoptionStanding, Words] = {
    AdoptionStanding.AS_IS: Words(_("As is")),
    AdoptionStanding.PREPARING: Words(_("Adapting it")),
    AdoptionStanding.ADAPTED: Words(_("Adapted")),
    AdoptionStanding.ENDED: Words(_("No longer")),
}
"""How a council uses a document, in a word or two."""

BEHIND = pair("{n} version behind", "{n} versions behind")


def behind_words(number: int) -> Words:
    """How far behind an adopter is: "2 versions behind", "up to date"."""
    return Words(*BEHIND, n=number) if number else Words(_("Up to date"))


def _said(sentence: str) -> Callable[[Payload, Names], Words]:
    def words(payload: Payload, names: Names) -> Words:
        return Words(sentence, **_values(payload, names))

    return words


def _values(payload: Payload, names: Names) -> dict[str, Any]:
    return {
        "council": names.get(payload.get("adopting_council_id") or "") or A_COUNCIL,
        "document": names.get(payload.get("artefact_id") or "") or A_DOCUMENT,
        "number": payload.get("number", ""),
    }


def _changed(payload: Payload, names: Names) -> Words:
    changes = payload.get("changes") or {}
    if "number" in changes:
        old, new = changes["number"]
        return Words(
            _("{document}: {council} moved from version {old} to version {new}."),
            **_values(payload, names) | {"old": old, "new": new},
        )
    return Words(_("{document}: {council} changed what it records of its adoption."), **_values(payload, names))


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "adoption.recorded": _said(_("{document}: {council} adopted version {number} as it is.")),
    "adoption.changed": _changed,
    "adoption.prepared": _said(_("{document}: {council} prepares a copy of version {number} of its own.")),
    "adoption.ended": _said(_("{document}: {council} uses it no longer.")),
    "copy.made": _said(_("{document}: {council} published its adapted copy of version {number}.")),
    "copy.moved": _said(_("An adapted copy comes from another document of its lineage now: {document}.")),
}
"""Every event of adoptions, in the reader's words."""
