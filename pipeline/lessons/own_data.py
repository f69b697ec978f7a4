"""What lessons hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.db.work import Reading
from pipeline.lessons.models import Lesson, LessonUse

_TEXTS = (Lesson.did, Lesson.happened, Lesson.differently, Lesson.evidence)
_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "lessons": (Lesson.officer_id, (Lesson.title, *_TEXTS, Lesson.status, Lesson.created_at)),
    "replies_to_lessons": (Lesson.replied_by, (Lesson.title, Lesson.reply, Lesson.replied_at)),
    "lessons_used": (LessonUse.officer_id, (Lesson.title, LessonUse.note, LessonUse.used_at)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything lessons hold about whoever asks, as plain values by heading."""
    return {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    query = select(*columns).where(owner == reading.actor.officer_id).order_by(owner.class_.id)
    if owner.class_ is LessonUse:
        query = query.join(Lesson, Lesson.id == LessonUse.lesson_id)
    return [dict(row._mapping) for row in reading.session.execute(query)]
