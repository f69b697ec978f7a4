"""What is sent: written at the moment it leaves, from what the public may see then."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.feeds.queries import event_seen_by
from pipeline.feeds.shown import event_as_json
from pipeline.kernel.errors import NotFound
from pipeline.webhooks.addresses import BadAddress, Target, target_of
from pipeline.webhooks.models import Webhook
from pipeline.webhooks.queries import secrets_that_hold
from pipeline.webhooks.queue import Task
from pipeline.webhooks.rules import LARGEST_BODY, PING
from pipeline.webhooks.signing import USER_AGENT, headers_of, secret_of


@dataclass(frozen=True, slots=True)
class Parcel:
    """Where a message goes (None where its address is no longer one we may call), and what is in it."""

    target: Target | None
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: where the site is, its secret, and whether this machine may be called."""

    public_url: str
    secret_key: str
    to_this_machine: bool = False


def parcel_of(reading: Reading, task: Task, sender: Sender) -> Parcel | None:
    """The message of a task, signed; None where what it tells of is no longer public, or its webhook is gone."""
    webhook = reading.session.get(Webhook, task.webhook_id)
    if webhook is None:
        return None
    try:
        payload = _ping(reading, webhook) if task.event_id is None else _told(reading, task.event_id, sender)
    except NotFound:
        return None
    body = _bytes_of(payload)
    message_id = task.event_id or task.delivery_id
    secrets = [secret_of(sender.secret_key, one) for one in secrets_that_hold(reading, webhook.id)]
    headers = headers_of(message_id, reading.now, body, secrets)
    return Parcel(_target(webhook, sender), headers | {"user-agent": _user_agent(sender)}, body)


def _told(reading: Reading, event_id: UUID, sender: Sender) -> dict[str, Any]:
    """An event as it is sent: its `data` is exactly what `GET /api/v1/events/{id}` answers with. Raises NotFound."""
    data = event_as_json(event_seen_by(reading, event_id), sender.public_url)
    return {"type": data["type"], "timestamp": data["occurred_at"], "data": data}


def _ping(reading: Reading, webhook: Webhook) -> dict[str, Any]:
    data = {"webhook": {"id": str(webhook.id)}}
    return {"type": PING, "timestamp": utc_text(reading.now), "data": data}


def _bytes_of(payload: dict[str, Any]) -> bytes:
    body = orjson.dumps(payload)
    if len(body) < LARGEST_BODY:
        return body
    return orjson.dumps(payload | {"data": payload["data"] | {"changes": {}}})


def _target(webhook: Webhook, sender: Sender) -> Target | None:
    try:
        return target_of(webhook.address, to_this_machine=sender.to_this_machine)
    except BadAddress:
        return None


def _user_agent(sender: Sender) -> str:
    return USER_AGENT.format(public_url=sender.public_url)
