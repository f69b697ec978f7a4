"""One search index for everything public, the words it holds, and what of it is to be written."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
KINDS = ("project", "need", "update", "lesson", "document", "version", "council")
KNOWN = "kind IN ('project', 'need', 'update', 'lesson', 'document', 'version', 'council')"


def upgrade() -> None:
    """Make the tables and the index in place of the old one, and ask for everything to be written."""
    _make_entries()
    _make_words()
    _make_renewals()
    op.create_index("ix_lesson_id_is_public", "lesson", ["id", "is_public"])
    op.create_index("ix_artefact_version_id_status", "artefact_version", ["id", "status"])
    op.create_index("ix_project_update_id_status", "project_update", ["id", "status"])
    if op.get_bind().dialect.name == "sqlite":
        _index_on_sqlite()
    else:
        _index_on_postgresql()


def _make_entries() -> None:
    op.create_table(
        "search_entry",
        sa.Column("place", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=True),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("facets", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_entry_kind_subject_id")),
        sa.CheckConstraint(KNOWN, name=op.f("ck_search_entry_kind_known")),
    )
    op.create_index(
        "ix_search_entry_place_subject_id",
        "search_entry",
        ["place", "kind", "subject_id", "facets", "published_at", "closes_on"],
    )
    op.create_index("ix_search_entry_project_id", "search_entry", ["project_id"])


def _make_words() -> None:
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_gram",
        sa.Column("gram", sa.String(length=3), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("gram", "word", name=op.f("pk_search_gram")),
    )
    op.create_index(op.f("ix_search_gram_word"), "search_gram", ["word"])


def _make_renewals() -> None:
    renewals = op.create_table(
        "search_renewal",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("within", sa.String(length=50), nullable=False),
        sa.Column("after", ID, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "within", name=op.f("pk_search_renewal")),
        sa.CheckConstraint(KNOWN, name=op.f("ck_search_renewal_kind_known")),
    )
    now = sa.func.strftime("%Y-%m-%dT%H:%M:%fZ", "now") if op.get_bind().dialect.name == "sqlite" else sa.func.now()
    for kind in KINDS:
        op.execute(renewals.insert().values(kind=kind, within="", asked_at=now))


def _index_on_sqlite() -> None:
    """A full-text index over `search_entry`, kept by triggers: it is told the old words of what it forgets."""
    op.execute("DROP TABLE project_search_index")
    op.execute("DROP TABLE project_search")
    columns = "facets, title, summary, body"
    op.execute(
        f"CREATE VIRTUAL TABLE search_entry_index USING fts5({columns}, content='search_entry', "
        "content_rowid='place', prefix='3 4 5', "
        """tokenize="porter unicode61 remove_diacritics 2 tokenchars ':+-_'")"""
    )
    new, old = (", ".join(f"{row}.{name}" for name in columns.split(", ")) for row in ("new", "old"))
    remember = f"INSERT INTO search_entry_index (rowid, {columns}) VALUES (new.place, {new});"  # noqa: S608
    undo = f"INSERT INTO search_entry_index (search_entry_index, rowid, {columns})"
    forget = f"{undo} VALUES ('delete', old.place, {old});"
    op.execute(f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {remember} END")
    op.execute(f"CREATE TRIGGER search_entry_removed AFTER DELETE ON search_entry BEGIN {forget} END")
    op.execute(f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN {forget} {remember} END")


def _index_on_postgresql() -> None:
    """A column with the words of each row, the title's weighing most, and an index over it."""
    op.execute("DROP TABLE project_search")
    op.execute(
        "ALTER TABLE search_entry ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B') || "
        "setweight(to_tsvector('english', body), 'C') || array_to_tsvector(string_to_array(facets, ' '))) STORED"
    )
    # The words are read for every candidate of a search: kept in the row itself, they are read ten times as fast.
    op.execute("ALTER TABLE search_entry ALTER COLUMN words SET STORAGE MAIN")
    op.execute("CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)")
