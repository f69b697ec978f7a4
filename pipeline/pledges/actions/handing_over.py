"""A project passes to another lead council: offered by its leads and agreed by that council, or asked for by a council
where nobody leads it any more and approved by a coordinator. It is a change of terms."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.kernel.event import as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.working_days import after_working_days
from pipeline.pledges import counting
from pipeline.pledges.actions.carrying_over import ask_to_carry_over
from pipeline.pledges.actions.steps import taken_project, who
from pipeline.projects import handing_over as rules
from pipeline.projects import policy, terms
from pipeline.projects.actions.freshness import end_handover, nation_of, renew
from pipeline.projects.actions.keeping import check_no_addresses, count_lead
from pipeline.projects.actions.terms import call_of, is_pledged_to
from pipeline.projects.events import Changes, LeadLeft, LeadNamed
from pipeline.projects.freshness import Freshness
from pipeline.projects.freshness_events import (
    HandOverOffered,
    ProjectHandedOver,
    TakeoverAgreed,
    TakeoverAsked,
)
from pipeline.projects.handing_over import HandoverKind, HandoverStatus, Passing
from pipeline.projects.handover_models import Handover
from pipeline.projects.handovers import handover_seen_by
from pipeline.projects.joined import keeping_joined
from pipeline.projects.leading import led_by_another
from pipeline.projects.models import Project, ProjectPerson, TermsChange
from pipeline.projects.policy import HandoverFacts, ProjectFacts
from pipeline.projects.queries import joining_for
from pipeline.projects.rules import PersonRole, ProjectStatus


def offer_hand_over(work: UnitOfWork, *, slug: str, council_id: UUID, message: str) -> Handover:
    """Offer a project to another council, as a lead of it, and say why. An authoriser or admin of that council agrees.

    Raises NotFound, NotAllowed, RuleBroken (handover.message_…, text.holds_address), Conflict (handover.…).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_hand_over(work.actor, facts))
    rules.check_may_pass(_passing(work, project, council_id))
    _check_message(work, message)
    handover = _begin(work, project, HandoverKind.HAND_OVER, council_id, message)
    work.record(HandOverOffered(**_said(handover)))
    return handover


def ask_take_over(work: UnitOfWork, *, slug: str, message: str) -> Handover:
    """Ask, for one's council, to lead a project that looks for a lead. Its leads have ten working days to say that they
    are still here. Where the officer has authority in the council, it has agreed with that.

    Raises NotFound, NotAllowed, RuleBroken (handover.message_…, text.holds_address), Conflict (handover.…).
    """
    project, facts = taken_project(work, slug)
    work.require(policy.may_take_over(work.actor, facts))
    _officer_id, council_id = who(work)
    passing = _passing(work, project, council_id)
    rules.check_may_pass(passing)
    rules.check_looks_for_lead(passing)
    _check_message(work, message)
    due_on = after_working_days(
        uk_date(work.now), rules.DAYS_TO_SAY_STILL_HERE, nation_of(work, project.council_id)
    )  # fmt: skip
    handover = _begin(work, project, HandoverKind.TAKE_OVER, council_id, message, due_on)
    work.record(TakeoverAsked(**_said(handover), answer_due_on=due_on), audience=facts.audience)
    if policy.may_agree_handover(work.actor, _facts(facts, handover)):
        _council_agrees(work, handover)
    return handover


def agree_handover(work: UnitOfWork, *, handover_id: UUID, lead_id: UUID | None = None) -> Handover:
    """Agree, with authority in the council that is to lead the project; `lead_id` is the colleague who will lead it,
    oneself where nobody else is named. What was offered passes at once; a takeover waits for a coordinator.

    Raises NotFound, NotAllowed, Conflict (handover.ended, handover.…, project.terms_frozen).
    """
    handover, project, facts = _taken(work, handover_id)
    work.require(policy.may_agree_handover(work.actor, _facts(facts, handover)))
    rules.check_still_asked(HandoverStatus(handover.status))
    officer_id, council_id = who(work)
    lead_id = lead_id or officer_id
    if joining_for(work, lead_id, council_id) is None:
        raise NotFound("officer")
    handover.lead_id = lead_id
    if handover.kind == HandoverKind.TAKE_OVER:
        if handover.council_agreed_at is None:
            _council_agrees(work, handover)
        return handover
    handover.council_agreed_by, handover.council_agreed_at = officer_id, work.now
    _pass_on(work, project, facts, handover)
    return handover


