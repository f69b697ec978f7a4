"""What imports hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.imports.models import PortfolioImport

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "portfolios_brought_in": (
        PortfolioImport.officer_id,
        (PortfolioImport.file_name, PortfolioImport.state, PortfolioImport.created_at, PortfolioImport.confirmed_at),
    ),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything imports hold about whoever asks, as plain values by heading."""
    return {
        name: [dict(row._mapping) for row in reading.session.execute(_rows(reading, owner, columns))]
        for name, (owner, columns) in _OWN.items()
    }


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> Any:
    return select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
