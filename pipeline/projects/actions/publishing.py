"""Publishing a project, and saying which phase the work is in."""

from pipeline.councils.models import Council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries, rules
from pipeline.projects.actions.keeping import (
    check_no_addresses,
    check_version,
    count_lead,
    details_of,
    give_slug,
    terms_of,
    texts_of_details,
    texts_of_need,
)
from pipeline.projects.actions.taking import taken_project, taken_whole_project
from pipeline.projects.events import ProjectPhaseChanged, ProjectPublished
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project
from pipeline.projects.queries import TeamMember
from pipeline.projects.rules import Mode, PersonRole, ProjectStatus, Publishing
from pipeline.projects.vocabulary import PHASE_BY_VALUE


def publish_project(work: UnitOfWork, *, slug: str, version: int) -> Project:
    """Make a draft public, as open, going ahead or finished; a trial project is shown to the lead council only.

    `version` is the one whose answers the lead checked. Raises NotFound, NotAllowed, RuleBroken (project.*,
    text.holds_address), Conflict (project.not_draft, project.changed_meanwhile).
    """
    project = taken_whole_project(work, slug)
    team = queries.team_of(work, project.id)
    work.require(policy.may_publish_project(work.actor, queries.facts_with(work, project, team)))
    if project.status != ProjectStatus.DRAFT:
        raise Conflict("project.not_draft", Words(_("This project is published already.")), ("edit",))
    check_version(project, version, "project")
    publishing = publishing_of(work, project, team)
    rules.check_publishable(publishing)
    _check_texts(work, publishing)
    with keeping_joined(work, project):
        _publish(work, project, publishing)
    if project.is_public:
        count_lead(work, project)
    work.record(_event(project), audience=queries.facts_with(work, project, team).audience)
    return project


def publishing_of(reading: Reading, project: Project, team: list[TeamMember]) -> Publishing:
    """What the rules of publishing look at: the project's words, needs and leads, and the day at its lead council.

    Its themes and needs must be loaded.
    """
    nation = reading.session.get_one(Council, project.council_id).nation
    return Publishing(
        details=details_of(project),
        needs=tuple(terms_of(need) for need in project.needs),
        has_lead=any(one.role is PersonRole.LEAD and one.council_id == project.council_id for one in team),
        today=uk_date(reading.now),
        nation=nation,
    )


def _check_texts(work: UnitOfWork, publishing: Publishing) -> None:
    check_no_addresses(work, texts_of_details(publishing.details))
    for terms in publishing.needs:
        try:
            check_no_addresses(work, texts_of_need(terms))
        except RuleBroken as refusal:
            words = Words(
                _("{need}: take out the e-mail address, it belongs to somebody with an account"), need=terms.title
            )
            raise RuleBroken(Problem(refusal.code, words, "needs")) from None


def _publish(work: UnitOfWork, project: Project, publishing: Publishing) -> None:
    if not project.is_trial:
        # First: what is published has a slug, by a constraint that is asked at the next flush.
        give_slug(work, project)
    status = rules.status_on_publishing(publishing.details, has_needs=bool(publishing.needs))
    project.status = status.value
    project.published_at = project.updated_at = work.now
    project.phase_changed_on = uk_date(work.now)
    if status is not ProjectStatus.OPEN or project.mode == Mode.FLEXIBLE:
        # Only an open project waits for a decision. One under way works as a flexible one does.
        project.mode, project.decision_on, project.least_councils = Mode.FLEXIBLE.value, None, 0
    project.is_public = not project.is_trial and not project.is_hidden
    for need in project.needs:
        need.updated_at = work.now
    project.edited()


def _event(project: Project) -> ProjectPublished:
    return ProjectPublished(
        project_id=project.id,
        lead_council_id=project.council_id,
        phase=project.phase or "",
        mode=project.mode,
        themes=tuple(theme.theme for theme in project.themes),
        decision_on=project.decision_on,
        need_ids=tuple(need.id for need in project.needs),
        changes={"status": [ProjectStatus.DRAFT.value, project.status]},
    )


def change_phase(work: UnitOfWork, *, slug: str, phase: str) -> Project:
    """Say that the work is in another phase, earlier or later, from today. Nothing else changes.

    Raises NotFound, NotAllowed, RuleBroken (project.phase_unknown), Conflict (project.not_published,
    project.same_phase).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_change_phase(work.actor, facts))
    if facts.status is ProjectStatus.DRAFT:
        raise Conflict("project.not_published", Words(_("Choose the phase of a draft where you edit it.")), ("edit",))
    if phase not in PHASE_BY_VALUE:
        raise RuleBroken(Problem("project.phase_unknown", Words(_("Choose a phase from the list")), "phase"))
    if phase == project.phase:
        raise Conflict("project.same_phase", Words(_("The project is in this phase already.")), field="phase")
    changes: dict[str, list[object]] = {"phase": [project.phase, phase]}
    project.phase, project.phase_changed_on, project.updated_at = phase, uk_date(work.now), work.now
    project.edited()
    event = ProjectPhaseChanged(project_id=project.id, on=uk_date(work.now), changes=changes)
    work.record(event, audience=facts.audience)
    return project
