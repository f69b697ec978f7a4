"""What the e-mail about an introduction says."""

from dataclasses import dataclass

from pipeline.kernel.words import Words, _
from pipeline.notifications.messages import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionTold:
    """What the mail says of an introduction: the two councils, the project it is about or "", and what the coordinator
    wrote."""

    path: str
    council: str
    other: str
    project: str
    message: str


def introduction_made(told: IntroductionTold) -> Letter:
    """For both councils alike: whom to talk to, about what, and why."""
    return Letter(
        Words(_("An introduction: {council} and {other}"), council=told.council, other=told.other),
        (
            Words(
                _("A coordinator of Pipeline thinks that {council} and {other} should talk."), council=told.council,
                other=told.other,
            ),
            *((Words(_("It is about the project “{project}”."), project=told.project),) if told.project else ()),
            Words(_("They write: “{message}”"), message=told.message),
        ),
        Words(_("Read the introduction")),
        told.path,
        Words(_("You get this because you look after the people of one of the two councils, or lead the project.")),
    )  # fmt: skip
