"""The lineage of a document: a tree that is drawn, the same in a table, and in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, Response, request, url_for

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
from pipeline.kernel.spreadsheets import Cell
from pipeline.kernel.words import _
from pipeline.web.csv_tables import csv_answer
from pipeline.web.rendering import revalidated, show

blueprint = Blueprint("lineage", __name__)

ROW, STEP, LEFT = 32, 28, 16
"""The drawing's measures: the height of a line, how far a copy stands to the right of its original, the left edge."""
WIDEST_NAME = 26
"""Characters of a name in the drawing; the table has it whole."""
NAME_WIDTH = 330


class Branch(NamedTuple):
    """A document in the drawing: where its dot and its name are, how large the dot is, and what stands beside it."""

    x: int
    y: int
    radius: int
    name_x: int
    name_y: int
    words: str
    is_here: bool
    is_behind: bool


class Line(NamedTuple):
    """A document in a row of the table. `lang` is its language where that is not the page's."""

    council: str
    council_url: str
    title: str
    lang: str
    url: str
    number: int | str
    depth: int
    made_from: str
    behind: str
    is_here: bool
    state: str
    more: str


@blueprint.get("/documents/<slug>/lineage")
@anyone
@revalidated
def show_lineage(slug: str) -> Response:
    """The document this one comes from, its copies, and copies of copies."""
    reading = begin_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    found = lineage.lineage_of(reading, artefact)
    branches, path = _drawn(found, artefact)
    return show(
        "documents/lineage.html", artefact=artefact, address=slug, lines=_lines(found, artefact),
        csv_url=url_for("lineage.as_csv", slug=slug),
        json_url=f"/api/v1/artefacts/{slug}/lineage" if artefact.is_public else None,
        branches=branches, path=path, sentence=_sentence(found), not_shown=_not_shown(found),
        width=max((one.x for one in branches), default=0) + NAME_WIDTH, height=len(branches) * ROW + ROW // 2,
        text_language=artefact.language if artefact.language != current_language() else "",
    )  # fmt: skip


@blueprint.get("/documents/<slug>/lineage.csv")
@anyone
@revalidated
def as_csv(slug: str) -> Response:
    """The lineage as a table to download, in the words of the API: each document after the one it was made from."""
    reading = begin_read()
    artefact, _project = seeing.artefact_seen_by(reading, slug)
    found = lineage.lineage_of(reading, artefact)
    header = (
        "council", "document", "title", "status", "version", "generation", "made_from", "made_from_version",
        "versions_behind",
    )  # fmt: skip
    addresses = {one.id: one.slug or str(one.id) for one in found.lines}
    return csv_answer(f"lineage-{slug}", header, (_cells(one, addresses) for one in found.lines))


def _cells(one: Relative, addresses: Mapping[UUID, str]) -> Sequence[Cell]:
    """A document as cells; `addresses` are those of all that are shown."""
    made_from = addresses.get(one.upstream_id) if one.upstream_id else None
    behind = one.behind if one.is_copy and one.base_number is not None else None
    return (
        one.council, addresses[one.id], one.title, one.status.value, one.current_number, one.depth, made_from,
        one.base_number, behind,
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


def _lines(found: Lineage, here: Artefact) -> list[Line]:
    """The rows of the table, in one plain loop: what they have in common is worked out before it."""
    root, language = request.script_root, current_language()
    councils = {one.id: one.council for one in found.lines}
    first, gone = gettext(_("The first")), gettext(_("A document that is not public any more"))
    above = gettext(_("%(council)s, version %(n)s"))
    said = _behind_in_words(found)
    lines: list[Line] = []
    for one in found.lines:
        has_base = one.is_copy and one.base_number is not None
        of_base = {"council": councils.get(one.upstream_id, "") if one.upstream_id else "", "n": one.base_number}
        made_from = (above % of_base if has_base else gone) if one.is_copy else first
        is_plain = one.status is ArtefactStatus.PUBLISHED and not one.stands_alone
        lines.append(Line(
            one.council, f"{root}/councils/{one.council_slug}", one.title,
            one.language if one.language != language else "", f"{root}/documents/{one.slug or one.id}",
            one.current_number or "", one.depth, made_from, said[one.behind] if has_base else "", one.id == here.id,
            "" if is_plain else _state(one), _more(one) if one.more_copies else "",
        ))  # fmt: skip
    return lines


def _behind_in_words(found: Lineage) -> dict[int, str]:
    """Each distance that occurs, in words: there are few of them, whatever the number of copies."""
    return {number: say(behind_words(number)) for number in {one.behind for one in found.lines}}


def _state(one: Relative) -> str:
    if one.status is ArtefactStatus.DRAFT:
        return gettext(_("Not published yet"))
    if one.status is ArtefactStatus.ENDED:
        return gettext(_("Kept no longer"))
    return gettext(_("Stands on its own")) if one.stands_alone else ""


def _more(one: Relative) -> str:
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


def _drawn(found: Lineage, here: Artefact) -> tuple[list[Branch], str]:
    """The tree as it is drawn, and all its lines in one path: a row each, a copy below and to the right of the document
    it was made from."""
    rows = {one.id: place for place, one in enumerate(found.lines)}
    with_version = gettext(_("%(council)s, version %(n)s"))
    branches, steps = [], []
    for place, one in enumerate(found.lines):
        x, y = LEFT + one.depth * STEP, place * ROW + ROW // 2
        above = rows.get(one.upstream_id) if one.upstream_id else None
        if above is not None and one.depth:
            steps.append(f"M{x - STEP} {above * ROW + ROW // 2}V{y}H{x}")
        name = one.council if len(one.council) <= WIDEST_NAME else f"{one.council[: WIDEST_NAME - 1]}…"
        words = name if one.current_number is None else with_version % {"council": name, "n": one.current_number}
        is_here = one.id == here.id
        branches.append(Branch(x, y, 9 if is_here else 6, x + 16, y + 5, words, is_here, one.behind > 0))
    return branches, "".join(steps)
