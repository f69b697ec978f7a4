"""Adoptions: who uses which version of a shared document, as is or adapted; adopting, adapting, and the lineage."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.artefacts import check_number, public_artefact
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    StrictBoolean,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, Day, Prose, WholeNumber
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_document,
    thing_parameters,
)
from pipeline.api.writing import carry_out, needs_key, needs_match
from pipeline.artefacts.actions import adapting, adopting
from pipeline.artefacts.actions.adapting import CopyBegun
from pipeline.artefacts.adoption_rules import LONGEST_END_REASON, LONGEST_NOTE, AdoptionDetails
from pipeline.artefacts.models import Adoption
from pipeline.artefacts.queries import lineage, register, seeing
from pipeline.artefacts.queries.lineage import Relative
from pipeline.artefacts.queries.register import PUBLIC_STANDINGS, RegisterFilters
from pipeline.artefacts.rules import LONGEST_APPROVER, LONGEST_TITLE, AdoptionStanding
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_read

blueprint = Blueprint(
    "api_adoptions", __name__, url_prefix="/api/v1", description="Which councils use which version of shared documents"
)

LONGEST_SLUG = 80
LARGEST_NUMBER = 1_000_000
STANDINGS = "Open-ended; today one of: " + ", ".join(AdoptionStanding)


class ArtefactReference(ma.Schema):
    """A shared document in a few words."""

    slug = ma.fields.String(required=True, metadata={"example": "model-social-media-policy"})
    title = ma.fields.String(required=True)


class AdoptionSchema(ma.Schema):
    """That a council uses a shared document."""

    id = ma.fields.UUID(required=True)
    artefact = ma.fields.Nested(ArtefactReference, required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    standing = ma.fields.String(required=True, metadata={"description": STANDINGS, "example": "as_is"})
    version = ma.fields.Integer(
        required=True, metadata={"description": "The version it uses; of an adapted one, that its copy last took in"}
    )
    versions_behind = ma.fields.Integer(
        required=True, metadata={"description": "Versions published since and not withdrawn", "example": 1}
    )
    copy = ma.fields.Nested(ArtefactReference, required=True, allow_none=True)
    approved_by = ma.fields.String(required=True, metadata={"example": "Cabinet"})
    approved_on = ma.fields.Date(required=True, allow_none=True)
    review_on = ma.fields.Date(required=True, allow_none=True)
    note = ma.fields.String(required=True)
    started_at = ma.fields.DateTime(required=True)
    moved_at = ma.fields.DateTime(required=True, allow_none=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The adoption's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class CopyBegunSchema(ma.Schema):
    """A copy that was begun: the adoption that is prepared, and where the copy is written."""

    id = ma.fields.UUID(required=True, metadata={"description": "Of the copy: its address until it is published"})
    title = ma.fields.String(required=True)
    licence = ma.fields.String(required=True, metadata={"example": "OGL-UK-3.0"})
    draft_id = ma.fields.UUID(required=True)
    adoption_id = ma.fields.UUID(required=True)
    upstream = ma.fields.Nested(ArtefactReference, required=True)
    base = ma.fields.Integer(required=True, metadata={"description": "The version it was made from"})
    url = ma.fields.String(required=True, metadata={"description": "The copy's page"})


class RelativeSchema(ma.Schema):
    """A document of a lineage."""

    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    council = ma.fields.String(required=True, metadata={"description": "The slug of the council that keeps it"})
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "published"})
    version = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "Its current version"})
    upstream = ma.fields.String(required=True, allow_none=True, metadata={"description": "A slug of this lineage"})
    base = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "The upstream's version it took"})
    versions_behind = ma.fields.Integer(required=True)
    generation = ma.fields.Integer(required=True)
    copies_not_shown = ma.fields.Integer(required=True, metadata={"description": "Further copies of it"})


class LineageSchema(ma.Schema):
    """What was made from what. Of many copies of one document the first 100 are shown."""

    documents = ma.fields.List(ma.fields.Nested(RelativeSchema), required=True)
    known = ma.fields.Integer(required=True, metadata={"description": "How many there are in all"})
    not_shown = ma.fields.Integer(required=True)


class RegisterParameters(ListParameters):
    """What a list of adoptions can be narrowed to, and its order."""

    council = code_of_council("The council that uses it")
    standing = one_word(PUBLIC_STANDINGS, "Without it, those that have not ended")
    behind = StrictBoolean(metadata={"description": "Whether a newer version lives than the one used"})
    updated_since = changed_since("Adoptions, ended ones too,")
    sort = order_of(register.ORDERS)
    wanted = fields_of(AdoptionSchema)


class AdoptionsParameters(RegisterParameters):
    """The same, of all documents."""

    artefact = slug_of_document("The document that is used, by slug or id")


class AdoptionBody(Body):
    """What a council records. Everybody reads it."""

    approved_by = Prose(LONGEST_APPROVER, load_default="", metadata={"example": "Cabinet"})
    approved_on = Day(load_default=None, allow_none=True)
    review_on = Day(load_default=None, allow_none=True, metadata={"description": "When it is looked at again"})
    note = Prose(LONGEST_NOTE, load_default="")


class AdoptionChangeBody(Body):
    """What is to change (JSON Merge Patch). What is left out stays; null takes a date away."""

    approved_by = Prose(LONGEST_APPROVER)
    approved_on = Day(allow_none=True)
    review_on = Day(allow_none=True)
    note = Prose(LONGEST_NOTE)


class MoveBody(Body):
    """To which version; without it, to the current one."""

    version = WholeNumber(LARGEST_NUMBER, least=1, load_default=None, allow_none=True)


class EndBody(Body):
    """Why the council uses it no longer. Everybody reads it."""

    reason = Prose(LONGEST_END_REASON, load_default="")


class AdaptBody(Body):
    """Where the copy is kept and what it is called; without a project, in *Documents of (council)*."""

    project = Prose(LONGEST_SLUG, load_default=None, allow_none=True, metadata={"description": "A project's slug"})
    title = Prose(LONGEST_TITLE, load_default="", metadata={"description": "Without it, the original's"})
    licence = Prose(20, load_default="", metadata={"description": "Without it, the original's", "example": "CC-BY-4.0"})


@blueprint.route("/adoptions")
@anyone
@blueprint.arguments(AdoptionsParameters, location="query")
@blueprint.response(200, list_schema(AdoptionSchema))
def list_adoptions(parameters: dict[str, Any]) -> Response:
    """List who uses which document, the latest first."""
    etag = list_etag()
    return not_modified(etag) or _list(Asked.of("api-adoptions", parameters), etag)


@blueprint.route("/artefacts/<string:slug>/register")
@anyone
@blueprint.arguments(RegisterParameters, location="query")
@blueprint.response(200, list_schema(AdoptionSchema))
def list_register(parameters: dict[str, Any], slug: str) -> Response:
    """List who uses one document, the latest first: its register."""
    return _list_of(parameters, slug)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/adoptions")
@anyone
@blueprint.arguments(RegisterParameters, location="query")
@blueprint.response(200, list_schema(AdoptionSchema))
def list_adoptions_of_version(parameters: dict[str, Any], slug: str, number: int) -> Response:
    """List who uses one version of a document, the latest first."""
    reading, artefact = public_artefact(slug)
    check_number(reading, artefact, number)
    return _list_of(parameters, slug, number=number)


@blueprint.route("/adoptions/<uuid:adoption_id>")
@anyone
@blueprint.arguments(thing_parameters(AdoptionSchema), location="query")
@blueprint.response(200, thing_schema(AdoptionSchema))
def get_adoption(parameters: dict[str, Any], adoption_id: UUID) -> Response:
    """Read one adoption."""
    reading = begin_read()
    row = register.adoption_listed(reading, adoption_id)
    etag = row_etag(row.version, row.revision)
    if unchanged := not_modified(etag):
        return unchanged
    data = only(shown(row, register.live_numbers_in(reading, [row.artefact_id])), parameters["wanted"])
    return answer({"data": data}, etag=etag)


@blueprint.route("/artefacts/<string:slug>/lineage")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(LineageSchema))
def get_lineage(_parameters: dict[str, Any], slug: str) -> Response:
    """Read what was made from what: the first document, its copies, and copies of copies, each after its upstream."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    reading, artefact = public_artefact(slug)
    found = lineage.lineage_of(reading, artefact)
    slugs = {one.id: one.slug for one in found.lines}
    data = {
        "documents": [_relative(one, slugs) for one in found.lines],
        "known": found.known,
        "not_shown": found.not_shown,
    }
    return answer({"data": data}, etag=etag)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/adoptions", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@needs_key
