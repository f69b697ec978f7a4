"""What comments hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.comments.models import Comment, CommentMention
from pipeline.db.work import Reading


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything comments hold about whoever asks, as plain values by heading."""
    officer_id = reading.actor.officer_id
    own = select(Comment.about_type, Comment.text, Comment.status, Comment.written_at, Comment.edited_at)
    called = select(CommentMention.comment_id).where(CommentMention.officer_id == officer_id)
    return {
        "comments": [
            dict(row._mapping)
            for row in reading.session.execute(own.where(Comment.officer_id == officer_id).order_by(Comment.id))
        ],
        "comments_that_mention_you": [dict(row._mapping) for row in reading.session.execute(called)],
    }
