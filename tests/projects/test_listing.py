"""The lists of projects and needs: what they hold, in which order, and how they are paged."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.db import hot_lists
from pipeline.db.hot_lists import ids_for
from pipeline.db.log import EventCounter
from pipeline.kernel.ids import new_id
from pipeline.projects import listing
from pipeline.projects.listing import MOST_COUNTED, NEEDS, PROJECT_ORDERS, KeptCounts, NeedRow, ProjectRow
from pipeline.projects.models import Project, ProjectPartner
from pipeline.search.queries import PROJECTS
from tests.factories import Factory
from tests.support.hot_statements import all_counted, plan_of

pytestmark = pytest.mark.database

Read = Callable[..., Any]


@pytest.fixture(params=[0, 1_000_000], ids=["walked", "gathered"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read filtered lists in both ways: they must say the same."""
    for name in ("FEW", "FEW_OF_SEVERAL", "FEW_TO_COUNT"):
        monkeypatch.setattr(hot_lists, name, request.param or -1)


def listed(read: Read, order: str = "updated_at", descending: bool = True, limit: int = 100, **asked: Any) -> list[str]:
    """The titles of the first page, checked against the count."""
    with read() as reading:
        page = PROJECTS.page(reading.session, asked, order=order, descending=descending, limit=limit)
        assert PROJECTS.count(reading.session, asked, MOST_COUNTED) == len(page.rows)
        return [ProjectRow(*row).title for row in page.rows]


def test_only_what_is_public_is_listed(make: Factory, read: Read) -> None:
    council = make.council()
    make.project(council, title="Public")
    for hidden in ({"status": "draft"}, {"is_trial": True}, {"is_hidden": True}):
        make.project(council, title="Hidden", **hidden)
    assert listed(read) == ["Public"]


