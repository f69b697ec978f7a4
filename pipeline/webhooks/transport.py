"""How a message reaches its receiver: one POST to an address whose name leads to public addresses alone.

The name is looked up once. If any address it leads to is not public, nothing is connected to; otherwise the connection
goes to one of the addresses that were looked at, and TLS speaks for the name. No proxy, no environment, no redirect, no
connection kept, and of the answer nothing but its status and Retry-After: the body is not read at all. After fifteen
seconds, whatever is under way ends, a handshake that drips included.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from ssl import SSLContext, SSLError
from typing import Any

import httpcore
import httpx

from pipeline.webhooks.addresses import THIS_MACHINE, Target, is_public
from pipeline.webhooks.rules import TIMEOUT_SECONDS, Answered, Failure, outcome_of

MOST_TRIED = 3
"""Addresses of one name that are tried, one after the other."""

OUR_HEADERS = (("accept", "*/*"), ("content-type", "application/json"), ("connection", "close"))

Resolve = Callable[[str, int], list[str]]


class NotPublic(Exception):
    """The name leads nowhere, or somewhere that is not public."""


def resolve(host: str, port: int) -> list[str]:
    """Every address a name leads to. The dot at its end keeps the machine's own search domains out of it."""
    found = socket.getaddrinfo(f"{host}.", port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Watch:
    """Ends what is under way on a connection when the time is over, whichever step it is at."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds
        self.is_over = False
        self._twins: list[socket.socket] = []
        self._turn = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._turn:
            for twin in self._twins:
                twin.close()
            self._twins.clear()

    @property
    def left(self) -> float:
        """Seconds that are left; never nothing, which would mean for ever."""
        return max(self.ends_at - time.monotonic(), 0.001)

    def over(self, connected: socket.socket) -> None:
        """Watch a connected socket, by a second handle on it: TLS takes the first one over."""
        with self._turn:
            self._twins.append(connected.dup())
            if self.is_over:
                self._shut()

    def _end(self) -> None:
        with self._turn:
            self.is_over = True
            self._shut()

    def _shut(self) -> None:
        for twin in self._twins:
            with suppress(OSError):
                twin.shutdown(socket.SHUT_RDWR)


class PublicOnly(httpcore.NetworkBackend):
    """Connects to public addresses alone, and to this machine where `target` says that it is meant."""

    def __init__(self, target: Target, watch: Watch, resolve: Resolve, inner: httpcore.NetworkBackend) -> None:
        self.target, self.watch, self.resolve, self.inner = target, watch, resolve, inner

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Look the name up, judge every address, and connect to one that was judged. Raises NotPublic."""
        addresses = self._judged(host, port)
        for number, address in enumerate(addresses, 1):
            try:
                stream = self.inner.connect_tcp(address, port, timeout=self.watch.left)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
                continue
            connected = stream.get_extra_info("socket")
            if connected is not None:
                self.watch.over(connected)
            return stream
        raise NotPublic(host)

    def _judged(self, host: str, port: int) -> list[str]:
        if self.target.is_this_machine:
            return [THIS_MACHINE[self.target.host]]
        try:
            found = self.resolve(self.target.host, port)
        except (OSError, UnicodeError):
            raise NotPublic(host) from None
        if not found or not all(is_public(address) for address in found):
            raise NotPublic(host)
        return found[:MOST_TRIED]

    def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:
        """Never: a receiver is on the network."""
        raise NotPublic(path)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@lru_cache(maxsize=1)
def _certificates() -> SSLContext:
    """Whose certificates are believed: those httpx carries, whatever the environment says."""
    return httpx.create_ssl_context(trust_env=False)


def post(
    target: Target,
    headers: dict[str, str],
    body: bytes,
    *,
    seconds: float = TIMEOUT_SECONDS,
    resolve: Resolve = resolve,
    inner: httpcore.NetworkBackend | None = None,
    certificates: SSLContext | None = None,
) -> Answered:
    """Send a message and return what came of it. Never raises for anything a receiver does."""
    started = time.monotonic()
    with Watch(seconds) as watch:
        backend = PublicOnly(target, watch, resolve, inner or httpcore.SyncBackend())
        try:
            status, retry_after = _asked(target, headers, body, backend, certificates or _certificates())
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError, NotPublic) as error:
            return Answered(failure=_failure(error, watch), took_ms=_since(started))
    return outcome_of(status, retry_after, _since(started))


def _asked(
    target: Target, headers: Mapping[str, str], body: bytes, backend: PublicOnly, certificates: SSLContext
) -> tuple[int, str | None]:
    with httpcore.ConnectionPool(
        ssl_context=certificates, network_backend=backend, max_connections=1, max_keepalive_connections=0, retries=0
    ) as pool:
        left = backend.watch.left
        limits = {"timeout": {"connect": left, "read": left, "write": left, "pool": left}}
        asked: list[tuple[bytes | str, bytes | str]] = [*OUR_HEADERS, *headers.items()]
        with pool.stream("POST", target.url, headers=asked, content=body, extensions=limits) as response:
            found = {name.lower(): value for name, value in response.headers}
            return response.status, found.get(b"retry-after", b"").decode("latin-1") or None


def _failure(error: Exception, watch: Watch) -> Failure:
    if watch.is_over or isinstance(error, httpcore.TimeoutException):
        return Failure.TIMED_OUT
    if isinstance(error, NotPublic | httpcore.ConnectError | SSLError):
        return Failure.UNREACHABLE
    return Failure.BROKEN_OFF


def _since(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
