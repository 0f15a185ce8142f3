"""What is kept too long is found without going through what was forgotten before."""

import sqlalchemy as sa
from alembic import op

from store.migrations import live

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.text("raw IS NOT NULL")
    live.create_index("ix_captures_raw_kept", "captures", ["taken_at", "id"], sqlite_where=kept, postgresql_where=kept)
    live.create_index(op.f("ix_attachments_sha256"), "attachments", ["sha256"])


def downgrade() -> None:
    op.drop_index(op.f("ix_attachments_sha256"), "attachments")
    op.drop_index("ix_captures_raw_kept", "captures")
