"""Reporting what should not stand; and for coordinators, what was reported and what is hidden."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    StrictBoolean,
    answer,
    list_schema,
    own_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, Id, NoMembers, Prose, Truth, Word
from pipeline.api.paging import Asked, answer_rows
from pipeline.api.parameters import fields_of, one_word, order_of
from pipeline.api.writing import carry_out
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.reading import begin_read
from pipeline.moderation import actions, queries
from pipeline.moderation.lines import Line, lines_of
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.rules import (
    HIDEABLE,
    LONGEST_REASON,
    LONGEST_WORDS,
    Reported,
    ReportReason,
    ReportStatus,
)

blueprint = Blueprint(
    "api_moderation", __name__, url_prefix="/api/v1",
    description="Reporting what should not stand, and what coordinators hide and bring back",
)  # fmt: skip


class ReportedThing(ma.Schema):
    """What a report or a hiding is about."""

    type = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Reported)})
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Of itself or what it is about; for coordinators"}
    )
    url = ma.fields.String(required=True, allow_none=True, metadata={"description": "Its page; for coordinators"})
    text = ma.fields.String(
        required=True, allow_none=True,
        metadata={"description": "What it says, where only those whom it concerns have a page of it; for coordinators"},
    )  # fmt: skip


class ModerationReportSchema(ma.Schema):
    """That somebody says something should not stand. Who said so is told to nobody here."""

    id = ma.fields.UUID(required=True)
    about = ma.fields.Nested(ReportedThing, required=True)
    reason = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(ReportReason)}
    )
    words = ma.fields.String(required=True)
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(ReportStatus)}
    )
    reported_at = ma.fields.DateTime(required=True)
    settled_at = ma.fields.DateTime(required=True, allow_none=True)


class HidingSchema(ma.Schema):
    """That a coordinator hid something, and why; and when and why it was brought back."""

    id = ma.fields.UUID(required=True)
    about = ma.fields.Nested(ReportedThing, required=True)
    reason = ma.fields.String(required=True)
    hidden_at = ma.fields.DateTime(required=True)
    restored_at = ma.fields.DateTime(required=True, allow_none=True)
    restore_reason = ma.fields.String(required=True)


class ReportsParameters(ListParameters):
    """What a list of reports can be narrowed to, and its order."""

    status = one_word(ReportStatus, "What came of it")
    sort = order_of(queries.REPORT_ORDERS)
    wanted = fields_of(ModerationReportSchema)


class HidingsParameters(ListParameters):
    """What a list of what was hidden can be narrowed to, and its order."""

    standing = StrictBoolean(metadata={"description": "Whether it is hidden now"})
    sort = order_of(queries.HIDING_ORDERS)
    wanted = fields_of(HidingSchema)


EXAMPLE_ID = {"example": "0196f0a0-0000-7000-8000-000000000000"}


class ReportBody(Body):
    """What should not stand, and why. Only the coordinators read it."""

    about_type = Word(Reported, required=True, metadata={"example": "update"})
    about_id = Id(required=True, metadata=EXAMPLE_ID)
    reason = Word(ReportReason, required=True, metadata={"example": "personal"})
    words = Prose(LONGEST_WORDS, load_default="", metadata={"example": "The second paragraph names a child."})
    is_to_be_answered = Truth(load_default=False, metadata={"description": "Whether to be told what comes of it"})


class HideBody(Body):
    """What to hide, and why. Whoever wrote it and the leads of its project read the reason."""

    about_type = Word(sorted(HIDEABLE), required=True, metadata={"example": "update"})
    about_id = Id(required=True, metadata=EXAMPLE_ID)
    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "It names a child."})


class ModerationReasonBody(Body):
    """Why."""

    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "The name is out."})


REPORT, HIDING = thing_schema(ModerationReportSchema), thing_schema(HidingSchema)


@blueprint.route("/reports", methods=["POST"])
@members
@with_scope(Scope.COMMENTS_WRITE)
@blueprint.arguments(ReportBody, location="json")
@blueprint.response(201, REPORT)
def report(body: dict[str, Any]) -> Response:
    """Report something public. Coordinators look at it; nobody is told who reported it, or that others did."""

    def act(work: UnitOfWork) -> Report:
        return actions.report_thing(
            work, about=Reported(body["about_type"]), about_id=body["about_id"], reason=ReportReason(body["reason"]),
            words=body["words"], is_to_be_answered=body["is_to_be_answered"],
        )  # fmt: skip

    def made(work: UnitOfWork, one: Report) -> dict[str, Any]:
        work.session.flush()
        return _report(one, None)

    return carry_out(body, act, made, status=201)


@blueprint.route("/reports")
@members
@blueprint.arguments(ReportsParameters, location="query")
@blueprint.response(200, list_schema(ModerationReportSchema))
def list_reports(parameters: dict[str, Any]) -> Response:
    """List what was reported, the oldest first. For coordinators."""
    asked = Asked.of("api-reports", parameters)
    reading, status = begin_read(), asked.filters.get("status")
    narrowed = ReportStatus(status) if status else None
    page = queries.reports_listed(
        reading, narrowed, order=queries.REPORT_ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    reports = [row.Report for row in page.rows]
    lines = lines_of(reading, reports)
    rows = [_report(one, lines.get((one.about_type, one.about_id))) for one in reports]
    return answer_rows(asked, page, rows, lambda: queries.number_of_reports(reading, narrowed), None)


@blueprint.route("/reports/<uuid:report_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, REPORT)
def get_report(_asked: dict[str, Any], report_id: UUID) -> Response:
    """Read one report. For coordinators."""
    reading = begin_read()
    body = {"data": _report_read(reading, queries.report_seen_by(reading, report_id))}
    return answer(body, etag=own_etag(body))


@blueprint.route("/reports/<uuid:report_id>/leave", methods=["POST"])
@members
@with_scope(Scope.MODERATION_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, REPORT)
def leave_reported(body: dict[str, Any], report_id: UUID) -> Response:
    """Leave what was reported as it is, as a coordinator. Other reports about it are settled with this one."""
    return carry_out(body, lambda work: actions.leave_reported(work, report_id=report_id), _report_after)


@blueprint.route("/reports/<uuid:report_id>/hide", methods=["POST"])
@members
@with_scope(Scope.MODERATION_WRITE)
@blueprint.arguments(ModerationReasonBody, location="json")
@blueprint.response(201, HIDING)
def hide_reported(body: dict[str, Any], report_id: UUID) -> Response:
    """Hide what was reported, as a coordinator."""
    return carry_out(
        body, lambda work: actions.hide_reported(work, report_id=report_id, **body), _hiding_after, status=201
    )


@blueprint.route("/hidings")
@members
@blueprint.arguments(HidingsParameters, location="query")
@blueprint.response(200, list_schema(HidingSchema))
def list_hidings(parameters: dict[str, Any]) -> Response:
    """List what was hidden, the latest first. For coordinators."""
    asked = Asked.of("api-hidings", parameters)
    reading, standing = begin_read(), asked.filters.get("standing")
    page = queries.hidings_listed(
        reading, is_standing=standing, order=queries.HIDING_ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    hidings = [row.Hiding for row in page.rows]
    lines = lines_of(reading, hidings)
    rows = [_hiding(one, lines.get((one.about_type, one.about_id))) for one in hidings]
    return answer_rows(asked, page, rows, lambda: queries.number_of_hidings(reading, is_standing=standing), None)


@blueprint.route("/hidings", methods=["POST"])
@members
@with_scope(Scope.MODERATION_WRITE)
@blueprint.arguments(HideBody, location="json")
@blueprint.response(201, HIDING)
def hide(body: dict[str, Any]) -> Response:
    """Hide something, as a coordinator: only its team, its writer and coordinators find it from then on."""

    def act(work: UnitOfWork) -> Hiding:
        about = Reported(body["about_type"])
        return actions.hide_thing(work, about=about, about_id=body["about_id"], reason=body["reason"])

    return carry_out(body, act, _hiding_after, status=201)


@blueprint.route("/hidings/<uuid:hiding_id>/restore", methods=["POST"])
@members
@with_scope(Scope.MODERATION_WRITE)
@blueprint.arguments(ModerationReasonBody, location="json")
@blueprint.response(200, HIDING)
def restore(body: dict[str, Any], hiding_id: UUID) -> Response:
    """Bring back what was hidden, as a coordinator."""
    return carry_out(body, lambda work: actions.restore_thing(work, hiding_id=hiding_id, **body), _hiding_after)


def _report_after(work: UnitOfWork, made: Report) -> dict[str, Any]:
    return _report_read(work, made)


def _report_read(reading: Reading, one: Report) -> dict[str, Any]:
    return _report(one, lines_of(reading, [one]).get((one.about_type, one.about_id)))


def _hiding_after(work: UnitOfWork, one: Hiding) -> dict[str, Any]:
    work.session.flush()
    return _hiding(one, lines_of(work, [one]).get((one.about_type, one.about_id)))


def _about(one: Report | Hiding, line: Line | None) -> dict[str, Any]:
    base = current_app.config["PUBLIC_URL"]
    return {
        "type": one.about_type, "id": str(one.about_id), "title": line.title if line else None,
        "url": f"{base}{line.path}" if line and line.path else None, "text": line.text if line else None,
    }  # fmt: skip


def _report(one: Report, line: Line | None) -> dict[str, Any]:
    return {
        "id": str(one.id), "about": _about(one, line), "reason": one.reason, "words": one.words, "status": one.status,
        "reported_at": utc_text(one.reported_at), "settled_at": utc_text(one.settled_at),
    }  # fmt: skip


def _hiding(one: Hiding, line: Line | None) -> dict[str, Any]:
    return {
        "id": str(one.id), "about": _about(one, line), "reason": one.reason, "hidden_at": utc_text(one.hidden_at),
        "restored_at": utc_text(one.restored_at), "restore_reason": one.restore_reason,
    }  # fmt: skip
