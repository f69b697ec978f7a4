"""Who reports, and who tends to reports."""

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_report(actor: Actor) -> Decision:
    """Anybody reports what they can see, signed in or not."""
    if actor.is_system:
        return no("report.not_a_person", Words(_("Only people report things.")))
    return YES


def may_tend_reports(actor: Actor) -> Decision:
    """Only coordinators read reports and say what comes of them."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("moderation.coordinators_only", Words(_("Only a coordinator can do this.")))
