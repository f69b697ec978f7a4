"""The form of a lesson: three prompts, how it went, evidence, what was measured, and themes."""

from typing import Any

from flask import request

from pipeline.documents.markdown import written
from pipeline.http.language import gettext, say
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import _
from pipeline.lessons.actions import PinTo
from pipeline.lessons.messages import OUTCOME_NAMES
from pipeline.lessons.rules import (
    LONGEST_FIGURE,
    LONGEST_MEASURE_NAME,
    LONGEST_PROMPT,
    LONGEST_TITLE,
    LONGEST_UNIT,
    MOST_MEASURES,
    MOST_THEMES,
    PROMPTS,
    LessonContent,
    Measure,
    figure_from,
)
from pipeline.projects.vocabulary import THEMES
from pipeline.web.asking import ANOTHER_ROW, LANGUAGE_CHOICES
from pipeline.web.forms import (
    AtMost,
    Choice,
    Choices,
    HiddenField,
    Line,
    OnceForm,
    Required,
    Text,
    choices_of,
    lazy,
)

PREVIEW = "preview"
PARTS = ("name", "before", "after", "unit")


class LessonForm(OnceForm):
    """A lesson. `version_id` and `paragraph_hash` travel along where it is begun from a document's page."""

    version = HiddenField()
    version_id = HiddenField()
    paragraph_hash = HiddenField()
    title = Line(
        lazy(_("What did you learn, in a sentence?")),
        description=lazy(_("It shows in lists, so say the point of it. For example: Ask tenants before you choose.")),
        validators=[Required(lazy(_("Give the lesson a title"))), AtMost(LONGEST_TITLE)],
    )
    did = Text(
        lazy(_("What did you do?")),
        description=lazy(_("What you set out to change and what you tried, so that another council can try it.")),
        most=LONGEST_PROMPT,
        render_kw={"rows": 6},
    )
    happened = Text(
        lazy(_("What happened?")),
        description=lazy(_("What changed and what did not, what surprised you, what it cost.")),
        most=LONGEST_PROMPT,
        render_kw={"rows": 6},
    )
    differently = Text(
        lazy(_("What would you do differently?")),
        description=lazy(_("What you would tell a colleague in another council who is about to begin.")),
        most=LONGEST_PROMPT,
        render_kw={"rows": 6},
    )
    outcome = Choice(lazy(_("How did it go?")), description=lazy(_("What did not work is worth as much as what did.")))
    evidence = Text(
        lazy(_("How do you know? (optional)")),
        description=lazy(_("Who you asked, what you counted, where it can be read. You can use Markdown for links.")),
        most=LONGEST_PROMPT,
        render_kw={"rows": 4},
    )
    themes = Choices(lazy(_("What is it about?")))
    language = Choice(lazy(_("Which language is this written in?")), choices=LANGUAGE_CHOICES, default="en")

    def __init__(self, content: LessonContent | None = None, **more: Any) -> None:
        super().__init__(data=_typed(content) | more if content else more)
        self.outcome.choices = [(one.value, say(words)) for one, words in OUTCOME_NAMES.items()]
        self.themes.choices = choices_of(THEMES)
        self.themes.description = gettext(_("Choose up to %(most)s.")) % {"most": MOST_THEMES}

    @property
    def measure_rows(self) -> list[list[Any]]:
        """The rows of measures that are shown: those with something in them, and one more where it was asked for."""
        filled = [row for row in range(1, MOST_MEASURES + 1) if any(self._row(row))]
        shown = max(filled, default=0) + (1 if self.step == ANOTHER_ROW else 0)
        return [self._fields_of(row) for row in range(1, min(max(shown, 1), MOST_MEASURES) + 1)]

    @property
    def step(self) -> str:
        """Which button was pressed."""
        return request.form.get("step", "")

    def _fields_of(self, row: int) -> list[Any]:
        return [self._fields[f"measure_{row}_{part}"] for part in PARTS]

    def _row(self, row: int) -> list[str]:
        return [field.data for field in self._fields_of(row)]

    def _measures(self) -> dict[int, Measure]:
        """The measures by their row. A figure that cannot be read stays as it was typed, for the rules to refuse."""
        found = {}
        for row in range(1, MOST_MEASURES + 1):
            name, before, after, unit = self._row(row)
            if name or before or after or unit:
                found[row] = Measure(name, figure_from(after) or after, figure_from(before) or before, unit)
        return found

    @property
    def problem_names(self) -> dict[str, str]:
        """Which field shows the problem of each measure."""
        return {
            f"measures.{place}.{part}": f"measure_{row}_{part}"
            for place, row in enumerate(self._measures())
            for part in PARTS
        }

    @property
    def content(self) -> LessonContent:
        """What was typed, as rules and actions take it."""
        texts = {name: written(getattr(self, name).data, under=2) for name in (*PROMPTS, "evidence")}
        return LessonContent(
            title=self.title.data, outcome=self.outcome.data or None, measures=tuple(self._measures().values()),
            themes=tuple(self.themes.data), language=self.language.data or "en", **texts,
        )  # fmt: skip


def _typed(content: LessonContent) -> dict[str, Any]:
    """What a lesson says, as somebody would type it."""
    values = {name: getattr(content, name).text for name in (*PROMPTS, "evidence")}
    values |= {"title": content.title, "outcome": content.outcome, "language": content.language}
    values["themes"] = list(content.themes)
    for row, measure in enumerate(content.measures, 1):
        values |= {f"measure_{row}_{part}": getattr(measure, part) for part in PARTS}
    return values


def _bind_measures() -> None:
    """Give the form its rows of measures: what was measured, the figure before and after, and what is counted."""
    for row in range(1, MOST_MEASURES + 1):
        labels = (
            (_("What did you measure?"), _("For example: days until somebody answers."), LONGEST_MEASURE_NAME),
            (_("Before"), _("Leave it open if nobody measured it then."), LONGEST_FIGURE),
            (_("After"), _("A number, for example 12.5."), LONGEST_FIGURE),
            (_("Counted in (optional)"), _("For example: days, £ or %."), LONGEST_UNIT),
        )
        for part, (label, hint, most) in zip(PARTS, labels, strict=True):
            setattr(
                LessonForm, f"measure_{row}_{part}",
                Line(lazy(label), description=lazy(hint), validators=[AtMost(most)]),
            )  # fmt: skip


_bind_measures()


def pin_in(form: LessonForm) -> PinTo | None:
    """What a lesson that is begun from a document's page is pinned to."""
    version_id = id_from(form.version_id.data)
    return PinTo(version_id, form.paragraph_hash.data or None) if version_id else None
