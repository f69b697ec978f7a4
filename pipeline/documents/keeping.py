"""Files that were brought: kept once by what is in them, taken in as text, and forgotten where nobody uses them.

None of this is an act of the trade: a file is nothing but its officer's until a draft is made of it, and that is an
action. So it is housekeeping, and nothing of it stands in the event log.
"""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.db.base import Base
from pipeline.db.engine import database
from pipeline.db.leases import take
from pipeline.db.work import Reading, housekeeping
from pipeline.documents.conversion import Converted, convert
from pipeline.documents.models import Blob, Upload
from pipeline.documents.packages import Traces
from pipeline.documents.uploads import (
    MOST_BYTES_IN_A_DAY,
    MOST_IN_AN_HOUR,
    TakenIn,
    UploadKind,
    recognise,
    refusal,
    safe_file_name,
    text_of,
)
from pipeline.kernel import clock
from pipeline.kernel.errors import NotFound, RuleBroken
from pipeline.kernel.ids import new_id

log = logging.getLogger(__name__)

MOST_TRIES = 3
"""A worker that ends while it converts a file leaves it to the next; after so many the file is refused."""

KEPT_UNUSED = timedelta(days=1)
AT_A_TIME = 100


def keep_upload(*, officer_id: UUID, file_name: str, content: bytes, field: str | None = None) -> UUID:
    """Keep a file that an officer brought and return the id of its upload. Opens its own transaction.

    A .md or .txt is ready at once; others wait for the worker (`take_in_uploads`). Raises RuleBroken (`upload.…`) with
    what to do instead; `field` is the field of the form the problem stands beside.
    """
    kind = recognise(file_name, content, field=field)
    text = _text_at_once(kind, content, field)
    upload = Upload(
        id=new_id(), officer_id=officer_id, blob_sha256=hashlib.sha256(content).hexdigest(),
        file_name=safe_file_name(file_name), kind=kind.value, created_at=clock.now(), people=[],
    )  # fmt: skip
    if text is not None:
        upload.state, upload.text, upload.done_at = TakenIn.READY.value, text, upload.created_at
    with housekeeping("uploads") as session:
        _check_room(session, officer_id, len(content), upload.created_at, field)
        _keep_blob(session, upload.blob_sha256, content, upload.created_at)
        session.add(upload)
    return upload.id


def upload_seen_by(reading: Reading, upload_id: UUID) -> Upload:
    """An upload, for the officer who brought it. Raises NotFound for everybody else."""
    upload = reading.session.get(Upload, upload_id)
    if upload is None or reading.actor.officer_id is None or upload.officer_id != reading.actor.officer_id:
        raise NotFound("upload")
    return upload


def content_of(reading: Reading, sha256: str) -> bytes:
    """The bytes of a file that is kept. Whoever calls has made sure the reader may have it. Raises NotFound."""
    content = reading.session.scalar(select(Blob.content).where(Blob.sha256 == sha256))
    if content is None:
        raise NotFound("upload")
    return content


def take_in_uploads() -> int:
    """Convert the file that waits longest, and return how many were: the worker calls it again and again."""
    waiting = Upload.state == TakenIn.WAITING.value
    with database.engine.connect() as connection:
        if not connection.scalar(select(exists().where(waiting))):
            return 0
    with housekeeping("uploads") as session:
        taken = take(session, Upload, waiting, Upload.id, clock.now(), most=1)
        if not taken:
            return 0
        upload = taken[0]
        upload.tries += 1
        content = session.scalars(select(Blob.content).where(Blob.sha256 == upload.blob_sha256)).one()
    if upload.tries > MOST_TRIES:
        _finish(upload.id, "upload.unreadable")
    else:
        _finish(upload.id, *_converted(UploadKind(upload.kind), content))
    return 1


