"""Files people bring: which kinds are taken in as text, how one is recognised by what is in it, and what is refused.

Everything here looks at bytes alone. What a refusal says is kept by its code, because the worker finds some of them out
later, when nobody waits for its answer.
"""

import codecs
import re
from enum import StrEnum
from pathlib import PurePosixPath

import puremagic

from pipeline.documents.packages import BadPackage, package_kind
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.text import clean, clean_line
from pipeline.kernel.words import Words, _

LARGEST_UPLOAD = 10_000_000
"""Bytes: a council's longest policies with all their pictures are a third of it."""

MOST_TEXT = 400_000
"""Characters of text taken in from one file: as many as a shared document may have."""

MOST_IN_AN_HOUR = 50
MOST_BYTES_IN_A_DAY = 200_000_000
LONGEST_FILE_NAME = 200
ENDINGS_SHOWN = ".docx, .odt, .pdf, .md, .txt"


class UploadKind(StrEnum):
    """Kinds of file that can be taken in as text."""

    MARKDOWN = "markdown"
    TEXT = "text"
    DOCX = "docx"
    ODT = "odt"
    PDF = "pdf"


class TakenIn(StrEnum):
    """Where taking a file in stands."""

    WAITING = "waiting"
    READY = "ready"
    REFUSED = "refused"


MEDIA_TYPES = {
    UploadKind.MARKDOWN: "text/markdown; charset=utf-8",
    UploadKind.TEXT: "text/plain; charset=utf-8",
    UploadKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    UploadKind.ODT: "application/vnd.oasis.opendocument.text",
    UploadKind.PDF: "application/pdf",
}
ENDINGS = {
    "md": UploadKind.MARKDOWN,
    "markdown": UploadKind.MARKDOWN,
    "txt": UploadKind.TEXT,
    "text": UploadKind.TEXT,
    "docx": UploadKind.DOCX,
    "odt": UploadKind.ODT,
    "pdf": UploadKind.PDF,
}
"""What a file is taken for by the end of its name."""

