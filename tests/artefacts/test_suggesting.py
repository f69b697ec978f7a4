"""Suggesting a change: made, answered, published, and what becomes of it when the original moves on."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.artefacts.actions import merging, suggesting
from pipeline.artefacts.actions.discarding import discard_draft
from pipeline.artefacts.actions.ending import end_document
from pipeline.artefacts.actions.withdrawing import remove_version
from pipeline.artefacts.models import Artefact, Suggestion
from pipeline.artefacts.queries.suggestions import lines_from, lines_to, suggestions_waiting_for
from pipeline.kernel.working_days import after_working_days
from pipeline.projects import answering
from pipeline.projects.models import AnswerClock, Project
from pipeline.projects.taking_part import Answerable
from tests.artefacts.factories import Shelf
from tests.artefacts.taking import ADDED, CLASHING, ONE, OURS, THEIRS, TWO, Bench, refusal_of
from tests.factories import Factory

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


def clock_of(bench: Bench, suggestion: Suggestion) -> AnswerClock:
    with bench.make.session() as session:
        return session.scalars(select(AnswerClock).where(AnswerClock.subject_id == suggestion.id)).one()


def decline(bench: Bench, suggestion: Suggestion, actor: Any = None, reason: str = "We say it elsewhere.") -> None:
    with bench.work(actor or bench.lead) as unit:
        version = unit.session.get_one(Suggestion, suggestion.id).version
        suggesting.decline_suggestion(unit, suggestion_id=suggestion.id, version=version, reason=reason)


def withdraw(bench: Bench, suggestion: Suggestion, actor: Any = None) -> None:
    with bench.work(actor or bench.east) as unit:
        suggesting.withdraw_suggestion(unit, suggestion_id=suggestion.id)


def close(bench: Bench, suggestion: Suggestion, *, changes_nothing: bool) -> None:
    with bench.work(bench.lead) as unit:
        suggesting.close_suggestion(unit, suggestion_id=suggestion.id, version=1, changes_nothing=changes_nothing)


def test_a_copys_team_suggests_a_change_and_the_leads_see_it_waiting(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    assert (made.artefact_id, made.against_id) == (model.artefact.id, model.version(1).id)
    with bench.work(bench.lead) as unit:
        assert [one.id for one in suggestions_waiting_for(unit)] == [made.id]
        assert [one.id for one in lines_to(unit, model.artefact.id, limit=5).rows] == [made.id]
        assert [one.id for one in lines_from(unit, made.copy_id, limit=5).rows] == [made.id]
        assert not lines_from(unit, model.artefact.id, limit=5).rows
    with bench.work(bench.east) as unit:
        assert suggestions_waiting_for(unit) == []
    event = bench.events("suggestion.made")[0]
    assert event.payload["for_council_id"] == str(bench.eastmere.id)
    assert "goodbye" not in str(event.payload)


def test_the_answer_is_due_within_ten_working_days(bench: Bench) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    clock = clock_of(bench, made)
    assert clock.subject_type == "suggestion"
    assert clock.due_on == after_working_days(clock.counts_from_on, 10, "england")
    assert clock.nudge_on == after_working_days(clock.counts_from_on, 11, "england")


def test_other_answers_are_due_as_before() -> None:
    arrived = datetime(2026, 11, 16, 9, tzinfo=UTC)
    pledge = answering.answer_dates(arrived, "england")
    suggestion = answering.answer_dates(arrived, "england", Answerable.SUGGESTION)
    assert pledge.due_on.isoformat() == "2026-11-19"
    assert (suggestion.due_on.isoformat(), suggestion.desk_on.isoformat()) == ("2026-11-30", "2026-12-02")


def test_accepting_makes_a_draft_and_publishing_it_names_the_council(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    draft = bench.accept(bench.lead, made, 1)
    assert draft.text == ADDED
    assert bench.now(Suggestion, made.id).status == "accepted"
    assert clock_of(bench, made).days_taken == 0
    version = bench.publish(bench.lead, draft)
    assert version.credits == [{"council_id": str(bench.eastmere.id), "suggestion_id": str(made.id)}]
    after = bench.now(Suggestion, made.id)
    assert (after.status, after.published_in_id, after.was_edited) == ("published", version.id, False)
    assert bench.events("suggestion.published")[0].payload["number"] == 2


def test_a_suggestion_is_merged_from_the_version_it_was_made_against(bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    made = bench.suggest(copy, ADDED)
    bench.shelf.publish(model, bench.lead_row, TWO)
    assert bench.accept(bench.lead, made, 2).text == TWO + "\nSay goodbye.\n"


def test_leads_who_edit_what_they_accept_still_name_the_council(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    draft = bench.accept(bench.lead, made, 1, text=ADDED + "\nAnd wave.\n", was_edited=True)
    version = bench.publish(bench.lead, draft)
    assert bench.now(Suggestion, made.id).was_edited
    assert version.credits[0]["council_id"] == str(bench.eastmere.id)


def test_where_both_changed_the_same_place_the_leads_choose(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, CLASHING), CLASHING)
    bench.shelf.publish(model, bench.lead_row, TWO)
    with bench.work(bench.lead) as unit:
        begun = merging.begin_suggestion_merge(unit, suggestion_id=made.id)
    assert bench.now(Suggestion, made.id).status == "made"
    draft = bench.finish(bench.lead, begun, THEIRS)
    assert draft.text == CLASHING
    assert draft.took_in_id is None
    assert bench.now(Suggestion, made.id).status == "accepted"
    assert bench.publish(bench.lead, draft).credits[0]["suggestion_id"] == str(made.id)


def test_a_suggestion_of_which_nothing_is_taken_is_not_accepted(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, CLASHING), CLASHING)
    bench.shelf.publish(model, bench.lead_row, TWO)
    with bench.work(bench.lead) as unit:
        begun = merging.begin_suggestion_merge(unit, suggestion_id=made.id)
    assert refusal_of(lambda: bench.finish(bench.lead, begun, OURS)) == "suggestion.changes_nothing"
    assert bench.now(Suggestion, made.id).status == "made"


def test_the_same_change_on_both_sides_comes_in_once(bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    bench.publish(bench.lead, bench.accept(bench.lead, bench.suggest(copy, ADDED), 1))
    draft = bench.finish(bench.east, bench.begin(bench.east, copy, model, 2))
    assert draft.text == ADDED


def test_declining_needs_a_reason_that_the_council_reads(bench: Bench) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    assert refusal_of(lambda: decline(bench, made, reason="")) == "suggestion.answer_missing"
    decline(bench, made)
    after = bench.now(Suggestion, made.id)
    assert (after.status, after.answer) == ("declined", "We say it elsewhere.")
    assert clock_of(bench, made).answered_at is not None
    assert refusal_of(lambda: bench.accept(bench.lead, made, 1)) == "suggestion.not_open"


def test_a_council_takes_its_suggestion_back(bench: Bench) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    assert refusal_of(lambda: withdraw(bench, made, bench.west)) == "artefact.council_only"
    withdraw(bench, made)
    assert bench.now(Suggestion, made.id).status == "withdrawn"
    assert clock_of(bench, made).stopped_at is not None
    assert refusal_of(lambda: decline(bench, made)) == "suggestion.not_open"


def test_what_came_another_way_is_overtaken(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    assert refusal_of(lambda: close(bench, made, changes_nothing=False)) == "suggestion.adds_something"
    bench.shelf.publish(model, bench.lead_row, ADDED)
    assert refusal_of(lambda: bench.accept(bench.lead, made, 2)) == "suggestion.changes_nothing"
    close(bench, made, changes_nothing=True)
    assert bench.now(Suggestion, made.id).status == "overtaken"
    assert clock_of(bench, made).stopped_at is not None


def test_what_was_made_against_a_removed_version_is_overtaken_and_keeps_no_text(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    with bench.work(bench.coordinator) as unit:
        remove_version(unit, slug=model.slug, number=1, reason="It names somebody.")
    after = bench.now(Suggestion, made.id)
    assert (after.status, after.text) == ("overtaken", "")


def test_a_document_that_is_kept_no_longer_answers_nothing(bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    made = bench.suggest(copy, ADDED)
    with bench.work(bench.lead) as unit:
        end_document(unit, slug=model.slug)
    assert bench.now(Suggestion, made.id).status == "overtaken"
    assert refusal_of(lambda: bench.suggest(copy, CLASHING)) == "artefact.ended"


def test_a_draft_that_is_thrown_away_gives_the_suggestion_back(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    draft = bench.accept(bench.lead, made, 1)
    with bench.work(bench.lead) as unit:
        discard_draft(unit, draft_id=draft.id)
    after = bench.now(Suggestion, made.id)
    assert (after.status, after.answered_at) == ("made", None)
    bench.accept(bench.lead, made, 1)


def test_only_the_leads_of_the_original_answer(bench: Bench) -> None:
    made = bench.suggest(bench.copy(bench.model(ONE), ADDED), ADDED)
    assert refusal_of(lambda: decline(bench, made, bench.east)) == "artefact.leads_only"
    assert refusal_of(lambda: bench.accept(bench.west, made, 1)) == "artefact.leads_only"


def test_only_the_team_of_a_copy_suggests(bench: Bench) -> None:
    copy = bench.copy(bench.model(ONE), ADDED)
    bench.east = bench.west
    assert refusal_of(lambda: bench.suggest(copy, ADDED)) == "artefact.team_only"


@pytest.mark.parametrize(
    "values, code",
    [
        ({"text": ONE}, "suggestion.nothing_chosen"),
        ({"reason": ""}, "suggestion.reason_missing"),
        ({"reason": "a" * 4_001}, "suggestion.reason_too_long"),
        ({"text": "a" * 400_001}, "suggestion.text_too_long"),
        ({"number": 7}, "suggestion.copy_moved"),
    ],
)
def test_a_suggestion_that_says_nothing_is_refused(bench: Bench, values: dict[str, Any], code: str) -> None:
    copy = bench.copy(bench.model(ONE), ADDED)
    assert refusal_of(lambda: bench.suggest(copy, **({"text": ADDED} | values))) == code


def test_a_reason_with_the_address_of_somebody_with_an_account_is_not_published(bench: Bench) -> None:
    copy = bench.copy(bench.model(ONE), ADDED)
    reason = f"Ask {bench.lead_row.address}."
    assert refusal_of(lambda: bench.suggest(copy, ADDED, reason)) == "text.holds_address"


@pytest.mark.parametrize("at", ["@", "\\\\@", "&#64;"])
def test_words_with_the_address_of_somebody_with_an_account_are_not_published(bench: Bench, at: str) -> None:
    copy = bench.copy(bench.model(ONE), ADDED)
    text = f"{ADDED}\nAsk {bench.lead_row.address.replace('@', at)}.\n"
    assert refusal_of(lambda: bench.suggest(copy, text)) == "text.holds_address"


def test_the_same_is_not_suggested_twice(bench: Bench) -> None:
    copy = bench.copy(bench.model(ONE), ADDED)
    made = bench.suggest(copy, ADDED)
    assert refusal_of(lambda: bench.suggest(copy, ADDED)) == "suggestion.stands"
    withdraw(bench, made)
    bench.suggest(copy, ADDED)


def test_a_document_without_an_original_suggests_nothing(bench: Bench) -> None:
    model = bench.model(ONE)

    def suggest() -> None:
        with bench.work(bench.lead) as unit:
            suggesting.make_suggestion(
                unit, slug=model.slug, number=1, against_id=model.version(1).id, text=ADDED, reason="It is clearer."
            )

    assert refusal_of(suggest) == "suggestion.no_original"


def test_a_copy_that_is_not_public_suggests_nothing_to_one_that_is(bench: Bench) -> None:
    copy = bench.copy(bench.model(ONE), ADDED, is_public=False)
    assert refusal_of(lambda: bench.suggest(copy, ADDED)) == "suggestion.copy_not_public"


def test_a_version_published_meanwhile_is_looked_at_first(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    bench.shelf.publish(model, bench.lead_row, TWO)

    def accept() -> None:
        with bench.work(bench.lead) as unit:
            suggesting.accept_suggestion(unit, suggestion_id=made.id, version=1, number=1, text=ADDED)

    assert refusal_of(accept) == "suggestion.document_moved"


def test_how_soon_leads_usually_answer_is_not_said_of_suggestions(bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    for number in range(3):
        decline(bench, bench.suggest(copy, ADDED + f"\n{number}.\n"))
    assert bench.now(Project, bench.project.id).answers_in_days is None


def test_a_suggestion_to_a_hidden_document_is_found_by_nobody_outside(bench: Bench) -> None:
    model = bench.model(ONE)
    made = bench.suggest(bench.copy(model, ADDED), ADDED)
    with bench.make.session() as session:
        artefact = session.get_one(Artefact, model.artefact.id)
        artefact.is_hidden, artefact.is_public = True, False
    assert refusal_of(lambda: withdraw(bench, made, bench.west)) == "suggestion.not_found"
