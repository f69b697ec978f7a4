"""How pledges read in a sentence: amounts, states, and what happened to them."""

from collections.abc import Callable, Mapping
from typing import Any

from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _
from pipeline.pledges.rules import Act, Capacity, PledgeStatus, Spending
from pipeline.projects.rules import NeedKind

Sentence = Callable[[Mapping[str, Any], Mapping[str, str]], Words]

OTHER = 10
"""A number that takes the plural for parts (2.5 days) in English and in Welsh."""

A_COUNCIL = Words(_("A council"))
SOMETHING = Words(_("what the project needs"))

STATUS_NAMES: dict[PledgeStatus, Words] = {
    PledgeStatus.OFFERED: Words(_("Offered, not yet authorised")),
    PledgeStatus.AUTHORISED: Words(_("Authorised")),
    PledgeStatus.REFUSED: Words(_("Refused by its council")),
    PledgeStatus.ACCEPTED: Words(_("Accepted")),
    PledgeStatus.DECLINED: Words(_("Declined")),
    PledgeStatus.COMMITTED: Words(_("Committed")),
    PledgeStatus.DELIVERED: Words(_("Delivered")),
    PledgeStatus.WITHDRAWN: Words(_("Withdrawn")),
    PledgeStatus.LAPSED: Words(_("Lapsed")),
    PledgeStatus.BROKEN: Words(_("Broken")),
    PledgeStatus.RELEASED: Words(_("Released")),
}

WHAT_NEXT: dict[PledgeStatus, Words] = {
    PledgeStatus.OFFERED: Words(_("Now an authoriser of {council} decides, by {sign_off_by}.")),
    PledgeStatus.AUTHORISED: Words(_("Now the project’s leads accept or decline it.")),
    PledgeStatus.ACCEPTED: Words(_("Nothing has to be done now. It binds nobody until the project goes ahead.")),
    PledgeStatus.COMMITTED: Words(
        _("It is bound. What {council} gives is recorded here, and the other side agrees it.")
    ),
    PledgeStatus.DELIVERED: Words(_("All of it has been delivered.")),
    PledgeStatus.BROKEN: Words(_("{council} does not give the rest of it. It has ended.")),
    PledgeStatus.RELEASED: Words(_("The project needs no more of it. It has ended.")),
    PledgeStatus.REFUSED: Words(_("It has ended, and the room it held is free again.")),
    PledgeStatus.DECLINED: Words(_("It has ended, and the room it held is free again.")),
    PledgeStatus.WITHDRAWN: Words(_("It has ended, and the room it held is free again.")),
    PledgeStatus.LAPSED: Words(_("It has ended, and the room it held is free again. It may be offered anew.")),
}
"""Where a pledge stands, and who has to act next."""

NOT_RECORDED = _("The project is finished. What is left of this pledge was not recorded.")
"""What a committed pledge says once its project has been finished for long and nobody recorded the rest."""

CAPACITIES: dict[Capacity, Words] = {
    Capacity.LINE_MANAGER: Words(_("Line manager")),
    Capacity.HEAD_OF_SERVICE: Words(_("Head of service or director")),
    Capacity.BUDGET_HOLDER: Words(_("Budget holder")),
    Capacity.CHIEF_FINANCE_OFFICER: Words(_("Chief finance officer (section 151, or section 95 in Scotland)")),
    Capacity.EXECUTIVE_MEMBER: Words(_("Executive member")),
    Capacity.COMMITTEE: Words(_("Committee or cabinet")),
}

SPENDINGS: dict[Spending, Words] = {Spending.REVENUE: Words(_("Revenue")), Spending.CAPITAL: Words(_("Capital"))}

ACTS: dict[Act, Words] = {
    Act.CHANGE: Words(_("Change the offer")),
    Act.AUTHORISE: Words(_("Authorise")),
    Act.REFUSE: Words(_("Refuse")),
    Act.ACCEPT: Words(_("Accept")),
    Act.DECLINE: Words(_("Decline")),
    Act.REPLACE: Words(_("Change this pledge")),
    Act.WITHDRAW: Words(_("Withdraw")),
    Act.DELIVER: Words(_("Record a delivery")),
    Act.BREAK: Words(_("Say that the rest will not be given")),
    Act.RELEASE: Words(_("Let the council off the rest")),
    Act.ASK_RELEASE: Words(_("Ask to be let off the rest")),
    Act.REFUSE_RELEASE: Words(_("Say no to letting it off")),
    Act.NOT_COME: Words(_("Say that it has not come")),
}


