"""The columns of a portfolio: what each is called in English and Welsh, what belongs in it, and an example.

This is the published form. The template has these columns, `portfolio.csv` of a council has them, an import reads them,
and the members of a row sent to the API are their values. docs/portfolio.md explains it to people.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.kernel.label import Label, by_value
from pipeline.kernel.words import _


@dataclass(frozen=True, slots=True)
class Column(Label):
    """One column: its value is what machines call it. `meaning` says what belongs in it, as a sentence to translate."""

    meaning: str = ""
    example_en: str = ""
    example_cy: str = ""
    also: tuple[str, ...] = field(default=())
    """What councils call it besides."""

    def example_in_language(self, language: str) -> str:
        """What the example line of the template has in it."""
        return self.example_cy if language == "cy" else self.example_en


COLUMNS: tuple[Column, ...] = (
    Column(
        "reference", "Reference", "Cyfeirnod",
        _("Your council’s own number or code for the project. With it a project is known again, whatever its title."),
        "EXAMPLE", "ENGHRAIFFT", ("ref", "id", "project reference", "project id"),
    ),
    Column(
        "title", "Title", "Teitl", _("In plain words. The one column that must be filled in."),
        "One form for housing repairs", "Un ffurflen ar gyfer atgyweirio tai", ("project", "name", "project title"),
    ),
    Column(
        "summary", "Summary", "Crynodeb", _("One or two sentences, which show in lists."),
        "A form any council can use, so that tenants report a repair once.",
        "Ffurflen y gall unrhyw gyngor ei defnyddio, fel bod tenantiaid yn adrodd unwaith.",
    ),
    Column(
        "problem", "Problem", "Problem", _("Who has the problem, how often, what it costs. Markdown is understood."),
        "Tenants ring three times for one repair.", "Mae tenantiaid yn ffonio deirgwaith am un gwaith atgyweirio.",
        ("the problem", "y broblem", "description", "disgrifiad"),
    ),
    Column(
        "themes", "Themes", "Themâu", _("Names from our list of themes, with semicolons between them."),
        "Housing; Digital and customer services", "Tai; Gwasanaethau digidol a chwsmeriaid", ("theme", "thema"),
    ),
    Column(
        "phase", "Phase", "Cyfnod", _("Concept, discovery, alpha, beta, live or retired."), "Discovery", "Darganfod",
    ),
    Column(
        "stage", "Stage", "Cam", _("To come, under way or ended. Left empty, it is to come."), "To come", "I ddod",
        ("state", "status", "statws"),
    ),
    Column(
        "mode", "How it is decided", "Sut y penderfynir",
        _("For work to come: all or nothing (it goes ahead once enough is agreed) or flexible."),
        "All or nothing", "Popeth neu ddim", ("decision", "penderfyniad"),
    ),
    Column(
        "decision_on", "Decision date", "Dyddiad penderfynu",
        _("For all or nothing: the day first, as in 27/03/2027 or 27 March 2027."), "27 March 2027", "27 Mawrth 2027",
        ("decide by", "decision by"),
    ),
    Column(
        "least_councils", "Other councils needed", "Cynghorau eraill sydd eu hangen",
        _("For all or nothing: how many other councils must be in, at least."), "2", "2", ("councils needed",),
    ),
    Column(
        "year_ended", "Year it ended", "Blwyddyn y daeth i ben", _("For work that has ended, for example 2024."),
        also=("year ended", "end year"),
    ),
    Column(
        "outcome", "Outcome", "Canlyniad", _("For work that has ended: what came of it. Markdown is understood."),
        also=("what came of it", "beth ddaeth ohono"),
    ),
    Column(
        "language", "Language", "Iaith", _("English or Welsh: the language the line is written in."), "English",
        "Cymraeg",
    ),
    Column(
        "time_needed", "Officer time needed (days)", "Amser swyddogion sydd ei angen (diwrnodau)",
        _("Whose time and how many whole or half days, semicolons between them: Developer 10; User researcher 2.5."),
        "Developer 10; User researcher 2.5", "Datblygwr 10; Ymchwilydd defnyddwyr 2.5",
        ("time needed", "officer time needed", "officer days"),
    ),
    Column(
        "funding_needed", "Funding needed (pounds)", "Cyllid sydd ei angen (punnoedd)",
        _("An amount, or what it is for and an amount: Hosting: 2,500; Licences: 800."),
        "Hosting: 2,500", "Lletya: 2,500", ("funding needed", "funding", "cyllid"),
    ),
    Column(
        "things_needed", "Things needed", "Pethau sydd eu hangen",
        _("What else you need and how many: Test group 2; Meeting room 1."), "Test group 2", "Grŵp profi 2",
    ),
    Column(
        "essential", "What is needed is essential", "Mae’r hyn sydd ei angen yn hanfodol",
        _("Yes, if the project cannot go ahead without it. Left empty, it would only help."), "Yes", "Ydy",
        ("essential", "hanfodol"),
    ),
)  # fmt: skip

COLUMN_BY_VALUE = by_value(COLUMNS)
NEEDED = ("title",)
EXAMPLES = frozenset({"example", "enghraifft"})
"""What the reference of the template's example line says: such a line is left out."""

