"""Reports and hidings, comments, and messages through a form."""

import sqlalchemy as sa
from alembic import op

import pipeline.db.base
from pipeline.db.rebuilding import change_constraints

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = pipeline.db.base.Id(length=36)
MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
STANDS = sa.text("restored_at IS NULL")
REPORTED = "'project', 'update', 'lesson', 'artefact', 'version', 'suggestion', 'comment', 'council'"


def upgrade() -> None:
    """Let updates and suggestions be hidden, let officers say whether they take messages, and make the tables."""
    change_constraints(
        op.get_bind(), "project_update", drop=["ck_project_update_status_known"],
        add={"ck_project_update_status_known": "CHECK (status IN ('draft', 'published', 'withdrawn', 'hidden'))"},
    )  # fmt: skip
    for table, column, default in (("suggestion", "is_hidden", sa.false()), ("officer", "is_contactable", sa.true())):
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=default))
    _comments()
    _moderation()
    _contact()


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", ID, nullable=False),
        sa.Column("about_type", sa.String(length=20), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "about_type IN ('update', 'suggestion', 'interest', 'join_request')",
            name=op.f("ck_comment_about_type_known"),
        ),
        sa.CheckConstraint("status IN ('published', 'withdrawn', 'hidden')", name=op.f("ck_comment_status_known")),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_comment_withdrawn_when")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_comment_project_id_project")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_comment_officer_id_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_comment_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    for name, columns in (
        ("ix_comment_about_id_written_at", ["about_id", "status", "written_at", "id"]),
        ("ix_comment_status_written_at", ["status", "written_at", "id"]),
        ("ix_comment_status_updated_at", ["status", "updated_at", "id"]),
        ("ix_comment_project_id", ["project_id"]),
        ("ix_comment_officer_id", ["officer_id"]),
        ("ix_comment_council_id_written_at", ["council_id", "status", "written_at", "id"]),
    ):
        op.create_index(name, "comment", columns, unique=False)
    op.create_table(
        "comment_text",
        sa.Column("id", ID, nullable=False),
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_text_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_text")),
        sa.UniqueConstraint("comment_id", "version", name=op.f("uq_comment_text_comment_id_version")),
    )
    op.create_table(
        "comment_mention",
        sa.Column("comment_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("council_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_comment_mention_officer_id_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_comment_mention_council_id_council")),
        sa.PrimaryKeyConstraint("comment_id", "officer_id", name=op.f("pk_comment_mention")),
    )
    op.create_index("ix_comment_mention_officer_id", "comment_mention", ["officer_id"], unique=False)


def _moderation() -> None:
    op.create_table(
        "report",
        sa.Column("id", ID, nullable=False),
        sa.Column("about_type", sa.String(length=20), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("is_to_be_answered", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", ID, nullable=True),
        sa.CheckConstraint(f"about_type IN ({REPORTED})", name=op.f("ck_report_about_type_known")),
        sa.CheckConstraint(
            "reason IN ('personal', 'abuse', 'false', 'rights', 'advertising', 'other')",
            name=op.f("ck_report_reason_known"),
        ),
        sa.CheckConstraint("status IN ('waiting', 'hidden', 'left')", name=op.f("ck_report_status_known")),
        sa.CheckConstraint("(status = 'waiting') = (settled_at IS NULL)", name=op.f("ck_report_settled_when")),
        sa.CheckConstraint(
            "NOT is_to_be_answered OR officer_id IS NOT NULL", name=op.f("ck_report_answer_goes_to_officer")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_report_officer_id_officer")),
        sa.ForeignKeyConstraint(["settled_by"], ["officer.id"], name=op.f("fk_report_settled_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    for name, columns in (
        ("ix_report_status_reported_at", ["status", "reported_at", "id"]),
        ("ix_report_about_id_status", ["about_id", "status"]),
        ("ix_report_officer_id", ["officer_id"]),
    ):
        op.create_index(name, "report", columns, unique=False)
    op.create_table(
        "hiding",
        sa.Column("id", ID, nullable=False),
        sa.Column("about_type", sa.String(length=20), nullable=False),
        sa.Column("about_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("hidden_by", ID, nullable=False),
        sa.Column("hidden_at", MOMENT, nullable=False),
        sa.Column("restored_by", ID, nullable=True),
        sa.Column("restored_at", MOMENT, nullable=True),
        sa.Column("restore_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(f"about_type IN ({REPORTED})", name=op.f("ck_hiding_about_type_known")),
        sa.CheckConstraint("(restored_at IS NULL) = (restored_by IS NULL)", name=op.f("ck_hiding_restored_by_whom")),
        sa.ForeignKeyConstraint(["hidden_by"], ["officer.id"], name=op.f("fk_hiding_hidden_by_officer")),
        sa.ForeignKeyConstraint(["restored_by"], ["officer.id"], name=op.f("fk_hiding_restored_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hiding")),
    )
    op.create_index(
        "uq_hiding_standing", "hiding", ["about_type", "about_id"], unique=True, sqlite_where=STANDS,
        postgresql_where=STANDS,
    )  # fmt: skip
    op.create_index("ix_hiding_hidden_at", "hiding", ["hidden_at", "id"], unique=False)


def _contact() -> None:
    op.create_table(
        "contact_message",
        sa.Column("id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("council_id", ID, nullable=True),
        sa.Column("to_type", sa.String(length=10), nullable=False),
        sa.Column("to_id", ID, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "to_type IN ('officer', 'project', 'council', 'site')", name=op.f("ck_contact_message_to_type_known")
        ),
        sa.CheckConstraint("(to_type = 'site') = (to_id IS NULL)", name=op.f("ck_contact_message_to_somebody")),
        sa.CheckConstraint("to_type = 'site' OR officer_id IS NOT NULL", name=op.f("ck_contact_message_by_an_officer")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_contact_message_officer_id_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_contact_message_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_message")),
    )
    op.create_index("ix_contact_message_officer_id_sent_at", "contact_message", ["officer_id", "sent_at"], unique=False)
    op.create_index("ix_contact_message_sent_at", "contact_message", ["sent_at"], unique=False)
