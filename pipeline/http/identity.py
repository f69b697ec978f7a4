"""Who asks. A session or a token becomes a frozen `Actor`; nothing below knows of cookies, headers or `current_user`.

On pages a session names the officer. Under /api cookies are not looked at: there a token does, in
`Authorization: Bearer …` and nowhere else, or the caller is anonymous.
"""

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager

from pipeline.accounts import actions, queries
from pipeline.accounts.queries import Bearer, Identity
from pipeline.accounts.tokens import LONGEST_TOKEN, STAMP_EVERY, Scope, WhyEnded, hash_of_token, is_token
from pipeline.db.engine import database
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel
from pipeline.kernel.errors import NotAllowed, Problem, Refusal
from pipeline.kernel.words import Words, _

SCHEME = "bearer "
REALM = 'Bearer realm="Pipeline"'


class TokenRefused(Refusal):
    """A token was sent that does not work (401)."""

    def __init__(self, code: str, words: Words) -> None:
        super().__init__(Problem(code, words))
        self.challenge = f'{REALM}, error="invalid_token"'


class ScopeMissing(NotAllowed):
    """The token works, and was not made for this (403)."""

    def __init__(self, scope: Scope) -> None:
        super().__init__("token.scope", Words(_("The token lacks the scope {scope}."), scope=scope.value))
        self.challenge = f'{REALM}, error="insufficient_scope", scope="{scope.value}"'


def prepare_identity(app: Flask) -> None:
    """Let Flask-Login know the officer that the session row names, and stamp the use of tokens."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader
    def load(officer_id: str) -> Identity | None:
        identity = current_identity()
        return identity if identity is not None and str(identity.officer_id) == officer_id else None

    app.after_request(_stamp_token_after)


def current_identity() -> Identity | None:
    """The signed-in officer with their memberships, or None."""
    identity: Identity | None = g.get("identity")
    return identity


def current_bearer() -> Bearer | None:
    """Whom the token of this request acts for; None without one, or with one that does not work (`check_token`)."""
    if "HTTP_AUTHORIZATION" not in request.environ:
        return None
    if "bearer" not in g:
        _look_up()
    bearer: Bearer | None = g.bearer
    return bearer


def check_token() -> None:
    """Refuse a token that does not work. Raises TokenRefused (token.unknown, token.expired, token.revoked)."""
    if current_bearer() is None and g.get("token_refused") is not None:
        raise g.token_refused


def current_actor() -> Actor:
    """The actor of this request."""
    bearer = current_bearer()
    if bearer is not None:
        return bearer.actor
    identity = current_identity()
    return ANONYMOUS if identity is None else identity.actor


def _look_up() -> None:
    """Find whom the request's token acts for, once. Pages take no tokens: there the header means nothing."""
    g.bearer, g.token_refused = None, None
    if not request.path.startswith("/api/"):
        return
    header = request.headers["Authorization"]
    token = header[len(SCHEME) :].strip() if header[: len(SCHEME)].lower() == SCHEME else ""
    if len(token) != LONGEST_TOKEN or not is_token(token):
        words = Words(_("This is not a token of Pipeline. Send it as “Authorization: Bearer pln_…”."))
        g.token_refused = TokenRefused("token.unknown", words)
        return
    hashed = hash_of_token(token, current_app.config["SECRET_KEY"])
    found = queries.token_by_hash(database.session(), hashed, clock.now())
    g.bearer = found.bearer
    if found.bearer is None:
        g.token_refused = _refusal(found.ended)


def _refusal(ended: WhyEnded | None) -> TokenRefused:
    if ended is None:
        return TokenRefused("token.unknown", Words(_("Nobody has this token. Make one on your account’s page.")))
    if ended is WhyEnded.EXPIRED:
        return TokenRefused("token.expired", Words(_("This token has expired. Make another on your account’s page.")))
    return TokenRefused("token.revoked", Words(_("This token was revoked. Make another on your account’s page.")))


def _stamp_token_after(response: Response) -> Response:
    """Note that the token is in use, after the answer has left, at most every ten minutes."""
    bearer: Bearer | None = g.get("bearer")
    if bearer is None or (bearer.used_at is not None and clock.now() - bearer.used_at < STAMP_EVERY):
        return response
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def stamp() -> None:
        with app.app_context():
            actions.stamp_token(bearer.token_id)

    response.call_on_close(stamp)
    return response


__all__ = [
    "Actor", "Bearer", "Channel", "Identity", "ScopeMissing", "TokenRefused", "check_token", "current_actor",
    "current_bearer", "current_identity", "prepare_identity",
]  # fmt: skip
