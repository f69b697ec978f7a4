"""What was delivered of a pledge, as its page shows it: the figures, and each entry, both figures where disputed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.words import Words, _
from pipeline.pledges import deliveries, policy
from pipeline.pledges.delivery import Answer, Ledger, Side
from pipeline.pledges.messages import amount_words
from pipeline.pledges.models import Delivery, NotCome, Pledge
from pipeline.pledges.policy import DeliveryFacts, PledgeFacts
from pipeline.web.rendering import uk_date


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One recorded delivery in words. `acts` are (address, words)."""

    when: str
    amount: str
    recorded_by: str
    state: str
    tag: str
    note: str
    answer_note: str
    acts: list[tuple[str, str]]


def ledger_shown(reading: Reading, pledge: Pledge, facts: PledgeFacts, council: Council) -> dict[str, Any] | None:
    """The ledger of a pledge that was committed; None of one that never was."""
    if pledge.committed_at is None:
        return None
    rows = deliveries.deliveries_of(reading, pledge.id)
    by_id = deliveries.facts_of_deliveries(reading, rows, facts) if rows and reading.actor.council_id else {}
    lead_council = reading.session.get_one(Council, facts.project.council_id)
    names = {Side.COUNCIL: council.short_name, Side.LEAD: lead_council.short_name}
    reads_notes = bool(policy.may_read_notes(reading.actor, facts))
    shown: dict[str, Any] = {"reading": reading, "pledge": pledge, "names": names, "with_note": reads_notes}
    corrected = deliveries.corrected_ids(rows)
    return {
        "figures": _figures(pledge, deliveries.ledger_of(pledge, rows)),
        "entries": [
            _entry(row, by_id.get(row.id), is_last=row.id not in corrected, **shown) for row in rows
        ],
        "not_come": _not_come(reading, pledge, facts) if reads_notes else None,
    }  # fmt: skip


def amount_of(pledge: Pledge, number: int) -> str:
    """A number in the pledge's own unit, in words."""
    return say(amount_words(pledge.kind, number, pledge.need.thing or ""))


def _figures(pledge: Pledge, ledger: Ledger) -> list[tuple[str, str]]:
    figures = [
        (_("Promised"), ledger.promised), (_("Delivered"), ledger.delivered), (_("Still to come"), ledger.to_come),
    ]  # fmt: skip
    rare = ((_("More than promised"), ledger.more), (_("Broken"), ledger.broken), (_("Released"), ledger.released))
    figures += [(words, number) for words, number in rare if number]
    return [(gettext(words), amount_of(pledge, number)) for words, number in figures]


def _entry(
    row: Delivery, facts: DeliveryFacts | None, *,
    reading: Reading, pledge: Pledge, names: dict[Side, str], is_last: bool, with_note: bool,
) -> EntryShown:  # fmt: skip
    state, tag = _state(pledge, row, names, is_last=is_last)
    who = _("Recorded by {council}") if row.side == Side.COUNCIL else _("Recorded by a project lead, {council}")
    return EntryShown(
        when=uk_date(row.delivered_on), amount=amount_of(pledge, row.amount),
        recorded_by=say(Words(who, council=names[Side(row.side)])), state=say(state), tag=tag,
        note=row.note if with_note else "", answer_note=row.answer_note if with_note else "",
        acts=_acts(reading, row, facts) if facts is not None and is_last else [],
    )  # fmt: skip


def _state(pledge: Pledge, row: Delivery, names: dict[Side, str], *, is_last: bool) -> tuple[Words, str]:
    other = names[Side.LEAD if row.side == Side.COUNCIL else Side.COUNCIL]
    if not is_last:
        if row.counted:
            return Words(_("Corrected by a later entry; counts until that one does")), "offered"
        return Words(_("Corrected by a later entry")), "withdrawn"
    if row.answer == Answer.AGREED:
        return Words(_("Agreed by both sides")), "accepted"
    if row.answer == Answer.DISPUTED:
        lower = amount_words(pledge.kind, row.disputed_amount or 0, pledge.need.thing or "")
        return Words(
            _("Disputed: {council} says {amount}, and it counts at that"), council=other, amount=lower
        ), "declined"
    if row.counts_at is not None:
        return Words(_("Counts, not yet agreed")), "offered"
    day = uk_date(row.answer_due_on)
    return Words(_("Waits for {council} to agree. It counts after {day}"), council=other, day=day), "offered"


def _acts(reading: Reading, row: Delivery, facts: DeliveryFacts) -> list[tuple[str, str]]:
    acts = []
    if answers_open_to(reading, row, facts):
        acts.append((url_for("pledges.answer_delivery", delivery_id=row.id), gettext("Answer")))
    if policy.may_correct_delivery(reading.actor, facts):
        acts.append((url_for("pledges.correct", delivery_id=row.id), gettext("Correct")))
    return acts


def answers_open_to(reading: Reading, row: Delivery, facts: DeliveryFacts) -> tuple[Answer, ...]:
    """The answers this reader may still give to a delivery that no later entry corrects."""
    may: Sequence[tuple[Answer, bool]] = (
        (Answer.AGREED, row.answer != Answer.AGREED and bool(policy.may_agree_delivery(reading.actor, facts))),
        (
            Answer.DISPUTED,
            row.answer is None and row.amount > 0 and bool(policy.may_dispute_delivery(reading.actor, facts)),
        ),
    )
    return tuple(answer for answer, is_open in may if is_open)


def _not_come(reading: Reading, pledge: Pledge, facts: PledgeFacts) -> dict[str, Any] | None:
    """What the leads said has not come, and what its council answered."""
    row: NotCome | None = deliveries.not_come_of(reading, pledge.id)
    if row is None:
        return None
    may_answer = row.ended_at is None and bool(policy.may_answer_not_come(reading.actor, facts))
    return {
        "said_on": uk_date(row.said_at), "note": row.note, "answer": row.answer, "is_standing": row.ended_at is None,
        "due_on": uk_date(row.answer_due_on),
        "url": url_for("pledges.explain", pledge_id=pledge.id) if may_answer else "",
    }  # fmt: skip
