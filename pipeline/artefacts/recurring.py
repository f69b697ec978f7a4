"""Local changes that recur across the adapted copies of a document: what several councils changed alike perhaps belongs
in the original. Pure; the order of the copies makes no difference, and it takes time in proportion to them.

Changes of one place that say the same are one wording. Wordings of a place are nearly alike when `ALIKE` of what they
take out and of what they put in is the same (`likeness.py`). They stand under the wording most councils chose: the most
frequent one leads, and each of the others joins the first leader it is like, or leads itself. So every variant is like
the text it stands under; there are no chains whose ends have nothing in common.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from pipeline.artefacts.alignment import changed_ranges
from pipeline.artefacts.blocks import Block, BlockKind, blocks_of, hash_of
from pipeline.artefacts.likeness import ALIKE, Change, change_of, likeness

BETWEEN = "\n\n"
MOST_LEADERS = 40
"""With so many wordings of one place others are compared; whoever is like none of them stands alone."""
MOST_COMPARED = 200_000
"""Comparisons of wordings in one document, about two seconds; the places most councils changed are looked at first."""


@dataclass(frozen=True, slots=True)
class CopyTexts:
    """An adapted copy: whose it is, the text of its base, and what it says now."""

    council_id: UUID
    base: str
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    """What some councils say in nearly the same words, and which."""

    after: str
    council_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Recurring:
    """A change that several councils made alike: what the base says, what most of their copies say, and whose copies.

    `before` is empty where they added something, which then comes after the paragraph `follows` (empty at the top);
    `after` is empty where they took it out. `council_ids` are all of them; so many say `exactly` this,
    and `variants` hold what the others say in nearly the same words, the most frequent first. White space makes no
    difference.
    """

    before: str
    after: str
    follows: str
    council_ids: tuple[UUID, ...]
    variants: tuple[Variant, ...] = ()
    exactly: int = 0

    @property
    def key(self) -> str:
        """What names this change, whoever made it: 16 hexadecimal digits."""
        return hash_of("\0".join(_words(part) for part in (self.before, self.after, self.follows)))[:16]


@dataclass(slots=True)
class _Wording:
    """One way in which a place was changed. Of texts that differ in white space the greatest is shown:
    a space is greater than a line feed."""

    after: str
    council_ids: set[UUID] = field(default_factory=set)
    variants: list["_Wording"] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """A place of the base that copies changed: what stands there, and the wordings by their words."""

    before: str
    follows: str
    wordings: dict[str, _Wording] = field(default_factory=dict)

    @property
    def council_ids(self) -> set[UUID]:
        return {one for wording in self.wordings.values() for one in wording.council_ids}


def recurring(copies: Iterable[CopyTexts], *, least: int = 2) -> tuple[Recurring, ...]:
    """The changes that at least so many councils made alike, or nearly, those of most councils first."""
    places: dict[tuple[str, str], _Place] = {}
    for copy in copies:
        for before, after, follows in _changes(copy):
            place = places.setdefault((_words(before), _words(follows)), _Place(before, follows))
            place.before, place.follows = max(place.before, before), max(place.follows, follows)
            wording = place.wordings.setdefault(_words(after), _Wording(after))
            wording.after = max(wording.after, after)
            wording.council_ids.add(copy.council_id)
    many = [(len(place.council_ids), key, place) for key, place in places.items()]
    left, found = MOST_COMPARED, []
    for number, _key, place in sorted(many, key=lambda one: (-one[0], one[1])):
        if number < least:
            break
        groups, looked_at = _groups(place, left)
        left -= looked_at
        found += [_recurring(place, group) for group in groups]
    found = [one for one in found if len(one.council_ids) >= least]
    return tuple(sorted(found, key=lambda one: (-len(one.council_ids), one.before, one.after, one.follows)))


def _recurring(place: _Place, leader: _Wording) -> Recurring:
    variants = tuple(Variant(one.after, tuple(sorted(one.council_ids))) for one in leader.variants)
    everybody = leader.council_ids.union(*(one.council_ids for one in leader.variants))
    return Recurring(
        place.before, leader.after, place.follows, tuple(sorted(everybody)), variants, len(leader.council_ids)
    )


def _groups(place: _Place, left: int) -> tuple[list[_Wording], int]:
    """The leaders among the wordings of a place, each with those that are like it; and how many were compared."""
    ordered = sorted(place.wordings.items(), key=lambda one: (-len(one[1].council_ids), one[0]))
    before, looked_at = _words(place.before), 0
    leaders: list[tuple[_Wording, Change | None]] = []
    for words, wording in ordered:
        change = change_of(before, words) if len(ordered) > 1 and looked_at < left else None
        leader = None
        if change is not None:
            against = leaders[:MOST_LEADERS]
            looked_at += len(against)
            leader = next((one for one, other in against if other and likeness(change, other) >= ALIKE), None)
        if leader is not None:
            leader.variants.append(wording)
        else:
            leaders.append((wording, change))
    return [one for one, _change in leaders], looked_at


def _changes(copy: CopyTexts) -> Iterable[tuple[str, str, str]]:
    """What a copy changed: paragraph by paragraph where as many stand in place of as many, else all of a place."""
    base, text = _blocks(copy.base), _blocks(copy.text)
    numbers: dict[str, int] = {}
    olds, news = ([numbers.setdefault(block.words, len(numbers)) for block in one] for one in (base, text))
    for edit in changed_ranges(olds, news):
        was, now = base[edit.lo : edit.hi], text[edit.start : edit.end]
        follows = "" if was or not edit.lo else base[edit.lo - 1].source.strip()
        if len(was) == len(now):
            yield from ((old.source.strip(), new.source.strip(), "") for old, new in zip(was, now, strict=True))
        else:
            yield _joined(was), _joined(now), follows


def _blocks(text: str) -> list[Block]:
    return [block for block in blocks_of(text) if block.kind is not BlockKind.BLANK]


def _joined(blocks: list[Block]) -> str:
    return BETWEEN.join(block.source.strip() for block in blocks)


def _words(text: str) -> str:
    return " ".join(text.split())


def with_change(text: str, change: Recurring) -> str | None:
    """A text with a recurring change made in it; None where it does not say what the change starts from."""
    blocks = blocks_of(text)
    spans = [
        (first, last)
        for first in range(len(blocks))
        for last in (_end_of(blocks, first, change.before or change.follows),)
        if last
    ]
    if not change.before and not change.follows:
        return f"{change.after}{BETWEEN}{text}"
    if len(spans) != 1:
        return None
    ((first, last),) = spans
    kept = "".join(block.source for block in blocks[:first]), "".join(block.source for block in blocks[last:])
    old = "".join(block.source for block in blocks[first:last])
    gap = old[len(old.rstrip()) :] or "\n"
    new = change.after if change.before else f"{old.rstrip()}{BETWEEN}{change.after}"
    return kept[0] + (new + gap if new else "") + kept[1]


def _end_of(blocks: list[Block], first: int, wanted: str) -> int:
    """Where the blocks that say what is wanted, from `first` on, end; 0 where they say something else."""
    words, said = _words(wanted), ""
    for last in range(first, len(blocks)):
        said = f"{said} {blocks[last].words}".strip()
        if said == words:
            return last + 1
        if not words.startswith(said):
            return 0
    return 0
