"""The tables that stand behind the search index.

The index itself differs: an FTS5 table over `search_entry` on SQLite, a generated `tsvector` column with a GIN index on
PostgreSQL. The migration makes both; `place` is the row's number in the index, higher for what is newer (`places.py`).
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of


class EntryKind(StrEnum):
    """What can be found. A *version* is one that is no longer current; the current one is its document."""

    PROJECT = "project"
    NEED = "need"
    UPDATE = "update"
    LESSON = "lesson"
    DOCUMENT = "document"
    VERSION = "version"
    COUNCIL = "council"


class SearchEntry(Base):
    """The words of one public thing. It proposes; whether the thing is shown is read from the thing itself.

    `facets` are what a search can be narrowed by, as words `theme:housing nation:Wales` (`facets.py`), which the index
    holds like any others. `published_at` and `closes_on` are what results are sorted by.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        one_of("kind", EntryKind),
        UniqueConstraint("kind", "subject_id"),
        # Small beside the texts: from a place to what a search counts and sorts by, without going through them.
        Index("ix_search_entry_place_subject_id", "place", "kind", "subject_id", "facets", "published_at", "closes_on"),
        Index("ix_search_entry_project_id", "project_id"),
    )

    place: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID]
    project_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    closes_on: Mapped[date | None]
    facets: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A word of the index, and in how many entries it stands. Kept with every entry that is written."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    entries: Mapped[int]


class SearchGram(Base):
    """Three letters in a row of a word of the index, by which words that are nearly the same are found."""

    __tablename__ = "search_gram"

    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class SearchRenewal(Base):
    """Entries that are to be written again, a few at a time: those of a kind whose subject's id comes after `after`.

    `within` says which: "" for all there are, or `council:id` or `project:id`.
    """

    __tablename__ = "search_renewal"
    __table_args__ = (one_of("kind", EntryKind),)

    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    within: Mapped[str] = mapped_column(String(50), primary_key=True)
    after: Mapped[UUID | None]
    asked_at: Mapped[datetime]
