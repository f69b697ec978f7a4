"""The pages of suggested changes."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from pipeline.accounts.models import SignInSession
from pipeline.artefacts.actions import suggesting
from pipeline.artefacts.actions.withdrawing import remove_version
from pipeline.artefacts.models import Draft, Suggestion
from pipeline.kernel import clock
from pipeline.web.documents import suggestions
from tests.artefacts.factories import Made, Shelf
from tests.artefacts.taking import ADDED, CLASHING, ONE, TWO, Bench
from tests.factories import Factory
from tests.support.client import CheckedClient, parsed, said

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


@pytest.fixture
def model(bench: Bench) -> Made:
    return bench.model(ONE, title="Model")


@pytest.fixture
def copy(client: CheckedClient, bench: Bench, model: Made) -> Made:
    """Eastmere's copy, whose officer is signed in at `client`."""
    made = bench.copy(model, ADDED.replace("Say hello.", "Wave."))
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    return made


def browser(client: CheckedClient, bench: Bench, officer: Any = None, council: Any = None) -> CheckedClient:
    made: CheckedClient = client.application.test_client()  # type: ignore[assignment]
    if officer is not None:
        bench.make.signed_in(made, officer, council)
    return made


def sent(client: CheckedClient, copy: Made, *numbers: str, **values: Any) -> Any:
    """What answers a suggestion of the changes with these numbers."""
    return client.send(
        f"/documents/{copy.slug}/suggestions/new", button=("step", values.pop("step", "send")),
        **({"changes": list(numbers), "reason": "It is clearer."} | values),
    )  # fmt: skip


def suggested(bench: Bench) -> Suggestion:
    with bench.make.session() as session:
        return session.scalars(select(Suggestion)).one()


def test_chosen_paragraphs_are_suggested_and_the_others_are_not(
    client: CheckedClient, copy: Made, bench: Bench
) -> None:
    page = client.page(f"/documents/{copy.slug}/suggestions/new")
    boxes = page.find_all("input", attrs={"name": "changes"})
    assert len(boxes) == 2
    answer = sent(client, copy, boxes[1]["value"])
    assert answer.status_code == 303, said(answer)
    assert suggested(bench).text == ADDED
    shown = browser(client, bench).page(str(answer.location))
    assert "Eastmere suggests a change" in shown.text
    assert "Say goodbye." in shown.find(class_="compared").text
    assert "Wave." not in shown.find(class_="compared").text


def test_a_preview_sends_nothing(client: CheckedClient, copy: Made, bench: Bench) -> None:
    number = client.page(f"/documents/{copy.slug}/suggestions/new").find("input", attrs={"name": "changes"})["value"]
    answer = sent(client, copy, number, step="preview")
    assert answer.status_code == 200
    assert "Nothing is sent yet" in said(answer)
    assert parsed(answer).find("input", attrs={"name": "changes", "value": number}).has_attr("checked")
    with bench.make.session() as session:
        assert session.scalars(select(Suggestion)).all() == []


@pytest.mark.parametrize("has_chosen, values", [(False, {}), (True, {"reason": ""}), (True, {"reason": "a" * 4_001})])
def test_what_is_missing_is_asked_for_beside_the_field(
    client: CheckedClient, copy: Made, has_chosen: bool, values: dict[str, Any]
) -> None:
    number = client.page(f"/documents/{copy.slug}/suggestions/new").find("input", attrs={"name": "changes"})["value"]
    answer = sent(client, copy, *((number,) if has_chosen else ()), **values)
    assert answer.status_code == 422
    page = parsed(answer)
    assert page.find(class_="govuk-error-summary") is not None
    assert (page.find(id="changes-error") is None) == has_chosen
    assert "Open Government Licence v3.0" in page.find("form", id="form").text


def test_pressing_twice_suggests_once(client: CheckedClient, copy: Made, bench: Bench) -> None:
    page = client.page(f"/documents/{copy.slug}/suggestions/new")
    number = page.find("input", attrs={"name": "changes"})["value"]
    form = page.find("form", id="form")
    values = {"changes": [number], "reason": "It is clearer."}
    first = client.send_form(form, "", ("step", "send"), **values)
    second = client.send_form(form, "", ("step", "send"), **values)
    assert (first.status_code, second.status_code) == (303, 303)
    assert suggested(bench).status == "made"


def test_the_leads_see_it_in_their_work_and_accept_it(client: CheckedClient, model: Made, bench: Bench) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    assert path in [link.get("href") for link in lead.page("/your-work").find_all("a")]
    assert "fits into version 1 as it stands" in lead.page(path).text
    answer = lead.send(path)
    assert answer.status_code == 303, said(answer)
    assert bench.now(Draft, str(answer.location).rpartition("/")[2]).text == ADDED
    assert "Accepted, in a draft" in lead.page(path).text
    assert path not in [link.get("href") for link in lead.page("/your-work").find_all("a")]


