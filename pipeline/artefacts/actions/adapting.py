"""Adapting a document: a copy that remembers its base, what its first version means, and where it comes from."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update

from pipeline.artefacts import policy, rules
from pipeline.artefacts.actions.adopting import (
    ADAPTED,
    AS_IS,
    PREPARING,
    changed_event,
    check_public,
    check_usable,
    count_standing,
    finish,
    note_move,
    standing_adoption,
)
from pipeline.artefacts.actions.drafting import new_draft
from pipeline.artefacts.actions.keeping import check_known_licence, check_licence_of_copy, sources_of
from pipeline.artefacts.adoption_events import AdoptionPrepared, CopyMade, CopyMoved
from pipeline.artefacts.adoption_rules import comes_from, generations
from pipeline.artefacts.events import ArtefactDrafted
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Draft, KeptRecurrence, Licence, Version
from pipeline.artefacts.queries import seeing
from pipeline.artefacts.rules import ArtefactStatus, DraftText
from pipeline.councils.models import Council
from pipeline.db.work import UnitOfWork
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import Audience
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects import queries as project_queries
from pipeline.projects.actions.documents_home import documents_home
from pipeline.projects.actions.keeping import acting
from pipeline.projects.models import Project


@dataclass(frozen=True, slots=True)
class CopyBegun:
    """A copy somebody began: the document, its first draft with the original's text, and the council's adoption."""

    artefact: Artefact
    draft: Draft
    adoption: Adoption


def adapt_version(
    work: UnitOfWork,
    *,
    slug: str,
    number: int,
    project_slug: str | None = None,
    title: str = "",
    licence: str = "",
) -> CopyBegun:
    """Begin a copy of a version, for the actor's council to adapt: in a project of its, or in *Documents of (council)*.

    The title and licence are the original's unless given. What the council used as is, it prepares to replace. Raises
    NotFound (artefact, version, project), NotAllowed, RuleBroken (draft.*), Conflict (artefact.not_public,
    version.withdrawn, version.removed, licence.no_derivatives, adoption.has_copy, adoption.other_council,
    adoption.trial_project).
    """
    original, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, original, project)
    work.require(policy.may_adapt(work.actor, facts))
    check_public(original)
    version = seeing.version_of(work, original, number)
    check_usable(version)
    check_may_be_adapted(work, version)
    _officer_id, council_id = acting(work)
    adoption = standing_adoption(work, original.id, council_id)
    _check_has_no_copy(adoption)
    text = DraftText(title or version.title, version.text, licence or version.licence)
    rules.check_draft(text)
    home = _home_of_copy(work, project_slug, council_id)
    copy = _new_copy(work, original, version, home, text)
    work.require(policy.may_write_draft(work.actor, seeing.artefact_facts_of(work, copy, home)))
    check_known_licence(work, text.licence)
    check_licence_of_copy(work, text.licence, sources_of(work, copy, took_in_id=None, before=None))
    work.add(copy)
    work.session.flush()
    draft = new_draft(work, copy, text, took_in_id=version.id)
    before = adoption.standing if adoption else None
    adoption = adoption or work.add(_new_adoption(work, original, version, council_id))
    _prepare(work, adoption, original, copy, version, before)
    work.record(ArtefactDrafted(artefact_id=copy.id, project_id=home.id, kind=copy.kind))
    return CopyBegun(copy, draft, adoption)


def check_may_be_adapted(work: UnitOfWork, version: Version) -> None:
    """A licence without derivatives lets nobody change a copy. Raises Conflict (licence.no_derivatives)."""
    if not work.session.get_one(Licence, version.licence).adapted_under:
        words = Words(_("Its licence does not allow copies that differ from it. Your council can adopt it as it is."))
        raise Conflict("licence.no_derivatives", words, ("adopt",))


def _check_has_no_copy(adoption: Adoption | None) -> None:
    if adoption is not None and adoption.standing != AS_IS:
        words = Words(_("Your council has a copy of this document already. Take changes of the original into that."))
        raise Conflict("adoption.has_copy", words, ("merge",))


def _home_of_copy(work: UnitOfWork, project_slug: str | None, council_id: UUID) -> Project:
    """The project that will keep a copy: one of the council's own, whose pages the public can come to read."""
    if project_slug is None:
        return documents_home(work)
    project = project_queries.project_seen_by(work, project_slug)
    if project.council_id != council_id:
        words = Words(_("Choose a project that your own council leads: the copy belongs to your council."))
        raise Conflict("adoption.other_council", words, field="project")
    if project.is_trial:
        words = Words(_("Nothing in a trial project becomes public. Choose another project."))
        raise Conflict("adoption.trial_project", words, field="project")
    return project


