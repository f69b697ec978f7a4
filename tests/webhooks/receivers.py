"""A little receiver of webhooks on this machine, which answers well or in every way that is not well."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, threading.Event], None]


@dataclass
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Where it listens, what it has taken, and how it answers: that can be changed while it runs."""

    port: int
    answer: Answer
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


def with_status(line: str, *headers: str) -> Answer:
    """Answer with a status and headers, and no body."""

    def answer(connection: socket.socket, _over: threading.Event) -> None:
        text = "\r\n".join([f"HTTP/1.1 {line}", "Content-Length: 0", *headers, "", ""])
        connection.sendall(text.encode())

    return answer


def hang(_connection: socket.socket, over: threading.Event) -> None:
    """Take the message and say nothing."""
    over.wait(30)


def reset(connection: socket.socket, _over: threading.Event) -> None:
    """Break off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def nonsense(connection: socket.socket, _over: threading.Event) -> None:
    """Answer with what is no HTTP."""
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def huge_body(connection: socket.socket, over: threading.Event) -> None:
    """Take the message, and send a body without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
    while not over.is_set():
        connection.sendall(b"x" * 65_536)


def huge_headers(connection: socket.socket, over: threading.Event) -> None:
    """Send headers without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not over.is_set():
        connection.sendall(b"X-Header: " + b"x" * 65_536 + b"\r\n")


def drip(connection: socket.socket, over: threading.Event) -> None:
    """Send headers one byte at a time, and never the last."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
        if over.wait(0.02):
            return
        connection.sendall(bytes([byte]))


def only_interim(connection: socket.socket, over: threading.Event) -> None:
    """Say again and again that an answer will come."""
    while not over.wait(0.02):
        connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")


def drip_handshake(connection: socket.socket, over: threading.Event) -> None:
    """Begin TLS, and send a long record one byte at a time."""
    for byte in b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb" + b"x" * 10_000:
        if over.wait(0.02):
            return
        connection.sendall(bytes([byte]))


@contextmanager
def receiver(
    answer: Answer | None = None, *, tls: ssl.SSLContext | None = None, is_silent: bool = False
) -> Iterator[Receiver]:
    """Listen on this machine for as long as the block lasts, with `tls` if it is given. One that `is_silent` answers
    before it has read anything."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    made = Receiver(listening.getsockname()[1], answer or with_status("204 No Content"))

    def listen() -> None:
        while not made.over.is_set():
            with suppress(OSError):
                connection, _address = listening.accept()
                made.connections += 1
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), connection, _over(connection, tls) as spoken_to:
            if not is_silent:
                made.taken.append(_read(spoken_to))
            made.answer(spoken_to, made.over)

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield made
    finally:
        made.over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _over(connection: socket.socket, tls: ssl.SSLContext | None) -> AbstractContextManager[socket.socket]:
    return tls.wrap_socket(connection, server_side=True) if tls else nullcontext(connection)


def _read(connection: socket.socket) -> Taken:
    connection.settimeout(10)
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, _blank, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers["content-length"]):
        body += _more(connection)
    return Taken(first.split(" ")[1], headers, body)


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise OSError("nobody is there any more")
    return data


def wait_until(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for something that another thread does."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.01)
