"""What one line of a portfolio says: a project as it would be drafted, or every problem with its column.

The rules are those of a project that is written by hand (`projects/rules.py`); here they are only asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from pipeline.documents.markdown import Written
from pipeline.imports.cells import (
    Unclear,
    date_in,
    half_days_in,
    named_amounts_in,
    number_in,
    pence_in,
    text_in,
    truth_in,
    word_in,
    words_in,
)
from pipeline.imports.columns import COLUMN_BY_VALUE, key_of
from pipeline.imports.rules import LONGEST_REFERENCE
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.label import Label
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _
from pipeline.projects import rules
from pipeline.projects.rules import MOST_NEEDS, Mode, NeedKind, NeedTerms, ProjectDetails, Publishing
from pipeline.projects.vocabulary import PHASES, PROFESSION_BY_VALUE, PROFESSIONS, THEMES

Value = TypeVar("Value")

TO_COME, UNDER_WAY, ENDED = "to-come", "under-way", "ended"
STAGES = (
    Label(TO_COME, "To come", "I ddod"),
    Label(UNDER_WAY, "Under way", "Ar waith"),
    Label(ENDED, "Ended", "Wedi dod i ben"),
)
MODES = (
    Label(Mode.ALL_OR_NOTHING.value, "All or nothing", "Popeth neu ddim"),
    Label(Mode.FLEXIBLE.value, "Flexible", "Hyblyg"),
)
TONGUES = (Label("en", "English", "Saesneg"), Label("cy", "Welsh", "Cymraeg"))
ALSO_STAGES = {
    "still to come": TO_COME, "planned": TO_COME, "proposed": TO_COME, "not started": TO_COME, "eto i ddod": TO_COME,
    "open": TO_COME, "draft": TO_COME, "going ahead": UNDER_WAY, "going_ahead": UNDER_WAY, "in progress": UNDER_WAY,
    "ongoing": UNDER_WAY, "underway": UNDER_WAY, "started": UNDER_WAY, "finished": ENDED, "complete": ENDED,
    "completed": ENDED, "closed": ENDED, "done": ENDED, "past": ENDED, "wedi gorffen": ENDED,
}  # fmt: skip
"""What councils call the stages besides."""

FUNDING = Label("funding", "Funding", "Cyllid")
"""What a need for funding is called where the line does not say what it is for."""

COLUMN_OF_FIELD = {"is_under_way": "stage"}


@dataclass(frozen=True, slots=True)
class ImportedProject:
    """A project as a line says it. The HTML of its texts is made later, for the lines that become drafts."""

    reference: str
    details: ProjectDetails
    needs: tuple[NeedTerms, ...]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What came of reading a line: a project, or problems. `unwritten` is what publishing would still ask for."""

    title: str
    reference: str
    project: ImportedProject | None = None
    problems: tuple[Problem, ...] = ()
    unwritten: tuple[Problem, ...] = ()


def read_line(values: Mapping[str, str], *, today: date, nation: str) -> ReadLine:
    """Read the cells of a line, given by the values of their columns. Every problem is found, each with its column."""
    reader = _Reader(values)
    reference = reader.line("reference")
    if len(reference) > LONGEST_REFERENCE:
        words = Words(_("Use {most} characters at most."), most=LONGEST_REFERENCE)
        reader.problems.append(Problem("import.reference_too_long", words, "reference"))
    details = _details(reader)
    needs = _needs(reader, details.language)
    _check(reader, details, needs, today)
    if reader.problems:
        return ReadLine(details.title, reference, problems=tuple(reader.problems))
    publishing = Publishing(details, needs, has_lead=True, today=today, nation=nation)
    unwritten = tuple(rules.publishing_problems(publishing))
    return ReadLine(details.title, reference, ImportedProject(reference, details, needs), unwritten=unwritten)


