"""The kept totals of lessons against their rows, for `flask reconcile` and `flask check`."""

from sqlalchemy import func, select

from pipeline.artefacts.models import Artefact
from pipeline.db.totals import Difference, compared
from pipeline.db.work import Reading
from pipeline.lessons.models import Lesson, LessonUse
from pipeline.lessons.rules import LessonStatus


def differences(reading: Reading) -> list[Difference]:
    """Every kept number of uses of a lesson, and of lessons of a document, that is not that of its rows."""
    uses = select(LessonUse.lesson_id.label("row_id"), func.count().label("used_by")).group_by(LessonUse.lesson_id)
    pinned = (
        select(Lesson.artefact_id.label("row_id"), func.count().label("lessons"))
        .where(Lesson.artefact_id.is_not(None), Lesson.status == LessonStatus.PUBLISHED.value)
        .group_by(Lesson.artefact_id)
    )
    return [*compared(reading, Lesson, uses), *compared(reading, Artefact, pinned)]
