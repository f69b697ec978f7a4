"""The briefing of a project: one page made of what the project holds, for whoever may read the project."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.web.briefings import files
from pipeline.web.rendering import uk_date
from tests.factories import Factory
from tests.support.client import CheckedClient

pytestmark = pytest.mark.database


class Scene:
    """Northborough asks for research and money; Eastmere is in."""

    def __init__(self, make: Factory, **values: Any) -> None:
        self.make = make
        self.north, self.east, self.wex = (make.council(one) for one in ("Northborough", "Eastmere", "Wexcombe"))
        self.lead, self.giver, self.reader = (make.officer(one) for one in (self.north, self.east, self.wex))
        self.project = make.project(self.north, self.lead, slug="repairs", title="Repairs on a phone", **values)
        self.research = make.need(
            self.project, title="Research", target=20, pledged=8, held=8, is_essential=True, is_capped=True
        )

    def page(self, client: CheckedClient, status: int = 200) -> Any:
        """Its briefing as a reader is shown it."""
        return client.page("/projects/repairs/briefing", status)


def words_of(page: Any, key: str) -> str:
    """All words of one part."""
    return " ".join(page.select_one(f".briefing__part--{key}").get_text(" ").split())


def test_it_says_what_is_asked_by_when_and_who_is_in(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make, decision_on=clock.today() + timedelta(days=31))
    make.pledge(scene.research, scene.east, scene.giver, status="authorised", amount=8)
    page = scene.page(client)

    assert "A problem." in words_of(page, "problem")
    assert "Eastmere: 4 days" in words_of(page, "who")
    assert "Research: 6 days still to find, essential" in words_of(page, "asked")
    assert "Research 10 days 4 days 0 days" in words_of(page, "cost")
    assert "10 days towards Research" in words_of(page, "risks")
    assert "That is in 31 days." in words_of(page, "waiting")
    assert "it lapses and nobody is bound" in words_of(page, "waiting")


def test_it_says_who_gave_what_before_the_rest_was_broken(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    broken = {"status": "broken", "committed_at": clock.now()}
    make.pledge(scene.research, scene.wex, scene.reader, amount=8, delivered=3, broken=5, **broken)
    make.pledge(scene.research, scene.east, scene.giver, amount=4, broken=4, **broken)
    words = words_of(scene.page(client), "who")

    assert "Wexcombe: 1.5 days given, and no more to come." in words
    assert "Eastmere" not in words


def test_it_says_what_is_measured_from_where_to_where(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    measure = make.measure(scene.project, scene.lead, baseline=24, baseline_on=clock.today() - timedelta(days=9))
    make.reading(measure, scene.lead, scene.north, value=16)
    make.measure(scene.project, scene.lead, name="Ended", ended_at=clock.now())
    words = words_of(scene.page(client), "measured")

    assert "Days to answer: It began at 12 days on" in words
    assert f"Measured last on {uk_date(clock.today())}: 8 days." in words
    assert "Ended" not in words
    document = client.get("/projects/repairs/briefing.docx")
    with zipfile.ZipFile(io.BytesIO(document.data)) as packed:
        assert "It began at 12 days" in packed.read("word/document.xml").decode()


def test_what_the_project_does_not_say_is_said_to_be_missing(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, slug="repairs", problem="", problem_html="", summary="", status="going_ahead")
    page = client.page("/projects/repairs/briefing")

    assert "does not say what the problem is" in words_of(page, "problem")
    assert "does not say what it would give" in words_of(page, "gives")
    assert "does not say what it costs" in words_of(page, "cost")
    assert "The project does not measure anything yet." in words_of(page, "measured")
    assert "No other council is in yet." in words_of(page, "who")
    assert "too few answers" in words_of(page, "risks")


def test_a_project_that_asks_for_nothing_says_so(client: CheckedClient, make: Factory) -> None:
    make.project(make.council(), slug="repairs")

    assert "It asks for nothing." in words_of(client.page("/projects/repairs/briefing"), "asked")


@pytest.mark.parametrize(
    "values",
    [{"status": "finished", "ended_at": clock.now(), "year_ended": 2026}, {"status": "finished", "is_recorded": True}],
)
def test_what_is_over_is_told_as_the_past(client: CheckedClient, make: Factory, values: dict[str, Any]) -> None:
    scene = Scene(make, **values)
    page = scene.page(client)

    assert not page.select(".briefing__part--waiting, .briefing__part--risks")
    assert "Northborough Council led it. No other council was in it." in words_of(page, "who")
    assert words_of(page, "gives").startswith("What it was for")
    assert "does not say what came of it" in words_of(page, "gives")
    assert "In all it asked for 10 days. It asked for no money." in words_of(page, "cost")
    assert "The project measured nothing." in words_of(page, "measured")
    assert " yet" not in page.select_one(".briefing").text
    assert any(said in words_of(page, "asked") for said in ("This project is finished.", "It takes no pledges now."))


def test_what_the_project_calls_its_own_is_marked_in_its_language(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make, language="cy")
    make.measure(scene.project, scene.lead, name="Diwrnodau <i>ateb</i>")
    page = scene.page(client)

    names = {one.text for one in page.select('.briefing span[lang="cy"]')}
    assert {"Research", "Diwrnodau <i>ateb</i>"} <= names
    assert not scene.page(client).select(".briefing i")


def test_a_project_that_looks_for_a_lead_says_so_among_the_risks(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make, freshness="looking_for_lead", freshness_step=5, waits_from_on=clock.today())
    page = scene.page(client)

    assert "looks for a new lead" in words_of(page, "risks")
    assert "It takes no pledges now." in words_of(page, "asked")
    assert "No date runs while it has no lead." in words_of(page, "waiting")


def test_a_member_reads_what_is_asked_of_their_own_council(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    make.officer(scene.wex, Role.AUTHORISER)
    make.spare_capacity(scene.wex, scene.reader, profession="developer", to_on=clock.today() + timedelta(days=200))
    make.pledge(scene.research, scene.wex, scene.reader, status="authorised", amount=2)
    make.signed_in(client, scene.reader, scene.wex)
    words = words_of(scene.page(client), "asked")

    assert words.startswith("What is asked of Wexcombe")
    assert "Wexcombe has pledged: 1 day." in words
    assert "It fits what Wexcombe lists as spare: Research." in words
    assert "1 officer of the council can authorise a pledge. Limits: No limit." in words


def test_nobody_else_reads_of_limits_and_spare_capacity(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    make.officer(scene.wex, Role.AUTHORISER)
    make.spare_capacity(scene.wex, scene.reader, profession="developer", to_on=clock.today() + timedelta(days=200))
    words = words_of(scene.page(client), "asked")

    assert words.startswith("What is asked of your council")
    assert "spare" not in words
    assert "authorise a pledge" not in words


def test_offers_that_nobody_authorised_are_not_told(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    make.pledge(scene.research, scene.east, scene.giver, status="offered")

    assert "Eastmere" not in scene.page(client).text


def test_what_is_hidden_or_a_trial_has_no_briefing_for_the_public(client: CheckedClient, make: Factory) -> None:
    for name, values in (("hidden", {"is_hidden": True}), ("trial", {"is_trial": True})):
        make.project(make.council(), slug=name, **values)
        client.page(f"/projects/{name}/briefing", status=404)
        assert client.get(f"/projects/{name}/briefing.docx").status_code == 404


def test_a_draft_is_its_teams_and_says_so(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    lead = make.officer(council)
    draft = make.project(council, lead, status="draft")
    address = f"/projects/{draft.id}/briefing"
    client.page(address, status=404)
    make.signed_in(client, lead, council)

    assert "This is a draft." in client.page(address).find(class_="briefing__notice").text
    assert "This is a draft." in text_of(client.get(f"{address}.docx").data)


def test_a_trial_project_is_its_councils_and_says_so(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, slug="trial", is_trial=True)
    make.signed_in(client, make.officer(council), council)
    page = client.page("/projects/trial/briefing")

    assert "This is a trial project" in page.find(class_="briefing__notice").text
    assert "It takes no pledges now." in words_of(page, "asked")


def test_text_of_people_stays_text(client: CheckedClient, make: Factory) -> None:
    Scene(make, summary="<script>alert(1)</script>", problem_html="<p>5 &lt; 6</p>")
    answer = client.get("/projects/repairs/briefing")

    assert "<script>alert" not in answer.text
    assert "5 &lt; 6" in answer.text


def text_of(content: bytes) -> str:
    """What a .docx says, markup and all."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read("word/document.xml").decode()


