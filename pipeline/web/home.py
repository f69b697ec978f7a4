"""The home page: what this is, and a first look at what councils do together."""

from typing import Any

from flask import Blueprint, Response, g, request

from pipeline.councils.vocabulary import REGIONS
from pipeline.http.entry import anyone
from pipeline.http.language import gettext, say
from pipeline.http.marks import mark_of
from pipeline.http.reading import begin_read
from pipeline.kernel import clock
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _
from pipeline.projects.figures import Figures, public_figures
from pipeline.projects.highlights import Highlights, UpdateLine, highlights
from pipeline.projects.vocabulary import THEMES
from pipeline.search.lately import AnswerLine, Lately, lately
from pipeline.web.cards import CardMaker
from pipeline.web.forms import choices_of
from pipeline.web.lessons.panels import line_shown
from pipeline.web.outside import linked_data
from pipeline.web.rendering import label, revalidated_with, show, uk_date
from pipeline.web.themes import document_line, own_place

blueprint = Blueprint("home", __name__)


def _counted() -> str:
    """The mark of the figures: the worker counts them a moment after something changed."""
    g.figures = public_figures(begin_read())
    return f".{mark_of(str(g.figures.sequence))}" if g.figures else ""


@blueprint.get("/")
@anyone
@revalidated_with(_counted)
def show_home() -> Response:
    """What this is, and a first look at what councils do together."""
    reading = begin_read()
    maker = CardMaker()
    found: Highlights = highlights(reading, clock.today())
    told, own = lately(reading), own_place(reading)
    return show(
        "home/show.html",
        linked_data=linked_data.page_of(linked_data.of_site()),
        figures=_figures(g.figures if "figures" in g else public_figures(reading)),
        closing_soon=maker.cards(found.closing_soon, found.needs),
        nearly_there=maker.cards(found.nearly_there, found.needs),
        new_projects=maker.cards(found.new_projects, found.needs),
        recent_updates=[_update(one) for one in found.recent_updates],
        themes=choices_of(THEMES),
        places=choices_of(REGIONS),
        own=own,
        own_name=label(own) if own else "",
        answered=_answered(told),
        documents=[document_line(row) for row in told.documents],
        lessons=[line_shown(one) for one in told.lessons],
    )


def _figures(figures: Figures | None) -> list[dict[str, str]]:
    """The figures in words; none where nothing is published yet."""
    if figures is None or not figures.councils:
        return []
    counted = [
        {"value": f"{figures.open_projects:,}", "label": gettext("projects open for pledges")},
        {"value": f"{figures.councils:,}", "label": gettext("councils taking part")},
        {"value": days(figures.pledged_half_days), "label": gettext("days of officer time pledged")},
        {"value": pounds(figures.pledged_pence), "label": gettext("pledged in funding")},
    ]
    delivered = [
        (figures.delivered_half_days, days(figures.delivered_half_days), gettext("days delivered")),
        (figures.delivered_pence, pounds(figures.delivered_pence), gettext("delivered in funding")),
    ]
    return counted + [{"value": value, "label": words} for number, value, words in delivered if number]


def _answered(found: Lately) -> dict[str, Any]:
    """The offers that leads answered last, and how soon they usually do."""
    return {
        "usual": say(_usually(found.usual_days)) if found.usual_days is not None else "",
        "lines": [
            {
                "url": f"{request.script_root}/projects/{line.project_slug}", "title": line.project_title,
                "about": say(_took(line)), "when": uk_date(line.answered_at),
            }
            for line in found.answers
        ],
    }  # fmt: skip


def _usually(number: int) -> Words:
    if number == 0:
        return Words(_("Offers are usually answered on the same working day."))
    return Words(
        _("Offers are usually answered in {n} working day."), _("Offers are usually answered in {n} working days."),
        n=number,
    )  # fmt: skip


def _took(line: AnswerLine) -> Words:
    if line.days_taken == 0:
        return Words(_("{council} answered an offer on the same working day"), council=line.council)
    return Words(
        _("{council} answered an offer in {n} working day"), _("{council} answered an offer in {n} working days"),
        n=line.days_taken, council=line.council,
    )  # fmt: skip


def _update(update: UpdateLine) -> dict[str, Any]:
    about = gettext("%(council)s, on %(project)s") % {"council": update.council, "project": update.project_title}
    return {
        "url": f"{request.script_root}/updates/{update.id}", "title": update.title, "about": about,
        "datetime": update.published_at, "when": uk_date(update.published_at),
    }  # fmt: skip
