"""Rules of comments: pure, as frozen values and functions."""

from enum import StrEnum

from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _

LONGEST_COMMENT = 4_000
MOST_MENTIONED = 5
"""People one comment mentions at most."""


class CommentedOn(StrEnum):
    """What can be commented on."""

    UPDATE = "update"
    SUGGESTION = "suggestion"
    INTEREST = "interest"
    JOIN_REQUEST = "join_request"


EVERYBODY_READS = frozenset({CommentedOn.UPDATE, CommentedOn.SUGGESTION})
"""What is public, and so what is said of it. The rest is between an officer and the leads."""


class CommentStatus(StrEnum):
    """Where a comment stands."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


def check_comment(text: Written, mentioned: int = 0) -> None:
    """A comment says something, not too much, and calls few people. Raises RuleBroken (comment.text_missing,
    comment.text_too_long, comment.too_many_mentioned)."""
    problems = length_problems("comment", "text", text.text, LONGEST_COMMENT)
    if not text.text:
        problems.append(Problem("comment.text_missing", Words(_("Write your comment")), "text"))
    if mentioned > MOST_MENTIONED:
        words = Words(_("Mention {n} person at most"), _("Mention {n} people at most"), n=MOST_MENTIONED)
        problems.append(Problem("comment.too_many_mentioned", words, "mentions"))
    refuse_if_any(problems)
