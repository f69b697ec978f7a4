"""Who may do what to a lesson, and to what others say of it."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.artefacts.policy import ArtefactFacts
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.event import Audience
from pipeline.kernel.words import Words, _
from pipeline.lessons.rules import LessonStatus
from pipeline.projects.policy import ProjectFacts


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What policies need to know of the project lessons are written in.

    Where it is *Documents of (council)* (`keeps_documents`), every officer of that council is of the team and its
    admins lead, as for the documents kept there.
    """

    project: ProjectFacts
    keeps_documents: bool = False

    def has_in_team(self, actor: Actor) -> bool:
        return self.project.has_in_team(actor) or (self.keeps_documents and self._is_of_council(actor, Role.MEMBER))

    def is_led_by(self, actor: Actor) -> bool:
        is_admin = self.keeps_documents and self._is_of_council(actor, Role.COUNCIL_ADMIN)
        return self.project.is_led_by(actor) or is_admin

    def _is_of_council(self, actor: Actor, role: Role) -> bool:
        return actor.has(role) and actor.council_id == self.project.council_id


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """What policies need to know of a lesson: where it was written, by which council, and where it stands."""

    place: PlaceFacts
    council_id: UUID
    status: LessonStatus
    is_public: bool

    @property
    def audience(self) -> Audience:
        """The widest audience of events of this lesson."""
        return Audience.PUBLIC if self.is_public and self.place.project.is_public else Audience.PROJECT


def may_write_lesson(actor: Actor, place: PlaceFacts) -> Decision:
    """The team of a project writes drafts of lessons."""
    return _team(actor, place)


def may_edit_lesson(actor: Actor, lesson: LessonFacts) -> Decision:
    """The team edits and pins a draft; a published lesson is edited and pinned by the leads."""
    return _team(actor, lesson.place) if lesson.status is LessonStatus.DRAFT else _leads(actor, lesson.place)


def may_delete_lesson(actor: Actor, lesson: LessonFacts) -> Decision:
    """The team deletes its drafts."""
    return _team(actor, lesson.place)


def may_publish_lesson(actor: Actor, lesson: LessonFacts) -> Decision:
    """Only leads publish lessons."""
    return _leads(actor, lesson.place)


def may_withdraw_lesson(actor: Actor, lesson: LessonFacts) -> Decision:
    """Only leads withdraw lessons."""
    return _leads(actor, lesson.place)


def may_say_used(actor: Actor, lesson: LessonFacts) -> Decision:
    """A member says *we used this* for the council they act for, and takes it back; not the council that wrote it."""
    if not actor.has(Role.MEMBER) or actor.council_id is None:
        return no("lesson.members_only", Words(_("Only officers of a council can say that it used a lesson.")))
    if actor.council_id == lesson.council_id:
        words = Words(_("Your council wrote this lesson, so it is for others to say that they used it."))
        return no("lesson.own_lesson", words)
    return YES


def may_reply_to_lesson(actor: Actor, artefact: ArtefactFacts) -> Decision:
    """The leads of the document a lesson is pinned to reply beside it, and say which version answers it. They cannot
    remove it."""
    if artefact.is_led_by(actor):
        return YES
    words = Words(_("Only the leads of the project that keeps the document can do this."))
    return no("lesson.document_leads_only", words)


def _team(actor: Actor, place: PlaceFacts) -> Decision:
    if place.has_in_team(actor):
        return YES
    return no("lesson.team_only", Words(_("Only the team of the project it belongs to can do this.")))


def _leads(actor: Actor, place: PlaceFacts) -> Decision:
    if place.is_led_by(actor):
        return YES
    return no("lesson.leads_only", Words(_("Only the leads of the project it belongs to can do this.")))
