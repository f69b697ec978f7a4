"""Who says how work differs, takes that back, and leaves likely duplicates apart."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _
from pipeline.lessons.policy import PlaceFacts


@dataclass(frozen=True, slots=True)
class DifferenceFacts:
    """What policies need to know of a stated difference: where the team's own thing belongs, and who said it."""

    place: PlaceFacts
    officer_id: UUID


def may_say_difference(actor: Actor, place: PlaceFacts) -> Decision:
    """The team of a project says how it, or what it writes, differs from another's."""
    return _team(actor, place)


def may_withdraw_difference(actor: Actor, difference: DifferenceFacts) -> Decision:
    """Anybody in the team takes back what the team said of a difference, and so does whoever wrote it."""
    return YES if actor.officer_id == difference.officer_id else _team(actor, difference.place)


def may_dismiss_duplicate(actor: Actor) -> Decision:
    """A coordinator says that two projects that look alike are to be left apart."""
    if actor.has(Role.COORDINATOR):
        return YES
    return no("entry.not_your_role", Words(_("This is for coordinators.")))


def _team(actor: Actor, place: PlaceFacts) -> Decision:
    if place.has_in_team(actor):
        return YES
    return no("difference.team_only", Words(_("Only its team can say how it differs.")))
