"""Which comments somebody may know of, of what they may know of: comments on something hidden are hidden with it.

`comments_visible_to` is asked of the comments on one thing that was found with `subjects.thing_seen_by`;
`public_comments` of comments on anything, as everybody reads them.
"""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Artefact, Suggestion
from pipeline.artefacts.visibility import suggestions_visible_to
from pipeline.comments.models import Comment
from pipeline.comments.rules import CommentedOn, CommentStatus
from pipeline.kernel.actor import ANONYMOUS, Actor, Role
from pipeline.projects.models import Project, ProjectPerson, Update
from pipeline.projects.visibility import updates_visible_to, visible_to

_Home = aliased(Project)


def comments_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Of the comments on something the actor may know of. Everybody: those that stand. Hidden ones: their writer, the
    project's team. Coordinators: all, withdrawn ones too."""
    if actor.is_system or actor.has(Role.COORDINATOR):
        return Comment.id.is_not(None)
    stands = Comment.status == CommentStatus.PUBLISHED.value
    if actor.officer_id is None:
        return stands
    in_team = (
        exists()
        .where(
            ProjectPerson.project_id == Comment.project_id, ProjectPerson.officer_id == actor.officer_id,
            ProjectPerson.council_id == actor.council_id, ProjectPerson.ended_at.is_(None),
        )
        .correlate(Comment)
    )  # fmt: skip
    told = or_(Comment.officer_id == actor.officer_id, in_team)
    return or_(stands, and_(Comment.status == CommentStatus.HIDDEN.value, told))


def public_comments() -> ColumnElement[bool]:
    """Comments that stand, on what everybody may see; the query joins `Project`."""
    # Correlated with the comment alone: the query may have joined updates and documents for reasons of its own.
    on_update = exists().where(Update.id == Comment.about_id, updates_visible_to(ANONYMOUS)).correlate(Comment)
    on_suggestion = exists().where(
        Suggestion.id == Comment.about_id, suggestions_visible_to(ANONYMOUS), Artefact.id == Suggestion.artefact_id,
        Artefact.is_public, _Home.id == Artefact.project_id, _Home.is_public,
    ).correlate(Comment)  # fmt: skip
    return and_(
        Comment.status == CommentStatus.PUBLISHED.value,
        visible_to(ANONYMOUS),
        or_(
            and_(Comment.about_type == CommentedOn.UPDATE.value, on_update),
            and_(Comment.about_type == CommentedOn.SUGGESTION.value, on_suggestion),
        ),
    )
