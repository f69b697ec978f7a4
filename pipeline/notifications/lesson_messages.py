"""What the e-mails about lessons say."""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonTold:
    """What mails say of a lesson: `council` raised it on version `number` of `document`; `own_council` is told."""

    path: str
    document: str
    number: int
    council: str
    own_council: str


def lesson_pinned(told: LessonTold) -> Letter:
    """For a council that uses the version: others learned something with it."""
    return Letter(
        Words(_("A lesson about a document your council uses: {document}"), document=told.document),
        (
            _raised(told),
            Words(_("{own_council} uses that version, so it may concern you too."), own_council=told.own_council),
        ),
        Words(_("Read the lesson")),
        told.path,
        Words(
            _("You get this because you recorded that {own_council} uses the document, or look after its people."),
            own_council=told.own_council,
        ),
    )


def lesson_raised(told: LessonTold) -> Letter:
    """For those who keep the document: they may reply, and say which version answers it."""
    return Letter(
        Words(_("A lesson about your document: {document}"), document=told.document),
        (
            _raised(told),
            Words(_("You can reply beside it, and mark the later version that answers it.")),
        ),
        Words(_("Read the lesson")),
        told.path,
        Words(_("You get this because you keep “{document}”."), document=told.document),
    )


def _raised(told: LessonTold) -> Words:
    return Words(
        _("{council} published what it learned with version {number} of “{document}”."), council=told.council,
        number=told.number, document=told.document,
    )  # fmt: skip
