"""Rows of the hottest lists as JSON, kept by each process while they say the same.

What a row shows has a revision, raised in the transaction of anything that changes it: the ETag of the thing is made of
it. So a row is written once for each revision, and a list that shows it again only puts it in its place. Which rows a
list holds is read anew each time, with what may be seen.
"""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

MOST_KEPT = 4_000
"""Rows one process keeps: some 1.7 kB each."""


class KeptRows:
    """The JSON of rows by id, each with the mark (version and revision) it was written for."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._kept: dict[Any, tuple[Any, orjson.Fragment]] = {}
        self._most = most

    def of(
        self, rows: Sequence[Any], mark_of: Callable[[Any], Any], shown: Callable[[list[Any]], list[dict[str, Any]]]
    ) -> list[orjson.Fragment]:
        """The JSON of rows (their first value is the id), in their order. `shown` writes those that are not kept."""
        # Another thread may make room between any two lines: this list is made from what this one has in hand.
        found = {row[0]: kept[1] for row in rows if (kept := self._kept.get(row[0])) and kept[0] == mark_of(row)}
        missing = [row for row in rows if row[0] not in found]
        for row, data in zip(missing, shown(missing) if missing else (), strict=True):
            found[row[0]] = orjson.Fragment(orjson.dumps(data))
            self._keep(row[0], mark_of(row), found[row[0]])
        return [found[row[0]] for row in rows]

    def _keep(self, row_id: Any, mark: Any, written: orjson.Fragment) -> None:
        if len(self._kept) >= self._most and row_id not in self._kept:
            self._kept = {}
        self._kept[row_id] = (mark, written)
