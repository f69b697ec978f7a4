"""Where an entry stands in the index: by when it was published, so that the highest places are the newest things. Pure.

A search reads the index from its highest place down and stops after so many (`find.MOST`): what it looks at are the
newest, whenever and in whatever order they were written, also after the whole index was made again.
"""

from datetime import datetime
from uuid import UUID

IN_A_MILLISECOND = 1 << 10
"""Places for what is published in one millisecond. A place stays below 2**53 until the year 2248."""
UNDATED = 10**12
"""What was published at no moment, as councils are, stands before all that was, in one of so many places."""


def place_for(published_at: datetime | None, subject_id: UUID) -> int:
    """The place an entry is given, unless another has it: then it gets the next that is free.

    Of things published in the same millisecond, those whose ids were made later stand later (UUIDv7, RFC 9562: the
    ten bits after the version rise with the moment an id was made, or are random).
    """
    if published_at is None:
        return subject_id.int % UNDATED
    return round(published_at.timestamp() * 1_000) * IN_A_MILLISECOND + ((subject_id.int >> 66) & 0x3FF)


def stands_at(place: int, published_at: datetime | None) -> bool:
    """Whether an entry that has a place was published then, so that it may keep it."""
    if published_at is None:
        return place <= UNDATED + IN_A_MILLISECOND
    return abs(place // IN_A_MILLISECOND - round(published_at.timestamp() * 1_000)) <= 1