def test_the_leads_edit_and_accept(client: CheckedClient, model: Made, bench: Bench) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    answer = lead.send(f"{path}/edit", text=ADDED + "\nAnd wave.\n")
    assert answer.status_code == 303, said(answer)
    assert bench.now(Suggestion, made.id).was_edited
    assert bench.now(Draft, str(answer.location).rpartition("/")[2]).text == ADDED + "\nAnd wave.\n"


def test_where_both_changed_the_same_place_accepting_leads_to_the_choice(
    client: CheckedClient, model: Made, bench: Bench
) -> None:
    made = bench.suggest(bench.copy(model, CLASHING), CLASHING)
    bench.shelf.publish(model, bench.lead_row, TWO)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    answer = lead.send(path)
    assert "/merge/" in str(answer.location)
    page = lead.page(str(answer.location))
    assert "Suggested by Eastmere" in page.text
    finished = lead.send(str(answer.location), button=("step", "finish"), **{"part-1": "theirs"})
    assert finished.status_code == 303, said(finished)
    assert not bench.now(Suggestion, made.id).was_edited


def test_declining_says_why(client: CheckedClient, model: Made, bench: Bench) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    assert lead.send(f"{path}/decline", reason="").status_code == 422
    assert lead.send(f"{path}/decline", reason="We say it elsewhere.").status_code == 303
    assert "We say it elsewhere." in browser(client, bench).page(path).text


def test_the_council_takes_it_back(client: CheckedClient, copy: Made, model: Made, bench: Bench) -> None:
    made = bench.suggest(copy, ADDED)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    assert client.send(f"{path}/withdraw").status_code == 303
    assert "Withdrawn" in client.page(path).text


