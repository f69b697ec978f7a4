"""Builders of shared documents with defaults that say nothing: a test states only what matters to it.

    shelf = Shelf(make)
    model = shelf.document(project, officer, "Be kind.", "Be kind. Be brief.")       # two published versions
    copy = shelf.copy(model, 1, other_project, other_officer, "Be kind to us.")      # an adapted copy of version 1
    shelf.adopt(model, 2, third_council, third_officer)                              # as is, at version 2

Rows are put straight into the tables. The counters a page shows (`as_is`, `adapted`, `adoptions`, `copies`) are kept as
the actions keep them; no event is recorded. The licences are put there with the first document: tests begin with empty
tables.
"""

import importlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select, update

from pipeline.accounts.models import Officer
from pipeline.artefacts.blocks import hash_of, normal
from pipeline.artefacts.models import Adoption, AdoptionMove, Artefact, Draft, Licence, Version
from pipeline.artefacts.rules import AdoptionStanding, VersionStatus
from pipeline.councils.models import Council
from pipeline.documents.markdown import document_html
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Project
from tests.factories import Factory

_numbers = count(1)
LICENCES: list[dict[str, Any]] = importlib.import_module(
    "migrations.versions.0003_shared_documents_and_lessons"
).LICENCES
"""The licences as the migration brings them."""


@dataclass(frozen=True)
class Made:
    """A document that was made, and its versions: `made.versions[0]` is version 1."""

    artefact: Artefact
    versions: list[Version]

    @property
    def slug(self) -> str:
        """What its address holds: the slug, or the id of a draft."""
        return self.artefact.slug or str(self.artefact.id)

    def version(self, number: int) -> Version:
        return self.versions[number - 1]


