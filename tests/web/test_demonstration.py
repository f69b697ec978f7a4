"""The demonstration's own pages: being a made-up person, and reading the mail. They exist in that mode only."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from pipeline.cli.demonstration_data.people import COUNCILS, OFFICERS
from pipeline.db.engine import database
from pipeline.db.outbox import queue_message
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.kernel.actor import COUNCIL_ROLES, Role
from pipeline.notifications.envelope import Office
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import mailer_from
from pipeline.web.demonstration import prepare_demonstration
from tests.conftest import empty, make_application
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database

PEOPLE = [one for one in OFFICERS if one.can_be is not None]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application in demonstration mode."""
    folder = tmp_path_factory.mktemp("demonstration")
    app = make_application(
        f"sqlite:///{folder / 'pipeline.db'}", PIPELINE_MODE="demonstration", MAIL_URL=f"file:{folder / 'mail'}",
        SECRET_KEY="only for the tests of a demonstration", PUBLIC_URL="http://127.0.0.1:8000",
    )  # fmt: skip
    yield app
    with app.app_context():
        database.engine.dispose()


@pytest.fixture
def visitor(shown: Flask) -> CheckedClient:
    """A browser at a demonstration that holds the people one can be."""
    empty(shown)
    make = Factory(shown)
    councils = {one.slug: make.council(one.short_name, slug=one.slug, is_made_up=True) for one in COUNCILS}
    for person in PEOPLE:
        roles = [Role(role) for role in person.roles]
        council = councils[person.council] if person.council else None
        given = [role for role in roles if council is not None or role not in COUNCIL_ROLES]
        make.officer(council, *given, address=person.address, name=person.name, job_title=person.job_title)
    client = shown.test_client()
    assert isinstance(client, CheckedClient)
    return client


def test_everybody_one_can_be_has_a_button_that_signs_in(visitor: CheckedClient) -> None:
    for number, person in enumerate(PEOPLE):
        assert person.name in visitor.page("/demonstration").get_text()
        response = visitor.send("/demonstration", form_number=number)
        assert response.status_code == 303
        assert person.job_title in visitor.page("/your-work" if person.council else "/account").get_text()


def test_being_somebody_else_ends_the_session_before(shown: Flask, visitor: CheckedClient) -> None:
    visitor.send("/demonstration", form_number=0)
    first = visitor.get_cookie("session")
    visitor.send("/demonstration", form_number=1)
    assert first is not None
    stranger = shown.test_client()
    stranger.set_cookie("session", first.value)
    assert stranger.get("/your-work").status_code == 303


def test_nobody_is_signed_in_without_pressing_the_button(visitor: CheckedClient) -> None:
    key = PEOPLE[0].key
    assert visitor.get(f"/demonstration/sign-in/{key}").status_code == 405
    assert visitor.post(f"/demonstration/sign-in/{key}").status_code in (400, 403)
    foreign = visitor.post(f"/demonstration/sign-in/{key}", headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert visitor.get_cookie("session") is None


def test_only_those_with_a_button_can_be_chosen(visitor: CheckedClient) -> None:
    page = visitor.page("/demonstration")
    form = page.find_all("form", method="post")[0]
    others = [one.key for one in OFFICERS if one.can_be is None]
    for key in (others[0], "nobody", "priya.raman@northborough.example"):
        form["action"] = f"/demonstration/sign-in/{key}"
        assert visitor.send_form(form, "/demonstration").status_code == 404


def test_the_sentences_are_welsh_on_a_welsh_page(visitor: CheckedClient) -> None:
    assert str(PEOPLE[0].can_be_cy) in visitor.page("/cy/demonstration").get_text()


def test_the_mail_that_was_written_can_be_read(shown: Flask, visitor: CheckedClient) -> None:
    assert "No mail yet" in visitor.page("/demonstration/mail").get_text()
    send(shown)
    page = visitor.page("/demonstration/mail")
    link = page.select_one("ul.rows a")
    assert link is not None
    assert link.text == "Your password was changed"
    message = visitor.page(str(link["href"]))
    assert message.find("a", string="http://127.0.0.1:8000/reset-password") is not None


def test_a_file_that_is_no_mail_of_ours_is_passed_over(shown: Flask, visitor: CheckedClient) -> None:
    folder = Path(shown.config["SETTINGS"].mail_url.removeprefix("file:"))
    folder.mkdir(exist_ok=True)
    (folder / "notes.eml").write_text("Subject: not ours\n\nText")
    assert "not ours" not in visitor.page("/demonstration/mail").get_text()
    for path in ("notes", "..%2f..%2fetc%2fpasswd", "01920000-0000-7000-8000-000000000001"):
        assert visitor.get(f"/demonstration/mail/{path}").status_code in (400, 404)


def test_what_a_mail_says_is_shown_as_text(shown: Flask, visitor: CheckedClient) -> None:
    folder = Path(shown.config["SETTINGS"].mail_url.removeprefix("file:"))
    folder.mkdir(exist_ok=True)
    name = "01920000-0000-7000-8000-000000000002"
    text = "<script>alert(1)</script>\nhttp://127.0.0.1:8000.evil.example/x\njavascript:alert(1)\n"
    head = "To: a@b.example\nSubject: <b>bold</b>\nDate: Sat, 21 Nov 2026 14:05:00 +0000\n"
    kind = 'Content-Type: text/plain; charset="utf-8"'
    (folder / f"{name}.eml").write_text(f"{head}{kind}\n\n{text}")
    page = visitor.page(f"/demonstration/mail/{name}")
    assert page.select("main script, main b") == []
    assert page.select(".prose a") == []


def send(app: Flask) -> None:
    """Have one message written."""
    officer = Factory(app).officer()
    settings = app.config["SETTINGS"]
    with app.app_context():
        with housekeeping("outbox") as session:
            queue_message(session, kind="account.password_changed", officer_id=officer.id, payload={}, now=clock.now())
        assert Sender(mailer_from(settings.mail_url), Office.of(settings)).send_due() == 1


def test_outside_a_demonstration_the_pages_do_not_exist(client: CheckedClient) -> None:
    for path in ("/demonstration", "/demonstration/mail", "/cy/demonstration"):
        assert client.get(path).status_code == 404


def test_outside_a_demonstration_the_pages_cannot_be_added(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="demonstration mode only"):
        prepare_demonstration(app, OFFICERS)
