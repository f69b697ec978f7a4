"""What a comparison is made of: two versions somebody may see, what was kept of comparing them, and what else there is
to compare with. Plain values: the comparison itself is worked out after the reading has ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from pipeline.artefacts.models import Artefact, KeptComparison, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.artefacts.visibility import artefacts_visible_to
from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound, Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Project

MOST_KEPT = 200
"""Comparisons kept with each version as the newer one: whoever asks for every pair there is fills no disk."""

MOST_OFFERED = 100
"""Versions of one document, and documents of a lineage, that the form offers."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How somebody names a version: the slug of its document and its number; `policy@3` in an address."""

    slug: str
    number: int

    def __str__(self) -> str:
        return f"{self.slug}@{self.number}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions that are compared, and its document."""

    id: UUID
    artefact_id: UUID
    root_id: UUID
    slug: str
    number: int
    title: str
    language: str
    text: str
    status: VersionStatus
    published_at: datetime
    change_note: str
    council: str
    upstream_id: UUID | None

    @property
    def reference(self) -> Reference:
        return Reference(self.slug, self.number)

    @property
    def is_removed(self) -> bool:
        return self.status is VersionStatus.REMOVED


@dataclass(frozen=True, slots=True)
class Offered:
    """A version the form offers: its reference, and what is said of it."""

    slug: str
    number: int
    title: str
    council: str
    published_at: datetime
    is_withdrawn: bool

    @property
    def reference(self) -> Reference:
        return Reference(self.slug, self.number)


def reference_from(text: str, slug: str) -> Reference | None:
    """What `3`, or `policy@3`, names on the pages of the document `slug`; None for what names nothing."""
    before, at, number = text.strip().rpartition("@")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 10) or (at and not before):
        return None
    return Reference(before or slug, int(number))


def sides_seen_by(reading: Reading, old: Reference, new: Reference) -> tuple[Side, Side]:
    """Two versions, where the viewer may know of both.

    Raises NotFound, RuleBroken (comparison.not_related, comparison.other_language).
    """
    named = [and_(Artefact.slug == one.slug, Version.number == one.number) for one in {old, new}]
    found = {side.reference: side for side in sides_of(reading, *named)}
    if old not in found or new not in found:
        raise NotFound("version")
    check_comparable(found[old], found[new])
    return found[old], found[new]


def check_comparable(old: Side | Artefact, new: Side | Artefact, *, field: str = "to") -> None:
    """Two texts of one document or one lineage, in one language. `field` is the one that named the second.

    Raises RuleBroken (comparison.not_related, comparison.other_language).
    """
    if old.root_id != new.root_id:
        words = Words(_("These two documents have nothing in common: neither was adapted from the other."))
        raise RuleBroken(Problem("comparison.not_related", words, field))
    if old.language != new.language:
        words = Words(_("These two are in different languages, and only texts in one language can be compared."))
        raise RuleBroken(Problem("comparison.other_language", words, field))


def sides_of(reading: Reading, *named: ColumnElement[bool]) -> list[Side]:
    """The versions that one of the conditions names, of documents the viewer may know of."""
    query = (
        select(
            Version.id, Version.artefact_id, Artefact.root_id, Artefact.slug, Version.number, Version.title,
            Artefact.language, Version.text, Version.status, Version.published_at, Version.change_note,
            Council.short_name.label("council"), Artefact.upstream_id,
        )
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(artefacts_visible_to(reading.actor), Version.is_hidden.is_(False), or_(*named))
    )  # fmt: skip
    rows: Iterable[Any] = reading.session.execute(query)
    return [Side(**{**row._mapping, "status": VersionStatus(row.status)}) for row in rows]


def neighbours_of(reading: Reading, slug: str) -> tuple[int, int] | None:
    """The numbers of the current version of a document and of the live one before it: what is compared where nobody
    says. None where there are no two."""
    query = (
        select(Version.number)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .where(
            Artefact.slug == slug, Version.status == VersionStatus.PUBLISHED.value,
            Version.number <= Artefact.current_number,
        )
        .order_by(Version.number.desc())
        .limit(2)
    )  # fmt: skip
    numbers = list(reading.session.scalars(query))
    return (numbers[1], numbers[0]) if len(numbers) == 2 else None


