"""The one visibility filter: what somebody may know of. Every query of projects and what is in them ends in it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_

from pipeline.kernel.actor import Actor, Channel, Role
from pipeline.projects.models import Check, Project, ProjectPerson, Update
from pipeline.projects.rules import ProjectStatus, UpdateStatus


@dataclass(frozen=True, slots=True)
class KindOfViewer:
    """What actors have in common for whom one query serves, made once, with their ids bound to it (`ids_of`)."""

    channel: Channel
    is_system: bool
    has_officer: bool
    has_council: bool
    is_coordinator: bool

    @classmethod
    def of(cls, actor: Actor) -> "KindOfViewer":
        has_officer, has_council = actor.officer_id is not None, actor.council_id is not None
        return cls(actor.channel, actor.is_system, has_officer, has_council, actor.has(Role.COORDINATOR))

    @property
    def anyone(self) -> Actor:
        """An actor of this kind who has names in place of ids."""
        return Actor(
            self.channel,
            bindparam("viewer_officer_id") if self.has_officer else None,  # type: ignore[arg-type]
            bindparam("viewer_council_id") if self.has_council else None,  # type: ignore[arg-type]
            frozenset({Role.COORDINATOR} if self.is_coordinator else ()),
            "any" if self.is_system else None,
        )


def ids_of(actor: Actor) -> dict[str, UUID | None]:
    """The actor's ids under the names they have in a query made for their kind."""
    return {"viewer_officer_id": actor.officer_id, "viewer_council_id": actor.council_id}


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Projects the actor may know of, read from the live row.

    Everybody: what is public. The team: its drafts, and what is hidden. A colleague asked to check a draft, until they
    have answered. The lead council: its trial projects, on pages only. Coordinators: what is hidden.
    """
    if actor.is_system:
        return Project.id.is_not(None)
    if actor.officer_id is None:
        return Project.is_public.expression
    trial = and_(
        Project.is_trial, Project.status != ProjectStatus.DRAFT, Project.is_hidden.is_(False),
        Project.council_id == actor.council_id if actor.council_id is not None else false(),
    )  # fmt: skip
    hidden = and_(Project.is_hidden, Project.status != ProjectStatus.DRAFT) if actor.has(Role.COORDINATOR) else false()
    seen = or_(Project.is_public, in_team(actor), _asked_to_check(actor, Project.id), trial, hidden)
    return and_(Project.is_trial.is_(False), seen) if actor.channel is Channel.API else seen


def updates_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Updates the actor may know of, of projects they may know of: join the project and ask `visible_to` as well.

    Everybody: published ones. The team: drafts, withdrawn and hidden ones. A colleague asked to check one, until they
    have. Coordinators: hidden ones.
    """
    if actor.is_system:
        return Update.id.is_not(None)
    published = Update.status == UpdateStatus.PUBLISHED
    if actor.officer_id is None:
        return published
    hidden = Update.status == UpdateStatus.HIDDEN if actor.has(Role.COORDINATOR) else false()
    return or_(published, in_team(actor), _asked_to_check(actor, Update.id), hidden)


def in_team(actor: Actor) -> ColumnElement[bool]:
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
