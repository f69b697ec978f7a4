"""The zip archives that .docx and .odt files are, looked into before anything else opens them.

Sizes that an archive tells of itself can lie: the bytes are counted while they are read, a little at a time, and
nothing is kept of them.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException

MOST_MEMBERS = 2_000
LARGEST_WHOLE = 50_000_000
"""Bytes of all members, unpacked."""

MOST_RATIO = 100
"""Unpacked bytes for each packed one. Ordinary documents reach 25."""

SMALL_ENOUGH = 2_000_000
"""Unpacked bytes below which the ratio says nothing."""

MOST_PEOPLE = 50
_PIECE = 65_536
_MAIN_PART = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ODT = (b"application/vnd.oasis.opendocument.text", b"application/vnd.oasis.opendocument.text-template")
_DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_KNOWN_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"})
_ARCHIVES = (b"PK\x03\x04", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_SHEETS_WITHIN = re.compile(r"word/embeddings/[^/]+\.(?:xlsx|docx|pptx)", re.IGNORECASE)
"""The figures behind a chart, kept by Word as a sheet. Nobody opens them here."""


class BadPackage(Exception):
    """The archive is not taken in; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def package_kind(content: bytes) -> str | None:
    """Return "docx" or "odt" for an archive that is one and is safe to convert, None for any other archive.

    Raises BadPackage for one that is protected, holds macros or controls, unpacks to too much, or has been tampered
    with.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_list(members, len(content))
            kind = _kind(archive, {member.filename for member in members})
            if kind is not None:
                _check_members(archive, members, len(content))
            return kind
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError, RuntimeError):
        raise BadPackage("upload.unreadable") from None


def _check_list(members: list[zipfile.ZipInfo], packed: int) -> None:
    names = [member.filename for member in members]
    lowered = [name.lower() for name in names]
    if any(member.flag_bits & 0x1 for member in members):
        raise BadPackage("upload.protected")
    if len(members) > MOST_MEMBERS or _is_bomb(sum(member.file_size for member in members), packed):
        raise BadPackage("upload.bomb")
    if len(set(lowered)) < len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise BadPackage("upload.unreadable")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or name.startswith("basic/") for name in lowered):
        raise BadPackage("upload.macros")
    if any(name.startswith("scripts/") and not name.endswith("/") for name in lowered):
        raise BadPackage("upload.macros")
    if any("/activex/" in name for name in lowered):
        raise BadPackage("upload.active_parts")


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > LARGEST_WHOLE or (unpacked > SMALL_ENOUGH and unpacked > packed * MOST_RATIO)


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        types = _start_of(archive, "[Content_Types].xml")
        if b"macroEnabled" in types:
            raise BadPackage("upload.macros")
        return "docx" if _MAIN_PART in types else None
    if "mimetype" in names and _start_of(archive, "mimetype").strip() in _ODT and "content.xml" in names:
        # A protected .odt says so in its list of parts: each that is has its own key.
        manifest = _start_of(archive, "META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
        if b"encryption-data" in manifest:
            raise BadPackage("upload.protected")
        return "odt"
    if "encrypted-package" in names:
        raise BadPackage("upload.protected")
    return None


def _start_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(1_000_000)


def _check_members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], packed: int) -> None:
    """Read everything once, counting."""
    unpacked = 0
    for member in members:
        looks = _Looks(member.filename)
        with archive.open(member) as file:
            while piece := file.read(_PIECE):
                unpacked += len(piece)
                if _is_bomb(unpacked, packed):
                    raise BadPackage("upload.bomb")
                looks.at(piece)


class _Looks:
    """Goes through one member piece by piece: no archive within, no definitions in XML."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_xml = name.lower().endswith((".xml", ".rels", ".rdf"))
        self._is_start = True
        self._is_wide = False
        self._tail = b""

    def at(self, piece: bytes) -> None:
        if self._is_start:
            self._at_start(piece)
            self._is_start = False
        if self._is_xml:
            seen = self._tail + (piece.replace(b"\x00", b"") if self._is_wide else piece)
            if _DEFINITION.search(seen):
                raise BadPackage("upload.unsafe_xml")
            self._tail = seen[-32:]

    def _at_start(self, piece: bytes) -> None:
        if piece.startswith(_ARCHIVES) and not _SHEETS_WITHIN.fullmatch(self._name):
            raise BadPackage("upload.bomb")
        self._is_xml = self._is_xml or piece.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")
        self._is_wide = piece.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in piece[:4]
        declared = _ENCODING.match(piece.removeprefix(b"\xef\xbb\xbf"))
        if self._is_xml and declared and declared[1].decode().lower() not in _KNOWN_ENCODINGS:
            raise BadPackage("upload.unreadable")


