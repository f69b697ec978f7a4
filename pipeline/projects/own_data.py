"""What projects hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import (
    Check,
    Follow,
    Interest,
    JoinRequest,
    Project,
    ProjectPerson,
    Question,
    TermsChange,
    Update,
)

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "projects": (
        ProjectPerson.officer_id,
        (Project.title, ProjectPerson.role, ProjectPerson.started_at, ProjectPerson.ended_at),
    ),
    "updates": (Update.officer_id, (Project.title, Update.title, Update.body, Update.status, Update.created_at)),
    "checks_asked_of_you": (
        Check.officer_id,
        (Project.title, Check.asked_at, Check.answer, Check.note, Check.answered_at),
    ),
    "changes_of_terms": (TermsChange.officer_id, (Project.title, TermsChange.reason, TermsChange.changed_at)),
    "interests": (
        Interest.officer_id,
        (Project.title, Interest.kind, Interest.message, Interest.is_named, Interest.status, Interest.shown_at,
         Interest.answer),
    ),
    "requests_to_join": (
        JoinRequest.officer_id,
        (Project.title, JoinRequest.message, JoinRequest.status, JoinRequest.asked_at, JoinRequest.answer),
    ),
    "handovers_asked": (
        Handover.asked_by, (Project.title, Handover.kind, Handover.message, Handover.status, Handover.asked_at),
    ),
    "handovers_that_name_you": (Handover.lead_id, (Project.title, Handover.kind, Handover.status, Handover.asked_at)),
    "questions_asked": (Question.asked_by, (Project.title, Question.text, Question.asked_at)),
    "questions_answered": (Question.replied_by, (Project.title, Question.reply, Question.replied_at)),
}  # fmt: skip
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything projects hold about whoever asks, as plain values by heading."""
    found: dict[str, Any] = {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()}
    follows = select(Follow.subject_type, Follow.subject_id, Follow.terms, Follow.followed_at)
    mine = reading.session.execute(follows.where(Follow.officer_id == reading.actor.officer_id))
    return {**found, "follows": [dict(row._mapping) for row in mine]}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    title, *others = columns
    query = (
        select(title.label("project"), *others)
        .join(Project, Project.id == owner.class_.project_id)
        .where(owner == reading.actor.officer_id)
        .order_by(owner.class_.id)
    )
    return [dict(row._mapping) for row in reading.session.execute(query)]
