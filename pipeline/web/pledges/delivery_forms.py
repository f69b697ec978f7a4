"""The forms of deliveries, each kind of pledge in its own unit; meaning is checked in `pledges/delivery.py`."""

from datetime import date
from typing import Any

from wtforms.validators import StopValidation

from pipeline.http.language import gettext
from pipeline.kernel.words import _
from pipeline.pledges.delivery import MOST_NOTE, Answer, Given
from pipeline.pledges.rules import MOST_REASON
from pipeline.projects.rules import NeedKind
from pipeline.web.forms import Choice, Day, Days, Number, OnceForm, Pounds, Required, Text, lazy

BOTH_SIDES_READ = _(
    "The pledging council, the project’s leads and its lead council will read this. The public will not."
)


class DeliveryForm(OnceForm):
    """What was given, on which day, and a note for the two sides."""

    delivered_on = Day(lazy(_("On which day?")), validators=[Required(lazy(_("Say on which day it was delivered")))])
    note = Text(lazy(_("Note (optional)")), description=lazy(BOTH_SIDES_READ), most=MOST_NOTE)

    def given(self) -> Given:
        """What is recorded, as the rules know it."""
        return Given(
            amount=self._fields["amount"].data or 0,
            delivered_on=self.delivered_on.data or date.min,
            note=self.note.data or "",
        )


class _Asked:
    """The question how much, which takes nothing for an answer where a wrong entry is corrected."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and not getattr(field, "process_errors", None):
            raise StopValidation(str(self.message))


class TimeDelivery(DeliveryForm):
    """Days of somebody's time."""

    amount = Days(
        lazy(_("How many days were given?")), description=lazy(_("Whole or half days in all, for example 5 or 2.5.")),
        validators=[_Asked(lazy(_("Say how many days were given")))],
    )  # fmt: skip


class FundingDelivery(DeliveryForm):
    """Pounds that were paid."""

    amount = Pounds(
        lazy(_("How much was paid, in pounds?")), description=lazy(_("Without VAT, for example 2500.")),
        validators=[_Asked(lazy(_("Say how many pounds were paid")))],
    )  # fmt: skip


class InKindDelivery(DeliveryForm):
    """A number of things."""

    amount = Number(lazy(_("How many were given?")), validators=[_Asked(lazy(_("Say how many were given")))])


DELIVERY_FORMS: dict[NeedKind, type[DeliveryForm]] = {
    NeedKind.TIME: TimeDelivery, NeedKind.FUNDING: FundingDelivery, NeedKind.IN_KIND: InKindDelivery,
}  # fmt: skip


class AnswerForm(OnceForm):
    """Whether the other side agrees; if not, the lower figure and why."""

    answer = Choice(lazy(_("Is this right?")), validators=[Required(lazy(_("Say whether this is right")))])
    note = Text(lazy(_("If not, why? (optional)")), description=lazy(BOTH_SIDES_READ), most=MOST_NOTE)

    def offer_answers(self, answers: tuple[Answer, ...]) -> None:
        """Offer only the answers that this reader may give now."""
        self.answer.choices = [(one.value, gettext(ANSWERS[one])) for one in answers]

    def chosen(self) -> Answer:
        """The answer that was given."""
        return Answer(self.answer.data)

    @property
    def lower(self) -> int:
        """The lower figure; -1, which no delivery is, where none was given."""
        data: int | None = self._fields["amount"].data
        return -1 if data is None else data


ANSWERS = {Answer.AGREED: _("Yes, we agree"), Answer.DISPUTED: _("No, it was less")}


class TimeAnswer(AnswerForm):
    """Days of somebody's time."""

    amount = Days(lazy(_("If not, how many days were given?")), description=lazy(_("For example 3 or 2.5. 0 if none.")))


class FundingAnswer(AnswerForm):
    """Pounds that were paid."""

    amount = Pounds(lazy(_("If not, how much was paid, in pounds?")), description=lazy(_("0 if nothing was.")))


class InKindAnswer(AnswerForm):
    """A number of things."""

    amount = Number(lazy(_("If not, how many were given?")), description=lazy(_("0 if none.")))


ANSWER_FORMS: dict[NeedKind, type[AnswerForm]] = {
    NeedKind.TIME: TimeAnswer, NeedKind.FUNDING: FundingAnswer, NeedKind.IN_KIND: InKindAnswer,
}  # fmt: skip


class BreakForm(OnceForm):
    """Why the council does not give the rest."""

    reason = Text(
        lazy(_("Why does your council not give the rest?")),
        description=lazy(_("Everybody will read this. Do not name people.")),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class ReleaseForm(OnceForm):
    """Why the project needs no more of it."""

    reason = Text(
        lazy(_("Why do you let the council off the rest?")),
        description=lazy(_("Everybody will read this. Do not name people.")),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class AskReleaseForm(OnceForm):
    """Why the council would be let off."""

    reason = Text(
        lazy(_("Why does your council ask to be let off?")),
        description=lazy(BOTH_SIDES_READ),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class RefuseReleaseForm(OnceForm):
    """Why the council is not let off."""

    reason = Text(
        lazy(_("Why do you not let the council off?")),
        description=lazy(BOTH_SIDES_READ),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class NotComeForm(OnceForm):
    """What has not come."""

    note = Text(lazy(_("What were you waiting for? (optional)")), description=lazy(BOTH_SIDES_READ), most=MOST_NOTE)


class ExplainForm(OnceForm):
    """What became of a pledge that has not come."""

    answer = Text(
        lazy(_("What became of it, and when will it come?")),
        description=lazy(BOTH_SIDES_READ),
        validators=[Required(lazy(_("Say what became of it, and when it will come")))],
        most=MOST_NOTE,
    )
