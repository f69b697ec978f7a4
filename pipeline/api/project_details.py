"""One project in full: where its decision stands, who leads it, and all of it as its team reads what is not public."""

from typing import Any
from uuid import UUID

from flask import current_app

from pipeline.accounts.queries import people_shown
from pipeline.api.base import row_etag
from pipeline.api.needs import in_project, values_of
from pipeline.councils.queries import councils_named
from pipeline.db.statements import text_of, utc_text
from pipeline.db.work import Reading, UnitOfWork
from pipeline.projects import queries
from pipeline.projects.decision import Decision, decision_of
from pipeline.projects.models import Project
from pipeline.projects.rules import Mode, NeedStatus, PersonRole, ProjectStatus
from pipeline.projects.taking_part import InterestKind
from pipeline.search.queries import partners_of

AS_THEY_ARE = (
    "id", "slug", "title", "summary", "phase", "status", "freshness", "mode", "councils", "held_half_days",
    "pledged_half_days", "pledged_pence", "is_recorded", "problem_html", "outcome_html", "language", "least_councils",
    "is_under_way",
    "is_past", "is_made_up", "year_ended", "sources",
)  # fmt: skip
"""Members that are columns of the row under the same name."""


def decision_shown(decision: Decision, data: dict[str, Any]) -> dict[str, Any]:
    """How a project is decided and how it ended; its needs are in `data` already."""
    sums = {name: getattr(decision, name) for name in Decision._fields if name.endswith(("_half_days", "_pence"))}
    is_asked = data["status"] == ProjectStatus.OPEN and data["mode"] == Mode.ALL_OR_NOTHING
    missing = [
        {"need_id": need["id"], "missing": need["target"] - need["agreed"]}
        for need in data["needs"]
        if need["essential"] and need["agreed"] < need["target"] and need["status"] != NeedStatus.DROPPED
    ]
    test = {
        "passes": bool(decision.is_passing), "councils": decision.agreed_councils,
        "missing_councils": max(data["least_councils"] - decision.agreed_councils, 0), "missing": missing,
    }  # fmt: skip
    return sums | {
        "test": test if is_asked else None, "went_ahead_at": utc_text(decision.went_ahead_at),
        "ended_at": utc_text(decision.ended_at), "stop_reason": decision.stop_reason, "continues": decision.continues,
    }  # fmt: skip


def interest_shown(problem_too: int, conversation: int) -> dict[str, int]:
    """How many councils stand to a project in which way."""
    return {InterestKind.PROBLEM_TOO.value: problem_too, InterestKind.CONVERSATION.value: conversation}


def leads_shown(reading: Reading, project_id: UUID) -> list[dict[str, Any]]:
    """The leads, each with the council they lead for; a name only where they chose to be named."""
    team = [one for one in queries.team_of(reading, project_id) if one.role is PersonRole.LEAD]
    people = people_shown(reading, (one.officer_id for one in team))
    councils = councils_named(reading, {one.council_id for one in team})
    return [
        {
            "display_name": people[one.officer_id].display_name, "role": one.role.value,
            "council": council_shown(councils[one.council_id]),
        }
        for one in team
    ]  # fmt: skip


def council_shown(council: Any) -> dict[str, Any]:
    """A council in a few words."""
    return {"slug": council.slug, "name": council.name, "gss_code": council.gss_code}


def whole_project(reading: Reading, slug: str) -> dict[str, Any]:
    """All of a project the caller may know of, in the shape of a public one: a draft has neither slug nor day of
    publication. Raises NotFound."""
    if isinstance(reading, UnitOfWork):
        reading.session.flush()
    project = queries.whole_project_seen_by(reading, slug)
    data: dict[str, Any] = {name: getattr(project, name) for name in AS_THEY_ARE}
    council = councils_named(reading, {project.council_id})[project.council_id]
    data |= {
        "decision_on": text_of(project.decision_on), "themes": [theme.theme for theme in project.themes],
        "council": council_shown(council), "needs": [in_project(values_of(need)) for need in project.needs],
        "created_at": utc_text(project.created_at), "updated_at": utc_text(project.updated_at),
        "url": page_of_project(project), "etag": row_etag(project.version, project.revision),
        "problem_markdown": project.problem, "outcome_markdown": project.outcome,
        "phase_changed_on": text_of(project.phase_changed_on), "answers_in_working_days": project.answers_in_days,
        "interest": interest_shown(project.problem_too_councils, project.conversation_councils),
        "published_at": utc_text(project.published_at), "leads": leads_shown(reading, project.id),
        "partners": [
            {"slug": slug, "name": name, "gss_code": code}
            for slug, name, code in partners_of(reading.session, project.id)
        ],
    }  # fmt: skip
    return data | decision_shown(decision_of(reading.session, project.id), data)


def page_of_project(project: Project) -> str:
    """The address of a project's page."""
    return f"{current_app.config['PUBLIC_URL']}/projects/{project.slug or project.id}"
