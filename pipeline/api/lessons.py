"""Lessons: what councils did, what happened, what they would do differently; reading them."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    Blueprint,
    ListParameters,
    StrictInteger,
    answer,
    list_etag,
    list_schema,
    not_modified,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import WITHOUT_NUL
from pipeline.api.councils import CouncilReference
from pipeline.api.paging import Asked, answer_page
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
from pipeline.api.updates import PersonSchema
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading
from pipeline.documents.text import plain_text
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.lessons.paragraphs import plain
from pipeline.lessons.queries import library
from pipeline.lessons.queries.library import LessonFilters
from pipeline.lessons.rules import PROMPTS, LessonOutcome
from pipeline.projects.vocabulary import THEME_BY_VALUE

blueprint = Blueprint(
    "api_lessons", __name__, url_prefix="/api/v1", description="What councils learned, and who used it"
)
MOST_VERSION = 1_000_000


class LessonProseSchema(ma.Schema):
    """A text somebody wrote, in three forms."""

    markdown = ma.fields.String(required=True, metadata={"description": "As it was written"})
    html = ma.fields.String(required=True, metadata={"description": "Rendered and made safe to show"})
    text = ma.fields.String(required=True, metadata={"description": "Its words alone"})


class LessonMeasureSchema(ma.Schema):
    """Something that was measured. Figures are decimal numbers as text, so that none is ever rounded."""

    name = ma.fields.String(required=True)
    before = ma.fields.String(required=True, allow_none=True, metadata={"example": "20"})
    after = ma.fields.String(required=True, metadata={"example": "8.5"})
    unit = ma.fields.String(required=True, metadata={"description": "What is counted", "example": "days"})


class LessonPinSchema(ma.Schema):
    """The version of a document, or the paragraph of it, that a lesson is about."""

    artefact = ma.fields.String(required=True, metadata={"description": "The document's slug"})
    title = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True, metadata={"description": "The version the lesson was raised on"})
    paragraph = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The paragraph as one line; null for the whole version, and where it was removed"},
    )
    paragraph_hash = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "SHA-256 of the paragraph with its Markdown"}
    )
    is_paragraph_removed = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it was about a paragraph whose text was removed for good"}
    )
    answered_by = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "The later version that answers it; null for none yet"}
    )


class LessonReplySchema(LessonProseSchema):
    """What the leads of the document replied beside the lesson."""

    replied_at = ma.fields.DateTime(required=True)


class LessonSchema(ma.Schema):
    """One lesson."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, allow_none=True, metadata={"description": "Null for a draft"})
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "published"})
    title = ma.fields.String(required=True)
    did = ma.fields.Nested(LessonProseSchema, required=True, metadata={"description": "What we did"})
    happened = ma.fields.Nested(LessonProseSchema, required=True, metadata={"description": "What happened"})
    differently = ma.fields.Nested(
        LessonProseSchema, required=True, metadata={"description": "What we would do differently"}
    )
    evidence = ma.fields.Nested(LessonProseSchema, required=True)
    outcome = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Open-ended; today one of: " + ", ".join(LessonOutcome)},
    )
    measures = ma.fields.List(ma.fields.Nested(LessonMeasureSchema), required=True)
    themes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "The main one first"})
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    project = ma.fields.Nested(ProjectReference, required=True)
    council = ma.fields.Nested(CouncilReference, required=True, metadata={"description": "The council that wrote it"})
    author = ma.fields.Nested(PersonSchema, required=True)
    pinned_to = ma.fields.Nested(LessonPinSchema, required=True, allow_none=True)
    reply = ma.fields.Nested(LessonReplySchema, required=True, allow_none=True)
    used_by = ma.fields.Integer(required=True, metadata={"description": "Councils that said they used it"})
    published_at = ma.fields.DateTime(required=True, allow_none=True)
    edited_at = ma.fields.DateTime(required=True, allow_none=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The lesson's page"})
    etag = ma.fields.String(required=True, metadata={"example": "2.3.2026-11"})


class LessonsParameters(ListParameters):
    """What a list of lessons can be narrowed to, and its order."""

    q = Line(
        load_default="",
        validate=ma.validate.Length(max=200),
        metadata={"description": "Words that all occur in the lesson", "pattern": WITHOUT_NUL},
    )
    project = slug_of_project()
    council = code_of_council("The council that wrote it")
    theme = one_word(THEME_BY_VALUE, "One of its themes: an id of /themes")
    outcome = one_word(LessonOutcome, "How it went")
    artefact = slug_of_document("The document it is pinned to, by slug or id")
    version = StrictInteger(
        validate=ma.validate.Range(1, MOST_VERSION), metadata={"description": "The version it was raised on, by number"}
    )
    updated_since = changed_since("Lessons")
    sort = order_of(library.ORDERS)
    wanted = fields_of(LessonSchema)


@blueprint.route("/lessons")
@anyone
@blueprint.arguments(LessonsParameters, location="query")
@blueprint.response(200, list_schema(LessonSchema))
def list_lessons(parameters: dict[str, Any]) -> Response:
    """List published lessons, the newest first."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-lessons", parameters)
    filters, reading = LessonFilters(**asked.filters), begin_read()
    page = library.lessons_listed(
        reading, filters, order=library.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    themes = library.themes_of(reading, [row.id for row in page.rows])
    return answer_page(
        asked, page, lambda row: shown(row, themes.get(row.id, ())),
        lambda: library.number_of_lessons(reading, filters), etag,
    )  # fmt: skip


@blueprint.route("/lessons/<string:slug>")
@anyone
@blueprint.arguments(thing_parameters(LessonSchema), location="query")
@blueprint.response(200, thing_schema(LessonSchema))
def get_lesson(parameters: dict[str, Any], slug: str) -> Response:
    """Read one lesson, by slug or id. With a token, drafts and withdrawn lessons of one's own team as well."""
    reading = begin_read()
    row = library.lesson_listed(reading, slug)
    etag = row_etag(row.version, row.revision)
    if unchanged := not_modified(etag):
        return unchanged
    return answer({"data": only(in_full(reading, row), parameters["wanted"])}, etag=etag)


def in_full(reading: Reading, row: Any) -> dict[str, Any]:
    """One lesson with its themes."""
    return shown(row, library.themes_of(reading, [row.id]).get(row.id, ()))


def shown(row: Any, themes: Iterable[str]) -> dict[str, Any]:
    """A lesson as the API shows it."""
    base = current_app.config["PUBLIC_URL"]
    council = {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code}
    return {
        "id": str(row.id), "slug": row.slug, "status": row.status, "title": row.title,
        **{name: _prose(row, name) for name in (*PROMPTS, "evidence")},
        "outcome": row.outcome, "measures": [_measure(one) for one in row.measures], "themes": list(themes),
        "language": row.language,
        "project": {"slug": row.project_slug, "title": row.project_title},
        "council": council,
        "author": {"display_name": row.author_name, "role": row.author_role or "officer", "council": council},
        "pinned_to": _pin(row), "reply": _reply(row), "used_by": row.used_by,
        "published_at": utc_text(row.published_at), "edited_at": utc_text(row.edited_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{base}/lessons/{row.slug or row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip


def _prose(row: Any, name: str) -> dict[str, str]:
    html = getattr(row, f"{name}_html")
    return {"markdown": getattr(row, name), "html": html, "text": plain_text(html)}


def _measure(kept: dict[str, str]) -> dict[str, Any]:
    return {"name": kept["name"], "before": kept["before"] or None, "after": kept["after"], "unit": kept["unit"]}


def _reply(row: Any) -> dict[str, Any] | None:
    return {**_prose(row, "reply"), "replied_at": utc_text(row.replied_at)} if row.reply else None


def _pin(row: Any) -> dict[str, Any] | None:
    """What it is pinned to, where everybody may know of the document. Of a removed version no text is told."""
    if row.artefact_slug is None:
        return None
    has_text = row.paragraph is not None and row.version_status != VersionStatus.REMOVED
    return {
        "artefact": row.artefact_slug, "title": row.artefact_title, "version": row.version_number,
        "paragraph": plain(row.paragraph) if has_text else None,
        "paragraph_hash": row.paragraph_hash, "is_paragraph_removed": row.paragraph_removed_at is not None,
        "answered_by": row.answered_by,
    }  # fmt: skip
