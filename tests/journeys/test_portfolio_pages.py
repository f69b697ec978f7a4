"""A council's portfolio is looked at in a browser: board, table, narrowed, empty, and beside councils like it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import update

from pipeline.councils.models import Council
from pipeline.portfolios.index import rebuild_portfolios
from tests.conftest import empty
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

HERE = "/councils/leadham/portfolio"
LONG = "Resettlement, homelessness prevention and Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


@pytest.fixture(scope="module")
def made(sites: Callable[[str], Site]) -> Site:
    """Leadham has projects in each phase and status; Otherby is like it."""
    site = sites("sqlite")
    empty(site.app)
    make = site.make
    council, other = make.council("Leadham"), make.council("Otherby")
    make.council("Idleham")
    lead = make.officer(council, is_named=True)
    for number, status in enumerate(("open", "going_ahead", "finished", "stopped", "lapsed", "open", "open", "open")):
        make.project(council, lead, title=f"{LONG} {number}", status=status, phase="alpha" if number > 3 else "live")
    theirs = make.project(other, title="Theirs", phase=None, freshness="quiet", freshness_step=4)
    make.pledge(make.need(theirs), council, lead, status="committed", delivered=3)
    with make.session() as session:
        session.execute(update(Council).where(Council.slug != "idleham").values(projects_led=8))
    with site.app.app_context():
        rebuild_portfolios()
    return site


@pytest.fixture
def reader(chromium: Browser, made: Site) -> Iterator[Walker]:
    """Somebody who reads."""
    walker = Walker(chromium, made, has_scripts=True)
    yield walker
    walker.close()


def test_a_portfolio_reads_well_in_each_of_its_states(reader: Walker) -> None:
    for path in ("", "?view=table", "?role=partner&view=table", "?status=open&due=yes", "?theme=planning", "/compare"):
        reader.go(HERE + path)
    for path in ("/councils/idleham/portfolio", "/councils/idleham/portfolio/compare"):
        reader.go(path)


def test_a_portfolio_is_narrowed_and_turned_into_a_table_by_pressing(reader: Walker) -> None:
    reader.go(HERE)
    reader.page.get_by_label("Status", exact=True).select_option("finished")
    reader.press("Show results")
    assert reader.sees("1 project")
    reader.follow("Table")
    assert reader.page.locator("tbody th a").first.inner_text().startswith(LONG)
    reader.follow("Remove filter: Finished")
    assert reader.sees("9 projects")
