"""Signs of life: what a lead does is noted with it, in the same transaction; and what follows from silence."""

from uuid import UUID

from sqlalchemy import exists, select

from pipeline.councils.models import Council
from pipeline.db import work as db_work
from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience, Event
from pipeline.kernel.words import Words, _
from pipeline.projects import freshness as rules
from pipeline.projects import policy, queries
from pipeline.projects.actions.keeping import touch
from pipeline.projects.actions.terms import call_of
from pipeline.projects.events import Changes, ProjectDateMoved
from pipeline.projects.freshness import SIGNS_OF_LIFE, STEP_LOOKING, STEP_QUIET, Freshness
from pipeline.projects.freshness_events import (
    HandoverEnded,
    ProjectLookingForLead,
    ProjectNudged,
    ProjectQuiet,
    ProjectStillTrue,
)
from pipeline.projects.handing_over import HandoverKind, HandoverStatus
from pipeline.projects.handover_models import Handover
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.rules import Mode, PersonRole, ProjectStatus
from pipeline.projects.terms import RUNNING, acts_open


def note_sign_of_life(work: UnitOfWork, event: Event) -> None:
    """Note that a lead of a project did something on it, where an event is a sign of life and a lead caused it."""
    project_id: UUID | None = getattr(event, "project_id", None)
    if event.name not in SIGNS_OF_LIFE or project_id is None or work.actor.officer_id is None:
        return
    leads = exists().where(
        ProjectPerson.project_id == project_id, ProjectPerson.officer_id == work.actor.officer_id,
        ProjectPerson.council_id == work.actor.council_id, ProjectPerson.role == PersonRole.LEAD,
        ProjectPerson.ended_at.is_(None),
    )  # fmt: skip
    query = select(Project.freshness_step).where(Project.id == project_id, leads).with_for_update(of=Project)
    step = work.session.scalar(query)
    if step is None:
        return
    project = work.session.get_one(Project, project_id)
    if project.freshness_step != step:
        # The clock came between the reading and the act.
        work.session.refresh(project)
    project.last_sign_of_life_at = work.now
    if project.freshness_step:
        _is_fresh_again(work, project, is_said=isinstance(event, ProjectStillTrue))


def _is_fresh_again(work: UnitOfWork, project: Project, *, is_said: bool) -> None:
    """A lead is there again: nothing is asked any more, and whoever wanted to take the project over is told."""
    before = project.freshness
    end_takeover(work, project)
    renew(work, project)
    if before != Freshness.FRESH and not is_said:
        work.record(ProjectStillTrue(project_id=project.id, changes=_changes(before)), audience=_audience(project))


def renew(work: UnitOfWork, project: Project) -> None:
    """Begin to count anew from now. The project waits for nobody any more, unless it is frozen."""
    if project.freshness != Freshness.FRESH:
        touch(work, project)
    project.last_sign_of_life_at = work.now
    project.freshness, project.freshness_step = Freshness.FRESH.value, 0
    if project.frozen_at is None:
        go_on(work, project)


def ask_no_more(project: Project) -> None:
    """Nobody is asked for signs of life of a project that has ended. One that lapsed while it waited lapsed because
    nobody led it: that it waited stays."""
    project.freshness, project.freshness_step = Freshness.FRESH.value, 0


def go_on(work: UnitOfWork, project: Project) -> None:
    """A project that waited goes on: its decision date moves by as many days as it waited."""
    since, project.waits_from_on = project.waits_from_on, None
    is_undecided = project.status == ProjectStatus.OPEN and project.mode == Mode.ALL_OR_NOTHING
    if since is None or project.decision_on is None or not is_undecided:
        return
    old, today = project.decision_on, uk_date(work.now)
    project.decision_on = rules.resumed(old, since, today)
    if project.decision_on != old:
        project.edited()
        project.updated_at = work.now
        event = ProjectDateMoved(project_id=project.id, changes={"decision_on": [old, project.decision_on]})
        work.record(event, audience=_audience(project), council_id=project.council_id)


def wait(work: UnitOfWork, project: Project) -> None:
    """From today on nothing is pledged to the project and nothing decided, until `go_on`."""
    if project.waits_from_on is None:
        project.waits_from_on = uk_date(work.now)
        project.edited()


