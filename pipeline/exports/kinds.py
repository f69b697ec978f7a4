"""What an export holds: kinds of things, each with its rows and the columns of its table.

The rows are those of the API's lists, so the API says how they are read (`api/export_kinds.py`); what makes the files
is handed the kinds and knows nothing of addresses or schemas.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

from pipeline.db.work import Reading
from pipeline.kernel.spreadsheets import safe

EXPORT_KINDS = "pipeline_export_kinds"
"""Where the application keeps the kinds: the API puts them there, and the worker makes files of them."""

Row = dict[str, Any]


class Form(StrEnum):
    """What an export can be read as."""

    NDJSON = "ndjson"
    CSV = "csv"


class ColumnType(StrEnum):
    """The types of columns, as Table Schema calls them."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    ARRAY = "array"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: the members that lead to its value in a row, its type, and what it says."""

    path: tuple[str, ...]
    type: ColumnType
    words: str = ""
    format: str | None = None

    @property
    def name(self) -> str:
        """As the header of the table has it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of public thing. `pages` reads all of it in the order of its list, some rows at a time."""

    name: str
    columns: tuple[Column, ...]
    pages: Callable[[Reading], Iterator[Sequence[Row]]]

    def file_name(self, form: Form) -> str:
        """What its file is called."""
        return f"{self.name}.{form.value}"


def written(kind: Kind, form: Form, pages: Iterable[Sequence[Row]]) -> Iterator[bytes]:
    """The rows of a kind as pieces of a file: the header of a table, then piece by piece its pages."""
    if form is Form.CSV:
        yield header_of(kind)
    for rows in pages:
        yield lines_of(kind, form, rows)


def header_of(kind: Kind) -> bytes:
    """The first line of the table of a kind."""
    return _csv([[column.name for column in kind.columns]])


def lines_of(kind: Kind, form: Form, rows: Sequence[Row]) -> bytes:
    """Rows as lines: of JSON, or of the table of their kind."""
    if form is Form.NDJSON:
        return b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
    return _csv([_cell(row, column) for column in kind.columns] for row in rows)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Lines as RFC 4180 has them, in UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _cell(row: Row, column: Column) -> str:
    value: Any = row
    for name in column.path:
        value = value.get(name) if value is not None else None
    if value is None:
        return ""
    if column.type in (ColumnType.ARRAY, ColumnType.OBJECT):
        return orjson.dumps(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value if isinstance(value, int) else str(value))
