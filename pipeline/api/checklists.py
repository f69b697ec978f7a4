"""Checklists: their points, the answers councils publish, and the answers of one's own council."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, NoMembers, Prose, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.description import NAMES
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import changed_since, code_of_council, fields_of, one_word, order_of
from pipeline.api.writing import carry_out
from pipeline.artefacts import policy
from pipeline.artefacts.actions import checklists as actions
from pipeline.artefacts.checklists import LONGEST_NOTE, Answer, Answers, Point, answers_from, points_from
from pipeline.artefacts.models import Artefact, ChecklistAnswers
from pipeline.artefacts.queries import checklists as queries
from pipeline.artefacts.queries.checklists import AnswerFilters, checklist_seen_by
from pipeline.artefacts.queries.seeing import current_version_of
from pipeline.artefacts.rules import PointAnswer, PointStanding
from pipeline.councils.vocabulary import KIND_BY_VALUE
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_public_read, begin_read
from pipeline.kernel.errors import NotAllowed, NotFound

blueprint = Blueprint(
    "api_checklists", __name__, url_prefix="/api/v1", description="Points of checklists, and councils’ answers to them"
)

ANSWERS = "Open-ended; today one of: " + ", ".join(PointAnswer)
ID_OF_POINT = {"description": "Lasts across versions", "example": "3f0c1b2a9d"}


class PointSchema(ma.Schema):
    """A point of a checklist."""

    id = ma.fields.String(required=True, metadata=ID_OF_POINT)
    text = ma.fields.String(required=True, metadata={"example": "Understand users and their needs"})
    standing = ma.fields.String(
        required=True,
        metadata={"description": "Since the version before. Open-ended; today one of: " + ", ".join(PointStanding)},
    )


class DroppedPointSchema(ma.Schema):
    """A point that the version before had and this one has not."""

    id = ma.fields.String(required=True, metadata=ID_OF_POINT)
    text = ma.fields.String(required=True)


class CountsSchema(ma.Schema):
    """How many of each answer."""

    met = ma.fields.Integer(required=True)
    partly = ma.fields.Integer(required=True)
    not_yet = ma.fields.Integer(required=True)
    not_applicable = ma.fields.Integer(required=True)


class CountedPointSchema(PointSchema):
    """A point, with how many councils publish which answer to it."""

    councils = ma.fields.Nested(CountsSchema, required=True)


class PointsSchema(ma.Schema):
    """The points of the current version of a checklist."""

    number = ma.fields.Integer(required=True, metadata={"description": "The version", "example": 2})
    points = ma.fields.List(ma.fields.Nested(CountedPointSchema), required=True)
    dropped = ma.fields.List(ma.fields.Nested(DroppedPointSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "The page of councils' answers"})


class AnswerSchema(ma.Schema):
    """A council's answer to a point."""

    point = ma.fields.String(required=True, metadata=ID_OF_POINT)
    answer = ma.fields.String(required=True, allow_none=True, metadata={"description": ANSWERS})
    note = ma.fields.String(required=True)
    check_again = ma.fields.Boolean(required=True, metadata={"description": "The point was reworded since"})


class CouncilAnswersSchema(ma.Schema):
    """The answers a council publishes, to one version."""

    id = ma.fields.UUID(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    number = ma.fields.Integer(required=True, metadata={"description": "The version they answer", "example": 2})
    published_at = ma.fields.DateTime(required=True)
    counts = ma.fields.Nested(CountsSchema, required=True)
    answers = ma.fields.List(ma.fields.Nested(AnswerSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "Their page"})


class OwnAnswersSchema(ma.Schema):
    """The answers of the council the token acts for, as it has them."""

    number = ma.fields.Integer(required=True, metadata={"description": "The version they answer", "example": 2})
    answers = ma.fields.List(ma.fields.Nested(AnswerSchema), required=True)
    is_published = ma.fields.Boolean(required=True)
    published_number = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "The version everybody sees answers to"}
    )
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class PublishedAnswersParameters(ListParameters):
    """What a list of published answers can be narrowed to, and its order. There is none by how good they are."""

    council = code_of_council("The council that answers")
    kind = one_word(KIND_BY_VALUE, "A kind of council")
    updated_since = changed_since("Answers", "were published")
    sort = order_of(queries.ORDERS)
    wanted = fields_of(CouncilAnswersSchema)


