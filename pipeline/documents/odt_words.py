"""Words of an .odt that pandoc leaves out, put where it reads them: fields, paragraphs counted on their own, and tables
within the cells of another, whose paragraphs stay in the cell."""

import io
import re
import zipfile

from pipeline.documents.text_boxes import CONTENT_PART, LARGEST_PART

_FIELDS = (
    "date", "time", "author-name", "author-initials", "title", "subject", "keywords", "description", "initial-creator",
    "creator", "creation-date", "creation-time", "modification-date", "modification-time", "file-name", "chapter",
    "user-defined", "variable-set", "variable-get", "variable-input", "user-field-get", "user-field-input",
    "expression", "text-input", "placeholder", "conditional-text", "sequence", "database-display", "drop-down",
    "sender-[a-z-]+", "numbered-paragraph",
)  # fmt: skip
_FIELD = re.compile(rf"</?text:(?:{'|'.join(_FIELDS)})(?=[\s/>])[^<>]*>")
_TABLE = re.compile(r"<(/?)table:([a-z-]+)(?=[\s/>])[^<>]*?(/?)>")


def with_all_words(content: bytes) -> bytes:
    """The same .odt with those words among its paragraphs; itself where it has none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if CONTENT_PART not in archive.namelist() or archive.getinfo(CONTENT_PART).file_size > LARGEST_PART:
            return content
        part = archive.read(CONTENT_PART)
        try:
            changed = _without_inner_tables(_FIELD.sub("", part.decode("utf-8"))).encode()
        except UnicodeDecodeError:
            return content
        if changed == part:
            return content
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy:
            for name in archive.namelist():
                copy.writestr(name, changed if name == CONTENT_PART else archive.read(name))
        return made.getvalue()


def _without_inner_tables(xml: str) -> str:
    """The XML without the tags of tables that stand in a cell of another: their paragraphs become the cell's."""
    made: list[str] = []
    depth = written = 0
    for tag in _TABLE.finditer(xml):
        is_end, is_table, is_whole = bool(tag[1]), tag[2] == "table", bool(tag[3])
        depth += is_table and not is_end and not is_whole
        if depth > 1:
            made.append(xml[written : tag.start()])
            written = tag.end()
        depth -= is_table and is_end
    return "".join([*made, xml[written:]])
