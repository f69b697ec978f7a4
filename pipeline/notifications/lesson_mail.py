"""How the mails about lessons are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries.seeing import artefact_by_id, artefact_facts_of
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.lessons.policy import may_reply_to_lesson
from pipeline.lessons.queries.seeing import Pin, lesson_seen_by, pin_of
from pipeline.lessons.rules import LessonStatus
from pipeline.notifications import lesson_messages, queries
from pipeline.notifications.lesson_messages import LessonTold
from pipeline.notifications.messages import Letter

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _pinned(reading: Reading, payload: Payload) -> Letter | None:
    found = _told(reading, payload)
    return lesson_messages.lesson_pinned(found[0]) if found else None


def _raised(reading: Reading, payload: Payload) -> Letter | None:
    found = _told(reading, payload)
    if found is None or not may_reply_to_lesson(reading.actor, _document(reading, found[1])):
        return None
    return lesson_messages.lesson_raised(found[0])


def _document(reading: Reading, pin: Pin) -> ArtefactFacts:
    return artefact_facts_of(reading, *artefact_by_id(reading, pin.artefact_id))


def _told(reading: Reading, payload: Payload) -> tuple[LessonTold, Pin] | None:
    """What the mail says, if the lesson is published and pinned to that version still. Raises NotFound."""
    lesson, _project = lesson_seen_by(reading, payload["lesson_id"])
    pin = pin_of(reading, lesson)
    own_council_id = reading.actor.council_id
    if own_council_id is None:
        raise NotFound("lesson")
    if lesson.status != LessonStatus.PUBLISHED or pin is None or pin.version_id != UUID(payload["version_id"]):
        return None
    told = LessonTold(
        path=f"/lessons/{lesson.slug}", document=pin.title, number=pin.number,
        council=queries.council_named(reading.session, lesson.council_id),
        own_council=queries.council_named(reading.session, own_council_id),
    )  # fmt: skip
    return told, pin


WRITERS: dict[str, Writer] = {"lesson.pinned": _pinned, "lesson.raised": _raised}
"""How each of these kinds of message is written."""
