"""What the e-mails about comments say. The comment itself is behind the link, for who may read it."""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True)
class CommentTold:
    """What mails say of a comment: its address, the title of what it is about, and for which council it was written."""

    path: str
    title: str
    council: str


def mentioned(told: CommentTold) -> Letter:
    """For whom a comment mentions."""
    return Letter(
        Words(_("You are mentioned in a comment: {title}"), title=told.title),
        (Words(_("An officer of {council} mentions you in a comment."), council=told.council),),
        Words(_("Read the comment")),
        told.path,
        Words(_("You get this because the comment mentions you.")),
    )


def written(told: CommentTold) -> Letter:
    """For who takes part in what is said, or follows the project."""
    return Letter(
        Words(_("New comment: {title}"), title=told.title),
        (Words(_("An officer of {council} commented."), council=told.council),),
        Words(_("Read the comment")),
        told.path,
        Words(_("You get this because you take part in this, or follow the project.")),
    )
