"""Reading who is interested in a project, who asks to join it, what was asked back, and who follows.

What an officer wrote is read by that officer and by the project's leads. What they may not see is answered as if it
were not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.projects.models import AnswerClock, Follow, Interest, JoinRequest, Project, ProjectPerson, Question
from pipeline.projects.policy import InterestFacts, JoinFacts
from pipeline.projects.queries import facts_of
from pipeline.projects.rules import PersonRole
from pipeline.projects.taking_part import Answerable, Followed, InterestKind, InterestStatus, JoinStatus
from pipeline.projects.visibility import visible_to

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the leads of a project, in one line. `is_late` once its answer was due."""

    about: Answerable
    id: UUID
    kind: str
    project_title: str
    council_name: str
    asked_at: datetime
    due_on: date | None
    answered_at: datetime | None
    status: str


def interest_seen_by(reading: Reading, interest_id: UUID, *, lock: bool = False) -> tuple[Interest, Project]:
    """An interest one showed, or of a project one leads, with the project. Raises NotFound. `lock` takes both."""
    row = _one(reading, Interest, interest_id, lock)
    if row is None:
        raise NotFound("interest")
    return row.Interest, row.Project


def join_request_seen_by(reading: Reading, request_id: UUID, *, lock: bool = False) -> tuple[JoinRequest, Project]:
    """A request to join of one's own, or of a project one leads; an invitation only by whom it is for. Raises NotFound.

    Whoever is asked to join need not know of the project otherwise: it may be a draft.
    """
    row = _one(reading, JoinRequest, request_id, lock)
    if row is None:
        raise NotFound("join_request")
    return row.JoinRequest, row.Project


def _one(reading: Reading, table: Any, thing_id: UUID, lock: bool) -> Any:
    query = (
        select(table, Project)
        .join(Project, Project.id == table.project_id)
        .where(table.id == thing_id, _seen(reading, table))
    )
    if lock:
        query = query.with_for_update(of=(Project, table)).execution_options(populate_existing=True)
    return reading.session.execute(query).first()


def _seen(reading: Reading, table: Any) -> ColumnElement[bool]:
    """The officer's own; and what the leads of its project were asked. The platform itself sees all."""
    actor = reading.actor
    if actor.is_system:
        return cast(ColumnElement[bool], table.id.is_not(None))
    if actor.officer_id is None:
        return false()
    own = table.officer_id == actor.officer_id
    asked = leads_project(reading, table.project_id)
    if table is JoinRequest:
        asked = and_(asked, JoinRequest.asked_by == JoinRequest.officer_id)
    return or_(own, asked)


def leads_project(reading: Reading, project_id: Any) -> ColumnElement[bool]:
    """Whether the reader leads a project, for the council they act for."""
    actor = reading.actor
    return exists().where(
        ProjectPerson.project_id == project_id, ProjectPerson.officer_id == actor.officer_id,
        ProjectPerson.council_id == actor.council_id, ProjectPerson.role == PersonRole.LEAD,
        ProjectPerson.ended_at.is_(None),
    )  # fmt: skip


def interest_facts_of(reading: Reading, interest: Interest, project: Project) -> InterestFacts:
    """What policies need to know of an interest."""
    return InterestFacts(facts_of(reading, project), interest.officer_id)


def join_facts_of(reading: Reading, request: JoinRequest, project: Project) -> JoinFacts:
    """What policies need to know of asking to join."""
    return JoinFacts(facts_of(reading, project), request.officer_id, request.is_invitation)


def own_interest_in(reading: Reading, project_id: UUID) -> Interest | None:
    """The reader's own standing interest in a project."""
    query = select(Interest).where(
        Interest.project_id == project_id, Interest.officer_id == reading.actor.officer_id,
        Interest.status == InterestStatus.STANDING,
    )  # fmt: skip
    return reading.session.scalars(query).first()


def own_join_request_in(reading: Reading, project_id: UUID) -> JoinRequest | None:
    """The reader's own request to join a project, or their invitation to, while it waits."""
    query = select(JoinRequest).where(
        JoinRequest.project_id == project_id, JoinRequest.officer_id == reading.actor.officer_id,
        JoinRequest.status == JoinStatus.ASKED,
    )  # fmt: skip
    return reading.session.scalars(query).first()


