"""Attributes of a house's own."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

RECORDS = ("accounts", "contacts", "visits")


def upgrade() -> None:
    op.create_table(
        "house_attributes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_attributes")),
        sa.UniqueConstraint("record", "key", name=op.f("uq_house_attributes_record_key")),
    )
    for table in RECORDS:
        op.add_column(table, sa.Column("extra", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    for table in RECORDS:
        op.drop_column(table, "extra")
    op.drop_table("house_attributes")
