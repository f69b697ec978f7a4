"""The parts of a briefing, in words: the same for the page and for the file made of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from pipeline.http.language import current_language, gettext, ngettext
from pipeline.kernel.words import Words


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: what its columns are called, and its rows, each with its name first."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a briefing: a heading, what the project says itself (`quoted`), a table, sentences, and points. What
    is in another language than the page is marked as such; the rest is plain text."""

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


def marked(text: str, language: str) -> Markup:
    """Somebody's own words within a sentence of ours: marked where they are in another language."""
    if language in ("", current_language()):
        return escape(text)
    return Markup('<span lang="{}">{}</span>').format(language, text)


def say_marked(words: Words) -> str:
    """A sentence with marked words in it, in the page's language: safe HTML."""
    return words.in_language(
        lambda sentence: escape(gettext(sentence)), lambda one, many, number: escape(ngettext(one, many, number))
    )
