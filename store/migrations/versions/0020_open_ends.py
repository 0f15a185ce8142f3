"""Messages are found by their state."""

from alembic import op

from store.migrations import live

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    live.create_index(op.f("ix_captures_state"), "captures", ["state"])


def downgrade() -> None:
    op.drop_index(op.f("ix_captures_state"), "captures")
