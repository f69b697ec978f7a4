"""Changing what councils pledge on: asked for with a reason while a pledge stands, and kept with it."""

from uuid import UUID

from sqlalchemy import select

from pipeline.councils.models import Council
from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import terms
from pipeline.projects.actions.keeping import acting, check_no_addresses, terms_of, touch
from pipeline.projects.events import Changes, ProjectTermsChanged
from pipeline.projects.models import Need, Project, TermsChange
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import Mode, NeedStatus, NeedTerms, ProjectStatus
from pipeline.projects.terms import Call


def call_of(reading: Reading, project: Project) -> Call:
    """The call for support of a project as the rules look at it."""
    nation = reading.session.get_one(Council, project.council_id).nation
    changed = project.terms_changed_at
    return Call(
        status=ProjectStatus(project.status), mode=Mode(project.mode), nation=nation, decision_on=project.decision_on,
        least_councils=project.least_councils, is_hidden=project.is_hidden,
        is_waiting=project.waits_from_on is not None, is_passing=project.is_passing,
        keeps_documents=project.keeps_documents,
        is_date_moved=project.date_moved_at is not None,
        terms_changed_on=uk_date(changed) if changed is not None else None,
    )  # fmt: skip


def is_pledged_to(reading: Reading, project_id: UUID) -> bool:
    """Whether anything stands that was pledged to a project."""
    query = select(Need.id).where(Need.project_id == project_id, Need.held > 0)
    return reading.session.execute(query.limit(1)).first() is not None


def has_essential(reading: Reading, project_id: UUID, *, besides: UUID | None = None) -> bool:
    """Whether a project has an essential need that was not dropped, `besides` one."""
    query = select(Need.id).where(
        Need.project_id == project_id, Need.is_essential, Need.status != NeedStatus.DROPPED, Need.id != besides
    )
    return reading.session.execute(query.limit(1)).first() is not None


def check_need_terms(work: UnitOfWork, project: Project, need: Need | None, new: NeedTerms | None, reason: str) -> bool:
    """Hold the coming, changing or going of a need to the rules of changing terms; returns whether it is a change of
    terms. `need` is None for one that is added, `new` for one that is dropped.

    Raises Conflict (project.terms_frozen), RuleBroken (project.reason_…, project.nothing_to_test, text.holds_address).
    """
    old = None if need is None or need.status == NeedStatus.DROPPED else terms_of(need)
    if not terms.need_terms_differ(old, new):
        return False
    call = call_of(work, project)
    stays = new is not None and new.is_essential
    besides = need.id if need is not None else None
    terms.check_testable(call, has_essential=stays or has_essential(work, project.id, besides=besides))
    if not is_pledged_to(work, project.id):
        return False
    terms.check_terms_may_change(call, uk_date(work.now))
    check_reason(work, reason)
    return True


def check_reason(work: UnitOfWork, reason: str) -> None:
    """A reason everybody reads. Raises RuleBroken (project.reason_…, text.holds_address)."""
    terms.check_reason(reason)
    check_no_addresses(work, {"reason": reason})


def keep_change(
    work: UnitOfWork, project: Project, facts: ProjectFacts, changes: Changes, reason: str, need_id: UUID | None = None
) -> None:
    """Keep a change of terms with its reason, and say that the terms changed: from now on everybody has five working
    days to look."""
    keep_reason(work, project, changes, reason, need_id)
    project.terms_changed_at = work.now
    touch(work, project)
    event = ProjectTermsChanged(project_id=project.id, need_id=need_id, changes=changes)
    work.record(event, audience=facts.audience)


def keep_reason(work: UnitOfWork, project: Project, changes: Changes, reason: str, need_id: UUID | None = None) -> None:
    """Keep what changed, old and new, with its reason, for the project's page."""
    officer_id, _council_id = acting(work)
    work.add(
        TermsChange(
            id=new_id(), project_id=project.id, need_id=need_id, officer_id=officer_id,
            changes=as_json(changes), reason=reason, changed_at=work.now,
        )
    )  # fmt: skip


def check_is_published(project: Project) -> None:
    """Of a draft, how it is decided is edited freely elsewhere. Raises Conflict (project.not_published)."""
    if project.status == ProjectStatus.DRAFT:
        words = Words(_("Nobody has pledged to a draft: say there how it is decided."))
        raise Conflict("project.not_published", words, ("edit",))
