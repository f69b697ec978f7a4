"""Who leads a project, and who is in its team."""

from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.models import Membership
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, NotFound
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import policy, queries
from pipeline.projects.actions.keeping import touch
from pipeline.projects.actions.taking import taken_project
from pipeline.projects.events import LeadLeft, LeadNamed, PersonEvent, ProjectDraftChanged, TeamJoined, TeamLeft
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.queries import Joining
from pipeline.projects.rules import MOST_TEAM, PersonRole, ProjectStatus

ARRIVALS: dict[PersonRole, type[PersonEvent]] = {PersonRole.LEAD: LeadNamed, PersonRole.TEAM: TeamJoined}
DEPARTURES: dict[PersonRole, type[PersonEvent]] = {PersonRole.LEAD: LeadLeft, PersonRole.TEAM: TeamLeft}


def add_colleague(work: UnitOfWork, *, slug: str, officer_id: UUID, council_id: UUID, role: PersonRole) -> None:
    """Put a colleague in the team or among the leads, for a council they work for; somebody there already changes role.

    An officer of another council than the lead's own is asked and joins by saying yes (`joining.py`). A trial project
    is its own council's: nobody else joins it. Raises NotFound, NotAllowed, Conflict (team.full, team.same_role,
    team.trial, team.asks_first, project.last_lead).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_change_team(work.actor, facts))
    found = queries.joining_for(work, officer_id, council_id)
    if found is None:
        raise NotFound("officer")
    if project.is_trial and found.council_id != project.council_id:
        raise Conflict("team.trial", Words(_("Only officers of the lead council can join a trial project.")))
    standing = _standing(work, project, found.officer_id)
    if standing is None:
        check_has_place(facts)
        if found.council_id != work.actor.council_id:
            words = Words(_("Officers of another council are asked, and join by saying yes."))
            raise Conflict("team.asks_first", words, ("ask",))
    if standing is not None and (standing.role, standing.council_id) == (role, found.council_id):
        raise Conflict("team.same_role", Words(_("This colleague is there already.")))
    with keeping_joined(work, project):
        if standing is not None:
            _check_not_last_lead(work, project, standing)
            standing.ended_at = work.now
            work.session.flush()
        _arrive(work, project, found, role)
    _record(work, project, facts, ARRIVALS[role], found)


def check_has_place(facts: ProjectFacts) -> None:
    """A team has at most so many people. Raises Conflict (team.full)."""
    if len(facts.team_ids) >= MOST_TEAM:
        raise Conflict("team.full", Words(_("The team has {most} people already, which is the most."), most=MOST_TEAM))


def take_into_team(work: UnitOfWork, project: Project, joining: Joining, role: PersonRole) -> None:
    """Put in an officer who asked to join, or said yes to joining. The caller has asked the policy.

    Raises Conflict (team.full, team.same_role).
    """
    facts = queries.facts_of(work, project)
    check_has_place(facts)
    if _standing(work, project, joining.officer_id) is not None:
        raise Conflict("team.same_role", Words(_("This colleague is there already.")))
    with keeping_joined(work, project):
        _arrive(work, project, joining, role)
    _record(work, project, facts, ARRIVALS[role], joining)


def _arrive(work: UnitOfWork, project: Project, joining: Joining, role: PersonRole) -> None:
    work.add(
        ProjectPerson(
            id=new_id(), project_id=project.id, officer_id=joining.officer_id, council_id=joining.council_id,
            role=role.value, started_at=work.now,
        )
    )  # fmt: skip
    touch(work, project)


def remove_colleague(work: UnitOfWork, *, slug: str, officer_id: UUID) -> None:
    """Take an officer out of the team, or leave it oneself. The last lead of the lead council cannot leave.

    Raises NotFound, NotAllowed, Conflict (project.last_lead).
    """
    project = taken_project(work, slug)
    facts = queries.facts_of(work, project)
    work.require(policy.may_remove_from_team(work.actor, facts, officer_id))
    standing = _standing(work, project, officer_id)
    if standing is None:
        raise NotFound("officer")
    _check_not_last_lead(work, project, standing)
    with keeping_joined(work, project):
        standing.ended_at = work.now
        touch(work, project)
    joining = Joining(officer_id, standing.council_id)
    _record(work, project, facts, DEPARTURES[PersonRole(standing.role)], joining)


def _standing(work: UnitOfWork, project: Project, officer_id: UUID) -> ProjectPerson | None:
    query = select(ProjectPerson).where(
        ProjectPerson.project_id == project.id, ProjectPerson.officer_id == officer_id, ProjectPerson.ended_at.is_(None)
    )
    return work.session.scalars(query).first()


def _check_not_last_lead(work: UnitOfWork, project: Project, leaving: ProjectPerson) -> None:
    """At least one lead belongs to the lead council, and works there still."""
    if leaving.role != PersonRole.LEAD or leaving.council_id != project.council_id:
        return
    another = (
        select(ProjectPerson.id)
        .join(Membership, queries.membership_stands())
        .where(
            ProjectPerson.project_id == project.id, ProjectPerson.council_id == project.council_id,
            ProjectPerson.role == PersonRole.LEAD, ProjectPerson.ended_at.is_(None), ProjectPerson.id != leaving.id,
        )
    )  # fmt: skip
    if work.session.execute(another.limit(1)).first() is None:
        words = Words(_("A project keeps at least one lead of its lead council. Name another lead first."))
        raise Conflict("project.last_lead", words, ("name_lead",))


def _record(
    work: UnitOfWork, project: Project, facts: ProjectFacts, event: type[PersonEvent], joining: Joining
) -> None:
    if facts.status is ProjectStatus.DRAFT:
        work.record(ProjectDraftChanged(project_id=project.id, fields=("team",)))
        return
    happened = event(project_id=project.id, officer_id=joining.officer_id, for_council_id=joining.council_id)
    work.record(happened, audience=facts.audience)
