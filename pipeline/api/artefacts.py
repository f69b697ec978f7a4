"""Shared documents (artefacts) and their versions: the library, one document, a version's text in several forms."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app, request
from werkzeug.exceptions import NotAcceptable

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
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, FewParameters, answer_few, answer_page
from pipeline.api.parameters import (
    Line,
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_document,
    slug_of_project,
    thing_parameters,
)
from pipeline.api.references import ProjectReference
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries import document, library, seeing
from pipeline.artefacts.queries.document import VersionLine
from pipeline.artefacts.queries.library import DocumentFilters
from pipeline.artefacts.rules import ArtefactKind, VersionStatus
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.documents.downloads import Form
from pipeline.documents.text import plain_text
from pipeline.documents.uploads import MEDIA_TYPES, UploadKind
from pipeline.http.downloads import file_answer
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_public_read, begin_read
from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.kernel import clock
from pipeline.kernel.errors import Gone, NotFound
from pipeline.kernel.translation import LANGUAGES
from pipeline.kernel.words import Words, _
from pipeline.projects.vocabulary import THEME_BY_VALUE

blueprint = Blueprint(
    "api_artefacts", __name__, url_prefix="/api/v1", description="Documents that councils share, and their versions"
)

KINDS = "Open-ended; today one of: " + ", ".join(ArtefactKind)
STATUSES = "Open-ended; today one of: " + ", ".join(library.PUBLIC_STATUSES)
VERSION_STATUSES = "Open-ended; today one of: " + ", ".join(VersionStatus)
LONGEST_SEARCH = 200
LONGEST_NUMBER = 9
JSON, HTML = "application/json", "text/html"
FORMS = {
    MEDIA_TYPES[UploadKind.MARKDOWN].split(";")[0]: Form.MARKDOWN,
    HTML: Form.HTML,
    MEDIA_TYPES[UploadKind.DOCX]: Form.DOCX,
    MEDIA_TYPES[UploadKind.ODT]: Form.ODT,
}
"""What the content of a version can be asked for as, besides JSON."""
NAMES_IN_WELSH = {"OGL-UK-3.0": "Trwydded Llywodraeth Agored v3.0"}
"""Names that licences bear in Welsh; the others are called the same."""


class ArtefactSchema(ma.Schema):
    """One published document."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, metadata={"example": "social-media-policy"})
    kind = ma.fields.String(required=True, metadata={"description": KINDS, "example": "policy"})
    title = ma.fields.String(required=True)
    summary = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    licence = ma.fields.String(required=True, metadata={"description": "See /licences", "example": "OGL-UK-3.0"})
    status = ma.fields.String(required=True, metadata={"description": STATUSES, "example": "published"})
    current_version = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Null where every version was withdrawn"}
    )
    last_version = ma.fields.Integer(required=True, metadata={"description": "The last number given"})
    review_on = ma.fields.Date(required=True, allow_none=True)
    upstream = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The slug of the document this is adapted from"}
    )
    project = ma.fields.Nested(ProjectReference, required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    adoptions = ma.fields.Integer(required=True, metadata={"description": "Councils that use it"})
    adopted_as_is = ma.fields.Integer(required=True)
    adapted = ma.fields.Integer(required=True)
    lessons = ma.fields.Integer(required=True, metadata={"description": "Lessons pinned to it"})
    published_at = ma.fields.DateTime(required=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The document's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.7.2026-11"})


class SourceSchema(ma.Schema):
    """A text a version was made from, which has to be named with it."""

    council = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    licence = ma.fields.String(required=True)
    slug = ma.fields.String(required=True, allow_none=True)


class VersionSchema(ma.Schema):
    """One version, without its text. Nothing of it changes but its status."""

    id = ma.fields.UUID(required=True)
    artefact = ma.fields.String(required=True, metadata={"description": "The slug of the document"})
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True, metadata={"description": "Empty once it is removed"})
    licence = ma.fields.String(required=True)
    change_note = ma.fields.String(required=True)
    is_major = ma.fields.Boolean(required=True)
    words = ma.fields.Integer(required=True)
    sha256 = ma.fields.String(required=True, metadata={"description": "Of the text: UTF-8, NFC, line feeds"})
    status = ma.fields.String(required=True, metadata={"description": VERSION_STATUSES, "example": "published"})
    withdrawn_reason = ma.fields.String(required=True, allow_none=True)
    restored_from = ma.fields.Integer(required=True, allow_none=True)
    took_in = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "The version of the original it took in"}
    )
    matches = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "The version in the other language that says the same"}
    )
    published_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The version's page"})
    original_url = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "The file it was taken from, where its leads show it"}
    )


