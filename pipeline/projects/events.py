"""What happens to projects, their needs, people and updates.

A draft's events, and those of a trial project, are read by the project's own people only. Publishing records one event
with the state the public then reads: what was done to the draft before is nobody's business.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event

Changes = dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectEvent(Event):
    """The parent of what happens to a project itself."""

    subject_type: ClassVar[str] = "project"
    subject_field: ClassVar[str] = "project_id"

    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDrafted(ProjectEvent):
    """A member began a project. Nobody but the team sees it yet."""

    name: ClassVar[str] = "project.drafted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    is_trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDraftChanged(ProjectEvent):
    """The team changed a draft; `fields` names what, never how it reads."""

    name: ClassVar[str] = "project.draft_changed"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDraftDeleted(ProjectEvent):
    """A lead deleted a draft and all that was in it."""

    name: ClassVar[str] = "project.draft_deleted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPublished(ProjectEvent):
    """A lead published a project, with the state it has from then on."""

    name: ClassVar[str] = "project.published"

    lead_council_id: UUID
    phase: str
    mode: str
    themes: tuple[str, ...]
    decision_on: date | None
    need_ids: tuple[UUID, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUpdated(ProjectEvent):
    """A lead changed what a published project says; `fields` names what."""

    name: ClassVar[str] = "project.updated"

    fields: tuple[str, ...]
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPhaseChanged(ProjectEvent):
    """A lead said that the work is in another phase, from a date on."""

    name: ClassVar[str] = "project.phase_changed"

    on: date
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTermsChanged(ProjectEvent):
    """While pledges stood, a lead changed what councils pledge on: how the project is decided, or an essential need
    (`need_id`). `changes` holds the values before and after; the reason is read on the project's page."""

    name: ClassVar[str] = "project.terms_changed"

    need_id: UUID | None = None
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDateMoved(ProjectEvent):
    """A lead moved the decision date, once and later; the reason is read on the project's page."""

    name: ClassVar[str] = "project.date_moved"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectStopped(ProjectEvent):
    """A lead stopped the project, or a coordinator where nobody led it; the reason is read on the project's page."""

    name: ClassVar[str] = "project.stopped"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFinished(ProjectEvent):
    """A lead said that the work is finished: its year and what came of it are read on the project's page."""

    name: ClassVar[str] = "project.finished"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDeleted(ProjectEvent):
    """A lead deleted a published project that nobody else had joined, or the clock a trial that nobody uses."""

    name: ClassVar[str] = "project.deleted"
    takes_away: ClassVar[bool] = True

    slug: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRemoved(ProjectEvent):
    """A coordinator hid the project. Its team reads why; everybody else finds nothing there."""

    name: ClassVar[str] = "project.removed"
    takes_away: ClassVar[bool] = True

    slug: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRestored(ProjectEvent):
    """A coordinator brought a hidden project back."""

    name: ClassVar[str] = "project.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedEvent(Event):
    """The parent of what happens to a need of a published project."""

    subject_type: ClassVar[str] = "need"
    subject_field: ClassVar[str] = "need_id"

    need_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedOpened(NeedEvent):
    """A lead added a need to a published project. `target` is in half-days, pence or a number, as `kind` says."""

    name: ClassVar[str] = "need.opened"

    kind: str
    profession: str | None
    target: int
    is_essential: bool
    is_capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedChanged(NeedEvent):
    """A lead changed a need; `fields` names what, `changes` holds amounts and yes-or-no before and after."""

    name: ClassVar[str] = "need.changed"

    fields: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedClosed(NeedEvent):
    """A need takes no more pledges; those it has stand."""

    name: ClassVar[str] = "need.closed"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedDropped(NeedEvent):
    """A need is no longer wanted."""

    name: ClassVar[str] = "need.dropped"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMet(NeedEvent):
    """What is agreed reaches what a need asks for. It can be lost again."""

    name: ClassVar[str] = "need.met"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedUnmet(NeedEvent):
    """What is agreed no longer reaches what a need asks for."""

    name: ClassVar[str] = "need.unmet"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(ProjectEvent):
    """The parent of comings and goings in a team. The officer is named by id only, for `for_council_id`."""

    officer_id: UUID
    for_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNamed(PersonEvent):
    """A lead named another lead."""

    name: ClassVar[str] = "lead.named"
    takes_away: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLeft(PersonEvent):
    """Somebody no longer leads the project."""

    name: ClassVar[str] = "lead.left"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamJoined(PersonEvent):
    """A lead added a colleague to the team."""

    name: ClassVar[str] = "team.joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLeft(PersonEvent):
    """Somebody is no longer in the team."""

    name: ClassVar[str] = "team.left"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEvent(Event):
    """The parent of what happens to an update."""

    subject_type: ClassVar[str] = "update"
    subject_field: ClassVar[str] = "update_id"

    update_id: UUID
    project_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDrafted(UpdateEvent):
    """Somebody of the team began an update."""

    name: ClassVar[str] = "update.drafted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraftChanged(UpdateEvent):
    """Somebody of the team changed the draft of an update."""

    name: ClassVar[str] = "update.draft_changed"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraftDeleted(UpdateEvent):
    """Somebody of the team deleted the draft of an update."""

    name: ClassVar[str] = "update.draft_deleted"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePublished(UpdateEvent):
    """A lead published an update."""

    name: ClassVar[str] = "update.published"

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEdited(UpdateEvent):
    """A lead edited a published update; the earlier text is kept."""

    name: ClassVar[str] = "update.edited"

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateWithdrawn(UpdateEvent):
    """A lead withdrew a published update."""

    name: ClassVar[str] = "update.withdrawn"
    takes_away: ClassVar[bool] = True

    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRemoved(UpdateEvent):
    """A coordinator hid an update. The project's team reads why."""

    name: ClassVar[str] = "update.removed"
    takes_away: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRestored(UpdateEvent):
    """A coordinator brought a hidden update back."""

    name: ClassVar[str] = "update.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEvent(Event):
    """The parent of checks: `about` says whether a project's or an update's draft is checked, and which."""

    subject_type: ClassVar[str] = "check"
    subject_field: ClassVar[str] = "check_id"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    check_id: UUID
    project_id: UUID
    about_type: str
    about_id: UUID
    officer_id: UUID
    asked_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAsked(CheckEvent):
    """Somebody of the team asked a colleague to check a draft."""

    name: ClassVar[str] = "check.asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAnswered(CheckEvent):
    """The colleague answered: fine, or changes wanted. They no longer see the draft by it."""

    name: ClassVar[str] = "check.answered"

    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRecorded(ProjectEvent):
    """The operator recorded a past project from public sources: finished, without anybody who leads it here."""

    name: ClassVar[str] = "project.recorded"

    lead_council_id: UUID
    partner_ids: tuple[UUID, ...]
    phase: str | None
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsHomeMade(ProjectEvent):
    """A council has a place for shared documents that belong to no other project: public from the first."""

    name: ClassVar[str] = "project.documents_home_made"

    lead_council_id: UUID
