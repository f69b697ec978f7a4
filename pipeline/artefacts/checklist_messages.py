"""How what happens to answers to a checklist reads in a sentence. `names` gives the short names of councils by id."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.artefacts.rules import PointAnswer
from pipeline.kernel.words import Words, _

Payload = Mapping[str, Any]
Names = Mapping[str, str]

ANSWER_WORDS: dict[PointAnswer, Words] = {
    PointAnswer.MET: Words(_("Met")),
    PointAnswer.PARTLY: Words(_("Partly met")),
    PointAnswer.NOT_YET: Words(_("Not yet")),
    PointAnswer.NOT_APPLICABLE: Words(_("Does not apply")),
}
"""What a council can answer to a point."""


def _of_council(sentence: str) -> Callable[[Payload, Names], Words]:
    def words(payload: Payload, names: Names) -> Words:
        return Words(sentence, council=names.get(payload["for_council_id"], ""), number=payload.get("number", ""))

    return words


SENTENCES: dict[str, Callable[[Payload, Names], Words]] = {
    "checklist.answers_saved": _of_council(_("{council} saved its answers to a checklist.")),
    "checklist.answered": _of_council(_("{council} published its answers to version {number} of a checklist.")),
    "checklist.answers_withdrawn": _of_council(_("{council} no longer publishes its answers to a checklist.")),
}
"""A sentence for each event of answers."""

SMALL = frozenset({"checklist.answers_saved"})
"""Events too small for a timeline."""
