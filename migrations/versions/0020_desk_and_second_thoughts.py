"""Documents long past their review date are read in order, and a council may ask to be let off what it committed."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Add to the tables."""
    op.drop_index("ix_artefact_review_on", table_name="artefact")
    op.create_index("ix_artefact_review_on", "artefact", ["review_on", "id"], unique=False)
    op.add_column("pledge", sa.Column("release_asked_at", MOMENT, nullable=True))
    op.add_column("pledge", sa.Column("release_asked_why", sa.Text(), nullable=True))
