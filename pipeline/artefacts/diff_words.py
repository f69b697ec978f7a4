"""What became of the words of a block: which stayed, which were removed, which added.

Words are what white space separates, so that a changed word is shown as a changed word. Where some were replaced by
others, the marks around them and the address of a link are looked at apart from the words.
"""

from collections.abc import Sequence

from pipeline.artefacts.blocks import BlockKind
from pipeline.artefacts.comparison import Piece, PieceKind
from pipeline.artefacts.diff_runs import Effort, Run, Step, same_runs
from pipeline.artefacts.diff_wording import Said, cells_of, fine_tokens

MOST_LETTERS_LOOKED_AT = 2_000
"""Of a stretch that was replaced: beyond it the change is shown word by word only."""

SMALL_ISLAND = 1
"""So many words between two changes are shown as changed with them…"""

WIDE_CHANGE = 4
"""… if both changes are at least so many words: one replaced sentence reads better than shreds of two."""

_SAME, _REMOVED, _ADDED = PieceKind.SAME, PieceKind.REMOVED, PieceKind.ADDED
"""A member of an enumeration takes as long to find as the rest of what is done with it."""

_made_as = tuple.__new__
"""Makes a piece of its three values in half the time: a comparison has thousands."""


def pieces_of(old: Said, new: Said, effort: Effort, steps: list[Step] | None = None) -> tuple[Piece, ...]:
    """The pieces of a block that was changed. Their old texts joined are the old block, their new texts the new one.

    `steps` are those between its words, if they are known.
    """
    made = _Pieces()
    if old.made_of == new.made_of:
        made.same(old.marker, new.marker)
    else:
        made.replaced(old.marker, new.marker)
    if old.is_even and new.is_even:
        if steps is None or not _is_settled(steps, old.words, new.words):
            runs = _without_islands(same_runs(old.words, new.words, effort), old.words, new.words)
            steps = _steps_of(runs, len(old.words), len(new.words))
        (_put_plain if old.is_plain and new.is_plain else _put_even)(made, old, new, steps)
    elif old.block.kind is new.block.kind is BlockKind.ROW:
        _put_runs(made, old.tokens, new.tokens, _runs_by_cell(old.words, new.words, effort))
    else:
        runs = same_runs(old.words, new.words, effort)
        _put_runs(made, old.tokens, new.tokens, _without_islands(runs, old.words, new.words))
    made.same(old.tail, new.tail)
    return tuple(made.pieces)


def pieces_of_several(olds: Sequence[Said], news: Sequence[Said], effort: Effort) -> tuple[Piece, ...]:
    """The pieces of blocks that were split or joined: what stands between the blocks counts as white space."""
    made = _Pieces()
    old, new = _Strung(olds), _Strung(news)
    made.same(old.start, new.start)
    runs = same_runs(old.words, new.words, effort)
    _put_runs(made, old.tokens, new.tokens, _without_islands(runs, old.words, new.words))
    return tuple(made.pieces)


class _Strung:
    """Blocks one after the other, as one: words, and each with what stands between it and the next."""

    def __init__(self, blocks: Sequence[Said]) -> None:
        self.start = ""
        self.words: list[str] = []
        self.tokens: list[str] = []
        for said in blocks:
            self._go_on(said.marker)
            self.words += said.words
            self.tokens += said.tokens
            self._go_on(said.tail)

    def _go_on(self, text: str) -> None:
        if self.tokens:
            self.tokens[-1] += text
        else:
            self.start += text