def _new_copy(work: UnitOfWork, original: Artefact, version: Version, home: Project, text: DraftText) -> Artefact:
    """The copy as a document of its own, not yet in the database."""
    return Artefact(
        id=new_id(), project_id=home.id, council_id=home.council_id, kind=original.kind, title=text.title,
        summary=original.summary, language=original.language, licence=text.licence,
        status=ArtefactStatus.DRAFT.value, upstream_id=original.id, base_id=version.id, root_id=original.root_id,
        generation=original.generation + 1, is_public=False,
        is_made_up=work.session.get_one(Council, home.council_id).is_made_up, created_at=work.now,
        updated_at=work.now,
    )  # fmt: skip


def _prepare(
    work: UnitOfWork, adoption: Adoption, original: Artefact, copy: Artefact, version: Version, before: str | None
) -> None:
    """The council prepares its copy: instead of what it used as is, if it did."""
    from_id = adoption.version_id if before is not None else None
    adoption.standing, adoption.copy_id, adoption.version_id = PREPARING, copy.id, version.id
    adoption.updated_at = work.now
    if before is not None:
        adoption.edited()
    work.session.flush()
    note_move(work, adoption, from_id)
    if before is not None:
        count_standing(work, original, before, PREPARING)
    work.record(
        AdoptionPrepared(
            adoption_id=adoption.id, artefact_id=original.id, project_id=original.project_id,
            adopting_council_id=copy.council_id, copy_id=copy.id, version_id=version.id, number=version.number,
        )
    )  # fmt: skip


def _new_adoption(work: UnitOfWork, original: Artefact, version: Version, council_id: UUID) -> Adoption:
    return Adoption(
        id=new_id(), artefact_id=original.id, council_id=council_id, version_id=version.id, standing=AS_IS,
        officer_id=acting(work)[0], started_at=work.now, updated_at=work.now,
    )  # fmt: skip


# What becomes of a copy


def copy_published(work: UnitOfWork, artefact: Artefact, version: Version) -> None:
    """A version of a document was published: if it is an adapted copy, its council uses that, on the base it has now.

    Called by publishing for every document, inside its work. With its first version a copy becomes an adaptation; a
    later one that took in a newer version of the original moves the adoption to it. A council that has ended its
    adoption meanwhile is not brought back by a later version.
    """
    if artefact.upstream_id is None or artefact.base_id is None:
        return
    original = work.session.get_one(Artefact, artefact.upstream_id)
    base = work.session.get_one(Version, artefact.base_id)
    _look_again(work, original.id)
    is_first = version.number == 1
    if is_first:
        _count_copy(work, original.id, 1)
        work.session.expire(original, ["copies", "revision", "updated_at"])
    adoption = standing_adoption(work, original.id, artefact.council_id)
    if adoption is None and is_first:
        adoption = work.add(_new_adoption(work, original, base, artefact.council_id))
        _adapted(work, adoption, original, artefact, base, None)
    elif adoption is not None and (adoption.copy_id == artefact.id or (is_first and adoption.copy_id is None)):
        _adapted(work, adoption, original, artefact, base, adoption.standing)


def _look_again(work: UnitOfWork, original_id: UUID) -> None:
    """A copy says something new: what recurs across the copies is looked for again, by the worker."""
    kept = work.session.get(KeptRecurrence, original_id)
    if kept is None:
        kept = work.add(KeptRecurrence(artefact_id=original_id, content={}))
    kept.due_at = work.now


