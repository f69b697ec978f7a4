"""Who may bring a council's projects in."""

from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_bring_in_projects(actor: Actor, council_id: UUID) -> Decision:
    """A member, for the council they act for: each line becomes a draft that they lead, as if they had written it."""
    if actor.has(Role.MEMBER) and actor.council_id == council_id:
        return YES
    return no("import.members_only", Words(_("Only officers of this council can bring its projects in.")))


def may_finish_import(actor: Actor) -> Decision:
    """Only the worker says that every line of an import was seen to."""
    if actor.is_system:
        return YES
    return no("import.not_the_worker", Words(_("An import is finished by the worker, once every line was seen to.")))
