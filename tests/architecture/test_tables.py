"""Models and migrations agree, on both databases; and every table is made so that nothing is lost or slow."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import DateTime, ForeignKeyConstraint, Numeric, inspect
from sqlalchemy import types as sql_types
from sqlalchemy.orm import RelationshipProperty

from config import ROOT
from pipeline.db.base import Base, UtcDateTime
from pipeline.db.engine import WRITES, database
from pipeline.db.housekeeping import HOUSEKEEPING
from pipeline.db.readiness import known_head
from tests.conftest import make_application

MOMENT = re.compile(r".*_at$|^at$|leased_until")
DATE = re.compile(r".*_on$|last_day|sign_off_by|stands_until")
TRUTH = re.compile(r"(is|has|was|keeps)_.*")


def included(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Leave out the full-text index, which differs between the databases."""
    return not (name or "").startswith(("search_entry_index", "ix_search_entry_words")) and not (
        kind == "column" and name == "words"
    )


@pytest.mark.database
def test_the_newest_migration_makes_exactly_the_tables_of_the_models(app: Flask) -> None:
    with app.app_context(), database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": included})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.database
def test_the_history_runs_again_without_effect(app: Flask) -> None:
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
        with database.engine.connect() as connection:
            assert MigrationContext.configure(connection).get_current_revision() == known_head()


@pytest.mark.database
def test_the_counter_of_the_log_has_its_row_from_the_first_migration(app: Flask) -> None:
    with app.app_context(), database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT id FROM event_counter").all() == [(1,)]


@pytest.mark.pure
def test_migrations_are_numbered_in_one_line_and_only_go_forward() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    history = list(reversed(list(script.walk_revisions())))

    assert script.get_heads() == [history[-1].revision]
    assert [one.revision for one in history] == [f"{number:04d}" for number in range(1, len(history) + 1)]
    for one in history:
        assert "def downgrade" not in Path(one.path).read_text(encoding="utf-8")


def test_a_database_without_a_schema_is_not_ready(tmp_path: object) -> None:
    from config import Settings
    from pipeline.app import create_app

    app = create_app(
        Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": f"sqlite:///{tmp_path}/new.db"})
    )

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["status"] == "not ready"


def test_a_table_the_migrations_do_not_know_is_seen(tmp_path: object, database_urls: Callable[[str], str]) -> None:
    app = make_application(f"sqlite:///{tmp_path}/other.db")
    with app.app_context(), database.engine.connect().execution_options(**{WRITES: True}) as connection:
        connection.exec_driver_sql("ALTER TABLE council DROP COLUMN website")
        context = MigrationContext.configure(connection, opts={"include_object": included})
        differences = compare_metadata(context, Base.metadata)
    assert [(one[0], one[3].name) for one in differences] == [("add_column", "website")]


def test_units_and_kinds_of_columns_follow_their_names(built: Flask) -> None:
    odd = []
    for table in Base.metadata.tables.values():
        for column in table.columns:
            kind = column.type
            if isinstance(kind, Numeric) and not isinstance(kind, sql_types.Integer | sql_types.BigInteger):
                odd.append(f"{table.name}.{column.name}: not a whole number")
            if MOMENT.fullmatch(column.name) and not isinstance(kind, UtcDateTime):
                odd.append(f"{table.name}.{column.name}: not an aware moment")
            if isinstance(kind, UtcDateTime) and not MOMENT.fullmatch(column.name):
                odd.append(f"{table.name}.{column.name}: a moment whose name does not say so")
            if isinstance(kind, sql_types.Date) and not DATE.fullmatch(column.name) and not column.name.endswith("_on"):
                odd.append(f"{table.name}.{column.name}: a date whose name does not say so")
            if isinstance(kind, sql_types.Boolean) and not TRUTH.fullmatch(column.name):
                odd.append(f"{table.name}.{column.name}: yes or no, and the name does not ask")
            if type(kind) is DateTime:
                odd.append(f"{table.name}.{column.name}: a moment without UtcDateTime")
    assert odd == []


def test_every_reference_is_a_foreign_key_that_can_be_followed_quickly(built: Flask) -> None:
    slow = []
    for table in Base.metadata.tables.values():
        leading = {next(iter(index.columns)).name for index in table.indexes if index.columns}
        leading |= {
            next(iter(one.columns)).name
            for one in table.constraints
            if getattr(one, "columns", None) and not isinstance(one, ForeignKeyConstraint)
        }
        many = {
            name
            for name in ("project_id", "need_id", "officer_id", "membership_id", "pledge_id")
            if name in table.columns
        }
        slow += [f"{table.name}.{name}" for name in many if name not in leading]
    assert sorted(slow) == KNOWN_TO_BE_LOOKED_UP_OTHERWISE


KNOWN_TO_BE_LOOKED_UP_OTHERWISE = [
    "adoption.officer_id",  # adoptions are a council's
    "adoption_move.officer_id",  # steps are read by adoption
    "artefact_draft.officer_id",  # drafts are read by document
    "artefact_merge.officer_id",  # so are merges
    "artefact_version.officer_id",  # and versions
    "authorisation.officer_id",  # nobody asks which pledges one officer authorised; the log does
    "checklist_answers.officer_id",  # answers are a council's
    "draft_check.project_id",  # a draft's checks are found by what they check
    "event.officer_id",  # the log is read by sequence, project and subject
    "lesson.officer_id",  # lessons are read by project, council and document
    "lesson_use.officer_id",  # who used a lesson is a council
    "measure.officer_id",  # measures are read by project
    "measure_reading.officer_id",  # readings are read by project and measure
    "project_update.officer_id",  # updates are read by project
    "suggestion.officer_id",  # suggestions are read by document, copy and council
    "terms_change.officer_id",  # changes of terms are read by project
]


def test_relationships_never_query_behind_a_templates_back(built: Flask) -> None:
    lazy = [
        f"{mapper.class_.__name__}.{one.key}"
        for mapper in Base.registry.mappers
        for one in mapper.attrs
        if isinstance(one, RelationshipProperty) and one.lazy != "raise"
    ]
    assert lazy == []


def test_every_table_that_housekeeping_may_write_exists(built: Flask) -> None:
    made_by_migration = {"search_entry_index"}

    assert set().union(*HOUSEKEEPING.values()) - set(Base.metadata.tables) <= made_by_migration


@pytest.mark.database
def test_both_databases_have_the_same_constraints_by_name(app: Flask) -> None:
    with app.app_context():
        tables = inspect(database.engine)
        for name, table in Base.metadata.tables.items():
            checks = {one["name"] for one in tables.get_check_constraints(name)}
            wanted = {one.name for one in table.constraints if type(one).__name__ == "CheckConstraint"}
            assert wanted <= checks, name
