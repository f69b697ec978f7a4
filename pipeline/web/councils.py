"""The register of councils, and a council's own page."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Select, select

from pipeline.artefacts.queries.library import documents_kept_by
from pipeline.artefacts.queries.register import documents_adopted_by
from pipeline.councils import queries
from pipeline.councils.models import Council
from pipeline.councils.queries import CouncilFilters
from pipeline.councils.vocabulary import KIND_BY_VALUE, KINDS, NATION_BY_VALUE, NATIONS, REGION_BY_VALUE, REGIONS
from pipeline.db.keyset import Place
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.label import Label
from pipeline.kernel.text import clean_line
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.partners import projects_joined_by, projects_led_by
from pipeline.web.lessons.panels import lessons_of_council
from pipeline.web.outside import linked_data
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("councils", __name__)

ROWS = 50
CURSOR = "register"


@blueprint.get("/councils")
@anyone
@revalidated
def index() -> Response:
    """The register, with filters in the address."""
    reading = begin_read()
    filters = _filters()
    page = queries.councils_listed(reading, filters, order=queries.ORDERS["short_name"], limit=ROWS, place=_place())
    return show(
        "councils/index.html",
        councils=[_line(row.Council) for row in page.rows],
        number=queries.number_of_councils(reading, filters),
        filters=filters,
        in_use=any(request.args.get(name) for name in ("q", "nation", "region", "kind", "active")),
        nations=_options(NATIONS),
        regions=_options(REGIONS),
        kinds=_options(KINDS),
        next_url=_page_url(page.after),
        previous_url=_page_url(page.before),
    )


def _filters() -> CouncilFilters:
    """What the address asks for. A value nobody offers narrows nothing: old links keep working."""
    given = request.args
    return CouncilFilters(
        q=clean_line(given.get("q", ""))[:100],
        nation=given.get("nation") if given.get("nation") in NATION_BY_VALUE else None,
        region=given.get("region") if given.get("region") in REGION_BY_VALUE else None,
        kind=given.get("kind") if given.get("kind") in KIND_BY_VALUE else None,
        active={"yes": True, "no": False}.get(given.get("active", "yes")),
    )


def _line(council: Council) -> dict[str, object]:
    return {
        "slug": council.slug,
        "name": _name(council.name, council.name_cy),
        "kind": _label(KIND_BY_VALUE.get(council.kind)),
        "region": _label(REGION_BY_VALUE.get(council.region)),
        "is_active": council.is_active,
        "is_made_up": council.is_made_up,
        "led": council.projects_led,
        "joined": council.projects_joined,
    }


def _name(name: str, name_cy: str | None) -> str:
    return name_cy if name_cy and current_language() == "cy" else name


def _label(known: Label | None) -> str:
    return known.in_language(current_language()) if known else ""


def _options(labels: tuple[Label, ...]) -> list[tuple[str, str]]:
    return [(one.value, one.in_language(current_language())) for one in labels]


def _place() -> Place | None:
    """Where in the register the reader is. Raises BadCursor."""
    cursor = request.args.get("cursor")
    if not cursor:
        return None
    short_name, council_id, is_backwards = read_cursor(cursor, CURSOR)
    return Place(short_name, UUID(council_id), is_backwards)


def _page_url(place: Place | None) -> str | None:
    if place is None:
        return None
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name != "cursor" and value}
    return url_for("councils.index", **kept, cursor=make_cursor(CURSOR, [place.value, place.id, place.is_backwards]))


@blueprint.get("/councils/<slug>")
@anyone
@revalidated
def show_council(slug: str) -> Response:
    """A council: what it is, what it leads and what it joined. Its GSS code or an old code leads to its slug."""
    reading = begin_read()
    council = queries.council_seen_by(reading, slug)
    if council.slug != slug:
        return redirect(url_for("councils.show_council", slug=council.slug), 301)  # type: ignore[return-value]
    predecessors, successors = queries.relatives(reading, [council.id])[council.id]
    return show(
        "councils/show.html",
        council=council,
        linked_data=linked_data.page_of(
            linked_data.of_council(council),
            way=[("/councils", gettext("Councils")), (f"/councils/{council.slug}", council.name)],
        ),
        name=_name(council.name, council.name_cy),
        other_name=council.name if current_language() == "cy" and council.name_cy else council.name_cy,
        kind=_label(KIND_BY_VALUE.get(council.kind)),
        region=_label(REGION_BY_VALUE.get(council.region)),
        nation=_label(NATION_BY_VALUE.get(council.nation)),
        predecessors=predecessors,
        successors=successors,
        led=projects_led_by(reading, council.id),
        joined=projects_joined_by(reading, council.id, pledged_to(council)),
        status_names=STATUS_NAMES,
        documents_adopted=documents_adopted_by(reading, council.id),
        **lessons_of_council(reading, council.id),
        documents=documents_kept_by(reading, council.id),
    )


def pledged_to(council: Council) -> Select[UUID]:
    """The projects in which the council is a partner by a pledge."""
    partner = (PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED)
    return select(Pledge.project_id).where(Pledge.council_id == council.id, Pledge.status.in_(partner))
