"""What projects measure, how that was changed, and what was read; and answers by when they were given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = pipeline.db.base.Id(length=36)
MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")

ANSWERED = "subject_type = 'pledge' AND answered_at IS NOT NULL"


def upgrade() -> None:
    """Add the tables, and the index of answers that the home page reads."""
    op.create_index(
        "ix_answer_clock_answered_at", "answer_clock", ["answered_at", "id"], unique=False,
        sqlite_where=sa.text(ANSWERED), postgresql_where=sa.text(ANSWERED),
    )  # fmt: skip
    op.create_table(
        "measure",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("better", sa.String(length=4), nullable=False),
        sa.Column("baseline", sa.BigInteger(), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.BigInteger(), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("better IN ('less', 'more')", name=op.f("ck_measure_better_known")),
        sa.CheckConstraint(
            "kind <> 'benefit' OR (unit IN ('pounds', 'days') AND better = 'more')",
            name=op.f("ck_measure_benefit_in_pounds_or_days"),
        ),
        sa.CheckConstraint("kind IN ('outcome', 'benefit')", name=op.f("ck_measure_kind_known")),
        sa.CheckConstraint(
            "unit IN ('number', 'percent', 'days', 'hours', 'pounds', 'score')", name=op.f("ck_measure_unit_known")
        ),
        sa.CheckConstraint("(baseline IS NULL) = (baseline_on IS NULL)", name=op.f("ck_measure_baseline_has_day")),
        sa.CheckConstraint("(target IS NULL) = (target_on IS NULL)", name=op.f("ck_measure_target_has_day")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_measure_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_measure_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
    )
    op.create_index("ix_measure_project_id", "measure", ["project_id", "id"], unique=False)
    op.create_index("ix_measure_updated_at", "measure", ["updated_at", "id"], unique=False)

    op.create_table(
        "measure_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("measure_id", ID, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_measure_change_measure_id_measure"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_change")),
    )
    op.create_index("ix_measure_change_measure_id", "measure_change", ["measure_id", "changed_at"], unique=False)

    op.create_table(
        "measure_reading",
        sa.Column("id", ID, nullable=False),
        sa.Column("measure_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("update_id", ID, nullable=True),
        sa.Column("corrects_id", ID, nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["measure_reading.id"], name=op.f("fk_measure_reading_corrects_id_measure_reading")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_measure_reading_council_id_council")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_measure_reading_measure_id_measure")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_measure_reading_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_measure_reading_project_id_project")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["project_update.id"], name=op.f("fk_measure_reading_update_id_project_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_reading")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_measure_reading_corrects_id")),
    )
    op.create_index(op.f("ix_measure_reading_council_id"), "measure_reading", ["council_id"], unique=False)
    op.create_index("ix_measure_reading_measure_id", "measure_reading", ["measure_id", "id"], unique=False)
    op.create_index(
        "ix_measure_reading_project_id", "measure_reading", ["project_id", "measure_id", "read_on"], unique=False
    )
    op.create_index("ix_measure_reading_recorded_at", "measure_reading", ["recorded_at", "id"], unique=False)
    op.create_index("ix_measure_reading_update_id", "measure_reading", ["update_id"], unique=False)
