"""Which digests were begun, made and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_days")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_digest_days_rep_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("rep_id", "day", "kind", name=op.f("uq_digest_days_rep_id_day_kind")),
    )
    op.create_index(op.f("ix_digest_days_batch"), "digest_days", ["batch"])


def downgrade() -> None:
    op.drop_table("digest_days")
