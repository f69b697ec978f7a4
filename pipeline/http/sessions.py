"""Sessions as rows, behind Flask's own session.

Two cookies exist. The session cookie holds a random token whose row names the officer; it is set at sign-in only. The
`form` cookie is signed and holds the token that protects forms filled in before signing in, and the message shown after
a redirect; it goes as soon as it is empty. Where programs and other sites read, neither is looked at.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, Request, Response, current_app, g, session
from flask.sessions import SecureCookieSession, SessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

from pipeline.accounts import queries
from pipeline.accounts.models import SignInSession
from pipeline.accounts.rules import LONGEST_SESSION, hash_of
from pipeline.db.engine import database
from pipeline.db.statements import plain_session
from pipeline.db.work import housekeeping
from pipeline.kernel import clock

FORM_COOKIE = "form"
FORM_AGE = timedelta(hours=12)
STAMP_EVERY = timedelta(minutes=10)
WITHOUT_COOKIES = (
    "/api/", "/assets/", "/healthz/", "/readyz/", "/feeds/", "/calendars/", "/embed/", "/oembed/",
)  # fmt: skip
"""What is the same for everybody, and for programs and other sites above all: no cookie is looked at there, or set."""

NOT_KEPT = ("csrf_token", "_user_id", "_fresh", "_id")
"""What a signed-in session works out anew on each request instead of keeping it in the form cookie."""


class PipelineSession(SecureCookieSession):
    """The request's session: what the form cookie holds, and the officer the session row names."""

    def __init__(self, held: dict[str, Any] | None = None, *, is_kept: bool = True) -> None:
        super().__init__(held or {})
        self.held = dict(held or {})
        self.is_kept = is_kept
        self.token: str | None = None
        self.is_signed_in = False
        self.has_ended = False
        self.ended_officer_id: UUID | None = None

    def to_keep(self) -> dict[str, Any]:
        """What belongs in the form cookie."""
        return {key: value for key, value in self.items() if not (self.is_signed_in and key in NOT_KEPT)}


class RowSessionInterface(SessionInterface):
    """Opens the session of a request from its two cookies, and sets or deletes them on the answer."""

    def __init__(self, secret_key: str, *, is_secure: bool) -> None:
        self.cookie = "__Host-session" if is_secure else "session"
        self.form_cookie = "__Host-form" if is_secure else FORM_COOKIE
        self.is_secure = is_secure
        self.serializer = URLSafeTimedSerializer(
            secret_key, salt="form-cookie", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def open_session(self, app: Flask, request: Request) -> PipelineSession:
        if f"{request.path}/".startswith(WITHOUT_COOKIES):
            return PipelineSession(is_kept=False)
        opened = PipelineSession(self._held(request))
        token = request.cookies.get(self.cookie)
        if token:
            self._find_officer(opened, token)
        return opened

    def _held(self, request: Request) -> dict[str, Any]:
        text = request.cookies.get(self.form_cookie)
        if not text:
            return {}
        try:
            held = self.serializer.loads(text, max_age=int(FORM_AGE.total_seconds()))
        except BadSignature:
            return {}
        return held if isinstance(held, dict) else {}

    def _find_officer(self, opened: PipelineSession, token: str) -> None:
        with plain_session(database.engine) as reading:
            found = queries.session_by_token(reading, hash_of(token), clock.now())
        if found.identity is None:
            opened.has_ended, opened.ended_officer_id = True, found.ended_officer_id
            return
        opened.token, opened.is_signed_in = token, True
        opened["csrf_token"] = csrf_token_of(token)
        opened["_user_id"] = str(found.identity.officer_id)
        opened["_fresh"] = True
        g.identity = found.identity

    def save_session(self, app: Flask, session: PipelineSession, response: Response) -> None:  # type: ignore[override]
        if not session.is_kept:
            return
        response.vary.add("Cookie")
        keep = session.to_keep()
        if keep != session.held:
            self._set(response, self.form_cookie, self.serializer.dumps(keep) if keep else None, None)
        if g.get("session_token_to_set"):
            self._set(response, self.cookie, g.session_token_to_set, LONGEST_SESSION)
        elif g.get("session_token_to_clear") or session.has_ended:
            self._set(response, self.cookie, None, None)
        elif session.is_signed_in:
            _stamp_after(response)

    def _set(self, response: Response, name: str, value: str | None, age: timedelta | None) -> None:
        where: dict[str, Any] = {"path": "/", "secure": self.is_secure, "httponly": True, "samesite": "Lax"}
        if value is None:
            response.delete_cookie(name, **where)
        else:
            response.set_cookie(name, value, max_age=age, **where)


def csrf_token_of(token: str) -> str:
    """The token that protects a signed-in officer's forms: worked out from the session's, never kept."""
    key = b"csrf:" + current_app.secret_key.encode()  # type: ignore[union-attr]
    return hmac.digest(key, token.encode(), "sha256").hex()


def new_token() -> str:
    """A session's token: 256 random bits."""
    return secrets.token_urlsafe(32)


def set_session_cookie(token: str) -> None:
    """Have the answer set the session cookie; what the form cookie held for forms before sign-in ends here."""
    session.pop("csrf_token", None)
    g.session_token_to_set = token


def clear_session_cookie() -> None:
    """Have the answer delete the session cookie."""
    for key in NOT_KEPT:
        session.pop(key, None)
    g.session_token_to_clear = True


def _stamp_after(response: Response) -> None:
    """Note that the session is in use, after the answer has left, at most every ten minutes."""
    identity = g.identity
    if clock.now() - identity.seen_at < STAMP_EVERY:
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    session_id: UUID = identity.session_id

    def stamp() -> None:
        with app.app_context():
            _stamp(session_id, clock.now())

    response.call_on_close(stamp)


def _stamp(session_id: UUID, now: datetime) -> None:
    with housekeeping("sessions") as kept:
        row = kept.get(SignInSession, session_id)
        if row is not None and row.ended_at is None:
            row.seen_at = now
