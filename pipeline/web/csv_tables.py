"""Tables as CSV, made safe for the spreadsheet they are opened in."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, in full width as well."""

Cell = str | int | None


def csv_answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], *, mark: str = "") -> Response:
    """A table to download, with its header, under a file name without its ending. `mark` stands before everything."""
    text = io.StringIO()
    text.write(mark)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(cell) for cell in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def safe(cell: Cell) -> str:
    """A cell as it is written: text that a spreadsheet would run is quoted by an apostrophe, numbers stay numbers."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
