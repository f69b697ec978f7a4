"""What tests of imports share: a council, two officers, and a portfolio on its way in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.accounts.models import Officer
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.work import Reading, UnitOfWork
from pipeline.imports.actions import begin_import, confirm_import
from pipeline.imports.bringing_in import bring_in_portfolios
from pipeline.imports.checking import check_sheet
from pipeline.imports.models import ImportLine
from pipeline.imports.queries import known_projects
from pipeline.imports.sheets import sheet_from_text
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor
from tests.factories import Factory

Work = Callable[..., AbstractContextManager[UnitOfWork]]
Read = Callable[..., AbstractContextManager[Reading]]


@dataclass(frozen=True, slots=True)
class Desk:
    """A council, an officer who brings its portfolio, and the worker."""

    app: Flask
    make: Factory
    work: Work
    read: Read
    council: Council
    officer: Officer

    @property
    def actor(self) -> Actor:
        return self.make.actor(self.officer, self.council)

    def begin(self, text: str, actor: Actor | None = None) -> UUID:
        """Bring a text to be checked, as the pages do; the id of its import."""
        actor, sheet = actor or self.actor, sheet_from_text(text)
        assert actor.council_id is not None
        with self.read(actor) as reading:
            references = [line.cells[0] for line in sheet.lines if "reference" in sheet.columns]
            known = known_projects(reading, actor.council_id, references)
            checked = check_sheet(sheet, known, today=clock.today(), nation="England")
            reading.session.rollback()
        with self.work(actor) as work:
            return begin_import(work, council_id=actor.council_id, checked=checked, file_name="portfolio.csv").id

    def confirm(self, import_id: UUID, actor: Actor | None = None) -> None:
        with self.work(actor or self.actor) as work:
            confirm_import(work, import_id=import_id)

    def bring_in(self, text: str, actor: Actor | None = None) -> UUID:
        """All the way: checked, confirmed, and every line seen to."""
        import_id = self.begin(text, actor)
        self.confirm(import_id, actor)
        self.run()
        return import_id

    def run(self) -> None:
        """Let the worker see to everything."""
        with self.app.app_context():
            while bring_in_portfolios():
                pass

    def rows(self, query: Any) -> list[Any]:
        """Rows of the database, as they stand."""
        with self.app.app_context(), Session(database.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def states(self, import_id: UUID) -> list[str]:
        """How the lines of an import stand, in their order."""
        lines = select(ImportLine.state).where(ImportLine.import_id == import_id)
        return self.rows(lines.order_by(ImportLine.number))


@pytest.fixture
def desk(app: Flask, make: Factory, work: Work, read: Read) -> Desk:
    """A council and an officer who brings its portfolio."""
    council = make.council("Leadham")
    return Desk(app, make, work, read, council, make.officer(council))
