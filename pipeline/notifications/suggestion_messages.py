"""What e-mails say of suggested changes. Their texts and reasons are behind the link."""

from dataclasses import dataclass

from pipeline.artefacts.rules import SuggestionStatus
from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True)
class SuggestionTold:
    """What mails say of a suggestion: the title of the document, the council that made it, and its page."""

    title: str
    council: str
    path: str
    status: SuggestionStatus


def suggestion_made(told: SuggestionTold) -> Letter:
    """For leads: a change was suggested to a document of theirs."""
    return Letter(
        Words(_("A suggested change: {title}"), title=told.title),
        (
            Words(_("{council} suggests a change to “{title}”."), council=told.council, title=told.title),
            Words(_("Please accept or decline it within ten working days.")),
        ),
        Words(_("Read the suggestion and answer")),
        told.path,
        Words(_("You get this because you lead the project that keeps “{title}”."), title=told.title),
    )


ANSWERED: dict[SuggestionStatus, str] = {
    SuggestionStatus.ACCEPTED: _("The leads of “{title}” took your council’s suggestion into a draft."),
    SuggestionStatus.DECLINED: _("The leads of “{title}” declined your council’s suggestion, and say why."),
    SuggestionStatus.PUBLISHED: _("A version of “{title}” with your council’s suggestion in it was published."),
    SuggestionStatus.OVERTAKEN: _("Your council’s suggestion to “{title}” has nothing left to add, and was closed."),
}


def suggestion_answered(told: SuggestionTold) -> Letter | None:
    """For whoever made a suggestion: where it stands now. None where there is nothing to tell any more."""
    sentence = ANSWERED.get(told.status)
    if sentence is None:
        return None
    return Letter(
        Words(_("Your council’s suggestion: {title}"), title=told.title),
        (Words(sentence, title=told.title),),
        Words(_("See the suggestion")),
        told.path,
        Words(_("You get this because you suggested the change.")),
    )
