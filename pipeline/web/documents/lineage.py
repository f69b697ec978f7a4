"""The lineage of a document: a tree that is drawn, the same in a table, and in a sentence."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from pipeline.artefacts.adoption_messages import behind_words
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.policy import ArtefactFacts
from pipeline.artefacts.queries import lineage, seeing
from pipeline.artefacts.queries.lineage import Lineage, Relative
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.work import Reading
from pipeline.http.entry import anyone
from pipeline.http.language import current_language, gettext, ngettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.words import _
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("lineage", __name__)

ROW, STEP, LEFT = 32, 28, 16
"""The drawing's measures: the height of a line, how far a copy stands to the right of its original, the left edge."""
WIDEST_NAME = 26
"""Characters of a name in the drawing; the table has it whole."""
NAME_WIDTH = 330


@dataclass(frozen=True, slots=True)
class Branch:
    """A document in the drawing: where its dot is, the path from its original's dot, and what stands beside it."""

    x: int
    y: int
    path: str
    words: str
    is_here: bool
    is_behind: bool


@blueprint.get("/documents/<slug>/lineage")
@anyone
@revalidated
def show_lineage(slug: str) -> Response:
    """The document this one comes from, its copies, and copies of copies."""
    reading = begin_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    found = lineage.lineage_of(reading, artefact)
    branches = _drawn(found, artefact)
    return show(
        "documents/lineage.html", artefact=artefact, address=slug, lines=[_line(one, artefact) for one in found.lines],
        json_url=f"/api/v1/artefacts/{slug}/lineage" if artefact.is_public else None,
        branches=branches, sentence=_sentence(found), not_shown=_not_shown(found),
        width=max((one.x for one in branches), default=0) + NAME_WIDTH, height=len(branches) * ROW + ROW // 2,
        text_language=artefact.language if artefact.language != current_language() else "",
    )  # fmt: skip


def panel_of(_reading: Reading, artefact: Artefact, _facts: ArtefactFacts) -> dict[str, Any]:
    """Whether a document has a lineage to show, for `documents/_lineage.html`: no statement."""
    has_any = bool(artefact.copies or artefact.upstream_id)
    words = ngettext("%(n)s adapted copy", "%(n)s adapted copies", artefact.copies) % {"n": f"{artefact.copies:,}"}
    return {
        "lineage_panel": {"copies": words if artefact.copies else "", "is_copy": artefact.upstream_id is not None}
        if has_any
        else None
    }


def _line(one: Relative, here: Artefact) -> dict[str, Any]:
    """A document in a row of the table."""
    return {
        "council": one.council,
        "council_url": f"{request.script_root}/councils/{one.council_slug}",
        "title": one.title,
        "lang": one.language if one.language != current_language() else "",
        "url": f"{request.script_root}/documents/{one.slug or one.id}",
        "number": one.current_number,
        "depth": one.depth,
        "made_from": _made_from(one),
        "behind": say(behind_words(one.behind)) if one.is_copy and one.base_number is not None else "",
        "is_here": one.id == here.id,
        "state": _state(one),
        "more": _more(one),
    }


def _made_from(one: Relative) -> str:
    if not one.is_copy:
        return gettext(_("The first"))
    if one.base_number is None:
        return gettext(_("A document that is not public any more"))
    return gettext(_("Version %(n)s of the one above it")) % {"n": one.base_number}


def _state(one: Relative) -> str:
    if one.status is ArtefactStatus.DRAFT:
        return gettext(_("Not published yet"))
    if one.status is ArtefactStatus.ENDED:
        return gettext(_("Kept no longer"))
    return gettext(_("Stands on its own")) if one.stands_alone else ""


def _more(one: Relative) -> str:
    if not one.more_copies:
        return ""
    words = ngettext("and %(n)s more adapted copy of it", "and %(n)s more adapted copies of it", one.more_copies)
    return words % {"n": f"{one.more_copies:,}"}


def _sentence(found: Lineage) -> str:
    """What the drawing shows, in one sentence."""
    if not found.number_of_copies:
        return gettext(_("No council has published an adapted copy of this document yet."))
    copies = ngettext("%(n)s adapted copy", "%(n)s adapted copies", found.number_of_copies)
    behind = sum(one.behind > 0 for one in found.lines)
    lagging = ngettext("%(n)s of those shown is behind", "%(n)s of those shown are behind", behind) % {"n": behind}
    generations = ngettext("in %(n)s generation", "in %(n)s generations", found.generations)
    return gettext(_("%(copies)s %(generations)s; %(behind)s the document it was made from.")) % {
        "copies": copies % {"n": f"{found.number_of_copies:,}"},
        "generations": generations % {"n": found.generations},
        "behind": lagging,
    }


def _not_shown(found: Lineage) -> str:
    if found.not_shown <= 0:
        return ""
    words = ngettext("%(n)s more document is not shown.", "%(n)s more documents are not shown.", found.not_shown)
    return words % {"n": f"{found.not_shown:,}"}


def _drawn(found: Lineage, here: Artefact) -> list[Branch]:
    """The tree as it is drawn: a line each, a copy below and to the right of the document it was made from."""
    rows = {one.id: place for place, one in enumerate(found.lines)}
    branches: list[Branch] = []
    for place, one in enumerate(found.lines):
        x, y = LEFT + one.depth * STEP, place * ROW + ROW // 2
        above = rows.get(one.upstream_id) if one.upstream_id else None
        path = "" if above is None or not one.depth else f"M{x - STEP} {above * ROW + ROW // 2}V{y}H{x}"
        branches.append(Branch(x, y, path, _name(one), one.id == here.id, one.behind > 0))
    return branches


def _name(one: Relative) -> str:
    council = one.council if len(one.council) <= WIDEST_NAME else f"{one.council[: WIDEST_NAME - 1]}…"
    if one.current_number is None:
        return council
    return gettext(_("%(council)s, version %(n)s")) % {"council": council, "n": one.current_number}
