"""The forms of pledges. Each kind of need has its own questions; meaning is checked in `pledges/rules.py`."""

from datetime import date
from typing import Any

from wtforms import Field

from pipeline.http.language import gettext, say
from pipeline.kernel.clock import today
from pipeline.kernel.words import _
from pipeline.pledges.counting import condition_of
from pipeline.pledges.messages import SPENDINGS, financial_years_words
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import MOST_MESSAGE, MOST_REASON, Offer, Spending, financial_years_from
from pipeline.projects.rules import UNITS, NeedKind
from pipeline.web.forms import (
    Choice,
    Day,
    Days,
    HiddenField,
    Number,
    OnceForm,
    OneOfMany,
    Pounds,
    Required,
    Text,
    lazy,
)  # fmt: skip
from pipeline.web.pledges.waiting_form import NAMES, WaitingForm, values_of_conditions

FIELDS_OF_RULES = dict.fromkeys(UNITS.values(), "amount")
"""Rules name an amount by its unit; here the question is called `amount`."""


class OfferForm(WaitingForm):
    """What every offer says: by when the council decides, a message, and what the pledge waits for if it does."""

    kind = HiddenField()
    version = HiddenField()
    replaces = HiddenField()
    sign_off_by = Day(
        lazy(_("By when will your council decide?")),
        description=lazy(
            _("Somebody with authority in your council must agree by the end of this day, or the offer lapses.")
        ),
        validators=[Required(lazy(_("Say by when your council will decide")))],
    )
    message = Text(
        lazy(_("Message to the project’s leads (optional)")),
        description=lazy(
            _("The leads of the project, its lead council and your own council will read this. The public will not.")
        ),
        most=MOST_MESSAGE,
    )

    def offer(self) -> Offer:
        """The offer as the rules know it."""
        return Offer(
            amount=self._fields["amount"].data or 0,
            sign_off_by=self.sign_off_by.data or date.min,
            message=self.message.data or "",
            conditions=self.conditions(),
            stands_until=self._fields["stands_until"].data if "stands_until" in self._fields else None,
            **self._more(),
        )

    def _more(self) -> dict[str, Any]:
        raise NotImplementedError

    def questions(self) -> list[Field]:
        """The questions in the order they are asked, but for those about what the pledge waits for."""
        last = ("sign_off_by", "message")
        unseen = ("csrf_token", "idempotency_key", "kind", "version", "replaces", *NAMES)
        first = [field for name, field in self._fields.items() if name not in last and name not in unseen]
        return [*first, *(self._fields[name] for name in last)]


class TimeOffer(OfferForm):
    """Days of somebody's time, from when to when."""

    amount = Days(
        lazy(_("How many days does your council offer?")),
        description=lazy(_("Whole or half days in all, for example 5 or 2.5.")),
        validators=[Required(lazy(_("Say how many days your council offers")))],
    )
    from_on = Day(lazy(_("From when?")), validators=[Required(lazy(_("Say from when your officer can help")))])
    to_on = Day(lazy(_("Until when?")), validators=[Required(lazy(_("Say until when your officer can help")))])

    def _more(self) -> dict[str, Any]:
        return {"from_on": self.from_on.data, "to_on": self.to_on.data}


class FundingOffer(OfferForm):
    """Pounds, in one financial year or more, out of revenue or capital."""

    amount = Pounds(
        lazy(_("How much does your council offer, in pounds?")),
        description=lazy(_("Without VAT, for example 2500.")),
        validators=[Required(lazy(_("Say how many pounds your council offers")))],
    )
    first_financial_year = OneOfMany(
        lazy(_("In which financial year?")),
        description=lazy(_("Financial years begin on 1 April.")),
        validators=[Required(lazy(_("Choose a financial year")))],
    )
    last_financial_year = OneOfMany(lazy(_("If over several years, the last of them (optional)")))
    spending = Choice(lazy(_("Is it revenue or capital?")), validators=[Required(lazy(_("Choose revenue or capital")))])

    def __init__(self, values: Any = None, **more: Any) -> None:
        super().__init__(values, **more)
        years = [(str(year), say(financial_years_words(year, None))) for year in financial_years_from(today())]
        self.first_financial_year.choices = [("", gettext(_("Choose a year"))), *years]
        self.last_financial_year.choices = [("", gettext(_("The same year"))), *years]
        self.spending.choices = [(one.value, say(words)) for one, words in SPENDINGS.items()]

    def _more(self) -> dict[str, Any]:
        first = int(self.first_financial_year.data)
        last = int(self.last_financial_year.data or first)
        return {"first_financial_year": first, "last_financial_year": last, "spending": Spending(self.spending.data)}


class InKindOffer(OfferForm):
    """A number of things, and what they are worth."""

    amount = Number(
        lazy(_("How many does your council offer?")), validators=[Required(lazy(_("Say how many your council offers")))]
    )
    worth_pence = Pounds(
        lazy(_("What are they worth together, in pounds?")),
        description=lazy(
            _("As near as your council can say. It is for your council’s own decision and is never added to anything.")
        ),
    )

    def _more(self) -> dict[str, Any]:
        return {"worth_pence": self.worth_pence.data}


OFFER_FORMS: dict[NeedKind, type[OfferForm]] = {
    NeedKind.TIME: TimeOffer, NeedKind.FUNDING: FundingOffer, NeedKind.IN_KIND: InKindOffer,
}  # fmt: skip


def values_of(pledge: Pledge) -> dict[str, Any]:
    """What the form of an offer that stands begins with."""
    return {
        "kind": pledge.kind, "version": pledge.version, "amount": pledge.amount, "from_on": pledge.from_on,
        "to_on": pledge.to_on, "first_financial_year": str(pledge.first_financial_year or ""),
        "last_financial_year": str(pledge.last_financial_year or ""), "spending": pledge.spending,
        "worth_pence": pledge.worth_pence, "sign_off_by": pledge.sign_off_by, "message": pledge.message,
        "stands_until": pledge.stands_until,
        **values_of_conditions(condition_of(row) for row in pledge.conditions),
    }  # fmt: skip


class ActForm(OnceForm):
    """A button, pressed once."""


class RefuseForm(OnceForm):
    """Why the council itself says no."""

    reason = Text(
        lazy(_("Why does your council not make this pledge?")),
        description=lazy(
            _("Only officers of your council will read this. The project’s leads are told of it, not why.")
        ),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class DeclineForm(OnceForm):
    """Why the leads do not take it."""

    reason = Text(
        lazy(_("Why do you decline it?")),
        description=lazy(_("The pledging council and the project’s leads will read this. The public will not.")),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class WithdrawForm(OnceForm):
    """Why the council takes it back: may be left open while nobody has authorised it."""

    reason = Text(
        lazy(_("Why does your council withdraw it?")),
        description=lazy(_("Your council and the project’s leads will read this. The public will not.")),
        most=MOST_REASON,
    )
