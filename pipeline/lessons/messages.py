"""How what happens to lessons reads in a sentence, and what their vocabularies and measures are called."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pipeline.kernel.words import Words, _
from pipeline.lessons.rules import LessonOutcome, Measure

Payload = Mapping[str, Any]
Names = Mapping[str, str]

OUTCOME_NAMES: dict[LessonOutcome, Words] = {
    LessonOutcome.WORKED: Words(_("It worked")),
    LessonOutcome.PARTLY: Words(_("It partly worked")),
    LessonOutcome.DID_NOT_WORK: Words(_("It did not work")),
    LessonOutcome.TOO_EARLY: Words(_("Too early to say")),
}


def figure_words(figure: str | Decimal, unit: str = "") -> str:
    """A figure with its unit, as people read it: "1,250 days", "12.5%", "£3"."""
    number = f"{Decimal(figure):,f}"
    if unit == "£":
        return f"-£{number[1:]}" if number.startswith("-") else f"£{number}"
    return f"{number}%" if unit == "%" else f"{number} {unit}".strip()


def change_words(measure: Measure) -> Words:
    """What became of a measure, in words: "Down by 12 days (60%)"; of percentages in percentage points."""
    change = measure.change
    if change is None:
        return Words(_("Not measured before"))
    if not change:
        return Words(_("No change"))
    if measure.unit == "%":
        points = figure_words(abs(change))
        sentence = _("Up by {points} percentage points") if change > 0 else _("Down by {points} percentage points")
        return Words(sentence, points=points)
    amount, percent = figure_words(abs(change), measure.unit), measure.percent
    if percent is None or not percent:
        return Words(_("Up by {amount}"), amount=amount) if change > 0 else Words(_("Down by {amount}"), amount=amount)
    sentence = _("Up by {amount} ({percent}%)") if change > 0 else _("Down by {amount} ({percent}%)")
    return Words(sentence, amount=amount, percent=f"{abs(percent):,}")


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _by_council(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda payload, names: Words(sentence, council=names.get(payload["by_council_id"], ""))


def _replied(payload: Payload, _names: Names) -> Words:
    if payload["is_taken_back"]:
        return Words(_("The leads of a document took back their reply to a lesson."))
    return Words(_("The leads of a document replied to a lesson."))


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "lesson.drafted": _always(_("A lesson was begun.")),
    "lesson.draft_changed": _always(_("The draft of a lesson was changed.")),
    "lesson.draft_deleted": _always(_("The draft of a lesson was deleted.")),
    "lesson.published": _always(_("The leads published a lesson.")),
    "lesson.edited": _always(_("The leads edited a lesson.")),
    "lesson.withdrawn": _always(_("The leads withdrew a lesson.")),
    "lesson.pinned": _always(_("A lesson was pinned to a shared document.")),
    "lesson.unpinned": _always(_("A lesson was taken off a shared document.")),
    "lesson.answered": _always(_("A new version of a shared document answered a lesson.")),
    "lesson.reopened": _always(_("A lesson about a shared document is open again.")),
    "lesson.replied": _replied,
    "lesson.used": _by_council(_("{council} used a lesson.")),
    "lesson.use_taken_back": _by_council(_("{council} took back that it used a lesson.")),
}
"""Every event of lessons, in the reader's words."""

SMALL = frozenset({"lesson.drafted", "lesson.draft_changed", "lesson.draft_deleted", "lesson.use_taken_back"})
"""Events too small for a timeline."""