POINT_ID = "^[0-9A-Za-z-]{1,40}$"


class PointAnswerBody(Body):
    """An answer to one point. Members that are left out stay as they are."""

    answer = Word(PointAnswer, allow_none=True, metadata={"example": "partly"})
    note = Prose(LONGEST_NOTE, metadata={"example": "From April on."})


class AnswersBody(Body):
    """Answers by the id of their point. Null takes one back; points that are left out stay as they are. A point that
    was to be checked again is checked with its answer."""

    answers = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Regexp(POINT_ID, error="No point has such an id.")),
        values=ma.fields.Nested(PointAnswerBody, allow_none=True),
        required=True,
        metadata={NAMES: POINT_ID, "example": {"3f0c1b2a9d": {"answer": "met", "note": "Since 2025."}}},
    )


@blueprint.route("/artefacts/<string:slug>/points")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(PointsSchema))
def get_points(_asked: dict[str, Any], slug: str) -> Response:
    """Read the points of a checklist, and how many councils publish which answer to each."""
    reading = begin_public_read()
    artefact, _project = checklist_seen_by(reading, slug)
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    current = current_version_of(reading, artefact)
    if current is None:
        raise NotFound("version")
    counts = queries.counts_by_point(reading, artefact, AnswerFilters())
    none = {word.value: 0 for word in PointAnswer}
    data = {
        "number": current.number,
        "points": [one | {"councils": counts.get(one["id"], none)} for one in current.points],
        "dropped": [{"id": one["id"], "text": one["text"]} for one in current.dropped_points],
        "url": f"{_address(artefact)}/compare",
    }
    return answer({"data": data}, etag=etag)


@blueprint.route("/artefacts/<string:slug>/answers")
@anyone
@blueprint.arguments(PublishedAnswersParameters, location="query")
@blueprint.response(200, list_schema(CouncilAnswersSchema))
def list_answers(parameters: dict[str, Any], slug: str) -> Response:
    """List the answers that councils publish to a checklist, the latest first."""
    reading = begin_public_read()
    artefact, _project = checklist_seen_by(reading, slug)
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-checklist-answers", parameters, artefact=str(artefact.id))
    filters = AnswerFilters(**{name: value for name, value in asked.filters.items() if name != "artefact"})
    order = queries.ORDERS[asked.sort]
    page = queries.published_listed(reading, artefact, filters, order=order, limit=asked.limit, place=asked.place)
    return answer_page(
        asked, page, lambda row: _published(artefact, row),
        lambda: queries.number_published(reading, artefact, filters), etag,
    )  # fmt: skip


@blueprint.route("/artefacts/<string:slug>/own-answers")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(OwnAnswersSchema))
def get_own_answers(_asked: dict[str, Any], slug: str) -> Response:
    """Read the answers of the council the token acts for, published or not."""
    reading = begin_read()
    _check_may_answer(reading)
    artefact, _project = checklist_seen_by(reading, slug)
    data = _own(reading, artefact)
    return answer({"data": data}, etag=data["etag"])


