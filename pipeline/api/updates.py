"""Updates: the news of projects, as Markdown, as HTML and as plain text."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.addresses import lead_on
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    changed_since,
    code_of_council,
    fields_of,
    only,
    order_of,
    slug_of_project,
    thing_parameters,
)
from pipeline.api.references import ProjectReference
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.documents.text import plain_text
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotFound
from pipeline.projects import queries, update_listing
from pipeline.projects.rules import UpdateStatus
from pipeline.projects.update_listing import UpdateFilters

blueprint = Blueprint(
    "api_updates", __name__, url_prefix="/api/v1", description="News that leads publish on their projects"
)


class PersonSchema(ma.Schema):
    """Somebody who works for a council. The name is null unless they chose to be named."""

    display_name = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, metadata={"description": "lead, team, or officer for those who left it"})
    council = ma.fields.Nested(CouncilReference, required=True)


class UpdateSchema(ma.Schema):
    """One update. A draft, or one that was withdrawn, only the team reads."""

    id = ma.fields.UUID(required=True)
    project = ma.fields.Nested(ProjectReference, required=True)
    status = ma.fields.String(
        required=True,
        metadata={"description": "Open-ended; today one of: " + ", ".join(UpdateStatus), "example": "published"},
    )
    title = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    markdown = ma.fields.String(required=True, metadata={"description": "As it was written"})
    html = ma.fields.String(required=True, metadata={"description": "Rendered and made safe to show"})
    text = ma.fields.String(required=True, metadata={"description": "Its words alone"})
    author = ma.fields.Nested(PersonSchema, required=True)
    published_at = ma.fields.DateTime(required=True, allow_none=True, metadata={"description": "Null for a draft"})
    edited_at = ma.fields.DateTime(required=True, allow_none=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The update's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class UpdatesOfProjectParameters(ListParameters):
    """What a list of a project's updates can be narrowed to, and its order."""

    updated_since = changed_since("Updates")
    sort = order_of(update_listing.ORDERS)
    wanted = fields_of(UpdateSchema)


class UpdateParameters(UpdatesOfProjectParameters):
    """What a list of updates can be narrowed to, and its order."""

    project = slug_of_project()
    council = code_of_council("The council it was written for")


@blueprint.route("/updates")
@anyone
@blueprint.arguments(UpdateParameters, location="query")
@blueprint.response(200, list_schema(UpdateSchema))
def list_updates(parameters: dict[str, Any]) -> Response:
    """List the published updates of all projects, the latest first."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-updates", parameters)
    return _answer(asked, UpdateFilters(**asked.filters), etag)


@blueprint.route("/projects/<string:slug>/updates")
@anyone
@blueprint.arguments(UpdatesOfProjectParameters, location="query")
@blueprint.response(200, list_schema(UpdateSchema))
def list_updates_of_project(parameters: dict[str, Any], slug: str) -> Response:
    """List the published updates of one project, the latest first. A slug it had before leads to it (308)."""
    reading = begin_read()
    try:
        project = queries.project_seen_by(reading, slug)
    except NotFound:
        return lead_on(reading, slug, "/updates")
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-updates", parameters, project=str(project.id))
    return _answer(asked, UpdateFilters(**asked.filters), etag)


@blueprint.route("/updates/<uuid:update_id>")
@anyone
@blueprint.arguments(thing_parameters(UpdateSchema), location="query")
@blueprint.response(200, thing_schema(UpdateSchema))
def get_update(parameters: dict[str, Any], update_id: UUID) -> Response:
    """Read one published update; its team reads it as a draft, and withdrawn."""
    reading = begin_read()
    try:
        row = update_listing.update_listed(reading, update_id)
    except NotFound:
        own = update_now(reading, update_id)
        return answer({"data": only(own, parameters["wanted"])}, etag=own["etag"], cache=KEPT_BY_ONE)
    etag = row_etag(row.version, row.revision)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


def _answer(asked: Asked, filters: UpdateFilters, etag: str) -> Response:
    reading = begin_read()
    page = update_listing.updates_listed(
        reading, filters, order=update_listing.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: update_listing.number_of_updates(reading, filters), etag)


def update_now(reading: Reading, update_id: UUID) -> dict[str, Any]:
    """An update as the caller may know of it, also a draft and right after an act on it. Raises NotFound."""
    if isinstance(reading, UnitOfWork):
        reading.session.flush()
    update, _project = queries.update_seen_by(reading, update_id)
    return shown(update_listing.update_in_any_state(reading, update.id))


def shown(row: Any) -> dict[str, Any]:
    """An update as the API shows it."""
    base = current_app.config["PUBLIC_URL"]
    council = {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code}
    return {
        "id": str(row.id),
        "project": {"slug": row.project_slug or str(row.project_id), "title": row.project_title},
        "status": row.status, "title": row.title, "language": row.language,
        "markdown": row.body, "html": row.body_html, "text": plain_text(row.body_html),
        "author": {"display_name": row.author_name, "role": row.author_role or "officer", "council": council},
        "published_at": utc_text(row.published_at), "edited_at": utc_text(row.edited_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{base}/updates/{row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip
