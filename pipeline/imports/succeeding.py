"""Unfinished imports, and the references by which projects are known again, pass to the council that follows."""

from uuid import UUID

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased

from pipeline.councils.succession import BELONGINGS
from pipeline.db.work import UnitOfWork
from pipeline.imports.models import PortfolioImport, ProjectReference
from pipeline.imports.rules import OPEN

WITHOUT_SYNCHRONISING = {"synchronize_session": False}


def imports_follow(work: UnitOfWork, from_id: UUID, to_id: UUID, officer_id: UUID | None) -> None:
    """Let what an officer brought for a council and has not finished be brought for its successor. A reference that the
    successor gave to another project stays with the old council."""
    unfinished = update(PortfolioImport).where(
        PortfolioImport.council_id == from_id, PortfolioImport.state.in_([one.value for one in OPEN])
    )
    if officer_id is not None:
        unfinished = unfinished.where(PortfolioImport.officer_id == officer_id)
    else:
        there = aliased(ProjectReference)
        is_taken = exists().where(there.council_id == to_id, there.reference == ProjectReference.reference)
        references = update(ProjectReference).where(ProjectReference.council_id == from_id, ~is_taken)
        work.session.execute(references.values(council_id=to_id), execution_options=WITHOUT_SYNCHRONISING)
    work.session.execute(unfinished.values(council_id=to_id), execution_options=WITHOUT_SYNCHRONISING)


BELONGINGS.append(imports_follow)
