"""What happened, in the order in which it was committed: read once, keep the last cursor, ask for what came after."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    MOST_ROWS,
    NOT_KEPT,
    Blueprint,
    NoParameters,
    Parameters,
    StrictInteger,
    answer,
    answer_list,
    list_etag,
    own_address,
    thing_schema,
)
from pipeline.api.parameters import code_of_council, slug_of_project
from pipeline.feeds import queries
from pipeline.feeds.queries import EventFilters, PublicEvent
from pipeline.feeds.shown import event_as_json
from pipeline.http.cursors import OF_EVENTS, make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.kernel.event import CATALOGUE

blueprint = Blueprint(
    "api_events", __name__, url_prefix="/api/v1", description="Everything public that happened, in order"
)


class EventType(ma.fields.String):
    """The type of an event, as the catalogue names it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in CATALOGUE:
            raise ma.ValidationError("There is no event of this type. See the page for developers.")
        return str(value)


class ActingCouncil(ma.Schema):
    """The council for which it was done."""

    slug = ma.fields.String(required=True, metadata={"example": "leeds"})
    gss_code = ma.fields.String(required=True, allow_none=True)


class SubjectSchema(ma.Schema):
    """What it was done to. After a removal the address answers 404."""

    type = ma.fields.String(required=True, metadata={"example": "pledge"})
    id = ma.fields.UUID(required=True)
    url = ma.fields.String(required=True, metadata={"description": "Where the API tells more of it"})
    title = ma.fields.String(required=True, allow_none=True)


class ProjectSlugSchema(ma.Schema):
    """The project it happened in."""

    slug = ma.fields.String(required=True, allow_none=True)


class EventSchema(ma.Schema):
    """One thing that happened. `changes` holds old and new values of what changed."""

    id = ma.fields.UUID(required=True)
    type = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "pledge.authorised"})
    occurred_at = ma.fields.DateTime(required=True)
    council = ma.fields.Nested(ActingCouncil, required=True, allow_none=True)
    subject = ma.fields.Nested(SubjectSchema, required=True)
    project = ma.fields.Nested(ProjectSlugSchema, required=True, allow_none=True)
    changes = ma.fields.Dict(required=True, metadata={"example": {"status": ["offered", "authorised"]}})


class EventLinks(ma.Schema):
    """`next` is where to go on, also from an empty page: keep it, and ask again later."""

    self = ma.fields.String(required=True)
    next = ma.fields.String(required=True)


class EventPage(ma.Schema):
    """Whether there is more to read at once."""

    limit = ma.fields.Integer(required=True)
    has_more = ma.fields.Boolean(required=True)


class EventList(ma.Schema):
    """A page of the log."""

    data = ma.fields.List(ma.fields.Nested(EventSchema), required=True)
    links = ma.fields.Nested(EventLinks, required=True)
    page = ma.fields.Nested(EventPage, required=True)


class EventParameters(Parameters):
    """Where to go on, and how far."""

    after = ma.fields.String(
        load_default="",
        validate=ma.validate.Length(max=1000),
        metadata={
            "description": "From a `next` link; without it the log is read from its beginning. It is a place in the"
            " log, whatever else is asked for"
        },
    )
    type = EventType(
        metadata={
            "description": "Only events of this type",
            "pattern": "^[a-z_]{1,30}[.][a-z_]{1,30}$",
            "example": "pledge.authorised",
        }
    )
    council = code_of_council("Only what was done for a council")
    project = slug_of_project()
    limit = StrictInteger(
        load_default=MOST_ROWS,
        validate=ma.validate.Range(1, MOST_ROWS),
        metadata={"description": "Events on a page, 1 to 100"},
    )


@blueprint.route("/events")
@anyone
@blueprint.arguments(EventParameters, location="query")
@blueprint.response(200, EventList)
@blueprint.doc(responses={410: {"description": "The log no longer holds the event the cursor stands at"}})
def list_events(asked: dict[str, Any]) -> Response:
    """Read the log of public events, the oldest first.

    A page can be empty and still say that there is more: what was public once may be so no longer, and filters look
    through the events that come next. A cursor stands at an event: once the log no longer holds it, because a backup
    was restored, the answer is 410, and everything is to be read again.
    """
    position = read_cursor(asked["after"], OF_EVENTS, name="after")[0] if asked["after"] else None
    etag = list_etag()
    filters = EventFilters(**{name: asked.get(name) for name in ("type", "council", "project")})
    found = queries.events_after(begin_read(), UUID(position) if position else None, asked["limit"], filters)
    cursor = make_cursor(OF_EVENTS, [found.last_id])
    body = {
        "data": [shown(event) for event in found.events],
        "links": {"self": own_address(), "next": own_address(cursor, "after")},
        "page": {"limit": asked["limit"], "has_more": found.has_more},
    }
    return answer_list(body, etag, NOT_KEPT)


def events_from(event_id: UUID | None) -> str:
    """The address at which the log goes on after an event; from its beginning without one."""
    base = f"{current_app.config['PUBLIC_URL']}/api/v1/events"
    return f"{base}?after={make_cursor(OF_EVENTS, [event_id])}" if event_id else base


@blueprint.route("/events/<uuid:event_id>")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(EventSchema))
def get_event(_asked: dict[str, Any], event_id: UUID) -> Response:
    """Read one public event."""
    etag = list_etag()
    event = queries.event_seen_by(begin_read(), event_id)
    return answer({"data": shown(event)}, etag=etag, cache=NOT_KEPT)


def shown(event: PublicEvent) -> dict[str, Any]:
    """An event as the API shows it."""
    return event_as_json(event, current_app.config["PUBLIC_URL"])
