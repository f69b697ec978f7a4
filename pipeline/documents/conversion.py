"""A file that was brought becomes text: .docx and .odt by pandoc, .pdf by pypdf, each in a bounded child process."""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.bounded import Limits, NotConverted, TooMuch, run_within
from pipeline.documents.office import markdown_from_office
from pipeline.documents.packages import BadPackage, Traces, traces_in
from pipeline.documents.text_boxes import with_text_boxes
from pipeline.documents.uploads import UploadKind, checked_text, refusal, text_of

PDF_PROGRAM = Path(__file__).with_name("pdf_text.py")
PDF_LIMITS = Limits(memory_kib=1024 * 1024, seconds=30, output=20_000_000)
FEWEST_LETTERS = 12
"""Letters on a page, on average, below which its PDF is taken for a scanned one."""

_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_PADDING = re.compile(r" {2,}")
_DASHES = re.compile(r"-{3,}")
_HYPHEN = re.compile(r"(\w)[-\u00ad\u2010]$")
_LIST_MARK = re.compile(r"^(?:[•●▪◦‣–·*-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+")
_BULLET = re.compile(r"^[•●▪◦‣·]\s*")
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(r"^(?:page\s+|tudalen\s+)?\d{1,4}(?:\s*(?:of|o|/)\s*\d{1,4})?$", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_\[\]<>~])")
_BLOCK_MARK = re.compile(r"^(#{1,6}(?=\s)|[+-](?=\s)|=+$|-+$|\|)")


@dataclass(frozen=True, slots=True)
class Converted:
    """The text of a file as Markdown, and what else was found in it."""

    text: str
    traces: Traces


def convert(kind: UploadKind, content: bytes) -> Converted:
    """The text of a file that `recognise` has let in. Raises RuleBroken (`upload.…`) with what to do instead."""
    if kind in (UploadKind.MARKDOWN, UploadKind.TEXT):
        return Converted(text_of(kind, content), Traces())
    try:
        if kind is UploadKind.PDF:
            return Converted(checked_text(_text_of_pdf(content)), Traces())
        traces = traces_in(content)
        whole = with_text_boxes(content) if kind is UploadKind.DOCX else content
        return Converted(checked_text(_compact(markdown_from_office(kind, whole))), traces)
    except TooMuch:
        raise refusal("upload.too_slow") from None
    except (NotConverted, UnicodeDecodeError):
        raise refusal("upload.unreadable") from None
    except BadPackage as found:
        raise refusal(found.code) from None


def _compact(text: str) -> str:
    """Tables without the spaces that put their columns under each other: one longer word would change every row."""
    return _ROW.sub(lambda row: _DASHES.sub("---", _PADDING.sub(" ", row[0])), text)


def _text_of_pdf(content: bytes) -> str:
    # -I: it sees neither our packages nor what the environment says. What it needs it finds beside its interpreter.
    made = run_within(PDF_LIMITS, [sys.executable, "-I", str(PDF_PROGRAM)], content)
    try:
        found = json.loads(made)
    except ValueError:
        raise NotConverted("the program did not finish") from None
    if problem := found.get("problem"):
        raise refusal(f"upload.{problem}")
    pages: list[str] = found["pages"]
    letters = sum(character.isalnum() for page in pages for character in page)
    if letters < FEWEST_LETTERS * max(1, len(pages)):
        raise refusal("upload.no_text")
    return paragraphs_from(pages)


def paragraphs_from(pages: list[str]) -> str:
    """The lines of a PDF's pages put together to paragraphs, as Markdown that says what the lines say.

    What stands at the head or foot of most pages, and page numbers, are left out. A line goes on with the next where it
    is nearly as long as the longest and does not end a sentence, or where the next begins with a small letter.
    """
    lines = [[" ".join(line.split()) for line in page.splitlines()] for page in pages]
    repeated = _repeated(lines)
    made: list[list[str]] = []
    is_apart = False
    for page in lines:
        kept = _without_edges(page, repeated)
        usual = _usual_length(kept)
        for line in kept:
            if line and made and _goes_on(made[-1][-1], line, usual, is_apart=is_apart):
                made[-1].append(line)
            elif line:
                made.append([line])
            is_apart = not line
    return "\n\n".join(_as_markdown(_joined(paragraph)) for paragraph in made)


def _repeated(pages: list[list[str]]) -> set[str]:
    """The first and last lines that more than half of the pages share."""
    if len(pages) < 4:
        return set()
    edges = Counter(line for page in pages for line in _edges([one for one in page if one]))
    return {line for line, number in edges.items() if number > len(pages) / 2}


def _edges(lines: list[str]) -> set[str]:
    return {*lines[:2], *lines[-2:]}


def _without_edges(page: list[str], repeated: set[str]) -> list[str]:
    last = len(page) - 1
    return [
        line
        for place, line in enumerate(page)
        if not (line in repeated or ((place < 2 or place > last - 2) and _PAGE_NUMBER.match(line)))
    ]


def _usual_length(lines: list[str]) -> int:
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(len(lengths) * 0.9)] if lengths else 0


def _goes_on(before: str, line: str, usual: int, *, is_apart: bool) -> bool:
    """Whether a line goes on with the paragraph whose last line is `before`; `is_apart` where a blank one is between:
    a page that ends in the middle of a sentence."""
    if _LIST_MARK.match(line):
        return False
    if is_apart:
        return line[0].islower() and not _SENTENCE_END.search(before)
    if line[0].islower() or _HYPHEN.search(before):
        return True
    return len(before) >= usual * (1 if _SENTENCE_END.search(before) else 0.8)


def _joined(lines: list[str]) -> str:
    """The lines of a paragraph as one: a word that was broken at the end of a line is whole again."""
    made = [lines[0]]
    for line in lines[1:]:
        if not _HYPHEN.search(made[-1]):
            made += [" ", line]
        else:
            made[-1] = made[-1][:-1] if line[0].islower() else made[-1]
            made.append(line)
    return "".join(made)


def _as_markdown(paragraph: str) -> str:
    """A paragraph of plain words, with what Markdown would take for a mark escaped; bullets become items."""
    bullet = _BULLET.match(paragraph)
    words = _MARKS.sub(r"\\\1", paragraph[bullet.end() :] if bullet else paragraph)
    return f"- {words}" if bullet else _BLOCK_MARK.sub(r"\\\1", words)
