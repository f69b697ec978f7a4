"""The pages on which a council's projects are brought in: chosen or pasted, looked at, confirmed, reported on."""

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from pipeline.db.engine import database
from pipeline.imports.bringing_in import bring_in_portfolios
from pipeline.imports.columns import COLUMNS
from pipeline.imports.models import PortfolioImport
from pipeline.imports.rules import MOST_BYTES
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database

BRING = "/councils/leadham/portfolio/import"
PORTFOLIO = (
    "Reference;Title;Phase;Themes;Budget holder\r\n"
    "EXAMPLE;One form;Alpha;Housing;\r\n"
    "R1;Repairs <b>form</b>;Alpha;Housing;Ann\r\n"
    "R2;Another;Omega;;\r\n"
    ";Here already;;;\r\n"
)


@pytest.fixture
def council(make: Factory) -> Any:
    """The council whose portfolio it is."""
    return make.council("Leadham")


@pytest.fixture
def member(client: CheckedClient, make: Factory, council: Any) -> CheckedClient:
    """A browser in which a member is signed in, whose council has one project."""
    officer = make.officer(council)
    make.signed_in(client, officer, council)
    make.project(council, officer, title="Here already", slug="here-already")
    return client


def choose(browser: CheckedClient, content: bytes, name: str = "portfolio.csv", **typed: str) -> Any:
    """Send the form with a file."""
    form = parsed(browser.get(BRING)).find("form", id="form")
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    sent = hidden | typed | {"file": FileStorage(io.BytesIO(content), name)}
    body, _length, boundary = stream_encode_multipart(sent, use_tempfile=False)
    return browser.post(BRING, data=body.read(), content_type=f"multipart/form-data; boundary={boundary}")


def brought(browser: CheckedClient, text: str = PORTFOLIO) -> str:
    """The address of an import."""
    answer = choose(browser, text.encode())
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def press(browser: CheckedClient, path: str, ending: str) -> Any:
    """Press the button of a page whose form leads to an address with this ending."""
    form = parsed(browser.get(path)).find("form", action=f"{path}{ending}")
    assert form is not None, ending
    return browser.send_form(form, path)


def run_worker(browser: CheckedClient) -> None:
    with browser.application.app_context():
        while bring_in_portfolios():
            pass


