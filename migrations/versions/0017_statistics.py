"""The kept sums of the statistics. They are empty until the worker has heard the log, or `flask reconcile --mend`."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
JSON = pipeline.db.base.Json
MEASURES = (
    "projects", "pledges", "pledged_half_days", "pledged_pence", "committed_half_days", "committed_pence",
    "delivered_half_days", "delivered_pence", "answered_on_time", "answered_late", "not_answered", "adoptions",
    "adapted", "current", "behind_one", "behind_more", "councils",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "project_statistics",
        sa.Column("project_id", ID, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("part", JSON, nullable=False),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_statistics")),
    )
    op.create_table(
        "statistics_sum",
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in MEASURES),
        sa.PrimaryKeyConstraint("theme", "region", "kind", "period", name=op.f("pk_statistics_sum")),
    )
    op.create_table(
        "statistics_presence",
        sa.Column("council_id", ID, nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "council_id", "theme", "period", "region", "kind", name=op.f("pk_statistics_presence")
        ),
    )  # fmt: skip
    op.create_table(
        "statistics_pair",
        sa.Column("lead_id", ID, nullable=False),
        sa.Column("partner_id", ID, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("lead_id <> partner_id", name=op.f("ck_statistics_pair_two_councils")),
        sa.PrimaryKeyConstraint("lead_id", "partner_id", name=op.f("pk_statistics_pair")),
    )
    op.create_index(
        "ix_statistics_pair_number", "statistics_pair", ["number", "lead_id", "partner_id"], unique=False
    )  # fmt: skip
    op.create_index("ix_statistics_pair_partner_id", "statistics_pair", ["partner_id"], unique=False)
    op.create_table(
        "statistics_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("last_event_at", MOMENT, nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_statistics_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_state")),
    )
