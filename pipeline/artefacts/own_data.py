"""What shared documents hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.artefacts.models import Adoption, Artefact, ChecklistAnswers, Draft, Merge, Suggestion, Version
from pipeline.db.work import Reading
from pipeline.documents.models import Upload

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "document_drafts": (Draft.officer_id, (Draft.title, Draft.text, Draft.status, Draft.created_at)),
    "document_versions": (Version.officer_id, (Version.number, Version.change_note, Version.published_at)),
    "versions_withdrawn": (Version.withdrawn_by, (Version.number, Version.withdrawn_reason, Version.withdrawn_at)),
    "adoptions": (Adoption.officer_id, (Adoption.standing, Adoption.note, Adoption.approved_by, Adoption.started_at)),
    "suggestions": (Suggestion.officer_id, (Suggestion.reason, Suggestion.status, Suggestion.made_at)),
    "suggestions_answered": (Suggestion.answered_by, (Suggestion.answer, Suggestion.answered_at)),
    "changes_taken_in": (Merge.officer_id, (Merge.kind, Merge.status, Merge.created_at)),
    "checklist_answers": (ChecklistAnswers.officer_id, (ChecklistAnswers.answers, ChecklistAnswers.updated_at)),
}
"""Each heading: the column that names the officer, and the columns that are given beside the document's title."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything shared documents hold about whoever asks, as plain values by heading."""
    officer_id = reading.actor.officer_id
    uploads = (
        select(Upload.file_name, Upload.kind, Upload.state, Upload.created_at)
        .where(Upload.officer_id == officer_id)
        .order_by(Upload.id)
    )
    files = [dict(row._mapping) for row in reading.session.execute(uploads)]
    return {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()} | {"files": files}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    query = (
        select(Artefact.title.label("document"), *columns)
        .join(Artefact, Artefact.id == owner.class_.artefact_id)
        .where(owner == reading.actor.officer_id)
        .order_by(owner.class_.id)
    )
    return [dict(row._mapping) for row in reading.session.execute(query)]
