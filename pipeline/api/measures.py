"""What projects measure: from a baseline to a target, what was read on the way, and what it gives each council."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    Blueprint,
    ListParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
    row_etag,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    Identifier,
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_project,
    thing_parameters,
)
from pipeline.api.references import ProjectReference
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.measures import queries
from pipeline.measures.models import Measure, MeasureReading
from pipeline.measures.queries import MeasureFilters, ReadingFilters
from pipeline.measures.rules import PARTS, Better, MeasureKind, Unit

blueprint = Blueprint(
    "api_measures", __name__, url_prefix="/api/v1", description="What projects measure, and what they give councils"
)


class MeasureSchema(ma.Schema):
    """Something a project measures. Values are whole numbers of parts: where 10 make one per cent, 425 are 42.5."""

    id = ma.fields.UUID(required=True)
    project = ma.fields.Nested(ProjectReference, required=True)
    name = ma.fields.String(required=True, metadata={"example": "Days to answer a report"})
    kind = ma.fields.String(
        required=True,
        metadata={"description": "`benefit` is what each council has of it in a year. Open-ended; today one of: "
                  + ", ".join(MeasureKind)},
    )  # fmt: skip
    unit = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Unit)})
    parts_per_unit = ma.fields.Integer(required=True, metadata={"example": 2})
    better = ma.fields.String(required=True, metadata={"description": "Which way it should go: " + ", ".join(Better)})
    baseline = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "Where it began"})
    baseline_on = ma.fields.Date(required=True, allow_none=True)
    target = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "Where it should come"})
    target_on = ma.fields.Date(required=True, allow_none=True)
    created_at = ma.fields.DateTime(required=True)
    updated_at = ma.fields.DateTime(required=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True, metadata={"description": "When it was given up"})
    url = ma.fields.String(required=True, metadata={"description": "The page of the project's measures"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class ReadingSchema(ma.Schema):
    """What was measured on a day. It is never edited; `corrects` and `corrected_by` name other readings."""

    id = ma.fields.UUID(required=True)
    measure = ma.fields.UUID(required=True, metadata={"description": "The measure's id"})
    project = ma.fields.Nested(ProjectReference, required=True)
    council = ma.fields.Nested(
        CouncilReference,
        required=True,
        metadata={"description": "For which it was recorded; of a benefit, whose it is"},
    )
    value = ma.fields.Integer(required=True, metadata={"description": "In parts of the unit", "example": 9})
    unit = ma.fields.String(required=True, metadata={"example": "days"})
    parts_per_unit = ma.fields.Integer(required=True, metadata={"example": 2})
    read_on = ma.fields.Date(required=True)
    note = ma.fields.String(required=True)
    update = ma.fields.UUID(required=True, allow_none=True, metadata={"description": "The update that carried it"})
    corrects = ma.fields.UUID(required=True, allow_none=True)
    corrected_by = ma.fields.UUID(required=True, allow_none=True)
    recorded_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The page of the project's measures"})


class MeasuresParameters(ListParameters):
    """What a list of measures can be narrowed to, and its order."""

    project = slug_of_project()
    kind = one_word(MeasureKind, "Outcomes of the work, or what it gives each council")
    updated_since = changed_since("Measures")
    sort = order_of(queries.ORDERS)
    wanted = fields_of(MeasureSchema)


class ReadingsParameters(ListParameters):
    """What a list of readings can be narrowed to, and its order."""

    project = slug_of_project()
    measure = Identifier(metadata={"description": "A measure's id"})
    council = code_of_council("The council it was recorded for")
    sort = order_of(queries.READING_ORDERS)
    wanted = fields_of(ReadingSchema)


@blueprint.route("/measures")
@anyone
@blueprint.arguments(MeasuresParameters, location="query")
@blueprint.response(200, list_schema(MeasureSchema))
def list_measures(parameters: dict[str, Any]) -> Response:
    """List what public projects measure, the last changed first."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked, reading = Asked.of("api-measures", parameters), begin_read()
    filters = MeasureFilters(**asked.filters)
    page = queries.measures_listed(
        reading, filters, order=queries.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, listed, lambda: queries.number_of_measures(reading, filters), etag)


@blueprint.route("/measures/<uuid:measure_id>")
@anyone
@blueprint.arguments(thing_parameters(MeasureSchema), location="query")
@blueprint.response(200, thing_schema(MeasureSchema))
def get_measure(parameters: dict[str, Any], measure_id: UUID) -> Response:
    """Read one measure; of a draft its team."""
    row = measure_now(begin_read(), measure_id)
    return answer({"data": only(row, parameters["wanted"])}, etag=row["etag"])


@blueprint.route("/readings")
@anyone
@blueprint.arguments(ReadingsParameters, location="query")
@blueprint.response(200, list_schema(ReadingSchema))
def list_readings(parameters: dict[str, Any]) -> Response:
    """List what was measured in public projects, the last recorded first. Readings of a draft are not among them."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked, reading = Asked.of("api-readings", parameters), begin_read()
    filters = ReadingFilters(**asked.filters)
    page = queries.readings_listed(
        reading, filters, order=queries.READING_ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, reading_shown, lambda: queries.number_of_all_readings(reading, filters), etag)


@blueprint.route("/readings/<uuid:reading_id>")
@anyone
@blueprint.arguments(thing_parameters(ReadingSchema), location="query")
@blueprint.response(200, thing_schema(ReadingSchema))
def get_reading(parameters: dict[str, Any], reading_id: UUID) -> Response:
    """Read what was measured on a day."""
    row = reading_shown(queries.reading_listed(begin_read(), reading_id))
    return answer({"data": only(row, parameters["wanted"])}, etag=own_etag(row))


def measure_now(reading: Reading, measure_id: UUID) -> dict[str, Any]:
    """A measure as the caller may know of it, also inside an act on it. Raises NotFound."""
    return listed(queries.measure_listed(reading, measure_id))


def listed(row: Any) -> dict[str, Any]:
    """A measure as the API shows it."""
    measure: Measure = row.Measure
    address = row.slug or str(measure.project_id)
    return {
        "id": str(measure.id), "project": {"slug": address, "title": row.title}, "name": measure.name,
        "kind": measure.kind, "unit": measure.unit, "parts_per_unit": PARTS[Unit(measure.unit)],
        "better": measure.better, "baseline": measure.baseline, "baseline_on": _day(measure.baseline_on),
        "target": measure.target, "target_on": _day(measure.target_on),
        "created_at": utc_text(measure.created_at), "updated_at": utc_text(measure.updated_at),
        "ended_at": utc_text(measure.ended_at), "url": _page(address),
        "etag": row_etag(measure.version, measure.revision),
    }  # fmt: skip


def reading_shown(row: Any) -> dict[str, Any]:
    """A reading as the API shows it."""
    one: MeasureReading = row.MeasureReading
    address = row.slug or str(one.project_id)
    return {
        "id": str(one.id), "measure": str(one.measure_id), "project": {"slug": address, "title": row.title},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code},
        "value": one.value, "unit": row.unit, "parts_per_unit": PARTS[Unit(row.unit)], "read_on": _day(one.read_on),
        "note": one.note, "update": one.update_id and str(one.update_id),
        "corrects": one.corrects_id and str(one.corrects_id),
        "corrected_by": row.corrected_by and str(row.corrected_by), "recorded_at": utc_text(one.recorded_at),
        "url": _page(address),
    }  # fmt: skip


def _page(address: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}/projects/{address}/measures"


def _day(day: Any) -> str | None:
    return None if day is None else str(day)
