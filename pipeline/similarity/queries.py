"""Reading what is alike, and what teams say differs: only what everybody may read, by each subject's own filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Float, Select, String, bindparam, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from pipeline.councils.models import Council
from pipeline.db.base import Id
from pipeline.db.statements import Statement, id_of, moment_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import NotFound
from pipeline.lessons.policy import PlaceFacts
from pipeline.projects.models import Project
from pipeline.projects.rules import ProjectStatus
from pipeline.similarity.finding import like
from pipeline.similarity.models import Difference, SimilarRenewal, SimilarWork
from pipeline.similarity.policy import may_say_difference
from pipeline.similarity.rules import MOST_DIFFERENCES, MOST_SHOWN, DifferenceStatus, Kind
from pipeline.similarity.subjects import Thing, thing_by_id, thing_seen_by
from pipeline.similarity.texts import comparables
from pipeline.similarity.visibility import TABLES, VISIBLE


@dataclass(frozen=True, slots=True)
class Other:
    """Something public, as lists of what is alike show it."""

    kind: Kind
    id: UUID
    address: str
    title: str
    language: str
    status: str
    phase: str | None
    council_slug: str
    council_name: str
    council_full_name: str
    gss_code: str | None


@dataclass(frozen=True, slots=True)
class Similar:
    """Something that is like what is read, and why."""

    other: Other
    score: float
    words: Sequence[str]
    themes: Sequence[str]
    phase: str | None
    professions: Sequence[str]


@dataclass(frozen=True, slots=True)
class DifferenceShown:
    """How one thing differs from another, as its team says. `is_own` says that it is said of the thing that is read;
    `other` is the other of the two."""

    id: UUID
    is_own: bool
    other: Other
    reason: str
    language: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What is like a thing, and how it is said to differ from others."""

    similar: list[Similar]
    differences: list[DifferenceShown]


ALIKE, OURS, THEIRS = 1, 2, 3
_THING = bindparam("thing_id", type_=Id())
_NO_TEXT, _NO_MOMENT = cast(null(), String), cast(null(), Difference.said_at.type)
_STANDS = DifferenceStatus.STANDING.value


def _things(kind: Kind, *more: Any) -> Select[Any]:
    """The public things of a kind, as lists show them, with more columns."""
    table = TABLES[kind]
    columns: tuple[Any, ...] = (
        literal(kind.value).label("kind"), table.id.label("thing_id"), table.slug, table.title, table.language,
        table.status, (Project.phase if kind is Kind.PROJECT else _NO_TEXT).label("phase"),
        Council.slug.label("council_slug"), Council.short_name, Council.name, Council.gss_code,
    )  # fmt: skip
    query: Select[Any] = select(*columns, *more).select_from(table)
    if kind is not Kind.PROJECT:
        query = query.join(Project, Project.id == table.project_id)
    # Wrapped, so that no database begins with everything that is public: a few things are looked up by their ids.
    is_visible = case((VISIBLE[kind](ANONYMOUS), 1), else_=0) == 1
    return query.join(Council, Council.id == table.council_id).where(is_visible)


def _alike(kind: Kind) -> Select[Any]:
    more = (
        literal(ALIKE).label("part"), SimilarWork.score.label("score"), cast(SimilarWork.reasons, String).label("said"),
        _NO_TEXT.label("difference_id"), _NO_TEXT.label("said_in"), _NO_MOMENT.label("said_at"),
    )  # fmt: skip
    return (
        _things(kind, *more)
        .join(SimilarWork, SimilarWork.like_id == TABLES[kind].id)
        .where(SimilarWork.about_id == _THING, SimilarWork.like_type == kind.value)
    )


def _differing(kind: Kind, part: int) -> Select[Any]:
    more = (
        literal(part).label("part"), cast(null(), Float).label("score"), Difference.reason.label("said"),
        cast(Difference.id, String).label("difference_id"), Difference.language.label("said_in"),
        Difference.said_at.label("said_at"),
    )  # fmt: skip
    own, other, other_type = (
        (Difference.about_id, Difference.other_id, Difference.other_type)
        if part == OURS
        else (Difference.other_id, Difference.about_id, Difference.about_type)
    )
    return (
        _things(kind, *more)
        .join(Difference, other == TABLES[kind].id)
        .where(own == _THING, other_type == kind.value, Difference.status == _STANDS)
    )


_PARTS = union_all(
    *(_alike(kind) for kind in Kind), *(_differing(kind, part) for kind in Kind for part in (OURS, THEIRS))
).subquery()
_AROUND = Statement(
    select(_PARTS)
    .order_by(_PARTS.c.part, _PARTS.c.score.desc(), _PARTS.c.said_at, _PARTS.c.thing_id)
    .limit(MOST_SHOWN * 2 + 2 * MOST_DIFFERENCES)
)
_RENEWED = Statement(select(func.coalesce(func.max(SimilarRenewal.number), 0)))


