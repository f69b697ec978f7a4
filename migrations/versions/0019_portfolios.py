"""Portfolios: each public project with each council that leads it or takes part, and what they come to.

Both tables begin empty: the listener hears the log from its beginning.
"""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
AMOUNTS = tuple(f"{name}_{unit}" for name in ("pledged", "committed", "delivered") for unit in ("half_days", "pence"))
INDEXES = (
    ("ix_portfolio_entry_updated_at", ["council_id", "updated_at", "project_id"]),
    ("ix_portfolio_entry_phase", ["council_id", "phase", "updated_at", "project_id"]),
    ("ix_portfolio_entry_status", ["council_id", "status", "updated_at", "project_id"]),
    ("ix_portfolio_entry_role", ["council_id", "role", "updated_at", "project_id"]),
    ("ix_portfolio_entry_decision_on", ["council_id", "decision_on"]),
    ("ix_portfolio_entry_project_id", ["project_id"]),
)


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "portfolio_entry",
        sa.Column("council_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.CheckConstraint("role IN ('leads', 'partner')", name=op.f("ck_portfolio_entry_role_known")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_portfolio_entry_council_id_council")),
        sa.PrimaryKeyConstraint("council_id", "project_id", name=op.f("pk_portfolio_entry")),
    )
    for name, columns in INDEXES:
        op.create_index(name, "portfolio_entry", columns, unique=False)
    op.create_table(
        "portfolio_count",
        sa.Column("council_id", ID, nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in AMOUNTS),
        sa.CheckConstraint("role IN ('leads', 'partner')", name=op.f("ck_portfolio_count_role_known")),
        sa.CheckConstraint("projects >= 0", name=op.f("ck_portfolio_count_projects_not_negative")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_portfolio_count_council_id_council")),
        sa.PrimaryKeyConstraint("council_id", "role", "phase", "status", name=op.f("pk_portfolio_count")),
    )
