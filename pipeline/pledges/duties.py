"""What the worker does for pledges when their dates come."""

import logging
from datetime import timedelta
from uuid import UUID

from pipeline.db.jobs import Duty
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import system
from pipeline.kernel.errors import Refusal
from pipeline.pledges.actions import lapse_pledge
from pipeline.pledges.actions.by_code import forget_codes
from pipeline.pledges.actions.deleting import delete_unused_trial, unused_trials
from pipeline.pledges.actions.reminding import remind_authorisers
from pipeline.pledges.decision_dates import DUTIES as DECISION_DUTIES
from pipeline.pledges.delivery_dates import DUTIES as DELIVERY_DUTIES
from pipeline.pledges.queries import pledges_past_sign_off, pledges_to_remind_of
from pipeline.pledges.silence import DUTIES as SILENCE_DUTIES

log = logging.getLogger(__name__)

SIGN_OFF_DATES = "sign-off dates"
UNUSED_TRIALS = "unused trials"


def lapse_past_sign_off() -> None:
    """Let every offer lapse whose sign-off date has ended, each in work of its own: one that fails stops no other."""
    tried: set[UUID] = set()
    while pledge_ids := _due(tried):
        for pledge_id in pledge_ids:
            tried.add(pledge_id)
            _lapse(pledge_id)


def _due(tried: set[UUID]) -> list[UUID]:
    with unit_of_work(system(SIGN_OFF_DATES)) as work:
        due = pledges_past_sign_off(work, most=200 + len(tried))
    return [pledge_id for pledge_id in due if pledge_id not in tried]


def _lapse(pledge_id: UUID) -> None:
    try:
        with unit_of_work(system(SIGN_OFF_DATES)) as work:
            lapse_pledge(work, pledge_id=pledge_id)
    except Refusal as refusal:
        # Somebody authorised, refused or withdrew it between the look and the act.
        log.info("offer %s did not lapse: %s", pledge_id, refusal.code)
    except Exception:
        log.exception("offer %s could not lapse; it is tried again next time", pledge_id)


def remind_of_offers() -> None:
    """Remind whoever was asked to authorise an offer and has not decided, each offer in work of its own."""
    with unit_of_work(system(SIGN_OFF_DATES)) as work:
        pledge_ids = pledges_to_remind_of(work)
    for pledge_id in pledge_ids:
        try:
            with unit_of_work(system(SIGN_OFF_DATES)) as work:
                remind_authorisers(work, pledge_id=pledge_id)
        except Exception:
            log.exception("nobody could be reminded of offer %s; it is tried again next time", pledge_id)


def delete_unused_trials() -> None:
    """Delete every trial project that nobody used for 90 days, each in work of its own."""
    with unit_of_work(system(UNUSED_TRIALS)) as work:
        project_ids = unused_trials(work)
    for project_id in project_ids:
        try:
            with unit_of_work(system(UNUSED_TRIALS)) as work:
                delete_unused_trial(work, project_id=project_id)
        except Exception:
            log.exception("trial project %s could not be deleted; it is tried again next time", project_id)


DUTIES = [
    Duty("pledges.codes", timedelta(hours=6), forget_codes),
    Duty("pledges.reminders", timedelta(minutes=10), remind_of_offers),
    Duty("pledges.sign_off_dates", timedelta(minutes=5), lapse_past_sign_off),
    Duty("pledges.unused_trials", timedelta(hours=6), delete_unused_trials),
    *DECISION_DUTIES,
    *DELIVERY_DUTIES,
    *SILENCE_DUTIES,
]
"""What `flask worker` runs for pledges."""
