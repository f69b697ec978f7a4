"""Checklists: which parts of a text are its points, what became of each point in a newer text, and how answers follow.

**What a point is.** The first of these that a text holds: items of a list with a box (`- [ ] …`); headings with a
number, at the highest level that has two of them (`## 1. …`, `## Point 1: …`); numbered items of a list; other items.
Only items at the outer level of a list are points, so that what is indented under one explains it, as all other text
does.

**Ids last.** A point that says the same keeps its id wherever it stands; its number and marks are not part of what it
says. Of the rest, two that are most like each other, and not just as like another, are one point reworded. An id is
made of the words a point was born with, so the same texts give the same ids.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz

from pipeline.artefacts.blocks import Block, BlockKind, blocks_of
from pipeline.artefacts.rules import MOST_POINTS, PointAnswer, PointStanding
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _

ALIKE = 65
"""How alike, of 100, the words of two points have to be to be one point reworded."""

MOST_COMPARED = 400
"""Characters of a point that are looked at to say how alike two are: hostile text stays quick."""

LONGEST_NOTE = 1_000
"""Characters of the note beside an answer."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a version of a checklist: an id that lasts across versions, what it says in plain words, and what
    became of it since the version before."""

    id: str
    text: str
    standing: PointStanding = PointStanding.NEW

    def as_json(self) -> dict[str, str]:
        """The point as a version keeps it in `points`."""
        return {"id": self.id, "text": self.text, "standing": self.standing.value}


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a text, in its order, and those of the version before that are gone."""

    points: tuple[Point, ...]
    dropped: tuple[Point, ...] = ()

    def as_json(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What a version keeps: `points` and `dropped_points`."""
        return [dict(one.as_json()) for one in self.points], [dict(one.as_json()) for one in self.dropped]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a council says to a point; no answer while there is a note alone. `check_again`: the point was reworded."""

    answer: PointAnswer | None
    note: str = ""
    check_again: bool = False

    def as_json(self) -> dict[str, Any]:
        """The answer as it is kept."""
        return {
            "answer": self.answer.value if self.answer else None,
            "note": self.note,
            "check_again": self.check_again,
        }


Answers = dict[str, Answer]
"""Answers by the id of their point."""


def points_from(kept: Iterable[Mapping[str, Any]]) -> tuple[Point, ...]:
    """Points as a version keeps them, read again."""
    return tuple(Point(one["id"], one["text"], PointStanding(one["standing"])) for one in kept)


def answers_from(kept: Mapping[str, Mapping[str, Any]]) -> Answers:
    """Answers as they are kept, read again."""
    return {
        point: Answer(
            PointAnswer(one["answer"]) if one["answer"] else None, one.get("note", ""), bool(one.get("check_again"))
        )
        for point, one in kept.items()
    }


def points_of(text: str, previous: Sequence[Point] = ()) -> Points:
    """The points of a checklist's text, given those of the version before.

    Raises RuleBroken (checklist.no_points, checklist.too_many_points).
    """
    said = [one.words for one in _found(blocks_of(text))]
    if not said:
        words = Words(_("Write each point of the checklist as an item of a list, or as a heading with a number."))
        raise RuleBroken(Problem("checklist.no_points", words, "text"))
    if len(said) > MOST_POINTS:
        words = Words(
            _("A checklist has at most {most} points; this text has {found}. Make two checklists of it."),
            most=MOST_POINTS, found=len(said),
        )  # fmt: skip
        raise RuleBroken(Problem("checklist.too_many_points", words, "text"))
    return _following(said, previous)


def explanations_of(text: str) -> list[str]:
    """The Markdown that stands under each point of a text, in the order of `points_of`; "" where nothing does."""
    blocks = blocks_of(text)
    found = _found(blocks)
    ends = [*(one.place for one in found[1:]), len(blocks)]
    return [_under(blocks, one, end) for one, end in zip(found, ends, strict=True)]


def _under(blocks: list[Block], point: "_Found", end: int) -> str:
    """What follows a point up to the next one, or to the next heading that does not belong to it."""
    taken: list[str] = []
    for block in blocks[point.place + 1 : end]:
        if block.kind is BlockKind.HEADING and block.level <= (point.heading or 6):
            break
        taken.append(block.source)
    return "".join(taken).strip("\n")


@dataclass(frozen=True, slots=True)
class _Found:
    """A block that is a point: its place among the blocks, its level where it is a heading, what it says."""

    place: int
    heading: int
    words: str


_NUMBER = re.compile(
    r"(?:(?:point|standard|principle|step|question|pwynt|safon|egwyddor|cam|cwestiwn)\s+)?"
    r"\d{1,3}(?:\.\d{1,3}){0,3}(?:[.):]|\s*[-–—]|(?=\s))\s*(?=\S)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*(?:[-*+]|(\d{1,9})[.)])(?:\s+|$)")
_BOX = re.compile(r"\[[ xX]?\]\s+")
_SOMETHING = re.compile(r"[^\W_]")
_CLOSING = re.compile(r"\s+#+\s*$")
_UNDERLINE = re.compile(r"\s+(?:=+|-+)\s*$")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s+\"[^\"]{0,200}\")?\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|_|`)(?=\S)([^*_`]{1,1000}?)(?<=\S)\1(?!\w)")


