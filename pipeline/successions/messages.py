"""How what passes to a successor reads in a sentence. `names` gives the short names of councils by their id."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.words import Words, _

Payload = Mapping[str, Any]
Names = Mapping[str, str]


def _two(sentence: str, new: str) -> Callable[[Payload, Names], Words]:
    def words(payload: Payload, names: Names) -> Words:
        return Words(sentence, old=names.get(payload["from_council_id"], ""), new=names.get(payload[new], ""))

    return words


PLEDGE_SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "pledge.succeeded": _two(_("{new} follows {old}. What it pledged stands."), "pledging_council_id"),
    "pledge.frozen": lambda payload, names: Words(
        _("{old} has ended. Somebody has to say which council has its pledge now."),
        old=names.get(payload["pledging_council_id"], ""),
    ),
}
"""How the events of a pledge read, on its own page as well."""

SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    **PLEDGE_SENTENCES,
    "project.succeeded": _two(_("{new} follows {old}, and leads this project now."), "to_council_id"),
    "project.frozen": lambda payload, names: Words(
        _("{old} has ended. Somebody has to say which council leads this project now."),
        old=names.get(payload["from_council_id"], ""),
    ),
    "adoption.succeeded": _two(_("{new} follows {old}, and uses this document now."), "adopting_council_id"),
}
"""How these events read in a project's timeline."""
