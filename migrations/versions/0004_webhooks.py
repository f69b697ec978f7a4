"""Webhooks: their secrets, the messages owed to them, and how their receivers do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "webhook",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("description", sa.String(length=100), nullable=False),
        sa.Column(
            "kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=False
        ),
        sa.Column("only_council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("only_project_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("verified_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("disabled_because", sa.String(length=10), nullable=True),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'disabled') = (disabled_at IS NOT NULL)", name=op.f("ck_webhook_disabled_has_a_moment")
        ),
        sa.CheckConstraint(
            "disabled_because IN ('by_hand', 'gone', 'failing')", name=op.f("ck_webhook_disabled_because_known")
        ),
        sa.CheckConstraint("status <> 'active' OR verified_at IS NOT NULL", name=op.f("ck_webhook_active_is_verified")),
        sa.CheckConstraint("status IN ('waiting', 'active', 'disabled')", name=op.f("ck_webhook_status_known")),
        sa.CheckConstraint(
            "(disabled_at IS NULL) = (disabled_because IS NULL)", name=op.f("ck_webhook_disabled_has_a_reason")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_webhook_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_webhook_officer_id_officer")),
        sa.ForeignKeyConstraint(["only_council_id"], ["council.id"], name=op.f("fk_webhook_only_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_council_id", ["council_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_webhook_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index("ix_webhook_status", ["status"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("webhook_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("event_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("event_name", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tried_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer_status", sa.Integer(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "(status = 'waiting') = (ended_at IS NULL)", name=op.f("ck_webhook_delivery_ended_has_a_moment")
        ),
        sa.CheckConstraint(
            "problem IN ('unreachable', 'timed_out', 'broken_off', 'redirected', 'refused', 'gone', 'disabled', 'no_longer_public')",
            name=op.f("ck_webhook_delivery_problem_known"),
        ),
        sa.CheckConstraint(
            "status IN ('waiting', 'delivered', 'failed', 'withheld')", name=op.f("ck_webhook_delivery_status_known")
        ),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_delivery_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_delivery_webhook_id_event_id")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_ended_at", ["ended_at"], unique=False)
        batch_op.create_index("ix_webhook_delivery_waiting", ["status", "next_try_at"], unique=False)
        batch_op.create_index(
            "ix_webhook_delivery_webhook_id_created_at", ["webhook_id", "created_at", "id"], unique=False
        )

    op.create_table(
        "webhook_health",
        sa.Column("webhook_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("first_failed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_failed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_succeeded_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("resume_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_health_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook_health")),
    )
    op.create_table(
        "webhook_secret",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("webhook_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name=op.f("fk_webhook_secret_webhook_id_webhook")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_secret")),
    )
    with op.batch_alter_table("webhook_secret", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_secret_webhook_id"), ["webhook_id"], unique=False)
