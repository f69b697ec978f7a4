"""Webhooks of the caller's council: which there are, and what became of the messages to them."""

import zlib
from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response, current_app

from pipeline import RELEASE
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    answer,
    list_schema,
    own_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, FewParameters, answer_few, answer_page
from pipeline.api.parameters import fields_of, one_word, order_of
from pipeline.councils.models import Council
from pipeline.db.statements import utc_text
from pipeline.http.entry import members
from pipeline.http.reading import begin_read
from pipeline.webhooks import queries
from pipeline.webhooks.queries import ORDERS, WebhookRead
from pipeline.webhooks.rules import DeliveryStatus, Failure, WebhookStatus, WhyDisabled

blueprint = Blueprint(
    "api_webhooks", __name__, url_prefix="/api/v1", description="Telling a program of public events as they happen"
)


def open_ended(words: Any) -> dict[str, str]:
    """What is said of a word that may be joined by others."""
    return {"description": "Open-ended; today one of: " + ", ".join(words)}


class WebhookProject(ma.Schema):
    """The one project a webhook hears of."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, allow_none=True, metadata={"description": "Null once it is gone"})


class WebhookSchema(ma.Schema):
    """A webhook of the caller's council."""

    id = ma.fields.UUID(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    address = ma.fields.String(required=True, metadata={"description": "Where messages go"})
    description = ma.fields.String(required=True)
    kinds = ma.fields.List(
        ma.fields.String(), required=True,
        metadata={"description": "Names of events, or all of a noun as `pledge.*`; empty for all public events"},
    )  # fmt: skip
    only_council = ma.fields.Nested(CouncilReference, required=True, allow_none=True)
    only_project = ma.fields.Nested(WebhookProject, required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata=open_ended(WebhookStatus))
    verified_at = ma.fields.DateTime(required=True, allow_none=True)
    disabled_at = ma.fields.DateTime(required=True, allow_none=True)
    disabled_because = ma.fields.String(required=True, allow_none=True, metadata=open_ended(WhyDisabled))
    failing_since = ma.fields.DateTime(
        required=True, allow_none=True, metadata={"description": "Since when no message was taken"}
    )
    last_succeeded_at = ma.fields.DateTime(required=True, allow_none=True)
    made_at = ma.fields.DateTime(required=True)
    changed_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The webhook's page"})
    etag = ma.fields.String(required=True)


class WebhookDeliverySchema(ma.Schema):
    """One message to a webhook. Kept for thirty days after it ended."""

    id = ma.fields.UUID(required=True)
    type = ma.fields.String(required=True, metadata={"description": "The event's, or webhook.ping"})
    event_id = ma.fields.UUID(required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata=open_ended(DeliveryStatus))
    tries = ma.fields.Integer(required=True)
    created_at = ma.fields.DateTime(required=True)
    next_try_at = ma.fields.DateTime(required=True, allow_none=True)
    tried_at = ma.fields.DateTime(required=True, allow_none=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    answer_status = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "What the receiver answered to the last try"}
    )
    took_ms = ma.fields.Integer(required=True, allow_none=True)
    problem = ma.fields.String(required=True, allow_none=True, metadata=open_ended(Failure))


class ListedWebhookSchema(WebhookSchema):
    """A webhook in the list of them, where `fields` can leave members out."""


class ListedWebhookDeliverySchema(WebhookDeliverySchema):
    """One message in the list of them, where `fields` can leave members out."""


class WebhooksParameters(FewParameters):
    """What the list of webhooks takes."""

    wanted = fields_of(ListedWebhookSchema)


class WebhookDeliveryParameters(ListParameters):
    """What the list of messages can be narrowed to, and its order."""

    status = one_word(DeliveryStatus, "Where the message stands")
    sort = order_of(ORDERS)
    wanted = fields_of(ListedWebhookDeliverySchema)


@blueprint.route("/webhooks")
@members
@blueprint.arguments(WebhooksParameters, location="query")
@blueprint.response(200, list_schema(ListedWebhookSchema))
def list_webhooks(parameters: dict[str, Any]) -> Response:
    """List the webhooks of the council: one's own, and all of them for its admins. There are ten at most."""
    rows = [shown(one) for one in queries.webhooks_seen_by(begin_read())]
    return answer_few("api-webhooks", parameters, rows, own_etag([rows, str(parameters)]))


@blueprint.route("/webhooks/<uuid:webhook_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(WebhookSchema))
def get_webhook(_asked: dict[str, Any], webhook_id: UUID) -> Response:
    """Read one webhook. Another council's, and a colleague's, answer as if there were none."""
    data = shown(queries.webhook_in_full(begin_read(), webhook_id))
    return answer({"data": data}, etag=data["etag"])


@blueprint.route("/webhooks/<uuid:webhook_id>/deliveries")
@members
@blueprint.arguments(WebhookDeliveryParameters, location="query")
@blueprint.response(200, list_schema(ListedWebhookDeliverySchema))
def list_webhook_deliveries(parameters: dict[str, Any], webhook_id: UUID) -> Response:
    """List the messages to a webhook and what became of them, the newest first."""
    asked = Asked.of("api-webhook-deliveries", parameters, webhook=str(webhook_id))
    reading, status = begin_read(), asked.filters.get("status")
    page = queries.deliveries_to(
        reading, webhook_id, order=ORDERS[asked.sort], limit=asked.limit, place=asked.place, status=status
    )
    return answer_page(
        asked, page, delivery_shown, lambda: queries.number_of_deliveries(reading, webhook_id, status), None
    )


def shown(read: WebhookRead) -> dict[str, Any]:
    """A webhook as the API shows it, without its secrets."""
    webhook = read.webhook
    page = f"/councils/{read.council.slug}/settings/webhooks/{webhook.id}"
    data = {
        "id": str(webhook.id), "council": _council(read.council), "address": webhook.address,
        "description": webhook.description, "kinds": webhook.kinds,
        "only_council": _council(read.only_council) if read.only_council else None,
        "only_project": _project(read), "status": webhook.status, "verified_at": utc_text(webhook.verified_at),
        "disabled_at": utc_text(webhook.disabled_at), "disabled_because": webhook.disabled_because,
        "failing_since": utc_text(read.first_failed_at), "last_succeeded_at": utc_text(read.last_succeeded_at),
        "made_at": utc_text(webhook.made_at), "changed_at": utc_text(webhook.changed_at),
        "url": f"{current_app.config['PUBLIC_URL']}{page}",
    }  # fmt: skip
    return data | {"etag": f"{webhook.version}.{zlib.crc32(orjson.dumps(data)) % 10**9}.{RELEASE}"}


def _project(read: WebhookRead) -> dict[str, Any] | None:
    if read.webhook.only_project_id is None:
        return None
    return {
        "id": str(read.webhook.only_project_id),
        "slug": read.only_project.slug if read.only_project is not None else None,
    }


def _council(council: Council) -> dict[str, Any]:
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}


def delivery_shown(row: Any) -> dict[str, Any]:
    """One message as the API shows it, from a row of the list or of the table."""
    is_waiting = row.status == DeliveryStatus.WAITING
    return {
        "id": str(row.id), "type": row.event_name, "event_id": str(row.event_id) if row.event_id else None,
        "status": row.status, "tries": row.tries, "created_at": utc_text(row.created_at),
        "next_try_at": utc_text(row.next_try_at) if is_waiting else None, "tried_at": utc_text(row.tried_at),
        "ended_at": utc_text(row.ended_at), "answer_status": row.answer_status, "took_ms": row.took_ms,
        "problem": row.problem,
    }  # fmt: skip
