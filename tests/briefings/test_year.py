"""A council's year: counted by the financial year, from what everybody may know."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pipeline.briefings.year import FinancialYear, Kind, year_of_council
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import AnswerClock
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.queries import counted

THIS = FinancialYear.of(clock.today())
LAST = FinancialYear(THIS.begins - 1)
LAST_YEAR = datetime(LAST.begins, 9, 1, 12, tzinfo=UTC)


@pytest.mark.pure
@pytest.mark.parametrize(
    "day, written",
    [(date(2026, 3, 31), "2025-26"), (date(2026, 4, 1), "2026-27"), (date(1999, 12, 31), "1999-00")],
)
def test_a_financial_year_begins_on_the_first_of_april(day: date, written: str) -> None:
    assert str(FinancialYear.of(day)) == written


@pytest.mark.pure
@pytest.mark.parametrize("text", ["", "2025", "2025-27", "9999-00", "2027-28", "1066-67", "2025-26x"])
def test_a_year_nobody_can_mean_is_none(text: str) -> None:
    assert FinancialYear.written(text, date(2026, 11, 22)) is None
    assert FinancialYear.written("2025-26", date(2026, 11, 22)) == FinancialYear(2025)


class Scene:
    """Eastmere leads a project and gives to Northborough's."""

    def __init__(self, make: Factory) -> None:
        self.make = make
        self.north, self.east = make.council("Northborough"), make.council("Eastmere")
        self.lead, self.giver = make.officer(self.north), make.officer(self.east)
        self.theirs = make.project(self.north, self.lead, title="Theirs", published_at=LAST_YEAR)
        self.own = make.project(self.east, self.giver, title="Own")
        self.time, self.money = make.need(self.theirs), make.need(self.theirs, "funding", target=1_000_000)


@pytest.fixture
def scene(make: Factory) -> Scene:
    return Scene(make)


@pytest.mark.database
def test_what_was_promised_and_given_is_counted_in_its_own_year(scene: Scene, read: Any) -> None:
    make = scene.make
    earlier = {"authorised_at": LAST_YEAR, "accepted_at": LAST_YEAR, "committed_at": LAST_YEAR}
    pledge = make.pledge(scene.time, scene.east, scene.giver, status="committed", amount=12, **earlier, delivered=6)
    make.pledge(scene.money, scene.east, scene.giver, status="accepted", amount=50_000)
    moments = {"counts_at": clock.now(), "answer": "agreed", "answered_at": clock.now()}
    make.delivery(pledge, scene.lead, scene.north, amount=4, counted=4, delivered_on=LAST_YEAR.date(), **moments)
    make.delivery(pledge, scene.lead, scene.north, amount=2, counted=2, **moments)
    with read() as reading:
        now, then = (year_of_council(reading, scene.east.id, year) for year in (THIS, LAST))

    assert (then.time.pledged, then.time.committed, then.time.delivered) == (12, 12, 4)
    assert (now.time.pledged, now.time.committed, now.time.delivered, now.time.to_come) == (0, 0, 2, 6)
    assert (now.funding.pledged, now.funding.committed) == (50_000, 0)


@pytest.mark.database
def test_what_everybody_may_not_see_is_in_no_year(scene: Scene, read: Any) -> None:
    make = scene.make
    make.pledge(scene.time, scene.east, scene.giver, status="offered")
    hidden = make.project(scene.east, scene.giver, title="Hidden", is_hidden=True)
    make.pledge(make.need(make.project(scene.north, is_hidden=True)), scene.east, scene.giver, status="committed")
    make.lesson(hidden, scene.giver, scene.east)
    with read() as reading:
        year = year_of_council(reading, scene.east.id, THIS)

    assert [one.title for one in year.things[Kind.LED].named] == ["Own"]
    assert year.things[Kind.JOINED].number == year.things[Kind.LESSON].number == 0
    assert (year.time.pledged, year.time.committed) == (0, 0)


@pytest.mark.database
def test_the_year_names_what_came_of_it_and_what_is_due(scene: Scene, shelf: Shelf, client: CheckedClient) -> None:
    make = scene.make
    make.pledge(scene.time, scene.east, scene.giver, status="accepted")
    make.project(
        scene.east, title="Signs", status="finished", ended_at=clock.now(), year_ended=2026,
        outcome_html="<p>412 signs went up.</p>",
    )  # fmt: skip
    shelf.document(
        scene.own, scene.giver, "A text.\n", title="A sign policy", review_on=clock.today() + timedelta(days=30)
    )
    policy = shelf.document(scene.theirs, scene.lead, "Be kind.\n", title="Social media policy")
    shelf.adopt(policy, 1, scene.east, scene.giver)
    make.lesson(scene.own, scene.giver, scene.east, title="Ask first")
    words = client.page("/councils/eastmere/briefing").text

    for said in (
        "It led 2 projects that ran in the year.", "It took part in 1 project of another council.", "Theirs: Open",
        "Signs: 412 signs went up.", "It shared 1 document: A sign policy.", "Social media policy.",
        "It wrote down 1 lesson: Ask first.", "A sign policy: to be reviewed by", "Theirs: decided by",
        "The leads of its projects owed no answers.",
    ):  # fmt: skip
        assert said in words
    before = client.page(f"/councils/eastmere/briefing?year={LAST}").text
    assert "It led 0 projects" in before
    assert "What is due" not in before


@pytest.mark.database
def test_a_year_there_is_nothing_of_is_said_to_be_left_out(scene: Scene, client: CheckedClient) -> None:
    page = client.page("/councils/eastmere/briefing?year=2030-31")
    assert "Part of this address means nothing here and was left out." in page.text
    assert f"year={THIS}" in page.find("a", download=True)["href"]
    assert "means nothing here" not in client.page(f"/councils/eastmere/briefing?year={LAST}").text
    assert client.get("/councils/eastmere/briefing.docx?year=2030-31").status_code == 404


