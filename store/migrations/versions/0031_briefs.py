"""Whoever wants it so gets the brief for a planned visit an hour before."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("preferences", sa.Column("brief_when", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("preferences", "brief_when")
