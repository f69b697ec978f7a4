"""Importing the register: what is added, what changes, what is left alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from pipeline.councils import queries, register
from pipeline.councils.actions import import_councils
from pipeline.councils.models import Council, CouncilDomain
from pipeline.councils.queries import CouncilFilters
from pipeline.councils.register import CouncilFacts
from pipeline.db.log import LoggedEvent
from pipeline.kernel import clock
from pipeline.kernel.actor import Channel, system
from pipeline.kernel.errors import NotAllowed, NotFound
from tests.conftest import Working

pytestmark = pytest.mark.database

OPERATOR = system("tests", Channel.COMMAND)
HARTLEPOOL = next(one for one in register.rows() if one.slug == "hartlepool")


def bring_in(work: Working, *facts: CouncilFacts) -> tuple[int, int, int]:
    with work(OPERATOR) as unit:
        imported = import_councils(unit, facts=facts)
        return imported.added, imported.changed, imported.unchanged


def everything() -> Iterable[CouncilFacts]:
    return register.rows()


def test_the_register_that_ships_has_398_councils_that_exist(work, read) -> None:
    assert bring_in(work, *everything()) == (473, 0, 0)
    with read() as reading:
        assert queries.number_of_councils(reading, CouncilFilters(active=True)) == 398


def test_importing_the_same_again_changes_nothing_and_records_nothing(work, read) -> None:
    bring_in(work, *everything())
    with read() as reading:
        before = reading.session.scalar(select(func.count()).select_from(LoggedEvent))
    assert bring_in(work, *everything()) == (0, 0, 473)
    with read() as reading:
        assert reading.session.scalar(select(func.count()).select_from(LoggedEvent)) == before


def test_a_changed_code_leads_to_the_council_for_ever(work, read) -> None:
    bring_in(work, HARTLEPOOL)
    assert bring_in(work, replace(HARTLEPOOL, gss_code="E06000999")) == (0, 1, 0)
    with read() as reading:
        assert queries.council_seen_by(reading, "E06000001").slug == "hartlepool"
        assert queries.council_seen_by(reading, "E06000999").slug == "hartlepool"


def test_a_domain_or_former_code_a_council_gets_by_itself_is_a_change_that_is_told(work, read) -> None:
    bring_in(work, HARTLEPOOL)
    more = replace(HARTLEPOOL, domains=(*HARTLEPOOL.domains, "new.example"), former_gss_codes=("E06999999",))
    assert bring_in(work, more) == (0, 1, 0)
    assert bring_in(work, more) == (0, 0, 1)
    with read() as reading:
        assert queries.council_seen_by(reading, "E06999999").slug == "hartlepool"
        told = reading.session.scalars(select(LoggedEvent).where(LoggedEvent.name == "council.changed")).one()
    assert told.payload["changes"] == {"domains": None, "former_gss_codes": None}


def test_what_is_not_given_is_not_taken_away(work, read) -> None:
    bring_in(work, HARTLEPOOL)
    bring_in(work, replace(HARTLEPOOL, website=None, domains=(), region="", name="Hartlepool Council"))
    with read() as reading:
        council = queries.council_seen_by(reading, "hartlepool")
        assert (council.name, council.website, council.region) == (
            "Hartlepool Council",
            HARTLEPOOL.website,
            "North East",
        )
        assert reading.session.scalar(select(func.count()).select_from(CouncilDomain)) == len(HARTLEPOOL.domains)


def test_an_abolished_council_knows_who_followed_it(work, read) -> None:
    bring_in(work, *everything())
    with read() as reading:
        cumbria = queries.council_seen_by(reading, "E10000006")
        _before, after = queries.relatives(reading, [cumbria.id])[cumbria.id]
        assert not cumbria.is_active
        assert [one.short_name for one in after] == ["Cumberland", "Westmorland and Furness"]


def test_a_future_council_does_nothing_before_its_first_day(work, read) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    bring_in(
        work,
        replace(HARTLEPOOL, started_on=tomorrow),
        replace(HARTLEPOOL, authority_code="NEW", gss_code=None, started_on=date(2001, 1, 1)),
    )
    with read() as reading:
        states = dict(reading.session.execute(select(Council.slug, Council.is_active)).all())
    assert states == {"hartlepool": False, "hartlepool-2": True}


def test_only_the_operator_imports(work, make) -> None:
    officer = make.officer(make.council())
    with pytest.raises(NotAllowed), work(make.actor(officer)) as unit:
        import_councils(unit, facts=[HARTLEPOOL])


def test_a_council_that_is_not_there_is_not_found(read) -> None:
    for code in ("nowhere", "E99999999", "%", ""):
        with read() as reading, pytest.raises(NotFound):
            queries.council_seen_by(reading, code)


def test_paging_there_and_back_shows_every_council_once(work, read) -> None:
    bring_in(work, *everything())
    with read() as reading:

        def page(place=None):
            order = queries.ORDERS["short_name"]
            return queries.councils_listed(reading, CouncilFilters(), order=order, limit=50, place=place)

        pages = [page()]
        while pages[-1].after is not None:
            pages.append(page(pages[-1].after))
        seen = [row.Council.id for one in pages for row in one.rows]
        assert len(set(seen)) == len(seen) == 473
        back = page(pages[-1].before)
        assert [row.Council.id for row in back.rows] == seen[-73:-23]


def test_a_council_says_when_it_last_changed(work, read) -> None:
    bring_in(work, HARTLEPOOL)
    with read() as reading:
        before = queries.council_seen_by(reading, "hartlepool").updated_at
    bring_in(work, HARTLEPOOL)
    with read() as reading:
        assert queries.council_seen_by(reading, "hartlepool").updated_at == before
    bring_in(work, replace(HARTLEPOOL, website="https://elsewhere.example/"))
    with read() as reading:
        assert queries.council_seen_by(reading, "hartlepool").updated_at > before


def test_each_filter_narrows_the_register(work, read) -> None:
    bring_in(work, *everything())
    least = {
        CouncilFilters(q="YNYS môn"): 1,
        CouncilFilters(q="e06000001"): 1,
        CouncilFilters(nation="Wales", active=True): 22,
        CouncilFilters(kind="london borough"): 32,
        CouncilFilters(region="North East", active=True): 8,
    }
    with read() as reading:
        for filters, number in least.items():
            assert number <= queries.number_of_councils(reading, filters) < 100, filters


@pytest.mark.parametrize("q", ["%", "_", "\\", "'; DROP TABLE council; --", "😀", "x" * 100])
def test_any_words_are_safe(work, read, q) -> None:
    bring_in(work, HARTLEPOOL)
    with read() as reading:
        assert queries.number_of_councils(reading, CouncilFilters(q=q)) == 0
