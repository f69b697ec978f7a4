"""What is said of a whole document through the API: deleted as a draft, paired with the other language, matched version
by version, and led to another original."""

from typing import Any

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.artefact_acts import LARGEST_NUMBER, DocumentSchema, document_shown, version_after
from pipeline.api.artefacts import VersionSchema, blueprint
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, NoMembers, WholeNumber
from pipeline.api.parameters import SLUG
from pipeline.api.writing import carry_out, needs_match
from pipeline.artefacts.actions import adapting, ending, pairing
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries import seeing
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen

ANSWER = thing_schema(DocumentSchema)


def _slug_of_document(example: str) -> ma.fields.String:
    return ma.fields.String(
        required=True, validate=ma.validate.Regexp(SLUG),
        metadata={"description": "A document's slug or id", "example": example},
    )  # fmt: skip


class PairBody(Body):
    """The document that says the same in the other language."""

    other = _slug_of_document("polisi-cyfryngau-cymdeithasol")


class MatchBody(Body):
    """The number of the version in the other language that says the same; null where none does."""

    other_version = WholeNumber(LARGEST_NUMBER, least=1, required=True, allow_none=True, metadata={"example": 2})


class UpstreamBody(Body):
    """The document the copy comes from from now on, and the version of it that the copy is based on."""

    upstream = _slug_of_document("social-media-policy")
    version = WholeNumber(LARGEST_NUMBER, least=1, required=True, metadata={"example": 3})


@blueprint.route("/artefacts/<string:slug>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.response(200, ANSWER)
def delete_artefact(slug: str) -> Response:
    """Throw away a document that was never published. Needs If-Match; the answer holds what it was. What is published
    is ended instead."""

    def delete(work: UnitOfWork) -> dict[str, Any]:
        last = document_shown(work, _seen(work, slug))
        ending.delete_document(work, slug=slug)
        return last

    return carry_out({}, delete, lambda _work, last: last)


@blueprint.route("/artefacts/<string:slug>/pair", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(PairBody, location="json")
@blueprint.response(200, ANSWER)
def pair_documents(body: dict[str, Any], slug: str) -> Response:
    """Say, as a lead of both, that two documents are one in English and Welsh."""
    return carry_out(
        body, lambda work: pairing.pair_documents(work, slug=slug, other_slug=body["other"]), document_shown
    )  # fmt: skip


@blueprint.route("/artefacts/<string:slug>/unpair", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def unpair_documents(body: dict[str, Any], slug: str) -> Response:
    """Say, as a lead of either, that two documents are not one in two languages."""
    return carry_out(body, lambda work: pairing.unpair(work, slug=slug), document_shown)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/match", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(MatchBody, location="json")
@blueprint.response(200, thing_schema(VersionSchema))
def match_version(body: dict[str, Any], slug: str, number: int) -> Response:
    """Say, as a lead, which version of the document in the other language says the same as a version."""

    def match(work: UnitOfWork) -> Version:
        bounded = min(number, LARGEST_NUMBER)
        return pairing.match_version(work, slug=slug, number=bounded, other_number=body["other_version"])

    return carry_out(body, match, version_after)


@blueprint.route("/artefacts/<string:slug>/change-upstream", methods=["POST"])
@members
@needs_match
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(UpstreamBody, location="json")
@blueprint.response(200, ANSWER)
def change_upstream(body: dict[str, Any], slug: str) -> Response:
    """Let an adapted copy come from another document of its lineage, as a lead. Needs If-Match."""

    def change(work: UnitOfWork) -> Artefact:
        _seen(work, slug)
        return adapting.change_upstream(work, slug=slug, upstream_slug=body["upstream"], number=body["version"])

    return carry_out(body, change, document_shown)


def _seen(work: UnitOfWork, slug: str) -> Artefact:
    """A document that the caller has read as it is now. Raises NotFound, VersionMissing, StaleVersion."""
    artefact, _project = seeing.artefact_seen_by(work, slug, lock=True)
    check_seen(artefact.version, row_etag(artefact.version, artefact.revision))
    return artefact
