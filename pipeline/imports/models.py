"""Tables of imports: what was brought, its lines, and the councils' own references of their projects."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.imports.rules import (
    LONGEST_FILE_NAME,
    LONGEST_REFERENCE,
    LONGEST_TITLE_SHOWN,
    ImportState,
    LineState,
)

_CONFIRMED = text("state = 'confirmed'")


class PortfolioImport(Base):
    """A portfolio an officer brought for a council. Nobody else sees it: its lines are drafts, or would be.

    `columns` are the names in its first line, `ignored` those nothing is read from. `encoding` says how its letters
    were kept, "" where they came as text. `has_example` says that the template's example line was left out. It is
    forgotten after a month, with its lines.
    """

    __tablename__ = "portfolio_import"
    __table_args__ = (
        one_of("state", ImportState),
        CheckConstraint("state IN ('checked', 'set_aside') OR confirmed_at IS NOT NULL", name="confirmed_has_date"),
        Index("ix_portfolio_import_confirmed", "id", sqlite_where=_CONFIRMED, postgresql_where=_CONFIRMED),
        Index("ix_portfolio_import_officer_id_created_at", "officer_id", "created_at"),
        Index("ix_portfolio_import_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    state: Mapped[str] = mapped_column(String(10), default=ImportState.CHECKED.value)
    file_name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    encoding: Mapped[str] = mapped_column(String(20), default="")
    separator: Mapped[str] = mapped_column(String(1), default=",")
    columns: Mapped[list[str]]
    ignored: Mapped[list[str]] = mapped_column(default=list)
    has_example: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]


class ImportLine(Base):
    """A line of an import: its cells as they were brought, and what came of it.

    `number` is the line as a spreadsheet counts it, the header being 1. `project_id` is the draft it became, or the
    project it is already. `problems` are why it was refused, `unwritten` what publishing its project would still ask
    for: each with its code, column and words.
    """

    __tablename__ = "import_line"
    __table_args__ = (
        one_of("state", LineState),
        UniqueConstraint("import_id", "number"),
        CheckConstraint("state <> 'ready' OR project_id IS NULL", name="ready_has_no_project"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("portfolio_import.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    cells: Mapped[list[str]]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE_SHOWN), default="")
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), default="")
    problems: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    unwritten: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)


class ProjectReference(Base):
    """A council's own reference of a project it brought in, in small letters: by it the project is known again."""

    __tablename__ = "project_reference"

    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
