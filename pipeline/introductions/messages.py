"""How introductions read."""

from pipeline.introductions.rules import Outcome
from pipeline.kernel.words import Words, _

OUTCOME_NAMES: dict[Outcome, Words] = {
    Outcome.NOTHING_YET: Words(_("Nothing yet")),
    Outcome.TALKING: Words(_("They talk")),
    Outcome.PLEDGE: Words(_("A pledge")),
    Outcome.NOT_NOW: Words(_("Not now")),
}
"""What came of an introduction."""
