"""A page of a portfolio walks an index that begins with council and theme as far as it shows; and what few pass is
found from an index of its own, and only that is sorted."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import insert

from pipeline.db.engine import WRITES, database
from pipeline.db.work import Reading
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id
from pipeline.portfolios import queries
from pipeline.portfolios.index import rebuild_portfolios
from pipeline.portfolios.rules import PortfolioFilters
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.plans import explained

pytestmark = pytest.mark.database

MANY = 2_000
SORTS = ("TEMP B-TREE", "SCAN portfolio_entry", "Sort ")
NARROWED: tuple[dict[str, Any], ...] = (
    {}, {"phase": "alpha"}, {"status": "open"}, {"role": "leads"}, {"theme": "housing"},
    {"theme": "housing", "status": "open"}, {"measures": "yes"},
)  # fmt: skip
FEW: tuple[tuple[dict[str, Any], str], ...] = (
    ({"phase": "alpha", "status": "open", "role": "leads"}, "cell"), ({"status": "open"}, "cell"),
    ({"is_due": True}, "decision_on"),
    ({"measures": "late"}, "target_due_on"), ({"measures": "late", "theme": "housing"}, "target_due_on"),
)  # fmt: skip


@pytest.fixture
def council_id(make: Factory) -> UUID:
    """A council that leads many projects, of which few are in alpha, open, about housing, decided soon and late."""
    council = make.council()
    officer = make.officer(council)
    few = [
        make.project(council, officer, phase="alpha", themes=("housing",), decision_on=clock.today()) for _ in range(3)
    ]
    make.measure(few[0], officer, target=8, target_on=clock.today() - timedelta(days=1))
    now = clock.now()
    others = {
        "council_id": council.id, "status": "finished", "mode": "flexible", "is_public": True, "published_at": now,
        "created_at": now, "updated_at": now, "phase": "live",
    }  # fmt: skip
    with make.app.app_context():
        with database.engine.execution_options(**{WRITES: True}).begin() as connection:
            rows = [others | {"id": new_id(), "slug": f"other-{n}", "title": "Other"} for n in range(MANY)]
            connection.execute(insert(Project), rows)
        rebuild_portfolios()
        if database.engine.dialect.name == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
    return council.id


def plan_of(app: Flask, council_id: UUID, filters: dict[str, Any]) -> str:
    """How the database reads a page."""
    with app.app_context():
        reading = Reading(database.session(), ANONYMOUS, clock.now())
        portfolio = queries.Portfolio(reading, council_id, PortfolioFilters(**filters))
        with explained(app) as plans:
            portfolio.page(50)
    return plans[-1]


def test_a_page_is_read_from_an_index_in_its_order(
    app: Flask, council_id: UUID, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for few in ("FEW", "FEW_OF_SEVERAL"):
        monkeypatch.setattr(queries, few, -1)
    plans = [plan_of(app, council_id, narrowed) for narrowed in NARROWED]

    if dialect == "sqlite":
        assert all(plan.startswith("SEARCH portfolio_entry USING INDEX ix_portfolio_entry_") for plan in plans), plans
    assert not [plan for plan in plans if any(word in plan for word in SORTS)]


def test_what_few_pass_is_found_from_its_own_index(app: Flask, council_id: UUID) -> None:
    used = [plan_of(app, council_id, narrowed) for narrowed, _index in FEW]

    passed = [f"ix_portfolio_entry_{index}" in plan for plan, (_narrowed, index) in zip(used, FEW, strict=True)]
    assert passed == [True] * len(FEW)
