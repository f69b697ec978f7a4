"""Reading one's own notices: what each is about, as far as one may know of it now. However many there are, it takes the
same few statements."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Text,
    and_,
    literal,
    null,
    select,
    union_all,
    update,
)

from pipeline.artefacts.models import Artefact
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading, housekeeping
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.notifications.finding import KIND as FOUND
from pipeline.notifications.kinds import KINDS, path_of
from pipeline.notifications.models import MailPreference, Notice
from pipeline.notifications.notices import as_chosen
from pipeline.notifications.preferences import Preferences
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search, followed_terms
from pipeline.notifications.unread import own_notices
from pipeline.pledges.messages import amount_words
from pipeline.pledges.models import Pledge
from pipeline.pledges.visibility import pledges_visible_to
from pipeline.projects.models import Need, Project
from pipeline.projects.visibility import visible_to
from pipeline.search.messages import ONE_OF_KIND
from pipeline.search.models import EntryKind

ORDER = Order(Notice.made_at, Notice.id, is_descending=True)
FOLDERS = {"project": "projects", "document": "documents", "council": "councils"}


@dataclass(frozen=True, slots=True)
class Thing:
    """What notices are about: what it is called, and its page. Of a pledge: who gives what, towards which need."""

    title: str
    path: str
    words: Words | None = None


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


def notices_of(reading: Reading, place: Place | None, limit: int, language: str = "en") -> tuple[list[Group], Page]:
    """A page of the reader's notices, those about one thing together, and the places before and after it.

    What they may not know of any more is left out. Each stands for the council it was made for, while they work there.
    A search they follow is named in a language.
    """
    query = select(
        Notice.made_at, Notice.id, Notice.kind, Notice.sort, Notice.about_type, Notice.about_id, Notice.payload,
        Notice.read_at,
    ).where(*own_notices(reading.actor.officer_id))  # fmt: skip
    page = read_page(reading.session, query, ORDER, place, limit)
    seen = things_seen(
        reading, [(row.about_type, row.about_id) for row in page.rows], [row.payload for row in page.rows]
    )
    searches = _searches(reading, page.rows, language)
    groups: dict[Any, Group] = {}
    for row in page.rows:
        key = (row.about_type, row.about_id)
        if not _is_shown(row.kind, key, row.payload, seen):
            continue
        thing = seen.get(key, NOTHING)
        pledge_id = _pledge_in(row.payload)
        shown = _shown(row, thing, seen[("pledge", pledge_id)] if pledge_id else NOTHING, searches)
        groups.setdefault(key, Group(row.about_type, row.about_id, thing, [])).notices.append(shown)
    return list(groups.values()), page


def _searches(reading: Reading, rows: Sequence[Any], language: str) -> dict[str, str]:
    """What the searches are called that found what some notices are about, as far as the reader follows them still."""
    ids = {UUID(row.payload["search_id"]) for row in rows if row.kind == FOUND}
    if not ids:
        return {}
    terms = followed_terms(reading, sorted(ids))
    return {str(one): search_in_words(Search.of_terms(terms[one]), language) for one in terms}


def _shown(row: Any, thing: Thing, pledge: Thing, searches: Mapping[str, str]) -> NoticeShown:
    """A notice as it reads. Several on one project would read alike if they did not say which pledge, or search."""
    path = path_of(row.kind, {**row.payload, "about_id": str(row.about_id)}) or thing.path
    words = KINDS[row.kind].words
    if pledge.words is not None:
        words = Words("{what}: {pledge}", what=words, pledge=pledge.words)
    if row.kind == FOUND:
        path = _path_found(row.payload, thing.path)
        if (search := searches.get(row.payload["search_id"])) is not None:
            kind = ONE_OF_KIND[EntryKind(row.payload["found"])]
            words = Words(_("{kind} for your search: {search}"), kind=kind, search=search)
    return NoticeShown(row.id, row.kind, row.sort, words, path, row.made_at, row.read_at is not None)


def _path_found(payload: Mapping[str, Any], path: str) -> str:
    """The page of what a search found: its own, or its place on that of its project."""
    found_id = payload["found_id"]
    if payload["found"] == EntryKind.NEED:
        return f"{path}#need-{found_id}"
    folder = {EntryKind.UPDATE: "updates", EntryKind.LESSON: "lessons"}.get(EntryKind(payload["found"]))
    return f"/{folder}/{found_id}" if folder else path


def _is_shown(kind: str, about: Any, payload: Mapping[str, Any], seen: Mapping[Any, Thing]) -> bool:
    """Whether a notice is about what its reader may know of: the thing, and the pledge where it names one."""
    pledge_id = _pledge_in(payload)
    return (
        kind in KINDS and (about[0] is None or about in seen) and (pledge_id is None or ("pledge", pledge_id) in seen)
    )


def _pledge_in(payload: Mapping[str, Any]) -> UUID | None:
    return id_from(str(payload.get("pledge_id") or ""))


def things_seen(
    reading: Reading, things: Iterable[tuple[str | None, UUID | None]], payloads: Iterable[Mapping[str, Any]] = ()
) -> dict[tuple[str, UUID], Thing]:
    """Those of some projects, documents and councils, and of the pledges payloads name, that the reader may know of."""
    ids: dict[str, set[UUID]] = {"project": set(), "document": set(), "council": set(), "pledge": set()}
    for kind, thing_id in things:
        if kind in ids and thing_id is not None:
            ids[kind].add(thing_id)
    ids["pledge"] |= {one for each in payloads if (one := _pledge_in(each)) is not None}
    if not any(ids.values()):
        return {}
    actor = reading.actor
    rows: Any = reading.session.execute(
        union_all(
            select(literal("project").label("kind"), Project.id, Project.title, Project.slug, *_NO_PLEDGE).where(
                Project.id.in_(ids["project"]), visible_to(actor)
            ),
            select(literal("document"), Artefact.id, Artefact.title, Artefact.slug, *_NO_PLEDGE)
            .join(Project, Project.id == Artefact.project_id)
            .where(Artefact.id.in_(ids["document"]), artefacts_visible_to(actor)),
            select(literal("council"), Council.id, Council.name, Council.slug, *_NO_PLEDGE).where(
                Council.id.in_(ids["council"])
            ),
            select(
                literal("pledge"), Pledge.id, Need.title, literal(""), Council.short_name, Pledge.kind, Pledge.amount,
                Need.thing,
            )
            .join(Project, Project.id == Pledge.project_id)
            .join(Need, Need.id == Pledge.need_id)
            .join(Council, Council.id == Pledge.council_id)
            .where(Pledge.id.in_(ids["pledge"]), pledges_visible_to(actor)),
        )
    )  # fmt: skip
    return {(row.kind, row.id): _thing(row) for row in rows}


_NO_PLEDGE = (
    null().cast(Text).label("council"), null().cast(Text).label("pledge_kind"), null().cast(Integer).label("amount"),
    null().cast(Text).label("thing"),
)  # fmt: skip
"""What only pledges have."""


def _thing(row: Any) -> Thing:
    if row.kind != "pledge":
        return Thing(row.title, f"/{FOLDERS[row.kind]}/{row.slug or row.id}")
    amount = amount_words(row.pledge_kind, row.amount, row.thing)
    words = Words("{council}, {amount}, {need}", council=row.council, amount=amount, need=row.title)
    return Thing(row.title, "", words)


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
