"""Ids: UUID version 7 (RFC 9562, section 5.7), opaque outside and ordered by time inside."""

import os
import threading
import time
from uuid import UUID

_turn = threading.Lock()
_latest = (0, 0)
"""The milliseconds and the random part of the latest id made here."""

RANDOM_BITS = 74


def new_id(milliseconds: int | None = None) -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 bits that are random.

    Ids made in one process rise, also within one millisecond and when the clock is set back (RFC 9562, section 6.2,
    monotonic random): what was made later is listed later. With `milliseconds` given, for that moment.
    """
    random = int.from_bytes(os.urandom(10)) >> 6
    stamp = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    if milliseconds is None:
        stamp, random = _after_latest(stamp, random)
    value = (stamp & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (2**62 - 1)
    return UUID(int=value)


def _after_latest(stamp: int, random: int) -> tuple[int, int]:
    """The milliseconds and random part of an id that comes after all made before it in this process."""
    global _latest
    with _turn:
        latest_stamp, latest_random = _latest
        if stamp <= latest_stamp:
            stamp, random = latest_stamp, latest_random + 1 + (random & 0xFFFFFFFF)
            if random >> RANDOM_BITS:
                stamp, random = stamp + 1, random & (2**RANDOM_BITS - 1)
        _latest = (stamp, random)
        return _latest


def id_from(text: str) -> UUID | None:
    """Read an id somebody sent, in its one canonical form; None when it is not one."""
    if len(text) != 36:
        return None
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text else None
