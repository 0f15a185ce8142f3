"""Parts of names and addresses are found by an index where PostgreSQL has pg_trgm, its own module for that."""

import logging

from alembic import op
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store.migrations import live

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

log = logging.getLogger("debrief.migrate")

COLUMNS = (
    ("contacts", "name"),
    ("contact_emails", "email"),
    ("accounts", "name"),
    ("accounts", "city"),
    ("account_aliases", "alias"),
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql" or not _has_trigrams():
        return
    for table, column in COLUMNS:
        parts = [text(f"lower({column}) gin_trgm_ops")]
        live.create_index(f"ix_{table}_{column}_parts", table, parts, postgresql_using="gin")


def _has_trigrams() -> bool:
    """Whether the module is there, or can be added: the packages have it, and since 13 every owner may add it."""
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    except DBAPIError as error:
        log.warning("without pg_trgm looking for a part of a name takes longer: %s", error.orig)
        return False
    # An administrator may keep modules in a schema of their own, where their names mean nothing to us.
    seen = "SELECT bool_or(pg_opclass_is_visible(oid)) FROM pg_opclass WHERE opcname = 'gin_trgm_ops'"
    return bool(connection.scalar(text(seen)))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, column in COLUMNS:
            op.execute(f"DROP INDEX IF EXISTS ix_{table}_{column}_parts")
