"""Who may make webhooks, see them and change them. A webhook is its council's, whoever made it."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class WebhookFacts:
    """Whose a webhook is, and who made it."""

    council_id: UUID
    officer_id: UUID


def may_make_webhook(actor: Actor) -> Decision:
    """A member of a council, for the council they act for: what it is told everybody may read."""
    if actor.council_id is not None and actor.has(Role.MEMBER):
        return YES
    return no("webhook.members_only", Words(_("This is for officers of a council.")))


def may_keep_webhook(actor: Actor, webhook: WebhookFacts) -> Decision:
    """Whoever made it, while they work for the council, and the council's admins. Others of the council do not even see
    it: its address may hold a key of another system."""
    if actor.is_system:
        return YES
    is_of_council = actor.council_id == webhook.council_id and actor.has(Role.MEMBER)
    if is_of_council and (actor.officer_id == webhook.officer_id or actor.has(Role.COUNCIL_ADMIN)):
        return YES
    return no("webhook.not_yours", Words(_("Only whoever made this webhook, or an admin of the council, changes it.")))


def may_judge_webhook(actor: Actor) -> Decision:
    """The worker, by what the receiver answers: it makes a webhook active, or turns it off."""
    if actor.is_system:
        return YES
    return no("webhook.not_the_worker", Words(_("Only the answers of a receiver make a webhook active.")))
