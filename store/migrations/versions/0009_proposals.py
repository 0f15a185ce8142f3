"""What a signature tells of a known contact."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_proposals_visit_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_proposals_contact_id"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_proposals_visit_id"), "proposals", ["visit_id"])
    op.create_index(op.f("ix_proposals_contact_id"), "proposals", ["contact_id"])


def downgrade() -> None:
    op.drop_table("proposals")