def test_the_docx_says_the_same_and_is_made_once(
    client: CheckedClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(make)
    made: list[str] = []

    def counting(html: str, **values: Any) -> bytes:
        made.append(html)
        return real(html, **values)

    real = files.docx_from_html
    monkeypatch.setattr(files, "docx_from_html", counting)
    make.signed_in(client, scene.reader, scene.wex)
    first, again = (client.get("/projects/repairs/briefing.docx") for _ in range(2))

    assert first.data == again.data
    assert len(made) == 1
    assert "What is asked of Wexcombe" in text_of(first.data)
    assert 'filename="briefing-repairs.docx"' in first.headers["Content-Disposition"]


def test_while_too_many_files_are_made_it_says_when_to_come_back(
    client: CheckedClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_html: str, **_values: Any) -> bytes:
        raise files.NotConverted("others are made")

    Scene(make)
    monkeypatch.setattr(files, "docx_from_html", busy)
    answer = client.get("/projects/repairs/briefing.docx")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_kept_files_are_not_kept_for_ever() -> None:
    kept = files.KeptFiles(most=2)
    for mark in ("a", "b"):
        kept.keep(mark, mark.encode())
    kept.find("a")
    kept.keep("c", b"c")

    assert [kept.find(mark) for mark in ("a", "b", "c")] == [b"a", None, b"c"]


def test_an_address_it_had_before_leads_there(client: CheckedClient, make: Factory) -> None:
    scene = Scene(make)
    answer = client.get(f"/projects/{scene.project.id}/briefing")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/projects/repairs/briefing")