def _adapted(
    work: UnitOfWork, adoption: Adoption, original: Artefact, copy: Artefact, base: Version, before: str | None
) -> None:
    """The adoption stands as adapted, at the base of the copy."""
    if before == ADAPTED and adoption.version_id == base.id:
        return
    from_version = work.session.get(Version, adoption.version_id) if before is not None else None
    adoption.standing, adoption.copy_id, adoption.version_id = ADAPTED, copy.id, base.id
    adoption.moved_at = adoption.updated_at = work.now
    if before is not None:
        adoption.edited()
    work.session.flush()
    note_move(work, adoption, from_version.id if from_version else None)
    audience = Audience.PUBLIC if copy.is_public and original.is_public else Audience.PROJECT
    count_standing(work, original, before, ADAPTED)
    if before == ADAPTED and from_version is not None:
        changes: dict[str, list[object]] = {"number": [from_version.number, base.number]}
        work.record(changed_event(adoption, original, base, ("version_id",), changes), audience=audience)
        return
    work.record(
        CopyMade(
            adoption_id=adoption.id, artefact_id=original.id, copy_id=copy.id, project_id=original.project_id,
            adopting_council_id=copy.council_id, version_id=base.id, number=base.number,
        ),
        audience=audience,
    )  # fmt: skip


def copy_discarded(work: UnitOfWork, artefact: Artefact) -> None:
    """A document that was never published is about to be deleted: if it is a copy, its council prepares it no longer.

    Who used the original as is before goes back to that, at the version they used; otherwise the adoption ends. Called
    by the deleting of drafts, inside its work and before the row goes.
    """
    query = select(Adoption).where(Adoption.copy_id == artefact.id)
    for adoption in work.session.scalars(query):
        original = work.session.get_one(Artefact, adoption.artefact_id)
        if adoption.standing == PREPARING:
            used = _used_as_is_before(work, adoption)
            if used is None:
                finish(work, adoption, original, "", Audience.PROJECT)
            else:
                _back_to(work, adoption, original, used)
        adoption.copy_id = None
    work.session.flush()


def _used_as_is_before(work: UnitOfWork, adoption: Adoption) -> Version | None:
    """The version the council used as is when it began to prepare its copy."""
    moves = work.session.scalars(
        select(AdoptionMove).where(AdoptionMove.adoption_id == adoption.id).order_by(AdoptionMove.id.desc()).limit(2)
    ).all()
    if len(moves) < 2 or moves[1].standing != AS_IS:
        return None
    return work.session.get(Version, moves[1].version_id)


def _back_to(work: UnitOfWork, adoption: Adoption, original: Artefact, used: Version) -> None:
    from_id = adoption.version_id
    adoption.standing, adoption.version_id, adoption.updated_at = AS_IS, used.id, work.now
    adoption.edited()
    note_move(work, adoption, from_id)
    count_standing(work, original, PREPARING, AS_IS)
    changes: dict[str, list[object]] = {"standing": [PREPARING, AS_IS]}
    audience = Audience.PUBLIC if original.is_public else Audience.PROJECT
    work.record(changed_event(adoption, original, used, ("standing",), changes), audience=audience)


# Another original


def change_upstream(work: UnitOfWork, *, slug: str, upstream_slug: str, number: int) -> Artefact:
    """Let an adapted copy come from another document of its lineage, with one of its versions as base.

    A line of descent never closes into a circle. Raises NotFound, NotAllowed, Conflict (copy.no_copy,
    copy.not_published, copy.other_lineage, copy.circle, copy.same_upstream, copy.own_document, artefact.not_public,
    version.withdrawn, version.removed, licence.no_derivatives), RuleBroken (draft.licence_not_allowed).
    """
    copy, project = seeing.artefact_seen_by(work, slug, lock=True)
    facts = seeing.artefact_facts_of(work, copy, project)
    work.require(policy.may_change_document(work.actor, facts))
    if copy.upstream_id is None:
        raise Conflict("copy.no_copy", Words(_("This document is not a copy of another.")))
    if copy.status == ArtefactStatus.DRAFT:
        words = Words(_("Publish the copy first, or delete it and begin with the other document."))
        raise Conflict("copy.not_published", words, ("publish",))
    upstream, _project = seeing.artefact_seen_by(work, upstream_slug)
    line = _lineage(work, copy.root_id)
    _check_new_upstream(copy, upstream, line)
    base = seeing.version_of(work, upstream, number)
    check_usable(base)
    check_may_be_adapted(work, base)
    before = work.session.get_one(Artefact, copy.upstream_id)
    copy.upstream_id, copy.base_id = upstream.id, base.id
    line[copy.id] = upstream.id
    sources = sources_of(work, copy, took_in_id=None, before=seeing.current_version_of(work, copy))
    check_licence_of_copy(work, copy.licence, sources)
    _set_generations(work, copy, line)
    copy.edited()
    copy.updated_at = work.now
    _follow_copy(work, copy, before, upstream, base)
    changes: dict[str, list[object]] = {"upstream_id": [before.id, upstream.id]}
    event = CopyMoved(
        copy_id=copy.id, project_id=copy.project_id, artefact_id=upstream.id, version_id=base.id, changes=changes
    )
    work.record(event, audience=facts.audience)
    return copy


