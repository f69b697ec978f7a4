"""How the mails about silence and handovers are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.notifications import freshness_messages as messages
from pipeline.notifications.freshness_messages import Passing
from pipeline.notifications.messages import Letter
from pipeline.pledges.queries import pledge_seen_by
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects import queries
from pipeline.projects.freshness import NUDGE_DAYS, Freshness
from pipeline.projects.handing_over import HandoverStatus
from pipeline.projects.handovers import HandoverShown, agreed_handover, handover_shown
from pipeline.projects.models import Project
from pipeline.projects.terms import RUNNING

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _nudged(reading: Reading, payload: Payload) -> Letter | None:
    project = _running(reading, payload)
    if project is None or project.freshness_step != payload["nudge"]:
        return None
    is_last = payload["nudge"] == len(NUDGE_DAYS)
    return messages.nudged(f"{_path(project)}/still-true", project.title, is_last=is_last)


def _silent(letter: Callable[[str, str], Letter], freshness: Freshness) -> Writer:
    """A mail for leads, who answer on a page of their own, and admins of their council, who see the project."""

    def write(reading: Reading, payload: Payload) -> Letter | None:
        project = _running(reading, payload)
        if project is None or project.freshness != freshness:
            return None
        leads = queries.facts_of(reading, project).is_led_by(reading.actor)
        return letter(f"{_path(project)}/still-true" if leads else _path(project), project.title)

    return write


def _given_up(reading: Reading, payload: Payload) -> Letter | None:
    if not reading.actor.has(Role.COORDINATOR):
        raise NotFound("project")
    project = _running(reading, payload)
    is_so = project is not None and project.freshness == Freshness.LOOKING_FOR_LEAD
    return messages.given_up(_path(project), project.title) if project is not None and is_so else None


def _of_handover(letter: Callable[[Passing], Letter], *, while_asked: bool = True, role: Role | None = None) -> Writer:
    def write(reading: Reading, payload: Payload) -> Letter | None:
        if role is not None and not reading.actor.has(role):
            raise NotFound("handover")
        shown = handover_shown(reading, UUID(payload["handover_id"]))
        if while_asked and shown.status is not HandoverStatus.ASKED:
            return None
        return letter(_passing(shown, f"/handovers/{shown.id}"))

    return write


def _to_agree(reading: Reading, payload: Payload) -> Letter | None:
    shown = handover_shown(reading, UUID(payload["handover_id"]))
    if shown.has_agreed or shown.status is not HandoverStatus.ASKED:
        return None
    return messages.takeover_to_agree(_passing(shown, f"/handovers/{shown.id}"))


def _handed_over(reading: Reading, payload: Payload) -> Letter | None:
    handover = agreed_handover(reading, UUID(payload["handover_id"]))
    project = queries.project_by_id(reading, handover.project_id)
    return messages.handed_over(_passing(handover, _path(project)))


def _carry_over(reading: Reading, payload: Payload) -> Letter | None:
    pledge = pledge_seen_by(reading, UUID(payload["pledge_id"]))
    if reading.actor.council_id != pledge.council_id or not reading.actor.roles & {Role.AUTHORISER, Role.COUNCIL_ADMIN}:
        raise NotFound("pledge")
    if pledge.carry_over_due_on is None or pledge.status != PledgeStatus.COMMITTED:
        return None
    project = pledge.need.project
    council = reading.session.get_one(Council, project.council_id).short_name
    path = f"/pledges/{pledge.id}/carry-over"
    return messages.carry_over_asked(path, project.title, council, pledge.carry_over_due_on)


def _running(reading: Reading, payload: Payload) -> Project | None:
    project = queries.project_by_id(reading, UUID(payload["project_id"]))
    return project if project.status in RUNNING else None


def _path(project: Project) -> str:
    return f"/projects/{project.slug or project.id}"


def _passing(shown: HandoverShown, path: str) -> Passing:
    return Passing(
        path=path, project=shown.project_title, old=shown.from_name, new=shown.to_name,
        answer_due_on=shown.answer_due_on,
    )  # fmt: skip


WRITERS: dict[str, Writer] = {
    "project.nudged": _nudged,
    "project.quiet": _silent(messages.quiet, Freshness.QUIET),
    "project.looking_for_lead": _silent(messages.looking_for_lead, Freshness.LOOKING_FOR_LEAD),
    "project.given_up": _given_up,
    "project.hand_over_offered": _of_handover(messages.hand_over_offered),
    "project.takeover_asked": _of_handover(messages.takeover_asked),
    "project.takeover_to_agree": _to_agree,
    "project.takeover_to_approve": _of_handover(messages.takeover_to_approve, role=Role.COORDINATOR),
    "project.handover_ended": _of_handover(messages.handover_ended, while_asked=False),
    "project.handed_over": _handed_over,
    "pledge.carry_over_asked": _carry_over,
}
"""How each of these kinds of message is written."""
