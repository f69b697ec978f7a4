"""Places in the search index that tell what is newer, also after the index was made again."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
KINDS = ("project", "need", "update", "lesson", "document", "version", "council")


def upgrade() -> None:
    """Make room for places, and have the worker give every entry its own: until then they are searched as they stand."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute("ALTER TABLE search_entry ALTER COLUMN place DROP IDENTITY")
        op.execute("ALTER TABLE search_entry ALTER COLUMN place TYPE bigint")
    renewals = sa.table("search_renewal", sa.column("kind"), sa.column("within"), sa.column("asked_at", MOMENT))
    op.execute(renewals.delete().where(renewals.c.within == ""))
    now = sa.func.strftime("%Y-%m-%dT%H:%M:%fZ", "now") if is_sqlite else sa.func.now()
    for kind in KINDS:
        op.execute(renewals.insert().values(kind=kind, within="", asked_at=now))
