"""What a lesson shows of others (its author's name, its councils', its project, a passage of a document), and what goes
with a project or with a version's text.

The layers below know nothing of lessons: they call who has signed up here, in the same transaction.
"""

from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from pipeline.accounts.actions.tending import SHOWN_ELSEWHERE as OFFICER_SHOWN_ELSEWHERE
from pipeline.artefacts.actions.withdrawing import FORGOTTEN_WITH_VERSION
from pipeline.artefacts.models import Artefact, Version
from pipeline.councils.actions import SHOWN_ELSEWHERE as COUNCIL_SHOWN_ELSEWHERE
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.lessons.models import Lesson, LessonText, LessonTheme, LessonUse
from pipeline.lessons.rules import LessonStatus
from pipeline.projects.actions.drafting import FORGOTTEN_WITH_PROJECT
from pipeline.projects.models import Project

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def officer_shown_otherwise(session: Session, officer_id: UUID) -> None:
    """Raise the revision of the lessons an officer wrote."""
    written = update(Lesson).where(Lesson.officer_id == officer_id).values(revision=Lesson.revision + 1)
    session.execute(written, execution_options=WITHOUT_SYNCHRONISING)


def council_shown_otherwise(session: Session, council_id: UUID) -> None:
    """Raise the revision of a council's lessons and of those it used."""
    used = exists().where(LessonUse.lesson_id == Lesson.id, LessonUse.council_id == council_id)
    shown = update(Lesson).where(or_(Lesson.council_id == council_id, used)).values(revision=Lesson.revision + 1)
    session.execute(shown, execution_options=WITHOUT_SYNCHRONISING)


def forget_lessons_of(work: UnitOfWork, project: Project) -> None:
    """Delete the lessons of a project that is deleted. Raises Conflict (project.others_joined) where another council
    used one."""
    of_project = select(Lesson.id).where(Lesson.project_id == project.id)
    used = select(LessonUse.id).where(LessonUse.lesson_id.in_(of_project))
    if work.session.execute(used.limit(1)).first() is not None:
        words = Words(_("Another council has used a lesson of this project, so the project stays."))
        raise Conflict("project.others_joined", words)
    _count_down(work, project)
    for table in (LessonText, LessonTheme):
        rows = delete(table).where(table.lesson_id.in_(of_project))
        work.session.execute(rows, execution_options=WITHOUT_SYNCHRONISING)
    lessons = delete(Lesson).where(Lesson.project_id == project.id)
    work.session.execute(lessons, execution_options=WITHOUT_SYNCHRONISING)


def _count_down(work: UnitOfWork, project: Project) -> None:
    counted = (
        select(Lesson.artefact_id, func.count())
        .where(
            Lesson.project_id == project.id, Lesson.status == LessonStatus.PUBLISHED.value,
            Lesson.artefact_id.is_not(None),
        )
        .group_by(Lesson.artefact_id)
    )  # fmt: skip
    for artefact_id, number in work.session.execute(counted).all():
        values = {"lessons": Artefact.lessons - number, "revision": Artefact.revision + 1}
        statement = update(Artefact).where(Artefact.id == artefact_id).values(**values)
        work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


def forget_paragraphs_of(work: UnitOfWork, version: Version) -> None:
    """Empty the paragraphs that lessons hold of a version whose text is removed for good, and note that they were.

    The lessons stay with that version: what was learned is their councils' own. Nothing brings the paragraph back; its
    author may pin the lesson to another version.
    """
    held = update(Lesson).where(Lesson.version_id == version.id, Lesson.paragraph.is_not(None))
    emptied = {"paragraph": None, "paragraph_hash": None, "paragraph_removed_at": work.now, "updated_at": work.now}
    work.session.execute(held.values(**emptied, revision=Lesson.revision + 1), execution_options=WITHOUT_SYNCHRONISING)


OFFICER_SHOWN_ELSEWHERE.append(officer_shown_otherwise)
COUNCIL_SHOWN_ELSEWHERE.append(council_shown_otherwise)
FORGOTTEN_WITH_PROJECT.append(forget_lessons_of)
FORGOTTEN_WITH_VERSION.append(forget_paragraphs_of)
