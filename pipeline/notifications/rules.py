"""What can be followed and muted, and what an officer may choose about e-mails."""

from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.words import Words, _
from pipeline.notifications.preferences import Preferences, QuietHours, Sort

MUTABLE = ("project", "document", "council")
"""What can be muted: what notices are grouped under."""

MOST_FOLLOWED = 200
"""How many things an officer follows at most by their own act."""


def check_preferences(chosen: Preferences) -> None:
    """Every kind of news is told at once, daily, weekly or not at all; quiet hours are hours of the day."""
    problems = []
    if set(chosen.how) != set(Sort):
        problems.append(Problem("mail.how_missing", Words(_("Choose how you are told of each kind of news.")), "how"))
    if chosen.quiet is not None and not _are_hours(chosen.quiet):
        words = Words(_("Choose hours of the day, from 0 to 23."))
        problems.append(Problem("mail.quiet_missing", words, "quiet_first"))
    refuse_if_any(problems)


def _are_hours(quiet: QuietHours) -> bool:
    return 0 <= quiet.first <= 23 and 0 <= quiet.last <= 23
