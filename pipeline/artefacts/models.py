"""Tables of artefacts: the shared document, its versions and drafts, who adopted it, copies, merges, suggestions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.artefacts.rules import (
    AdoptionStanding,
    ArtefactKind,
    ArtefactStatus,
    DraftStatus,
    MergeKind,
    MergeStatus,
    SuggestionStatus,
    VersionStatus,
)
from pipeline.db.base import Base, Edited, one_of
from pipeline.documents.downloads import Form

_TITLE = String(120).with_variant(String(120, collation="NOCASE"), "sqlite")
_OPEN_DRAFT = text("status = 'open'")
_STANDING = text("ended_at IS NULL")
_PUBLIC = "is_public"


class Artefact(Edited, Base):
    """A shared document of a project, kept by its lead council.

    Until its first version is published it has no slug (its address holds its id) and only the team knows of it. Its
    slug never changes afterwards. `title`, `licence`, `language` and `current_number` are those of the current version:
    the highest not withdrawn or removed; before, those of the first draft. `last_number` is the last number given.

    `upstream_id` is the artefact it is an adapted copy of and `base_id` the upstream's version it last took in.
    `root_id` is the first ancestor (itself where there is none): all that share it are one lineage. `generation` is 0
    for the first. `pair_id` is the same document in the other language.

    Counters kept in the transaction: `as_is` and `adapted` adoptions that stand, `copies` published, `lessons` pinned.
    `is_public` is true once a version is published and the project is public and nothing is hidden.
    """

    __tablename__ = "artefact"
    __table_args__ = (
        one_of("kind", ArtefactKind),
        one_of("status", ArtefactStatus),
        CheckConstraint("status = 'draft' OR slug IS NOT NULL", name="published_has_slug"),
        CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_has_date"),
        CheckConstraint("(upstream_id IS NULL) = (base_id IS NULL)", name="copy_has_base"),
        CheckConstraint("upstream_id IS NULL OR upstream_id <> id", name="not_its_own_upstream"),
        CheckConstraint("pair_id IS NULL OR pair_id <> id", name="not_its_own_pair"),
        CheckConstraint("as_is >= 0 AND adapted >= 0 AND copies >= 0 AND lessons >= 0", name="counters_not_negative"),
        Index("ix_artefact_public_updated_at", _PUBLIC, "updated_at", "id"),
        Index("ix_artefact_public_published_at", _PUBLIC, "published_at", "id"),
        Index("ix_artefact_public_title", _PUBLIC, "title", "id"),
        Index("ix_artefact_public_adoptions", _PUBLIC, "adoptions", "id"),
        Index("ix_artefact_project_id", "project_id", "id"),
        Index("ix_artefact_council_id_updated_at", "council_id", "updated_at", "id"),
        Index("ix_artefact_upstream_id", "upstream_id", "id"),
        # How many copies of what a lineage has is counted in it alone, and those originals that have any are found.
        Index("ix_artefact_root_id", "root_id", "upstream_id", _PUBLIC, "project_id", "id"),
        Index("ix_artefact_root_id_copies", "root_id", "copies", "id"),
        Index("ix_artefact_review_on", "review_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(_TITLE)
    summary: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    licence: Mapped[str] = mapped_column(ForeignKey("licence.code"))
    review_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(10), default=ArtefactStatus.DRAFT.value)
    current_number: Mapped[int | None]
    last_number: Mapped[int] = mapped_column(default=0)
    upstream_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact.id"))
    base_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id", use_alter=True))
    root_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    generation: Mapped[int] = mapped_column(default=0)
    pair_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact.id"), unique=True)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_made_up: Mapped[bool] = mapped_column(default=False)
    as_is: Mapped[int] = mapped_column(default=0)
    adapted: Mapped[int] = mapped_column(default=0)
    adoptions: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    lessons: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    review_nudges: Mapped[int] = mapped_column(default=0)

    versions: Mapped[list["Version"]] = relationship(
        lazy="raise", order_by="Version.number", foreign_keys="Version.artefact_id"
    )

    @property
    def address(self) -> str:
        """What follows /documents/ in its address: its slug, or its id until it is published."""
        return self.slug or str(self.id)


class Licence(Base):
    """A licence a document can be shared under: a row, so that another needs no release.

    `adapted_under` lists the codes a copy may carry; empty where no copies may be made. `notice` is what must be said,
    with {title}, {council}, {version} and {licence} to fill in.
    """

    __tablename__ = "licence"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    url: Mapped[str] = mapped_column(String(300))
    position: Mapped[int]
    adapted_under: Mapped[list[str]]
    notice: Mapped[str] = mapped_column(Text)


class Version(Base):
    """One published, numbered state of an artefact. Its text never changes; only a removal empties it.

    `sha256` is the hash of the text (`blocks.hash_of`). `started_from_id` is the version the draft started from, and
    `took_in_id` the upstream's version it took in, where it did. `sources` is the attribution the machine keeps: a list
    of {council, title, version, licence, slug} from the first ancestor down. `credits` names the councils whose
    suggestions it took, a list of {council_id, suggestion_id}; without the latter, a council among several that changed
    something alike. `points` are those of a checklist: a list of {id, text, standing (same, reworded, new)};
    `dropped_points` those of the version before that are gone. `matches_id` is the version of the document in the
    other language that says the same.
    """

    __tablename__ = "artefact_version"
    __table_args__ = (
        one_of("status", VersionStatus),
        UniqueConstraint("artefact_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("status = 'published' OR withdrawn_at IS NOT NULL", name="withdrawn_when"),
        Index("ix_artefact_version_sha256", "sha256"),
        Index("ix_artefact_version_published_at", "published_at", "id"),
        Index("ix_artefact_version_took_in_id", "took_in_id"),
        # How far behind somebody is, is counted without reading a text.
        Index("ix_artefact_version_id_status", "id", "status"),
        Index("ix_artefact_version_artefact_id_status", "artefact_id", "status", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    words: Mapped[int]
    licence: Mapped[str] = mapped_column(ForeignKey("licence.code"))
    change_note: Mapped[str] = mapped_column(String(1000))
    is_major: Mapped[bool]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    published_at: Mapped[datetime]
    started_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    took_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    restored_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    matches_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    credits: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    dropped_points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    original_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    original_name: Mapped[str | None] = mapped_column(String(200))
    original_upload_id: Mapped[UUID | None]
    is_original_public: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default=VersionStatus.PUBLISHED.value)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(1000))
    is_hidden: Mapped[bool] = mapped_column(default=False)


class HiddenVersion(Base):
    """What a version said that a coordinator hid, put aside until it is brought back: while it is here the version is
    as empty as a removed one, wherever it is read. `status` is what it was."""

    __tablename__ = "hidden_version"
    __table_args__ = (one_of("status", VersionStatus),)

    version_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id", ondelete="CASCADE"), primary_key=True)
    status: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    words: Mapped[int]
    change_note: Mapped[str] = mapped_column(String(1000))
    points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    dropped_points: Mapped[list[dict[str, Any]]] = mapped_column(default=list)


class Draft(Edited, Base):
    """A text being written, that may become a version.

    It knows the version it started from, and only one that started from the current version can be published.
    `took_in_id` is the upstream's version merged into it, `suggestion_id` the suggestion it was made from, and
    `credits`, `restored_from_id` and the `original_…` go with it into the version.
    """

    __tablename__ = "artefact_draft"
    __table_args__ = (
        one_of("status", DraftStatus),
        Index("ix_artefact_draft_artefact_id_status", "artefact_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    started_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    took_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    restored_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(ForeignKey("licence.code"))
    change_note: Mapped[str] = mapped_column(String(1000), default="")
    is_major: Mapped[bool] = mapped_column(default=False)
    credits: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    original_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    original_name: Mapped[str | None] = mapped_column(String(200))
    original_upload_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(String(10), default=DraftStatus.OPEN.value)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    saved_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Adoption(Edited, Base):
    """That a council uses an artefact, as is at a version or adapted in a copy of its own.

    At most one stands for each council and artefact. `version_id` is the version it uses; of an adapted one, the base
    of its copy. An adapted one is *preparing* until the copy's first version is published.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        one_of("standing", AdoptionStanding),
        CheckConstraint("(standing = 'ended') = (ended_at IS NOT NULL)", name="ended_when"),
        CheckConstraint("standing NOT IN ('preparing', 'adapted') OR copy_id IS NOT NULL", name="adapted_has_copy"),
        Index(
            "uq_adoption_standing", "artefact_id", "council_id", unique=True,
            sqlite_where=_STANDING, postgresql_where=_STANDING,
        ),
        Index("ix_adoption_artefact_id_standing", "artefact_id", "standing", "id"),
        Index("ix_adoption_artefact_id_started_at", "artefact_id", "started_at", "id"),
        # The lists over all documents.
        Index("ix_adoption_started_at", "started_at", "id"),
        Index("ix_adoption_updated_at", "updated_at", "id"),
        Index("ix_adoption_council_id_standing", "council_id", "standing", "id"),
        Index("ix_adoption_copy_id", "copy_id"),
        Index("ix_adoption_review_on", "review_on"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    copy_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact.id"))
    standing: Mapped[str] = mapped_column(String(10))
    review_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    approved_by: Mapped[str] = mapped_column(String(120), default="")
    approved_on: Mapped[date | None]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    started_at: Mapped[datetime]
    moved_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(1000), default="")


