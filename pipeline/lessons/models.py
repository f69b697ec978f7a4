"""Tables of lessons, what they said before, who used them, and what the leads of a document reply."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.db.base import Base, Edited, one_of
from pipeline.lessons.rules import LessonOutcome, LessonStatus


class Lesson(Edited, Base):
    """Something learned in a project: what we did, what happened, what we would do differently.

    A draft has no slug. `measures` is a list of {name, before, after, unit}. A lesson may be pinned to a version of an
    artefact (`artefact_id`, `version_id`) or a paragraph of it: `paragraph` is its text as one line and
    `paragraph_hash` the SHA-256 of that, by which it is found again in other versions. Where the version's text was
    removed for good both are empty, and `paragraph_removed_at` says since when. `answered_by_id` is the version
    the artefact's leads marked as its answer. `used_by` counts the councils that said *we used this*.
    """

    __tablename__ = "lesson"
    __table_args__ = (
        one_of("status", LessonStatus),
        one_of("outcome", LessonOutcome),
        CheckConstraint("status = 'draft' OR slug IS NOT NULL", name="published_has_slug"),
        CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_has_date"),
        CheckConstraint("(artefact_id IS NULL) = (version_id IS NULL)", name="pinned_to_version"),
        CheckConstraint("paragraph IS NULL OR version_id IS NOT NULL", name="paragraph_of_version"),
        CheckConstraint("paragraph_removed_at IS NULL OR paragraph IS NULL", name="paragraph_or_removed"),
        CheckConstraint("used_by >= 0", name="used_by_not_negative"),
        # Whether it is public is told without going through its texts.
        Index("ix_lesson_id_is_public", "id", "is_public"),
        Index("ix_lesson_public_published_at", "is_public", "published_at", "id"),
        Index("ix_lesson_public_updated_at", "is_public", "updated_at", "id"),
        Index("ix_lesson_public_used_by", "is_public", "used_by", "id"),
        Index("ix_lesson_project_id", "project_id", "id"),
        Index("ix_lesson_council_id", "council_id", "id"),
        Index("ix_lesson_artefact_id", "artefact_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    title: Mapped[str] = mapped_column(String(120))
    did: Mapped[str] = mapped_column(Text, default="")
    did_html: Mapped[str] = mapped_column(Text, default="")
    happened: Mapped[str] = mapped_column(Text, default="")
    happened_html: Mapped[str] = mapped_column(Text, default="")
    differently: Mapped[str] = mapped_column(Text, default="")
    differently_html: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[str] = mapped_column(Text, default="")
    evidence_html: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str | None] = mapped_column(String(20))
    measures: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    language: Mapped[str] = mapped_column(String(2), default="en")
    status: Mapped[str] = mapped_column(String(10), default=LessonStatus.DRAFT.value)
    artefact_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact.id"))
    version_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    paragraph: Mapped[str | None] = mapped_column(Text)
    paragraph_hash: Mapped[str | None] = mapped_column(String(64))
    paragraph_removed_at: Mapped[datetime | None]
    answered_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    answered_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_html: Mapped[str] = mapped_column(Text, default="")
    replied_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    replied_at: Mapped[datetime | None]
    used_by: Mapped[int] = mapped_column(default=0)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_made_up: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    themes: Mapped[list["LessonTheme"]] = relationship(
        lazy="raise", order_by="LessonTheme.position", cascade="all, delete-orphan"
    )

    @property
    def address(self) -> str:
        """What follows /lessons/ in its address: its slug, or its id until it is published."""
        return self.slug or str(self.id)


class LessonTheme(Base):
    """A theme of a lesson."""

    __tablename__ = "lesson_theme"
    __table_args__ = (Index("ix_lesson_theme_theme_lesson_id", "theme", "lesson_id"),)

    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class LessonText(Base):
    """An earlier text of a published lesson, kept when it is edited."""

    __tablename__ = "lesson_text"
    __table_args__ = (UniqueConstraint("lesson_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[dict[str, Any]]
    replaced_at: Mapped[datetime]


class LessonUse(Base):
    """*We used this*: once per council."""

    __tablename__ = "lesson_use"
    __table_args__ = (UniqueConstraint("lesson_id", "council_id"), Index("ix_lesson_use_council_id", "council_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lesson.id", ondelete="CASCADE"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    note: Mapped[str] = mapped_column(String(1000), default="")
    used_at: Mapped[datetime]
