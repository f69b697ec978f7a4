"""What an officer follows: by their own act, or by the part they have in it; and what of it they muted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import exists, literal, select, union_all

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Adoption
from pipeline.db.work import Reading
from pipeline.kernel.words import Words, _
from pipeline.notifications.models import Mute
from pipeline.notifications.notice_queries import Thing, things_seen
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import STANDING, PledgeStatus
from pipeline.projects.models import Follow, Need, ProjectPerson
from pipeline.projects.taking_part import Followed

MOST = 500


class Why(StrEnum):
    """Why an officer is told of something."""

    FOLLOWS = "follows"
    TEAM = "team"
    PLEDGED = "pledged"
    USES = "uses"
    MUTED = "muted"


WHY_WORDS: dict[Why, Words] = {
    Why.FOLLOWS: Words(_("You follow it")),
    Why.TEAM: Words(_("You are in its team")),
    Why.PLEDGED: Words(_("You pledged to it")),
    Why.USES: Words(_("You recorded that your council uses it")),
    Why.MUTED: Words(_("You muted it")),
}


@dataclass(frozen=True, slots=True)
class FollowedShown:
    """One thing an officer is told of: what it is, why, since when by their own act, and whether it is muted. `terms`
    are a theme or a search; `need` is what they wait for room in."""

    kind: Followed
    subject_id: UUID
    thing: Thing
    why: Why
    is_muted: bool
    follow_id: UUID | None = None
    followed_at: datetime | None = None
    terms: str = ""
    need: str = ""

    @property
    def may_mute(self) -> bool:
        """Whether notices are grouped under it, so that it can be muted."""
        return self.kind in (Followed.PROJECT, Followed.DOCUMENT, Followed.COUNCIL)


def followed_by(reading: Reading) -> list[FollowedShown]:
    """Everything the reader is told of, what they follow by their own act first, the newest follow first: four
    statements."""
    follows = reading.session.execute(
        select(
            Follow.id, Follow.subject_type, Follow.subject_id, Follow.project_id, Follow.terms, Follow.followed_at,
            Need.title.label("need"),
        )
        .outerjoin(Need, Need.id == Follow.subject_id)
        .where(Follow.officer_id == reading.actor.officer_id)
        .order_by(Follow.followed_at.desc(), Follow.id.desc())
        .limit(MOST)
    ).all()  # fmt: skip
    parts = _parts(reading)
    muted = muted_by(reading)
    things = things_seen(
        reading, [*(_thing_of(row) for row in follows), *((kind, one) for kind, one, _why in parts), *muted]
    )
    shown = [one for row in follows if (one := _follow(row, things, muted)) is not None]
    known = {(one.kind.value, one.subject_id) for one in shown}
    for kind, subject_id, why in [*parts, *((kind, one, Why.MUTED) for kind, one in sorted(muted))]:
        thing = things.get((kind, subject_id))
        if thing is not None and (kind, subject_id) not in known:
            known.add((kind, subject_id))
            shown.append(FollowedShown(Followed(kind), subject_id, thing, why, (kind, subject_id) in muted))
    return shown


def _thing_of(row: Any) -> tuple[str, UUID]:
    return ("project", row.project_id) if row.subject_type == Followed.NEED else (row.subject_type, row.subject_id)


def _follow(row: Any, things: dict[tuple[str, UUID], Thing], muted: set[tuple[str, UUID]]) -> FollowedShown | None:
    kind = Followed(row.subject_type)
    thing = things.get(_thing_of(row))
    if kind in (Followed.THEME, Followed.SEARCH):
        thing = Thing("", "")
    if thing is None:
        return None
    return FollowedShown(
        kind, row.subject_id, thing, Why.FOLLOWS, (kind.value, row.subject_id) in muted, row.id, row.followed_at,
        row.terms or "", row.need or "" if kind is Followed.NEED else "",
    )  # fmt: skip


def _parts(reading: Reading) -> Sequence[tuple[str, UUID, Why]]:
    """What the reader has a part in for a council they work for: its team, a pledge, a document their council uses."""
    officer_id = reading.actor.officer_id

    def works(table: Any) -> Any:
        return exists().where(
            Membership.officer_id == table.officer_id, Membership.council_id == table.council_id,
            Membership.started_at.is_not(None), Membership.ended_at.is_(None),
        )  # fmt: skip

    ways = union_all(
        select(literal("project"), ProjectPerson.project_id, literal(Why.TEAM.value)).where(
            ProjectPerson.officer_id == officer_id, ProjectPerson.ended_at.is_(None), works(ProjectPerson)
        ),
        select(literal("project"), Pledge.project_id, literal(Why.PLEDGED.value)).where(
            Pledge.officer_id == officer_id, Pledge.status.in_((*STANDING, PledgeStatus.DELIVERED)), works(Pledge)
        ),
        select(literal("document"), Adoption.artefact_id, literal(Why.USES.value)).where(
            Adoption.officer_id == officer_id, Adoption.ended_at.is_(None), works(Adoption)
        ),
    ).limit(MOST)
    return [(row[0], row[1], Why(row[2])) for row in reading.session.execute(ways)]


def muted_by(reading: Reading) -> set[tuple[str, UUID]]:
    """What the reader muted."""
    query = select(Mute.subject_type, Mute.subject_id).where(Mute.officer_id == reading.actor.officer_id)
    return {(row[0], row[1]) for row in reading.session.execute(query)}


def own_follow(reading: Reading, followed: Followed, subject_id: UUID) -> UUID | None:
    """The reader's own follow of something."""
    query = select(Follow.id).where(
        Follow.officer_id == reading.actor.officer_id, Follow.subject_type == followed, Follow.subject_id == subject_id
    )
    return reading.session.scalar(query)