PROBLEMS: dict[str, Words] = {
    "upload.active_parts": Words(
        _("The file holds controls that run programs (ActiveX). Take them out, save it again and choose it again.")
    ),
    "upload.bomb": Words(
        _(
            "The file unpacks to far more than it seems to hold, so it was not opened. Copy its text into a new "
            "document, save that and choose it instead."
        )
    ),
    "upload.empty": Words(_("There is nothing in the file. Choose another one.")),
    "upload.macros": Words(
        _("The file holds macros, which can run programs. Save it without them, as .docx or .odt, and choose that one.")
    ),
    "upload.missing": Words(_("Choose a file.")),
    "upload.name_differs": Words(
        _("What is in the file is not what its name says. Give the name the ending that fits, and choose it again.")
    ),
    "upload.no_text": Words(
        _(
            "The pages of this PDF are pictures, as from a scanner: there is no text in them to take in. Choose the "
            "document it was printed from, or let a program read the text off the pages (OCR) first."
        )
    ),
    "upload.not_readable_text": Words(
        _("The letters in this text cannot be read. Save it as UTF-8, which every editor offers, and choose it again.")
    ),
    "upload.old_kind": Words(
        _("This is an older kind of document. Open it, save it as .docx or .odt, and choose that one.")
    ),
    "upload.other_kind": Words(
        _("Files of this kind cannot be taken in. Choose one of these: {endings}."), endings=ENDINGS_SHOWN
    ),
    "upload.protected": Words(
        _("The file is protected by a password. Take the password off, save it again and choose it again.")
    ),
    "upload.too_large": Words(
        _("The file is larger than {most} MB. Take pictures out of it, or cut it in two, and choose it again."),
        most=LARGEST_UPLOAD // 1_000_000,
    ),
    "upload.too_many": Words(_("You have chosen many files within a short time. Wait an hour before the next one.")),
    "upload.too_many_pages": Words(_("This PDF has more pages than can be taken in. Cut it into parts.")),
    "upload.too_much_text": Words(
        _("There is more text in the file than one document can hold, which is about 60,000 words. Cut it in two.")
    ),
    "upload.too_slow": Words(
        _("Reading the file takes too much time or memory. Cut it in two, or choose it as .docx, saved again.")
    ),
    "upload.unreadable": Words(
        _("The file is damaged or unusual and cannot be read. Open it, save it as .docx or .odt, and choose that one.")
    ),
    "upload.unsafe_xml": Words(
        _("The file holds definitions that no text needs. Open it, save it as .docx or .odt, and choose that one.")
    ),
}
"""Why a file is not taken in, by code, and what to do about it."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PDF_STARTS_WITHIN = 1024
_FRONT = re.compile(r"---\n((?:[a-z_]+: [^\n]*\n){1,20})---\n\n?")
FRONT_KEYS = ("title", "council", "version", "published", "licence", "language", "address", "made_from")
"""What stands in front of a Markdown file we made."""


def refusal(code: str, field: str | None = None) -> RuleBroken:
    """The refusal of a file, with what to do about it."""
    return RuleBroken(Problem(code, PROBLEMS[code], field))


def recognise(file_name: str, content: bytes, *, field: str | None = None) -> UploadKind:
    """Return what kind of file this is, by what is in it; its name must say the same.

    Raises RuleBroken (`upload.…`) with what to do instead for everything that is not taken in. `field` is the field of
    the form that the problem stands beside.
    """
    problem = _problem_before_looking(file_name, content)
    if problem is None:
        try:
            kind = _kind_inside(content)
        except BadPackage as found:
            problem = found.code
        else:
            problem = _problem_of_kind(kind, _named_kind(file_name), content)
            if problem is None and kind is not None:
                return kind
    raise refusal(problem or "upload.other_kind", field)


def text_of(kind: UploadKind, content: bytes) -> str:
    """The text of a .md or .txt file, whichever way its letters are kept; what we put in front of a Markdown file
    ourselves is left out. Raises RuleBroken."""
    text = clean(_decoded(content))
    if kind is UploadKind.MARKDOWN and (front := _FRONT.match(text)):
        keys = [line.partition(":")[0] for line in front[1].splitlines()]
        text = text[front.end() :] if set(keys) <= set(FRONT_KEYS) and "version" in keys else text
    return checked_text(text)


def checked_text(text: str) -> str:
    """The text that was read from a file, with one line feed at its end. Raises RuleBroken where it is none or too
    much."""
    text = clean(text)
    if not text:
        raise refusal("upload.empty")
    if len(text) >= MOST_TEXT:
        raise refusal("upload.too_much_text")
    return f"{text}\n"


def safe_file_name(name: str) -> str:
    """A file name without folders, and without what means something to a program that saves it."""
    name = clean_line(re.split(r"[/\\]", name)[-1])
    name = re.sub(r'[<>:"|?*%;\x00-\x1f]', "", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: LONGEST_FILE_NAME - len(ending) - 1].strip() or 'document'}.{ending}"
    return name[:LONGEST_FILE_NAME] or "document"


def _problem_before_looking(file_name: str, content: bytes) -> str | None:
    if not file_name.strip():
        return "upload.missing"
    if not content.strip():
        return "upload.empty"
    if len(content) > LARGEST_UPLOAD:
        return "upload.too_large"
    return None


def _named_kind(file_name: str) -> UploadKind | None:
    return ENDINGS.get(PurePosixPath(file_name.strip().lower()).suffix.removeprefix("."))


def _kind_inside(content: bytes) -> UploadKind | None:
    """What the bytes are; MARKDOWN stands for any text. None for all that is not taken in. Raises BadPackage."""
    if content.startswith(_OLE):
        raise BadPackage("upload.protected" if _ENCRYPTED in content else "upload.old_kind")
    if content.startswith(b"{\\rtf"):
        raise BadPackage("upload.old_kind")
    if content.startswith(b"PK\x03\x04"):
        found = package_kind(content)
        return UploadKind(found) if found else None
    if _starts_as_pdf(content):
        return UploadKind.PDF
    return UploadKind.MARKDOWN if _is_text(content) else None


def _problem_of_kind(inside: UploadKind | None, named: UploadKind | None, content: bytes) -> str | None:
    """What is wrong with a file whose name says one thing and whose bytes another."""
    if inside is None:
        is_text_by_name = named in (UploadKind.MARKDOWN, UploadKind.TEXT)
        return "upload.not_readable_text" if is_text_by_name and not _is_known_binary(content) else "upload.other_kind"
    if named is None:
        return "upload.other_kind"
    texts = (UploadKind.MARKDOWN, UploadKind.TEXT)
    return None if inside is named or (inside in texts and named in texts) else "upload.name_differs"


def _starts_as_pdf(content: bytes) -> bool:
    """A PDF may have a few bytes before its own first: no more than white space and the mark of UTF-8."""
    start = content[:_PDF_STARTS_WITHIN].removeprefix(codecs.BOM_UTF8).lstrip()
    return start.startswith(b"%PDF-")


def _is_known_binary(content: bytes) -> bool:
    """Whether the first bytes are those of a kind of file that is no text: a picture, a program, an archive."""
    try:
        return any(found.confidence >= 0.2 and found.byte_match for found in puremagic.magic_string(content[:4096]))
    except (puremagic.PureError, ValueError):
        return False


def _is_text(content: bytes) -> bool:
    try:
        _decoded(content)
    except RuleBroken:
        return False
    return True


def _decoded(content: bytes) -> str:
    """Text from bytes: by the mark at their start, as UTF-8, or as Windows kept it. Raises RuleBroken."""
    marked = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text.replace("\x0c", "\n\n")
    raise refusal("upload.not_readable_text")
