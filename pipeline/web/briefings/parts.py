"""The parts of a briefing, in words: the same for the page and for the file made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.http.language import gettext


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: what its columns are called, and its rows, each with its name first."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a briefing: a heading, what the project says itself (`quoted`), a table, sentences, and points."""

    key: str
    heading: str
    quoted: tuple[str, ...] = ()
    table: Table | None = None
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()


def part(
    key: str, heading: str, *, quoted: Iterable[str] = (), table: Table | None = None,
    sentences: Iterable[str] = (), points: Iterable[str] = (),
) -> Part:  # fmt: skip
    """A part under a heading that is still to be translated. Empty sentences are left out."""
    kept = tuple(one for one in sentences if one)
    return Part(key, gettext(heading), tuple(quoted), table, kept, tuple(points))
