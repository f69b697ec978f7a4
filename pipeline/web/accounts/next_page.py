"""Where somebody goes after signing in: only to a page of this site that can be opened."""

from urllib.parse import unquote, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from pipeline.http.language import WELSH

LONGEST = 2000
NOT_AGAIN = ("accounts.sign_in", "accounts.sign_out", "accounts.sign_up")


def safe_next(text: str | None) -> str | None:
    """A path of this site, as it was given; None for anything else.

    Browsers read `//host`, `/\\host`, tabs within an address and their encoded forms each in their own way, so whatever
    holds one of them is refused, however often it is encoded.
    """
    if not text or len(text) > LONGEST or not _is_plain_path(text):
        return None
    parts = urlsplit(text)
    if parts.scheme or parts.netloc:
        return None
    if not _opens(unquote(parts.path)):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _is_plain_path(text: str) -> bool:
    if any(ord(character) < 0x21 for character in text):
        return False
    once = unquote(text)
    return all(_is_path(form) for form in (text, once, unquote(once)))


def _is_path(text: str) -> bool:
    if not text.startswith("/") or text.startswith("//") or "\\" in text:
        return False
    return not any(ord(character) < 0x20 or character in "\x7f\ufffd" for character in text)


def _opens(path: str) -> bool:
    """Whether a page stands at a path that one can get."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    try:
        endpoint, _values = adapter.match(without_language(path), method="GET")
    except (RequestRedirect, HTTPException):
        return False
    return endpoint not in NOT_AGAIN


def without_language(path: str) -> str:
    """A path as the routes know it: without the prefix of Welsh pages."""
    if path == WELSH:
        return "/"
    return path[len(WELSH) :] if path.startswith(f"{WELSH}/") else path
