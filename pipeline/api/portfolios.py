"""A council's portfolio: what it leads and takes part in, what that comes to, and what changed last."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.base import (
    Blueprint,
    Parameters,
    StrictBoolean,
    answer,
    list_etag,
    moved_to,
    not_modified,
    thing_schema,
)
from pipeline.api.councils import CouncilReference
from pipeline.api.parameters import one_word
from pipeline.councils.queries import council_seen_by
from pipeline.db.statements import text_of, utc_text
from pipeline.http.entry import anyone
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.measures.in_short import InShort, MeasuresInShort, measures_in_short
from pipeline.measures.rules import PARTS, MeasureKind
from pipeline.portfolios import queries
from pipeline.portfolios.rules import (
    AMOUNTS,
    DAYS_AHEAD,
    SUMS,
    UNKNOWN,
    Cell,
    Measured,
    PortfolioFilters,
    PortfolioRole,
)
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.vocabulary import PHASE_BY_VALUE, THEME_BY_VALUE

blueprint = Blueprint(
    "api_portfolios", __name__, url_prefix="/api/v1", description="What councils lead and take part in"
)

MOST_PROJECTS = 100
STATUSES = tuple(status.value for status in ProjectStatus if status is not ProjectStatus.DRAFT)


class PortfolioSumsSchema(ma.Schema):
    """What projects come to. Of those a council leads, what all councils gave; of the others, what it gave itself."""

    role = ma.fields.String(required=True, metadata={"description": "Open-ended; today leads or partner"})
    phase = ma.fields.String(required=True, allow_none=True, metadata={"description": "An id of /phases"})
    status = ma.fields.String(required=True)
    pledged_half_days = ma.fields.Integer(required=True)
    pledged_pence = ma.fields.Integer(required=True)
    committed_half_days = ma.fields.Integer(required=True)
    committed_pence = ma.fields.Integer(required=True)
    delivered_half_days = ma.fields.Integer(required=True)
    delivered_pence = ma.fields.Integer(required=True)


class PortfolioCountSchema(PortfolioSumsSchema):
    """How many projects a council has in a role, phase and status."""

    projects = ma.fields.Integer(required=True)


class MeasureInShortSchema(ma.Schema):
    """The measure of a project that says most: of an outcome the reading that stands and is the last, of a benefit what
    the councils that reported it have together in a year."""

    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    parts_per_unit = ma.fields.Integer(required=True)
    better = ma.fields.String(required=True)
    baseline = ma.fields.Integer(required=True, allow_none=True)
    latest = ma.fields.Integer(required=True, allow_none=True)
    latest_on = ma.fields.Date(required=True, allow_none=True)
    target = ma.fields.Integer(required=True, allow_none=True)
    target_on = ma.fields.Date(required=True, allow_none=True)
    councils = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of a benefit: how many councils reported it"}
    )


class PortfolioProjectSchema(PortfolioSumsSchema):
    """A project of a council's portfolio."""

    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    freshness = ma.fields.String(required=True)
    decision_on = ma.fields.Date(required=True, allow_none=True)
    last_sign_of_life_at = ma.fields.DateTime(required=True, allow_none=True)
    people = ma.fields.Integer(required=True, metadata={"description": "Leads and team"})
    documents_to_review = ma.fields.Integer(
        required=True, metadata={"description": f"Whose review date has come, or comes within {DAYS_AHEAD} days"}
    )
    measures = ma.fields.Integer(required=True, metadata={"description": "That have not ended; /measures lists them"})
    measure = ma.fields.Nested(
        MeasureInShortSchema, required=True, allow_none=True, metadata={"description": "The one that says most"}
    )
    target_due_on = ma.fields.Date(
        required=True, allow_none=True, metadata={"description": "The first day of a target that is not met"}
    )
    published_at = ma.fields.DateTime(required=True, allow_none=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    updated_at = ma.fields.DateTime(required=True)


class PortfolioSchema(ma.Schema):
    """A council's portfolio: counts, and the projects that changed last."""

    council = ma.fields.Nested(CouncilReference, required=True)
    counts = ma.fields.List(
        ma.fields.Nested(PortfolioCountSchema),
        required=True,
        metadata={"description": "Narrowed by role, phase, status and theme; kept a moment after something changed"},
    )
    projects = ma.fields.List(
        ma.fields.Nested(PortfolioProjectSchema),
        required=True,
        metadata={"description": f"The last changed first, {MOST_PROJECTS} at most; /projects lists them all"},
    )
    has_more = ma.fields.Boolean(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The portfolio's page"})


class PortfolioParameters(Parameters):
    """What a portfolio can be narrowed to."""

    role = one_word(PortfolioRole, "What the council leads, or what it takes part in")
    phase = one_word([*PHASE_BY_VALUE, UNKNOWN], "An id of /phases, or unknown")
    status = one_word(STATUSES, "Where the call for support stands")
    theme = one_word(THEME_BY_VALUE, "An id of /themes")
    measures = one_word(
        Measured, "yes: what measures something; late: where a target’s day has passed. It does not narrow the counts"
    )
    due = StrictBoolean(
        load_default=False,
        metadata={"description": f"Only what is decided within {DAYS_AHEAD} days; it does not narrow the counts"},
    )


@blueprint.route("/councils/<string:code>/portfolio")
@anyone
@blueprint.arguments(PortfolioParameters, location="query")
@blueprint.response(200, thing_schema(PortfolioSchema))
def get_portfolio(asked: dict[str, Any], code: str) -> Response:
    """Read what a council leads and takes part in: how many by role, phase and status, and those that changed last."""
    reading = begin_read()
    etag = f"{list_etag()}.{mark_of(str(queries.heard_up_to(reading)))}"
    if unchanged := not_modified(etag):
        return unchanged
    council = council_seen_by(reading, code)
    if code not in (council.slug, council.gss_code, str(council.id)):
        return moved_to(f"/councils/{council.slug}/portfolio")
    filters = PortfolioFilters(is_due=asked.pop("due"), **asked)
    found = queries.Portfolio(reading, council.id, filters)
    page = found.page(MOST_PROJECTS)
    measured = measures_in_short(reading, [row.project_id for row in page.rows])
    data = {
        "council": {"slug": council.slug, "name": council.name, "gss_code": council.gss_code},
        "counts": [_count(cell) for cell in sorted(found.cells, key=_place)],
        "projects": [_project(row, measured.get(row.project_id)) for row in page.rows],
        "has_more": page.after is not None,
        "url": f"{current_app.config['PUBLIC_URL']}/councils/{council.slug}/portfolio",
    }
    return answer({"data": data}, etag=etag)


def _place(cell: Cell) -> tuple[str, str, str]:
    return cell.role, cell.phase, cell.status


def _count(cell: Cell) -> dict[str, Any]:
    sums = {name: getattr(cell.sums, name) for name in SUMS}
    return {"role": cell.role, "phase": cell.phase or None, "status": cell.status, **sums}


def _project(row: Any, measured: MeasuresInShort | None) -> dict[str, Any]:
    return {
        "role": row.role, "phase": row.phase or None, "status": row.status, "slug": row.slug, "title": row.title,
        "freshness": row.freshness, "decision_on": text_of(row.decision_on),
        "last_sign_of_life_at": utc_text(row.last_sign_of_life_at), "people": row.people,
        "documents_to_review": row.reviews, "measures": measured.number if measured else 0,
        "measure": _measure(measured.most) if measured else None, "target_due_on": text_of(row.target_due_on),
        "published_at": utc_text(row.published_at), "ended_at": utc_text(row.ended_at),
        "updated_at": utc_text(row.updated_at),
        **{name: getattr(row, name) for name in AMOUNTS},
    }  # fmt: skip


def _measure(one: InShort) -> dict[str, Any]:
    terms, is_benefit = one.terms, one.terms.kind is MeasureKind.BENEFIT
    latest = one.latest.value if one.latest else one.together if is_benefit and one.reported else None
    return {
        "name": terms.name, "kind": terms.kind.value, "unit": terms.unit.value, "parts_per_unit": PARTS[terms.unit],
        "better": terms.better.value, "baseline": terms.baseline.value if terms.baseline else None, "latest": latest,
        "latest_on": text_of(one.latest.on) if one.latest else None,
        "target": terms.target.value if terms.target else None,
        "target_on": text_of(terms.target.on) if terms.target else None,
        "councils": one.reported if is_benefit else None,
    }  # fmt: skip
