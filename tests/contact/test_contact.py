"""Writing to people by a form, on both databases: who may, whom it reaches, and that no address is shown."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.contact.actions import answer_message, write_to_council, write_to_leads, write_to_officer, write_to_site
from pipeline.contact.duties import KEPT_FOR, forget_old_messages
from pipeline.contact.models import ContactMessage
from pipeline.contact.rules import MOST_A_DAY
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Role
from pipeline.kernel.errors import Conflict, NotAllowed, NotFound, RuleBroken
from pipeline.notifications.mail import Office, write_message
from tests.factories import Factory

pytestmark = pytest.mark.database

Work = Callable[..., Any]
OFFICE = Office("https://pipeline.example", "Pipeline <post@pipeline.example>", "k" * 40)
TEXT = "May we see how you did it?\n\nWe could come on Monday."


class Scene:
    """Leadham with a lead, who is its admin and chose to be named; Partnerby with an officer who did not."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.lead_council, self.partner = make.council("Leadham"), make.council("Partnerby")
        self.named_row = make.officer(self.lead_council, Role.COUNCIL_ADMIN, name="Nia Named", is_named=True)
        self.writer_row = make.officer(self.partner)
        self.named = make.actor(self.named_row, self.lead_council, Role.COUNCIL_ADMIN)
        self.writer = make.actor(self.writer_row, self.partner)
        self.project = make.project(self.lead_council, self.named_row, slug="shared-form")

    def mails(self) -> list[Any]:
        with self.make.session() as session:
            owed = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
            return [write_message(session, one, OFFICE, clock.now()) for one in owed]


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


def test_a_message_reaches_its_reader_without_either_address_and_is_answered_the_same_way(
    scene: Scene, work: Work
) -> None:
    with work(scene.writer) as unit:
        message = write_to_officer(unit, officer_id=scene.named_row.id, text=TEXT)
    [(address, mail)] = scene.mails()
    said = mail.get_body(("plain",)).get_content()
    assert (address, mail["Reply-To"]) == (scene.named_row.address, None)
    assert "We could come on Monday." in said
    assert f"/contact/messages/{message.id}" in said
    assert scene.writer_row.address not in mail.as_string()

    with work(scene.named) as unit:
        answer_message(unit, message_id=message.id, text="Gladly.")
    assert scene.mails()[1][0] == scene.writer_row.address
    assert scene.named_row.address not in scene.mails()[1][1].as_string()
    with scene.make.session() as session:
        payloads = list(session.scalars(select(LoggedEvent.payload).where(LoggedEvent.name == "contact.sent")))
    assert len(payloads) == 2
    assert "Monday" not in str(payloads)


def test_nobody_else_answers_a_message_or_learns_of_it(scene: Scene, work: Work) -> None:
    with work(scene.writer) as unit:
        message = write_to_officer(unit, officer_id=scene.named_row.id, text=TEXT)
    for actor in (scene.writer, scene.make.actor(scene.make.officer(scene.lead_council), scene.lead_council)):
        with work(actor) as unit, pytest.raises(NotFound):
            answer_message(unit, message_id=message.id, text="Me too.")


@pytest.mark.parametrize("values, refusal", [({"is_named": False}, NotFound), ({"is_contactable": False}, NotAllowed)])
def test_who_is_not_named_or_switched_it_off_is_not_written_to(
    scene: Scene, work: Work, values: dict[str, Any], refusal: type[Exception]
) -> None:
    reader = scene.make.officer(scene.lead_council, **{"is_named": True} | values)
    with work(scene.writer) as unit, pytest.raises(refusal):
        write_to_officer(unit, officer_id=reader.id, text=TEXT)


def test_the_leads_of_a_project_and_the_admins_of_a_council_are_written_to_together(scene: Scene, work: Work) -> None:
    second = scene.make.officer(scene.lead_council)
    scene.make.person(scene.project, second, scene.lead_council, role="lead")
    with work(scene.writer) as unit:
        write_to_leads(unit, slug="shared-form", text=TEXT)
    with work(scene.writer) as unit:
        write_to_council(unit, code="leadham", text=TEXT)
    with work(scene.writer) as unit, pytest.raises(Conflict, match=r"contact\.nobody"):
        write_to_council(unit, code="partnerby", text=TEXT)
    reached = sorted(address for address, _mail in scene.mails())
    assert reached == sorted([scene.named_row.address, second.address, scene.named_row.address])


def test_coordinators_read_and_answer_what_is_written_to_a_council_where_nobody_takes_messages(
    scene: Scene, work: Work, client: Any
) -> None:
    coordinator = scene.make.officer(None, Role.COORDINATOR)
    silent = scene.make.council("Silenton")
    scene.make.officer(silent, Role.COUNCIL_ADMIN, is_contactable=False)
    scene.make.signed_in(client, scene.writer_row, scene.partner)
    assert "the coordinators read it" in client.page("/contact/councils/silenton").text
    assert "the coordinators read it" not in client.page("/contact/councils/leadham").text
    assert client.send("/contact/councils/silenton", text=TEXT).status_code == 303
    [(address, mail)] = scene.mails()
    said = " ".join(mail.get_body(("plain",)).get_content().split())
    assert address == coordinator.address
    assert "It was written to Silenton" in said
    assert "because you are a coordinator" in said

    scene.make.signed_in(client, coordinator)
    path = said[said.index("/contact/messages/") :].split()[0]
    assert client.send(path, text="Ask Leadham.").status_code == 303
    address, answer = scene.mails()[1]
    assert (address, answer["Subject"]) == (scene.writer_row.address, "A message from a coordinator")


def test_an_officer_writes_so_often_a_day_and_who_is_not_one_not_at_all(scene: Scene, work: Work) -> None:
    for _number in range(MOST_A_DAY):
        with work(scene.writer) as unit:
            write_to_leads(unit, slug="shared-form", text=TEXT)
    with work(scene.writer) as unit, pytest.raises(Conflict, match=r"contact\.too_many"):
        write_to_leads(unit, slug="shared-form", text=TEXT)
    with work(ANONYMOUS) as unit, pytest.raises(NotAllowed):
        write_to_leads(unit, slug="shared-form", text=TEXT)


def test_anybody_writes_to_the_coordinators_who_answer_where_an_address_was_given(scene: Scene, work: Work) -> None:
    coordinator = scene.make.officer(None, Role.COORDINATOR)
    with work() as unit, pytest.raises(RuleBroken, match=r"contact\.address_unreadable"):
        write_to_site(unit, text=TEXT, address="nobody at all")
    with work() as unit:
        write_to_site(unit, text=TEXT, address="reader@elsewhere.example")
    with work() as unit:
        write_to_site(unit, text=TEXT)
    mails = scene.mails()
    assert [address for address, _mail in mails] == [coordinator.address] * 2
    assert [mail["Reply-To"] for _address, mail in mails] == ["reader@elsewhere.example", None]
    # What says that nobody reads answers stands only where nobody does.
    said = [mail.get_body(("plain",)).get_content() for _address, mail in mails]
    assert ["Nobody reads answers" in one for one in said] == [False, True]


def test_that_a_message_was_sent_is_forgotten(scene: Scene, work: Work) -> None:
    with work(scene.writer) as unit:
        message_id = write_to_leads(unit, slug="shared-form", text=TEXT).id
    with scene.make.session() as session:
        session.get_one(ContactMessage, message_id).sent_at = clock.now() - KEPT_FOR * 1.1
    with scene.make.app.app_context():
        forget_old_messages()
    with scene.make.session() as session:
        assert session.get(ContactMessage, message_id) is None
