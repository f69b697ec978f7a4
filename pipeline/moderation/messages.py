"""What reports and what they are about are called."""

from pipeline.kernel.words import Words, _
from pipeline.moderation.rules import Reported, ReportReason, ReportStatus

REASON_NAMES: dict[ReportReason, Words] = {
    ReportReason.PERSONAL: Words(_("It tells something about a person that should not be public")),
    ReportReason.ABUSE: Words(_("It is rude, threatening or discriminating")),
    ReportReason.FALSE: Words(_("It is false or misleading")),
    ReportReason.RIGHTS: Words(_("It breaks copyright or a confidence")),
    ReportReason.ADVERTISING: Words(_("It is advertising")),
    ReportReason.OTHER: Words(_("Something else")),
}

STATUS_NAMES: dict[ReportStatus, Words] = {
    ReportStatus.WAITING: Words(_("Waiting")),
    ReportStatus.HIDDEN: Words(_("Hidden")),
    ReportStatus.LEFT: Words(_("Left as it is")),
}

KIND_NAMES: dict[Reported, Words] = {
    Reported.PROJECT: Words(_("Project")),
    Reported.UPDATE: Words(_("Update")),
    Reported.LESSON: Words(_("Lesson")),
    Reported.ARTEFACT: Words(_("Shared document")),
    Reported.VERSION: Words(_("Version of a shared document")),
    Reported.SUGGESTION: Words(_("Suggested change")),
    Reported.COMMENT: Words(_("Comment")),
    Reported.DIFFERENCE: Words(_("How work differs")),
    Reported.COUNCIL: Words(_("Council")),
}
