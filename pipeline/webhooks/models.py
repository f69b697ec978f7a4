"""The tables of webhooks. Secrets are not in them: see `signing.py`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.db.base import Base, Edited, one_of
from pipeline.webhooks.addresses import LONGEST_ADDRESS
from pipeline.webhooks.policy import WebhookFacts
from pipeline.webhooks.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_KIND,
    DeliveryStatus,
    Failure,
    WebhookStatus,
    WebhookTerms,
    WhyDisabled,
)


class Webhook(Edited, Base):
    """An address of another system, and the public events it wants to be told of. It is its council's."""

    __tablename__ = "webhook"
    __table_args__ = (
        one_of("status", WebhookStatus),
        one_of("disabled_because", WhyDisabled),
        CheckConstraint("(status = 'disabled') = (disabled_at IS NOT NULL)", name="disabled_has_a_moment"),
        CheckConstraint("(disabled_at IS NULL) = (disabled_because IS NULL)", name="disabled_has_a_reason"),
        CheckConstraint("status <> 'active' OR verified_at IS NOT NULL", name="active_is_verified"),
        Index("ix_webhook_council_id", "council_id", "id"),
        Index("ix_webhook_status", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    description: Mapped[str] = mapped_column(String(LONGEST_DESCRIPTION), default="")
    kinds: Mapped[list[str]]
    only_council_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    only_project_id: Mapped[UUID | None]
    """Also of a project that is gone: what took it away is the last thing the webhook hears of it."""
    status: Mapped[str] = mapped_column(String(10), default=WebhookStatus.WAITING.value)
    verified_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None] = mapped_column(String(10))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def facts(self) -> WebhookFacts:
        """What policies need to know of it."""
        return WebhookFacts(self.council_id, self.officer_id)

    @property
    def terms(self) -> WebhookTerms:
        """What people wrote."""
        return WebhookTerms(
            address=self.address, description=self.description, kinds=tuple(self.kinds),
            council_id=self.only_council_id, project_id=self.only_project_id,
        )  # fmt: skip


class WebhookSecret(Base):
    """That a webhook has a secret, and until when it holds. The secret itself is worked out from the id."""

    __tablename__ = "webhook_secret"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"), index=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class WebhookHealth(Base):
    """How a webhook's receiver does, as the worker notes it: since when it fails, and when it may be called again."""

    __tablename__ = "webhook_health"

    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"), primary_key=True)
    first_failed_at: Mapped[datetime | None]
    last_failed_at: Mapped[datetime | None]
    last_succeeded_at: Mapped[datetime | None]
    resume_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One message to one webhook, from the moment it is owed until it is taken or given up. A ping has no event."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        one_of("status", DeliveryStatus),
        one_of("problem", Failure),
        UniqueConstraint("webhook_id", "event_id"),
        CheckConstraint("(status = 'waiting') = (ended_at IS NULL)", name="ended_has_a_moment"),
        Index("ix_webhook_delivery_waiting", "status", "next_try_at"),
        Index("ix_webhook_delivery_webhook_id_created_at", "webhook_id", "created_at", "id"),
        Index("ix_webhook_delivery_ended_at", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[UUID | None]
    event_name: Mapped[str] = mapped_column(String(LONGEST_KIND))
    status: Mapped[str] = mapped_column(String(10), default=DeliveryStatus.WAITING.value)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    answer_status: Mapped[int | None]
    took_ms: Mapped[int | None]
    problem: Mapped[str | None] = mapped_column(String(20))
