"""Which blocks of an old text became which of a new one.

First what says the same, in order; then what was carried elsewhere whole; then, between the blocks that stayed, those
that are alike; then what was split or joined; and last what was carried elsewhere and edited on the way.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel

from pipeline.artefacts.blocks import BlockKind
from pipeline.artefacts.comparison import Piece
from pipeline.artefacts.diff_runs import CALL, COUNTED, Effort, Step, increasing, same_runs, steps_between
from pipeline.artefacts.diff_wording import Said
from pipeline.artefacts.diff_words import pieces_of

ALIKE = 0.4
"""Blocks with so large a part of their words in common, in order, are one block that was changed."""

SURELY_ALIKE = 0.6
MOVED_ALIKE = 0.6
SHORT = 4
"""Words of a block so short that its letters are looked at as well."""

SHORT_LETTERS = 100
LETTERS_ALIKE = 0.7
MOST_PAIRS = 900
"""Up to 30 blocks against 30 each is held beside each; beyond it only those that share a rare turn of phrase."""

MOST_WORDS_INDEXED = 150_000
WORDS_OF_A_MOVE = 4
WORDS_OF_A_SURE_MOVE = 8
HALF = 0.5
CONTAINED = 0.7
"""The part of a block's words that another must hold, for the one to be a piece of the other."""

PLAIN = {BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE}
"""What may be split into, and joined from, each other."""

ALONE = {BlockKind.ROW, BlockKind.CODE, BlockKind.RULE, BlockKind.FRONT_MATTER, BlockKind.BLANK}
"""What only becomes what it was."""


