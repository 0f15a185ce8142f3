"""How often digests come, until when they are news, and what their numbers stand for."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preferences", sa.Column("digest_rhythm", sa.String(), nullable=True))
    op.add_column("preferences", sa.Column("rhythm_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("digest_days", sa.Column("until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("digest_days", sa.Column("numbers", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("web_sessions", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("web_sessions", "seen_at")
    op.drop_column("digest_days", "numbers")
    op.drop_column("digest_days", "until")
    op.drop_column("preferences", "rhythm_asked_at")
    op.drop_column("preferences", "digest_rhythm")
