"""One document, one version, one draft: found where the viewer may know of it. Each raises NotFound for hidden and
missing alike."""

from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import Adoption, Artefact, Draft, HiddenVersion, Licence, Version
from pipeline.artefacts.policy import AdoptionFacts, ArtefactFacts
from pipeline.artefacts.rules import AdoptionStanding, ArtefactStatus, VersionStatus
from pipeline.artefacts.visibility import adoptions_visible_to, artefacts_visible_to, drafts_shown_to
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.projects.models import Check, Project
from pipeline.projects.queries import facts_of


def artefact_seen_by(reading: Reading, slug: str, *, lock: bool = False) -> tuple[Artefact, Project]:
    """The document with a slug (a draft's address holds its id) and its project.

    `lock` keeps others from changing it until the work ends.
    """
    artefact_id = id_from(slug)
    named = Artefact.slug == slug if artefact_id is None else (Artefact.id == artefact_id) | (Artefact.slug == slug)
    query = select(Artefact, Project).join(Project, Project.id == Artefact.project_id)
    query = query.where(named, artefacts_visible_to(reading.actor))
    if lock:
        query = query.with_for_update(of=Artefact).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("artefact")
    return row.Artefact, row.Project


def artefact_by_id(reading: Reading, artefact_id: UUID, *, lock: bool = False) -> tuple[Artefact, Project]:
    """As `artefact_seen_by`, by id."""
    return artefact_seen_by(reading, str(artefact_id), lock=lock)


def artefact_facts_of(reading: Reading, artefact: Artefact, project: Project) -> ArtefactFacts:
    """What policies need to know of a document."""
    return ArtefactFacts(
        id=artefact.id, project=facts_of(reading, project), council_id=artefact.council_id,
        status=ArtefactStatus(artefact.status), is_public=artefact.is_public, keeps_documents=project.keeps_documents,
    )  # fmt: skip


def version_of(reading: Reading, artefact: Artefact, number: int) -> Version:
    """A version of a document the viewer has been found to see, by its number; withdrawn and removed ones as well.

    An address can name any number: one that no version has is not looked for, and no database need hold it.
    """
    if not 1 <= number <= artefact.last_number:
        raise NotFound("version")
    query = select(Version).where(Version.artefact_id == artefact.id, Version.number == number)
    version = reading.session.scalars(query).first()
    if version is None:
        raise NotFound("version")
    return version


def version_seen_by(reading: Reading, version_id: UUID) -> tuple[Version, Artefact, Project]:
    """A version by its id, with its document and project."""
    query = (
        select(Version, Artefact, Project)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(Version.id == version_id, artefacts_visible_to(reading.actor))
    )
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("version")
    return row.Version, row.Artefact, row.Project


def hidden_text_of(reading: Reading, version: Version) -> HiddenVersion | None:
    """What a hidden version said, for those who have been found to read it; None of any other."""
    return reading.session.get(HiddenVersion, version.id) if version.is_hidden else None


def current_version_of(reading: Reading, artefact: Artefact) -> Version | None:
    """The current version of a document: the highest not withdrawn or removed, if there is one."""
    if artefact.current_number is None:
        return None
    return version_of(reading, artefact, artefact.current_number)


def versions_of(reading: Reading, artefact: Artefact) -> list[Version]:
    """Every version of a document the viewer has been found to see, the newest first."""
    query = select(Version).where(Version.artefact_id == artefact.id).order_by(Version.number.desc())
    return list(reading.session.scalars(query))


def live_numbers_of(reading: Reading, artefact_id: UUID) -> list[int]:
    """The numbers of the versions not withdrawn or removed, in order: how far behind is counted in these."""
    query = select(Version.number).where(
        Version.artefact_id == artefact_id, Version.status == VersionStatus.PUBLISHED.value
    )
    return sorted(reading.session.scalars(query))


def draft_seen_by(reading: Reading, draft_id: UUID, *, lock: bool = False) -> tuple[Draft, Artefact, Project]:
    """A draft of a version, for the team and for a colleague asked to check it, until they have answered."""
    actor = reading.actor
    asked = (
        select(Check.id)
        .where(Check.subject_id == Draft.id, Check.officer_id == actor.officer_id, Check.answered_at.is_(None))
        .exists()
    )
    query = (
        select(Draft, Artefact, Project)
        .join(Artefact, Artefact.id == Draft.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(Draft.id == draft_id, artefacts_visible_to(actor))
    )
    if not actor.is_system:
        query = query.where(drafts_shown_to(actor) | asked)
    if lock:
        query = query.with_for_update(of=(Artefact, Draft)).execution_options(populate_existing=True)
    row = None if actor.is_anonymous else reading.session.execute(query).first()
    if row is None:
        raise NotFound("draft")
    return row.Draft, row.Artefact, row.Project


def adoption_seen_by(reading: Reading, adoption_id: UUID, *, lock: bool = False) -> tuple[Adoption, Artefact, Project]:
    """An adoption, with its document and the document's project."""
    query = (
        select(Adoption, Artefact, Project)
        .join(Artefact, Artefact.id == Adoption.artefact_id)
        .join(Project, Project.id == Artefact.project_id)
        .where(
            Adoption.id == adoption_id, artefacts_visible_to(reading.actor), adoptions_visible_to(reading.actor)
        )
    )  # fmt: skip
    if lock:
        query = query.with_for_update(of=(Artefact, Adoption)).execution_options(populate_existing=True)
    row = reading.session.execute(query).first()
    if row is None:
        raise NotFound("adoption")
    return row.Adoption, row.Artefact, row.Project


def adoption_facts_of(adoption: Adoption) -> AdoptionFacts:
    """What policies need to know of an adoption."""
    return AdoptionFacts(adoption.council_id, AdoptionStanding(adoption.standing))


def licence_of(reading: Reading, code: str) -> Licence:
    """The licence with a code."""
    licence = reading.session.get(Licence, code)
    if licence is None:
        raise NotFound("licence")
    return licence


def licences(reading: Reading) -> list[Licence]:
    """Every licence there is, in the order people choose from."""
    return list(reading.session.scalars(select(Licence).order_by(Licence.position)))
