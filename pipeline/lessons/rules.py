"""Rules of lessons: pure, as frozen values and functions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pipeline.documents.markdown import NOTHING_WRITTEN, Written
from pipeline.kernel.errors import Problem, length_problems, refuse_if_any
from pipeline.kernel.ids import id_from
from pipeline.kernel.text import slug_from
from pipeline.kernel.translation import LANGUAGES
from pipeline.kernel.words import Words, _
from pipeline.projects.vocabulary import THEME_BY_VALUE

LONGEST_TITLE = 120
LONGEST_PROMPT = 5_000
LONGEST_REPLY = 5_000
LONGEST_USE_NOTE = 1_000
MOST_MEASURES = 10
LONGEST_MEASURE_NAME = 80
LONGEST_UNIT = 30
LONGEST_FIGURE = 16
MOST_THEMES = 5
LONGEST_SLUG = 80
RESERVED_SLUGS = frozenset({"new"})
"""Words that follow /lessons/ in an address of their own."""

PROMPTS = ("did", "happened", "differently")
"""What we did, what happened, what we would do differently: the three questions every lesson answers."""

_FIGURE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,4})?", re.ASCII)
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)


class LessonStatus(StrEnum):
    """Where a lesson stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class LessonOutcome(StrEnum):
    """How it went."""

    WORKED = "worked"
    PARTLY = "partly"
    DID_NOT_WORK = "did_not_work"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that was measured. Figures are decimal numbers as text, so that none is ever rounded: "12.5".

    `before` is empty where nobody measured it then. `unit` is what is counted, such as "days" or "%".
    """

    name: str
    after: str
    before: str = ""
    unit: str = ""

    @property
    def change(self) -> Decimal | None:
        """How much more there is after than before; None where it was not measured before."""
        return Decimal(self.after) - Decimal(self.before) if self.before else None

    @property
    def percent(self) -> int | None:
        """The change in per cent of what was before, rounded; None where that cannot be said."""
        if self.change is None or not Decimal(self.before):
            return None
        return round(self.change / abs(Decimal(self.before)) * 100)


@dataclass(frozen=True, slots=True)
class LessonContent:
    """What a lesson says. In a draft anything but the title may still be missing."""

    title: str
    did: Written = NOTHING_WRITTEN
    happened: Written = NOTHING_WRITTEN
    differently: Written = NOTHING_WRITTEN
    evidence: Written = NOTHING_WRITTEN
    outcome: str | None = None
    measures: tuple[Measure, ...] = ()
    themes: tuple[str, ...] = ()
    language: str = "en"

    @property
    def texts(self) -> dict[str, str]:
        """Everything a reader may read of it, by field."""
        found = {"title": self.title}
        found |= {name: getattr(self, name).as_read for name in (*PROMPTS, "evidence")}
        for number, measure in enumerate(self.measures):
            found[f"measures.{number}.name"] = f"{measure.name} {measure.unit}"
        return found

    def as_kept(self) -> dict[str, Any]:
        """The content as JSON, for keeping what a lesson said before."""
        texts = {name: getattr(self, name).text for name in (*PROMPTS, "evidence")}
        return {
            **texts, "outcome": self.outcome, "measures": [asdict(one) for one in self.measures],
            "themes": list(self.themes), "language": self.language,
        }  # fmt: skip


def measures_from(kept: Iterable[Mapping[str, str]]) -> tuple[Measure, ...]:
    """Measures as they were kept."""
    return tuple(Measure(one["name"], one["after"], one.get("before", ""), one.get("unit", "")) for one in kept)


def figure_from(typed: str) -> str | None:
    """A figure as people type it ("1,250.50", "12", "-3") as it is kept; None for what is not one."""
    text = typed.strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _FIGURE.fullmatch(text):
        return None
    whole = Decimal(text)
    return format(whole.normalize() if whole != whole.to_integral_value() else whole.quantize(Decimal(1)), "f")


def check_content(content: LessonContent) -> None:
    """A lesson has a title, its texts fit, and words of a vocabulary are words of ours.

    Raises RuleBroken with every problem (lesson.*).
    """
    problems = []
    if not content.title:
        problems.append(_problem("lesson.title_missing", _("Give the lesson a title"), "title"))
    problems += length_problems("lesson", "title", content.title, LONGEST_TITLE)
    for name in (*PROMPTS, "evidence"):
        problems += length_problems("lesson", name, getattr(content, name).text, LONGEST_PROMPT)
    if content.outcome is not None and content.outcome not in set(LessonOutcome):
        problems.append(_problem("lesson.outcome_unknown", _("Choose how it went from the list"), "outcome"))
    if content.language not in LANGUAGES:
        problems.append(_problem("lesson.language_unknown", _("Choose English or Welsh"), "language"))
    refuse_if_any(problems + _theme_problems(content.themes) + _measure_problems(content.measures))


def _theme_problems(themes: tuple[str, ...]) -> list[Problem]:
    problems = []
    if len(themes) > MOST_THEMES:
        problems.append(
            _problem("lesson.too_many_themes", _("Choose at most {most} themes"), "themes", most=MOST_THEMES)
        )
    if not set(themes) <= THEME_BY_VALUE.keys():
        problems.append(_problem("lesson.theme_unknown", _("Choose themes from the list"), "themes"))
    return problems


def _measure_problems(measures: tuple[Measure, ...]) -> list[Problem]:
    problems = []
    if len(measures) > MOST_MEASURES:
        words = _("Give at most {most} measures")
        problems.append(_problem("lesson.too_many_measures", words, "measures", most=MOST_MEASURES))
    for number, measure in enumerate(measures):
        place = f"measures.{number}"
        if not measure.name:
            problems.append(_problem("lesson.measure_name_missing", _("Say what was measured"), f"{place}.name"))
        problems += length_problems("lesson", f"{place}.name", measure.name, LONGEST_MEASURE_NAME, name="measure")
        problems += length_problems("lesson", f"{place}.unit", measure.unit, LONGEST_UNIT, name="unit")
        if not measure.after:
            words = _("Give the figure after, for example 12.5")
            problems.append(_problem("lesson.measure_after_missing", words, f"{place}.after"))
        for name in ("before", "after"):
            figure = getattr(measure, name)
            if figure and figure_from(figure) != figure:
                words = _("Give a number, for example 12.5")
                problems.append(_problem("lesson.figure_unreadable", words, f"{place}.{name}"))
    return problems


def check_publishable(content: LessonContent) -> None:
    """A lesson is published with its three prompts answered, how it went, and a theme. Raises RuleBroken (lesson.*)."""
    check_content(content)
    wanted: tuple[tuple[object, str, str], ...] = (
        (content.did.text, "did", _("Say what you did")),
        (content.happened.text, "happened", _("Say what happened")),
        (content.differently.text, "differently", _("Say what you would do differently")),
        (content.outcome, "outcome", _("Say how it went")),
        (content.themes, "themes", _("Choose at least one theme")),
    )
    refuse_if_any([_problem(f"lesson.{field}_missing", words, field) for value, field, words in wanted if not value])


def check_use_note(note: str) -> None:
    """What a council used a lesson for fits. Raises RuleBroken (lesson.note_too_long)."""
    refuse_if_any(length_problems("lesson", "note", note, LONGEST_USE_NOTE))


def check_reply(reply: Written) -> None:
    """A reply fits; an empty one takes it back. Raises RuleBroken (lesson.reply_too_long)."""
    refuse_if_any(length_problems("lesson", "reply", reply.text, LONGEST_REPLY))


def slug_base(title: str) -> str:
    """The part of a lesson's address made from its title, with room for a number after it."""
    slug = slug_from(title, LONGEST_SLUG - 8)
    return f"lesson-{slug}" if slug in RESERVED_SLUGS or id_from(slug) else slug


def _problem(code: str, sentence: str, field: str, **values: object) -> Problem:
    return Problem(code, Words(sentence, **values), field)
