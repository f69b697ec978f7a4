"""What happens to accounts, places in councils, and roles. None of it is public."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from pipeline.kernel.event import Audience, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignedUp(Event):
    """Somebody gave a work address, a name and a password. The account counts for nothing until it is verified."""

    name: ClassVar[str] = "officer.signed_up"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSignUpRepeated(Event):
    """Somebody signed up with an address that has an account: its owner is told by mail, the page says nothing."""

    name: ClassVar[str] = "officer.sign_up_repeated"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerLinkAsked(Event):
    """Somebody asked for a one-time link: to verify an address, or for a new password."""

    name: ClassVar[str] = "officer.link_asked"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerVerified(Event):
    """An officer showed that the address is theirs."""

    name: ClassVar[str] = "officer.verified"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerChanged(Event):
    """An officer changed their own details. `fields` names them; a name or job title may show on public pages."""

    name: ClassVar[str] = "officer.changed"
    takes_away: ClassVar[bool] = True
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    officer_id: UUID
    fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerNamed(Event):
    """An officer chose whether their name and job title show. The choice works backwards as well."""

    name: ClassVar[str] = "officer.named"
    takes_away: ClassVar[bool] = True
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    officer_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerPasswordChanged(Event):
    """An officer has another password, changed or reset. Every other session of theirs ended with it."""

    name: ClassVar[str] = "officer.password_changed"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    officer_id: UUID
    by_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerAddressChanged(Event):
    """An officer has another, verified address. Places in councils it does not fit ended with it."""

    name: ClassVar[str] = "officer.address_changed"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerErasureAsked(Event):
    """An officer asked to be erased. They have seven days to think better of it."""

    name: ClassVar[str] = "officer.erasure_asked"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerErasureUndone(Event):
    """An officer who had asked to be erased stays."""

    name: ClassVar[str] = "officer.erasure_undone"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerErased(Event):
    """An officer's row was emptied. What they posted is by a former officer; pledges stand."""

    name: ClassVar[str] = "officer.erased"
    takes_away: ClassVar[bool] = True
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerForgotten(Event):
    """An account nobody verified within seven days was deleted."""

    name: ClassVar[str] = "officer.forgotten"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipAsked(Event):
    """An officer asked for a place in a council and waits: for its admin, or without one for a coordinator."""

    name: ClassVar[str] = "membership.asked"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipStarted(Event):
    """An officer works for a council from now on: their address decided it, or somebody let them in."""

    name: ClassVar[str] = "membership.started"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID
    by_address: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded(Event):
    """An officer's place in a council ended, or was not given; `because` says which: a word, not a text."""

    name: ClassVar[str] = "membership.ended"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGiven(Event):
    """A member became authoriser or admin of their council."""

    name: ClassVar[str] = "role.given"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTaken(Event):
    """A member is no longer authoriser or admin of their council. What they authorised stands."""

    name: ClassVar[str] = "role.taken"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRoleGiven(Event):
    """Somebody became coordinator or platform admin."""

    name: ClassVar[str] = "platform_role.given"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRoleTaken(Event):
    """Somebody is no longer coordinator or platform admin."""

    name: ClassVar[str] = "platform_role.taken"
    subject_type: ClassVar[str] = "officer"
    subject_field: ClassVar[str] = "officer_id"
    audience: ClassVar[Audience] = Audience.OPERATORS
    changes_public: ClassVar[bool] = False
    officer_id: UUID
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenMade(Event):
    """An officer made an API token, for one council and with these scopes. Of the token itself nothing is said."""

    name: ClassVar[str] = "token.made"
    subject_type: ClassVar[str] = "token"
    subject_field: ClassVar[str] = "token_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    token_id: UUID
    officer_id: UUID
    of_council_id: UUID
    scopes: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenEnded(Event):
    """An API token works no more; `because` says why: a word, not a text."""

    name: ClassVar[str] = "token.ended"
    subject_type: ClassVar[str] = "token"
    subject_field: ClassVar[str] = "token_id"
    audience: ClassVar[Audience] = Audience.OFFICER
    changes_public: ClassVar[bool] = False
    token_id: UUID
    officer_id: UUID
    of_council_id: UUID
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet(Event):
    """An admin set how far an authoriser's role reaches. `changes` holds half-days, pence and days, old and new."""

    name: ClassVar[str] = "limit.set"
    subject_type: ClassVar[str] = "membership"
    subject_field: ClassVar[str] = "membership_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    membership_id: UUID
    officer_id: UUID
    of_council_id: UUID
    changes: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilAuthoritySet(Event):
    """An admin set what the council lets happen without its authorisers: its standing rule, and people named by
    e-mail with their ceiling. `changes` holds old and new."""

    name: ClassVar[str] = "council_authority.set"
    subject_type: ClassVar[str] = "council"
    subject_field: ClassVar[str] = "of_council_id"
    audience: ClassVar[Audience] = Audience.COUNCIL
    changes_public: ClassVar[bool] = False
    of_council_id: UUID
    changes: dict[str, Any]
