"""Lists of a million visits are shown without sorting them; views of lists that somebody keeps."""

import sqlalchemy as sa
from alembic import op

from store.migrations import live

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = (
    ("visits", ("on", "id")),
    *(("visits", (column, "on")) for column in ("type", "medium", "outcome", "status")),
    ("actions", ("state", "due", "id")),
    ("accounts", ("region",)),
    ("accounts", ("grade",)),
)


def upgrade() -> None:
    for table, columns in INDEXES:
        live.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_saved_views_rep_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_saved_views_rep_id"), "saved_views", ["rep_id"])


def downgrade() -> None:
    op.drop_table("saved_views")
    for table, columns in INDEXES:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