class ContentSchema(ma.Schema):
    """The text of a version."""

    artefact = ma.fields.String(required=True, metadata={"description": "The slug of the document"})
    number = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True, metadata={"description": VERSION_STATUSES})
    title = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    licence = ma.fields.String(required=True)
    markdown = ma.fields.String(required=True, metadata={"description": "To the letter"})
    html = ma.fields.String(required=True, metadata={"description": "Rendered and made safe to show"})
    text = ma.fields.String(required=True, metadata={"description": "Its words alone"})
    sha256 = ma.fields.String(required=True, metadata={"description": "Of `markdown` in UTF-8"})
    sources = ma.fields.List(ma.fields.Nested(SourceSchema), required=True)


class DocumentLicenceSchema(ma.Schema):
    """A licence a document can be shared under."""

    id = ma.fields.String(required=True, metadata={"description": "What documents hold", "example": "OGL-UK-3.0"})
    en = ma.fields.String(required=True, metadata={"example": "Open Government Licence v3.0"})
    cy = ma.fields.String(required=True, metadata={"description": "The English name where it has no other"})
    name = ma.fields.String(required=True, metadata={"description": "The same as `en`"})
    url = ma.fields.String(required=True)
    adapted_under = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "Licences a copy may carry; none: no copies"}
    )


class ArtefactsParameters(ListParameters):
    """What the list of documents can be narrowed to, and its order."""

    q = Line(
        load_default="",
        validate=ma.validate.Length(max=LONGEST_SEARCH),
        metadata={"description": "Words that all occur in the title, the summary or the name of the council"},
    )
    kind = one_word(ArtefactKind, "What sort of document")
    council = code_of_council("The council that keeps it")
    project = slug_of_project()
    theme = one_word(THEME_BY_VALUE, "A theme of the project: an id of /themes")
    licence = ma.fields.String(
        validate=ma.validate.Regexp("^[A-Za-z0-9.-]{1,20}$"),
        metadata={"description": "The licence it is shared under: an id of /licences", "example": "OGL-UK-3.0"},
    )
    language = one_word(LANGUAGES, "The language it is written in")
    status = one_word(library.PUBLIC_STATUSES, "Whether it is still kept")
    upstream = slug_of_document("Copies of the document with this slug or id")
    adopted_by = code_of_council("A council that uses it")
    review_due = StrictBoolean(metadata={"description": "Those whose review date is past"})
    updated_since = changed_since("Documents")
    sort = order_of(library.ORDERS)
    wanted = fields_of(ArtefactSchema)


class VersionsParameters(ListParameters):
    """What a list of versions takes."""

    status = one_word(VersionStatus, "Whether it was withdrawn, or its text removed")
    sort = order_of(document.VERSION_ORDERS)
    wanted = fields_of(VersionSchema)


class LicencesParameters(FewParameters):
    """What the list of licences takes."""

    wanted = fields_of(DocumentLicenceSchema)


