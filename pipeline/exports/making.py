"""Making the files: all kinds from one snapshot, a page of rows at a time, written in pieces as they fill up.

None of it is an act of the trade, so it is housekeeping: many short transactions, and a last one from which on the new
files are given out instead of the old. The worker does it in a thread of its own and rests after every page.
"""

import hashlib
import logging
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pipeline.db.engine import database
from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.snapshot import snapshot
from pipeline.db.work import Reading, housekeeping
from pipeline.exports.keeping import PIECE, lost_since
from pipeline.exports.kinds import Form, Kind, Row, header_of, lines_of
from pipeline.exports.models import Export, ExportFile, ExportPiece, ExportState
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id

log = logging.getLogger(__name__)

RENEWED_AFTER = timedelta(hours=1)
"""How old the files may grow when something has changed."""

PAUSE = timedelta(minutes=1)
"""Between one beginning and the next, however often something is taken away or making them fails."""

LEASE = timedelta(minutes=2)
"""How long a worker that says nothing is thought to be at it."""

KEPT_REPLACED = timedelta(minutes=15)
"""Whoever is in the middle of a file when it is replaced can finish it."""

PACE = 0.25
"""The part of its time that the maker rests, so that its worker and its machine do something else as well."""

LEVEL = 3
"""Of compression. A higher one takes twice the time and saves a tenth."""

FORGOTTEN_AT_A_TIME = 20


class GivenUp(Exception):
    """The worker is to stop, or another has taken over: the files are left unmade."""


Rest = Callable[[float], object]
"""Rests for so many seconds; says yes if the worker is to stop."""


def tend_exports(kinds: Sequence[Kind], release: str, rest: Rest = time.sleep) -> int:
    """Make the files anew if they are due, and forget old ones; returns how much there was to do."""
    done = 0
    with database.engine.connect() as connection, Session(connection) as session:
        known = session.scalars(select(Export)).all()
        old = [one.id for one in known if _is_over(one)]
        is_due = _is_due(session, known, release)
    if is_due and (export_id := _claim(release)):
        _make(export_id, kinds, rest)
        done += 1
    for export_id in old:
        _forget(export_id)
        done += 1
    return done


def _is_due(session: Session, known: Sequence[Export], release: str) -> bool:
    now = clock.now()
    if any(now - one.began_at < PAUSE for one in known):
        return False
    if any(one.state == ExportState.MAKING and one.leased_until > now for one in known):
        return False
    kept = next((one for one in known if one.state == ExportState.KEPT), None)
    if kept is None or kept.release != release or lost_since(session, kept):
        return True
    last_public = session.scalars(select(EventCounter.last_public)).one()
    return now - kept.began_at >= RENEWED_AFTER and last_public > kept.public_sequence


def _is_over(export: Export) -> bool:
    now = clock.now()
    if export.state == ExportState.FAILED:
        return now - export.began_at >= PAUSE
    return (
        export.state == ExportState.REPLACED and export.ended_at is not None and now - export.ended_at > KEPT_REPLACED
    )


def _claim(release: str) -> UUID | None:
    """Take it on; None where another worker has. One that has said nothing for too long is taken for dead."""
    now, export_id = clock.now(), new_id()
    with suppress(IntegrityError), housekeeping("exports") as session:
        session.execute(
            _quietly(
                update(Export)
                .where(Export.state == ExportState.MAKING.value, Export.leased_until < now)
                .values(state=ExportState.FAILED.value)
            )
        )
        session.add(
            Export(
                id=export_id, state=ExportState.MAKING.value, began_at=now, leased_until=now + LEASE, release=release
            )
        )
        session.flush()
        return export_id
    return None


def _make(export_id: UUID, kinds: Sequence[Kind], rest: Rest) -> None:
    try:
        with snapshot(database.engine) as session:
            _mark(export_id, session)
            reading = Reading(session, ANONYMOUS, clock.now())
            for kind in kinds:
                _write_kind(export_id, kind, reading, rest)
        _give_out(export_id)
    except GivenUp:
        _forget(export_id)
    except Exception:
        log.exception("the exports could not be made; they are tried again")
        _set_aside(export_id)


def _mark(export_id: UUID, session: Session) -> None:
    """Begin the snapshot: write down its moment, and where the log stands in it."""
    moment = clock.now()
    counter = session.execute(select(EventCounter.last, EventCounter.last_public)).one()
    last = session.scalar(select(LoggedEvent.id).where(LoggedEvent.sequence == counter.last))
    with _at_it(export_id) as own:
        own.execute(
            _quietly(
                update(Export)
                .where(Export.id == export_id)
                .values(
                    taken_at=moment, sequence=counter.last, public_sequence=counter.last_public, event_id=last
                )
            )
        )  # fmt: skip


