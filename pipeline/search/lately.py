"""What the home page tells besides projects, in one statement: offers that were answered lately and how soon, the
documents that most councils use, and what was learned last.

Of offers only what everybody may read: pledges that were accepted or declined since they were authorised, to public
projects.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, literal_column, null, select, union_all

from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.hot_lists import unindexed
from pipeline.db.statements import Statement
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS
from pipeline.lessons.models import Lesson
from pipeline.lessons.queries.panels import LessonLine
from pipeline.lessons.rules import LessonStatus
from pipeline.lessons.visibility import lessons_visible_to
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.answering import MOST_ANSWERS, usual_days
from pipeline.projects.models import AnswerClock, Project
from pipeline.projects.taking_part import Answerable

SHOWN = 3
ANSWERED_WITH = (PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED, PledgeStatus.DECLINED)
ANSWERS, DOCUMENTS, LESSONS = 1, 2, 3


class AnswerLine(NamedTuple):
    """An offer that was answered: when, by the leads of which project, and in how many working days."""

    answered_at: str
    project_slug: str
    project_title: str
    council: str
    days_taken: int


class DocumentUsed(NamedTuple):
    """A shared document, and how many councils use it."""

    slug: str
    title: str
    language: str
    council_short_name: str
    adoptions: int


@dataclass(slots=True)
class Lately:
    """What the home page tells. `usual_days` is in how many working days offers are usually answered, where there is
    enough to say so."""

    answers: list[AnswerLine] = field(default_factory=list)
    usual_days: int | None = None
    documents: list[DocumentUsed] = field(default_factory=list)
    lessons: list[LessonLine] = field(default_factory=list)


def _part(part: int, query: Any, order: tuple[Any, ...], most: int, *texts: Any, number: Any) -> Select[Any]:
    """The first rows of a query in an order, padded to the columns of all parts: five texts and a number."""
    first = query.with_only_columns(
        *(cast(text, Text).label(f"t{place}") for place, text in enumerate(texts)), number.label("number"),
        func.row_number().over(order_by=order).label("place"),
    ).order_by(*order).limit(most).subquery()  # fmt: skip
    padded = [*(first.c[f"t{place}"] for place in range(len(texts))), *[cast(null(), Text)] * (5 - len(texts))]
    columns = (literal_column(str(part)), first.c.place, *padded, first.c.number)
    return select(*(column.label(f"c{number}") for number, column in enumerate(columns)))


def _answers() -> Select[Any]:
    query = (
        select(AnswerClock.id)
        .join(Pledge, Pledge.id == AnswerClock.subject_id)
        .join(Project, Project.id == AnswerClock.project_id)
        .join(Council, Council.id == Project.council_id)
        .where(
            # As it stands in the index of answered offers.
            AnswerClock.subject_type == literal_column(f"'{Answerable.PLEDGE.value}'"),
            AnswerClock.answered_at.is_not(None), unindexed(Project.is_public),
            unindexed(Pledge.status).in_(ANSWERED_WITH), Pledge.authorised_at.is_not(None),
        )
    )  # fmt: skip
    return _part(
        ANSWERS, query, (AnswerClock.answered_at.desc(), AnswerClock.id.desc()), MOST_ANSWERS, AnswerClock.answered_at,
        Project.slug, Project.title, Council.short_name, number=AnswerClock.days_taken,
    )  # fmt: skip


def _documents() -> Select[Any]:
    query = (
        select(Artefact.id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(artefacts_visible_to(ANONYMOUS), Artefact.adoptions > 0)
    )
    return _part(
        DOCUMENTS, query, (Artefact.adoptions.desc(), Artefact.id.desc()), SHOWN, Artefact.slug, Artefact.title,
        Artefact.language, Council.short_name, number=Artefact.adoptions,
    )  # fmt: skip


def _lessons() -> Select[Any]:
    query = select(Lesson.id).join(Project, Project.id == Lesson.project_id).where(lessons_visible_to(ANONYMOUS))
    return _part(
        LESSONS, query, (Lesson.published_at.desc(), Lesson.id.desc()), SHOWN, Lesson.slug, Lesson.title,
        Lesson.language, Lesson.outcome, Lesson.published_at, number=Lesson.used_by,
    )  # fmt: skip


def _all() -> Any:
    parts = union_all(_answers(), _documents(), _lessons()).subquery()
    return select(parts).order_by(parts.c.c0, parts.c.c1)


_LATELY = Statement(_all())


def lately(reading: Reading) -> Lately:
    """What everybody may read of it: one statement, each part from the front of an index."""
    found, days, seen = Lately(), list[int](), set[str]()
    for part, _place, one, two, three, four, five, number in _LATELY.rows(reading.session):
        if part == ANSWERS:
            days.append(number)
            line = AnswerLine(one, two, three, four, number)
            if line.project_slug not in seen and len(found.answers) < SHOWN:
                found.answers.append(line)
            seen.add(line.project_slug)
        elif part == DOCUMENTS:
            found.documents.append(DocumentUsed(one, two, three, four, number))
        else:
            found.lessons.append(LessonLine(one, two, three, four, LessonStatus.PUBLISHED.value, five, number))
    found.usual_days = usual_days(days, [])
    return found
