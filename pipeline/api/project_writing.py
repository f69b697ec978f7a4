"""Posting projects through the API: a draft begun, written, published, deleted, posted again; phase and terms."""

from dataclasses import replace
from typing import Any

import marshmallow as ma
from flask import Response

from pipeline.accounts.tokens import Scope
from pipeline.api.base import row_etag, thing_schema
from pipeline.api.bodies import Body, Day, NoMembers, Prose, Truth, WholeNumber, Word
from pipeline.api.project_acts import LAST_YEAR, CallSchema, after_act
from pipeline.api.project_details import whole_project
from pipeline.api.projects import ProjectDetailSchema, blueprint
from pipeline.api.writing import carry_out, naming, needs_match
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import LONGEST_TEXT, written
from pipeline.http.entry import members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.kernel.translation import LANGUAGES
from pipeline.pledges import actions as pledging
from pipeline.projects import actions, queries
from pipeline.projects.actions.keeping import details_of
from pipeline.projects.models import Project
from pipeline.projects.rules import (
    FIRST_YEAR,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_COUNCILS_ASKED,
    MOST_THEMES,
    Mode,
)
from pipeline.projects.terms import MOST_REASON, Terms
from pipeline.projects.vocabulary import PHASE_BY_VALUE, THEME_BY_VALUE

ANSWER = thing_schema(ProjectDetailSchema)
MEMBERS = {"problem": "problem_markdown", "outcome": "outcome_markdown"}
NOTHING: dict[str, Any] = {"summary": "", "themes": (), "least_councils": 0}
"""What null says of members that are never null themselves."""


class ProjectChangeBody(Body):
    """What changes of a project (JSON Merge Patch): what is left out stays, null takes away what can be without.

    Phase and terms (`mode`, `decision_on`, `least_councils`, `is_under_way`, `is_past`) only of a draft.
    """

    title = Prose(LONGEST_TITLE, metadata={"example": "One form for housing repairs"})
    summary = Prose(LONGEST_SUMMARY, allow_none=True, metadata={"example": "A form any council can use."})
    problem_markdown = Prose(LONGEST_TEXT, allow_none=True, metadata={"example": "Tenants ring three numbers."})
    themes = ma.fields.List(
        Word(THEME_BY_VALUE), allow_none=True, validate=ma.validate.Length(max=MOST_THEMES),
        metadata={"description": "The main one first", "example": ["housing"]},
    )  # fmt: skip
    phase = Word(PHASE_BY_VALUE, allow_none=True, metadata={"example": "alpha"})
    mode = Word(Mode, metadata={"example": "all_or_nothing"})
    decision_on = Day(allow_none=True, metadata={"description": "Of an all-or-nothing project"})
    least_councils = WholeNumber(
        MOST_COUNCILS_ASKED, allow_none=True, metadata={"description": "Other councils that must be in", "example": 1}
    )
    is_under_way = Truth(metadata={"description": "Others join as it goes"})
    is_past = Truth(metadata={"description": "A record of work that has ended"})
    year_ended = WholeNumber(LAST_YEAR, least=FIRST_YEAR, allow_none=True)
    outcome_markdown = Prose(LONGEST_TEXT, allow_none=True, metadata={"description": "What came of past work"})
    language = Word(LANGUAGES, metadata={"example": "en"})


class ProjectBody(ProjectChangeBody):
    """A project to post. A title is enough to keep a draft."""

    title = Prose(LONGEST_TITLE, required=True, metadata={"example": "One form for housing repairs"})


class PhaseBody(Body):
    """The phase the work is in now, earlier or later than before."""

    phase = Word(PHASE_BY_VALUE, required=True, metadata={"example": "beta"})


class TermsBody(Body):
    """How the project is decided from now on, and why, where councils have pledged. Everybody reads the reason."""

    mode = Word(Mode, required=True, metadata={"example": "all_or_nothing"})
    decision_on = Day(
        load_default=None,
        allow_none=True,
        metadata={"description": "Where a flexible project becomes all or nothing. A date that stands is moved"},
    )
    least_councils = WholeNumber(MOST_COUNCILS_ASKED, load_default=0, metadata={"example": 2})
    reason = Prose(MOST_REASON, load_default="", metadata={"example": "Two councils cannot carry it alone."})