class _Reader:
    """Reads the cells of one line, and keeps what is wrong with each."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[Problem] = []

    def read(self, column: str, read: Callable[[str], Value], otherwise: Value) -> Value:
        """What a cell says, by its reader; `otherwise` where it cannot be read."""
        try:
            return read(text_in(self.values.get(column, "")))
        except Unclear as unclear:
            self.problems.append(replace(unclear.problem, field=column))
            return otherwise

    def text(self, column: str) -> str:
        return self.read(column, str, "")

    def line(self, column: str) -> str:
        return self.read(column, clean_line, "")


def _details(reader: _Reader) -> ProjectDetails:
    nothing: str | None = None
    stage = reader.read("stage", lambda cell: word_in(cell, STAGES, ALSO_STAGES), nothing)
    return ProjectDetails(
        title=reader.line("title"),
        summary=reader.line("summary"),
        problem=Written(reader.text("problem"), ""),
        themes=reader.read("themes", lambda cell: words_in(cell, THEMES), ()),
        phase=reader.read("phase", lambda cell: word_in(cell, PHASES), nothing),
        mode=Mode(reader.read("mode", lambda cell: word_in(cell, MODES), nothing) or Mode.ALL_OR_NOTHING),
        decision_on=reader.read("decision_on", date_in, None),
        least_councils=reader.read("least_councils", number_in, None) or 0,
        is_under_way=stage == UNDER_WAY,
        is_past=stage == ENDED,
        year_ended=reader.read("year_ended", number_in, None),
        outcome=Written(reader.text("outcome"), ""),
        language=reader.read("language", lambda cell: word_in(cell, TONGUES), nothing) or "en",
    )


def _needs(reader: _Reader, language: str) -> tuple[NeedTerms, ...]:
    is_essential = reader.read("essential", truth_in, False)
    nothing: tuple[NeedTerms, ...] = ()
    return (
        *reader.read("time_needed", lambda cell: _time(cell, language, is_essential), nothing),
        *reader.read("funding_needed", lambda cell: _funding(cell, language, is_essential), nothing),
        *reader.read("things_needed", lambda cell: _things(cell, is_essential), nothing),
    )


def _time(cell: str, language: str, is_essential: bool) -> tuple[NeedTerms, ...]:
    made = []
    for name, amount in named_amounts_in(cell):
        value = word_in(name, PROFESSIONS)
        if value is None:
            raise _unnamed(cell, _("Say whose time it is, for example Developer 10."))
        profession = PROFESSION_BY_VALUE[value]
        made.append(
            NeedTerms(
                NeedKind.TIME, profession.in_language(language), half_days_in(amount or name), is_essential, False,
                profession=value,
            )
        )  # fmt: skip
    return tuple(made)


def _funding(cell: str, language: str, is_essential: bool) -> tuple[NeedTerms, ...]:
    return tuple(
        NeedTerms(
            NeedKind.FUNDING, name or FUNDING.in_language(language), pence_in(amount or name), is_essential, False
        )
        for name, amount in named_amounts_in(cell)
    )


def _things(cell: str, is_essential: bool) -> tuple[NeedTerms, ...]:
    made = []
    for name, amount in named_amounts_in(cell):
        number = number_in(amount)
        if not name or number is None:
            raise _unnamed(cell, _("Say what you need and how many, for example Meeting room 2."))
        made.append(NeedTerms(NeedKind.IN_KIND, name, number, is_essential, False, thing=name))
    return tuple(made)


def _unnamed(cell: str, sentence: str) -> Unclear:
    return Unclear("import.need_unclear", Words(sentence))


def _check(reader: _Reader, details: ProjectDetails, needs: tuple[NeedTerms, ...], today: date) -> None:
    """Ask the rules of projects, and keep their problems under the columns; what a cell's reader found comes first."""
    found = {problem.field for problem in reader.problems}
    asked = list(_problems_of(lambda: rules.check_details(details, today)))
    for need in needs:
        column = {NeedKind.TIME: "time_needed", NeedKind.FUNDING: "funding_needed"}.get(need.kind, "things_needed")
        asked += [replace(problem, field=column) for problem in _problems_of(lambda need=need: rules.check_need(need))]  # type: ignore[misc]
    if len(needs) > MOST_NEEDS:
        words = Words(_("A project asks for at most {most} things. Put some of them together."), most=MOST_NEEDS)
        asked.append(Problem("import.too_many_needs", words, "things_needed"))
    if details.is_past and needs:
        words = Words(_("Work that has ended asks for nothing: leave this empty, or say that it is still to come."))
        asked.append(Problem("project.past_asks", words, "stage"))
    for problem in asked:
        field = COLUMN_OF_FIELD.get(problem.field or "", problem.field)
        if field not in found:
            reader.problems.append(replace(problem, field=field if field in COLUMN_BY_VALUE else None))


def _problems_of(check: Callable[[], None]) -> tuple[Problem, ...]:
    try:
        check()
    except RuleBroken as refusal:
        return refusal.problems
    return ()


def title_key(title: str) -> str:
    """What two titles have in common that are the same words, whatever their capitals and signs."""
    return key_of(title) or title.casefold()


def reference_key(reference: str) -> str:
    """What two references have in common that mean the same project: capitals make no difference."""
    return clean_line(reference).casefold()
