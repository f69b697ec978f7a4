"""What the e-mails about reports and hiding say. Why something is hidden stands on its page, not here."""

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter

HIDDEN_WORDS = {
    "project": _("A coordinator has hidden a project you lead."),
    "update": _("A coordinator has hidden an update of a project you work on."),
    "lesson": _("A coordinator has hidden a lesson of a project you work on."),
    "artefact": _("A coordinator has hidden a shared document you keep."),
    "version": _("A coordinator has hidden a version of a shared document you keep."),
    "suggestion": _("A coordinator has hidden a suggested change."),
    "comment": _("A coordinator has hidden a comment."),
    "difference": _("A coordinator has hidden how work is said to differ."),
}
BACK_WORDS = {
    "project": _("A project you lead is no longer hidden."),
    "update": _("An update of a project you work on is no longer hidden."),
    "lesson": _("A lesson of a project you work on is no longer hidden."),
    "artefact": _("A shared document you keep is no longer hidden."),
    "version": _("A version of a shared document you keep is no longer hidden."),
    "suggestion": _("A suggested change is no longer hidden."),
    "comment": _("A comment is no longer hidden."),
    "difference": _("How work is said to differ is no longer hidden."),
}
WHY_YOU = Words(_("You get this because you wrote it, or lead the project it belongs to."))
WHY_PART = Words(_("You get this because you pledged to the project, showed interest in it or follow it."))


def hidden(about_type: str, path: str) -> Letter:
    """To who wrote what is hidden, and the leads: its page says why."""
    return Letter(
        Words(_("Something of yours was hidden")),
        (Words(HIDDEN_WORDS[about_type]), Words(_("Nobody else can see it now. Its page tells you why."))),
        Words(_("See why")),
        path,
        WHY_YOU,
    )


def brought_back(about_type: str, path: str) -> Letter:
    """To the same, that everybody reads it again."""
    return Letter(
        Words(_("Something of yours is no longer hidden")), (Words(BACK_WORDS[about_type]),), Words(_("Read it")), path,
        WHY_YOU,
    )  # fmt: skip


def project_hidden(lead_council: str) -> Letter:
    """To those whom a project concerns that they cannot see any more: without its title."""
    return Letter(
        Words(_("A project led by {council} is hidden for now"), council=lead_council),
        (
            Words(_("A coordinator has hidden a project you take part in.")),
            Words(_("Pledges stay as they are. While it is hidden it takes no new ones and cannot go ahead.")),
        ),
        Words(_("Your work")),
        "/your-work",
        WHY_PART,
    )


def project_back(project: str, path: str) -> Letter:
    """To those whom a project concerns, that it is there again."""
    return Letter(
        Words(_("{project} is no longer hidden"), project=project),
        (Words(_("Everybody can see the project again. Pledges are as they were.")),),
        Words(_("See the project")),
        path,
        WHY_PART,
    )


def reported(path: str) -> Letter:
    """To coordinators: something waits to be looked at."""
    return Letter(
        Words(_("Something was reported")),
        (Words(_("Somebody says that something on Pipeline should not stand. Look at it and decide.")),),
        Words(_("Read the report")),
        path,
        Words(_("You get this because you are a coordinator.")),
    )


def settled(*, is_hidden: bool) -> Letter:
    """To an officer who reported something and wanted to know."""
    words = (
        Words(_("Thank you. What you reported is hidden now."))
        if is_hidden
        else Words(_("Thank you. We looked at what you reported, and left it as it is."))
    )
    return Letter(
        Words(_("What came of your report")),
        (words, Words(_("If you see it otherwise, write to us."))),
        Words(_("Write to us")),
        "/contact",
        Words(_("You get this because you asked to be told what came of your report.")),
    )
