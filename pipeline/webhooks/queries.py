"""Reading webhooks, on behalf of those who keep them.

Others, of the same council too, are answered as if there were none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound, Problem, refuse_if_any
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Project
from pipeline.projects.queries import project_seen_by
from pipeline.webhooks import policy, rules
from pipeline.webhooks.models import Webhook, WebhookDelivery, WebhookHealth, WebhookSecret
from pipeline.webhooks.rules import DeliveryStatus, WebhookTerms

ORDERS = {
    "-created_at": Order(WebhookDelivery.created_at, WebhookDelivery.id, is_descending=True),
    "created_at": Order(WebhookDelivery.created_at, WebhookDelivery.id),
}
"""The orders of a webhook's messages."""


@dataclass(frozen=True, slots=True)
class WebhookRead:
    """A webhook with what is shown beside it: its council, what it is narrowed to, and how its receiver does."""

    webhook: Webhook
    council: Council
    only_council: Council | None
    only_project: Project | None
    first_failed_at: datetime | None
    last_succeeded_at: datetime | None


_Only = aliased(Council)


def webhooks_seen_by(reading: Reading) -> Sequence[WebhookRead]:
    """The webhooks of the council one acts for: all of them for its admins, one's own for others; oldest first."""
    actor = reading.actor
    query = _read().where(Webhook.council_id == actor.council_id)
    if not actor.has(Role.COUNCIL_ADMIN):
        query = query.where(Webhook.officer_id == actor.officer_id)
    return [_as_read(row) for row in reading.session.execute(query.order_by(Webhook.id))]


def webhook_seen_by(reading: Reading, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """One webhook. Raises NotFound for another council's, and for a colleague's one does not look after."""
    query = select(Webhook).where(Webhook.id == webhook_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    webhook = reading.session.scalars(query).first()
    if webhook is None or not policy.may_keep_webhook(reading.actor, webhook.facts):
        raise NotFound("webhook")
    return webhook


def webhook_in_full(reading: Reading, webhook_id: UUID) -> WebhookRead:
    """One webhook with what is shown beside it. Raises NotFound."""
    webhook_seen_by(reading, webhook_id)
    query = _read().where(Webhook.id == webhook_id)
    return _as_read(reading.session.execute(query.execution_options(populate_existing=True)).one())


def _read() -> Any:
    return (
        select(Webhook, Council, _Only, Project, WebhookHealth.first_failed_at, WebhookHealth.last_succeeded_at)
        .join(Council, Council.id == Webhook.council_id)
        .outerjoin(_Only, _Only.id == Webhook.only_council_id)
        .outerjoin(Project, Project.id == Webhook.only_project_id)
        .outerjoin(WebhookHealth, WebhookHealth.webhook_id == Webhook.id)
    )


def _as_read(row: Any) -> WebhookRead:
    return WebhookRead(*row)


def number_of_council(reading: Reading, council_id: UUID) -> int:
    """How many webhooks a council has."""
    return reading.session.scalar(select(func.count(Webhook.id)).where(Webhook.council_id == council_id)) or 0


def secrets_that_hold(reading: Reading, webhook_id: UUID) -> Sequence[UUID]:
    """The ids of the secrets with which a webhook's messages are signed now, the newest first."""
    holds = or_(WebhookSecret.ends_at.is_(None), WebhookSecret.ends_at > reading.now)
    query = select(WebhookSecret.id).where(WebhookSecret.webhook_id == webhook_id, holds)
    return reading.session.scalars(query.order_by(WebhookSecret.id.desc())).all()


def deliveries_to(
    reading: Reading, webhook_id: UUID, *, order: Order, limit: int, place: Place | None, status: str | None = None
) -> Page:
    """The messages to a webhook of the last thirty days. Raises NotFound."""
    webhook_seen_by(reading, webhook_id)
    delivery = WebhookDelivery
    query: Any = select(
        delivery.id, delivery.event_id, delivery.event_name, delivery.status, delivery.tries, delivery.created_at,
        delivery.next_try_at, delivery.tried_at, delivery.ended_at, delivery.answer_status, delivery.took_ms,
        delivery.problem,
    ).where(*_those_of(webhook_id, status))  # fmt: skip
    return read_page(reading.session, query, order, place, limit)


def number_of_deliveries(reading: Reading, webhook_id: UUID, status: str | None = None, most: int = 10_000) -> int:
    """How many messages there are, counted no further than one past `most`."""
    some = select(WebhookDelivery.id).where(*_those_of(webhook_id, status)).limit(most + 1).subquery()
    return reading.session.scalar(select(func.count()).select_from(some)) or 0


def _those_of(webhook_id: UUID, status: str | None) -> tuple[Any, ...]:
    of_webhook = WebhookDelivery.webhook_id == webhook_id
    return (of_webhook,) if status is None else (of_webhook, WebhookDelivery.status == DeliveryStatus(status))


def delivery_to(reading: Reading, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """One message to a webhook. Raises NotFound."""
    webhook_seen_by(reading, webhook_id)
    query = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == webhook_id)
    found = reading.session.scalars(query.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound("delivery")
    return found


def narrowed_to(
    reading: Reading, terms: WebhookTerms, *, council: str, project: str, to_this_machine: bool = False
) -> WebhookTerms:
    """Terms narrowed to a council, by its slug or GSS code, and a project, by its slug; an empty one changes nothing.

    Raises RuleBroken (webhook.council_unknown, webhook.project_unknown, and what else is wrong with the terms).
    """
    council_id = _public_council(reading, council) if council else terms.council_id
    project_id = _public_project(reading, project) if project else terms.project_id
    problems = []
    if council and council_id is None:
        words = Words(_("There is no council with this name in its address. Copy it from the council’s page"))
        problems.append(Problem("webhook.council_unknown", words, "only_council"))
    if project and project_id is None:
        words = Words(_("There is no project with this name in its address. Copy it from the project’s page"))
        problems.append(Problem("webhook.project_unknown", words, "only_project"))
    if problems:
        problems = [*rules.problems_of_webhook(terms, to_this_machine=to_this_machine), *problems]
    refuse_if_any(problems)
    return replace(terms, council_id=council_id, project_id=project_id)


def _public_council(reading: Reading, slug: str) -> UUID | None:
    try:
        return council_seen_by(reading, slug).id
    except NotFound:
        return None


def _public_project(reading: Reading, slug: str) -> UUID | None:
    try:
        found = project_seen_by(reading, slug)
    except NotFound:
        return None
    return found.id if found.is_public else None
