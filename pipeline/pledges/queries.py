"""Reading pledges, always on behalf of a viewer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, bindparam, exists, false, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from pipeline.accounts.models import (
    AuthorityLimit,
    CouncilAuthoritySetting,
    Membership,
    MembershipRole,
    Officer,
)
from pipeline.accounts.queries.persons import has_platform_role
from pipeline.councils.models import Council
from pipeline.db.statements import Statement, date_of, id_of, text_of
from pipeline.db.work import Reading
from pipeline.kernel.actor import PLATFORM_ROLES, Role
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.pledges.facts import facts_of as facts_of  # noqa: PLC0414 (read here with the rest)
from pipeline.pledges.models import Authorisation, Pledge
from pipeline.pledges.policy import may_authorise_pledge
from pipeline.pledges.rules import WAITABLE, NeedTerms, PledgeStatus
from pipeline.pledges.visibility import is_led_by, pledges_visible_to
from pipeline.projects.models import Need, Project, ProjectPerson
from pipeline.projects.rules import NeedKind, NeedStatus, PersonRole, ProjectStatus

SHOWN = (PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED, PledgeStatus.COMMITTED, PledgeStatus.DELIVERED)
"""The states in which a project's page names a pledge to everybody."""
MOST_SHOWN = 200
MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class Offering:
    """What an offer is held against: the need's terms, and the council's offer there that is not yet authorised.
    `person_key` is that of the officer who asks, `standing_rule_on` the date of the council's standing rule."""

    terms: NeedTerms
    unsigned_id: UUID | None
    person_key: str
    standing_rule_on: date | None
    is_active: bool
    """Whether the council exists today."""


def offering_of(reading: Reading, need: Need, council_id: UUID) -> Offering:
    """What a council's offer to a need is held against: one query."""
    ((nation, unsigned_id, person_key, rule_on, is_active),) = _OFFERING.rows(
        reading.session, need_id=need.id, council_id=council_id, officer_id=reading.actor.officer_id
    )
    return Offering(terms_of(need, nation), id_of(unsigned_id), person_key or "", date_of(rule_on), bool(is_active))


_OFFERING_COUNCIL = bindparam("council_id", type_=Council.id.type)
_OFFERING = Statement(
    select(
        Council.nation,
        select(Pledge.id)
        .where(
            Pledge.need_id == bindparam("need_id"), Pledge.council_id == _OFFERING_COUNCIL,
            Pledge.status == PledgeStatus.OFFERED,
        )
        .limit(1)
        .scalar_subquery(),
        select(Officer.person_key).where(Officer.id == bindparam("officer_id")).scalar_subquery(),
        select(CouncilAuthoritySetting.standing_rule_on)
        .where(CouncilAuthoritySetting.council_id == _OFFERING_COUNCIL)
        .order_by(CouncilAuthoritySetting.id.desc())
        .limit(1)
        .scalar_subquery(),
        Council.is_active,
    ).where(Council.id == _OFFERING_COUNCIL)
)  # fmt: skip


def terms_of(need: Need, nation: str) -> NeedTerms:
    """The terms of a need whose project is loaded, for a council of a nation."""
    project = need.project
    return NeedTerms(
        kind=NeedKind(need.kind), status=NeedStatus(need.status), is_capped=need.is_capped, target=need.target,
        held=need.held, project_status=ProjectStatus(project.status),
        decision_on=project.decision_on, is_hidden=project.is_hidden, nation=nation,
        is_waiting=project.waits_from_on is not None,
    )  # fmt: skip


def pledge_seen_by(reading: Reading, pledge_id: UUID, *, lock: bool = False) -> Pledge:
    """A pledge the viewer may know of, with its need, project and conditions loaded. Raises NotFound.

    `lock` keeps others from changing the project's sums, the need and the pledge, locked in this order.
    """
    query = _pledges(reading).where(Pledge.id == pledge_id).options(selectinload(Pledge.conditions))
    if lock:
        query = query.with_for_update(of=(Project, Need, Pledge)).execution_options(populate_existing=True)
    pledge = reading.session.scalars(query).first()
    if pledge is None:
        raise NotFound("pledge")
    return pledge


def _pledges(reading: Reading) -> Select[Pledge]:
    return (
        select(Pledge)
        .join(Pledge.need)
        .join(Need.project)
        .where(pledges_visible_to(reading.actor))
        .options(contains_eager(Pledge.need).contains_eager(Need.project))
    )


def authorisation_of(reading: Reading, pledge_id: UUID) -> Authorisation | None:
    """Who authorised a pledge, and in which capacity; None while nobody has, or where it was set aside."""
    query = select(Authorisation).where(Authorisation.pledge_id == pledge_id, Authorisation.set_aside_at.is_(None))
    return reading.session.scalars(query).first()


