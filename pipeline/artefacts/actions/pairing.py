"""A document in English and Welsh: two documents that are one, and which versions of them say the same."""

from sqlalchemy import update

from pipeline.artefacts import policy
from pipeline.artefacts.actions.keeping import touch
from pipeline.artefacts.actions.withdrawing import check_has_text
from pipeline.artefacts.events import ArtefactPaired, ArtefactUnpaired, VersionMatched
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import ArtefactStatus
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.words import Words, _
from pipeline.projects.models import Project

Found = tuple[Artefact, Project]


def pair_documents(work: UnitOfWork, *, slug: str, other_slug: str) -> Artefact:
    """Say, as a lead of both, that two documents are one in English and Welsh. Neither is the translation of the other.

    Raises NotFound, NotAllowed, Conflict (artefact.same_language, artefact.paired, artefact.not_published).
    """
    one, other = _both(work, slug, other_slug)
    for artefact, project in (one, other):
        work.require(policy.may_pair_documents(work.actor, seeing.artefact_facts_of(work, artefact, project)))
        _check_free(artefact)
    if one[0].language == other[0].language:
        words = Words(_("Both are in the same language. Only one in English and one in Welsh are a pair."))
        raise Conflict("artefact.same_language", words, field="other")
    one[0].pair_id, other[0].pair_id = other[0].id, one[0].id
    for (artefact, project), pair in ((one, other[0]), (other, one[0])):
        _changed(work, artefact, project)
        event = ArtefactPaired(artefact_id=artefact.id, project_id=project.id, pair_id=pair.id)
        work.record(event, audience=seeing.artefact_facts_of(work, artefact, project).audience)
    return one[0]


def _both(work: UnitOfWork, slug: str, other_slug: str) -> tuple[Found, Found]:
    """Two documents, locked in the order of their ids: two who pair crosswise wait for each other in turn."""
    ids = {name: seeing.artefact_seen_by(work, name)[0].id for name in (slug, other_slug)}
    locked = {one: seeing.artefact_by_id(work, one, lock=True) for one in sorted(set(ids.values()))}
    return locked[ids[slug]], locked[ids[other_slug]]


def _check_free(artefact: Artefact) -> None:
    if artefact.status == ArtefactStatus.DRAFT:
        raise Conflict("artefact.not_published", Words(_("Publish both documents first.")), field="other")
    if artefact.pair_id is not None:
        words = Words(_("“{title}” has a pair already. Take that apart first."), title=artefact.title)
        raise Conflict("artefact.paired", words, ("unpair",), field="other")


def _changed(work: UnitOfWork, artefact: Artefact, project: Project) -> None:
    artefact.version += 1
    touch(work, artefact, project)


def unpair(work: UnitOfWork, *, slug: str) -> Artefact:
    """Say, as a lead of either, that two documents are not one in two languages.

    Raises NotFound, NotAllowed, Conflict (artefact.not_paired).
    """
    artefact, project = seeing.artefact_seen_by(work, slug)
    if artefact.pair_id is None:
        raise Conflict("artefact.not_paired", Words(_("This document has no pair in the other language.")))
    work.require(policy.may_pair_documents(work.actor, seeing.artefact_facts_of(work, artefact, project)))
    ids = (artefact.id, artefact.pair_id)
    # The one in the other language may be hidden from whoever takes the two apart: it is let go all the same.
    both = [(one, work.session.get_one(Project, one.project_id)) for one in _locked(work, ids)]
    for one, its_project in both:
        pair_id, one.pair_id = one.pair_id, None
        _changed(work, one, its_project)
        if pair_id is not None:
            event = ArtefactUnpaired(artefact_id=one.id, project_id=its_project.id, pair_id=pair_id)
            work.record(event, audience=seeing.artefact_facts_of(work, one, its_project).audience)
    unmatched = update(Version).where(Version.artefact_id.in_(ids), Version.matches_id.is_not(None))
    work.session.execute(unmatched.values(matches_id=None), execution_options={"synchronize_session": False})
    return artefact


def _locked(work: UnitOfWork, ids: tuple[object, ...]) -> list[Artefact]:
    in_order = sorted(ids, key=str)
    return [work.session.get_one(Artefact, one, with_for_update=True, populate_existing=True) for one in in_order]


def match_version(work: UnitOfWork, *, slug: str, number: int, other_number: int | None) -> Version:
    """Say, as a lead, which version of the document in the other language says the same as a version; None for none.

    Said of one it is said of the other. Raises NotFound, NotAllowed, Conflict (artefact.not_paired, version.removed).
    """
    artefact, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, artefact, project)
    work.require(policy.may_pair_documents(work.actor, facts))
    if artefact.pair_id is None:
        raise Conflict("artefact.not_paired", Words(_("This document has no pair in the other language.")))
    version = seeing.version_of(work, artefact, number)
    other, _other_project = seeing.artefact_by_id(work, artefact.pair_id)
    matched = seeing.version_of(work, other, other_number) if other_number is not None else None
    for one in filter(None, (version, matched)):
        check_has_text(one)
    if version.matches_id == (matched.id if matched else None):
        return version
    _let_go(work, version, matched)
    version.matches_id = matched.id if matched else None
    if matched is not None:
        matched.matches_id = version.id
    touch(work, artefact, project)
    shown_there = update(Artefact).where(Artefact.id == other.id).values(revision=Artefact.revision + 1)
    work.session.execute(shown_there, execution_options={"synchronize_session": False})
    event = VersionMatched(
        version_id=version.id, artefact_id=artefact.id, project_id=project.id, number=number,
        matches_id=version.matches_id,
    )  # fmt: skip
    work.record(event, audience=facts.audience)
    return version


def _let_go(work: UnitOfWork, version: Version, matched: Version | None) -> None:
    """Versions that said they were the same as either of the two say so no longer."""
    ids = [one.id for one in (version, matched) if one is not None]
    others = update(Version).where(Version.matches_id.in_(ids)).values(matches_id=None)
    work.session.execute(others, execution_options={"synchronize_session": "fetch"})
