"""What officers choose about what they are told. It is nobody else's business."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteEvent(Event):
    """The parent of muting."""

    subject_type: ClassVar[str] = "mute"
    subject_field: ClassVar[str] = "mute_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False

    mute_id: UUID
    muted_type: str
    muted_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteBegan(MuteEvent):
    """An officer wants to be told nothing of something, though they have a part in it."""

    name: ClassVar[str] = "mute.began"


@dataclass(frozen=True, slots=True, kw_only=True)
class MuteEnded(MuteEvent):
    """An officer wants to be told of something again."""

    name: ClassVar[str] = "mute.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChosen(Event):
    """An officer chose how they are told of news, on a page, by a program, or by the link in a mail."""

    name: ClassVar[str] = "mail.chosen"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False

    officer_id: UUID
    how: dict[str, str]
