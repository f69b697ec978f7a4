"""What imports hold about an officer: for "download my data"."""

from typing import Any

from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading
from pipeline.imports.models import PortfolioImport

_OWN: Own = {
    "portfolios_brought_in": (
        PortfolioImport.officer_id,
        (PortfolioImport.file_name, PortfolioImport.state, PortfolioImport.created_at, PortfolioImport.confirmed_at),
    ),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything imports hold about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
