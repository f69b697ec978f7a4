"""Portfolios know the themes and the measures of their projects.

Entries and counts are made anew from what was kept, as the listener would write them: each project once under no theme
and once under each of its own, with whether it measures anything and the first day of a target that is not met.
"""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
AMOUNTS = tuple(f"{name}_{unit}" for name in ("pledged", "committed", "delivered") for unit in ("half_days", "pence"))
INDEXES = (
    ("ix_portfolio_entry_updated_at", ["council_id", "theme", "updated_at", "project_id"]),
    ("ix_portfolio_entry_phase", ["council_id", "theme", "phase", "updated_at", "project_id"]),
    ("ix_portfolio_entry_status", ["council_id", "theme", "status", "updated_at", "project_id"]),
    ("ix_portfolio_entry_role", ["council_id", "theme", "role", "updated_at", "project_id"]),
    ("ix_portfolio_entry_cell", ["council_id", "theme", "phase", "status", "role"]),
    ("ix_portfolio_entry_decision_on", ["council_id", "theme", "status", "decision_on"]),
    ("ix_portfolio_entry_is_measured", ["council_id", "theme", "is_measured", "updated_at", "project_id"]),
    ("ix_portfolio_entry_target_due_on", ["council_id", "theme", "target_due_on"]),
    ("ix_portfolio_entry_project_id", ["project_id"]),
)
KEPT = ("council_id", "project_id", "role", "phase", "status", "decision_on", "updated_at", *AMOUNTS)


def upgrade() -> None:
    """Make both tables again with the theme in their keys, and fill them from what they held."""
    op.execute(f"CREATE TABLE portfolio_before AS SELECT {', '.join(KEPT)} FROM portfolio_entry")  # noqa: S608 - our own names
    op.drop_table("portfolio_entry")
    op.drop_table("portfolio_count")
    _entries()
    _counts()
    _fill()
    op.drop_table("portfolio_before")


def _entries() -> None:
    op.create_table(
        "portfolio_entry",
        sa.Column("council_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("is_measured", sa.Boolean(), nullable=False),
        sa.Column("target_due_on", sa.Date(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.CheckConstraint("role IN ('leads', 'partner')", name=op.f("ck_portfolio_entry_role_known")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_portfolio_entry_council_id_council")),
        sa.PrimaryKeyConstraint("council_id", "project_id", "theme", name=op.f("pk_portfolio_entry")),
    )
    for name, columns in INDEXES:
        op.create_index(name, "portfolio_entry", columns, unique=False)


def _counts() -> None:
    op.create_table(
        "portfolio_count",
        sa.Column("council_id", ID, nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.CheckConstraint("role IN ('leads', 'partner')", name=op.f("ck_portfolio_count_role_known")),
        sa.CheckConstraint("projects >= 0", name=op.f("ck_portfolio_count_projects_not_negative")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_portfolio_count_council_id_council")),
        sa.PrimaryKeyConstraint("council_id", "theme", "role", "phase", "status", name=op.f("pk_portfolio_count")),
    )
    counted = ["theme", "status", "role", "council_id"]
    op.create_index("ix_portfolio_count_theme", "portfolio_count", counted, unique=False)


IS_MEASURED = "EXISTS (SELECT 1 FROM measure WHERE measure.project_id = kept.project_id AND measure.ended_at IS NULL)"
LAST = """(
    SELECT last.value FROM measure_reading AS last
    WHERE last.measure_id = measure.id
    AND (last.update_id IS NULL OR last.update_id IN (SELECT id FROM project_update WHERE status = 'published'))
    AND NOT EXISTS (SELECT 1 FROM measure_reading AS other WHERE other.corrects_id = last.id)
    ORDER BY last.read_on DESC, last.id DESC LIMIT 1
)"""
TARGET_DUE_ON = f"""(
    SELECT min(measure.target_on) FROM measure
    WHERE measure.project_id = kept.project_id AND measure.ended_at IS NULL AND measure.kind = 'outcome'
    AND measure.target IS NOT NULL
    AND ({LAST} IS NULL OR NOT CASE WHEN measure.better = 'more' THEN {LAST} >= measure.target
         ELSE {LAST} <= measure.target END)
)"""  # noqa: S608 - our own names


def _fill() -> None:
    names = ", ".join(KEPT)
    kept = ", ".join(f"kept.{name}" for name in KEPT)
    into = f"INSERT INTO portfolio_entry ({names}, theme, is_measured, target_due_on)"
    columns = f"{kept}, {{}}, {IS_MEASURED}, {TARGET_DUE_ON} FROM portfolio_before AS kept"
    op.execute(f"{into} SELECT {columns.format(repr(''))}")
    op.execute(
        f"{into} SELECT {columns.format('project_theme.theme')} "
        "JOIN project_theme ON project_theme.project_id = kept.project_id"
    )
    sums = ", ".join(f"sum({name})" for name in AMOUNTS)
    key = "council_id, theme, role, phase, status"
    op.execute(
        f"INSERT INTO portfolio_count ({key}, projects, {', '.join(AMOUNTS)}) "  # noqa: S608 - our own names
        f"SELECT {key}, count(*), {sums} FROM portfolio_entry GROUP BY {key}"
    )
