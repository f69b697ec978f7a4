"""Bringing a council's portfolio in: chosen or pasted, checked line by line, looked at, confirmed, and reported on."""

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, url_for

from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.work import Reading
from pipeline.documents.uploads import safe_file_name
from pipeline.http.entry import members
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.http.requests import takes_up_to
from pipeline.imports import actions, policy, queries
from pipeline.imports.checking import check_sheet, references_in
from pipeline.imports.columns import (
    BYTE_ORDER_MARK,
    COLUMN_BY_VALUE,
    COLUMNS,
    WRITTEN_ONLY,
    by_column,
    is_ours,
)
from pipeline.imports.lines import ENDED, STAGES, TO_COME, UNDER_WAY, ImportedProject, read_line
from pipeline.imports.messages import ENCODING_NAMES, IMPORT_STATE_NAMES, LINE_STATE_NAMES, SEPARATOR_NAMES
from pipeline.imports.models import ImportLine, PortfolioImport
from pipeline.imports.queries import LineProject
from pipeline.imports.rules import KEPT_FOR, MOST_BYTES, MOST_LINES, PASTED, ImportState, LineState
from pipeline.imports.sheets import Sheet, sheet_from_bytes, sheet_from_text
from pipeline.kernel import clock
from pipeline.kernel.errors import Conflict, NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _, words_from_json
from pipeline.pledges.messages import amount_words
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PHASES, PROFESSIONS, THEME_BY_VALUE, THEMES
from pipeline.web.asking import ask, status_of_form
from pipeline.web.csv_tables import csv_answer
from pipeline.web.forms import File, OnceForm, Text, lazy, problems_onto
from pipeline.web.rendering import absolute, label, show, uk_date

blueprint = Blueprint("imports", __name__)

MOST_BODY = 2 * MOST_BYTES + 500_000
"""Bytes of the form: a file and a text of the largest size, so that one that is too large is answered in words."""


