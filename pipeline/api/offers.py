"""What an offer of a council says, as the API is sent it and as its two sides read it."""

from typing import Any

import marshmallow as ma

from pipeline.api.bodies import Body, Day, Id, Prose, WholeNumber, Word
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.kernel.effort import MOST_HALF_DAYS
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.money import MOST_PENCE
from pipeline.kernel.words import Words, _
from pipeline.pledges import counting
from pipeline.pledges.condition_rules import MOST_CONDITIONS
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import MOST_MESSAGE, MOST_QUANTITY, Offer, Spending
from pipeline.projects.rules import UNITS, NeedKind

UNIT_WORDS = {unit: kind for kind, unit in UNITS.items() if kind is not NeedKind.IN_KIND}
"""The units of which a sum can be asked for: those in which kinds of need are counted."""
EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
OF_ONE_KIND: dict[str, NeedKind] = {
    "half_days": NeedKind.TIME, "from_on": NeedKind.TIME, "to_on": NeedKind.TIME,
    "pence": NeedKind.FUNDING, "first_financial_year": NeedKind.FUNDING, "last_financial_year": NeedKind.FUNDING,
    "spending": NeedKind.FUNDING, "quantity": NeedKind.IN_KIND, "worth_pence": NeedKind.IN_KIND,
}  # fmt: skip
"""What is said only of an offer towards one kind of need."""


class ConditionBody(Body):
    """What must hold before the pledge counts: at least so many councils, so much in all, or that a need is met."""

    kind = Word(ConditionKind, required=True, metadata={"example": "councils"})
    at_least = WholeNumber(
        MOST_PENCE, load_default=0, metadata={"description": "Councils, half-days or pence", "example": 2}
    )
    unit = Word(UNIT_WORDS, load_default=None, allow_none=True, metadata={"description": "Of a total"})
    need = Id(load_default=None, allow_none=True, metadata={"description": "The need that must be met"})
    of_kind = Word(
        KIND_BY_VALUE, load_default=None, allow_none=True, metadata={"description": "Only councils of this kind"}
    )
    of_nation = Word(NATION_BY_VALUE, load_default=None, allow_none=True)
    of_region = Word(REGION_BY_VALUE, load_default=None, allow_none=True)

    @ma.post_load
    def made(self, given: dict[str, Any], **_more: Any) -> Condition:
        """The condition as the rules know it."""
        unit = UNIT_WORDS[given["unit"]] if given["unit"] else None
        return Condition(
            kind=ConditionKind(given["kind"]), at_least=given["at_least"], unit=unit, need_id=given["need"],
            of_kind=given["of_kind"], of_nation=given["of_nation"], of_region=given["of_region"],
        )  # fmt: skip


class OfferChangeBody(Body):
    """What is to change of an offer (JSON Merge Patch). What is left out stays; null takes away what can be without."""

    half_days = WholeNumber(MOST_HALF_DAYS, metadata={"description": "Towards a time need", "example": 10})
    pence = WholeNumber(MOST_PENCE, metadata={"description": "Towards a funding need, without VAT"})
    quantity = WholeNumber(MOST_QUANTITY, metadata={"description": "Towards a need in kind"})
    sign_off_by = Day(metadata={"description": "The last day on which the council may authorise it"})
    from_on = Day(metadata={"description": "When officer time begins", "example": "2027-02-01"})
    to_on = Day(metadata={"description": "When officer time ends", "example": "2027-04-30"})
    first_financial_year = WholeNumber(
        LATEST_YEAR, least=EARLIEST_YEAR, metadata={"description": "The year in which it begins, on 1 April"}
    )
    last_financial_year = WholeNumber(
        LATEST_YEAR, least=EARLIEST_YEAR, allow_none=True, metadata={"description": "If over several years, the last"}
    )
    spending = Word(Spending)
    worth_pence = WholeNumber(MOST_PENCE, metadata={"description": "What things in kind are worth in pence"})
    message = Prose(MOST_MESSAGE, allow_none=True, metadata={"description": "Read by the two councils and the leads"})
    stands_until = Day(
        allow_none=True, metadata={"description": "The last day on which it stands without being committed"}
    )
    conditions = ma.fields.List(
        ma.fields.Nested(ConditionBody),
        validate=ma.validate.Length(max=MOST_CONDITIONS),
        metadata={"description": "All of them must hold before it counts"},
    )


class OfferBody(OfferChangeBody):
    """What a council promises. The amount is in the unit of the need: half_days, pence or quantity."""

    sign_off_by = Day(
        required=True,
        metadata={"description": "The last day on which the council may authorise it", "example": "2027-01-15"},
    )
    replaces = Id(
        allow_none=True,
        metadata={
            "description": "A pledge of the council to the same need, whose place it takes when it has come as far"
        },
    )


def offer_from(given: dict[str, Any], kind: NeedKind) -> Offer:
    """An offer from what was sent. Raises RuleBroken (offer.other_kind) for what belongs to another kind of need."""
    misplaced = [name for name in given if OF_ONE_KIND.get(name, kind) is not kind]
    if misplaced:
        words = Words(_("This belongs to an offer towards another kind of need."))
        raise RuleBroken(*(Problem("offer.other_kind", words, name) for name in misplaced))
    last_year = given.get("last_financial_year") or given.get("first_financial_year")
    spending = given.get("spending")
    return Offer(
        amount=given.get(UNITS[kind], 0), sign_off_by=given["sign_off_by"], from_on=given.get("from_on"),
        to_on=given.get("to_on"), first_financial_year=given.get("first_financial_year"),
        last_financial_year=last_year, spending=Spending(spending) if spending else None,
        worth_pence=given.get("worth_pence"), message=given.get("message") or "",
        conditions=tuple(given.get("conditions") or ()), stands_until=given.get("stands_until"),
    )  # fmt: skip


def offer_changed(pledge: Pledge, given: dict[str, Any]) -> Offer:
    """The offer of a pledge with what was sent in place of what it says now. Raises as `offer_from` does."""
    kind = NeedKind(pledge.kind)
    now = {
        UNITS[kind]: pledge.amount, "sign_off_by": pledge.sign_off_by, "message": pledge.message,
        "stands_until": pledge.stands_until,
        "conditions": tuple(counting.condition_of(row) for row in pledge.conditions),
    }  # fmt: skip
    own = {name: getattr(pledge, name) for name, of in OF_ONE_KIND.items() if of is kind and name not in UNITS.values()}
    return offer_from(now | own | given, kind)
