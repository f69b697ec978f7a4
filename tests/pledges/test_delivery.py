"""The arithmetic of deliveries: what counts, and that a promise is delivered, broken, released or still to come."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.errors import Conflict, RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.pledges import delivery
from pipeline.pledges.delivery import Answer, Entry, Given, Ledger, counted, settled, waiting
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.rules import NeedKind

pytestmark = pytest.mark.pure

TODAY = date(2026, 11, 23)
OFFERED = date(2026, 9, 1)


def entry(amount: int = 10, corrects: Entry | None = None, **values: object) -> Entry:
    return Entry(id=new_id(), amount=amount, corrects_id=corrects.id if corrects else None, **values)  # type: ignore[arg-type]


def agreed(amount: int = 10, corrects: Entry | None = None) -> Entry:
    return entry(amount, corrects, answer=Answer.AGREED)


def delivered(*entries: Entry) -> int:
    return sum(counted(entries).values())


@st.composite
def chains(draw: st.DrawFn) -> list[Entry]:
    """What may stand recorded of one pledge: entries, some of which correct earlier ones."""
    entries: list[Entry] = []
    free: list[Entry] = []
    for _number in range(draw(st.integers(0, 6))):
        corrects = draw(st.sampled_from([None, *free]))
        amount = draw(st.integers(0 if corrects else 1, 12))
        answer = draw(st.sampled_from([None, Answer.AGREED, *([Answer.DISPUTED] if amount else [])]))
        lower = draw(st.integers(0, amount - 1)) if answer is Answer.DISPUTED else None
        is_overdue = answer is None and draw(st.booleans())
        made = entry(amount, corrects, answer=answer, disputed_amount=lower, is_overdue=is_overdue)
        free = [one for one in free if one is not corrects] + [made]
        entries.append(made)
    return entries


STATES = st.sampled_from([PledgeStatus.COMMITTED, PledgeStatus.DELIVERED, PledgeStatus.BROKEN, PledgeStatus.RELEASED])


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    promised = draw(st.integers(1, 40))
    broken = draw(st.integers(0, promised))
    released = draw(st.integers(0, promised - broken))
    return Ledger(
        promised=promised, delivered=draw(st.integers(0, 60)), broken=broken, released=released,
        waiting=draw(st.integers(0, 60)),
    )  # fmt: skip


def test_an_entry_waits_until_the_other_side_agrees() -> None:
    assert delivered(entry()) == 0
    assert delivered(agreed()) == 10


def test_an_entry_nobody_answered_in_time_counts() -> None:
    assert delivered(entry(is_overdue=True)) == 10


def test_a_disputed_entry_counts_at_the_lower_figure() -> None:
    assert delivered(entry(answer=Answer.DISPUTED, disputed_amount=4)) == 4
    assert delivered(entry(answer=Answer.DISPUTED, disputed_amount=0)) == 0


def test_an_entry_stands_until_its_correction_counts() -> None:
    first = agreed(10)
    wrong = entry(14, first)
    assert delivered(first, wrong) == 10
    assert waiting([first, wrong]) == 4
    assert delivered(first, replace(wrong, answer=Answer.AGREED)) == 14
    assert delivered(first, replace(wrong, answer=Answer.DISPUTED, disputed_amount=3)) == 3
    assert delivered(first, agreed(0, first)) == 0


def test_of_several_corrections_the_last_that_counts_does() -> None:
    first = agreed(10)
    second = agreed(8, first)
    third = entry(6, second)
    assert delivered(first, second, third) == 8
    assert waiting([first, second, third]) == 0


@given(chains())
def test_what_counts_does_not_depend_on_the_order_of_the_rows(entries: list[Entry]) -> None:
    assert counted(reversed(entries)) == counted(entries)
    assert waiting(reversed(entries)) == waiting(entries)


@given(chains())
def test_no_entry_adds_more_than_it_says_and_one_of_a_chain_adds(entries: list[Entry]) -> None:
    counts = counted(entries)
    assert counts.keys() == {one.id for one in entries}
    assert all(0 <= counts[one.id] <= one.amount for one in entries)
    following: dict[UUID, Entry] = {one.corrects_id: one for one in entries if one.corrects_id}
    for one in entries:
        later = following.get(one.id)
        while later:
            assert not (counts[one.id] and counts[later.id])
            later = following.get(later.id)


@given(chains())
def test_what_waits_is_what_agreeing_everything_would_add_at_least(entries: list[Entry]) -> None:
    corrected = {one.corrects_id for one in entries}
    all_agreed = [
        replace(one, answer=Answer.AGREED, disputed_amount=None)
        if one.worth is None and one.id not in corrected
        else one
        for one in entries
    ]
    assert delivered(*all_agreed) <= delivered(*entries) + waiting(entries)
    assert waiting(all_agreed) == 0


@given(ledgers())
def test_a_promise_is_delivered_broken_released_or_still_to_come(ledger: Ledger) -> None:
    parts = (ledger.delivered_of_promise, ledger.broken, ledger.released, ledger.to_come)
    assert sum(parts) == ledger.promised
    assert min(parts) >= 0
    assert ledger.delivered_of_promise + ledger.more == ledger.delivered
    assert not (ledger.more and ledger.to_come)


@given(STATES, ledgers())
def test_where_a_pledge_stands_follows_from_its_ledger(status: PledgeStatus, ledger: Ledger) -> None:
    after, now = settled(status, ledger)
    assert settled(after, now) == (after, now)
    assert (now.promised, now.delivered, now.waiting) == (ledger.promised, ledger.delivered, ledger.waiting)
    assert now.broken >= ledger.broken
    assert now.released >= ledger.released
    assert now.delivered_of_promise + now.broken + now.released + now.to_come == now.promised
    if after is PledgeStatus.COMMITTED:
        assert now.to_come > 0
    if after is PledgeStatus.DELIVERED:
        assert now.to_come == 0
    if after in (PledgeStatus.BROKEN, PledgeStatus.RELEASED):
        assert now.to_come <= now.waiting


@given(STATES, ledgers())
def test_room_once_given_back_is_never_taken_again(status: PledgeStatus, ledger: Ledger) -> None:
    assert settled(status, ledger)[1].bound <= ledger.bound


def test_all_that_was_promised_is_delivered_and_more_takes_no_room() -> None:
    status, ledger = settled(PledgeStatus.COMMITTED, Ledger(promised=10, delivered=13))
    assert status is PledgeStatus.DELIVERED
    assert (ledger.bound, ledger.more, ledger.to_come) == (10, 3, 0)


def test_what_is_recorded_and_unanswered_is_not_broken_until_it_turns_out_not_to_have_come() -> None:
    status, ledger = settled(PledgeStatus.BROKEN, Ledger(promised=10, delivered=2, waiting=3))
    assert (status, ledger.broken, ledger.to_come) == (PledgeStatus.BROKEN, 5, 3)
    agreed_later = settled(status, replace(ledger, delivered=5, waiting=0))[1]
    assert (agreed_later.broken, agreed_later.to_come) == (5, 0)
    disputed_later = settled(status, replace(ledger, delivered=3, waiting=0))[1]
    assert (disputed_later.broken, disputed_later.to_come) == (7, 0)


def test_a_correction_that_leaves_something_to_come_binds_the_pledge_again() -> None:
    assert settled(PledgeStatus.DELIVERED, Ledger(promised=10, delivered=8))[0] is PledgeStatus.COMMITTED


def test_a_delivery_is_of_something_on_a_day_that_has_come() -> None:
    def check(amount: int, day: date, **more: bool) -> set[str]:
        try:
            delivery.check_delivery(
                Given(amount=amount, delivered_on=day), NeedKind.TIME, offered_on=OFFERED, today=TODAY, **more
            )
        except RuleBroken as refusal:
            return {problem.code for problem in refusal.problems}
        return set()

    assert check(1, TODAY) == check(1, OFFERED) == check(0, TODAY, is_correction=True) == set()
    assert check(0, TODAY) == {"delivery.amount"}
    assert check(-1, TODAY, is_correction=True) == {"delivery.amount"}
    assert check(10**9, date(2026, 11, 24)) == {"delivery.amount", "delivery.day_in_future"}
    assert check(1, date(2026, 8, 31)) == {"delivery.day_too_early"}


@pytest.mark.parametrize("amount, is_allowed", [(-1, False), (0, True), (9, True), (10, False), (11, False)])
def test_a_dispute_names_a_lower_figure(amount: int, *, is_allowed: bool) -> None:
    if is_allowed:
        delivery.check_dispute(amount, "", entry(), NeedKind.FUNDING)
        return
    with pytest.raises(RuleBroken) as caught:
        delivery.check_dispute(amount, "", entry(), NeedKind.FUNDING)
    assert [(one.code, one.field) for one in caught.value.problems] == [("delivery.not_lower", "pence")]


def test_notes_are_short() -> None:
    with pytest.raises(RuleBroken) as caught:
        delivery.check_note("x" * 1_001)
    assert caught.value.code == "delivery.note_too_long"
    with pytest.raises(RuleBroken) as caught:
        delivery.check_answer("")
    assert caught.value.code == "delivery.answer_missing"


def test_an_answer_is_given_once_but_a_dispute_may_end_in_agreement() -> None:
    disputed = entry(answer=Answer.DISPUTED, disputed_amount=1)
    delivery.check_can_answer(entry(), Answer.DISPUTED, is_corrected=False)
    delivery.check_can_answer(entry(is_overdue=True), Answer.DISPUTED, is_corrected=False)
    delivery.check_can_answer(disputed, Answer.AGREED, is_corrected=False)
    for made, answer in ((agreed(), Answer.AGREED), (agreed(), Answer.DISPUTED), (disputed, Answer.DISPUTED)):
        with pytest.raises(Conflict) as caught:
            delivery.check_can_answer(made, answer, is_corrected=False)
        assert caught.value.code == "delivery.answered"
    with pytest.raises(Conflict) as caught:
        delivery.check_can_answer(entry(), Answer.AGREED, is_corrected=True)
    assert caught.value.code == "delivery.corrected"