@pytest.mark.database
def test_what_it_led_stands_apart_from_what_it_joined(scene: Scene, client: CheckedClient) -> None:
    make = scene.make
    gave = {"amount": 9, "delivered": 2, "broken": 7, "accepted_at": clock.now(), "committed_at": clock.now()}
    make.pledge(scene.time, scene.east, scene.giver, status="broken", **gave)
    page = client.page("/councils/eastmere/briefing")
    led, joined = (page.select_one(f".briefing__part--{key} ul").text for key in ("led", "joined"))
    assert led.split(":")[0] == "Own"
    assert joined.split(":")[0] == "Theirs", "though the rest of what it promised was broken"


@pytest.mark.database
def test_a_council_that_is_made_up_is_said_to_be_on_page_and_file(client: CheckedClient, make: Factory) -> None:
    make.council("Saltreed", is_made_up=True)
    said = "This council is made up, to show how Pipeline works."
    assert said in client.page("/councils/saltreed/briefing").find(class_="briefing__notice").text
    with zipfile.ZipFile(io.BytesIO(client.get("/councils/saltreed/briefing.docx").data)) as packed:
        assert said in packed.read("word/document.xml").decode()


@pytest.mark.database
def test_titles_in_another_language_are_marked_as_such(scene: Scene, shelf: Shelf, client: CheckedClient) -> None:
    shelf.document(scene.own, scene.giver, "Testun.\n", title="Arwyddion <b>dwyieithog</b>", language="cy")
    make = scene.make
    make.project(scene.east, title="Gwastraff", language="cy")
    make.lesson(scene.own, scene.giver, scene.east, title="Gofyn & gwrando", language="cy")
    page = client.page("/councils/eastmere/briefing")
    assert {one.text for one in page.select('.briefing [lang="cy"]')} == {
        "Arwyddion <b>dwyieithog</b>", "Gwastraff", "Gofyn & gwrando"
    }  # fmt: skip
    assert not page.select('.briefing [lang="en"], .briefing b')
    welsh = client.page("/cy/councils/eastmere/briefing")
    assert "Own" in {one.text for one in welsh.select('.briefing [lang="en"]')}


@pytest.mark.database
def test_the_year_says_what_was_measured_of_the_work(scene: Scene, client: CheckedClient) -> None:
    make = scene.make
    begun = clock.today() - timedelta(days=800)
    terms: dict[str, Any] = {"baseline": 24, "baseline_on": begun, "target": 8, "target_on": clock.today()}
    waits = make.measure(scene.own, scene.giver, **terms)
    wrong = make.reading(waits, scene.giver, scene.east, value=20)
    make.reading(waits, scene.giver, scene.east, value=6, corrects_id=wrong.id)
    make.measure(scene.own, scene.giver, name="Never read", **terms)
    gives = make.measure(scene.own, scene.giver, kind="benefit", unit="pounds", better="more", name="Saved")
    make.reading(gives, scene.giver, scene.east, value=123_400)
    make.reading(gives, scene.lead, scene.north, value=5_000_000)
    hidden = make.project(scene.east, is_public=False, is_hidden=True)
    make.reading(make.measure(hidden, scene.giver, name="Hidden"), scene.giver, scene.east)
    words = " ".join(client.page("/councils/eastmere/briefing").text.split())

    assert "1 measure of its projects was read; 1 met the target." in words
    assert "Own. Days to answer: from 12 days, latest 3 days, target of 4 days met" in words
    assert "The council says the work gives it £1,234 a year." in words
    assert "Nothing was measured in the year." in client.page(f"/councils/eastmere/briefing?year={LAST}").text


@pytest.mark.database
def test_answers_that_came_in_time_are_counted_with_those_that_are_late(scene: Scene, read: Any) -> None:
    today = clock.today()
    for taken, ago in ((2, 10), (9, 10), (None, 10), (None, -1)):
        due = today - timedelta(days=ago)
        scene.make.keep(
            AnswerClock(
                id=new_id(), project_id=scene.own.id, subject_type="pledge", subject_id=new_id(),
                started_at=clock.now(), counts_from_on=due - timedelta(days=4), due_on=due,
                nudge_on=due + timedelta(days=1), desk_on=due + timedelta(days=2),
                answered_at=None if taken is None else clock.now(), days_taken=taken,
            )
        )  # fmt: skip
    with read() as reading:
        year = year_of_council(reading, scene.east.id, FinancialYear.of(today - timedelta(days=10)))

    assert (year.answers_owed, year.answers_in_time) == (3, 1)


@pytest.mark.database
def test_a_year_is_read_in_as_many_statements_however_much_there_is(scene: Scene, app: Any, read: Any) -> None:
    for _ in range(8):
        project = scene.make.project(scene.east, scene.giver)
        scene.make.lesson(project, scene.giver, scene.east)
        scene.make.pledge(scene.time, scene.east, scene.giver, status="committed")
    with read() as reading, counted(app) as statements:
        year = year_of_council(reading, scene.east.id, THIS)

    assert len(statements) == 7
    assert year.things[Kind.LED].number == 9
    assert len(year.things[Kind.LED].named) == 5


@pytest.mark.database
def test_the_year_leaves_as_a_document(client: CheckedClient, scene: Scene) -> None:
    answer = client.get(f"/councils/eastmere/briefing.docx?year={LAST}")

    assert f'filename="briefing-eastmere-{LAST}.docx"' in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"PK")
