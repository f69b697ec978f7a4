"""Rules of introductions. Pure."""

from enum import StrEnum

from pipeline.kernel.errors import Problem, refuse_if_any, shorter
from pipeline.kernel.words import Words, _

MOST_MESSAGE = 1_000


class Outcome(StrEnum):
    """What came of an introduction, as the coordinator says later."""

    NOTHING_YET = "nothing_yet"
    TALKING = "talking"
    PLEDGE = "pledge"
    NOT_NOW = "not_now"


def check_introduction(*, message: str, are_same: bool) -> None:
    """An introduction is between two councils, and says why they should talk. Raises RuleBroken (introduction.*)."""
    found = []
    if are_same:
        words = Words(_("Choose two different councils"))
        found.append(Problem("introduction.other_missing", words, "other"))
    if not message:
        words = Words(_("Write why they should talk to each other"))
        found.append(Problem("introduction.message_missing", words, "message"))
    if len(message) > MOST_MESSAGE:
        found.append(Problem("introduction.message_too_long", shorter(len(message) - MOST_MESSAGE), "message"))
    refuse_if_any(found)