def offered_for(reading: Reading, artefact: Artefact) -> tuple[list[Offered], list[Offered]]:
    """What a document's versions can be compared with: its own versions, the newest first, and of the others of its
    lineage and language the current version of each, its original's first. Two queries; removed ones are left out."""
    own = select_offered(reading, Version.artefact_id == artefact.id).order_by(Version.number.desc())
    related = select_offered(
        reading,
        Artefact.root_id == artefact.root_id, Artefact.id != artefact.id, Artefact.language == artefact.language,
        or_(Version.number == Artefact.current_number, Version.id == artefact.base_id),
    )  # fmt: skip
    related = related.order_by(Artefact.generation, Artefact.published_at, Artefact.id, Version.number.desc())
    return _offered(reading, own.limit(MOST_OFFERED)), _offered(reading, related.limit(MOST_OFFERED))


def select_offered(reading: Reading, *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The statement that finds versions as forms offer them."""
    return (
        select(Artefact.slug, Version.number, Version.title, Council.short_name, Version.published_at, Version.status)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(artefacts_visible_to(reading.actor), Version.status != VersionStatus.REMOVED.value, *conditions)
    )


def _offered(reading: Reading, query: Select[*tuple[Any, ...]]) -> list[Offered]:
    rows = reading.session.execute(query)
    return [Offered(row[0], row[1], row[2], row[3], row[4], row[5] == VersionStatus.WITHDRAWN) for row in rows]


# What is kept


def kept_comparison(reading: Reading, old: UUID, new: UUID, method: int) -> str | None:
    """What was kept of comparing two versions with a method, as it was given to `keep_comparison`."""
    query = select(KeptComparison.content).where(
        KeptComparison.from_id == old, KeptComparison.to_id == new, KeptComparison.method == method
    )
    return reading.session.scalars(query).first()


def is_worth_keeping(old: Side, new: Side) -> bool:
    """Whether others will ask for it too: versions of one document, or of a copy and its original."""
    return new.artefact_id in (old.artefact_id, old.upstream_id) or old.artefact_id == new.upstream_id


def keep_comparison(session: Session, old: UUID, new: UUID, method: int, content: str, now: datetime) -> None:
    """Keep a comparison for good, where both versions still have their text and it is not kept already.

    For `housekeeping("comparisons")`, after the answer. A removal that came meanwhile wins. Those of older methods go.
    """
    both = select(func.count()).select_from(Version)
    both = both.where(Version.id.in_((old, new)), Version.status != VersionStatus.REMOVED.value)
    of_new = select(func.count()).select_from(KeptComparison).where(KeptComparison.to_id == new)
    if session.scalar(both) != 2 or (session.scalar(of_new) or 0) >= MOST_KEPT:
        return
    pair = (KeptComparison.from_id == old, KeptComparison.to_id == new)
    session.execute(delete(KeptComparison).where(*pair, KeptComparison.method < method))
    if session.scalar(select(KeptComparison.method).where(*pair, KeptComparison.method >= method)) is None:
        values = {"from_id": old, "to_id": new, "method": method, "content": content, "made_at": now}
        session.execute(insert(KeptComparison).values(**values))


def forget_comparisons(session: Session, version_ids: Iterable[UUID]) -> None:
    """Delete what is kept of comparing these versions: their text is removed."""
    ids = list(version_ids)
    session.execute(delete(KeptComparison).where(or_(KeptComparison.from_id.in_(ids), KeptComparison.to_id.in_(ids))))


__all__ = [
    "Offered", "Reference", "Side", "check_comparable", "forget_comparisons", "is_worth_keeping", "keep_comparison",
    "kept_comparison", "neighbours_of", "offered_for", "reference_from", "sides_seen_by",
]  # fmt: skip
