"""Who may do what to the register of councils."""

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_import_councils(actor: Actor) -> Decision:
    """The operator, by command, or a platform admin brings the register up to date."""
    if actor.is_system or actor.has(Role.PLATFORM_ADMIN):
        return YES
    return no(
        "council.not_yours_to_import", Words(_("Only those who run Pipeline can import the register of councils."))
    )
