"""The words by which a house knows its kinds and its keywords."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("kinds", sa.Column("words", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("house_keywords", sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.create_table(
        "house_synonyms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("keyword_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_synonyms")),
        sa.ForeignKeyConstraint(
            ["keyword_id"], ["house_keywords.id"], name=op.f("fk_house_synonyms_keyword_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("said", name=op.f("uq_house_synonyms_said")),
    )
    op.create_index(op.f("ix_house_synonyms_keyword_id"), "house_synonyms", ["keyword_id"])


def downgrade() -> None:
    op.drop_table("house_synonyms")
    with op.batch_alter_table("house_keywords") as table:
        table.drop_column("active")
    with op.batch_alter_table("kinds") as table:
        table.drop_column("words")
