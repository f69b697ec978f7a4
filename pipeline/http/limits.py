"""How often an address or a token may ask the API, by the library `limits`, counted in each process.

Every answer under /api says how the caller stands (`RateLimit-Policy`, `RateLimit`); past the limit it is 429.
"""

import threading
import time

from flask import Flask, Response, request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from config import Settings
from pipeline.http.identity import current_bearer

SWEEP_EVERY = 60.0
"""Seconds between two sweeps of the counts whose window has ended."""


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


def _caller() -> str:
    """Who is counted. Colleagues share an address: a token is counted by itself."""
    bearer = current_bearer()
    return request.remote_addr or "" if bearer is None else f"token {bearer.token_id}"


def prepare_limits(app: Flask, settings: Settings) -> None:
    """Count requests to the API by the caller's token, and without one that works by the caller's address."""
    limiter = FixedWindowRateLimiter(CountsOfThisProcess())
    minute = RateLimitItemPerMinute(settings.rate_limit_per_minute)
    hour = RateLimitItemPerHour(settings.rate_limit_per_hour)
    policy = f'"minute";q={minute.amount};w=60, "hour";q={hour.amount};w=3600'

    @app.before_request
    def count() -> None:
        if not request.path.startswith("/api/"):
            return
        caller = _caller()
        for item in (minute, hour):
            if not limiter.hit(item, caller):
                ends_at = limiter.get_window_stats(item, caller).reset_time
                raise TooManyRequests(retry_after=max(1, int(ends_at - time.time()) + 1))

    @app.after_request
    def advertise(response: Response) -> Response:
        if request.path.startswith("/api/"):
            stats = limiter.get_window_stats(minute, _caller())
            left = max(0, int(stats.reset_time - time.time()))
            response.headers["RateLimit-Policy"] = policy
            response.headers["RateLimit"] = f'"minute";r={stats.remaining};t={left}'
        return response
