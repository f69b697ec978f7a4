"""Reads the text of a PDF: a program of its own, started by `conversion.py` within limits, which knows only pypdf.

The PDF comes by standard input; what is found goes to standard output as JSON: `pages`, each a list of lines, or
`problem`. A line is its words, the size of most of its letters in points, and whether they are bold.
"""

import io
import json
import logging
import sys
from typing import Any

MOST_PAGES = 500


def read(content: bytes) -> dict[str, object]:
    """The texts of the pages of a PDF, or why there are none: protected, too_many_pages, unreadable."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "protected"}
        if len(reader.pages) > MOST_PAGES:
            return {"problem": "too_many_pages"}
        return {"pages": [lines_of(page) for page in reader.pages]}
    except (FileNotDecryptedError, DependencyError):
        return {"problem": "protected"}
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError):
        return {"problem": "unreadable"}


def lines_of(page: Any) -> list[list[object]]:
    """The lines of a page, in the order they are drawn in."""
    pieces: list[tuple[str, float, bool]] = []

    def hear(words: str, matrix: Any, text_matrix: Any, font: Any, size: Any) -> None:
        try:
            scale = abs(float(text_matrix[3]) * float(matrix[3])) or abs(float(text_matrix[1]) * float(matrix[1])) or 1
            pieces.append((words, round(float(size) * scale * 2) / 2, is_bold(font)))
        except (TypeError, ValueError, IndexError, OverflowError):
            pieces.append((words, 0, False))

    page.extract_text(visitor_text=hear)
    lines: list[list[object]] = []
    words = ""
    letters: dict[tuple[float, bool], int] = {}
    for text, size, bold in [*pieces, ("\n", 0, False)]:
        first, *others = text.split("\n")
        for place, part in enumerate([first, *others]):
            if place:
                kind = max(letters, key=lambda one: letters[one], default=(0, False))
                lines.append([words, *kind])
                words, letters = "", {}
            words += part
            if part.strip():
                letters[(size, bold)] = letters.get((size, bold), 0) + len(part.strip())
    return lines


def is_bold(font: Any) -> bool:
    """Whether a font says that it is bold: in its name, or by how heavy it is."""
    if not font:
        return False
    name = str(font.get("/BaseFont", "")).lower()
    descriptor = font.get("/FontDescriptor")
    weight = descriptor.get_object().get("/FontWeight", 0) if descriptor is not None else 0
    return any(word in name for word in ("bold", "black", "heavy")) or float(weight or 0) >= 600


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
