"""What a comment shows of others: its writer's name and council's, and whom it mentions. It goes with its project."""

from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from pipeline.accounts.actions.tending import SHOWN_ELSEWHERE as OFFICER_SHOWN_ELSEWHERE
from pipeline.comments.models import Comment, CommentMention
from pipeline.councils.actions import SHOWN_ELSEWHERE as COUNCIL_SHOWN_ELSEWHERE
from pipeline.db.work import UnitOfWork
from pipeline.projects.actions.drafting import FORGOTTEN_WITH_PROJECT
from pipeline.projects.models import Project

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def officer_shown_otherwise(session: Session, officer_id: UUID) -> None:
    """Raise the revision of the comments an officer wrote, and of those that mention them."""
    calling = select(CommentMention.comment_id).where(CommentMention.officer_id == officer_id)
    _revise(session, or_(Comment.officer_id == officer_id, Comment.id.in_(calling)))


def council_shown_otherwise(session: Session, council_id: UUID) -> None:
    """Raise the revision of the comments written for a council, and of those that mention its officers."""
    calling = select(CommentMention.comment_id).where(CommentMention.council_id == council_id)
    _revise(session, or_(Comment.council_id == council_id, Comment.id.in_(calling)))


def _revise(session: Session, which: object) -> None:
    statement = update(Comment).where(which).values(revision=Comment.revision + 1)  # type: ignore[arg-type]
    session.execute(statement, execution_options=WITHOUT_SYNCHRONISING)


def forget_comments_in(work: UnitOfWork, project: Project) -> None:
    """Delete the comments on what is in a project."""
    within = delete(Comment).where(Comment.project_id == project.id)
    work.session.execute(within, execution_options=WITHOUT_SYNCHRONISING)


OFFICER_SHOWN_ELSEWHERE.append(officer_shown_otherwise)
COUNCIL_SHOWN_ELSEWHERE.append(council_shown_otherwise)
FORGOTTEN_WITH_PROJECT.append(forget_comments_in)
