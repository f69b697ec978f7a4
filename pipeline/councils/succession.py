"""The first day of a council that follows another: the old one ends, the new one begins, and the e-mail domains of the
old one let people in for a year."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.councils import policy
from pipeline.councils.events import CouncilSucceeded
from pipeline.councils.models import Council, CouncilDomain, CouncilSuccession
from pipeline.db.work import Reading, UnitOfWork
from pipeline.kernel.clock import uk_date

YEARS_OF_OLD_DOMAINS = 1

Follows = Callable[[UnitOfWork, UUID, UUID, UUID | None], None]
BELONGINGS: list[Follows] = []
"""What a council keeps besides what is passed thing by thing: the layers above sign up here. Each is told from which
council to which, and of which officer where it is to pass only what that officer keeps for the council."""


def take_effect(work: UnitOfWork, *, predecessor_id: UUID) -> tuple[UUID, ...]:
    """Let a council be followed by its successors, all of which have begun, and say so: once. Returns their ids; none
    where somebody else was first, or it is not the day. Only the clock and the register do this. Raises NotAllowed."""
    work.require(policy.may_import_councils(work.actor))
    query = select(Council).where(Council.id == predecessor_id).with_for_update()
    old = work.session.scalars(query).one()
    rows = work.session.scalars(
        select(CouncilSuccession)
        .where(CouncilSuccession.predecessor_id == predecessor_id)
        .order_by(CouncilSuccession.successor_id)
        .execution_options(populate_existing=True)
    ).all()
    pending = [row for row in rows if row.took_effect_on is None]
    today = uk_date(work.now)
    successors = list(
        work.session.scalars(
            select(Council).where(Council.id.in_([row.successor_id for row in rows])).order_by(Council.id)
        )
    )
    if not pending or not all(has_begun(one, today) for one in successors):
        return ()
    for row in pending:
        row.took_effect_on = today
    for one in successors:
        _begin(work, old, one, today)
    if old.is_active and old.id not in {one.id for one in successors}:
        old.is_active = False
        old.edited()
    old.revision += 1
    old.updated_at = work.now
    ids = tuple(one.id for one in successors)
    if len(ids) == 1:
        pass_belongings(work, old.id, ids[0])
    work.record(CouncilSucceeded(council_id=old.id, successor_ids=ids), council_id=old.id)
    return ids


def pass_belongings(work: UnitOfWork, from_id: UUID, to_id: UUID, officer_id: UUID | None = None) -> None:
    """Let what a council keeps be that of the one that follows it; or what one officer keeps for it, where several do.
    The caller has asked, and records it."""
    for follow in BELONGINGS:
        follow(work, from_id, to_id, officer_id)


def followed_by(reading: Reading, council_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The one council that stands in the place of each of some that ended; those several follow, or none, are left
    out."""
    row, follows = CouncilSuccession, dict[UUID, UUID]()
    asked = set(council_ids)
    while asked:
        alone = (
            select(row.predecessor_id, func.count())
            .where(row.predecessor_id.in_(asked), row.took_effect_on.is_not(None))
            .group_by(row.predecessor_id)
            .having(func.count() == 1)
            .subquery()
        )
        query = (
            select(row.predecessor_id, row.successor_id)
            .join(alone, alone.c.predecessor_id == row.predecessor_id)
            .where(row.took_effect_on.is_not(None), row.successor_id != row.predecessor_id)
        )
        found = {line[0]: line[1] for line in reading.session.execute(query)}
        follows |= found
        asked = set(found.values()) - follows.keys()
    return {one: _last(follows, one) for one in follows}


def _last(follows: Mapping[UUID, UUID], council_id: UUID) -> UUID:
    seen = {council_id}
    while (following := follows.get(council_id)) is not None and following not in seen:
        council_id = following
        seen.add(council_id)
    return council_id


