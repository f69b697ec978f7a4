"""The two headers with which a change is made safely: If-Match and Idempotency-Key.

If-Match: an edit says which version it was made from, so that nobody writes over what they have not seen.

The ETag of one thing is `"<version>.<revision>.<release>"`. Only the version is compared: a pledge raises the revision
of what it shows on, and does not spoil anybody's edit.

Idempotency-Key: a change that was sent twice is made once (`db/idempotency.py`).
"""

import re

from flask import request

from pipeline.kernel.errors import Problem, Refusal
from pipeline.kernel.words import Words, _

_KEY = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_STRONG_TAG = re.compile(r'\s*"([0-9]{1,9})\.[0-9]{1,9}\.[0-9A-Za-z-]{1,20}"\s*', re.ASCII)


class VersionMissing(Refusal):
    """An edit did not say which version it was made from (428)."""

    def __init__(self) -> None:
        words = Words(_("Send the ETag you read in If-Match, so that nothing is written over unseen."))
        super().__init__(Problem("request.version_missing", words))


class StaleVersion(Refusal):
    """Somebody changed it since the version the edit was made from (412). `etag` is the one it has now."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        words = Words(_("Somebody else changed it meanwhile: read it again, then make your change."))
        super().__init__(Problem("request.stale_version", words))


class KeyRefused(Refusal):
    """The Idempotency-Key is missing where one is required, or is not one (400)."""

    def __init__(self, words: Words) -> None:
        super().__init__(Problem("request.idempotency_key", words))


def idempotency_key(*, is_required: bool = False) -> str | None:
    """The key a change came with: 1 to 255 visible ASCII characters. Raises KeyRefused."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if is_required:
            raise KeyRefused(Words(_("Send an Idempotency-Key of your own, so that this is never done twice.")))
        return None
    if not _KEY.fullmatch(key):
        raise KeyRefused(Words(_("An Idempotency-Key is 1 to 255 visible ASCII characters.")))
    return key


def seen_versions() -> frozenset[int]:
    """The versions an edit says it was made from. Raises VersionMissing where it names none, or any (`*`)."""
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise VersionMissing
    tags = (_STRONG_TAG.fullmatch(tag) for tag in header.split(","))
    return frozenset(int(tag[1]) for tag in tags if tag is not None)


def check_seen(version: int, etag: str) -> None:
    """The edit was made from the version the row has, whose ETag is `etag`. Raises VersionMissing, StaleVersion."""
    if version not in seen_versions():
        raise StaleVersion(etag)
