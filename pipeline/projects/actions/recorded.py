"""Recording past projects from public sources, so that what councils did together before is found here too."""

from dataclasses import dataclass
from uuid import UUID

from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import Written
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import new_id
from pipeline.projects import policy, rules
from pipeline.projects.actions.keeping import count_lead, give_slug
from pipeline.projects.events import ProjectRecorded
from pipeline.projects.joined import keeping_joined
from pipeline.projects.models import Project, ProjectPartner, ProjectTheme
from pipeline.projects.rules import Mode, ProjectDetails, ProjectStatus


@dataclass(frozen=True, slots=True)
class PastProject:
    """What public sources say of a past project.

    The lead council may be an abolished one. `known` is what is known besides the summary: who paid, how much, and what
    the sources leave out. `sources` are addresses of the pages the facts came from.
    """

    title: str
    summary: str
    lead_id: UUID
    partner_ids: frozenset[UUID]
    theme: str
    phase: str | None
    known: Written
    sources: tuple[str, ...]

    @property
    def details(self) -> ProjectDetails:
        return ProjectDetails(
            title=self.title, summary=self.summary, problem=self.known, themes=(self.theme,), phase=self.phase,
            mode=Mode.FLEXIBLE, is_past=True,
        )  # fmt: skip


def record_past_project(work: UnitOfWork, *, past: PastProject) -> Project:
    """Record a past project: public and finished, led by nobody here, with its sources.

    Less is asked than of a project somebody posts: phase, year and outcome may be unknown.
    Raises NotAllowed, NotFound, RuleBroken (project.*).
    """
    work.require(policy.may_record_past_project(work.actor))
    rules.check_past_project(past.details, past.sources, uk_date(work.now))
    lead = work.session.get(Council, past.lead_id)
    if lead is None:
        raise NotFound("council")
    project = _new_project(work, past)
    with keeping_joined(work, project):
        project.is_public = True
        for council_id in sorted(past.partner_ids - {past.lead_id}):
            work.add(ProjectPartner(project_id=project.id, council_id=council_id))
    count_lead(work, project)
    event = ProjectRecorded(
        project_id=project.id, lead_council_id=past.lead_id, partner_ids=tuple(sorted(past.partner_ids)),
        phase=past.phase, themes=(past.theme,),
    )  # fmt: skip
    work.record(event, council_id=past.lead_id)
    return project


def _new_project(work: UnitOfWork, past: PastProject) -> Project:
    project = work.add(
        Project(
            id=new_id(), council_id=past.lead_id, title=past.title, summary=past.summary, problem=past.known.text,
            problem_html=past.known.html, phase=past.phase, status=ProjectStatus.DRAFT.value, mode=Mode.FLEXIBLE.value,
            is_past=True, is_recorded=True, sources=list(past.sources), created_at=work.now, published_at=work.now,
            updated_at=work.now, themes=[ProjectTheme(theme=past.theme, position=0)],
        )
    )  # fmt: skip
    work.session.flush()
    give_slug(work, project)
    project.status = ProjectStatus.FINISHED.value
    return project
