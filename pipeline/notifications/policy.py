"""Who may choose what somebody is told: they themselves."""

from uuid import UUID

from pipeline.kernel.actor import Actor
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


def may_mute(actor: Actor) -> Decision:
    """Every officer, for themselves."""
    if actor.is_officer:
        return YES
    return no("mute.officers_only", Words(_("Sign in to choose what you are told.")))


def may_choose_mail(actor: Actor, officer_id: UUID) -> Decision:
    """The officer the e-mails go to, signed in or by the link in one of them."""
    if actor.officer_id == officer_id:
        return YES
    return no("mail.not_yours", Words(_("These are not your e-mails.")))
