"""The pages of portfolios: a board, a table, what narrows them, and councils beside each other."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.db.housekeeping import HOUSEKEEPING
from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.portfolios import queries
from pipeline.portfolios.index import write_entries
from pipeline.projects.models import Project
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database

HERE = "/councils/leadham/portfolio"


@pytest.fixture
def keep(make: Factory) -> Callable[[], None]:
    """Has the listener hear of all projects there are."""

    def write() -> None:
        with make.app.app_context(), housekeeping("portfolios") as session:
            write_entries(session, list(session.scalars(select(Project.id))))
        make.app.extensions["pipeline_kept_pages"].forget()

    return write


class Scene:
    """Leadham leads two projects and gives to Otherby's."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.council, self.other = make.council("Leadham"), make.council("Otherby")
        self.lead = make.officer(self.council, name="Ada Lead", is_named=True)
        self.helper = make.officer(self.council, name="Not Named")
        soon = clock.today() + timedelta(days=10)
        self.alpha = make.project(self.council, self.lead, title="In alpha", phase="alpha", decision_on=soon)
        make.person(self.alpha, self.helper, self.council)
        self.found = make.project(
            self.council, title="In discovery", phase="discovery", status="finished", themes=("planning",)
        )
        self.theirs = make.project(self.other, title="Theirs", phase="alpha", status="going_ahead")
        make.pledge(make.need(self.theirs), self.council, self.helper, status="committed", amount=8, delivered=3)
        make.project(self.council, title="Somebody’s draft", status="draft")
        begun, due = clock.today() - timedelta(days=90), clock.today() - timedelta(days=1)
        self.measure = make.measure(self.alpha, self.lead, baseline=24, baseline_on=begun, target=8, target_on=due)
        make.measure(self.alpha, self.lead, name="What it saves", kind="benefit", unit="pounds", better="more")


def titles(page: Any) -> list[str]:
    """What the board or the table lists."""
    return [one.text for one in page.select(".board .rows__title a, tbody th a")]


