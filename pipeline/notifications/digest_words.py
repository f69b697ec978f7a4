"""What digests say besides the lines of what happened."""

from datetime import date

from pipeline.kernel.words import Words, _, day_words

KIND = "digest"

NEEDS_YOU = Words(_("What needs you"))
MOVED = Words(_("What moved"))
NEW = Words(_("New in what you follow"))
SEE_ALL = Words(_("See all your notices"))
WHY = Words(_("You get this because there is news of what you follow or have a part in."))


def subject(day: date) -> Words:
    """The subject of the digest of a day."""
    return Words(_("Pipeline on {date}: what needs you and what is new"), date=day_words(day))
