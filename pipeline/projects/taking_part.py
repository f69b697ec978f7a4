"""Rules of following, showing interest, joining a team, and asking back: pure, as frozen values and functions."""

from datetime import timedelta
from enum import StrEnum

from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _

LONGEST_MESSAGE = 2_000
MOST_ASKED_A_DAY = 20
"""So many people of other councils are written to from one project in a day, however many are asked."""

MOST_TERMS = 500
"""Characters of a theme or a search that is followed."""

NOT_ASKED_AGAIN = timedelta(days=90)
"""How long whoever said no to joining a team, or to letting a council off, is not asked again."""


class InterestKind(StrEnum):
    """How an officer's council stands to a project without promising anything."""

    PROBLEM_TOO = "problem_too"
    CONVERSATION = "conversation"


class InterestStatus(StrEnum):
    """An interest stands until the officer takes it back."""

    STANDING = "standing"
    WITHDRAWN = "withdrawn"


class JoinStatus(StrEnum):
    """Where asking somebody into a team stands, whoever asked."""

    ASKED = "asked"
    JOINED = "joined"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Followed(StrEnum):
    """What can be followed."""

    PROJECT = "project"
    NEED = "need"
    COUNCIL = "council"
    THEME = "theme"
    DOCUMENT = "document"
    SEARCH = "search"


class Answerable(StrEnum):
    """What the leads of a project owe a first answer to, and may ask back about."""

    PLEDGE = "pledge"
    INTEREST = "interest"
    JOIN_REQUEST = "join_request"
    SUGGESTION = "suggestion"


def check_interest(kind: InterestKind, message: str) -> None:
    """Who is open to a conversation says what about; *we have this problem too* may stand alone.

    Raises RuleBroken (interest.message_…).
    """
    problems = _text_problems("interest", "message", message, is_required=False)
    if kind is InterestKind.CONVERSATION and not message:
        words = Words(_("Say what you would like to talk about"))
        problems.append(Problem("interest.message_missing", words, "message"))
    refuse_if_any(problems)


def check_join_message(message: str) -> None:
    """Who asks to join says what they would bring. Raises RuleBroken (join_request.message_…)."""
    refuse_if_any(_text_problems("join_request", "message", message, words=_("Say what you would bring to the team")))


def check_answer(answer: str, *, noun: str, is_required: bool = True) -> None:
    """An answer is written. Raises RuleBroken (interest.answer_…, join_request.answer_…)."""
    refuse_if_any(_text_problems(noun, "answer", answer, words=_("Write an answer"), is_required=is_required))


def check_question(text: str) -> None:
    """Asking back needs a question. Raises RuleBroken (question.text_…)."""
    refuse_if_any(_text_problems("question", "text", text, words=_("Write what you want to know")))


def check_reply(text: str) -> None:
    """A question is answered in words. Raises RuleBroken (question.reply_…)."""
    refuse_if_any(_text_problems("question", "reply", text, words=_("Write a reply")))


def _text_problems(noun: str, field: str, text: str, *, words: str = "", is_required: bool = True) -> list[Problem]:
    if is_required and not text:
        return [Problem(f"{noun}.{field}_missing", Words(words), field)]
    return length_problems(noun, field, text, LONGEST_MESSAGE)
