"""Passwords become argon2id hashes here, always before work begins: a hash takes a tenth of a second and 64 MiB.

So that a flood of sign-ins cannot take all memory, each process hashes only as many at a time as `AT_A_TIME`.
"""

import threading
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from pipeline.accounts.rules import LONGEST_PASSWORD

AT_A_TIME = 2

_turns = threading.BoundedSemaphore(AT_A_TIME)
_hasher = PasswordHasher(time_cost=2, memory_cost=65536, parallelism=1)
NOBODYS = "$argon2id$v=19$m=65536,t=2,p=1$HON4gfbp0oesxW8kQHvZ4w$mE9urvC051UqIFXSHALbJRwF+J+oaNMVICONEfRXwDM"
"""The hash of a random password nobody kept: what is compared where there is no account, so that it takes as long."""

UNUSABLE = "!"
"""Kept instead of a hash where nobody may sign in with a password: it matches none."""


def hash_password(password: str) -> str:
    """The argon2id hash of a password, every character of it, composed alike however the keyboard sent it."""
    with _turns:
        return _hasher.hash(normalize("NFC", password))


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one that was hashed. Without a hash it takes as long and says no."""
    if len(password) > LONGEST_PASSWORD * 2:
        password, password_hash = "", None
    known = password_hash if password_hash and password_hash.startswith("$argon2id$") else None
    with _turns:
        try:
            _hasher.verify(known or NOBODYS, normalize("NFC", password))
        except (VerificationError, InvalidHashError):
            return False
    return known is not None