def _found(blocks: list[Block]) -> list[_Found]:
    """The points among the blocks of a text; see the top of this file for which they are."""
    items = list(_outer_items(blocks))
    boxed = [(place, words) for place, _numbered, words in items if _BOX.match(words)]
    if boxed:
        return _said((place, 0, _BOX.sub("", words, count=1)) for place, words in boxed)
    headings = _numbered_headings(blocks)
    if headings:
        return _said(headings)
    numbered = [(place, 0, words) for place, is_numbered, words in items if is_numbered]
    return _said(numbered if len(numbered) > 1 else [(place, 0, words) for place, _numbered, words in items])


def _said(found: Iterable[tuple[int, int, str]]) -> list[_Found]:
    """Points with their words made plain; one without a letter or figure is none."""
    made = [_Found(place, level, _plain(words)) for place, level, words in found]
    return [one for one in made if _SOMETHING.search(one.words)]


def _outer_items(blocks: list[Block]) -> Iterable[tuple[int, bool, str]]:
    """Items at the outer level of their list: the place, whether numbered, the words behind the marker."""
    outer: int | None = None
    for place, block in enumerate(blocks):
        if block.kind is BlockKind.ITEM:
            if outer is None or block.level < outer + 2:
                outer = block.level if outer is None else min(outer, block.level)
                marker = _MARKER.match(block.words)
                if marker:
                    yield place, marker[1] is not None, block.words[marker.end() :]
        elif not block.source.startswith((" ", "\t")):
            outer = None


def _numbered_headings(blocks: list[Block]) -> list[tuple[int, int, str]]:
    """Headings with a number, at the highest level that has at least two."""
    by_level: dict[int, list[tuple[int, int, str]]] = {}
    for place, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            words = _heading_words(block)
            number = _NUMBER.match(words)
            if number:
                by_level.setdefault(block.level, []).append((place, block.level, words[number.end() :]))
    return next((by_level[level] for level in sorted(by_level) if len(by_level[level]) > 1), [])


def _heading_words(block: Block) -> str:
    words = block.words
    if words.startswith("#"):
        return _CLOSING.sub("", words.lstrip("#")).strip()
    return _UNDERLINE.sub("", words).strip()


def _plain(words: str) -> str:
    """What a point says, without the marks of Markdown."""
    words = _LINK.sub(r"\1", words)
    for _time in range(3):
        words = _EMPHASIS.sub(r"\2", words)
    return " ".join(words.split())


