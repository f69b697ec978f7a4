"""What can be alike, and what may be said of a difference. Pure."""

from enum import StrEnum

from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _

LONGEST_REASON = 500
MOST_SHOWN = 5
"""So many things like this one are shown."""
MOST_KEPT = 10
"""So many are kept for each thing: those that are hidden or deleted leave room for the next."""
MOST_PROPOSED = 60
"""So many the index proposes to be compared word by word."""
MOST_DIFFERENCES = 50
"""So many differences one thing states: more is a list, and nobody reads it."""


class Kind(StrEnum):
    """What can be alike. A document is what code calls an artefact."""

    PROJECT = "project"
    LESSON = "lesson"
    DOCUMENT = "document"


class DifferenceStatus(StrEnum):
    """Where a stated difference stands."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


def check_difference(reason: str, *, is_same: bool) -> None:
    """A difference is between two things, and says in a sentence or two what it is. Raises RuleBroken
    (difference.…)."""
    problems = length_problems("difference", "reason", reason, LONGEST_REASON)
    if not reason:
        problems.append(Problem("difference.reason_missing", Words(_("Say how yours differs")), "reason"))
    if is_same:
        problems.append(Problem("difference.same", Words(_("Choose something other than this itself")), "other"))
    refuse_if_any(problems)


def check_dismissal(reason: str) -> None:
    """Two projects are left apart for a reason. Raises RuleBroken (duplicate.reason_…)."""
    problems = length_problems("duplicate", "reason", reason, LONGEST_REASON)
    if not reason:
        problems.append(Problem("duplicate.reason_missing", Words(_("Give a reason")), "reason"))
    refuse_if_any(problems)
