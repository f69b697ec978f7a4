"""Comments as somebody may read them: those on one thing, one by its id, and all that everybody reads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.queries import members_of
from pipeline.artefacts.models import Suggestion
from pipeline.comments.models import Comment, CommentMention, CommentText
from pipeline.comments.rules import EVERYBODY_READS, CommentedOn, CommentStatus
from pipeline.comments.subjects import Thing, thing_seen_by
from pipeline.comments.visibility import comments_visible_to, public_comments
from pipeline.councils.models import Council
from pipeline.councils.queries import council_called
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import system
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.projects.models import Project, ProjectPerson, ProjectSlug
from pipeline.projects.rules import PersonRole

MOST_COUNTED = 10_000
MOST_ON_A_PAGE = 50
MOST_TO_PICK = 300
"""People to pick from; colleagues of a large council come last."""

BY_TIME = Order(Comment.written_at, Comment.id)
ORDERS = {
    "-written_at": Order(Comment.written_at, Comment.id, is_descending=True),
    "written_at": BY_TIME,
    "-updated_at": Order(Comment.updated_at, Comment.id, is_descending=True),
    "updated_at": Order(Comment.updated_at, Comment.id),
}
"""What a list of comments can be ordered by; a minus is for the latest first."""

_IS_NAMED = and_(Officer.is_named, Officer.erased_at.is_(None))
_SHOWN: tuple[Any, ...] = (
    Comment.id, Comment.about_type, Comment.about_id, Comment.project_id, Comment.text, Comment.html, Comment.language,
    Comment.officer_id, Comment.council_id, Comment.status, Comment.written_at, Comment.updated_at, Comment.edited_at,
    Comment.version, Comment.revision, case((_IS_NAMED, Officer.name)).label("author_name"),
    ProjectPerson.role.label("author_role"), Council.slug.label("council_slug"), Council.name.label("council_name"),
    Council.short_name.label("council_short_name"), Council.gss_code, Project.slug.label("project_slug"),
)  # fmt: skip


def comment_seen_by(reading: Reading, comment_id: UUID, *, lock: bool = False) -> tuple[Comment, Thing]:
    """A comment and what it is about, for whoever may know of both. Raises NotFound. `lock` keeps it from others."""
    query = select(Comment).where(Comment.id == comment_id, comments_visible_to(reading.actor))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    comment = reading.session.scalars(query).first()
    if comment is None:
        raise NotFound("comment")
    try:
        return comment, thing_seen_by(reading, CommentedOn(comment.about_type), comment.about_id)
    except NotFound:
        raise NotFound("comment") from None


def comment_to_moderate(reading: Reading, comment_id: UUID, *, lock: bool = False) -> tuple[Comment, Thing]:
    """As `comment_seen_by`, whatever it is about: for coordinators, of what was reported. Raises NotFound."""
    on_behalf = Reading(reading.session, system("moderation"), reading.now)
    return comment_seen_by(on_behalf, comment_id, lock=lock)


def comments_on(reading: Reading, thing: Thing, *, place: Place | None = None, limit: int = MOST_ON_A_PAGE) -> Page:
    """A page of what was said about something the viewer has been found to see, in the order it was said. Withdrawn
    ones are left out, for coordinators too."""
    query = _rows().where(
        Comment.about_type == thing.kind.value, Comment.about_id == thing.id, comments_visible_to(reading.actor),
        Comment.status != CommentStatus.WITHDRAWN.value,
    )  # fmt: skip
    return read_page(reading.session, query, BY_TIME, place, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFilters:
    """What a list of comments is narrowed to. None means any."""

    update: UUID | None = None
    suggestion: UUID | None = None
    project: str | None = None
    council: str | None = None
    updated_since: datetime | None = None


def comments_listed(
    reading: Reading, filters: CommentFilters, *, order: Order, limit: int, place: Place | None = None
) -> Page:
    """A page of the comments that everybody reads."""
    return read_page(reading.session, _narrowed(_rows().where(public_comments()), filters), order, place, limit)


def number_of_comments(reading: Reading, filters: CommentFilters) -> int:
    """How many comments a list has in all; one more than `MOST_COUNTED` where there are more than that."""
    public = select(Comment.id).join(Project, Project.id == Comment.project_id).where(public_comments())
    counted = _narrowed(public, filters).limit(MOST_COUNTED + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(counted)) or 0


def comment_listed(reading: Reading, comment_id: UUID) -> Any:
    """One comment that everybody reads, as lists show it. Raises NotFound."""
    row = reading.session.execute(_rows().where(Comment.id == comment_id, public_comments())).first()
    if row is None:
        raise NotFound("comment")
    return row


def comment_in_any_state(reading: Reading, comment_id: UUID) -> Any:
    """As `comment_listed`, of a comment the viewer has been found to know of."""
    return reading.session.execute(_rows().where(Comment.id == comment_id)).one()


def _rows() -> Select[Any]:
    standing = and_(
        ProjectPerson.project_id == Comment.project_id, ProjectPerson.officer_id == Comment.officer_id,
        ProjectPerson.ended_at.is_(None),
    )  # fmt: skip
    return (
        select(*_SHOWN)
        .join(Project, Project.id == Comment.project_id)
        .join(Council, Council.id == Comment.council_id)
        .join(Officer, Officer.id == Comment.officer_id)
        .outerjoin(ProjectPerson, standing)
    )


def _narrowed(query: Select[Any], filters: CommentFilters) -> Select[Any]:
    for kind, about_id in ((CommentedOn.UPDATE, filters.update), (CommentedOn.SUGGESTION, filters.suggestion)):
        if about_id is not None:
            query = query.where(Comment.about_type == kind.value, Comment.about_id == about_id)
    if filters.project is not None:
        query = query.where(Comment.project_id == _project_called(filters.project))
    if filters.council is not None:
        query = query.where(Comment.council_id == council_called(filters.council))
    if filters.updated_since is not None:
        query = query.where(Comment.updated_at >= filters.updated_since)
    return query


def _project_called(slug: str) -> Any:
    """The id of the project with a slug, a former slug or an id."""
    by_slug = select(Project.id).where(Project.slug == slug).correlate(None).scalar_subquery()
    before = select(ProjectSlug.project_id).where(ProjectSlug.slug == slug).scalar_subquery()
    return id_from(slug) or func.coalesce(by_slug, before)


def earlier_texts_of(reading: Reading, comment: Comment) -> Sequence[CommentText]:
    """What a comment said before, the newest first. For coordinators."""
    query = select(CommentText).where(CommentText.comment_id == comment.id)
    return reading.session.scalars(query.order_by(CommentText.version.desc())).all()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be mentioned, or was: their name where the viewer may know it, their part, their council."""

    officer_id: UUID
    council_id: UUID
    name: str | None
    role: str | None
    council: str


