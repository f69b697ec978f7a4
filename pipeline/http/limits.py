"""How often an address or a token may ask what is for programs and other sites, by the library `limits`.

Requests are counted in each process, or in a store that all processes and machines share where `RATE_LIMIT_STORE` names
one. Every answer says how the caller stands (`RateLimit-Policy`, `RateLimit`); past the limit it is 429. Feeds,
calendars, embeds and oEmbed are counted apart from the API: a program that reads too much breaks no frame that its
colleagues look at from behind the same address.
"""

import logging
import threading
import time
from dataclasses import dataclass

from flask import Flask, Response, g, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import RedisStorage, Storage
from werkzeug.exceptions import TooManyRequests

from config import Settings
from pipeline.http.identity import current_bearer
from pipeline.http.language import say
from pipeline.http.problems import REQUEST_PROBLEMS, answer_http_error

API = "/api/"
OUTSIDE = ("/feeds/", "/calendars/", "/embed/", "/oembed/")
"""What other programs and sites take from here without the API: everybody is counted by their address."""

SWEEP_EVERY = 60.0
"""Seconds between two sweeps of the counts whose window has ended."""

STORE_PATIENCE = 0.25
"""Seconds a request waits for the shared store. It counts requests; it does not hold them up."""
STORE_AGAIN_AFTER = 10.0
"""Seconds after which a shared store that did not answer is asked again. Until then each process counts for itself."""

log = logging.getLogger(__name__)


class CountsOfThisProcess(Storage):
    """Counts by key, each in a window of its own.

    The library's own storage in memory starts a thread to forget what has ended, for nearly every request that comes
    alone, which costs more than answering it. Here whoever opens a new window sweeps, at most once a minute.
    """

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, tuple[int, float]] = {}
        self._sweep_at = 0.0
        self._lock = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        now = time.time()
        with self._lock:
            count, ends_at = self._counts.get(key, (0, 0.0))
            if ends_at <= now:
                self._sweep(now)
                count, ends_at = 0, now + expiry
            self._counts[key] = (count + amount, ends_at)
        return count + amount

    def _sweep(self, now: float) -> None:
        if now >= self._sweep_at:
            self._counts = {key: kept for key, kept in self._counts.items() if kept[1] > now}
            self._sweep_at = now + SWEEP_EVERY

    def get(self, key: str) -> int:
        count, ends_at = self._counts.get(key, (0, 0.0))
        return count if ends_at > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._counts.get(key, (0, time.time()))[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            number = len(self._counts)
            self._counts = {}
        return number

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a caller stands with one limit: requests left in this window, and the moment it ends (seconds since 1970)."""

    is_over: bool
    left: int
    ends_at: float


class Counter:
    """Counts each request against fixed windows, as the library's `FixedWindowRateLimiter` does with three calls."""

    def __init__(self, shared: Storage | None = None) -> None:
        self._own = CountsOfThisProcess()
        self._shared = shared
        self._again_at = 0.0

    def count(self, item: RateLimitItem, caller: str, amount: int = 1) -> Standing:
        """Count one request of a caller (or none, to look only), and say how they stand. Where the shared store does
        not answer, this process counts for itself for a while: a limit is never a reason for an outage."""
        key, window = item.key_for(caller), item.get_expiry()
        if self._shared is not None and time.monotonic() >= self._again_at:
            try:
                return self._counted(self._shared, item, key, window, amount)
            except self._shared.base_exceptions as problem:
                self._again_at = time.monotonic() + STORE_AGAIN_AFTER
                log.warning("the shared store of counts does not answer (%s): counting here", type(problem).__name__)
        return self._counted(self._own, item, key, window, amount)

    @staticmethod
    def _counted(store: Storage, item: RateLimitItem, key: str, window: int, amount: int) -> Standing:
        number = store.incr(key, window, amount) if amount else store.get(key)
        return Standing(number > item.amount, max(0, item.amount - number), store.get_expiry(key))


def counter_for(settings: Settings) -> Counter:
    """What counts with these settings."""
    if not settings.rate_limit_store:
        return Counter()
    address = settings.rate_limit_store
    return Counter(RedisStorage(address, socket_timeout=STORE_PATIENCE, socket_connect_timeout=STORE_PATIENCE))


def _caller() -> str | None:
    """Who is counted, or None where nobody is: on pages. Colleagues share an address: a token is counted by itself."""
    if request.path.startswith(API):
        bearer = current_bearer()
        return request.remote_addr or "" if bearer is None else f"token {bearer.token_id}"
    return f"outside {request.remote_addr}" if f"{request.path}/".startswith(OUTSIDE) else None


def _refused(seconds: int) -> Response:
    """What is answered past the limit. Feed readers and calendars show the sentence at best; a frame has its own
    page."""
    error = TooManyRequests(retry_after=seconds)
    if request.path.startswith("/oembed"):
        return answer_http_error(error)
    if request.path.startswith(("/feeds/", "/calendars/")):
        _code, words = REQUEST_PROBLEMS[429]
        plain = Response(f"{say(words)}\n", 429, content_type="text/plain; charset=utf-8")
        plain.headers["Retry-After"] = str(seconds)
        return plain
    raise error


def prepare_limits(app: Flask, settings: Settings) -> None:
    """Count requests to the API by the caller's token, and all others by the caller's address."""
    counter = counter_for(settings)
    minute = RateLimitItemPerMinute(settings.rate_limit_per_minute)
    hour = RateLimitItemPerHour(settings.rate_limit_per_hour)
    policy = f'"minute";q={minute.amount};w=60, "hour";q={hour.amount};w=3600'

    @app.before_request
    def count() -> Response | None:
        caller = _caller()
        if caller is None:
            return None
        g.standing = standing = counter.count(minute, caller)
        if not standing.is_over:
            standing = counter.count(hour, caller)
        if standing.is_over:
            return _refused(max(1, int(standing.ends_at - time.time()) + 1))
        return None

    @app.after_request
    def advertise(response: Response) -> Response:
        standing = g.get("standing")
        if standing is None:
            caller = _caller()
            if caller is None:
                return response
            # A request refused for its shape is not counted, but it is told.
            standing = counter.count(minute, caller, amount=0)
        seconds = max(0, int(standing.ends_at - time.time()))
        response.headers["RateLimit-Policy"] = policy
        response.headers["RateLimit"] = f'"minute";r={standing.left};t={seconds}'
        return response
