"""How long this machine's disk takes to keep one commit of SQLite: no pledge on it can take less.

    python -m benchmarks.disk

A commit is kept when it survives a power cut (`synchronous=FULL`), and on SQLite commits come one after the other. So
the pledges a second of `benchmarks.run` lie below the commits a second that are printed here, however fast the code is.
"""

import statistics
import tempfile
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine, text

from benchmarks.seed import KEPT
from pipeline.db.engine import WRITES, prepare_engine

COMMITS = 300
BYTES = 8_000
"""About what one pledge changes: its row, its events, sums, and what is read by indexes."""


def milliseconds_of_a_commit(folder: Path, commits: int = COMMITS) -> float:
    """The middle of so many commits of a row, each kept before the next begins, in a file in this folder."""
    engine = create_engine(f"sqlite:///{folder / 'disk.db'}", execution_options={WRITES: True})
    prepare_engine(engine)
    taken = []
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE kept (content BLOB)"))
        connection.commit()
        for _ in range(commits):
            connection.execute(text("INSERT INTO kept VALUES (randomblob(:bytes))"), {"bytes": BYTES})
            begun = perf_counter()
            connection.commit()
            taken.append((perf_counter() - begun) * 1_000)
    engine.dispose()
    return statistics.median(taken)


def said(milliseconds: float) -> str:
    """The figure in a sentence."""
    return f"The disk keeps a commit in {milliseconds:.1f} ms: {1_000 / milliseconds:,.0f} a second at most."


def sentence() -> str:
    """Measures where the seeds are, and says it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        return said(milliseconds_of_a_commit(Path(folder)))


if __name__ == "__main__":
    print(sentence())
