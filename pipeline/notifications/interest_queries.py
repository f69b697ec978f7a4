"""Whom interest, joining, asking back and following concern, and what a mail may say of them when it leaves."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership
from pipeline.artefacts.queries.suggestions import suggestion_seen_by
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.notifications.queries import Recipient
from pipeline.projects import interested
from pipeline.projects.models import (
    AnswerClock,
    Follow,
    Interest,
    JoinRequest,
    Need,
    Project,
    ProjectPerson,
    Question,
    Update,
)
from pipeline.projects.rules import NeedStatus, PersonRole, ProjectStatus, UpdateStatus
from pipeline.projects.taking_part import Answerable, Followed
from pipeline.projects.visibility import visible_to


@dataclass(frozen=True, slots=True)
class ProjectTold:
    """What mails say of a project: its title and lead council, and the page they lead to."""

    project: str
    lead_council: str
    path: str


def leads_of_project(session: Session, project_id: UUID) -> list[Recipient]:
    """Those who lead a project, while they work there."""
    query = (
        select(ProjectPerson.officer_id, ProjectPerson.council_id)
        .join(
            Membership,
            (Membership.officer_id == ProjectPerson.officer_id) & (Membership.council_id == ProjectPerson.council_id),
        )
        .where(
            ProjectPerson.project_id == project_id, ProjectPerson.role == PersonRole.LEAD,
            ProjectPerson.ended_at.is_(None), Membership.ended_at.is_(None), Membership.started_at.is_not(None),
        )
        .order_by(ProjectPerson.officer_id)
    )  # fmt: skip
    return [Recipient(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody who waits for room in a need; they are told once for each time they asked (`follow_id`)."""

    follow_id: UUID
    recipient: Recipient


def waiting_for_room(session: Session, need_id: UUID) -> list[Waiter]:
    """Those who wait for room in a need, if it has some now."""
    need = session.get(Need, need_id)
    if need is None or not has_room(session, need):
        return []
    query = select(Follow.id, Follow.officer_id, Follow.council_id).where(
        Follow.subject_type == Followed.NEED, Follow.subject_id == need_id
    )
    rows = session.execute(query.order_by(Follow.officer_id))
    return [Waiter(row.id, Recipient(row.officer_id, row.council_id)) for row in rows]


def has_room(session: Session, need: Need) -> bool:
    """Whether a need takes another pledge now."""
    project = session.get_one(Project, need.project_id)
    runs = project.status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD) and not project.is_hidden
    return runs and need.status == NeedStatus.OPEN and (not need.is_capped or need.held < need.target)


def interest_of(session: Session, interest_id: UUID) -> Recipient | None:
    """Whose interest it is."""
    row = session.execute(select(Interest.officer_id, Interest.council_id).where(Interest.id == interest_id)).first()
    return None if row is None else Recipient(*row)


def join_request_of(session: Session, request_id: UUID) -> JoinRequest | None:
    """A request to join, or an invitation."""
    return session.get(JoinRequest, request_id)


def question_of(session: Session, question_id: UUID) -> Question | None:
    """A question the leads put."""
    return session.get(Question, question_id)


def clock_of(session: Session, clock_id: UUID) -> AnswerClock | None:
    """The clock of an answer that is owed."""
    return session.get(AnswerClock, clock_id)


def project_told(reading: Reading, project_id: UUID, path: str = "") -> ProjectTold:
    """What a mail says of a project, if its reader may know of it now. Raises NotFound."""
    row = reading.session.execute(
        select(Project.title, Council.short_name, Project.slug, Project.id)
        .join(Council, Council.id == Project.council_id)
        .where(Project.id == project_id, visible_to(reading.actor))
    ).first()
    if row is None:
        raise NotFound("project")
    return ProjectTold(row[0], row[1], path or f"/projects/{row[2] or row[3]}")


def lead_council_of(session: Session, project_id: UUID) -> str:
    """The short name of the council that leads a project."""
    query = select(Council.short_name).join(Project, Project.council_id == Council.id).where(Project.id == project_id)
    return session.execute(query).scalar_one()


def update_told(reading: Reading, update_id: UUID) -> ProjectTold:
    """The project of an update that is published now, and the update's page. Raises NotFound."""
    update = reading.session.get(Update, update_id)
    if update is None or update.status != UpdateStatus.PUBLISHED:
        raise NotFound("update")
    return project_told(reading, update.project_id, f"/updates/{update_id}")


def subject_told(reading: Reading, about: Answerable, subject_id: UUID) -> ProjectTold:
    """The project of an interest, a suggestion or a request the reader may see, and its page. Raises NotFound."""
    if about is Answerable.INTEREST:
        _interest, project = interested.interest_seen_by(reading, subject_id)
        return project_told(reading, project.id, f"/interests/{subject_id}")
    if about is Answerable.SUGGESTION:
        suggestion, artefact, project = suggestion_seen_by(reading, subject_id)
        path = f"/documents/{artefact.slug or artefact.id}/suggestions/{suggestion.id}"
        return project_told(reading, project.id, path)
    _request, project = interested.join_request_seen_by(reading, subject_id)
    return project_told(reading, project.id, f"/join-requests/{subject_id}")