ADDRESS = Label("address", "Address", "Cyfeiriad")
OUTCOME_OF_LINE = Label("line_outcome", "What came of it here", "Beth ddaeth ohono yma")
WORDS_OF_LINE = Label("line_words", "What to do", "Beth i’w wneud")
WRITTEN_ONLY = (OUTCOME_OF_LINE, WORDS_OF_LINE, ADDRESS)
"""Columns our own files have besides. An import passes over them without a word."""

BYTE_ORDER_MARK = "\ufeff"
"""Stands first in files we give out: without it a spreadsheet takes UTF-8 for something else."""

_INSIDE_BRACKETS = re.compile(r"\([^()]*\)")
_NO_WORD = re.compile(r"[\W_]+")


def key_of(words: str) -> str:
    """What two ways of writing the same words have in common: their letters and digits alone."""
    plain = unicodedata.normalize("NFKC", words).casefold().replace("&", "and").replace("\u2019", "")
    return _NO_WORD.sub("", plain)


def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for column in COLUMNS:
        for name in (column.value, column.en, column.cy, *column.also):
            found[key_of(name)] = found[key_of(_INSIDE_BRACKETS.sub("", name))] = column.value
    return found


_VALUE_BY_NAME = _names()


def column_named(name: str) -> str | None:
    """The value of the column somebody calls so, in either language; None for one we do not have."""
    return _VALUE_BY_NAME.get(key_of(name)) or _VALUE_BY_NAME.get(key_of(_INSIDE_BRACKETS.sub("", name)))


def is_ours(name: str) -> bool:
    """Whether a column that is not read is one that our own files have."""
    return key_of(name) in {key_of(own) for column in WRITTEN_ONLY for own in (column.value, column.en, column.cy)}


def is_example(reference: str) -> bool:
    """Whether a line is the template's example, by its reference."""
    return key_of(reference) in EXAMPLES


def header_in(language: str) -> list[str]:
    """The names of all columns, in their order."""
    return [column.in_language(language) for column in COLUMNS]


def example_in(language: str) -> list[str]:
    """The example line of the template."""
    return [column.example_in_language(language) for column in COLUMNS]


def in_order(values: Mapping[str, str]) -> list[str]:
    """The cells of a line, given by the values of their columns."""
    return [values.get(column.value, "") for column in COLUMNS]


def by_column(columns: Sequence[str], cells: Iterable[str]) -> dict[str, str]:
    """The cells of a line by the values of their columns; those under a name we do not know are left out."""
    read = (column_named(name) for name in columns)
    return {value: cell for value, cell in zip(read, cells, strict=False) if value is not None}