def approve_takeover(work: UnitOfWork, *, handover_id: UUID) -> Handover:
    """Let a council take a project over, as a coordinator, once it has agreed and the leads had their time.

    Raises NotFound, NotAllowed, Conflict (handover.ended, handover.not_agreed, handover.leads_have_time).
    """
    handover, project, facts = _taken(work, handover_id)
    work.require(policy.may_approve_takeover(work.actor))
    rules.check_still_asked(HandoverStatus(handover.status))
    has_agreed = handover.council_agreed_at is not None
    rules.check_may_approve(handover.answer_due_on, has_agreed=has_agreed, today=uk_date(work.now))
    lead_id = handover.lead_id or handover.asked_by
    if joining_for(work, lead_id, handover.to_council_id) is None:
        raise NotFound("officer")
    _pass_on(work, project, facts, handover)
    return handover


def decline_handover(work: UnitOfWork, *, handover_id: UUID, answer: str = "") -> Handover:
    """Do not take what was offered, or do not approve what was asked for. Both councils read why.

    Raises NotFound, NotAllowed, RuleBroken (handover.message_…), Conflict (handover.ended).
    """
    handover, project, facts = _taken(work, handover_id)
    work.require(policy.may_decline_handover(work.actor, _facts(facts, handover)))
    rules.check_still_asked(HandoverStatus(handover.status))
    _check_message(work, answer)
    handover.answer = answer
    end_handover(work, project, handover, HandoverStatus.DECLINED)
    return handover


def withdraw_handover(work: UnitOfWork, *, handover_id: UUID) -> Handover:
    """Take back what one's side offered or asked for. Raises NotFound, NotAllowed, Conflict (handover.ended)."""
    handover, project, facts = _taken(work, handover_id)
    work.require(policy.may_withdraw_handover(work.actor, _facts(facts, handover)))
    rules.check_still_asked(HandoverStatus(handover.status))
    end_handover(work, project, handover, HandoverStatus.WITHDRAWN)
    return handover


def _pass_on(work: UnitOfWork, project: Project, facts: ProjectFacts, handover: Handover) -> None:
    """The other council leads from now on: its officer among the leads, the old ones in the team or gone."""
    call, today = call_of(work, project), uk_date(work.now)
    rules.check_may_pass(_passing(work, project, handover.to_council_id, is_asked=False))
    is_pledged = is_pledged_to(work, project.id)
    if is_pledged and not call.is_waiting:
        terms.check_terms_may_change(call, today)
    handover.status, handover.ended_at = HandoverStatus.AGREED.value, work.now
    handover.ended_by = work.actor.officer_id
    before_id, carry_over_due_on = project.council_id, _carry_over_by(work, handover)
    changes: Changes = {"lead_council_id": [before_id, handover.to_council_id]}
    work.record(
        ProjectHandedOver(**_said(handover), kind=handover.kind, carry_over_due_on=carry_over_due_on, changes=changes),
        audience=facts.audience, council_id=handover.to_council_id,
    )  # fmt: skip
    lead_with(work, project, handover.to_council_id)
    with keeping_joined(work, project):
        _change_leads(work, project, facts, handover)
    if is_pledged:
        _keep_change(work, project, handover, changes)
    renew(work, project)
    ask_to_carry_over(work, project, carry_over_due_on)
    counting.renew(work, project)


def _keep_change(work: UnitOfWork, project: Project, handover: Handover, changes: Changes) -> None:
    """It is a change of terms, which everybody is told of with the handover: five working days to look."""
    project.terms_changed_at = work.now
    work.add(
        TermsChange(
            id=new_id(), project_id=project.id, officer_id=work.actor.officer_id or handover.asked_by,
            changes=as_json(changes), reason=handover.message, changed_at=work.now,
        )
    )  # fmt: skip


def lead_with(work: UnitOfWork, project: Project, council_id: UUID) -> None:
    """Have another council lead a project, with all that is kept by its lead council. The caller renews what counts."""
    before_id = project.council_id
    is_led = project.is_public and not project.keeps_documents
    with keeping_joined(work, project):
        if is_led:
            count_lead(work, project, -1)
        project.council_id = council_id
        project.edited()
        project.updated_at = work.now
        work.session.flush()
        if is_led:
            count_lead(work, project)
    led_by_another(work, project, before_id)


