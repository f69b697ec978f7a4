"""Who is told of a comment: those it mentions; who wrote what it is about, its leads, who said something before. Those
who follow the project are told of comments on its news (`fan_out.py`)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from pipeline.accounts.queries.people import works_for
from pipeline.artefacts.models import Suggestion
from pipeline.comments.models import Comment, CommentMention
from pipeline.comments.queries import mentions_of, took_part_in
from pipeline.comments.rules import CommentedOn
from pipeline.db.log import LoggedEvent
from pipeline.notifications import interest_queries
from pipeline.notifications.interest_owed import Telling
from pipeline.notifications.queries import Recipient
from pipeline.projects.models import Interest, JoinRequest, Update

WRITTEN: dict[Any, Any] = {
    CommentedOn.UPDATE: Update, CommentedOn.SUGGESTION: Suggestion, CommentedOn.INTEREST: Interest,
    CommentedOn.JOIN_REQUEST: JoinRequest,
}  # fmt: skip


def written(session: Session, event: LoggedEvent) -> Iterable[Telling]:
    """A comment was written. Who is mentioned is told so; everybody else once."""
    comment = session.get(Comment, event.subject_id)
    if comment is None:
        return
    payload = {"comment_id": str(comment.id)}
    mention: CommentMention
    for mention in mentions_of(session, comment.id):
        yield Telling("comment.mentioned", Recipient(mention.officer_id, mention.council_id), payload)
    for recipient in _taking_part(session, comment):
        yield Telling("comment.written", recipient, payload)


def _taking_part(session: Session, comment: Comment) -> Iterable[Recipient]:
    about = CommentedOn(comment.about_type)
    row = session.get(WRITTEN[about], comment.about_id)
    parts = [(row.officer_id, row.council_id)] if row is not None else []
    for officer_id, council_id in (*parts, *took_part_in(session, comment)):
        if works_for(session, officer_id, council_id):
            yield Recipient(officer_id, council_id)
    yield from interest_queries.leads_of_project(session, comment.project_id)


TOLD_BY = {"comment.written": written}
"""Who is told of each event."""
