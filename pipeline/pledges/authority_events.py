"""What happens to authority over pledges besides agreeing and refusing. None of it is public; no address is in it."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationCodeAsked(Event):
    """Somebody with the link of a request asked for the code, which goes to the named address alone."""

    name: ClassVar[str] = "authorisation.code_asked"
    subject_type: ClassVar[str] = "pledge"
    subject_field: ClassVar[str] = "pledge_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False

    pledge_id: UUID
    project_id: UUID
    pledging_council_id: UUID
    request_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationSetAside(Event):
    """An admin of the pledging council set aside what somebody named by e-mail had authorised: it is an offer again."""

    name: ClassVar[str] = "authorisation.set_aside"
    subject_type: ClassVar[str] = "pledge"
    subject_field: ClassVar[str] = "pledge_id"
    audience: ClassVar[Audience] = Audience.COUNCIL

    pledge_id: UUID
    project_id: UUID
    pledging_council_id: UUID
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PledgeRemoved(Event):
    """A pledge that everybody could see is an offer again, so it is not public any more: whoever keeps a copy takes it
    out. If it is authorised again, `pledge.authorised` says so."""

    name: ClassVar[str] = "pledge.removed"
    takes_away: ClassVar[bool] = True
    subject_type: ClassVar[str] = "pledge"
    subject_field: ClassVar[str] = "pledge_id"

    pledge_id: UUID
    project_id: UUID