def test_what_came_another_way_is_closed(client: CheckedClient, model: Made, bench: Bench) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    bench.shelf.publish(model, bench.lead_row, ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    assert "nothing to take from this" in lead.page(path).text
    assert lead.send(path).status_code == 303
    assert bench.now(Suggestion, made.id).status == "overtaken"


def test_others_read_it_and_can_do_nothing(client: CheckedClient, model: Made, bench: Bench) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    west = browser(client, bench, bench.west_row, bench.westmere)
    page = west.page(path)
    assert page.find("h2", id="acts") is None
    for act in ("edit", "decline", "withdraw"):
        assert west.get(f"{path}/{act}").status_code == 403
    token = west.page(path).find("input", attrs={"name": "csrf_token"})["value"]
    for act in ("accept", "close"):
        assert west.post(f"{path}/{act}", data={"csrf_token": token, "version": "1"}).status_code == 403
    assert "Eastmere: a change to version 1" in west.page(f"/documents/{model.slug}/suggestions").text


def test_the_lists_of_both_documents_name_it(client: CheckedClient, copy: Made, model: Made, bench: Bench) -> None:
    bench.suggest(copy, ADDED)
    assert "a change to version 1" in client.page(f"/documents/{copy.slug}/suggestions").text
    assert "1 suggestion waits for an answer." in client.page(f"/documents/{model.slug}").text


def test_both_lists_are_read_page_by_page_and_end_nowhere_in_silence(
    client: CheckedClient, copy: Made, model: Made, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggestions, "ROWS", 2)
    made = [bench.suggest(copy, f"{ADDED}\n{number} waves.\n") for number in range(5)]
    for slug in (model.slug, copy.slug):
        path, seen = f"/documents/{slug}/suggestions", []
        while path:
            page = client.page(path)
            seen += [link["href"].rpartition("/")[2] for link in page.select(".rows__title a")]
            link = page.find("a", rel="next")
            path = link["href"] if link else ""
        assert seen == [str(one.id) for one in reversed(made)]
        assert page.find("a", rel="prev")


def test_those_that_wait_are_listed_alone_on_request(
    client: CheckedClient, copy: Made, model: Made, bench: Bench
) -> None:
    waiting, withdrawn = bench.suggest(copy, ADDED), bench.suggest(copy, f"{ADDED}\nA wave.\n")
    with bench.work(bench.east) as unit:
        suggesting.withdraw_suggestion(unit, suggestion_id=withdrawn.id)
    path = f"/documents/{model.slug}/suggestions"
    link = client.page(path).find("a", string="1 suggestion waits for an answer.")
    narrowed = client.page(path + link["href"].removeprefix(path))
    assert [one["href"] for one in narrowed.select(".rows__title a")] == [f"{path}/{waiting.id}"]
    assert narrowed.find("a", string="Show all")["href"] == path


def test_a_document_without_an_original_says_so(client: CheckedClient, model: Made, bench: Bench) -> None:
    bench.make.signed_in(client, bench.lead_row, bench.council)
    assert client.get(f"/documents/{model.slug}/suggestions/new").status_code == 409


def test_a_copy_that_says_the_same_has_nothing_to_suggest(client: CheckedClient, model: Made, bench: Bench) -> None:
    same = bench.copy(model, ONE)
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    assert "nothing to suggest" in client.page(f"/documents/{same.slug}/suggestions/new").text


@pytest.mark.parametrize("values", [{"number": "²"}, {"number": "٣"}, {"number": "9" * 400}, {"against": "x"}])
def test_hidden_fields_that_were_tampered_with_are_refused(
    client: CheckedClient, copy: Made, values: dict[str, str]
) -> None:
    number = client.page(f"/documents/{copy.slug}/suggestions/new").find("input", attrs={"name": "changes"})["value"]
    assert sent(client, copy, number, **values).status_code in (404, 409)


def test_what_was_chosen_when_the_session_ended_is_given_back(client: CheckedClient, copy: Made, bench: Bench) -> None:
    path = f"/documents/{copy.slug}/suggestions/new"
    page = client.page(path)
    number = page.find("input", attrs={"name": "changes"})["value"]
    with bench.make.session() as session:
        session.execute(update(SignInSession).values(ended_at=clock.now()))
    values = {"changes": [number], "reason": "It is clearer."}
    assert client.send_form(page.find("form", id="form"), path, ("step", "send"), **values).status_code == 303
    bench.make.signed_in(client, bench.east_row, bench.eastmere)
    page = client.page(f"{path}?given_back=1")
    assert page.find("input", attrs={"name": "changes", "value": number}).has_attr("checked")
    assert page.find("textarea", id="reason").text.strip() == "It is clearer."


def test_a_whole_document_fits_into_the_form_of_a_suggestion(client: CheckedClient, bench: Bench) -> None:
    long = "".join(f"Rheol {number}: dŵr, tŷ a môr i bawb.\n\n" for number in range(9_000))
    model = bench.model(long, title="Model")
    made = bench.suggest(bench.copy(model, long + "A wave.\n"), long + "A wave.\n")
    lead = browser(client, bench, bench.lead_row, bench.council)
    answer = lead.send(f"/documents/{model.slug}/suggestions/{made.id}/edit", text=long + "A wave, twice.\n")
    assert answer.status_code == 303, said(answer)
    assert bench.now(Draft, str(answer.location).rpartition("/")[2]).text == long + "A wave, twice.\n"


def test_a_suggestion_from_a_removed_text_says_so_and_does_not_seem_to_delete_everything(
    client: CheckedClient, model: Made, bench: Bench
) -> None:
    copy = bench.copy(model, ADDED)
    made = bench.suggest(copy, ADDED)
    with bench.work(bench.coordinator) as unit:
        remove_version(unit, slug=copy.slug, number=1, reason="It holds a name.")
    page = client.page(f"/documents/{model.slug}/suggestions/{made.id}")
    assert "was removed for good" in page.text
    assert page.find("del") is None


@pytest.mark.parametrize("act, typed", [("edit", {"text": "Our own words."}), ("decline", {"reason": "Not for us."})])
def test_what_is_typed_of_a_suggestion_somebody_else_answered_meanwhile_is_not_lost(
    client: CheckedClient, model: Made, bench: Bench, act: str, typed: dict[str, str]
) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    form = lead.page(f"{path}/{act}").find("form", id="form")
    bench.accept(bench.lead, made, 1)
    answer = lead.send_form(form, f"{path}/{act}", **typed)
    assert answer.status_code == 409
    (words,) = typed.values()
    assert words in said(answer)
    assert "waits for no answer any more" in said(answer)


@pytest.mark.parametrize("act", ["edit", "decline"])
def test_whoever_comes_too_late_to_answer_is_led_to_what_became_of_it(
    client: CheckedClient, model: Made, bench: Bench, act: str
) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    bench.accept(bench.lead, made, 1)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    answer = lead.get(f"{path}/{act}")
    assert (answer.status_code, answer.location) == (303, path)
    assert "waits for no answer any more" in lead.page(path).text


def test_accepting_what_was_just_accepted_shows_the_suggestion(
    client: CheckedClient, model: Made, bench: Bench
) -> None:
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    lead = browser(client, bench, bench.lead_row, bench.council)
    path = f"/documents/{model.slug}/suggestions/{made.id}"
    form = lead.page(path).find("form", action=f"{path}/accept")
    bench.accept(bench.lead, made, 1)
    answer = lead.send_form(form, path)
    assert answer.status_code == 409
    assert "Accepted, in a draft" in said(answer)
