"""The verbs of work that is alike: say how ours differs, take it back; hide and restore; leave two projects apart."""

from uuid import UUID

from sqlalchemy import func, select

from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.hiding import not_hidden, not_public
from pipeline.projects.actions.keeping import acting, check_no_addresses
from pipeline.projects.policy import may_hide
from pipeline.similarity import policy, queries, rules
from pipeline.similarity.events import (
    DifferenceEvent,
    DifferenceRemoved,
    DifferenceRestored,
    DifferenceSaid,
    DifferenceWithdrawn,
    DuplicateDismissed,
)
from pipeline.similarity.models import Difference, DuplicateDismissal, SimilarWork
from pipeline.similarity.rules import MOST_DIFFERENCES, DifferenceStatus, Kind
from pipeline.similarity.subjects import Thing, thing_seen_by


def say_difference(
    work: UnitOfWork, *, kind: Kind, slug: str, other_kind: Kind, other: str, reason: str, language: str = "en"
) -> Difference:
    """Say how a thing of one's team differs from another's, which everybody can read. Both are named by slug or id.

    Raises NotFound, NotAllowed, RuleBroken (difference.…, text.holds_address), Conflict (difference.trial,
    difference.said_already, difference.too_many).
    """
    ours, theirs = thing_seen_by(work, kind, slug), queries.public_thing(work, other_kind, other)
    work.require(policy.may_say_difference(work.actor, ours.place))
    if not ours.may_be_compared:
        raise Conflict("difference.trial", Words(_("This is not compared with others.")))
    rules.check_difference(reason, is_same=ours.id == theirs.id)
    check_no_addresses(work, {"reason": reason})
    _check_room(work, ours, theirs)
    officer_id, council_id = acting(work)
    difference = work.add(
        Difference(
            id=new_id(), about_type=kind.value, about_id=ours.id, project_id=ours.project.id,
            other_type=other_kind.value, other_id=theirs.id, other_project_id=theirs.project.id, reason=reason,
            language=language, officer_id=officer_id, council_id=council_id, said_at=work.now,
        )
    )  # fmt: skip
    _record(work, difference, DifferenceSaid, ours)
    return difference


def _check_room(work: UnitOfWork, ours: Thing, theirs: Thing) -> None:
    own = (Difference.about_id == ours.id, Difference.status != DifferenceStatus.WITHDRAWN.value)
    if work.session.scalar(select(Difference.id).where(*own, Difference.other_id == theirs.id)) is not None:
        words = Words(_("How it differs from this is said already. Take that back first."))
        raise Conflict("difference.said_already", words, ("withdraw",))
    if (work.session.scalar(select(func.count()).select_from(Difference).where(*own)) or 0) >= MOST_DIFFERENCES:
        raise Conflict("difference.too_many", Words(_("It differs from a lot already. Take one back first.")))


def withdraw_difference(work: UnitOfWork, *, difference_id: UUID) -> Difference:
    """Take back what was said of a difference. Raises NotFound, NotAllowed, Conflict (difference.not_standing)."""
    difference, ours = queries.difference_seen_by(work, difference_id, lock=True)
    work.require(policy.may_withdraw_difference(work.actor, policy.DifferenceFacts(ours.place, difference.officer_id)))
    if difference.status != DifferenceStatus.STANDING:
        raise Conflict("difference.not_standing", Words(_("This does not stand any more.")))
    difference.status, difference.withdrawn_at = DifferenceStatus.WITHDRAWN.value, work.now
    _record(work, difference, DifferenceWithdrawn, ours)
    return difference


def hide_difference(work: UnitOfWork, *, difference_id: UUID) -> Difference:
    """Hide what was said of a difference. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    difference, ours = queries.difference_seen_by(work, difference_id, lock=True)
    work.require(may_hide(work.actor))
    if difference.status != DifferenceStatus.STANDING:
        raise not_public()
    difference.status = DifferenceStatus.HIDDEN.value
    _record(work, difference, DifferenceRemoved, ours)
    return difference


def restore_difference(work: UnitOfWork, *, difference_id: UUID) -> Difference:
    """Bring a hidden difference back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    difference, ours = queries.difference_seen_by(work, difference_id, lock=True)
    work.require(may_hide(work.actor))
    if difference.status != DifferenceStatus.HIDDEN:
        raise not_hidden()
    difference.status = DifferenceStatus.STANDING.value
    _record(work, difference, DifferenceRestored, ours)
    return difference


def _record(work: UnitOfWork, difference: Difference, kind: type[DifferenceEvent], ours: Thing) -> None:
    event = kind(
        difference_id=difference.id, project_id=difference.project_id, about_type=difference.about_type,
        about_id=difference.about_id, other_type=difference.other_type, other_id=difference.other_id,
        other_project_id=difference.other_project_id,
    )  # fmt: skip
    work.record(event, audience=Audience.PUBLIC if ours.is_public else Audience.PROJECT)


def dismiss_duplicate(work: UnitOfWork, *, similar_id: UUID, reason: str) -> DuplicateDismissal:
    """Leave two projects apart that look alike: they are on the desk no more. Raises NotFound, NotAllowed, RuleBroken
    (duplicate.reason_…), Conflict (duplicate.dismissed)."""
    work.require(policy.may_dismiss_duplicate(work.actor))
    pair = work.session.get(SimilarWork, similar_id)
    officer_id = work.actor.officer_id
    if pair is None or not pair.is_likely_duplicate or officer_id is None:
        raise NotFound("duplicate")
    rules.check_dismissal(reason)
    one_id, other_id = sorted((pair.about_id, pair.like_id), key=str)
    known = select(DuplicateDismissal.id).where(
        DuplicateDismissal.one_id == one_id, DuplicateDismissal.other_id == other_id
    )
    if work.session.scalar(known) is not None:
        raise Conflict("duplicate.dismissed", Words(_("Somebody has left these two apart already.")))
    dismissal = work.add(
        DuplicateDismissal(
            id=new_id(), one_id=one_id, other_id=other_id, reason=reason, dismissed_by=officer_id,
            dismissed_at=work.now,
        )
    )  # fmt: skip
    work.record(DuplicateDismissed(dismissal_id=dismissal.id, one_id=one_id, other_id=other_id))
    return dismissal