@blueprint.arguments(AdoptionBody, location="json", required=False)
@blueprint.response(201, thing_schema(AdoptionSchema))
def adopt_version(body: dict[str, Any], slug: str, number: int) -> Response:
    """Adopt a version as it is, for the council the token acts for. Needs an Idempotency-Key."""

    def adopt(work: UnitOfWork) -> Adoption:
        return adopting.adopt_version(work, slug=slug, number=number, details=AdoptionDetails(**body))

    return carry_out(body, adopt, shown_after, status=201)


@blueprint.route("/adoptions/<uuid:adoption_id>", methods=["PATCH"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(AdoptionChangeBody, location="json")
@blueprint.response(200, thing_schema(AdoptionSchema))
def change_adoption(body: dict[str, Any], adoption_id: UUID) -> Response:
    """Change what is recorded of an adoption of one's council. Needs If-Match."""

    def change(work: UnitOfWork) -> Adoption:
        adoption = _seen(work, adoption_id)
        now = {name: getattr(adoption, name) for name in adopting.DETAILS}
        return adopting.change_adoption(
            work, adoption_id=adoption_id, version=adoption.version, details=AdoptionDetails(**now | body)
        )

    return carry_out(body, change, shown_after)


@blueprint.route("/adoptions/<uuid:adoption_id>/move-up", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(MoveBody, location="json", required=False)
@blueprint.response(200, thing_schema(AdoptionSchema))
def move_up(body: dict[str, Any], adoption_id: UUID) -> Response:
    """Use a newer version from now on: the current one unless another is named."""

    def move(work: UnitOfWork) -> Adoption:
        return adopting.move_up(work, adoption_id=adoption_id, number=body["version"])

    return carry_out(body, move, shown_after)


@blueprint.route("/adoptions/<uuid:adoption_id>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(AdoptionSchema))
def end_adoption(_parameters: dict[str, Any], adoption_id: UUID) -> Response:
    """Say that one's council uses a document no longer. The adoption stays, as ended. Needs If-Match."""

    def end(work: UnitOfWork) -> Adoption:
        _seen(work, adoption_id)
        return adopting.end_adoption(work, adoption_id=adoption_id)

    return carry_out({}, end, shown_after)


@blueprint.route("/adoptions/<uuid:adoption_id>/end", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(EndBody, location="json", required=False)
@blueprint.response(200, thing_schema(AdoptionSchema))
def end_adoption_because(body: dict[str, Any], adoption_id: UUID) -> Response:
    """Say that one's council uses a document no longer, and why. The adoption stays, as ended."""

    def end(work: UnitOfWork) -> Adoption:
        return adopting.end_adoption(work, adoption_id=adoption_id, **body)

    return carry_out(body, end, shown_after)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/adapt", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@needs_key
@blueprint.arguments(AdaptBody, location="json", required=False)
@blueprint.response(201, thing_schema(CopyBegunSchema))
def adapt_version(body: dict[str, Any], slug: str, number: int) -> Response:
    """Begin an adapted copy of a version, for the council the token acts for. Needs an Idempotency-Key."""

    def adapt(work: UnitOfWork) -> CopyBegun:
        return adapting.adapt_version(
            work, slug=slug, number=number, project_slug=body["project"] or None, title=body["title"],
            licence=body["licence"],
        )  # fmt: skip

    return carry_out(body, adapt, _begun(slug, number), status=201)


def _list_of(parameters: dict[str, Any], slug: str, **within: Any) -> Response:
    _reading, artefact = public_artefact(slug)
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    return _list(Asked.of("api-adoptions", parameters, artefact=str(artefact.id), **within), etag)


def _list(asked: Asked, etag: str) -> Response:
    reading, filters = begin_read(), filters_of(asked.filters)
    page = register.adoptions_listed(
        reading, filters, order=register.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    live = register.live_numbers_in(reading, {row.artefact_id for row in page.rows})
    return answer_page(
        asked, page, lambda row: shown(row, live), lambda: register.number_of_adoptions(reading, filters), etag
    )


def filters_of(given: dict[str, Any]) -> RegisterFilters:
    """What a list of adoptions is narrowed to, from the parameters that say so."""
    bound = dict(given)
    standing = bound.pop("standing", None)
    return RegisterFilters(
        standing=AdoptionStanding(standing) if standing else None, is_behind=bound.pop("behind", None),
        with_ended="updated_since" in bound, **bound,
    )  # fmt: skip


def _seen(work: UnitOfWork, adoption_id: UUID) -> Adoption:
    """An adoption the edit was made from. Raises NotFound, VersionMissing, StaleVersion."""
    adoption, _artefact, _project = seeing.adoption_seen_by(work, adoption_id, lock=True)
    check_seen(adoption.version, row_etag(adoption.version, adoption.revision))
    return adoption


def shown_after(work: UnitOfWork, adoption: Adoption) -> dict[str, Any]:
    """An adoption as it stands after an act on it, inside the act's work."""
    work.session.flush()
    row = register.adoption_listed(work, adoption.id, work.actor)
    return shown(row, register.live_numbers_in(work, [row.artefact_id]))


def _begun(slug: str, number: int) -> Callable[[UnitOfWork, CopyBegun], dict[str, Any]]:
    def shown_begun(work: UnitOfWork, begun: CopyBegun) -> dict[str, Any]:
        original, _project = seeing.artefact_seen_by(work, slug)
        return {
            "id": begun.artefact.id, "title": begun.artefact.title, "licence": begun.artefact.licence,
            "draft_id": begun.draft.id, "adoption_id": begun.adoption.id,
            "upstream": {"slug": original.slug, "title": original.title}, "base": number,
            "url": f"{current_app.config['PUBLIC_URL']}/documents/{begun.artefact.id}",
        }  # fmt: skip

    return shown_begun


def shown(row: Any, live: dict[UUID, list[int]]) -> dict[str, Any]:
    """An adoption as the API shows it."""
    copy = {"slug": row.copy_slug, "title": row.copy_title} if row.copy_slug else None
    return {
        "id": str(row.id), "artefact": {"slug": row.artefact_slug, "title": row.artefact_title},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code},
        "standing": row.standing, "version": row.number, "versions_behind": register.behind_of(row, live),
        "copy": copy, "approved_by": row.approved_by, "approved_on": _day(row.approved_on),
        "review_on": _day(row.review_on), "note": row.note, "started_at": utc_text(row.started_at),
        "moved_at": utc_text(row.moved_at), "ended_at": utc_text(row.ended_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{current_app.config['PUBLIC_URL']}/adoptions/{row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip


def _relative(one: Relative, slugs: dict[UUID, str | None]) -> dict[str, Any]:
    return {
        "slug": one.slug, "title": one.title, "council": one.council_slug, "status": one.status.value,
        "version": one.current_number, "upstream": slugs.get(one.upstream_id) if one.upstream_id else None,
        "base": one.base_number, "versions_behind": one.behind, "generation": one.depth,
        "copies_not_shown": one.more_copies,
    }  # fmt: skip


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()
