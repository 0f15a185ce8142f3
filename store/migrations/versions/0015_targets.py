"""Targets of every kind, how often customers are to be visited, and days off."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("targets") as targets:
        targets.drop_constraint(op.f("uq_targets_rep_id_period_since"), type_="unique")
        targets.alter_column("rep_id", existing_type=sa.Integer(), nullable=True)
        targets.alter_column(
            "visits", new_column_name="value", existing_type=sa.Integer(), type_=sa.Numeric(16, 2), nullable=False
        )
        targets.add_column(sa.Column("level", sa.String(), nullable=False, server_default="rep"))
        targets.add_column(sa.Column("measure", sa.String(), nullable=False, server_default="visits"))
        for name in ("team", "currency", "reason", "set_by", "signed_by"):
            targets.add_column(sa.Column(name, sa.String(), nullable=True))
        targets.add_column(sa.Column("until", sa.Date(), nullable=True))
        targets.add_column(sa.Column("set_at", sa.DateTime(timezone=True), nullable=True))
        targets.add_column(sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("targets") as targets:
        targets.alter_column("level", existing_type=sa.String(), server_default=None)
        targets.alter_column("measure", existing_type=sa.String(), server_default=None)
        targets.create_index(op.f("ix_targets_rep_id"), ["rep_id"])
        targets.create_index("ix_targets_measure_since", ["measure", "since"])
    op.create_table(
        "visit_intervals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_intervals")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_visit_intervals_account_id"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("grade", name=op.f("uq_visit_intervals_grade")),
        sa.UniqueConstraint("account_id", name=op.f("uq_visit_intervals_account_id")),
    )
    op.create_table(
        "days_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rep_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_days_off")),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name=op.f("fk_days_off_rep_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("rep_id", "first", "last", name=op.f("uq_days_off_rep_id_first_last")),
    )


def downgrade() -> None:
    op.drop_table("days_off")
    op.drop_table("visit_intervals")
    # The old shape has no room for these; of what was said twice of a day the last word stays.
    op.execute("DELETE FROM targets WHERE level <> 'rep' OR measure <> 'visits' OR period NOT IN ('week', 'month')")
    op.execute("DELETE FROM targets WHERE id NOT IN (SELECT max(id) FROM targets GROUP BY rep_id, period, since)")
    with op.batch_alter_table("targets") as targets:
        targets.drop_index("ix_targets_measure_since")
        targets.drop_index(op.f("ix_targets_rep_id"))
        for name in (
            "level", "measure", "team", "currency", "reason", "set_by", "signed_by", "until", "set_at", "signed_at",
        ):  # fmt: skip
            targets.drop_column(name)
        targets.alter_column(
            "value", new_column_name="visits", existing_type=sa.Numeric(16, 2), type_=sa.Integer(), nullable=False
        )
        targets.alter_column("rep_id", existing_type=sa.Integer(), nullable=False)
        targets.create_unique_constraint(op.f("uq_targets_rep_id_period_since"), ["rep_id", "period", "since"])
