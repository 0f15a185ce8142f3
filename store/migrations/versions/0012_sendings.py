"""Mailings and what came back of them, which automatic mails were looked into, and which of them are proved."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contact_signs", sa.Column("proved", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "looked_into",
        sa.Column("capture_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_looked_into")),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["captures.id"], name=op.f("fk_looked_into_capture_id"), ondelete="CASCADE"
        ),
    )
    op.create_table(
        "sendings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
        sa.UniqueConstraint("key", name=op.f("uq_sendings_key")),
    )
    op.create_table(
        "sending_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sending_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sending_addresses")),
        sa.ForeignKeyConstraint(
            ["sending_id"], ["sendings.id"], name=op.f("fk_sending_addresses_sending_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("sending_id", "email", name=op.f("uq_sending_addresses_sending_id_email")),
    )
    op.create_index(op.f("ix_sending_addresses_email"), "sending_addresses", ["email"])


def downgrade() -> None:
    op.drop_table("sending_addresses")
    op.drop_table("sendings")
    op.drop_table("looked_into")
    op.drop_column("contact_signs", "proved")
