"""What a council that ended still has, where several follow it, and which of them is to have it."""

from typing import Any

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import NoParameters, answer, list_schema, own_etag, page_of, thing_schema
from pipeline.api.bodies import Body, Id, Prose, Word
from pipeline.api.councils import blueprint
from pipeline.api.writing import carry_out
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import officers, with_scope
from pipeline.http.reading import begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotAllowed
from pipeline.successions import actions, policy
from pipeline.successions.queries import waiting_of
from pipeline.successions.rules import Assignment, Thing

LONGEST_CODE = 80


class WaitingSchema(ma.Schema):
    """Something that waits for somebody to say which council has it."""

    kind = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Thing)})
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True, metadata={"description": "What it is called; of an officer, the name"})


class AssignedSchema(ma.Schema):
    """How many things passed."""

    assigned = ma.fields.Integer(required=True)


class AssignBody(Body):
    """One thing, and the council that is to have it."""

    kind = Word(Thing, required=True, metadata={"example": "project"})
    id = Id(
        required=True,
        metadata={"description": "See the list", "example": "0196f0a0-0000-7000-8000-000000000000"},
    )
    council = Prose(LONGEST_CODE, required=True, metadata={"description": "Slug or GSS code", "example": "hartlepool"})


@blueprint.route("/councils/<string:council>/reorganisation")
@officers
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(WaitingSchema))
def list_waiting_things(_asked: dict[str, Any], council: str) -> Response:
    """List what a council that ended still has, as its admin or a coordinator; fifty at a time."""
    reading = begin_read()
    ended_id = council_seen_by(reading, council).id
    decision = policy.may_assign(reading.actor, ended_id)
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)
    rows = [{"kind": one.thing, "id": one.id, "title": one.title} for one in waiting_of(reading, ended_id)]
    body = page_of(rows, limit=max(len(rows), 1), next_cursor=None)
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/councils/<string:council>/reorganisation", methods=["POST"])
@officers
@with_scope(Scope.PLEDGES_AUTHORISE)
@blueprint.arguments(AssignBody, location="json")
@blueprint.response(200, thing_schema(AssignedSchema))
def assign_things(body: dict[str, Any], council: str) -> Response:
    """Say which of the councils that follow has something, as an admin of the council that ended or a coordinator."""

    def assign(work: UnitOfWork) -> int:
        ended_id = council_seen_by(work, council).id
        work.require(policy.may_assign(work.actor, ended_id))
        one = Assignment(Thing(body["kind"]), body["id"], council_seen_by(work, body["council"]).id)
        return actions.assign(work, council_id=ended_id, assignments=[one])

    return carry_out(body, assign, lambda _work, number: {"assigned": number})
