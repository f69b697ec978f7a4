"""Tables of pledges: what a council promised, where it stands, and who in it had the authority."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.db.base import Base, Edited, one_of
from pipeline.pledges.authority import MOST_REFERENCE, RequestEnd, Way
from pipeline.pledges.condition_rules import MOST_CONDITIONS, MOST_COUNCILS
from pipeline.pledges.conditions import ConditionKind
from pipeline.pledges.delivery import Answer, Side
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.models import Need
from pipeline.projects.rules import NeedKind

_OFFERED = text("authorised_at IS NULL AND ended_at IS NULL")
"""Offers that wait for somebody in their council."""


def _public_index(name: str, *columns: str) -> Index:
    """An index over the pledges everybody may know of: those that were authorised."""
    authorised = text("authorised_at IS NOT NULL")
    return Index(name, *columns, sqlite_where=authorised, postgresql_where=authorised)


class Pledge(Edited, Base):
    """A council's promise towards a need, in the units of the need's kind (half-days, pence, a number).

    `is_counting` says that its conditions hold among what is authorised, `is_agreed` that they hold among what is
    accepted; both are worked out (`counting.py`), never set by hand. `person_key` is that of whoever offered, as it was
    then. `would_begin` names the pledges that would begin to count if this offer were authorised. `replaces_id` is the
    pledge whose place this one takes once it has come as far. `asked_at` is when its council was last asked to
    authorise it, and `nudge_on` the day on which whoever was asked is next reminded. The leads owe an authorised pledge
    an answer by the end of `answer_due_on`; `answered_at` is when they first gave one. By `carry_over_due_on` its
    council says whether a committed pledge holds under the project's new lead council. From the end of its council
    it is frozen (`frozen_at`) until somebody says which successor has it; `pledged_as_id` is the council that made it,
    where a successor has it now. Its council asked at `release_asked_at` to be let off the rest, and said why; the
    leads said no at `release_refused_at`, and why. What was asked since then waits.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        one_of("status", PledgeStatus),
        one_of("kind", NeedKind),
        CheckConstraint("amount >= 1", name="amount_at_least_one"),
        CheckConstraint("(kind = 'time') = (from_on IS NOT NULL AND to_on IS NOT NULL)", name="time_has_dates"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates_in_order"),
        CheckConstraint("(kind = 'funding') = (first_financial_year IS NOT NULL)", name="funding_has_years"),
        CheckConstraint("(kind = 'in_kind') = (worth_pence IS NOT NULL)", name="in_kind_has_worth"),
        CheckConstraint(
            "status IN ('offered', 'refused', 'declined', 'withdrawn', 'lapsed') OR authorised_at IS NOT NULL",
            name="authorised_when",
        ),
        CheckConstraint(
            "status NOT IN ('accepted', 'committed', 'delivered') OR accepted_at IS NOT NULL", name="accepted_when"
        ),
        CheckConstraint(
            "status NOT IN ('committed', 'delivered', 'broken', 'released') OR committed_at IS NOT NULL",
            name="committed_when",
        ),
        CheckConstraint("NOT is_agreed OR is_counting", name="agreed_counts"),
        CheckConstraint(
            "delivered >= 0 AND broken >= 0 AND released >= 0 AND broken + released <= amount", name="amounts_in_order"
        ),
        Index("ix_pledge_need_id_status", "need_id", "status", "id"),
        Index("ix_pledge_project_id_status_authorised_at", "project_id", "status", "authorised_at", "id"),
        Index("ix_pledge_project_id_council_id_status", "project_id", "council_id", "status"),
        Index("ix_pledge_council_id_updated_at", "council_id", "updated_at", "id"),
        _public_index("ix_pledge_public_updated_at", "updated_at", "id"),
        _public_index("ix_pledge_public_offered_at", "offered_at", "id"),
        _public_index("ix_pledge_public_status_updated_at", "status", "updated_at", "id"),
        Index("ix_pledge_status_sign_off_by", "status", "sign_off_by"),
        Index("ix_pledge_offered", "offered_at", "id", sqlite_where=_OFFERED, postgresql_where=_OFFERED),
        Index("ix_pledge_officer_id_status", "officer_id", "status"),
        Index(
            "ix_pledge_carry_over_due_on",
            "carry_over_due_on",
            "id",
            sqlite_where=text("carry_over_due_on IS NOT NULL"),
            postgresql_where=text("carry_over_due_on IS NOT NULL"),
        ),
        Index(
            "ix_pledge_nudge_on",
            "nudge_on",
            "id",
            sqlite_where=text("nudge_on IS NOT NULL"),
            postgresql_where=text("nudge_on IS NOT NULL"),
        ),
        Index(
            "ix_pledge_release_asked_at",
            "release_asked_at",
            "id",
            sqlite_where=text("release_asked_at IS NOT NULL"),
            postgresql_where=text("release_asked_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    need_id: Mapped[UUID] = mapped_column(ForeignKey("need.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    kind: Mapped[str] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    first_financial_year: Mapped[int | None]
    last_financial_year: Mapped[int | None]
    spending: Mapped[str | None] = mapped_column(String(10))
    worth_pence: Mapped[int | None] = mapped_column(BigInteger)
    message: Mapped[str] = mapped_column(Text, default="")
    sign_off_by: Mapped[date]
    stands_until: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)
    offered_at: Mapped[datetime]
    authorised_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    person_key: Mapped[str] = mapped_column(String(254), default="")
    is_counting: Mapped[bool] = mapped_column(default=False)
    is_agreed: Mapped[bool] = mapped_column(default=False)
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)
    broken: Mapped[int] = mapped_column(BigInteger, default=0)
    released: Mapped[int] = mapped_column(BigInteger, default=0)
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("pledge.id"))
    asked_at: Mapped[datetime | None]
    nudge_on: Mapped[date | None]
    carry_over_due_on: Mapped[date | None]
    frozen_at: Mapped[datetime | None]
    pledged_as_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    answer_due_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    would_begin: Mapped[list[str]] = mapped_column(default=list)
    release_asked_at: Mapped[datetime | None]
    release_asked_why: Mapped[str | None] = mapped_column(Text)
    release_refused_at: Mapped[datetime | None]
    release_refused_why: Mapped[str | None] = mapped_column(Text)

    need: Mapped[Need] = relationship(lazy="raise")
    conditions: Mapped[list["PledgeCondition"]] = relationship(
        lazy="raise", order_by="PledgeCondition.position", cascade="all, delete-orphan"
    )

    @property
    def asks_release(self) -> bool:
        """Whether its council asked to be let off and has no answer yet."""
        asked, refused = self.release_asked_at, self.release_refused_at
        return asked is not None and (refused is None or refused < asked)

    @property
    def bound(self) -> int:
        """What of its amount is left to hold and to count: less what was broken or released."""
        return self.amount - self.broken - self.released