def forget_uploads(uses: Sequence[ColumnElement[bool]]) -> int:
    """Forget the uploads of more than a day ago that nobody uses, and the files nothing refers to; returns how many
    uploads went. `uses` says, each for one table, that a row of it uses the upload (an EXISTS on `Upload.id`)."""
    before, forgotten = clock.now() - KEPT_UNUSED, 0
    unused = Upload.created_at < before
    for used in uses:
        unused &= ~used
    while True:
        with housekeeping("uploads") as session:
            ids = list(session.scalars(select(Upload.id).where(unused).order_by(Upload.id).limit(AT_A_TIME)))
            session.execute(_quietly(delete(Upload).where(Upload.id.in_(ids))))
        forgotten += len(ids)
        if len(ids) < AT_A_TIME:
            break
    _forget_blobs(before)
    return forgotten


def _text_at_once(kind: UploadKind, content: bytes, field: str | None) -> str | None:
    if kind not in (UploadKind.MARKDOWN, UploadKind.TEXT):
        return None
    try:
        return text_of(kind, content)
    except RuleBroken as refused:
        raise refusal(refused.code, field) from None


def _check_room(session: Session, officer_id: UUID, size: int, now: datetime, field: str | None) -> None:
    own = Upload.officer_id == officer_id
    in_hour = select(func.count()).select_from(Upload).where(own, Upload.created_at > now - timedelta(hours=1))
    in_day = (
        select(func.coalesce(func.sum(Blob.size), 0))
        .select_from(Upload)
        .join(Blob, Blob.sha256 == Upload.blob_sha256)
        .where(own, Upload.created_at > now - timedelta(days=1))
    )
    number, held = session.scalars(in_hour).one(), session.scalars(in_day).one()
    if number >= MOST_IN_AN_HOUR or held + size > MOST_BYTES_IN_A_DAY:
        raise refusal("upload.too_many", field)


def _keep_blob(session: Session, sha256: str, content: bytes, now: datetime) -> None:
    """Keep the bytes once. One that is there is made young again, so that nobody forgets it meanwhile."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Blob).values(sha256=sha256, size=len(content), content=content, created_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["sha256"], set_={"created_at": now}))


def _converted(kind: UploadKind, content: bytes) -> tuple[str | None, Converted | None]:
    """What became of a file: the code of its problem, or its text."""
    try:
        return None, convert(kind, content)
    except RuleBroken as refused:
        return refused.code, None
    except Exception:
        log.exception("a file could not be taken in")
        return "upload.unreadable", None


def _finish(upload_id: UUID, problem: str | None, made: Converted | None = None) -> None:
    traces = made.traces if made else Traces()
    with housekeeping("uploads") as session:
        session.execute(
            _quietly(
                update(Upload)
                .where(Upload.id == upload_id)
                .values(
                    state=TakenIn.READY.value if made else TakenIn.REFUSED.value, text=made.text if made else None,
                    problem=problem, people=traces.people, has_comments=traces.has_comments,
                    has_tracked_changes=traces.has_tracked_changes,
                    has_hidden_words=traces.has_hidden_words, has_edges=traces.has_edges,
                    has_pictures=traces.has_pictures, leased_until=None, done_at=clock.now(),
                )
            )
        )  # fmt: skip


def _forget_blobs(before: datetime) -> None:
    """Delete old files to which no row of any table refers, one at a time: each may be large."""
    unused = Blob.created_at < before
    for column in _references():
        unused &= ~exists().where(column == Blob.sha256)
    with database.engine.connect() as connection:
        names = list(connection.scalars(select(Blob.sha256).where(unused).limit(AT_A_TIME)))
    for sha256 in names:
        try:
            with housekeeping("uploads") as session:
                session.execute(_quietly(delete(Blob).where(Blob.sha256 == sha256, unused)))
        except IntegrityError:
            log.info("a file is in use again and stays")


def _references() -> list[Any]:
    """Every column of every table that refers to a blob."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is Blob.__table__.c.sha256 for key in column.foreign_keys)
    ]


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
