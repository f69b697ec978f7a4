"""Shared documents: artefacts, versions, adoptions, merges, suggestions, checklists; lessons; uploads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pipeline.db.base
from pipeline.db.rebuilding import change_constraints

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BASE = "fk_artefact_base_id_artefact_version"
ANSWERABLE = "subject_type IN ('pledge', 'interest', 'join_request', 'suggestion')"

ATTRIBUTION = "{title} by {council}, version {version}, {licence}."
LICENCES = [
    {
        "code": code,
        "name": name,
        "url": url,
        "position": position,
        "adapted_under": adapted_under,
        "notice": notice,
    }
    for position, (code, name, url, adapted_under, notice) in enumerate(
        [
            (
                "OGL-UK-3.0",
                "Open Government Licence v3.0",
                "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
                ["OGL-UK-3.0", "CC-BY-4.0", "CC-BY-SA-4.0"],
                "Contains public sector information licensed under the Open Government Licence v3.0: " + ATTRIBUTION,
            ),
            (
                "CC0-1.0",
                "CC0 1.0 Universal",
                "https://creativecommons.org/publicdomain/zero/1.0/",
                ["CC0-1.0", "OGL-UK-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "MIT", "GPL-3.0-or-later", "CC-BY-ND-4.0"],
                ATTRIBUTION,
            ),
            (
                "CC-BY-4.0",
                "Creative Commons Attribution 4.0",
                "https://creativecommons.org/licenses/by/4.0/",
                ["CC-BY-4.0", "CC-BY-SA-4.0"],
                ATTRIBUTION,
            ),
            (
                "CC-BY-SA-4.0",
                "Creative Commons Attribution-ShareAlike 4.0",
                "https://creativecommons.org/licenses/by-sa/4.0/",
                ["CC-BY-SA-4.0"],
                ATTRIBUTION,
            ),
            (
                "MIT",
                "MIT Licence",
                "https://opensource.org/license/mit",
                ["MIT", "OGL-UK-3.0", "CC-BY-4.0", "CC-BY-SA-4.0", "GPL-3.0-or-later", "CC-BY-ND-4.0", "CC0-1.0"],
                "Copyright notice and permission notice are kept: " + ATTRIBUTION,
            ),
            (
                "GPL-3.0-or-later",
                "GNU General Public License v3.0 or later",
                "https://www.gnu.org/licenses/gpl-3.0.html",
                ["GPL-3.0-or-later"],
                ATTRIBUTION,
            ),
            (
                "CC-BY-ND-4.0",
                "Creative Commons Attribution-NoDerivatives 4.0",
                "https://creativecommons.org/licenses/by-nd/4.0/",
                [],
                ATTRIBUTION,
            ),
        ]
    )
]
"""Facts of the licences, from their own texts; which may follow which is in the rules of shared documents."""


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 0", name=op.f("ck_blob_size_not_negative")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "licence",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("adapted_under", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_licence")),
    )
    op.create_table(
        "upload",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("leased_until", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=60), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("has_comments", sa.Boolean(), nullable=False),
        sa.Column("has_tracked_changes", sa.Boolean(), nullable=False),
        sa.Column("has_edges", sa.Boolean(), nullable=False),
        sa.Column("has_pictures", sa.Boolean(), nullable=False),
        sa.Column("people", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('markdown', 'text', 'docx', 'odt', 'pdf')", name=op.f("ck_upload_kind_known")),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'refused')", name=op.f("ck_upload_state_known")),
        sa.ForeignKeyConstraint(["blob_sha256"], ["blob.sha256"], name=op.f("fk_upload_blob_sha256_blob")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_upload_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_blob_sha256"), ["blob_sha256"], unique=False)
        batch_op.create_index("ix_upload_officer_id_created_at", ["officer_id", "created_at"], unique=False)
        batch_op.create_index(
            "ix_upload_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "artefact",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "title",
            sa.String(length=120).with_variant(sa.String(length=120, collation="NOCASE"), "sqlite"),
            nullable=False,
        ),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("current_number", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("upstream_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("base_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("root_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("pair_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("is_made_up", sa.Boolean(), nullable=False),
        sa.Column("as_is", sa.Integer(), nullable=False),
        sa.Column("adapted", sa.Integer(), nullable=False),
        sa.Column("adoptions", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("lessons", sa.Integer(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_nudges", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('policy', 'template', 'agreement', 'business_case', 'specification', 'research', 'training', 'checklist', 'other')",
            name=op.f("ck_artefact_kind_known"),
        ),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name=op.f("ck_artefact_published_has_date")),
        sa.CheckConstraint("status = 'draft' OR slug IS NOT NULL", name=op.f("ck_artefact_published_has_slug")),
        sa.CheckConstraint("status IN ('draft', 'published', 'ended')", name=op.f("ck_artefact_status_known")),
        sa.CheckConstraint("(upstream_id IS NULL) = (base_id IS NULL)", name=op.f("ck_artefact_copy_has_base")),
        sa.CheckConstraint(
            "as_is >= 0 AND adapted >= 0 AND copies >= 0 AND lessons >= 0",
            name=op.f("ck_artefact_counters_not_negative"),
        ),
        sa.CheckConstraint("pair_id IS NULL OR pair_id <> id", name=op.f("ck_artefact_not_its_own_pair")),
        sa.CheckConstraint("upstream_id IS NULL OR upstream_id <> id", name=op.f("ck_artefact_not_its_own_upstream")),
        *_base_of_a_copy(),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_artefact_council_id_council")),
        sa.ForeignKeyConstraint(["licence"], ["licence.code"], name=op.f("fk_artefact_licence_licence")),
        sa.ForeignKeyConstraint(["pair_id"], ["artefact.id"], name=op.f("fk_artefact_pair_id_artefact")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_artefact_project_id_project")),
        sa.ForeignKeyConstraint(["root_id"], ["artefact.id"], name=op.f("fk_artefact_root_id_artefact")),
        sa.ForeignKeyConstraint(["upstream_id"], ["artefact.id"], name=op.f("fk_artefact_upstream_id_artefact")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact")),
        sa.UniqueConstraint("pair_id", name=op.f("uq_artefact_pair_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_artefact_slug")),
    )
    with op.batch_alter_table("artefact", schema=None) as batch_op:
        batch_op.create_index("ix_artefact_council_id_updated_at", ["council_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_artefact_project_id", ["project_id", "id"], unique=False)
        batch_op.create_index("ix_artefact_public_adoptions", ["is_public", "adoptions", "id"], unique=False)
        batch_op.create_index("ix_artefact_public_published_at", ["is_public", "published_at", "id"], unique=False)
        batch_op.create_index("ix_artefact_public_title", ["is_public", "title", "id"], unique=False)
        batch_op.create_index("ix_artefact_public_updated_at", ["is_public", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_artefact_review_on", ["review_on"], unique=False)
        batch_op.create_index(
            "ix_artefact_root_id", ["root_id", "upstream_id", "is_public", "project_id", "id"], unique=False
        )
        batch_op.create_index("ix_artefact_root_id_copies", ["root_id", "copies", "id"], unique=False)
        batch_op.create_index("ix_artefact_upstream_id", ["upstream_id", "id"], unique=False)

    op.create_table(
        "artefact_version",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("change_note", sa.String(length=1000), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_from_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("took_in_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("restored_from_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("matches_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("sources", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("credits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("points", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("dropped_points", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=True),
        sa.Column("original_name", sa.String(length=200), nullable=True),
        sa.Column("original_upload_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("is_original_public", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("withdrawn_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "status = 'published' OR withdrawn_at IS NOT NULL", name=op.f("ck_artefact_version_withdrawn_when")
        ),
        sa.CheckConstraint(
            "status IN ('published', 'withdrawn', 'removed')", name=op.f("ck_artefact_version_status_known")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_artefact_version_number_from_one")),
        sa.ForeignKeyConstraint(
            ["artefact_id"], ["artefact.id"], name=op.f("fk_artefact_version_artefact_id_artefact")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_artefact_version_council_id_council")),
        sa.ForeignKeyConstraint(["licence"], ["licence.code"], name=op.f("fk_artefact_version_licence_licence")),
        sa.ForeignKeyConstraint(
            ["matches_id"], ["artefact_version.id"], name=op.f("fk_artefact_version_matches_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_artefact_version_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["original_sha256"], ["blob.sha256"], name=op.f("fk_artefact_version_original_sha256_blob")
        ),
        sa.ForeignKeyConstraint(
            ["restored_from_id"],
            ["artefact_version.id"],
            name=op.f("fk_artefact_version_restored_from_id_artefact_version"),
        ),
        sa.ForeignKeyConstraint(
            ["started_from_id"],
            ["artefact_version.id"],
            name=op.f("fk_artefact_version_started_from_id_artefact_version"),
        ),
        sa.ForeignKeyConstraint(
            ["took_in_id"], ["artefact_version.id"], name=op.f("fk_artefact_version_took_in_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["officer.id"], name=op.f("fk_artefact_version_withdrawn_by_officer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact_version")),
        sa.UniqueConstraint("artefact_id", "number", name=op.f("uq_artefact_version_artefact_id_number")),
    )
    with op.batch_alter_table("artefact_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_artefact_version_artefact_id_status", ["artefact_id", "status", "number"], unique=False
        )
        batch_op.create_index("ix_artefact_version_published_at", ["published_at", "id"], unique=False)
        batch_op.create_index("ix_artefact_version_sha256", ["sha256"], unique=False)
        batch_op.create_index("ix_artefact_version_took_in_id", ["took_in_id"], unique=False)

    op.create_table(
        "adoption",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("version_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("copy_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("started_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("moved_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(standing = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_adoption_ended_when")),
        sa.CheckConstraint(
            "standing IN ('as_is', 'preparing', 'adapted', 'ended')", name=op.f("ck_adoption_standing_known")
        ),
        sa.CheckConstraint(
            "standing NOT IN ('preparing', 'adapted') OR copy_id IS NOT NULL", name=op.f("ck_adoption_adapted_has_copy")
        ),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_adoption_artefact_id_artefact")),
        sa.ForeignKeyConstraint(["copy_id"], ["artefact.id"], name=op.f("fk_adoption_copy_id_artefact")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_adoption_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_adoption_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["artefact_version.id"], name=op.f("fk_adoption_version_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption")),
    )
    with op.batch_alter_table("adoption", schema=None) as batch_op:
        batch_op.create_index("ix_adoption_artefact_id_standing", ["artefact_id", "standing", "id"], unique=False)
        batch_op.create_index("ix_adoption_artefact_id_started_at", ["artefact_id", "started_at", "id"], unique=False)
        batch_op.create_index("ix_adoption_copy_id", ["copy_id"], unique=False)
        batch_op.create_index("ix_adoption_council_id_standing", ["council_id", "standing", "id"], unique=False)
        batch_op.create_index("ix_adoption_started_at", ["started_at", "id"], unique=False)
        batch_op.create_index("ix_adoption_updated_at", ["updated_at", "id"], unique=False)
        batch_op.create_index("ix_adoption_review_on", ["review_on"], unique=False)
        batch_op.create_index(
            "uq_adoption_standing",
            ["artefact_id", "council_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "artefact_draft",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("started_from_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("took_in_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("restored_from_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("change_note", sa.String(length=1000), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("credits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=True),
        sa.Column("original_name", sa.String(length=200), nullable=True),
        sa.Column("original_upload_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("saved_by", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'published', 'discarded')", name=op.f("ck_artefact_draft_status_known")),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_artefact_draft_artefact_id_artefact")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_artefact_draft_council_id_council")),
        sa.ForeignKeyConstraint(["licence"], ["licence.code"], name=op.f("fk_artefact_draft_licence_licence")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_artefact_draft_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["original_sha256"], ["blob.sha256"], name=op.f("fk_artefact_draft_original_sha256_blob")
        ),
        sa.ForeignKeyConstraint(
            ["restored_from_id"],
            ["artefact_version.id"],
            name=op.f("fk_artefact_draft_restored_from_id_artefact_version"),
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["officer.id"], name=op.f("fk_artefact_draft_saved_by_officer")),
        sa.ForeignKeyConstraint(
            ["started_from_id"],
            ["artefact_version.id"],
            name=op.f("fk_artefact_draft_started_from_id_artefact_version"),
        ),
        sa.ForeignKeyConstraint(
            ["took_in_id"], ["artefact_version.id"], name=op.f("fk_artefact_draft_took_in_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact_draft")),
    )
    with op.batch_alter_table("artefact_draft", schema=None) as batch_op:
        batch_op.create_index("ix_artefact_draft_artefact_id_status", ["artefact_id", "status", "id"], unique=False)

    op.create_table(
        "checklist_answers",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("version_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "published_answers",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("published_version_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("not_yet", sa.Integer(), nullable=False),
        sa.Column("not_applicable", sa.Integer(), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "met >= 0 AND partly >= 0 AND not_yet >= 0 AND not_applicable >= 0",
            name=op.f("ck_checklist_answers_counts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["artefact_id"], ["artefact.id"], name=op.f("fk_checklist_answers_artefact_id_artefact")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_checklist_answers_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_checklist_answers_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["published_version_id"],
            ["artefact_version.id"],
            name=op.f("fk_checklist_answers_published_version_id_artefact_version"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["artefact_version.id"], name=op.f("fk_checklist_answers_version_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_answers")),
        sa.UniqueConstraint("artefact_id", "council_id", name=op.f("uq_checklist_answers_artefact_id_council_id")),
    )
    with op.batch_alter_table("checklist_answers", schema=None) as batch_op:
        batch_op.create_index("ix_checklist_answers_published", ["artefact_id", "published_at"], unique=False)

    op.create_table(
        "kept_comparison",
        sa.Column("from_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("to_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("method", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["artefact_version.id"],
            name=op.f("fk_kept_comparison_from_id_artefact_version"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["to_id"],
            ["artefact_version.id"],
            name=op.f("fk_kept_comparison_to_id_artefact_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("from_id", "to_id", "method", name=op.f("pk_kept_comparison")),
    )
    with op.batch_alter_table("kept_comparison", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_comparison_to_id"), ["to_id"], unique=False)

    op.create_table(
        "kept_download",
        sa.Column("version_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("form", sa.String(length=4), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('md', 'html', 'docx', 'odt')", name=op.f("ck_kept_download_form_known")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["artefact_version.id"],
            name=op.f("fk_kept_download_version_id_artefact_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "form", name=op.f("pk_kept_download")),
    )
    with op.batch_alter_table("kept_download", schema=None) as batch_op:
        batch_op.create_index("ix_kept_download_made_at", ["made_at"], unique=False)

    op.create_table(
        "lesson",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("project_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("did_html", sa.Text(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("happened_html", sa.Text(), nullable=False),
        sa.Column("differently", sa.Text(), nullable=False),
        sa.Column("differently_html", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("evidence_html", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("measures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("version_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("paragraph", sa.Text(), nullable=True),
        sa.Column("paragraph_hash", sa.String(length=64), nullable=True),
        sa.Column("paragraph_removed_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_html", sa.Text(), nullable=False),
        sa.Column("replied_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("replied_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("is_made_up", sa.Boolean(), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("edited_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('worked', 'partly', 'did_not_work', 'too_early')", name=op.f("ck_lesson_outcome_known")
        ),
        sa.CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name=op.f("ck_lesson_published_has_date")),
        sa.CheckConstraint("status = 'draft' OR slug IS NOT NULL", name=op.f("ck_lesson_published_has_slug")),
        sa.CheckConstraint("status IN ('draft', 'published', 'withdrawn')", name=op.f("ck_lesson_status_known")),
        sa.CheckConstraint("(artefact_id IS NULL) = (version_id IS NULL)", name=op.f("ck_lesson_pinned_to_version")),
        sa.CheckConstraint("paragraph IS NULL OR version_id IS NOT NULL", name=op.f("ck_lesson_paragraph_of_version")),
        sa.CheckConstraint(
            "paragraph_removed_at IS NULL OR paragraph IS NULL", name=op.f("ck_lesson_paragraph_or_removed")
        ),
        sa.CheckConstraint("used_by >= 0", name=op.f("ck_lesson_used_by_not_negative")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["artefact_version.id"], name=op.f("fk_lesson_answered_by_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_lesson_artefact_id_artefact")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_lesson_council_id_council")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_lesson_officer_id_officer")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_lesson_project_id_project")),
        sa.ForeignKeyConstraint(["replied_by"], ["officer.id"], name=op.f("fk_lesson_replied_by_officer")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["artefact_version.id"], name=op.f("fk_lesson_version_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("slug", name=op.f("uq_lesson_slug")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_artefact_id", ["artefact_id", "id"], unique=False)
        batch_op.create_index("ix_lesson_council_id", ["council_id", "id"], unique=False)
        batch_op.create_index("ix_lesson_project_id", ["project_id", "id"], unique=False)
        batch_op.create_index("ix_lesson_public_published_at", ["is_public", "published_at", "id"], unique=False)
        batch_op.create_index("ix_lesson_public_updated_at", ["is_public", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_lesson_public_used_by", ["is_public", "used_by", "id"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("copy_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("against_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("from_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answered_by", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("was_edited", sa.Boolean(), nullable=False),
        sa.Column("published_in_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('made', 'accepted', 'published', 'declined', 'withdrawn', 'overtaken')",
            name=op.f("ck_suggestion_status_known"),
        ),
        sa.CheckConstraint(
            "status IN ('made', 'withdrawn', 'overtaken') OR answered_at IS NOT NULL",
            name=op.f("ck_suggestion_answered_when"),
        ),
        sa.ForeignKeyConstraint(
            ["against_id"], ["artefact_version.id"], name=op.f("fk_suggestion_against_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["officer.id"], name=op.f("fk_suggestion_answered_by_officer")),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_suggestion_artefact_id_artefact")),
        sa.ForeignKeyConstraint(["copy_id"], ["artefact.id"], name=op.f("fk_suggestion_copy_id_artefact")),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_suggestion_council_id_council")),
        sa.ForeignKeyConstraint(
            ["from_id"], ["artefact_version.id"], name=op.f("fk_suggestion_from_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_suggestion_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["published_in_id"], ["artefact_version.id"], name=op.f("fk_suggestion_published_in_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index("ix_suggestion_artefact_id_status", ["artefact_id", "status", "id"], unique=False)
        batch_op.create_index("ix_suggestion_copy_id", ["copy_id"], unique=False)
        batch_op.create_index("ix_suggestion_council_id", ["council_id"], unique=False)

    op.create_table(
        "kept_recurrence",
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["artefact_id"], ["artefact.id"], name=op.f("fk_kept_recurrence_artefact_id_artefact"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("artefact_id", name=op.f("pk_kept_recurrence")),
    )
    with op.batch_alter_table("kept_recurrence", schema=None) as batch_op:
        batch_op.create_index("ix_kept_recurrence_due_at", ["due_at"], unique=False)

    op.create_table(
        "adoption_move",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("adoption_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("from_version_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("version_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("moved_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "standing IN ('as_is', 'preparing', 'adapted', 'ended')", name=op.f("ck_adoption_move_standing_known")
        ),
        sa.ForeignKeyConstraint(["adoption_id"], ["adoption.id"], name=op.f("fk_adoption_move_adoption_id_adoption")),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["artefact_version.id"], name=op.f("fk_adoption_move_from_version_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_adoption_move_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["artefact_version.id"], name=op.f("fk_adoption_move_version_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_move")),
    )
    with op.batch_alter_table("adoption_move", schema=None) as batch_op:
        batch_op.create_index("ix_adoption_move_adoption_id", ["adoption_id", "id"], unique=False)

    op.create_table(
        "artefact_merge",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("artefact_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("base_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("theirs_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("ours_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("ours_text", sa.Text(), nullable=False),
        sa.Column("suggestion_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("draft_id", pipeline.db.base.Id(length=36), nullable=True),
        sa.Column("decisions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("created_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('upstream', 'own', 'suggestion')", name=op.f("ck_artefact_merge_kind_known")),
        sa.CheckConstraint("status IN ('open', 'finished', 'discarded')", name=op.f("ck_artefact_merge_status_known")),
        sa.ForeignKeyConstraint(["artefact_id"], ["artefact.id"], name=op.f("fk_artefact_merge_artefact_id_artefact")),
        sa.ForeignKeyConstraint(
            ["base_id"], ["artefact_version.id"], name=op.f("fk_artefact_merge_base_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_artefact_merge_council_id_council")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["artefact_draft.id"], name=op.f("fk_artefact_merge_draft_id_artefact_draft")
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_artefact_merge_officer_id_officer")),
        sa.ForeignKeyConstraint(
            ["ours_id"], ["artefact_version.id"], name=op.f("fk_artefact_merge_ours_id_artefact_version")
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_artefact_merge_suggestion_id_suggestion")
        ),
        sa.ForeignKeyConstraint(
            ["theirs_id"], ["artefact_version.id"], name=op.f("fk_artefact_merge_theirs_id_artefact_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artefact_merge")),
    )
    with op.batch_alter_table("artefact_merge", schema=None) as batch_op:
        batch_op.create_index("ix_artefact_merge_artefact_id_status", ["artefact_id", "status", "id"], unique=False)

    op.create_table(
        "lesson_text",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("lesson_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("replaced_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_text_lesson_id_lesson"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_text")),
        sa.UniqueConstraint("lesson_id", "version", name=op.f("uq_lesson_text_lesson_id_version")),
    )
    op.create_table(
        "lesson_theme",
        sa.Column("lesson_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_theme_lesson_id_lesson"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lesson_id", "theme", name=op.f("pk_lesson_theme")),
    )
    with op.batch_alter_table("lesson_theme", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_theme_theme_lesson_id", ["theme", "lesson_id"], unique=False)

    op.create_table(
        "lesson_use",
        sa.Column("id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("lesson_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("council_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("officer_id", pipeline.db.base.Id(length=36), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("used_at", pipeline.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["council.id"], name=op.f("fk_lesson_use_council_id_council")),
        sa.ForeignKeyConstraint(
            ["lesson_id"], ["lesson.id"], name=op.f("fk_lesson_use_lesson_id_lesson"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_lesson_use_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_use")),
        sa.UniqueConstraint("lesson_id", "council_id", name=op.f("uq_lesson_use_lesson_id_council_id")),
    )
    with op.batch_alter_table("lesson_use", schema=None) as batch_op:
        batch_op.create_index("ix_lesson_use_council_id", ["council_id"], unique=False)

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeps_documents", sa.Boolean(), nullable=False, server_default="0"))
        batch_op.create_index(
            "uq_project_keeps_documents",
            ["council_id"],
            unique=True,
            sqlite_where=sa.text("keeps_documents"),
            postgresql_where=sa.text("keeps_documents"),
        )

    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.create_foreign_key(BASE, "artefact", "artefact_version", ["base_id"], ["id"])
    for table in ("question", "answer_clock"):
        name = f"ck_{table}_subject_type_known"
        change_constraints(connection, table, drop=[name], add={name: f"CHECK ({ANSWERABLE})"})
    op.bulk_insert(
        sa.table(
            "licence",
            *(sa.column(name) for name in LICENCES[0] if name != "adapted_under"),
            sa.column("adapted_under", pipeline.db.base.Json),
        ),
        LICENCES,
    )


def _base_of_a_copy() -> list[sa.ForeignKeyConstraint]:
    """A copy names a version, and a version its document: SQLite takes both at once, PostgreSQL one after the other."""
    if op.get_bind().dialect.name != "sqlite":
        return []
    return [sa.ForeignKeyConstraint(["base_id"], ["artefact_version.id"], name=BASE)]
