"""How deliveries, and the ends of committed pledges, read in a sentence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pipeline.kernel.words import Words, _, day_words
from pipeline.pledges.messages import A_COUNCIL, SOMETHING, amount_said

Sentence = Callable[[Mapping[str, Any], Mapping[str, str]], Words]


def _said(payload: Mapping[str, Any], names: Mapping[str, str], sentence: str, **more: Any) -> Words:
    return Words(
        sentence,
        council=names.get(payload.get("pledging_council_id", ""), A_COUNCIL),
        amount=amount_said(payload, names, payload["amount"]),
        need=names.get(payload.get("need_id", ""), SOMETHING),
        **more,
    )


def _of(sentence: str) -> Sentence:
    """A sentence about a council's pledge towards a need."""
    return lambda payload, names: _said(payload, names, sentence)


def _of_delivery(sentence: str) -> Sentence:
    """A sentence about what was given on a day."""

    def say(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
        given = amount_said(payload, names, payload["given"])
        day = day_words(date.fromisoformat(payload["delivered_on"]))
        more = {"disputed": amount_said(payload, names, payload.get("disputed_amount", 0))}
        return _said(payload, names, sentence, given=given, day=day, **more)

    return say


def _recorded(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
    if payload.get("corrects_delivery_id"):
        sentence = _("A delivery of {council} towards {need} was corrected: {given} on {day}.")
    elif payload["side"] == "lead":
        sentence = _("The leads recorded a delivery of {council} towards {need}: {given} on {day}.")
    else:
        sentence = _("{council} recorded a delivery towards {need}: {given} on {day}.")
    return _of_delivery(sentence)(payload, names)


def _ended(sentence: str) -> Sentence:
    """A sentence about what is not given of a committed pledge."""

    def say(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
        return _said(payload, names, sentence, left=amount_said(payload, names, payload["left"]))

    return say


SENTENCES: dict[str, Sentence] = {
    "delivery.recorded": _recorded,
    "delivery.agreed": _of_delivery(_("Both sides agreed a delivery of {council} towards {need}: {given} on {day}.")),
    "delivery.disputed": _of_delivery(
        _("A delivery of {council} towards {need} is disputed: {given} recorded, {disputed} says the other side.")
    ),
    "delivery.counted": _of_delivery(
        _("A delivery of {council} towards {need} counts, though not yet agreed: {given} on {day}.")
    ),
    "pledge.delivered": _of(_("{council} has delivered all of its {amount} towards {need}.")),
    "pledge.still_to_come": _of(_("Of the {amount} of {council} towards {need} some is still to come after all.")),
    "pledge.broken": _ended(_("{council} does not give the rest of its {amount} towards {need}: {left} are broken.")),
    "pledge.released": _ended(_("{council} was let off the rest of its {amount} towards {need}: {left}.")),
}
"""How these events read in a project's timeline."""

PLEDGE_SENTENCES: dict[str, Sentence] = {
    **SENTENCES,
    "delivery.missed": _of(_("The leads said that the pledge of {amount} from {council} towards {need} has not come.")),
    "pledge.release_asked": _of(_("{council} asked to be let off the rest of its {amount} towards {need}.")),
    "pledge.release_refused": _of(_("The leads did not let {council} off its {amount} towards {need}.")),
    "delivery.explained": _of(_("{council} answered the leads about its {amount} towards {need}.")),
}
"""The same on the pledge's own page, where the two sides also read what they asked each other."""
