"""Two councils, a project that needs something, and what is needed to see which mail comes of what is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.listeners import hear
from pipeline.db.outbox import OutboxMessage
from pipeline.db.work import UnitOfWork, housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.notifications.envelope import Office
from pipeline.notifications.fan_out import tell_followers
from pipeline.notifications.listener import LISTENER
from pipeline.notifications.sender import Sender
from pipeline.notifications.transport import MemoryMailer
from pipeline.pledges.actions import offer_pledge
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Offer
from pipeline.projects.models import Need, Project
from tests.factories import Factory

OFFICE = Office("https://pipeline.example", "Pipeline <noreply@pipeline.example>", "a secret only for tests")


@dataclass
class Post:
    """The mail of one application: lets the listener hear, and sends into memory."""

    app: Flask
    mailer: MemoryMailer = field(default_factory=MemoryMailer)

    def hear(self) -> None:
        """Let the listener hear everything that is new, and have everybody told who follows."""
        with self.app.app_context():
            while hear(LISTENER) or tell_followers():
                pass

    def sender(self) -> Sender:
        return Sender(self.mailer, OFFICE)

    def send(self) -> None:
        """Send all that is due."""
        with self.app.app_context():
            sender = self.sender()
            while sender.send_due():
                pass

    def deliver(self) -> dict[str, EmailMessage]:
        """Hear and send, and return the mail that came of it by its reader's address. Nobody gets two."""
        self.mailer.sent.clear()
        self.hear()
        self.send()
        assert len({address for address, _ in self.mailer.sent}) == len(self.mailer.sent)
        return dict(self.mailer.sent)

    def outbox(self) -> list[OutboxMessage]:
        """Every row of the outbox, oldest first."""
        with self.app.app_context(), housekeeping("outbox") as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@dataclass
class Place:
    """Eastmere leads a project; Northborough has an officer who offers and an authoriser."""

    app: Flask
    eastmere: Council
    northborough: Council
    lead: Officer
    other_lead: Officer
    officer: Officer
    authoriser: Officer
    project: Project
    need: Need

    @contextmanager
    def acting(self, officer: Officer, council: Council, *roles: Role) -> Iterator[UnitOfWork]:
        """Work of an officer for a council."""
        actor = Actor(Channel.WEB, officer.id, council.id, frozenset({Role.MEMBER, *roles}))
        with self.app.app_context(), unit_of_work(actor) as work:
            yield work

    def offer(self, amount: int = 5) -> Pledge:
        """Northborough's officer offers time."""
        today = clock.today()
        terms = Offer(
            amount=amount, sign_off_by=today + timedelta(days=20), from_on=today, to_on=today + timedelta(days=60),
            message="Our secret reasons",
        )  # fmt: skip
        with self.acting(self.officer, self.northborough) as work:
            return offer_pledge(work, need_id=self.need.id, offer=terms)


@pytest.fixture
def post(app: Flask) -> Post:
    """The mail of the application."""
    return Post(app)


@pytest.fixture
def place(app: Flask, make: Factory) -> Place:
    """Two councils and a project."""
    eastmere, northborough = make.council("Eastmere"), make.council("Northborough")
    lead = make.officer(eastmere, address="lead@eastmere.example")
    other_lead = make.officer(eastmere, address="other@eastmere.example")
    project = make.project(eastmere, lead, title="One housing repairs form")
    make.person(project, other_lead, eastmere, role="lead")
    return Place(
        app, eastmere, northborough, lead, other_lead,
        make.officer(northborough, address="officer@northborough.example"),
        make.officer(northborough, Role.AUTHORISER, address="authoriser@northborough.example"),
        project, make.need(project, title="Talking to tenants"),
    )  # fmt: skip
