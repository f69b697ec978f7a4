"""Following a project, or a need that has no room now; and no longer."""

from uuid import UUID

from sqlalchemy import func, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import interested, policy
from pipeline.projects.actions.taking import taken_need, taken_project
from pipeline.projects.interest_events import FollowBegan, FollowEnded, FollowEvent
from pipeline.projects.models import Follow, Project
from pipeline.projects.taking_part import Followed


def follow_project(work: UnitOfWork, *, slug: str) -> Follow:
    """Hear of a project from now on. Following what one follows already changes nothing.

    Raises NotFound, NotAllowed.
    """
    project = taken_project(work, slug)
    return _follow(work, project, Followed.PROJECT, project.id)


def follow_need(work: UnitOfWork, *, need_id: UUID) -> Follow:
    """Be told once when there is room in a need; who follows again after that is told again.

    Raises NotFound, NotAllowed.
    """
    need = taken_need(work, need_id)
    return _follow(work, need.project, Followed.NEED, need.id)


def unfollow_project(work: UnitOfWork, *, slug: str) -> None:
    """Hear no more of a project. Raises NotFound, NotAllowed, Conflict (follow.not_followed)."""
    project = taken_project(work, slug)
    _unfollow(work, project, Followed.PROJECT, project.id)


def unfollow_need(work: UnitOfWork, *, need_id: UUID) -> None:
    """Not be told when there is room in a need. Raises NotFound, NotAllowed, Conflict (follow.not_followed)."""
    need = taken_need(work, need_id)
    _unfollow(work, need.project, Followed.NEED, need.id)


def end_follow(work: UnitOfWork, follow: Follow) -> None:
    """Hear no more of what one follows, a project or room in a need, whether or not one may still see it. The caller
    has found that it is one's own."""
    project = work.session.get_one(Project, follow.project_id, with_for_update=True)
    work.session.delete(follow)
    _record(work, project, follow, FollowEnded)


def _follow(work: UnitOfWork, project: Project, followed: Followed, subject_id: UUID) -> Follow:
    work.require(policy.may_follow(work.actor))
    standing = interested.own_follow_of(work, followed, subject_id)
    if standing is not None and followed is Followed.PROJECT:
        return standing
    if standing is not None:
        # Whoever waits for room is told once for each time of asking: asking again is a follow of its own.
        work.session.delete(standing)
        work.session.flush()
    officer_id = work.actor.officer_id
    assert officer_id is not None  # noqa: S101 (the policy lets nobody else come this far)
    follow = work.add(
        Follow(
            id=new_id(), officer_id=officer_id, council_id=work.actor.council_id, subject_type=followed.value,
            subject_id=subject_id, project_id=project.id, followed_at=work.now,
        )
    )  # fmt: skip
    _record(work, project, follow, FollowBegan)
    return follow


def _unfollow(work: UnitOfWork, project: Project, followed: Followed, subject_id: UUID) -> None:
    work.require(policy.may_follow(work.actor))
    standing = interested.own_follow_of(work, followed, subject_id)
    if standing is None:
        raise Conflict("follow.not_followed", Words(_("You do not follow this.")), ("follow",))
    work.session.delete(standing)
    _record(work, project, standing, FollowEnded)


def _record(work: UnitOfWork, project: Project, follow: Follow, event: type[FollowEvent]) -> None:
    if follow.subject_type == Followed.PROJECT:
        work.session.flush()
        number = select(func.count()).where(Follow.subject_id == project.id)
        project.followers = work.session.execute(number).scalar_one()
        project.revision += 1
    work.record(
        event(
            follow_id=follow.id, project_id=project.id, followed_type=follow.subject_type, followed_id=follow.subject_id
        )
    )
