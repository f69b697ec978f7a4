"""The two documents whose pages are compared are as they say. Nothing here is timed itself."""

import pytest

from benchmarks import copies
from benchmarks.costs import caller
from benchmarks.report import Growth, growth_table

pytestmark = pytest.mark.database


def test_both_documents_answer_with_the_copies_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "MANY", 60)
    monkeypatch.setattr(copies, "WORDS", 50)
    with copies.emptied("sqlite") as url, copies.scene(url) as made:
        for slug, rows in ((made.few, copies.FEW), (made.many, 50)):
            status, body = caller(made.app, f"/api/v1/artefacts/{slug}/register", {})()
            assert status.startswith("200")
            assert body.count(b'"standing":"adapted"') == rows
        for name, path in copies.PATHS:
            growth = copies._measured(made, name, path, runs=1)
            assert growth.name == name
            assert growth.many > 0


def test_growth_is_judged_by_its_ratio() -> None:
    quick, slow = (Growth("copies", "", 2.0, 1.0, ratio, 2.0, 1.5) for ratio in (1.99, 2.0))
    assert (quick.is_slow, slow.is_slow) == (False, True)
    assert "grows" in growth_table([quick, slow]).splitlines()[2]
