"""A message goes to public addresses alone, and whatever its receiver does, it is over in time."""

import shutil
import ssl
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import httpcore
import pytest

from pipeline.webhooks.addresses import target_of
from pipeline.webhooks.rules import Answered, Failure
from pipeline.webhooks.transport import MOST_TRIED, post
from tests.webhooks import receivers
from tests.webhooks.hostile import HOSTILE_ADDRESSES
from tests.webhooks.receivers import Answer, receiver

pytestmark = pytest.mark.pure

PUBLIC = "93.184.215.14"
URL = "https://hooks.example.org/hook"


class Counting(httpcore.NetworkBackend):
    """Connects to nothing and counts what it was asked to connect to, or answers as a receiver would."""

    def __init__(self, answer: bytes | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self.answer = answer

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Note it."""
        self.asked.append((host, port))
        if self.answer is None:
            raise httpcore.ConnectError("nobody there")
        return Played(self.answer)


class Played(httpcore.NetworkStream):
    """A connection that answers what it was given, over what it takes for TLS."""

    names: list[str | None] = []  # noqa: RUF012

    def __init__(self, answer: bytes) -> None:
        self.answer = [answer]

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The answer, once."""
        return self.answer.pop() if self.answer else b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take it."""

    def close(self) -> None:
        """Nothing to close."""

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Note for whom TLS speaks."""
        self.names.append(server_hostname)
        return self

    def get_extra_info(self, info: str) -> Any:
        """Nothing is known of it."""
        return None


def send(backend: Counting, *found: str, url: str = URL) -> Answered:
    """Send to a public name that leads to these addresses."""
    return post(target_of(url), {}, b"{}", resolve=lambda _host, _port: list(found), inner=backend)


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
@pytest.mark.parametrize("beside", ["alone", "after a public one", "before a public one"])
def test_a_name_that_leads_to_a_hostile_address_is_not_connected_to(address: str, beside: str) -> None:
    backend = Counting()
    found = {"alone": (address,), "after a public one": (PUBLIC, address), "before a public one": (address, PUBLIC)}

    answered = send(backend, *found[beside])

    assert answered.failure is Failure.UNREACHABLE
    assert backend.asked == []


def test_a_name_that_leads_nowhere_is_not_connected_to() -> None:
    def fail(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    backend = Counting()
    assert send(backend).failure is Failure.UNREACHABLE
    assert post(target_of(URL), {}, b"{}", resolve=fail, inner=backend).failure is Failure.UNREACHABLE
    assert backend.asked == []


def test_a_name_is_looked_up_once_so_that_what_was_judged_is_what_is_called() -> None:
    """A name server that says a public address first and this machine next gains nothing."""
    lookups: list[str] = []

    def turning(host: str, _port: int) -> list[str]:
        lookups.append(host)
        return [PUBLIC] if len(lookups) == 1 else ["127.0.0.1"]

    backend = Counting(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert post(target_of(URL), {}, b"{}", resolve=turning, inner=backend).is_success
    assert (lookups, backend.asked) == (["hooks.example.org"], [(PUBLIC, 443)])
    assert post(target_of(URL), {}, b"{}", resolve=turning, inner=backend).failure is Failure.UNREACHABLE
    assert len(backend.asked) == 1


def test_tls_speaks_for_the_name_and_not_for_the_address() -> None:
    Played.names.clear()

    assert send(Counting(b"HTTP/1.1 204 No Content\r\n\r\n"), PUBLIC).is_success
    assert Played.names == ["hooks.example.org"]


def test_a_few_addresses_of_a_name_are_tried_and_no_more() -> None:
    backend = Counting()

    assert send(backend, *(f"93.184.215.{n}" for n in range(1, 9))).failure is Failure.UNREACHABLE
    assert len(backend.asked) == MOST_TRIED


@pytest.mark.parametrize("location", ["http://127.0.0.1/", "https://hooks.example.org/other", "//127.0.0.1", "/x"])
def test_a_redirect_is_a_failure_and_is_not_followed(location: str) -> None:
    backend = Counting(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode())

    answered = send(backend, PUBLIC)

    assert (answered.status, answered.failure) == (302, Failure.REDIRECTED)
    assert len(backend.asked) == 1


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent")
    backend = Counting(b"HTTP/1.1 200 OK\r\n\r\n")

    assert send(backend, PUBLIC).is_success
    assert backend.asked == [(PUBLIC, 443)]


# --- A real receiver on this machine -----------------------------------------------------------------------------


def send_here(url: str, seconds: float = 5.0) -> Answered:
    return post(target_of(url, to_this_machine=True), {"webhook-id": "1"}, b'{"a": 1}', seconds=seconds)


def test_a_message_arrives_as_it_was_sent() -> None:
    with receiver() as there:
        answered = send_here(there.url)

    assert answered == Answered(204, None, None, answered.took_ms)
    (taken,) = there.taken
    assert (taken.path, taken.body) == ("/hook", b'{"a": 1}')
    assert taken.headers["content-type"] == "application/json"
    assert taken.headers["webhook-id"] == "1"


@pytest.mark.parametrize(
    "answer, wanted",
    [
        (receivers.with_status("500 Oh"), (500, Failure.REFUSED, "")),
        (receivers.with_status("302 Found", "Location: http://127.0.0.1/"), (302, Failure.REDIRECTED, "")),
        (receivers.with_status("410 Gone"), (410, Failure.GONE, "")),
        (receivers.with_status("429 Slow", "Retry-After: 120"), (429, Failure.REFUSED, "120")),
        (receivers.reset, (None, Failure.BROKEN_OFF, "")),
        (receivers.nonsense, (None, Failure.BROKEN_OFF, "")),
        (receivers.huge_headers, (None, Failure.BROKEN_OFF, "")),
        (receivers.huge_body, (200, None, "")),
    ],
    ids=("500", "302", "410", "429", "reset", "nonsense", "huge headers", "huge body"),
)
def test_every_other_answer_is_what_it_is(
    answer: Answer, wanted: tuple[int | None, Failure | None, str | None]
) -> None:
    with receiver(answer) as there:
        answered = send_here(there.url)

    assert (answered.status, answered.failure, answered.retry_after or "") == wanted


@pytest.mark.parametrize("answer", [receivers.hang, receivers.drip, receivers.only_interim])
def test_a_receiver_that_takes_its_time_is_left_when_the_time_is_over(answer: Answer) -> None:
    with receiver(answer) as there:
        started = time.monotonic()
        answered = send_here(there.url, seconds=0.5)

    assert answered.failure is Failure.TIMED_OUT
    assert time.monotonic() - started < 3


def test_a_handshake_that_drips_is_left_when_the_time_is_over() -> None:
    with receiver(receivers.drip_handshake, is_silent=True) as there:
        started = time.monotonic()
        answered = post(
            target_of(URL), {}, b"{}", seconds=0.5, resolve=lambda _host, _port: [PUBLIC], inner=Here(there.port)
        )

    assert answered.failure is Failure.TIMED_OUT
    assert time.monotonic() - started < 3


def test_where_nobody_listens_nobody_is_reached() -> None:
    with receiver() as there:
        url = there.url
    assert send_here(url).failure is Failure.UNREACHABLE


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no program to make a certificate with")
@pytest.mark.parametrize("url, is_reached", [("https://evil.example/", True), (URL, False)])
def test_a_certificate_for_another_name_is_not_believed(tmp_path: Path, url: str, is_reached: bool) -> None:
    """The address is public and trusted, and whoever answers can show that they are `evil.example` alone."""
    certificate, key = self_signed(tmp_path, "evil.example")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    trusting = ssl.create_default_context(cafile=str(certificate))

    with receiver(tls=server) as there:
        answered = post(
            target_of(url), {}, b"{}", resolve=lambda _host, _port: [PUBLIC], inner=Here(there.port),
            certificates=trusting,
        )  # fmt: skip

    assert answered.is_success is is_reached
    assert answered.failure is (None if is_reached else Failure.UNREACHABLE)
    assert len(there.taken) == is_reached


class Here(httpcore.SyncBackend):
    """Takes every address for a receiver on this machine, so that TLS can be tried against it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        """Connect to the receiver."""
        return super().connect_tcp("127.0.0.1", self.port, timeout)


def self_signed(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name and its key, made now."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", key, "-out", certificate,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key
