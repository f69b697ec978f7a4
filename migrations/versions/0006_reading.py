"""When a council last changed, and the indexes that lists of the API are read by."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DELETED = sa.text("name = 'project.deleted'")


def upgrade() -> None:
    # A council that is already there changed now: who reads what changed since then reads it once more.
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False, server_default=now)
        )
        batch_op.create_index("ix_council_updated_at", ["updated_at", "id"], unique=False)
    for name, table, columns in (
        ("ix_project_update_council_id_published_at", "project_update", ["council_id", "status", "published_at", "id"]),
        ("ix_suggestion_artefact_id_made_at", "suggestion", ["artefact_id", "made_at", "id"]),
        ("ix_suggestion_artefact_id_updated_at", "suggestion", ["artefact_id", "updated_at", "id"]),
    ):
        op.create_index(name, table, columns, unique=False)
    op.create_index(
        "ix_event_project_deleted", "event", ["sequence"], unique=False, sqlite_where=DELETED, postgresql_where=DELETED
    )
