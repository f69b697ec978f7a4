"""The verbs of introductions: made, and followed up."""

from uuid import UUID

from pipeline.accounts.queries import admins_of
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.introductions import policy, queries, rules
from pipeline.introductions.events import IntroductionFollowedUp, IntroductionMade
from pipeline.introductions.models import Introduction
from pipeline.introductions.rules import Outcome
from pipeline.kernel.errors import NotAllowed, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import check_no_addresses


def make_introduction(
    work: UnitOfWork, *, council: str, other: str, message: str, need_id: UUID | None = None
) -> Introduction:
    """Write to two councils about each other: to the admins of both, and to the leads where it is about a need.

    Councils are named by slug or GSS code. No address is shown to anybody. Raises NotAllowed, NotFound (need),
    RuleBroken (introduction.*, text.holds_address).
    """
    work.require(policy.may_introduce_councils(work.actor))
    officer_id = work.actor.officer_id
    if officer_id is None:
        raise NotAllowed("entry.not_your_role", Words(_("Only a coordinator introduces councils.")))
    one, two = (
        queries.council_to_introduce(work, council, "council"),
        queries.council_to_introduce(work, other, "other"),
    )
    rules.check_introduction(message=message, are_same=one.id == two.id)
    check_no_addresses(work, {"message": message})
    lead_council_id = queries.lead_council_of_need(work, need_id) if need_id else None
    if lead_council_id is not None and lead_council_id not in (one.id, two.id):
        words = Words(_("One of the two must be the council that asks for this"))
        raise RuleBroken(Problem("introduction.council_missing", words, "council"))
    _check_somebody_is_there(work, {"council": one, "other": two}, need_id, lead_council_id)
    introduction = work.add(
        Introduction(
            id=new_id(), council_id=one.id, other_council_id=two.id, need_id=need_id, message=message,
            made_by=officer_id, made_at=work.now, outcome=Outcome.NOTHING_YET.value,
        )
    )  # fmt: skip
    work.record(
        IntroductionMade(
            introduction_id=introduction.id, of_council_id=one.id, other_council_id=two.id, need_id=need_id
        )
    )
    return introduction


def follow_up_introduction(work: UnitOfWork, *, introduction_id: UUID, outcome: Outcome) -> Introduction:
    """Say what came of an introduction; it may be said again when more has come of it. Raises NotFound, NotAllowed."""
    introduction = queries.introduction_seen_by(work, introduction_id, lock=True)
    work.require(policy.may_introduce_councils(work.actor))
    introduction.outcome, introduction.outcome_at = outcome.value, work.now
    introduction.outcome_by = work.actor.officer_id
    work.record(IntroductionFollowedUp(introduction_id=introduction.id, outcome=outcome.value))
    return introduction


def _check_somebody_is_there(
    work: UnitOfWork, councils: dict[str, Council], need_id: UUID | None, lead_council_id: UUID | None
) -> None:
    """Both councils must have somebody to write to: an admin, or a lead of the need's project. Raises RuleBroken."""
    problems = []
    for field, council in councils.items():
        is_led = council.id == lead_council_id and need_id is not None and queries.has_lead(work, need_id)
        if not is_led and not admins_of(work.session, council.id):
            words = Words(_("{council} has no admin to write to yet"), council=council.short_name)
            problems.append(Problem("introduction.nobody_there", words, field))
    if problems:
        raise RuleBroken(*problems)
