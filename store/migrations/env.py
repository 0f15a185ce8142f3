"""Alembic's entry: `store.migrate` hands over an open connection."""

from alembic import context

from store.tables import Row

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Row.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,  # SQLite's too: `store.db` begins its transactions by hand
    transaction_per_migration=True,  # where none was begun by who hands over the connection
)
with context.begin_transaction():
    context.run_migrations()
