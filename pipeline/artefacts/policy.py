"""Who may do what to a shared document, its drafts and versions, to adoptions, merges, suggestions and answers."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus, SuggestionStatus
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.projects.policy import ProjectFacts


@dataclass(frozen=True, slots=True)
class ArtefactFacts:
    """What policies need to know of a shared document."""

    id: UUID
    project: ProjectFacts
    council_id: UUID
    status: ArtefactStatus
    is_public: bool
    keeps_documents: bool
    """Whether it belongs to *Documents of (council)*, where every member of that council is of the team."""

    def has_in_team(self, actor: Actor) -> bool:
        return self.project.has_in_team(actor) or (self.keeps_documents and _is_member_of(actor, self.council_id))

    def is_led_by(self, actor: Actor) -> bool:
        is_admin = self.keeps_documents and actor.has(Role.COUNCIL_ADMIN) and actor.council_id == self.council_id
        return self.project.is_led_by(actor) or is_admin

    @property
    def audience(self) -> Audience:
        """The widest audience of events of this document."""
        return Audience.PUBLIC if self.is_public and self.project.is_public else Audience.PROJECT


@dataclass(frozen=True, slots=True)
class AdoptionFacts:
    """What policies need to know of an adoption."""

    council_id: UUID
    standing: AdoptionStanding


@dataclass(frozen=True, slots=True)
class SuggestionFacts:
    """What policies need to know of a suggestion: the document it is made to, the council that made it."""

    artefact: ArtefactFacts
    council_id: UUID
    officer_id: UUID
    status: SuggestionStatus


def _is_member_of(actor: Actor, council_id: UUID) -> bool:
    return actor.has(Role.MEMBER) and actor.council_id == council_id


def _team(actor: Actor, artefact: ArtefactFacts) -> Decision:
    if artefact.has_in_team(actor):
        return YES
    return no("artefact.team_only", Words(_("Only the team of the project that keeps this document can do this.")))


def _leads(actor: Actor, artefact: ArtefactFacts) -> Decision:
    if artefact.is_led_by(actor):
        return YES
    return no("artefact.leads_only", Words(_("Only the leads of the project that keeps this document can do this.")))


def _members(actor: Actor) -> Decision:
    if actor.has(Role.MEMBER) and actor.council_id is not None:
        return YES
    return no("artefact.members_only", Words(_("Only officers of a council can do this.")))


def _members_of(actor: Actor, council_id: UUID) -> Decision:
    if _is_member_of(actor, council_id):
        return YES
    return no("artefact.council_only", Words(_("Only officers of the council it belongs to can do this.")))


def may_begin_document(actor: Actor) -> Decision:
    """A member begins a document for the council they act for: in a project of theirs, or in its documents."""
    return _members(actor)


def may_write_draft(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The team writes drafts of versions, and discards them."""
    return _team(actor, artefact)


def may_see_originals(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The files that texts were taken from are the team's, unless a lead showed them to the public."""
    return _team(actor, artefact)


def may_publish_version(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """Only leads publish a version."""
    return _leads(actor, artefact)


def may_change_document(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The team changes summary, kind and review date of what is not published; afterwards the leads do."""
    return _team(actor, artefact) if artefact.status is ArtefactStatus.DRAFT else _leads(actor, artefact)


def may_show_original(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """Only leads show the file a version was taken from to the public."""
    return _leads(actor, artefact)


def may_withdraw_version(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """Only leads withdraw a version."""
    return _leads(actor, artefact)


def may_remove_version(actor: Actor, _artefact: ArtefactFacts) -> Decision:
    """Only a coordinator removes the text of a version for good."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("artefact.coordinators_only", Words(_("Only a coordinator can remove a text for good.")))


def may_read_hidden_version(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """What a hidden version said, and why it is hidden, is read by the team and by coordinators."""
    return YES if actor.has(Role.COORDINATOR) else _team(actor, artefact)


def may_end_document(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """Only leads say that a document is kept no longer, or is kept again."""
    return _leads(actor, artefact)


def may_pair_documents(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """Only leads, of both, say that two documents are one in two languages."""
    return _leads(actor, artefact)


def may_keep_review_dates(actor: Actor) -> Decision:
    """Only the clock reminds of a review date."""
    if actor.is_system:
        return YES
    return no("artefact.not_the_clock", Words(_("A review is due by its date, not by anybody’s act.")))


def may_delete_document(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The team deletes what was never published."""
    return _team(actor, artefact)


def may_adopt(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """A member adopts in the name of the council they act for, not what that council keeps itself."""
    if artefact.council_id == actor.council_id:
        return no("adoption.own_document", Words(_("Your council keeps this document itself.")))
    return _members(actor)


def may_change_adoption(actor: Actor, adoption: AdoptionFacts) -> Decision:
    """Members of the council that adopted move up, change what is recorded, and end it."""
    return _members_of(actor, adoption.council_id)


def may_adapt(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """A member makes a copy for the council they act for, not of what that council keeps itself."""
    return may_adopt(actor, artefact)


def may_merge(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The team takes changes in: what comes of it is a draft."""
    return _team(actor, artefact)


def may_suggest(actor: Actor, copy: ArtefactFacts) -> Decision:
    """The team of an adapted copy suggests its changes to the original."""
    return _team(actor, copy)


def may_answer_suggestion(actor: Actor, suggestion: SuggestionFacts) -> Decision:
    """The leads of the original accept, edit or decline."""
    return _leads(actor, suggestion.artefact)


def may_withdraw_suggestion(actor: Actor, suggestion: SuggestionFacts) -> Decision:
    """Officers of the council that made a suggestion take it back."""
    return _members_of(actor, suggestion.council_id)


def may_answer_checklist(actor: Actor) -> Decision:
    """A member answers in the name of the council they act for."""
    return _members(actor)


def may_change_answers(actor: Actor, council_id: UUID) -> Decision:
    """Officers of a council change and publish its answers."""
    return _members_of(actor, council_id)
