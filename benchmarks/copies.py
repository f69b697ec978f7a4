"""How much more the pages of a shared document cost when a thousand councils keep a copy of it, not ten.

One database holds both documents, each with three versions of a thousand words; every copy is an adopter too, one in
three of them up to date. What is asked for is the document, its register and its lineage, as pages and through the API,
in the process itself, each in turns with the same of the other document. A page shows at most fifty adopters and a
hundred copies: what is compared is a full page with one of ten rows.

    python -m benchmarks.copies                                    part of make bench
    python -m benchmarks.copies --database postgresql
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.engine import URL

from benchmarks.comparison import changed, written
from benchmarks.costs import caller, in_turns
from benchmarks.report import Growth, growth_table
from benchmarks.seed import application
from benchmarks.servers import postgresql_in
from pipeline.accounts.models import Officer
from pipeline.artefacts.blocks import hash_of
from pipeline.artefacts.models import Adoption, Artefact, Licence, Version
from pipeline.councils.models import Council
from pipeline.db.engine import WRITES, database
from pipeline.documents.markdown import document_html
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.projects.models import Project

FEW, MANY = 10, 1_000
WORDS = 1_000
RUNS = 201
ASKED, GOAL = 2.0, 1.5
PATHS = (
    ("copies-document", "/documents/{}"),
    ("copies-register", "/documents/{}/register"),
    ("copies-lineage", "/documents/{}/lineage"),
    ("copies-register-api", "/api/v1/artefacts/{}/register"),
    ("copies-lineage-api", "/api/v1/artefacts/{}/lineage"),
)
"""What is asked for, with the document's slug to fill in."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An application whose database holds a document with few copies and one with many."""

    app: Flask
    few: str
    many: str


@contextmanager
def scene(url: URL) -> Iterator[Scene]:
    """Make both documents in an empty database, with its schema."""
    from flask_migrate import upgrade

    app = application(url)
    with app.app_context():
        upgrade()
        with database.engine.execution_options(**{WRITES: True}).begin() as connection:
            few, many = (_document(connection, f"adopted-{number}", number) for number in (FEW, MANY))
        if url.get_backend_name() == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
    yield Scene(app, few, many)
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


def _document(connection: Any, slug: str, copies: int) -> str:
    """A document with so many adapted copies, each another council's; its slug."""
    now = clock.now()
    councils = [_council(f"{slug}-{number}") for number in range(copies + 1)]
    officer_id, project_id, original_id = new_id(), new_id(), new_id()
    connection.execute(insert(Council), councils)
    connection.execute(insert(Officer).values(
        id=officer_id, address=f"{slug}@example.org", person_key=slug, password_hash="", name="Sam Example",
        job_title="Policy officer", created_at=now, verified_at=now,
    ))  # fmt: skip
    connection.execute(insert(Project).values(
        id=project_id, slug=slug, council_id=councils[0]["id"], title=f"Documents of {slug}", summary="", problem="",
        problem_html="", phase="discovery", status="open", mode="flexible", is_public=True, keeps_documents=True,
        created_at=now, published_at=now, updated_at=now,
    ))  # fmt: skip
    licence = connection.execute(select(Licence.code).order_by(Licence.position).limit(1)).scalar_one()
    shared = {"project_id": project_id, "kind": "policy", "language": "en", "licence": licence, "is_public": True,
              "status": "published", "root_id": original_id, "created_at": now, "published_at": now,
              "updated_at": now}  # fmt: skip
    connection.execute(insert(Artefact).values(
        id=original_id, slug=slug, council_id=councils[0]["id"], title=f"A policy that {copies} adapted",
        current_number=3, last_number=3, adapted=copies, adoptions=copies, copies=copies, **shared,
    ))  # fmt: skip
    texts = [written(WORDS), changed(written(WORDS)), changed(written(WORDS), seed=3)]
    versions = [_version(original_id, number, text, officer_id, councils[0]["id"], licence)
                for number, text in enumerate(texts, 1)]  # fmt: skip
    connection.execute(insert(Version), versions)
    rows = [(new_id(), council, versions[number % 3]["id"]) for number, council in enumerate(councils[1:])]
    connection.execute(insert(Artefact), [
        {"id": copy_id, "slug": f"copy-{council['slug']}", "council_id": council["id"], "current_number": 1,
         "title": f"Policy of {council['short_name']}", "last_number": 1, "upstream_id": original_id,
         "base_id": base_id, "generation": 1, **shared}
        for copy_id, council, base_id in rows
    ])  # fmt: skip
    connection.execute(insert(Version), [
        _version(copy_id, 1, "Ours.\n", officer_id, council["id"], licence) for copy_id, council, _base in rows
    ])  # fmt: skip
    connection.execute(insert(Adoption), [
        {"id": new_id(), "artefact_id": original_id, "council_id": council["id"], "version_id": base_id,
         "copy_id": copy_id, "standing": "adapted", "officer_id": officer_id, "approved_by": "Cabinet",
         "approved_on": now.date(), "started_at": now - timedelta(minutes=place), "updated_at": now}
        for place, (copy_id, council, base_id) in enumerate(rows)
    ])  # fmt: skip
    return slug


def _council(slug: str) -> dict[str, Any]:
    return {
        "id": new_id(), "slug": slug, "name": f"{slug.title()} Council", "short_name": slug.title(),
        "kind": "non-metropolitan district", "nation": "England", "region": "South West", "is_principal": True,
        "is_active": True, "authority_code": slug.removeprefix("adopted-")[:9],
    }  # fmt: skip


def _version(
    artefact_id: UUID, number: int, text: str, officer_id: UUID, council_id: UUID, licence: str
) -> dict[str, Any]:
    return {
        "id": new_id(), "artefact_id": artefact_id, "number": number, "title": "A policy", "text": text,
        "html": document_html(text).html, "sha256": hash_of(text), "words": len(text.split()), "licence": licence,
        "change_note": "What was said in the consultation", "is_major": False, "officer_id": officer_id,
        "council_id": council_id, "published_at": clock.now(),
    }  # fmt: skip


def measure(database_kind: str = "sqlite", runs: int = RUNS) -> list[Growth]:
    """Ask for each address of both documents so many times, in turns."""
    with emptied(database_kind) as url, scene(url) as made:
        return [_measured(made, name, path, runs) for name, path in PATHS]


@contextmanager
def emptied(kind: str) -> Iterator[URL]:
    """A new, empty database, gone after the block."""
    with tempfile.TemporaryDirectory(prefix="pipeline-copies-") as folder:
        if kind == "sqlite":
            yield URL.create("sqlite", database=str(Path(folder) / "copies.db"))
            return
        with postgresql_in(Path(folder) / "postgresql") as url:
            yield url


def _measured(made: Scene, name: str, path: str, runs: int) -> Growth:
    few, many = (caller(made.app, path.format(slug), {}) for slug in (made.few, made.many))
    less, more, ratio = in_turns(few, many, runs)
    return Growth(name, f"{MANY:,} copies beside {FEW}", more, less, ratio, ASKED, GOAL)


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a page costs more than is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--runs", type=int, default=RUNS)
    asked = parser.parse_args()
    growths = measure(asked.database, asked.runs)
    print(growth_table(growths))
    return 1 if any(one.is_slow for one in growths) else 0


if __name__ == "__main__":
    sys.exit(main())
