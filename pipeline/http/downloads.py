"""Versions of documents as files to download: made once, then kept, and no more than a few made at a time."""

import logging
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from uuid import UUID

from flask import Flask, Response, current_app
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import ServiceUnavailable

from pipeline import RELEASE
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.queries import downloading
from pipeline.artefacts.queries.downloading import as_file, front_facts
from pipeline.db.work import Reading, housekeeping
from pipeline.documents.downloads import MEDIA_TYPE_OF, Download, Form, FrontFacts, name_of
from pipeline.documents.office import NotConverted
from pipeline.http.attachments import attachment
from pipeline.http.reading import end_read
from pipeline.kernel import clock
from pipeline.kernel.words import Words, _

log = logging.getLogger(__name__)


class NotMadeNow(ServiceUnavailable):
    """The file could not be made just now, mostly because others are made."""

    words = Words(_("Several files are being made at the moment. Wait a few seconds, then download it again."))


SECONDS_TO_WAIT = 5
"""What is said to whoever comes while too many files are made already."""
LARGEST_KEPT = 1_500_000
"""Bytes of a file that is kept. A larger one is made each time."""


def file_answer(reading: Reading, artefact: Artefact, version: Version, form: Form, address: str) -> Response:
    """A version as a file, at its full `address`: as it is kept, or made now and kept after the answer has left.

    The reading ends here. Raises NotMadeNow, with when to come back.
    """
    facts = front_facts(reading, artefact, version, address)
    mark, version_id, text = _mark_of(form, facts, version.sha256), version.id, version.text
    kept = downloading.kept_download(reading, version_id, form, mark) if form is not Form.MARKDOWN else None
    end_read()
    if kept is not None:
        return _answer(Download(kept, MEDIA_TYPE_OF[form], name_of(facts, form)))
    try:
        made = as_file(form, facts, text)
    except NotConverted:
        raise NotMadeNow(retry_after=SECONDS_TO_WAIT) from None
    response = _answer(made)
    if form is not Form.MARKDOWN and len(made.content) <= LARGEST_KEPT:
        response.call_on_close(_keeping(version_id, form, mark, made.content))
    return response


def _answer(file: Download) -> Response:
    return attachment(file.content, file.media_type, file.file_name)


def _mark_of(form: Form, facts: FrontFacts, text_sha256: str) -> str:
    """What a kept file was made from: another title, notice or release makes another file."""
    return sha256(f"{RELEASE}\0{form}\0{text_sha256}\0{facts!r}".encode()).hexdigest()


def _keeping(version_id: UUID, form: Form, mark: str, content: bytes) -> Callable[[], None]:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return partial(_keep, app, version_id, form, mark, content)


def _keep(app: Flask, version_id: UUID, form: Form, mark: str, content: bytes) -> None:
    """Keep a file. The answer has left: whatever goes wrong here is only noted."""
    try:
        with app.app_context(), housekeeping("downloads") as session:
            downloading.keep_download(session, version_id, form, mark, content, clock.now())
    except IntegrityError:
        log.info("somebody else kept the same file meanwhile")
    except Exception:
        log.exception("a file could not be kept")
