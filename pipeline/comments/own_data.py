"""What comments hold about an officer: for "download my data"."""

from typing import Any

from sqlalchemy import select

from pipeline.comments.models import Comment, CommentMention
from pipeline.db.work import Reading

_OWN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "comments": (
        Comment.officer_id,
        (Comment.about_type, Comment.text, Comment.status, Comment.written_at, Comment.edited_at),
    ),
    "comments_that_mention_you": (CommentMention.officer_id, (CommentMention.comment_id,)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything comments hold about whoever asks, as plain values by heading."""
    return {name: _rows(reading, owner, columns) for name, (owner, columns) in _OWN.items()}


def _rows(reading: Reading, owner: Any, columns: tuple[Any, ...]) -> list[dict[str, Any]]:
    query = select(*columns).where(owner == reading.actor.officer_id).order_by(columns[-1])
    return [dict(row._mapping) for row in reading.session.execute(query)]
