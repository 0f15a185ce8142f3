"""What everybody held in a period is counted from an index alone."""

from alembic import op

from store.migrations import live

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.create_index("ix_visits_status_on_withdrawn_at_rep_id", "visits", ["status", "on", "withdrawn_at", "rep_id"])
    op.drop_index("ix_visits_status_on", "visits")  # the new one begins with the same columns


def downgrade() -> None:
    op.create_index("ix_visits_status_on", "visits", ["status", "on"])
    op.drop_index("ix_visits_status_on_withdrawn_at_rep_id", "visits")
