"""Headers on every answer, and the check of where a change comes from."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from config import Settings
from pipeline.kernel.errors import NotAllowed
from pipeline.kernel.words import Words, _

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
WITH_OWN_FRAMES = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
"""The same for a page of ours that shows another of ours in a frame."""

EMBEDS = "/embed/"
"""Where the pages are that other sites may show in a frame: without script, form or cookie, errors included."""

EMBEDS_POLICY = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *"

HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
KEPT_BY_ONE = "private, no-cache"
"""Pages: a browser may keep one and must ask each time whether it is still the same."""

PUBLIC_FOR_A_WHILE = "public, max-age=30, must-revalidate"
"""What everybody reads alike: anybody may keep it, and what was hidden is gone from it within a minute."""

NOT_KEPT = "no-store"
"""Answers of the API that do not say how long they may be kept, problems above all."""

READ_FROM_ANYWHERE = ("/api/", "/feeds/", "/calendars/", "/oembed/")
"""What pages of any origin may read, never with credentials."""

CHANGES = ("POST", "PUT", "PATCH", "DELETE")


def prepare_security(app: Flask, settings: Settings) -> None:
    """Trust only our own host, set the headers, and refuse changes sent from elsewhere."""
    hosts = [urlsplit(settings.public_url).hostname or ""]
    if settings.pipeline_mode != "production" or hosts[0] in ("127.0.0.1", "localhost"):
        hosts += ["127.0.0.1", "localhost"]
    app.config["TRUSTED_HOSTS"] = hosts

    @app.before_request
    def check_origin() -> None:
        if request.method in CHANGES and not request.path.startswith("/api/"):
            _refuse_foreign_origin()

    app.after_request(_open_to_all)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, is_secure=settings.is_secure)  # type: ignore[method-assign]


def _open_to_all(response: Response) -> Response:
    """Let pages of any origin read what is for programs."""
    is_for_programs = f"{request.path}/".startswith(READ_FROM_ANYWHERE)
    if is_for_programs and request.method in ("GET", "HEAD", "OPTIONS"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "Accept-Ranges, Content-Range, Deprecation, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Sunset, "
            "X-Request-Id"
        )
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Range, Range"
            response.headers["Access-Control-Max-Age"] = "86400"
    return response


class SecurityHeaders:
    """WSGI middleware that adds to every answer the headers it does not have yet.

    It adds them to the plain list that leaves, which costs a tenth of setting each on Flask's answer.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], *, is_secure: bool) -> None:
        self.application = application
        always = (*HEADERS, STRICT_TRANSPORT) if is_secure else HEADERS
        of_pages = (*always, ("Cross-Origin-Resource-Policy", "same-origin"), ("Cache-Control", KEPT_BY_ONE))
        of_api = (*always, ("Cross-Origin-Resource-Policy", "cross-origin"), ("Cache-Control", NOT_KEPT))
        of_embeds = (
            ("Content-Security-Policy", EMBEDS_POLICY),
            *(header for header in always if header[0] not in ("Content-Security-Policy", "X-Frame-Options")),
            ("Cross-Origin-Resource-Policy", "cross-origin"), ("Cache-Control", KEPT_BY_ONE),
        )  # fmt: skip
        self.of_embeds = [(name.lower(), (name, value)) for name, value in of_embeds]
        self.of_pages = [(name.lower(), (name, value)) for name, value in of_pages]
        self.of_api = [(name.lower(), (name, value)) for name, value in of_api]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        wanted = self.of_pages
        if path.startswith("/api/"):
            wanted = self.of_api
        elif path.startswith(EMBEDS):
            wanted = self.of_embeds

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers.extend(header for name, header in wanted if name not in present)
            return start_response(status, headers, *rest)

        return self.application(environ, start)


def _refuse_foreign_origin() -> None:
    """A form on another site cannot post here: the browser says where the request began."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = {_plain_origin(current_app.config["PUBLIC_URL"]), _plain_origin(request.host_url)}
    is_own = origin is None or _plain_origin(origin) in own
    # A page that sends no referrer sends its own forms with the origin "null": the browser's word for the site decides.
    is_unnamed = origin == "null" and site == "same-origin"
    if site not in (None, "same-origin", "none") or not (is_own or is_unnamed):
        words = Words(
            _("This was sent from another website, so it was not done. Go to the page on Pipeline and try again.")
        )
        raise NotAllowed("request.foreign_origin", words)


def _plain_origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", address
    return parts.scheme.lower(), parts.netloc.lower()
