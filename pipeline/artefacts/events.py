"""What happens to shared documents, their versions and drafts.

What is done to a draft is read by the people of the project only. Publishing records one event for the version, and one
for the document where it is its first.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event

Changes = dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactEvent(Event):
    """The parent of what happens to a shared document itself."""

    subject_type: ClassVar[str] = "artefact"
    subject_field: ClassVar[str] = "artefact_id"

    artefact_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactDrafted(ArtefactEvent):
    """Somebody began a document. Only the team sees it until a first version is published."""

    name: ClassVar[str] = "artefact.drafted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactDraftDeleted(ArtefactEvent):
    """The team deleted a document that was never published."""

    name: ClassVar[str] = "artefact.draft_deleted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactRemoved(ArtefactEvent):
    """A coordinator hid a document, with all its versions. The project's team reads why."""

    name: ClassVar[str] = "artefact.removed"
    takes_away: ClassVar[bool] = True

    slug: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactRestored(ArtefactEvent):
    """A coordinator brought a hidden document back."""

    name: ClassVar[str] = "artefact.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactPublished(ArtefactEvent):
    """A document has its first version, and is there for others to use."""

    name: ClassVar[str] = "artefact.published"

    kind: str
    language: str
    licence: str
    upstream_id: UUID | None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactChanged(ArtefactEvent):
    """Summary, kind or review date changed; `fields` names what, `changes` holds vocabulary words and dates."""

    name: ClassVar[str] = "artefact.changed"

    fields: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactEnded(ArtefactEvent):
    """The leads keep a document no longer. Its versions stay, and copies of it stand on their own."""

    name: ClassVar[str] = "artefact.ended"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactReopened(ArtefactEvent):
    """The leads keep a document again."""

    name: ClassVar[str] = "artefact.reopened"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactPaired(ArtefactEvent):
    """Two documents are one in English and Welsh, with equal standing. Recorded once for each of the two."""

    name: ClassVar[str] = "artefact.paired"

    pair_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactUnpaired(ArtefactEvent):
    """Two documents are no longer one in two languages. Recorded once for each of the two."""

    name: ClassVar[str] = "artefact.unpaired"

    pair_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtefactReviewDue(ArtefactEvent):
    """The review date of a document is past; its leads are reminded, at the date and 30 and 60 days later."""

    name: ClassVar[str] = "artefact.review_due"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    review_on: date
    nudge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionEvent(Event):
    """The parent of what happens to a version of a document."""

    subject_type: ClassVar[str] = "version"
    subject_field: ClassVar[str] = "version_id"

    version_id: UUID
    artefact_id: UUID
    project_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPublished(VersionEvent):
    """The leads published a version. `took_in_id` is the original's version it took in, where it did;
    `restored_from_id` the earlier version whose text it brings back."""

    name: ClassVar[str] = "version.published"

    is_major: bool
    took_in_id: UUID | None = None
    restored_from_id: UUID | None = None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionWithdrawn(VersionEvent):
    """The leads withdrew a version: do not use it. Its page gives the reason; `changes` holds the current number."""

    name: ClassVar[str] = "version.withdrawn"
    takes_away: ClassVar[bool] = False

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRemoved(VersionEvent):
    """A coordinator removed the text of a version for good. Number, hash, date and a notice are left."""

    name: ClassVar[str] = "version.removed"
    takes_away: ClassVar[bool] = True

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionHidden(VersionEvent):
    """A coordinator hid one version of a document; the others stay. The team reads why."""

    name: ClassVar[str] = "version.hidden"
    takes_away: ClassVar[bool] = True

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRestored(VersionEvent):
    """A coordinator brought a hidden version back."""

    name: ClassVar[str] = "version.restored"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionOriginalShown(VersionEvent):
    """A lead showed the public the file a version was taken from, or shows it no longer."""

    name: ClassVar[str] = "version.original_shown"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionMatched(VersionEvent):
    """The leads said which version of the document in the other language says the same."""

    name: ClassVar[str] = "version.matched"

    matches_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEvent(Event):
    """The parent of what happens to the draft of a version. Only the team reads of it."""

    subject_type: ClassVar[str] = "draft"
    subject_field: ClassVar[str] = "draft_id"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    draft_id: UUID
    artefact_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStarted(DraftEvent):
    """Somebody of the team began a new version."""

    name: ClassVar[str] = "draft.started"

    started_from_id: UUID | None
    restored_from_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChanged(DraftEvent):
    """Somebody of the team changed a draft; `fields` names what, never how it reads."""

    name: ClassVar[str] = "draft.changed"

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTaken(DraftEvent):
    """The text of a draft was taken from a file."""

    name: ClassVar[str] = "draft.taken_from_file"

    upload_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(DraftEvent):
    """Somebody of the team threw a draft away."""

    name: ClassVar[str] = "draft.discarded"
