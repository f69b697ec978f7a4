"""How long a project may go without a sign of life from its leads, and what follows. Pure.

Days are calendar days of the United Kingdom: what was done at any hour of a day was done on that day.
"""

from datetime import date, timedelta
from enum import StrEnum


class Freshness(StrEnum):
    """What a running project says of its leads: they are there; they have gone quiet; it looks for a new lead."""

    FRESH = "fresh"
    QUIET = "quiet"
    LOOKING_FOR_LEAD = "looking_for_lead"


NUDGE_DAYS = (42, 49, 56)
QUIET_DAYS = 60
LOOKING_DAYS = 90
GIVEN_UP_DAYS = LOOKING_DAYS + 60
STEPS = (*NUDGE_DAYS, QUIET_DAYS, LOOKING_DAYS, GIVEN_UP_DAYS)
"""The days after the last sign of life on which something follows: three nudges, *quiet*, *looking for a new lead*, and
the day on which an open project lapses."""
STEP_QUIET, STEP_LOOKING, STEP_GIVEN_UP = 4, 5, 6

SIGNS_OF_LIFE = frozenset(
    {
        "project.still_true", "project.published", "project.updated", "project.phase_changed", "project.terms_changed",
        "project.date_moved", "project.going_ahead", "need.opened", "need.changed", "need.closed", "need.dropped",
        "lead.named", "team.joined", "update.published", "update.edited", "update.withdrawn", "version.published",
        "version.withdrawn", "lesson.published", "lesson.edited", "pledge.accepted", "pledge.declined",
        "pledge.released", "question.asked", "interest.answered", "team.asked", "team.declined", "lesson.answered",
        "lesson.replied", "suggestion.accepted", "suggestion.declined", "suggestion.published",
        "delivery.recorded", "delivery.agreed", "delivery.disputed", "delivery.missed", "project.hand_over_offered",
        "measure.added", "measure.changed", "measure.ended", "measure.reading_recorded", "measure.reading_corrected",
    }
)  # fmt: skip
"""The events that are a sign of life where a lead of the project causes them: they said that the page is still true,
answered, edited, published, or recorded what was given or measured."""


def steps_due(last_on: date, today: date) -> int:
    """How many of the steps have come, counted from the day of the last sign of life."""
    return sum(last_on + timedelta(days=days) <= today for days in STEPS)


def freshness_at(step: int) -> Freshness:
    """What a project says of its leads after so many steps."""
    if step >= STEP_LOOKING:
        return Freshness.LOOKING_FOR_LEAD
    return Freshness.QUIET if step >= STEP_QUIET else Freshness.FRESH


def latest_sign_on(step: int, today: date) -> date:
    """The latest day of a last sign of life after which the step that follows `step` has come by today."""
    return today - timedelta(days=STEPS[step])


def resumed(decision_on: date, waits_from_on: date, today: date) -> date:
    """A decision date that waited goes on with as many days as it had left."""
    return decision_on + max(today - waits_from_on, timedelta())
