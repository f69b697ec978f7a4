"""What happens to deliveries, and to committed pledges at their end.

`amount` is the pledge's, `given` the delivery's, in the unit of the pledge's kind; notes and reasons are in no event.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience
from pipeline.pledges.events import PledgeEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryEvent(PledgeEvent):
    """What every event of a delivery says of it. `changes` says what the pledge's *delivered* was and is."""

    delivery_id: UUID
    given: int
    delivered_on: date
    side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecorded(DeliveryEvent):
    """The pledging council or a lead recorded what was given on a day; the other side has still to answer.
    `corrects_delivery_id` names the entry it corrects."""

    name: ClassVar[str] = "delivery.recorded"

    corrects_delivery_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAgreed(DeliveryEvent):
    """The other side agreed what was recorded."""

    name: ClassVar[str] = "delivery.agreed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDisputed(DeliveryEvent):
    """The other side gave a lower figure, at which the delivery counts. Both are shown."""

    name: ClassVar[str] = "delivery.disputed"

    disputed_amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryCounted(DeliveryEvent):
    """Nobody answered in 20 working days: the delivery counts, marked not yet agreed."""

    name: ClassVar[str] = "delivery.counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryMissed(PledgeEvent):
    """A lead said that a committed pledge has not come. Only the two sides know; its council has until a day to answer,
    or what is left is broken."""

    name: ClassVar[str] = "delivery.missed"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False

    answer_due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryExplained(PledgeEvent):
    """The pledging council answered the leads, who had said that its pledge has not come."""

    name: ClassVar[str] = "delivery.explained"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeDelivered(PledgeEvent):
    """Nothing of a committed pledge is still to come: all of it was delivered."""

    name: ClassVar[str] = "pledge.delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeStillToCome(PledgeEvent):
    """After a correction or a lower figure, something of a pledge that was delivered is still to come: it is committed
    again."""

    name: ClassVar[str] = "pledge.still_to_come"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeBroken(PledgeEvent):
    """The pledging council does not give what is left of a committed pledge, with a reason that everybody reads; or it
    did not answer in time that the pledge has not come. `left` is how much that is."""

    name: ClassVar[str] = "pledge.broken"

    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeReleaseAsked(PledgeEvent):
    """The pledging council asked to be let off what is left of a committed pledge. Only the two sides know; the pledge
    stands until the leads release it."""

    name: ClassVar[str] = "pledge.release_asked"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeReleaseRefused(PledgeEvent):
    """The leads said no to a council that asked to be let off what is left of its committed pledge. Only the two sides
    know; the pledge stands."""

    name: ClassVar[str] = "pledge.release_refused"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeReleased(PledgeEvent):
    """The project lets a council off what is left of its committed pledge. `left` is how much that is."""

    name: ClassVar[str] = "pledge.released"

    left: int
