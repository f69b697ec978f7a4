"""The draft decision record of an authorised pledge, for its council to check and publish by its own rules."""

from typing import Any
from uuid import UUID

from flask import Response, render_template

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.documents.office import DOCX, NotConverted, docx_from_html
from pipeline.http.entry import members
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, end_read
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.words import Words, _
from pipeline.pledges import policy, queries
from pipeline.pledges.authority import Way
from pipeline.pledges.condition_queries import conditions_measured, needs_named
from pipeline.pledges.messages import SPENDINGS, amount_words, financial_years_words
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.rules import Spending
from pipeline.pledges.waiting_words import condition_words
from pipeline.web.limits import limit_words
from pipeline.web.pledges.authorised import capacity_words, limit_of, person_words
from pipeline.web.pledges.showing import blueprint
from pipeline.web.rendering import uk_date


@blueprint.get("/pledges/<uuid:pledge_id>/decision-record.html")
@members
def decision_record_html(pledge_id: UUID) -> Response:
    """The draft decision record as a page to keep."""
    return _download(_record(pledge_id).encode(), "text/html; charset=utf-8", "html")


@blueprint.get("/pledges/<uuid:pledge_id>/decision-record.docx")
@members
def decision_record_docx(pledge_id: UUID) -> Response:
    """The draft decision record for a word processor."""
    html = _record(pledge_id)
    end_read()
    try:
        return _download(docx_from_html(html), DOCX, "docx")
    except NotConverted:
        words = Words(_("The document could not be made just now. Download the .html instead."))
        raise Conflict("authorisation.record_not_made", words) from None


def _record(pledge_id: UUID) -> str:
    """The record as HTML, for members of the pledging council; for everybody else there is none. Raises NotFound."""
    reading = begin_read()
    pledge = queries.pledge_seen_by(reading, pledge_id)
    facts = queries.facts_of(reading, pledge)
    authorisation = queries.authorisation_of(reading, pledge.id)
    if authorisation is None or not policy.may_read_authorisation(reading.actor, facts):
        raise NotFound("page")
    return render_template("pledges/decision_record.html", **_parts(reading, pledge, authorisation))


def _parts(reading: Reading, pledge: Pledge, authorisation: Authorisation) -> dict[str, Any]:
    council = reading.session.get_one(Council, pledge.council_id)
    project = pledge.need.project
    lead_council = reading.session.get_one(Council, project.council_id)
    amount = say(amount_words(pledge.kind, pledge.amount, pledge.need.thing or ""))
    how = [capacity_words(authorisation), person_words(reading, authorisation)]
    decided = [uk_date(authorisation.decided_on)] if authorisation.decided_on else []
    none = gettext(_("None recorded"))
    rule = authorisation.way == Way.STANDING_RULE
    return {
        "lang": current_language(),
        "council": council.name,
        "project": project.title,
        "rows": [
            (gettext(_("Date of the decision")), uk_date(authorisation.authorised_at)),
            (gettext(_("Decided by")), ", ".join(part for part in how if part)),
            (gettext(_("Decision of a committee or cabinet")), ", ".join((*decided, authorisation.reference))),
            (gettext(_("Limit of the authority")), "" if rule else limit_words(limit_of(authorisation))),
            (gettext(_("Project")), f"{project.title}, {lead_council.name}"),
            (gettext(_("What the council pledges")), f"{amount}, {pledge.need.title}"),
            *_terms(reading, pledge),
        ],
        "texts": [
            (gettext(_("Reasons for the decision")), authorisation.reasons or none),
            (gettext(_("Alternatives considered and rejected")), authorisation.alternatives or none),
            (gettext(_("Interests declared")), authorisation.interests or none),
        ],
    }


def _terms(reading: Reading, pledge: Pledge) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    if pledge.from_on and pledge.to_on:
        rows.append((gettext(_("From and until")), f"{uk_date(pledge.from_on)} – {uk_date(pledge.to_on)}"))
    if pledge.first_financial_year and pledge.spending:
        years = say(financial_years_words(pledge.first_financial_year, pledge.last_financial_year))
        rows.append((gettext(_("Financial year")), f"{years}, {say(SPENDINGS[Spending(pledge.spending)])}"))
    if pledge.worth_pence is not None:
        rows.append((gettext(_("Worth")), say(amount_words("funding", pledge.worth_pence))))
    measured = conditions_measured(reading, [pledge.id]).get(pledge.id, [])
    needs = needs_named(reading, pledge.project_id) if measured else {}
    rows += [(gettext(_("Only if")), say(condition_words(one.condition, needs))) for one in measured]
    return rows


def _download(content: bytes, mimetype: str, ending: str) -> Response:
    response = Response(content, content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="draft-decision-record.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
