"""Places in councils: how an officer gets one, and how it ends."""

from uuid import UUID

from sqlalchemy import func, select, update

from pipeline.accounts import policy
from pipeline.accounts.actions.signing_in import end_sessions, note
from pipeline.accounts.actions.tokens import end_tokens
from pipeline.accounts.events import MembershipAsked, MembershipEnded, MembershipStarted
from pipeline.accounts.models import Membership, MembershipRole, Officer
from pipeline.accounts.queries.places import DomainFit, councils_of_domain, place_facts
from pipeline.accounts.rules import LET_IN_BY_HAND_AFTER, MOST_WAITING, EndedBecause
from pipeline.accounts.tokens import WhyEnded
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _


def place_by_address(work: UnitOfWork, officer: Officer, council_id: UUID | None) -> None:
    """Start the place that a verified address decides; `council_id` chooses where it fits several.

    Raises RuleBroken("membership.choose") when the choice is not one of them. Without a choice among several nothing
    starts: the officer chooses later.
    """
    fit = councils_of_domain(work.session, officer.address.rsplit("@", 1)[1])
    if council_id is None and len(fit.decides) != 1:
        return
    chosen = council_id or fit.decides[0].id
    if not fit.decides_for(chosen):
        raise RuleBroken(Problem("membership.choose", Words(_("Choose one of these councils")), "council"))
    if standing_place(work, officer.id, chosen) is None:
        place_officer(work, officer, chosen, by_address=not must_be_let_in(work, officer, chosen))


def place_officer(work: UnitOfWork, officer: Officer, council_id: UUID, *, by_address: bool) -> Membership:
    """Give an officer a place in a council: one that stands at once, or one that waits to be let in."""
    membership = work.add(
        Membership(
            id=new_id(), officer_id=officer.id, council_id=council_id, asked_at=work.now,
            started_at=work.now if by_address else None,
        )
    )  # fmt: skip
    work.session.flush()
    facts = {"membership_id": membership.id, "officer_id": officer.id, "of_council_id": council_id}
    if by_address:
        work.record(MembershipStarted(**facts, by_address=True), council_id=council_id)
    else:
        work.record(MembershipAsked(**facts), council_id=council_id)
    return membership


def standing_place(work: UnitOfWork, officer_id: UUID, council_id: UUID) -> Membership | None:
    """The place an officer has in a council or waits for."""
    return work.session.scalars(
        select(Membership).where(
            Membership.officer_id == officer_id, Membership.council_id == council_id, Membership.ended_at.is_(None)
        )
    ).first()


def must_be_let_in(work: UnitOfWork, officer: Officer, council_id: UUID) -> bool:
    """Whether the same person was removed from or declined by this council: then their address alone does not do."""
    ended = (
        select(Membership.id)
        .join(Officer, Officer.id == Membership.officer_id)
        .where(
            Officer.person_key == officer.person_key,
            Membership.council_id == council_id,
            Membership.ended_because.in_([because.value for because in LET_IN_BY_HAND_AFTER]),
        )
    )
    return work.session.execute(ended.limit(1)).first() is not None


def join_council(work: UnitOfWork, *, council_id: UUID) -> Membership:
    """Ask for a place in a council. Where the officer's address decides it, the place stands at once; else it waits.

    Raises NotAllowed, NotFound, Conflict("membership.already_there" | "membership.too_many").
    """
    officer = _own_officer(work)
    work.require(policy.may_join_council(work.actor, officer.id))
    council = work.session.scalars(select(Council).where(Council.id == council_id, Council.is_active)).first()
    if council is None:
        raise NotFound("council")
    if standing_place(work, officer.id, council_id) is not None:
        words = Words(_("You have a place in this council, or have asked for one already."))
        raise Conflict("membership.already_there", words, field="council")
    fit = councils_of_domain(work.session, officer.address.rsplit("@", 1)[1])
    by_address = fit.decides_for(council_id) and not must_be_let_in(work, officer, council_id)
    if not by_address:
        _check_waiting(work, officer.id)
    return place_officer(work, officer, council_id, by_address=by_address)


def _check_waiting(work: UnitOfWork, officer_id: UUID) -> None:
    waiting = select(func.count(Membership.id)).where(
        Membership.officer_id == officer_id, Membership.ended_at.is_(None), Membership.started_at.is_(None)
    )
    if (work.session.scalar(waiting) or 0) >= MOST_WAITING:
        words = Words(_("You are waiting for {n} councils already. Wait for their answers first."), n=MOST_WAITING)
        raise Conflict("membership.too_many", words, field="council")


