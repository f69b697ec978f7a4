"""Who may do what to a project, its needs, its people and its updates."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.projects.handing_over import HandoverKind
from pipeline.projects.rules import ProjectStatus, UpdateStatus


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What policies need to know of a project, on behalf of one actor."""

    id: UUID
    council_id: UUID
    status: ProjectStatus
    is_trial: bool
    is_public: bool
    lead_ids: frozenset[UUID]
    team_ids: frozenset[UUID]
    """Everybody in the team, the leads included."""

    has_own_lead: bool = True
    """Whether somebody of the lead council leads it and works there still."""

    acts_elsewhere: bool = False
    """The actor is in the team for another council than the one they act for now: here they may do nothing by it."""

    is_frozen: bool = False
    """Its council has ended, and nobody has said yet which successor has it: nobody leads it until then."""

    looks_for_lead: bool = False
    """Its leads have been silent for so long that it looks for a new one."""

    def is_led_by(self, actor: Actor) -> bool:
        return actor.officer_id in self.lead_ids and not self.acts_elsewhere and not self.is_frozen

    def has_in_team(self, actor: Actor) -> bool:
        return actor.officer_id in self.team_ids and not self.acts_elsewhere

    @property
    def audience(self) -> Audience:
        """The widest audience of events of this project."""
        return Audience.PUBLIC if self.is_public else Audience.PROJECT


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """What policies need to know of an update."""

    project: ProjectFacts
    status: UpdateStatus


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What policies need to know of a colleague's check of a draft."""

    officer_id: UUID
    is_answered: bool


def may_post_project(actor: Actor) -> Decision:
    """A member posts for the council they act for."""
    if actor.has(Role.MEMBER) and actor.council_id is not None:
        return YES
    return no("project.members_only", Words(_("Only officers of a council can post a project.")))


def may_edit_project(actor: Actor, project: ProjectFacts) -> Decision:
    """The team writes drafts; what is published is changed by its leads."""
    return _team(actor, project) if project.status is ProjectStatus.DRAFT else _leads(actor, project)


