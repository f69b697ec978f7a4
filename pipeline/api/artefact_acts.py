"""Writing shared documents by the API: begun, drafted, published, changed, withdrawn, ended. Team and leads only."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.artefacts import VersionSchema, blueprint, version_shown
from pipeline.api.base import NoParameters, answer, list_schema, own_etag, page_of, row_etag, thing_schema
from pipeline.api.bodies import Body, Day, NoMembers, Prose, Truth, WholeNumber, Word
from pipeline.api.parameters import SLUG
from pipeline.api.writing import carry_out, needs_match
from pipeline.artefacts import policy
from pipeline.artefacts.actions import discarding, drafting, ending, publishing, withdrawing
from pipeline.artefacts.models import Artefact, Draft, Version
from pipeline.artefacts.queries import document, seeing
from pipeline.artefacts.rules import (
    DEFAULT_LICENCE,
    LONGEST_CHANGE_NOTE,
    LONGEST_DOCUMENT,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    ArtefactKind,
    DocumentDetails,
    DraftStatus,
    DraftText,
)
from pipeline.artefacts.written import written_document
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_read, end_read
from pipeline.http.requests import MOST_BODY_OF_DOCUMENT, takes_up_to
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotAllowed, NotFound
from pipeline.kernel.translation import LANGUAGES

LICENCE = {"description": "See /licences", "example": DEFAULT_LICENCE}
LARGEST_NUMBER = 1_000_000


class DraftSchema(ma.Schema):
    """A draft of a version. Only the team of the document sees it."""

    id = ma.fields.UUID(required=True)
    artefact = ma.fields.String(required=True, metadata={"description": "The document's slug, or its id before that"})
    title = ma.fields.String(required=True)
    markdown = ma.fields.String(required=True)
    licence = ma.fields.String(required=True, metadata=LICENCE)
    change_note = ma.fields.String(required=True)
    is_major = ma.fields.Boolean(required=True)
    started_from = ma.fields.Integer(required=True, allow_none=True)
    is_behind = ma.fields.Boolean(
        required=True, metadata={"description": "A newer version was published since: take that in first"}
    )
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "open"})
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The draft's page"})
    etag = ma.fields.String(required=True, metadata={"example": "2.2.2026-11"})


class DocumentSchema(ma.Schema):
    """A document after an act on it."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, allow_none=True, metadata={"description": "Null until it is published"})
    kind = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    review_on = ma.fields.Date(required=True, allow_none=True)
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "draft"})
    current_version = ma.fields.Integer(required=True, allow_none=True)
    url = ma.fields.String(required=True, metadata={"description": "The document's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class BegunSchema(DocumentSchema):
    """A document that was begun, with its first draft."""

    draft = ma.fields.Nested(DraftSchema, required=True)


class TextBody(Body):
    """What is written in a draft."""

    title = Prose(LONGEST_TITLE, required=True, metadata={"example": "Social media policy"})
    markdown = Prose(LONGEST_DOCUMENT, load_default="", metadata={"description": "CommonMark with tables"})
    licence = ma.fields.String(load_default=DEFAULT_LICENCE, validate=ma.validate.Length(1, 20), metadata=LICENCE)
    change_note = Prose(LONGEST_CHANGE_NOTE, load_default="")
    is_major = Truth(load_default=False)


class BeginBody(TextBody):
    """A new document with its first draft."""

    kind = Word(ArtefactKind, required=True, metadata={"example": "policy"})
    summary = Prose(LONGEST_SUMMARY, load_default="")
    language = Word(LANGUAGES, load_default="en")
    review_on = Day(load_default=None, allow_none=True)
    project = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Regexp(SLUG),
        metadata={"description": "The slug or id of a project of yours; without one your council keeps the document"},
    )


class TextChangeBody(Body):
    """Members that are not sent stay as they are (JSON Merge Patch)."""

    title = Prose(LONGEST_TITLE)
    markdown = Prose(LONGEST_DOCUMENT)
    licence = ma.fields.String(validate=ma.validate.Length(1, 20), metadata=LICENCE)
    change_note = Prose(LONGEST_CHANGE_NOTE)
    is_major = Truth()


class DetailsChangeBody(Body):
    """Members that are not sent stay as they are (JSON Merge Patch)."""

    kind = Word(ArtefactKind)
    summary = Prose(LONGEST_SUMMARY)
    review_on = Day(allow_none=True)


class StartBody(Body):
    """A new draft starts from the current version; with `restore` it brings back the text of an earlier one."""

    restore = WholeNumber(LARGEST_NUMBER, least=1, load_default=None, allow_none=True)


class PublishBody(Body):
    """What is new in the version."""

    change_note = Prose(LONGEST_CHANGE_NOTE, required=True, metadata={"example": "Says who answers complaints."})
    is_major = Truth(
        required=True,
        metadata={"description": "Councils that use it are told at once", "example": False},
    )


class WithdrawVersionBody(Body):
    """Why nobody should use the version. Everybody reads it."""

    reason = Prose(LONGEST_CHANGE_NOTE, required=True, metadata={"example": "It quotes a law that has changed."})


@blueprint.route("/artefacts", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@takes_up_to(MOST_BODY_OF_DOCUMENT)
@blueprint.arguments(BeginBody, location="json")
@blueprint.response(201, thing_schema(BegunSchema))
def begin_artefact(body: dict[str, Any]) -> Response:
    """Begin a document with its first draft, in a project of one's team or among one's council's own documents."""
    details = DocumentDetails(ArtefactKind(body["kind"]), body["summary"], body["review_on"])

    def begin(work: UnitOfWork) -> drafting.Begun:
        return drafting.begin_document(
            work, details=details, draft=_text_of(body), language=body["language"], project_slug=body["project"]
        )

    def begun_shown(work: UnitOfWork, begun: drafting.Begun) -> dict[str, Any]:
        return document_shown(work, begun.artefact) | {"draft": draft_shown(work, begun.draft)}

    return carry_out(body, begin, begun_shown, status=201)


def _text_of(body: dict[str, Any]) -> DraftText:
    return DraftText(body["title"], body["markdown"], body["licence"], body["change_note"], body["is_major"])


@blueprint.route("/artefacts/<string:slug>", methods=["PATCH"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(DetailsChangeBody, location="json")
@blueprint.response(200, thing_schema(DocumentSchema))
def change_artefact(body: dict[str, Any], slug: str) -> Response:
    """Change the summary, kind or review date of a document. Needs If-Match."""

    def change(work: UnitOfWork) -> Artefact:
        artefact, _project = seeing.artefact_seen_by(work, slug, lock=True)
        check_seen(artefact.version, row_etag(artefact.version, artefact.revision))
        now = {"kind": artefact.kind, "summary": artefact.summary, "review_on": artefact.review_on} | body
        details = DocumentDetails(ArtefactKind(now["kind"]), now["summary"], now["review_on"])
        return ending.change_document(work, slug=slug, version=artefact.version, details=details)

    return carry_out(body, change, document_shown)


@blueprint.route("/artefacts/<string:slug>/end", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(DocumentSchema))
def end_artefact(body: dict[str, Any], slug: str) -> Response:
    """Keep a document no longer, as a lead. Its versions stay, and copies stand on their own."""
    return carry_out(body, lambda work: ending.end_document(work, slug=slug), document_shown)


@blueprint.route("/artefacts/<string:slug>/reopen", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(DocumentSchema))
def reopen_artefact(body: dict[str, Any], slug: str) -> Response:
    """Keep a document again, as a lead."""
    return carry_out(body, lambda work: ending.reopen_document(work, slug=slug), document_shown)


@blueprint.route("/artefacts/<string:slug>/drafts")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(DraftSchema))
def list_drafts(parameters: dict[str, Any], slug: str) -> Response:
    """List the open drafts of a document, for its team; the last changed first, at most 20."""
    reading = begin_read()
    artefact, project = seeing.artefact_seen_by(reading, slug)
    decision = policy.may_write_draft(reading.actor, seeing.artefact_facts_of(reading, artefact, project))
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)
    lines = document.open_drafts_of(reading, artefact)
    rows = [draft_shown(reading, reading.session.get_one(Draft, line.id)) for line in lines]
    body = page_of(rows, limit=max(len(rows), 1), next_cursor=None)
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/artefacts/<string:slug>/drafts", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(StartBody, location="json", required=False)
@blueprint.response(201, thing_schema(DraftSchema))
def start_draft(body: dict[str, Any], slug: str) -> Response:
    """Start a new version from the current one, or bring back the text of an earlier one."""
    restore = body.get("restore")
    return carry_out(
        body, lambda work: drafting.start_draft(work, slug=slug, restore=restore), draft_shown, status=201
    )  # fmt: skip


@blueprint.route("/artefacts/<string:slug>/drafts/<uuid:draft_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(DraftSchema))
def get_draft(parameters: dict[str, Any], slug: str, draft_id: UUID) -> Response:
    """Read a draft, for the team of the document and whoever was asked to check it."""
    reading = begin_read()
    data = draft_shown(reading, _found(reading, slug, draft_id))
    return answer({"data": data}, etag=data["etag"], cache=KEPT_BY_ONE)


@blueprint.route("/artefacts/<string:slug>/drafts/<uuid:draft_id>", methods=["PATCH"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@takes_up_to(MOST_BODY_OF_DOCUMENT)
@blueprint.arguments(TextChangeBody, location="json")
@blueprint.response(200, thing_schema(DraftSchema))
def change_draft(body: dict[str, Any], slug: str, draft_id: UUID) -> Response:
    """Write a draft anew. Needs If-Match."""

    def change(work: UnitOfWork) -> Draft:
        draft = _found(work, slug, draft_id, lock=True)
        check_seen(draft.version, row_etag(draft.version, draft.revision))
        now = {
            "title": draft.title, "markdown": draft.text, "licence": draft.licence, "change_note": draft.change_note,
            "is_major": draft.is_major,
        }  # fmt: skip
        return drafting.save_draft(work, draft_id=draft_id, version=draft.version, text=_text_of(now | body))

    return carry_out(body, change, draft_shown)


@blueprint.route("/artefacts/<string:slug>/drafts/<uuid:draft_id>/publish", methods=["POST"])
@members
@needs_match
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(PublishBody, location="json")
@blueprint.response(201, thing_schema(VersionSchema))
def publish_draft(body: dict[str, Any], slug: str, draft_id: UUID) -> Response:
    """Publish a draft as the next version, as a lead. Needs If-Match: what was not read is not published."""
    reading = begin_read()
    draft = _found(reading, slug, draft_id)
    written = written_document(draft.text, reading.session.get_one(Artefact, draft.artefact_id).language)
    end_read()

    def publish(work: UnitOfWork) -> Version:
        draft = _found(work, slug, draft_id, lock=True)
        check_seen(draft.version, row_etag(draft.version, draft.revision))
        return publishing.publish_version(
            work, draft_id=draft_id, version=draft.version, written=written, change_note=body["change_note"],
            is_major=body["is_major"],
        )  # fmt: skip

    return carry_out(body, publish, version_after, status=201)


@blueprint.route("/artefacts/<string:slug>/drafts/<uuid:draft_id>/discard", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, thing_schema(DocumentSchema))
def discard_draft(body: dict[str, Any], slug: str, draft_id: UUID) -> Response:
    """Throw a draft away."""

    def discard(work: UnitOfWork) -> Artefact:
        _found(work, slug, draft_id)
        return discarding.discard_draft(work, draft_id=draft_id)

    return carry_out(body, discard, document_shown)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/withdraw", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(WithdrawVersionBody, location="json")
@blueprint.response(200, thing_schema(VersionSchema))
def withdraw_version(body: dict[str, Any], slug: str, number: int) -> Response:
    """Say of a version that nobody should use it, as a lead. It stays addressable."""

    def withdraw(work: UnitOfWork) -> Version:
        bounded = min(number, LARGEST_NUMBER)
        return withdrawing.withdraw_version(work, slug=slug, number=bounded, reason=body["reason"])

    return carry_out(body, withdraw, version_after)


def _found(reading: Reading, slug: str, draft_id: UUID, *, lock: bool = False) -> Draft:
    """A draft under the address of its document. Raises NotFound."""
    draft, artefact, _project = seeing.draft_seen_by(reading, draft_id, lock=lock)
    if slug not in (artefact.slug, str(artefact.id)):
        raise NotFound("draft")
    return draft


def document_shown(_reading: Reading, artefact: Artefact) -> dict[str, Any]:
    """A document as its team's API shows it."""
    return {
        "id": str(artefact.id), "slug": artefact.slug, "kind": artefact.kind, "summary": artefact.summary,
        "review_on": artefact.review_on.isoformat() if artefact.review_on else None, "status": artefact.status,
        "current_version": artefact.current_number, "url": _page(artefact),
        "etag": row_etag(artefact.version, artefact.revision),
    }  # fmt: skip


def _page(artefact: Artefact) -> str:
    return f"{current_app.config['PUBLIC_URL']}/documents/{artefact.slug or artefact.id}"


def draft_shown(reading: Reading, draft: Draft) -> dict[str, Any]:
    """A draft as its team's API shows it."""
    artefact = reading.session.get_one(Artefact, draft.artefact_id)
    started = reading.session.get_one(Version, draft.started_from_id).number if draft.started_from_id else None
    is_open = draft.status == DraftStatus.OPEN
    return {
        "id": str(draft.id), "artefact": artefact.address, "title": draft.title,
        "markdown": draft.text, "licence": draft.licence, "change_note": draft.change_note,
        "is_major": draft.is_major, "started_from": started,
        "is_behind": is_open and publishing.is_behind(artefact, started or 0), "status": draft.status,
        "updated_at": utc_text(draft.updated_at), "url": f"{_page(artefact)}/drafts/{draft.id}",
        "etag": row_etag(draft.version, draft.revision),
    }  # fmt: skip


def version_after(work: UnitOfWork, version: Version) -> dict[str, Any]:
    """A version as it stands after an act on it, inside the act's work."""
    work.session.flush()
    artefact = work.session.get_one(Artefact, version.artefact_id)
    [line] = document.history_of(work, artefact, number=version.number)
    return version_shown(artefact, line)
