"""Introductions: a coordinator makes them and says what came of them; the two councils read their own."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, ListParameters, NoParameters, answer, list_schema, own_etag, thing_schema
from pipeline.api.bodies import Body, Id, Prose, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import COUNCIL_CODE, fields_of, one_word, order_of
from pipeline.api.writing import carry_out
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import coordinators, members, with_scope
from pipeline.http.reading import begin_read
from pipeline.introductions import actions, queries
from pipeline.introductions.models import Introduction
from pipeline.introductions.rules import MOST_MESSAGE, Outcome

blueprint = Blueprint(
    "api_introductions", __name__, url_prefix="/api/v1", description="Introducing councils to each other"
)


class IntroductionNeed(ma.Schema):
    """The need it is about, while everybody may know of it."""

    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    project = ma.fields.String(required=True, metadata={"description": "The slug of its project"})


class IntroductionSchema(ma.Schema):
    """Two councils that a coordinator wrote to about each other."""

    id = ma.fields.UUID(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    other = ma.fields.Nested(CouncilReference, required=True)
    need = ma.fields.Nested(IntroductionNeed, required=True, allow_none=True)
    message = ma.fields.String(required=True)
    made_at = ma.fields.DateTime(required=True)
    outcome = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Outcome)}
    )
    outcome_at = ma.fields.DateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class IntroductionsParameters(ListParameters):
    """What a list of introductions can be narrowed to, and its order."""

    outcome = one_word(Outcome, "What came of it")
    sort = order_of(queries.ORDERS)
    wanted = fields_of(IntroductionSchema)


class IntroductionBody(Body):
    """Whom to introduce to whom, and why. The two councils read the message."""

    council = ma.fields.String(
        required=True, validate=ma.validate.Regexp(COUNCIL_CODE),
        metadata={"description": "A council's slug or GSS code", "example": "northborough"},
    )  # fmt: skip
    other = ma.fields.String(
        required=True, validate=ma.validate.Regexp(COUNCIL_CODE),
        metadata={"description": "The other council's slug or GSS code", "example": "eastmere"},
    )  # fmt: skip
    message = Prose(
        MOST_MESSAGE, required=True, metadata={"example": "You both work on repairs. Eastmere has a tester to spare."}
    )
    need = Id(load_default=None, allow_none=True, metadata={"description": "The need it is about, if it is about one"})


class OutcomeBody(Body):
    """What came of it."""

    outcome = Word(Outcome, required=True, metadata={"example": "talking"})


INTRODUCTION = thing_schema(IntroductionSchema)


@blueprint.route("/coordination/introductions")
@coordinators
@blueprint.arguments(IntroductionsParameters, location="query")
@blueprint.response(200, list_schema(IntroductionSchema))
def list_introductions(parameters: dict[str, Any]) -> Response:
    """List all introductions with what came of them, the latest first."""
    reading = begin_read()
    asked = Asked.of("api-introductions", parameters)
    outcome = asked.filters.get("outcome")
    page = queries.introductions_listed(
        reading, outcome=outcome, order=queries.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: queries.number_of_introductions(reading, outcome), None)


@blueprint.route("/coordination/introductions", methods=["POST"])
@coordinators
@with_scope(Scope.COORDINATION_WRITE)
@blueprint.arguments(IntroductionBody, location="json")
@blueprint.response(201, INTRODUCTION)
def make_introduction(body: dict[str, Any]) -> Response:
    """Write to the admins of two councils about each other, and to the leads where it is about a need."""
    values = {name: value for name, value in body.items() if name != "need"} | {"need_id": body["need"]}
    return carry_out(body, lambda work: actions.make_introduction(work, **values), _after, status=201)


@blueprint.route("/coordination/introductions/<uuid:introduction_id>/outcome", methods=["POST"])
@coordinators
@with_scope(Scope.COORDINATION_WRITE)
@blueprint.arguments(OutcomeBody, location="json")
@blueprint.response(200, INTRODUCTION)
def follow_up_introduction(body: dict[str, Any], introduction_id: UUID) -> Response:
    """Say what came of an introduction."""
    outcome = Outcome(body["outcome"])
    return carry_out(
        body,
        lambda work: actions.follow_up_introduction(work, introduction_id=introduction_id, outcome=outcome),
        _after,
    )


@blueprint.route("/introductions/<uuid:introduction_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, INTRODUCTION)
def get_introduction(_asked: dict[str, Any], introduction_id: UUID) -> Response:
    """Read an introduction of one's own council, or in a project one leads."""
    body = {"data": shown(queries.introduction_shown(begin_read(), introduction_id))}
    return answer(body, etag=own_etag(body))


def _after(work: UnitOfWork, introduction: Introduction) -> dict[str, Any]:
    work.session.flush()
    return shown(queries.introduction_shown(work, introduction.id))


def shown(row: Any) -> dict[str, Any]:
    """An introduction as the API shows it."""
    need = None
    if row.need_id is not None and row.project_slug is not None:
        need = {"id": str(row.need_id), "title": row.need_title, "project": row.project_slug}
    return {
        "id": str(row.id),
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.council_gss_code},
        "other": {"slug": row.other_slug, "name": row.other_name, "gss_code": row.other_gss_code},
        "need": need, "message": row.message, "made_at": utc_text(row.made_at), "outcome": row.outcome,
        "outcome_at": utc_text(row.outcome_at), "url": f"{current_app.config['PUBLIC_URL']}/introductions/{row.id}",
    }  # fmt: skip
