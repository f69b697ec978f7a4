"""The pages on which changes are taken in."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.accounts.models import SignInSession
from pipeline.artefacts.models import Artefact, Draft, Merge
from pipeline.kernel import clock
from tests.artefacts.factories import Made, Shelf
from tests.artefacts.taking import ADDED, CLASHING, ONE, TWO, Bench
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said
from tests.support.queries import counted

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


@pytest.fixture
def copy(client: CheckedClient, bench: Bench) -> Made:
    """Eastmere's copy of a document that has moved on; its officer is signed in."""
    made = bench.copy(bench.model(ONE, TWO, title="Model"), CLASHING + "\nOur own end.\n")
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    return made


def begun(client: CheckedClient, copy: Made) -> str:
    """The address of a merge that was begun on the page."""
    answer = client.send(f"/documents/{copy.slug}/merge")
    assert answer.status_code == 303, said(answer)
    return str(answer.location)


def test_the_page_of_a_copy_says_that_the_original_moved_on(client: CheckedClient, copy: Made) -> None:
    page = client.page(f"/documents/{copy.slug}")
    assert "The original has a newer version." in page.text
    assert "1 paragraph changed" in page.text


def test_a_clash_is_shown_with_both_texts_and_what_it_was(client: CheckedClient, copy: Made) -> None:
    page = client.page(begun(client, copy))
    clash = page.find("fieldset", class_="clash")
    assert "in Eastmere" in clash.text
    assert "always" in clash.text
    assert "0 of 1 decided" in page.text
    assert "Northborough, version 2" in page.text
    assert "Yours stays" in page.text


def test_what_is_half_done_is_saved_and_come_back_to(client: CheckedClient, copy: Made) -> None:
    path = begun(client, copy)
    assert client.send(path, button=("step", "save"), **{"part-1": "theirs"}).status_code == 303
    page = client.page(path)
    assert page.find("input", id="part-1-theirs").has_attr("checked")
    assert "1 of 1 decided" in page.text
    assert path in [link.get("href") for link in client.page(f"/documents/{copy.slug}/merge").find_all("a")]
    assert begun(client, copy) == path


