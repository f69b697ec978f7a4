"""The highest places of the index are the newest things, in whatever order they were written."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.db.engine import database
from pipeline.kernel.ids import new_id
from pipeline.search import find
from pipeline.search.find import Sort, search
from pipeline.search.index import rebuild_index, renew, wipe_index
from pipeline.search.models import SearchEntry
from pipeline.search.places import UNDATED, place_for, stands_at
from tests.factories import Factory

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.pure
@given(MOMENTS, MOMENTS)
def test_what_was_published_later_stands_later(one: datetime, other: datetime) -> None:
    first, second = sorted((one, other))
    if second - first >= timedelta(milliseconds=2):
        assert place_for(first, new_id()) < place_for(second, new_id())
    assert stands_at(place_for(one, new_id()), one)
    assert 0 < place_for(one, new_id()) < 2**53


@pytest.mark.pure
def test_what_was_published_at_no_moment_stands_before_all_that_was() -> None:
    assert 0 <= place_for(None, new_id()) < UNDATED < place_for(datetime(1990, 1, 1, tzinfo=UTC), new_id())
    assert stands_at(place_for(None, new_id()), None)
    assert not stands_at(place_for(None, new_id()), NOW)


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
