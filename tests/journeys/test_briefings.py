"""A briefing is looked at on a screen and printed: one page of A4, however much the project says."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.conftest import empty
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

PARAGRAPH = "<p>" + "Tenants report repairs, and nobody can find what they said a week before. " * 6 + "</p>"
MARGIN = "12mm"
DAY, DUE = date(2026, 1, 12), date(2027, 1, 12)


@pytest.fixture(scope="module")
def site_with_much(sites: Callable[[str], Site]) -> Site:
    """A project that says and asks for a lot, with many councils in it."""
    site = sites("sqlite")
    empty(site.app)
    make = site.make
    north = make.council("Northborough")
    lead = make.officer(north)
    says = {"summary": "What there will be in the end. " * 9, "problem_html": PARAGRAPH * 5}
    project = make.project(north, lead, slug="repairs", title="One form for housing repairs " * 4, **says)
    long = "Building the form and its link to the systems of repairs in each council that takes part"
    for number in range(6):
        name = f"How long somebody who reports a repair waits for an answer to it {number}"
        measure = make.measure(project, lead, name=name, baseline=24, baseline_on=DAY, target=8, target_on=DUE)
        make.reading(measure, lead, north, value=16)
    needs = [make.need(project, title=f"{long} {number}", is_essential=True) for number in range(8)]
    for number in range(8):
        other = make.council(f"Place {number}")
        make.pledge(needs[number], other, make.officer(other), status="authorised")
        make.lesson(project, lead, north, title=f"A lesson of a long title, that is told at length {number}")
    return site


@pytest.fixture
def reader(chromium: Browser, site_with_much: Site) -> Iterator[Walker]:
    """Somebody who reads."""
    walker = Walker(chromium, site_with_much, has_scripts=False)
    yield walker
    walker.close()


def pages_on_paper(page: Any) -> int:
    """How many pages of A4 a page is printed on."""
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), MARGIN))
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


@pytest.mark.parametrize("path", ["/projects/repairs/briefing", "/councils/northborough/briefing"])
def test_a_briefing_reads_well_and_is_one_page_on_paper(reader: Walker, path: str) -> None:
    reader.go(path)

    assert pages_on_paper(reader.page) == 1
