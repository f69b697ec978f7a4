"""Bringing a council's projects in: sent as rows or CSV, checked line by line, confirmed, and reported on."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Request, Response, current_app
from werkzeug.exceptions import BadRequest

from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, NoParameters, StrictParser, answer, own_etag, thing_schema
from pipeline.api.bodies import WITHOUT_NUL, Body, NoMembers, Prose, raw_body
from pipeline.api.councils import CouncilReference
from pipeline.api.writing import carry_out
from pipeline.councils.models import Council
from pipeline.councils.queries import council_seen_by
from pipeline.db.statements import utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.documents.markdown import LONGEST_TEXT
from pipeline.http.entry import members, with_scope
from pipeline.http.language import say_in_english
from pipeline.http.preconditions import idempotency_key
from pipeline.http.reading import begin_read
from pipeline.imports import actions, queries
from pipeline.imports.checking import check_sheet, references_in
from pipeline.imports.columns import COLUMNS
from pipeline.imports.models import ImportLine, PortfolioImport
from pipeline.imports.queries import LineProject
from pipeline.imports.rules import KEPT_FOR, MOST_BYTES, MOST_LINES, SENT, ImportState, LineState
from pipeline.imports.sheets import Sheet, sheet_from_rows, sheet_from_text, text_of_csv
from pipeline.kernel import clock
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _, words_from_json


class _OrCsv(StrictParser):
    """Takes the text of a CSV file as a body of its own, besides JSON that holds it."""

    def load_json(self, req: Request, schema: ma.Schema) -> dict[str, Any]:
        """The members of the body; of a file, that it is one."""
        if req.mimetype != CSV:
            return super().load_json(req, schema)
        if req.query_string:
            raise BadRequest("This address takes no parameters.")
        return {"csv": text_of_csv(raw_body(req))}


class _Blueprint(Blueprint):
    ARGUMENTS_PARSER = _OrCsv()


blueprint = _Blueprint(
    "api_imports", __name__, url_prefix="/api/v1", description="Portfolios brought in: many projects at once, as drafts"
)

EXAMPLES = {column.value: column.example_en for column in COLUMNS} | {"reference": "DT-17"}
LONG = ("problem", "outcome")
LONGEST_CELL = 2_000
CSV = "text/csv"

ImportRowBody: type[Body] = Body.from_dict(  # type: ignore[assignment]
    {
        column.value: Prose(
            LONGEST_TEXT if column.value in LONG else LONGEST_CELL,
            metadata={"description": column.meaning, "example": EXAMPLES[column.value]},
        )
        for column in COLUMNS
    },
    name="ImportRowBody",
)
ImportRowBody.__doc__ = "A project, each member a text as it would stand in the column of a spreadsheet."


class ImportBody(Body):
    """A portfolio: `rows`, or the text of a CSV file."""

    rows = ma.fields.List(
        ma.fields.Nested(ImportRowBody),
        validate=ma.validate.Length(1, MOST_LINES),
        metadata={"example": [{"reference": "DT-17", "title": "One form for housing repairs", "phase": "Discovery"}]},
    )
    csv = ma.fields.String(
        validate=ma.validate.Length(1, MOST_BYTES),
        metadata={
            "description": "With the line that names the columns, in English or Welsh",
            "pattern": WITHOUT_NUL,
        },
    )


class ImportProblemSchema(ma.Schema):
    """What is wrong with a line, or what publishing its project would still ask for."""

    code = ma.fields.String(required=True, metadata={"example": "import.word_unknown"})
    column = ma.fields.String(required=True, allow_none=True, metadata={"example": "phase"})
    detail = ma.fields.String(required=True, metadata={"example": "“Omega” is not in our list."})


class ImportProjectSchema(ma.Schema):
    """The draft a line became, or the project it is already."""

    id = ma.fields.UUID(required=True)
    slug = ma.fields.String(required=True, allow_none=True, metadata={"description": "Null until it is published"})
    title = ma.fields.String(required=True)
    status = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "draft"})
    url = ma.fields.String(required=True, metadata={"description": "The project's page"})


class ImportLineSchema(ma.Schema):
    """A line and what comes of it."""

    line = ma.fields.Integer(required=True, metadata={"description": "As a spreadsheet counts; the first row is 2"})
    state = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(LineState), "example": "ready"}
    )
    reference = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    project = ma.fields.Nested(
        ImportProjectSchema, required=True, allow_none=True,
        metadata={"description": "Null too where it is a colleague's draft"},
    )  # fmt: skip
    problems = ma.fields.List(ma.fields.Nested(ImportProblemSchema), required=True)
    unwritten = ma.fields.List(
        ma.fields.Nested(ImportProblemSchema), required=True,
        metadata={"description": "What publishing the draft would still ask for"},
    )  # fmt: skip


class ImportSchema(ma.Schema):
    """A portfolio that was brought in. Only whoever brought it reads it, for thirty days."""

    id = ma.fields.UUID(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    state = ma.fields.String(
        required=True,
        metadata={"description": "Open-ended; today one of: " + ", ".join(ImportState), "example": "checked"},
    )
    file_name = ma.fields.String(required=True)
    ready = ma.fields.Integer(required=True, metadata={"description": "Lines that would be added"})
    matched = ma.fields.Integer(required=True, metadata={"description": "Lines whose project is here already"})
    refused = ma.fields.Integer(required=True)
    added = ma.fields.Integer(required=True, metadata={"description": "Lines that became drafts"})
    ignored_columns = ma.fields.List(ma.fields.String(), required=True)
    lines = ma.fields.List(ma.fields.Nested(ImportLineSchema), required=True)
    created_at = ma.fields.DateTime(required=True)
    confirmed_at = ma.fields.DateTime(required=True, allow_none=True)
    ended_at = ma.fields.DateTime(required=True, allow_none=True)
    kept_until = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True)


ANSWER = thing_schema(ImportSchema)
FILE = {
    "schema": {"type": "string", "minLength": 1, "pattern": WITHOUT_NUL},
    "example": "title,phase\r\nOne form for housing repairs,Discovery\r\n",
}
"""A CSV file as the body of its own: in UTF-8, with the line that names the columns."""


@blueprint.route("/councils/<string:council>/imports", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.doc(requestBody={"content": {CSV: FILE}})
@blueprint.arguments(ImportBody, location="json")
@blueprint.response(201, ANSWER)
def begin_import(body: dict[str, Any], council: str) -> Response:
    """Bring a portfolio to be checked, line by line. Nothing is made of it until it is confirmed. The body may also be
    a CSV file itself, as text/csv."""
    idempotency_key(is_required=False)  # One that is malformed is refused before the lines are.
    reading = begin_read()
    found = council_seen_by(reading, council)
    sheet = _sheet_of(body)
    known = queries.known_projects(reading, found.id, references_in(sheet))
    checked = check_sheet(sheet, known, today=clock.today(), nation=found.nation)
    council_id = found.id

    def begin(work: UnitOfWork) -> PortfolioImport:
        return actions.begin_import(work, council_id=council_id, checked=checked, file_name=SENT)

    return carry_out(body, begin, after_act, status=201)


def _sheet_of(body: dict[str, Any]) -> Sheet:
    """The sheet that was sent. Raises RuleBroken (import.…)."""
    if ("rows" in body) == ("csv" in body):
        words = Words(_("Send rows, or the text of a CSV file as csv: one of the two."))
        raise RuleBroken(Problem("import.one_source", words, "rows"))
    if "rows" in body:
        return sheet_from_rows(body["rows"])
    try:
        return sheet_from_text(body["csv"])
    except RuleBroken as refusal:
        raise RuleBroken(*(replace(problem, field="csv") for problem in refusal.problems)) from None


@blueprint.route("/imports/<uuid:import_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, ANSWER)
def get_import(_asked: dict[str, Any], import_id: UUID) -> Response:
    """Read an import one brought: what would come of each line, how far it is, and what came of it."""
    reading = begin_read()
    body = {"data": in_full(reading, queries.import_seen_by(reading, import_id))}
    return answer(body, etag=own_etag(body))


@blueprint.route("/imports/<uuid:import_id>/confirm", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def confirm_import(body: dict[str, Any], import_id: UUID) -> Response:
    """Have the lines that are ready brought in, each as a draft that the token's officer leads. Read it again for how
    far it is."""
    return carry_out(body, lambda work: actions.confirm_import(work, import_id=import_id), after_act)


@blueprint.route("/imports/<uuid:import_id>/set-aside", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def set_import_aside(body: dict[str, Any], import_id: UUID) -> Response:
    """Set an import aside, or the rest of it. What was made of it stays."""
    return carry_out(body, lambda work: actions.set_aside_import(work, import_id=import_id), after_act)


def after_act(work: UnitOfWork, found: PortfolioImport) -> dict[str, Any]:
    """An import as it stands after an act on it, inside the act's work."""
    work.session.flush()
    return in_full(work, found)


