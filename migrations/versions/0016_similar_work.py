"""Work that is alike, how it differs, and what coordinators left apart."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base
from pipeline.db.rebuilding import change_constraints

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
KINDS = "('project', 'lesson', 'document')"
REPORTED = (
    "CHECK (about_type IN ('project', 'update', 'lesson', 'artefact', 'version', 'suggestion', 'comment', 'difference',"
    " 'council'))"
)


def upgrade() -> None:
    """Add the tables, and let a stated difference be reported and hidden."""
    _make_similar_work()
    _make_differences()
    _make_dismissals()
    for table in ("report", "hiding"):
        name = f"ck_{table}_about_type_known"
        change_constraints(op.get_bind(), table, drop=(name,), add={name: REPORTED})


def _make_similar_work() -> None:
    op.create_table(
        "similar_work",
        sa.Column("id", ID, nullable=False),
        sa.Column("about_type", sa.String(length=10), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("like_type", sa.String(length=10), nullable=False),
        sa.Column("like_id", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("is_likely_duplicate", sa.Boolean(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"about_type IN {KINDS}", name=op.f("ck_similar_work_about_type_known")),
        sa.CheckConstraint(f"like_type IN {KINDS}", name=op.f("ck_similar_work_like_type_known")),
        sa.CheckConstraint("about_id <> like_id", name=op.f("ck_similar_work_two_things")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_work")),
        sa.UniqueConstraint("about_id", "like_id", name=op.f("uq_similar_work_about_id_like_id")),
    )
    op.create_index("ix_similar_work_about_id_score", "similar_work", ["about_id", "score"], unique=False)
    op.create_index("ix_similar_work_like_id", "similar_work", ["like_id"], unique=False)
    likely = sa.text("is_likely_duplicate")
    op.create_index(
        "ix_similar_work_likely", "similar_work", ["found_at", "id"], unique=False, sqlite_where=likely,
        postgresql_where=likely,
    )  # fmt: skip
    op.create_table(
        "similar_due",
        sa.Column("thing_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_similar_due_kind_known")),
        sa.PrimaryKeyConstraint("thing_id", name=op.f("pk_similar_due")),
    )
    op.create_index("ix_similar_due_asked_at", "similar_due", ["asked_at", "thing_id"], unique=False)
    op.create_table(
        "similar_renewal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_similar_renewal_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_renewal")),
    )


def _make_differences() -> None:
    op.create_table(
        "difference",
        sa.Column("id", ID, nullable=False),
        sa.Column("about_type", sa.String(length=10), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("other_type", sa.String(length=10), nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("other_project_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(f"about_type IN {KINDS}", name=op.f("ck_difference_about_type_known")),
        sa.CheckConstraint(f"other_type IN {KINDS}", name=op.f("ck_difference_other_type_known")),
        sa.CheckConstraint(
            "status IN ('standing', 'withdrawn', 'hidden')", name=op.f("ck_difference_status_known")
        ),
        sa.CheckConstraint("about_id <> other_id", name=op.f("ck_difference_two_things")),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_difference_withdrawn_when")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_difference_project_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_project_id"], ["project.id"], name=op.f("fk_difference_other_project_id_project"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_difference_officer_id_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_difference_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
    )  # fmt: skip
    stands = sa.text("status <> 'withdrawn'")
    op.create_index(
        "uq_difference_standing", "difference", ["about_id", "other_id"], unique=True, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    for name, columns in (
        ("ix_difference_about_id_status", ["about_id", "status"]),
        ("ix_difference_other_id_status", ["other_id", "status"]),
        ("ix_difference_project_id", ["project_id"]),
        ("ix_difference_other_project_id", ["other_project_id"]),
        ("ix_difference_officer_id", ["officer_id"]),
    ):
        op.create_index(name, "difference", columns, unique=False)


def _make_dismissals() -> None:
    op.create_table(
        "duplicate_dismissal",
        sa.Column("id", ID, nullable=False),
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("dismissed_by", ID, nullable=False),
        sa.Column("dismissed_at", MOMENT, nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_duplicate_dismissal_in_order")),
        sa.ForeignKeyConstraint(
            ["one_id"], ["project.id"], name=op.f("fk_duplicate_dismissal_one_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["project.id"], name=op.f("fk_duplicate_dismissal_other_id_project"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dismissed_by"], ["officer.id"], name=op.f("fk_duplicate_dismissal_dismissed_by_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_dismissal")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_duplicate_dismissal_one_id_other_id")),
    )
    op.create_index("ix_duplicate_dismissal_other_id", "duplicate_dismissal", ["other_id"], unique=False)
    op.create_index("ix_duplicate_dismissal_dismissed_by", "duplicate_dismissal", ["dismissed_by"], unique=False)
