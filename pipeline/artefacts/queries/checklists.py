"""Points of a checklist and councils' answers to them. The document is found on behalf of the viewer first
(`queries.seeing`); published answers are then everybody's, and a council's own are its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from pipeline.artefacts.checklists import Answers, Point, answers_from, points_from
from pipeline.artefacts.models import Artefact, ChecklistAnswers, Version
from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.artefacts.rules import ArtefactKind, PointAnswer
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.projects.models import Project

MOST_COUNTED = 10_000

ORDERS = {
    "-published_at": Order(ChecklistAnswers.published_at, ChecklistAnswers.id, is_descending=True),
    "published_at": Order(ChecklistAnswers.published_at, ChecklistAnswers.id),
}
"""What a list of published answers can be ordered by. Never by the answers: nobody is ranked."""

BY_NAME = Order(Council.short_name, Council.id)

PUBLISHED_VALUES: tuple[Any, ...] = (
    ChecklistAnswers.id, ChecklistAnswers.published_at, ChecklistAnswers.published_answers, ChecklistAnswers.met,
    ChecklistAnswers.partly, ChecklistAnswers.not_yet, ChecklistAnswers.not_applicable, Version.number,
    Version.points, Council.id, Council.slug, Council.name, Council.short_name, Council.gss_code, Council.kind,
    Council.is_made_up,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AnswerFilters:
    """What published answers are narrowed to. None means any."""

    kind: str | None = None
    council: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """A council's answers as it has them: the row if there is one, the version they belong to with its points."""

    row: ChecklistAnswers | None
    version: Version
    points: tuple[Point, ...]
    answers: Answers
    published_number: int | None

    @property
    def edit(self) -> int:
        """The version of the row that an edit is compared with; 0 while nothing is saved."""
        return self.row.version if self.row else 0

    @property
    def answered(self) -> int:
        """How many of the version's points have an answer."""
        return sum(1 for point in self.points if (one := self.answers.get(point.id)) and one.answer is not None)


def checklist_seen_by(reading: Reading, slug: str, *, lock: bool = False) -> tuple[Artefact, Project]:
    """The checklist with a slug, and its project. Raises NotFound, also for a document of another kind."""
    artefact, project = artefact_seen_by(reading, slug, lock=lock)
    if artefact.kind != ArtefactKind.CHECKLIST:
        raise NotFound("checklist")
    return artefact, project


def answers_of(reading: Reading, artefact: Artefact, council_id: UUID) -> ChecklistAnswers | None:
    """The row of a council's own answers. Whoever asks must be of that council."""
    query = select(ChecklistAnswers).where(
        ChecklistAnswers.artefact_id == artefact.id, ChecklistAnswers.council_id == council_id
    )
    return reading.session.scalars(query).first()


def own_answers(reading: Reading, artefact: Artefact, current: Version | None) -> OwnAnswers:
    """The answers of the council the viewer acts for; empty ones to the current version while nothing is saved.

    Raises NotFound (checklist) where nothing is saved and no version is in use.
    """
    council_id = reading.actor.council_id
    row = answers_of(reading, artefact, council_id) if council_id is not None else None
    if row is None:
        if current is None:
            raise NotFound("checklist")
        return OwnAnswers(None, current, points_from(current.points), {}, None)
    found = {current.id: current} if current is not None else {}
    wanted = {row.version_id, row.published_version_id} - {None, *found}
    if wanted:
        found |= {one.id: one for one in reading.session.scalars(select(Version).where(Version.id.in_(wanted)))}
    version = found[row.version_id]
    published = found[row.published_version_id].number if row.published_version_id else None
    return OwnAnswers(row, version, points_from(version.points), answers_from(row.answers), published)


def published_answers_of(reading: Reading, artefact: Artefact, code: str) -> Any:
    """What a council, by its slug, publishes to a checklist. Raises NotFound."""
    row = reading.session.execute(_published(artefact, AnswerFilters(council=code))).first()
    if row is None:
        raise NotFound("checklist")
    return row


def published_by_name(
    reading: Reading, artefact: Artefact, filters: AnswerFilters, *, limit: int, place: Place | None
) -> Page:
    """A page of councils that publish their answers, by name."""
    return read_page(reading.session, _published(artefact, filters), BY_NAME, place, limit)


def published_listed(
    reading: Reading, artefact: Artefact, filters: AnswerFilters, *, order: Order, limit: int, place: Place | None
) -> Page:
    """A page of published answers in an order of `ORDERS`."""
    return read_page(reading.session, _published(artefact, filters), order, place, limit)


def all_published(reading: Reading, artefact: Artefact, filters: AnswerFilters, *, most: int) -> Sequence[Any]:
    """Published answers of at most so many councils, by name: what a table to download holds."""
    query = _published(artefact, filters).order_by(Council.short_name, Council.id).limit(most)
    return reading.session.execute(query).all()


def number_published(reading: Reading, artefact: Artefact, filters: AnswerFilters) -> int:
    """How many councils publish answers; one more than `MOST_COUNTED` where there are more than that."""
    rows = _narrowed(_joined(select(ChecklistAnswers.id)), artefact, filters).limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(rows)) or 0


def kinds_published(reading: Reading, artefact: Artefact) -> list[str]:
    """The kinds of council that publish answers, for the filter."""
    query = _narrowed(_joined(select(Council.kind)), artefact, AnswerFilters()).distinct()
    return sorted(reading.session.scalars(query))


def counts_by_point(reading: Reading, artefact: Artefact, filters: AnswerFilters) -> dict[str, dict[str, int]]:
    """Of each point, by id, how many councils publish which answer. The database reads the answers: one small row for
    each point and answer comes back, however many councils there are."""
    point_id, answer = entries_of(reading, ChecklistAnswers.published_answers)
    numbers: Any = select(point_id, answer, func.count())
    counted = _narrowed(_joined(numbers), artefact, filters)
    made: dict[str, dict[str, int]] = {}
    for point, word, number in reading.session.execute(counted.group_by(point_id, answer)):
        made.setdefault(point, {one.value: 0 for one in PointAnswer})[word] = number
    return made


def entries_of(reading: Reading, answers: Any) -> tuple[ColumnElement[str], ColumnElement[str]]:
    """What a column of answers holds, an entry a row, read by the database: the point's id and the word answered."""
    is_postgresql = reading.session.get_bind().dialect.name == "postgresql"
    each = (func.jsonb_each if is_postgresql else func.json_each)(answers)
    entry = each.table_valued("key", "value", joins_implicitly=True)
    return entry.c.key, cast(entry.c.value.op("->>")("answer"), String)


def _published(artefact: Artefact, filters: AnswerFilters) -> Select[Any]:
    return _narrowed(_joined(select(*PUBLISHED_VALUES)), artefact, filters)


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(ChecklistAnswers)
        .join(Council, Council.id == ChecklistAnswers.council_id)
        .join(Version, Version.id == ChecklistAnswers.published_version_id)
    )


def _narrowed(query: Select[Any], artefact: Artefact, filters: AnswerFilters) -> Select[Any]:
    query = query.where(ChecklistAnswers.artefact_id == artefact.id, ChecklistAnswers.published_at.is_not(None))
    if filters.kind is not None:
        query = query.where(Council.kind == filters.kind)
    if filters.council is not None:
        query = query.where(ChecklistAnswers.council_id == council_called(filters.council))
    if filters.updated_since is not None:
        query = query.where(ChecklistAnswers.published_at >= filters.updated_since)
    return query