class _Pieces:
    """Pieces as they come: what stays the same goes on, white space alone is never a change."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def same(self, old: str, new: str) -> None:
        last = self.pieces[-1] if self.pieces else None
        if old == new and last and last.kind is _SAME and last.was is None:
            self.pieces[-1] = Piece(_SAME, last.text + new)
        elif old or new:
            self.pieces.append(_made_as(Piece, (_SAME, new, None if old == new else old)))

    def replaced(self, old: str, new: str) -> None:
        if not old.strip() or not new.strip():
            self._instead_of_nothing(old, new)
        else:
            self.pieces += (Piece(_REMOVED, old), Piece(_ADDED, new))

    def _instead_of_nothing(self, old: str, new: str) -> None:
        """What was removed or added where the other side has white space at most."""
        if not old.strip() and not new.strip():
            self.same(old, new)
        elif old.strip():
            self.pieces.append(Piece(_REMOVED, old))
            self.same("", new)
        else:
            self.same(old, "")
            self.pieces.append(Piece(_ADDED, new))


def _runs_by_cell(old: list[str], new: list[str], effort: Effort) -> list[Run]:
    """The runs of a row, each cell compared with its own; of all words, where it has more or fewer cells now."""
    cells, others = cells_of(old), cells_of(new)
    if len(cells) != len(others):
        return same_runs(old, new, effort)
    runs = []
    for (start, end), (new_start, new_end) in zip(cells, others, strict=True):
        found = same_runs(old[start:end], new[new_start:new_end], effort)
        runs += [Run(start + run.old, new_start + run.new, run.size) for run in found]
        if end < len(old):
            runs.append(Run(end, new_end, 1))
    return runs


def _without_islands(runs: list[Run], old: Sequence[str], new: Sequence[str]) -> list[Run]:
    """The runs without single words that happen to stand in both of two long changes."""
    for run in runs:
        if run.size <= SMALL_ISLAND:
            break
    else:
        return runs
    kept: list[Run] = []
    at_old = at_new = 0
    for number, run in enumerate(runs):
        following = runs[number + 1] if number + 1 < len(runs) else Run(len(old), len(new), 0)
        before = min(run.old - at_old, run.new - at_new)
        after = min(following.old - run.old - run.size, following.new - run.new - run.size)
        if run.size > SMALL_ISLAND or before < WIDE_CHANGE or after < WIDE_CHANGE:
            kept.append(run)
            at_old, at_new = run.old + run.size, run.new + run.size
    return kept


def _put_runs(made: _Pieces, old: Sequence[str], new: Sequence[str], runs: list[Run]) -> None:
    at_old = at_new = 0
    for run in runs:
        if at_old < run.old or at_new < run.new:
            _put_change(made, "".join(old[at_old : run.old]), "".join(new[at_new : run.new]))
        at_old, at_new = run.old + run.size, run.new + run.size
        made.same("".join(old[run.old : at_old]), "".join(new[run.new : at_new]))
    _put_change(made, "".join(old[at_old:]), "".join(new[at_new:]))


def _put_plain(made: _Pieces, old: Said, new: Said, steps: list[Step]) -> None:
    """The steps between blocks on one line each, with one space between words: the words joined are the text."""
    old_words, new_words = old.words, new.words
    old_count, new_count = len(old_words), len(new_words)
    removed = added = ""
    pieces = made.pieces
    join = " ".join
    for tag, first, last, start, end in steps:
        if tag == "equal":
            if removed or added:
                _put_change(made, removed, added)
                removed = added = ""
            text = join(old_words[first:last])
            if last < old_count and end < new_count and not (pieces and pieces[-1].kind is _SAME):
                pieces.append(_made_as(Piece, (_SAME, text + " ", None)))
            else:
                made.same(text + (" " if last < old_count else old.end), text + (" " if end < new_count else new.end))
        elif tag == "delete":
            removed += join(old_words[first:last]) + (" " if last < old_count else old.end)
        else:
            added += join(new_words[start:end]) + (" " if end < new_count else new.end)
    if removed or added:
        _put_change(made, removed, added)


def _put_even(made: _Pieces, old: Said, new: Said, steps: list[Step]) -> None:
    """The same for blocks with one white space between words: where a word stands follows from the lengths before."""
    old_words, new_words, old_body, new_body = old.words, new.words, old.body, new.body
    old_at = new_at = 0
    removed = added = ""
    for tag, first, last, start, end in steps:
        if tag == "delete":
            old_to = _end_of(old_words, old_body, old_at, first, last)
            removed, old_at = removed + old_body[old_at:old_to], old_to
        elif tag == "insert":
            new_to = _end_of(new_words, new_body, new_at, start, end)
            added, new_at = added + new_body[new_at:new_to], new_to
        else:
            if removed or added:
                _put_change(made, removed, added)
                removed = added = ""
            old_to = _end_of(old_words, old_body, old_at, first, last)
            new_to = (
                new_at + old_to - old_at
                if last < len(old_words) and end < len(new_words)
                else (_end_of(new_words, new_body, new_at, start, end))
            )
            made.same(old_body[old_at:old_to], new_body[new_at:new_to])
            old_at, new_at = old_to, new_to
    if removed or added:
        _put_change(made, removed, added)


def _end_of(words: list[str], body: str, at: int, first: int, last: int) -> int:
    """Where a stretch of words ends that starts at a letter, the white space after it included."""
    return at + sum(map(len, words[first:last])) + last - first if last < len(words) else len(body)


def _is_settled(steps: list[Step], old: list[str], new: list[str]) -> bool:
    """Whether the steps may be shown: no single word stands between two long changes, and what is equal is the same."""
    for number, (tag, first, last, start, end) in enumerate(steps):
        if tag != "equal":
            continue
        if old[first:last] != new[start:end]:
            return False
        if last - first <= SMALL_ISLAND and number and number + 1 < len(steps):
            before, after = steps[number - 1], steps[number + 1]
            if (
                max(before[2] - before[1], before[4] - before[3])
                >= WIDE_CHANGE
                <= max(after[2] - after[1], after[4] - after[3])
            ):
                return False
    return True


def _steps_of(runs: list[Run], old: int, new: int) -> list[Step]:
    """The steps between sequences of so many words that have these runs in common."""
    steps: list[Step] = []
    at_old = at_new = 0
    for run in [*runs, Run(old, new, 0)]:
        if at_old < run.old:
            steps.append(("delete", at_old, run.old, at_new, at_new))
        if at_new < run.new:
            steps.append(("insert", run.old, run.old, at_new, run.new))
        at_old, at_new = run.old + run.size, run.new + run.size
        if run.size:
            steps.append(("equal", run.old, at_old, run.new, at_new))
    return steps


def _put_change(made: _Pieces, old: str, new: str) -> None:
    """What replaced what; marks that stand at the edge of both, and words between marks that changed, are the same."""
    if not old or not new or (_is_plain(old) and _is_plain(new)) or len(old) + len(new) > MOST_LETTERS_LOOKED_AT:
        if old:
            made.pieces.append(_made_as(Piece, (_REMOVED, old, None)))
        if new:
            made.pieces.append(_made_as(Piece, (_ADDED, new, None)))
        return
    olds, news = fine_tokens(old), fine_tokens(new)
    words, others = [token.rstrip() for token in olds], [token.rstrip() for token in news]
    at_old = at_new = 0
    for run in same_runs(words, others, Effort()):
        at_edge = run.old == run.new == 0 or (run.old + run.size == len(olds) and run.new + run.size == len(news))
        if not at_edge and not any(word[-1:].isalnum() for word in words[run.old : run.old + run.size]):
            continue
        made.replaced("".join(olds[at_old : run.old]), "".join(news[at_new : run.new]))
        at_old, at_new = run.old + run.size, run.new + run.size
        made.same("".join(olds[run.old : at_old]), "".join(news[run.new : at_new]))
    made.replaced("".join(olds[at_old:]), "".join(news[at_new:]))


def _is_plain(text: str) -> bool:
    """Whether a text is words and single spaces only, which leaves nothing to cut further."""
    return text[:-1].isalpha() or text.replace(" ", "").isalpha()
