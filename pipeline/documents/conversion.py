"""A file that was brought becomes text: .docx and .odt by pandoc, .pdf by pypdf, each in a bounded child process."""

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.documents.bounded import Limits, NotConverted, TooMuch, run_within
from pipeline.documents.hidden_words import without_hidden_words
from pipeline.documents.numbering import with_numbers
from pipeline.documents.odt_numbering import with_odt_numbers
from pipeline.documents.odt_words import with_all_words
from pipeline.documents.office import markdown_from_office
from pipeline.documents.packages import BadPackage, Traces, traces_in
from pipeline.documents.pdf_paragraphs import Line, paragraphs_from
from pipeline.documents.text_boxes import with_text_boxes
from pipeline.documents.uploads import UploadKind, checked_text, refusal, text_of

PDF_PROGRAM = Path(__file__).with_name("pdf_text.py")
PDF_LIMITS = Limits(memory_kib=1024 * 1024, seconds=30, output=20_000_000)
FEWEST_LETTERS = 12
"""Letters on a page, on average, below which its PDF is taken for a scanned one."""

_ROW = re.compile(r"^\|.*\|$", re.MULTILINE)
_PADDING = re.compile(r" {2,}")
_DASHES = re.compile(r"-{3,}")


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
        if kind is UploadKind.DOCX:
            shown, traces.has_hidden_words = without_hidden_words(content, "docx")
            whole = with_text_boxes(with_numbers(shown))
        else:
            shown, traces.has_hidden_words = without_hidden_words(content, "odt")
            whole = with_odt_numbers(with_text_boxes(with_all_words(shown), "odt"))
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
    pages = [[Line(*line) for line in page] for page in found["pages"]]
    letters = sum(character.isalnum() for page in pages for line in page for character in line.words)
    if letters < FEWEST_LETTERS * max(1, len(pages)):
        raise refusal("upload.no_text")
    return paragraphs_from(pages)
