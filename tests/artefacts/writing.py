"""Two councils, their people, and documents begun, written and published through the actions."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from pipeline.artefacts.actions.drafting import Begun, begin_document, save_draft, start_draft
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.models import Draft, Version
from pipeline.artefacts.rules import ArtefactKind, DocumentDetails, DraftText
from pipeline.artefacts.written import written_document
from pipeline.db.log import LoggedEvent
from pipeline.kernel.actor import Actor, Role
from tests.artefacts.factories import Shelf
from tests.factories import Factory

TEXT = "# Kindness\n\nBe kind to everybody.\n\n- Say hello.\n- Say thank you.\n"


class Desk:
    """Northborough with a project, its lead, a member of the team and one who is not; Eastmere with a member."""

    def __init__(self, make: Factory, shelf: Shelf, work: Callable[..., Any]) -> None:
        self.make, self.shelf, self.work = make, shelf, work
        shelf.licences()
        self.council, self.elsewhere = make.council("Northborough"), make.council("Eastmere")
        self.lead_row, self.writer_row, self.other_row = (
            make.officer(self.council), make.officer(self.council), make.officer(self.elsewhere),
        )  # fmt: skip
        self.project = make.project(self.council, self.lead_row)
        make.person(self.project, self.writer_row, self.council)
        self.lead: Actor = make.actor(self.lead_row, self.council)
        self.writer: Actor = make.actor(self.writer_row, self.council)
        self.other: Actor = make.actor(self.other_row, self.elsewhere)
        self.coordinator: Actor = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)

    def begin(self, actor: Actor | None = None, **values: Any) -> Begun:
        """A document with its first draft, in the project."""
        kind = values.pop("kind", ArtefactKind.POLICY)
        summary = values.pop("summary", "How we behave.")
        given: dict[str, Any] = {"project_slug": self.project.slug}
        given |= {name: values.pop(name) for name in ("project_slug", "language", "upload_id") if name in values}
        text = DraftText(**{"title": "Kindness policy", "text": TEXT} | values)
        with self.work(actor or self.lead) as unit:
            return begin_document(
                unit, details=DocumentDetails(kind, summary), draft=text,
                **given,
            )  # fmt: skip

    def publish(self, draft: Draft, actor: Actor | None = None, **values: Any) -> Version:
        """Publish a draft as it stands in the database."""
        said: dict[str, Any] = {"change_note": "What is new.", "is_major": False} | values
        with self.work(actor or self.lead) as unit:
            now = unit.session.get_one(Draft, draft.id)
            return publish_version(
                unit, draft_id=draft.id, version=said.pop("version", now.version), written=written_document(now.text),
                **said,
            )  # fmt: skip

    def write(self, draft: Draft, actor: Actor | None = None, **values: Any) -> Draft:
        """Save a draft with another title, text, licence or change note."""
        with self.work(actor or self.lead) as unit:
            now = unit.session.get_one(Draft, draft.id)
            text = {"title": now.title, "text": now.text, "licence": now.licence, "change_note": now.change_note}
            version = values.pop("version", now.version)
            return save_draft(unit, draft_id=draft.id, version=version, text=DraftText(**text | values))

    def published(self, *texts: str, **values: Any) -> str:
        """The slug of a document with a version for each text."""
        begun = self.begin(text=texts[0], **values)
        self.publish(begun.draft)
        slug = self.rows(type(begun.artefact), type(begun.artefact).id == begun.artefact.id)[0].slug
        for text in texts[1:]:
            with self.work(self.lead) as unit:
                draft = start_draft(unit, slug=slug)
            self.publish(self.write(draft, text=text))
        return str(slug)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """What the database holds now."""
        with self.make.session() as session:
            return list(session.scalars(select(table).where(*where).order_by(table.id)))

    def events(self) -> list[tuple[str, str]]:
        """Names and audiences of all events, in order."""
        with self.make.session() as session:
            rows = session.execute(select(LoggedEvent.name, LoggedEvent.audience).order_by(LoggedEvent.sequence))
            return [(row.name, row.audience) for row in rows]
