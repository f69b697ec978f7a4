"""Made-up projects in bulk, kept in var/bench/ and used again while the schema, the register and the seed are the same.

    python -m benchmarks.seed 100000      seeds an SQLite file and says where it is

The register of councils goes in as `flask councils import` puts it in; all else comes from `rows.py`. An offer has a
date by which it is decided, so a seed is too old after three weeks and made anew.
"""

import argparse
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import URL, make_url

from benchmarks.loading import Loader, loading
from benchmarks.rows import SeedCouncil, Seeder, the_present
from benchmarks.servers import postgresql_in, settings_for
from config import ROOT, Settings
from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.councils.models import Council
from pipeline.db.engine import database
from pipeline.db.log import EventCounter
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import Channel, system
from pipeline.search.words import grams_of

KEPT = ROOT / "var" / "bench"
KEPT_FOR = timedelta(days=20)
SOURCES = (
    "benchmarks/seed.py",
    "benchmarks/rows.py",
    "benchmarks/words.py",
    "benchmarks/loading.py",
    "pipeline/councils/register/councils.csv",
)


_copies = count(1)


def say(sentence: str) -> None:
    """Tells whoever waits what is being done."""
    print(sentence, file=sys.stderr, flush=True)


def sqlite_seed(number: int) -> URL:
    """The SQLite file with so many projects, seeded now if there is none that still serves."""
    path = KEPT / f"projects-{number}-{fingerprint()}.db"
    if not _still_serves(path):
        KEPT.mkdir(parents=True, exist_ok=True)
        for old in KEPT.glob(f"projects-{number}-*"):
            old.unlink()
        part = path.with_suffix(".part")
        _timed(number, lambda: seed(URL.create("sqlite", database=str(part)), number))
        for beside in (Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-turn")):
            beside.unlink(missing_ok=True)
        part.rename(path)
    return URL.create("sqlite", database=str(path))


def postgresql_seed(server: URL, number: int) -> URL:
    """The same on a PostgreSQL server, in a database of its own. `server` names a database to connect to."""
    name = f"projects_{number}_{fingerprint()}"
    with _connected(server) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        if name not in names:
            for old in names:
                if old.startswith((f"projects_{number}_", "projects_part", "pledged_")):
                    connection.execute(f'DROP DATABASE "{old}"')
            connection.execute("CREATE DATABASE projects_part")
            _timed(number, lambda: seed(server.set(database="projects_part"), number))
            connection.execute(f'ALTER DATABASE projects_part RENAME TO "{name}"')
    return server.set(database=name)


@contextmanager
def seeds(kind: str) -> Iterator[Callable[[int], URL]]:
    """Says where the database of a kind with so many projects is, for as long as the block lasts."""
    if kind == "sqlite":
        yield sqlite_seed
        return
    with postgresql_in(KEPT / "postgresql") as server:
        yield partial(postgresql_seed, server)


@contextmanager
def copied(url: URL) -> Iterator[URL]:
    """A copy of a seeded database to write to, gone after the block."""
    if url.get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory(dir=KEPT, prefix="pledged-") as folder:
            copy = Path(folder) / "pledged.db"
            shutil.copyfile(url.database or "", copy)
            yield url.set(database=str(copy))
        return
    name = f"pledged_{os.getpid()}_{next(_copies)}"
    with _connected(url.set(database="postgres")) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{url.database}" STRATEGY FILE_COPY')
        try:
            yield url.set(database=name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _connected(url: URL) -> Any:
    return psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


def _timed(number: int, make: Callable[[], None]) -> None:
    say(f"Making {number:,} projects…")
    began = time.monotonic()
    make()
    say(f"Made {number:,} projects in {time.monotonic() - began:.0f} s.")


def _still_serves(path: Path) -> bool:
    return path.exists() and time.time() - path.stat().st_mtime < KEPT_FOR.total_seconds()


def fingerprint() -> str:
    """Changes with whatever a seed is made from: the schema, the register, the seed itself."""
    files = [ROOT / name for name in SOURCES] + sorted((ROOT / "migrations" / "versions").glob("*.py"))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:10]


def application(url: URL) -> Flask:
    """An application on a database, to prepare it with."""
    from pipeline.app import create_app

    environment = settings_for(url, 1) | {"PIPELINE_MODE": "test"}
    return create_app(Settings.from_environment(environment))


def seed(url: URL, number: int) -> None:
    """Make the schema, the register and so many projects in an empty database."""
    app = application(url)
    with app.app_context():
        councils = _with_register()
        first = database.session.execute(select(EventCounter.last)).scalar_one()
        database.session.remove()
        database.engine.dispose()
    seeder = Seeder(councils, number, first, the_present())
    with loading(url) as loader:
        for table, rows in seeder.people().items():
            loader.add(table, rows)
        for batch in seeder.projects():
            for table, rows in batch.items():
                if rows:
                    loader.add(table, rows)
        _keep_counters(loader, seeder)


def _with_register() -> list[SeedCouncil]:
    """Migrate, import the register, and return the councils that are there today."""
    from flask_migrate import upgrade

    upgrade()
    with unit_of_work(system("benchmark", Channel.COMMAND)) as work:
        import_councils(work, facts=register.rows())
    found = database.session.execute(
        select(Council.id, Council.slug, Council.kind, Council.nation, Council.region)
        .where(Council.is_active)
        .order_by(Council.slug)
    )
    return [SeedCouncil(str(row.id), row.slug, row.kind, row.nation, row.region) for row in found]


def _keep_counters(loader: Loader, seeder: Seeder) -> None:
    counted = seeder.counted
    loader.run(
        "UPDATE council SET projects_led = ?, projects_joined = ?, revision = revision + 1 WHERE id = ?",
        [(counted.led[council.id], counted.joined[council.id], council.id) for council in seeder.councils],
    )
    loader.add("search_word", list(counted.words.items()))
    loader.add("search_gram", [(gram, word) for word in counted.words for gram in grams_of(word)])
    # The index was written with the rows: who keeps it has nothing to hear, and nothing to write again.
    loader.add("listener_place", [("search", counted.last_sequence)])
    loader.run("DELETE FROM search_renewal", [()])
    loader.run("UPDATE event_counter SET last = ?, last_public = ?", [(counted.last_sequence, counted.last_sequence)])


def main() -> int:
    """Seeds what is asked for. The result is the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("number", type=int, help="how many projects")
    asked = parser.parse_args()
    print(make_url(str(sqlite_seed(asked.number))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