def end_takeover(work: UnitOfWork, project: Project) -> None:
    """Nobody takes over a project whose leads are still here."""
    handover = takeover_of(work, project)
    if handover is not None:
        end_handover(work, project, handover, HandoverStatus.STILL_HERE)


def takeover_of(work: UnitOfWork, project: Project) -> Handover | None:
    """The takeover that was asked for and is not settled."""
    query = select(Handover).where(
        Handover.project_id == project.id, Handover.status == HandoverStatus.ASKED,
        Handover.kind == HandoverKind.TAKE_OVER,
    )  # fmt: skip
    return work.session.scalars(query).first()


def end_standing_handover(work: UnitOfWork, project: Project) -> None:
    """What was on its way is overtaken: the project has ended, or one of the two councils."""
    query = select(Handover).where(Handover.project_id == project.id, Handover.status == HandoverStatus.ASKED)
    handover = work.session.scalars(query).first()
    if handover is not None:
        end_handover(work, project, handover, HandoverStatus.OVERTAKEN)


def end_handover(work: UnitOfWork, project: Project, handover: Handover, status: HandoverStatus) -> None:
    """The project stays where it is."""
    handover.status, handover.ended_at, handover.ended_by = status.value, work.now, work.actor.officer_id
    event = HandoverEnded(
        handover_id=handover.id, project_id=project.id, from_council_id=handover.from_council_id,
        to_council_id=handover.to_council_id, status=status.value,
    )  # fmt: skip
    work.record(event, council_id=work.actor.council_id or project.council_id)


def say_still_true(work: UnitOfWork, *, slug: str) -> Project:
    """Say, as a lead, that the page is right as it stands.

    Raises NotFound, NotAllowed, Conflict (project.wrong_status).
    """
    project = queries.project_seen_by(work, slug, lock=True)
    work.require(policy.may_say_still_true(work.actor, queries.facts_of(work, project)))
    if project.status not in RUNNING or project.keeps_documents:
        words = Words(_("Only a project that is open or going ahead is asked whether it is still true."))
        raise Conflict("project.wrong_status", words, acts_open(call_of(work, project)))
    changes = _changes(project.freshness) if project.freshness != Freshness.FRESH else {}
    work.record(ProjectStillTrue(project_id=project.id, changes=changes), audience=_audience(project))
    return project


def take_step(work: UnitOfWork, *, project: Project) -> int:
    """Take the step that silence has led to by today, if it has come: nudge, *quiet*, *looking for a new lead*. After
    a stop of the worker only the last step that has come is told of. Returns it; only the clock does this.

    The project's row is locked by whoever calls. Raises NotAllowed.
    """
    work.require(policy.may_age_project(work.actor))
    today = uk_date(work.now)
    before, silent_since = project.freshness, project.last_sign_of_life_at or project.published_at
    due = rules.steps_due(uk_date(silent_since), today) if silent_since is not None and ages(project) else 0
    if due <= project.freshness_step:
        return project.freshness_step
    project.freshness_step, project.freshness = due, rules.freshness_at(due).value
    changes: Changes = {"freshness": [before, project.freshness]}
    if due >= STEP_LOOKING:
        wait(work, project)
        if before != project.freshness:
            _tell(work, project, ProjectLookingForLead(project_id=project.id, changes=changes))
    elif due == STEP_QUIET:
        _tell(work, project, ProjectQuiet(project_id=project.id, changes=changes))
    else:
        work.record(ProjectNudged(project_id=project.id, nudge=due), council_id=project.council_id)
    return due


def ages(project: Project) -> bool:
    """Whether a project's leads are asked for signs of life: while it runs and everybody sees it."""
    return project.status in RUNNING and project.is_public and not project.keeps_documents and not project.frozen_at


def _tell(work: UnitOfWork, project: Project, event: ProjectQuiet | ProjectLookingForLead) -> None:
    touch(work, project)
    work.record(event, audience=_audience(project), council_id=project.council_id)


def _changes(before: str) -> Changes:
    return {"freshness": [before, Freshness.FRESH.value]}


def _audience(project: Project) -> Audience:
    return Audience.PUBLIC if project.is_public else Audience.PROJECT


def nation_of(work: UnitOfWork, council_id: UUID) -> str:
    """The nation whose working days are counted."""
    return work.session.get_one(Council, council_id).nation


db_work.WHEN_RECORDED.append(note_sign_of_life)
