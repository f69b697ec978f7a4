"""Which pledges somebody may know of. Every query of pledges joins the project and ends in both filters."""

from sqlalchemy import ColumnElement, and_, exists, false, or_

from pipeline.kernel.actor import Actor, Role
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project, ProjectPerson
from pipeline.projects.rules import PersonRole
from pipeline.projects.visibility import visible_to


def pledges_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Pledges the actor may know of, read from the live row; the project must be joined.

    Everybody: those that were authorised, of projects they may know of. Before that, and when they were refused or
    withdrawn before it: their council, the project's leads, and coordinators. In a trial project: the lead council.
    """
    if actor.is_system:
        return Pledge.id.is_not(None)
    authorised = Pledge.authorised_at.is_not(None)
    if actor.officer_id is None:
        return and_(Project.is_public, authorised)
    own = Pledge.council_id == actor.council_id if actor.council_id is not None else false()
    if actor.has(Role.COORDINATOR):
        return and_(visible_to(actor), Pledge.id.is_not(None))
    return and_(visible_to(actor), or_(authorised, own, Project.is_trial, is_led_by(actor)))


def is_led_by(actor: Actor) -> ColumnElement[bool]:
    """Projects the actor leads, for the council they act for now."""
    return exists().where(
        ProjectPerson.project_id == Project.id,
        ProjectPerson.officer_id == actor.officer_id,
        ProjectPerson.council_id == actor.council_id,
        ProjectPerson.role == PersonRole.LEAD,
        ProjectPerson.ended_at.is_(None),
    )
