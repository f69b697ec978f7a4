"""What may be brought in at once, and where an import and each of its lines stand."""

from datetime import timedelta
from enum import StrEnum

from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _

MOST_LINES = 500
MOST_BYTES = 1_000_000
MOST_COLUMNS = 60
MOST_IN_A_DAY = 20
"""Imports of one officer: each can make five hundred drafts."""

LONGEST_REFERENCE = 40
LONGEST_FILE_NAME = 200
LONGEST_TITLE_SHOWN = 120
KEPT_FOR = timedelta(days=30)
"""So long after it was brought an import and its lines are kept; the projects it made stay."""

PASTED = "pasted.csv"
SENT = "sent.csv"
"""What an import is called that came without a file."""


class ImportState(StrEnum):
    """Checked waits for somebody to confirm it; confirmed is being brought in; done and set aside are ends."""

    CHECKED = "checked"
    CONFIRMED = "confirmed"
    DONE = "done"
    SET_ASIDE = "set_aside"


class LineState(StrEnum):
    """Ready would be added; matched is here already; refused has something wrong; added became a draft."""

    READY = "ready"
    MATCHED = "matched"
    REFUSED = "refused"
    ADDED = "added"


OPEN = frozenset({ImportState.CHECKED, ImportState.CONFIRMED})
"""The states in which an import can be set aside."""


def check_size(content: bytes) -> None:
    """A file has something in it, and not more than is read at once. Raises RuleBroken (import.empty, .too_large)."""
    if not content.strip():
        raise RuleBroken(Problem("import.empty", Words(_("There is nothing in it. Choose another file.")), "file"))
    if len(content) > MOST_BYTES:
        words = Words(_("It is larger than {most} MB. Cut it into several files."), most=MOST_BYTES // 1_000_000)
        raise RuleBroken(Problem("import.too_large", words, "file"))


def check_number_today(number: int) -> None:
    """Nobody brings in more than so many files within a day. Raises RuleBroken (import.too_many)."""
    if number >= MOST_IN_A_DAY:
        words = Words(_("You have brought in {most} files within a day. Go on tomorrow."), most=MOST_IN_A_DAY)
        raise RuleBroken(Problem("import.too_many", words, "file"))
