"""What the page of one document shows: who keeps it, its history without the texts, its drafts, its other language."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.models import Artefact, Draft, Licence, Version
from pipeline.artefacts.rules import ArtefactStatus, DraftStatus, VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.keyset import Order, Page, Place, read_page
from pipeline.db.work import Reading
from pipeline.projects.models import Project

_PLACE = re.compile(r"\{(title|council|version|licence)\}")
MOST_SHOWN = 200
"""Versions of the history on one page."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands round a document: its council, its licence, and itself in the other language and as the original."""

    council: Council
    licence: Licence
    pair_slug: str | None = None
    pair_title: str = ""
    pair_language: str = ""
    pair_current: int | None = None
    upstream_slug: str | None = None
    upstream_title: str = ""
    upstream_council: str = ""
    upstream_has_ended: bool = False
    base_number: int | None = None


_Pair, _PairProject = aliased(Artefact, name="pair"), aliased(Project, name="pair_project")
_Up, _UpCouncil, _UpProject = (
    aliased(Artefact, name="original"), aliased(Council, name="original_council"),
    aliased(Project, name="original_project"),
)  # fmt: skip
_Base = aliased(Version, name="base")


def around(reading: Reading, artefact: Artefact) -> Around:
    """What stands round a document the viewer has been found to see. What they may not know of is left out.

    The pair and the original are named where the public sees them.
    """
    query = (
        select(
            Council, Licence, _Pair.slug.label("pair_slug"), _Pair.title.label("pair_title"), _Pair.language,
            _Pair.current_number, _PairProject.id.label("pair_seen"), _Up.slug.label("up_slug"),
            _Up.title.label("up_title"), _Up.status.label("up_status"), _UpCouncil.short_name.label("up_council"),
            _UpProject.id.label("up_seen"), _Base.number.label("base_number"),
        )
        .select_from(Artefact)
        .join(Council, Council.id == Artefact.council_id)
        .join(Licence, Licence.code == Artefact.licence)
        .outerjoin(_Pair, (_Pair.id == Artefact.pair_id) & _Pair.is_public)
        .outerjoin(_PairProject, (_PairProject.id == _Pair.project_id) & _PairProject.is_public)
        .outerjoin(_Up, (_Up.id == Artefact.upstream_id) & _Up.is_public)
        .outerjoin(_UpProject, (_UpProject.id == _Up.project_id) & _UpProject.is_public)
        .outerjoin(_UpCouncil, _UpCouncil.id == _Up.council_id)
        .outerjoin(_Base, _Base.id == Artefact.base_id)
        .where(Artefact.id == artefact.id)
    )  # fmt: skip
    row = reading.session.execute(query).one()
    pair: dict[str, Any] = {}
    if row.pair_seen is not None:
        pair = {
            "pair_slug": row.pair_slug, "pair_title": row.pair_title, "pair_language": row.language,
            "pair_current": row.current_number,
        }  # fmt: skip
    if row.up_seen is not None:
        pair |= {
            "upstream_slug": row.up_slug, "upstream_title": row.up_title, "upstream_council": row.up_council,
            "upstream_has_ended": row.up_status == ArtefactStatus.ENDED,
        }  # fmt: skip
    return Around(row.Council, row.Licence, base_number=row.base_number, **pair)


class VersionLine(NamedTuple):
    """A version in one line of the history, without its text."""

    id: UUID
    number: int
    title: str
    words: int
    licence: str
    change_note: str
    is_major: bool
    status: str
    sha256: str
    published_at: datetime
    withdrawn_reason: str | None
    council: str
    restored_from: int | None
    took_in: int | None
    matches: int | None
    credits: list[dict[str, Any]]
    has_original: bool
    is_original_public: bool
    is_hidden: bool

    @property
    def shows_original(self) -> bool:
        """Whether everybody may have the file the version was taken from."""
        return self.has_original and self.is_original_public and not self.is_removed

    @property
    def is_live(self) -> bool:
        return self.status == VersionStatus.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.status == VersionStatus.WITHDRAWN

    @property
    def is_removed(self) -> bool:
        return self.status == VersionStatus.REMOVED


_Restored, _TookIn, _Matched = (aliased(Version, name=name) for name in ("restored", "took_in", "matched"))


VERSION_ORDERS = {
    "-number": Order(Version.number, Version.id, is_descending=True),
    "number": Order(Version.number, Version.id),
}
"""What a list of versions can be ordered by; a minus is for the newest first."""


def history_of(reading: Reading, artefact: Artefact, number: int | None = None) -> list[VersionLine]:
    """The versions of a document the viewer has been found to see, the newest first, without their texts; or one of
    them by its number."""
    query = _lines_of(artefact).order_by(Version.number.desc()).limit(MOST_SHOWN)
    if number is not None:
        query = query.where(Version.number == number)
    return [line_of(row) for row in reading.session.execute(query)]


