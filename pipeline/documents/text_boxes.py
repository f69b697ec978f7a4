"""Text boxes of a .docx or .odt, put after the paragraph they are fastened to, since pandoc leaves them out."""

import re
from dataclasses import dataclass
from typing import Literal

from pipeline.documents.parts import DOCX_TEXT, ODT_TEXT, parts_of, with_parts

DEEPEST = 4
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class _Form:
    """Where a kind of document keeps its text, and the tags of its paragraphs and boxes: whether one closes, the name
    if it is of a paragraph, and whether it is whole."""

    part: str
    mark: re.Pattern[str]


_FORMS = {
    "docx": _Form(DOCX_TEXT, re.compile(r"<(/?)(?:(w:p)|w:txbxContent)(?=[\s/>])[^<>]*?(/?)>")),
    "odt": _Form(
        ODT_TEXT,
        re.compile(r"<(/?)(?:(text:[ph])|draw:text-box|draw:custom-shape)(?=[\s/>])[^<>]*?(/?)>"),
    ),
}  # fmt: skip
_PICTURE = "<draw:image"
"""A box round a picture holds what the picture is called, which pandoc keeps."""


def with_text_boxes(content: bytes, kind: Literal["docx", "odt"] = "docx") -> bytes:
    """The same document with the words of its text boxes among its paragraphs; itself where it has none."""
    form = _FORMS[kind]
    part = parts_of(content, [form.part]).get(form.part, b"")
    try:
        changed = among_paragraphs(part.decode("utf-8"), form.mark).encode()
    except UnicodeDecodeError:
        return content
    return with_parts(content, {form.part: changed}) if changed != part else content


def among_paragraphs(xml: str, mark: re.Pattern[str], depth: int = 0) -> str:
    """The XML with what stands in each text box repeated after its paragraph, once, though Word keeps it twice."""
    made: list[str] = []
    written = boxes_open = paragraphs_open = box_start = 0
    boxes: dict[str, str] = {}
    for found in mark.finditer(xml):
        is_end, is_paragraph, is_whole = found[1] == "/", found[2] is not None, found[3] == "/"
        if is_whole:
            continue
        if not is_paragraph:
            boxes_open += -1 if is_end else 1
            if is_end and boxes_open == 0:
                _keep(boxes, xml[box_start : found.start()], mark, depth)
            elif not is_end and boxes_open == 1:
                box_start = found.end()
        elif boxes_open == 0:
            paragraphs_open += -1 if is_end else 1
            if paragraphs_open == 0 and boxes:
                made += [xml[written : found.end()], *boxes.values()]
                written, boxes = found.end(), {}
    return "".join([*made, xml[written:]])


def _keep(boxes: dict[str, str], inside: str, mark: re.Pattern[str], depth: int) -> None:
    words = _TAG.sub("", inside).strip()
    if words and depth < DEEPEST and _PICTURE not in inside:
        boxes.setdefault(words, among_paragraphs(inside, mark, depth + 1))
