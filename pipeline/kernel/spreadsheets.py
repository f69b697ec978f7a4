"""Cells of tables as CSV, made safe for the spreadsheet they are opened in."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, in full width as well."""

Cell = str | int | None


def safe(cell: Cell) -> str:
    """A cell as it is written: text that a spreadsheet would run is quoted by an apostrophe, numbers stay numbers."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
