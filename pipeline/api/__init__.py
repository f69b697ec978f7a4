"""The JSON API: reading what is public, and acting with a token. One module a subject, over the same queries and
actions as the pages."""

from flask import Flask

from pipeline.api.base import Api, prepare_reading
from pipeline.api.blueprints import all_blueprints
from pipeline.api.description import keep_description
from pipeline.api.export_kinds import LISTED
from pipeline.api.root import VERSION
from pipeline.api.vocabularies import renamed
from pipeline.exports.kinds import EXPORT_KINDS
from pipeline.http.deprecation import prepare_deprecation


def prepare_api(app: Flask) -> None:
    """Register the API under /api/v1 and describe it in one OpenAPI file."""
    app.config.update(API_TITLE="Pipeline", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    prepare_reading(app)
    prepare_deprecation(app)
    api = Api(app)
    for blueprint in all_blueprints():
        api.register_blueprint(blueprint)
    app.register_blueprint(renamed)
    keep_description(app, api.spec.to_dict())
    app.extensions[EXPORT_KINDS] = tuple(one.kind() for one in LISTED.values())
