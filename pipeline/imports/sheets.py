"""Bytes or text that somebody calls a CSV, read into a header and lines; or what is wrong with it as a whole.

Whatever comes is a sheet or a refusal: a picture, a spreadsheet under another name, a million commas. Nothing of it is
kept here, and nothing looks at the meaning of a cell.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.imports.columns import COLUMN_BY_VALUE, NEEDED, column_named, is_ours
from pipeline.imports.rules import MOST_COLUMNS, MOST_LINES, check_size
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.text import clean_line
from pipeline.kernel.words import Words, _

SEPARATORS = (",", ";", "\t")
UTF_8, UTF_16, WINDOWS_1252 = "utf-8", "utf-16", "windows-1252"

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig", UTF_8), (codecs.BOM_UTF16_LE, "utf-16", UTF_16),
          (codecs.BOM_UTF16_BE, "utf-16", UTF_16))  # fmt: skip
_SPREADSHEETS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LONGEST_NAME_SHOWN = 60


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line: its number as a spreadsheet counts, the header being 1, and its cells under the sheet's columns.

    `problem` says why its cells could not be told apart.
    """

    number: int
    cells: tuple[str, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What somebody brought: the columns as they are named in it, and its lines. `encoding` is how its letters were
    kept ("" where they came as text), `ignored` the columns that nothing is read from."""

    columns: tuple[str, ...]
    lines: tuple[SheetLine, ...]
    encoding: str = ""
    separator: str = ","
    ignored: tuple[str, ...] = ()


def sheet_from_bytes(content: bytes) -> Sheet:
    """Read a file. Raises RuleBroken (import.…) with what to do instead."""
    check_size(content)
    text, encoding = _decoded(content)
    return _sheet(text, encoding)


def text_of_csv(content: bytes) -> str:
    """The text of a file, whichever way its letters are kept. Raises RuleBroken (import.…)."""
    check_size(content)
    return _decoded(content)[0].removeprefix("\ufeff")


def sheet_from_text(text: str) -> Sheet:
    """Read what was pasted or sent as text. Raises RuleBroken (import.…)."""
    check_size(text.encode("utf-8", "replace"))
    if _NOT_TEXT.search(text):
        raise _refusal("import.not_text", Words(_("It holds characters that are no text. Save it again as CSV.")))
    return _sheet(text.removeprefix("\ufeff"), "")


def sheet_from_rows(rows: Sequence[Mapping[str, str]]) -> Sheet:
    """The sheet that rows sent by a program make, each given by the values of its columns. Raises RuleBroken."""
    if not rows:
        raise _no_lines()
    if len(rows) > MOST_LINES:
        raise _too_many_lines()
    columns = tuple(value for value in COLUMN_BY_VALUE if any(value in row for row in rows))
    lines = (
        SheetLine(number, tuple(row.get(value, "") for value in columns)) for number, row in enumerate(rows, start=2)
    )
    return Sheet(columns, tuple(lines))


def _refusal(code: str, words: Words) -> RuleBroken:
    return RuleBroken(Problem(code, words, "file"))


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and how its letters were kept: by the mark at its start, as UTF-8, or as Windows does it."""
    if content.startswith(_SPREADSHEETS):
        words = _("This is a spreadsheet or a document. In your spreadsheet choose Save as, CSV UTF-8, and bring that.")
        raise _refusal("import.spreadsheet", Words(words))
    marked = next(((codec, name) for mark, codec, name in _MARKS if content.startswith(mark)), None)
    for codec, name in (marked,) if marked else (("utf-8", UTF_8), ("cp1252", WINDOWS_1252)):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text, name
    not_text = Words(_("This is not a CSV file. In your spreadsheet choose Save as, CSV UTF-8, and bring that."))
    raise _refusal("import.not_text", not_text)


def _sheet(text: str, encoding: str) -> Sheet:
    separator = _separator_of(text)
    records = _records(text, separator)
    columns = _header(records)
    _check_columns(columns)
    lines = tuple(_lines(records, len(columns)))
    if not lines:
        raise _no_lines()
    ignored = tuple(name for name in columns if name and column_named(name) is None and not is_ours(name))
    return Sheet(columns, lines, encoding, separator, ignored)


def _no_lines() -> RuleBroken:
    return _refusal("import.no_lines", Words(_("There are no projects in it, only the names of columns.")))


def _too_many_lines() -> RuleBroken:
    words = Words(_("There are more than {most} projects in it. Cut it into several files."), most=MOST_LINES)
    return _refusal("import.too_many_lines", words)


def _separator_of(text: str) -> str:
    """What stands between cells: whatever makes most of our columns of the first line that says anything."""
    first = next((line for line in io.StringIO(text, newline="") if line.strip(" \t\r\n;,")), "")[:10_000]
    return max(SEPARATORS, key=lambda separator: (_known_in(first, separator), first.count(separator)))


def _known_in(line: str, separator: str) -> int:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return 0
    return sum(column_named(cell) is not None for cell in cells[:MOST_COLUMNS])


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    cells: list[str]
    problem: Problem | None = None


def _records(text: str, separator: str) -> Iterator[_Record]:
    """Every record of the text, the empty ones too: a spreadsheet counts them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Record(number, [], _misread(str(error)))
            continue
        yield _Record(number, cells)


def _misread(said: str) -> Problem:
    if "field limit" in said:
        return Problem("import.cell_too_long", Words(_("One cell holds far more than any column takes. Shorten it.")))
    words = _("A quotation mark is opened and not closed, or stands inside a cell alone: write it twice there.")
    return Problem("import.quotes", Words(words))


def _header(records: Iterator[_Record]) -> tuple[str, ...]:
    """The names of the columns: the first record that says anything."""
    for record in records:
        if record.problem is not None:
            words = Words(_("The line with the names of the columns cannot be read. Start from the template."))
            raise _refusal("import.header_unreadable", words)
        if any(cell.strip() for cell in record.cells):
            names = [clean_line(cell)[:200] for cell in record.cells[: 1 + _last_filled(record.cells)]]
            if len(names) > MOST_COLUMNS:
                words = Words(_("There are more than {most} columns. Start from the template."), most=MOST_COLUMNS)
                raise _refusal("import.too_many_columns", words)
            return tuple(names)
    raise _refusal("import.empty", Words(_("There is nothing in it. Choose another file.")))


def _last_filled(cells: list[str]) -> int:
    return max(place for place, cell in enumerate(cells) if cell.strip())


def _check_columns(columns: tuple[str, ...]) -> None:
    """Every column that is needed is there, and none twice. Raises RuleBroken naming each that is wrong."""
    known = [(name, column_named(name)) for name in columns]
    found = [value for _name, value in known if value is not None]
    problems = []
    for value in NEEDED:
        if value not in found:
            name = Words(COLUMN_BY_VALUE[value].en)
            words = _("There is no column {column}. The first line must name the columns: use the template.")
            problems.append(Problem("import.column_missing", Words(words, column=name), "file"))
    for value in dict.fromkeys(one for one in found if found.count(one) > 1):
        names = ", ".join(name[:_LONGEST_NAME_SHOWN] for name, one in known if one == value)
        words = _("Two columns mean the same: {columns}. Take one of them out.")
        problems.append(Problem("import.column_doubled", Words(words, columns=names), "file"))
    if problems:
        raise RuleBroken(*problems)


def _lines(records: Iterator[_Record], width: int) -> Iterator[SheetLine]:
    number = 0
    for record in records:
        if record.problem is None and not any(cell.strip() for cell in record.cells):
            continue
        number += 1
        if number > MOST_LINES:
            raise _too_many_lines()
        problem = record.problem
        if problem is None and any(cell.strip() for cell in record.cells[width:]):
            words = _("There are more cells than columns. Put a cell that holds the separator in quotation marks.")
            problem = Problem("import.cells_over", Words(words))
        cells = [*record.cells[:width], *[""] * (width - len(record.cells))]
        yield SheetLine(record.number, tuple(cells), problem)
