"""Who writes to whom."""

from dataclasses import dataclass

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What policies need to know of an officer who would be written to."""

    is_contactable: bool


def may_write_to_officers(actor: Actor) -> Decision:
    """Officers of a council write to officers."""
    if actor.has(Role.MEMBER) and actor.council_id is not None:
        return YES
    return no("contact.members_only", Words(_("Only officers of a council can write to others here.")))


def may_write_to_officer(actor: Actor, reader: ReaderFacts) -> Decision:
    """Nobody is written to who has switched it off."""
    if not reader.is_contactable:
        return no("contact.switched_off", Words(_("This person does not take messages through Pipeline.")))
    return may_write_to_officers(actor)


def may_answer_message(actor: Actor) -> Decision:
    """Whoever a message reached answers it: an officer of a council, or a coordinator."""
    return YES if actor.has(Role.COORDINATOR) else may_write_to_officers(actor)


def may_write_to_site(actor: Actor) -> Decision:
    """Anybody writes to those who run the site."""
    if actor.is_system:
        return no("contact.not_a_person", Words(_("Only people write messages.")))
    return YES
