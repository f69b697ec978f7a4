"""How what happens to merges and suggestions reads in a sentence. `names` gives names of councils by their id."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.artefacts.rules import SuggestionStatus
from pipeline.kernel.words import Words, _

Payload = Mapping[str, Any]
Names = Mapping[str, str]

STATUS_NAMES: dict[SuggestionStatus, Words] = {
    SuggestionStatus.MADE: Words(_("Waits for an answer")),
    SuggestionStatus.ACCEPTED: Words(_("Accepted, in a draft")),
    SuggestionStatus.PUBLISHED: Words(_("Published")),
    SuggestionStatus.DECLINED: Words(_("Declined")),
    SuggestionStatus.WITHDRAWN: Words(_("Withdrawn")),
    SuggestionStatus.OVERTAKEN: Words(_("Overtaken")),
}
STATUS_TAGS: dict[SuggestionStatus, str] = {
    SuggestionStatus.MADE: "offered",
    SuggestionStatus.ACCEPTED: "accepted",
    SuggestionStatus.PUBLISHED: "accepted",
    SuggestionStatus.DECLINED: "declined",
    SuggestionStatus.WITHDRAWN: "withdrawn",
    SuggestionStatus.OVERTAKEN: "withdrawn",
}
MEANINGS: dict[SuggestionStatus, Words] = {
    SuggestionStatus.ACCEPTED: Words(_("The leads took it into a draft. It is not published yet.")),
    SuggestionStatus.OVERTAKEN: Words(
        _("It has nothing left to add: the same change came another way, or what it was made against is gone.")
    ),
    SuggestionStatus.WITHDRAWN: Words(_("The council that made it took it back.")),
}


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _by_council(sentence: str, unnamed: str) -> Callable[[Payload, Names], Words]:
    """A sentence about the council whose suggestion it is."""

    def words(payload: Payload, names: Names) -> Words:
        council = names.get(payload["for_council_id"], "")
        return Words(sentence, council=council) if council else Words(unnamed)

    return words


def _published(payload: Payload, names: Names) -> Words:
    council = names.get(payload["for_council_id"], "")
    if not council:
        return Words(_("Version {number} holds a change another council suggested."), number=payload["number"])
    return Words(_("Version {number} holds a change {council} suggested."), number=payload["number"], council=council)


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "merge.begun": _always(_("Somebody began to take changes into a document.")),
    "merge.saved": _always(_("What was decided so far of taking changes in was saved.")),
    "merge.renewed": _always(_("Taking changes in went on with a newer draft.")),
    "merge.completed": _always(_("Changes were taken into a draft of a document.")),
    "merge.discarded": _always(_("Taking changes in was given up.")),
    "suggestion.made": _by_council(
        _("{council} suggested a change to a document."), _("A council suggested a change to a document.")
    ),
    "suggestion.accepted": _by_council(
        _("The leads accepted a change {council} suggested."), _("The leads accepted a suggested change.")
    ),
    "suggestion.reopened": _by_council(
        _("A change {council} suggested waits for an answer again."), _("A suggestion waits for an answer again.")
    ),
    "suggestion.published": _published,
    "suggestion.declined": _by_council(
        _("The leads declined a change {council} suggested."), _("The leads declined a suggested change.")
    ),
    "suggestion.withdrawn": _by_council(
        _("{council} took back a change it had suggested."), _("A council took back a change it had suggested.")
    ),
    "suggestion.overtaken": _by_council(
        _("A change {council} suggested was overtaken."), _("A suggested change was overtaken.")
    ),
}
"""Every event of merges and suggestions, in the reader's words."""

SMALL = frozenset({"merge.begun", "merge.saved", "merge.renewed", "merge.discarded"})
"""Too small for a timeline."""
