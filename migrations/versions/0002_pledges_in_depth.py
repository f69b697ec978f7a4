"""Pledges in depth: conditions, authority, the go-ahead, delivery, interest, answering, signposts, tokens."""

import hashlib

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base
from pipeline.db.rebuilding import allow_null, change_constraints

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("last_four", sa.String(length=4), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=20), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_api_token_ends_for_a_reason")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_api_token_expires_later")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_api_token_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_api_token_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_council_id"), ["council_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "council_authority",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("standing_rule_on", sa.Date(), nullable=True),
        sa.Column("has_named_way", sa.Boolean(), nullable=False),
        sa.Column("ceiling_half_days", sa.BigInteger(), nullable=True),
        sa.Column("ceiling_pence", sa.BigInteger(), nullable=True),
        sa.Column("given_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("given_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ceiling_half_days IS NULL OR ceiling_half_days >= 0",
            name=op.f("ck_council_authority_half_days_not_negative"),
        ),
        sa.CheckConstraint(
            "ceiling_pence IS NULL OR ceiling_pence >= 0", name=op.f("ck_council_authority_pence_not_negative")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_authority_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council_authority")),
    )
    with op.batch_alter_table("council_authority", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_authority_council_id"), ["council_id"], unique=False)

    op.create_table(
        "signpost",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=True),
        sa.Column("nation", sa.String(length=20), nullable=True),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("about", sa.String(length=10), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=True),
        sa.Column("half_days", sa.BigInteger(), nullable=True),
        sa.Column("is_with_vat", sa.Boolean(), nullable=False),
        sa.Column("sentence", sa.String(length=400), nullable=False),
        sa.Column("sentence_cy", sa.String(length=400), nullable=False),
        sa.Column("source_title", sa.String(length=150), nullable=False),
        sa.Column("source_url", sa.String(length=300), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("added_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("about IN ('funding', 'time', 'any')", name=op.f("ck_signpost_about_known")),
        sa.CheckConstraint(
            "half_days IS NULL OR (half_days >= 1 AND about <> 'funding')", name=op.f("ck_signpost_half_days_of_time")
        ),
        sa.CheckConstraint(
            "pence IS NULL OR (pence >= 1 AND about <> 'time')", name=op.f("ck_signpost_pence_of_funding")
        ),
        sa.CheckConstraint("sentence <> '' AND source_title <> ''", name=op.f("ck_signpost_says_something")),
        sa.CheckConstraint("substr(source_url, 1, 8) = 'https://'", name=op.f("ck_signpost_source_is_https")),
        sa.CheckConstraint(
            "(nation IS NULL) <> (council_id IS NULL)", name=op.f("ck_signpost_of_a_nation_or_a_council")
        ),
        sa.CheckConstraint("last_on IS NULL OR last_on >= first_on", name=op.f("ck_signpost_dates_in_order")),
        sa.CheckConstraint("pence IS NULL OR half_days IS NULL", name=op.f("ck_signpost_one_sum")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_signpost_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
        sa.UniqueConstraint("key", name=op.f("uq_signpost_key")),
    )
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.create_index("ix_signpost_council_id_ended_at", ["council_id", "ended_at"], unique=False)
        batch_op.create_index("ix_signpost_nation_ended_at", ["nation", "ended_at"], unique=False)

    op.create_table(
        "answer_clock",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("started_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("counts_from_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("nudge_on", sa.Date(), nullable=False),
        sa.Column("desk_on", sa.Date(), nullable=False),
        sa.Column("nudged_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("days_taken", sa.Integer(), nullable=True),
        sa.Column("stopped_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "subject_type IN ('pledge', 'interest', 'join_request')", name=op.f("ck_answer_clock_subject_type_known")
        ),
        sa.CheckConstraint(
            "(days_taken IS NULL) = (answered_at IS NULL)", name=op.f("ck_answer_clock_taken_when_answered")
        ),
        sa.CheckConstraint(
            "counts_from_on < due_on AND due_on < nudge_on AND nudge_on < desk_on",
            name=op.f("ck_answer_clock_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_answer_clock_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_clock")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_answer_clock_subject_id")),
    )
    with op.batch_alter_table("answer_clock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_answer_clock_owed",
            ["nudge_on", "id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL AND stopped_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL AND stopped_at IS NULL"),
        )
        batch_op.create_index("ix_answer_clock_project_id_answered_at", ["project_id", "answered_at"], unique=False)

    op.create_table(
        "follow",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("followed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("subject_type IN ('project', 'need')", name=op.f("ck_follow_subject_type_known")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_follow_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_follow_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_follow_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "officer_id", "subject_type", "subject_id", name=op.f("uq_follow_officer_id_subject_type_subject_id")
        ),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index("ix_follow_project_id", ["project_id"], unique=False)
        batch_op.create_index("ix_follow_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "interest",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("shown_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_interest_withdrawn_when")
        ),
        sa.CheckConstraint("kind IN ('problem_too', 'conversation')", name=op.f("ck_interest_kind_known")),
        sa.CheckConstraint("status IN ('standing', 'withdrawn')", name=op.f("ck_interest_status_known")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_interest_answered_when")),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.id"], name=op.f("fk_interest_answered_by_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_interest_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_interest_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_interest_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index("ix_interest_officer_id_status", ["officer_id", "status"], unique=False)
        batch_op.create_index("ix_interest_project_id_status", ["project_id", "status", "id"], unique=False)
        batch_op.create_index(
            "uq_interest_standing",
            ["project_id", "officer_id"],
            unique=True,
            sqlite_where=sa.text("status = 'standing'"),
            postgresql_where=sa.text("status = 'standing'"),
        )

    op.create_table(
        "join_request",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asked_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name=op.f("ck_join_request_answered_when")),
        sa.CheckConstraint("role IN ('lead', 'team')", name=op.f("ck_join_request_role_known")),
        sa.CheckConstraint(
            "status IN ('asked', 'joined', 'declined', 'withdrawn')", name=op.f("ck_join_request_status_known")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.id"], name=op.f("fk_join_request_answered_by_officer")),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_join_request_asked_by_officer")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_join_request_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_join_request_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_join_request_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_join_request")),
    )
    with op.batch_alter_table("join_request", schema=None) as batch_op:
        batch_op.create_index("ix_join_request_officer_id_status", ["officer_id", "status"], unique=False)
        batch_op.create_index("ix_join_request_project_id_status", ["project_id", "status", "id"], unique=False)
        batch_op.create_index(
            "uq_join_request_standing",
            ["project_id", "officer_id"],
            unique=True,
            sqlite_where=sa.text("status = 'asked'"),
            postgresql_where=sa.text("status = 'asked'"),
        )

    op.create_table(
        "question",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("subject_type", sa.String(length=20), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asked_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("replied_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.CheckConstraint(
            "subject_type IN ('pledge', 'interest', 'join_request')", name=op.f("ck_question_subject_type_known")
        ),
        sa.CheckConstraint("(reply IS NULL) = (replied_at IS NULL)", name=op.f("ck_question_replied_when")),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_question_asked_by_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_question_project_id_project")),
        sa.ForeignKeyConstraint(["replied_by"], ["officer.id"], name=op.f("fk_question_replied_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_project_id", ["project_id"], unique=False)
        batch_op.create_index("ix_question_subject_id", ["subject_id", "id"], unique=False)

    op.create_table(
        "authority_limit",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("role_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("half_days", sa.BigInteger(), nullable=True),
        sa.Column("pence", sa.BigInteger(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("given_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("given_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "first_on IS NULL OR last_on IS NULL OR last_on >= first_on", name=op.f("ck_authority_limit_days_in_order")
        ),
        sa.CheckConstraint(
            "half_days IS NULL OR half_days >= 0", name=op.f("ck_authority_limit_half_days_not_negative")
        ),
        sa.CheckConstraint("pence IS NULL OR pence >= 0", name=op.f("ck_authority_limit_pence_not_negative")),
        sa.ForeignKeyConstraint(
            ["role_id"], ["membership_role.id"], name=op.f("fk_authority_limit_role_id_membership_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_limit")),
    )
    with op.batch_alter_table("authority_limit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_limit_role_id"), ["role_id"], unique=False)

    op.create_table(
        "terms_change",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("need_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_terms_change_need_id_need")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_terms_change_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_terms_change_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_change")),
    )
    with op.batch_alter_table("terms_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terms_change_need_id"), ["need_id"], unique=False)
        batch_op.create_index("ix_terms_change_project_id_changed_at", ["project_id", "changed_at"], unique=False)

    op.create_table(
        "authorisation_request",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pledge_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_key", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("asked_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asker_key", sa.String(length=254), nullable=False),
        sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("job_title", sa.String(length=100), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "ended_because IN ('answered', 'replaced', 'changed', 'decided')",
            name=op.f("ck_authorisation_request_ended_because_known"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_authorisation_request_ends_for_a_reason")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_authorisation_request_asked_by_officer")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_authorisation_request_pledge_id_pledge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation_request")),
    )
    with op.batch_alter_table("authorisation_request", schema=None) as batch_op:
        batch_op.create_index("ix_authorisation_request_asker_key_asked_at", ["asker_key", "asked_at"], unique=False)
        batch_op.create_index("ix_authorisation_request_pledge_id", ["pledge_id"], unique=False)
        batch_op.create_index(
            "uq_authorisation_request_standing",
            ["pledge_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "delivery",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pledge_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("recorded_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("recorded_for", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("recorded_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("disputed_amount", sa.BigInteger(), nullable=True),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("corrects_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("counts_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('agreed', 'disputed')", name=op.f("ck_delivery_answer_known")),
        sa.CheckConstraint(
            "answer IS NULL OR answer <> 'disputed' OR disputed_amount IS NOT NULL",
            name=op.f("ck_delivery_disputed_figure"),
        ),
        sa.CheckConstraint("side IN ('council', 'lead')", name=op.f("ck_delivery_side_known")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_delivery_answered_when")),
        sa.CheckConstraint(
            "amount >= 1 OR (amount = 0 AND corrects_id IS NOT NULL)", name=op.f("ck_delivery_amount_at_least_one")
        ),
        sa.CheckConstraint("answer IS NULL OR counts_at IS NOT NULL", name=op.f("ck_delivery_answered_counts")),
        sa.CheckConstraint("counted = 0 OR counts_at IS NOT NULL", name=op.f("ck_delivery_counted_when")),
        sa.CheckConstraint("counted >= 0 AND counted <= amount", name=op.f("ck_delivery_counted_within")),
        sa.CheckConstraint(
            "disputed_amount IS NULL OR (disputed_amount >= 0 AND disputed_amount < amount)",
            name=op.f("ck_delivery_disputed_is_lower"),
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.id"], name=op.f("fk_delivery_answered_by_officer")),
        sa.ForeignKeyConstraint(["corrects_id"], ["delivery.id"], name=op.f("fk_delivery_corrects_id_delivery")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_delivery_pledge_id_pledge")),
        sa.ForeignKeyConstraint(["recorded_by"], ["officer.id"], name=op.f("fk_delivery_recorded_by_officer")),
        sa.ForeignKeyConstraint(["recorded_for"], ["council.id"], name=op.f("fk_delivery_recorded_for_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_delivery_corrects_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_pledge_id", ["pledge_id", "id"], unique=False)
        batch_op.create_index(
            "ix_delivery_unanswered",
            ["answer_due_on", "id"],
            unique=False,
            sqlite_where=sa.text("counts_at IS NULL"),
            postgresql_where=sa.text("counts_at IS NULL"),
        )

    op.create_table(
        "not_come",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pledge_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("said_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("said_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by IS NULL) OR (ended_at IS NOT NULL)", name=op.f("ck_not_come_answered_has_ended")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.id"], name=op.f("fk_not_come_answered_by_officer")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_not_come_pledge_id_pledge")),
        sa.ForeignKeyConstraint(["said_by"], ["officer.id"], name=op.f("fk_not_come_said_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_come")),
    )
    with op.batch_alter_table("not_come", schema=None) as batch_op:
        batch_op.create_index("ix_not_come_pledge_id", ["pledge_id", "id"], unique=False)
        batch_op.create_index(
            "ix_not_come_unanswered",
            ["answer_due_on", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            "uq_not_come_standing",
            ["pledge_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "pledge_condition",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pledge_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at_least", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=True),
        sa.Column("need_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("of_kind", sa.String(length=40), nullable=True),
        sa.Column("of_nation", sa.String(length=20), nullable=True),
        sa.Column("of_region", sa.String(length=40), nullable=True),
        sa.Column("have", sa.BigInteger(), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(kind = 'need') = (need_id IS NOT NULL)", name=op.f("ck_pledge_condition_need_is_named")),
        sa.CheckConstraint("(kind = 'total') = (unit IS NOT NULL)", name=op.f("ck_pledge_condition_total_has_unit")),
        sa.CheckConstraint(
            "kind <> 'councils' OR at_least <= 400", name=op.f("ck_pledge_condition_councils_there_are")
        ),
        sa.CheckConstraint(
            "kind = 'councils' OR (of_kind IS NULL AND of_nation IS NULL AND of_region IS NULL)",
            name=op.f("ck_pledge_condition_groups_of_councils"),
        ),
        sa.CheckConstraint("kind = 'need' OR at_least >= 1", name=op.f("ck_pledge_condition_asks_for_something")),
        sa.CheckConstraint("kind IN ('councils', 'total', 'need')", name=op.f("ck_pledge_condition_kind_known")),
        sa.CheckConstraint("position >= 0 AND position < 5", name=op.f("ck_pledge_condition_so_many_at_most")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_pledge_condition_need_id_need")),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledge.id"], name=op.f("fk_pledge_condition_pledge_id_pledge"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge_condition")),
        sa.UniqueConstraint("pledge_id", "position", name=op.f("uq_pledge_condition_pledge_id_position")),
    )
    with op.batch_alter_table("pledge_condition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pledge_condition_need_id"), ["need_id"], unique=False)

    op.create_table(
        "authorisation_code",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("request_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_authorisation_code_tries_not_negative")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["authorisation_request.id"],
            name=op.f("fk_authorisation_code_request_id_authorisation_request"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation_code")),
    )
    with op.batch_alter_table("authorisation_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorisation_code_request_id"), ["request_id"], unique=False)

    with op.batch_alter_table("authorisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("way", sa.String(length=20), server_default="authoriser", nullable=False))
        batch_op.add_column(sa.Column("request_id", pipeline.db.base.Id(length=36), nullable=True))
        batch_op.add_column(sa.Column("person_key", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("name", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("job_title", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("rule_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.String(length=100), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reasons", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("alternatives", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("interests", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("limit_half_days", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("limit_pence", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("limit_first_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("limit_last_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("set_aside_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("set_aside_by", pipeline.db.base.Id(length=36), nullable=True))
        batch_op.add_column(sa.Column("set_aside_reason", sa.Text(), nullable=True))
        batch_op.create_index("ix_authorisation_pledge_id", ["pledge_id"], unique=False)
        batch_op.create_index(
            "uq_authorisation_standing",
            ["pledge_id"],
            unique=True,
            sqlite_where=sa.text("set_aside_at IS NULL"),
            postgresql_where=sa.text("set_aside_at IS NULL"),
        )

    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.add_column(sa.Column("committed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("person_key", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("is_counting", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_agreed", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("delivered", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("broken", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("released", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("replaces_id", pipeline.db.base.Id(length=36), nullable=True))
        batch_op.add_column(sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("nudge_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answer_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column(
                "would_begin",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.create_index(
            "ix_pledge_nudge_on",
            ["nudge_on", "id"],
            unique=False,
            sqlite_where=sa.text("nudge_on IS NOT NULL"),
            postgresql_where=sa.text("nudge_on IS NOT NULL"),
        )

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("went_ahead_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("decided_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("stop_reason", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("continues_id", pipeline.db.base.Id(length=36), nullable=True))
        batch_op.add_column(sa.Column("terms_changed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("date_moved_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("has_conditions", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("is_passing", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.add_column(
            sa.Column(
                "would_pass",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                nullable=False,
                server_default="[]",
            )
        )
        batch_op.add_column(sa.Column("answers_in_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("problem_too_councils", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("conversation_councils", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("followers", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("agreed_councils", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("committed_half_days", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("committed_pence", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("delivered_half_days", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("delivered_pence", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.create_index("ix_project_id_is_public", ["id", "is_public"], unique=False)
        batch_op.create_index(
            "ix_project_undecided",
            ["decision_on", "id"],
            unique=False,
            sqlite_where=sa.text(
                "decided_at IS NULL AND decision_on IS NOT NULL AND status IN ('open', 'going_ahead')"
            ),
            postgresql_where=sa.text(
                "decided_at IS NULL AND decision_on IS NOT NULL AND status IN ('open', 'going_ahead')"
            ),
        )

    with op.batch_alter_table("project_search", schema=None) as batch_op:
        batch_op.create_index("ix_project_search_place_project_id", ["place", "project_id"], unique=False)

    with op.batch_alter_table("public_figures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("committed_half_days", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("committed_pence", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("delivered_half_days", sa.BigInteger(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("delivered_pence", sa.BigInteger(), nullable=False, server_default="0"))

    connection = op.get_bind()
    allow_null(connection, "authorisation", "officer_id")
    allow_null(connection, "authorisation", "capacity")
    allow_null(connection, "outbox", "officer_id")
    change_constraints(
        connection,
        "authorisation",
        drop=["uq_authorisation_pledge_id"],
        add={
            "ck_authorisation_authoriser_is_officer": "CHECK ((way = 'authoriser') = (officer_id IS NOT NULL))",
            "ck_authorisation_named_has_name": "CHECK (way <> 'named' OR (name <> '' AND job_title <> ''))",
            "ck_authorisation_person_has_capacity": "CHECK ((way = 'standing-rule') = (capacity IS NULL))",
            "ck_authorisation_way_known": "CHECK (way IN ('authoriser', 'named', 'standing-rule'))",
            "ck_authorisation_rule_has_date": "CHECK ((way = 'standing-rule') = (rule_on IS NOT NULL))",
            "ck_authorisation_set_aside_with_reason": "CHECK ((set_aside_at IS NULL) = (set_aside_reason IS NULL))",
            "ck_authorisation_named_was_asked": "CHECK ((way = 'named') = (request_id IS NOT NULL))",
            "fk_authorisation_request_id_authorisation_request": "FOREIGN KEY(request_id) REFERENCES authorisation_request (id)",
        },
    )
    change_constraints(
        connection,
        "need",
        drop=["ck_need_capped", "ck_need_sums_in_order"],
        add={
            "ck_need_capped": "CHECK (NOT is_capped OR held <= target)",
            "ck_need_sums_in_order": "CHECK (committed >= 0 AND committed <= agreed AND agreed <= pledged AND pledged <= held AND delivered >= 0)",
        },
    )
    change_constraints(
        connection,
        "pledge",
        add={
            "ck_pledge_committed_when": "CHECK (status NOT IN ('committed', 'delivered', 'broken', 'released') OR committed_at IS NOT NULL)",
            "ck_pledge_amounts_in_order": "CHECK (delivered >= 0 AND broken >= 0 AND released >= 0 AND broken + released <= amount)",
            "ck_pledge_agreed_counts": "CHECK (NOT is_agreed OR is_counting)",
            "fk_pledge_replaces_id_pledge": "FOREIGN KEY(replaces_id) REFERENCES pledge (id)",
        },
    )
    change_constraints(
        connection,
        "project",
        drop=["ck_project_counters_not_negative"],
        add={
            "ck_project_counters_not_negative": "CHECK (councils >= 0 AND held_half_days >= 0 AND held_pence >= 0 AND pledged_half_days >= 0 AND pledged_pence >= 0 AND agreed_half_days >= 0 AND agreed_pence >= 0 AND agreed_councils >= 0 AND committed_half_days >= 0 AND committed_pence >= 0 AND delivered_half_days >= 0 AND delivered_pence >= 0)",
            "fk_project_continues_id_project": "FOREIGN KEY(continues_id) REFERENCES project (id)",
        },
    )
    carry_over(connection)


def carry_over(connection: sa.Connection) -> None:
    """What people and pledges were before: every authorised pledge counted, every accepted one was agreed."""
    keys = connection.execute(sa.text("SELECT id, person_key FROM officer WHERE erased_at IS NULL")).all()
    for officer_id, key in keys:
        # A fingerprint from now on: it outlives the address it was made of.
        values = {"id": officer_id, "key": hashlib.sha256(key.encode()).hexdigest()}
        connection.execute(sa.text("UPDATE officer SET person_key = :key WHERE id = :id"), values)
    for statement in (
        "UPDATE pledge SET person_key = (SELECT person_key FROM officer WHERE officer.id = pledge.officer_id)",
        "UPDATE pledge SET is_counting = TRUE WHERE status IN ('authorised', 'accepted')",
        "UPDATE pledge SET is_agreed = TRUE WHERE status = 'accepted'",
        (
            "UPDATE project SET agreed_councils = (SELECT count(DISTINCT pledge.council_id) FROM pledge"
            " JOIN council ON council.id = pledge.council_id WHERE pledge.project_id = project.id AND pledge.is_agreed"
            " AND pledge.council_id <> project.council_id AND council.kind <> 'other body')"
        ),
    ):
        connection.execute(sa.text(statement))
