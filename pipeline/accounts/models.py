"""Tables of officers: who they are, where they work, what they may do, and how they sign in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.accounts.tokens import MOST_NAME as MOST_TOKEN_NAME
from pipeline.db.base import Base, Edited


class Officer(Edited, Base):
    """A person with an account.

    `address` is kept as it is compared: lower case, its domain in IDNA form. `person_key` is the same for every address
    of one person (`queries/persons.py`). A name is shown only while `is_named`; other officers write to them through a
    form while they are named and `is_contactable`. `erase_at` is when an officer
    who asked to be erased will be; `erased_at` when the row was emptied.
    """

    __tablename__ = "officer"
    __table_args__ = (Index("ix_officer_person_key", "person_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    person_key: Mapped[str] = mapped_column(String(254))
    password_hash: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(100))
    job_title: Mapped[str] = mapped_column(String(100))
    is_named: Mapped[bool] = mapped_column(default=False)
    is_contactable: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    created_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Membership(Base):
    """An officer's place in one council. It waits while nobody has let the person in yet, and ends when they leave."""

    __tablename__ = "membership"
    __table_args__ = (
        Index("ix_membership_council_id_ended_at", "council_id", "ended_at"),
        Index(
            "uq_membership_standing", "officer_id", "council_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= asked_at", name="ends_after_it_began"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    let_in_by: Mapped[UUID | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))


class MembershipRole(Base):
    """A role beyond plain membership: authoriser or council admin, by whom it was given, and when."""

    __tablename__ = "membership_role"
    __table_args__ = (
        CheckConstraint("role IN ('authoriser', 'council-admin')", name="role_known"),
        Index(
            "uq_membership_role_standing", "membership_id", "role", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class AuthorityLimit(Base):
    """How far an authoriser's role reaches from a moment on, in one project: half-days, pence, from day to day. The
    newest row of a role holds; the others say what held when an offer was made. An empty value limits nothing."""

    __tablename__ = "authority_limit"
    __table_args__ = (
        CheckConstraint("half_days IS NULL OR half_days >= 0", name="half_days_not_negative"),
        CheckConstraint("pence IS NULL OR pence >= 0", name="pence_not_negative"),
        CheckConstraint("first_on IS NULL OR last_on IS NULL OR last_on >= first_on", name="days_in_order"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    role_id: Mapped[UUID] = mapped_column(ForeignKey("membership_role.id"), index=True)
    half_days: Mapped[int | None] = mapped_column(BigInteger)
    pence: Mapped[int | None] = mapped_column(BigInteger)
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]


class CouncilAuthoritySetting(Base):
    """What a council lets happen from a moment on: offers of time by its standing rule (of `standing_rule_on`, none
    where empty), and people named by e-mail, up to a ceiling in one project. The newest row holds."""

    __tablename__ = "council_authority"
    __table_args__ = (
        CheckConstraint("ceiling_half_days IS NULL OR ceiling_half_days >= 0", name="half_days_not_negative"),
        CheckConstraint("ceiling_pence IS NULL OR ceiling_pence >= 0", name="pence_not_negative"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), index=True)
    standing_rule_on: Mapped[date | None]
    has_named_way: Mapped[bool]
    ceiling_half_days: Mapped[int | None] = mapped_column(BigInteger)
    ceiling_pence: Mapped[int | None] = mapped_column(BigInteger)
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]


class PlatformRole(Base):
    """Coordinator or platform admin."""

    __tablename__ = "platform_role"
    __table_args__ = (
        CheckConstraint("role IN ('coordinator', 'platform-admin')", name="role_known"),
        UniqueConstraint("officer_id", "role"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[str] = mapped_column(String(20))
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]


class SignInSession(Base):
    """A signed-in session. The cookie holds a random token, the row only its SHA-256."""

    __tablename__ = "session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    council_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(40))
    device: Mapped[str] = mapped_column(String(120), default="")


class ApiToken(Base):
    """A token a program shows the API to act for an officer and one council. Only its HMAC is kept.

    `scopes` are words with spaces between them (`tokens.py`). `used_at` is stamped at most every ten minutes.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ends_for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), index=True)
    name: Mapped[str] = mapped_column(String(MOST_TOKEN_NAME))
    scopes: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))


class OneTimeLink(Base):
    """A link that works once, within the hour, and only by POST. Only the SHA-256 of its token is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A failure to sign in, counted for the account and address together and for the address alone."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_pair_key_at", "pair_key", "at"),
        Index("ix_sign_in_attempt_source_key_at", "source_key", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pair_key: Mapped[str] = mapped_column(String(64))
    source_key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class SecurityEvent(Base):
    """Something worth knowing when an account is in danger. Kept 12 months, its source cut at 30 days."""

    __tablename__ = "security_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(60))
    officer_id: Mapped[UUID | None] = mapped_column(index=True)
    source: Mapped[str | None] = mapped_column(String(64))
    details: Mapped[dict[str, Any]]


class SavedDraft(Base):
    """What somebody typed and could not send (their session had ended): given back after they sign in again."""

    __tablename__ = "saved_draft"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"), index=True)
    path: Mapped[str] = mapped_column(String(500))
    content: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
