"""What projects need: officer time, funding, or things."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.addresses import as_id, lead_on
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
from pipeline.api.hot_lists import HotAsked, answer_hot_page
from pipeline.api.parameters import (
    DayGiven,
    changed_since,
    code_of_council,
    fields_of,
    one_word,
    only,
    order_of,
    slug_of_project,
    thing_parameters,
)
from pipeline.api.references import ProjectReference
from pipeline.db.statements import text_of, utc_text
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_hot_read, begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.ids import id_from
from pipeline.projects import listing
from pipeline.projects.listing import NEEDS, KeptCounts, NeedRow
from pipeline.projects.models import Need
from pipeline.projects.queries import need_seen_by
from pipeline.projects.rules import UNITS, NeedKind, NeedStatus
from pipeline.projects.vocabulary import PROFESSION_BY_VALUE

blueprint = Blueprint(
    "api_needs", __name__, url_prefix="/api/v1", description="What projects need: officer time, funding, or things"
)
UNIT_OF = {kind.value: unit for kind, unit in UNITS.items()}
SORTS = ("-updated_at", "updated_at")
_counts = KeptCounts()


class NeedInProject(ma.Schema):
    """A need as its project shows it. Its sums are in its unit; room is null where it takes any amount."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(NeedKind)})
    profession = ma.fields.String(required=True, allow_none=True, metadata={"example": "user-researcher"})
    thing = ma.fields.String(required=True, allow_none=True, metadata={"description": "What is asked for in kind"})
    title = ma.fields.String(required=True)
    essential = ma.fields.Boolean(required=True, metadata={"description": "The project cannot go ahead without it"})
    capped = ma.fields.Boolean(required=True, metadata={"description": "Whether it takes no more than its target"})
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(NeedStatus)}
    )
    unit = ma.fields.String(required=True, metadata={"description": "half_days, pence or quantity"})
    target = ma.fields.Integer(required=True)
    held = ma.fields.Integer(required=True, metadata={"description": "Held by pledges that stand, offers included"})
    pledged = ma.fields.Integer(required=True, metadata={"description": "What counts among the authorised"})
    agreed = ma.fields.Integer(required=True, metadata={"description": "What counts among the accepted"})
    committed = ma.fields.Integer(required=True)
    delivered = ma.fields.Integer(required=True)
    room = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "What a capped need still takes"})


class NeedSchema(NeedInProject):
    """A need of a project."""

    project = ma.fields.Nested(ProjectReference, required=True)
    description = ma.fields.String(required=True)
    created_at = ma.fields.DateTime(required=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The need on its project's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.4.2026-11"})


class NeedsOfProjectParameters(ListParameters):
    """What the list of a project's needs can be narrowed to."""

    kind = one_word(NeedKind, "What is asked for")
    profession = one_word(PROFESSION_BY_VALUE, "The profession a time need asks for: an id of /professions")
    status = one_word(NeedStatus, "Whether it takes pledges")
    updated_since = changed_since("Needs")
    sort = order_of(("position", "-position", *SORTS))
    wanted = fields_of(NeedSchema)


class NeedParameters(ListParameters):
    """What a list of needs can be narrowed to, and its order."""

    kind = one_word(NeedKind, "What is asked for")
    profession = one_word(PROFESSION_BY_VALUE, "The profession a time need asks for: an id of /professions")
    status = one_word(NeedStatus, "Whether it takes pledges")
    council = code_of_council("The lead council of the project")
    project = slug_of_project()
    closes_before = DayGiven(metadata={"description": "Needs of projects that decide before this date"})
    updated_since = changed_since("Needs")
    sort = order_of(SORTS)
    wanted = fields_of(NeedSchema)


@blueprint.route("/needs")
@anyone
@blueprint.arguments(NeedParameters, location="query")
@blueprint.response(200, list_schema(NeedSchema))
def list_needs(parameters: dict[str, Any]) -> Response:
    """List the needs of all projects, the latest changed first."""
    etag = list_etag()
    project_id = id_from(parameters.get("project", ""))
    if project_id is not None:
        parameters = parameters | {"project_id": project_id}
        del parameters["project"]
    return not_modified(etag) or _answer(HotAsked.of("api-needs", parameters), etag)


@blueprint.route("/projects/<string:slug>/needs")
@anyone
@blueprint.arguments(NeedsOfProjectParameters, location="query")
@blueprint.response(200, list_schema(NeedSchema))
def list_needs_of_project(parameters: dict[str, Any], slug: str) -> Response:
    """List what one project needs, in its own order. A slug it had before leads to it (308)."""
    etag = list_etag()
    reading = begin_read()
    mark = listing.mark_of(reading.session, slug)
    if mark is None:
        return lead_on(reading, slug, "/needs")
    return not_modified(etag) or _answer(HotAsked.of("api-needs", parameters, project_id=as_id(mark.id)), etag)


@blueprint.route("/needs/<uuid:need_id>")
@anyone
@blueprint.arguments(thing_parameters(NeedSchema), location="query")
@blueprint.response(200, thing_schema(NeedSchema))
def get_need(parameters: dict[str, Any], need_id: UUID) -> Response:
    """Read one need; of a draft its team."""
    session = begin_read().session
    found = NEEDS.page(session, {"need": need_id}, order="updated_at", descending=True, limit=1).rows
    if not found:
        own = need_now(need_seen_by(begin_read(), need_id))
        return answer({"data": only(own, parameters["wanted"])}, etag=own["etag"], cache=KEPT_BY_ONE)
    row = NeedRow(*found[0])
    etag = row_etag(row.version, row.revision)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


def _answer(asked: HotAsked, etag: str) -> Response:
    with begin_hot_read() as reading:
        page, total = asked.page_of(reading.session, NEEDS, asked.filters, _counts)
    return answer_hot_page(asked, page, [shown(NeedRow(*row)) for row in page.rows], asked.total(total), etag)


def in_project(row: Any) -> dict[str, Any]:
    """A need as its project shows it, from the first values of a `NeedRow`."""
    (
        need_id, _project_id, kind, profession, thing, title, is_essential, is_capped, status, target, held, pledged,
        agreed, committed, delivered,
    ) = row[:15]  # fmt: skip
    return {
        "id": need_id, "kind": kind, "profession": profession, "thing": thing, "title": title,
        "essential": bool(is_essential), "capped": bool(is_capped), "status": status, "unit": UNIT_OF[kind],
        "target": target, "held": held, "pledged": pledged, "agreed": agreed, "committed": committed,
        "delivered": delivered, "room": max(target - held, 0) if is_capped else None,
    }  # fmt: skip


def values_of(need: Need) -> tuple[Any, ...]:
    """What a `NeedRow` begins with, of a need that was read as a row of its own."""
    return tuple(getattr(need, name) for name in NeedRow._fields[:15])


def need_now(need: Need) -> dict[str, Any]:
    """A need as the API shows it, also of a draft, whose place is its id. Its project must be loaded."""
    project = need.project
    more = (need.description, need.created_at, need.updated_at, need.version, need.revision)
    return shown(NeedRow._make((*values_of(need), *more, project.address, project.title, None)))


def shown(row: NeedRow) -> dict[str, Any]:
    """A need as the API shows it."""
    return in_project(row) | {
        "project": {"slug": row.project_slug, "title": row.project_title},
        "description": row.description,
        "created_at": utc_text(row.created_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{current_app.config['PUBLIC_URL']}/projects/{row.project_slug}#need-{text_of(row.id)}",
        "etag": row_etag(row.version, row.revision),
    }
