"""Documents long past their review date are read in order; a council may ask to be let off what it committed; and one
version of a document may be hidden."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Add to the tables."""
    op.drop_index("ix_artefact_review_on", table_name="artefact")
    op.create_index("ix_artefact_review_on", "artefact", ["review_on", "id"], unique=False)
    op.add_column("pledge", sa.Column("release_asked_at", MOMENT, nullable=True))
    op.add_column("pledge", sa.Column("release_asked_why", sa.Text(), nullable=True))
    op.add_column("artefact_version", sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false()))
    _hidden_versions()


def _hidden_versions() -> None:
    """What hidden versions said."""
    op.create_table(
        "hidden_version",
        sa.Column("version_id", ID, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("change_note", sa.String(length=1000), nullable=False),
        sa.Column("points", JSON, nullable=False),
        sa.Column("dropped_points", JSON, nullable=False),
        sa.CheckConstraint(
            "status IN ('published', 'withdrawn', 'removed')", name=op.f("ck_hidden_version_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["artefact_version.id"], name=op.f("fk_hidden_version_version_id_artefact_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_hidden_version")),
    )  # fmt: skip
