"""The first address of the API: it leads to all the others."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline import RELEASE
from pipeline.api.base import Blueprint, NoParameters, answer, not_modified, thing_schema
from pipeline.http.entry import anyone

blueprint = Blueprint("api_root", __name__, url_prefix="/api/v1", description="Where to begin")
VERSION = "1.0.0"
"""The version of the API's description, by semantic versioning; its first number is the one in the address."""

LICENCE = {
    "name": "Open Government Licence v3.0",
    "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
LISTS = (
    "projects", "needs", "pledges", "updates", "lessons", "artefacts", "adoptions", "events", "councils", "themes",
    "phases", "professions", "licences", "nations", "regions", "places", "council-kinds", "exports", "comments",
    "measures", "readings", "search", "statistics", "statistics/partnerships",
)  # fmt: skip


class LicenceSchema(ma.Schema):
    """Under which licence what councils publish here can be used."""

    name = ma.fields.String(required=True, metadata={"example": LICENCE["name"]})
    url = ma.fields.String(required=True, metadata={"example": LICENCE["url"]})


class RootSchema(ma.Schema):
    """What this is, and where everything is found."""

    name = ma.fields.String(required=True, metadata={"example": "Pipeline"})
    version = ma.fields.String(required=True, metadata={"example": VERSION})
    release = ma.fields.String(required=True, metadata={"example": RELEASE})
    licence = ma.fields.Nested(LicenceSchema, required=True)
    documentation = ma.fields.String(required=True, metadata={"description": "The page for developers"})
    description = ma.fields.String(required=True, metadata={"description": "The OpenAPI 3.1 description"})
    links = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        metadata={"description": "Every list, by name"},
    )


@blueprint.route("/")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(RootSchema))
def get_root(_asked: dict[str, Any]) -> Response:
    """Begin here: links to every list, the licence and the documentation."""
    etag = f"root.{RELEASE}"
    return not_modified(etag) or answer({"data": _root(current_app.config["PUBLIC_URL"])}, etag=etag)


def _root(base: str) -> dict[str, Any]:
    return {
        "name": "Pipeline",
        "version": VERSION,
        "release": RELEASE,
        "licence": LICENCE,
        "documentation": f"{base}/developers",
        "description": f"{base}/api/v1/openapi.json",
        "links": {name: f"{base}/api/v1/{name}" for name in LISTS},
    }