def _change_leads(work: UnitOfWork, project: Project, facts: ProjectFacts, handover: Handover) -> None:
    query = select(ProjectPerson).where(ProjectPerson.project_id == project.id, ProjectPerson.ended_at.is_(None))
    lead_id = handover.lead_id or handover.asked_by
    for person in work.session.scalars(query.order_by(ProjectPerson.id)).all():
        is_old_lead = person.council_id == handover.from_council_id and person.role == PersonRole.LEAD
        if person.officer_id != lead_id and not is_old_lead:
            continue
        person.ended_at = work.now
        work.session.flush()
        if person.officer_id != lead_id:
            left = LeadLeft(project_id=project.id, officer_id=person.officer_id, for_council_id=person.council_id)
            work.record(left, audience=facts.audience)
            if handover.kind == HandoverKind.HAND_OVER:
                _arrive(work, project, person.officer_id, person.council_id, PersonRole.TEAM)
    _arrive(work, project, lead_id, handover.to_council_id, PersonRole.LEAD)
    named = LeadNamed(project_id=project.id, officer_id=lead_id, for_council_id=handover.to_council_id)
    work.record(named, audience=facts.audience)


def _arrive(work: UnitOfWork, project: Project, officer_id: UUID, council_id: UUID, role: PersonRole) -> None:
    work.add(
        ProjectPerson(
            id=new_id(), project_id=project.id, officer_id=officer_id, council_id=council_id, role=role.value,
            started_at=work.now,
        )
    )  # fmt: skip


def _begin(
    work: UnitOfWork, project: Project, kind: HandoverKind, council_id: UUID, message: str, due_on: date | None = None
) -> Handover:
    officer_id, _own = who(work)
    handover = Handover(
        id=new_id(), project_id=project.id, kind=kind.value, status=HandoverStatus.ASKED.value,
        from_council_id=project.council_id, to_council_id=council_id, message=message, asked_by=officer_id,
        asked_at=work.now, answer_due_on=due_on, answer="",
    )  # fmt: skip
    return work.add(handover)


def _council_agrees(work: UnitOfWork, handover: Handover) -> None:
    officer_id, _council_id = who(work)
    handover.council_agreed_by, handover.council_agreed_at = officer_id, work.now
    handover.lead_id = handover.lead_id or officer_id
    work.record(TakeoverAgreed(**_said(handover)))


def _passing(work: UnitOfWork, project: Project, council_id: UUID, *, is_asked: bool | None = None) -> Passing:
    council = work.session.get(Council, council_id)
    if council is None:
        raise NotFound("council")
    if is_asked is None:
        standing = select(Handover.id).where(
            Handover.project_id == project.id, Handover.status == HandoverStatus.ASKED
        )  # fmt: skip
        is_asked = work.session.execute(standing.limit(1)).first() is not None
    return Passing(
        status=ProjectStatus(project.status), freshness=Freshness(project.freshness), council_id=project.council_id,
        to_council_id=council_id, to_is_active=council.is_active, is_trial=project.is_trial or project.keeps_documents,
        is_frozen=project.frozen_at is not None, is_asked=is_asked,
    )  # fmt: skip


def _taken(work: UnitOfWork, handover_id: UUID) -> tuple[Handover, Project, ProjectFacts]:
    """What is on its way, with its project locked first. Raises NotFound also where the actor may not know of it."""
    handover = handover_seen_by(work, handover_id)
    project, facts = taken_project(work, str(handover.project_id))
    work.session.refresh(handover, with_for_update=True)
    return handover, project, facts


def _facts(facts: ProjectFacts, handover: Handover) -> HandoverFacts:
    return HandoverFacts(facts, HandoverKind(handover.kind), handover.to_council_id)


def _check_message(work: UnitOfWork, message: str) -> None:
    rules.check_message(message)
    check_no_addresses(work, {"message": message})


def _carry_over_by(work: UnitOfWork, handover: Handover) -> date:
    nation = nation_of(work, handover.to_council_id)
    return after_working_days(uk_date(work.now), rules.DAYS_TO_CARRY_OVER, nation)


def _said(handover: Handover) -> dict[str, UUID]:
    return {
        "handover_id": handover.id, "project_id": handover.project_id, "from_council_id": handover.from_council_id,
        "to_council_id": handover.to_council_id,
    }  # fmt: skip
