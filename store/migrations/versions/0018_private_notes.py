"""What one of us keeps to themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "private_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=True),
        sa.Column("capture_id", sa.Integer(), nullable=True),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_notes")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_private_notes_rep_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_private_notes_capture_id")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_private_notes_visit_id"), ondelete="CASCADE"
        ),
    )
    for column in ("rep_id", "capture_id", "visit_id"):
        op.create_index(op.f(f"ix_private_notes_{column}"), "private_notes", [column])


def downgrade() -> None:
    op.drop_table("private_notes")
