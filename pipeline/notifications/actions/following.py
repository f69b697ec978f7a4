"""Following councils, themes, documents and searches; and following anything no longer. Projects and needs are followed
where they are at home."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.notifications.rules import MOST_FOLLOWED
from pipeline.notifications.searches import Search, search_id, theme_id
from pipeline.projects import actions as of_projects
from pipeline.projects import interested
from pipeline.projects.interest_events import FollowBegan, FollowEnded
from pipeline.projects.models import Follow
from pipeline.projects.policy import may_follow
from pipeline.projects.taking_part import MOST_TERMS, Followed
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.search.models import EntryKind


def follow_council(work: UnitOfWork, *, slug: str) -> Follow:
    """Hear of what a council posts, shares and learns. Raises NotFound, NotAllowed, Conflict (follow.too_many)."""
    return _follow(work, Followed.COUNCIL, council_seen_by(work, slug).id)


def follow_document(work: UnitOfWork, *, slug: str) -> Follow:
    """Hear of each new version of a document. Raises NotFound, NotAllowed, Conflict (follow.too_many)."""
    artefact, project = artefact_seen_by(work, slug)
    return _follow(work, Followed.DOCUMENT, artefact.id, project_id=project.id)


def follow_theme(work: UnitOfWork, *, theme: str) -> Follow:
    """Hear of each project posted under a theme. Raises NotFound, NotAllowed, Conflict (follow.too_many)."""
    if theme not in THEME_BY_VALUE:
        raise NotFound("theme")
    return _follow(work, Followed.THEME, theme_id(theme), terms=theme)


def follow_search(work: UnitOfWork, *, words: str, filters: Mapping[str, Any]) -> Follow:
    """Hear of each project posted that a search finds. A search for one theme alone is that theme.

    Raises NotAllowed, RuleBroken (search.empty, search.too_long), Conflict (follow.too_many).
    """
    if not words and set(filters) == {"theme"}:
        return follow_theme(work, theme=filters["theme"])
    return _follow_search(work, Search(words, filters, is_of_projects=True))


def follow_search_of_everything(work: UnitOfWork, *, words: str, facets: Mapping[str, str]) -> Follow:
    """Hear of everything new that a search finds: projects, needs, updates, lessons, documents and councils.

    Raises NotAllowed, RuleBroken (search.empty, search.never_new, search.too_long), Conflict (follow.too_many).
    """
    if facets.get("kind") == EntryKind.VERSION:
        said = Words(_("Earlier versions are never new. Follow documents instead."))
        raise RuleBroken(Problem("search.never_new", said, "kind"))
    return _follow_search(work, Search(words, facets))


def _follow_search(work: UnitOfWork, search: Search) -> Follow:
    if search.is_empty:
        raise RuleBroken(Problem("search.empty", Words(_("Search for something, or choose a filter, first.")), "q"))
    terms = search.terms
    if len(terms) > MOST_TERMS:
        raise RuleBroken(Problem("search.too_long", Words(_("This search is too long to follow.")), "q"))
    return _follow(work, Followed.SEARCH, search_id(terms), terms=terms)


def end_follow(work: UnitOfWork, *, follow_id: UUID) -> None:
    """Follow something no longer, whatever it is. Raises NotFound, NotAllowed."""
    work.require(may_follow(work.actor))
    query = select(Follow).where(Follow.id == follow_id, Follow.officer_id == work.actor.officer_id)
    standing = work.session.scalars(query).first()
    if standing is None:
        raise NotFound("follow")
    if standing.subject_type in (Followed.PROJECT, Followed.NEED):
        of_projects.end_follow(work, standing)
        return
    work.session.delete(standing)
    _record(work, standing, FollowEnded)


def _follow(
    work: UnitOfWork,
    followed: Followed,
    subject_id: UUID,
    *,
    terms: str | None = None,
    project_id: UUID | None = None,
) -> Follow:
    work.require(may_follow(work.actor))
    standing = interested.own_follow_of(work, followed, subject_id)
    if standing is not None:
        return standing
    officer_id = work.actor.officer_id
    assert officer_id is not None  # noqa: S101 (the policy lets nobody else come this far)
    number = select(func.count()).select_from(Follow).where(Follow.officer_id == officer_id)
    if work.session.execute(number).scalar_one() >= MOST_FOLLOWED:
        words = Words(_("You follow {n} things already. Stop following one first."), n=MOST_FOLLOWED)
        raise Conflict("follow.too_many", words, ("unfollow",))
    follow = work.add(
        Follow(
            id=new_id(), officer_id=officer_id, council_id=work.actor.council_id, subject_type=followed.value,
            subject_id=subject_id, project_id=project_id, terms=terms, followed_at=work.now,
        )
    )  # fmt: skip
    _record(work, follow, FollowBegan)
    return follow


def _record(work: UnitOfWork, follow: Follow, event: type[FollowBegan] | type[FollowEnded]) -> None:
    work.record(
        event(
            follow_id=follow.id, project_id=follow.project_id, followed_type=follow.subject_type,
            followed_id=follow.subject_id,
        )
    )  # fmt: skip