class Traces:
    """What a document holds besides its text: who is named in it, comments, tracked changes, hidden words, words at the
    head or foot of its pages, pictures."""

    def __init__(self) -> None:
        self.people: list[str] = []
        self.has_comments = False
        self.has_tracked_changes = False
        self.has_hidden_words = False
        self.has_edges = False
        self.has_pictures = False

    def add(self, name: str) -> None:
        """Keep a name once, in the order of finding."""
        name = " ".join(name.split())[:120]
        if name and name not in self.people and len(self.people) < MOST_PEOPLE:
            self.people.append(name)


def traces_in(content: bytes) -> Traces:
    """Who is named in a .docx or .odt, and what it holds that is not its text. Raises BadPackage."""
    traces = Traces()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in _parts_with_names(archive.namelist()):
                with archive.open(name) as member:
                    _read_part(name, member.read(LARGEST_WHOLE), traces)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, DefusedXmlException, SAXException, ValueError):
        raise BadPackage("upload.unreadable") from None
    return traces


def _parts_with_names(names: list[str]) -> Iterator[str]:
    office = re.compile(r"docProps/(?:core|app)\.xml|word/[^/]+\.xml|content\.xml|meta\.xml|styles\.xml")
    return (name for name in names if office.fullmatch(name))


def _read_part(name: str, content: bytes, traces: Traces) -> None:
    is_edge = name.startswith(("word/header", "word/footer"))
    defusedxml.sax.parseString(content, _TraceHandler(traces, is_edge=is_edge), forbid_dtd=True)


_CHANGES = frozenset({
    "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "sectPrChange", "cellIns", "cellDel",
    "changed-region",
})  # fmt: skip
_COMMENTS = frozenset({"w:comment", "office:annotation"})
_NAMES = frozenset({
    "dc:creator", "cp:lastModifiedBy", "meta:initial-creator", "Manager", "dc:contributor", "meta:printed-by",
})  # fmt: skip

_EDGES = frozenset({
    "style:header", "style:footer", "style:header-left", "style:footer-left", "style:header-first",
    "style:footer-first",
})  # fmt: skip
_PICTURES = frozenset({"pic:pic", "v:imagedata", "draw:image"})


class _TraceHandler(ContentHandler):
    """Hears the elements of one part. `is_edge` where all of it is the head or the foot of pages."""

    def __init__(self, traces: Traces, *, is_edge: bool) -> None:
        super().__init__()
        self._traces = traces
        self._edges_open = int(is_edge)
        self._name: list[str] | None = None

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 (the name the library calls)
        local = name.rpartition(":")[2]
        if local in _CHANGES and (name.startswith("w:") or local == "changed-region"):
            self._traces.has_tracked_changes = True
        if name in _COMMENTS:
            self._traces.has_comments = True
        if name in _PICTURES and not self._edges_open:
            self._traces.has_pictures = True
        self._edges_open += name in _EDGES
        if author := attrs.get("w:author") or attrs.get("w15:author"):
            self._traces.add(author)
        self._name = [] if name in _NAMES else None

    def characters(self, content: str) -> None:
        if self._name is not None:
            self._name.append(content)
        if self._edges_open and any(character.isalpha() for character in content):
            self._traces.has_edges = True

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._name is not None:
            self._traces.add("".join(self._name))
            self._name = None
        self._edges_open -= name in _EDGES
