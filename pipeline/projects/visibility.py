"""The one visibility filter: what somebody may know of. Every query of projects and what is in them ends in it."""

from sqlalchemy import ColumnElement, and_, exists, false, or_

from pipeline.kernel.actor import Actor, Role
from pipeline.projects.models import Check, Project, ProjectPerson, Update
from pipeline.projects.rules import ProjectStatus, UpdateStatus


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Projects the actor may know of, read from the live row.

    Everybody: what is public. The team: its drafts, and what is hidden. A colleague asked to check a draft, until they
    have answered. The lead council: its trial projects. Coordinators: what is hidden.
    """
    if actor.is_system:
        return Project.id.is_not(None)
    if actor.officer_id is None:
        return Project.is_public.expression
    trial = and_(
        Project.is_trial, Project.status != ProjectStatus.DRAFT, Project.is_hidden.is_(False),
        Project.council_id == actor.council_id if actor.council_id else false(),
    )  # fmt: skip
    hidden = and_(Project.is_hidden, Project.status != ProjectStatus.DRAFT) if actor.has(Role.COORDINATOR) else false()
    return or_(Project.is_public, _in_team(actor), _asked_to_check(actor, Project.id), trial, hidden)


def updates_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Updates the actor may know of, of projects they may know of: join the project and ask `visible_to` as well.

    Everybody: published ones. The team: drafts and withdrawn ones. A colleague asked to check one, until they have.
    """
    if actor.is_system:
        return Update.id.is_not(None)
    published = Update.status == UpdateStatus.PUBLISHED
    if actor.officer_id is None:
        return published
    return or_(published, _in_team(actor), _asked_to_check(actor, Update.id))


def _in_team(actor: Actor) -> ColumnElement[bool]:
    """Leads and team, while they work for the council they joined for."""
    return exists().where(
        ProjectPerson.project_id == Project.id,
        ProjectPerson.officer_id == actor.officer_id,
        ProjectPerson.council_id == actor.council_id,
        ProjectPerson.ended_at.is_(None),
    )


def _asked_to_check(actor: Actor, subject_id: object) -> ColumnElement[bool]:
    return exists().where(
        Check.subject_id == subject_id, Check.officer_id == actor.officer_id, Check.answered_at.is_(None)
    )
