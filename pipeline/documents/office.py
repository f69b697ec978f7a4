"""Documents of word processors, read and written by pandoc: a program of its own, never linked.

It reads nothing but what it is given (`--sandbox`) and is held to so much memory and time: what it is given may come
from people.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from pipeline.documents.bounded import Limits, NotConverted, run_within
from pipeline.documents.uploads import MEDIA_TYPES, UploadKind

__all__ = ["DOCX", "ODT", "Busy", "NotConverted", "docx_from_html", "markdown_from_office", "odt_from_html", "pandoc"]

LONGEST_SECONDS: float = 20
MOST_HEAP = "512M"
MOST_MEMORY_KIB = 2 * 1024 * 1024
"""Address space: far more than the heap, which is what pandoc's runtime sets aside and hardly uses."""

MOST_HTML = 3_000_000
"""Characters: what the longest document makes, and the page round it."""

MOST_OUTPUT = 20_000_000
MOST_WAITING = 1
LONGEST_WAIT: float = 4
"""Seconds somebody waits for the document before theirs."""

_turn = threading.Lock()
_places = threading.BoundedSemaphore(1 + MOST_WAITING)
DOCX = MEDIA_TYPES[UploadKind.DOCX]
ODT = MEDIA_TYPES[UploadKind.ODT]
PLAIN_TEXT_OF = Path(__file__).with_name("taking_in.lua")
"""What becomes of parts that Markdown has no words for."""


@lru_cache(maxsize=1)
def pandoc() -> str:
    """The path of the program."""
    import pypandoc  # type: ignore[import-untyped]

    return str(pypandoc.get_pandoc_path())


def docx_from_html(html: str, *, raise_headings: bool = False) -> bytes:
    """An HTML document as a .docx: what people wrote goes in by standard input alone.

    With `raise_headings` its second level becomes the first, below the title. Raises NotConverted.
    """
    return _from_html(html, "docx", raise_headings)


def odt_from_html(html: str, *, raise_headings: bool = False) -> bytes:
    """An HTML document as an .odt, in the same way. Raises NotConverted."""
    return _from_html(html, "odt", raise_headings)


def markdown_from_office(kind: UploadKind, content: bytes) -> str:
    """The text of a .docx or .odt as Markdown: tracked changes accepted, comments and pictures left out, what pictures
    show kept in words where the document says it. Raises NotConverted."""
    command = [
        pandoc(), "--sandbox", f"--from={kind.value}{'+styles' if kind is UploadKind.DOCX else ''}",
        "--to=gfm-raw_html-tex_math_dollars-gfm_auto_identifiers-alerts", "--wrap=none", "--track-changes=accept",
        f"--lua-filter={PLAIN_TEXT_OF}", "--output=-",
    ]  # fmt: skip
    return _run(command, content).decode("utf-8")


class Busy(NotConverted):
    """As many documents are being made as this process makes at a time."""


@contextmanager
def _a_place() -> Iterator[None]:
    """One document is made at a time in a process, and `MOST_WAITING` more may wait for it, not long: the other threads
    answer everything else. Raises Busy."""
    if not _places.acquire(blocking=False):
        raise Busy("others wait already")
    try:
        if not _turn.acquire(timeout=LONGEST_WAIT):
            raise Busy("the one before it takes long")
        try:
            yield
        finally:
            _turn.release()
    finally:
        _places.release()


def _from_html(html: str, form: str, raise_headings: bool) -> bytes:
    if len(html) > MOST_HTML:
        raise NotConverted("the text is too long")
    raised = ["--shift-heading-level-by=-1"] if raise_headings else []
    with _a_place():
        made = _run([pandoc(), "--sandbox", "--from=html", f"--to={form}", *raised, "--output=-"], html.encode())
    if not made:
        raise NotConverted("nothing was made")
    return made


def _run(command: list[str], content: bytes) -> bytes:
    limits = Limits(MOST_MEMORY_KIB, LONGEST_SECONDS, MOST_OUTPUT)
    return run_within(limits, [*command, "+RTS", f"-M{MOST_HEAP}", "-RTS"], content)
