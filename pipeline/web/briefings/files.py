"""Briefings as files for a word processor: made in a child process, and kept in this one by what they say."""

import threading
from collections import OrderedDict
from hashlib import sha256
from typing import Any

from flask import Response, current_app, render_template

from pipeline.documents.office import DOCX, NotConverted, docx_from_html
from pipeline.http.attachments import attachment
from pipeline.http.downloads import SECONDS_TO_WAIT, NotMadeNow
from pipeline.http.reading import end_read
from pipeline.web.rendering import in_one_language

MOST_KEPT = 200
"""Files one process keeps, of some 12 kB each. What nobody asked for longest goes first."""


class KeptFiles:
    """Files by what they were made from. Nothing of them is written anywhere: what is hidden is gone with the page."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._most = most
        self._turn = threading.Lock()

    def find(self, mark: str) -> bytes | None:
        """The file that was made from just this, if it is kept."""
        with self._turn:
            if mark in self._kept:
                self._kept.move_to_end(mark)
            return self._kept.get(mark)

    def keep(self, mark: str, content: bytes) -> None:
        """Keep a file, instead of the one nobody asked for longest."""
        with self._turn:
            self._kept[mark] = content
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def docx_answer(name: str, **values: Any) -> Response:
    """A briefing as a .docx. The reading ends here. Raises NotMadeNow, with when to come back."""
    html = in_one_language(lambda: render_template("briefings/document.html", **values))
    kept: KeptFiles = current_app.extensions["pipeline_kept_files"]
    mark = sha256(html.encode()).hexdigest()
    content = kept.find(mark)
    if content is None:
        end_read()
        try:
            content = docx_from_html(html, raise_headings=True)
        except NotConverted:
            raise NotMadeNow(retry_after=SECONDS_TO_WAIT) from None
        kept.keep(mark, content)
    return attachment(content, DOCX, f"{name}.docx")
