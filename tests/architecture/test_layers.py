"""Imports run downwards only, packages of one layer do not know each other, and pure files touch no world."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.source import HEIGHT, Source, sources, written

pytestmark = pytest.mark.pure

WEB_LIBRARIES = {
    "flask",
    "flask_login",
    "flask_wtf",
    "flask_smorest",
    "wtforms",
    "marshmallow",
    "webargs",
    "werkzeug",
    "govuk_frontend_wtf",
}
FLASK_BELOW_HTTP = {"pipeline.db.engine": {"flask", "flask_sqlalchemy"}}
"""The one exception: the Flask-SQLAlchemy object."""

PURE_NAMES = {
    "rules", "policy", "events", "messages", "vocabulary", "diff", "merge", "conditions", "shortfall",
    "condition_rules", "waiting_words", "comparison", "comparison_forms", "diff_blocks", "diff_runs", "diff_words",
    "diff_wording", "addresses", "signing",
}  # fmt: skip
WORLD = WEB_LIBRARIES | {
    "sqlalchemy",
    "alembic",
    "psycopg",
    "flask_sqlalchemy",
    "flask_migrate",
    "requests",
    "socket",
    "smtplib",
    "subprocess",
}
CLOCK = {"pipeline.kernel.clock.now", "pipeline.kernel.clock.today", "time.time", "time.monotonic"}
KERNEL_OF_THE_CLOCK = {"pipeline.kernel.clock", "pipeline.kernel.ids"}
"""Where time itself is told: everything else in the kernel is given it."""


def upward_imports(files: Iterable[Source]) -> Iterator[str]:
    """Every import that does not run down."""
    for source in files:
        here = HEIGHT.get(source.package)
        if source.package and here is None:
            yield f"{source.name}: the package {source.package!r} is in no layer"
            continue
        for imported in source.imports():
            parts = imported.split(".")
            if parts[0] != "pipeline" or len(parts) < 2 or parts[1] == source.package:
                continue
            there = HEIGHT.get(parts[1])
            if there is None and parts[1] not in ("RELEASE",):
                yield f"{source.name} imports {imported}, which is in no layer"
            elif there is not None and (here is None or there >= here):
                yield f"{source.name} imports {imported}"


def web_libraries_below_http(files: Iterable[Source]) -> Iterator[str]:
    """Every import of Flask, WTForms or marshmallow beneath the layer `http`."""
    for source in files:
        if HEIGHT.get(source.package, -1) >= HEIGHT["http"]:
            continue
        found = {one.split(".")[0] for one in source.imports()} & (
            WEB_LIBRARIES | {"flask_sqlalchemy", "flask_migrate"}
        )
        yield from (f"{source.name} imports {one}" for one in sorted(found - FLASK_BELOW_HTTP.get(source.name, set())))


def impure_files(files: Iterable[Source]) -> Iterator[str]:
    """Every import of a pure file that touches the world, and every look at the clock."""
    for source in files:
        is_subject = source.package not in ("web", "api", "cli", "http", "app", "db", "")
        is_kernel = source.package == "kernel"
        if not is_kernel and not (is_subject and source.path.stem in PURE_NAMES):
            continue
        imported = set(source.imports())
        yield from (f"{source.name} imports {one}" for one in sorted(imported) if one.split(".")[0] in WORLD)
        yield from (f"{source.name} imports {one}" for one in sorted(imported) if one.startswith("pipeline.db."))
        if source.name not in KERNEL_OF_THE_CLOCK and (imported & CLOCK or _looks_at_the_clock(source)):
            yield f"{source.name} looks at the clock"


def _looks_at_the_clock(source: Source) -> bool:
    return any(
        look in source.text for look in ("clock.now(", "clock.today(", "datetime.now(", "date.today(", "time.time(")
    )


def test_imports_run_down() -> None:
    assert list(upward_imports(sources())) == []


def test_flask_and_its_kin_are_imported_from_http_upwards() -> None:
    assert list(web_libraries_below_http(sources())) == []


def test_rules_policies_events_and_the_kernel_touch_no_world() -> None:
    assert list(impure_files(sources())) == []


@pytest.mark.parametrize(
    "file, text, complaint",
    [
        ("pipeline/councils/queries.py", "from pipeline.projects import rules", "imports pipeline.projects.rules"),
        ("pipeline/web/pages.py", "from pipeline.api.base import answer", "imports pipeline.api.base.answer"),
        ("pipeline/http/x.py", "def f():\n    from pipeline.web import home", "imports pipeline.web.home"),
        ("pipeline/accounts/x.py", "from ..pledges import rules", "imports pipeline.pledges.rules"),
        ("pipeline/accounts/__init__.py", "from ..pledges import rules", "imports pipeline.pledges.rules"),
        ("pipeline/councils/x.py", "import pipeline.app", "imports pipeline.app"),
        ("pipeline/wildlife/rules.py", "", "in no layer"),
    ],
)
def test_an_arrow_that_runs_up_is_seen(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    written(tmp_path, {file: text})

    assert any(complaint in found for found in upward_imports(sources(tmp_path)))


def test_an_arrow_that_runs_down_is_left_alone(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"pipeline/web/pages.py": "from pipeline import RELEASE\nfrom pipeline.pledges import rules"},
    )

    assert list(upward_imports(sources(tmp_path))) == []


def test_flask_in_a_subject_is_seen(tmp_path: Path) -> None:
    written(
        tmp_path,
        {"pipeline/pledges/actions.py": "from flask import request", "pipeline/db/engine.py": "import marshmallow"},
    )

    assert list(web_libraries_below_http(sources(tmp_path))) == [
        "pipeline.db.engine imports marshmallow", "pipeline.pledges.actions imports flask",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "file, text",
    [
        ("pipeline/pledges/rules.py", "from sqlalchemy import select"),
        ("pipeline/pledges/policy.py", "from pipeline.db.work import Reading"),
        ("pipeline/pledges/events.py", "from pipeline.kernel import clock\nthen = clock.now()"),
        ("pipeline/kernel/money.py", "import socket"),
        ("pipeline/kernel/money.py", "from datetime import date\ndate.today()"),
    ],
)
def test_a_pure_file_that_touches_the_world_is_seen(tmp_path: Path, file: str, text: str) -> None:
    written(tmp_path, {file: text})

    assert len(list(impure_files(sources(tmp_path)))) == 1
