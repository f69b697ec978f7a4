"""How the mail about an introduction is written when it leaves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.db.work import Reading
from pipeline.introductions.queries import introduction_shown
from pipeline.notifications.introduction_messages import IntroductionTold, introduction_made
from pipeline.notifications.introduction_owed import KIND
from pipeline.notifications.messages import Letter


def _made(reading: Reading, payload: dict[str, Any]) -> Letter | None:
    """The mail. Raises NotFound for who is no longer of one of the two councils, nor leads the project."""
    row = introduction_shown(reading, UUID(payload["introduction_id"]))
    return introduction_made(
        IntroductionTold(
            path=f"/introductions/{row.id}", council=row.council_short_name, other=row.other_short_name,
            project=row.project_title or "", message=row.message,
        )
    )  # fmt: skip


WRITERS: dict[str, Callable[[Reading, dict[str, Any]], Letter | None]] = {KIND: _made}
"""How each of these kinds of message is written."""
