"""What happens to pledges. Amounts are in the unit of the need's kind; reasons and messages are never in an event."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeEvent(Event):
    """What every event of a pledge says: which pledge, towards what, of which council, how much."""

    subject_type: ClassVar[str] = "pledge"
    subject_field: ClassVar[str] = "pledge_id"

    pledge_id: UUID
    need_id: UUID
    project_id: UUID
    pledging_council_id: UUID
    kind: str
    amount: int
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeOffered(PledgeEvent):
    """A council offered something towards a need. Its council has still to authorise it, so it is not public; the
    room it holds is."""

    name: ClassVar[str] = "pledge.offered"
    audience: ClassVar[Audience] = Audience.PROJECT

    sign_off_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationAsked(Event):
    """The authorisers of a council were asked to decide on its offer, by the sign-off date; with `request_id` it was
    somebody named by e-mail."""

    name: ClassVar[str] = "authorisation.asked"
    subject_type: ClassVar[str] = "pledge"
    subject_field: ClassVar[str] = "pledge_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    pledge_id: UUID
    project_id: UUID
    pledging_council_id: UUID
    sign_off_by: date
    request_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationReminded(AuthorisationAsked):
    """The authorisers of a council were reminded of an offer that still waits for them."""

    name: ClassVar[str] = "authorisation.reminded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeChanged(PledgeEvent):
    """The officer who offered a pledge changed it before it was authorised, or its dates were fitted to new terms of
    the project. `changes` holds amounts and dates, old and new; of a changed message it only says so."""

    name: ClassVar[str] = "pledge.changed"
    audience: ClassVar[Audience] = Audience.PROJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeAuthorised(PledgeEvent):
    """Somebody with authority in the pledging council agreed to its pledge. From here on everybody sees it."""

    name: ClassVar[str] = "pledge.authorised"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeRefused(PledgeEvent):
    """The pledging council itself said no to its offer. The leads are told without the reason."""

    name: ClassVar[str] = "pledge.refused"
    audience: ClassVar[Audience] = Audience.PROJECT


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeAccepted(PledgeEvent):
    """A lead of the project agreed to take the pledge. A council's pledge to its own project is accepted when it is
    authorised."""

    name: ClassVar[str] = "pledge.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeDeclined(PledgeEvent):
    """A lead of the project did not take the pledge. Public if the pledge had been authorised, without the reason."""

    name: ClassVar[str] = "pledge.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeWithdrawn(PledgeEvent):
    """A council took its pledge back. Public if the pledge had been authorised, without the reason."""

    name: ClassVar[str] = "pledge.withdrawn"
    takes_away: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeLapsed(PledgeEvent):
    """A pledge ended by its date: nobody in its council authorised it in time. Public if it had been authorised."""

    name: ClassVar[str] = "pledge.lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeCounting(PledgeEvent):
    """The conditions of an authorised pledge hold now, so it counts."""

    name: ClassVar[str] = "pledge.counting"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeWaiting(PledgeEvent):
    """The conditions of an authorised pledge hold no longer, or do not hold yet: it waits and counts for nothing."""

    name: ClassVar[str] = "pledge.waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeCommitted(PledgeEvent):
    """A pledge is bound: its project went ahead, or runs already, and the pledge counts among the accepted."""

    name: ClassVar[str] = "pledge.committed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDecision(Event):
    """The parent of what is decided about a project as a whole by what is pledged to it."""

    subject_type: ClassVar[str] = "project"
    subject_field: ClassVar[str] = "project_id"

    project_id: UUID
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTestPassed(ProjectDecision):
    """The go-ahead test of an all-or-nothing project passed when it was decided."""

    name: ClassVar[str] = "project.test_passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTestFailed(ProjectDecision):
    """The go-ahead test of an all-or-nothing project did not pass by the end of its decision date."""

    name: ClassVar[str] = "project.test_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDateEnded(ProjectDecision):
    """The decision date of a project that went ahead before it has ended: what still waits lapses with it."""

    name: ClassVar[str] = "project.date_ended"
    audience: ClassVar[Audience] = Audience.PROJECT
    changes_public: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectGoingAhead(ProjectDecision):
    """A project goes ahead: the pledges that are agreed are committed with it."""

    name: ClassVar[str] = "project.going_ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLapsed(ProjectDecision):
    """A project lapsed: its decision date ended and the test did not pass, or nobody led it (`changes` then say how it
    stood with its leads). Nobody is bound."""

    name: ClassVar[str] = "project.lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsMended(Event):
    """The operator's `flask reconcile --mend` set kept totals to the sums of their rows. `changes` names each total,
    old and new; `run_id` is this run's."""

    name: ClassVar[str] = "totals.mended"
    subject_type: ClassVar[str] = "totals"
    subject_field: ClassVar[str] = "run_id"
    audience: ClassVar[Audience] = Audience.OPERATORS

    run_id: UUID
    changes: dict[str, Any]
