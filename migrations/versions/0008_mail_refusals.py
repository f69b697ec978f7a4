"""Addresses that refuse mail."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of addresses that refuse mail."""
    op.create_table(
        "mail_refusal",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("refused_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.CheckConstraint("times >= 1", name=op.f("ck_mail_refusal_refused_at_all")),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_mail_refusal")),
    )
