"""A council with a webhook, something public to tell of, and a courier that carries it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.listeners import hear
from pipeline.db.work import housekeeping, unit_of_work
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.decision import YES
from pipeline.kernel.event import Audience
from pipeline.projects.events import ProjectPublished
from pipeline.projects.models import Project
from pipeline.webhooks.actions import keeping
from pipeline.webhooks.courier import Courier, Post
from pipeline.webhooks.listener import LISTENER
from pipeline.webhooks.models import Webhook, WebhookDelivery, WebhookHealth
from pipeline.webhooks.parcel import Sender
from pipeline.webhooks.rules import WebhookTerms
from pipeline.webhooks.signing import secret_of
from pipeline.webhooks.transport import post
from tests.factories import Factory

SECRET_KEY = "a secret only for tests"
PUBLIC_URL = "https://pipeline.example"


@dataclass
class Scene:
    """Northborough has an admin, a member who makes webhooks and a colleague; Elsewhere has an admin."""

    app: Flask
    make: Factory
    council: Council
    elsewhere: Council
    officer: Officer
    member: Actor
    colleague: Actor
    admin: Actor
    stranger: Actor
    project: Project
    secrets: dict[UUID, str] = field(default_factory=dict)

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Any]:
        """Work for somebody."""
        with self.app.app_context(), unit_of_work(actor) as work:
            yield work

    def webhook(self, address: str, actor: Actor | None = None, **terms: Any) -> Webhook:
        """Make a webhook, whose secret is kept in `secrets`."""
        with self.acting(actor or self.member) as work:
            made = keeping.make_webhook(work, terms=WebhookTerms(address=address, **terms), to_this_machine=True)
        self.secrets[made.webhook.id] = secret_of(SECRET_KEY, made.secret_id)
        return made.webhook

    def row_terms(self, webhook_id: UUID, **changed: Any) -> WebhookTerms:
        """What a webhook says, with some of it changed."""
        return replace(self.row(webhook_id).terms, **changed)

    def active(self, address: str, **terms: Any) -> Webhook:
        """Make a webhook and let it be verified."""
        webhook = self.webhook(address, **terms)
        self.courier().deliver_and_wait()
        found = self.row(webhook.id)
        assert found.status == "active", self.deliveries(webhook.id)
        return found

    def courier(self, send: Post | None = None, seconds: float = 5.0) -> Courier:
        """A courier as the worker has one, with a shorter patience."""

        def impatient(*of_message: Any) -> Any:
            return post(*of_message, seconds=seconds)

        return Courier(Sender(PUBLIC_URL, SECRET_KEY, to_this_machine=True), self.app.app_context, send or impatient)

    def happen(self, project: Project | None = None, audience: Audience = Audience.PUBLIC) -> UUID:
        """Something happens that everybody may read; returns the id of its project."""
        project = project or self.project
        with self.acting(self.member) as work:
            work.require(YES)
            work.record(published(project), audience=audience, council_id=project.council_id)
        return project.id

    def hear(self) -> None:
        """Let the listener hear everything that is new."""
        with self.app.app_context():
            while hear(LISTENER):
                pass

    def deliver(self, courier: Courier | None = None) -> None:
        """Hear, and send what is due until nothing is."""
        self.hear()
        courier = courier or self.courier()
        while courier.deliver_and_wait():
            pass

    def row(self, webhook_id: UUID) -> Webhook:
        with self.app.app_context(), housekeeping("webhooks") as session:
            return session.get_one(Webhook, webhook_id)

    def health(self, webhook_id: UUID) -> WebhookHealth | None:
        with self.app.app_context(), housekeeping("webhooks") as session:
            return session.get(WebhookHealth, webhook_id)

    def deliveries(self, webhook_id: UUID, *, pings: bool = False) -> list[WebhookDelivery]:
        """The messages to a webhook, oldest first: of events, or pings."""
        query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
        is_ping = WebhookDelivery.event_id.is_(None)
        with self.app.app_context(), housekeeping("webhooks") as session:
            found = session.scalars(query.where(is_ping if pings else ~is_ping).order_by(WebhookDelivery.id))
            return list(found)

    def said(self, webhook_id: UUID) -> list[tuple[int, str, int | None, str | None]]:
        """What became of each message to a webhook: tries, status, answer and problem."""
        return [(one.tries, one.status, one.answer_status, one.problem) for one in self.deliveries(webhook_id)]


def published(project: Project) -> ProjectPublished:
    """The event of a project's publishing."""
    return ProjectPublished(
        project_id=project.id, lead_council_id=project.council_id, phase=project.phase, mode=project.mode,
        themes=("housing",), decision_on=project.decision_on, need_ids=(), changes={"status": ["draft", "open"]},
    )  # fmt: skip


def make_scene(app: Flask, make: Factory) -> Scene:
    """Two councils, and a public project of Northborough."""
    council, elsewhere = make.council("Northborough"), make.council("Elsewhere")
    officer, colleague = make.officer(council), make.officer(council)
    admin = make.officer(council, Role.COUNCIL_ADMIN)
    stranger = make.officer(elsewhere, Role.COUNCIL_ADMIN)
    found = Scene(
        app, make, council, elsewhere, officer, make.actor(officer, council), make.actor(colleague, council),
        make.actor(admin, council, Role.COUNCIL_ADMIN), make.actor(stranger, elsewhere, Role.COUNCIL_ADMIN),
        make.project(council, officer, title="One repairs form"),
    )  # fmt: skip
    found.hear()
    return found
