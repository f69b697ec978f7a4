"""How silence, signs of life and handovers read in a sentence; and what a page says of a project by them."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.words import Words, _
from pipeline.projects.freshness import Freshness
from pipeline.projects.handing_over import HandoverKind, HandoverStatus

Payload = Mapping[str, Any]
Names = Mapping[str, str]

FRESHNESS_NAMES: dict[Freshness, Words] = {
    Freshness.FRESH: Words(_("The leads are there")),
    Freshness.QUIET: Words(_("Quiet")),
    Freshness.LOOKING_FOR_LEAD: Words(_("Looking for a new lead")),
}
"""What a tag says of a project's leads."""

FRESHNESS_SENTENCES: dict[Freshness, Words] = {
    Freshness.QUIET: Words(_("This project is quiet: its leads have not been heard from for 60 days.")),
    Freshness.LOOKING_FOR_LEAD: Words(
        _("This project looks for a new lead. Until it has one it takes no new pledges, and its decision waits.")
    ),
}
FROZEN = Words(_("The council that leads this project has ended. Somebody has to say which council leads it now."))


def _still_true(payload: Payload, _names: Names) -> Words:
    before = payload["changes"].get("freshness", [None])[0]
    if before is None:
        return Words(_("The leads said that this page is still true."))
    return Words(_("The leads are still here."))


def _asked(payload: Payload, names: Names) -> Words:
    return Words(_("{council} asked to take this project over."), council=names.get(payload["to_council_id"], ""))


def _handed_over(payload: Payload, names: Names) -> Words:
    councils = {"old": names.get(payload["from_council_id"], ""), "new": names.get(payload["to_council_id"], "")}
    if payload["kind"] == HandoverKind.TAKE_OVER:
        return Words(_("{new} took this project over from {old}."), **councils)
    return Words(_("{old} handed this project over to {new}."), **councils)


def _offered(payload: Payload, names: Names) -> Words:
    return Words(_("The leads offered this project to {council}."), council=names.get(payload["to_council_id"], ""))


def _agreed(payload: Payload, names: Names) -> Words:
    return Words(_("{council} agreed to lead this project."), council=names.get(payload["to_council_id"], ""))


HANDOVER_SENTENCES = {
    HandoverKind.HAND_OVER: _("{old} offers this project to {new}"),
    HandoverKind.TAKE_OVER: _("{new} asks to take this project over from {old}"),
}
"""What is on its way, as a heading says it."""

HANDOVER_ENDS = {
    HandoverStatus.DECLINED: _("The project stays with its council: the answer was no."),
    HandoverStatus.WITHDRAWN: _("The project stays with its council: the request was taken back."),
    HandoverStatus.STILL_HERE: _("The project stays with its council: its leads are still here."),
    HandoverStatus.OVERTAKEN: _("The project stays with its council: it has ended, or one of the councils has."),
}
"""How a handover ended by which nothing changed."""


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "project.nudged": lambda _payload, _names: Words(_("The leads were asked whether this page is still true.")),
    "project.quiet": lambda _payload, _names: Words(
        _("The project is quiet: its leads were not heard from for 60 days.")
    ),
    "project.looking_for_lead": lambda _payload, _names: Words(
        _("The project looks for a new lead: nobody was heard from for 90 days.")
    ),
    "project.still_true": _still_true,
    "project.given_up": lambda _payload, _names: Words(_("The coordinators were asked to find a new lead.")),
    "project.hand_over_offered": _offered,
    "project.takeover_asked": _asked,
    "project.takeover_agreed": _agreed,
    "project.handover_ended": lambda payload, _names: Words(HANDOVER_ENDS[HandoverStatus(payload["status"])]),
    "project.handed_over": _handed_over,
}
"""How these events read in a project's timeline."""
