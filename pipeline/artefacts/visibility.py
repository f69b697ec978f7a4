"""Which shared documents somebody may know of. Every query of documents and what is in them ends in it."""

from sqlalchemy import ColumnElement, and_, exists, false, or_

from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Draft, Suggestion
from pipeline.artefacts.rules import AdoptionStanding
from pipeline.kernel.actor import Actor, Role
from pipeline.projects.models import Check, Project
from pipeline.projects.visibility import in_team, visible_to


def artefacts_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Documents the actor may know of; the query joins `Project`.

    Everybody: what is public. The team, and in *Documents of (council)* its officers: what is not published. A
    colleague asked to check a draft, until they have answered. Coordinators: what is hidden.
    """
    if actor.is_system:
        return Artefact.id.is_not(None)
    if actor.officer_id is None:
        return and_(Artefact.is_public, Project.is_public.expression)
    hidden = Artefact.is_hidden if actor.has(Role.COORDINATOR) else false()
    seen = or_(Artefact.is_public, drafts_shown_to(actor), _asked_to_check(actor), hidden)
    return and_(visible_to(actor) | _asked_to_check(actor), seen)


def drafts_shown_to(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor is of the team of a document; the query joins `Project` and `Artefact`."""
    is_own = Project.council_id == actor.council_id if actor.council_id is not None else false()
    return or_(in_team(actor), and_(Project.keeps_documents, is_own))


def adoptions_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Adoptions the actor may know of, of documents they may know of.

    Everybody: those as is and adapted, and ended ones. One that is being prepared, or never came further: the adopting
    council, and those who keep the document. The query joins `Artefact` and `Project`.
    """
    if actor.is_system:
        return Adoption.id.is_not(None)
    told = _has_been_told()
    if actor.officer_id is None:
        return told
    own = Adoption.council_id == actor.council_id if actor.council_id is not None else false()
    return or_(told, own, drafts_shown_to(actor))


def suggestions_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Suggestions the actor may know of, of documents they may know of; the query joins `Project` and `Artefact`.

    Everybody: those that are not hidden. Hidden ones: the council that made them, the document's team, coordinators.
    """
    if actor.is_system or actor.has(Role.COORDINATOR):
        return Suggestion.id.is_not(None)
    shown = Suggestion.is_hidden.is_(False)
    if actor.officer_id is None:
        return shown
    own = Suggestion.council_id == actor.council_id if actor.council_id is not None else false()
    return or_(shown, own, drafts_shown_to(actor))


def _has_been_told() -> ColumnElement[bool]:
    """Whether the public knows of an adoption: a copy that was given up before anybody saw it is nobody's business."""
    used = (AdoptionStanding.AS_IS.value, AdoptionStanding.ADAPTED.value)
    was_used = exists().where(AdoptionMove.adoption_id == Adoption.id, AdoptionMove.standing.in_(used))
    return or_(Adoption.standing.in_(used), and_(Adoption.standing == AdoptionStanding.ENDED.value, was_used))


def _asked_to_check(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Draft.artefact_id == Artefact.id,
        Check.subject_id == Draft.id,
        Check.officer_id == actor.officer_id,
        Check.answered_at.is_(None),
    )
