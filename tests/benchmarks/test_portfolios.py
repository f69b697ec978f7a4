"""The two councils whose portfolios are compared lead what they say. Nothing here is timed itself."""

import pytest

from benchmarks import portfolios
from benchmarks.costs import caller

pytestmark = pytest.mark.database


def test_both_councils_answer_with_what_they_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolios, "FEW", 8)
    with portfolios.emptied("sqlite") as url, portfolios.scene(url, 120) as made:
        for slug, rows in ((made.few, 8), (made.many, 100)):
            status, body = caller(made.app, f"/api/v1/councils/{slug}/portfolio", {})()
            assert status.startswith("200")
            assert body.count(b'"freshness"') == rows
        for name, path in portfolios.PATHS:
            growth = portfolios.measured(made, name, path, "120 beside 8", runs=1)
            assert growth.name == name
            assert growth.many > 0
