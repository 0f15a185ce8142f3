"""What several messages hand on alike, and visits that were told more than once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origins")),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name=op.f("fk_origins_capture_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("capture_id", "key", name=op.f("uq_origins_capture_id_key")),
    )
    op.create_index(op.f("ix_origins_key"), "origins", ["key"])
    op.create_table(
        "visit_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_sources")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visit_sources_visit_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_visit_sources_capture_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_visit_sources_rep_id")),
        sa.UniqueConstraint("capture_id", "position", name=op.f("uq_visit_sources_capture_id_position")),
    )
    op.create_index(op.f("ix_visit_sources_visit_id"), "visit_sources", ["visit_id"])
    op.create_index(op.f("ix_visit_sources_rep_id"), "visit_sources", ["rep_id"])


def downgrade() -> None:
    op.drop_table("visit_sources")
    op.drop_table("origins")
