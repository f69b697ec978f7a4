"""What is not given of a committed pledge: its council breaks it, the project releases it, or a lead says that it has
not come and nobody answers."""

from uuid import UUID

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _, day_words
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import counting, deliveries, delivery, policy, rules
from pipeline.pledges.actions.steps import taken, who
from pipeline.pledges.delivery import ANSWER_WITHIN, Ledger
from pipeline.pledges.delivery_events import (
    DeliveryExplained,
    DeliveryMissed,
    PledgeBroken,
    PledgeReleaseAsked,
    PledgeReleased,
    PledgeReleaseRefused,
)
from pipeline.pledges.models import NotCome, Pledge
from pipeline.pledges.rules import Act, PledgeStatus
from pipeline.pledges.said import audience_of, said, step
from pipeline.projects.actions.keeping import check_no_addresses
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project
from pipeline.projects.rules import NeedStatus, ProjectStatus
from pipeline.projects.taking_part import NOT_ASKED_AGAIN


def break_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Say, for the pledging council, that it does not give what is left of a committed pledge, with a public reason.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…, text.holds_address), Conflict (pledge.wrong_step,
    delivery.waits).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_break_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.BREAK)
    return _end_by_act(work, pledge, PledgeStatus.BROKEN, reason)


def release_pledge(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Let a council off what is left of its committed pledge, as a lead, with a reason that everybody reads.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…, text.holds_address), Conflict (pledge.wrong_step,
    delivery.waits).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_release_pledge(work.actor, facts))
    rules.check_step(facts.status, Act.RELEASE)
    return _end_by_act(work, pledge, PledgeStatus.RELEASED, reason)


def ask_release(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Ask the leads, for the pledging council, to let it off what is left of a committed pledge: when a partner broke
    theirs, for example. The pledge stands until they do; only the two sides read the reason.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…, text.holds_address), Conflict (pledge.wrong_step,
    delivery.waits, pledge.release_asked, pledge.release_refused).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_ask_release(work.actor, facts))
    rules.check_step(facts.status, Act.ASK_RELEASE)
    rules.check_reason(reason)
    check_no_addresses(work, {"reason": reason})
    delivery.check_something_left(ledger_of(work, pledge))
    if pledge.asks_release:
        words = Words(_("Your council has asked this already. The leads can let it off."))
        raise Conflict("pledge.release_asked", words)
    if pledge.release_refused_at is not None and pledge.release_refused_at > work.now - NOT_ASKED_AGAIN:
        again_on = uk_date(pledge.release_refused_at + NOT_ASKED_AGAIN)
        words = Words(_("The leads said no. Your council can ask again from {day}."), day=day_words(again_on))
        raise Conflict("pledge.release_refused", words)
    pledge.release_asked_at, pledge.release_asked_why = work.now, reason
    work.record(PledgeReleaseAsked(**said(pledge)))
    return pledge


