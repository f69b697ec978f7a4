"""What each council of a project gave and got."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app

from pipeline.api.addresses import lead_on
from pipeline.api.base import NoParameters, answer, own_etag, thing_schema
from pipeline.api.councils import CouncilReference
from pipeline.api.measures import blueprint
from pipeline.api.references import ProjectReference
from pipeline.http.entry import anyone
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.measures.account import Part, fairness_of
from pipeline.pledges.account import Amounts
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import ProjectStatus


class AmountsSchema(ma.Schema):
    """The sums of pledges in one unit. Committed is what is bound, less what was broken or released."""

    pledged = ma.fields.Integer(required=True)
    committed = ma.fields.Integer(required=True)
    delivered = ma.fields.Integer(required=True)
    to_come = ma.fields.Integer(required=True)
    broken = ma.fields.Integer(required=True)
    released = ma.fields.Integer(required=True)


class ThingGivenSchema(AmountsSchema):
    """A pledge in kind: a number of a thing."""

    thing = ma.fields.String(required=True, metadata={"example": "meeting room"})


class PartSchema(ma.Schema):
    """What one council gave and got. Kinds are never added together."""

    council = ma.fields.Nested(CouncilReference, required=True)
    lead = ma.fields.Boolean(required=True, metadata={"description": "Whether it leads the project"})
    gave_half_days = ma.fields.Nested(AmountsSchema, required=True)
    gave_pence = ma.fields.Nested(AmountsSchema, required=True)
    gave_in_kind = ma.fields.List(ma.fields.Nested(ThingGivenSchema), required=True)
    documents_used = ma.fields.Integer(
        required=True, metadata={"description": "How many of the project's documents it uses now"}
    )
    benefit_half_days = ma.fields.Integer(required=True, metadata={"description": "A year, as it reported last"})
    benefit_pence = ma.fields.Integer(required=True, metadata={"description": "A year, as it reported last"})
    received_pence = ma.fields.Integer(
        required=True, metadata={"description": "Of the lead council: the funding that others delivered"}
    )


class YearSchema(ma.Schema):
    """What was delivered in a financial year, from 1 April of `begins`."""

    begins = ma.fields.Integer(required=True, metadata={"example": 2026})
    half_days = ma.fields.Integer(required=True)
    pence = ma.fields.Integer(required=True)
    not_agreed_half_days = ma.fields.Integer(required=True, metadata={"description": "Of it, not yet agreed"})
    not_agreed_pence = ma.fields.Integer(required=True)


class ProjectAccountSchema(ma.Schema):
    """The account of a project: its lead council first, then its partners by name."""

    project = ma.fields.Nested(ProjectReference, required=True)
    councils = ma.fields.List(ma.fields.Nested(PartSchema), required=True)
    years = ma.fields.List(ma.fields.Nested(YearSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})
    etag = ma.fields.String(required=True)


@blueprint.route("/projects/<string:slug>/account")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(ProjectAccountSchema))
def get_account_of_project(_parameters: dict[str, Any], slug: str) -> Response:
    """Read what each council gave a project and got of it. A slug it had before leads to it (308)."""
    reading = begin_read()
    try:
        project = project_seen_by(reading, slug)
    except NotFound:
        return lead_on(reading, slug, "/account")
    if project.status == ProjectStatus.DRAFT:
        raise NotFound("project")
    found = fairness_of(reading, project)
    body = {
        "project": {"slug": project.address, "title": project.title},
        "councils": [_shown(part) for part in found.parts],
        "years": [
            {"begins": one.begins, "half_days": one.half_days, "pence": one.pence,
             "not_agreed_half_days": one.not_agreed_half_days, "not_agreed_pence": one.not_agreed_pence}
            for one in found.account.years
        ],
        "url": f"{current_app.config['PUBLIC_URL']}/projects/{project.address}/account",
    }  # fmt: skip
    etag = own_etag(body)
    return answer({"data": body | {"etag": etag}}, etag=etag)


def _shown(part: Part) -> dict[str, Any]:
    return {
        "council": {"slug": part.slug, "name": part.full_name, "gss_code": part.gss_code}, "lead": part.is_lead,
        "gave_half_days": _amounts(part.gave_time), "gave_pence": _amounts(part.gave_funding),
        "gave_in_kind": [{"thing": one.thing, **_amounts(one.amounts)} for one in part.things],
        "documents_used": part.documents, "benefit_half_days": part.benefit_half_days,
        "benefit_pence": part.benefit_pence, "received_pence": part.received_pence,
    }  # fmt: skip


def _amounts(amounts: Amounts) -> dict[str, int]:
    return {name: getattr(amounts, name) for name in AmountsSchema().fields}
