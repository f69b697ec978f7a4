"""Suggested changes: from a copy to its original, and how its leads answer them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.artefacts import public_artefact
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, NoMembers, Prose, WholeNumber
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    thing_parameters,
)
from pipeline.api.writing import carry_out, needs_key
from pipeline.artefacts.actions import suggesting as actions
from pipeline.artefacts.actions.keeping import text_kept
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.merge import Merged, merge
from pipeline.artefacts.models import Suggestion
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.queries import suggestions as queries
from pipeline.artefacts.queries.suggestions import ORDERS, SuggestionFilters, SuggestionRead, suggestion_of
from pipeline.artefacts.rules import LONGEST_DOCUMENT, LONGEST_REASON, SuggestionStatus, VersionStatus
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.reading import begin_public_read, begin_read, end_read
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _

blueprint = Blueprint(
    "api_suggestions", __name__, url_prefix="/api/v1", description="Changes that copies suggest to their originals"
)

LARGEST_NUMBER = 1_000_000


class SuggestingCouncil(ma.Schema):
    """The council that made a suggestion."""

    slug = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SuggestionSchema(ma.Schema):
    """One suggested change."""

    id = ma.fields.UUID(required=True)
    artefact = ma.fields.String(required=True, metadata={"description": "The slug of the document it was made to"})
    against = ma.fields.Integer(required=True, metadata={"description": "Of that document, the version it changes"})
    copy = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The slug of the copy it comes from"}
    )  # fmt: skip
    council = ma.fields.Nested(SuggestingCouncil, required=True)
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "made"})
    text = ma.fields.String(required=True, metadata={"description": "The whole text with the changes in it"})
    reason = ma.fields.String(required=True)
    answer = ma.fields.String(required=True, metadata={"description": "Why it was declined"})
    was_edited = ma.fields.Boolean(required=True, metadata={"description": "Whether the leads changed it"})
    published_in = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "The version with it"})
    made_at = ma.fields.DateTime(required=True)
    updated_at = ma.fields.DateTime(required=True)
    answered_at = ma.fields.DateTime(required=True, allow_none=True)
    answer_due_on = ma.fields.Date(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "The suggestion's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class SuggestionsParameters(ListParameters):
    """What a list of suggestions can be narrowed to, and its order."""

    status = one_word(SuggestionStatus, "What became of it")
    council = code_of_council("The council that made it")
    updated_since = changed_since("Suggestions")
    sort = order_of(ORDERS)
    wanted = fields_of(SuggestionSchema)


class SuggestBody(Body):
    """A change to suggest. Everybody reads it."""

    copy = Prose(
        80, required=True,
        metadata={"description": "The slug of the copy it comes from", "example": "our-social-media-policy"},
    )  # fmt: skip
    copy_version = WholeNumber(
        LARGEST_NUMBER, least=1, required=True, metadata={"description": "Its current version", "example": 2}
    )
    against = WholeNumber(
        LARGEST_NUMBER, least=1, required=True,
        metadata={"description": "The version the copy is based on", "example": 3},
    )  # fmt: skip
    text = Prose(
        LONGEST_DOCUMENT,
        required=True,
        metadata={"description": "The whole text of that version, with the changes", "example": "# Be kind\n"},
    )
    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "The law changed in April."})


class AcceptBody(Body):
    """Nothing to accept it as it stands, or the whole text as edited."""

    text = Prose(LONGEST_DOCUMENT, load_default=None, allow_none=True)


class DeclineBody(Body):
    """Why not. Everybody reads it."""

    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "Our lawyers ask us to keep this sentence."})


@blueprint.route("/artefacts/<string:slug>/suggestions")
@anyone
@blueprint.arguments(SuggestionsParameters, location="query")
@blueprint.response(200, list_schema(SuggestionSchema))
def list_suggestions(parameters: dict[str, Any], slug: str) -> Response:
    """List the changes suggested to a document, the latest first."""
    reading, artefact = public_artefact(slug)
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-suggestions", parameters, artefact=artefact.id)
    filters = SuggestionFilters(**asked.filters)
    page = queries.suggestions_listed(reading, filters, order=ORDERS[asked.sort], limit=asked.limit, place=asked.place)
    address = artefact.address
    return answer_page(
        asked, page, lambda row: shown(suggestion_of(row), address),
        lambda: queries.number_of_suggestions(reading, filters), etag,
    )  # fmt: skip


@blueprint.route("/suggestions/<uuid:suggestion_id>")
@anyone
@blueprint.arguments(thing_parameters(SuggestionSchema), location="query")
@blueprint.response(200, thing_schema(SuggestionSchema))
def get_suggestion(parameters: dict[str, Any], suggestion_id: UUID) -> Response:
    """Read one suggested change."""
    reading = begin_public_read()
    suggestion, _artefact, _project = queries.suggestion_seen_by(reading, suggestion_id)
    data = _shown(reading, suggestion)
    return not_modified(data["etag"]) or answer({"data": only(data, parameters["wanted"])}, etag=data["etag"])


@blueprint.route("/artefacts/<string:slug>/suggestions", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@needs_key
@takes_up_to(MOST_BODY_OF_DOCUMENT)
@blueprint.arguments(SuggestBody, location="json")
@blueprint.response(201, thing_schema(SuggestionSchema))
def suggest(body: dict[str, Any], slug: str) -> Response:
    """Suggest a change of one's copy to its original."""

    def act(work: UnitOfWork) -> Suggestion:
        artefact, _project = seeing.artefact_seen_by(work, slug)
        against = seeing.version_of(work, artefact, body["against"])
        return actions.make_suggestion(
            work, slug=body["copy"], number=body["copy_version"], against_id=against.id, text=body["text"],
            reason=body["reason"],
        )  # fmt: skip

    return carry_out(body, act, _shown, status=201)


