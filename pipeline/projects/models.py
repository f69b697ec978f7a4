"""Tables of projects: the project, its needs, the people in it, and its updates."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, TextClause, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.db.base import Base, Edited, one_of
from pipeline.projects.freshness import Freshness
from pipeline.projects.rules import CheckAnswer, Mode, NeedKind, NeedStatus, PersonRole, ProjectStatus, UpdateStatus
from pipeline.projects.taking_part import MOST_TERMS, Answerable, Followed, InterestKind, InterestStatus, JoinStatus

TITLE = String(120).with_variant(String(120, collation="NOCASE"), "sqlite")
"""A title, which lists sort without regard to capitals where the database does not do so by itself."""

_UNDECIDED = text("decided_at IS NULL AND decision_on IS NOT NULL AND status IN ('open', 'going_ahead')")
"""Projects whose decision date has still to be seen to."""

_NEARLY = text("is_nearly_there AND status = 'open'")
_UNOFFERED = text("status = 'open' AND held = 0")
"""Needs that nobody offers anything for; those of a project that has ended are closed."""
_ASKED = text("status = 'asked'")
_IN_KIND = text("thing IS NOT NULL")
_AGES = text("is_public AND NOT keeps_documents AND status IN ('open', 'going_ahead')")
"""Projects whose leads give signs of life, or are missed."""


def _where(name: str, *columns: str, holds: TextClause, unique: bool = False) -> Index:
    """An index over the rows for which something holds."""
    return Index(name, *columns, unique=unique, sqlite_where=holds, postgresql_where=holds)


class Project(Edited, Base):
    """A piece of work a lead council posts.

    A draft has no slug: its address holds its id until it is published. The counters (`councils`, `held_…`,
    `pledged_…`, `agreed_…`, `committed_…`, `delivered_…`) are kept in the transaction of every change to a pledge; days
    and pounds are never summed together. `councils` counts those besides the lead council whose pledge counts,
    `agreed_councils` those whose accepted pledge does. `is_passing` says whether the go-ahead test would pass now, and
    `would_pass` which pledges, one of them accepted, would make it pass. `decided_at` is when the decision date was
    seen to: the project went ahead, or lapsed, or what still waited lapsed. `is_nearly_there` says whether one pledge
    may be enough (`nearly.py`). `answers_in_days` is in how many working days its leads usually answer, where there is
    enough to say so; `problem_too_councils` and `conversation_councils`
    count the councils whose interest stands, `followers` the officers who follow. `keeps_documents` marks *Documents of
    (council)*, which asks for nothing: a council has one at most.

    `last_sign_of_life_at` is when a lead last did anything on it, `freshness_step` how many of the steps that follow
    their silence have come, and `freshness` what the page says of it. `waits_from_on` is the day from which its
    decision date waits, while it looks for a new lead or is frozen: it takes no new pledges and no go-ahead. From the
    end of its council it is frozen (`frozen_at`) until somebody says which successor has it.
    """

    __tablename__ = "project"
    __table_args__ = (
        one_of("status", ProjectStatus),
        one_of("mode", Mode),
        one_of("freshness", Freshness),
        CheckConstraint(
            "(freshness = 'fresh') = (freshness_step < 4) AND (freshness = 'quiet') = (freshness_step = 4)"
            " AND freshness_step BETWEEN 0 AND 6",
            name="freshness_by_step",
        ),
        CheckConstraint("frozen_at IS NULL OR waits_from_on IS NOT NULL", name="frozen_waits"),
        CheckConstraint("status = 'draft' OR slug IS NOT NULL OR is_trial", name="published_has_slug"),
        CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_has_date"),
        CheckConstraint(
            "councils >= 0 AND held_half_days >= 0 AND held_pence >= 0 AND pledged_half_days >= 0"
            " AND pledged_pence >= 0 AND agreed_half_days >= 0 AND agreed_pence >= 0 AND agreed_councils >= 0"
            " AND committed_half_days >= 0 AND committed_pence >= 0 AND delivered_half_days >= 0"
            " AND delivered_pence >= 0",
            name="counters_not_negative",
        ),
        Index("ix_project_id_is_public", "id", "is_public"),
        Index("ix_project_public_updated_at", "is_public", "updated_at", "id"),
        Index("ix_project_public_created_at", "is_public", "created_at", "id"),
        Index("ix_project_public_title", "is_public", "title", "id"),
        Index("ix_project_public_decision_on", "is_public", "decision_on", "id"),
        Index("ix_project_public_pledged_pence", "is_public", "pledged_pence", "id"),
        Index("ix_project_public_pledged_half_days", "is_public", "pledged_half_days", "id"),
        Index("ix_project_public_councils", "is_public", "councils", "id"),
        Index("ix_project_public_status_updated_at", "is_public", "status", "updated_at", "id"),
        Index("ix_project_public_phase_updated_at", "is_public", "phase", "updated_at", "id"),
        Index("ix_project_council_id_updated_at", "council_id", "updated_at", "id"),
        _where("uq_project_keeps_documents", "council_id", holds=text("keeps_documents"), unique=True),
        _where("ix_project_undecided", "decision_on", "id", holds=_UNDECIDED),
        _where("ix_project_ageing", "freshness_step", "last_sign_of_life_at", "id", holds=_AGES),
        Index("ix_project_public_freshness_updated_at", "is_public", "freshness", "updated_at", "id"),
        _where("ix_project_nearly_there", "decision_on", "id", holds=_NEARLY),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str | None] = mapped_column(String(80), unique=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    title: Mapped[str] = mapped_column(TITLE)
    summary: Mapped[str] = mapped_column(String(300), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    problem_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    phase: Mapped[str | None] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=ProjectStatus.DRAFT.value)
    mode: Mapped[str] = mapped_column(String(20), default=Mode.ALL_OR_NOTHING.value)
    decision_on: Mapped[date | None]
    least_councils: Mapped[int] = mapped_column(default=0)
    is_under_way: Mapped[bool] = mapped_column(default=False)
    is_past: Mapped[bool] = mapped_column(default=False)
    year_ended: Mapped[int | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    outcome_html: Mapped[str] = mapped_column(Text, default="")
    is_trial: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=False)
    is_recorded: Mapped[bool] = mapped_column(default=False)
    is_made_up: Mapped[bool] = mapped_column(default=False)
    keeps_documents: Mapped[bool] = mapped_column(default=False)
    sources: Mapped[list[str]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    phase_changed_on: Mapped[date | None]
    went_ahead_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None] = mapped_column(Text)
    continues_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    terms_changed_at: Mapped[datetime | None]
    date_moved_at: Mapped[datetime | None]
    has_conditions: Mapped[bool] = mapped_column(default=False)
    is_passing: Mapped[bool] = mapped_column(default=False)
    would_pass: Mapped[list[str]] = mapped_column(default=list)
    answers_in_days: Mapped[int | None]
    problem_too_councils: Mapped[int] = mapped_column(default=0)
    conversation_councils: Mapped[int] = mapped_column(default=0)
    followers: Mapped[int] = mapped_column(default=0)
    last_sign_of_life_at: Mapped[datetime | None]
    freshness: Mapped[str] = mapped_column(String(20), default=Freshness.FRESH.value)
    freshness_step: Mapped[int] = mapped_column(default=0)
    waits_from_on: Mapped[date | None]
    frozen_at: Mapped[datetime | None]
    is_nearly_there: Mapped[bool] = mapped_column(default=False)

    councils: Mapped[int] = mapped_column(default=0)
    agreed_councils: Mapped[int] = mapped_column(default=0)
    held_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    held_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    pledged_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    pledged_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    agreed_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    agreed_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    committed_pence: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered_half_days: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered_pence: Mapped[int] = mapped_column(BigInteger, default=0)

    themes: Mapped[list["ProjectTheme"]] = relationship(
        lazy="raise", order_by="ProjectTheme.position", cascade="all, delete-orphan"
    )
    needs: Mapped[list["Need"]] = relationship(
        lazy="raise", order_by="(Need.position, Need.id)", back_populates="project"
    )
    people: Mapped[list["ProjectPerson"]] = relationship(lazy="raise", order_by="ProjectPerson.id")

    @property
    def address(self) -> str:
        """What follows /projects/ in its address: its slug, or its id until it is published."""
        return self.slug or str(self.id)


class ProjectTheme(Base):
    """A theme of a project; its first is the one its breadcrumb shows."""

    __tablename__ = "project_theme"
    __table_args__ = (Index("ix_project_theme_theme_project_id", "theme", "project_id"),)

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(60), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class ProjectSlug(Base):
    """A slug a project had before its title changed. It leads to the project for ever."""

    __tablename__ = "project_slug"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)


class ProjectPerson(Base):
    """An officer who leads a project or is in its team, for one council, from one day to another."""

    __tablename__ = "project_person"
    __table_args__ = (
        one_of("role", PersonRole),
        _where("uq_project_person_standing", "project_id", "officer_id", holds=text("ended_at IS NULL"), unique=True),
        Index("ix_project_person_officer_id_ended_at", "officer_id", "ended_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ProjectPartner(Base):
    """A council that took part in a project recorded from public sources, where no pledge says so."""

    __tablename__ = "project_partner"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"), primary_key=True, index=True)


class Need(Edited, Base):
    """Something a project asks for, in units of its kind: half-days, pence, or a number of a thing.

    `held`, `pledged`, `agreed`, `committed` and `delivered` are its five sums, kept in the transaction of every change
    to a pledge. Each but the last is a part of the one before: held by all that stands or was committed; pledged, what
    of it counts; agreed, what counts among the accepted; committed, what is bound. What was broken or released is in
    none. In a capped need what is held never exceeds the target: the last word is the constraint's.
    """

    __tablename__ = "need"
    __table_args__ = (
        one_of("kind", NeedKind),
        one_of("status", NeedStatus),
        CheckConstraint("target >= 1", name="target_at_least_one"),
        CheckConstraint("NOT is_capped OR held <= target", name="capped"),
        CheckConstraint("(kind = 'time') = (profession IS NOT NULL)", name="time_has_profession"),
        CheckConstraint("(kind = 'in_kind') = (thing IS NOT NULL)", name="in_kind_has_thing"),
        CheckConstraint(
            "committed >= 0 AND committed <= agreed AND agreed <= pledged AND pledged <= held AND delivered >= 0",
            name="sums_in_order",
        ),
        Index("ix_need_project_id_position", "project_id", "position", "id"),
        Index("ix_need_kind_status_project_id", "kind", "status", "project_id"),
        Index("ix_need_profession_status_project_id", "profession", "status", "project_id"),
        Index("ix_need_updated_at", "updated_at", "id"),
        Index("ix_need_unoffered", "created_at", "id", sqlite_where=_UNOFFERED, postgresql_where=_UNOFFERED),
        Index("ix_need_thing", "thing", "status", "project_id", sqlite_where=_IN_KIND, postgresql_where=_IN_KIND),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    profession: Mapped[str | None] = mapped_column(String(40))
    thing: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(1000), default="")
    target: Mapped[int] = mapped_column(BigInteger)
    is_essential: Mapped[bool]
    is_capped: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10), default=NeedStatus.OPEN.value)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    held: Mapped[int] = mapped_column(BigInteger, default=0)
    pledged: Mapped[int] = mapped_column(BigInteger, default=0)
    agreed: Mapped[int] = mapped_column(BigInteger, default=0)
    committed: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered: Mapped[int] = mapped_column(BigInteger, default=0)

    project: Mapped[Project] = relationship(lazy="raise", back_populates="needs")


class TermsChange(Base):
    """A change, with its reason, of what councils pledge on: of the terms of a project, or of one of its needs.

    `changes` holds each value before and after. A move of the decision date and the dropping of a need that was pledged
    to are kept here too.
    """

    __tablename__ = "terms_change"
    __table_args__ = (Index("ix_terms_change_project_id_changed_at", "project_id", "changed_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    changes: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class Update(Edited, Base):
    """News of a project. A draft is the team's; withdrawn ones keep their place for those who wrote them."""

    __tablename__ = "project_update"
    __table_args__ = (
        one_of("status", UpdateStatus),
        Index("ix_project_update_project_id_published_at", "project_id", "status", "published_at", "id"),
        Index("ix_project_update_council_id_published_at", "council_id", "status", "published_at", "id"),
        Index("ix_project_update_id_status", "id", "status"),
        Index("ix_project_update_status_published_at", "status", "published_at", "id"),
        Index("ix_project_update_status_updated_at", "status", "updated_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(2), default="en")
    status: Mapped[str] = mapped_column(String(10), default=UpdateStatus.DRAFT.value)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class UpdateText(Base):
    """An earlier text of a published update, kept when it is edited."""

    __tablename__ = "project_update_text"
    __table_args__ = (UniqueConstraint("update_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    update_id: Mapped[UUID] = mapped_column(ForeignKey("project_update.id", ondelete="CASCADE"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime]


class Check(Base):
    """A colleague asked to check a draft before it is published: they may read it until they have answered."""

    __tablename__ = "draft_check"
    __table_args__ = (
        one_of("answer", CheckAnswer),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),
        Index("ix_draft_check_officer_id_answered_at", "officer_id", "answered_at"),
        Index("ix_draft_check_subject_id", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    subject_type: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[UUID]
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime | None]


class Interest(Base):
    """What an officer says of a project for their council without promising anything: *we have this problem too*, or
    *open to a conversation*. The leads answer. Everybody sees how many, and the council's name if `is_named`."""

    __tablename__ = "interest"
    __table_args__ = (
        one_of("kind", InterestKind),
        one_of("status", InterestStatus),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_when"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_when"),
        _where("uq_interest_standing", "project_id", "officer_id", holds=text("status = 'standing'"), unique=True),
        Index("ix_interest_project_id_status", "project_id", "status", "id"),
        Index("ix_interest_officer_id_status", "officer_id", "status"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    kind: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text, default="")
    is_named: Mapped[bool]
    status: Mapped[str] = mapped_column(String(10), default=InterestStatus.STANDING.value)
    shown_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


class Follow(Base):
    """An officer wants to hear of something: a project, room in a need, a council, a theme, a document or what a search
    finds. Nobody else sees who does. `terms` are the theme or search, from which their `subject_id` is worked out."""

    __tablename__ = "follow"
    __table_args__ = (
        one_of("subject_type", Followed),
        UniqueConstraint("officer_id", "subject_type", "subject_id"),
        Index("ix_follow_subject_id_officer_id", "subject_id", "officer_id"),
        _where("ix_follow_search", "subject_id", "terms", holds=text("subject_type = 'search'")),
        Index("ix_follow_project_id", "project_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID | None] = mapped_column(ForeignKey("council.id"))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"))
    terms: Mapped[str | None] = mapped_column(String(MOST_TERMS))
    followed_at: Mapped[datetime]


class JoinRequest(Base):
    """An officer who asks to join a team, or whom a lead of another council asks; that lead sees nothing of it until
    the officer has joined. `asked_by` says which of the two; `role` is what they would be."""

    __tablename__ = "join_request"
    __table_args__ = (
        one_of("role", PersonRole),
        one_of("status", JoinStatus),
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered_when"),
        _where("uq_join_request_standing", "project_id", "officer_id", holds=text("status = 'asked'"), unique=True),
        _where("ix_join_request_asked", "asked_at", "id", holds=_ASKED),
        Index("ix_join_request_project_id_status", "project_id", "status", "id"),
        Index("ix_join_request_officer_id_status", "officer_id", "status"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    officer_id: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    council_id: Mapped[UUID] = mapped_column(ForeignKey("council.id"))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[str] = mapped_column(String(10))
    message: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default=JoinStatus.ASKED.value)
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))

    @property
    def is_invitation(self) -> bool:
        """Whether a lead asked the officer, and not the officer the leads."""
        return self.asked_by != self.officer_id


class Question(Base):
    """Something the leads asked back about a pledge, an interest or a request to join, and the reply to it."""

    __tablename__ = "question"
    __table_args__ = (
        one_of("subject_type", Answerable),
        CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name="replied_when"),
        Index("ix_question_subject_id", "subject_id", "id"),
        Index("ix_question_project_id", "project_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("officer.id"))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    reply: Mapped[str | None] = mapped_column(Text)
    replied_at: Mapped[datetime | None]
    replied_by: Mapped[UUID | None] = mapped_column(ForeignKey("officer.id"))


_OWED = text("answered_at IS NULL AND stopped_at IS NULL")
_ANSWERED = text("subject_type = 'pledge' AND answered_at IS NOT NULL")


class AnswerClock(Base):
    """The clock of one first answer that leads owe (`answering.py`): when it started, its dates, and how it ended.

    It ends with the first answer, which took `days_taken` working days, or is stopped because none is wanted any more.
    """

    __tablename__ = "answer_clock"
    __table_args__ = (
        one_of("subject_type", Answerable),
        UniqueConstraint("subject_id"),
        CheckConstraint("(days_taken IS NULL) = (answered_at IS NULL)", name="taken_when_answered"),
        CheckConstraint("counts_from_on < due_on AND due_on < nudge_on AND nudge_on < desk_on", name="dates_in_order"),
        Index("ix_answer_clock_project_id_answered_at", "project_id", "answered_at"),
        Index("ix_answer_clock_owed", "nudge_on", "id", sqlite_where=_OWED, postgresql_where=_OWED),
        Index("ix_answer_clock_owed_since", "started_at", "id", sqlite_where=_OWED, postgresql_where=_OWED),
        _where("ix_answer_clock_answered_at", "answered_at", "id", holds=_ANSWERED),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    subject_type: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    started_at: Mapped[datetime]
    counts_from_on: Mapped[date]
    due_on: Mapped[date]
    nudge_on: Mapped[date]
    desk_on: Mapped[date]
    nudged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    days_taken: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
