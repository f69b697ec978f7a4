"""The parts of a .docx or .odt that hold its words: read as they are, and put back changed."""

import io
import zipfile
from collections.abc import Iterable, Mapping

DOCX_TEXT = "word/document.xml"
DOCX_STYLES = "word/styles.xml"
DOCX_NUMBERS = "word/numbering.xml"
ODT_TEXT = "content.xml"
ODT_STYLES = "styles.xml"
LARGEST_PART = 20_000_000
"""Bytes of a part that is changed before it is converted; a larger one stays as it is."""


def parts_of(content: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Those of some parts that a document has; none at all where one of them is too large to be changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        known = set(archive.namelist())
        wanted = [name for name in names if name in known]
        if any(archive.getinfo(name).file_size > LARGEST_PART for name in wanted):
            return {}
        return {name: archive.read(name) for name in wanted}


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The same document with some of its parts in other words."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy,
    ):
        for name in archive.namelist():
            copy.writestr(name, parts[name] if name in parts else archive.read(name))
    return made.getvalue()