class PledgeCondition(Base):
    """What must hold before a pledge counts (`conditions.py`). `have` is kept: how much of it there is."""

    __tablename__ = "pledge_condition"
    __table_args__ = (
        one_of("kind", ConditionKind),
        CheckConstraint("kind = 'need' OR at_least >= 1", name="asks_for_something"),
        CheckConstraint("(kind = 'total') = (unit IS NOT NULL)", name="total_has_unit"),
        CheckConstraint("(kind = 'need') = (need_id IS NOT NULL)", name="need_is_named"),
        CheckConstraint(f"kind <> 'councils' OR at_least <= {MOST_COUNCILS}", name="councils_there_are"),
        CheckConstraint(
            "kind = 'councils' OR (of_kind IS NULL AND of_nation IS NULL AND of_region IS NULL)",
            name="groups_of_councils",
        ),
        CheckConstraint(f"position >= 0 AND position < {MOST_CONDITIONS}", name="so_many_at_most"),
        UniqueConstraint("pledge_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    at_least: Mapped[int] = mapped_column(BigInteger, default=0)
    unit: Mapped[str | None] = mapped_column(String(10))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    of_kind: Mapped[str | None] = mapped_column(String(40))
    of_nation: Mapped[str | None] = mapped_column(String(20))
    of_region: Mapped[str | None] = mapped_column(String(40))
    have: Mapped[int] = mapped_column(BigInteger, default=0)
    is_met: Mapped[bool] = mapped_column(default=False)


class Authorisation(Base):
    """Somebody with authority in the pledging council agreed to its pledge: who, when, in which capacity, within which
    limit, and why.

    `way` says how: an authoriser of the council; a person named by e-mail, of whom `name`, `job_title` and
    `person_key` are kept; or the council's standing rule of `rule_on`. One that was set aside no longer stands.
    """

    __tablename__ = "authorisation"
    __table_args__ = (
        one_of("way", Way),
        CheckConstraint("(way = 'authoriser') = (officer_id IS NOT NULL)", name="authoriser_is_officer"),
        CheckConstraint("(way = 'named') = (request_id IS NOT NULL)", name="named_was_asked"),
        CheckConstraint("way <> 'named' OR (name <> '' AND job_title <> '')", name="named_has_name"),
        CheckConstraint("(way = 'standing-rule') = (rule_on IS NOT NULL)", name="rule_has_date"),
        CheckConstraint("(way = 'standing-rule') = (capacity IS NULL)", name="person_has_capacity"),
        CheckConstraint("(set_aside_at IS NULL) = (set_aside_reason IS NULL)", name="set_aside_with_reason"),
        Index("ix_authorisation_pledge_id", "pledge_id"),
        Index(
            "uq_authorisation_standing", "pledge_id", unique=True,
            sqlite_where=text("set_aside_at IS NULL"), postgresql_where=text("set_aside_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    way: Mapped[str] = mapped_column(String(20), default=Way.AUTHORISER, server_default=Way.AUTHORISER.value)
    officer_id: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    capacity: Mapped[str | None] = mapped_column(String(40))
    authorised_at: Mapped[datetime]
    request_id: Mapped[UUID | None] = mapped_column(ForeignKey("authorisation_request.id"))
    person_key: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(String(100), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    rule_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(MOST_REFERENCE), default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    alternatives: Mapped[str] = mapped_column(Text, default="")
    interests: Mapped[str] = mapped_column(Text, default="")
    limit_half_days: Mapped[int | None] = mapped_column(BigInteger)
    limit_pence: Mapped[int | None] = mapped_column(BigInteger)
    limit_first_on: Mapped[date | None]
    limit_last_on: Mapped[date | None]
    set_aside_at: Mapped[datetime | None]
    set_aside_by: Mapped[UUID | None]
    set_aside_reason: Mapped[str | None] = mapped_column(Text)


class AuthorisationRequest(Base):
    """Somebody outside the council's authorisers, asked by e-mail to decide on its offer, one at a time for a pledge.

    It lasts until the pledge's sign-off date. `person_key` is that of the address, `asker_key` that of who asked;
    `name` and `job_title` are what they called themselves when they answered. The link in the mail is worked out from
    the id with the site's secret, and kept nowhere.
    """

    __tablename__ = "authorisation_request"
    __table_args__ = (
        one_of("ended_because", RequestEnd),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ends_for_a_reason"),
        Index("ix_authorisation_request_pledge_id", "pledge_id"),
        Index("ix_authorisation_request_asker_key_asked_at", "asker_key", "asked_at"),
        Index(
            "uq_authorisation_request_standing", "pledge_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    address: Mapped[str] = mapped_column(String(254))
    person_key: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="en")
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    asker_key: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(100), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))


class AuthorisationCode(Base):
    """A code mailed to a person named by e-mail. It works once, within the hour, for a few tries. The code itself is
    worked out from the id with the site's secret, and kept nowhere."""

    __tablename__ = "authorisation_code"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries_not_negative"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("authorisation_request.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class Delivery(Base):
    """What was given of a pledge on a day, recorded by one side for the other to agree; never edited, only corrected.

    `counted` is what it adds to what its pledge delivered (`delivery.py`), from `counts_at` on: when it was answered,
    or when nobody had by `answer_due_on`. The note and the words of a dispute are read by the two sides.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("side", Side),
        one_of("answer", Answer),
        CheckConstraint("amount >= 1 OR (amount = 0 AND corrects_id IS NOT NULL)", name="amount_at_least_one"),
        CheckConstraint("counted >= 0 AND counted <= amount", name="counted_within"),
        CheckConstraint("counted = 0 OR counts_at IS NOT NULL", name="counted_when"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),
        CheckConstraint("answer IS NULL OR counts_at IS NOT NULL", name="answered_counts"),
        CheckConstraint(
            "answer IS NULL OR answer <> 'disputed' OR disputed_amount IS NOT NULL", name="disputed_figure"
        ),
        CheckConstraint(
            "disputed_amount IS NULL OR (disputed_amount >= 0 AND disputed_amount < amount)", name="disputed_is_lower"
        ),
        UniqueConstraint("corrects_id"),
        Index("ix_delivery_pledge_id", "pledge_id", "id"),
        Index(
            "ix_delivery_unanswered", "answer_due_on", "id",
            sqlite_where=text("counts_at IS NULL"), postgresql_where=text("counts_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    delivered_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    side: Mapped[str] = mapped_column(String(10))
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    recorded_for: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    recorded_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    answer: Mapped[str | None] = mapped_column(String(10))
    disputed_amount: Mapped[int | None] = mapped_column(BigInteger)
    answer_note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    counted: Mapped[int] = mapped_column(BigInteger, default=0)
    counts_at: Mapped[datetime | None]


class NotCome(Base):
    """A lead said that a committed pledge has not come. Its council answers by `answer_due_on`, in words or by
    recording a delivery; otherwise what is left is broken. The two sides know of it, nobody else."""

    __tablename__ = "not_come"
    __table_args__ = (
        CheckConstraint("(answered_by IS NULL) OR (ended_at IS NOT NULL)", name="answered_has_ended"),
        Index(
            "uq_not_come_standing", "pledge_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_not_come_pledge_id", "pledge_id", "id"),
        Index(
            "ix_not_come_unanswered", "answer_due_on", "id",
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pledge_id: Mapped[UUID] = mapped_column(ForeignKey("pledge.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    said_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    said_at: Mapped[datetime]
    answer_due_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))
    ended_at: Mapped[datetime | None]
