"""Who may say what is measured, and what was read."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _
from pipeline.measures.rules import MeasureKind
from pipeline.projects.policy import ProjectFacts, UpdateFacts, may_edit_project, may_publish_update, may_write_update
from pipeline.projects.rules import UpdateStatus


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What policies need to know of a measure. `council_ids` are the lead council and its partners."""

    project: ProjectFacts
    kind: MeasureKind
    council_ids: frozenset[UUID]


def may_set_measures(actor: Actor, project: ProjectFacts) -> Decision:
    """The team says what a draft measures; of a published project its leads do."""
    return may_edit_project(actor, project)


def may_carry_readings(actor: Actor, project: ProjectFacts) -> Decision:
    """Whoever writes the draft of an update gives it readings; a lead publishes them with it."""
    return may_write_update(actor, project)


def may_record_reading(actor: Actor, measure: MeasureFacts) -> Decision:
    """A lead records what the work measured. Of a benefit, each council in the project says what it got itself."""
    if measure.kind is MeasureKind.OUTCOME:
        return may_publish_update(actor, UpdateFacts(measure.project, UpdateStatus.PUBLISHED))
    if actor.has(Role.MEMBER) and actor.council_id in measure.council_ids:
        return YES
    return no(
        "reading.partners_only", Words(_("Only officers of the councils in this project can say what it gave them."))
    )


def may_correct_reading(actor: Actor, measure: MeasureFacts, council_id: UUID) -> Decision:
    """A lead corrects what the work measured; a council, what it said of itself."""
    if measure.kind is MeasureKind.OUTCOME or actor.council_id == council_id:
        return may_record_reading(actor, measure)
    return no("reading.not_yours", Words(_("Only the council that reported this can correct it.")))
