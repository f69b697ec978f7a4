"""The verbs of spare capacity: listed, changed and ended, never deleted."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from pipeline.db.work import UnitOfWork
from pipeline.kernel.clock import uk_date
from pipeline.kernel.errors import Conflict
from pipeline.kernel.event import as_json
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words, _
from pipeline.projects.actions.keeping import acting, check_no_addresses, check_version
from pipeline.spare_capacity import policy, queries, rules, succeeding  # noqa: F401 (succeeding signs up below)
from pipeline.spare_capacity.events import SpareCapacityChanged, SpareCapacityEnded, SpareCapacityListed
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.spare_capacity.rules import MOST_LISTED, Spare

TEXTS = ("thing", "note")


def list_spare_capacity(work: UnitOfWork, *, spare: Spare) -> SpareCapacity:
    """Say what one's council could give. Officers of other councils read it; nothing is promised.

    Raises NotAllowed, RuleBroken (spare_capacity.*, text.holds_address), Conflict (spare_capacity.too_many).
    """
    work.require(policy.may_list_spare_capacity(work.actor))
    officer_id, council_id = acting(work)
    _check(work, spare)
    if queries.number_listed_by(work, council_id) >= MOST_LISTED:
        words = Words(_("Your council lists {n} already. End one of them first."), n=MOST_LISTED)
        raise Conflict("spare_capacity.too_many", words, ("end",))
    row = work.add(
        SpareCapacity(
            id=new_id(), council_id=council_id, officer_id=officer_id, listed_at=work.now, changed_at=work.now,
            **_columns(spare),
        )
    )  # fmt: skip
    work.record(
        SpareCapacityListed(
            spare_capacity_id=row.id, kind=spare.kind.value, profession=spare.profession, amount=spare.amount,
            from_on=spare.from_on, to_on=spare.to_on,
        )
    )  # fmt: skip
    return row


def change_spare_capacity(work: UnitOfWork, *, spare_capacity_id: UUID, version: int, spare: Spare) -> SpareCapacity:
    """Put right what one's council could give. Raises NotFound, NotAllowed, RuleBroken (spare_capacity.*,
    text.holds_address), Conflict (spare_capacity.ended, spare_capacity.changed_meanwhile)."""
    row = _standing(work, spare_capacity_id)
    check_version(row, version, "spare_capacity")
    _check(work, spare)
    changes = {name: [getattr(row, name), value] for name, value in _columns(spare).items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if not changes:
        return row
    for name, (_old, new) in changes.items():
        setattr(row, name, new)
    row.changed_at = work.now
    row.edited()
    said: dict[str, Any] = {name: None if name in TEXTS else as_json(pair) for name, pair in changes.items()}
    work.record(SpareCapacityChanged(spare_capacity_id=row.id, changes=said))
    return row


def end_spare_capacity(work: UnitOfWork, *, spare_capacity_id: UUID) -> SpareCapacity:
    """Say that one's council can no longer give it. Raises NotFound, NotAllowed, Conflict (spare_capacity.ended)."""
    row = _standing(work, spare_capacity_id)
    row.ended_at = row.changed_at = work.now
    row.edited()
    work.record(SpareCapacityEnded(spare_capacity_id=row.id))
    return row


def _standing(work: UnitOfWork, spare_capacity_id: UUID) -> SpareCapacity:
    row = queries.spare_capacity_seen_by(work, spare_capacity_id, lock=True)
    work.require(policy.may_change_spare_capacity(work.actor, row.council_id))
    if row.ended_at is not None:
        raise Conflict("spare_capacity.ended", Words(_("This has ended. List it anew instead.")), ("list",))
    return row


def _check(work: UnitOfWork, spare: Spare) -> None:
    rules.check_spare(spare, uk_date(work.now))
    check_no_addresses(work, {name: getattr(spare, name) or "" for name in TEXTS})


def _columns(spare: Spare) -> dict[str, Any]:
    values = {one.name: getattr(spare, one.name) for one in fields(spare)}
    return values | {"kind": spare.kind.value, "thing": spare.thing or None, "profession": spare.profession or None}