def may_publish_project(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads publish."""
    return _leads(actor, project)


def may_delete_project(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads delete, a draft as well; and the clock, a trial project that nobody uses any more."""
    return YES if actor.is_system and project.is_trial else _leads(actor, project)


def may_hide(actor: Actor) -> Decision:
    """Only a coordinator hides what somebody published, and brings it back."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("moderation.coordinators_only", Words(_("Only a coordinator can do this.")))


def may_change_phase(actor: Actor, project: ProjectFacts) -> Decision:
    """A lead moves the phase, in any direction."""
    return _leads(actor, project)


def may_change_terms(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads change the terms councils pledge on, or move the decision date."""
    return _leads(actor, project)


def may_give_go_ahead(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads give the go-ahead before the decision date does."""
    return _leads(actor, project)


def may_say_still_true(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads say that the page is right as it stands."""
    return _leads(actor, project)


def may_age_project(actor: Actor) -> Decision:
    """Only the clock counts the days of silence."""
    if actor.is_system:
        return YES
    return no("project.not_the_clock", Words(_("A project is quiet by its dates, not by anybody’s act.")))


def may_stop_project(actor: Actor, project: ProjectFacts) -> Decision:
    """A lead stops a project; a coordinator, one that nobody leads any more, or whose leads are silent."""
    if (not project.lead_ids or project.looks_for_lead) and actor.has(Role.COORDINATOR):
        return YES
    return _leads(actor, project)


def may_finish_project(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads say that the work is finished."""
    return _leads(actor, project)


def may_post_again(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads post what has ended again, as a new draft."""
    return _leads(actor, project)


def may_change_needs(actor: Actor, project: ProjectFacts) -> Decision:
    """The team says what a draft needs; afterwards the leads do."""
    return may_edit_project(actor, project)


def may_see_team(actor: Actor, project: ProjectFacts) -> Decision:
    """The team knows who is in it, and whoever may name a lead."""
    return YES if _names_lead(actor, project) else _team(actor, project)


def may_change_team(actor: Actor, project: ProjectFacts) -> Decision:
    """Leads name leads and add colleagues; an admin of the lead council where nobody of it leads the project still."""
    return YES if _names_lead(actor, project) else _leads(actor, project)


def may_remove_from_team(actor: Actor, project: ProjectFacts, officer_id: UUID) -> Decision:
    """Leads remove anybody; whoever is in the team may leave it."""
    return _team(actor, project) if officer_id == actor.officer_id else _leads(actor, project)


def may_write_update(actor: Actor, project: ProjectFacts) -> Decision:
    """The team writes drafts of updates."""
    return _team(actor, project)


def may_edit_update(actor: Actor, update: UpdateFacts) -> Decision:
    """The team edits a draft; a published update is edited by the leads."""
    return _team(actor, update.project) if update.status is UpdateStatus.DRAFT else _leads(actor, update.project)


def may_delete_update(actor: Actor, update: UpdateFacts) -> Decision:
    """The team deletes its drafts."""
    return _team(actor, update.project)


def may_publish_update(actor: Actor, update: UpdateFacts) -> Decision:
    """Only leads publish updates."""
    return _leads(actor, update.project)


def may_withdraw_update(actor: Actor, update: UpdateFacts) -> Decision:
    """Only leads withdraw updates."""
    return _leads(actor, update.project)


def may_ask_for_check(actor: Actor, project: ProjectFacts) -> Decision:
    """Whoever writes a draft may ask a colleague to check it."""
    return _team(actor, project)


def may_answer_check(actor: Actor, check: CheckFacts) -> Decision:
    """Only the colleague who was asked answers, once."""
    if check.officer_id != actor.officer_id:
        return no("check.not_asked", Words(_("Only the colleague who was asked can answer this.")))
    return YES


def may_record_past_project(actor: Actor) -> Decision:
    """Only the operator, by command, records past projects from public sources."""
    if actor.is_system:
        return YES
    words = Words(_("Only those who run Pipeline record past projects from public sources."))
    return no("project.not_yours_to_record", words)


def _team(actor: Actor, project: ProjectFacts) -> Decision:
    if project.has_in_team(actor):
        return YES
    return no("project.team_only", Words(_("Only the team of this project can do this.")))


def _names_lead(actor: Actor, project: ProjectFacts) -> bool:
    is_its_admin = actor.council_id == project.council_id and actor.has(Role.COUNCIL_ADMIN)
    return is_its_admin and not project.has_own_lead


def _leads(actor: Actor, project: ProjectFacts) -> Decision:
    if project.is_led_by(actor):
        return YES
    return no("project.leads_only", Words(_("Only the leads of this project can do this.")))


@dataclass(frozen=True, slots=True)
class InterestFacts:
    """What policies need to know of an expression of interest."""

    project: ProjectFacts
    officer_id: UUID


@dataclass(frozen=True, slots=True)
class JoinFacts:
    """What policies need to know of asking somebody into a team: the officer asks, or is asked (`is_invitation`)."""

    project: ProjectFacts
    officer_id: UUID
    is_invitation: bool


def may_follow(actor: Actor) -> Decision:
    """Every officer may follow what they can see."""
    if actor.is_officer:
        return YES
    return no("follow.officers_only", Words(_("Sign in to follow this.")))


def may_show_interest(actor: Actor, project: ProjectFacts) -> Decision:
    """A member of another council. The team and officers of the lead council speak with the leads directly."""
    if actor.council_id is None or not actor.has(Role.MEMBER):
        return no("interest.members_only", Words(_("Only officers of a council can show its interest.")))
    if project.is_trial:
        return YES
    if actor.officer_id in project.team_ids or actor.council_id == project.council_id:
        words = Words(_("This is your own project, or your own council’s: speak with its leads directly."))
        return no("interest.own_project", words)
    return YES


def may_withdraw_interest(actor: Actor, interest: InterestFacts) -> Decision:
    """Whoever showed an interest takes it back."""
    if actor.is_officer and actor.officer_id == interest.officer_id:
        return YES
    return no("interest.not_yours", Words(_("Only whoever showed this interest can take it back.")))


def may_answer_interest(actor: Actor, interest: InterestFacts) -> Decision:
    """A lead answers, and asks back; never one's own."""
    return _answers(actor, interest.project, interest.officer_id)


def may_ask_to_join(actor: Actor, project: ProjectFacts) -> Decision:
    """A member who is not in the team yet."""
    if actor.council_id is None or not actor.has(Role.MEMBER):
        return no("join_request.members_only", Words(_("Only officers of a council can join a project’s team.")))
    if actor.officer_id in project.team_ids:
        return no("join_request.in_team", Words(_("You are in the team already.")))
    return YES


def may_answer_join_request(actor: Actor, request: JoinFacts) -> Decision:
    """Whoever was asked: a lead where the officer asks, the officer where a lead does."""
    if not request.is_invitation:
        return _answers(actor, request.project, request.officer_id)
    if actor.is_officer and actor.officer_id == request.officer_id:
        return YES
    return no("join_request.not_asked", Words(_("Only whoever was asked to join can answer this.")))


def may_withdraw_join_request(actor: Actor, request: JoinFacts) -> Decision:
    """Whoever asked to join no longer asks."""
    if actor.is_officer and actor.officer_id == request.officer_id and not request.is_invitation:
        return YES
    return no("join_request.not_yours", Words(_("Only whoever asked to join can take the request back.")))


def may_reply(actor: Actor, officer_id: UUID) -> Decision:
    """Whoever the leads asked back replies."""
    if actor.is_officer and actor.officer_id == officer_id:
        return YES
    return no("question.not_asked", Words(_("Only whoever was asked can reply.")))


def may_keep_answer_times(actor: Actor) -> Decision:
    """Only the clock says that an answer is late."""
    if actor.is_system:
        return YES
    return no("answer.not_the_clock", Words(_("An answer is late by its date, not by anybody’s act.")))


def _answers(actor: Actor, project: ProjectFacts, officer_id: UUID) -> Decision:
    if project.is_led_by(actor) and actor.officer_id == officer_id and not project.is_trial:
        return no("answer.own", Words(_("This is your own, so another lead has to answer it.")))
    return _leads(actor, project)


@dataclass(frozen=True, slots=True)
class HandoverFacts:
    """What policies need to know of a project on its way to another council."""

    project: ProjectFacts
    kind: HandoverKind
    to_council_id: UUID


def may_hand_over(actor: Actor, project: ProjectFacts) -> Decision:
    """Only leads offer their project to another council."""
    return _leads(actor, project)


def may_take_over(actor: Actor, project: ProjectFacts) -> Decision:
    """A member of another council asks for it; somebody with authority in that council agrees."""
    if actor.council_id is None or not actor.has(Role.MEMBER):
        return no("handover.members_only", Words(_("Only officers of a council can ask to take a project over.")))
    if actor.council_id == project.council_id:
        words = Words(_("Your council leads this project. An admin of your council can name another lead."))
        return no("handover.own_project", words)
    return YES


def may_see_handover(actor: Actor, handover: HandoverFacts) -> Decision:
    """The leads, the two councils, and coordinators."""
    councils = (handover.to_council_id, handover.project.council_id)
    is_of_them = actor.council_id is not None and actor.council_id in councils and actor.has(Role.MEMBER)
    if is_of_them or handover.project.is_led_by(actor) or actor.has(Role.COORDINATOR):
        return YES
    return no("handover.not_concerned", Words(_("Only the two councils and the coordinators read this.")))


def may_agree_handover(actor: Actor, handover: HandoverFacts) -> Decision:
    """An authoriser or admin of the council that is to lead the project."""
    if actor.council_id == handover.to_council_id and actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}:
        return YES
    words = Words(_("Only an authoriser or admin of the council that is to lead the project can agree."))
    return no("handover.no_authority", words)


def may_decline_handover(actor: Actor, handover: HandoverFacts) -> Decision:
    """Whoever may agree declines what was offered; a coordinator, what a council asks for."""
    if handover.kind is HandoverKind.HAND_OVER:
        return may_agree_handover(actor, handover)
    return may_approve_takeover(actor)


def may_withdraw_handover(actor: Actor, handover: HandoverFacts) -> Decision:
    """The leads take back what they offered; a member of the council that asked, what it asked for."""
    if handover.kind is HandoverKind.HAND_OVER:
        return may_hand_over(actor, handover.project)
    if actor.council_id == handover.to_council_id and actor.has(Role.MEMBER):
        return YES
    return no("handover.not_yours", Words(_("Only the council that asked can take this back.")))


def may_approve_takeover(actor: Actor) -> Decision:
    """A coordinator, once the old leads had their time."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("handover.coordinators_only", Words(_("Only a coordinator approves a takeover.")))
