"""What every verb here does to rows: write a content, keep a number, raise a revision, give a slug."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from pipeline.artefacts.models import Artefact
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.lessons.models import Lesson, LessonText, LessonTheme
from pipeline.lessons.queries.seeing import content_of
from pipeline.lessons.rules import PROMPTS, LessonContent, LessonStatus, slug_base
from pipeline.projects.models import Project

MOST_TRIES = 50
WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def write_content(lesson: Lesson, content: LessonContent) -> None:
    """Write what a lesson says. Its themes must be loaded."""
    lesson.title, lesson.outcome, lesson.language = content.title, content.outcome, content.language
    for name in (*PROMPTS, "evidence"):
        text = getattr(content, name)
        setattr(lesson, name, text.text)
        setattr(lesson, f"{name}_html", text.html)
    lesson.measures = content.as_kept()["measures"]
    kept = {one.theme: one for one in lesson.themes}
    lesson.themes = [
        kept.get(theme) or LessonTheme(lesson_id=lesson.id, theme=theme) for theme in dict.fromkeys(content.themes)
    ]
    for position, theme in enumerate(lesson.themes):
        theme.position = position


def keep_earlier_text(work: UnitOfWork, lesson: Lesson) -> None:
    """Keep what a published lesson says before it is written anew."""
    work.add(
        LessonText(
            id=new_id(), lesson_id=lesson.id, version=lesson.version, title=lesson.title,
            content=content_of(lesson).as_kept(), replaced_at=work.now,
        )
    )  # fmt: skip


def shown_otherwise(work: UnitOfWork, lesson: Lesson) -> None:
    """Say that something the public reads of a lesson changed, though not its own fields."""
    lesson.revision += 1
    lesson.updated_at = work.now


def touch_project(work: UnitOfWork, project_id: UUID) -> None:
    """Say that something the public reads of a lesson's project changed. After the documents: whoever changes a
    document and its project takes them in that order too."""
    values = {"revision": Project.revision + 1, "updated_at": work.now}
    statement = update(Project).where(Project.id == project_id).values(**values)
    work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


def count_on_document(work: UnitOfWork, artefact_id: UUID | None, change: int) -> None:
    """Keep how many published lessons are pinned to a document; 0 says that one is shown otherwise."""
    if artefact_id is None:
        return
    values = {"lessons": Artefact.lessons + change, "revision": Artefact.revision + 1, "updated_at": work.now}
    statement = update(Artefact).where(Artefact.id == artefact_id).values(**values)
    work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


def give_slug(work: UnitOfWork, lesson: Lesson) -> None:
    """Give a lesson the slug of its title, with a number after it where another has that one. It keeps it for ever.

    The unique column has the last word when two ask at once.
    """
    if lesson.slug is not None:
        return
    base = slug_base(lesson.title)
    for number in range(1, MOST_TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        if work.session.execute(select(Lesson.id).where(Lesson.slug == slug)).first() is not None:
            continue
        try:
            with work.session.begin_nested():
                lesson.slug = slug
                work.session.flush()
            return
        except IntegrityError:
            work.session.expire(lesson, ["slug"])
            work.session.refresh(lesson, ["slug"])
    lesson.slug = f"{base[:40]}-{lesson.id}"


def check_not_withdrawn(lesson: Lesson) -> None:
    """A withdrawn lesson stays as it was. Raises Conflict (lesson.withdrawn)."""
    if lesson.status == LessonStatus.WITHDRAWN:
        raise Conflict("lesson.withdrawn", Words(_("This lesson has been withdrawn, so it stays as it was.")))


def check_is_published(lesson: Lesson) -> None:
    """Raises Conflict (lesson.not_published)."""
    if lesson.status != LessonStatus.PUBLISHED:
        raise Conflict("lesson.not_published", Words(_("This can be done with a published lesson only.")))
