"""Who may comment, and change what they wrote."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES, Decision, no
from pipeline.kernel.words import Words, _


@dataclass(frozen=True, slots=True)
class CommentFacts:
    """What policies need to know of a comment."""

    officer_id: UUID


def may_comment(actor: Actor) -> Decision:
    """Members comment on what they can see, for the council they act for."""
    if actor.has(Role.MEMBER) and actor.council_id is not None:
        return YES
    return no("comment.members_only", Words(_("Only officers of a council can comment.")))


def may_edit_comment(actor: Actor, comment: CommentFacts) -> Decision:
    """Only its writer edits a comment."""
    return _writer(actor, comment)


def may_withdraw_comment(actor: Actor, comment: CommentFacts) -> Decision:
    """Only its writer takes a comment back."""
    return _writer(actor, comment)


def _writer(actor: Actor, comment: CommentFacts) -> Decision:
    if actor.officer_id == comment.officer_id:
        return YES
    return no("comment.writer_only", Words(_("Only whoever wrote a comment can do this.")))
