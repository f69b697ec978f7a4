"""The tables of exports: a set of files made from one moment, and their bytes in pieces."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of


class ExportState(StrEnum):
    """How far a set of files is: being made, given out, replaced by a newer one, or given up."""

    MAKING = "making"
    KEPT = "kept"
    REPLACED = "replaced"
    FAILED = "failed"


_ONE_OF_EACH = text("state IN ('making', 'kept')")


class Export(Base):
    """A set of files, all from one moment (`taken_at`).

    `sequence` and `public_sequence` are where the log of events stood at that moment, and `event_id` is its last event:
    whoever has the files goes on reading from there. `release` is of Pipeline; it stands in every row's `etag`. One set
    at most is being made, and one is given out. `ended_at` is when it was replaced.
    """

    __tablename__ = "export"
    __table_args__ = (
        one_of("state", ExportState),
        Index("uq_export_state", "state", unique=True, sqlite_where=_ONE_OF_EACH, postgresql_where=_ONE_OF_EACH),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    began_at: Mapped[datetime]
    leased_until: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    public_sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    event_id: Mapped[UUID | None]
    release: Mapped[str] = mapped_column(String(20))
    ended_at: Mapped[datetime | None]


class ExportFile(Base):
    """One file of a set: its name, its size in bytes, its rows, and the SHA-256 of the whole of it in hexadecimal."""

    __tablename__ = "export_file"
    __table_args__ = (
        UniqueConstraint("export_id", "name"),
        CheckConstraint("size >= 0", name="size_not_negative"),
        CheckConstraint("rows >= 0", name="rows_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    export_id: Mapped[UUID] = mapped_column(ForeignKey("export.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    rows: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")


class ExportPiece(Base):
    """A piece of a file, compressed: every piece but the last holds `PIECE` bytes of it (`keeping.py`)."""

    __tablename__ = "export_piece"

    file_id: Mapped[UUID] = mapped_column(ForeignKey("export_file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
