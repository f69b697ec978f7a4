"""Portfolios that councils bring in: imports, their lines, and the councils' own references of their projects."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _list_of_values() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "portfolio_import",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("encoding", sa.String(length=20), nullable=False),
        sa.Column("separator", sa.String(length=1), nullable=False),
        sa.Column("columns", _list_of_values(), nullable=False),
        sa.Column("ignored", _list_of_values(), nullable=False),
        sa.Column("has_example", sa.Boolean(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('checked', 'confirmed', 'done', 'set_aside')", name=op.f("ck_portfolio_import_state_known")
        ),
        sa.CheckConstraint(
            "state IN ('checked', 'set_aside') OR confirmed_at IS NOT NULL",
            name=op.f("ck_portfolio_import_confirmed_has_date"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_portfolio_import_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_portfolio_import_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_import")),
    )
    with op.batch_alter_table("portfolio_import", schema=None) as batch_op:
        batch_op.create_index("ix_portfolio_import_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_portfolio_import_officer_id_created_at", ["officer_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_portfolio_import_confirmed",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'confirmed'"),
            postgresql_where=sa.text("state = 'confirmed'"),
        )
    op.create_table(
        "import_line",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("import_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cells", _list_of_values(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("problems", _list_of_values(), nullable=False),
        sa.Column("unwritten", _list_of_values(), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.CheckConstraint(
            "state IN ('ready', 'matched', 'refused', 'added')", name=op.f("ck_import_line_state_known")
        ),
        sa.CheckConstraint("state <> 'ready' OR project_id IS NULL", name=op.f("ck_import_line_ready_has_no_project")),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["portfolio_import.id"],
            name=op.f("fk_import_line_import_id_portfolio_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_import_line_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_line")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_line_import_id_number")),
    )
    with op.batch_alter_table("import_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_line_project_id"), ["project_id"], unique=False)
    op.create_table(
        "project_reference",
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_project_reference_council_id_council")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_reference_project_id_project")),
        sa.PrimaryKeyConstraint("council_id", "reference", name=op.f("pk_project_reference")),
    )
    with op.batch_alter_table("project_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_reference_project_id"), ["project_id"], unique=False)
