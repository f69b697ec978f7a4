"""A page of a portfolio walks an index that begins with the council, as far as it shows, on SQLite."""

import pytest
from flask import Flask
from sqlalchemy import text

from pipeline.db.engine import database
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id
from pipeline.portfolios import queries
from pipeline.portfolios.rules import PortfolioFilters

pytestmark = pytest.mark.database

NARROWED = ({}, {"phase": "alpha"}, {"status": "open"}, {"role": "leads"})


@pytest.mark.parametrize("narrowed", NARROWED, ids=str)
def test_a_page_is_read_from_an_index_in_its_order(app: Flask, dialect: str, narrowed: dict[str, str]) -> None:
    if dialect != "sqlite":
        pytest.skip("PostgreSQL plans by what the tables hold")
    with app.app_context():
        reading = Reading(database.session(), ANONYMOUS, clock.now())
        listed = queries._listed(reading, new_id(), PortfolioFilters(**narrowed))
        ordered = listed.order_by(queries.ORDER.column.desc(), queries.ORDER.id_column.desc()).limit(51)
        asked = ordered.compile(database.engine, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in reading.session.execute(text(f"EXPLAIN QUERY PLAN {asked}"))]

    assert plan[0].startswith("SEARCH portfolio_entry USING INDEX ix_portfolio_entry_")
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan)
