"""When somebody was heard last is read from an index, however much they have told."""

from alembic import op

from store.migrations import live

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.create_index("ix_captures_rep_id_sent_at", "captures", ["rep_id", "sent_at"])
    op.drop_index(op.f("ix_captures_rep_id"), table_name="captures")


def downgrade() -> None:
    op.create_index(op.f("ix_captures_rep_id"), "captures", ["rep_id"])
    op.drop_index("ix_captures_rep_id_sent_at", table_name="captures")
