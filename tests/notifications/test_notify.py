"""Mail by GOV.UK Notify: tried against a server on this machine that takes what its REST API takes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import jwt
import pytest
from werkzeug import Request, Response

from pipeline.notifications.notify import NotifyMailer
from pipeline.notifications.transport import (
    AddressRefused,
    BadMailUrl,
    NotSent,
    Refused,
    ServerAway,
    TryLater,
    mailer_from,
)
from tests.notifications.test_transport import ADDRESS, free_port, message, silent_server
from tests.support.serving import server_of

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"pipeline_live-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


@dataclass
class Notify:
    """Keeps what is sent, and answers as it is told to."""

    status: int = 201
    error: str = ""
    loses_answers: bool = False
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        self.asked.append(request)
        claims = jwt.decode(request.headers["Authorization"].removeprefix("Bearer "), SECRET, algorithms=["HS256"])
        assert claims["iss"] == SERVICE
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            found = [one for one in self.taken if one["reference"] == request.args["reference"]]
            return Response(json.dumps({"notifications": found}), mimetype="application/json")
        if self.status != 201:
            errors = [{"error": "BadRequestError", "message": self.error}]
            return Response(json.dumps({"errors": errors}), self.status, mimetype="application/json")
        self.taken.append(request.get_json())
        if self.loses_answers:
            raise ConnectionAbortedError
        return Response(json.dumps({"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}), 201, mimetype="application/json")


@contextmanager
def served(notify: Notify) -> Iterator[NotifyMailer]:
    """A mailer, and the server it speaks to."""
    server = server_of(notify)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = mailer(server.server_port)
    try:
        yield one
    finally:
        one.close()
        server.shutdown()
        server.server_close()


def mailer(port: int) -> NotifyMailer:
    one = mailer_from(f"notify://:{KEY}@127.0.0.1:{port}/{TEMPLATE}")
    assert isinstance(one, NotifyMailer)
    one.timeout = 1.0
    return one


def letter() -> EmailMessage:
    """A message with both parts, as the outbox writes them."""
    email = message("Cynnig gan Gyngor Sir Glan Aur: ŵ")
    email.add_alternative("<p>Ŵyth o'r gloch</p>", subtype="html")
    return email


def test_the_subject_and_the_text_go_with_the_message_id_as_reference() -> None:
    notify = Notify()
    with served(notify) as one:
        one.send(letter(), ADDRESS)
    assert notify.taken == [
        {
            "email_address": ADDRESS, "template_id": TEMPLATE, "reference": "0192-1@pipeline.example",
            "personalisation": {"subject": "Cynnig gan Gyngor Sir Glan Aur: ŵ", "body": "Ŵyth o'r gloch\n"},
        }
    ]  # fmt: skip


def test_the_way_to_unsubscribe_goes_along() -> None:
    notify, email = Notify(), letter()
    email["List-Unsubscribe"] = "<mailto:x@y.example>, <https://pipeline.example/unsubscribe/abc>"
    with served(notify) as one:
        one.send(email, ADDRESS)
    assert notify.taken[0]["one_click_unsubscribe_url"] == "https://pipeline.example/unsubscribe/abc"


@pytest.mark.parametrize(
    "status, kind",
    [
        (400, AddressRefused),
        (401, ServerAway),
        (403, ServerAway),
        (404, TryLater),
        (429, ServerAway),
        (500, TryLater),
        (502, ServerAway),
        (503, ServerAway),
        (504, ServerAway),
    ],
)
def test_what_notify_refuses_is_told_without_the_address(status: int, kind: type[NotSent]) -> None:
    notify = Notify(status, f"email_address {ADDRESS} is not a valid email address")
    with served(notify) as one, pytest.raises(kind) as raised:
        one.send(letter(), ADDRESS)
    assert type(raised.value) is kind
    assert str(status) in str(raised.value)
    assert "is not a valid email address" in str(raised.value)
    assert ADDRESS not in str(raised.value)
    assert SECRET not in repr(one) + str(raised.value)


def test_a_message_whose_answer_got_lost_is_not_sent_twice() -> None:
    notify = Notify(loses_answers=True)
    with served(notify) as one:
        with pytest.raises(TryLater):
            one.send(letter(), ADDRESS)
        one.send(letter(), ADDRESS)
    assert len(notify.taken) == 1


@pytest.mark.parametrize(
    "error, kind",
    [
        ("email_address is a required property", AddressRefused),
        ("Missing personalisation: body", Refused),
        ("Can’t send to this recipient using a team-only API key", Refused),
    ],
)
def test_only_what_is_said_of_the_address_counts_against_it(error: str, kind: type[NotSent]) -> None:
    with served(Notify(400, error)) as one, pytest.raises(Refused) as raised:
        one.send(letter(), ADDRESS)
    assert type(raised.value) is kind


@pytest.mark.parametrize("body", [b"", b"<html>Bad gateway</html>", b"[]", b'{"errors": "none"}', b"\xff"])
def test_an_answer_that_is_none_of_notifys_is_no_fault_here(body: bytes) -> None:
    def other(environ: dict[str, Any], start_response: Any) -> Any:
        return Response(body, 502)(environ, start_response)

    server = server_of(other)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = mailer(server.server_port)
    with pytest.raises(ServerAway, match="502"):
        one.send(letter(), ADDRESS)
    one.close()
    server.shutdown()
    server.server_close()


def test_a_limit_for_the_day_stops_no_message_for_good() -> None:
    notify = Notify(429, "Exceeded send limits (100) for today")
    with served(notify) as one:
        for _ in range(2):
            with pytest.raises(ServerAway, match="Exceeded send limits"):
                one.send(letter(), ADDRESS)
        notify.status = 201
        one.send(letter(), ADDRESS)
    assert len(notify.taken) == 1


def test_a_message_that_was_refused_may_be_sent_again() -> None:
    notify = Notify(status=500)
    with served(notify) as one:
        with pytest.raises(TryLater):
            one.send(letter(), ADDRESS)
        notify.status = 201
        one.send(letter(), ADDRESS)
    assert [asked.method for asked in notify.asked] == ["POST", "POST"]


def test_nobody_there_and_nobody_who_answers() -> None:
    with pytest.raises(ServerAway):
        mailer(free_port()).send(letter(), ADDRESS)
    with silent_server() as port, pytest.raises(TryLater):
        mailer(port).send(letter(), ADDRESS)


def test_mail_url_names_the_key_and_the_template_and_goes_to_notify_by_https() -> None:
    one = mailer_from(f"notify://:{KEY}@/{TEMPLATE}")
    assert isinstance(one, NotifyMailer)
    assert (one.base_url, one.service_id, one.secret, one.template_id) == (
        "https://api.notifications.service.gov.uk", SERVICE, SECRET, TEMPLATE,
    )  # fmt: skip


@pytest.mark.parametrize("url", ["notify://", f"notify://:{KEY}@/", f"notify://:short@/{TEMPLATE}", "notify:///x"])
def test_a_mail_url_without_key_or_template_is_refused_in_words(url: str) -> None:
    with pytest.raises(BadMailUrl, match=r"notify://:KEY@/TEMPLATE-ID"):
        mailer_from(url)
