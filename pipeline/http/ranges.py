"""Parts of a file (RFC 9110, section 14): which bytes of it are asked for."""

import re
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

_ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of a file of `size` from `begin` up to but not including `end`."""

    begin: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """As Content-Range says it."""
        return f"bytes {self.begin}-{self.end - 1}/{self.size}"


def part_asked_for(size: int, etag: str) -> Part | None:
    """The one part of a file the request asks for; None where all of it is to be answered.

    That is so without a Range, with one that cannot be read, with several at once, and where If-Range names another
    state of the file. Raises RequestedRangeNotSatisfiable (416) for a part beyond its end.
    """
    asked = request.headers.get("Range")
    if asked is None or request.method != "GET" or not _is_of_this_state(etag):
        return None
    match = _ONE_RANGE.fullmatch(asked)
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        begin, end = max(size - int(match[2]), 0), size
    else:
        begin, end = int(match[1]), min(int(match[2]) + 1, size) if match[2] else size
        if match[2] and int(match[2]) < begin:
            return None
    if begin >= size:
        raise RequestedRangeNotSatisfiable(length=size)
    return Part(begin, end, size)


def _is_of_this_state(etag: str) -> bool:
    """Whether If-Range lets a part be answered: it is not sent, or is this very ETag. A date never is: we send none."""
    condition = request.headers.get("If-Range")
    return condition is None or condition.strip() == f'"{etag}"'