def test_finishing_makes_a_draft_with_what_was_chosen(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = begun(client, copy)
    answer = client.send(
        path, button=("step", "finish"), **{"part-1": "text", "text-1": "Be kind in Eastmere, always."}
    )
    assert answer.status_code == 303, said(answer)
    draft = bench.now(Draft, str(answer.location).rpartition("/")[2])
    assert draft.text == ONE.replace("to everybody.", "in Eastmere, always.") + "\nOur own end.\n"
    assert client.get(path).location == answer.location


def test_a_change_that_came_in_by_itself_can_be_left_out(client: CheckedClient, bench: Bench, copy: Made) -> None:
    plain = bench.shelf.copy(bench.model(ONE, TWO), 1, bench.east_project, bench.east_row, ADDED)
    path = begun(client, plain)
    page = client.page(path)
    assert "Nothing needs your choice" in page.text
    answer = client.send(path, button=("step", "finish"), **{"part-1": "ours"})
    assert bench.now(Draft, str(answer.location).rpartition("/")[2]).text == ADDED


def test_finishing_with_something_undecided_keeps_what_is_decided(client: CheckedClient, bench: Bench) -> None:
    ours = CLASHING.replace("Say thank you.", "Say thanks in Eastmere.")
    model = bench.model(ONE, TWO.replace("Say thank you.", "Say thank you twice."))
    copy = bench.copy(model, ours)
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    path = begun(client, copy)
    first, second = [one["id"] for one in client.page(path).find_all("fieldset", class_="clash")]
    answer = client.send(path, button=("step", "finish"), **{first: "ours"})
    assert answer.status_code == 422
    assert parsed(answer).find("a", href=f"#{second}").text == "Choose what to do with change 2."
    assert client.page(path).find("input", id=f"{first}-ours").has_attr("checked")
    finished = client.send(path, button=("step", "finish"), **{second: "theirs"})
    text = bench.now(Draft, str(finished.location).rpartition("/")[2]).text
    assert text == CLASHING.replace("Say thank you.", "Say thank you twice.")


def test_own_words_that_are_not_written_are_asked_for_and_nothing_typed_is_lost(
    client: CheckedClient, copy: Made
) -> None:
    path = begun(client, copy)
    answer = client.send(path, button=("step", "finish"), **{"part-1": "text", "text-1": " "})
    assert answer.status_code == 422
    assert "Write the text for change 1" in said(answer)
    assert parsed(answer).find("input", id="part-1-text").has_attr("checked")


def test_decisions_saved_by_somebody_else_stand_beside_what_was_sent(
    client: CheckedClient, copy: Made, bench: Bench
) -> None:
    path = begun(client, copy)
    page = client.page(path)
    client.send(path, button=("step", "save"), **{"part-1": "theirs"})
    form = page.find("form", id="form")
    answer = client.send_form(form, path, ("step", "save"), **{"part-1": "ours"})
    assert answer.status_code == 409
    shown = parsed(answer)
    assert "Take theirs" in shown.find("section", attrs={"aria-labelledby": "saved-meanwhile"}).text
    assert shown.find("input", id="part-1-ours").has_attr("checked")
    assert client.send_form(shown.find("form", id="form"), path, ("step", "save")).status_code == 303
    assert bench.now(Merge, path.rpartition("/")[2]).decisions["1"]["choice"] == "ours"


def test_a_half_done_merge_is_thrown_away_after_asking(client: CheckedClient, copy: Made) -> None:
    path = begun(client, copy)
    assert "Discard what is half done?" in client.page(f"{path}/discard").text
    assert client.send(f"{path}/discard").status_code == 303
    assert client.get(path).status_code == 409


def test_a_draft_that_is_behind_takes_in_what_came_since(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE)
    draft = bench.shelf.draft(model, bench.lead_row, ADDED)
    bench.shelf.publish(model, bench.lead_row, TWO)
    bench.make.signed_in(client, bench.lead_row, bench.council)
    answer = client.send(f"/documents/{model.slug}/merge?draft={draft.id}")
    assert answer.status_code == 303, said(answer)
    page = client.page(str(answer.location))
    assert "Take in what was published since" in page.text
    assert client.send(str(answer.location), button=("step", "finish")).status_code == 303
    assert bench.now(Draft, draft.id).text == TWO + "\nSay goodbye.\n"


def test_a_draft_somebody_changed_meanwhile_is_gone_on_with(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE)
    draft = bench.shelf.draft(model, bench.lead_row, CLASHING)
    bench.shelf.publish(model, bench.lead_row, TWO)
    bench.make.signed_in(client, bench.lead_row, bench.council)
    path = str(client.send(f"/documents/{model.slug}/merge?draft={draft.id}").location)
    client.send(path, button=("step", "save"), **{"part-1": "theirs"})
    with bench.make.session() as session:
        session.get_one(Draft, draft.id).text = CLASHING + "\nAnd more.\n"
    assert client.send(path, 1, button=("step", "finish")).status_code == 409
    assert client.send(path, 0, button=("step", "renew")).status_code == 303
    page = client.page(path)
    assert page.find("input", id="part-1-theirs").has_attr("checked")
    assert "And more." in page.text
    assert client.send(path, button=("step", "finish")).status_code == 303
    assert bench.now(Draft, draft.id).text == TWO + "\nAnd more.\n"


def test_a_withdrawn_version_is_said_and_cannot_be_finished_with(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    path = begun(client, copy)
    bench.shelf.withdraw(model, 2, bench.lead_row)
    assert "was withdrawn meanwhile" in client.page(path).text
    assert client.send(path, button=("step", "finish"), **{"part-1": "ours"}).status_code == 409


def test_strangers_find_nothing(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = begun(client, copy)
    stranger = client.application.test_client()
    assert stranger.get(path).status_code == 303
    bench.make.signed_in(stranger, bench.west_row, bench.westmere)
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"/documents/{copy.slug}/merge").status_code == 403
    assert client.get(path.replace(copy.slug, "elsewhere")).status_code == 404


def test_what_somebody_typed_is_shown_as_typed(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, ONE.replace("Say hello.", "<script>alert(1)</script>"))
    copy = bench.copy(model, ONE.replace("Say hello.", '<img src=x onerror="alert(2)">'))
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    html = client.get(begun(client, copy)).get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<img src=x" not in html


def test_many_clashes_come_in_parts_and_fit_a_form(client: CheckedClient, bench: Bench) -> None:
    base = "".join(f"Rule {number} holds.\n\nOf rule {number} this is why: it is wise.\n\n" for number in range(60))
    model = bench.model(base, base.replace("holds", "binds us all"))
    copy = bench.copy(model, base.replace("holds", "is for Eastmere"))
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    path = begun(client, copy)
    page = client.page(path)
    clashes = [one["id"] for one in page.find_all("fieldset", class_="clash")]
    assert len(clashes) == 20
    assert "Part 1 of 3" in page.text
    answer = client.send(path, button=("step", "save"), **dict.fromkeys(clashes, "ours"))
    assert answer.status_code == 303
    second = client.page(f"{path}?part=2")
    assert "20 of 60 decided" in second.text
    other = second.find("fieldset", class_="clash")["id"]
    assert other not in clashes
    last = client.send(f"{path}?part=2", button=("step", "save"), **{other: "theirs"})
    assert str(last.location).endswith("part=2")
    assert "21 of 60 decided" in client.page(path).text


def test_a_merge_costs_the_same_queries_however_long_the_texts_are(client: CheckedClient, bench: Bench) -> None:
    long = "".join(f"Paragraph {number}.\n\n" for number in range(300))
    numbers = []
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    for base in (ONE, long):
        model = bench.model(base, base.replace(".", "!", 3))
        path = begun(client, bench.copy(model, base.replace(".", "?", 2)))
        with counted(client.application) as statements:
            client.get(path)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("data", [{"theirs": ""}, {"theirs": "nowhere@1"}, {"theirs": "x"}, {"draft": "x"}])
def test_nothing_to_take_in_is_said_kindly(client: CheckedClient, copy: Made, data: dict[str, str]) -> None:
    token = client.page(f"/documents/{copy.slug}/merge").find("input", attrs={"name": "csrf_token"})["value"]
    answer = client.post(f"/documents/{copy.slug}/merge", data={"csrf_token": token} | data)
    assert answer.status_code in (404, 422)


def test_an_officer_of_another_project_is_not_of_the_team(client: CheckedClient, bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    bench.make.signed_in(client, bench.west_row, bench.westmere)
    assert client.get(f"/documents/{model.slug}/merge").status_code == 403
    assert bench.now(Artefact, model.artefact.id).current_number == 2


def test_own_words_without_a_choice_are_the_choice(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = begun(client, copy)
    assert client.send(path, button=("step", "save"), **{"text-1": "Be kind, always, in Eastmere."}).status_code == 303
    kept = bench.now(Merge, path.rpartition("/")[2]).decisions["1"]
    assert kept == {"choice": "text", "text": "Be kind, always, in Eastmere."}


def test_own_words_beside_another_choice_are_asked_about_and_nothing_typed_is_lost(
    client: CheckedClient, copy: Made, bench: Bench
) -> None:
    path = begun(client, copy)
    typed = {"part-1": "ours", "text-1": "Be kind, always, in Eastmere."}
    answer = client.send(path, button=("step", "save"), **typed)
    assert answer.status_code == 422
    assert "You wrote your own words for change 1" in said(answer)
    shown = parsed(answer)
    assert shown.find("textarea", id="text-1").text.strip() == "Be kind, always, in Eastmere."
    assert client.send(path, button=("step", "save"), **(typed | {"part-1": "text"})).status_code == 303
    assert client.send(path, button=("step", "save"), **{"part-1": "ours"}).status_code == 303
    assert bench.now(Merge, path.rpartition("/")[2]).decisions["1"]["choice"] == "ours"


def test_what_was_decided_when_the_session_ended_is_given_back(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = begun(client, copy)
    form = client.page(path).find("form", id="form")
    with bench.make.session() as session:
        session.execute(update(SignInSession).values(ended_at=clock.now()))
    answer = client.send_form(form, path, ("step", "save"), **{"part-1": "text", "text-1": "Be kind together."})
    assert str(answer.location).startswith("/sign-in")
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    page = client.page(f"{path}?given_back=1")
    assert page.find("input", id="part-1-text").has_attr("checked")
    assert page.find("textarea", id="text-1").text.strip() == "Be kind together."


def test_what_is_undecided_on_another_part_is_linked_to(client: CheckedClient, bench: Bench) -> None:
    base = "".join(f"Rule {number} holds.\n\nOf rule {number} this is why: it is wise.\n\n" for number in range(30))
    copy = bench.copy(
        bench.model(base, base.replace("holds", "binds us all")), base.replace("holds", "is for Eastmere")
    )
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    path = begun(client, copy)
    answer = client.send(path, button=("step", "finish"))
    links = [str(one["href"]) for one in parsed(answer).find(class_="govuk-error-summary").find_all("a")]
    assert len(links) == 30
    place = links[-1].partition("#")
    assert place[0] == f"{path}?part=2"
    assert client.page(place[0]).find(id=place[2]) is not None


def test_long_words_of_ones_own_fit_into_the_form(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = begun(client, copy)
    text = "Cŵl iawn: dŵr, tŷ a môr. " * 8_000
    answer = client.send(path, button=("step", "save"), **{"part-1": "text", "text-1": text})
    assert answer.status_code == 303
    assert bench.now(Merge, path.rpartition("/")[2]).decisions["1"]["text"] == text.strip()


@pytest.mark.parametrize("finished", [True, False])
def test_what_is_typed_into_a_merge_that_is_over_meanwhile_is_shown(
    client: CheckedClient, copy: Made, bench: Bench, finished: bool
) -> None:
    path = begun(client, copy)
    form = client.page(path).find("form", id="form")
    if finished:
        client.send(path, button=("step", "finish"), **{"part-1": "ours"})
    else:
        client.send(f"{path}/discard")
    answer = client.send_form(form, path, ("step", "save"), **{"part-1": "text", "text-1": "Be kind together."})
    assert answer.status_code == 409
    assert parsed(answer).find("textarea", id="text-1").text.strip() == "Be kind together."
    assert ("it stands in a draft" if finished else "Somebody discarded this") in said(answer)
