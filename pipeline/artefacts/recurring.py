"""Local changes that recur across the adapted copies of a document: what several councils changed alike perhaps belongs
in the original. Pure; it takes time in proportion to the copies."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from pipeline.artefacts.alignment import changed_ranges
from pipeline.artefacts.blocks import Block, BlockKind, blocks_of, hash_of

BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class CopyTexts:
    """An adapted copy: whose it is, the text of its base, and what it says now."""

    council_id: UUID
    base: str
    text: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """A change that several councils made alike: what the base says, what their copies say, and whose copies.

    `before` is empty where they added something, which then comes after the paragraph `follows` (empty at the top);
    `after` is empty where they took it out. Texts are as the first copy has them; white space makes no difference.
    """

    before: str
    after: str
    follows: str
    council_ids: tuple[UUID, ...]

    @property
    def key(self) -> str:
        """What names this change, whoever made it: 16 hexadecimal digits."""
        return hash_of("\0".join(" ".join(part.split()) for part in (self.before, self.after, self.follows)))[:16]


@dataclass(slots=True)
class _Found:
    before: str
    after: str
    follows: str
    council_ids: set[UUID] = field(default_factory=set)


def recurring(copies: Iterable[CopyTexts], *, least: int = 2) -> tuple[Recurring, ...]:
    """The changes that at least so many councils made alike, those of most councils first."""
    found: dict[tuple[str, str, str], _Found] = {}
    for copy in copies:
        for before, after, follows in _changes(copy):
            key = (_words(before), _words(after), _words(follows))
            found.setdefault(key, _Found(before, after, follows)).council_ids.add(copy.council_id)
    many = [one for one in found.values() if len(one.council_ids) >= least]
    many.sort(key=lambda one: (-len(one.council_ids), one.before, one.after))
    return tuple(Recurring(one.before, one.after, one.follows, tuple(sorted(one.council_ids))) for one in many)


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
