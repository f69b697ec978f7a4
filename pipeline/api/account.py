"""The accounts of councils and of projects: what is pledged, committed and delivered, half-days and pence apart."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.addresses import lead_on
from pipeline.api.base import (
    Blueprint,
    NoParameters,
    answer,
    list_etag,
    moved_to,
    not_modified,
    own_etag,
    thing_schema,
)
from pipeline.councils.queries import council_seen_by
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.measures.account import Part, fairness_of
from pipeline.pledges import account
from pipeline.pledges.account import Account, Amounts
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import ProjectStatus

blueprint = Blueprint(
    "api_accounts", __name__, url_prefix="/api/v1", description="What is pledged, committed and delivered"
)
MEASURES = ("pledged", "committed", "delivered", "to_come", "broken", "released")


class SumsSchema(ma.Schema):
    """Sums of pledges. `committed` is what is bound: less what was broken or released."""

    pledged_half_days = ma.fields.Integer(required=True)
    pledged_pence = ma.fields.Integer(required=True)
    committed_half_days = ma.fields.Integer(required=True)
    committed_pence = ma.fields.Integer(required=True)
    delivered_half_days = ma.fields.Integer(required=True)
    delivered_pence = ma.fields.Integer(required=True)
    to_come_half_days = ma.fields.Integer(required=True)
    to_come_pence = ma.fields.Integer(required=True)
    broken_half_days = ma.fields.Integer(required=True)
    broken_pence = ma.fields.Integer(required=True)
    released_half_days = ma.fields.Integer(required=True)
    released_pence = ma.fields.Integer(required=True)


class LineSchema(SumsSchema):
    """What one council pledged to one project: `slug` and `name` are the project's in a council's account, and the
    council's in a project's."""

    slug = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class FinancialYearSchema(ma.Schema):
    """What was delivered in a financial year, by the day of delivery; of it, what is not yet agreed."""

    begins_on = ma.fields.Date(required=True, metadata={"example": "2026-04-01"})
    delivered_half_days = ma.fields.Integer(required=True)
    delivered_pence = ma.fields.Integer(required=True)
    not_agreed_half_days = ma.fields.Integer(required=True)
    not_agreed_pence = ma.fields.Integer(required=True)


class ThingSchema(ma.Schema):
    """A pledge in kind: how many of a thing. Things are of many sorts and never added."""

    slug = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    thing = ma.fields.String(required=True)
    pledged = ma.fields.Integer(required=True)
    committed = ma.fields.Integer(required=True)
    delivered = ma.fields.Integer(required=True)
    to_come = ma.fields.Integer(required=True)
    broken = ma.fields.Integer(required=True)
    released = ma.fields.Integer(required=True)


class AccountSchema(SumsSchema):
    """What pledges come to: in all, by financial year, line by line, and in kind."""

    years = ma.fields.List(ma.fields.Nested(FinancialYearSchema), required=True)
    lines = ma.fields.List(ma.fields.Nested(LineSchema), required=True)
    in_kind = ma.fields.List(ma.fields.Nested(ThingSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "The account's page; with .csv, each pledge a row"})


class PartSchema(SumsSchema):
    """What one council gave a project, and what it got of it. Things in kind stand under `in_kind`."""

    slug = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    lead = ma.fields.Boolean(required=True, metadata={"description": "Whether it leads the project"})
    documents_used = ma.fields.Integer(
        required=True, metadata={"description": "How many of the project's documents it uses now"}
    )
    benefit_half_days = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "A year, as it reported last; null: it has not"}
    )
    benefit_pence = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "A year, as it reported last; null: it has not"}
    )
    received_pence = ma.fields.Integer(
        required=True, metadata={"description": "Of the lead council: the funding that others delivered"}
    )


class ProjectAccountSchema(AccountSchema):
    """What pledges to a project come to, and what each of its councils gave and got: the lead council, then by name."""

    councils = ma.fields.List(ma.fields.Nested(PartSchema), required=True)


@blueprint.route("/councils/<string:code>/account")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(AccountSchema))
def get_council_account(_asked: dict[str, Any], code: str) -> Response:
    """Read what a council has pledged, committed and delivered to public projects, by project."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    reading = begin_read()
    council = council_seen_by(reading, code)
    if code not in (council.slug, council.gss_code, str(council.id)):
        return moved_to(f"/councils/{council.slug}/account")
    found = account.council_account(reading, council.id)
    return answer({"data": shown(found, f"/councils/{council.slug}/account")}, etag=etag)


@blueprint.route("/projects/<string:slug>/account")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(ProjectAccountSchema))
def get_project_account(_asked: dict[str, Any], slug: str) -> Response:
    """Read what councils have pledged, committed and delivered to a project, and what each got of it. A slug it had
    before leads to it (308)."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    reading = begin_read()
    try:
        project = project_seen_by(reading, slug)
    except NotFound:
        return lead_on(reading, slug, "/account")
    if project.status == ProjectStatus.DRAFT:
        raise NotFound("project")
    found = fairness_of(reading, project)
    body = {
        "data": shown(found.account, f"/projects/{project.address}/account")
        | {"councils": [part_shown(one) for one in found.parts]}
    }
    return answer(body, etag=etag if project.is_public else own_etag(body))


def shown(found: Account, path: str) -> dict[str, Any]:
    """An account as the API shows it."""
    return {
        **_sums(found.time, found.funding),
        "years": [
            {
                "begins_on": f"{one.begins:04d}-04-01", "delivered_half_days": one.half_days,
                "delivered_pence": one.pence, "not_agreed_half_days": one.not_agreed_half_days,
                "not_agreed_pence": one.not_agreed_pence,
            }
            for one in found.years
        ],
        "lines": [{"slug": one.slug, "name": one.name, **_sums(one.time, one.funding)} for one in found.lines],
        "in_kind": [
            {
                "slug": one.slug, "name": one.name, "thing": one.thing,
                **{measure: getattr(one.amounts, measure) for measure in MEASURES},
            }
            for one in found.things
        ],
        "url": f"{current_app.config['PUBLIC_URL']}{path}",
    }  # fmt: skip


def part_shown(part: Part) -> dict[str, Any]:
    """What one council gave and got, as the API shows it."""
    return {
        "slug": part.slug, "name": part.name, "lead": part.is_lead, **_sums(part.gave_time, part.gave_funding),
        "documents_used": part.documents, "benefit_half_days": part.benefit_half_days,
        "benefit_pence": part.benefit_pence, "received_pence": part.received_pence,
    }  # fmt: skip


def _sums(time: Amounts, funding: Amounts) -> dict[str, int]:
    in_half_days = {f"{measure}_half_days": getattr(time, measure) for measure in MEASURES}
    return in_half_days | {f"{measure}_pence": getattr(funding, measure) for measure in MEASURES}