def has_begun(council: Council, today: date) -> bool:
    """Whether a council's first day has come; it exists still, or has itself been followed."""
    return council.started_on is None or council.started_on <= today


def successions_due(reading: Reading, most: int = 100) -> list[UUID]:
    """The councils whose successors have all begun and nobody has seen to."""
    later = aliased(CouncilSuccession)
    not_begun = (
        select(Council.id)
        .join(later, later.successor_id == Council.id)
        .where(later.predecessor_id == CouncilSuccession.predecessor_id, Council.started_on > uk_date(reading.now))
        .correlate(CouncilSuccession)
    )
    query = (
        select(CouncilSuccession.predecessor_id)
        .where(CouncilSuccession.took_effect_on.is_(None), ~exists(not_begun))
        .distinct()
        .order_by(CouncilSuccession.predecessor_id)
    )
    return list(reading.session.scalars(query.limit(most)))


def successors_of(reading: Reading, council_id: UUID) -> Sequence[Council]:
    """The councils that follow one, once that has taken effect."""
    query = (
        select(Council)
        .join(CouncilSuccession, CouncilSuccession.successor_id == Council.id)
        .where(CouncilSuccession.predecessor_id == council_id, CouncilSuccession.took_effect_on.is_not(None))
    )
    return reading.session.scalars(query.order_by(Council.short_name, Council.id)).all()


def carries_on(reading: Reading, old: Council, new: Council) -> bool:
    """Whether a council goes on as another, under a new name, code or kind: alone, and from the day after its last."""
    around = select(CouncilSuccession).where(
        or_(CouncilSuccession.predecessor_id == old.id, CouncilSuccession.successor_id == new.id)
    )
    is_alone = len(reading.session.scalars(around).all()) == 1
    begins_then = old.last_day is None or new.started_on == old.last_day + timedelta(days=1)
    return is_alone and new.started_on is not None and begins_then


def standing_domain(today: date) -> ColumnElement[bool]:
    """Domains that let people in on a day."""
    return or_(CouncilDomain.ends_on.is_(None), CouncilDomain.ends_on >= today)


def _begin(work: UnitOfWork, old: Council, new: Council, today: date) -> None:
    """Let a successor begin, unless it has ended itself, with the domains of the council it follows for a year."""
    exists_today = new.started_on is not None and (new.last_day is None or new.last_day >= today)
    if not new.is_active and exists_today and not _is_followed(work, new, today):
        new.is_active = True
        new.edited()
    first_day = new.started_on or (old.last_day + timedelta(days=1) if old.last_day else None)
    ends_on = _year_after(first_day) if first_day is not None else None
    is_the_same = carries_on(work, old, new)
    if ends_on is not None and (ends_on >= today or is_the_same):
        held = set(work.session.scalars(select(CouncilDomain.domain).where(CouncilDomain.council_id == new.id)))
        domains = select(CouncilDomain).where(CouncilDomain.council_id == old.id, standing_domain(today))
        for one in work.session.scalars(domains.order_by(CouncilDomain.domain)).all():
            if one.domain not in held:
                work.add(
                    CouncilDomain(
                        council_id=new.id, domain=one.domain, is_observed=one.is_observed, source=one.source,
                        ends_on=None if is_the_same else ends_on,
                    )
                )  # fmt: skip
    new.revision += 1
    new.updated_at = work.now


def _is_followed(work: UnitOfWork, council: Council, today: date) -> bool:
    query = (
        select(Council)
        .join(CouncilSuccession, CouncilSuccession.successor_id == Council.id)
        .where(CouncilSuccession.predecessor_id == council.id)
    )
    return any(has_begun(one, today) for one in work.session.scalars(query))


def _year_after(day: date) -> date:
    """Twelve months later; from the leap day on, the last day of February."""
    try:
        return day.replace(year=day.year + YEARS_OF_OLD_DOMAINS)
    except ValueError:
        return day.replace(year=day.year + YEARS_OF_OLD_DOMAINS, day=28)
