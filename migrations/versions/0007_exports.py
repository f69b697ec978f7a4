"""Exports: sets of files made from one moment, and their bytes in pieces."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ONE_OF_EACH = sa.text("state IN ('making', 'kept')")


def upgrade() -> None:
    """Make the tables of exports."""
    op.create_table(
        "export",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("began_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("taken_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("public_sequence", sa.BigInteger(), nullable=False),
        sa.Column("event_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('making', 'kept', 'replaced', 'failed')", name=op.f("ck_export_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export")),
    )
    with op.batch_alter_table("export", schema=None) as batch_op:
        batch_op.create_index(
            "uq_export_state", ["state"], unique=True, sqlite_where=ONE_OF_EACH, postgresql_where=ONE_OF_EACH
        )
    op.create_table(
        "export_file",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("export_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_export_file_rows_not_negative")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_export_file_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_file_export_id_export"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_file")),
        sa.UniqueConstraint("export_id", "name", name=op.f("uq_export_file_export_id_name")),
    )
    op.create_table(
        "export_piece",
        sa.Column("file_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["export_file.id"], name=op.f("fk_export_piece_file_id_export_file"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_export_piece")),
    )
