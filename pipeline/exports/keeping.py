"""The set of files that is given out: which it is, whether it still may be, and the bytes of a part of a file.

A file is withheld once something that may stand in it was taken away from the public, until the worker has made it
anew. That is asked of the log at every request, not left to the worker: what is gone is gone from here in that moment.
"""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from pipeline.db.log import EventCounter, LoggedEvent
from pipeline.db.work import Reading
from pipeline.exports.models import Export, ExportFile, ExportPiece, ExportState
from pipeline.kernel.event import CATALOGUE

PIECE = 2**18
"""Bytes of a file in one piece: what a reader of a few bytes has to unpack, and what the worker writes at a time."""


class Replaced(Exception):
    """The file was replaced while somebody read it."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is given out."""

    id: UUID
    name: str
    size: int
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class KeptExport:
    """The set of files that is given out: from which moment, the last event before it, and the files by name."""

    id: UUID
    taken_at: datetime
    event_id: UUID | None
    files: Mapping[str, KeptFile]


def export_given_out(reading: Reading) -> KeptExport | None:
    """The set of files that is given out now, without those that are withheld; None while there is no set."""
    session = reading.session
    export = session.scalars(select(Export).where(Export.state == ExportState.KEPT.value)).first()
    if export is None or export.taken_at is None:
        return None
    lost = lost_since(session, export)
    files = session.scalars(select(ExportFile).where(ExportFile.export_id == export.id))
    kept = {
        one.name: KeptFile(one.id, one.name, one.size, one.rows, one.sha256)
        for one in files
        if not is_withheld(one.name.partition(".")[0], lost)
    }
    return KeptExport(export.id, export.taken_at, export.event_id, kept)


def part_of(engine: Engine, file: KeptFile, begin: int, end: int) -> Iterator[bytes]:
    """The bytes of a file from `begin` up to but not including `end`, piece by piece.

    Each piece is read by itself: a slow reader holds no connection. Raises Replaced where the file is gone meanwhile.
    """
    for number in range(begin // PIECE, -(-end // PIECE)):
        piece = select(ExportPiece.content).where(ExportPiece.file_id == file.id, ExportPiece.number == number)
        with engine.connect() as connection:
            content = connection.scalar(piece)
        if content is None:
            raise Replaced(file.name)
        start = number * PIECE
        yield zlib.decompress(content)[max(begin - start, 0) : end - start]


HOLDING: dict[str, frozenset[str]] = {
    "interest": frozenset({"interests"}),
    "update": frozenset({"updates", "comments", "readings"}),
    "lesson": frozenset({"lessons"}),
    "pledge": frozenset({"pledges"}),
    "version": frozenset({"artefacts", "versions", "suggestions", "lessons"}),
    "comment": frozenset({"comments"}),
    "suggestion": frozenset({"suggestions", "comments"}),
    "officer": frozenset({"updates", "lessons", "comments"}),
}
"""In which files there is something of what was taken away, by what the event was about. Anything else: in all."""

_looked: dict[UUID, tuple[int, frozenset[str]]] = {}
"""Up to which event this process has looked for what was taken away since a set was made, and what that was."""


def is_withheld(kind: str, lost: frozenset[str]) -> bool:
    """Whether the files of a kind may hold something that was taken away. `lost` says what, as `lost_since` does."""
    return any(kind in HOLDING.get(subject, frozenset({kind})) for subject in lost)


def lost_since(session: Session, export: Export) -> frozenset[str]:
    """The kinds of subjects of which something was taken away since a set of files was made."""
    start, lost = _looked.get(export.id, (export.sequence, frozenset[str]()))
    last = session.scalars(select(EventCounter.last)).one()
    if last > start:
        since = (LoggedEvent.sequence > start, LoggedEvent.sequence <= last, LoggedEvent.name.in_(_taking_away()))
        lost |= frozenset(session.scalars(select(LoggedEvent.subject_type).where(*since).distinct()))
        _looked.clear()
        _looked[export.id] = (last, lost)
    return lost


@cache
def _taking_away() -> tuple[str, ...]:
    """The names of the events with which something is gone. Every subject has declared its own by now."""
    return tuple(sorted(name for name, event in CATALOGUE.items() if event.takes_away))