def _write_kind(export_id: UUID, kind: Kind, reading: Reading, rest: Rest) -> None:
    """Write the files of a kind, side by side: each page of rows is read once."""
    files = [_File(export_id, kind, form) for form in Form]
    for rows in _paced(kind.pages(reading), rest):
        for file in files:
            file.add(rows)
        reading.session.expunge_all()
    for file in files:
        file.end()


def _paced(pages: Iterator[Sequence[Row]], rest: Rest) -> Iterator[Sequence[Row]]:
    """Pages, with a rest after each in proportion to the work on it. Raises GivenUp."""
    began = time.monotonic()
    for rows in pages:
        yield rows
        if rest((time.monotonic() - began) * PACE):
            raise GivenUp
        began = time.monotonic()


class _File:
    """A file while it is written: what waits to fill a piece, and what is known of the whole so far."""

    def __init__(self, export_id: UUID, kind: Kind, form: Form) -> None:
        self._export_id, self._kind, self._form = export_id, kind, form
        self._id = new_id()
        self._waiting = bytearray()
        self._hash = hashlib.sha256()
        self._rows = self._size = self._pieces = 0
        with _at_it(export_id) as session:
            session.add(ExportFile(id=self._id, export_id=export_id, name=kind.file_name(form)))
        if form is Form.CSV:
            self._add(header_of(kind))

    def add(self, rows: Sequence[Row]) -> None:
        """Write rows."""
        self._rows += len(rows)
        self._add(lines_of(self._kind, self._form, rows))

    def end(self) -> None:
        """Write what is left, and what is known of the whole file."""
        if self._waiting:
            self._keep(bytes(self._waiting))
        known = {"size": self._size, "rows": self._rows, "sha256": self._hash.hexdigest()}
        with _at_it(self._export_id) as session:
            session.execute(_quietly(update(ExportFile).where(ExportFile.id == self._id).values(**known)))

    def _add(self, content: bytes) -> None:
        self._hash.update(content)
        self._size += len(content)
        self._waiting += content
        while len(self._waiting) >= PIECE:
            self._keep(bytes(self._waiting[:PIECE]))
            del self._waiting[:PIECE]

    def _keep(self, content: bytes) -> None:
        packed = zlib.compress(content, LEVEL)
        with _at_it(self._export_id) as session:
            session.add(ExportPiece(file_id=self._id, number=self._pieces, content=packed))
        self._pieces += 1


@contextmanager
def _at_it(export_id: UUID) -> Iterator[Session]:
    """Write something of a set of files, and say that somebody is at it. Raises GivenUp where another took over."""
    with housekeeping("exports") as session:
        mine = (Export.id == export_id) & (Export.state == ExportState.MAKING.value)
        renewal = update(Export).where(mine).values(leased_until=clock.now() + LEASE)
        result: CursorResult[Any] = session.execute(_quietly(renewal))  # type: ignore[assignment]
        if result.rowcount != 1:
            raise GivenUp
        yield session


def _give_out(export_id: UUID) -> None:
    """Give the new files out from now on, and the old ones no more. Those from which something was taken away are not
    even kept for who is in the middle of one."""
    now = clock.now()
    with _at_it(export_id) as session:
        former = session.scalars(select(Export).where(Export.state == ExportState.KEPT.value)).first()
        if former is not None:
            former.state, former.ended_at = ExportState.REPLACED.value, _ended(session, former, now)
            session.flush()
        session.execute(_quietly(update(Export).where(Export.id == export_id).values(state=ExportState.KEPT.value)))


def _ended(session: Session, former: Export, now: datetime) -> datetime:
    return now - KEPT_REPLACED * 2 if lost_since(session, former) else now


def _set_aside(export_id: UUID) -> None:
    with housekeeping("exports") as session:
        mine = (Export.id == export_id) & (Export.state == ExportState.MAKING.value)
        session.execute(_quietly(update(Export).where(mine).values(state=ExportState.FAILED.value)))


def _forget(export_id: UUID) -> None:
    """Delete a set of files, some pieces at a time: each holds up nobody for long."""
    files = select(ExportFile.id).where(ExportFile.export_id == export_id)
    key = ExportPiece.file_id, ExportPiece.number
    while True:
        with housekeeping("exports") as session:
            pieces = session.execute(select(*key).where(ExportPiece.file_id.in_(files)).limit(FORGOTTEN_AT_A_TIME))
            found = pieces.all()
            for file_id, number in found:
                this = (ExportPiece.file_id == file_id) & (ExportPiece.number == number)
                session.execute(_quietly(delete(ExportPiece).where(this)))
            if len(found) < FORGOTTEN_AT_A_TIME:
                session.execute(_quietly(delete(ExportFile).where(ExportFile.export_id == export_id)))
                session.execute(_quietly(delete(Export).where(Export.id == export_id)))
                return


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
