"""What a lesson says, made ready in the reader's language for `lessons/_said.html`."""

from typing import Any

from pipeline.http.language import current_language, say
from pipeline.lessons.messages import OUTCOME_NAMES, change_words, figure_words
from pipeline.lessons.rules import LessonContent, LessonOutcome, Measure, figure_from
from pipeline.projects.vocabulary import THEME_BY_VALUE


def said_of(content: LessonContent) -> dict[str, Any]:
    """The texts of a lesson as HTML, and its measures with the change in words."""
    return {
        "did_html": content.did.html,
        "happened_html": content.happened.html,
        "differently_html": content.differently.html,
        "evidence_html": content.evidence.html,
        "measures": [_measure(one) for one in content.measures if one.name and figure_from(one.after)],
    }


def _measure(measure: Measure) -> dict[str, str]:
    return {
        "name": measure.name,
        "before": figure_words(measure.before, measure.unit) if measure.before else "–",
        "after": figure_words(measure.after, measure.unit),
        "change": say(change_words(measure)),
    }


def outcome_tag(outcome: str | None) -> tuple[str, str] | None:
    """How it went, as (kind of tag, words)."""
    return (outcome.replace("_", "-"), say(OUTCOME_NAMES[LessonOutcome(outcome)])) if outcome else None


def themes_in_words(themes: Any) -> list[tuple[str, str]]:
    """Themes as (value, words)."""
    language = current_language()
    return [(theme, THEME_BY_VALUE[theme].in_language(language)) for theme in themes if theme in THEME_BY_VALUE]
