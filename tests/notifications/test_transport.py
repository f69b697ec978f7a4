"""How mail leaves: tried against a real SMTP server on this machine, and against servers that fail in each way."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope

from pipeline.notifications import transport
from pipeline.notifications.transport import (
    BadMailUrl,
    FolderMailer,
    MemoryMailer,
    NotSent,
    Refused,
    ServerAway,
    SmtpMailer,
    TryLater,
    mailer_from,
)
from tests.support.certificates import Authority

ADDRESS = "jo@wexcombe.example"


class Catcher:
    """Keeps what arrives, and answers as it is told to."""

    def __init__(self, *, to_address: str = "250 OK", to_data: str = "250 OK", to_sender: str = "250 OK") -> None:
        self.to_address, self.to_data, self.to_sender = to_address, to_data, to_sender
        self.caught: list[Envelope] = []
        self.sessions = 0

    async def handle_EHLO(  # noqa: N802 (the name is the library's)
        self, _server: SMTP, session: Any, _envelope: Envelope, host: str, said: list[str]
    ) -> list[str]:
        session.host_name = host
        self.sessions += 1
        return said

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.to_sender

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802
        if self.to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.to_data.startswith("250"):
            self.caught.append(envelope)
        return self.to_data


@contextmanager
def server(catcher: Catcher, **settings: Any) -> Iterator[int]:
    """An SMTP server with a catcher behind it; gives its port."""
    controller = Controller(catcher, hostname="127.0.0.1", port=free_port(), **settings)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def silent_server(first_words: bytes = b"") -> Iterator[int]:
    """A server that takes connections, says its first words and never another."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            taken.append(connection)
            connection.sendall(first_words)

    threading.Thread(target=take, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for one in taken:
            one.close()


@contextmanager
def hanging_server(*, after: str, dribble: bytes = b"", closes: bool = False) -> Iterator[int]:
    """A server that talks as one should until it has heard a word, and then says no more, or one byte now and then, or
    hangs up."""
    listening = socket.create_server(("127.0.0.1", 0))
    is_over = threading.Event()

    def talk(connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as heard:
            connection.sendall(b"220 here I am\r\n")
            is_data = False
            for line in heard:
                word = line.strip().decode()
                if word.startswith(after):
                    break
                is_data = word == "data" or (is_data and word != ".")
                if not is_data or word == "data":
                    connection.sendall(b"354 go on\r\n" if is_data else b"250 OK\r\n")
            while not closes and not is_over.wait(0.05):
                connection.sendall(dribble)

    def take() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=without_fault, args=(talk, connection), daemon=True).start()

    threading.Thread(target=take, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        is_over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def without_fault(talk: Any, connection: socket.socket) -> None:
    """Talk until the other side has gone."""
    with suppress(OSError):
        talk(connection)


def message(subject: str = "An offer") -> EmailMessage:
    """A message as the outbox writes them."""
    email = EmailMessage(policy=policy.SMTP)
    email["From"] = "Pipeline <noreply@pipeline.example>"
    email["To"] = ADDRESS
    email["Subject"] = subject
    email["Message-ID"] = "<0192-1@pipeline.example>"
    email.set_content("Ŵyth o'r gloch\n", cte="quoted-printable")
    return email


def mailer(port: int, **settings: Any) -> SmtpMailer:
    """A mailer for a server on this machine, with little patience."""
    return SmtpMailer("127.0.0.1", port, timeout=2.0, **settings)


def fails_with(port: int) -> NotSent:
    """How sending to a server fails."""
    one = mailer(port)
    one.timeout = 0.5
    with pytest.raises(NotSent) as raised:
        one.send(message(), ADDRESS)
    one.close()
    return raised.value


def test_a_message_arrives_whole() -> None:
    catcher = Catcher()
    with server(catcher) as port:
        one = mailer(port)
        one.send(message("Cynnig gan Gyngor Sir Glan Aur: ŵ"), ADDRESS)
        one.close()
    envelope = catcher.caught[0]
    arrived = message_from_bytes(envelope.content, policy=policy.default)  # type: ignore[arg-type]
    assert envelope.mail_from == "noreply@pipeline.example"
    assert envelope.rcpt_tos == [ADDRESS]
    assert arrived["Subject"] == "Cynnig gan Gyngor Sir Glan Aur: ŵ"
    assert arrived["Message-ID"] == "<0192-1@pipeline.example>"
    assert "Ŵyth o'r gloch" in arrived.get_content()


def test_one_connection_serves_several_messages() -> None:
    catcher = Catcher()
    with server(catcher) as port:
        one = mailer(port)
        for _ in range(5):
            one.send(message(), ADDRESS)
        one.close()
    assert (len(catcher.caught), catcher.sessions) == (5, 1)


def test_a_connection_the_server_closed_meanwhile_is_opened_again() -> None:
    catcher = Catcher()
    with server(catcher) as port:
        one = mailer(port)
        one.send(message(), ADDRESS)
        assert one._connection is not None
        one._connection.close()
        one.send(message(), ADDRESS)
        one.close()
    assert (len(catcher.caught), catcher.sessions) == (2, 2)


def test_an_address_the_server_refuses_is_given_up() -> None:
    with server(Catcher(to_address=f"550 No mailbox here by the name of {ADDRESS}")) as port:
        problem = fails_with(port)
    assert isinstance(problem, Refused)
    assert "550" in str(problem)
    assert ADDRESS not in str(problem)


def test_a_message_the_server_refuses_is_given_up() -> None:
    with server(Catcher(to_data="554 Not wanted")) as port:
        assert isinstance(fails_with(port), Refused)


@pytest.mark.parametrize("where", ["to_address", "to_data"])
def test_a_passing_fault_is_tried_again(where: str) -> None:
    with server(Catcher(**{where: "451 Later, please"})) as port:
        assert isinstance(fails_with(port), TryLater)


@pytest.mark.parametrize("where", ["to_sender", "to_address", "to_data"])
def test_a_server_that_closes_its_doors_is_away_and_the_message_loses_no_try(where: str) -> None:
    with server(Catcher(**{where: "421 Too busy, closing"})) as port:
        assert isinstance(fails_with(port), ServerAway)


def test_after_a_refusal_the_next_message_leaves() -> None:
    catcher = Catcher(to_address="550 No such mailbox")
    with server(catcher) as port:
        one = mailer(port)
        with pytest.raises(Refused):
            one.send(message(), ADDRESS)
        catcher.to_address = "250 OK"
        one.send(message(), ADDRESS)
        one.close()
    assert len(catcher.caught) == 1


def test_a_server_that_does_not_take_our_sender_is_as_good_as_away() -> None:
    with server(Catcher(to_sender="553 Not from you")) as port:
        assert isinstance(fails_with(port), ServerAway)


def test_nobody_at_the_port_is_a_server_away() -> None:
    assert isinstance(fails_with(free_port()), ServerAway)


def test_a_server_that_never_greets_is_away() -> None:
    with silent_server() as port:
        assert isinstance(fails_with(port), ServerAway)


def test_a_server_that_falls_silent_after_its_greeting_is_away() -> None:
    with silent_server(b"220 here I am\r\n") as port:
        assert isinstance(fails_with(port), ServerAway)


@pytest.mark.parametrize("after", ["mail FROM", "rcpt TO", "data", "A line", "."])
@pytest.mark.parametrize("how", [{}, {"dribble": b"2"}, {"closes": True}], ids=["silent", "trickling", "gone"])
def test_a_server_that_stops_in_the_middle_of_a_message_holds_it_no_longer_than_a_message_may_take(
    after: str, how: dict[str, Any]
) -> None:
    email = message()
    email.set_content("A line\n")
    with hanging_server(after=after, **how) as port:
        one = mailer(port, message_timeout=0.8)
        one.timeout = 0.4
        began = time.monotonic()
        with pytest.raises(TryLater):
            one.send(email, ADDRESS)
        assert time.monotonic() - began < 2
        assert one._connection is None


def test_a_server_that_trickles_before_any_message_is_away() -> None:
    with hanging_server(after="ehlo", dribble=b"2") as port, pytest.raises(ServerAway):
        mailer(port, message_timeout=0.8).send(message(), ADDRESS)


def test_whether_the_server_took_a_message_is_waited_for_longer_than_any_other_answer() -> None:
    class Slow(Catcher):
        async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:  # noqa: N802
            await asyncio.sleep(0.6)
            return await super().handle_DATA(server, session, envelope)

    catcher = Slow()
    with server(catcher) as port:
        one = mailer(port, message_timeout=5.0)
        one.timeout = 0.3
        one.send(message(), ADDRESS)
        one.send(message(), ADDRESS)
        one.close()
    assert len(catcher.caught) == 2


def test_a_message_too_large_for_the_server_is_given_up_and_holds_up_no_other() -> None:
    catcher = Catcher()
    with server(catcher, data_size_limit=2_000) as port:
        one = mailer(port)
        email = message()
        email.set_content("too much " * 500)
        with pytest.raises(Refused, match="552"):
            one.send(email, ADDRESS)
        one.send(message(), ADDRESS)
        one.close()
    assert len(catcher.caught) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_password_the_server_refuses_is_a_server_away_and_the_password_is_not_told() -> None:
    settings = {
        "auth_required": True,
        "auth_require_tls": False,
        "authenticator": lambda *_: AuthResult(success=False, handled=False),
    }
    with server(Catcher(), **settings) as port:
        one = mailer(port, user="pipeline", password="open sesame")
        with pytest.raises(ServerAway) as raised:
            one.send(message(), ADDRESS)
    assert "open sesame" not in str(raised.value)
    assert "open sesame" not in repr(one)


def test_off_this_machine_nothing_is_said_without_encryption(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LOOPBACK", ())
    catcher = Catcher()
    with server(catcher) as port:
        one = mailer(port, user="pipeline", password="open sesame")
        with pytest.raises(ServerAway, match="STARTTLS"):
            one.send(message(), ADDRESS)
    assert catcher.caught == []


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody who vouches for servers."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.mark.parametrize("way", ["starttls", "tls from the start"])
@pytest.mark.parametrize(
    "name, vouched, problem",
    [
        ("localhost", True, None),
        ("localhost", False, "self-signed certificate"),
        ("mail.elsewhere.example", True, "Hostname mismatch"),
    ],
)
def test_off_this_machine_only_a_server_whose_certificate_is_good_is_spoken_to(
    authority: Authority, monkeypatch: pytest.MonkeyPatch, way: str, name: str, vouched: bool, problem: str | None
) -> None:
    monkeypatch.setattr(transport, "LOOPBACK", ())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.certificate))
    context, catcher = authority.server_context(name, is_vouched_for=vouched), Catcher()
    is_tls_from_start = way != "starttls"
    settings = {"ssl_context": context} if is_tls_from_start else {"tls_context": context, "require_starttls": True}
    with server(catcher, **settings) as port:
        one = SmtpMailer("localhost", port, timeout=2.0, is_tls_from_start=is_tls_from_start)
        if problem is None:
            one.send(message(), ADDRESS)
        else:
            with pytest.raises(ServerAway, match=problem):
                one.send(message(), ADDRESS)
        one.close()
    assert len(catcher.caught) == (0 if problem else 1)


def test_an_address_with_a_line_in_it_never_reaches_the_server() -> None:
    catcher = Catcher()
    with server(catcher) as port:
        one = mailer(port)
        with pytest.raises(Refused):
            one.send(message(), "jo@wexcombe.example>\r\nRCPT TO:<all@wexcombe.example")
        one.close()
    assert catcher.caught == []


# A folder


def test_a_folder_holds_each_message_once(tmp_path: Path) -> None:
    one = FolderMailer(tmp_path / "mail")
    one.send(message("first"), ADDRESS)
    one.send(message("again"), ADDRESS)
    files = list((tmp_path / "mail").iterdir())
    assert [file.name for file in files] == ["0192-1.eml"]
    assert message_from_bytes(files[0].read_bytes(), policy=policy.default)["Subject"] == "again"


def test_a_folder_that_cannot_be_written_is_a_server_away(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file stands where the folder should")
    with pytest.raises(ServerAway):
        FolderMailer(tmp_path / "mail").send(message(), ADDRESS)


# MAIL_URL


def test_mail_url_names_the_way_out() -> None:
    assert mailer_from("smtp://mail.example") == SmtpMailer("mail.example", 587)
    assert mailer_from("smtps://mail.example") == SmtpMailer("mail.example", 465, is_tls_from_start=True)
    assert mailer_from("smtp://us%40er:p%2Fw@mail.example:25") == SmtpMailer("mail.example", 25, "us@er", "p/w")
    assert mailer_from("file:/var/mail%20box") == FolderMailer(Path("/var/mail box"))
    assert mailer_from("file:///var/mail") == FolderMailer(Path("/var/mail"))
    assert mailer_from("memory:") == MemoryMailer()


@pytest.mark.parametrize(
    "url",
    ["mail.example", "smtp://", "http://mail.example", "smtp://mail:port", "file:", "file://host/x", "smtp://[::1"],
)
def test_a_mail_url_that_names_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(BadMailUrl, match="MAIL_URL"):
        mailer_from(url)
