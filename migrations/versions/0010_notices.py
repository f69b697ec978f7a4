"""Notices, how each officer wants to be told of them, and more that can be followed."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base
from pipeline.db.rebuilding import change_constraints

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SORTS = ("waiting", "part", "documents", "council", "following")
HOW = "('at_once', 'daily', 'weekly', 'never')"
FOLLOWED = "subject_type IN ('project', 'need', 'council', 'theme', 'document', 'search')"
UNTOLD, UNREAD = sa.text("told_in IS NULL"), sa.text("read_at IS NULL")


def upgrade() -> None:
    """Make the tables of notices."""
    op.create_table(
        "notice",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("event_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("about_type", sa.String(length=20), nullable=True),
        sa.Column("about_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("payload", pipeline.db.base.Json, nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("told_in", pipeline.db.base.Id(length=36), nullable=True),
        sa.CheckConstraint(
            "sort IN ('waiting', 'part', 'documents', 'council', 'following')", name=op.f("ck_notice_sort_known")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_notice_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_notice_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index("ix_notice_officer_id_made_at", "notice", ["officer_id", "made_at", "id"], unique=False)
    op.create_index(
        "ix_notice_untold", "notice", ["made_at", "officer_id"], unique=False,
        sqlite_where=UNTOLD, postgresql_where=UNTOLD,
    )  # fmt: skip
    op.create_index(
        "ix_notice_unread", "notice", ["officer_id"], unique=False, sqlite_where=UNREAD, postgresql_where=UNREAD
    )
    op.create_index("ix_notice_told_in", "notice", ["told_in"], unique=False)
    op.create_index("ix_notice_made_at", "notice", ["made_at"], unique=False)
    op.create_table(
        "mail_preference",
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        *(sa.Column(name, sa.String(length=10), nullable=False) for name in SORTS),
        sa.Column("quiet_first", sa.Integer(), nullable=True),
        sa.Column("quiet_last", sa.Integer(), nullable=True),
        *(sa.CheckConstraint(f"{name} IN {HOW}", name=op.f(f"ck_mail_preference_{name}_known")) for name in SORTS),
        sa.CheckConstraint("(quiet_first IS NULL) = (quiet_last IS NULL)", name=op.f("ck_mail_preference_quiet_both")),
        sa.CheckConstraint(
            "quiet_first >= 0 AND quiet_first <= 23", name=op.f("ck_mail_preference_quiet_first_an_hour")
        ),
        sa.CheckConstraint("quiet_last >= 0 AND quiet_last <= 23", name=op.f("ck_mail_preference_quiet_last_an_hour")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_mail_preference_officer_id_officer")),
        sa.PrimaryKeyConstraint("officer_id", name=op.f("pk_mail_preference")),
    )
    op.create_table(
        "mute",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("muted_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_mute_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mute")),
        sa.UniqueConstraint(
            "officer_id", "subject_type", "subject_id", name=op.f("uq_mute_officer_id_subject_type_subject_id")
        ),
    )
    op.create_table(
        "fan_out",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("event_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("followed", pipeline.db.base.Json, nullable=False),
        sa.Column("payload", pipeline.db.base.Json, nullable=False),
        sa.Column("after_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("due_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fan_out")),
        sa.UniqueConstraint("key", name=op.f("uq_fan_out_key")),
    )
    op.create_index("ix_fan_out_due_at", "fan_out", ["due_at"], unique=False)
    op.add_column("follow", sa.Column("terms", sa.String(length=500), nullable=True))
    op.drop_index("ix_follow_subject_id", "follow")
    op.create_index("ix_follow_subject_id_officer_id", "follow", ["subject_id", "officer_id"], unique=False)
    change_constraints(
        op.get_bind(), "follow", drop=["ck_follow_subject_type_known"],
        add={"ck_follow_subject_type_known": f"CHECK ({FOLLOWED})"},
    )  # fmt: skip
