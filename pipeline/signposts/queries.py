"""Reading signposts: those kept for a nation or a council, and those a council's pledges have come near."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import NotFound
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING, Offer
from pipeline.projects.rules import NeedKind
from pipeline.signposts.models import Signpost
from pipeline.signposts.rules import Standing, is_near

MOST_LISTED = 200


def signposts_kept(reading: Reading, council_id: UUID | None) -> Sequence[Signpost]:
    """The signposts of one council, or (None) those of the nations: standing ones first, at most 200."""
    whose = Signpost.council_id.is_(None) if council_id is None else Signpost.council_id == council_id
    query = select(Signpost).where(whose)
    order = (Signpost.ended_at.is_not(None), Signpost.nation, Signpost.first_on.desc(), Signpost.id)
    return reading.session.scalars(query.order_by(*order).limit(MOST_LISTED)).all()


def signpost_kept(reading: Reading, signpost_id: UUID, council_id: UUID | None, *, lock: bool = False) -> Signpost:
    """One signpost of a council, or (None) of a nation. Raises NotFound, also for one kept by others."""
    query = select(Signpost).where(Signpost.id == signpost_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    signpost = reading.session.scalars(query).first()
    if signpost is None or signpost.council_id != council_id:
        raise NotFound("signpost")
    return signpost


def signposts_near(
    reading: Reading, *, council_id: UUID, project_id: UUID, offer: Offer | None = None, kind: NeedKind | None = None
) -> list[Signpost]:
    """The signposts that hold today and that a council's standing pledges to one project have come near.

    With `offer`, of a `kind`, also what that offer would add. They are for that council alone: others are given none.
    """
    if reading.actor.council_id != council_id or not reading.actor.is_officer:
        return []
    standing = standing_in(reading, council_id=council_id, project_id=project_id)
    if offer is not None and kind is not None:
        standing += standing_of(kind, offer.amount, offer.worth_pence)
    return [one for one in _holding(reading, council_id) if is_near(one.terms, standing)]


def _holding(reading: Reading, council_id: UUID) -> Sequence[Signpost]:
    today = uk_date(reading.now)
    nation = select(Council.nation).where(Council.id == council_id).scalar_subquery()
    query = select(Signpost).where(
        or_(Signpost.council_id == council_id, Signpost.nation == nation),
        Signpost.ended_at.is_(None),
        Signpost.first_on <= today,
        or_(Signpost.last_on.is_(None), Signpost.last_on >= today),
    )
    order = (Signpost.council_id.is_(None), Signpost.pence, Signpost.half_days, Signpost.id)
    return reading.session.scalars(query.order_by(*order)).all()


def standing_in(reading: Reading, *, council_id: UUID, project_id: UUID) -> Standing:
    """What a council has standing in a project, less what it broke or was released from.

    One that is to take another's place counts only for what it is more, as that other still stands.
    """
    replaced = select(Pledge.id, Pledge.amount, Pledge.worth_pence, Pledge.status).subquery()
    query = (
        select(
            Pledge.kind, Pledge.amount - Pledge.broken - Pledge.released, Pledge.worth_pence,
            replaced.c.amount, replaced.c.worth_pence,
        )
        .outerjoin(replaced, and_(replaced.c.id == Pledge.replaces_id, replaced.c.status.in_(STANDING)))
        .where(Pledge.council_id == council_id, Pledge.project_id == project_id, Pledge.status.in_(STANDING))
    )  # fmt: skip
    standing = Standing()
    for kind, amount, worth, earlier_amount, earlier_worth in reading.session.execute(query):
        more = amount if earlier_amount is None else max(0, amount - earlier_amount)
        standing += standing_of(NeedKind(kind), more, max(0, (worth or 0) - (earlier_worth or 0)))
    return standing


def standing_of(kind: NeedKind, amount: int, worth_pence: int | None) -> Standing:
    """One pledge, in the unit of its kind, as a signpost counts it."""
    if kind is NeedKind.TIME:
        return Standing(half_days=amount)
    if kind is NeedKind.FUNDING:
        return Standing(pence=amount)
    return Standing(worth_pence=worth_pence or 0, has_in_kind=True)


def keys_known(reading: Reading) -> set[str]:
    """The keys of the signposts that were loaded."""
    return {key for key in reading.session.scalars(select(func.distinct(Signpost.key))) if key is not None}
