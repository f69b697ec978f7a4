"""How the mails about comments are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.comments.queries import comment_seen_by
from pipeline.comments.rules import CommentStatus
from pipeline.db.work import Reading
from pipeline.notifications import queries
from pipeline.notifications.comment_messages import CommentTold, mentioned, written
from pipeline.notifications.messages import Letter

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _about(letter: Callable[[CommentTold], Letter]) -> Writer:
    def write(reading: Reading, payload: Payload) -> Letter | None:
        comment, thing = comment_seen_by(reading, UUID(payload["comment_id"]))
        if comment.status != CommentStatus.PUBLISHED:
            return None
        council = queries.council_named(reading.session, comment.council_id)
        return letter(CommentTold(f"/comments/{comment.id}", thing.title or thing.project.title, council))

    return write


WRITERS: dict[str, Writer] = {"comment.mentioned": _about(mentioned), "comment.written": _about(written)}
"""How each of these kinds of message is written."""