class Group(NamedTuple):
    """Blocks that belong together (1 and 1, 1 and n, n and 1): from and to in the old text, from and to in the new."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int


@dataclass(slots=True)
class Alignment:
    """Groups in the order of both texts, and pairs of blocks (old, new) that stand elsewhere now.

    `pieces` are those of groups of one and one that were looked at word by word on the way.
    """

    groups: list[Group] = field(default_factory=list)
    moves: dict[int, int] = field(default_factory=dict)
    pieces: dict[tuple[int, int], tuple[Piece, ...]] = field(default_factory=dict)


def align(old: Sequence[Said], new: Sequence[Said], effort: Effort) -> Alignment:
    """Find which blocks belong together. A block that is in no group and no move was removed, or added."""
    return _Aligner(old, new, effort).align()


class _Aligner:
    """Holds both texts, and what is free in each: not yet found on the other side."""

    def __init__(self, old: Sequence[Said], new: Sequence[Said], effort: Effort) -> None:
        self.old = old
        self.new = new
        self.effort = effort
        self.old_is_free = bytearray(b"\1" * len(old))
        self.new_is_free = bytearray(b"\1" * len(new))
        self.pairs: list[tuple[int, int]] = []
        self.groups: list[Group] = []
        self.moves: dict[int, int] = {}
        self.pieces: dict[tuple[int, int], tuple[Piece, ...]] = {}
        self.steps: list[Step] = []

    def align(self) -> Alignment:
        runs = same_runs([said.key for said in self.old], [said.key for said in self.new], self.effort)
        for run in runs:
            for place in range(run.size):
                self._pair(run.old + place, run.new + place)
        self._move_whole(WORDS_OF_A_SURE_MOVE)
        for olds, news in list(self._gaps()):
            self._fill(olds, news)
        self.pairs.sort()
        self.groups = [Group(i, i + 1, j, j + 1) for i, j in self.pairs]
        if 1 in self.old_is_free or 1 in self.new_is_free:
            self._take_in_parts()
            for olds, news in list(self._gaps()):
                self._take_contained(olds, news)
            self._move_whole(WORDS_OF_A_MOVE)
            self._move_edited()
        return Alignment(sorted(self.groups), self.moves, self.pieces)

    def _pair(self, i: int, j: int) -> None:
        self.pairs.append((i, j))
        self.old_is_free[i] = self.new_is_free[j] = 0

    def _move(self, i: int, j: int) -> None:
        self.moves[i] = j
        self.old_is_free[i] = self.new_is_free[j] = 0

    def _free(self) -> tuple[list[int], list[int]]:
        """What is free in either text."""
        return (
            [place for place, is_free in enumerate(self.old_is_free) if is_free],
            [place for place, is_free in enumerate(self.new_is_free) if is_free],
        )

    def _gaps(self) -> Iterator[tuple[list[int], list[int]]]:
        """What is free on both sides between two pairs that follow each other."""
        i = j = 0
        for next_i, next_j in [*self.pairs, (len(self.old), len(self.new))]:
            if i < next_i and j < next_j:
                olds = [place for place in range(i, next_i) if self.old_is_free[place]]
                news = [place for place in range(j, next_j) if self.new_is_free[place]]
                if olds and news:
                    yield olds, news
            i, j = next_i + 1, next_j + 1

    # How alike two blocks are

    def _alike(self, i: int, j: int, *, keep: bool = False) -> float:
        """The part of their words that two blocks have in common, in order: from 0 to 1, and 0 if it is too little.

        `keep` is for two that are likely to be a pair: the steps between their words are wanted again.
        """
        old, new = self.old[i], self.new[j]
        if not _may_become(old.block.kind, new.block.kind):
            return 0
        olds, news = old.words, new.words
        total, least = len(olds) + len(news), min(len(olds), len(news))
        if not least or not self.effort.spends(CALL):
            return 0
        if total - least <= SHORT and (letters := _letters_alike(old.body, new.body)) >= LETTERS_ALIKE:
            return letters
        if 2 * least < ALIKE * total:
            return 0
        if not self.effort.allows(total - least, least):
            if not self.effort.spends(COUNTED * total):
                return 0
            found = 2 * (Counter(olds) & Counter(news)).total() / total
        elif keep:
            self.steps = steps_between(olds, news)
            found = 2 * sum([last - first for tag, first, last, _, _ in self.steps if tag == "equal"]) / total
        else:
            found = Indel.normalized_similarity(olds, news)
        return found if found >= ALIKE else 0

    # Blocks that stayed and were changed

    def _fill(self, olds: list[int], news: list[int]) -> None:
        """Pair what is alike in a gap: from its start and its end as long as it is plain, and then what is between."""
        start = 0
        while start < min(len(olds), len(news)) and self._takes(olds, news, start, start + 1):
            start += 1
        olds, news = olds[start:], news[start:]
        while olds and news and self._takes(olds, news, -1, -2):
            olds.pop()
            news.pop()
        if len(olds) * len(news) > MOST_PAIRS:
            self._fill_by_phrases(olds, news)
        elif olds and news:
            self._fill_best(olds, news)

    def _takes(self, olds: list[int], news: list[int], end: int, beside: int) -> bool:
        """Pair the blocks at one end of a gap, if they are each other's and neither is more like the other's neighbour.

        Their words are looked at here and forgotten: a long text is gone through once.
        """
        i, j = olds[end], news[end]
        self.steps = []
        found = self._alike(i, j, keep=True)
        steps = self.steps
        if found < SURELY_ALIKE:
            return False
        if len(olds) != len(news):
            if -len(olds) <= beside < len(olds) and self._alike(olds[beside], j) > found:
                return False
            if -len(news) <= beside < len(news) and self._alike(i, news[beside]) > found:
                return False
        self._pair(i, j)
        if steps:
            self.pieces[i, j] = pieces_of(self.old[i], self.new[j], self.effort, steps)
            self.old[i].forget_words()
            self.new[j].forget_words()
        return True

    def _fill_best(self, olds: list[int], news: list[int]) -> None:
        """Pair so that as many words as can be stay, every block held beside every other."""
        gains = [[self._gain(i, j) for j in news] for i in olds]
        best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
        for i in reversed(range(len(olds))):
            for j in reversed(range(len(news))):
                paired = gains[i][j] + best[i + 1][j + 1] if gains[i][j] else 0
                best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
        i = j = 0
        while i < len(olds) and j < len(news):
            if best[i][j] == best[i + 1][j]:
                i += 1
            elif best[i][j] == best[i][j + 1]:
                j += 1
            else:
                self._pair(olds[i], news[j])
                i, j = i + 1, j + 1

    def _gain(self, i: int, j: int) -> float:
        return self._alike(i, j) * (len(self.old[i].words) + len(self.new[j].words))

    def _fill_by_phrases(self, olds: list[int], news: list[int]) -> None:
        """Pair what shares rare turns of phrase, and in the smaller gaps between those whatever is alike."""
        likely: dict[int, int] = {}
        for i, j in self._sharing_phrases(olds, news):
            if i not in likely and self._alike(i, j):
                likely[i] = j
        both = [(i, likely[i]) for i in olds if i in likely]
        kept = [both[number] for number in increasing([j for _, j in both])]
        for i, j in kept:
            self._pair(i, j)
        for some, others in _between(olds, news, kept):
            if len(some) * len(others) > MOST_PAIRS:
                self.effort.is_coarse = True
            else:
                self._fill_best(some, others)

    def _sharing_phrases(self, olds: list[int], news: list[int]) -> list[tuple[int, int]]:
        """Pairs of blocks that share turns of phrase that stand once on either side, those that share most first."""
        words = sum(len(self.old[i].words) for i in olds) + sum(len(self.new[j].words) for j in news)
        if words > MOST_WORDS_INDEXED:
            self.effort.is_coarse = True
            return []
        in_old, in_new = _phrases(self.old, olds), _phrases(self.new, news)
        votes = Counter((i, in_new[phrase]) for phrase, i in in_old.items() if phrase in in_new)
        return sorted(votes, key=lambda pair: (-votes[pair], pair))

    # Blocks that were split or joined

    def _take_in_parts(self) -> None:
        """Let a changed pair take in the free neighbours that hold what is missing on the other side."""
        for number, group in enumerate(self.groups):
            i, j = group.old_from, group.new_from
            old, new = self.old[i], self.new[j]
            if old.key == new.key or old.block.kind not in PLAIN or new.block.kind not in PLAIN:
                continue
            start, end = self._grown(old, self.new, j, self.new_is_free)
            if end - start > 1:
                self.groups[number] = Group(i, i + 1, start, end)
            else:
                start, end = self._grown(new, self.old, i, self.old_is_free)
                self.groups[number] = Group(start, end, j, j + 1)

    def _grown(self, whole: Said, parts: Sequence[Said], at: int, is_free: bytearray) -> tuple[int, int]:
        """From where to where the parts of a whole go, if one of them stands at a place; they are free no longer."""
        start, end = at, at + 1
        if not (end < len(parts) and is_free[end]) and not (start and is_free[start - 1]):
            return start, end
        words = parts[at].words
        while end < len(parts) and is_free[end]:
            more = words + parts[end].words
            if not self._adds(whole, words, parts[end], more):
                break
            is_free[end] = 0
            end, words = end + 1, more
        while start and is_free[start - 1]:
            more = parts[start - 1].words + words
            if not self._adds(whole, words, parts[start - 1], more):
                break
            start, words = start - 1, more
            is_free[start] = 0
        return start, end

    def _adds(self, whole: Said, words: list[str], part: Said, more: list[str]) -> bool:
        """Whether most of a part's words stand in the whole, besides those that are found there already."""
        size = len(part.words)
        if part.block.kind not in PLAIN or size < 2 or not self.effort.allows(len(whole.words), 2 * len(more)):
            return False
        before = Indel.similarity(whole.words, words) // 2
        if len(whole.words) - before < HALF * size:
            return False
        return Indel.similarity(whole.words, more) // 2 - before > HALF * size

    def _take_contained(self, olds: list[int], news: list[int]) -> None:
        """Group what is still free in a gap and stands in a row, if one block on the other side is made of it."""
        if len(olds) * len(news) > MOST_PAIRS:
            return
        for i in olds:
            if span := self._made_of(self.old[i], self.new, news, self.new_is_free):
                self.groups.append(Group(i, i + 1, *span))
                self.old_is_free[i] = 0
                return
        for j in news:
            if span := self._made_of(self.new[j], self.old, olds, self.old_is_free):
                self.groups.append(Group(*span, j, j + 1))
                self.new_is_free[j] = 0
                return

    def _made_of(
        self, whole: Said, parts: Sequence[Said], places: list[int], is_free: bytearray
    ) -> tuple[int, int] | None:
        """The row of free parts that a whole is made of, from and to, or None; they are free no longer."""
        held = [place for place in places if is_free[place] and self._holds(whole, parts[place])]
        start = 0
        for end in range(1, len(held) + 1):
            if end < len(held) and held[end] == held[end - 1] + 1:
                continue
            words = [word for place in held[start:end] for word in parts[place].words]
            if end - start > 1 and Indel.normalized_similarity(whole.words, words) >= SURELY_ALIKE:
                is_free[held[start] : held[end - 1] + 1] = bytes(end - start)
                return held[start], held[end - 1] + 1
            start = end
        return None

    def _holds(self, whole: Said, part: Said) -> bool:
        size = len(part.words)
        if {whole.block.kind, part.block.kind} - PLAIN or not 1 < size < len(whole.words):
            return False
        if not self.effort.allows(len(whole.words), size):
            return False
        return Indel.similarity(whole.words, part.words) // 2 >= CONTAINED * size

    # Blocks that stand elsewhere now

    def _move_whole(self, least: int) -> None:
        """Find what was carried elsewhere as it was: blocks of so many words, headings, and what goes with them."""
        olds, news = self._free()
        if not olds or not news:
            return
        by_key: dict[str, list[int]] = {}
        for i in reversed(olds):
            by_key.setdefault(self.old[i].key, []).append(i)
        for j in news:
            places = by_key.get(self.new[j].key)
            if places and _is_worth_following(self.new[j], least):
                self._move(places.pop(), j)
        for i, j in list(self.moves.items()):
            self._move_with(i + 1, j + 1)

    def _move_with(self, i: int, j: int) -> None:
        """Small blocks right after one that was carried elsewhere, if they say the same, went with it."""
        while (
            i < len(self.old) and j < len(self.new) and self.old_is_free[i] and self.new_is_free[j]
            and self.old[i].key == self.new[j].key and self.old[i].block.kind is not BlockKind.BLANK
        ):  # fmt: skip
            self._move(i, j)
            i, j = i + 1, j + 1

    def _move_edited(self) -> None:
        """Find what was carried elsewhere and changed a little."""
        olds, news = self._free()
        if not olds or not news:
            return
        for i, j in self._sharing_phrases(olds, news):
            if (
                self.old_is_free[i] and self.new_is_free[j]
                and min(len(self.old[i].words), len(self.new[j].words)) >= WORDS_OF_A_MOVE
                and self._alike(i, j) >= MOVED_ALIKE
            ):  # fmt: skip
                self._move(i, j)


