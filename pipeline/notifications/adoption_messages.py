"""What e-mails say of the documents their reader's council uses."""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionTold:
    """What mails say of an adoption: the document, the version used, the one it is about, and how it is used."""

    path: str
    document: str
    keeper: str
    own_council: str
    used: int
    number: int
    has_copy: bool


def newer_version(told: AdoptionTold) -> Letter:
    """For a council that uses a document: there is a new version with larger changes."""
    if told.has_copy:
        next_step = Words(_("Your council has a copy of its own. You can take the changes in and keep yours."))
    else:
        next_step = Words(_("Your council goes on using version {used} until you decide to move."), used=told.used)
    return Letter(
        Words(_("A new version of a document your council uses: {document}"), document=told.document),
        (
            _named(told, _("{keeper} has published version {number} of “{document}”. Its changes are larger.")),
            next_step,
        ),
        Words(_("See the new version")),
        told.path,
        _why(told),
    )


def version_withdrawn(told: AdoptionTold) -> Letter:
    """For a council that uses a version: it must not be used any more."""
    return Letter(
        Words(_("Do not use version {number} any more: {document}"), number=told.number, document=told.document),
        (
            _named(told, _("{keeper} has withdrawn version {number} of “{document}”, which your council uses.")),
            Words(_("The page of the version says why, and which one to use instead.")),
        ),
        Words(_("Read why")),
        told.path,
        _why(told),
    )


def _named(told: AdoptionTold, sentence: str) -> Words:
    return Words(sentence, keeper=told.keeper, number=told.number, document=told.document)


def _why(told: AdoptionTold) -> Words:
    return Words(_("You get this because {council} uses this document."), council=told.own_council)