def versions_listed(
    reading: Reading, artefact: Artefact, status: str | None, *, order: Order, limit: int, place: Place | None
) -> Page:
    """A page of the versions of a document the viewer has been found to see: rows for `line_of`."""
    query = _lines_of(artefact)
    if status is not None:
        query = query.where(Version.status == status)
    return read_page(reading.session, query, order, place, limit)


def number_of_versions(reading: Reading, artefact: Artefact, status: str | None) -> int:
    """How many versions such a list has in all."""
    query = select(func.count()).select_from(Version).where(Version.artefact_id == artefact.id)
    return reading.session.scalar(query if status is None else query.where(Version.status == status)) or 0


def line_of(row: Any) -> VersionLine:
    """A row of a list of versions, as a value."""
    return VersionLine(*row)


_LINE: tuple[Any, ...] = (
    Version.id, Version.number, Version.title, Version.words, Version.licence, Version.change_note, Version.is_major,
    Version.status, Version.sha256, Version.published_at, Version.withdrawn_reason, Council.short_name,
    _Restored.number, _TookIn.number, _Matched.number, Version.credits, Version.original_sha256.is_not(None),
    Version.is_original_public, Version.is_hidden,
)  # fmt: skip


def _lines_of(artefact: Artefact) -> Select[Any]:
    return (
        select(*_LINE)
        .join(Council, Council.id == Version.council_id)
        .outerjoin(_Restored, _Restored.id == Version.restored_from_id)
        .outerjoin(_TookIn, _TookIn.id == Version.took_in_id)
        .outerjoin(_Matched, _Matched.id == Version.matches_id)
        .where(Version.artefact_id == artefact.id)
    )


class OpenDraft(NamedTuple):
    """An open draft of a document, without its text."""

    id: UUID
    title: str
    started_from: int | None
    restored_from: int | None
    officer_id: UUID
    saved_by: UUID
    updated_at: datetime


def open_drafts_of(reading: Reading, artefact: Artefact) -> list[OpenDraft]:
    """The open drafts of a document, the last changed first. For its team."""
    started = aliased(Version, name="started")
    query = (
        select(
            Draft.id, Draft.title, started.number, _Restored.number, Draft.officer_id, Draft.saved_by,
            Draft.updated_at,
        )
        .outerjoin(started, started.id == Draft.started_from_id)
        .outerjoin(_Restored, _Restored.id == Draft.restored_from_id)
        .where(Draft.artefact_id == artefact.id, Draft.status == DraftStatus.OPEN.value)
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
    )  # fmt: skip
    return [OpenDraft(*row) for row in reading.session.execute(query)]


def credited(reading: Reading, lines: list[VersionLine]) -> dict[str, str]:
    """The short names of the councils whose suggestions versions took, by their ids as the versions keep them."""
    ids = {UUID(str(one["council_id"])) for line in lines for one in line.credits}
    if not ids:
        return {}
    rows = reading.session.execute(select(Council.id, Council.short_name).where(Council.id.in_(ids)))
    return {str(council_id): name for council_id, name in rows}


class Pairable(NamedTuple):
    """A document that could be the same in the other language."""

    slug: str
    title: str


def pairable_with(reading: Reading, artefact: Artefact) -> list[Pairable]:
    """Documents of the same council in the other language that have no pair, by title."""
    query = (
        select(Artefact.slug, Artefact.title)
        .join(Project, Project.id == Artefact.project_id)
        .where(
            Artefact.council_id == artefact.council_id, Artefact.language != artefact.language,
            Artefact.pair_id.is_(None), Artefact.slug.is_not(None), artefacts_visible_to(reading.actor),
        )
        .order_by(Artefact.title, Artefact.id)
        .limit(200)
    )  # fmt: skip
    return [Pairable(*cast(Any, row)) for row in reading.session.execute(query)]


class LicenceName(NamedTuple):
    """A licence as pages name it: its name, and the address of its text."""

    name: str
    url: str
    notice: str


def licence_names(reading: Reading, codes: Iterable[str]) -> dict[str, LicenceName]:
    """Licences by their codes."""
    rows = reading.session.execute(
        select(Licence.code, Licence.name, Licence.url, Licence.notice).where(Licence.code.in_(sorted(set(codes))))
    )
    return {code: LicenceName(name, url, notice) for code, name, url, notice in rows}


def attribution_of(reading: Reading, sources: list[dict[str, Any]]) -> tuple[str, ...]:
    """What the licences of the texts a version was made from ask to be said, the first ancestor first."""
    if not sources:
        return ()
    known = licence_names(reading, (source["licence"] for source in sources))
    return tuple(
        _filled(known[source["licence"]].notice, source | {"licence": known[source["licence"]].name})
        for source in sources
        if source["licence"] in known
    )


def _filled(notice: str, source: dict[str, Any]) -> str:
    """A notice with its places filled; a brace in a title fills nothing."""
    return _PLACE.sub(lambda place: str(source.get(place[1], place[0])), notice)