def test_the_board_has_a_column_for_each_phase_with_the_status_in_words(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    Scene(make)
    keep()
    page = client.page(HERE)

    assert page.find(id="results").text == "3 projects"
    assert [" ".join(one.text.split()) for one in page.select(".board h3")] == ["Discovery 1", "Alpha 2"]
    assert set(titles(page)) == {"In alpha", "In discovery", "Theirs"}
    alpha = page.select_one("[aria-labelledby=phase-alpha]").text
    assert "Open for pledges" in alpha
    assert "2 people, Ada Lead." in alpha
    assert "Not Named" not in page.text
    assert client.page("/councils/leadham").find("a", href=HERE)


def test_the_table_says_what_was_pledged_and_given(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    Scene(make)
    keep()
    page = client.page(f"{HERE}?view=table&role=partner")

    assert titles(page) == ["Theirs"]
    cells = [one.text for one in page.select("tbody tr")[0].find_all("td")]
    assert cells[0] == "Takes part"
    assert cells[5:8] == ["4 days", "4 days", "1.5 days"]


@pytest.mark.parametrize(
    "narrowed, found",
    [
        ("role=leads", {"In alpha", "In discovery"}), ("phase=discovery", {"In discovery"}),
        ("status=going_ahead", {"Theirs"}), ("theme=planning", {"In discovery"}), ("due=yes", {"In alpha"}),
        ("role=partner&due=yes", set()),
        ("measures=yes", {"In alpha"}), ("measures=late&theme=planning", set()),
        ("phase=nonsense", {"In alpha", "In discovery", "Theirs"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("view", ["board", "table"])
def test_both_are_narrowed_alike(
    client: CheckedClient, make: Factory, keep: Callable[[], None], narrowed: str, found: set[str], view: str
) -> None:
    Scene(make)
    keep()
    page = client.page(f"{HERE}?view={view}&{narrowed}")

    assert set(titles(page)) == found
    assert page.find(id="results").text.split()[0] == str(len(found))
    assert ("No projects match" in page.text) is (not found)
    sums = [[cell.text for cell in row.select("th, td")] for row in page.select("[aria-labelledby=in-all] tbody tr")]
    assert sum(int(row[1]) for row in sums) == len(found), "what it comes to is of what is shown"
    if "Theirs" in found:
        assert sums[-1] == ["Takes part", "1", "4 days", "4 days", "1.5 days"]


def test_what_is_not_counted_to_its_end_is_not_summed(
    client: CheckedClient, make: Factory, keep: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(make)
    make.project(scene.council, scene.lead, decision_on=clock.today() + timedelta(days=2))
    keep()
    monkeypatch.setattr(queries, "MOST_COUNTED", 1)
    assert not client.page(f"{HERE}?due=yes").select("#in-all")
    assert client.page(f"{HERE}?status=open").select("#in-all"), "this is kept"


def test_board_table_and_file_say_what_is_measured(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    scene = Scene(make)
    former = make.reading(scene.measure, scene.lead, scene.council, value=20)
    make.reading(scene.measure, scene.lead, scene.council, value=16, corrects_id=former.id)
    keep()
    said = "2 measures. Days to answer: from 12 days, latest 8 days, target 4 days"

    assert f"{said}. A target’s day has passed." in client.page(HERE).select_one("[aria-labelledby=phase-alpha]").text
    assert f"{said}. A target’s day has passed" in client.page(f"{HERE}?view=table&measures=late").find("tbody").text
    assert [row["measured"] for row in rows_of(client, "measures=late")] == [said]


@pytest.mark.parametrize("narrowed", ["", "role=leads", "theme=planning", "due=yes", "status=stopped"])
def test_the_file_has_the_rows_of_the_table(
    client: CheckedClient, make: Factory, keep: Callable[[], None], narrowed: str
) -> None:
    Scene(make)
    keep()
    page = client.page(f"{HERE}?view=table&{narrowed}")
    link = next(one["href"] for one in page.find_all("a", download=True) if "table.csv" in one["href"])
    rows = rows_of(client, link.partition("?")[2])

    assert [row["title"] for row in rows] == titles(page)
    assert all(row["url"].startswith("http") for row in rows)


def test_the_file_has_dates_sums_and_people(client: CheckedClient, make: Factory, keep: Callable[[], None]) -> None:
    Scene(make)
    keep()
    theirs = rows_of(client, "role=partner")[0]

    wanted = {"role": "partner", "phase": "alpha", "status": "going_ahead", "committed_half_days": "8",
              "delivered_half_days": "3", "people": "0", "measures": "0", "measured": ""}  # fmt: skip
    assert {name: theirs[name] for name in wanted} == wanted
    assert theirs["published_on"] == str(clock.today())


def rows_of(client: CheckedClient, query: str) -> list[dict[str, str]]:
    """The rows of the file."""
    answer = client.get(f"{HERE}/table.csv?{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def test_what_was_hidden_since_is_not_shown_though_it_is_still_counted(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    scene = Scene(make)
    keep()
    with make.session() as session:
        session.get_one(Project, scene.alpha.id).is_public = False

    assert "In alpha" not in client.page(HERE).text
    assert "In alpha" not in client.page(f"{HERE}?view=table").text


def test_the_table_goes_on_by_pages_and_a_made_up_cursor_leads_nowhere(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    council = make.council("Leadham")
    for _ in range(52):
        make.project(council, phase=None)
    keep()
    board = client.page(HERE)
    assert "Phase not known" in board.select_one(".board h3").text
    more = board.select_one(".board__column > p > a")
    first = client.page(str(more["href"]))
    second = client.page(first.find("a", rel="next")["href"])

    assert len(titles(first)) == 50
    assert len(titles(second)) == 2
    assert not set(titles(first)) & set(titles(second))
    client.page(f"{HERE}?view=table&cursor=made-up", status=400)


def test_documents_due_for_review_are_listed(client: CheckedClient, shelf: Shelf, keep: Callable[[], None]) -> None:
    scene = Scene(shelf.make)
    shelf.document(scene.alpha, scene.lead, "Text.\n", title="A policy", review_on=clock.today())
    keep()

    assert "A policy" in client.page(HERE).find(attrs={"aria-labelledby": "reviews"}).text


def test_a_page_reads_as_many_statements_however_much_there_is(
    client: CheckedClient, make: Factory, keep: Callable[[], None]
) -> None:
    scene = Scene(make)
    keep()
    numbers = []
    for _ in range(2):
        for view in ("board", "table"):
            with all_counted(make.app) as statements:
                client.page(f"{HERE}?view={view}&status=open")
            numbers.append(len(statements))
        for _number in range(20):
            make.pledge(make.need(make.project(scene.council)), scene.other, scene.lead, status="authorised")
        keep()

    assert numbers[:2] == numbers[2:]


def test_councils_like_it_stand_beside_it_in_the_order_of_the_alphabet(
    client: CheckedClient, shelf: Shelf, keep: Callable[[], None]
) -> None:
    make = shelf.make
    scene = Scene(make)
    with make.session() as session:
        for council in (scene.council, scene.other):
            session.merge(council).projects_led = 2
    for name, values in (
        ("Zedham", {"projects_led": 2}), ("Aham", {"projects_led": 9}), ("Idle", {}),
        ("Elsewhere", {"projects_led": 2, "nation": "Wales"}), ("Made up", {"projects_led": 2, "is_made_up": True}),
    ):  # fmt: skip
        make.council(name, **values)
    policy = shelf.document(scene.theirs, scene.lead, "Be kind.\n")
    shelf.adopt(policy, 1, scene.council, scene.lead)
    keep()
    page = client.page(f"{HERE}/compare")

    names = [one.text for one in page.find(id="by-status").parent.select("tbody th")]
    assert names == ["Leadham", "Aham", "Otherby", "Zedham"]
    figures = [one.text for one in page.find(id="given").parent.select("tbody tr")[0].find_all("td")]
    assert figures == ["1.5", "£0", "0", "£0", "0", "1"]
    status = [one.text for one in page.find(id="by-status").parent.select("tbody tr")[0].find_all("td")]
    assert status[:4] == ["2", "1", "1", "1"]


def test_a_council_without_others_like_it_is_told_so(client: CheckedClient, make: Factory) -> None:
    make.council("Leadham", kind="combined authority")

    assert "No other council of its kind" in client.page(f"{HERE}/compare").text


def test_the_listener_may_write_what_portfolios_are_kept_in() -> None:
    assert HOUSEKEEPING["portfolios"] <= HOUSEKEEPING["listeners"]
