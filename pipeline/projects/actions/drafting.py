"""Beginning a project, writing it, and throwing a draft away."""

from collections.abc import Callable
from dataclasses import fields
from uuid import UUID

from sqlalchemy import delete, update

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries, rules
from pipeline.projects.actions.keeping import (
    acting,
    changed_fields,
    check_no_addresses,
    check_version,
    count_lead,
    details_of,
    give_slug,
    texts_of_details,
)
from pipeline.projects.actions.taking import taken_project, taken_whole_project
from pipeline.projects.events import ProjectDraftChanged, ProjectDraftDeleted, ProjectDrafted, ProjectUpdated
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import (
    AnswerClock,
    Check,
    Follow,
    Interest,
    JoinRequest,
    Need,
    Project,
    ProjectPartner,
    ProjectPerson,
    ProjectSlug,
    ProjectTheme,
    Question,
    TermsChange,
    Update,
)
from pipeline.projects.rules import PersonRole, ProjectDetails, ProjectStatus

FIELDS = tuple(field.name for field in fields(ProjectDetails))
TERMS = ("mode", "decision_on", "least_councils", "is_under_way", "is_past", "phase")
"""What councils pledge on, and the phase, which has a verb of its own: no edit changes them once it is published."""

WITHOUT_SYNCHRONISING = {"synchronize_session": False}

FORGOTTEN_WITH_PROJECT: list[Callable[[UnitOfWork, Project], None]] = []
"""What layers above delete before a project goes, or say keeps it: each adds its own, and the highest comes first."""


def draft_project(work: UnitOfWork, *, title: str, is_trial: bool = False, language: str = "en") -> Project:
    """Begin a project for the actor's council, who leads it. Nobody but its team sees the draft.

    Raises NotAllowed, RuleBroken (project.*).
    """
    work.require(policy.may_post_project(work.actor))
    rules.check_title(title)
    officer_id, council_id = acting(work)
    council = work.session.get_one(Council, council_id)
    if not council.is_active:
        words = Words(_("Your council does not exist today, so it can post nothing. Others may have followed it."))
        raise Conflict("project.council_ended", words)
    project = Project(
        id=new_id(), council_id=council_id, title=title, language=language, is_trial=is_trial,
        is_made_up=council.is_made_up, sources=[], created_at=work.now, updated_at=work.now,
    )  # fmt: skip
    work.add(project)
    work.session.flush()
    work.add(
        ProjectPerson(
            id=new_id(), project_id=project.id, officer_id=officer_id, council_id=council_id,
            role=PersonRole.LEAD.value, started_at=work.now,
        )
    )  # fmt: skip
    work.record(ProjectDrafted(project_id=project.id, is_trial=is_trial))
    return project


def change_project(work: UnitOfWork, *, slug: str, version: int, details: ProjectDetails) -> Project:
    """Write what a project says of itself. `version` is the one the writer read.

    Once published, its terms and phase have verbs of their own, and its old address leads to the one its new title
    gives. Raises NotFound, NotAllowed, RuleBroken (project.*, text.holds_address), Conflict
    (project.changed_meanwhile, project.terms_apart).
    """
    project = taken_whole_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_edit_project(work.actor, facts))
    check_version(project, version, "project")
    before = details_of(project)
    if facts.status is not ProjectStatus.DRAFT:
        _check_terms_kept(details, before)
        _check_still_whole(work, project, details)
    rules.check_details(details, uk_date(work.now))
    changed = changed_fields(before, details, FIELDS)
    if not changed:
        return project
    _write(project, details)
    project.edited()
    project.updated_at = work.now
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=project.id, fields=changed))
        return project
    if "title" in changed and not project.is_trial:
        give_slug(work, project)
    work.record(ProjectUpdated(project_id=project.id, fields=changed), audience=facts.audience)
    return project


def _check_terms_kept(details: ProjectDetails, before: ProjectDetails) -> None:
    changed = changed_fields(before, details, TERMS)
    if changed:
        words = Words(_("Once a project is published, its phase and its terms are changed by themselves, not here."))
        raise Conflict("project.terms_apart", words, ("change_terms", "move_date", "change_phase"), changed[0])


def _check_still_whole(work: UnitOfWork, project: Project, details: ProjectDetails) -> None:
    """What the public reads is never left without what publishing asked for, and holds nobody's address."""
    rules.check_text_whole(details, is_recorded=project.is_recorded)
    check_no_addresses(work, texts_of_details(details))


def _write(project: Project, details: ProjectDetails) -> None:
    project.title, project.summary, project.language = details.title, details.summary, details.language
    project.problem, project.problem_html = details.problem.text, details.problem.html
    project.outcome, project.outcome_html = details.outcome.text, details.outcome.html
    project.phase, project.mode, project.decision_on = details.phase, details.mode.value, details.decision_on
    project.least_councils, project.is_under_way = details.least_councils, details.is_under_way
    project.is_past, project.year_ended = details.is_past, details.year_ended
    if [theme.theme for theme in project.themes] != list(details.themes):
        kept = {theme.theme: theme for theme in project.themes}
        project.themes = [
            kept.get(theme) or ProjectTheme(project_id=project.id, theme=theme)
            for theme in dict.fromkeys(details.themes)
        ]
        for position, theme in enumerate(project.themes):
            theme.position = position


def delete_project(work: UnitOfWork, *, slug: str) -> UUID:
    """Throw a draft away, with its needs, its team and the checks asked for. What is published is never deleted here.

    Raises NotFound, NotAllowed, Conflict (project.published).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_delete_project(work.actor, facts))
    if facts.status is not ProjectStatus.DRAFT:
        raise Conflict("project.published", Words(_("Only a draft can be deleted.")))
    forget_project(work, project)
    work.record(ProjectDraftDeleted(project_id=project.id))
    return project.id


def forget_project(work: UnitOfWork, project: Project) -> None:
    """Delete a project and everything in it but pledges. What happened to it stays in the event log.

    Raises what the layers above raise where something of theirs keeps it (project.others_joined).
    """
    for forget in reversed(FORGOTTEN_WITH_PROJECT):
        forget(work, project)
    if project.is_public:
        count_lead(work, project, -1)
    project_id = project.id
    continued = update(Project).where(Project.continues_id == project_id).values(continues_id=None)
    work.session.execute(continued, execution_options=WITHOUT_SYNCHRONISING)
    around = (AnswerClock, Question, Interest, JoinRequest, Follow, Handover)
    within = (Check, Update, TermsChange, Need, ProjectPerson, ProjectTheme, ProjectSlug, ProjectPartner)
    for table in (*around, *within):
        statement = delete(table).where(table.project_id == project_id)
        work.session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)
    work.session.execute(delete(Project).where(Project.id == project_id), execution_options=WITHOUT_SYNCHRONISING)
