"""How signposts read: their sums, and what they are about."""

from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _
from pipeline.pledges.messages import amount_words
from pipeline.projects.rules import NeedKind
from pipeline.signposts.rules import SignpostAbout, SignpostTerms

ABOUT_WORDS = {
    SignpostAbout.FUNDING: Words(_("Funding")),
    SignpostAbout.TIME: Words(_("Time of officers")),
    SignpostAbout.ANY: Words(_("Any pledge")),
}


def sum_words(terms: SignpostTerms) -> Words | None:
    """The sum of a signpost as people read it; None where it has none."""
    if terms.half_days is not None:
        return amount_words(NeedKind.TIME, terms.half_days)
    if terms.pence is None:
        return None
    if terms.is_with_vat:
        return Words(_("{pounds} including VAT"), pounds=pounds(terms.pence))
    return amount_words(NeedKind.FUNDING, terms.pence)