def table(page: BeautifulSoup, heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page."""
    section = page.find("section", attrs={"aria-labelledby": heading})
    if section is None:
        return []
    return [
        [" ".join(cell.text.split()) for cell in row.find_all(["th", "td"])] for row in section.tbody.find_all("tr")
    ]


def cells_of(answer: Any) -> list[list[str]]:
    """A CSV that was downloaded."""
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def titles(app: Any) -> list[str]:
    with app.app_context(), Session(database.engine) as session:
        return list(session.scalars(select(Project.title).order_by(Project.title)))


def test_what_would_come_of_a_file_is_shown_before_anything_is_saved(member: CheckedClient) -> None:
    path = brought(member)
    page = member.page(path)
    assert page.h1.text == "Look at what would be brought in"
    (refused,), (ready,), (matched,) = (table(page, one) for one in ("refused", "ready", "matched"))
    assert refused[0] == "4"
    assert "Phase: “Omega” is not in our list." in refused[1]
    assert (ready[0], "Repairs <b>form</b> R1" in ready[1]) == ("3", True)
    assert "Alpha; Housing; To come" in ready[1]
    assert "Before it can be published: Say in a sentence or two what the project is" in ready[1]
    assert matched == ["5", "Here already"]
    assert page.find("a", href="/projects/here-already")
    for words in ("separated by semicolons", "Budget holder", "The example line of the template is left out"):
        assert words in page.text
    assert titles(member.application) == ["Here already"]


def test_how_days_pounds_and_dates_were_read_is_shown(member: CheckedClient) -> None:
    text = "title,decision_on,time_needed,funding_needed\nNew,27/3/2027,Developer 2.5,1500\n"
    (line,) = table(member.page(brought(member, text)), "ready")
    assert "To come; decided by 27 March 2027; Developer: 2.5 days; Funding: £1,500" in line[1]


def test_confirmed_it_is_brought_in_by_the_worker_with_progress_and_a_report(member: CheckedClient) -> None:
    path = brought(member)
    assert press(member, path, "/confirm").location.endswith(path)
    page = member.page(path)
    assert "2 of 3 lines are seen to" in page.find(role="status").text
    assert page.find(attrs={"data-look-again": True})
    run_worker(member)
    page = member.page(path)
    assert page.h1.text == "What came of what you brought"
    assert [[row[0] for row in table(page, one)] for one in ("refused", "added", "matched")] == [["4"], ["3"], ["5"]]
    draft = member.page(page.find("section", attrs={"aria-labelledby": "added"}).tbody.a["href"])
    assert draft.h1.text.strip() == "Repairs <b>form</b>"
    assert titles(member.application) == ["Here already", "Repairs <b>form</b>"]
    assert "1 added" in member.page(BRING).text


def test_the_report_holds_the_lines_as_they_were_and_what_came_of_each(member: CheckedClient) -> None:
    path = brought(member, 'title,summary\n=1+1,x\nHere already,"+44, or\nmore"\nNew,@y\n')
    header, *rows = cells_of(member.get(f"{path}/report.csv"))
    assert header == ["title", "summary", "What came of it here", "What to do", "Address"]
    assert [row[:3] for row in rows] == [
        ["'=1+1", "x", "Refused"], ["Here already", "'+44, or\nmore", "Here already"],
        ["New", "'@y", "Not brought in yet"],
    ]  # fmt: skip
    assert rows[0][3] == "Title: It begins like a formula. Save the values of the cells only, or begin with a letter."
    assert rows[1][4].endswith("/projects/here-already")


def test_the_report_put_right_can_be_brought_in_again(member: CheckedClient) -> None:
    path = brought(member)
    press(member, path, "/confirm")
    run_worker(member)
    report = member.get(f"{path}/report.csv").get_data(as_text=True).replace("Omega", "Beta")
    page = member.page(brought(member, report))
    assert [[row[0] for row in table(page, one)] for one in ("refused", "ready", "matched")] == [[], ["3"], ["2", "4"]]
    assert "What came of it" not in page.text


def test_lines_may_be_pasted(member: CheckedClient) -> None:
    answer = member.send(BRING, text="Title\tPhase\nPasted\tBeta\n", file=None)
    assert answer.status_code == 303
    page = member.page(str(answer.location))
    assert table(page, "ready")[0][:1] == ["2"]
    assert "Its cells are separated by tabs" in page.text


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "There is nothing in it"), (b"\x89PNG\r\n\x1a\n\x00", "This is not a CSV file"),
        (b"PK\x03\x04rest", "This is a spreadsheet or a document"), (b"summary\nx\n", "There is no column Title"),
        (b"title,Title\nx,y\n", "Two columns mean the same: title, Title"),
        (b"x" * (MOST_BYTES + 1), "larger than 1 MB"),
        (b"title\n", "There are no projects in it"), (b"," * 900_000, "There is nothing in it"),
        ("title\nOne".encode("utf-16-be"), "This is not a CSV file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_portfolio_is_answered_on_the_form(member: CheckedClient, content: bytes, words: str) -> None:
    answer = choose(member, content)
    assert answer.status_code == 422
    page = parsed(answer)
    assert page.title.text.startswith("Error:")
    assert words in page.find(class_="govuk-error-summary").text
    assert page.find(class_="govuk-error-summary").a["href"] == "#file"


def test_what_was_pasted_stays_when_it_is_refused(member: CheckedClient) -> None:
    answer = member.send(BRING, text="\tSummary\n\tOnly a summary\n", file=None)
    assert answer.status_code == 422
    page = parsed(answer)
    assert page.find("textarea", attrs={"name": "text"}).text.strip("\n").endswith("\tSummary\n\tOnly a summary")
    assert page.find(class_="govuk-error-summary").a["href"] == "#text"


def test_nothing_and_two_things_at_once_are_refused(member: CheckedClient) -> None:
    assert "Choose a file, or paste the lines" in said(member.send(BRING, file=None))
    both = choose(member, b"title\nOne\n", text="title\nTwo\n")
    assert "Take one of them out" in said(both)
    assert "title\nTwo" in both.get_data(as_text=True)


def test_a_button_that_is_pressed_twice_keeps_one_import(member: CheckedClient) -> None:
    form = parsed(member.get(BRING)).find("form", id="form")
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    answers = [member.post(BRING, data=hidden | {"text": "title\nOne\n"}) for _ in range(2)]
    assert answers[0].location == answers[1].location
    with member.application.app_context(), Session(database.engine) as session:
        assert len(session.scalars(select(PortfolioImport.id)).all()) == 1


def test_an_import_is_set_aside_and_the_page_says_so(member: CheckedClient) -> None:
    path = brought(member)
    assert press(member, path, "/set-aside").status_code == 303
    page = member.page(path)
    assert page.h1.text == "Set aside"
    assert page.find("form", action=f"{path}/confirm") is None
    assert [row[0] for row in table(page, "ready")] == ["3"]


def test_confirming_too_late_or_twice_leads_to_how_it_stands(member: CheckedClient) -> None:
    path = brought(member)
    form = parsed(member.get(path)).find("form", action=f"{path}/confirm")
    for _ in range(2):
        assert member.send_form(form, path).location.endswith(path)
    run_worker(member)
    assert member.send_form(form, path).status_code == 303
    assert titles(member.application).count("Repairs <b>form</b>") == 1


def test_where_nothing_is_new_there_is_nothing_to_confirm(member: CheckedClient) -> None:
    page = member.page(brought(member, "title\nHere already\n"))
    assert "There is nothing to add" in page.text
    assert not any(str(form.get("action", "")).endswith("/confirm") for form in page.find_all("form"))


def test_an_import_answers_everybody_else_as_if_it_were_missing(
    member: CheckedClient, make: Factory, council: Any
) -> None:
    path = brought(member)
    other = make.council("Otherby")
    for officer, place in ((make.officer(council), council), (make.officer(other), other)):
        browser = member.application.test_client()
        make.signed_in(browser, officer, place)
        for end in ("", "/report.csv"):
            assert browser.get(path + end).status_code == 404
    assert member.get(path.replace("leadham", "otherby")).status_code == 404
    assert member.application.test_client().get(path).status_code == 303


def test_only_a_member_of_the_council_may_bring_in(member: CheckedClient, make: Factory) -> None:
    make.council("Otherby")
    assert member.get("/councils/otherby/portfolio/import").status_code == 403
    assert member.get("/councils/nowhere/portfolio/import").status_code == 404


@pytest.mark.parametrize("prefix, language", [("", "en"), ("/cy", "cy")])
def test_the_template_has_every_column_and_an_example_that_is_left_out(
    member: CheckedClient, prefix: str, language: str
) -> None:
    answer = member.get(f"{prefix}/portfolio-template.csv")
    header, example = cells_of(answer)
    assert header == [column.in_language(language) for column in COLUMNS]
    assert len(example) == len(header)
    only_example = choose(member, answer.data)
    assert "besides the example" in said(only_example)
    filled = answer.get_data(as_text=True) + "7," + ",".join(example[1:2]) + "\n"
    assert "The example line" in member.page(brought(member, filled)).text


# --- The portfolio itself -----------------------------------------------------------------------------------------


def test_a_portfolio_without_projects_says_so(client: CheckedClient, make: Factory, council: Any) -> None:
    assert "None yet" in client.page("/councils/leadham/portfolio").text
    make.former_code(council, "leadham-old")
    assert client.get("/councils/leadham-old/portfolio").location.endswith("/councils/leadham/portfolio")


def test_members_find_where_to_bring_theirs_in(member: CheckedClient) -> None:
    for path in ("/councils/leadham/portfolio", "/projects/new", "/your-work"):
        assert member.page(path).find("a", href=BRING), path


def test_a_portfolio_as_csv_is_known_again_line_by_line(member: CheckedClient, make: Factory, council: Any) -> None:
    project = make.project(council, title="-Dashing, “quoted”", slug="dashing", themes=("housing", "libraries"))
    make.need(project, target=5, title="Somebody")
    make.need(project, "funding", target=250_050, title="Hosting; and more")
    make.need(project, "in_kind", target=2)
    answer = member.get("/councils/leadham/portfolio.csv")
    header, *rows = cells_of(answer)
    dashing = dict(zip(header, rows[0], strict=True))
    assert (dashing["Title"], dashing["Themes"]) == ("'-Dashing, “quoted”", "Housing; Libraries")
    assert dashing["Officer time needed (days)"] == "Developer: 2.5"
    assert dashing["Funding needed (pounds)"] == "Hosting, and more: £2,500.50"
    assert dashing["Address"].endswith("/projects/dashing")
    page = member.page(brought(member, answer.get_data(as_text=True)))
    assert [row[0] for row in table(page, "matched")] == ["2", "3"]
    assert (table(page, "refused"), table(page, "ready")) == ([], [])
    assert "These columns are not read" not in page.text


def test_a_portfolio_as_csv_can_be_brought_in_by_another_council(
    member: CheckedClient, make: Factory, council: Any
) -> None:
    project = make.project(council, title="Dashing", slug="dashing")
    make.need(project, target=5)
    text = member.get("/councils/leadham/portfolio.csv").get_data(as_text=True)
    other = make.council("Otherby")
    browser = member.application.test_client()
    make.signed_in(browser, make.officer(other), other)
    form = parsed(browser.get("/councils/otherby/portfolio/import")).find("form", id="form")
    hidden = {field["name"]: field["value"] for field in form.find_all("input", type="hidden")}
    answer = browser.post("/councils/otherby/portfolio/import", data=hidden | {"text": text})
    assert [row[0] for row in table(browser.page(answer.location), "ready")] == ["2", "3"]