def around(reading: Reading, thing_id: UUID, most: int = MOST_SHOWN) -> Around:
    """What is like a public thing, the most alike first, and how it is said to differ: one statement."""
    similar: list[Similar] = []
    differences: list[DifferenceShown] = []
    for row in _AROUND.rows(reading.session, thing_id=thing_id):
        other, (part, score, said, difference_id, said_in, said_at) = _other(row), row[11:17]
        if part == ALIKE:
            reasons = said if isinstance(said, dict) else orjson.loads(said)
            similar.append(
                Similar(other, score, reasons["words"], reasons["themes"], reasons["phase"], reasons["professions"])
            )
        else:
            moment = moment_of(said_at)
            assert moment is not None  # noqa: S101 (the column is never empty)
            differences.append(DifferenceShown(UUID(difference_id), part == OURS, other, said, said_in, moment))
    return Around(similar[:most], differences)


def _other(row: Any) -> Other:
    kind, thing_id, *rest = row[:11]
    found = id_of(thing_id)
    assert found is not None  # noqa: S101 (the column is never empty)
    return Other(Kind(kind), found, *rest)


def similar_to_draft(reading: Reading, kind: Kind, thing_id: UUID, most: int = MOST_SHOWN) -> list[Similar]:
    """What is like something its team is still writing, worked out now; nothing of a trial project."""
    session = reading.session
    one = comparables(session, kind, [thing_id]).get(thing_id)
    if one is None:
        return []
    found = like(session, one, frozenset(Kind), most * 2)
    shown: dict[UUID, Other] = {}
    for some in Kind:
        ids = [each.other.id for each in found if each.other.kind is some]
        if ids:
            rows = session.execute(_things(some).where(TABLES[some].id.in_(ids)))
            shown |= {row.thing_id: _other(tuple(row)) for row in rows}
    return [
        Similar(
            shown[each.other.id], each.likeness.score, each.likeness.words, each.likeness.themes,
            each.likeness.phase, each.likeness.professions,
        )
        for each in found
        if each.other.id in shown
    ][:most]  # fmt: skip


def around_of(
    reading: Reading, kind: Kind, thing_id: UUID, place: PlaceFacts, *, is_public: bool, is_draft: bool
) -> Around:  # fmt: skip
    """What is like a thing that the reader has been found to see, and how it is said to differ.

    Of what everybody reads, it is what the worker found. Of a draft its team is shown what there is now; nothing is
    compared with a trial project.
    """
    if is_public:
        return around(reading, thing_id)
    if is_draft and not place.project.is_trial and may_say_difference(reading.actor, place):
        return Around(similar_to_draft(reading, kind, thing_id), around(reading, thing_id).differences)
    return Around([], [])


def around_seen_by(reading: Reading, thing: Thing) -> Around:
    """The same of a thing that was found with `subjects.thing_seen_by`."""
    is_draft = thing.status == ProjectStatus.DRAFT
    return around_of(reading, thing.kind, thing.id, thing.place, is_public=thing.is_public, is_draft=is_draft)


def renewal_number(session: Session) -> int:
    """A number that is another whenever similar work was found anew: what the marks of pages hold."""
    return int(_RENEWED.rows(session)[0][0])


def likely_duplicate(reading: Reading, similar_id: UUID) -> tuple[str, str]:
    """The titles of two projects that look like the same work, for coordinators. Raises NotFound."""
    if not (reading.actor.is_system or reading.actor.has(Role.COORDINATOR)):
        raise NotFound("duplicate")
    other = aliased(Project)
    row = reading.session.execute(
        select(Project.title, other.title.label("other_title"))
        .select_from(SimilarWork)
        .join(Project, Project.id == SimilarWork.about_id)
        .join(other, other.id == SimilarWork.like_id)
        .where(SimilarWork.id == similar_id, SimilarWork.is_likely_duplicate)
    ).first()
    if row is None:
        raise NotFound("duplicate")
    return row.title, row.other_title


def public_thing(reading: Reading, kind: Kind, slug: str) -> Thing:
    """Something that everybody reads and that work can be compared with. Raises NotFound."""
    thing = thing_seen_by(reading, kind, slug)
    if not (thing.is_public and thing.may_be_compared):
        raise NotFound(kind.value)
    return thing


def difference_seen_by(reading: Reading, difference_id: UUID, *, lock: bool = False) -> tuple[Difference, Thing]:
    """A stated difference and the thing it is said of. Everybody: those that stand, of two things that are public. Its
    team, and coordinators: those that are hidden. Raises NotFound.

    `lock` keeps others from changing it until the work ends.
    """
    query = select(Difference).where(Difference.id == difference_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    difference = reading.session.scalars(query).first()
    if difference is None or difference.status == DifferenceStatus.WITHDRAWN:
        raise NotFound("difference")
    ours = thing_by_id(reading, Kind(difference.about_type), difference.about_id)
    actor = reading.actor
    is_known = actor.is_system or actor.has(Role.COORDINATOR) or ours.place.has_in_team(actor)
    if difference.status == DifferenceStatus.HIDDEN and not is_known:
        raise NotFound("difference")
    other_of(reading, difference)
    return difference, ours


def other_of(reading: Reading, difference: Difference) -> Thing:
    """The thing a difference is from, where the reader may know of it. Raises NotFound."""
    return thing_by_id(reading, Kind(difference.other_type), difference.other_id)
