"""How much more a council's portfolio costs when it leads a hundred thousand projects, not a thousand.

One database holds both councils; what they lead differs in phase, status and theme, and what portfolios are kept in is
made by `rebuild_portfolios`, whose time is told. What is asked for is the board, the table, each narrowed, the
comparison, and the API, in the process itself, each in turns with the same of the other council. The addresses have a
query, because pages without one are kept.

    python -m benchmarks.portfolios                                some minutes
    python -m benchmarks.portfolios --database postgresql --many 10000
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import insert
from sqlalchemy.engine import URL

from benchmarks.copies import emptied
from benchmarks.costs import caller, in_turns
from benchmarks.report import Growth, growth_table
from benchmarks.seed import application
from pipeline.councils.models import Council
from pipeline.db.engine import WRITES, database
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.portfolios.index import rebuild_portfolios
from pipeline.projects.models import Project, ProjectTheme
from pipeline.projects.vocabulary import PHASES, THEMES

FEW, MANY = 1_000, 100_000
RUNS = 41
ASKED, GOAL = 1.5, 1.2
AT_ONCE = 5_000
STATUSES = ("open", "going_ahead", "finished", "stopped", "lapsed")
RARE, SO_MANY = THEMES[0].value, 60
"""A theme that so many projects of either council are about, old and new."""
PATHS = (
    ("portfolio-board", "/councils/{}/portfolio?view=board"),
    ("portfolio-board-open", "/councils/{}/portfolio?status=open"),
    ("portfolio-table", "/councils/{}/portfolio?view=table"),
    ("portfolio-table-alpha", "/councils/{}/portfolio?view=table&phase=alpha"),
    ("portfolio-table-leads", "/councils/{}/portfolio?view=table&role=leads"),
    ("portfolio-table-cell", "/councils/{}/portfolio?view=table&phase=beta&status=lapsed"),
    ("portfolio-table-theme", f"/councils/{{}}/portfolio?view=table&theme={THEMES[1].value}"),
    ("portfolio-table-rare", f"/councils/{{}}/portfolio?view=table&theme={RARE}"),
    ("portfolio-board-rare", f"/councils/{{}}/portfolio?theme={RARE}&status=open"),
    ("portfolio-table-due", "/councils/{}/portfolio?view=table&due=yes"),
    ("portfolio-table-late", "/councils/{}/portfolio?view=table&measures=late"),
    ("portfolio-compare", "/councils/{}/portfolio/compare?again=1"),
    ("portfolio-api", "/api/v1/councils/{}/portfolio?role=leads"),
)
"""What is asked for, with the council's slug to fill in."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An application whose database holds a council with few projects and one with many."""

    app: Flask
    few: str
    many: str
    rebuilt_in: float
    """Seconds that making all portfolios took."""


@contextmanager
def scene(url: URL, many: int) -> Iterator[Scene]:
    """Make both councils in an empty database, with its schema."""
    from flask_migrate import upgrade

    app = application(url)
    with app.app_context():
        upgrade()
        with database.engine.execution_options(**{WRITES: True}).begin() as connection:
            slugs = [_council(connection, f"leads-{number}", number) for number in (FEW, many)]
        begun = perf_counter()
        rebuild_portfolios()
        taken = perf_counter() - begun
        if url.get_backend_name() == "postgresql":
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
    yield Scene(app, slugs[0], slugs[1], taken)
    with app.app_context():
        database.session.remove()
        database.engine.dispose()


def _council(connection: Any, slug: str, projects: int) -> str:
    """A council that leads so many projects; its slug."""
    council_id, now = new_id(), clock.now()
    connection.execute(insert(Council).values(
        id=council_id, slug=slug, name=f"{slug.title()} Council", short_name=slug.title(), region="South West",
        kind="non-metropolitan district", nation="England", is_principal=True, is_active=True,
        authority_code=slug[-9:], projects_led=projects,
    ))  # fmt: skip
    for start in range(0, projects, AT_ONCE):
        rows = [_project(slug, council_id, number, now) for number in range(start, min(start + AT_ONCE, projects))]
        connection.execute(insert(Project), rows)
        connection.execute(
            insert(ProjectTheme),
            [{"project_id": row["id"], "theme": _theme(start + place, projects)} for place, row in enumerate(rows)],
        )
    return slug


def _theme(number: int, projects: int) -> str:
    return RARE if number % max(projects // SO_MANY, 1) == 0 else THEMES[1 + number % (len(THEMES) - 1)].value


def _project(slug: str, council_id: Any, number: int, now: Any) -> dict[str, Any]:
    phase = (*PHASES, None)[number % (len(PHASES) + 1)]
    return {
        "id": new_id(), "slug": f"{slug}-{number}", "council_id": council_id, "title": f"Project {number} of {slug}",
        "summary": "A summary.", "phase": phase.value if phase else None, "status": STATUSES[number % len(STATUSES)],
        "mode": "flexible", "is_public": True, "created_at": now, "published_at": now,
        "updated_at": now - timedelta(seconds=number), "pledged_half_days": number % 40,
    }  # fmt: skip


def measured(made: Scene, name: str, path: str, what: str, runs: int) -> Growth:
    """Ask for an address of both councils so many times, in turns."""
    calls = [caller(made.app, path.format(slug), {}) for slug in (made.few, made.many)]
    less, more, ratio = in_turns(calls[0], calls[1], runs)
    return Growth(name, what, more, less, ratio, ASKED, GOAL)


def main() -> int:
    """Measures and prints. The result is the exit code: 1 where a page costs more than is asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--many", type=int, default=MANY)
    asked = parser.parse_args()
    what = f"{asked.many:,} projects beside {FEW:,}"
    with emptied(asked.database) as url, scene(url, asked.many) as made:
        print(f"All portfolios were made in {made.rebuilt_in:.1f} s.")
        growths = [measured(made, name, path, what, asked.runs) for name, path in PATHS]
    print(growth_table(growths))
    return 1 if any(one.is_slow for one in growths) else 0


if __name__ == "__main__":
    sys.exit(main())
