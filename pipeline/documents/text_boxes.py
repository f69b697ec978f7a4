"""Text boxes of a .docx, put after the paragraph they are fastened to: pandoc leaves them out, words and all."""

import io
import re
import zipfile

MAIN_PART = "word/document.xml"
LARGEST_PART = 20_000_000
DEEPEST = 4
_MARK = re.compile(r"<(/?)(w:p|w:txbxContent)(?=[\s/>])[^<>]*?(/?)>")
_TAG = re.compile(r"<[^<>]*>")


def with_text_boxes(content: bytes) -> bytes:
    """The same .docx with the words of its text boxes among its paragraphs; itself where it has none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if MAIN_PART not in archive.namelist() or archive.getinfo(MAIN_PART).file_size > LARGEST_PART:
            return content
        part = archive.read(MAIN_PART)
        if b"<w:txbxContent" not in part:
            return content
        try:
            changed = among_paragraphs(part.decode("utf-8")).encode()
        except UnicodeDecodeError:
            return content
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as copy:
            for name in archive.namelist():
                copy.writestr(name, changed if name == MAIN_PART else archive.read(name))
        return made.getvalue()


def among_paragraphs(xml: str, depth: int = 0) -> str:
    """The XML with what stands in each text box repeated after its paragraph, once, though Word keeps it twice."""
    made: list[str] = []
    written = boxes_open = paragraphs_open = box_start = 0
    boxes: dict[str, str] = {}
    for mark in _MARK.finditer(xml):
        is_end, name, is_whole = mark[1] == "/", mark[2], mark[3] == "/"
        if is_whole:
            continue
        if name == "w:txbxContent":
            boxes_open += -1 if is_end else 1
            if is_end and boxes_open == 0:
                _keep(boxes, xml[box_start : mark.start()], depth)
            elif not is_end and boxes_open == 1:
                box_start = mark.end()
        elif boxes_open == 0:
            paragraphs_open += -1 if is_end else 1
            if paragraphs_open == 0 and boxes:
                made += [xml[written : mark.end()], *boxes.values()]
                written, boxes = mark.end(), {}
    return "".join([*made, xml[written:]])


def _keep(boxes: dict[str, str], inside: str, depth: int) -> None:
    words = _TAG.sub("", inside).strip()
    if words and depth < DEEPEST:
        boxes.setdefault(words, among_paragraphs(inside, depth + 1))
