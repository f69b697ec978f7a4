"""The table of blobs: files as people brought them, kept once by what is in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, one_of
from pipeline.documents.uploads import TakenIn, UploadKind


class Blob(Base):
    """The bytes of a file, under the SHA-256 of them (64 hexadecimal digits). The same file is kept once."""

    __tablename__ = "blob"
    __table_args__ = (CheckConstraint("size >= 0", name="size_not_negative"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


_WAITING = text("state = 'waiting'")


class Upload(Base):
    """A file an officer brought, to be taken in as text by the worker: what came of it, and the text.

    `text` is Markdown, there when `state` is *ready*. `problem` is the code of why it could not be taken in
    (`documents/uploads.py`). `has_comments`, `has_tracked_changes`, `has_hidden_words` and `people` say what a .docx or
    .odt holds besides its text, for whoever thinks of showing the original to the public; `has_edges` (words at the
    head or foot of its pages) and `has_pictures` what was left out besides. A row nobody used is forgotten after a day.
    """

    __tablename__ = "upload"
    __table_args__ = (
        one_of("kind", UploadKind),
        one_of("state", TakenIn),
        Index("ix_upload_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_upload_officer_id_created_at", "officer_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    blob_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=TakenIn.WAITING.value)
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str | None]
    has_comments: Mapped[bool] = mapped_column(default=False)
    has_tracked_changes: Mapped[bool] = mapped_column(default=False)
    has_hidden_words: Mapped[bool] = mapped_column(default=False)
    has_edges: Mapped[bool] = mapped_column(default=False)
    has_pictures: Mapped[bool] = mapped_column(default=False)
    people: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
