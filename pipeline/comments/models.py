"""Tables of comments: what was said, what it said before, and who was called."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.comments.rules import CommentedOn, CommentStatus
from pipeline.db.base import Base, Edited, one_of


class Comment(Edited, Base):
    """What a member said about an update, a suggestion, an interest or a request to join.

    `project_id` is the project of what it is about. A withdrawn one keeps its row, which coordinators read.
    """

    __tablename__ = "comment"
    __table_args__ = (
        one_of("about_type", CommentedOn),
        one_of("status", CommentStatus),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        Index("ix_comment_about_id_written_at", "about_id", "status", "written_at", "id"),
        Index("ix_comment_status_written_at", "status", "written_at", "id"),
        Index("ix_comment_status_updated_at", "status", "updated_at", "id"),
        Index("ix_comment_council_id_written_at", "council_id", "status", "written_at", "id"),
        Index("ix_comment_project_id", "project_id"),
        Index("ix_comment_officer_id", "officer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    about_type: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[UUID]
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2), default="en")
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    status: Mapped[str] = mapped_column(String(10), default=CommentStatus.PUBLISHED.value)
    written_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class CommentText(Base):
    """An earlier text of a comment, kept for coordinators when it is edited."""

    __tablename__ = "comment_text"
    __table_args__ = (UniqueConstraint("comment_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class CommentMention(Base):
    """Somebody whom a comment calls, for the council they were picked as an officer of."""

    __tablename__ = "comment_mention"
    __table_args__ = (Index("ix_comment_mention_officer_id", "officer_id"),)

    comment_id: Mapped[UUID] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