def mentioned_in(reading: Reading, comment_ids: Collection[UUID]) -> dict[UUID, list[Person]]:
    """Whom some comments mention, as everybody sees them."""
    if not comment_ids:
        return {}
    rows = reading.session.execute(
        select(
            CommentMention.comment_id, CommentMention.officer_id, CommentMention.council_id,
            case((_IS_NAMED, Officer.name)), Council.short_name,
        )
        .join(Officer, Officer.id == CommentMention.officer_id)
        .join(Council, Council.id == CommentMention.council_id)
        .where(CommentMention.comment_id.in_(comment_ids))
        .order_by(Officer.id)
    )  # fmt: skip
    found: dict[UUID, list[Person]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Person(row[1], row[2], row[3], None, row[4]))
    return found


def people_to_mention(reading: Reading, thing: Thing) -> list[Person]:
    """Whom the viewer can mention about something: the project's team; who takes part in what is said and chose to be
    named; and of what everybody reads, the viewer's own colleagues. Never the viewer, and nobody who could not read it.
    """
    people = {one.officer_id: one for one in (*_colleagues(reading, thing), *_named(reading, thing))}
    for one in _team(reading, thing):
        known = people.get(one.officer_id)
        people[one.officer_id] = Person(*_first_three(one, known), one.role, one.council)
    people.pop(reading.actor.officer_id or thing.id, None)
    in_team = [one for one in people.values() if one.role]
    others = [one for one in people.values() if not one.role]
    return (in_team + sorted(others, key=lambda one: (one.name or "", one.council)))[:MOST_TO_PICK]


