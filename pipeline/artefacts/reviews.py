"""When the leads of a document are reminded that it was to be reviewed. Pure."""

from datetime import date, timedelta

DAYS_AFTER = (0, 30, 60)
"""So many days after the review date."""


def nudges_due(review_on: date, today: date) -> int:
    """How many reminders should have come by today."""
    return sum(review_on + timedelta(days=days) <= today for days in DAYS_AFTER)


def latest_review_on(sent: int, today: date) -> date:
    """The latest review date with another reminder due today, where so many were sent (fewer than there are)."""
    return today - timedelta(days=DAYS_AFTER[sent])
