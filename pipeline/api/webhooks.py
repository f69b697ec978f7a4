"""Webhooks of the caller's council: which there are, and what became of the messages to them."""

import zlib
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response, current_app

from pipeline import RELEASE
from pipeline.api.base import (
    Blueprint,
    NoParameters,
    Parameters,
    StrictInteger,
    answer,
    answer_list,
    list_schema,
    own_etag,
    page_of,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.parameters import one_word
from pipeline.councils.models import Council
from pipeline.db.keyset import Place
from pipeline.db.statements import utc_text
from pipeline.http.cursors import filters_hash, make_cursor, read_cursor
from pipeline.http.entry import members
from pipeline.http.reading import begin_read
from pipeline.webhooks import queries
from pipeline.webhooks.queries import ORDERS, WebhookRead
from pipeline.webhooks.rules import DeliveryStatus, Failure, WebhookStatus, WhyDisabled

blueprint = Blueprint(
    "api_webhooks", __name__, url_prefix="/api/v1", description="Telling a program of public events as they happen"
)
CURSOR = "api-webhook-deliveries"
NEWEST_FIRST = ORDERS["-created_at"]


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


class WebhookDeliveryParameters(Parameters):
    """Which messages, and where in the list."""

    limit = StrictInteger(
        load_default=50, validate=ma.validate.Range(1, 100), metadata={"description": "Rows on a page, 1 to 100"}
    )
    cursor = ma.fields.String(
        load_default="", validate=ma.validate.Length(max=1000),
        metadata={"description": "From a link of an earlier page"},
    )  # fmt: skip
    status = one_word(DeliveryStatus, "Where the message stands")


@blueprint.route("/webhooks")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(WebhookSchema))
def list_webhooks(_asked: dict[str, Any]) -> Response:
    """List the webhooks of the council: one's own, and all of them for its admins. There are ten at most."""
    rows = [shown(one) for one in queries.webhooks_seen_by(begin_read())]
    body = page_of(rows, limit=100, next_cursor=None)
    return answer_list(body, own_etag(body))


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
@blueprint.response(200, list_schema(WebhookDeliverySchema))
def list_webhook_deliveries(asked: dict[str, Any], webhook_id: UUID) -> Response:
    """List the messages to a webhook and what became of them, the newest first."""
    status = asked.get("status")
    made_for = filters_hash({"webhook": str(webhook_id), "status": status})
    place = None
    if asked["cursor"]:
        moment, row_id, is_backwards = read_cursor(asked["cursor"], CURSOR, made_for)
        place = Place(datetime.fromisoformat(moment), UUID(row_id), is_backwards)
    page = queries.deliveries_to(
        begin_read(), webhook_id, order=NEWEST_FIRST, limit=asked["limit"], place=place, status=status
    )
    body = page_of(
        [delivery_shown(row) for row in page.rows], limit=asked["limit"],
        next_cursor=_cursor(page.after, made_for), prev_cursor=_cursor(page.before, made_for),
    )  # fmt: skip
    return answer_list(body, own_etag(body))


def _cursor(place: Place | None, made_for: str) -> str | None:
    return make_cursor(CURSOR, [place.value, place.id, place.is_backwards], made_for) if place else None


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
