"""Steps that can be taken back whole: contacts merged, a rep's work handed over; contacts that may be one person."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("journal", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
    )
    op.create_index("ix_steps_kind_from_id", "steps", ["kind", "from_id"])
    op.create_index(op.f("ix_steps_to_id"), "steps", ["to_id"])
    op.create_table(
        "contact_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("different_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("different_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_pairs")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_contact_pairs_low_id_high_id")),
    )
    op.create_index(op.f("ix_contact_pairs_high_id"), "contact_pairs", ["high_id"])


def downgrade() -> None:
    op.drop_table("contact_pairs")
    op.drop_table("steps")
