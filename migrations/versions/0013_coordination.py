"""Introductions, spare capacity, and what the coordinator's desk is read by."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
OWED = "answered_at IS NULL AND stopped_at IS NULL"
INDEXES = (
    ("ix_project_nearly_there", "project", ["decision_on", "id"], "is_nearly_there AND status = 'open'"),
    ("ix_need_unoffered", "need", ["created_at", "id"], "status = 'open' AND held = 0"),
    ("ix_need_thing", "need", ["thing", "status", "project_id"], "thing IS NOT NULL"),
    ("ix_join_request_asked", "join_request", ["asked_at", "id"], "status = 'asked'"),
    ("ix_answer_clock_owed_since", "answer_clock", ["started_at", "id"], OWED),
    ("ix_pledge_offered", "pledge", ["offered_at", "id"], "authorised_at IS NULL AND ended_at IS NULL"),
    ("ix_outbox_failed", "outbox", ["failed_at", "id"], "failed_at IS NOT NULL"),
    ("ix_failed_event_given_up", "failed_event", ["given_up_at", "id"], "given_up_at IS NOT NULL"),
)
NEARLY = """
UPDATE project SET is_nearly_there = true WHERE id IN (
    SELECT short.project_id FROM need AS short
    WHERE short.status = 'open' AND short.pledged < short.target
    AND (short.is_essential OR NOT EXISTS (
        SELECT 1 FROM need AS other
        WHERE other.project_id = short.project_id AND other.status = 'open' AND other.is_essential))
    GROUP BY short.project_id HAVING count(*) = 1 AND min(2 * short.pledged - short.target) >= 0)
"""
# What was given up after its tries keeps what it is written from; what was refused had lost it, and stays as it is.
FAILED = "UPDATE outbox SET failed_at = given_up_at WHERE given_up_at IS NOT NULL AND tries >= 10"


def upgrade() -> None:
    """Add two columns with what they hold, the indexes, and the two tables."""
    op.add_column("project", sa.Column("is_nearly_there", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("failed_at", MOMENT, nullable=True))
    op.execute(NEARLY)
    op.execute(FAILED)
    for name, table, columns, where in INDEXES:
        op.create_index(
            name, table, columns, unique=False, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    _make_introductions()
    _make_spare_capacity()


def _make_introductions() -> None:
    op.create_table(
        "introduction",
        sa.Column("id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.Column("other_council_id", ID, nullable=False),
        sa.Column("need_id", ID, nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("made_by", ID, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("outcome_at", MOMENT, nullable=True),
        sa.Column("outcome_by", ID, nullable=True),
        sa.CheckConstraint("council_id <> other_council_id", name=op.f("ck_introduction_two_councils")),
        sa.CheckConstraint(
            "outcome = 'nothing_yet' OR outcome_at IS NOT NULL", name=op.f("ck_introduction_outcome_when")
        ),
        sa.CheckConstraint(
            "outcome IN ('nothing_yet', 'talking', 'pledge', 'not_now')", name=op.f("ck_introduction_outcome_known")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_introduction_council_id_council")),
        sa.ForeignKeyConstraint(
            ["other_council_id"], ["council.id"], name=op.f("fk_introduction_other_council_id_council")
        ),
        sa.ForeignKeyConstraint(
            ["need_id"], ["need.id"], name=op.f("fk_introduction_need_id_need"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["made_by"], ["officer.id"], name=op.f("fk_introduction_made_by_officer")),
        sa.ForeignKeyConstraint(["outcome_by"], ["officer.id"], name=op.f("fk_introduction_outcome_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
    )
    for name, columns in (
        ("ix_introduction_made_at", ["made_at", "id"]),
        ("ix_introduction_outcome_made_at", ["outcome", "made_at", "id"]),
        ("ix_introduction_council_id", ["council_id"]),
        ("ix_introduction_other_council_id", ["other_council_id"]),
        ("ix_introduction_need_id", ["need_id"]),
        ("ix_introduction_made_by", ["made_by"]),
    ):
        op.create_index(name, "introduction", columns, unique=False)


def _make_spare_capacity() -> None:
    op.create_table(
        "spare_capacity",
        sa.Column("id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("profession", sa.String(length=40), nullable=True),
        sa.Column("thing", sa.String(length=80), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("listed_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('time', 'in_kind')", name=op.f("ck_spare_capacity_kind_known")),
        sa.CheckConstraint("amount >= 1", name=op.f("ck_spare_capacity_amount_at_least_one")),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_spare_capacity_dates_in_order")),
        sa.CheckConstraint(
            "(kind = 'time') = (profession IS NOT NULL)", name=op.f("ck_spare_capacity_time_has_profession")
        ),
        sa.CheckConstraint(
            "(kind = 'in_kind') = (thing IS NOT NULL)", name=op.f("ck_spare_capacity_in_kind_has_thing")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_spare_capacity_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_spare_capacity_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_capacity")),
    )
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_spare_capacity_standing", "spare_capacity", ["to_on", "id"], unique=False, sqlite_where=stands,
        postgresql_where=stands,
    )  # fmt: skip
    for name, columns in (
        ("ix_spare_capacity_council_id_ended_at", ["council_id", "ended_at", "to_on", "id"]),
        ("ix_spare_capacity_profession_to_on", ["profession", "to_on"]),
        ("ix_spare_capacity_thing_to_on", ["thing", "to_on"]),
        ("ix_spare_capacity_officer_id", ["officer_id"]),
    ):
        op.create_index(name, "spare_capacity", columns, unique=False)