class Shelf:
    """Puts documents, versions, drafts, copies and adoptions into the database of a factory's application."""

    def __init__(self, make: Factory) -> None:
        self.make = make

    def licences(self) -> None:
        """The licences of the migration, once."""
        with self.make.session() as session:
            if session.scalar(select(Licence.code).limit(1)) is None:
                session.add_all([Licence(**values) for values in LICENCES])

    def keeper(self, council: Council, lead: Officer | None = None) -> Project:
        """*Documents of (council)*: a project that keeps documents and asks for nothing."""
        return self.make.project(council, lead, title=f"Documents of {council.short_name}", keeps_documents=True)

    def document(self, project: Project, officer: Officer, *texts: str, **values: Any) -> Made:
        """A document of a project with a published version for each text, a day apart, the last one today.

        Without texts it is a draft without a slug. `values` are columns of the artefact; `is_public` follows from the
        project and from whether anything is published. Its council is the project's.
        """
        self.licences()
        number, now = next(_numbers), clock.now()
        artefact_id = new_id()
        begun = now - timedelta(days=len(texts))
        defaults: dict[str, Any] = {
            "id": artefact_id, "slug": f"document-{number}" if texts else None, "project_id": project.id,
            "council_id": project.council_id, "kind": "policy", "title": f"Document {number}", "summary": "",
            "language": "en", "licence": "OGL-UK-3.0", "status": "published" if texts else "draft",
            "current_number": len(texts) or None, "last_number": len(texts), "root_id": artefact_id,
            "is_public": bool(texts) and project.is_public, "created_at": begun,
            "published_at": begun if texts else None, "updated_at": now,
        }  # fmt: skip
        artefact = Artefact(**defaults | values)
        self.make.keep(artefact)
        versions: list[Version] = []
        for place, text in enumerate(texts):
            versions.append(
                self._version(
                    artefact, officer, place + 1, text, begun + timedelta(days=place),
                    started_from_id=versions[-1].id if versions else None,
                )
            )  # fmt: skip
        return Made(artefact, versions)

    def publish(self, made: Made, officer: Officer, text: str, **values: Any) -> Version:
        """Another version of a document, the next number, now. `values` are columns of the version."""
        number = len(made.versions) + 1
        version = self._version(made.artefact, officer, number, text, clock.now(), **values)
        made.versions.append(version)
        self._set(made.artefact, current_number=number, last_number=number)
        return version

    def withdraw(self, made: Made, number: int, officer: Officer, status: str = "withdrawn") -> None:
        """Withdraw a version (or remove it: `status="removed"`). The current number moves to the highest that lives."""
        version = made.version(number)
        self._set(
            version, status=status, withdrawn_at=clock.now(), withdrawn_by=officer.id, withdrawn_reason="It is wrong.",
        )  # fmt: skip
        live = [one.number for one in made.versions if one.status == VersionStatus.PUBLISHED.value]
        self._set(made.artefact, current_number=max(live, default=None))

    def draft(self, made: Made, officer: Officer, text: str = "A draft.", **values: Any) -> Draft:
        """An open draft of a version, started from the document's last version."""
        now = clock.now()
        last = made.versions[-1] if made.versions else None
        defaults: dict[str, Any] = {
            "id": new_id(), "artefact_id": made.artefact.id, "started_from_id": last.id if last else None,
            "title": made.artefact.title, "text": normal(text), "licence": made.artefact.licence,
            "officer_id": officer.id, "council_id": made.artefact.council_id, "saved_by": officer.id,
            "created_at": now, "updated_at": now,
        }  # fmt: skip
        draft = Draft(**defaults | values)
        self.make.keep(draft)
        return draft

    def copy(
        self, upstream: Made, base: int, project: Project, officer: Officer, *texts: str, **values: Any
    ) -> Made:  # fmt: skip
        """An adapted copy of a version of a document, with a published version for each text, and its council's
        adoption: adapted where the copy has a version, else preparing."""
        original = upstream.artefact
        lineage: dict[str, Any] = {
            "upstream_id": original.id, "base_id": upstream.version(base).id, "root_id": original.root_id,
            "generation": original.generation + 1, "language": original.language, "licence": original.licence,
        }  # fmt: skip
        made = self.document(project, officer, *texts, **lineage | values)
        council_id = made.artefact.council_id
        standing = AdoptionStanding.ADAPTED if texts else AdoptionStanding.PREPARING
        self._adopt(upstream, base, council_id, officer, standing, copy_id=made.artefact.id)
        if texts:
            self._count(original, adapted=1, copies=1)
        return made

    def adopt(self, made: Made, number: int, council: Council, officer: Officer, **values: Any) -> Adoption:
        """That a council uses a version of a document as is. `values` are columns of the adoption."""
        standing = AdoptionStanding(values.pop("standing", AdoptionStanding.AS_IS))
        adoption = self._adopt(made, number, council.id, officer, standing, **values)
        if standing is AdoptionStanding.AS_IS:
            self._count(made.artefact, as_is=1)
        return adoption

    def crowd(self, made: Made, number: int, many: int, officer: Officer) -> list[Artefact]:
        """Many councils, each with a published copy of a version of a document and an adoption of that: for what must
        stay fast. `number` is the version they are made from; all copies are kept in one project of theirs.
        """
        original, now, version = made.artefact, clock.now(), made.version(number)
        councils = [
            Council(
                id=new_id(), slug=f"crowd-{next(_numbers)}", name=f"Crowd {place} Council", short_name=f"Crowd {place}",
                kind="non-metropolitan district", nation="England", region="South West", is_principal=True,
                is_active=True, authority_code=f"X{next(_numbers)}",
            )
            for place in range(many)
        ]  # fmt: skip
        copies = [
            Artefact(
                id=new_id(), slug=f"crowd-document-{next(_numbers)}", project_id=original.project_id,
                council_id=council.id, kind="policy", title=f"Policy of {council.short_name}", language="en",
                licence=original.licence, status="published", current_number=1, last_number=1,
                upstream_id=original.id, base_id=version.id, root_id=original.root_id,
                generation=original.generation + 1, is_public=True, created_at=now, published_at=now, updated_at=now,
            )
            for council in councils
        ]  # fmt: skip
        text = normal(f"{version.text}\nOurs.")
        versions = [
            Version(
                id=new_id(), artefact_id=copy.id, number=1, title=copy.title, text=text, html="<p>Ours.</p>",
                sha256=hash_of(text), words=2, licence=copy.licence, change_note="", is_major=False,
                officer_id=officer.id, council_id=copy.council_id, published_at=now, took_in_id=version.id,
            )
            for copy in copies
        ]  # fmt: skip
        adoptions = [
            Adoption(
                id=new_id(), artefact_id=original.id, council_id=copy.council_id, version_id=version.id,
                copy_id=copy.id, standing="adapted", officer_id=officer.id, started_at=now, updated_at=now,
            )
            for copy in copies
        ]  # fmt: skip
        with self.make.session() as session:
            for rows in (councils, copies, versions, adoptions):
                session.add_all(rows)
                session.flush()
        self._set(
            original, adapted=original.adapted + many, adoptions=original.adoptions + many,
            copies=original.copies + many,
        )  # fmt: skip
        return copies

    def _adopt(
        self, made: Made, number: int, council_id: Any, officer: Officer, standing: AdoptionStanding, **values: Any
    ) -> Adoption:  # fmt: skip
        now = clock.now()
        version_id = made.version(number).id
        defaults: dict[str, Any] = {
            "id": new_id(), "artefact_id": made.artefact.id, "council_id": council_id, "version_id": version_id,
            "standing": standing.value, "officer_id": officer.id, "started_at": now, "updated_at": now,
        }  # fmt: skip
        adoption = Adoption(**defaults | values)
        move = AdoptionMove(
            id=new_id(), adoption_id=adoption.id, version_id=version_id,
            standing=adoption.standing if adoption.ended_at is None else AdoptionStanding.AS_IS.value,
            officer_id=officer.id, moved_at=now,
        )  # fmt: skip
        self.make.keep(adoption, move)
        return adoption

    def _version(
        self, artefact: Artefact, officer: Officer, number: int, text: str, when: datetime, **values: Any
    ) -> Version:  # fmt: skip
        kept = normal(text)
        defaults: dict[str, Any] = {
            "id": new_id(), "artefact_id": artefact.id, "number": number, "title": artefact.title, "text": kept,
            "html": document_html(kept).html, "sha256": hash_of(kept), "words": len(kept.split()),
            "licence": artefact.licence, "change_note": "", "is_major": False, "officer_id": officer.id,
            "council_id": artefact.council_id, "published_at": when,
        }  # fmt: skip
        version = Version(**defaults | values)
        self.make.keep(version)
        return version

    def _count(self, artefact: Artefact, *, as_is: int = 0, adapted: int = 0, copies: int = 0) -> None:
        self._set(
            artefact, as_is=artefact.as_is + as_is, adapted=artefact.adapted + adapted,
            adoptions=artefact.adoptions + as_is + adapted, copies=artefact.copies + copies,
        )  # fmt: skip

    def _set(self, row: Any, **values: Any) -> None:
        """Change columns of a row, in the database and in what the test holds."""
        with self.make.session() as session:
            session.execute(update(type(row)).where(type(row).id == row.id).values(**values))
        for name, value in values.items():
            setattr(row, name, value)
