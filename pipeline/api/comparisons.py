"""Comparisons of any two versions of a document, or of two documents of a lineage: as JSON, HTML or unified text."""

from html import escape
from typing import Any

import marshmallow as ma
import orjson
from flask import Response, request

from pipeline import RELEASE
from pipeline.api.base import Blueprint, Parameters, answer, thing_schema
from pipeline.artefacts.comparison import Comparison, summary_words
from pipeline.artefacts.comparison_forms import Spoken, as_json, as_unified, rows_html
from pipeline.artefacts.queries import comparing as queries
from pipeline.artefacts.queries.comparing import Reference, Side
from pipeline.http.comparisons import METHOD, check_size, compared
from pipeline.http.entry import anyone
from pipeline.http.language import say_in_english
from pipeline.http.reading import begin_read, end_read
from pipeline.http.security import PUBLIC_FOR_A_WHILE
from pipeline.kernel.errors import Gone
from pipeline.kernel.words import Words, _

blueprint = Blueprint(
    "api_comparisons", __name__, url_prefix="/api/v1", description="What changed from one version to another"
)

REFERENCE = "^([a-z0-9][a-z0-9-]{0,79}@)?[0-9]{1,9}$|^$"
NOT_A_REFERENCE = "Give a number, or a slug and a number: policy@3."
FORMS = ("json", "html", "unified")
OTHER_FORMS = ("text/html", "text/x-diff")


def _reference(name: str, description: str) -> ma.fields.String:
    return ma.fields.String(
        data_key=name, load_default="", validate=ma.validate.Regexp(REFERENCE, error=NOT_A_REFERENCE),
        metadata={"description": description, "example": "2"},
    )  # fmt: skip


class ComparisonParameters(Parameters):
    """Which two versions, and in which form."""

    old = _reference(
        "from",
        "The earlier text: a number of this document, or `slug@number` of one of its lineage. Without it, the version"
        " before the current one",
    )  # fmt: skip
    new = _reference("to", "The later text, named likewise. Without it, the current version")
    form = ma.fields.String(
        data_key="format", load_default="json", validate=ma.validate.OneOf(FORMS),
        metadata={"description": "`unified` is what `patch` takes"},
    )  # fmt: skip


class ComparedVersion(ma.Schema):
    """A side of a comparison."""

    slug = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "published"})


class ComparisonSchema(ma.Schema):
    """Two texts beside each other: applying the rows to the earlier text gives the later one to the letter."""

    old = ma.fields.Nested(ComparedVersion, required=True)
    new = ma.fields.Nested(ComparedVersion, required=True)
    form = ma.fields.Integer(required=True, metadata={"description": "The number of this form of a comparison"})
    coarse = ma.fields.Boolean(required=True, metadata={"description": "More may be marked as changed than is"})
    same = ma.fields.Boolean(required=True)
    in_words = ma.fields.String(required=True, metadata={"example": "4 paragraphs changed, 1 added, 1 moved"})
    summary = ma.fields.Dict(required=True, metadata={"description": "How many paragraphs were changed, added …"})
    rows = ma.fields.List(ma.fields.Dict(), required=True, metadata={"description": "In reading order"})


@blueprint.route("/artefacts/<string:slug>/compare")
@anyone
@blueprint.arguments(ComparisonParameters, location="query")
@blueprint.response(200, thing_schema(ComparisonSchema))
@blueprint.doc(
    responses={
        200: {"content": {name: {"schema": {"type": "string", "format": "binary"}} for name in OTHER_FORMS}},
        410: {"description": "The text of one of the two was removed for good"},
    }
)
def compare_versions(parameters: dict[str, Any], slug: str) -> Response:
    """Compare two versions: as JSON, as an HTML page with `<ins>` and `<del>`, or as unified text."""
    reading = begin_read()
    latest = queries.neighbours_of(reading, slug) or (0, 0)
    named = (parameters["old"] or str(latest[0]), parameters["new"] or str(latest[1]))
    references = [queries.reference_from(one, slug) or Reference(slug, 0) for one in named]
    old, new = queries.sides_seen_by(reading, *references)
    if old.is_removed or new.is_removed:
        raise Gone("version.text_gone", Words(_("The text of one of the two was removed for good.")))
    check_size(old, new)
    kept = queries.kept_comparison(reading, old.id, new.id, METHOD)
    end_read()
    etag = f"{old.id.hex[-12:]}{new.id.hex[-12:]}.{old.status}.{new.status}.{parameters['form']}.{METHOD}.{RELEASE}"
    if request.if_none_match.contains(etag):
        return answer(None, etag=etag)
    comparison, keep = compared(old, new, kept)
    response = _answered(parameters["form"], old, new, comparison)
    response.set_etag(etag)
    response.headers["Cache-Control"] = PUBLIC_FOR_A_WHILE
    if keep is not None:
        response.call_on_close(keep)
    return response


def _answered(form: str, old: Side, new: Side, comparison: Comparison) -> Response:
    if form == "unified":
        text = as_unified(comparison, str(old.reference), str(new.reference))
        return Response(text, mimetype="text/x-diff")
    if form == "html":
        spoken = Spoken("Removed:", "(end of removed)", "Added:", "(end of added)")
        blocks = zip(comparison.rows, rows_html(comparison.rows, spoken), strict=True)
        html = "".join(f'<div class="{row.kind}">{words}</div>\n' for row, words in blocks if words)
        title = escape(f"{new.title}: {old.reference}, {new.reference}")
        head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
        body = f"<body>\n<h1>{title}</h1>\n{html}</body>"
        page = f'<!DOCTYPE html>\n<html lang="{new.language}">\n{head}\n{body}\n</html>\n'
        return Response(page, mimetype="text/html")
    data = {"old": _side(old), "new": _side(new), "in_words": say_in_english(summary_words(comparison.summary))}
    return Response(orjson.dumps({"data": data | as_json(comparison)}), mimetype="application/json")


def _side(side: Side) -> dict[str, Any]:
    return {"slug": side.slug, "number": side.number, "title": side.title, "status": side.status.value}
