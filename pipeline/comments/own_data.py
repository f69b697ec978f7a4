"""What comments hold about an officer: for "download my data"."""

from typing import Any

from pipeline.comments.models import Comment, CommentMention
from pipeline.db.own_data import Own, rows_about_reader
from pipeline.db.work import Reading

_OWN: Own = {
    "comments": (
        Comment.officer_id,
        (Comment.about_type, Comment.text, Comment.status, Comment.written_at, Comment.edited_at),
    ),
    "comments_that_mention_you": (CommentMention.officer_id, (CommentMention.comment_id,)),
}
"""Each heading: the column that names the officer, and the columns that are given."""


def data_of(reading: Reading) -> dict[str, Any]:
    """Everything comments hold about whoever asks, as plain values by heading."""
    return rows_about_reader(reading, _OWN)
