"""Tables as CSV, made safe for the spreadsheet they are opened in."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from pipeline.kernel.spreadsheets import Cell, safe


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
