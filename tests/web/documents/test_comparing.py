"""The pages on which two versions stand beside each other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from pipeline.artefacts.models import KeptComparison
from pipeline.http import comparisons
from tests.artefacts.factories import Shelf
from tests.artefacts.taking import ADDED, ONE, TWO, Bench
from tests.factories import Factory
from tests.support.client import CheckedClient, said
from tests.support.queries import counted

pytestmark = pytest.mark.database

TABLE = "# Hours\n\n| Day | Open |\n|---|---|\n| Monday | nine |\n| Tuesday | ten |\n"


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


def kept(bench: Bench) -> int:
    with bench.make.session() as session:
        return session.scalar(select(func.count()).select_from(KeptComparison)) or 0


def test_a_changed_word_is_marked_for_the_eye_and_for_the_ear(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    page = client.page(f"/documents/{model.slug}/compare?from=1&to=2")
    added = page.find("ins")
    assert added is not None
    assert "always" in added.text
    assert added.text.startswith("Added: ")
    assert "1 paragraph changed" in page.text
    assert "Say hello" not in page.find(class_="compared").text


def test_a_space_that_goes_with_removed_words_is_not_left_behind_them(client: CheckedClient, bench: Bench) -> None:
    model = bench.model("She decides and writes down why.\n", "She decides, writes down why.\n")
    changed = client.page(f"/documents/{model.slug}/compare?from=1&to=2").find(class_="compared__paragraph")
    for one in (*changed.find_all("del"), *changed.find_all("span")):
        one.decompose()
    assert changed.text == "She decides, writes down why."


def test_without_saying_which_the_latest_two_are_compared(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO, ADDED)
    page = client.page(f"/documents/{model.slug}/compare")
    assert "From version 2 to version 3" in page.text


def test_a_document_with_one_version_offers_a_form(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE)
    page = client.page(f"/documents/{model.slug}/compare")
    assert page.find("select", id="from") is not None
    assert "one version so far, so there is nothing to compare it with yet" in page.text


def test_the_whole_text_can_be_read_side_by_side(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, ADDED.replace("to everybody", "to all"))
    page = client.page(f"/documents/{model.slug}/compare?from=1&to=2&view=beside&show=all")
    shown = page.find(class_="compared")
    assert "Say hello" in shown.text
    assert shown.find("del") is not None
    assert shown.find("ins") is not None
    names = [one.text for one in shown.find_all(class_="beside__name")]
    assert names[:2] == ["Version 1", "Version 2"]


def test_a_change_is_named_and_a_side_without_it_says_so(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, f"{ONE}\n## Replies\n\nWe reply within a day.\n")
    beside = client.page(f"/documents/{model.slug}/compare?from=1&to=2&view=beside")
    assert [one["aria-label"] for one in beside.find_all(role="group", class_="change")] == [
        "Added, Change 1 of 2", "Added, Change 2 of 2",
    ]  # fmt: skip
    assert beside.find(id="change-2").find(class_="beside__nothing").text == "Nothing here"
    in_line = client.page(f"/documents/{model.slug}/compare?from=1&to=2").find(class_="compared")
    assert [one.text for one in in_line.find_all("h3")] == ["Added: Replies (end of added)"]


def test_next_and_previous_change_lead_on_without_scripts(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO.replace("Say hello.", "Say hello twice."))
    page = client.page(f"/documents/{model.slug}/compare?from=1&to=2")
    first = page.find(id="change-1")
    assert first.find("a", string="Next change")["href"] == "#change-2"
    assert page.find(id="change-2").find("a", string="Previous change")["href"] == "#change-1"


def test_rows_of_a_table_are_shown_as_a_table(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(TABLE, TABLE.replace("ten", "eleven"))
    whole = client.page(f"/documents/{model.slug}/compare?from=1&to=2&show=all")
    table = whole.find(class_="compared").find("table")
    assert [one.text.strip() for one in table.find_all("th", scope="col")] == ["Day", "Open"]
    assert "eleven" in table.find("ins").text
    assert "|" not in table.text


def test_a_copy_is_compared_with_its_original(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    page = client.page(f"/documents/{copy.slug}/compare?from=1&to={model.slug}@2")
    assert "Eastmere, version 1" in page.text
    assert "Northborough, version 2" in page.text
    assert page.find("option", attrs={"value": f"{model.slug}@2"}) is not None


@pytest.mark.parametrize(
    "query, status",
    [("from=1&to=9", 404), ("from=1", 422), ("from=x&to=2", 422), ("from=1&to=nowhere@1", 404), ("from=@&to=", 422)],
)
def test_what_cannot_be_compared_is_said_kindly(client: CheckedClient, bench: Bench, query: str, status: int) -> None:
    model = bench.model(ONE, TWO)
    assert client.get(f"/documents/{model.slug}/compare?{query}").status_code == status


def test_documents_without_anything_in_common_are_not_compared(client: CheckedClient, bench: Bench) -> None:
    model, other = bench.model(ONE), bench.shelf.document(bench.east_project, bench.east_row, TWO)
    answer = client.get(f"/documents/{model.slug}/compare?from=1&to={other.slug}@1")
    assert answer.status_code == 422
    assert "nothing in common" in said(answer)


def test_languages_are_not_mixed(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, TWO, language="cy")
    assert client.get(f"/documents/{model.slug}/compare?from=1&to={copy.slug}@1").status_code == 422


def test_a_removed_version_has_a_page_that_says_so(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    bench.shelf.withdraw(model, 1, bench.lead_row, status="removed")
    answer = client.get(f"/documents/{model.slug}/compare?from=1&to=2")
    assert answer.status_code == 410
    assert "removed for good" in said(answer)


def test_a_withdrawn_version_can_be_compared_and_says_do_not_use(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    bench.shelf.withdraw(model, 1, bench.lead_row)
    assert "Withdrawn: do not use" in client.page(f"/documents/{model.slug}/compare?from=1&to=2").text


def test_what_nobody_may_see_is_not_compared(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED, is_public=False)
    assert client.get(f"/documents/{model.slug}/compare?from=1&to={copy.slug}@1").status_code == 404


def test_a_comparison_is_kept_and_read_again(client: CheckedClient, bench: Bench, monkeypatch: Any) -> None:
    model = bench.model(ONE, TWO)
    address = f"/documents/{model.slug}/compare?from=1&to=2"
    first = client.get(address)
    first.close()
    assert kept(bench) == 1
    monkeypatch.setattr(comparisons, "compare", lambda *_: pytest.fail("it was worked out twice"))
    again = client.get(address)
    assert again.get_data(as_text=True).split("<main")[1] == first.get_data(as_text=True).split("<main")[1]


def test_only_what_others_will_ask_for_is_kept(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE)
    east = bench.copy(model, TWO)
    west = bench.shelf.copy(model, 1, bench.west_project, bench.west_row, ADDED)
    client.get(f"/documents/{east.slug}/compare?from=1&to={west.slug}@1").close()
    assert kept(bench) == 0
    client.get(f"/documents/{east.slug}/compare?from={model.slug}@1&to=1").close()
    assert kept(bench) == 1


def test_what_somebody_typed_is_shown_as_typed(client: CheckedClient, bench: Bench) -> None:
    model = bench.model("<script>alert(1)</script> one\n", '<img src=x onerror="alert(1)"> two & three\n')
    for view in ("line", "beside"):
        page = client.get(f"/documents/{model.slug}/compare?from=1&to=2&view={view}").get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize("text", ["\n" * 100_000 + "x\n", "word " * 200_000, "Same.\n\n" * 50_000])
def test_hostile_texts_are_answered(client: CheckedClient, bench: Bench, text: str) -> None:
    model = bench.model(ONE, text)
    assert client.get(f"/documents/{model.slug}/compare?from=1&to=2&show=all").status_code == 200


def test_many_changes_come_in_parts_that_lead_to_each_other(client: CheckedClient, bench: Bench) -> None:
    old = "".join(f"Paragraph {number} says one thing.\n\n" for number in range(700))
    model = bench.model(old, old.replace("one thing", "another thing"))
    address = f"/documents/{model.slug}/compare?from=1&to=2"
    page = client.page(address)
    assert "Part 1 of 2" in page.text
    link = page.find(id="change-500").find("a", string="Next change")["href"]
    assert link.endswith("part=2#change-501")
    assert client.page(link.partition("#")[0]).find(id="change-501") is not None


def test_texts_beyond_what_is_compared_lead_to_both(client: CheckedClient, bench: Bench, monkeypatch: Any) -> None:
    model = bench.model(ONE, TWO)
    monkeypatch.setattr(comparisons, "LONGEST_COMPARED", 10)
    answer = client.get(f"/documents/{model.slug}/compare?from=1&to=2")
    assert answer.status_code == 422
    assert f'/documents/{model.slug}/versions/1"' in answer.get_data(as_text=True)


def test_a_comparison_costs_the_same_however_many_versions_there_are(client: CheckedClient, bench: Bench) -> None:
    small, large = bench.model(ONE, TWO), bench.model(*[f"{ONE}\nTake {number}.\n" for number in range(30)])
    with counted(client.application) as few:
        client.get(f"/documents/{small.slug}/compare?from=1&to=2")
    with counted(client.application) as many:
        client.get(f"/documents/{large.slug}/compare?from=1&to=2")
    assert len(many) == len(few)


def test_a_lead_of_a_copy_is_offered_to_take_the_changes_in(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    address = f"/documents/{copy.slug}/compare?from=1&to={model.slug}@2"
    assert "Take these changes in" not in client.page(address).text
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    assert "Take these changes in" in client.page(address).text
