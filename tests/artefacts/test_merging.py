"""Taking changes in: begun, decided, finished as a draft, with the base that moves when it is published."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.artefacts.actions import merging
from pipeline.artefacts.actions.discarding import discard_draft
from pipeline.artefacts.actions.withdrawing import remove_version
from pipeline.artefacts.merge import Choice, Decision
from pipeline.artefacts.models import Artefact, Draft, Merge
from pipeline.artefacts.queries.comparing import Reference
from tests.artefacts.factories import Shelf
from tests.artefacts.taking import ADDED, CLASHING, ONE, OURS, THEIRS, TWO, Bench, refusal_of
from tests.factories import Factory

pytestmark = pytest.mark.database


@pytest.fixture
def bench(make: Factory, shelf: Shelf, work: Callable[..., Any]) -> Bench:
    return Bench(make, shelf, work)


def test_what_only_they_changed_comes_in_and_what_only_we_changed_stays(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    draft = bench.finish(bench.east, bench.begin(bench.east, copy, model, 2))
    assert draft.text == TWO + "\nSay goodbye.\n"
    assert draft.took_in_id == model.version(2).id
    assert draft.started_from_id == copy.version(1).id


def test_the_base_moves_when_the_draft_is_published_and_not_before(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    draft = bench.finish(bench.east, bench.begin(bench.east, copy, model, 2))
    assert bench.now(Artefact, copy.artefact.id).base_id == model.version(1).id
    bench.publish(bench.east, draft)
    assert bench.now(Artefact, copy.artefact.id).base_id == model.version(2).id


@pytest.mark.parametrize(
    "choice, expected",
    [
        (OURS, CLASHING),
        (THEIRS, TWO),
        (Decision(Choice.TEXT, "Be kind in Eastmere."), ONE.replace("kind to everybody.", "kind in Eastmere.")),
    ],
)  # fmt: skip
def test_a_clash_is_decided_by_a_person(bench: Bench, choice: Decision, expected: str) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    assert bench.finish(bench.east, bench.begin(bench.east, copy, model, 2), choice).text == expected


def test_keeping_ours_throughout_is_a_decision_and_moves_the_base_too(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    draft = bench.finish(bench.east, bench.begin(bench.east, copy, model, 2), OURS)
    bench.publish(bench.east, draft)
    assert bench.now(Artefact, copy.artefact.id).base_id == model.version(2).id


def test_several_versions_can_be_taken_in_at_once(bench: Bench) -> None:
    model = bench.model(ONE, TWO, TWO + "\nThree.\n")
    copy = bench.copy(model, ADDED.replace("Say goodbye.", "Goodbye."))
    begun = bench.begin(bench.east, copy, model, 3)
    assert begun.base_id == model.version(1).id
    assert bench.read(bench.east, begun)[0].theirs.number == 3


def test_half_done_decisions_are_kept_and_gone_on_with(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2)
    with bench.work(bench.east) as unit:
        merging.save_decisions(unit, merge_id=begun.id, version=1, decisions={"1": {"choice": "theirs"}})
    again = bench.begin(bench.east, copy, model, 2)
    assert again.id == begun.id
    assert bench.now(Merge, begun.id).decisions == {"1": {"choice": "theirs"}}


def test_decisions_somebody_else_saved_meanwhile_are_not_written_over(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    begun = bench.begin(bench.east, bench.copy(model, CLASHING), model, 2)

    def save(choice: str) -> None:
        with bench.work(bench.east) as unit:
            merging.save_decisions(unit, merge_id=begun.id, version=1, decisions={"1": {"choice": choice}})

    save("theirs")
    assert refusal_of(lambda: save("ours")) == "merge.changed_meanwhile"
    assert bench.now(Merge, begun.id).decisions == {"1": {"choice": "theirs"}}


def test_a_finished_merge_is_finished_once(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    begun = bench.begin(bench.east, bench.copy(model, CLASHING), model, 2)
    bench.finish(bench.east, begun, OURS)
    assert refusal_of(lambda: bench.finish(bench.east, begun, THEIRS)) == "merge.not_open"
    assert [event.payload["kind"] for event in bench.events("merge.completed")] == ["upstream"]


def test_a_discarded_merge_leaves_everything_as_it_was(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2)
    with bench.work(bench.east) as unit:
        merging.discard_merge(unit, merge_id=begun.id)
    assert bench.now(Artefact, copy.artefact.id).base_id == model.version(1).id
    assert refusal_of(lambda: bench.finish(bench.east, begun, OURS)) == "merge.not_open"
    assert bench.begin(bench.east, copy, model, 2).id != begun.id


def test_a_withdrawn_version_cannot_be_taken_in_nor_finished_with(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2)
    bench.shelf.withdraw(model, 2, bench.lead_row)
    assert refusal_of(lambda: bench.finish(bench.east, begun, OURS)) == "merge.withdrawn"
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 2)) == "merge.withdrawn"


def test_a_withdrawn_base_still_serves(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    bench.shelf.withdraw(model, 1, bench.lead_row)
    assert bench.begin(bench.east, copy, model, 2).base_id == model.version(1).id


def test_what_was_taken_in_is_not_taken_in_again(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    bench.publish(bench.east, bench.finish(bench.east, bench.begin(bench.east, copy, model, 2)))
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 2)) == "merge.nothing_newer"
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 1)) == "merge.nothing_newer"


def test_a_version_of_the_document_itself_is_not_taken_in(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    assert refusal_of(lambda: bench.begin(bench.lead, model, model, 1)) == "merge.same_document"


def test_documents_that_share_no_lineage_are_not_merged(bench: Bench) -> None:
    model, other = bench.model(ONE), bench.shelf.document(bench.east_project, bench.east_row, TWO)
    assert refusal_of(lambda: bench.begin(bench.east, other, model, 1)) == "comparison.not_related"


def test_languages_are_never_mixed(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING, language="cy")
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 2)) == "comparison.other_language"


def test_only_the_team_of_the_copy_takes_changes_in(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    assert refusal_of(lambda: bench.begin(bench.west, copy, model, 2)) == "artefact.team_only"
    begun = bench.begin(bench.east, copy, model, 2)
    assert refusal_of(lambda: bench.read(bench.west, begun)) == "merge.not_found"


def test_two_copies_of_one_document_count_from_the_latest_version_both_hold(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    east = bench.copy(model, ADDED)
    west = bench.shelf.copy(model, 2, bench.west_project, bench.west_row, TWO.replace("Say hello.", "Wave."))
    begun = bench.begin(bench.east, east, west, 1)
    assert begun.base_id == model.version(1).id
    draft = bench.finish(bench.east, begun)
    assert "Wave." in draft.text
    assert "Say goodbye." in draft.text
    published = bench.publish(bench.east, draft)
    assert published.took_in_id == west.version(1).id
    assert bench.now(Artefact, east.artefact.id).base_id == model.version(1).id


def test_a_copy_of_a_copy_takes_in_what_the_first_ancestor_changed(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    grandchild = bench.shelf.copy(copy, 1, bench.west_project, bench.west_row, ADDED.replace("Say hello.", "Wave."))
    begun = bench.begin(bench.west, grandchild, model, 2)
    assert begun.base_id == model.version(1).id
    text = bench.finish(bench.west, begun).text
    assert "always" in text
    assert "Wave." in text
    assert "Say goodbye." in text


def test_an_original_can_take_in_what_a_copy_says_and_no_circle_closes(bench: Bench) -> None:
    model = bench.model(ONE)
    copy = bench.copy(model, ADDED)
    draft = bench.finish(bench.lead, bench.begin(bench.lead, model, copy, 1))
    assert draft.text == ADDED
    bench.publish(bench.lead, draft)
    original = bench.now(Artefact, model.artefact.id)
    assert original.upstream_id is None
    assert original.base_id is None
    assert bench.begin(bench.east, copy, model, 2).base_id == copy.version(1).id


def test_a_draft_takes_in_what_was_published_since_it_was_begun(bench: Bench) -> None:
    model = bench.model(ONE)
    draft = bench.shelf.draft(model, bench.lead_row, ADDED)
    bench.shelf.publish(model, bench.lead_row, TWO)
    with bench.work(bench.lead) as unit:
        begun = merging.begin_own_merge(unit, draft_id=draft.id)
    finished = bench.finish(bench.lead, begun)
    assert finished.id == draft.id
    assert finished.text == TWO + "\nSay goodbye.\n"
    assert finished.started_from_id == model.version(2).id
    assert bench.publish(bench.lead, finished).number == 3


def test_a_draft_that_is_not_behind_takes_nothing_in(bench: Bench) -> None:
    model = bench.model(ONE)
    draft = bench.shelf.draft(model, bench.lead_row, ADDED)

    def begin() -> None:
        with bench.work(bench.lead) as unit:
            merging.begin_own_merge(unit, draft_id=draft.id)

    assert refusal_of(begin) == "merge.nothing_newer"


def test_a_draft_begun_before_anything_was_published_is_decided_whole(bench: Bench) -> None:
    model = bench.model(ONE)
    draft = bench.shelf.draft(model, bench.lead_row, CLASHING, started_from_id=None)
    with bench.work(bench.lead) as unit:
        begun = merging.begin_own_merge(unit, draft_id=draft.id)
    read, merged = bench.read(bench.lead, begun)
    assert read.base.text == ""
    finished = bench.finish(bench.lead, begun, *[THEIRS] * len(merged.clashes))
    assert finished.text == ONE


def test_a_draft_that_somebody_changed_meanwhile_is_not_written_over(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    draft = bench.shelf.draft(copy, bench.east_row, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2, draft)
    with bench.make.session() as session:
        session.get_one(Draft, draft.id).text = CLASHING + "\nMore.\n"
    assert refusal_of(lambda: bench.finish(bench.east, begun, THEIRS)) == "merge.draft_changed"
    read, _merged = bench.read(bench.east, begun)
    assert read.is_stale
    with bench.work(bench.east) as unit:
        merging.renew_merge(unit, merge_id=begun.id, version=1, ours_text=CLASHING + "\nMore.\n", decisions={})
    finished = bench.finish(bench.east, begun, THEIRS)
    assert finished.text == TWO + "\nMore.\n"
    assert finished.took_in_id == model.version(2).id


def test_a_draft_that_was_thrown_away_takes_nothing_in(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    draft = bench.shelf.draft(copy, bench.east_row, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2, draft)
    with bench.work(bench.east) as unit:
        discard_draft(unit, draft_id=draft.id)
    assert refusal_of(lambda: bench.finish(bench.east, begun, THEIRS)) == "draft.not_open"


def test_a_draft_holds_what_it_took_in_of_one_document(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, ADDED)
    west = bench.shelf.copy(model, 1, bench.west_project, bench.west_row, ONE.replace("Say hello.", "Wave."))
    draft = bench.finish(bench.east, bench.begin(bench.east, copy, model, 2))
    assert refusal_of(lambda: bench.begin(bench.east, copy, west, 1, draft)) == "merge.draft_took_in"


def test_a_copy_without_a_version_takes_changes_into_its_draft(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model)
    draft = bench.shelf.draft(copy, bench.east_row, ADDED, started_from_id=None)
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 2)) == "merge.no_version"
    begun = bench.begin(bench.east, copy, model, 2, draft)
    assert begun.base_id == model.version(1).id
    assert bench.finish(bench.east, begun).text == TWO + "\nSay goodbye.\n"


@pytest.mark.parametrize("role", ["base", "theirs", "ours"])
def test_a_removed_version_takes_the_half_done_merges_with_it(bench: Bench, role: str) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    begun = bench.begin(bench.east, copy, model, 2)
    slug, number = {"base": (model.slug, 1), "theirs": (model.slug, 2), "ours": (copy.slug, 1)}[role]
    with bench.work(bench.coordinator) as unit:
        remove_version(unit, slug=slug, number=number, reason="It names somebody.")
    kept = bench.now(Merge, begun.id)
    assert (kept.status, kept.ours_text, kept.decisions) == ("discarded", "", {})


def test_a_document_that_is_kept_no_longer_takes_nothing_in(bench: Bench) -> None:
    model = bench.model(ONE, TWO)
    copy = bench.copy(model, CLASHING)
    with bench.make.session() as session:
        session.get_one(Artefact, copy.artefact.id).status = "ended"
    assert refusal_of(lambda: bench.begin(bench.east, copy, model, 2)) == "artefact.ended"


def test_nobody_finds_a_document_that_is_not_there(bench: Bench) -> None:
    copy = bench.copy(bench.model(ONE, TWO), CLASHING)

    def begin() -> None:
        with bench.work(bench.east) as unit:
            merging.begin_merge(unit, slug=copy.slug, theirs=Reference("nowhere", 1))

    assert refusal_of(begin) == "artefact.not_found"
