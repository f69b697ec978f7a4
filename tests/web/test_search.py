"""The page on which everything public is searched."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import update

from pipeline.db.work import housekeeping
from pipeline.kernel import clock
from pipeline.projects.models import Project
from pipeline.search import find
from pipeline.search.index import rebuild_index, renew_later, wipe_index
from pipeline.search.models import EntryKind
from tests.artefacts.factories import Shelf
from tests.factories import Factory
from tests.support.client import CheckedClient
from tests.support.hot_statements import all_counted

pytestmark = pytest.mark.database


def index(make: Factory) -> None:
    with make.app.app_context():
        rebuild_index()


def titles(client: CheckedClient, address: str) -> list[str]:
    return [one.get_text().strip() for one in client.page(address).select(".rows--found h3")]


def test_everything_public_is_found_and_its_words_are_marked(
    client: CheckedClient, make: Factory, shelf: Shelf
) -> None:
    council = make.council("Northborough")
    officer = make.officer(council)
    project = make.project(council, officer, title="Damp homes", problem="Mould grows.")
    make.need(project, title="Somebody who measures damp")
    make.update(project, officer, council, title="Damp was measured")
    make.lesson(project, officer, council, title="Damp comes back")
    shelf.document(project, officer, "About damp walls.", "About damp cellars.", title="A damp policy")
    index(make)
    page = client.page("/search?q=damp")
    found = {one.select_one("b").get_text(): one for one in page.select(".rows--found li")}
    assert set(found) == {"Project", "Need", "Update", "Lesson", "Document", "Earlier version"}
    assert [mark.get_text() for mark in found["Project"].select("h3 mark")] == ["Damp"]
    for one in page.select(".rows--found h3 a"):
        assert client.get(one["href"].split("#")[0]).status_code == 200
    assert titles(client, "/search?q=northborough&kind=council") == ["Northborough Council"]
    assert titles(client, "/search?q=damp&kind=lesson") == ["Damp comes back"]


def test_facets_say_how_many_and_narrow(client: CheckedClient, make: Factory) -> None:
    here, there = make.council("Here"), make.council("There", nation="Wales", region="Wales")
    make.project(here, title="Parking here", themes=("planning",), phase="beta")
    make.project(there, title="Parking there", themes=("planning", "housing"), phase="alpha")
    index(make)
    options = [one.get_text() for one in client.page("/search?q=parking").select("#filter-theme option")]
    assert options == ["Any", "Housing (1)", "Planning and building control (2)"]
    assert titles(client, "/search?q=parking&nation=Wales") == ["Parking there"]
    assert titles(client, "/search?theme=planning&phase=beta&nation=England") == ["Parking here"]
    assert titles(client, "/search?q=parking&theme=libraries") == []
    page = client.page("/search?q=parking&colour=red&theme=nothing&year=20x6")
    assert "Part of this address means nothing here" in page.get_text()


def test_a_facet_in_use_offers_what_it_can_be_changed_to(client: CheckedClient, make: Factory) -> None:
    make.project(make.council(), title="Parking here", themes=("planning",))
    index(make)
    page = client.page("/search?q=parking&theme=planning")
    options = {one["value"]: one.get_text() for one in page.select("#filter-theme option")}
    assert options["planning"] == "Planning and building control (1)"
    assert options["housing"] == "Housing"


def test_of_common_words_few_narrowed_results_are_counted_as_they_are(
    client: CheckedClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = make.council()
    make.project(council, title="Parking of old", themes=("planning",))
    for number in range(12):
        make.project(council, title=f"Parking {number}", themes=("housing",))
    index(make)
    monkeypatch.setattr(find, "MOST", 5)
    assert "More than 5 results" in client.page("/search?q=parking").get_text()
    page = client.page("/search?q=parking&theme=planning").get_text()
    assert "1 result" in page
    assert "More than" not in page
    body = client.get("/api/v1/search?q=parking&theme=planning").json
    assert body["page"]["total"] == len(body["data"]) == 1
    assert client.get("/api/v1/search?q=parking").json["page"]["total_at_least"] == 5


def test_whoever_finds_less_while_the_index_is_renewed_is_told_so(client: CheckedClient, make: Factory) -> None:
    make.project(make.council(), title="Parking")
    index(make)
    with make.app.app_context(), housekeeping("search") as session:
        renew_later(session, [EntryKind.LESSON])
    page = client.page("/search?q=parking").get_text()
    assert "1 result" in page
    assert "The search is being renewed" in page


def test_what_is_written_in_another_language_is_marked_and_councils_have_their_welsh_names(
    client: CheckedClient, make: Factory
) -> None:
    council = make.council("Glan Aur", name_cy="Cyngor Glan Aur", nation="Wales", region="Wales")
    make.project(council, title="Parcio yn y dref", language="cy")
    make.project(council, title="Parking in town")
    index(make)
    links = {one.get_text().strip(): one.get("lang") for one in client.page("/search?q=glan").select("h3 a")}
    assert links == {"Parcio yn y dref": "cy", "Parking in town": None, "Glan Aur Council": None}
    page = client.page("/cy/search?q=glan")
    links = {one.get_text().strip(): one.get("lang") for one in page.select("h3 a")}
    assert links == {"Parcio yn y dref": None, "Parking in town": "en", "Cyngor Glan Aur": None}
    assert "Cyngor Glan Aur" in " ".join(one.get_text() for one in page.select(".rows__about"))
    languages = {one["title"]: one["language"] for one in client.get("/api/v1/search?q=glan").json["data"]}
    assert languages == {"Parcio yn y dref": "cy", "Parking in town": "en", "Glan Aur Council": "en"}


def test_what_goes_ahead_closes_no_more(client: CheckedClient, make: Factory) -> None:
    council, soon = make.council(), clock.today() + timedelta(days=3)
    make.project(council, title="Parking decided", status="going_ahead", decision_on=soon)
    make.project(council, title="Parking open", decision_on=soon + timedelta(days=9))
    index(make)
    assert titles(client, "/search?q=parking&sort=closing") == ["Parking open", "Parking decided"]


def test_what_is_hidden_is_neither_shown_nor_counted(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    hidden = make.project(council, title="Parking hidden", themes=("planning",))
    make.need(hidden, title="Parking needed")
    make.project(council, title="Parking shown", themes=("housing",))
    index(make)
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_public=False, is_hidden=True))
    page = client.page("/search?q=parking")
    assert [one.get_text().strip() for one in page.select(".rows--found h3")] == ["Parking shown"]
    assert "1 result" in page.get_text()
    assert page.select_one("#filter-theme option[value=planning]") is None


def test_results_come_in_the_order_that_is_asked_for(client: CheckedClient, make: Factory) -> None:
    from datetime import timedelta

    from pipeline.kernel import clock

    council, now = make.council(), clock.now()
    for title, days, decides in (("Parking", 9, 30), ("Kerbs and parking", 1, 60), ("Verges", 5, 10)):
        make.project(
            council, title=title, problem="parking", published_at=now - timedelta(days=days),
            decision_on=clock.today() + timedelta(days=decides),
        )  # fmt: skip
    index(make)
    address = "/search?q=parking&kind=project"
    assert titles(client, address)[-1] == "Verges"
    assert titles(client, f"{address}&sort=newest") == ["Kerbs and parking", "Verges", "Parking"]
    assert titles(client, f"{address}&sort=closing") == ["Verges", "Parking", "Kerbs and parking"]


def test_typing_mistakes_plurals_accents_and_other_names_are_forgiven(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, title="Allotments that move", problem="People wait.")
    make.project(council, title="Tŷ cyngor", problem="Un tŷ.")
    make.project(council, title="Missed bins", problem="Told once.")
    index(make)
    for words in (
        "alotments",
        "allotment",
        "allotmetns",
        "allotments unheard",
        "all\u200botments",
        "randiroedd",
        "mvoe",
    ):
        assert titles(client, f"/search?q={words}") == ["Allotments that move"], words
    assert titles(client, "/search?q=ty") == titles(client, "/search?q=tŷ")
    assert titles(client, "/search?q=ty")[0] == "Tŷ cyngor", "and then what is about housing"
    assert titles(client, "/search?q=refuse+collections") == ["Missed bins"]
    assert "Also looked for: allotments (alotments)" in client.page("/search?q=alotments").get_text()


def test_words_in_quotation_marks_are_looked_for_one_after_the_other(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    make.project(council, title="Blue badge", problem="Renewals.")
    make.project(council, title="A badge that is blue", problem="Renewals.")
    index(make)
    assert titles(client, "/search?q=%22blue+badge%22") == ["Blue badge"]
    assert len(titles(client, "/search?q=blue+badge")) == 2
    assert titles(client, "/search?q=%22blue+badges%22") == ["Blue badge"], "in any form"
    assert titles(client, "/search?q=%22blue+badge%22+renewals+parking") == ["Blue badge"], "other words may be missing"
    assert len(titles(client, "/search?q=%22badge+renewals+blue%22")) == 2, "taken apart: it stands nowhere"


@pytest.mark.parametrize("typed", ["the of and", "!!! ???", "y yn yr", '"the of"'])
def test_words_that_say_nothing_are_answered_with_what_to_type(
    client: CheckedClient, make: Factory, typed: str
) -> None:
    make.project(make.council("Somewhere"), title="The end of it and of that")
    index(make)
    page = client.page(f"/search?{urlencode({'q': typed})}").get_text()
    assert "Type a few words in your own way" in page
    assert "Nothing found" not in page


@pytest.mark.parametrize(
    "typed",
    [
        '"', '""', "*", ") OR (", "NEAR/3", "NOT x", "title:", "kind:project", "-", "^x", "%", "_", "\\",
        "x'); DROP TABLE search_entry", "💥", "\u200b", ":*", "&|!<->", "ﬁ", "١٢٣", "日本語", "a" * 1_000,
        "x " * 200, "“unfinished", '"a" "b" "c d" "e f" "g h" "i j"',
    ],
)  # fmt: skip
def test_anything_may_be_typed(client: CheckedClient, make: Factory, typed: str) -> None:
    make.project(make.council("Somewhere"), title="Something", problem="Nothing.")
    index(make)
    answer = client.get("/search", query_string={"q": typed})
    assert answer.status_code == 200
    assert "Something" not in answer.get_data(as_text=True)


def test_pages_work_while_the_index_is_wiped_and_say_that_it_is_being_renewed(
    client: CheckedClient, make: Factory
) -> None:
    make.project(make.council(), title="Parking")
    index(make)
    with make.app.app_context():
        wipe_index()
    assert "The search is being renewed" in client.page("/search?q=parking").get_text()
    assert client.get("/projects?q=parking").status_code == client.get("/projects").status_code == 200
    index(make)
    assert titles(client, "/search?q=parking&kind=project") == ["Parking"]
    assert "being renewed" not in client.page("/search?q=xyzzy").get_text()


def test_a_page_takes_the_same_few_statements_however_much_it_shows(
    app: Flask, client: CheckedClient, make: Factory
) -> None:
    council = make.council()
    counts = []
    for many in (1, 30):
        for number in range(many):
            make.project(council, title=f"Parking {number}")
        index(make)
        with all_counted(app) as statements:
            assert titles(client, "/search?q=parking&kind=project")
        counts.append(len(statements))
    assert counts[1] <= counts[0] <= 13


def test_what_does_not_fit_on_a_page_is_on_the_next(client: CheckedClient, make: Factory) -> None:
    council = make.council()
    for number in range(25):
        make.project(council, title=f"Parking {number}")
    index(make)
    page = client.page("/search?q=parking&kind=project")
    first = [one.get_text().strip() for one in page.select(".rows--found h3")]
    following = page.select_one("a[rel=next]")
    assert following is not None
    second = titles(client, str(following["href"]))
    assert (len(first), len(set(first + second))) == (20, 25)
    assert client.get("/search?q=parking&cursor=nonsense").status_code == 400


def test_titles_are_suggested_while_somebody_types(client: CheckedClient, make: Factory) -> None:
    council = make.council("Northborough")
    hidden = make.project(council, title="Parking secrets")
    make.project(council, title="Parking permits")
    make.need(make.project(council, title="Libraries"), title="Parking money")
    index(make)
    with make.session() as session:
        session.execute(update(Project).where(Project.id == hidden.id).values(is_public=False, is_hidden=True))
    found = client.get("/search/suggestions?q=parki").get_json()
    assert [one["title"] for one in found] == ["Parking permits", "Libraries"]
    assert client.get(found[0]["url"]).status_code == 200
    assert client.get("/search/suggestions?q=northb").get_json()[0]["title"] == "Northborough Council"
    for typed in ("", "p", "%22", "* OR", "\U0001f4a5"):
        assert client.get("/search/suggestions", query_string={"q": typed}).get_json() == []
    assert client.page("/search").select_one("input[data-suggestions]") is not None
