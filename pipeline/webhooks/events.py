"""What happens to webhooks. These events are the council's own, and never public: no webhook is told of them."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event
from pipeline.webhooks.rules import WhyDisabled


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfWebhook(Event):
    subject_type: ClassVar[str] = "webhook"
    subject_field: ClassVar[str] = "webhook_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    webhook_id: UUID
    of_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMade(_OfWebhook):
    """Somebody of a council made a webhook. It waits until its address answers."""

    name: ClassVar[str] = "webhook.made"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookVerified(_OfWebhook):
    """The address of a webhook answered: from now on it is told of events."""

    name: ClassVar[str] = "webhook.verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChanged(_OfWebhook):
    """A webhook was changed. `changes` names what, with old and new values but for its texts and its address. With
    another address it waits until that answers."""

    name: ClassVar[str] = "webhook.changed"

    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecretRotated(_OfWebhook):
    """A webhook was given a new secret. The one before it holds for another day, unless `is_at_once`."""

    name: ClassVar[str] = "webhook.secret_rotated"

    is_at_once: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTested(_OfWebhook):
    """Somebody asked for a ping to be sent."""

    name: ClassVar[str] = "webhook.tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReplayed(_OfWebhook):
    """Somebody asked for past events to be sent again; `number` were queued."""

    name: ClassVar[str] = "webhook.replayed"

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRedelivered(_OfWebhook):
    """Somebody asked for one message to be sent again."""

    name: ClassVar[str] = "webhook.redelivered"

    delivery_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookEnabled(_OfWebhook):
    """Somebody turned a webhook on again. It waits until its address answers."""

    name: ClassVar[str] = "webhook.enabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled(_OfWebhook):
    """A webhook was turned off: by hand, because its receiver said it is gone, or because it failed for five days.

    Whoever made it, `made_by`, is told by mail; where they have left the council, its admins.
    """

    name: ClassVar[str] = "webhook.disabled"

    because: WhyDisabled
    made_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDeleted(_OfWebhook):
    """A webhook was deleted, with its secrets and the record of its messages."""

    name: ClassVar[str] = "webhook.deleted"
