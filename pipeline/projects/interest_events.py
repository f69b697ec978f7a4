"""What happens around a project: interest and its answers, asking to join, asking back, following, late answers.

Interest, requests and questions are between the officer and the leads: only what an officer shows with their council's
name is public. Texts are in no event.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event
from pipeline.projects.events import Changes, ProjectEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestEvent(Event):
    """The parent of what happens to an expression of interest. Public only where the officer named their council."""

    subject_type: ClassVar[str] = "interest"
    subject_field: ClassVar[str] = "interest_id"

    interest_id: UUID
    project_id: UUID
    interested_council_id: UUID
    kind: str
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestShown(InterestEvent):
    """An officer said that their council has the problem too, or is open to a conversation. The leads answer."""

    name: ClassVar[str] = "interest.shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestWithdrawn(InterestEvent):
    """An officer took an interest back."""

    name: ClassVar[str] = "interest.withdrawn"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestAnswered(InterestEvent):
    """A lead answered an interest. The officer who showed it reads the answer, and nobody else outside the leads."""

    name: ClassVar[str] = "interest.answered"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinEvent(Event):
    """The parent of asking to join a team: an officer asks the leads, or a lead asks an officer (`is_invitation`)."""

    subject_type: ClassVar[str] = "join_request"
    subject_field: ClassVar[str] = "join_request_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False

    join_request_id: UUID
    project_id: UUID
    officer_id: UUID
    for_council_id: UUID
    is_invitation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAsked(JoinEvent):
    """An officer asked to join the team, or was asked to by a lead of another council. Whoever was asked answers."""

    name: ClassVar[str] = "team.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamDeclined(JoinEvent):
    """The leads did not take somebody into the team, or somebody who was asked does not join."""

    name: ClassVar[str] = "team.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRequestWithdrawn(JoinEvent):
    """An officer no longer asks to join."""

    name: ClassVar[str] = "team.request_withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEvent(Event):
    """The parent of asking back: `about` says whether it is about a pledge, an interest or a request to join."""

    subject_type: ClassVar[str] = "question"
    subject_field: ClassVar[str] = "question_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False

    question_id: UUID
    project_id: UUID
    about_type: str
    about_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(QuestionEvent):
    """A lead asked back about a pledge, an interest or a request to join."""

    name: ClassVar[str] = "question.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReplied(QuestionEvent):
    """The other side replied to what the leads asked back."""

    name: ClassVar[str] = "question.replied"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowEvent(Event):
    """The parent of following. Everybody sees how many follow a project; who does is the officer's own business."""

    subject_type: ClassVar[str] = "follow"
    subject_field: ClassVar[str] = "follow_id"
    audience: ClassVar[Audience] = Audience.OFFICER

    follow_id: UUID
    project_id: UUID | None
    followed_type: str
    followed_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowBegan(FollowEvent):
    """An officer follows a project or something else, or waits for room in a need."""

    name: ClassVar[str] = "follow.began"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowEnded(FollowEvent):
    """An officer no longer follows."""

    name: ClassVar[str] = "follow.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLate(Event):
    """The leads have not answered in time: what they owe an answer to is `about`. They are reminded, once."""

    name: ClassVar[str] = "answer.late"
    subject_type: ClassVar[str] = "answer_clock"
    subject_field: ClassVar[str] = "clock_id"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    clock_id: UUID
    project_id: UUID
    about_type: str
    about_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectAnswerTimeChanged(ProjectEvent):
    """In how many working days the leads usually answer is another number now, or can no longer be said."""

    name: ClassVar[str] = "project.answer_time_changed"

    changes: Changes