@pytest.mark.usefixtures("way")
def test_each_filter_lets_through_what_it_says(make: Factory, read: Read) -> None:
    north = make.council("North", kind="london borough", region="London", nation="England", gss_code="E09000001")
    south = make.council("South", kind="welsh unitary", region="Wales", nation="Wales")
    make.former_code(north, "old-north")
    one = make.project(
        north, title="One", phase="alpha", themes=("housing", "planning"), decision_on=date(2026, 5, 1),
        updated_at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    two = make.project(
        south, title="Two", phase="beta", status="finished", themes=("libraries",), decision_on=None,
        updated_at=datetime(2026, 4, 1, tzinfo=UTC),
    )  # fmt: skip
    make.need(one, profession="tester")
    make.need(one, "funding", status="dropped")
    make.need(two, "in_kind", status="closed")
    cases: dict[str, tuple[list[Any], list[Any]]] = {
        "theme": (["housing", "planning"], ["libraries"]),
        "phase": (["alpha"], ["beta"]),
        "status": (["open"], ["finished"]),
        "council": (["north", "E09000001", "old-north"], ["south"]),
        "nation": (["England"], ["Wales"]),
        "region": (["London"], ["Wales"]),
        "kind": (["london borough"], ["welsh unitary"]),
        "need_kind": (["time"], ["in_kind"]),
        "profession": (["tester"], []),
        "open_needs": ([True], [False]),
        "decision_before": ([date(2026, 5, 2)], []),
        "updated_since": ([], [datetime(2026, 3, 2, tzinfo=UTC)]),
    }
    for name, (for_one, for_two) in cases.items():
        assert all(listed(read, **{name: value}) == ["One"] for value in for_one), name
        assert all(listed(read, **{name: value}) == ["Two"] for value in for_two), name
    for name, value in {"theme": "waste-and-recycling", "council": "nobody", "need_kind": "funding"}.items():
        assert listed(read, **{name: value}) == [], name
    assert listed(read, decision_before=date(2026, 5, 1)) == []
    assert listed(read, nation="England", region="Wales") == []
    assert listed(read, nation="England", theme="housing", phase="alpha", status="open", need_kind="time") == ["One"]


@pytest.mark.usefixtures("way")
def test_a_partner_is_found_by_pledge_team_or_source(make: Factory, read: Read) -> None:
    lead, partner = make.council("Lead"), make.council("Partner")
    officer = make.officer(partner)
    by_pledge, by_team, by_source, offered, own = (
        make.project(lead if name != "Own" else partner, title=name)
        for name in ("Pledge", "Team", "Source", "Offered", "Own")
    )
    make.pledge(make.need(by_pledge), partner, officer, status="accepted")
    make.pledge(make.need(offered), partner, officer, status="authorised")
    make.person(by_team, officer, partner)
    make.person(own, officer, partner)
    make.keep(ProjectPartner(project_id=by_source.id, council_id=partner.id))
    assert sorted(listed(read, partner="partner")) == ["Pledge", "Source", "Team"]
    assert listed(read, partner="lead") == []


def test_each_order_sorts_both_ways_with_ties_by_id_and_nothing_last(make: Factory, read: Read) -> None:
    council = make.council()
    then = datetime(2026, 1, 1, tzinfo=UTC)
    for number, (title, day, pence) in enumerate(
        [("Bees", None, 5), ("ants", date(2026, 3, 1), 5), ("Cats", date(2026, 2, 1), 0), ("Dogs", None, 9)]
    ):
        make.project(
            council, title=title, decision_on=day, pledged_pence=pence, pledged_half_days=-pence + 9, councils=number,
            updated_at=then + timedelta(days=number), created_at=then - timedelta(days=number),
        )  # fmt: skip
    assert listed(read, "updated_at", False) == ["Bees", "ants", "Cats", "Dogs"]
    assert listed(read, "created_at", False) == ["Dogs", "Cats", "ants", "Bees"]
    assert listed(read, "decision_on", False) == ["Cats", "ants", "Bees", "Dogs"]
    assert listed(read, "decision_on", True) == ["ants", "Cats", "Dogs", "Bees"]
    assert listed(read, "pledged_pence", True) == ["Dogs", "ants", "Bees", "Cats"]
    assert listed(read, "pledged_half_days", True) == ["Cats", "ants", "Bees", "Dogs"]
    assert listed(read, "councils", True) == ["Dogs", "Cats", "ants", "Bees"]
    if make.app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        assert listed(read, "title", False) == ["ants", "Bees", "Cats", "Dogs"]


@pytest.mark.parametrize("order", PROJECT_ORDERS)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.usefixtures("way")
def test_pages_follow_each_other_there_and_back(make: Factory, read: Read, order: str, descending: bool) -> None:
    council = make.council()
    for number in range(11):
        make.project(
            council, title=f"Project {number % 4}", decision_on=None if number % 3 else date(2026, 1, 1 + number),
            pledged_pence=number % 2, councils=number // 4, pledged_half_days=1,
        )  # fmt: skip
    with read() as reading:

        def page(place: Any = None, limit: int = 3) -> Any:
            asked = {"theme": "housing"}
            return PROJECTS.page(reading.session, asked, order=order, descending=descending, limit=limit, place=place)

        whole = [row[0] for row in page(limit=100).rows]
        forward, last = [], page()
        assert last.before is None
        while last.after is not None:
            forward += [row[0] for row in last.rows]
            last = page(last.after)
        forward += [row[0] for row in last.rows]
        assert forward == whole
        assert len(whole) == 11
        back = [row[0] for row in last.rows]
        while last.before is not None:
            last = page(last.before)
            back = [row[0] for row in last.rows] + back
        assert back == whole


def test_paging_misses_and_repeats_no_row_that_stays_as_it_is(make: Factory, read: Read) -> None:
    council = make.council()
    then = datetime(2026, 1, 1, tzinfo=UTC)
    kept = [make.project(council, updated_at=then + timedelta(hours=number)).id for number in range(12)]
    seen, place = [], None
    for number in range(20):
        with read() as reading:
            page = PROJECTS.page(reading.session, {}, order="updated_at", descending=True, limit=2, place=place)
            seen += [ProjectRow(*row).id for row in page.rows]
        place = page.after
        if place is None:
            break
        make.project(council, updated_at=then + timedelta(days=30, hours=number))
        gone = make.project(council, updated_at=then + timedelta(hours=number, minutes=30))
        with make.session() as session:
            session.execute(update(Project).where(Project.id == gone.id).values(is_public=False))
    found = [str(one) for one in seen]
    assert [one for one in found if one in {str(one) for one in kept}] == [str(one) for one in reversed(kept)]
    assert len(found) == len(set(found))


def test_a_list_takes_as_many_statements_for_five_rows_as_for_a_hundred(app: Flask, make: Factory, read: Read) -> None:
    council = make.council()
    numbers = []
    for rows, more in ((5, 5), (100, 95)):
        for _ in range(more):
            make.need(make.project(council))
        with read() as reading, all_counted(app) as statements:
            page = PROJECTS.page(reading.session, {"theme": "housing"}, order="updated_at", descending=True, limit=100)
            listing.needs_of(reading.session, [row[0] for row in page.rows])
            assert len(page.rows) == rows
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 3


def test_needs_of_each_project_come_in_their_order(make: Factory, read: Read) -> None:
    council = make.council()
    first = make.project(council)
    make.project(council)
    make.need(first, position=2, title="b")
    make.need(first, position=1, title="a")
    with read() as reading:
        ids = [row[0] for row in PROJECTS.page(reading.session, {}, order="updated_at", descending=False, limit=9).rows]
        needs = listing.needs_of(reading.session, ids)
    assert [[row[5] for row in needs[one]] for one in ids] == [["a", "b"], []]


@pytest.mark.usefixtures("way")
def test_needs_are_narrowed_and_only_public(make: Factory, read: Read) -> None:
    council = make.council()
    project = make.project(council, decision_on=date(2026, 5, 1))
    make.need(make.project(council, is_hidden=True), title="Hidden")
    time = make.need(project, title="Time", profession="tester", is_capped=True, target=40, held=30)
    make.need(make.project(council, decision_on=None), "funding", title="Money", status="closed")

    def titles(**asked: Any) -> list[str]:
        with read() as reading:
            page = NEEDS.page(reading.session, asked, order="updated_at", descending=False, limit=50)
            assert NEEDS.count(reading.session, asked, MOST_COUNTED) == len(page.rows)
            return [NeedRow(*row).title for row in page.rows]

    assert titles() == ["Time", "Money"]
    assert titles(kind="time") == titles(profession="tester") == titles(status="open") == ["Time"]
    assert titles(project_id=project.id) == titles(need=time.id) == titles(project=project.slug) == ["Time"]
    assert titles(council=council.slug) == titles(council=council.gss_code) == ["Time", "Money"]
    assert titles(council="nobody") == titles(project="nothing") == []
    assert titles(closes_before=date(2026, 5, 2)) == ["Time"]
    assert titles(closes_before=date(2026, 5, 1)) == titles(kind="in_kind") == []
    assert titles(updated_since=datetime(2100, 1, 1, tzinfo=UTC)) == []


def test_large_counts_are_kept_until_something_public_changes(
    make: Factory, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "WORTH_KEEPING", 1)
    council = make.council()
    kept, which = KeptCounts(most=1), {"order": "title", "descending": False, "limit": 1}

    def counted(counts: KeptCounts, key: str = "all", **asked: Any) -> int:
        with read() as reading:
            page, number = counts.page_and_count(reading.session, PROJECTS, asked, key, **which)
            assert len(page.rows) == 1
            return number

    make.project(council)
    assert counted(kept) == 1
    make.project(council)
    assert counted(kept) == 1
    with make.session() as session:
        session.execute(update(EventCounter).values(last=1, last_public=1))
    assert counted(kept) == 2
    assert counted(kept, "housing", theme="housing") == 2
    assert len(kept._kept) == 1
    monkeypatch.setattr(listing, "WORTH_KEEPING", 3)
    small = KeptCounts()
    assert counted(small) == 2
    assert not small._kept


def test_a_list_of_no_ids_is_empty(make: Factory, read: Read) -> None:
    make.project(make.council())
    with read() as reading:
        asked = {"words": ids_for(reading.session, [])}
        assert not PROJECTS.page(reading.session, asked, order="title", descending=False, limit=9).rows
        assert listing.rows_of(reading.session, []) == []


def test_sqlite_reads_hot_lists_from_their_indexes(app: Flask, make: Factory, read: Read) -> None:
    if not app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        pytest.skip("PostgreSQL plans by what the tables hold")
    make.need(make.project(make.council()))
    assert plan_of(app, listing._NEEDS_OF, ids="[]")[0].startswith(
        "SEARCH need USING INDEX ix_need_project_id_position"
    )
    for order in PROJECT_ORDERS:
        statement = PROJECTS._page_statement((), order, True, "all", True, ())
        first = plan_of(app, statement, at_value=None, at_id=new_id(), limit=20)[0]
        found = f"SEARCH project USING INDEX ix_project_public_{order} (is_public=? AND ({order},id)<(?,?))"
        assert first == found, first
    for name in ("phase", "status"):
        statement = PROJECTS._page_statement((name,), "updated_at", True, "all", False, ())
        first = plan_of(app, statement, **{name: "open"}, limit=20)[0]
        assert first.startswith(f"SEARCH project USING INDEX ix_project_public_{name}_updated_at"), first
    for name in ("theme", "nation", "council", "need_kind", "profession", "partner"):
        walked = PROJECTS._page_statement((name,), "updated_at", True, "all", False, ())
        assert "ix_project_public_updated_at" in plan_of(app, walked, **{name: "x"}, limit=20)[0], name
        gathered = PROJECTS._page_statement((name,), "updated_at", True, "all", False, (name,))
        first = plan_of(app, gathered, **{name: "x"}, limit=20)[0]
        assert first.startswith("SEARCH project USING INDEX sqlite_autoindex_project_1 (id=?)"), (name, first)
    first = plan_of(app, NEEDS._page_statement((), "updated_at", True, "all", False, ()), limit=20)[0]
    assert first == "SCAN need USING INDEX ix_need_updated_at"
