"""Reading one's own notices: what each is about, as far as one may know of it now. However many there are, it takes the
same few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all, update

from pipeline.accounts.models import Membership
from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words
from pipeline.notifications.kinds import KINDS, path_of
from pipeline.notifications.models import MailPreference, Notice
from pipeline.notifications.notices import as_chosen
from pipeline.notifications.preferences import Preferences
from pipeline.pledges.models import Pledge
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.models import Project
from pipeline.projects.visibility import visible_to

ORDER = Order(Notice.made_at, Notice.id, is_descending=True)
FOLDERS = {"project": "projects", "document": "documents", "council": "councils"}


@dataclass(frozen=True, slots=True)
class Thing:
    """What notices are about: what it is called, and its page."""

    title: str
    path: str


NOTHING = Thing("", "")
"""What notices about one's own account are about."""


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """One notice: what it says, where it leads, when it came, and whether it was read."""

    id: UUID
    kind: str
    sort: str
    words: Words
    path: str
    made_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The notices about one thing, the newest first."""

    about_type: str | None
    about_id: UUID | None
    thing: Thing
    notices: list[NoticeShown]

    @property
    def is_read(self) -> bool:
        """Whether all of it was read."""
        return all(one.is_read for one in self.notices)


def notices_of(reading: Reading, place: Place | None, limit: int) -> tuple[list[Group], Page]:
    """A page of the reader's notices, those about one thing together, and the places before and after it.

    What they may not know of any more is left out. Each stands for the council it was made for, while they work there.
    """
    query = select(
        Notice.made_at, Notice.id, Notice.kind, Notice.sort, Notice.about_type, Notice.about_id, Notice.payload,
        Notice.read_at,
    ).where(*_own(reading))  # fmt: skip
    page = read_page(reading.session, query, ORDER, place, limit)
    things, pledges = _seen(reading, page.rows)
    groups: dict[Any, Group] = {}
    for row in page.rows:
        key = (row.about_type, row.about_id)
        thing = NOTHING if row.about_type is None else things.get(key)
        pledge_id = id_from(str(row.payload.get("pledge_id", "")))
        if thing is None or row.kind not in KINDS or (pledge_id is not None and pledge_id not in pledges):
            continue
        groups.setdefault(key, Group(row.about_type, row.about_id, thing, [])).notices.append(_shown(row, thing))
    return list(groups.values()), page


def _own(reading: Reading) -> tuple[ColumnElement[bool], ...]:
    works = exists().where(
        Membership.officer_id == Notice.officer_id, Membership.council_id == Notice.council_id,
        Membership.started_at.is_not(None), Membership.ended_at.is_(None),
    )  # fmt: skip
    return Notice.officer_id == reading.actor.officer_id, or_(Notice.council_id.is_(None), works)


def _shown(row: Any, thing: Thing) -> NoticeShown:
    path = path_of(row.kind, {**row.payload, "about_id": str(row.about_id)})
    return NoticeShown(
        row.id, row.kind, row.sort, KINDS[row.kind].words, path or thing.path, row.made_at, row.read_at is not None
    )


def _seen(reading: Reading, rows: Sequence[Any]) -> tuple[Mapping[Any, Thing], set[UUID]]:
    """The things notices are about that the reader may know of, and the pledges: one statement."""
    found = things_seen(reading, [(row.about_type, row.about_id) for row in rows], [row.payload for row in rows])
    pledges = {thing_id for kind, thing_id in found if kind == "pledge"}
    return found, pledges


def things_seen(
    reading: Reading, things: Iterable[tuple[str | None, UUID | None]], payloads: Iterable[Mapping[str, Any]] = ()
) -> dict[tuple[str, UUID], Thing]:
    """Those of some projects, documents and councils, and of the pledges payloads name, that the reader may know of."""
    ids: dict[str, set[UUID]] = {"project": set(), "document": set(), "council": set(), "pledge": set()}
    for kind, thing_id in things:
        if kind in ids and thing_id is not None:
            ids[kind].add(thing_id)
    ids["pledge"] |= {one for each in payloads if (one := id_from(str(each.get("pledge_id", "")))) is not None}
    if not any(ids.values()):
        return {}
    actor = reading.actor
    rows: Any = reading.session.execute(
        union_all(
            select(literal("project").label("kind"), Project.id, Project.title, Project.slug).where(
                Project.id.in_(ids["project"]), visible_to(actor)
            ),
            select(literal("document"), Artefact.id, Artefact.title, Artefact.slug)
            .join(Project, Project.id == Artefact.project_id)
            .where(Artefact.id.in_(ids["document"]), artefacts_visible_to(actor)),
            select(literal("council"), Council.id, Council.name, Council.slug).where(Council.id.in_(ids["council"])),
            select(literal("pledge"), Pledge.id, literal(""), literal(""))
            .join(Project, Project.id == Pledge.project_id)
            .where(Pledge.id.in_(ids["pledge"]), pledges_visible_to(actor)),
        )
    )
    return {
        (row[0], row[1]): Thing(row[2], f"/{FOLDERS[row[0]]}/{row[3] or row[1]}" if row[0] in FOLDERS else "")
        for row in rows
    }


def unread_of(reading: Reading) -> int:
    """How many notices the reader has not read."""
    query = select(func.count()).select_from(Notice).where(*_own(reading), Notice.read_at.is_(None))
    return reading.session.execute(query).scalar_one()


def mark_read(officer_id: UUID, now: datetime, about_id: UUID | None = None, newest: datetime | None = None) -> None:
    """Note that an officer has read their notices: all of them, or those about one thing, no newer than a moment."""
    which = [Notice.officer_id == officer_id, Notice.read_at.is_(None), Notice.made_at <= (newest or now)]
    if about_id is not None:
        which.append(Notice.about_id == about_id)
    with housekeeping("notice read") as session:
        session.execute(
            update(Notice).where(and_(*which)).values(read_at=now), execution_options={"synchronize_session": False}
        )


def own_preferences(reading: Reading) -> Preferences:
    """How the reader wants to be told."""
    row = reading.session.get(MailPreference, reading.actor.officer_id) if reading.actor.officer_id else None
    return as_chosen(row)
