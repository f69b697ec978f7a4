"""Who leads a project and who is in its team, for the team: put in, asked, made a lead, taken out."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response

from pipeline.accounts.queries import members_of, people_shown
from pipeline.accounts.tokens import Scope
from pipeline.api.base import NoParameters, answer, own_etag, thing_schema
from pipeline.api.bodies import Body, Id, Prose, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.project_details import council_shown, page_of_project
from pipeline.api.projects import blueprint
from pipeline.api.writing import carry_out
from pipeline.councils.queries import councils_named
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.entry import members, with_scope
from pipeline.http.reading import begin_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import NotAllowed
from pipeline.projects import actions, policy, queries
from pipeline.projects.models import Project
from pipeline.projects.rules import PersonRole

LONGEST_ADDRESS = 254


class TeamMemberSchema(ma.Schema):
    """Somebody in a team. Their name is null unless they chose to be named or work for the caller's council."""

    officer = ma.fields.UUID(required=True, metadata={"description": "Their id, for acts on the team"})
    display_name = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, metadata={"description": "Open-ended; today lead or team"})
    council = ma.fields.Nested(CouncilReference, required=True)


class TeamSchema(ma.Schema):
    """Who leads a project and who is in its team, leads first."""

    project = ma.fields.String(required=True, metadata={"description": "The project's slug; a draft's id"})
    people = ma.fields.List(ma.fields.Nested(TeamMemberSchema), required=True)
    url = ma.fields.String(required=True, metadata={"description": "The team's page"})


TEAM = thing_schema(TeamSchema)


class AddToTeamBody(Body):
    """A colleague of one's council or of the team (`officer`), and what they are to do."""

    officer = Id(
        required=True,
        metadata={"description": "See /me/colleagues and the team", "example": "0196f0a0-0000-7000-8000-000000000000"},
    )
    role = Word(PersonRole, load_default=PersonRole.TEAM.value, metadata={"example": "team"})


class AskToJoinBody(Body):
    """The work e-mail address of an officer of another council, and what they are to do."""

    address = Prose(
        LONGEST_ADDRESS,
        required=True,
        # Nothing public holds an e-mail address, made-up ones included: that is how a test finds real ones.
        metadata={"description": "With @ for (at)", "example": "sam.okoro(at)elsewhere.example"},
    )
    role = Word(PersonRole, load_default=PersonRole.TEAM.value, metadata={"example": "team"})


class RemoveFromTeamBody(Body):
    """Whom to take out; one's own id to leave."""

    officer = Id(
        required=True,
        metadata={"description": "See the team", "example": "0196f0a0-0000-7000-8000-000000000000"},
    )


@blueprint.route("/projects/<string:slug>/team")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, TEAM)
def get_team(_asked: dict[str, Any], slug: str) -> Response:
    """Read who leads a project and who is in its team, as somebody of the team."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    decision = policy.may_see_team(reading.actor, queries.facts_of(reading, project))
    if decision.because is not None:
        raise NotAllowed(decision.code, decision.because)
    body = {"data": _shown(reading, project)}
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/projects/<string:slug>/team", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(AddToTeamBody, location="json")
@blueprint.response(200, TEAM)
def add_to_team(body: dict[str, Any], slug: str) -> Response:
    """Put a colleague of one's council in the team, or change what somebody there does, as a lead."""

    def add(work: UnitOfWork) -> Project:
        project = queries.project_seen_by(work, slug, lock=True)
        council_id = _council_of(work, project, body["officer"])
        actions.add_colleague(
            work, slug=slug, officer_id=body["officer"], council_id=council_id, role=PersonRole(body["role"])
        )
        return project

    return carry_out(body, add, _after)


@blueprint.route("/projects/<string:slug>/team/ask", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(AskToJoinBody, location="json")
@blueprint.response(200, TEAM)
def ask_officer_to_join(body: dict[str, Any], slug: str) -> Response:
    """Ask whoever has a work e-mail address to join, as a lead. The answer is the same whether anybody has it or not:
    they are written to, and join by saying yes."""

    def ask(work: UnitOfWork) -> Project:
        project = queries.project_seen_by(work, slug, lock=True)
        actions.ask_officer_to_join(work, slug=slug, address=body["address"], role=PersonRole(body["role"]))
        return project

    return carry_out(body, ask, _after)


@blueprint.route("/projects/<string:slug>/team/remove", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(RemoveFromTeamBody, location="json")
@blueprint.response(200, TEAM)
def remove_from_team(body: dict[str, Any], slug: str) -> Response:
    """Take somebody out of the team, as a lead, or leave it."""

    def remove(work: UnitOfWork) -> Project:
        project = queries.project_seen_by(work, slug, lock=True)
        actions.remove_colleague(work, slug=slug, officer_id=body["officer"])
        return project

    return carry_out(body, remove, _after)


def _council_of(work: UnitOfWork, project: Project, officer_id: UUID) -> UUID:
    """For which council an officer is in a team already, or comes into it: that of the caller."""
    found = [one.council_id for one in queries.team_of(work, project.id) if one.officer_id == officer_id]
    return found[0] if found else work.actor.council_id or project.council_id


def _after(work: UnitOfWork, project: Project) -> dict[str, Any]:
    work.session.flush()
    return _shown(work, project)


def _shown(reading: Reading, project: Project) -> dict[str, Any]:
    team = queries.team_of(reading, project.id)
    names = names_of(reading, [one.officer_id for one in team])
    councils = councils_named(reading, {one.council_id for one in team})
    people = [
        {
            "officer": one.officer_id, "display_name": names[one.officer_id], "role": one.role.value,
            "council": council_shown(councils[one.council_id]),
        }
        for one in team
    ]  # fmt: skip
    return {
        "project": project.address, "people": people, "url": f"{page_of_project(project)}/team",
    }  # fmt: skip


def names_of(reading: Reading, officer_ids: list[UUID]) -> dict[UUID, str | None]:
    """What officers are called by those who work with them: by name in their own council, else as everybody sees."""
    names = {officer_id: shown.display_name for officer_id, shown in people_shown(reading, officer_ids).items()}
    if reading.actor.council_id is not None:
        names |= {
            one.officer_id: one.name for one in members_of(reading, reading.actor.council_id) if one.officer_id in names
        }
    return names
