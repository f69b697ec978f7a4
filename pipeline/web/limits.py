"""Limits of authority, as pages say them."""

from pipeline.accounts.limits import NO_LIMIT, Limit
from pipeline.http.language import gettext, say
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _
from pipeline.web.rendering import uk_date


def limit_words(limit: Limit) -> str:
    """A limit as people read it."""
    if limit == NO_LIMIT:
        return gettext(_("No limit"))
    parts = []
    if limit.half_days is not None:
        parts.append(say(Words(_("{days} days in one project"), days=days(limit.half_days))))
    if limit.pence is not None:
        parts.append(say(Words(_("{pounds} in one project"), pounds=pounds(limit.pence))))
    if limit.first_on is not None:
        parts.append(say(Words(_("from {day}"), day=uk_date(limit.first_on))))
    if limit.last_on is not None:
        parts.append(say(Words(_("until {day}"), day=uk_date(limit.last_on))))
    return ", ".join(parts)
