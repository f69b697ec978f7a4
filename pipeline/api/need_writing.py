"""Saying what a project needs, through the API: asked for, changed, and taken out of a draft."""

from typing import Any
from uuid import UUID

from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, Prose, Truth, WholeNumber, Word
from pipeline.api.needs import NeedSchema, blueprint, need_now
from pipeline.api.writing import carry_out, naming, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.errors import Problem, refuse_if_any
from pipeline.kernel.words import Words, _
from pipeline.pledges import actions
from pipeline.projects.actions.keeping import terms_of
from pipeline.projects.models import Need
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import LONGEST_DESCRIPTION, LONGEST_THING, LONGEST_TITLE, MOST_OF, NeedKind, NeedTerms
from pipeline.projects.terms import MOST_REASON
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE

ANSWER = thing_schema(NeedSchema)
MEMBERS = {"is_essential": "essential", "is_capped": "capped"}
OF_ONE_KIND = {"profession": NeedKind.TIME, "thing": NeedKind.IN_KIND}
MOST_TARGET = max(MOST_OF.values())


class NeedChangeBody(Body):
    """What changes of a need (JSON Merge Patch): what is left out stays. Kind and profession never change."""

    title = Prose(LONGEST_TITLE, metadata={"example": "A user researcher for the alpha"})
    description = Prose(LONGEST_DESCRIPTION, allow_none=True, metadata={"example": "Six interviews, from anywhere."})
    thing = Prose(LONGEST_THING, metadata={"description": "Of a need in kind: one of it, such as “meeting room”"})
    target = WholeNumber(
        MOST_TARGET, least=1, metadata={"description": "In half-days, pence or a number of the thing", "example": 20}
    )
    essential = Truth(metadata={"description": "An all-or-nothing project cannot go ahead without it", "example": True})
    capped = Truth(metadata={"description": "Whether it takes no more than its target", "example": False})
    reason = Prose(
        MOST_REASON,
        load_default="",
        metadata={"description": "Why: needed where what is essential changes and councils have pledged"},
    )


class NeedBody(NeedChangeBody):
    """Something a project asks for: time of a profession, funding, or a number of a thing."""

    kind = Word(NeedKind, required=True, metadata={"example": "time"})
    title = Prose(LONGEST_TITLE, required=True, metadata={"example": "A user researcher for the alpha"})
    profession = Word(
        PROFESSION_BY_VALUE, load_default=None, allow_none=True,
        metadata={"description": "Of officer time", "example": "user-researcher"},
    )  # fmt: skip
    target = WholeNumber(
        MOST_TARGET, least=1, required=True,
        metadata={"description": "In half-days, pence or a number of the thing", "example": 20},
    )  # fmt: skip


@blueprint.route("/projects/<string:slug>/needs", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NeedBody, location="json")
@blueprint.response(201, ANSWER)
def add_need(body: dict[str, Any], slug: str) -> Response:
    """Ask for officer time, funding or a thing: in a draft as its team, of a published project as a lead."""
    kind = NeedKind(body["kind"])
    _check_of_kind(kind, body)
    terms = NeedTerms(
        kind=kind, title=body["title"], target=body["target"], is_essential=body.get("essential", False),
        is_capped=body.get("capped", False), profession=body["profession"],
        thing=body.get("thing", "") if kind is NeedKind.IN_KIND else None, description=body.get("description") or "",
    )  # fmt: skip
    with naming(MEMBERS):
        return carry_out(
            body, lambda work: actions.add_need(work, slug=slug, terms=terms, reason=body["reason"]), _after,
            status=201,
        )  # fmt: skip


@blueprint.route("/needs/<uuid:need_id>", methods=["PATCH"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NeedChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_need(body: dict[str, Any], need_id: UUID) -> Response:
    """Change what a need says or asks for. Needs If-Match."""

    def change(work: UnitOfWork) -> Need:
        need = _seen(work, need_id)
        terms = _terms_changed(terms_of(need), body)
        return actions.change_need(work, need_id=need_id, version=need.version, terms=terms, reason=body["reason"])

    with naming(MEMBERS):
        return carry_out(body, change, _after)


@blueprint.route("/needs/<uuid:need_id>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.response(200, ANSWER)
def remove_need(need_id: UUID) -> Response:
    """Take a need out of a draft. Needs If-Match; the answer holds what it said. Of a published project a need is
    dropped: nothing that councils read disappears."""

    def remove(work: UnitOfWork) -> dict[str, Any]:
        last = need_now(_seen(work, need_id))
        actions.remove_need(work, need_id=need_id)
        return last

    return carry_out({}, remove, lambda _work, last: last)


def _check_of_kind(kind: NeedKind, given: dict[str, Any]) -> None:
    """A profession belongs to officer time, and a thing to what is given in kind. Raises RuleBroken."""
    misplaced = [name for name, of in OF_ONE_KIND.items() if given.get(name) is not None and kind is not of]
    words = Words(_("This belongs to another kind of need."))
    refuse_if_any([Problem("need.other_kind", words, name) for name in misplaced])


def _terms_changed(before: NeedTerms, given: dict[str, Any]) -> NeedTerms:
    _check_of_kind(before.kind, given)
    return NeedTerms(
        kind=before.kind, profession=before.profession, title=given.get("title", before.title),
        target=given.get("target", before.target), is_essential=given.get("essential", before.is_essential),
        is_capped=given.get("capped", before.is_capped), thing=given.get("thing", before.thing),
        description=given.get("description", before.description) or "",
    )  # fmt: skip


def _seen(work: UnitOfWork, need_id: UUID) -> Need:
    """A need that the caller has read as it is now. Raises NotFound, VersionMissing, StaleVersion."""
    need = need_seen_by(work, need_id, lock=True)
    check_seen(need.version, row_etag(need.version, need.revision))
    return need


def _after(work: UnitOfWork, need: Need) -> dict[str, Any]:
    work.session.flush()
    return need_now(need_seen_by(work, need.id))
