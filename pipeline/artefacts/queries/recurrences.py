"""Local changes that recur across the copies of a document, as the worker last found them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from pipeline.artefacts.models import KeptRecurrence
from pipeline.artefacts.recurring import Recurring
from pipeline.councils.models import Council
from pipeline.db.work import Reading

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SaidNearly:
    """What some councils say in nearly the same words."""

    after: str
    councils: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A paragraph that several councils changed alike in their copies: what it was, what it is there, and whose.

    `key` names the change. `before` is empty where they added a paragraph, `after` where they took one out. `number`
    counts all of them and `exactly` those who say just this; the others stand in `variants`, and of further wordings
    `more_variants` says how many there are.
    """

    key: str
    before: str
    after: str
    councils: tuple[str, ...]
    number: int
    exactly: int
    variants: tuple[SaidNearly, ...]
    more_variants: int


def recurrences_of(reading: Reading, artefact_id: UUID) -> list[Recurrence]:
    """What recurs in the copies of a document the viewer has been found to keep, the most frequent first."""
    kept = reading.session.get(KeptRecurrence, artefact_id)
    changes = kept.content.get("changes", [])[:MOST_SHOWN] if kept is not None else []
    ids = {UUID(one) for change in changes for one in change["council_ids"]}
    names: dict[str, str] = {}
    if ids:
        rows = reading.session.execute(select(Council.id, Council.short_name).where(Council.id.in_(ids)))
        names = {str(row.id): row.short_name for row in rows}

    def named(council_ids: list[str]) -> tuple[str, ...]:
        return tuple(sorted(names[one] for one in council_ids if one in names))

    return [
        Recurrence(
            change["key"], change["before"], change["after"], named(change["council_ids"]), change["number"],
            change["exactly"],
            tuple(SaidNearly(one["after"], named(one["council_ids"])) for one in change["variants"]),
            change["more_variants"],
        )
        for change in changes
    ]  # fmt: skip


def recurrence_kept(reading: Reading, artefact_id: UUID, key: str) -> Recurring | None:
    """The change with a key among those kept for a document the viewer has been found to keep."""
    kept = reading.session.get(KeptRecurrence, artefact_id)
    for change in kept.content.get("changes", []) if kept is not None else ():
        if change["key"] == key:
            councils = tuple(UUID(one) for one in change["council_ids"])
            return Recurring(change["before"], change["after"], change["follows"], councils)
    return None