@blueprint.route("/projects", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(ProjectBody, location="json")
@blueprint.response(201, ANSWER)
def draft_project(body: dict[str, Any]) -> Response:
    """Begin a project for the council the token acts for, as a draft. Nobody but its team sees it."""
    said = _said(body)

    def draft(work: UnitOfWork) -> Project:
        project = actions.draft_project(work, title=body["title"], language=body.get("language", "en"))
        return _write(work, str(project.id), project.version, said)

    with naming(MEMBERS):
        return carry_out(body, draft, _whole, status=201)


@blueprint.route("/projects/<string:slug>", methods=["PATCH"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(ProjectChangeBody, location="json")
@blueprint.response(200, ANSWER)
def change_project(body: dict[str, Any], slug: str) -> Response:
    """Change what a project says: a draft as its team, a published one as a lead. Needs If-Match."""
    said = _said(body)

    def change(work: UnitOfWork) -> Project:
        return _write(work, slug, _seen(work, slug), said)

    with naming(MEMBERS):
        return carry_out(body, change, _whole)


@blueprint.route("/projects/<string:slug>", methods=["DELETE"])
@members
@needs_match
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.response(200, ANSWER)
def delete_project(slug: str) -> Response:
    """Delete a draft, or a published project that nobody else has joined (409), as a lead. Needs If-Match. The answer
    holds what it said."""

    def delete(work: UnitOfWork) -> dict[str, Any]:
        _seen(work, slug)
        last = whole_project(work, slug)
        pledging.delete_project(work, slug=slug)
        return last

    return carry_out({}, delete, lambda _work, last: last)


@blueprint.route("/projects/<string:slug>/publish", methods=["POST"])
@members
@needs_match
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, ANSWER)
def publish_project(body: dict[str, Any], slug: str) -> Response:
    """Publish a draft as it stands, as a lead. Needs If-Match: what was not read is not published."""
    with naming(MEMBERS):
        return carry_out(
            body, lambda work: actions.publish_project(work, slug=slug, version=_seen(work, slug)), _whole
        )  # fmt: skip


@blueprint.route("/projects/<string:slug>/change-phase", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(PhaseBody, location="json")
@blueprint.response(200, ANSWER)
def change_phase(body: dict[str, Any], slug: str) -> Response:
    """Say that the work is in another phase, as a lead."""
    return carry_out(body, lambda work: actions.change_phase(work, slug=slug, **body), _whole)


@blueprint.route("/projects/<string:slug>/change-terms", methods=["POST"])
@members
@needs_match
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(TermsBody, location="json")
@blueprint.response(200, thing_schema(CallSchema))
def change_terms(body: dict[str, Any], slug: str) -> Response:
    """Change how an open project is decided, as a lead, with a reason where councils have pledged. Needs If-Match."""
    terms = Terms(mode=Mode(body["mode"]), decision_on=body["decision_on"], least_councils=body["least_councils"])

    def change(work: UnitOfWork) -> Project:
        version = _seen(work, slug)
        return pledging.change_terms(work, slug=slug, terms=terms, reason=body["reason"], version=version)

    return carry_out(body, change, after_act)


@blueprint.route("/projects/<string:slug>/post-again", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(201, ANSWER)
def post_again(body: dict[str, Any], slug: str) -> Response:
    """Begin a new draft from a project that has ended, as a lead of it."""
    return carry_out(body, lambda work: pledging.post_again(work, slug=slug), _whole, status=201)


def _said(body: dict[str, Any]) -> dict[str, Any]:
    """What was sent, under the names of a project's details; texts are rendered before the work begins."""
    said: dict[str, Any] = {name: NOTHING.get(name) if value is None else value for name, value in body.items()}
    for name, member in MEMBERS.items():
        if member in said:
            said[name] = written(said.pop(member) or "", under=2)
    if "themes" in said:
        said["themes"] = tuple(said["themes"])
    if "mode" in said:
        said["mode"] = Mode(said["mode"])
    return said


def _write(work: UnitOfWork, slug: str, version: int, said: dict[str, Any]) -> Project:
    before = details_of(queries.whole_project_seen_by(work, slug, lock=True))
    return actions.change_project(work, slug=slug, version=version, details=replace(before, **said))


def _seen(work: UnitOfWork, slug: str) -> int:
    """The version of a project, which the caller has read. Raises NotFound, VersionMissing, StaleVersion."""
    project = queries.project_seen_by(work, slug, lock=True)
    check_seen(project.version, row_etag(project.version, project.revision))
    return project.version


def _whole(work: UnitOfWork, project: Project) -> dict[str, Any]:
    return whole_project(work, str(project.id))