@blueprint.route("/suggestions/<uuid:suggestion_id>/accept", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@takes_up_to(MOST_BODY_OF_DOCUMENT)
@blueprint.arguments(AcceptBody, location="json", required=False)
@blueprint.response(200, thing_schema(SuggestionSchema))
def accept_suggestion(body: dict[str, Any], suggestion_id: UUID) -> Response:
    """Take a suggested change into a draft, as a lead: as it stands, or edited. Where the document changed in the same
    place meanwhile, a lead chooses on the page (409)."""
    act = _accepting(suggestion_id, body.get("text"))
    return carry_out(body, act, _shown)


def _accepting(suggestion_id: UUID, edited: str | None) -> Callable[[UnitOfWork], Suggestion]:
    """What accepts a suggestion, with what it comes to worked out before the work begins."""
    read, number, _current, merged = _looked_at(suggestion_id)
    clean = normal(merged.text or "") if merged is not None and merged.is_clean else None

    def act(work: UnitOfWork) -> Suggestion:
        suggestion, _artefact, _project = queries.suggestion_seen_by(work, suggestion_id)
        taken = text_kept(edited) if edited is not None else clean
        if taken is None and suggestion.status == SuggestionStatus.MADE:
            words = Words(_("The document changed in the same places meanwhile. Choose on the suggestion's page."))
            raise Conflict("suggestion.must_choose", words, ("choose",))
        actions.accept_suggestion(
            work, suggestion_id=suggestion_id, version=read.version, number=number, text=taken or "",
            was_edited=edited is not None and taken != clean,
        )  # fmt: skip
        return suggestion

    return act


def _looked_at(suggestion_id: UUID) -> tuple[SuggestionRead, int, str, Merged | None]:
    """A suggestion, number and text of the current version, and what the two come to where there is a text to merge."""
    reading = begin_read()
    _suggestion, artefact, _project = queries.suggestion_seen_by(reading, suggestion_id)
    current = seeing.current_version_of(reading, artefact)
    read = queries.read_suggestion(reading, suggestion_id)
    number, text = (current.number, current.text) if current else (0, "")
    end_read()
    merged = None if read.against_status is VersionStatus.REMOVED else merge(read.against_text, read.text, text)
    return read, number, text, merged


@blueprint.route("/suggestions/<uuid:suggestion_id>/decline", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(DeclineBody, location="json")
@blueprint.response(200, thing_schema(SuggestionSchema))
def decline_suggestion(body: dict[str, Any], suggestion_id: UUID) -> Response:
    """Decline a suggested change, as a lead, with a reason."""

    def act(work: UnitOfWork) -> Suggestion:
        suggestion, _artefact, _project = queries.suggestion_seen_by(work, suggestion_id, lock=True)
        return actions.decline_suggestion(
            work, suggestion_id=suggestion_id, version=suggestion.version, reason=body["reason"]
        )

    return carry_out(body, act, _shown)


@blueprint.route("/suggestions/<uuid:suggestion_id>/close", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(SuggestionSchema))
def close_suggestion(body: dict[str, Any], suggestion_id: UUID) -> Response:
    """Close a suggestion that has nothing left to add, as a lead: the document says it already, or is kept no more."""
    read, _number, current, merged = _looked_at(suggestion_id)
    changes_nothing = merged is not None and merged.is_clean and normal(merged.text or "") == current

    def act(work: UnitOfWork) -> Suggestion:
        return actions.close_suggestion(
            work, suggestion_id=suggestion_id, version=read.version, changes_nothing=changes_nothing
        )

    return carry_out(body, act, _shown)


@blueprint.route("/suggestions/<uuid:suggestion_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(SuggestionSchema))
def withdraw_suggestion(body: dict[str, Any], suggestion_id: UUID) -> Response:
    """Take a suggested change back, for the council that made it."""
    return carry_out(body, lambda work: actions.withdraw_suggestion(work, suggestion_id=suggestion_id), _shown)


def _shown(reading: Reading, suggestion: Suggestion) -> dict[str, Any]:
    """A suggestion as it stands, also right after an act on it, inside the act's work."""
    if isinstance(reading, UnitOfWork):
        reading.session.flush()
    artefact, _project = seeing.artefact_by_id(reading, suggestion.artefact_id)
    return shown(queries.read_suggestion(reading, suggestion.id), artefact.address)


def shown(one: SuggestionRead, address: str) -> dict[str, Any]:
    """A suggestion as the API shows it."""
    return {
        "id": str(one.id), "artefact": address, "against": one.against_number, "copy": one.copy_slug,
        "council": {"slug": one.council_slug, "name": one.council}, "status": one.status.value, "text": one.text,
        "reason": one.reason, "answer": one.answer, "was_edited": one.was_edited,
        "published_in": one.published_number, "made_at": utc_text(one.made_at), "updated_at": utc_text(one.updated_at),
        "answered_at": utc_text(one.answered_at) if one.answered_at else None,
        "answer_due_on": one.due_on.isoformat() if one.due_on else None,
        "url": f"{current_app.config['PUBLIC_URL']}/documents/{address}/suggestions/{one.id}",
        "etag": row_etag(one.version, one.revision),
    }  # fmt: skip
