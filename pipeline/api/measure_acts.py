"""Setting what a project measures, and recording what was measured, through the API."""

from typing import Any
from uuid import UUID

from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, Day, Id, NoMembers, Prose, WholeNumber, Word
from pipeline.api.measures import MeasureSchema, ReadingSchema, blueprint, measure_now, reading_shown
from pipeline.api.writing import carry_out, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.measures import actions, queries
from pipeline.measures.models import Measure, MeasureReading
from pipeline.measures.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_VALUE,
    Actual,
    Better,
    MeasureKind,
    Point,
    Terms,
    Unit,
)

MEASURE = thing_schema(MeasureSchema)
READING = thing_schema(ReadingSchema)


def _value(**settings: Any) -> WholeNumber:
    """A value in parts of its unit."""
    described = {"description": "In parts of the unit: half-days, pence, tenths", "example": 9}
    return WholeNumber(MOST_VALUE, least=-MOST_VALUE, metadata=described, **settings)


class MeasureChangeBody(Body):
    """What changes of a measure (JSON Merge Patch): what is left out stays. A value of null goes with its day."""

    name = Prose(LONGEST_NAME, metadata={"example": "Days to answer a report"})
    better = Word(Better, metadata={"example": "less"})
    baseline = _value(allow_none=True)
    baseline_on = Day(allow_none=True, metadata={"example": "2026-01-31"})
    target = _value(allow_none=True)
    target_on = Day(allow_none=True, metadata={"example": "2027-01-31"})


class MeasureBody(MeasureChangeBody):
    """Something to measure. Its kind and unit never change."""

    name = Prose(LONGEST_NAME, required=True, metadata={"example": "Days to answer a report"})
    kind = Word(MeasureKind, load_default=MeasureKind.OUTCOME.value, metadata={"example": "outcome"})
    unit = Word(Unit, required=True, metadata={"example": "days"})
    better = Word(Better, load_default=Better.MORE.value, metadata={"example": "less"})


class ReadingBody(Body):
    """What was measured on a day. Everybody reads the note."""

    value = _value(required=True)
    read_on = Day(required=True, metadata={"example": "2026-10-31"})
    note = Prose(LONGEST_NOTE, load_default="", metadata={"example": "Three of four teams."})


class CarriedBody(ReadingBody):
    """What the draft of an update carries of a measure: it is read with the update."""

    measure = Id(required=True)


def carried_in(body: dict[str, Any]) -> dict[UUID, Actual]:
    """The readings that a body sends with an update, by their measure."""
    return {one["measure"]: Actual(one["value"], one["read_on"], one["note"]) for one in body["readings"]}


@blueprint.route("/projects/<string:slug>/measures", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(MeasureBody, location="json")
@blueprint.response(201, MEASURE)
def add_measure(body: dict[str, Any], slug: str) -> Response:
    """Say what a project measures: of a draft as its team, of a published project as a lead."""

    def add(work: UnitOfWork) -> Measure:
        terms = Terms(
            body["name"], MeasureKind(body["kind"]), Unit(body["unit"]), Better(body["better"]),
            _point(body, "baseline", None), _point(body, "target", None),
        )  # fmt: skip
        return actions.add_measure(work, slug=slug, terms=terms)

    return carry_out(body, add, _measure_after, status=201)


@blueprint.route("/measures/<uuid:measure_id>", methods=["PATCH"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(MeasureChangeBody, location="json")
@blueprint.response(200, MEASURE)
def change_measure(body: dict[str, Any], measure_id: UUID) -> Response:
    """Change what is measured. Needs If-Match. Once the project is published, what it was before is kept and shown."""

    def change(work: UnitOfWork) -> Measure:
        measure = _seen(work, measure_id)
        before = queries.terms_of(measure)
        terms = Terms(
            body.get("name", before.name), before.kind, before.unit, Better(body.get("better", before.better)),
            _point(body, "baseline", before.baseline), _point(body, "target", before.target),
        )  # fmt: skip
        return actions.change_measure(work, measure_id=measure_id, version=measure.version, terms=terms)

    return carry_out(body, change, _measure_after)


@blueprint.route("/measures/<uuid:measure_id>/end", methods=["POST"])
@members
@needs_match
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, MEASURE)
def end_measure(body: dict[str, Any], measure_id: UUID) -> Response:
    """Say that something is no longer measured. Needs If-Match. What was read of it stays."""

    def end(work: UnitOfWork) -> Measure:
        _seen(work, measure_id)
        return actions.end_measure(work, measure_id=measure_id)

    return carry_out(body, end, _measure_after)


@blueprint.route("/measures/<uuid:measure_id>/readings", methods=["POST"])
@members
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(ReadingBody, location="json")
@blueprint.response(201, READING)
def record_reading(body: dict[str, Any], measure_id: UUID) -> Response:
    """Record what was measured, as a lead; of a benefit, what one's own council has of it in a year."""
    actual = Actual(**body)
    return carry_out(
        body, lambda work: actions.record_reading(work, measure_id=measure_id, actual=actual), _reading_after,
        status=201,
    )  # fmt: skip


@blueprint.route("/readings/<uuid:reading_id>/correct", methods=["POST"])
@members
@with_scope(Scope.UPDATES_WRITE)
@blueprint.arguments(ReadingBody, location="json")
@blueprint.response(201, READING)
def correct_reading(body: dict[str, Any], reading_id: UUID) -> Response:
    """Record what a reading should have said. Both stay."""
    actual = Actual(**body)
    return carry_out(
        body, lambda work: actions.correct_reading(work, reading_id=reading_id, actual=actual), _reading_after,
        status=201,
    )  # fmt: skip


def _point(body: dict[str, Any], name: str, before: Point | None) -> Point | None:
    """A value and its day, of which one that is not sent stays. Raises RuleBroken (measure.half_a_point)."""
    value = body.get(name, before and before.value)
    on = body.get(f"{name}_on", before and before.on)
    if (value is None) != (on is None):
        missing = f"{name}_on" if on is None else name
        raise RuleBroken(Problem("measure.half_a_point", Words(_("Give both, the value and its day.")), missing))
    return None if value is None or on is None else Point(value, on)


def _seen(work: UnitOfWork, measure_id: UUID) -> Measure:
    """A measure that the caller has read as it is now. Raises NotFound, VersionMissing, StaleVersion."""
    measure, _project = queries.measure_seen_by(work, measure_id, lock=True)
    check_seen(measure.version, row_etag(measure.version, measure.revision))
    return measure


def _measure_after(work: UnitOfWork, measure: Measure) -> dict[str, Any]:
    work.session.flush()
    return measure_now(work, measure.id)


def _reading_after(work: UnitOfWork, row: MeasureReading) -> dict[str, Any]:
    work.session.flush()
    return reading_shown(queries.reading_listed(work, row.id))
