"""Calendars to subscribe to (.ics): when projects are decided, when documents are reviewed, when councils look again at
what they adopted."""

from uuid import uuid5

from flask import Blueprint, Response, request

from pipeline.artefacts.queries.seeing import artefact_seen_by
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import Reading
from pipeline.feeds import calendar
from pipeline.feeds.calendar import CalendarDay
from pipeline.feeds.dates import DateKind, DateToCome, Narrowed, dates_to_come
from pipeline.feeds.newest import last_public_at
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.projects.queries import project_at
from pipeline.projects.vocabulary import THEME_BY_VALUE
from pipeline.web.outside.answers import for_anybody
from pipeline.web.outside.feeds import about_pipeline, called, elsewhere
from pipeline.web.rendering import absolute, in_one_language

blueprint = Blueprint("calendars", __name__)

SUMMARIES = {
    DateKind.DECISION: _("Decision date: {title}"),
    DateKind.REVIEW: _("Review date: {title}"),
    DateKind.ADOPTION_REVIEW: _("{council} looks again at: {title}"),
}
DESCRIPTIONS = {
    DateKind.DECISION: _("The last day on which it is decided whether this project goes ahead. {council} leads it."),
    DateKind.REVIEW: _("The document is to be reviewed by this day. {council} keeps it."),
    DateKind.ADOPTION_REVIEW: _("{council} uses this document, and looks at it again by this day."),
}
ENDED = _("This date no longer holds: what it was for has ended.")


@blueprint.get("/calendars/all.ics")
@anyone
@for_anybody
def show_all() -> Response:
    """Every date there is."""
    return _calendar(begin_read(), gettext(_("Dates on Pipeline")), Narrowed())


@blueprint.get("/calendars/councils/<slug>.ics")
@anyone
@for_anybody
def show_council(slug: str) -> Response:
    """The dates of a council: of projects it leads or has joined, documents it keeps, and what it adopted."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return elsewhere(council.slug)
    return _calendar(reading, called(council.name, council.name_cy), Narrowed(council_id=council.id))


@blueprint.get("/calendars/themes/<slug>.ics")
@anyone
@for_anybody
def show_theme(slug: str) -> Response:
    """The dates of the projects of a theme, and of their documents."""
    theme = THEME_BY_VALUE.get(slug)
    if theme is None:
        raise NotFound
    return _calendar(begin_read(), theme.in_language(current_language()), Narrowed(theme=slug))


@blueprint.get("/calendars/projects/<slug>.ics")
@anyone
@for_anybody
def show_project(slug: str) -> Response:
    """The decision date of a project, and the review dates of its documents."""
    reading = begin_read()
    project = project_at(reading, slug)
    if project.address != slug:
        return elsewhere(project.address)
    return _calendar(reading, project.title, Narrowed(project_id=project.id))


@blueprint.get("/calendars/documents/<slug>.ics")
@anyone
@for_anybody
def show_document(slug: str) -> Response:
    """The review date of a document, and when those who use it look at it again."""
    reading = begin_read()
    artefact, _project = artefact_seen_by(reading, slug)
    if artefact.slug and artefact.slug != slug:
        return elsewhere(artefact.slug)
    return _calendar(reading, artefact.title, Narrowed(artefact_id=artefact.id))


def _calendar(reading: Reading, name: str, narrowed: Narrowed) -> Response:
    changed_at = last_public_at(reading)
    dates = dates_to_come(reading, narrowed, clock.today())
    days, about = in_one_language(lambda: ([_day(one) for one in dates], about_pipeline()))
    url = absolute(f"{request.script_root}{request.path}")
    made = calendar.calendar_of(name, about, url, current_language(), days)
    response = Response(made, content_type=f"{calendar.MEDIA_TYPE}; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{request.path.rpartition("/")[2]}"'
    response.headers["Content-Language"] = current_language()
    if changed_at is not None:
        response.last_modified = changed_at
    return response


def _day(one: DateToCome) -> CalendarDay:
    """A date in the reader's language. The id of the row and the kind of date make its own, for ever."""
    words = {"title": one.title, "council": one.council}
    said = [say(Words(DESCRIPTIONS[one.kind], **words)), *([gettext(ENDED)] if one.is_cancelled else [])]
    return CalendarDay(
        uid=uuid5(one.row_id, one.kind.value), on=one.on, summary=say(Words(SUMMARIES[one.kind], **words)),
        description=" ".join(said), url=absolute(f"{request.script_root}{one.path}"), sequence=one.version - 1,
        changed_at=one.updated_at, is_cancelled=one.is_cancelled,
    )  # fmt: skip
