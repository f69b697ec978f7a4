"""Accounts: what is pledged, committed and delivered, the same to the penny on page, API, CSV and the home page."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.kernel import clock
from pipeline.pledges import actions
from pipeline.pledges.account import council_account, project_account
from pipeline.pledges.delivery_dates import count_unanswered
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Spending
from pipeline.projects.figures import count_figures, public_figures
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.pledges.test_actions import an_offer
from tests.pledges.test_delivering import Work, make_work
from tests.support.client import CheckedClient
from tests.support.queries import counted

pytestmark = pytest.mark.database


@pytest.fixture
def place(make: Factory, work: Callable[..., Any]) -> Work:
    """Giver has committed five days and £1,234.56, and delivered part of both; a trial project counts for nothing."""
    place = make_work(make, work)
    place.agree(place.record(3))
    place.dispute(place.record(4), 2)
    place.record(9)
    make.need(place.scene.project, "funding", target=500_000)
    money = fund(place, 123_456)
    place.agree(place.record(23_450, pledge=money))
    place.release(pledge=money)
    more = fund(place, 99)
    place.record(10, place.scene.lead, pledge=more)
    return place


def fund(place: Work, pence: int) -> Pledge:
    """Another pledge of Giver, of pence, committed."""
    need = place.scene.make.need(place.scene.project, "funding", target=500_000)
    today = clock.today()
    offer = {
        "from_on": None, "to_on": None, "first_financial_year": today.year - (today.month < 4),
        "last_financial_year": today.year - (today.month < 4), "spending": Spending.REVENUE,
    }  # fmt: skip
    with place.scene.work(place.scene.officer) as work:
        pledge = actions.offer_pledge(work, need_id=need.id, offer=an_offer(pence, **offer))
    place.scene.authorise(pledge)
    return place.scene.accept(pledge)


def test_an_account_adds_up_days_and_pounds_apart(place: Work, read: Callable[..., Any]) -> None:
    with read() as reading:
        of_council = council_account(reading, place.scene.giver.id)
        of_project = project_account(reading, place.scene.project.id)
    assert of_council.time == of_project.time
    assert of_council.funding == of_project.funding
    time, funding = of_council.time, of_council.funding
    assert (time.pledged, time.committed, time.delivered, time.to_come) == (10, 10, 5, 5)
    assert (funding.pledged, funding.committed, funding.delivered) == (23_549, 23_549, 23_450)
    assert (funding.released, funding.to_come, funding.broken) == (100_006, 99, 0)
    assert [line.name for line in of_council.lines] == [place.scene.project.title]
    assert [line.name for line in of_project.lines] == ["Giver"]


def test_the_account_of_a_project_is_what_the_project_keeps(place: Work, read: Callable[..., Any]) -> None:
    project = place.scene.row(Project, place.scene.project.id)
    with read() as reading:
        found = project_account(reading, project.id)
    for measure in ("pledged", "committed", "delivered"):
        assert getattr(found.time, measure) == getattr(project, f"{measure}_half_days")
        assert getattr(found.funding, measure) == getattr(project, f"{measure}_pence")
    assert place.scene.differences() == []


def test_figures_are_the_same_on_page_api_csv_and_home(place: Work, client: CheckedClient, read: Any) -> None:
    with place.scene.make.app.app_context():
        count_figures()
    with read() as reading:
        home = public_figures(reading)
    slug, council = place.scene.project.slug, place.scene.giver.slug
    for path in (f"councils/{council}", f"projects/{slug}"):
        api = client.get(f"/api/v1/{path}/account").get_json()["data"]
        page = " ".join(client.page(f"/{path}/account").get_text(" ").split())
        rows = list(csv.DictReader(io.StringIO(client.get(f"/{path}/account.csv").get_data(as_text=True))))
        for measure in ("pledged", "committed", "delivered"):
            half_days, pence = api[f"{measure}_half_days"], api[f"{measure}_pence"]
            assert (half_days, pence) == (getattr(home, f"{measure}_half_days"), getattr(home, f"{measure}_pence"))
            assert sum(round(2 * float(row[f"{measure}_days"] or 0)) for row in rows) == half_days
            assert sum(round(100 * float(row[f"{measure}_pounds"] or 0)) for row in rows) == pence
        assert "Pledged 5 £235.49" in page
        assert "Committed 5 £235.49" in page
        assert "Delivered 2.5 £234.50" in page
        year = clock.today().year - (clock.today().month < 4)
        assert api["years"] == [
            {"begins_on": f"{year}-04-01", "delivered_half_days": 5, "delivered_pence": 23_450,
             "not_agreed_half_days": 0, "not_agreed_pence": 0}
        ]  # fmt: skip
        assert sum(float(row[f"delivered_{year}_{(year + 1) % 100:02d}_pounds"] or 0) for row in rows) == 234.5
    assert "days delivered" in client.page("/").text


def test_what_was_delivered_falls_in_the_financial_year_of_its_day(
    place: Work, make: Factory, read: Callable[..., Any]
) -> None:
    pledge = place.scene.row(Pledge, place.pledge.id)
    with make.session() as session:
        session.get_one(Pledge, pledge.id).offered_at = pledge.offered_at - timedelta(days=900)
    year = clock.today().year - 1
    for day, amount in ((date(year, 3, 31), 1), (date(year, 4, 1), 2), (date(year, 1, 1), 4)):
        place.agree(place.record(amount, day=day))
    with read() as reading:
        years = {one.begins: one.half_days for one in council_account(reading, place.scene.giver.id).years}
    assert (years[year - 1], years[year]) == (5, 2)
    assert sum(years.values()) == place.scene.row(Pledge, pledge.id).delivered


def test_what_nobody_agreed_is_marked_in_the_account(place: Work, client: CheckedClient) -> None:
    with clock.moved(timedelta(days=45)), place.scene.make.app.app_context():
        count_unanswered()
    data = client.get(f"/api/v1/projects/{place.scene.project.slug}/account").get_json()["data"]
    assert (data["years"][0]["not_agreed_half_days"], data["years"][0]["not_agreed_pence"]) == (9, 10)
    assert data["delivered_half_days"] == 14
    assert data["to_come_half_days"] == 0
    assert "not yet agreed" in client.page(f"/projects/{place.scene.project.slug}/account").text


def test_hidden_and_trial_projects_are_in_no_council_account(place: Work, client: CheckedClient, make: Factory) -> None:
    with make.session() as session:
        project = session.get_one(Project, place.scene.project.id)
        project.is_hidden, project.is_public = True, False
    data = client.get("/api/v1/councils/giver/account").get_json()["data"]
    assert (data["pledged_half_days"], data["lines"], data["years"]) == (0, [], [])
    for path in ("/projects/{}/account", "/projects/{}/account.csv", "/api/v1/projects/{}/account"):
        assert client.get(path.format(place.scene.project.slug)).status_code == 404


def test_a_council_that_pledged_nothing_has_an_empty_account(make: Factory, client: CheckedClient) -> None:
    council = make.council("Quiet")
    page = client.page(f"/councils/{council.slug}/account")
    assert "Nothing has been delivered yet" in page.text
    assert client.get(f"/councils/{council.slug}/account.csv").get_data(as_text=True).count("\r\n") == 1


def test_things_in_kind_are_listed_and_never_added(place: Work, client: CheckedClient, make: Factory) -> None:
    need = make.need(place.scene.project, "in_kind", thing="room")
    pledge = make.pledge(
        need, place.scene.giver, make.officer(), status="committed", amount=6, committed_at=clock.now()
    )
    with make.session() as session:
        session.get_one(Pledge, pledge.id).is_counting = True
    data = client.get("/api/v1/councils/giver/account").get_json()["data"]
    assert [(one["thing"], one["pledged"], one["to_come"]) for one in data["in_kind"]] == [("room", 6, 6)]
    assert data["pledged_half_days"] == 10
    assert "6 × room pledged" in client.page("/councils/giver/account").text
    rows = csv.DictReader(io.StringIO(client.get("/councils/giver/account.csv").get_data(as_text=True)))
    assert [row["pledged_number"] for row in rows if row["kind"] == "in_kind"] == ["6"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A"])
def test_no_cell_runs_in_a_spreadsheet(make: Factory, client: CheckedClient, text: str) -> None:
    council = make.council("Giving")
    project = make.project(council, title=text)
    make.pledge(make.need(project, title=text), council, make.officer(council), status="authorised")
    table = client.get(f"/projects/{project.slug}/account.csv").get_data(as_text=True)
    row = next(csv.DictReader(io.StringIO(table, newline="")))
    assert (row["project"], row["need"]) == (f"'{text}", f"'{text}")


def test_an_account_asks_little_however_much_is_in_it(make: Factory, client: CheckedClient) -> None:
    council = make.council("Giving")
    officer = make.officer(council)

    def statements(number: int) -> int:
        for _each in range(number):
            make.pledge(make.need(make.project(council)), council, officer, status="authorised")
        with counted(client.application) as asked:
            client.page("/councils/giving/account")
        return len(asked)

    assert statements(1) == statements(20) <= 6


def test_an_old_address_leads_to_the_account(make: Factory, client: CheckedClient) -> None:
    council = make.council("Newname")
    make.former_code(council, "oldname")
    assert client.get("/councils/oldname/account").location == "/councils/newname/account"
    assert client.get("/api/v1/councils/oldname/account").status_code == 308
