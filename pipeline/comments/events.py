"""What happens to comments. What they say stands in their rows and never here.

A comment on something public is public; one on an interest or a request is for that officer and the leads.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEvent(Event):
    """The parent of what happens to a comment. `about_type` and `about_id` say on what it was written."""

    subject_type: ClassVar[str] = "comment"
    subject_field: ClassVar[str] = "comment_id"

    comment_id: UUID
    project_id: UUID
    about_type: str
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWritten(CommentEvent):
    """A member commented. Those who are mentioned are told at once."""

    name: ClassVar[str] = "comment.written"

    mentioned_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEdited(CommentEvent):
    """Somebody edited their comment; the earlier text is kept for coordinators."""

    name: ClassVar[str] = "comment.edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWithdrawn(CommentEvent):
    """Somebody took their comment back."""

    name: ClassVar[str] = "comment.withdrawn"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRemoved(CommentEvent):
    """A coordinator hid a comment. Its writer and the leads read why."""

    name: ClassVar[str] = "comment.removed"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRestored(CommentEvent):
    """A coordinator brought a hidden comment back."""

    name: ClassVar[str] = "comment.restored"
