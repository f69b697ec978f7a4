"""What is said, reported and hidden in the made-up story, each by its own action: verbs like those of `acts.py`."""

from uuid import UUID

from sqlalchemy import select

from pipeline.cli.demonstration_data.acts import Place, verb
from pipeline.comments.actions import write_comment
from pipeline.comments.models import Comment
from pipeline.comments.rules import CommentedOn
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import written
from pipeline.moderation.actions import hide_thing, report_thing
from pipeline.moderation.rules import Reported, ReportReason
from pipeline.projects.models import Project, Update
from pipeline.similarity.actions import say_difference
from pipeline.similarity.rules import Kind


def _update(work: UnitOfWork, place: Place, title: str) -> UUID:
    query = select(Update.id).where(Update.project_id == place.project_id, Update.title == title)
    return work.session.scalars(query).one()


@verb
def comment(work: UnitOfWork, place: Place, *, update: str, text: str, mention: str | None = None) -> None:
    """Somebody says something about an update, and may mention somebody."""
    write_comment(
        work, about=CommentedOn.UPDATE, about_id=_update(work, place, update), text=written(text, under=3),
        mentions=[place.officers[mention]] if mention else (),
    )  # fmt: skip


@verb
def report_comment(work: UnitOfWork, place: Place, *, by: str, reason: str, words: str) -> None:
    """Somebody reports what another said in the project."""
    query = select(Comment.id).where(Comment.project_id == place.project_id, Comment.officer_id == place.officers[by])
    report_thing(
        work, about=Reported.COMMENT, about_id=work.session.scalars(query).one(), reason=ReportReason(reason),
        words=words, is_to_be_answered=True,
    )  # fmt: skip


@verb
def hide_update(work: UnitOfWork, place: Place, *, update: str, reason: str) -> None:
    """A coordinator hides an update."""
    hide_thing(work, about=Reported.UPDATE, about_id=_update(work, place, update), reason=reason)


@verb
def differ(work: UnitOfWork, place: Place, *, other: str, reason: str) -> None:
    """The team says how the project differs from another, which is named by its title."""
    other_id = work.session.scalars(select(Project.id).where(Project.title == other, Project.is_public)).one()
    say_difference(
        work, kind=Kind.PROJECT, slug=str(place.project_id), other_kind=Kind.PROJECT, other=str(other_id),
        reason=reason,
    )  # fmt: skip
