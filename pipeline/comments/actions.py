"""The verbs of comments: write, edit, take back; hide and restore, as a coordinator."""

from collections.abc import Sequence
from uuid import UUID

from pipeline.comments import policy, queries, rules, shown  # noqa: F401 (shown signs up with the layers below)
from pipeline.comments.events import (
    CommentEdited,
    CommentEvent,
    CommentRemoved,
    CommentRestored,
    CommentWithdrawn,
    CommentWritten,
)
from pipeline.comments.models import Comment, CommentMention, CommentText
from pipeline.comments.policy import CommentFacts
from pipeline.comments.queries import Person
from pipeline.comments.rules import CommentedOn, CommentStatus
from pipeline.comments.subjects import Thing, thing_seen_by
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.hiding import not_hidden, not_public
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version
from pipeline.projects.policy import may_hide


def write_comment(
    work: UnitOfWork, *, about: CommentedOn, about_id: UUID, text: Written, mentions: Sequence[UUID] = (),
    language: str = "en",
) -> Comment:  # fmt: skip
    """Say something about an update, a suggestion, an interest or a request to join; `mentions` are people picked from
    `queries.people_to_mention`.

    Raises NotFound, NotAllowed, RuleBroken (comment.text_…, comment.too_many_mentioned, comment.mention_unknown,
    text.holds_address), Conflict (comment.closed).
    """
    thing = thing_seen_by(work, about, about_id)
    work.require(policy.may_comment(work.actor))
    if not thing.is_open:
        raise Conflict("comment.closed", Words(_("Nothing can be said about this any more.")))
    rules.check_comment(text, len(set(mentions)))
    check_no_addresses(work, {"text": text.as_read})
    people = _picked(work, thing, mentions)
    officer_id, council_id = acting(work)
    comment = work.add(
        Comment(
            id=new_id(), about_type=about.value, about_id=about_id, project_id=thing.project.id, text=text.text,
            html=text.html, language=language, officer_id=officer_id, council_id=council_id, written_at=work.now,
            updated_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    for one in people:
        work.add(CommentMention(comment_id=comment.id, officer_id=one.officer_id, council_id=one.council_id))
    event = CommentWritten(
        comment_id=comment.id, project_id=thing.project.id, about_type=about.value, about_id=about_id,
        mentioned_ids=tuple(one.officer_id for one in people),
    )  # fmt: skip
    work.record(event, audience=thing.audience)
    return comment


def _picked(work: UnitOfWork, thing: Thing, mentions: Sequence[UUID]) -> list[Person]:
    """Those who were picked from the list. Raises RuleBroken (comment.mention_unknown)."""
    if not mentions:
        return []
    offered = {one.officer_id: one for one in queries.people_to_mention(work, thing)}
    unknown = [one for one in mentions if one not in offered]
    if unknown:
        words = Words(_("Pick somebody from the list"))
        raise RuleBroken(Problem("comment.mention_unknown", words, "mentions"))
    return [offered[one] for one in dict.fromkeys(mentions)]


def edit_comment(work: UnitOfWork, *, comment_id: UUID, version: int, text: Written) -> Comment:
    """Write one's comment anew. What it said before is kept for coordinators.

    Raises NotFound, NotAllowed, RuleBroken (comment.text_…, text.holds_address), Conflict (comment.hidden,
    comment.withdrawn, comment.changed_meanwhile).
    """
    comment, thing = _found(work, comment_id)
    work.require(policy.may_edit_comment(work.actor, CommentFacts(comment.officer_id)))
    _check_stands(comment)
    check_version(comment, version, "comment")
    rules.check_comment(text)
    if text.text == comment.text:
        return comment
    check_no_addresses(work, {"text": text.as_read})
    work.add(
        CommentText(
            id=new_id(), comment_id=comment.id, version=comment.version, text=comment.text, replaced_at=work.now
        )
    )
    comment.text, comment.html, comment.edited_at = text.text, text.html, work.now
    _changed(work, comment, thing, CommentEdited)
    return comment


def withdraw_comment(work: UnitOfWork, *, comment_id: UUID) -> Comment:
    """Take one's comment back. Raises NotFound, NotAllowed, Conflict (comment.hidden, comment.withdrawn)."""
    comment, thing = _found(work, comment_id)
    work.require(policy.may_withdraw_comment(work.actor, CommentFacts(comment.officer_id)))
    _check_stands(comment)
    comment.status, comment.withdrawn_at = CommentStatus.WITHDRAWN.value, work.now
    _changed(work, comment, thing, CommentWithdrawn)
    return comment


def hide_comment(work: UnitOfWork, *, comment_id: UUID) -> Comment:
    """Hide a comment. Raises NotFound, NotAllowed, Conflict (moderation.not_public)."""
    work.require(may_hide(work.actor))
    comment, thing = queries.comment_to_moderate(work, comment_id, lock=True)
    if comment.status != CommentStatus.PUBLISHED:
        raise not_public()
    comment.status = CommentStatus.HIDDEN.value
    _changed(work, comment, thing, CommentRemoved)
    return comment


def restore_comment(work: UnitOfWork, *, comment_id: UUID) -> Comment:
    """Bring a hidden comment back. Raises NotFound, NotAllowed, Conflict (moderation.not_hidden)."""
    work.require(may_hide(work.actor))
    comment, thing = queries.comment_to_moderate(work, comment_id, lock=True)
    if comment.status != CommentStatus.HIDDEN:
        raise not_hidden()
    comment.status = CommentStatus.PUBLISHED.value
    _changed(work, comment, thing, CommentRestored)
    return comment


def _found(work: UnitOfWork, comment_id: UUID) -> tuple[Comment, Thing]:
    return queries.comment_seen_by(work, comment_id, lock=True)


def _check_stands(comment: Comment) -> None:
    if comment.status == CommentStatus.HIDDEN:
        raise Conflict("comment.hidden", Words(_("A coordinator has hidden this, so it stays as it was.")))
    if comment.status == CommentStatus.WITHDRAWN:
        raise Conflict("comment.withdrawn", Words(_("This comment was taken back.")))


def _changed(work: UnitOfWork, comment: Comment, thing: Thing, kind: type[CommentEvent]) -> None:
    comment.updated_at = work.now
    comment.edited()
    event = kind(
        comment_id=comment.id, project_id=comment.project_id, about_type=comment.about_type, about_id=comment.about_id
    )
    work.record(event, audience=thing.audience)
