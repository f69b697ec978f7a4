"""One reading request at a time in each process, where the database is a file.

SQLite works inside the process, and its driver lets go of the interpreter at every row. Threads that answer side by
side then take the interpreter from each other row by row, each time with a wait: four of them together answer fewer
requests than one alone (`docs/performance.md`). So they take turns for the whole of an answer. Connections and slow
clients stay with gunicorn's threads; only the work waits. Whoever has waited `PATIENCE` goes ahead beside the one that
is slow: one long answer holds nobody up. PostgreSQL answers from elsewhere, and there nobody takes turns.
"""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 0.1
"""Seconds: some ten ordinary answers."""

READING = frozenset({"GET", "HEAD"})


class InTurn:
    """A WSGI application that answers one request to read at a time."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._turn = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Wait for the turn, at most `PATIENCE`, then answer."""
        if environ["REQUEST_METHOD"] not in READING:
            return self._app(environ, start_response)
        has_turn = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._app(environ, start_response)
        finally:
            if has_turn:
                self._turn.release()
