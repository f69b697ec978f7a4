"""Choosing how one is told of each kind of news."""

from uuid import UUID

from pipeline.accounts.models import Officer
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import NotFound
from pipeline.notifications import policy, rules
from pipeline.notifications.events import MailChosen
from pipeline.notifications.models import MailPreference
from pipeline.notifications.notices import as_chosen
from pipeline.notifications.preferences import How, Preferences
from pipeline.notifications.unsubscribing import AT_ONCE, DIGESTS, Unsubscribed


def choose_mail(work: UnitOfWork, *, chosen: Preferences) -> Preferences:
    """Choose how one is told of each kind of news, and in which hours not.

    Raises NotFound, NotAllowed, RuleBroken (mail.…).
    """
    if work.actor.officer_id is None:
        raise NotFound("account")
    rules.check_preferences(chosen)
    return _choose(work, work.actor.officer_id, chosen)


def end_mail(work: UnitOfWork, *, unsubscribed: Unsubscribed) -> Preferences:
    """End e-mails of a kind, or all that comes in digests or at once, by the link in one of them. On the page of
    notices all of it still stands. Raises NotFound, NotAllowed."""
    known = work.session.get(MailPreference, unsubscribed.officer_id, with_for_update=True)
    chosen = as_chosen(known)
    ended = {DIGESTS: (How.DAILY, How.WEEKLY), AT_ONCE: (How.AT_ONCE,)}.get(unsubscribed.what, ())
    how = {
        sort: How.NEVER if sort.value == unsubscribed.what or before in ended else before
        for sort, before in chosen.how.items()
    }
    return _choose(work, unsubscribed.officer_id, Preferences(how, chosen.quiet))


def _choose(work: UnitOfWork, officer_id: UUID, chosen: Preferences) -> Preferences:
    officer = work.session.get(Officer, officer_id, with_for_update=True)
    if officer is None or officer.erased_at is not None:
        raise NotFound("account")
    work.require(policy.may_choose_mail(work.actor, officer_id))
    row = work.session.get(MailPreference, officer_id)
    if row is None:
        row = work.add(MailPreference(officer_id=officer_id))
    for sort, how in chosen.how.items():
        setattr(row, sort.value, how.value)
    row.quiet_first = None if chosen.quiet is None else chosen.quiet.first
    row.quiet_last = None if chosen.quiet is None else chosen.quiet.last
    work.record(MailChosen(officer_id=officer_id, how={sort.value: how.value for sort, how in chosen.how.items()}))
    return chosen
