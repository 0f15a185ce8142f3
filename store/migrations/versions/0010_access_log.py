"""Who read personal data."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("thing", sa.String(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
        sa.UniqueConstraint(
            "by", "day", "thing", "thing_id", "how", name=op.f("uq_access_log_by_day_thing_thing_id_how")
        ),
    )
    op.create_index(op.f("ix_access_log_day"), "access_log", ["day"])
    op.create_index("ix_access_log_thing_thing_id", "access_log", ["thing", "thing_id"])


def downgrade() -> None:
    op.drop_table("access_log")
