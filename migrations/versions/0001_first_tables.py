"""The first tables: the register, officers, projects, pledges, the event log, and what keeps the platform running."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "council",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_cy", sa.String(length=120), nullable=True),
        sa.Column("short_name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("nation", sa.String(length=20), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("gss_code", sa.String(length=9), nullable=True),
        sa.Column("authority_code", sa.String(length=10), nullable=True),
        sa.Column("county_code", sa.String(length=10), nullable=True),
        sa.Column("combined_authority_code", sa.String(length=10), nullable=True),
        sa.Column("website", sa.String(length=200), nullable=True),
        sa.Column("is_principal", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_made_up", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("projects_led", sa.Integer(), nullable=False),
        sa.Column("projects_joined", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('unitary', 'county', 'non-metropolitan district', 'metropolitan district', 'london borough', 'sui generis', 'combined authority', 'strategic regional authority', 'scottish unitary', 'welsh unitary', 'northern ireland district', 'other body')",
            name=op.f("ck_council_kind_known"),
        ),
        sa.CheckConstraint("projects_led >= 0 AND projects_joined >= 0", name=op.f("ck_council_counters_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_council")),
        sa.UniqueConstraint("authority_code", name=op.f("uq_council_authority_code")),
        sa.UniqueConstraint("gss_code", name=op.f("uq_council_gss_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_council_slug")),
    )
    with op.batch_alter_table("council", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_is_active"), ["is_active"], unique=False)
        batch_op.create_index("ix_council_short_name", ["short_name", "id"], unique=False)

    op.create_table(
        "event",
        sa.Column(
            "sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("occurred_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("system", sa.String(), nullable=True),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_event")),
        sa.UniqueConstraint("id", name=op.f("uq_event_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_audience_sequence", ["audience", "sequence"], unique=False)
        batch_op.create_index("ix_event_project_id_sequence", ["project_id", "sequence"], unique=False)
        batch_op.create_index("ix_event_subject_id_sequence", ["subject_id", "sequence"], unique=False)

    op.create_table(
        "event_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("last_public", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_event_counter_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_counter")),
    )
    op.create_table(
        "failed_event",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("listener", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("given_up_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_event")),
        sa.UniqueConstraint("listener", "sequence", name=op.f("uq_failed_event_listener_sequence")),
    )
    op.create_table(
        "idempotency",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency")),
        sa.UniqueConstraint("owner", "route", "key", name=op.f("uq_idempotency_owner_route_key")),
    )
    with op.batch_alter_table("idempotency", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_created_at"), ["created_at"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("due_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("name", name=op.f("uq_job_name")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due_at", ["due_at"], unique=False)

    op.create_table(
        "listener_place",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_listener_place")),
    )
    op.create_table(
        "officer",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_key", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("job_title", sa.String(length=100), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("verified_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("second_factor_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("erase_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("erased_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("address", name=op.f("uq_officer_address")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index("ix_officer_person_key", ["person_key"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_problem", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index("ix_outbox_waiting", ["sent_at", "given_up_at", "next_try_at"], unique=False)

    op.create_table(
        "project_search",
        sa.Column("place", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_project_search")),
        sa.UniqueConstraint("project_id", name=op.f("uq_project_search_project_id")),
    )
    op.create_table(
        "public_figures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("open_projects", sa.Integer(), nullable=False),
        sa.Column("pledged_half_days", sa.BigInteger(), nullable=False),
        sa.Column("pledged_pence", sa.BigInteger(), nullable=False),
        sa.Column("councils", sa.Integer(), nullable=False),
        sa.Column("counted_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_public_figures_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_figures")),
    )
    op.create_table(
        "security_event",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=True),
        sa.Column("details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    with op.batch_alter_table("security_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_security_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_security_event_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pair_key", sa.String(length=64), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_pair_key_at", ["pair_key", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_source_key_at", ["source_key", "at"], unique=False)

    op.create_table(
        "council_domain",
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("is_observed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_domain_council_id_council")),
        sa.PrimaryKeyConstraint("council_id", "domain", name=op.f("pk_council_domain")),
    )
    with op.batch_alter_table("council_domain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_domain_domain"), ["domain"], unique=False)

    op.create_table(
        "council_former_code",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_council_former_code_council_id_council")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_council_former_code")),
    )
    op.create_table(
        "council_succession",
        sa.Column("predecessor_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("successor_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["council.id"], name=op.f("fk_council_succession_predecessor_id_council")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["council.id"], name=op.f("fk_council_succession_successor_id_council")
        ),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_council_succession")),
    )
    with op.batch_alter_table("council_succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_council_succession_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("let_in_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("ended_because", sa.String(length=20), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= asked_at", name=op.f("ck_membership_ends_after_it_began")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_membership_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_membership_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index("ix_membership_council_id_ended_at", ["council_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index(
            "uq_membership_standing",
            ["officer_id", "council_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "one_time_link",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_one_time_link_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "platform_role",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("given_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("given_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('coordinator', 'platform-admin')", name=op.f("ck_platform_role_role_known")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_platform_role_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platform_role")),
        sa.UniqueConstraint("officer_id", "role", name=op.f("uq_platform_role_officer_id_role")),
    )
    op.create_table(
        "project",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column(
            "title",
            sa.String(length=120).with_variant(sa.String(length=120, collation="NOCASE"), "sqlite"),
            nullable=False,
        ),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("problem_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("phase", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("least_councils", sa.Integer(), nullable=False),
        sa.Column("is_under_way", sa.Boolean(), nullable=False),
        sa.Column("is_past", sa.Boolean(), nullable=False),
        sa.Column("year_ended", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_html", sa.Text(), nullable=False),
        sa.Column("is_trial", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_recorded", sa.Boolean(), nullable=False),
        sa.Column("is_made_up", sa.Boolean(), nullable=False),
        sa.Column("sources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("phase_changed_on", sa.Date(), nullable=True),
        sa.Column("councils", sa.Integer(), nullable=False),
        sa.Column("held_half_days", sa.BigInteger(), nullable=False),
        sa.Column("held_pence", sa.BigInteger(), nullable=False),
        sa.Column("pledged_half_days", sa.BigInteger(), nullable=False),
        sa.Column("pledged_pence", sa.BigInteger(), nullable=False),
        sa.Column("agreed_half_days", sa.BigInteger(), nullable=False),
        sa.Column("agreed_pence", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("mode IN ('all_or_nothing', 'flexible')", name=op.f("ck_project_mode_known")),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name=op.f("ck_project_published_has_date")),
        sa.CheckConstraint(
            "status = 'draft' OR slug IS NOT NULL OR is_trial", name=op.f("ck_project_published_has_slug")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'open', 'going_ahead', 'finished', 'stopped', 'lapsed')",
            name=op.f("ck_project_status_known"),
        ),
        sa.CheckConstraint(
            "councils >= 0 AND held_half_days >= 0 AND held_pence >= 0 AND pledged_half_days >= 0 AND pledged_pence >= 0 AND agreed_half_days >= 0 AND agreed_pence >= 0",
            name=op.f("ck_project_counters_not_negative"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_project_council_id_council")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index("ix_project_council_id_updated_at", ["council_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_project_public_councils", ["is_public", "councils", "id"], unique=False)
        batch_op.create_index("ix_project_public_created_at", ["is_public", "created_at", "id"], unique=False)
        batch_op.create_index("ix_project_public_decision_on", ["is_public", "decision_on", "id"], unique=False)
        batch_op.create_index(
            "ix_project_public_phase_updated_at", ["is_public", "phase", "updated_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_project_public_pledged_half_days", ["is_public", "pledged_half_days", "id"], unique=False
        )
        batch_op.create_index("ix_project_public_pledged_pence", ["is_public", "pledged_pence", "id"], unique=False)
        batch_op.create_index(
            "ix_project_public_status_updated_at", ["is_public", "status", "updated_at", "id"], unique=False
        )
        batch_op.create_index("ix_project_public_title", ["is_public", "title", "id"], unique=False)
        batch_op.create_index("ix_project_public_updated_at", ["is_public", "updated_at", "id"], unique=False)

    op.create_table(
        "saved_draft",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_saved_draft_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_draft")),
    )
    with op.batch_alter_table("saved_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_draft_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=True),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_session_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "draft_check",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("subject_type", sa.String(length=10), nullable=False),
        sa.Column("subject_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asked_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("asked_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('fine', 'changes')", name=op.f("ck_draft_check_answer_known")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_draft_check_answered_when")),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_draft_check_asked_by_officer")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_draft_check_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_draft_check_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_check")),
    )
    with op.batch_alter_table("draft_check", schema=None) as batch_op:
        batch_op.create_index("ix_draft_check_officer_id_answered_at", ["officer_id", "answered_at"], unique=False)
        batch_op.create_index("ix_draft_check_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "membership_role",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("membership_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("given_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("given_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('authoriser', 'council-admin')", name=op.f("ck_membership_role_role_known")),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_membership_role_membership_id_membership")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_role")),
    )
    with op.batch_alter_table("membership_role", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_role_membership_id"), ["membership_id"], unique=False)
        batch_op.create_index(
            "uq_membership_role_standing",
            ["membership_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "need",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("profession", sa.String(length=40), nullable=True),
        sa.Column("thing", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("is_essential", sa.Boolean(), nullable=False),
        sa.Column("is_capped", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("pledged", sa.BigInteger(), nullable=False),
        sa.Column("agreed", sa.BigInteger(), nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'in_kind') = (thing IS NOT NULL)", name=op.f("ck_need_in_kind_has_thing")),
        sa.CheckConstraint("(kind = 'time') = (profession IS NOT NULL)", name=op.f("ck_need_time_has_profession")),
        sa.CheckConstraint("kind IN ('time', 'funding', 'in_kind')", name=op.f("ck_need_kind_known")),
        sa.CheckConstraint("status IN ('open', 'closed', 'dropped')", name=op.f("ck_need_status_known")),
        sa.CheckConstraint("NOT is_capped OR held + committed <= target", name=op.f("ck_need_capped")),
        sa.CheckConstraint(
            "agreed >= 0 AND agreed <= pledged AND pledged <= held AND committed >= 0 AND delivered >= 0",
            name=op.f("ck_need_sums_in_order"),
        ),
        sa.CheckConstraint("target >= 1", name=op.f("ck_need_target_at_least_one")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_need_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
    )
    with op.batch_alter_table("need", schema=None) as batch_op:
        batch_op.create_index("ix_need_kind_status_project_id", ["kind", "status", "project_id"], unique=False)
        batch_op.create_index(
            "ix_need_profession_status_project_id", ["profession", "status", "project_id"], unique=False
        )
        batch_op.create_index("ix_need_project_id_position", ["project_id", "position", "id"], unique=False)
        batch_op.create_index("ix_need_updated_at", ["updated_at", "id"], unique=False)

    op.create_table(
        "project_partner",
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_project_partner_council_id_council")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_partner_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", "council_id", name=op.f("pk_project_partner")),
    )
    with op.batch_alter_table("project_partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_partner_council_id"), ["council_id"], unique=False)

    op.create_table(
        "project_person",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("started_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'team')", name=op.f("ck_project_person_role_known")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_project_person_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_project_person_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_person_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_person")),
    )
    with op.batch_alter_table("project_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_person_council_id"), ["council_id"], unique=False)
        batch_op.create_index("ix_project_person_officer_id_ended_at", ["officer_id", "ended_at"], unique=False)
        batch_op.create_index(
            "uq_project_person_standing",
            ["project_id", "officer_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "project_slug",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_slug_project_id_project")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_project_slug")),
    )
    with op.batch_alter_table("project_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_slug_project_id"), ["project_id"], unique=False)

    op.create_table(
        "project_theme",
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_theme_project_id_project"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "theme", name=op.f("pk_project_theme")),
    )
    with op.batch_alter_table("project_theme", schema=None) as batch_op:
        batch_op.create_index("ix_project_theme_theme_project_id", ["theme", "project_id"], unique=False)

    op.create_table(
        "project_update",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("edited_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'withdrawn')", name=op.f("ck_project_update_status_known")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_project_update_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_project_update_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_project_update_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_update")),
    )
    with op.batch_alter_table("project_update", schema=None) as batch_op:
        batch_op.create_index(
            "ix_project_update_project_id_published_at", ["project_id", "status", "published_at", "id"], unique=False
        )
        batch_op.create_index("ix_project_update_status_published_at", ["status", "published_at", "id"], unique=False)
        batch_op.create_index("ix_project_update_status_updated_at", ["status", "updated_at", "id"], unique=False)

    op.create_table(
        "pledge",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("need_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("first_financial_year", sa.Integer(), nullable=True),
        sa.Column("last_financial_year", sa.Integer(), nullable=True),
        sa.Column("spending", sa.String(length=10), nullable=True),
        sa.Column("worth_pence", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("sign_off_by", sa.Date(), nullable=False),
        sa.Column("stands_until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("offered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("authorised_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'funding') = (first_financial_year IS NOT NULL)", name=op.f("ck_pledge_funding_has_years")
        ),
        sa.CheckConstraint("(kind = 'in_kind') = (worth_pence IS NOT NULL)", name=op.f("ck_pledge_in_kind_has_worth")),
        sa.CheckConstraint(
            "(kind = 'time') = (from_on IS NOT NULL AND to_on IS NOT NULL)", name=op.f("ck_pledge_time_has_dates")
        ),
        sa.CheckConstraint("kind IN ('time', 'funding', 'in_kind')", name=op.f("ck_pledge_kind_known")),
        sa.CheckConstraint(
            "status IN ('offered', 'authorised', 'refused', 'accepted', 'declined', 'committed', 'delivered', 'withdrawn', 'lapsed', 'broken', 'released')",
            name=op.f("ck_pledge_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('offered', 'refused', 'declined', 'withdrawn', 'lapsed') OR authorised_at IS NOT NULL",
            name=op.f("ck_pledge_authorised_when"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('accepted', 'committed', 'delivered') OR accepted_at IS NOT NULL",
            name=op.f("ck_pledge_accepted_when"),
        ),
        sa.CheckConstraint("amount >= 1", name=op.f("ck_pledge_amount_at_least_one")),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_pledge_dates_in_order")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_pledge_council_id_council")),
        sa.ForeignKeyConstraint(["need_id"], ["need.id"], name=op.f("fk_pledge_need_id_need")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_pledge_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_pledge_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pledge")),
    )
    with op.batch_alter_table("pledge", schema=None) as batch_op:
        batch_op.create_index("ix_pledge_council_id_updated_at", ["council_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_pledge_need_id_status", ["need_id", "status", "id"], unique=False)
        batch_op.create_index("ix_pledge_officer_id_status", ["officer_id", "status"], unique=False)
        batch_op.create_index(
            "ix_pledge_project_id_council_id_status", ["project_id", "council_id", "status"], unique=False
        )
        batch_op.create_index(
            "ix_pledge_project_id_status_authorised_at", ["project_id", "status", "authorised_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_pledge_public_offered_at",
            ["offered_at", "id"],
            unique=False,
            sqlite_where=sa.text("authorised_at IS NOT NULL"),
            postgresql_where=sa.text("authorised_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_pledge_public_status_updated_at",
            ["status", "updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("authorised_at IS NOT NULL"),
            postgresql_where=sa.text("authorised_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_pledge_public_updated_at",
            ["updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("authorised_at IS NOT NULL"),
            postgresql_where=sa.text("authorised_at IS NOT NULL"),
        )
        batch_op.create_index("ix_pledge_status_sign_off_by", ["status", "sign_off_by"], unique=False)

    op.create_table(
        "project_update_text",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("update_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("replaced_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["update_id"],
            ["project_update.id"],
            name=op.f("fk_project_update_text_update_id_project_update"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_update_text")),
        sa.UniqueConstraint("update_id", "version", name=op.f("uq_project_update_text_update_id_version")),
    )
    op.create_table(
        "authorisation",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("pledge_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("capacity", sa.String(length=40), nullable=False),
        sa.Column("authorised_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_authorisation_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_authorisation_officer_id_officer")),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledge.id"], name=op.f("fk_authorisation_pledge_id_pledge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
        sa.UniqueConstraint("pledge_id", name=op.f("uq_authorisation_pledge_id")),
    )

    op.execute("INSERT INTO event_counter (id, last, last_public) VALUES (1, 0, 0)")
    if op.get_bind().dialect.name == "sqlite":
        make_index_on_sqlite()
    else:
        make_index_on_postgresql()


def make_index_on_sqlite() -> None:
    """A full-text index over `project_search`, kept by triggers: it is told the old words of what it forgets."""
    op.execute(
        "CREATE VIRTUAL TABLE project_search_index USING fts5(title, summary, body, content='project_search', "
        "content_rowid='place', prefix='3 4 5', tokenize='porter unicode61 remove_diacritics 2')"
    )
    remember = "INSERT INTO project_search_index (rowid, title, summary, body) VALUES (new.place, new.title, new.summary, new.body);"
    forget = (
        "INSERT INTO project_search_index (project_search_index, rowid, title, summary, body) "
        "VALUES ('delete', old.place, old.title, old.summary, old.body);"
    )
    op.execute(f"CREATE TRIGGER project_search_added AFTER INSERT ON project_search BEGIN {remember} END")
    op.execute(f"CREATE TRIGGER project_search_removed AFTER DELETE ON project_search BEGIN {forget} END")
    op.execute(f"CREATE TRIGGER project_search_changed AFTER UPDATE ON project_search BEGIN {forget} {remember} END")


def make_index_on_postgresql() -> None:
    """A column with the words of each row, the title's weighing most, and an index over it."""
    op.execute(
        "ALTER TABLE project_search ADD COLUMN words tsvector GENERATED ALWAYS AS ("
        "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', summary), 'B') || "
        "setweight(to_tsvector('english', body), 'C')) STORED"
    )
    # The words are read for every candidate of a search: kept in the row itself, they are read ten times as fast.
    op.execute("ALTER TABLE project_search ALTER COLUMN words SET STORAGE MAIN")
    op.execute("CREATE INDEX ix_project_search_words ON project_search USING gin (words)")