def leave_council(work: UnitOfWork, *, council_id: UUID) -> None:
    """Give up one's own place in a council, or stop waiting for it. Raises NotFound, NotAllowed."""
    officer = _own_officer(work)
    membership = standing_place(work, officer.id, council_id)
    if membership is None:
        raise NotFound("membership")
    work.require(policy.may_leave_council(work.actor, place_facts(work.session, membership)))
    end_place(work, membership, EndedBecause.LEFT)


def let_officer_in(work: UnitOfWork, *, membership_id: UUID, council_id: UUID) -> None:
    """Let somebody in who waits. Raises NotFound, NotAllowed, Conflict("membership.not_waiting")."""
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_answer_waiting(work.actor, place_facts(work.session, membership)))
    _check_is_waiting(membership)
    start_place(work, membership)


def start_place(work: UnitOfWork, membership: Membership) -> None:
    """Let a waiting officer in, by whoever acts."""
    membership.started_at, membership.let_in_by = work.now, work.actor.officer_id
    started = MembershipStarted(
        membership_id=membership.id, officer_id=membership.officer_id, of_council_id=membership.council_id,
        by_address=False,
    )  # fmt: skip
    work.record(started, council_id=membership.council_id)


def decline_officer(work: UnitOfWork, *, membership_id: UUID, council_id: UUID) -> None:
    """Say no to somebody who waits. Raises NotFound, NotAllowed, Conflict("membership.not_waiting")."""
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_answer_waiting(work.actor, place_facts(work.session, membership)))
    _check_is_waiting(membership)
    end_place(work, membership, EndedBecause.DECLINED)


def remove_member(work: UnitOfWork, *, membership_id: UUID, council_id: UUID, source: str | None = None) -> None:
    """End a member's place: access, roles and sessions at once. Raises NotFound, NotAllowed."""
    membership = place_in(work, membership_id, council_id)
    work.require(policy.may_remove_member(work.actor, place_facts(work.session, membership)))
    end_place(work, membership, EndedBecause.REMOVED)
    end_sessions(work.session, membership.officer_id, "removed", work.now)
    by = str(work.actor.officer_id or work.actor.system)
    note(work.session, "member.removed", work.now, officer_id=membership.officer_id, source=source, by=by)


def place_in(work: UnitOfWork, membership_id: UUID, council_id: UUID) -> Membership:
    """A standing or waiting place of a council, locked. Raises NotFound for one of another council too."""
    membership = work.session.scalars(
        select(Membership)
        .where(Membership.id == membership_id, Membership.council_id == council_id, Membership.ended_at.is_(None))
        .with_for_update()
    ).first()
    if membership is None:
        raise NotFound("membership")
    return membership


def end_place(work: UnitOfWork, membership: Membership, because: EndedBecause) -> None:
    """End a place, and the roles and tokens that came with it."""
    membership.ended_at, membership.ended_because = work.now, because.value
    work.session.execute(
        update(MembershipRole)
        .where(MembershipRole.membership_id == membership.id, MembershipRole.ended_at.is_(None))
        .values(ended_at=work.now),
        execution_options={"synchronize_session": False},
    )
    ended = MembershipEnded(
        membership_id=membership.id, officer_id=membership.officer_id, of_council_id=membership.council_id,
        because=because.value,
    )  # fmt: skip
    work.record(ended, council_id=membership.council_id)
    end_tokens(work, membership.officer_id, WhyEnded.LEFT, membership.council_id)


def end_places_that_do_not_fit(work: UnitOfWork, officer: Officer, fit: DomainFit) -> None:
    """After a change of address: end every place that the new address does not decide."""
    places = work.session.scalars(
        select(Membership).where(Membership.officer_id == officer.id, Membership.ended_at.is_(None)).with_for_update()
    )
    for membership in places.all():
        if not fit.decides_for(membership.council_id):
            end_place(work, membership, EndedBecause.ADDRESS)


def end_all_places(work: UnitOfWork, officer_id: UUID, because: EndedBecause) -> None:
    """End every place of an officer."""
    places = work.session.scalars(
        select(Membership).where(Membership.officer_id == officer_id, Membership.ended_at.is_(None)).with_for_update()
    )
    for membership in places.all():
        end_place(work, membership, because)


def _check_is_waiting(membership: Membership) -> None:
    if membership.started_at is not None:
        words = Words(_("Somebody else has let this person in already."))
        raise Conflict("membership.not_waiting", words, ("remove",))


def _own_officer(work: UnitOfWork) -> Officer:
    officer = work.session.get(Officer, work.actor.officer_id) if work.actor.officer_id else None
    if officer is None or officer.verified_at is None:
        raise NotFound("account")
    return officer
