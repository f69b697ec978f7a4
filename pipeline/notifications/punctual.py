"""A conversation with a mail server that ends when it is to end, however the server drags it out.

smtplib waits so long for each piece of an answer, not for the answer: a server that sends one byte now and then would
hold it for hours, and the mail of everybody behind it.
"""

import io
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any


class PunctualSmtp(smtplib.SMTP):
    """SMTP in which each answer has `timeout` seconds, and everything together until `ends_at` (monotonic seconds)."""

    timeout: float

    def __init__(self, host: str, port: int, *, timeout: float, ends_at: float, **more: Any) -> None:
        self.patience, self.ends_at = timeout, ends_at
        self._answer_ends_at = 0.0
        super().__init__(host, port, timeout=timeout, **more)

    def getreply(self) -> tuple[int, bytes]:
        """The next answer. Raises SMTPServerDisconnected where it is late."""
        self._answer_ends_at = min(self.ends_at, time.monotonic() + self.patience)
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Answers(self.sock, self._left))
        return super().getreply()

    def send(self, s: Any) -> None:
        """Say something. Raises SMTPServerDisconnected where the server does not listen in time."""
        self._answer_ends_at = min(self.ends_at, time.monotonic() + self.patience)
        if self.sock is not None:
            self.sock.settimeout(self._left())
        super().send(s)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the message itself over. Whether the server took it is worth waiting for as long as there is time: who
        goes away before the answer sends it a second time (RFC 5321, section 4.5.3.2.6)."""
        usual, self.patience = self.patience, self.ends_at - time.monotonic()
        try:
            return super().data(msg)
        finally:
            self.patience = usual

    def _left(self) -> float:
        left = self._answer_ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class PunctualSmtpSsl(PunctualSmtp, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""

    def __init__(self, host: str, port: int, *, timeout: float, ends_at: float, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, ends_at=ends_at, context=context)


class _Answers(io.RawIOBase):
    """What a server says, each piece waited for no longer than there is time left."""

    def __init__(self, connection: socket.socket, left: Callable[[], float]) -> None:
        self._connection, self._left = connection, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._left())
        return self._connection.recv_into(buffer)