def own_follow_of(reading: Reading, followed: Followed, subject_id: UUID) -> Follow | None:
    """Whether, and since when, the reader follows something."""
    query = select(Follow).where(
        Follow.officer_id == reading.actor.officer_id, Follow.subject_type == followed, Follow.subject_id == subject_id
    )
    return reading.session.scalars(query).first()


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What the reader has to do with a project besides pledging: their interest and request, while they stand."""

    interest_id: UUID | None = None
    join_request_id: UUID | None = None
    is_following: bool = False


def own_part_in(reading: Reading, project_id: UUID) -> OwnPart:
    """What the reader has to do with a project besides pledging: one query."""
    officer_id = reading.actor.officer_id
    if officer_id is None:
        return OwnPart()
    interest = select(Interest.id).where(
        Interest.project_id == project_id, Interest.officer_id == officer_id, Interest.status == InterestStatus.STANDING
    )
    request = select(JoinRequest.id).where(
        JoinRequest.project_id == project_id, JoinRequest.officer_id == officer_id,
        JoinRequest.status == JoinStatus.ASKED,
    )  # fmt: skip
    follow = select(Follow.id).where(
        Follow.officer_id == officer_id, Follow.subject_type == Followed.PROJECT, Follow.subject_id == project_id
    )
    row = reading.session.execute(
        select(interest.scalar_subquery(), request.scalar_subquery(), follow.scalar_subquery())
    ).one()
    return OwnPart(row[0], row[1], row[2] is not None)


def for_the_leads_of(reading: Reading, project_id: UUID) -> list[Waiting]:
    """The interests in a project and the requests to join it that are the leads' to read, the oldest unanswered first.

    The caller has found that the reader leads it.
    """
    found = [
        *_listed(reading, Interest, Interest.project_id == project_id),
        *_listed(reading, JoinRequest, JoinRequest.project_id == project_id),
    ]
    return sorted(found, key=lambda one: (one.answered_at is not None, one.asked_at))


def waiting_for_leads(reading: Reading) -> list[Waiting]:
    """What waits for the reader's answer in the projects they lead: interests and requests, the soonest due first."""
    if reading.actor.council_id is None:
        return []
    found = [
        *_listed(reading, Interest, leads_project(reading, Interest.project_id), Interest.answered_at.is_(None)),
        *_listed(
            reading, JoinRequest, leads_project(reading, JoinRequest.project_id), JoinRequest.answered_at.is_(None)
        ),
    ]
    return sorted(found, key=lambda one: (one.due_on or one.asked_at.date(), one.asked_at))


def _listed(reading: Reading, table: Any, *more: ColumnElement[bool]) -> list[Waiting]:
    """Interests that stand, or requests of officers to join: invitations are not the leads' to see."""
    is_interest = table is Interest
    began = Interest.shown_at if is_interest else JoinRequest.asked_at
    kind = Interest.kind if is_interest else JoinRequest.role
    counts = (
        Interest.status == InterestStatus.STANDING
        if is_interest
        else and_(JoinRequest.asked_by == JoinRequest.officer_id, JoinRequest.status != JoinStatus.WITHDRAWN)
    )
    query = (
        select(
            table.id, kind, Project.title, Council.short_name, began, AnswerClock.due_on, table.answered_at,
            table.status,
        )
        .join(Project, Project.id == table.project_id)
        .join(Council, Council.id == table.council_id)
        .outerjoin(AnswerClock, AnswerClock.subject_id == table.id)
        .where(visible_to(reading.actor), counts, *more)
        .order_by(table.answered_at.is_not(None), began.desc())
        .limit(MOST_LISTED)
    )  # fmt: skip
    about = Answerable.INTEREST if is_interest else Answerable.JOIN_REQUEST
    return [Waiting(about, *row) for row in reading.session.execute(query)]


def invitations_of(reading: Reading) -> list[tuple[JoinRequest, Project]]:
    """The teams the reader is asked to join and has not answered, the oldest first."""
    query = (
        select(JoinRequest, Project)
        .join(Project, Project.id == JoinRequest.project_id)
        .where(
            JoinRequest.officer_id == reading.actor.officer_id, JoinRequest.asked_by != JoinRequest.officer_id,
            JoinRequest.status == JoinStatus.ASKED,
        )
        .order_by(JoinRequest.id)
        .limit(MOST_LISTED)
    )  # fmt: skip
    return [(row.JoinRequest, row.Project) for row in reading.session.execute(query)]


