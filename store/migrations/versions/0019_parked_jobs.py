"""Jobs that wait for a medium that is away."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parked_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("arg", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=True),
        sa.Column("medium", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_jobs")),
        sa.UniqueConstraint("job", name=op.f("uq_parked_jobs_job")),
    )
    op.create_index(op.f("ix_parked_jobs_medium"), "parked_jobs", ["medium"])


def downgrade() -> None:
    op.drop_table("parked_jobs")
