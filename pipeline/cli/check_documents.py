"""What must always hold of shared documents and lessons, for `flask check`."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from pipeline.artefacts.blocks import hash_of
from pipeline.artefacts.models import Adoption, Artefact, Draft, HiddenVersion, Merge, Suggestion, Version
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus, DraftStatus, MergeStatus, VersionStatus
from pipeline.db.work import Reading
from pipeline.lessons.models import Lesson
from pipeline.lessons.rules import LessonStatus
from pipeline.projects.models import Project

Upstream, Base_ = aliased(Artefact), aliased(Version)


def versions_are_numbered(reading: Reading) -> list[str]:
    """The versions of a document run 1, 2, 3 without a gap."""
    wrong = (
        select(Version.artefact_id)
        .group_by(Version.artefact_id)
        .having(or_(func.min(Version.number) != 1, func.max(Version.number) != func.count()))
    )
    return _named(reading, "document", wrong)


def texts_match_their_hashes(reading: Reading) -> list[str]:
    """The text of every version is the one its hash was made of, also where it is put aside while a coordinator has
    hidden it; a removed one has none."""
    removed = VersionStatus.REMOVED.value
    kept = select(Version.id, Version.text, Version.sha256).where(Version.status != removed)
    rows = reading.session.execute(kept.execution_options(yield_per=100))
    changed = [f"version {row.id}" for row in rows if hash_of(row.text) != row.sha256]
    aside = select(Version.id, HiddenVersion.text, Version.sha256).outerjoin(HiddenVersion).where(Version.is_hidden)
    changed += [f"version {row.id}" for row in reading.session.execute(aside) if hash_of(row.text or "") != row.sha256]
    left = select(Version.id).where(Version.status == removed, or_(Version.text != "", Version.html != ""))
    return [*changed, *_named(reading, "removed, and its text is there, version", left)]


def lineages_resolve(reading: Reading) -> list[str]:
    """A copy has the lineage of its original, one generation on, and its base is a version of that original."""
    wrong = (
        select(Artefact.id)
        .join(Upstream, Upstream.id == Artefact.upstream_id)
        .join(Base_, Base_.id == Artefact.base_id)
        .where(
            or_(
                Artefact.root_id != Upstream.root_id,
                Artefact.generation != Upstream.generation + 1,
                Base_.artefact_id != Artefact.upstream_id,
            )
        )
    )
    first = select(Artefact.id).where(
        Artefact.upstream_id.is_(None), or_(Artefact.root_id != Artefact.id, Artefact.generation != 0)
    )
    return [*_named(reading, "copy", wrong), *_named(reading, "first of a lineage, document", first)]


def adoptions_resolve(reading: Reading) -> list[str]:
    """An adoption names a version of its document; an adapted one a copy of the adopting council."""
    copy = aliased(Artefact)
    strange = select(Adoption.id).join(Version, Version.id == Adoption.version_id)
    not_its_own = (
        select(Adoption.id)
        .join(copy, copy.id == Adoption.copy_id)
        .where(Adoption.standing != AdoptionStanding.ENDED.value, copy.council_id != Adoption.council_id)
    )
    return [
        *_named(reading, "adoption", strange.where(Version.artefact_id != Adoption.artefact_id)),
        *_named(reading, "of another council, the copy of adoption", not_its_own),
    ]


def public_documents_are_public(reading: Reading) -> list[str]:
    """A document is public when a version of it is published and neither it nor its project is hidden."""
    should = and_(
        Artefact.status != ArtefactStatus.DRAFT.value,
        Artefact.is_hidden.is_(False),
        Project.is_public,
    )
    query = select(Artefact.id).join(Project, Project.id == Artefact.project_id)
    return _named(reading, "document", query.where(Artefact.is_public != should))


def finished_work_is_over(reading: Reading) -> list[str]:
    """A finished merge has its draft, and a published suggestion the version it is in."""
    merges = select(Merge.id).where(Merge.status == MergeStatus.FINISHED.value, Merge.draft_id.is_(None))
    published = exists().where(Version.id == Suggestion.published_in_id, Version.artefact_id == Suggestion.artefact_id)
    suggestions = select(Suggestion.id).where(Suggestion.status == "published", ~published)
    drafts = (
        select(Draft.id)
        .join(Artefact, Artefact.id == Draft.artefact_id)
        .where(Draft.status == DraftStatus.PUBLISHED.value, Artefact.last_number == 0)
    )
    return [
        *_named(reading, "merge", merges),
        *_named(reading, "suggestion", suggestions),
        *_named(reading, "published and in no version, draft", drafts),
    ]


def lessons_are_pinned_right(reading: Reading) -> list[str]:
    """A lesson is pinned to a version of the document it names, and answered by a version of it."""
    answering = aliased(Version)
    query = (
        select(Lesson.id)
        .join(Version, Version.id == Lesson.version_id)
        .outerjoin(answering, answering.id == Lesson.answered_by_id)
        .where(
            or_(Version.artefact_id != Lesson.artefact_id, answering.artefact_id != Lesson.artefact_id),
            Lesson.status != LessonStatus.DRAFT.value,
        )
    )
    return _named(reading, "lesson", query)


def _named(reading: Reading, noun: str, query: Select[Any]) -> list[str]:
    return [f"{noun} {found}" for found in reading.session.scalars(query)]


INVARIANTS: tuple[tuple[str, Callable[[Reading], list[str]]], ...] = (
    ("The versions of a document run 1, 2, 3 without a gap.", versions_are_numbered),
    ("No published text was ever changed: each matches its hash.", texts_match_their_hashes),
    ("Every copy has its place in its lineage, and none closes into a circle.", lineages_resolve),
    ("Every adoption is of a version of its document.", adoptions_resolve),
    ("A document is public when it is published and not hidden, and only then.", public_documents_are_public),
    ("Every finished merge and published suggestion has what came of it.", finished_work_is_over),
    ("Every lesson is pinned to a version of the document it names.", lessons_are_pinned_right),
)
