"""How the mails about interest, joining, asking back, late answers and following are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.notifications import interest_messages, queries
from pipeline.notifications.authority_queries import may_decide
from pipeline.notifications.interest_queries import (
    ProjectTold,
    clock_of,
    has_room,
    join_request_of,
    lead_council_of,
    project_told,
    question_of,
    subject_told,
    update_told,
)
from pipeline.notifications.messages import Letter, Side
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.interested import interest_seen_by
from pipeline.projects.models import Need
from pipeline.projects.taking_part import Answerable, InterestStatus, JoinStatus

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _interest_shown(reading: Reading, payload: Payload) -> Letter | None:
    interest, project = interest_seen_by(reading, UUID(payload["interest_id"]))
    if interest.status != InterestStatus.STANDING or interest.answered_at is not None:
        return None
    return interest_messages.interest_shown(project_told(reading, project.id, f"/interests/{interest.id}"))


def _interest_answered(reading: Reading, payload: Payload) -> Letter | None:
    interest, project = interest_seen_by(reading, UUID(payload["interest_id"]))
    return interest_messages.interest_answered(project_told(reading, project.id, f"/interests/{interest.id}"))


def _join_asked(reading: Reading, payload: Payload) -> Letter | None:
    told = subject_told(reading, Answerable.JOIN_REQUEST, UUID(payload["request_id"]))
    return interest_messages.join_asked(told) if _waits(reading, payload) else None


def _join_invited(reading: Reading, payload: Payload) -> Letter | None:
    request = join_request_of(reading.session, UUID(payload["request_id"]))
    if request is None or request.officer_id != reading.actor.officer_id:
        raise NotFound("join_request")
    lead_council = lead_council_of(reading.session, request.project_id)
    waits = _waits(reading, payload)
    return interest_messages.join_invited(lead_council, f"/join-requests/{request.id}") if waits else None


def _waits(reading: Reading, payload: Payload) -> bool:
    request = join_request_of(reading.session, UUID(payload["request_id"]))
    return request is not None and request.status == JoinStatus.ASKED


def _join_declined(reading: Reading, payload: Payload) -> Letter | None:
    told = subject_told(reading, Answerable.JOIN_REQUEST, UUID(payload["request_id"]))
    return interest_messages.join_declined(told)


def _about_project(letter: Callable[[ProjectTold], Letter]) -> Writer:
    return lambda reading, payload: letter(project_told(reading, UUID(payload["project_id"])))


def _about_question(letter: Callable[[ProjectTold], Letter]) -> Writer:
    return lambda reading, payload: letter(_subject(reading, payload))


def _question_asked(reading: Reading, payload: Payload) -> Letter | None:
    question = question_of(reading.session, UUID(payload["question_id"]))
    if question is None or question.replied_at is not None:
        return None
    return interest_messages.question_asked(_subject(reading, payload))


def _subject(reading: Reading, payload: Payload) -> ProjectTold:
    """The project of what a question or a late answer is about, and the page of that."""
    about, about_id = Answerable(payload["about_type"]), UUID(payload["about_id"])
    if about is not Answerable.PLEDGE:
        return subject_told(reading, about, about_id)
    _status, told = queries.pledge_told(reading, about_id, Side.LEAD)
    return ProjectTold(told.project, told.lead_council, f"/pledges/{about_id}")


def _answer_late(reading: Reading, payload: Payload) -> Letter | None:
    clock = clock_of(reading.session, UUID(payload["clock_id"]))
    if clock is None or clock.answered_at is not None or clock.stopped_at is not None:
        return None
    return interest_messages.answer_late(_subject(reading, payload))


def _pledge_reminded(reading: Reading, payload: Payload) -> Letter | None:
    pledge_id = UUID(payload["pledge_id"])
    status, told = queries.pledge_told(reading, pledge_id, Side(payload["side"]))
    if status is not PledgeStatus.OFFERED or not may_decide(reading, pledge_id):
        return None
    return interest_messages.pledge_reminded(told)


def _room_free(reading: Reading, payload: Payload) -> Letter | None:
    need = reading.session.get(Need, UUID(payload["need_id"]))
    if need is None or not has_room(reading.session, need):
        return None
    return interest_messages.room_free(project_told(reading, need.project_id), need.title)


def _update_published(reading: Reading, payload: Payload) -> Letter | None:
    return interest_messages.update_published(update_told(reading, UUID(payload["update_id"])))


WRITERS: dict[str, Writer] = {
    "interest.shown": _interest_shown,
    "interest.answered": _interest_answered,
    "team.asked": _join_asked,
    "team.invited": _join_invited,
    "team.declined": _join_declined,
    "team.in": _about_project(interest_messages.team_in),
    "team.joined": _about_project(interest_messages.team_joined),
    "question.asked": _question_asked,
    "question.replied": _about_question(interest_messages.question_replied),
    "answer.late": _answer_late,
    "pledge.reminded": _pledge_reminded,
    "need.room": _room_free,
    "update.published": _update_published,
}
"""How each of these kinds of message is written."""