class AdoptionMove(Base):
    """A step of an adoption: adopted, moved up, adapted, ended; from which version to which, by whom and when."""

    __tablename__ = "adoption_move"
    __table_args__ = (one_of("standing", AdoptionStanding), Index("ix_adoption_move_adoption_id", "adoption_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    adoption_id: Mapped[UUID] = mapped_column(ForeignKey("adoption.id"))
    standing: Mapped[str] = mapped_column(String(10))
    from_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    moved_at: Mapped[datetime]


class Merge(Edited, Base):
    """A merge somebody is going through: base, theirs and ours, and what was decided so far.

    *upstream*: `theirs_id` is a newer version of the upstream and `base_id` the one the copy last took in. *own*:
    theirs is the artefact's own current version, base the one the draft started from. *suggestion*: theirs is the text
    of a suggestion (`suggestion_id`), base the version it was made against. Ours is the text of `draft_id` where the
    merge goes into a draft, else of the artefact's current version `ours_id`; `ours_text` is kept as it was when the
    merge began, so that decisions stay true. `decisions` maps the number of a clash to {choice:
    ours|theirs|both|base|text, text}. When it is finished, `draft_id` is the draft it made.
    """

    __tablename__ = "artefact_merge"
    __table_args__ = (
        one_of("kind", MergeKind),
        one_of("status", MergeStatus),
        Index("ix_artefact_merge_artefact_id_status", "artefact_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    kind: Mapped[str] = mapped_column(String(10))
    base_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    theirs_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    ours_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    ours_text: Mapped[str] = mapped_column(Text)
    suggestion_id: Mapped[UUID | None] = mapped_column(ForeignKey("suggestion.id"))
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_draft.id"))
    decisions: Mapped[dict[str, Any]] = mapped_column(default=dict)
    status: Mapped[str] = mapped_column(String(10), default=MergeStatus.OPEN.value)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Suggestion(Edited, Base):
    """Changes a council with an adapted copy offers to the original, with a reason.

    `artefact_id` is the original, `against_id` its version the suggestion was made from (the copy's base), `from_id`
    the copy's version the paragraphs come from, and `text` the whole text of `against_id` with the chosen changes in.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        one_of("status", SuggestionStatus),
        CheckConstraint(
            "status IN ('made', 'withdrawn', 'overtaken') OR answered_at IS NOT NULL", name="answered_when"
        ),
        Index("ix_suggestion_artefact_id_status", "artefact_id", "status", "id"),
        Index("ix_suggestion_artefact_id_made_at", "artefact_id", "made_at", "id"),
        Index("ix_suggestion_artefact_id_updated_at", "artefact_id", "updated_at", "id"),
        Index("ix_suggestion_copy_id", "copy_id"),
        Index("ix_suggestion_council_id", "council_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    copy_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    against_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    text: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(10), default=SuggestionStatus.MADE.value)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    made_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    was_edited: Mapped[bool] = mapped_column(default=False)
    published_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    is_hidden: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]


class ChecklistAnswers(Edited, Base):
    """A council's answers to a version of a checklist: its own until published.

    `answers` maps the id of a point to {answer, note, check_again}.
    """

    __tablename__ = "checklist_answers"
    __table_args__ = (
        UniqueConstraint("artefact_id", "council_id"),
        CheckConstraint(
            "met >= 0 AND partly >= 0 AND not_yet >= 0 AND not_applicable >= 0", name="counts_not_negative"
        ),
        Index("ix_checklist_answers_published", "artefact_id", "published_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    published_answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    published_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("artefact_version.id"))
    met: Mapped[int] = mapped_column(default=0)
    partly: Mapped[int] = mapped_column(default=0)
    not_yet: Mapped[int] = mapped_column(default=0)
    not_applicable: Mapped[int] = mapped_column(default=0)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class KeptComparison(Base):
    """A comparison that was worked out once, for good: versions never change. A removal deletes it."""

    __tablename__ = "kept_comparison"

    from_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id", ondelete="CASCADE"), primary_key=True)
    to_id: Mapped[UUID] = mapped_column(
        ForeignKey("artefact_version.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    method: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]


class KeptDownload(Base):
    """A file that was made of a version, kept until another is made of it or newer ones take its place. `mark` says
    what it was made from. A removal deletes it."""

    __tablename__ = "kept_download"
    __table_args__ = (one_of("form", Form), Index("ix_kept_download_made_at", "made_at"))

    version_id: Mapped[UUID] = mapped_column(ForeignKey("artefact_version.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str] = mapped_column(String(4), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]


class KeptRecurrence(Base):
    """Which local changes recur across the copies of a document, as the worker last found them.

    `content` is {changes: [{key, before, after, follows, council_ids, number, exactly, variants: [{after,
    council_ids}], more_variants}]}. `due_at` is when a copy changed since; the worker looks again then.
    """

    __tablename__ = "kept_recurrence"
    __table_args__ = (Index("ix_kept_recurrence_due_at", "due_at"),)

    artefact_id: Mapped[UUID] = mapped_column(ForeignKey("artefact.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