def refuse_release(work: UnitOfWork, *, pledge_id: UUID, reason: str) -> Pledge:
    """Say no, as a lead, to a council that asked to be let off the rest of its committed pledge, and why: the pledge
    stands, and the council does not ask again for 90 days. Only the two sides read the reason.

    Raises NotFound, NotAllowed, RuleBroken (pledge.reason_…, text.holds_address), Conflict (pledge.wrong_step,
    pledge.release_not_asked).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_refuse_release(work.actor, facts))
    rules.check_step(facts.status, Act.REFUSE_RELEASE)
    rules.check_reason(reason)
    check_no_addresses(work, {"reason": reason})
    if not pledge.asks_release:
        words = Words(_("The council does not ask to be let off, or has its answer already."))
        raise Conflict("pledge.release_not_asked", words)
    pledge.release_refused_at, pledge.release_refused_why = work.now, reason
    work.record(PledgeReleaseRefused(**said(pledge)))
    return pledge


def _end_by_act(work: UnitOfWork, pledge: Pledge, status: PledgeStatus, reason: str) -> Pledge:
    rules.check_reason(reason)
    check_no_addresses(work, {"reason": reason})
    delivery.check_something_left(ledger_of(work, pledge))
    return _ended(work, pledge, status, reason)


def _ended(work: UnitOfWork, pledge: Pledge, status: PledgeStatus, reason: str | None) -> Pledge:
    project = pledge.need.project
    with keeping_joined(work, project):
        end_what_is_left(work, project, pledge, status, reason)
    counting.renew(work, project)
    return pledge


def ledger_of(work: UnitOfWork, pledge: Pledge) -> Ledger:
    """Where a committed pledge stands by what was recorded of it."""
    return deliveries.ledger_of(pledge, deliveries.deliveries_of(work, pledge.id))


def end_what_is_left(
    work: UnitOfWork, project: Project, pledge: Pledge, status: PledgeStatus, reason: str | None
) -> None:
    """Break or release what is left of a committed pledge. What was recorded and waits for its answer is neither: it
    stays to come until it is answered. The caller has asked, keeps `projects_joined`, and renews what counts."""
    before = PledgeStatus(pledge.status)
    ledger = ledger_of(work, pledge)
    _status, settled = delivery.settled(status, ledger)
    changes = step(before, status)
    for name in ("broken", "released"):
        if (now := getattr(settled, name)) != getattr(pledge, name):
            changes[name] = [getattr(pledge, name), now]
            setattr(pledge, name, now)
    pledge.status, pledge.reason, pledge.ended_at, pledge.updated_at = status, reason, work.now, work.now
    pledge.edited()
    end_not_come(work, pledge)
    event = PledgeBroken if status is PledgeStatus.BROKEN else PledgeReleased
    council_id = pledge.council_id if status is PledgeStatus.BROKEN else work.actor.council_id or project.council_id
    work.record(
        event(**said(pledge), changes=changes, left=ledger.left), audience=audience_of(project), council_id=council_id
    )


def rest_of(pledge: Pledge) -> PledgeStatus:
    """What becomes of the rest of a committed pledge: where its project was stopped or its need dropped it is
    released."""
    need = pledge.need
    is_over = need.project.status == ProjectStatus.STOPPED or need.status == NeedStatus.DROPPED
    return PledgeStatus.RELEASED if is_over else PledgeStatus.COMMITTED


def say_not_come(work: UnitOfWork, *, pledge_id: UUID, note: str = "") -> NotCome:
    """Say, as a lead, that a committed pledge has not come. Its council has 20 working days to answer; the public hears
    nothing of it.

    Raises NotFound, NotAllowed, RuleBroken (delivery.note_too_long), Conflict (pledge.wrong_step, delivery.waits,
    delivery.asked_after).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_say_not_come(work.actor, facts))
    rules.check_step(facts.status, Act.NOT_COME)
    delivery.check_note(note)
    delivery.check_something_left(ledger_of(work, pledge))
    if deliveries.standing_not_come(work, pledge.id) is not None:
        words = Words(_("The leads have said this already, and the council has not answered yet."))
        raise Conflict("delivery.asked_after", words)
    officer_id, _council_id = who(work)
    nation = work.session.get_one(Council, pledge.council_id).nation
    due_on = after_working_days(uk_date(work.now), ANSWER_WITHIN, nation)
    row = work.add(
        NotCome(id=new_id(), pledge_id=pledge.id, note=note, said_by=officer_id, said_at=work.now, answer_due_on=due_on)
    )
    work.record(DeliveryMissed(**said(pledge), answer_due_on=due_on))
    return row


def answer_not_come(work: UnitOfWork, *, pledge_id: UUID, answer: str) -> NotCome:
    """Say, for the pledging council, what became of a pledge that a lead said has not come: it stays committed.

    Raises NotFound, NotAllowed, RuleBroken (delivery.answer_missing, delivery.note_too_long), Conflict
    (delivery.nobody_asked).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_answer_not_come(work.actor, facts))
    row = deliveries.standing_not_come(work, pledge.id)
    if row is None:
        words = Words(_("The leads are not waiting for an answer about this pledge."))
        raise Conflict("delivery.nobody_asked", words, tuple(rules.next_acts(facts.status)))
    delivery.check_answer(answer)
    officer_id, _council_id = who(work)
    row.answer, row.answered_by, row.ended_at = answer, officer_id, work.now
    work.record(DeliveryExplained(**said(pledge)))
    return row


def break_unanswered_pledge(work: UnitOfWork, *, pledge_id: UUID) -> Pledge:
    """Break what is left of a pledge whose council did not answer in time that it has not come. Only the clock does
    this.

    Raises NotFound, NotAllowed, Conflict (pledge.wrong_step, delivery.not_due, delivery.waits).
    """
    pledge, facts = taken(work, pledge_id)
    work.require(policy.may_count_delivery(work.actor))
    rules.check_step(facts.status, Act.BREAK)
    row = deliveries.standing_not_come(work, pledge.id)
    if row is None or row.answer_due_on >= uk_date(work.now):
        raise Conflict("delivery.not_due", Words(_("The council has answered, or still has time to.")))
    delivery.check_something_left(ledger_of(work, pledge))
    return _ended(work, pledge, PledgeStatus.BROKEN, None)


def explain_by_delivery(work: UnitOfWork, pledge: Pledge) -> None:
    """A council that records a delivery, or has delivered it all, has answered that its pledge has not come."""
    if end_not_come(work, pledge):
        work.record(DeliveryExplained(**said(pledge)), council_id=work.actor.council_id or pledge.council_id)


def end_not_come(work: UnitOfWork, pledge: Pledge) -> bool:
    """End what a lead said of a pledge that had not come; returns whether anything stood."""
    row = deliveries.standing_not_come(work, pledge.id)
    if row is not None:
        row.ended_at = work.now
    return row is not None
