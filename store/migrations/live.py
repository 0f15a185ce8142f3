"""Indexes of tables that others are writing to while they are made.

`create_index` comes before anything else in a migration: on PostgreSQL it ends the transaction before it, and a
migration that was killed there begins again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from alembic import op


def create_index(name: str, table: str, columns: Sequence[str | sa.TextClause], **options: Any) -> None:
    """Make an index without keeping anybody from writing; one that is there already, and whole, stays as it is."""
    if not _is_worked_on(table):
        op.create_index(name, table, list(columns), **options)
        return
    with unhurried():
        whole = op.get_bind().scalar(
            sa.text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)"), {"name": str(name)}
        )
        if (
            whole is False
        ):  # a process that is killed leaves it half made (CREATE INDEX, "Building Indexes Concurrently")
            op.drop_index(name, table, postgresql_concurrently=True)
        if not whole:
            op.create_index(name, table, list(columns), postgresql_concurrently=True, **options)


@contextmanager
def unhurried() -> Iterator[None]:
    """What is done here stands at once, statement by statement, and may wait as long as it likes: it blocks nobody.

    PostgreSQL alone; on SQLite it is part of the migration's transaction.
    """
    if op.get_bind().dialect.name == "sqlite":
        yield
        return
    with op.get_context().autocommit_block():
        before = op.get_bind().scalar(sa.text("SHOW lock_timeout"))
        op.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            op.execute(f"SET lock_timeout = '{before}'")


def _is_worked_on(table: str) -> bool:
    """Whether there is anything in it to make an index of; and SQLite knows only the one way."""
    there = op.get_bind()
    return there.dialect.name != "sqlite" and bool(
        there.scalar(sa.select(sa.exists(sa.select(sa.literal(1)).select_from(sa.table(table)))))
    )