def _may_become(old: BlockKind, new: BlockKind) -> bool:
    return old is new or not (old in ALONE or new in ALONE)


def _letters_alike(old: str, new: str) -> float:
    """The part of their letters that two short lines have in common; 0 for longer ones."""
    return Indel.normalized_similarity(old, new) if max(len(old), len(new)) <= SHORT_LETTERS else 0


def _is_worth_following(said: Said, least: int) -> bool:
    """Whether a block is long enough, or marked enough, that its like elsewhere is no accident."""
    words = said.words
    if said.block.kind is BlockKind.ROW:
        words = [word for word in words if word.strip("|:-")]
    return len(words) >= (1 if said.block.kind is BlockKind.HEADING and least < WORDS_OF_A_SURE_MOVE else least)


def _phrases(text: Sequence[Said], places: list[int]) -> dict[tuple[str, str], int]:
    """Where each pair of neighbouring words stands, if it stands in one of these blocks only."""
    seen: dict[tuple[str, str], int] = {}
    for place in places:
        for phrase in pairwise(text[place].words):
            if seen.setdefault(phrase, place) != place:
                seen[phrase] = -1
    return {phrase: place for phrase, place in seen.items() if place >= 0}


def _between(olds: list[int], news: list[int], pairs: list[tuple[int, int]]) -> Iterator[tuple[list[int], list[int]]]:
    """What stands before, between and after pairs, where there is something on both sides."""
    at_old = at_new = 0
    for i, j in [*pairs, (-1, -1)]:
        old_end = olds.index(i, at_old) if i >= 0 else len(olds)
        new_end = news.index(j, at_new) if j >= 0 else len(news)
        if at_old < old_end and at_new < new_end:
            yield olds[at_old:old_end], news[at_new:new_end]
        at_old, at_new = old_end + 1, new_end + 1
