"""The highest places of the index are the newest things, in whatever order they were written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.db.engine import database
from pipeline.kernel import clock
from pipeline.search import find
from pipeline.search.facets import FACETS, month_word, months_back
from pipeline.search.find import Sort, search
from pipeline.search.index import rebuild_index, renew, wipe_index
from pipeline.search.models import SearchEntry
from pipeline.search.places import IN_A_MILLISECOND, UNDATED, first_place, stands_at
from tests.factories import Factory

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.pure
@given(MOMENTS, MOMENTS)
def test_what_was_published_later_stands_later(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    if second - first >= timedelta(milliseconds=2):
        assert first_place(first) + IN_A_MILLISECOND <= first_place(second)
    assert stands_at(first_place(one), one)
    assert UNDATED < first_place(one) < 2**53


@pytest.mark.pure
def test_what_was_published_at_no_moment_stands_before_all_that_was() -> None:
    assert 0 < first_place(None) < UNDATED
    assert stands_at(first_place(None) + 500, None)
    assert not stands_at(first_place(None), NOW)


def found(make: Factory, typed: str) -> list[str]:
    with make.app.app_context():
        return [str(one.subject_id) for one in search(database.session(), typed, {}, Sort.RELEVANCE, NOW.date()).found]


@pytest.mark.database
def test_an_index_made_again_answers_as_the_one_before(make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    council = make.council("Parking")
    officer = make.officer(council)
    for number in range(6):
        project = make.project(council, officer, title=f"Parking {number}", published_at=NOW + timedelta(days=number))
        with make.app.app_context():
            while renew():
                pass
            rebuild_index()
        make.lesson(project, officer, council, title=f"Parking again {number}", published_at=NOW + timedelta(number))
    with make.app.app_context():
        rebuild_index()
    monkeypatch.setattr(find, "MOST", 4)
    monkeypatch.setattr(find, "LITTLE", 2)
    before = found(make, "parking")
    assert len(before) == 4
    with make.app.app_context():
        wipe_index()
        rebuild_index()
    assert found(make, "parking") == before


@pytest.mark.database
def test_what_is_published_in_one_moment_has_places_of_its_own_and_what_moves_moves(make: Factory) -> None:
    council = make.council()
    projects = [make.project(council, published_at=NOW) for _ in range(60)]
    with make.app.app_context():
        rebuild_index()
        assert database.session.query(SearchEntry).count() == 61
    with make.session() as session:
        session.merge(projects[0]).published_at = NOW + timedelta(days=1)
    with make.app.app_context():
        rebuild_index()
        newest = database.session.query(SearchEntry).order_by(SearchEntry.place.desc()).first()
        assert newest is not None
        assert newest.subject_id == projects[0].id


@pytest.mark.database
def test_old_things_are_found_where_the_newest_are_not_enough(make: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    council, now = make.council(), clock.now()
    ages = {"today": 0, "in spring": 150, "long ago": 900}
    projects = {
        name: str(make.project(council, title=f"Parking {name}", published_at=now - timedelta(days=days)).id)
        for name, days in ages.items()
    }
    with make.app.app_context():
        rebuild_index()
        counts = search(database.session(), "parking", {}, Sort.RELEVANCE, now.date()).counts
    assert set(counts) == set(FACETS), "the month is nothing to narrow by"
    assert found(make, "parking") == [projects["today"], projects["in spring"], projects["long ago"]]
    monkeypatch.setattr(find, "LITTLE", 1)
    for most, names in ((1, ["today"]), (2, ["today", "in spring"]), (3, list(ages))):
        monkeypatch.setattr(find, "MOST", most)
        assert found(make, "parking") == [projects[name] for name in names]


@pytest.mark.pure
def test_months_go_back_over_the_turn_of_the_year() -> None:
    assert months_back(date(2026, 2, 28), 4) == ["month:2026-02", "month:2026-01", "month:2025-12", "month:2025-11"]
    assert month_word(date(2026, 2, 28)) == "month:2026-02"
