"""How spare capacity reads in a sentence."""

from pipeline.kernel.words import Words, _
from pipeline.pledges.messages import amount_words
from pipeline.projects.rules import NeedKind
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE
from pipeline.spare_capacity.rules import Spare, SpareKind

KIND_NAMES = {
    SpareKind.TIME: Words(_("Officer time")),
    SpareKind.IN_KIND: Words(_("A thing or a place")),
}


def spare_words(spare: Spare, language: str) -> Words:
    """What could be given: "5 days, Developer", or "2 × meeting room"."""
    amount = amount_words(NeedKind(spare.kind.value), spare.amount, spare.thing or "")
    if spare.profession is None:
        return amount
    profession = PROFESSION_BY_VALUE[spare.profession].in_language(language)
    return Words(_("{amount}, {profession}"), amount=amount, profession=profession)
