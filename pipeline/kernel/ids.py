"""Ids: UUID version 7 (RFC 9562, section 5.7), opaque outside and ordered by time inside."""

import os
import time
from uuid import UUID


def new_id(milliseconds: int | None = None) -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    stamp = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    random = int.from_bytes(os.urandom(10))
    value = (stamp & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & (2**62 - 1)
    return UUID(int=value)


def id_from(text: str) -> UUID | None:
    """Read an id somebody sent, in its one canonical form; None when it is not one."""
    if len(text) != 36:
        return None
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text else None
