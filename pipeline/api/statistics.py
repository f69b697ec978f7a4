"""The figures of everything public, as the pages of figures show them."""

from typing import Any

import marshmallow as ma
from flask import Response

from pipeline import RELEASE
from pipeline.api.base import Blueprint, Parameters, answer, not_modified, thing_schema
from pipeline.api.councils import CouncilReference
from pipeline.api.parameters import code_of_council, one_word
from pipeline.councils.vocabulary import KIND_BY_VALUE, REGION_BY_VALUE
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_public_read
from pipeline.kernel import clock
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.statistics import queries
from pipeline.statistics.measures import ALL
from pipeline.statistics.queries import WORDS, AsOf, Named, Narrowed, Row

blueprint = Blueprint(
    "api_statistics", __name__, url_prefix="/api/v1", description="Sums of everything public, some seconds old"
)
BY = ("month", *WORDS)


def _number(description: str = "") -> ma.fields.Integer:
    return ma.fields.Integer(required=True, metadata={"description": description, "example": 12})


class FiguresSchema(ma.Schema):
    """Figures. Days are half-days, money is pence; what is given in kind is in none of them."""

    projects = _number("Published; work recorded from public sources is not among them")
    pledges = _number("Authorised, and their conditions hold: their list says `counts`")
    pledged_half_days = _number("Of those, less what was broken or released, by the month of authorisation")
    pledged_pence = _number("The same in funding")
    committed_half_days = _number("What is bound, less what was broken or released, by the month of commitment")
    committed_pence = _number("The same in funding")
    delivered_half_days = _number("By the day of delivery")
    delivered_pence = _number("The same in funding")
    answered_on_time = _number("Pledges that leads first answered by `answer_due_on`, by the month of authorisation")
    answered_late = _number("Those first answered later")
    not_answered = _number("Those of which the first answer is still owed")
    adoptions = _number("Documents of others in use, by the month their use began")
    adapted = _number("Of those, used in a copy of the council's own")
    current = _number("Of those, with the newest version")
    behind_one = _number("Of those, one version behind")
    behind_more = _number("Of those, more versions behind")
    councils = _number(
        "Each counts once. Of all time: those that lead a project or have joined one. Of a month or year: those that"
        " published a project or made a pledge that counts"
    )


class FiguresRowSchema(FiguresSchema):
    """The figures of one month, theme, region or kind of council."""

    of = ma.fields.String(required=True, metadata={"example": "2026-11"})


class StatisticsSchema(ma.Schema):
    """A table of figures, what it is narrowed to, and what its period comes to in all."""

    as_of = ma.fields.DateTime(
        required=True, allow_none=True,
        metadata={"description": "Everything that happened until then is counted; null before the first count"},
    )  # fmt: skip
    by = ma.fields.String(required=True, metadata={"example": "month"})
    theme = ma.fields.String(required=True, allow_none=True)
    region = ma.fields.String(required=True, allow_none=True)
    kind = ma.fields.String(required=True, allow_none=True)
    year = ma.fields.String(required=True, allow_none=True, metadata={"example": "2026"})
    total = ma.fields.Nested(FiguresSchema, required=True)
    rows = ma.fields.List(ma.fields.Nested(FiguresRowSchema), required=True)


class StatisticsParameters(Parameters):
    """By what figures are set beside each other, and what they are narrowed to."""

    by = ma.fields.String(
        load_default=BY[0], validate=ma.validate.OneOf(BY), metadata={"description": "What each row is of"}
    )
    theme = one_word(THEME_BY_VALUE, "Projects of a theme")
    region = one_word(REGION_BY_VALUE, "Councils of a region")
    kind = one_word(KIND_BY_VALUE, "Councils of a kind")
    year = ma.fields.String(
        validate=ma.validate.Regexp("^(19|20|21)[0-9]{2}$"),
        metadata={"description": "The financial year that begins in April of this one", "example": "2026"},
    )


class PartnershipSchema(ma.Schema):
    """How many public projects of one council another has joined."""

    lead = ma.fields.Nested(CouncilReference, required=True)
    partner = ma.fields.Nested(CouncilReference, required=True)
    projects = ma.fields.Integer(required=True, metadata={"example": 3})


class PartnershipsSchema(ma.Schema):
    """Who works with whom, those with most projects first."""

    as_of = ma.fields.DateTime(required=True, allow_none=True)
    rows = ma.fields.List(ma.fields.Nested(PartnershipSchema), required=True)
    has_more = ma.fields.Boolean(
        required=True, metadata={"description": "Whether there are more pairs; of one council all of them are here"}
    )


class PartnershipsParameters(Parameters):
    """Whose partnerships are wanted."""

    council = code_of_council("All that this council leads or has joined; without it the hundred with most projects")


@blueprint.route("/statistics")
@anyone
@blueprint.arguments(StatisticsParameters, location="query")
@blueprint.response(200, thing_schema(StatisticsSchema))
def get_statistics(asked: dict[str, Any]) -> Response:
    """Read figures by month, theme, region or kind of council: sums of what the lists hold. A theme narrows to its
    projects; a region or kind to the councils that lead, pledge or use a document, each by what it does."""
    reading = begin_public_read()
    stood = queries.as_of(reading)
    etag = _etag(stood)
    if unchanged := not_modified(etag):
        return unchanged
    by = asked.pop("by")
    narrowed = Narrowed(**asked)
    found = queries.over_time(reading, narrowed)
    rows = found.months if by == "month" else queries.side_by_side(reading, by, narrowed)
    data = {
        "as_of": _moment(stood), "by": by, "theme": narrowed.theme or None, "region": narrowed.region or None,
        "kind": narrowed.kind or None, "year": narrowed.year or None, "total": dict(found.total),
        "rows": [_shown(row) for row in rows],
    }  # fmt: skip
    return answer({"data": data}, etag=etag)


@blueprint.route("/statistics/partnerships")
@anyone
@blueprint.arguments(PartnershipsParameters, location="query")
@blueprint.response(200, thing_schema(PartnershipsSchema))
def get_partnerships(asked: dict[str, Any]) -> Response:
    """Read who works with whom. Projects recorded from public sources are among them."""
    reading: Reading = begin_public_read()
    stood = queries.as_of(reading)
    etag = _etag(stood)
    if unchanged := not_modified(etag):
        return unchanged
    pairs, has_more = queries.pairs_listed(reading, asked.get("council"))
    rows = [
        {"lead": _reference(one.lead), "partner": _reference(one.partner), "projects": one.projects} for one in pairs
    ]
    return answer({"data": {"as_of": _moment(stood), "rows": rows, "has_more": has_more}}, etag=etag)


def _etag(stood: AsOf | None) -> str:
    """The mark of the sums; the months run up to the present one."""
    return f"{mark_of(stood.mark if stood else ALL)}.{clock.today():%y%m}.{RELEASE}"


def _moment(stood: AsOf | None) -> str | None:
    return f"{stood.moment:%Y-%m-%dT%H:%M:%SZ}" if stood else None


def _shown(row: Row) -> dict[str, Any]:
    return {"of": row.of, **row.figures}


def _reference(council: Named) -> dict[str, Any]:
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}
