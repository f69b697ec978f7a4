"""What e-mails say of what is new in what their reader follows."""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter

WHY = Words(_("You get this because you follow it, or have a part in it."))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsTold:
    """What mails say of something new: its title, whose it is, and its page."""

    title: str
    council: str
    path: str


def project_new(told: NewsTold) -> Letter:
    """For who follows its council, its theme or a search that finds it: a project was posted."""
    return Letter(
        Words(_("A new project: {title}"), title=told.title),
        (Words(_("{council} has posted “{title}”."), council=told.council, title=told.title),),
        Words(_("See the project")), told.path, WHY,
    )  # fmt: skip


def document_new(told: NewsTold) -> Letter:
    """For who follows its project or council: a document has its first version."""
    return Letter(
        Words(_("A new shared document: {title}"), title=told.title),
        (Words(_("{council} shares “{title}”. Your council can use it or adapt it."), council=told.council,
               title=told.title),),
        Words(_("Open the document")), told.path, WHY,
    )  # fmt: skip


def document_version(told: NewsTold, number: int) -> Letter:
    """For who follows a document: there is a new version of it."""
    return Letter(
        Words(_("Version {number} is there: {title}"), number=number, title=told.title),
        (Words(_("{council} has published version {number} of “{title}”."), council=told.council, number=number,
               title=told.title),),
        Words(_("See the new version")), told.path, WHY,
    )  # fmt: skip


def lesson_new(told: NewsTold) -> Letter:
    """For who follows its project or council: a lesson was published."""
    return Letter(
        Words(_("A new lesson: {title}"), title=told.title),
        (Words(_("{council} has published what it learned: “{title}”."), council=told.council, title=told.title),),
        Words(_("Read the lesson")), told.path, WHY,
    )  # fmt: skip


def search_found(told: NewsTold, kind: Words, search: str) -> Letter:
    """For who follows a search: it finds something new, of a kind. `search` is what it is called in their language."""
    return Letter(
        Words(_("New for your search {search}. {kind}: {title}"), search=search, kind=kind, title=told.title),
        (Words(_("Your search {search} finds something new. {kind}: “{title}” ({council})."), search=search, kind=kind,
               title=told.title, council=told.council),),
        Words(_("Open it")), told.path, Words(_("You get this because you follow this search.")),
    )  # fmt: skip
