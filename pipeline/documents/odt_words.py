"""Words of an .odt that pandoc leaves out, put where it reads them: fields, paragraphs counted on their own, and tables
within the cells of another, whose paragraphs stay in the cell."""

import re

from pipeline.documents.parts import ODT_TEXT, parts_of, with_parts

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
    part = parts_of(content, [ODT_TEXT]).get(ODT_TEXT, b"")
    try:
        changed = _without_inner_tables(_FIELD.sub("", part.decode("utf-8"))).encode()
    except UnicodeDecodeError:
        return content
    return with_parts(content, {ODT_TEXT: changed}) if changed != part else content


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