def _first_three(one: Person, known: Person | None) -> tuple[UUID, UUID, str | None]:
    return one.officer_id, one.council_id, one.name or (known.name if known else None)


def _team(reading: Reading, thing: Thing) -> list[Person]:
    """The team; of what is between an officer and the leads, the leads alone."""
    query = (
        select(ProjectPerson, case((_IS_NAMED, Officer.name)), Council.short_name)
        .join(Officer, Officer.id == ProjectPerson.officer_id)
        .join(Council, Council.id == ProjectPerson.council_id)
        .join(Membership, _works_there(ProjectPerson.officer_id, ProjectPerson.council_id))
        .where(ProjectPerson.project_id == thing.project.id, ProjectPerson.ended_at.is_(None))
        .order_by(ProjectPerson.role != PersonRole.LEAD.value, ProjectPerson.id)
    )
    if thing.kind not in EVERYBODY_READS:
        query = query.where(ProjectPerson.role == PersonRole.LEAD.value)
    return [
        Person(row[0].officer_id, row[0].council_id, row[1], row[0].role, row[2])
        for row in reading.session.execute(query)
    ]


def _named(reading: Reading, thing: Thing) -> list[Person]:
    """Who wrote the thing or a comment on it, and chose to be named."""
    if not thing.is_public:
        return []
    said = (Comment.about_id == thing.id, Comment.status == CommentStatus.PUBLISHED.value)
    parts = (
        select(Comment.officer_id, Comment.council_id)
        .where(*said)
        .union(select(Suggestion.officer_id, Suggestion.council_id).where(Suggestion.id == thing.id))
        .subquery()
    )
    rows = reading.session.execute(
        select(parts.c.officer_id, parts.c.council_id, Officer.name, Council.short_name)
        .join(Officer, Officer.id == parts.c.officer_id)
        .join(Council, Council.id == parts.c.council_id)
        .join(Membership, _works_there(parts.c.officer_id, parts.c.council_id))
        .where(_IS_NAMED)
        .order_by(Officer.name, parts.c.council_id)
    )
    return [Person(row[0], row[1], row[2], None, row[3]) for row in rows]


def _colleagues(reading: Reading, thing: Thing) -> list[Person]:
    council_id = reading.actor.council_id
    if council_id is None or not thing.is_public:
        return []
    council = reading.session.get_one(Council, council_id).short_name
    return [Person(one.officer_id, council_id, one.name, None, council) for one in members_of(reading, council_id)]


def _works_there(officer_id: Any, council_id: Any) -> Any:
    return and_(
        Membership.officer_id == officer_id, Membership.council_id == council_id, Membership.started_at.is_not(None),
        Membership.ended_at.is_(None),
    )  # fmt: skip


def mentions_of(session: Session, comment_id: UUID) -> Sequence[CommentMention]:
    """Whom a comment mentions."""
    query = select(CommentMention).where(CommentMention.comment_id == comment_id)
    return session.scalars(query.order_by(CommentMention.officer_id)).all()


def took_part_in(session: Session, comment: Comment) -> list[tuple[UUID, UUID]]:
    """Who said something about the same thing before: officers, with the council they said it for."""
    query = select(Comment.officer_id, Comment.council_id).where(
        Comment.about_type == comment.about_type, Comment.about_id == comment.about_id,
        Comment.status == CommentStatus.PUBLISHED.value, Comment.id < comment.id,
    )  # fmt: skip
    return [(row[0], row[1]) for row in session.execute(query.distinct())]
