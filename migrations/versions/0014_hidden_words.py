"""Whether a file that was brought hides words."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was brought before nobody looked."""
    op.add_column("upload", sa.Column("has_hidden_words", sa.Boolean(), nullable=False, server_default=sa.false()))
