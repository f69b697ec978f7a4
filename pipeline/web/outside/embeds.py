"""Small pages that other sites show in a frame: a project, a council's projects, the current version of a document.

They are what everybody reads, whoever asks: no cookie is looked at. Headers of their own stand in `http/security.py`.
"""

import re
from dataclasses import dataclass

from flask import Blueprint, Response
from markupsafe import escape

from pipeline.artefacts.messages import KIND_NAMES
from pipeline.artefacts.queries.document import licence_names
from pipeline.artefacts.queries.seeing import artefact_seen_by, current_version_of
from pipeline.artefacts.rules import ArtefactKind, ArtefactStatus
from pipeline.councils.queries import council_seen_by, councils_named
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read
from pipeline.http.security import EMBEDS
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.projects import listing
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.partners import projects_joined_by, projects_led_by
from pipeline.projects.queries import project_at
from pipeline.projects.rules import ProjectStatus
from pipeline.web.cards import CardMaker
from pipeline.web.councils import pledged_to
from pipeline.web.outside.answers import for_anybody
from pipeline.web.outside.feeds import called, elsewhere
from pipeline.web.rendering import absolute, show, uk_date

blueprint = Blueprint("embeds", __name__)

MOST_PROJECTS = 10
SANDBOX = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
"""What a page in our frame may do on another site: lead away when a link in it is pressed, and nothing else."""

_LINK_OUT = re.compile(r'<a (?=href="(?!#))')


@dataclass(frozen=True, slots=True)
class Size:
    """How large a frame is, in CSS pixels."""

    width: int
    height: int

    def within(self, width: int | None, height: int | None) -> "Size":
        """The same, no larger than it may be."""
        return Size(min(self.width, width or self.width), min(self.height, height or self.height))


SIZES = {"projects": Size(420, 420), "councils": Size(420, 480), "documents": Size(640, 640)}


@blueprint.get("/embed/projects/<slug>")
@anyone
@for_anybody
def show_project(slug: str) -> Response:
    """A project as a card."""
    reading = begin_read()
    project = project_at(reading, slug)
    if project.address != slug:
        return elsewhere(project.address)
    # A place where a council keeps documents is none of the projects that lists show.
    rows = listing.rows_of(reading.session, [project.id])
    if not rows:
        raise NotFound("project")
    [card] = CardMaker().cards(rows, listing.needs_of(reading.session, [rows[0].id]))
    is_to_come = project.status == ProjectStatus.OPEN and project.decision_on is not None
    decides = gettext(_("It is decided by %(day)s.")) % {"day": uk_date(project.decision_on)} if is_to_come else ""
    return show(
        "embeds/project.html", card=card, decides=decides, canonical=f"/projects/{slug}", is_made_up=project.is_made_up
    )


@blueprint.get("/embed/councils/<slug>")
@anyone
@for_anybody
def show_council(slug: str) -> Response:
    """A council's projects."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    if council.slug != slug:
        return elsewhere(council.slug)
    joined = projects_joined_by(reading, council.id, pledged_to(council), MOST_PROJECTS)
    lists = [
        (gettext(_("Projects it leads")), projects_led_by(reading, council.id, MOST_PROJECTS)),
        (gettext(_("Projects it joined")), joined),
    ]
    return show(
        "embeds/council.html", name=called(council.name, council.name_cy), canonical=f"/councils/{slug}",
        lists=[(heading, lines) for heading, lines in lists if lines], status_names=STATUS_NAMES,
        is_made_up=council.is_made_up,
    )  # fmt: skip


@blueprint.get("/embed/documents/<slug>")
@anyone
@for_anybody
def show_document(slug: str) -> Response:
    """The current version of a shared document."""
    reading = begin_read()
    artefact, _project = artefact_seen_by(reading, slug)
    if artefact.slug and artefact.slug != slug:
        return elsewhere(artefact.slug)
    version = current_version_of(reading, artefact)
    code = version.licence if version else artefact.licence
    return show(
        "embeds/document.html", artefact=artefact, version=version, canonical=f"/documents/{slug}",
        kind=say(KIND_NAMES[ArtefactKind(artefact.kind)]), is_ended=artefact.status == ArtefactStatus.ENDED,
        licence=licence_names(reading, [code])[code], text_html=leading_out(version.html) if version else "",
        council=councils_named(reading, [artefact.council_id])[artefact.council_id].name,
        text_language=artefact.language if artefact.language != current_language() else "",
        is_made_up=artefact.is_made_up,
    )  # fmt: skip


def leading_out(html: str) -> str:
    """Text that was made safe, with links that lead out of the frame; places in the text itself stay in it."""
    return _LINK_OUT.sub('<a target="_top" ', html)


def snippet(path: str, title: str, size: Size, root: str = "") -> str:
    """The HTML with which another site shows a page of ours in a frame. `path` is that of the thing: `/projects/…`."""
    address = absolute(f"{root}{EMBEDS.rstrip('/')}{path}")
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{size.width}" height="{size.height}" '
        f'loading="lazy" sandbox="{SANDBOX}" style="border:1px solid #c9d3d1;max-width:100%"></iframe>'
    )