def authorisers_who_can_decide(reading: Reading, council_id: UUID, project_id: UUID) -> list[Officer]:
    """The authorisers of a council who could authorise what the viewer offers to a project now.

    Not the viewer (by any account), not whoever leads the project, not coordinators, not whom the viewer gave the role.
    """
    actor = reading.actor
    own_key = select(Officer.person_key).where(Officer.id == actor.officer_id).scalar_subquery()
    own_ids = select(Officer.id).where(Officer.person_key == own_key)
    leads = select(Officer.person_key).where(Officer.id.in_(lead_ids_of(project_id)))
    query = (
        _standing_authorisers(council_id)
        .where(
            Officer.person_key != own_key,
            Officer.person_key.not_in(leads),
            or_(MembershipRole.given_by.is_(None), MembershipRole.given_by.not_in(own_ids)),
            ~has_platform_role(Officer.person_key),
        )
        .order_by(Officer.name, Officer.id)
    )
    return list(reading.session.scalars(query))


def lead_ids_of(project_id: Any) -> Any:
    """The officers who lead a project, while they work there."""
    return (
        select(ProjectPerson.officer_id)
        .join(
            Membership,
            and_(
                Membership.officer_id == ProjectPerson.officer_id,
                Membership.council_id == ProjectPerson.council_id,
                Membership.ended_at.is_(None),
            ),
        )
        .where(
            ProjectPerson.project_id == project_id,
            ProjectPerson.role == PersonRole.LEAD,
            ProjectPerson.ended_at.is_(None),
        )
    )


