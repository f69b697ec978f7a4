"""The token with which a mail's reader ends such mails by one click, without signing in (RFC 8058): worked out with the
secret, and kept nowhere."""

import base64
import hmac
from dataclasses import dataclass
from uuid import UUID

from pipeline.notifications.preferences import Sort

DIGESTS = "digests"
"""Stands in a token for all that comes in digests."""

AT_ONCE = "at_once"
"""Stands in a token for all that comes at once."""

WHAT: tuple[str, ...] = (*(sort.value for sort in Sort), DIGESTS, AT_ONCE)
"""What a token can end. Its place here stands in the token: only ever add at the end."""

LENGTH = 16 + 1 + 32


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """Whose mails end, and which: those of a sort, all digests, or all that comes at once."""

    officer_id: UUID
    what: str


def unsubscribe_token(secret_key: str, one: Unsubscribed) -> str:
    """The token that ends mails of one kind for one officer. It lasts: a mail may be opened years later."""
    said = one.officer_id.bytes + bytes([WHAT.index(one.what)])
    return base64.urlsafe_b64encode(said + _proof(secret_key, said)).rstrip(b"=").decode()


def unsubscribed_by(secret_key: str, token: str) -> Unsubscribed | None:
    """Whose mails a token ends, and which; None for a token that was not made here."""
    if not token.isascii() or len(token) > 2 * LENGTH:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    said, proof = raw[:17], raw[17:]
    if len(raw) != LENGTH or not hmac.compare_digest(proof, _proof(secret_key, said)) or said[16] >= len(WHAT):
        return None
    return Unsubscribed(UUID(bytes=said[:16]), WHAT[said[16]])


def _proof(secret_key: str, said: bytes) -> bytes:
    return hmac.digest(secret_key.encode(), b"unsubscribe:" + said, "sha256")
