"""A council brings its portfolio in: template, file, what would be added, progress and report."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.imports.bringing_in import bring_in_portfolios
from pipeline.projects.models import Project
from tests.journeys.conftest import Site, Walker

pytestmark = pytest.mark.browser

MEMBER = "member@northborough.example"
LINES = (
    'DT-1,One form,A form.,"Tenants ring\nthree times.",Housing,Discovery,To come,,'
    "27/03/2027,2,,,,Developer 2.5,,,Yes\r\n"
    "DT-2,Bins calendar,,,Waste,Omega,,,3/27/2027,,,,,,lots,,\r\n"
    f"DT-3,{'Long' * 25}\r\n"
    "DT-4,Here already\r\n"
)


def test_a_portfolio_is_brought_in_from_the_template(
    site: Site, walkers: Callable[[], Walker], tmp_path: Path
) -> None:  # fmt: skip
    council = site.make.council("Northborough")
    officer = site.make.officer(council, address=MEMBER, password_hash=site.password_hash)
    site.make.project(council, officer, title="Here already")
    member = walkers()
    member.sign_in(MEMBER)
    member.go("/councils/northborough/portfolio")
    member.press("Bring in projects from a spreadsheet")
    with member.page.expect_download() as download:
        member.page.get_by_role("link", name="Download the template (CSV)").click()
    filled = tmp_path / "ours.csv"
    filled.write_bytes(Path(download.value.path()).read_bytes() + LINES.encode())

    member.press("Check it")
    assert member.sees("Choose a file, or paste the lines")
    member.page.get_by_label("Choose the CSV file").set_input_files(str(filled))
    for summary in member.page.locator("summary").all():
        summary.click()
    member.look()
    member.press("Check it")
    assert member.sees("The example line of the template is left out")
    assert member.sees("Discovery; Housing; To come; decided by 27 March 2027; Developer: 2.5 days")
    assert member.sees("“Omega” is not in our list")

    member.page.get_by_role("button", name="Add 2 projects").click()
    member.page.get_by_role("heading", name="The projects are being brought in").wait_for()
    if not member.has_scripts:
        member.look()
    with site.app.app_context():
        while bring_in_portfolios():
            pass
    if not member.has_scripts:
        member.page.get_by_role("button", name="See how far it is").click()
    member.page.get_by_role("heading", name="What came of what you brought").wait_for()
    member.look()
    with member.page.expect_download() as download:
        member.page.get_by_role("link", name="Download every line").click()
    assert "Added as a draft" in Path(download.value.path()).read_text()
    member.follow("One form")
    assert member.sees("Tenants ring three times.")
    with site.make.session() as session:
        assert len(session.scalars(select(Project.id)).all()) == 3
    member.go("/councils/northborough/portfolio/import")
    member.page.get_by_label("Or paste the lines").fill("Title\tPhase\nOne form\tDiscovery\nAnother\tAlpha")
    member.press("Check it")
    assert member.sees("Its cells are separated by tabs")
    member.press("Set it aside")
    assert member.sees("These were left when you set the rest aside")
