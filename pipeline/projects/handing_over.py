"""A project that passes from one lead council to another: the words for it, and what is asked of whoever does. Pure.

Leads *hand over* by offering it to another council. A council *takes over* a project that looks for a new lead: its
leads have ten working days to say that they are still here, and then a coordinator approves.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from pipeline.kernel.errors import Conflict, Problem, RuleBroken, length_problems, refuse_if_any
from pipeline.kernel.words import Words, _, day_words
from pipeline.projects.freshness import Freshness
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.terms import RUNNING

DAYS_TO_SAY_STILL_HERE = 10
DAYS_TO_CARRY_OVER = 20
"""Working days: of the old leads before a takeover, and of councils that committed something before the handover."""
MOST_MESSAGE = 1_000


class HandoverKind(StrEnum):
    """Who began it: the leads, or the council that wants to lead."""

    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"


class HandoverStatus(StrEnum):
    """Where it stands. *Still here*: the leads of a project that was asked for have shown that they are there."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    STILL_HERE = "still_here"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What is held against the rules: the project, the council that is to lead it, and what is on its way already."""

    status: ProjectStatus
    freshness: Freshness
    council_id: UUID
    to_council_id: UUID
    to_is_active: bool
    is_trial: bool
    is_frozen: bool
    is_asked: bool


def check_message(message: str) -> None:
    """Both councils read why. Raises RuleBroken (handover.message_missing, handover.message_too_long)."""
    if not message:
        raise RuleBroken(Problem("handover.message_missing", Words(_("Say why, for both councils to read")), "message"))
    refuse_if_any(length_problems("handover", "message", message, MOST_MESSAGE))


def check_may_pass(passing: Passing) -> None:
    """A running project passes to another council that exists today, one at a time.

    Raises Conflict (handover.not_running, handover.frozen, handover.same_council, handover.council_ended,
    handover.asked_already).
    """
    if passing.status not in RUNNING or passing.is_trial:
        raise Conflict(
            "handover.not_running", Words(_("Only a project that is open or going ahead can be handed over."))
        )
    if passing.is_frozen:
        words = Words(_("The council of this project has ended. First somebody says which council has it now."))
        raise Conflict("handover.frozen", words)
    if passing.to_council_id == passing.council_id:
        words = Words(_("This council leads the project already. Choose another."))
        raise Conflict("handover.same_council", words, field="council")
    if not passing.to_is_active:
        words = Words(_("This council does not exist today. Choose another."))
        raise Conflict("handover.council_ended", words, field="council")
    if passing.is_asked:
        words = Words(_("This project is on its way to a council already. That has to end first."))
        raise Conflict("handover.asked_already", words)


def check_looks_for_lead(passing: Passing) -> None:
    """Only a project that looks for a new lead is taken over. Raises Conflict (handover.has_leads)."""
    if passing.freshness is not Freshness.LOOKING_FOR_LEAD:
        words = Words(_("This project has leads. Ask them to hand it over to you."))
        raise Conflict("handover.has_leads", words)


def check_still_asked(status: HandoverStatus) -> None:
    """What has ended is not answered again. Raises Conflict (handover.ended)."""
    if status is not HandoverStatus.ASKED:
        raise Conflict("handover.ended", Words(_("This has been settled already.")))


def check_may_approve(answer_due_on: date | None, *, has_agreed: bool, today: date) -> None:
    """A takeover is approved once the council has agreed and its leads had their time. Raises Conflict
    (handover.not_agreed, handover.leads_have_time)."""
    if not has_agreed:
        words = Words(_("Somebody with authority in the council that asks has to agree first."))
        raise Conflict("handover.not_agreed", words, ("agree",))
    if answer_due_on is not None and today <= answer_due_on:
        words = Words(
            _("The leads have until the end of {day} to say that they are still here."), day=day_words(answer_due_on)
        )
        raise Conflict("handover.leads_have_time", words)
