"""What every verb here does to a document: take a slug, say which version is current, keep who is to be named."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from pipeline.artefacts import rules
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.models import Artefact, Draft, Licence, Version
from pipeline.artefacts.rules import ArtefactStatus, DraftStatus, DraftText, Source, VersionStatus
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict, Problem, RuleBroken
from pipeline.kernel.text import clean
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import touch as touch_project
from pipeline.projects.models import Project

MOST_TRIES = 50


def text_kept(text: str) -> str:
    """A text as a draft or version keeps it: clean, Unicode NFC, line feeds, one at the end."""
    return normal(clean(text))


def number_of_words(text: str) -> int:
    """How many words a text has; marks of Markdown that stand alone are none."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def written_in(draft: Draft) -> DraftText:
    """What a draft says now."""
    return DraftText(
        title=draft.title, text=draft.text, licence=draft.licence, change_note=draft.change_note,
        is_major=draft.is_major,
    )  # fmt: skip


def check_known_licence(work: UnitOfWork, code: str) -> Licence:
    """The licence with a code. Raises RuleBroken (draft.licence_unknown)."""
    licence = work.session.get(Licence, code)
    if licence is None:
        raise RuleBroken(Problem("draft.licence_unknown", Words(_("Choose a licence from the list")), "licence"))
    return licence


def check_kept(artefact: Artefact) -> None:
    """Nothing new is written in a document that is kept no longer. Raises Conflict (artefact.ended)."""
    if artefact.status == ArtefactStatus.ENDED:
        words = Words(_("This document is kept no longer. Its leads can say that it is kept again."))
        raise Conflict("artefact.ended", words, ("reopen",))


def touch(work: UnitOfWork, artefact: Artefact, project: Project) -> None:
    """Say that something the public reads of a document, and of its project's page, changed."""
    artefact.revision += 1
    artefact.updated_at = work.now
    if artefact.is_public:
        touch_project(work, project)


def renew_current(work: UnitOfWork, artefact: Artefact) -> Version | None:
    """Keep which version is current: the highest not withdrawn or removed, with its title and licence. Returns it."""
    work.session.flush()
    query = (
        select(Version)
        .where(Version.artefact_id == artefact.id, Version.status == VersionStatus.PUBLISHED.value)
        .order_by(Version.number.desc())
        .limit(1)
    )
    current = work.session.scalars(query).first()
    artefact.current_number = current.number if current else None
    if current is not None:
        artefact.title, artefact.licence = current.title, current.licence
    return current


def started_number(work: UnitOfWork, draft: Draft) -> int:
    """The number of the version a draft started from; 0 where it started from none."""
    if draft.started_from_id is None:
        return 0
    return work.session.get_one(Version, draft.started_from_id).number


def show_to_public(artefact: Artefact, project: Project) -> None:
    """Keep whether the public sees a document: a version is published, its project is public, nothing is hidden."""
    is_shared = artefact.status != ArtefactStatus.DRAFT and not artefact.is_hidden
    artefact.is_public = is_shared and project.is_public


def give_slug(work: UnitOfWork, artefact: Artefact) -> None:
    """Give a document the slug of its title, once and for good, with a number after it where another has that one.

    The unique column has the last word when two ask at once.
    """
    base = rules.slug_base(artefact.title)
    for number in range(1, MOST_TRIES):
        slug = base if number == 1 else f"{base}-{number}"
        if work.session.scalar(select(Artefact.id).where(Artefact.slug == slug)) is not None:
            continue
        try:
            with work.session.begin_nested():
                artefact.slug = slug
                work.session.flush()
            return
        except IntegrityError:
            work.session.refresh(artefact, ["slug"])
    artefact.slug = f"{base[:40]}-{artefact.id}"


def sources_of(
    work: UnitOfWork, artefact: Artefact, *, took_in_id: UUID | None, before: Version | None
) -> list[dict[str, Any]]:
    """The attribution a version of a copy carries, the first ancestor first: council, title, version, licence, slug.

    `took_in_id` is the original's version taken in now, where one is; else the base counts. What earlier versions
    named (`before`) stays named: words of it may still be there.
    """
    chain: list[dict[str, Any]] = list(before.sources) if before else []
    for version_id in filter(None, (artefact.base_id, took_in_id)):
        for source in _line_of(work, version_id):
            known = [place for place, one in enumerate(chain) if one["slug"] == source["slug"]]
            if known:
                chain[known[0]] = source
            else:
                chain.append(source)
    return chain


def _line_of(work: UnitOfWork, version_id: UUID) -> list[dict[str, Any]]:
    version = work.session.get_one(Version, version_id)
    upstream = work.session.get_one(Artefact, version.artefact_id)
    council = work.session.get_one(Council, upstream.council_id)
    own: dict[str, Any] = {
        "council": council.name, "title": version.title, "version": version.number, "licence": version.licence,
        "slug": upstream.slug,
    }  # fmt: skip
    return [*version.sources, own]


def check_licence_of_copy(work: UnitOfWork, licence: str, sources: list[dict[str, Any]]) -> None:
    """The licence is allowed by every text in the lineage. Raises RuleBroken (draft.licence_not_allowed)."""
    if not sources:
        return
    found = work.session.scalars(select(Licence).where(Licence.code.in_({one["licence"] for one in sources})))
    allowed = {one.code: frozenset(one.adapted_under) for one in found}
    made_from = [Source(one["title"], one["licence"], allowed.get(one["licence"], frozenset())) for one in sources]
    rules.check_licence(licence, made_from)


def open_drafts_of(work: UnitOfWork, artefact_id: UUID) -> int:
    """How many drafts of a document are open."""
    is_open = Draft.status == DraftStatus.OPEN.value
    return work.session.scalar(select(func.count(Draft.id)).where(Draft.artefact_id == artefact_id, is_open)) or 0
