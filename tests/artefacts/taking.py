"""A model document with two versions, copies of it in two councils: what taking in is tried on."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.artefacts.actions import merging, suggesting
from pipeline.artefacts.actions.publishing import publish_version
from pipeline.artefacts.blocks import normal
from pipeline.artefacts.decisions import as_kept
from pipeline.artefacts.merge import Choice, Decision, Merged, merge, resolved
from pipeline.artefacts.models import Draft, Merge, Suggestion, Version
from pipeline.artefacts.queries.comparing import Reference
from pipeline.artefacts.queries.merging import MergeRead, merge_seen_by, read_merge
from pipeline.artefacts.queries.suggestions import read_suggestion
from pipeline.artefacts.written import written_document
from pipeline.db.log import LoggedEvent
from pipeline.kernel.actor import Actor, Role
from pipeline.kernel.errors import Refusal
from tests.artefacts.factories import Made, Shelf
from tests.factories import Factory

ONE = "# Kindness\n\nBe kind to everybody.\n\nSay hello.\n\nSay thank you.\n"
TWO = "# Kindness\n\nBe kind to everybody, always.\n\nSay hello.\n\nSay thank you.\n"
CLASHING = "# Kindness\n\nBe kind to everybody in Eastmere.\n\nSay hello.\n\nSay thank you.\n"
ADDED = "# Kindness\n\nBe kind to everybody.\n\nSay hello.\n\nSay thank you.\n\nSay goodbye.\n"


class Bench:
    """Northborough keeps the model; Eastmere and Westmere have copies of their own."""

    def __init__(self, make: Factory, shelf: Shelf, work: Callable[..., Any]) -> None:
        self.make, self.shelf, self.work = make, shelf, work
        self.council, self.eastmere, self.westmere = (
            make.council(name) for name in ("Northborough", "Eastmere", "Westmere")
        )
        self.lead_row, self.east_row, self.west_row = (
            make.officer(council) for council in (self.council, self.eastmere, self.westmere)
        )
        self.project = make.project(self.council, self.lead_row)
        self.east_project = make.project(self.eastmere, self.east_row)
        self.west_project = make.project(self.westmere, self.west_row)
        self.lead: Actor = make.actor(self.lead_row, self.council)
        self.east: Actor = make.actor(self.east_row, self.eastmere)
        self.west: Actor = make.actor(self.west_row, self.westmere)
        self.coordinator: Actor = make.actor(make.officer(None, Role.COORDINATOR), None, Role.COORDINATOR)

    def model(self, *texts: str, **values: Any) -> Made:
        """The document Northborough keeps."""
        return self.shelf.document(self.project, self.lead_row, *(texts or (ONE,)), **values)

    def copy(self, model: Made, *texts: str, base: int = 1, **values: Any) -> Made:
        """Eastmere's copy of it."""
        return self.shelf.copy(model, base, self.east_project, self.east_row, *texts, **values)

    def begin(self, actor: Actor, into: Made, theirs: Made, number: int, draft: Draft | None = None) -> Merge:
        """Begin to take a version into a document."""
        with self.work(actor) as unit:
            return merging.begin_merge(
                unit, slug=into.slug, theirs=Reference(theirs.slug, number), draft_id=draft.id if draft else None
            )

    def read(self, actor: Actor, begun: Merge) -> tuple[MergeRead, Merged]:
        """A merge as its page reads it, worked out."""
        with self.work(actor) as unit:
            row, artefact, _project = merge_seen_by(unit, begun.id)
            read = read_merge(unit, row, artefact)
        return read, merge(read.base.text, read.theirs.text, read.ours.text)

    def finish(self, actor: Actor, begun: Merge, *choices: Decision) -> Draft:
        """Decide the clashes in order and finish."""
        read, merged = self.read(actor, begun)
        decisions = {clash.number: one for clash, one in zip(merged.clashes, choices, strict=True)}
        text = normal(resolved(merged, decisions))
        with self.work(actor) as unit:
            return merging.finish_merge(
                unit, merge_id=begun.id, version=read.version, decisions=as_kept(decisions), text=text
            )

    def publish(self, actor: Actor, draft: Draft) -> Version:
        """Publish a draft as it stands."""
        with self.work(actor) as unit:
            now = unit.session.get_one(Draft, draft.id)
            return publish_version(
                unit, draft_id=draft.id, version=now.version, written=written_document(now.text),
                change_note="What is new.", is_major=False,
            )  # fmt: skip

    def suggest(self, copy: Made, text: str, reason: str = "It is clearer.", **values: Any) -> Suggestion:
        """Eastmere suggests what a text says to the original of its copy."""
        artefact = self.now(type(copy.artefact), copy.artefact.id)
        given = {"number": artefact.current_number, "against_id": artefact.base_id} | values
        with self.work(self.east) as unit:
            return suggesting.make_suggestion(unit, slug=copy.slug, text=text, reason=reason, **given)

    def accept(self, actor: Actor, suggestion: Suggestion, number: int, **values: Any) -> Draft:
        """Accept a suggestion with what it comes to in the current version."""
        with self.work(actor) as unit:
            read = read_suggestion(unit, suggestion.id)
            original = unit.session.scalars(
                select(Version).where(Version.artefact_id == suggestion.artefact_id, Version.number == number)
            ).one()
            merged = merge(read.against_text, read.text, original.text)
            given = {"version": read.version, "text": normal(merged.text or ""), "number": number} | values
            return suggesting.accept_suggestion(unit, suggestion_id=suggestion.id, **given)

    def now(self, kind: Any, row_id: Any) -> Any:
        """A row as it stands in the database."""
        with self.make.session() as session:
            return session.get_one(kind, row_id)

    def events(self, name: str) -> list[LoggedEvent]:
        """The events of a name, the first first."""
        with self.make.session() as session:
            query = select(LoggedEvent).where(LoggedEvent.name == name)
            return list(session.scalars(query.order_by(LoggedEvent.sequence)))


def refusal_of(act: Callable[[], Any]) -> str:
    """The code of the refusal an act meets."""
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.code


OURS, THEIRS = Decision(Choice.OURS), Decision(Choice.THEIRS)