class Pasted(Text):
    """A text kept as it was pasted: white space at its start may be an empty cell."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.data = valuelist[0] if valuelist else ""


class BringForm(OnceForm):
    """A portfolio, as a file or pasted."""

    file = File(
        lazy(_("Choose the CSV file")),
        description=lazy(_("In your spreadsheet choose Save as, CSV UTF-8. At most 500 projects and 1\u00a0MB.")),
    )
    text = Pasted(
        lazy(_("Or paste the lines")),
        description=lazy(_("Copied from a spreadsheet, with the line that names the columns.")),
        render_kw={"rows": 6, "spellcheck": "false"},
    )


@blueprint.route("/councils/<slug>/portfolio/import", methods=["GET", "POST"])
@members
@takes_up_to(MOST_BODY)
def bring(slug: str) -> Response:
    """Bring a portfolio to be checked. Nothing is made of it yet."""
    reading = begin_read()
    council = _own_council(reading, slug)
    form: Any = BringForm()
    status = status_of_form()
    if form.is_sent():
        content, text = form.file.data.read() if form.file.name_of_file else b"", form.text.data
        try:
            return redirect(_begun(reading, council, form, content, text), 303)  # type: ignore[return-value]
        except RuleBroken as refusal:
            status = problems_onto(form, refusal, {"file": "text"} if text.strip() and not content else None)
        except AlreadyDone as done:
            return redirect(done.answer or url_for("imports.bring", slug=council.slug), 303)  # type: ignore[return-value]
        reading = begin_read()
    return show(
        "imports/bring.html", status, form=form, council=council, columns=COLUMNS, most=MOST_LINES,
        themes=[label(one) for one in THEMES], phases=[label(one) for one in PHASES],
        professions=[label(one) for one in PROFESSIONS], earlier=queries.own_imports(reading, council.id),
        states=IMPORT_STATE_NAMES,
    )  # fmt: skip


def _own_council(reading: Reading, slug: str) -> Council:
    council = council_seen_by(reading, slug)
    ask(policy.may_bring_in_projects(reading.actor, council.id))
    return council


def _begun(reading: Reading, council: Council, form: BringForm, content: bytes, text: str) -> str:
    """Check what was brought, keep it, and return where it is shown. Raises RuleBroken, AlreadyDone."""
    sheet, name = _sheet_of(form, content, text)
    known = queries.known_projects(reading, council.id, references_in(sheet))
    checked = check_sheet(sheet, known, today=clock.today(), nation=council.nation)
    slug, council_id = council.slug, council.id
    sent = {"content": hashlib.sha256(content or text.encode()).hexdigest()}
    key = key_of_form(str(form.idempotency_key.data), sent)
    with begin_work(key) as work:
        begun = actions.begin_import(work, council_id=council_id, checked=checked, file_name=name)
        address = url_for("imports.show_import", slug=slug, import_id=begun.id)
        keep_answer(work.session, key, address)
    return address


def _sheet_of(form: Any, content: bytes, text: str) -> tuple[Sheet, str]:
    """The sheet that was chosen or pasted, one of them, and what it is called."""
    if form.file.name_of_file and text.strip():
        words = Words(_("You chose a file and pasted lines as well. Take one of them out."))
        raise RuleBroken(Problem("import.one_source", words, "file"))
    if form.file.name_of_file:
        return sheet_from_bytes(content), safe_file_name(form.file.name_of_file)
    if text.strip():
        return sheet_from_text(text), PASTED
    raise RuleBroken(Problem("import.missing", Words(_("Choose a file, or paste the lines.")), "file"))


@blueprint.get("/councils/<slug>/portfolio/import/<uuid:import_id>")
@members
def show_import(slug: str, import_id: UUID) -> Response:
    """What would come of an import; how far the worker is; what came of it."""
    reading = begin_read()
    council, found = _own_import(reading, slug, import_id)
    lines = queries.lines_of(reading, found.id)
    projects = queries.projects_of_lines(reading, lines)
    tally = queries.tallies_of(reading.session, [found.id])[found.id]
    return show(
        "imports/show.html", council=council, found=found, tally=tally, seen_to=tally.lines - tally.ready,
        state=found.state, groups=_groups(found, lines, projects, council.nation),
        kept_until=clock.uk_date(found.created_at + KEPT_FOR), notices=_notices(found),
    )  # fmt: skip


def _own_import(reading: Reading, slug: str, import_id: UUID) -> tuple[Council, PortfolioImport]:
    council = council_seen_by(reading, slug)
    found = queries.import_seen_by(reading, import_id)
    if found.council_id != council.id:
        raise NotFound("import")
    return council, found


def _notices(found: PortfolioImport) -> list[str]:
    """What was noticed of the file as a whole."""
    notices = []
    if found.encoding in ENCODING_NAMES:
        notices.append(say(ENCODING_NAMES[found.encoding]))
    if found.separator in SEPARATOR_NAMES:
        notices.append(say(SEPARATOR_NAMES[found.separator]))
    if found.ignored:
        words = Words(_("These columns are not read: {columns}."), columns=", ".join(found.ignored))
        notices.append(say(words))
    if found.has_example:
        notices.append(gettext(_("The example line of the template is left out.")))
    return notices


ORDER = {
    ImportState.CHECKED: (LineState.REFUSED, LineState.READY, LineState.MATCHED),
    ImportState.CONFIRMED: (),
    ImportState.DONE: (LineState.REFUSED, LineState.ADDED, LineState.MATCHED),
    ImportState.SET_ASIDE: (LineState.REFUSED, LineState.ADDED, LineState.READY, LineState.MATCHED),
}
"""Which lines are shown, and in which order: what somebody has to do something about comes first."""


def _groups(
    found: PortfolioImport, lines: list[ImportLine], projects: dict[UUID, LineProject], nation: str
) -> list[dict[str, Any]]:
    groups = [
        {"state": one.value, "lines": [_line(line, projects) for line in lines if line.state == one]}
        for one in ORDER[ImportState(found.state)]
    ]
    for line, shown in _ready(lines, groups):
        read = read_line(by_column(found.columns, line.cells), today=clock.today(), nation=nation)
        shown["about"] = _about(read.project) if read.project else ""
    return [group for group in groups if group["lines"]]


def _ready(lines: list[ImportLine], groups: list[dict[str, Any]]) -> list[tuple[ImportLine, dict[str, Any]]]:
    """The lines that wait, each with what is shown of it."""
    waiting = [line for line in lines if line.state == LineState.READY]
    shown: list[dict[str, Any]] = next((one["lines"] for one in groups if one["state"] == LineState.READY), [])
    return list(zip(waiting, shown, strict=False))


def _about(project: ImportedProject) -> str:
    """How a line was read, in a few words: so that whoever confirms sees what became of days, pounds and dates."""
    details = project.details
    stage = ENDED if details.is_past else UNDER_WAY if details.is_under_way else TO_COME
    parts = [label(PHASE_BY_VALUE[details.phase])] if details.phase else []
    parts += [label(THEME_BY_VALUE[theme]) for theme in details.themes]
    parts.append(label(next(one for one in STAGES if one.value == stage)))
    if details.decision_on:
        parts.append(gettext(_("decided by %(day)s")) % {"day": uk_date(details.decision_on)})
    needs = [f"{need.title}: {say(amount_words(need.kind, need.target))}" for need in project.needs]
    return "; ".join([*parts, *needs])


def _line(line: ImportLine, projects: dict[UUID, LineProject]) -> dict[str, Any]:
    project = projects.get(line.project_id) if line.project_id else None
    return {
        "number": line.number,
        "title": line.title or gettext(_("Without a title")),
        "reference": line.reference,
        "problems": [_problem(one) for one in line.problems],
        "unwritten": [_said(one) for one in line.unwritten],
        "url": url_for("projects.show_project", slug=project.slug or project.id) if project else "",
    }


def _problem(kept: dict[str, Any]) -> dict[str, str]:
    column = COLUMN_BY_VALUE.get(kept["column"] or "")
    return {"column": label(column) if column else "", "words": _said(kept)}


def _said(kept: dict[str, Any]) -> str:
    return say(words_from_json(kept["words"]))


@blueprint.post("/councils/<slug>/portfolio/import/<uuid:import_id>/confirm")
@members
def confirm(slug: str, import_id: UUID) -> Response:
    """Have the lines that are ready brought in."""
    return _acted(slug, import_id, actions.confirm_import)


@blueprint.post("/councils/<slug>/portfolio/import/<uuid:import_id>/set-aside")
@members
def set_aside(slug: str, import_id: UUID) -> Response:
    """Set an import aside, or the rest of it."""
    return _acted(slug, import_id, actions.set_aside_import)


def _acted(slug: str, import_id: UUID, act: Any) -> Response:
    """Carry an act out and go back to the import. A button that was pressed twice, or too late, leads there as well."""
    council, _found = _own_import(begin_read(), slug, import_id)
    address = url_for("imports.show_import", slug=council.slug, import_id=import_id)
    try:
        with begin_work() as work:
            act(work, import_id=import_id)
    except Conflict:
        pass  # The page says how it stands.
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.get("/councils/<slug>/portfolio/import/<uuid:import_id>/report.csv")
@members
def report(slug: str, import_id: UUID) -> Response:
    """Every line as it was brought, and what came of it: to keep, or to put right and bring in again."""
    reading = begin_read()
    council, found = _own_import(reading, slug, import_id)
    lines = queries.lines_of(reading, found.id)
    projects = queries.projects_of_lines(reading, lines)
    kept = [place for place, name in enumerate(found.columns) if not is_ours(name)]
    rows = ([*(line.cells[place] for place in kept), *_outcome(line, projects)] for line in lines)
    header = [*(found.columns[place] for place in kept), *(label(one) for one in WRITTEN_ONLY)]
    name = f"portfolio-{council.slug}-{clock.uk_date(found.created_at)}"
    return csv_answer(name, header, rows, mark=BYTE_ORDER_MARK)


def _outcome(line: ImportLine, projects: dict[UUID, LineProject]) -> list[str]:
    shown = _line(line, projects)
    words = [f"{one['column']}: {one['words']}" if one["column"] else one["words"] for one in shown["problems"]]
    return [
        say(LINE_STATE_NAMES[LineState(line.state)]),
        "; ".join([*words, *shown["unwritten"]]),
        absolute(shown["url"]) if shown["url"] else "",
    ]
