"""How conditions read: what a pledge waits for, how near it is, and what would follow from an offer. Pure.

A council is *in* when a pledge of its counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.kernel.words import Words, _, pair
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.messages import amount_words


@dataclass(frozen=True, slots=True)
class NeedNamed:
    """A need as a condition speaks of it: its title, and its target in its unit; None when it is no longer wanted."""

    title: str
    kind: str
    thing: str
    target: int | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A condition, how much of what it asks for there is now, and how much it wants: councils, half-days, pence, a
    number. What names a need that is no longer wanted wants nothing that there could be: None."""

    condition: Condition
    have: int
    want: int | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class WaitingPledge:
    """A pledge that waits: whose, of how much, towards which need."""

    id: UUID
    council_name: str
    kind: str
    amount: int
    need_id: UUID


@dataclass(frozen=True, slots=True)
class WouldFollow:
    """An offer that is not yet authorised, and the councils whose pledges would begin to count if it were.

    `counts_itself` says whether the offer would count at once. A council named twice has two such pledges.
    """

    id: UUID
    council_name: str
    counts_itself: bool
    others: Sequence[str]


Needs = Mapping[UUID, NeedNamed]

OTHER_COUNCILS: dict[str | None, tuple[str, str]] = {
    None: pair("{n} other council", "{n} other councils"),
    "unitary": pair("{n} other unitary council", "{n} other unitary councils"),
    "county": pair("{n} other county council", "{n} other county councils"),
    "non-metropolitan district": pair("{n} other district council", "{n} other district councils"),
    "metropolitan district": pair(
        "{n} other metropolitan district council", "{n} other metropolitan district councils"
    ),
    "london borough": pair("{n} other London borough", "{n} other London boroughs"),
    "sui generis": pair("{n} other city corporation", "{n} other city corporations"),
    "combined authority": pair("{n} other combined authority", "{n} other combined authorities"),
    "strategic regional authority": pair(
        "{n} other strategic regional authority", "{n} other strategic regional authorities"
    ),
    "scottish unitary": pair("{n} other Scottish council", "{n} other Scottish councils"),
    "welsh unitary": pair("{n} other Welsh council", "{n} other Welsh councils"),
    "northern ireland district": pair(
        "{n} other district council of Northern Ireland", "{n} other district councils of Northern Ireland"
    ),
}
"""So many councils of a kind, besides one's own; without a kind, of any."""

IN_PLACES: dict[str, str] = {
    "England": _("in England"),
    "Wales": _("in Wales"),
    "Scotland": _("in Scotland"),
    "Northern Ireland": _("in Northern Ireland"),
    "East Midlands": _("in the East Midlands"),
    "East of England": _("in the East of England"),
    "London": _("in London"),
    "North East": _("in the North East"),
    "North West": _("in the North West"),
    "South East": _("in the South East"),
    "South West": _("in the South West"),
    "West Midlands": _("in the West Midlands"),
    "Yorkshire and The Humber": _("in Yorkshire and the Humber"),
}
"""The nations and regions of the register, inside a sentence."""

A_NEED = NeedNamed("", "", "", None)


def councils_words(number: int, condition: Condition) -> Words:
    """So many of the councils a condition asks for: "2 other district councils in the North East"."""
    councils = Words(*OTHER_COUNCILS.get(condition.of_kind, OTHER_COUNCILS[None]), n=number)
    places = [IN_PLACES[one] for one in (condition.of_nation, condition.of_region) if one in IN_PLACES]
    if places:
        # A region says more than the nation it lies in.
        return Words("{councils} {place}", councils=councils, place=Words(places[-1]))
    return councils


def condition_words(condition: Condition, needs: Needs) -> Words:
    """What must hold: "At least 2 other district councils are in"."""
    number = condition.at_least
    if condition.kind is ConditionKind.COUNCILS:
        councils = councils_words(number, condition)
        return Words(_("At least {councils} is in"), _("At least {councils} are in"), n=number, councils=councils)
    if condition.kind is ConditionKind.TOTAL:
        amount = amount_words(condition.unit or "", number)
        return Words(_("At least {amount} in all"), amount=amount)
    need = _need(condition, needs)
    if need.target is None:
        return Words(_("“{need}” is met"), need=need.title)
    return Words(
        _("“{need}” is met: {amount}"), need=need.title, amount=amount_words(need.kind, need.target, need.thing)
    )


def nearness_words(measured: Measured, needs: Needs) -> Words:
    """How near a condition is: "1 of 2 other district councils is in; it waits for 1 more."

    Of a sum the pledge itself is a part.
    """
    if measured.condition.kind is ConditionKind.COUNCILS:
        return _nearness_of_councils(measured)
    return _nearness_of_amount(measured, needs)


def _nearness_of_councils(measured: Measured) -> Words:
    condition, have = measured.condition, measured.have
    if measured.is_met:
        councils = councils_words(have, condition)
        return Words(_("{councils} is in, as it asks."), _("{councils} are in, as it asks."), n=have, councils=councils)
    councils = councils_words(condition.at_least, condition)
    if not have:
        return Words(_("It waits for {councils}. None is in yet."), councils=councils)
    return Words(
        _("{n} of {councils} is in; it waits for {left} more."),
        _("{n} of {councils} are in; it waits for {left} more."),
        n=have, councils=councils, left=condition.at_least - have,
    )  # fmt: skip


def _nearness_of_amount(measured: Measured, needs: Needs) -> Words:
    condition, need = measured.condition, _need(measured.condition, needs)
    is_total = condition.kind is ConditionKind.TOTAL
    kind, thing = (condition.unit or "", "") if is_total else (need.kind, need.thing)
    want = measured.want
    if want is None:
        return Words(_("“{need}” is no longer wanted, so this can no longer hold."), need=need.title)
    have, asked = amount_words(kind, measured.have, thing), amount_words(kind, want, thing)
    left = amount_words(kind, max(want - measured.have, 0), thing)
    if is_total:
        if measured.is_met:
            return Words(
                _("This pledge included, it comes to {have} in all; it asks for {asked}."), have=have, asked=asked
            )
        return Words(
            _("This pledge included, it comes to {have} of {asked} in all; it waits for {left} more."),
            have=have, asked=asked, left=left,
        )  # fmt: skip
    if measured.is_met:
        return Words(_("“{need}” is met."), need=need.title)
    return Words(
        _("This pledge included, “{need}” has {have} of {asked}; it waits for {left} more."),
        need=need.title, have=have, asked=asked, left=left,
    )  # fmt: skip


def _need(condition: Condition, needs: Needs) -> NeedNamed:
    return needs.get(condition.need_id, A_NEED) if condition.need_id else A_NEED


def would_follow_words(offer: WouldFollow) -> Words:
    """What would follow if an offer were authorised, where anything would: "If Leeds authorises its offer, the pledges
    of York and Hull begin to count." """
    others = list(dict.fromkeys(offer.others))
    if not others:
        return Words(_("If {council} authorises its offer, it counts at once."), council=offer.council_name)
    return Words(
        _("If {council} authorises its offer, the pledge of {others} begins to count."),
        _("If {council} authorises its offer, the pledges of {others} begin to count."),
        n=len(offer.others), council=offer.council_name, others=listed_words(others),
    )  # fmt: skip


def listed_words(names: Sequence[str]) -> Words:
    """Names one after the other: "York", "York and Hull", "York, Hull and Selby"."""
    *first, last = names
    if not first:
        return Words("{name}", name=last)
    return Words(_("{names} and {last}"), names=", ".join(first), last=last)