def amount_words(kind: str, amount: int, thing: str = "") -> Words:
    """An amount as people say it: "2.5 days", "£15,000", "2 × test group"."""
    if kind == NeedKind.TIME:
        if amount == 1:
            return Words(_("half a day"))
        whole, half = divmod(amount, 2)
        return Words(_("{days} day"), _("{days} days"), n=OTHER if half else whole, days=days(amount))
    if kind == NeedKind.FUNDING:
        return Words(_("{pounds}"), pounds=pounds(amount))
    number = f"{amount:,}"
    return Words(_("{number} × {thing}"), number=number, thing=thing) if thing else Words(_("{number}"), number=number)


def room_words(kind: str, left: int) -> Words:
    """How much room is left, for people: in days, pounds or a number."""
    if left == 0:
        return Words(_("There is no room left for another pledge."))
    is_one = left <= 2 if kind == NeedKind.TIME else left == 1
    sentence = _("Only {amount} is left. Offer that or less.") if is_one or kind == NeedKind.FUNDING else None
    return Words(sentence or _("Only {amount} are left. Offer that or less."), amount=amount_words(kind, left))


def financial_years_words(first: int, last: int | None) -> Words:
    """Financial years as people write them: "2027/28", "2027/28 to 2028/29"."""
    one = f"{first}/{(first + 1) % 100:02d}"
    if last is None or last == first:
        return Words(_("{year}"), year=one)
    return Words(_("{first} to {last}"), first=one, last=f"{last}/{(last + 1) % 100:02d}")


def thing_of(need_id: str) -> str:
    """The name under which the thing that a need in kind asks for stands among the names of an event."""
    return f"{need_id} thing"


def amount_said(payload: Mapping[str, Any], names: Mapping[str, str], amount: int) -> Words:
    """An amount of an event's pledge, with the thing its need asks for."""
    return amount_words(payload["kind"], amount, names.get(thing_of(payload.get("need_id", "")), ""))


def _of(sentence: str) -> Sentence:
    """A sentence about a council's pledge of an amount towards a need."""

    def say(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
        return Words(
            sentence,
            council=names.get(payload.get("pledging_council_id", ""), A_COUNCIL),
            amount=amount_said(payload, names, payload["amount"]),
            need=names.get(payload.get("need_id", ""), SOMETHING),
        )

    return say


def _asked(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
    if payload.get("request_id"):
        return Words(_("Somebody named by e-mail was asked to decide."))
    return Words(
        _("The authorisers of {council} were asked to decide."),
        council=names.get(payload["pledging_council_id"], A_COUNCIL),
    )


def _withdrawn(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
    if "replaced_by" in payload["changes"]:
        return _of(_("Another pledge of {council} took the place of its {amount} towards {need}."))(payload, names)
    return _of(_("{council} withdrew its {amount} towards {need}."))(payload, names)


def _lapsed(payload: Mapping[str, Any], names: Mapping[str, str]) -> Words:
    if payload["changes"].get("status", [None])[0] == PledgeStatus.OFFERED:
        sentence = _("The {amount} of {council} towards {need} lapsed: nobody authorised the offer in time.")
        return _of(sentence)(payload, names)
    return _of(_("The {amount} of {council} towards {need} lapsed. It binds nobody."))(payload, names)


def _fixed(sentence: str) -> Sentence:
    return lambda _payload, _names: Words(sentence)


SENTENCES: dict[str, Sentence] = {
    "pledge.offered": _of(_("{council} offered {amount} towards {need}. It is not authorised yet.")),
    "pledge.changed": _of(_("{council} changed its offer towards {need}. It now offers {amount}.")),
    "pledge.authorised": _of(_("{council} pledged {amount} towards {need}.")),
    "pledge.removed": _fixed(_("A pledge became an offer again, to be authorised anew.")),
    "pledge.refused": _of(_("{council} did not authorise its offer of {amount} towards {need}.")),
    "pledge.counting": _of(
        _("The pledge of {amount} from {council} towards {need} counts now: what it waited for holds.")
    ),
    "pledge.waiting": _of(
        _("The pledge of {amount} from {council} towards {need} waits again: something it asks for holds no longer.")
    ),
    "pledge.accepted": _of(_("The leads accepted {amount} from {council} towards {need}.")),
    "pledge.declined": _of(_("The leads declined {amount} from {council} towards {need}.")),
    "pledge.committed": _of(_("The pledge of {amount} from {council} towards {need} is committed.")),
    "pledge.carried_over": _of(_("{council} carries its {amount} towards {need} over to the new lead council.")),
    "pledge.withdrawn": _withdrawn,
    "pledge.lapsed": _lapsed,
}
"""How the events of pledges read in a project's timeline."""

PLEDGE_SENTENCES: dict[str, Sentence] = {
    **SENTENCES,
    "authorisation.asked": _asked,
    "authorisation.code_asked": _fixed(_("Whoever was named asked for a code.")),
    "authorisation.set_aside": _fixed(_("The authorisation was set aside. The pledge is an offer again.")),
}
"""The same on the pledge's own page, where its council also reads who was asked."""