@blueprint.route("/artefacts")
@anyone
@blueprint.arguments(ArtefactsParameters, location="query")
@blueprint.response(200, list_schema(ArtefactSchema))
def list_artefacts(parameters: dict[str, Any]) -> Response:
    """List the published documents, the latest changed first."""
    etag = list_etag()
    if parameters.get("review_due") is None and (unchanged := not_modified(etag)):
        return unchanged
    asked = Asked.of("api-artefacts", parameters)
    filters, reading = filters_of(asked.filters), begin_read()
    page = library.documents_listed(
        reading, filters, order=library.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    # What is due changes with the day, which no event tells of.
    mark = None if "review_due" in asked.filters else etag
    return answer_page(asked, page, shown, lambda: library.number_of_documents(reading, filters), mark)


def filters_of(given: dict[str, Any]) -> DocumentFilters:
    """What the list of documents is narrowed to, from the parameters that say so."""
    bound = dict(given)
    is_due = bound.pop("review_due", None)
    return DocumentFilters(**bound, review_due=clock.today() if is_due else None)


@blueprint.route("/artefacts/<string:slug>")
@anyone
@blueprint.arguments(thing_parameters(ArtefactSchema), location="query")
@blueprint.response(200, thing_schema(ArtefactSchema))
def get_artefact(parameters: dict[str, Any], slug: str) -> Response:
    """Read one published document, by slug or id."""
    row = library.document_listed(begin_read(), slug)
    etag = row_etag(row.version, row.revision)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


@blueprint.route("/artefacts/<string:slug>/versions")
@anyone
@blueprint.arguments(VersionsParameters, location="query")
@blueprint.response(200, list_schema(VersionSchema))
def list_versions(parameters: dict[str, Any], slug: str) -> Response:
    """List the versions of a document, the newest first; withdrawn and removed ones as well."""
    reading, artefact = public_artefact(slug)
    etag = row_etag(artefact.version, artefact.revision)
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-versions", parameters, artefact=str(artefact.id))
    status = asked.filters.get("status")
    order = document.VERSION_ORDERS[asked.sort]
    page = document.versions_listed(reading, artefact, status, order=order, limit=asked.limit, place=asked.place)
    return answer_page(
        asked, page, lambda row: version_shown(artefact, document.line_of(row)),
        lambda: document.number_of_versions(reading, artefact, status), etag,
    )  # fmt: skip


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>")
@anyone
@blueprint.arguments(thing_parameters(VersionSchema), location="query")
@blueprint.response(200, thing_schema(VersionSchema))
def get_version(parameters: dict[str, Any], slug: str, number: int) -> Response:
    """Read one version of a document, without its text."""
    reading, artefact = public_artefact(slug)
    check_number(reading, artefact, number)
    [line] = document.history_of(reading, artefact, number=number)
    etag = row_etag(artefact.version, artefact.revision)
    data = only(version_shown(artefact, line), parameters["wanted"])
    return not_modified(etag) or answer({"data": data}, etag=etag)


@blueprint.route("/artefacts/<string:slug>/versions/<int:number>/content")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(ContentSchema))
@blueprint.doc(
    responses={
        200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in FORMS}},
        406: {"description": "None of the forms that were asked for"},
        410: {"description": "The text was removed for good"},
    }
)
def get_content(parameters: dict[str, Any], slug: str, number: int) -> Response:
    """Read the text of a version, as Accept says: JSON, Markdown, HTML, .docx or .odt."""
    reading, artefact = public_artefact(slug)
    version = check_number(reading, artefact, number)
    if version.is_hidden:
        raise NotFound("version")
    if version.status == VersionStatus.REMOVED:
        raise Gone("version.text_gone", Words(_("The text of this version was removed for good.")))
    wanted = _wanted()
    form = FORMS[wanted].value if wanted in FORMS else "json"
    # The text never changes; what stands in front of it (its council's name, its address) can.
    etag = f"{version.sha256[:24]}.{form}.{row_etag(artefact.version, artefact.revision)}"
    if unchanged := not_modified(etag):
        unchanged.headers["Vary"] = "Accept"
        return unchanged
    if wanted == JSON:
        made = answer({"data": content_shown(artefact, version)}, etag=etag)
    else:
        made = file_answer(reading, artefact, version, FORMS[wanted], _page_address(artefact, number))
        made.set_etag(etag)
        made.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    made.headers["Vary"] = "Accept"
    return made


