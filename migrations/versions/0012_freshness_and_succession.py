"""Signs of life of projects, projects on their way to another council, and councils that follow others."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import pipeline.db.base
from pipeline.db.rebuilding import change_constraints

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = pipeline.db.base.UtcDateTime(timezone=True)
ID = pipeline.db.base.Id(length=36)
AGES = sa.text("is_public AND NOT keeps_documents AND status IN ('open', 'going_ahead')")
ASKED = sa.text("status = 'asked'")
CARRIED_OVER = sa.text("carry_over_due_on IS NOT NULL")
BY_STEP = (
    "(freshness = 'fresh') = (freshness_step < 4) AND (freshness = 'quiet') = (freshness_step = 4)"
    " AND freshness_step BETWEEN 0 AND 6"
)


def upgrade() -> None:
    """Add what is kept of signs of life and of successions; everything there is counts as seen to today."""
    _projects()
    _handovers()
    _pledges()
    _councils()


def _projects() -> None:
    for column in (
        sa.Column("last_sign_of_life_at", MOMENT, nullable=True),
        sa.Column("freshness", sa.String(length=20), nullable=False, server_default="fresh"),
        sa.Column("freshness_step", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("waits_from_on", sa.Date(), nullable=True),
        sa.Column("frozen_at", MOMENT, nullable=True),
    ):
        op.add_column("project", column)
    change_constraints(
        op.get_bind(),
        "project",
        add={
            "ck_project_freshness_known": "CHECK (freshness IN ('fresh', 'quiet', 'looking_for_lead'))",
            "ck_project_freshness_by_step": f"CHECK ({BY_STEP})",
            "ck_project_frozen_waits": "CHECK (frozen_at IS NULL OR waits_from_on IS NOT NULL)",
        },
    )
    op.create_index(
        "ix_project_ageing", "project", ["freshness_step", "last_sign_of_life_at", "id"], sqlite_where=AGES,
        postgresql_where=AGES,
    )  # fmt: skip
    op.create_index(
        "ix_project_public_freshness_updated_at", "project", ["is_public", "freshness", "updated_at", "id"]
    )  # fmt: skip
    project = sa.table("project", sa.column("published_at", MOMENT), sa.column("last_sign_of_life_at", MOMENT))
    seen = project.update().where(project.c.published_at.is_not(None))
    op.execute(seen.values(last_sign_of_life_at=sa.literal(datetime.now(UTC), MOMENT)))


def _handovers() -> None:
    op.create_table(
        "handover",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("from_council_id", ID, nullable=False),
        sa.Column("to_council_id", ID, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked_by", ID, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("lead_id", ID, nullable=True),
        sa.Column("council_agreed_by", ID, nullable=True),
        sa.Column("council_agreed_at", MOMENT, nullable=True),
        sa.Column("answer_due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("ended_by", ID, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('hand_over', 'take_over')", name=op.f("ck_handover_kind_known")),
        sa.CheckConstraint(
            "status IN ('asked', 'agreed', 'declined', 'withdrawn', 'still_here', 'overtaken')",
            name=op.f("ck_handover_status_known"),
        ),
        sa.CheckConstraint("from_council_id <> to_council_id", name=op.f("ck_handover_between_two")),
        sa.CheckConstraint("(status = 'asked') = (ended_at IS NULL)", name=op.f("ck_handover_ended_when")),
        sa.CheckConstraint(
            "(kind = 'take_over') = (answer_due_on IS NOT NULL)", name=op.f("ck_handover_take_over_has_date")
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_handover_project_id_project")),
        sa.ForeignKeyConstraint(["from_council_id"], ["council.id"], name=op.f("fk_handover_from_council_id_council")),
        sa.ForeignKeyConstraint(["to_council_id"], ["council.id"], name=op.f("fk_handover_to_council_id_council")),
        sa.ForeignKeyConstraint(["asked_by"], ["officer.id"], name=op.f("fk_handover_asked_by_officer")),
        sa.ForeignKeyConstraint(["lead_id"], ["officer.id"], name=op.f("fk_handover_lead_id_officer")),
        sa.ForeignKeyConstraint(
            ["council_agreed_by"], ["officer.id"], name=op.f("fk_handover_council_agreed_by_officer")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["officer.id"], name=op.f("fk_handover_ended_by_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(
        "uq_handover_standing", "handover", ["project_id"], unique=True, sqlite_where=ASKED, postgresql_where=ASKED
    )
    op.create_index("ix_handover_project_id_ended_at", "handover", ["project_id", "ended_at"])
    op.create_index("ix_handover_to_council_id_status", "handover", ["to_council_id", "status", "id"])
    op.create_index("ix_handover_kind_status", "handover", ["kind", "status", "id"])


def _pledges() -> None:
    op.add_column("pledge", sa.Column("carry_over_due_on", sa.Date(), nullable=True))
    op.add_column("pledge", sa.Column("frozen_at", MOMENT, nullable=True))
    op.add_column("pledge", sa.Column("pledged_as_id", ID, nullable=True))
    change_constraints(
        op.get_bind(),
        "pledge",
        add={"fk_pledge_pledged_as_id_council": "FOREIGN KEY(pledged_as_id) REFERENCES council (id)"},
    )
    op.create_index(
        "ix_pledge_carry_over_due_on", "pledge", ["carry_over_due_on", "id"], sqlite_where=CARRIED_OVER,
        postgresql_where=CARRIED_OVER,
    )  # fmt: skip


def _councils() -> None:
    op.add_column("council_domain", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("council_succession", sa.Column("took_effect_on", sa.Date(), nullable=True))
    succession = sa.table("council_succession", sa.column("successor_id", ID), sa.column("took_effect_on", sa.Date()))
    council = sa.table("council", sa.column("id", ID), sa.column("started_on", sa.Date()))
    today = datetime.now(UTC).date()
    later = sa.select(council.c.id).where(council.c.started_on > today)
    begun = succession.update().where(succession.c.successor_id.not_in(later))
    op.execute(begun.values(took_effect_on=sa.literal(today, sa.Date())))
