"""The searches that are followed have an index of their own, as whatever is new is put to all of them; and leads may say
no to a council that asks to be let off."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
SEARCHES, ASKED = sa.text("subject_type = 'search'"), sa.text("release_asked_at IS NOT NULL")


def upgrade() -> None:
    """Add to the tables."""
    op.create_index(
        "ix_follow_search", "follow", ["subject_id", "terms"], sqlite_where=SEARCHES, postgresql_where=SEARCHES
    )
    op.add_column("pledge", sa.Column("release_refused_at", MOMENT, nullable=True))
    op.add_column("pledge", sa.Column("release_refused_why", sa.Text(), nullable=True))
    op.create_index(
        "ix_pledge_release_asked_at", "pledge", ["release_asked_at", "id"], sqlite_where=ASKED, postgresql_where=ASKED
    )
