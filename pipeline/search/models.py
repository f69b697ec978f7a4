"""The table that stands behind the search index.

The index itself differs: an FTS5 table over this one on SQLite, a generated `tsvector` column with a GIN index on
PostgreSQL. The migration makes both; `place` is the row's number in the index and grows with time.
"""

from uuid import UUID

from sqlalchemy import Identity, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base


class ProjectSearch(Base):
    """The words of one public project. It proposes; whether a project is shown is read from the project itself."""

    __tablename__ = "project_search"
    # Small beside the texts: from a place to its project without going through them.
    __table_args__ = (Index("ix_project_search_place_project_id", "place", "project_id"),)

    place: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
