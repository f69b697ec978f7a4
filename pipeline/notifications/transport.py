"""How an e-mail leaves: by SMTP, by GOV.UK Notify, into a folder, or nowhere but memory. Chosen by MAIL_URL.

Three things can go wrong and each asks for something else. The address or the message is refused for good: give up. The
server is there and cannot take this message now: try this one again later. The server is away: no message can leave, so
all wait and none loses a try.
"""

import os
import re
import smtplib
import ssl
import time
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from config import LOOPBACK
from pipeline.notifications.punctual import PunctualSmtp, PunctualSmtpSsl

PLAIN_ADDRESS = re.compile(r"[^\s<>,;:@\x00-\x1f\x7f]+@[^\s<>,;:@\x00-\x1f\x7f]+")
"""What may be handed to a mail server as an address: nothing that could end its line or name a second one."""

TIMEOUT = 10.0
"""Seconds the mail server has for each of its answers."""

MESSAGE_TIMEOUT = 40.0
"""Seconds it has for a whole message: one that trickles byte by byte is late with no single answer."""


TOO_LARGE = 552
"""What is said of the sender's line where the size it names is too much (RFC 1870): about this message alone."""


CLOSING = 421
"""What a server may say to anything where it takes no more mail for now (RFC 5321, section 3.8)."""


class NotSent(Exception):
    """The message did not leave. The words are for the operator and hold no address."""


class Refused(NotSent):
    """The address, or the message itself, is refused for good."""


class AddressRefused(Refused):
    """The address is refused for good, whatever is sent to it."""


class TryLater(NotSent):
    """The server cannot take this message now."""


class ServerAway(NotSent):
    """The mail server cannot be reached, or lets nobody in: no message can leave."""


class BadMailUrl(Exception):
    """MAIL_URL is not an address that mail can leave by."""


class Mailer(Protocol):
    """Something that takes messages. It may keep a connection open between them until it is closed."""

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand over a message for one address. Raises Refused, TryLater or ServerAway."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


@dataclass(slots=True)
class SmtpMailer:
    """Hands messages to a mail server, which takes them further.

    Off this machine the connection is always encrypted and the server's certificate checked: `smtps://` from the first
    byte, `smtp://` by STARTTLS. A server on this machine itself may do without.
    """

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    is_tls_from_start: bool = False
    timeout: float = TIMEOUT
    message_timeout: float = MESSAGE_TIMEOUT
    _connection: PunctualSmtp | None = field(default=None, repr=False)

    def send(self, message: EmailMessage, address: str) -> None:
        if not PLAIN_ADDRESS.fullmatch(address):
            raise Refused("the address holds what no address holds")
        sender = message["From"].addresses[0].addr_spec
        ends_at = time.monotonic() + self.message_timeout
        connection = self._connect(ends_at)
        try:
            connection.send_message(message, from_addr=sender, to_addrs=[address])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[address]
            raise _by_code(code, said, address, AddressRefused) from error
        except smtplib.SMTPDataError as error:
            raise _by_code(error.smtp_code, error.smtp_error, address) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            raise Refused("the mail server cannot take an address of this form") from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code == TOO_LARGE:
                raise Refused("the mail server said 552: the message is too large") from error
            self.close()
            raise ServerAway(f"the mail server does not take mail from MAIL_FROM: {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            # The server went silent or away in the middle. It may be this one message that it cannot bear.
            self.close()
            raise TryLater(_without(f"{type(error).__name__}: {error}", address)) from error

    def _connect(self, ends_at: float) -> PunctualSmtp:
        if self._connection is not None and self._is_alive(self._connection, ends_at):
            return self._connection
        self.close()
        try:
            self._connection = self._open(ends_at)
        except (smtplib.SMTPException, OSError) as error:
            raise ServerAway(f"{type(error).__name__}: {error}") from error
        return self._connection

    @staticmethod
    def _is_alive(connection: PunctualSmtp, ends_at: float) -> bool:
        connection.ends_at = ends_at
        try:
            return connection.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _open(self, ends_at: float) -> PunctualSmtp:
        context = ssl.create_default_context()
        if self.is_tls_from_start:
            connection: PunctualSmtp = PunctualSmtpSsl(
                self.host, self.port, timeout=self.timeout, ends_at=ends_at, context=context
            )
        else:
            connection = PunctualSmtp(self.host, self.port, timeout=self.timeout, ends_at=ends_at)
        try:
            connection.ehlo_or_helo_if_needed()
            if not self.is_tls_from_start and self.host not in LOOPBACK:
                connection.starttls(context=context)
            if self.user is not None:
                connection.login(self.user, self.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Not QUIT: it would wait for an answer, and what was handed over was acknowledged already.
            connection.close()


@dataclass(frozen=True, slots=True)
class FolderMailer:
    """Writes each message to a file of its own, named by its Message-ID: the same message twice is one file."""

    folder: Path

    def send(self, message: EmailMessage, address: str) -> None:
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder / f".{name}.{os.getpid()}"
            unfinished.write_bytes(message.as_bytes())
            unfinished.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise ServerAway(f"the folder for mail cannot be written: {error.strerror}") from error

    def close(self) -> None:
        pass


@dataclass(slots=True)
class MemoryMailer:
    """Keeps messages in a list, for tests."""

    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)

    def send(self, message: EmailMessage, address: str) -> None:
        self.sent.append((address, message))

    def close(self) -> None:
        pass


def mailer_from(mail_url: str) -> Mailer:
    """The way out that MAIL_URL names. Raises BadMailUrl, with words for the operator."""
    try:
        parts = urlsplit(mail_url)
        port = parts.port
    except ValueError:
        raise BadMailUrl("MAIL_URL cannot be read.") from None
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return _smtp_mailer(parts, port)
    if parts.scheme == "notify":
        # Only needed where it is used, and slow to import.
        from pipeline.notifications.notify import notify_mailer

        host, key = parts.hostname or "", unquote(parts.password or parts.username or "")
        return notify_mailer(host, port, key, parts.path.strip("/"), is_own_machine=host in LOOPBACK)
    if parts.scheme == "file" and parts.path and not parts.netloc:
        return FolderMailer(Path(unquote(parts.path)))
    if parts.scheme == "memory":
        return MemoryMailer()
    raise BadMailUrl(
        "MAIL_URL must begin with smtp://, smtps://, notify:// or file:/ and name a host, a key or a folder."
    )


def _smtp_mailer(parts: SplitResult, port: int | None) -> SmtpMailer:
    is_tls_from_start = parts.scheme == "smtps"
    return SmtpMailer(
        host=parts.hostname or "",
        port=port or (465 if is_tls_from_start else 587),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        is_tls_from_start=is_tls_from_start,
    )


def _by_code(code: int, said: bytes | str, address: str, refused: type[Refused] = Refused) -> NotSent:
    """What an answer of the server means: 5xx is for good, all else may pass (RFC 5321, section 4.2.1). With 421 it
    closes its doors, which is nothing that this message did."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    told = f"the mail server said {code} {_without(words, address)}"
    if code == CLOSING:
        return ServerAway(told)
    return refused(told) if 500 <= code < 600 else TryLater(told)


def _without(words: str, address: str) -> str:
    """What a server said, without the address: it goes where addresses may not."""
    return words.replace(address, "…")
