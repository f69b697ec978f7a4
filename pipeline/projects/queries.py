"""Reading projects, their needs and updates, always on behalf of a viewer."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from pipeline.accounts.models import Membership, Officer
from pipeline.db.hot_lists import unindexed
from pipeline.db.log import LoggedEvent
from pipeline.db.work import Reading
from pipeline.kernel.errors import Gone, NotFound, Refusal
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.projects.events import ProjectDeleted
from pipeline.projects.freshness import Freshness
from pipeline.projects.models import Check, Need, Project, ProjectPerson, ProjectSlug, TermsChange, Update, UpdateText
from pipeline.projects.policy import CheckFacts, ProjectFacts, UpdateFacts
from pipeline.projects.rules import PersonRole, ProjectStatus, UpdateStatus
from pipeline.projects.visibility import KindOfViewer, ids_of, in_team, updates_visible_to, visible_to


def project_seen_by(reading: Reading, slug: str, *, lock: bool = False) -> Project:
    """The project with a slug (a draft's address holds its id), if the viewer may know of it. Raises NotFound.

    `lock` keeps others from changing it, and what is pledged to it, until the work ends.
    """
    project_id = id_from(slug)
    named = Project.slug == slug if project_id is None else (Project.id == project_id) | (Project.slug == slug)
    query = select(Project).where(named, visible_to(reading.actor))
    if lock:
        query = query.with_for_update(of=Project)
    project = reading.session.scalars(query.execution_options(populate_existing=lock)).first()
    if project is None:
        raise NotFound("project")
    return project


def project_by_id(reading: Reading, project_id: UUID, *, lock: bool = False) -> Project:
    """As `project_seen_by`, by id."""
    return project_seen_by(reading, str(project_id), lock=lock)


def whole_project_seen_by(reading: Reading, slug: str, *, lock: bool = False) -> Project:
    """As `project_seen_by`, with its themes and needs loaded: for those who write it."""
    project = project_seen_by(reading, slug, lock=lock)
    query = select(Project).where(Project.id == project.id)
    loaded = query.options(selectinload(Project.themes), selectinload(Project.needs))
    return reading.session.scalars(loaded.execution_options(populate_existing=True)).one()


def project_with_old_slug(reading: Reading, slug: str) -> str | None:
    """Where a project that had this slug before is found now, if the viewer may know of it."""
    query = (
        select(Project.slug)
        .join(ProjectSlug, ProjectSlug.project_id == Project.id)
        .where(ProjectSlug.slug == slug, visible_to(reading.actor))
    )
    return reading.session.scalar(query)


def project_at(reading: Reading, slug: str) -> Project:
    """As `project_seen_by`, by a slug the project had before as well. Raises NotFound."""
    try:
        return project_seen_by(reading, slug)
    except NotFound:
        slug_now = project_with_old_slug(reading, slug)
        if slug_now is None:
            raise
        return project_seen_by(reading, slug_now)


def project_called(slug: str) -> UUID | ColumnElement[UUID]:
    """The id of the project with a slug, id or former slug; null where there is none. For filters of lists: compared
    as one value, a column that has an index is read from it in the list's order."""
    project_id = id_from(slug)
    if project_id is not None:
        return project_id
    named = select(Project.id).where(Project.slug == slug).correlate(None).scalar_subquery()
    former = select(ProjectSlug.project_id).where(ProjectSlug.slug == slug).correlate(None).scalar_subquery()
    return func.coalesce(named, former)


def missing_project(reading: Reading, slug: str) -> Refusal:
    """The refusal for a slug or id nobody finds a project under: Gone where the log tells everybody that it was
    deleted, NotFound otherwise."""
    project_id = id_from(slug)
    named = LoggedEvent.subject_id == project_id if project_id else LoggedEvent.payload["slug"].as_string() == slug
    query = select(LoggedEvent.id).where(
        # As it stands in the index of deletions: they are few, and nothing else is walked.
        LoggedEvent.name == literal_column(f"'{ProjectDeleted.name}'"),
        unindexed(LoggedEvent.audience) == Audience.PUBLIC.value, named,
    )  # fmt: skip
    if reading.session.scalar(query.limit(1)) is None:
        return NotFound("project")
    return Gone("project.deleted", Words(_("The council that posted this project has deleted it.")))


def need_seen_by(reading: Reading, need_id: UUID, *, lock: bool = False) -> Need:
    """A need of a project the viewer may know of, with its project loaded. Raises NotFound.

    With `lock` the project's row is locked first, then the need's (PostgreSQL locks in the order they are named):
    whoever changes what is held takes them in this order.
    """
    query = _need_query(KindOfViewer.of(reading.actor), lock)
    need = reading.session.scalars(query, {"need_id": need_id, **ids_of(reading.actor)}).first()
    if need is None:
        raise NotFound("need")
    return need


@cache
def _need_query(viewer: KindOfViewer, lock: bool) -> Select[Need]:
    """Made once for each kind of viewer: every pledge runs it, and making it costs more than running it."""
    query = (
        select(Need)
        .join(Need.project)
        .where(Need.id == bindparam("need_id"), visible_to(viewer.anyone))
        .options(contains_eager(Need.project))
    )
    return query.with_for_update(of=(Project, Need)).execution_options(populate_existing=True) if lock else query


def terms_changes_of(reading: Reading, project_id: UUID) -> list[TermsChange]:
    """The changes of terms of a project the viewer has been found to see, the newest first."""
    query = select(TermsChange).where(TermsChange.project_id == project_id)
    return list(reading.session.scalars(query.order_by(TermsChange.changed_at.desc(), TermsChange.id.desc()).limit(50)))


def continued_in(reading: Reading, project_id: UUID) -> Project | None:
    """The project that posts an ended one again, if the viewer may know of it; the latest where there are several."""
    query = select(Project).where(
        Project.continues_id == project_id, Project.status != ProjectStatus.DRAFT, visible_to(reading.actor)
    )
    return reading.session.scalars(query.order_by(Project.id.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody in a project's team, and the council they are there for."""

    officer_id: UUID
    council_id: UUID
    role: PersonRole


def team_of(reading: Reading, project_id: UUID) -> list[TeamMember]:
    """Who leads a project and who is in its team, while they work for the council they joined for. Leads first."""
    rows = reading.session.execute(
        select(ProjectPerson.officer_id, ProjectPerson.council_id, ProjectPerson.role)
        .join(Membership, membership_stands())
        .where(ProjectPerson.project_id == project_id, ProjectPerson.ended_at.is_(None))
        .order_by(ProjectPerson.role, ProjectPerson.started_at, ProjectPerson.id)
    )
    return [TeamMember(row.officer_id, row.council_id, PersonRole(row.role)) for row in rows]


def membership_stands() -> ColumnElement[bool]:
    """Joins a person of a project to their membership in the council they are there for, while it stands."""
    return (
        (Membership.officer_id == ProjectPerson.officer_id)
        & (Membership.council_id == ProjectPerson.council_id)
        & Membership.started_at.is_not(None)
        & Membership.ended_at.is_(None)
    )


def facts_of(reading: Reading, project: Project) -> ProjectFacts:
    """What policies need to know of a project: who leads it and who is in its team, while they work there."""
    return facts_with(reading, project, team_of(reading, project.id))


def facts_with(reading: Reading, project: Project, team: list[TeamMember]) -> ProjectFacts:
    """As `facts_of`, where the team has been read already."""
    actor = reading.actor
    own = [one.council_id for one in team if one.officer_id == actor.officer_id]
    return ProjectFacts(
        id=project.id,
        council_id=project.council_id,
        status=ProjectStatus(project.status),
        is_trial=project.is_trial,
        is_public=project.is_public,
        lead_ids=frozenset(one.officer_id for one in team if one.role is PersonRole.LEAD),
        team_ids=frozenset(one.officer_id for one in team),
        has_own_lead=any(one.role is PersonRole.LEAD and one.council_id == project.council_id for one in team),
        acts_elsewhere=bool(own) and actor.council_id not in own,
        is_frozen=project.frozen_at is not None,
        looks_for_lead=project.freshness == Freshness.LOOKING_FOR_LEAD,
    )


def update_seen_by(reading: Reading, update_id: UUID, *, lock: bool = False) -> tuple[Update, Project]:
    """An update the viewer may know of, with its project. Raises NotFound. `lock` keeps others from changing it."""
    query = (
        select(Update, Project)
        .join(Project, Project.id == Update.project_id)
        .where(Update.id == update_id, visible_to(reading.actor), updates_visible_to(reading.actor))
    )
    if lock:
        query = query.with_for_update(of=(Project, Update)).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("update")
    return row.Update, row.Project


def update_facts_of(reading: Reading, update: Update, project: Project) -> UpdateFacts:
    """What policies need to know of an update."""
    return UpdateFacts(facts_of(reading, project), UpdateStatus(update.status))


def updates_of(reading: Reading, project: Project) -> list[Update]:
    """Every update of a project that the viewer may know of: drafts first, then the newest."""
    query = (
        select(Update)
        .join(Project, Project.id == Update.project_id)
        .where(Update.project_id == project.id, visible_to(reading.actor), updates_visible_to(reading.actor))
        .order_by(Update.published_at.is_not(None), Update.published_at.desc(), Update.id.desc())
        .limit(200)
    )
    return list(reading.session.scalars(query))


def earlier_texts_of(reading: Reading, update: Update) -> list[UpdateText]:
    """The texts a published update had before, the newest first. For those who may see the update's drafts."""
    query = select(UpdateText).where(UpdateText.update_id == update.id).order_by(UpdateText.version.desc())
    return list(reading.session.scalars(query))


@dataclass(frozen=True, slots=True)
class CheckShown:
    """A colleague's check of a draft: who was asked, by whom, and what they said."""

    id: UUID
    project_id: UUID
    subject_type: str
    subject_id: UUID
    officer_id: UUID
    asked_by: UUID
    asked_at: datetime
    answer: str | None
    note: str
    answered_at: datetime | None
    title: str = ""


def checks_of(reading: Reading, subject_id: UUID) -> list[CheckShown]:
    """The checks of one draft, the newest first. For its team; who was asked sees their own by `own_check_of`."""
    query = select(Check).where(Check.subject_id == subject_id).order_by(Check.id.desc()).limit(50)
    return [check_shown(check) for check in reading.session.scalars(query)]


def own_check_of(reading: Reading, subject_id: UUID) -> CheckShown | None:
    """The check of a draft that waits for the viewer's answer."""
    query = select(Check).where(
        Check.subject_id == subject_id, Check.officer_id == reading.actor.officer_id, Check.answered_at.is_(None)
    )
    check = reading.session.scalars(query).first()
    return check_shown(check) if check else None


def check_seen_by(reading: Reading, check_id: UUID, *, lock: bool = False) -> Check:
    """A check the viewer was asked for, or of a draft of theirs. Raises NotFound."""
    in_team = exists().where(
        ProjectPerson.project_id == Check.project_id,
        ProjectPerson.officer_id == reading.actor.officer_id,
        ProjectPerson.council_id == reading.actor.council_id,
        ProjectPerson.ended_at.is_(None),
    )
    query = select(Check).where(Check.id == check_id, or_(Check.officer_id == reading.actor.officer_id, in_team))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    check = reading.session.scalars(query).first()
    if check is None:
        raise NotFound("check")
    return check


def check_facts_of(check: Check) -> CheckFacts:
    """What policies need to know of a check."""
    return CheckFacts(check.officer_id, check.answered_at is not None)


def checks_waiting_for(reading: Reading) -> list[CheckShown]:
    """The drafts the viewer was asked to check and has not answered yet, the oldest first, with their titles."""
    if reading.actor.officer_id is None:
        return []
    query = (
        select(Check, Project.title, Update.title)
        .join(Project, Project.id == Check.project_id)
        .outerjoin(Update, Update.id == Check.subject_id)
        .where(Check.officer_id == reading.actor.officer_id, Check.answered_at.is_(None))
        .order_by(Check.id)
        .limit(100)
    )
    rows = reading.session.execute(query)
    return [check_shown(check, update_title or project_title) for check, project_title, update_title in rows]


def check_shown(check: Check, title: str = "") -> CheckShown:
    """A check as plain values."""
    return CheckShown(
        id=check.id, project_id=check.project_id, subject_type=check.subject_type, subject_id=check.subject_id,
        officer_id=check.officer_id, asked_by=check.asked_by, asked_at=check.asked_at, answer=check.answer,
        note=check.note, answered_at=check.answered_at, title=title,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DraftShown:
    """A draft somebody is writing: a project's, or an update's of a project."""

    kind: str
    id: UUID
    project_id: UUID
    title: str
    project_title: str
    updated_at: datetime


def drafts_of(reading: Reading) -> list[DraftShown]:
    """The drafts of projects the viewer is in the team of, and of their updates; the last changed first."""
    if reading.actor.officer_id is None:
        return []
    in_team = exists().where(
        ProjectPerson.project_id == Project.id,
        ProjectPerson.officer_id == reading.actor.officer_id,
        ProjectPerson.council_id == reading.actor.council_id,
        ProjectPerson.ended_at.is_(None),
    )
    projects = select(Project.id, Project.title, Project.updated_at).where(
        in_team, Project.status == ProjectStatus.DRAFT
    )
    updates = (
        select(Update.id, Update.project_id, Update.title, Project.title.label("project_title"), Update.updated_at)
        .join(Project, Project.id == Update.project_id)
        .where(in_team, Update.status == UpdateStatus.DRAFT)
    )
    found = [
        DraftShown("project", row.id, row.id, row.title, row.title, row.updated_at)
        for row in reading.session.execute(projects.limit(100))
    ] + [
        DraftShown("update", row.id, row.project_id, row.title, row.project_title, row.updated_at)
        for row in reading.session.execute(updates.limit(100))
    ]
    return sorted(found, key=lambda draft: draft.updated_at, reverse=True)


@dataclass(frozen=True, slots=True)
class OwnProject:
    """A project one is in the team of. A draft's address holds its id."""

    address: str
    title: str
    council_id: UUID


def own_projects(reading: Reading) -> list[OwnProject]:
    """The projects the viewer is in the team of for the council they act for, by title; without *Documents of
    (council)* and what is hidden."""
    if reading.actor.officer_id is None:
        return []
    query = (
        select(Project.id, Project.slug, Project.title, Project.council_id)
        .where(
            in_team(reading.actor), Project.keeps_documents.is_(False), Project.is_hidden.is_(False),
            visible_to(reading.actor),
        )
        .order_by(Project.title, Project.id)
        .limit(200)
    )  # fmt: skip
    return [
        OwnProject(row.slug or str(row.id), row.title, row.council_id) for row in reading.session.execute(query)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Joining:
    """An officer, and the council for which they join a project or check a draft."""

    officer_id: UUID
    council_id: UUID


def joining_with_address(reading: Reading, address: str) -> Joining | None:
    """The officer with a work e-mail address, for the council they have worked for longest; None when there is none.

    `address` is in the form it is kept in (`accounts.rules`). Only an officer with a confirmed place is found.
    """
    query = (
        select(Officer.id, Membership.council_id)
        .join(Membership, Membership.officer_id == Officer.id)
        .where(
            Officer.address == address, Officer.verified_at.is_not(None), Officer.erased_at.is_(None),
            Membership.started_at.is_not(None), Membership.ended_at.is_(None),
        )
        .order_by(Membership.started_at, Membership.id)
    )  # fmt: skip
    row = reading.session.execute(query).first()
    return Joining(row.id, row.council_id) if row else None


def joining_for(reading: Reading, officer_id: UUID, council_id: UUID) -> Joining | None:
    """An officer with a standing place in a council; None when they have none."""
    query = (
        select(Officer.id)
        .join(Membership, Membership.officer_id == Officer.id)
        .where(
            Officer.id == officer_id, Officer.erased_at.is_(None), Membership.council_id == council_id,
            Membership.started_at.is_not(None), Membership.ended_at.is_(None),
        )
    )  # fmt: skip
    found = reading.session.scalar(query)
    return Joining(found, council_id) if found else None