@blueprint.route("/artefacts/<string:slug>/own-answers", methods=["PATCH"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(AnswersBody, location="json")
@blueprint.response(200, thing_schema(OwnAnswersSchema))
def change_own_answers(body: dict[str, Any], slug: str) -> Response:
    """Save answers of one's council to some points. Only the council reads them until they are published."""

    def save(work: UnitOfWork) -> Artefact:
        artefact, _project = checklist_seen_by(work, slug, lock=True)
        row = _seen_row(work, artefact)
        before = answers_from(row.answers) if row else {}
        given = {point: _merged(before, point, one) for point, one in body["answers"].items()}
        actions.answer_points(work, slug=slug, version=row.version if row else 0, answers=given)
        return artefact

    return carry_out(body, save, _own)


@blueprint.route("/artefacts/<string:slug>/own-answers/publish", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(OwnAnswersSchema))
def publish_own_answers(body: dict[str, Any], slug: str) -> Response:
    """Publish the answers of one's council as they stand. Points without an answer are left out."""
    return _act(body, slug, actions.publish_answers)


@blueprint.route("/artefacts/<string:slug>/own-answers/carry-over", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(OwnAnswersSchema))
def carry_own_answers_over(body: dict[str, Any], slug: str) -> Response:
    """Take the answers of one's council over to the current version. What it publishes stays as it is."""
    return _act(body, slug, actions.carry_over)


@blueprint.route("/artefacts/<string:slug>/own-answers/unpublish", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(OwnAnswersSchema))
def unpublish_own_answers(body: dict[str, Any], slug: str) -> Response:
    """Publish the answers of one's council no longer; it keeps them."""
    return _act(body, slug, lambda work, slug, version: actions.unpublish(work, slug=slug))


def _act(body: dict[str, Any], slug: str, act: Any) -> Response:
    """An act on the council's answers as they stand now."""

    def done(work: UnitOfWork) -> Artefact:
        artefact, _project = checklist_seen_by(work, slug, lock=True)
        row = _row(work, artefact)
        act(work, slug=slug, version=row.version if row else 0)
        return artefact

    return carry_out(body, done, _own)


def _row(reading: Reading, artefact: Artefact) -> ChecklistAnswers | None:
    council_id = reading.actor.council_id
    return queries.answers_of(reading, artefact, council_id) if council_id is not None else None


def _seen_row(work: UnitOfWork, artefact: Artefact) -> ChecklistAnswers | None:
    """The council's answers, which must be those the edit was made from. Raises VersionMissing, StaleVersion."""
    row = _row(work, artefact)
    version, revision = (row.version, row.revision) if row else (0, 0)
    check_seen(version, row_etag(version, revision))
    return row


def _check_may_answer(reading: Reading) -> None:
    decision = policy.may_answer_checklist(reading.actor)
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)


def _merged(before: Answers, point: str, given: Mapping[str, Any] | None) -> Answer | None:
    """An answer with what was left out as it was; None to take it back."""
    if given is None:
        return None
    was = before.get(point, Answer(None))
    word = given.get("answer", was.answer)
    return Answer(PointAnswer(word) if word else None, given.get("note", was.note))


def _own(reading: Reading, artefact: Artefact) -> dict[str, Any]:
    """The answers of the actor's council, also inside an act's work. Raises NotFound where no version is in use."""
    reading.session.flush()
    current = current_version_of(reading, artefact)
    row = _row(reading, artefact)
    if current is None and row is None:
        raise NotFound("version")
    own = queries.own_answers(reading, artefact, current)
    version, revision = (row.version, row.revision) if row else (0, 0)
    return {
        "number": own.version.number, "answers": _answers(own.points, own.answers),
        "is_published": own.published_number is not None, "published_number": own.published_number,
        "etag": row_etag(version, revision),
    }  # fmt: skip


def _answers(points: tuple[Point, ...], answers: Answers) -> list[dict[str, Any]]:
    """Answers in the order of their points."""
    return [{"point": point.id, **answers[point.id].as_json()} for point in points if point.id in answers]


def _published(artefact: Artefact, row: Any) -> dict[str, Any]:
    """What a council publishes, as the API shows it."""
    return {
        "id": str(row.id), "council": {"slug": row.slug, "name": row.name, "gss_code": row.gss_code},
        "number": row.number, "published_at": utc_text(row.published_at),
        "counts": {word.value: getattr(row, word.value) for word in PointAnswer},
        "answers": _answers(points_from(row.points), answers_from(row.published_answers)),
        "url": f"{_address(artefact)}/of/{row.slug}",
    }  # fmt: skip


def _address(artefact: Artefact) -> str:
    """Where the pages of answers to a checklist are."""
    return f"{current_app.config['PUBLIC_URL']}/documents/{artefact.slug or artefact.id}/answers"
