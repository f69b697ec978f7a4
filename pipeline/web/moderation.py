"""The coordinators' pages of reports: what was reported, hiding it, leaving it, and bringing back what was hidden."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from pipeline.db.keyset import Place
from pipeline.db.work import Reading
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import coordinators
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.moderation import actions, queries
from pipeline.moderation.lines import Line, lines_of
from pipeline.moderation.messages import KIND_NAMES, REASON_NAMES, STATUS_NAMES
from pipeline.moderation.models import Hiding, Report
from pipeline.moderation.queries import HIDING_ORDERS, REPORT_ORDERS
from pipeline.moderation.rules import HIDEABLE, LONGEST_REASON, Reported, ReportReason, ReportStatus
from pipeline.moderation.subjects import thing_seen_by
from pipeline.web.one_form import PressForm, one_form, text_form
from pipeline.web.people import names_of
from pipeline.web.rendering import show, uk_date, uk_time
from pipeline.web.reporting import kind_named

blueprint = Blueprint("moderation", __name__)
ON_A_PAGE = 30

ReasonForm = text_form("reason", _("Why?"), LONGEST_REASON)


def _place(kind: str) -> Place | None:
    """Where in a list the reader is. Raises BadCursor."""
    cursor = request.args.get("cursor")
    if not cursor:
        return None
    moment, row_id, is_backwards = read_cursor(cursor, kind)
    return Place(datetime.fromisoformat(moment), UUID(row_id), is_backwards)


def _page_url(endpoint: str, kind: str, place: Place | None) -> str | None:
    if place is None:
        return None
    return url_for(endpoint, cursor=make_cursor(kind, [place.value, place.id, place.is_backwards]))


@blueprint.get("/coordination/reports")
@coordinators
def list_reports() -> Response:
    """What was reported and nobody has looked at yet, the oldest first."""
    reading = begin_read()
    page = queries.reports_listed(
        reading, ReportStatus.WAITING, order=REPORT_ORDERS["reported_at"], limit=ON_A_PAGE, place=_place("reports")
    )
    return show(
        "moderation/reports.html", lines=_report_lines(reading, [row.Report for row in page.rows]),
        next_url=_page_url("moderation.list_reports", "reports", page.after),
        previous_url=_page_url("moderation.list_reports", "reports", page.before),
    )  # fmt: skip


def _report_lines(reading: Reading, reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Reports as lines of a list, whatever they are about."""
    found = lines_of(reading, reports)
    return [_report_line(one, found.get((one.about_type, one.about_id))) for one in reports]


def _report_line(report: Report, about: Line | None) -> dict[str, Any]:
    return {
        "url": url_for("moderation.show_report", report_id=report.id),
        "kind": say(KIND_NAMES[Reported(report.about_type)]),
        "title": about.title if about else gettext(_("Gone meanwhile")),
        "path": f"{request.script_root}{about.path}" if about and about.path else "",
        "text": about.text or "" if about else "", "is_there": about is not None,
        "reason": say(REASON_NAMES[ReportReason(report.reason)]), "when": uk_time(report.reported_at),
    }  # fmt: skip


def _one_line(report_id: UUID) -> dict[str, Any]:
    reading = begin_read()
    return _report_lines(reading, [queries.report_seen_by(reading, report_id)])[0]


@blueprint.get("/coordination/reports/<uuid:report_id>")
@coordinators
def show_report(report_id: UUID) -> Response:
    """One report: what is said to be wrong with what, by whom, and what to do about it."""
    reading = begin_read()
    report = queries.report_seen_by(reading, report_id)
    kind = Reported(report.about_type)
    others = [one for one in queries.waiting_about(reading, kind, report.about_id) if one.id != report.id]
    [line] = _report_lines(reading, [report])
    by = names_of(reading, [report.officer_id])[report.officer_id] if report.officer_id else ""
    return show(
        "moderation/report.html", report=report, line=line, by=by,
        others=len(others), status=say(STATUS_NAMES[ReportStatus(report.status)]),
        is_waiting=report.status == ReportStatus.WAITING,
        may_hide=kind in HIDEABLE and line["is_there"], is_version=kind is Reported.VERSION,
    )  # fmt: skip


