"""Reads the text of a PDF: a program of its own, started by `conversion.py` within limits, which knows only pypdf.

The PDF comes by standard input; what is found goes to standard output as JSON: `pages`, each page's text, or `problem`.
"""

import io
import json
import logging
import sys

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
        return {"pages": [page.extract_text() for page in reader.pages]}
    except (FileNotDecryptedError, DependencyError):
        return {"problem": "protected"}
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError):
        return {"problem": "unreadable"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(read(sys.stdin.buffer.read())))
