"""What tests of shared documents build on holds together."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from pipeline.artefacts.models import Adoption, Artefact, Licence, Version
from tests.artefacts.factories import Shelf
from tests.conftest import empty
from tests.factories import Factory


def test_a_document_a_copy_and_an_adoption_are_rows_that_fit_together(
    make: Factory, shelf: Shelf, read: Callable[..., Any]
) -> None:
    lead, other, third = (make.council() for _ in range(3))
    officers = [make.officer(council) for council in (lead, other, third)]
    model = shelf.document(make.project(lead, officers[0]), officers[0], "Be kind.", "Be kind. Be brief.")
    copy = shelf.copy(model, 1, shelf.keeper(other, officers[1]), officers[1], "Be kind to us.")
    shelf.adopt(model, 2, third, officers[2])
    with read() as reading:
        rows = {row.id: row for row in reading.session.scalars(select(Artefact))}
        assert (rows[model.artefact.id].as_is, rows[model.artefact.id].adapted) == (1, 1)
        assert rows[copy.artefact.id].base_id == model.version(1).id
        assert [one.number for one in reading.session.scalars(select(Version).order_by(Version.number))] == [1, 1, 2]
        assert {one.standing for one in reading.session.scalars(select(Adoption))} == {"as_is", "adapted"}
        assert reading.session.get(Licence, "OGL-UK-3.0") is not None


def test_the_tables_can_be_emptied_again(make: Factory, shelf: Shelf, app: Flask) -> None:
    council = make.council()
    officer = make.officer(council)
    model = shelf.document(make.project(council, officer), officer, "Be kind.")
    shelf.copy(model, 1, shelf.keeper(make.council(), officer), officer, "Be kind to us.")
    empty(app)
    with make.session() as session:
        assert session.scalars(select(Artefact)).all() == []
