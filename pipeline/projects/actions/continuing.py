"""Posting what has ended again: a new draft that points back to it."""

from pipeline.db.work import UnitOfWork
from pipeline.kernel.ids import new_id
from pipeline.projects import policy, queries, terms
from pipeline.projects.actions.keeping import details_of, terms_of
from pipeline.projects.actions.taking import taken_whole_project
from pipeline.projects.actions.terms import call_of
from pipeline.projects.events import ProjectDrafted
from pipeline.projects.models import Need, Project, ProjectPerson, ProjectTheme
from pipeline.projects.queries import TeamMember
from pipeline.projects.rules import NeedStatus, PersonRole


def post_again(work: UnitOfWork, *, slug: str) -> Project:
    """Begin a new draft from a project that has ended, as a lead of it: with its words, its leads, and its needs that
    were not dropped. Whoever pledged to the old one or followed it is told when the new one is published.

    Raises NotFound, NotAllowed, Conflict (project.wrong_status).
    """
    old = taken_whole_project(work, slug)
    team = queries.team_of(work, old.id)
    work.require(policy.may_post_again(work.actor, queries.facts_with(work, old, team)))
    terms.check_can_post_again(call_of(work, old))
    project = _copied(work, old)
    work.session.flush()
    for person in team:
        if person.role is PersonRole.LEAD:
            _lead_on(work, project, person)
    for need in old.needs:
        if need.status != NeedStatus.DROPPED:
            _ask_again(work, project, need)
    work.record(ProjectDrafted(project_id=project.id, is_trial=project.is_trial))
    return project


def _copied(work: UnitOfWork, old: Project) -> Project:
    """The words of a project, as work to come; the date by which it was decided has gone by."""
    details = details_of(old)
    return work.add(
        Project(
            id=new_id(), council_id=old.council_id, title=old.title, summary=old.summary, problem=old.problem,
            problem_html=old.problem_html, language=old.language, phase=old.phase, mode=old.mode,
            least_councils=old.least_councils, is_trial=old.is_trial, is_made_up=old.is_made_up, sources=[],
            continues_id=old.id, created_at=work.now, updated_at=work.now,
            themes=[ProjectTheme(theme=theme, position=place) for place, theme in enumerate(details.themes)],
        )
    )  # fmt: skip


def _lead_on(work: UnitOfWork, project: Project, person: TeamMember) -> None:
    work.add(
        ProjectPerson(
            id=new_id(), project_id=project.id, officer_id=person.officer_id, council_id=person.council_id,
            role=PersonRole.LEAD.value, started_at=work.now,
        )
    )  # fmt: skip


def _ask_again(work: UnitOfWork, project: Project, need: Need) -> None:
    asked = terms_of(need)
    work.add(
        Need(
            id=new_id(), project_id=project.id, position=need.position, kind=asked.kind.value, title=asked.title,
            profession=asked.profession, thing=asked.thing, description=asked.description, target=asked.target,
            is_essential=asked.is_essential, is_capped=asked.is_capped, created_at=work.now, updated_at=work.now,
        )
    )  # fmt: skip