def _following(said: list[str], previous: Sequence[Point]) -> Points:
    """Give each of `said` the id of the point it was, or one of its own."""
    same = _paired_by_words(said, previous)
    taken = set(same.values())
    left_new = [place for place in range(len(said)) if place not in same]
    left_old = [place for place in range(len(previous)) if place not in taken]
    reworded = _most_alike(said, left_new, previous, left_old)
    used = {previous[old].id for old in (*same.values(), *reworded.values())}
    points = []
    for place, words in enumerate(said):
        if place in same:
            points.append(Point(previous[same[place]].id, words, PointStanding.SAME))
        elif place in reworded:
            points.append(Point(previous[reworded[place]].id, words, PointStanding.REWORDED))
        else:
            points.append(Point(_new_id(words, used), words, PointStanding.NEW))
    kept = {*same.values(), *reworded.values()}
    return Points(tuple(points), tuple(one for place, one in enumerate(previous) if place not in kept))


def _paired_by_words(said: list[str], previous: Sequence[Point]) -> dict[int, int]:
    """Places of points that say the same: of each new one, that of the old. Those that are said twice go in order."""
    waiting: dict[str, list[int]] = {}
    for place in reversed(range(len(previous))):
        waiting.setdefault(previous[place].text, []).append(place)
    return {place: waiting[words].pop() for place, words in enumerate(said) if waiting.get(words)}


def _most_alike(said: list[str], new: list[int], previous: Sequence[Point], old: list[int]) -> dict[int, int]:
    """Places of points that were reworded: two are one where each is the other's one best match."""
    olds = {place: previous[place].text[:MOST_COMPARED].casefold() for place in old}
    likeness = {
        (mine, theirs): score
        for mine in new
        for theirs, words in olds.items()
        if (score := fuzz.ratio(said[mine][:MOST_COMPARED].casefold(), words, score_cutoff=ALIKE))
    }
    best_old = _best((mine, theirs, score) for (mine, theirs), score in likeness.items())
    best_new = _best((theirs, mine, score) for (mine, theirs), score in likeness.items())
    return {mine: theirs for mine, theirs in best_old.items() if best_new.get(theirs) == mine}


def _best(scored: Iterable[tuple[int, int, float]]) -> dict[int, int]:
    """Of each first the one second that scores highest; none where two score alike."""
    best: dict[int, tuple[float, int | None]] = {}
    for first, second, score in scored:
        highest, _of = best.get(first, (0.0, None))
        if score > highest:
            best[first] = score, second
        elif score == highest:
            best[first] = score, None
    return {first: second for first, (_score, second) in best.items() if second is not None}


def _new_id(words: str, used: set[str]) -> str:
    """An id for a point, of the words it is born with, that no other point of the version has."""
    start = made = hashlib.sha256(words.encode()).hexdigest()[:10]
    number = 1
    while made in used:
        number += 1
        made = f"{start}-{number}"
    used.add(made)
    return made


def carried(answers: Answers, old: Sequence[Point], new: Sequence[Point]) -> Answers:
    """A council's answers moved from the points they were given to, to those of a newer version.

    What says the same keeps its answer, what was reworded keeps it as *check again*, what is new is unanswered. Works
    over any number of versions between, since ids last: what a point says is compared, not what became of it last.
    """
    was = {one.id: one.text for one in old}
    made: Answers = {}
    for point in new:
        answer = answers.get(point.id)
        if answer is not None and point.id in was:
            again = answer.check_again or was[point.id] != point.text
            made[point.id] = Answer(answer.answer, answer.note, again)
    return made


def counts_of(answers: Answers) -> dict[str, int]:
    """How many points have each answer, by the words of `PointAnswer`."""
    given = [one.answer for one in answers.values()]
    return {word.value: given.count(word) for word in PointAnswer}


def check_answers(answers: Answers, points: Sequence[Point]) -> None:
    """Answers belong to points the version has, and notes are short enough.

    Raises RuleBroken (checklist.unknown_point, checklist.note_too_long), each with the id of its point as the field.
    """
    known = {one.id for one in points}
    problems = [
        Problem("checklist.unknown_point", Words(_("This checklist has no such point.")), point)
        for point in answers
        if point not in known
    ]
    problems += [
        Problem("checklist.note_too_long", Words(_("Use {most} characters at most."), most=LONGEST_NOTE), point)
        for point, one in answers.items()
        if len(one.note) > LONGEST_NOTE
    ]
    if problems:
        raise RuleBroken(*problems)