def _lineage(work: UnitOfWork, root_id: UUID) -> dict[UUID, UUID | None]:
    """Where each document of a lineage comes from. Its first one is locked: circles close only in two halves."""
    work.session.execute(select(Artefact.id).where(Artefact.id == root_id).with_for_update())
    rows = work.session.execute(select(Artefact.id, Artefact.upstream_id).where(Artefact.root_id == root_id))
    return {row.id: row.upstream_id for row in rows}


def _check_new_upstream(copy: Artefact, upstream: Artefact, line: dict[UUID, UUID | None]) -> None:
    check_public(upstream)
    if upstream.id == copy.upstream_id:
        raise Conflict("copy.same_upstream", Words(_("The copy comes from that document already.")))
    if upstream.root_id != copy.root_id:
        words = Words(_("A copy can only come from a document of its own lineage."))
        raise Conflict("copy.other_lineage", words)
    if comes_from(upstream.id, copy.id, line):
        words = Words(_("That document was made from this one, so this one cannot come from it."))
        raise Conflict("copy.circle", words)
    if upstream.council_id == copy.council_id:
        words = Words(_("Your council keeps that document itself. Choose one that another council keeps."))
        raise Conflict("copy.own_document", words)


def _set_generations(work: UnitOfWork, copy: Artefact, line: dict[UUID, UUID | None]) -> None:
    """How far from the first each document is that comes from the copy."""
    heights = generations(line)
    moved = [one for one in line if comes_from(one, copy.id, line)]
    for row in work.session.scalars(select(Artefact).where(Artefact.id.in_(moved))):
        row.generation = heights[row.id]


def _follow_copy(work: UnitOfWork, copy: Artefact, before: Artefact, upstream: Artefact, base: Version) -> None:
    """The council uses the new original, and the one before no longer; the counters of both follow."""
    for artefact_id, change in sorted({before.id: -1, upstream.id: 1}.items()):
        _count_copy(work, artefact_id, change)
    for row in (before, upstream):
        work.session.expire(row, ["copies", "revision", "updated_at"])
    earlier = standing_adoption(work, before.id, copy.council_id)
    if earlier is None or earlier.copy_id != copy.id:
        return
    finish(work, earlier, before, "", Audience.PUBLIC if before.is_public else Audience.PROJECT)
    adoption = standing_adoption(work, upstream.id, copy.council_id)
    if adoption is None:
        adoption = work.add(_new_adoption(work, upstream, base, copy.council_id))
        adoption.review_on, adoption.note = earlier.review_on, earlier.note
        adoption.approved_by, adoption.approved_on = earlier.approved_by, earlier.approved_on
        _adapted(work, adoption, upstream, copy, base, None)
    elif adoption.copy_id is None:
        _adapted(work, adoption, upstream, copy, base, adoption.standing)


def _count_copy(work: UnitOfWork, artefact_id: UUID, change: int) -> None:
    """Keep how many published copies a document has, where the row is."""
    work.session.flush()
    work.session.execute(
        update(Artefact)
        .where(Artefact.id == artefact_id)
        .values(copies=Artefact.copies + change, revision=Artefact.revision + 1, updated_at=work.now),
        execution_options={"synchronize_session": False},
    )
