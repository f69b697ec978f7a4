"""The searches that are followed have an index of their own: whatever is new is put to all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

SEARCHES = sa.text("subject_type = 'search'")


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_follow_search", "follow", ["subject_id", "terms"], sqlite_where=SEARCHES, postgresql_where=SEARCHES
    )
