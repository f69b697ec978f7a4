"""Where an entry stands in the index: by when it was published, so that the highest places are the newest things. Pure.

A search reads the index from its highest place down and stops after so many (`find.MOST`): what it looks at are the
newest, whenever and in whatever order they were written, also after the whole index was made again.
"""

from datetime import datetime

IN_A_MILLISECOND = 1 << 10
"""Places for what is published in one millisecond. A place stays below 2**53 until the year 2248."""
UNDATED = 10**12
"""What was published at no moment, as councils are, stands before all that was, below this place."""


def first_place(published_at: datetime | None) -> int:
    """The first of the places of what is published in one millisecond, or at no moment: who comes takes the next."""
    return 1 if published_at is None else round(published_at.timestamp() * 1_000) * IN_A_MILLISECOND


def stands_at(place: int, published_at: datetime | None) -> bool:
    """Whether an entry that has a place was published then, so that it may keep it."""
    if published_at is None:
        return place < UNDATED
    return 0 <= place - first_place(published_at) < 2 * IN_A_MILLISECOND
