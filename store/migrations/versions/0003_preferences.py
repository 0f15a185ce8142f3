"""What people chose for themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=True),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("home_opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("rep_id", name=op.f("pk_preferences")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_preferences_rep_id"), ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("preferences")