@dataclass(frozen=True, slots=True)
class OwnInterest:
    """An interest the reader showed: which project, and whether it was answered."""

    id: UUID
    kind: InterestKind
    project_title: str
    shown_at: datetime
    answered_at: datetime | None


def own_interests(reading: Reading) -> list[OwnInterest]:
    """The interests the reader showed that stand, the newest first."""
    query = (
        select(Interest.id, Interest.kind, Project.title, Interest.shown_at, Interest.answered_at)
        .join(Project, Project.id == Interest.project_id)
        .where(
            Interest.officer_id == reading.actor.officer_id, Interest.status == InterestStatus.STANDING,
            visible_to(reading.actor),
        )
        .order_by(Interest.id.desc())
        .limit(MOST_LISTED)
    )  # fmt: skip
    rows = reading.session.execute(query)
    return [OwnInterest(row[0], InterestKind(row[1]), *row[2:]) for row in rows]


@dataclass(frozen=True, slots=True)
class FollowShown:
    """A project the reader follows, itself or for room in one of its needs."""

    address: str
    title: str
    status: str
    followed_at: datetime


def followed_by(reading: Reading) -> list[FollowShown]:
    """The projects the reader follows and may know of, the newest follow first."""
    query = (
        select(Project.slug, Project.id, Project.title, Project.status, func.max(Follow.followed_at))
        .join(Project, Project.id == Follow.project_id)
        .where(Follow.officer_id == reading.actor.officer_id, visible_to(reading.actor))
        .group_by(Project.slug, Project.id, Project.title, Project.status)
        .order_by(func.max(Follow.followed_at).desc(), Project.id)
        .limit(MOST_LISTED)
    )
    return [FollowShown(row[0] or str(row[1]), row[2], row[3], row[4]) for row in reading.session.execute(query)]


def questions_about(reading: Reading, subject_id: UUID) -> Sequence[Question]:
    """What was asked back about something the reader was found to see, the oldest first."""
    query = select(Question).where(Question.subject_id == subject_id).order_by(Question.id).limit(MOST_LISTED)
    return reading.session.scalars(query).all()


def question_about(reading: Reading, question_id: UUID, *, lock: bool = False) -> Question:
    """A question by its id; the caller finds out whether the reader may see what it is about. Raises NotFound."""
    query = select(Question).where(Question.id == question_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    question = reading.session.scalars(query).first()
    if question is None:
        raise NotFound("question")
    return question


def others_are_interested(reading: Reading, project: Project) -> bool:
    """Whether the interest of another council stands in a project."""
    query = select(Interest.id).where(
        Interest.project_id == project.id, Interest.status == InterestStatus.STANDING,
        Interest.council_id != project.council_id,
    )  # fmt: skip
    return reading.session.execute(query.limit(1)).first() is not None


def interests_visible_to_all() -> ColumnElement[bool]:
    """Interests everybody may know of, of projects everybody may know of: those that stand under a council's name."""
    return and_(Interest.status == InterestStatus.STANDING, Interest.is_named)


def late_clocks(reading: Reading, today: date, most: int = 200) -> Sequence[UUID]:
    """The clocks of answers whose leads are to be reminded now and have not been, the oldest first."""
    query = (
        select(AnswerClock.id)
        .where(*_owed(), AnswerClock.nudge_on <= today, AnswerClock.nudged_at.is_(None))
        .order_by(AnswerClock.nudge_on, AnswerClock.id)
        .limit(most)
    )
    return reading.session.scalars(query).all()


def projects_whose_answer_times_move(reading: Reading, today: date) -> Sequence[UUID]:
    """The projects whose usual time to answer can change by nothing but the passing of days."""
    late = select(AnswerClock.project_id).where(*_owed(), AnswerClock.due_on < today)
    query = select(Project.id).where(or_(Project.answers_in_days.is_not(None), Project.id.in_(late)))
    return reading.session.scalars(query.order_by(Project.id)).all()


def _owed() -> tuple[ColumnElement[bool], ...]:
    return AnswerClock.answered_at.is_(None), AnswerClock.stopped_at.is_(None)