@blueprint.route("/coordination/reports/<uuid:report_id>/hide", methods=["GET", "POST"])
@coordinators
def hide_reported(report_id: UUID) -> Response:
    """Hide what was reported, with a reason."""
    line = _one_line(report_id)
    form: Any = ReasonForm()
    return one_form(
        form, lambda work: actions.hide_reported(work, report_id=report_id, reason=form.reason.data),
        after=url_for("moderation.list_reports"), said=_("It is hidden."),
        page=lambda: _hide_page(line["title"], line["url"]),
    )  # fmt: skip


def _hide_page(title: str, back: str) -> dict[str, Any]:
    return {
        "heading": gettext(_("Hide it")), "lead": title, "back_url": back, "back_words": title, "kind": "warning",
        "reads": gettext(_("Whoever wrote it and the leads of its project read this. Nobody else finds it any more.")),
        "submits": gettext(_("Hide it")),
    }  # fmt: skip


@blueprint.route("/coordination/reports/<uuid:report_id>/leave", methods=["GET", "POST"])
@coordinators
def leave(report_id: UUID) -> Response:
    """Leave what was reported as it is."""
    line = _one_line(report_id)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Leave it as it is")), "lead": line["title"], "back_url": line["url"],
            "back_words": line["title"], "submits": gettext(_("Leave it as it is")),
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: actions.leave_reported(work, report_id=report_id),
        after=url_for("moderation.list_reports"), said=_("It stays as it is."), page=page,
    )  # fmt: skip


@blueprint.route("/coordination/hide/<kind>/<uuid:thing_id>", methods=["GET", "POST"])
@coordinators
def hide(kind: str, thing_id: UUID) -> Response:
    """Hide something that nobody reported, with a reason."""
    about = kind_named(kind)
    if about not in HIDEABLE:
        raise NotFound("page")
    thing = thing_seen_by(begin_read(), about, thing_id)
    title, back = thing.title, f"{request.script_root}{thing.path}"
    form: Any = ReasonForm()
    return one_form(
        form, lambda work: actions.hide_thing(work, about=about, about_id=thing_id, reason=form.reason.data),
        after=url_for("moderation.list_hidden"), said=_("It is hidden."), page=lambda: _hide_page(title, back),
    )  # fmt: skip


@blueprint.get("/coordination/hidden")
@coordinators
def list_hidden() -> Response:
    """What is hidden now, the latest first."""
    reading = begin_read()
    page = queries.hidings_listed(
        reading, is_standing=True, order=HIDING_ORDERS["-hidden_at"], limit=ON_A_PAGE, place=_place("hidden")
    )
    return show(
        "moderation/hidden.html", lines=_hiding_lines(reading, [row.Hiding for row in page.rows]),
        next_url=_page_url("moderation.list_hidden", "hidden", page.after),
        previous_url=_page_url("moderation.list_hidden", "hidden", page.before),
    )  # fmt: skip


def _hiding_lines(reading: Reading, hidings: Sequence[Hiding]) -> list[dict[str, str]]:
    """What is hidden as lines of a list."""
    found = lines_of(reading, hidings)
    return [_hiding_line(one, found.get((one.about_type, one.about_id))) for one in hidings]


def _hiding_line(hiding: Hiding, about: Line | None) -> dict[str, str]:
    return {
        "url": f"{request.script_root}{about.path}" if about and about.path else "",
        "title": about.title if about else gettext(_("Gone meanwhile")),
        "kind": say(KIND_NAMES[Reported(hiding.about_type)]), "reason": hiding.reason,
        "when": uk_date(hiding.hidden_at), "restore_url": url_for("moderation.restore", hiding_id=hiding.id),
    }  # fmt: skip


@blueprint.route("/coordination/hidden/<uuid:hiding_id>/restore", methods=["GET", "POST"])
@coordinators
def restore(hiding_id: UUID) -> Response:
    """Bring something back that was hidden, with a reason."""
    reading = begin_read()
    [line] = _hiding_lines(reading, [queries.hiding_seen_by(reading, hiding_id)])
    form: Any = ReasonForm()

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Bring it back")), "lead": line["title"], "quoted": line["reason"],
            "back_url": url_for("moderation.list_hidden"), "back_words": gettext(_("Hidden")),
            "reads": gettext(_("Coordinators read this. Everybody can see the thing again at once.")),
            "submits": gettext(_("Bring it back")),
        }  # fmt: skip

    return one_form(
        form, lambda work: actions.restore_thing(work, hiding_id=hiding_id, reason=form.reason.data),
        after=url_for("moderation.list_hidden"), said=_("It is there again."), page=page,
    )  # fmt: skip