def _standing_authorisers(council_id: UUID) -> Select[Officer]:
    return (
        select(Officer)
        .join(Membership, Membership.officer_id == Officer.id)
        .join(MembershipRole, MembershipRole.membership_id == Membership.id)
        .where(
            Membership.council_id == council_id, Membership.ended_at.is_(None), Membership.started_at.is_not(None),
            MembershipRole.role == Role.AUTHORISER, MembershipRole.ended_at.is_(None), Officer.erased_at.is_(None),
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PledgeShown:
    """A pledge as a project's page names it. `is_unsigned` marks an offer its council has not authorised yet."""

    id: str
    need_id: str
    kind: str
    amount: int
    status: str
    council_name: str
    council_slug: str
    is_counting: bool
    replaces_id: str | None

    @property
    def is_unsigned(self) -> bool:
        return self.status == PledgeStatus.OFFERED

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITABLE and not self.is_counting and self.replaces_id is None


_SHOWN_COLUMNS = (
    Pledge.id, Pledge.need_id, Pledge.kind, Pledge.amount, Pledge.status, Council.short_name, Council.slug,
    Pledge.is_counting, Pledge.replaces_id,
)  # fmt: skip
_SHOWN_TO_ALL = Statement(
    select(*_SHOWN_COLUMNS)
    .join(Council, Council.id == Pledge.council_id)
    .where(
        Pledge.project_id == bindparam("project_id"),
        Pledge.status.in_([status.value for status in SHOWN]),
        Pledge.authorised_at.is_not(None),
    )
    .order_by(Pledge.authorised_at, Pledge.id)
    .limit(MOST_SHOWN)
)


def pledges_shown_on(reading: Reading, project_id: UUID) -> list[PledgeShown]:
    """The pledges a project's page names, oldest first: the public ones, and for those who may know of them (its leads,
    the council itself, coordinators) offers that are not yet authorised. The caller has found the project visible.
    """
    if reading.actor.is_anonymous:
        rows: Sequence[Any] = _SHOWN_TO_ALL.rows(reading.session, project_id=project_id)
    else:
        query = (
            select(*_SHOWN_COLUMNS)
            .join(Council, Council.id == Pledge.council_id)
            .join(Project, Project.id == Pledge.project_id)
            .where(
                Pledge.project_id == project_id, Pledge.status.in_((*SHOWN, PledgeStatus.OFFERED)),
                pledges_visible_to(reading.actor),
            )
            .order_by(Pledge.authorised_at.is_(None), Pledge.authorised_at, Pledge.id)
            .limit(MOST_SHOWN)
        )  # fmt: skip
        rows = reading.session.execute(query).all()
    return [_as_shown(*row) for row in rows]


def _as_shown(
    pledge_id: Any, need_id: Any, kind: str, amount: int, status: str, name: str, slug: str, counts: Any, replaces: Any
) -> PledgeShown:
    ids = (text_of(pledge_id) or "", text_of(need_id) or "")
    return PledgeShown(*ids, kind, amount, status, name, slug, bool(counts), text_of(replaces))


def parts_given(reading: Reading, project_id: UUID) -> list[tuple[str, NeedKind, int, str]]:
    """Of pledges whose rest was broken or released what was delivered all the same: council, kind, how much of what."""
    query = (
        select(Council.short_name, Pledge.kind, Pledge.delivered, Need.thing)
        .join(Council, Council.id == Pledge.council_id)
        .join(Need, Need.id == Pledge.need_id)
        .where(
            Pledge.project_id == project_id, Pledge.delivered > 0,
            Pledge.status.in_((PledgeStatus.BROKEN.value, PledgeStatus.RELEASED.value)),
        )
        .order_by(Council.short_name, Pledge.id)
        .limit(MOST_SHOWN)
    )  # fmt: skip
    return [
        (name, NeedKind(kind), delivered, thing or "")
        for name, kind, delivered, thing in reading.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class PledgeListed:
    """A pledge in a list: what, towards what, where it stands, and by when somebody must act."""

    id: UUID
    kind: str
    amount: int
    status: PledgeStatus
    sign_off_by: date
    authorised_at: datetime | None
    updated_at: datetime
    need_title: str
    thing: str
    project_title: str
    project_address: str
    council_name: str
    is_trial: bool
    is_waiting: bool
    offered_at: datetime


def _is_waiting() -> ColumnElement[bool]:
    """Authorised or accepted pledges whose conditions do not hold. One that is to replace another does not wait."""
    return and_(Pledge.status.in_(sorted(WAITABLE)), Pledge.is_counting.is_(False), Pledge.replaces_id.is_(None))


def _listed(reading: Reading) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Pledge.id, Pledge.kind, Pledge.amount, Pledge.status, Pledge.sign_off_by, Pledge.authorised_at,
            Pledge.updated_at, Need.title, Need.thing, Project.title, Project.slug, Project.id, Council.short_name,
            Project.is_trial, _is_waiting(), Pledge.offered_at,
        )
        .join(Need, Need.id == Pledge.need_id)
        .join(Project, Project.id == Pledge.project_id)
        .join(Council, Council.id == Pledge.council_id)
        .where(pledges_visible_to(reading.actor))
    )  # fmt: skip


def _as_listed(row: Any) -> PledgeListed:
    return PledgeListed(
        id=row[0], kind=row[1], amount=row[2], status=PledgeStatus(row[3]), sign_off_by=row[4], authorised_at=row[5],
        updated_at=row[6], need_title=row[7], thing=row[8] or "", project_title=row[9],
        project_address=row[10] or str(row[11]), council_name=row[12], is_trial=row[13],
        is_waiting=row[14], offered_at=row[15],
    )  # fmt: skip


Place = tuple[datetime, UUID]


def pledges_of_council(
    reading: Reading, council_id: UUID, *, after: Place | None = None, most: int = 50
) -> tuple[list[PledgeListed], Place | None]:
    """The pledges of a council that the viewer may know of, the last changed first, and where the next page begins."""
    query = _listed(reading).where(Pledge.council_id == council_id)
    if after is not None:
        moment, pledge_id = after
        query = query.where(or_(Pledge.updated_at < moment, and_(Pledge.updated_at == moment, Pledge.id < pledge_id)))
    rows = reading.session.execute(query.order_by(Pledge.updated_at.desc(), Pledge.id.desc()).limit(most + 1)).all()
    listed = [_as_listed(row) for row in rows[:most]]
    return listed, (listed[-1].updated_at, listed[-1].id) if len(rows) > most else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The pledges that wait for this officer: to authorise for their council, and to answer as a lead."""

    to_authorise: list[PledgeListed]
    to_answer: list[PledgeListed]


def waiting_for(reading: Reading) -> Waiting:
    """What waits for the officer, the soonest first: the same as `may_authorise_pledge` and `may_accept_pledge` say."""
    actor = reading.actor
    if actor.council_id is None:
        return Waiting([], [])
    own_key = select(Officer.person_key).where(Officer.id == actor.officer_id).scalar_subquery()
    to_authorise = (
        _listed(reading)
        .where(Pledge.status == PledgeStatus.OFFERED, Pledge.council_id == actor.council_id, _decides(reading, own_key))
        .order_by(Pledge.sign_off_by, Pledge.id)
        .limit(MOST_WAITING)
    )
    to_answer = (
        _listed(reading)
        .where(Pledge.status == PledgeStatus.AUTHORISED, is_led_by(actor), _is_not_both_sides(reading))
        .order_by(Pledge.authorised_at, Pledge.id)
        .limit(MOST_WAITING)
    )
    rows = [reading.session.execute(query).all() for query in (to_authorise, to_answer)]
    deciding, answering = ([_as_listed(row) for row in some] for some in rows)
    return Waiting(_within_limit(reading, deciding), answering)


def _within_limit(reading: Reading, listed: list[PledgeListed]) -> list[PledgeListed]:
    """Those that the viewer's limit reaches. Most authorisers have none, and nothing more is read for them."""
    if not listed or not _has_limit(reading):
        return listed
    pledges = reading.session.scalars(_pledges(reading).where(Pledge.id.in_([one.id for one in listed])))
    may = {one.id for one in pledges.all() if may_authorise_pledge(reading.actor, facts_of(reading, one))}
    return [one for one in listed if one.id in may]


def _has_limit(reading: Reading) -> bool:
    found = (
        select(AuthorityLimit.id)
        .join(MembershipRole, MembershipRole.id == AuthorityLimit.role_id)
        .join(Membership, Membership.id == MembershipRole.membership_id)
        .where(Membership.officer_id == reading.actor.officer_id, Membership.council_id == reading.actor.council_id)
    )
    return reading.session.execute(found.limit(1)).first() is not None


def _decides(reading: Reading, own_key: Any) -> ColumnElement[bool]:
    """Offers the officer may authorise: by a role older than the offer and not from the offerer, or in a trial."""
    actor = reading.actor
    if actor.roles & PLATFORM_ROLES or not actor.has(Role.AUTHORISER):
        return and_(Project.is_trial, Pledge.sign_off_by >= uk_date(reading.now))
    # What stands two selects deep must be told which pledge, role and project are meant: SQLAlchemy looks one up.
    offerer_key = _person_key_of(Pledge.officer_id).correlate(Pledge)
    giver_key = _person_key_of(MembershipRole.given_by).correlate(MembershipRole)
    serves = exists().where(
        Membership.officer_id == actor.officer_id, Membership.council_id == Pledge.council_id,
        Membership.ended_at.is_(None), MembershipRole.membership_id == Membership.id,
        MembershipRole.role == Role.AUTHORISER, MembershipRole.ended_at.is_(None),
        MembershipRole.given_at <= Pledge.offered_at,
        or_(giver_key.is_(None), giver_key != offerer_key),
    )  # fmt: skip
    leads = exists().where(Officer.id.in_(lead_ids_of(Project.id).correlate(Project)), Officer.person_key == own_key)
    is_of_platform = has_platform_role(own_key)
    independent = and_(offerer_key != own_key, Pledge.person_key != own_key, ~leads, ~is_of_platform)
    return and_(Pledge.sign_off_by >= uk_date(reading.now), or_(Project.is_trial, and_(serves, independent)))


def _person_key_of(officer_id: Any) -> ScalarSelect[str]:
    return select(Officer.person_key).where(Officer.id == officer_id).scalar_subquery()


def _is_not_both_sides(reading: Reading) -> ColumnElement[bool]:
    officer_id = reading.actor.officer_id
    if officer_id is None:
        return false()
    own_key = select(Officer.person_key).where(Officer.id == officer_id).scalar_subquery()
    own_ids = select(Officer.id).where(Officer.person_key == own_key)
    authorised = exists().where(
        Authorisation.pledge_id == Pledge.id, Authorisation.set_aside_at.is_(None),
        or_(Authorisation.officer_id.in_(own_ids), Authorisation.person_key == own_key),
    )  # fmt: skip
    offered = or_(Pledge.officer_id.in_(own_ids), Pledge.person_key == own_key)
    return or_(Project.is_trial, and_(~offered, ~authorised))


def pledges_past_sign_off(reading: Reading, most: int = 200) -> Sequence[UUID]:
    """Offers whose sign-off date has ended, the oldest first."""
    query = (
        select(Pledge.id)
        .where(Pledge.status == PledgeStatus.OFFERED, Pledge.sign_off_by < uk_date(reading.now))
        .order_by(Pledge.sign_off_by, Pledge.id)
        .limit(most)
    )
    return reading.session.scalars(query).all()


def pledges_to_remind_of(reading: Reading, most: int = 200) -> Sequence[UUID]:
    """Offers of whose sign-off somebody is to be reminded now, the oldest first."""
    query = (
        select(Pledge.id)
        .where(Pledge.status == PledgeStatus.OFFERED, Pledge.nudge_on <= uk_date(reading.now))
        .order_by(Pledge.nudge_on, Pledge.id)
        .limit(most)
    )
    return reading.session.scalars(query).all()


def replacing_of(reading: Reading, pledge: Pledge) -> Sequence[UUID]:
    """The pledges offered in the place of another, as far as the viewer may know of them, the newest first."""
    query = _pledges(reading).where(Pledge.replaces_id == pledge.id).order_by(Pledge.id.desc())
    return [one.id for one in reading.session.scalars(query)]


def others_have_pledged(reading: Reading, project: Project) -> bool:
    """Whether a council besides the lead council has an offer standing, or ever had a pledge authorised."""
    found = select(Pledge.id).where(
        Pledge.project_id == project.id, Pledge.council_id != project.council_id,
        or_(Pledge.status == PledgeStatus.OFFERED, Pledge.authorised_at.is_not(None)),
    )  # fmt: skip
    return reading.session.execute(found.limit(1)).first() is not None
