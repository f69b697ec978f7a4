"""The forms of authority over pledges: agreeing with its grounds, naming somebody by e-mail, deciding by a code."""

from typing import Any

from pipeline.accounts.rules import MOST_ADDRESS, MOST_JOB_TITLE, MOST_NAME
from pipeline.http.language import gettext, say
from pipeline.kernel.words import _
from pipeline.pledges.authority import MOST_GROUNDS, MOST_REFERENCE, Grounds, Statement
from pipeline.pledges.messages import CAPACITIES
from pipeline.pledges.rules import MOST_REASON, Capacity
from pipeline.web.forms import (
    AtMost,
    Choice,
    Day,
    HiddenField,
    Line,
    OnceForm,
    PageForm,
    Required,
    Text,
    YesNo,
    lazy,
)  # fmt: skip

AUTHORISE, REFUSE = "authorise", "refuse"


class GroundsForm(OnceForm):
    """In which capacity somebody agrees, and what goes into the council's draft decision record."""

    capacity = Choice(
        lazy(_("In which capacity do you agree?")),
        description=lazy(_("Everybody sees this capacity and your council, not your name.")),
    )
    decided_on = Day(
        lazy(_("If a committee or cabinet decided: on which day?")),
    )
    reference = Line(
        lazy(_("If a committee or cabinet decided: the reference of its decision")),
        validators=[AtMost(MOST_REFERENCE)],
    )
    reasons = Text(
        lazy(_("Reasons for the decision (optional)")),
        description=lazy(_("For your council’s draft decision record. Only officers of your council will read this.")),
        most=MOST_GROUNDS,
    )
    alternatives = Text(
        lazy(_("Alternatives considered and rejected (optional)")),
        description=lazy(_("For your council’s draft decision record. Only officers of your council will read this.")),
        most=MOST_GROUNDS,
    )
    interests = Text(
        lazy(_("Interests declared (optional)")),
        description=lazy(_("For your council’s draft decision record. Only officers of your council will read this.")),
        most=MOST_GROUNDS,
    )

    def __init__(self, values: Any = None, **more: Any) -> None:
        super().__init__(values, **more)
        self.capacity.choices = [(one.value, say(words)) for one, words in CAPACITIES.items()]

    def chosen(self) -> Capacity:
        """The capacity that was chosen."""
        return Capacity(self.capacity.data)

    def grounds(self) -> Grounds:
        """What was said of the decision."""
        return Grounds(
            decided_on=self.decided_on.data, reference=self.reference.data, reasons=self.reasons.data,
            alternatives=self.alternatives.data, interests=self.interests.data,
        )  # fmt: skip


class AuthoriseForm(GroundsForm):
    """Agreeing as an authoriser of the council."""

    def is_sent(self) -> bool:
        if not super().is_sent():
            return False
        if not self.capacity.data:
            self.capacity.errors = [gettext(_("Say in which capacity you agree"))]
        return bool(self.capacity.data)


class AskForm(OnceForm):
    """Whom to name."""

    address = Line(
        lazy(_("Their work e-mail address")),
        description=lazy(_("Of one person at your council, for example your head of service. Not a team’s address.")),
        validators=[Required(lazy(_("Give the e-mail address of who is to decide"))), AtMost(MOST_ADDRESS)],
        render_kw={"params": {"type": "email", "autocomplete": "off", "spellcheck": False}},
    )


class SetAsideForm(OnceForm):
    """Why an authorisation is set aside."""

    reason = Text(
        lazy(_("Why do you set the authorisation aside?")),
        description=lazy(_("Only officers of your council will read this.")),
        validators=[Required(lazy(_("Give a reason")))],
        most=MOST_REASON,
    )


class CodeForm(PageForm):
    """A button that has a code mailed."""


class DecideForm(GroundsForm):
    """What somebody named by e-mail says: the code, who they are, and yes or no."""

    code = Line(
        lazy(_("The code from the e-mail")),
        description=lazy(_("Eight figures. It works once, and for one hour.")),
        validators=[Required(lazy(_("Give the code from the e-mail"))), AtMost(MOST_REFERENCE)],
        render_kw={"params": {"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": False}},
    )
    name = Line(
        lazy(_("Your name")),
        description=lazy(_("Officers of your council will read this. The public will not.")),
        validators=[Required(lazy(_("Give your name"))), AtMost(MOST_NAME)],
        render_kw={"params": {"autocomplete": "name", "spellcheck": False}},
    )
    job_title = Line(
        lazy(_("Your job title")),
        description=lazy(_("Officers of your council will read this. The public will not.")),
        validators=[Required(lazy(_("Give your job title"))), AtMost(MOST_JOB_TITLE)],
        render_kw={"params": {"autocomplete": "organization-title"}},
    )
    decision = Choice(
        lazy(_("Do you agree to this pledge for your council?")),
        validators=[Required(lazy(_("Say whether you agree to the pledge")))],
    )
    has_authority = YesNo(lazy(_("I have the authority in my council to agree to this pledge")))
    reason = Text(
        lazy(_("If you refuse: why?")),
        description=lazy(
            _("Only officers of your council will read this. The project’s leads are told of it, not why.")
        ),
        most=MOST_REASON,
    )
    idempotency_key = HiddenField()

    def __init__(self, values: Any = None, **more: Any) -> None:
        super().__init__(values, **more)
        self.decision.choices = [
            (AUTHORISE, gettext(_("Yes, I authorise it"))),
            (REFUSE, gettext(_("No, I refuse it"))),
        ]

    def is_sent(self) -> bool:
        if not super().is_sent():
            return False
        if self.decision.data == AUTHORISE and not self.capacity.data:
            self.capacity.errors = [gettext(_("Say in which capacity you agree"))]
            return False
        return True

    def statement(self) -> Statement:
        """Who they say they are."""
        return Statement(
            name=self.name.data, job_title=self.job_title.data, has_authority=bool(self.has_authority.data)
        )