def _wanted() -> str:
    """The form that is asked for; JSON where nothing is said. Raises NotAcceptable (406)."""
    if not request.accept_mimetypes:
        return JSON
    best = request.accept_mimetypes.best_match([JSON, *FORMS])
    if best is None:
        raise NotAcceptable
    return best


@blueprint.route("/licences")
@anyone
@blueprint.arguments(LicencesParameters, location="query")
@blueprint.response(200, list_schema(DocumentLicenceSchema))
def list_licences(parameters: dict[str, Any]) -> Response:
    """List the licences a document can be shared under, in the order people choose from."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    rows = [
        {
            "id": one.code, "en": one.name, "cy": NAMES_IN_WELSH.get(one.code, one.name), "name": one.name,
            "url": one.url, "adapted_under": one.adapted_under,
        }
        for one in seeing.licences(begin_read())
    ]  # fmt: skip
    return answer_few("licences", parameters, rows, etag)


def public_artefact(slug: str) -> tuple[Reading, Artefact]:
    """A published document as everybody sees it, and a reading on behalf of everybody. Raises NotFound."""
    reading = begin_public_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    return reading, artefact


def check_number(reading: Reading, artefact: Artefact, number: int) -> Version:
    """The version of a document with a number, however large that is. Raises NotFound."""
    return seeing.version_of(reading, artefact, number if number <= artefact.last_number else 0)


def _page_address(artefact: Artefact, number: int) -> str:
    return f"{current_app.config['PUBLIC_URL']}/documents/{artefact.slug}/versions/{number}"


def shown(row: Any) -> dict[str, Any]:
    """A document as the API shows it."""
    return {
        "id": str(row.id), "slug": row.slug, "kind": row.kind, "title": row.title, "summary": row.summary,
        "language": row.language, "licence": row.licence, "status": row.status,
        "current_version": row.current_number, "last_version": row.last_number,
        "review_on": row.review_on.isoformat() if row.review_on else None, "upstream": row.upstream_slug,
        "project": {"slug": row.project_slug, "title": row.project_title},
        "council": {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code},
        "adoptions": row.adoptions, "adopted_as_is": row.as_is, "adapted": row.adapted, "lessons": row.lessons,
        "published_at": utc_text(row.published_at), "updated_at": utc_text(row.updated_at),
        "url": f"{current_app.config['PUBLIC_URL']}/documents/{row.slug}",
        "etag": row_etag(row.version, row.revision),
    }  # fmt: skip


def version_shown(artefact: Artefact, line: VersionLine) -> dict[str, Any]:
    """A version as the API shows it, without its text."""
    return {
        "id": str(line.id), "artefact": artefact.slug or str(artefact.id), "number": line.number, "title": line.title,
        "licence": line.licence, "change_note": line.change_note, "is_major": line.is_major, "words": line.words,
        "sha256": line.sha256, "status": line.status, "withdrawn_reason": line.withdrawn_reason,
        "restored_from": line.restored_from, "took_in": line.took_in, "matches": line.matches,
        "published_at": utc_text(line.published_at), "url": _page_address(artefact, line.number),
        "original_url": f"{_page_address(artefact, line.number)}/original" if line.shows_original else None,
    }  # fmt: skip


def content_shown(artefact: Artefact, version: Version) -> dict[str, Any]:
    """The text of a version as the API shows it."""
    return {
        "artefact": artefact.slug, "number": version.number, "status": version.status, "title": version.title,
        "language": artefact.language, "licence": version.licence, "markdown": version.text, "html": version.html,
        "text": plain_text(version.html), "sha256": version.sha256, "sources": version.sources,
    }  # fmt: skip