def in_full(reading: Reading, found: PortfolioImport) -> dict[str, Any]:
    """An import as the API shows it."""
    lines = queries.lines_of(reading, found.id)
    projects = queries.projects_of_lines(reading, lines)
    council = reading.session.get_one(Council, found.council_id)
    tally = queries.tallies_of(reading.session, [found.id])[found.id]
    return {
        "id": str(found.id),
        "council": {"slug": council.slug, "name": council.name, "gss_code": council.gss_code},
        "state": found.state, "file_name": found.file_name, "ready": tally.ready, "matched": tally.matched,
        "refused": tally.refused, "added": tally.added, "ignored_columns": found.ignored,
        "lines": [_line(line, projects) for line in lines], "created_at": utc_text(found.created_at),
        "confirmed_at": utc_text(found.confirmed_at), "ended_at": utc_text(found.ended_at),
        "kept_until": utc_text(found.created_at + KEPT_FOR),
        "url": f"{current_app.config['PUBLIC_URL']}/councils/{council.slug}/portfolio/import/{found.id}",
    }  # fmt: skip


def _line(line: ImportLine, projects: dict[UUID, LineProject]) -> dict[str, Any]:
    project = projects.get(line.project_id) if line.project_id else None
    return {
        "line": line.number, "state": line.state, "reference": line.reference, "title": line.title,
        "project": _project(project) if project else None,
        "problems": [_problem(kept) for kept in line.problems],
        "unwritten": [_problem(kept) for kept in line.unwritten],
    }  # fmt: skip


def _project(project: LineProject) -> dict[str, Any]:
    url = f"{current_app.config['PUBLIC_URL']}/projects/{project.slug or project.id}"
    return {
        "id": str(project.id), "slug": project.slug, "title": project.title, "status": project.status, "url": url,
    }  # fmt: skip


def _problem(kept: dict[str, Any]) -> dict[str, Any]:
    return {"code": kept["code"], "column": kept["column"], "detail": say_in_english(words_from_json(kept["words"]))}
