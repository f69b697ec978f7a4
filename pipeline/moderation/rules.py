"""Rules of reporting and hiding: pure, as frozen values and functions."""

from enum import StrEnum

from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _

LONGEST_WORDS = 2_000
LONGEST_REASON = 1_000
MOST_REPORTS_A_DAY = 20
"""So many things one officer reports in a day. Who is not signed in is counted by network address, as tries are."""


class Reported(StrEnum):
    """What can be reported: everything public that somebody wrote or that stands for somebody."""

    PROJECT = "project"
    UPDATE = "update"
    LESSON = "lesson"
    ARTEFACT = "artefact"
    VERSION = "version"
    SUGGESTION = "suggestion"
    COMMENT = "comment"
    DIFFERENCE = "difference"
    COUNCIL = "council"


HIDEABLE = frozenset(Reported) - {Reported.COUNCIL}
"""What can be hidden. A council is a fact: its page shows what the register says, and holds nothing that officers
write."""


class ReportReason(StrEnum):
    """What is said to be wrong."""

    PERSONAL = "personal"
    ABUSE = "abuse"
    FALSE = "false"
    RIGHTS = "rights"
    ADVERTISING = "advertising"
    OTHER = "other"


class ReportStatus(StrEnum):
    """What came of a report."""

    WAITING = "waiting"
    HIDDEN = "hidden"
    LEFT = "left"


def check_report(reason: ReportReason, words: str) -> None:
    """A report says what is wrong; *something else* says it in words. Raises RuleBroken (report.words_…)."""
    problems = length_problems("report", "words", words, LONGEST_WORDS)
    if reason is ReportReason.OTHER and not words:
        problems.append(Problem("report.words_missing", Words(_("Say what is wrong")), "words"))
    refuse_if_any(problems)


def check_reason(reason: str) -> None:
    """Hiding and bringing back have a reason, which those whose it is read. Raises RuleBroken
    (moderation.reason_…)."""
    problems = length_problems("moderation", "reason", reason, LONGEST_REASON)
    if not reason:
        problems.append(Problem("moderation.reason_missing", Words(_("Give a reason")), "reason"))
    refuse_if_any(problems)
