"""Checking a sheet in full before anything of it is kept: each line is ready, here already, or refused."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from pipeline.imports.columns import by_column, is_example
from pipeline.imports.lines import ReadLine, read_line, reference_key, title_key
from pipeline.imports.rules import LineState
from pipeline.imports.sheets import Sheet, SheetLine
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class Known:
    """The projects of a council that a line may be: by the council's own reference, and by what its title says.

    `with_reference` are those that have a reference: a line with another one is not them, whatever its title.
    """

    by_reference: Mapping[str, UUID] = field(default_factory=dict)
    by_title: Mapping[str, list[UUID]] = field(default_factory=dict)
    with_reference: Collection[UUID] = frozenset()

    def project_of(self, reference: str, title: str) -> UUID | None:
        """The project that a line with this reference and title is; None where it is a new one."""
        key, same_title = reference_key(reference), self.by_title.get(title_key(title), [])
        if not key:
            return next(iter(same_title), None)
        return self.by_reference.get(key) or next((one for one in same_title if one not in self.with_reference), None)


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """A line and what would come of it."""

    number: int
    cells: tuple[str, ...]
    read: ReadLine
    state: LineState
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A sheet that was checked, line by line."""

    sheet: Sheet
    lines: tuple[CheckedLine, ...]
    has_example: bool

    def number(self, state: LineState) -> int:
        """How many lines stand so."""
        return sum(line.state is state for line in self.lines)


def references_in(sheet: Sheet) -> list[str]:
    """The references of all lines, as they are written."""
    return [by_column(sheet.columns, line.cells).get("reference", "") for line in sheet.lines]


def check_sheet(sheet: Sheet, known: Known, *, today: date, nation: str) -> Checked:
    """Check every line. The template's example line is left out. Raises RuleBroken (import.no_lines) where nothing
    else is in it."""
    own = [line for line in sheet.lines if not is_example(by_column(sheet.columns, line.cells).get("reference", ""))]
    if not own:
        words = Words(_("There are no projects in it besides the example. Write your own under it."))
        raise RuleBroken(Problem("import.no_lines", words, "file"))
    lines = tuple(_Checking(sheet, known, today, nation).lines(own))
    return Checked(sheet, lines, has_example=len(own) < len(sheet.lines))


class _Checking:
    """Goes through the lines of one sheet, and remembers those that came before."""

    def __init__(self, sheet: Sheet, known: Known, today: date, nation: str) -> None:
        self.sheet, self.known, self.today, self.nation = sheet, known, today, nation
        self.references: dict[str, int] = {}
        self.titles: dict[str, tuple[int, str]] = {}

    def lines(self, lines: list[SheetLine]) -> Iterator[CheckedLine]:
        for line in lines:
            read = self._read(line)
            if read.project is None:
                yield CheckedLine(line.number, line.cells, read, LineState.REFUSED)
                continue
            self._remember(line.number, read)
            found = self.known.project_of(read.reference, read.title)
            state = LineState.READY if found is None else LineState.MATCHED
            yield CheckedLine(line.number, line.cells, read, state, found)

    def _read(self, line: SheetLine) -> ReadLine:
        if line.problem is not None:
            return ReadLine("", "", problems=(line.problem,))
        values = by_column(self.sheet.columns, line.cells)
        read = read_line(values, today=self.today, nation=self.nation)
        doubled = self._doubled(read) if read.project is not None else None
        return ReadLine(read.title, read.reference, problems=(doubled,)) if doubled else read

    def _doubled(self, read: ReadLine) -> Problem | None:
        """What is wrong with a line that says the same project as one before it."""
        key = reference_key(read.reference)
        if key and key in self.references:
            words = Words(_("Line {line} has the same reference."), line=self.references[key])
            return Problem("import.same_reference", words, "reference")
        number, other = self.titles.get(title_key(read.title), (0, ""))
        if number and not (key and other and key != other):
            words = Words(
                _("Line {line} has the same title. Give both a reference if they are two projects."), line=number
            )
            return Problem("import.same_title", words, "title")
        return None

    def _remember(self, number: int, read: ReadLine) -> None:
        key = reference_key(read.reference)
        if key:
            self.references[key] = number
        self.titles.setdefault(title_key(read.title), (number, key))
