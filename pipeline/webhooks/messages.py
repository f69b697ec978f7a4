"""How webhooks and what became of their messages read in a sentence."""

from pipeline.kernel.words import Words, _
from pipeline.webhooks.rules import DeliveryStatus, Failure, WebhookStatus, WhyDisabled

STATUS_WORDS = {
    WebhookStatus.WAITING: Words(_("Waiting for an answer")),
    WebhookStatus.ACTIVE: Words(_("Active")),
    WebhookStatus.DISABLED: Words(_("Turned off")),
}

WHY_DISABLED_WORDS = {
    WhyDisabled.BY_HAND: Words(_("Somebody of your council turned it off.")),
    WhyDisabled.GONE: Words(_("The receiver answered that it is gone for good (410).")),
    WhyDisabled.FAILING: Words(_("Nothing was taken for five days.")),
}

DELIVERY_WORDS = {
    DeliveryStatus.WAITING: Words(_("Waiting")),
    DeliveryStatus.DELIVERED: Words(_("Delivered")),
    DeliveryStatus.FAILED: Words(_("Failed")),
    DeliveryStatus.WITHHELD: Words(_("Not sent")),
}

FAILURE_WORDS = {
    Failure.UNREACHABLE: Words(_("The receiver could not be reached at a public address with a valid certificate.")),
    Failure.TIMED_OUT: Words(_("The receiver did not answer within 15 seconds.")),
    Failure.BROKEN_OFF: Words(_("The receiver broke off, or did not answer as a web server does.")),
    Failure.REDIRECTED: Words(_("The receiver sent us elsewhere. We do not follow: give the last address.")),
    Failure.REFUSED: Words(_("The receiver did not take it.")),
    Failure.GONE: Words(_("The receiver answered that it is gone for good.")),
    Failure.DISABLED: Words(_("The webhook was turned off before it could be sent.")),
    Failure.NO_LONGER_PUBLIC: Words(_("What it tells of is no longer public.")),
}

NOUN_WORDS = {
    "adoption": Words(_("Councils that use a document")),
    "artefact": Words(_("Shared documents")),
    "checklist": Words(_("Answers to checklists")),
    "copy": Words(_("Adapted copies")),
    "council": Words(_("Councils")),
    "delivery": Words(_("What was delivered")),
    "interest": Words(_("Interest in projects")),
    "lead": Words(_("Who leads projects")),
    "lesson": Words(_("Lessons")),
    "measure": Words(_("What projects measure")),
    "need": Words(_("What projects need")),
    "pledge": Words(_("Pledges")),
    "project": Words(_("Projects")),
    "suggestion": Words(_("Suggested changes")),
    "team": Words(_("Teams of projects")),
    "update": Words(_("Updates")),
    "version": Words(_("Versions of documents")),
}
"""What all events of one noun are about."""
