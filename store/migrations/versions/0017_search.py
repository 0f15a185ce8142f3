"""The search over visits, and the triggers that tell what of it is due."""

import sqlalchemy as sa
from alembic import op

from store.migrations import live

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# Table, what happens to it, and the visits that are found otherwise then. {row} is the row as it is, or was.
TRIGGERS = (
    ("visits", "INSERT", "SELECT {row}.id"),
    ("visits", "UPDATE OF number, account_id, city, subject, report", "SELECT {row}.id"),
    ("visits", "DELETE", "SELECT {row}.id"),
    *(
        (table, event, "SELECT {row}.visit_id")
        for table, column in (
            ("visit_contacts", "contact_id"),
            ("visit_keywords", "term"),
            ("visit_sources", "note"),
            ("actions", "text"),
        )
        for event in ("INSERT", f"UPDATE OF visit_id, {column}", "DELETE")
    ),
    ("accounts", "UPDATE OF name, city", "SELECT id FROM visits WHERE account_id = {row}.id"),
    *(
        ("account_aliases", event, "SELECT id FROM visits WHERE account_id = {row}.account_id")
        for event in ("INSERT", "UPDATE OF alias", "DELETE")
    ),
    ("contacts", "UPDATE OF name", "SELECT visit_id FROM visit_contacts WHERE contact_id = {row}.id"),
    *(
        ("attachments", event, "SELECT id FROM visits WHERE capture_id = {row}.capture_id")
        for event in ("INSERT", "UPDATE OF name", "DELETE")
    ),
)
CHANGED = {"accounts": ("name", "city"), "contacts": ("name",)}
"""An import writes these as they were: nothing is due then."""


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("search_due"):  # it is there where this was killed before its end
        _make()
    with live.unhurried():  # a row a visit: nobody is kept from writing meanwhile
        op.execute("INSERT INTO search_due (visit_id) SELECT id FROM visits ORDER BY id DESC")


def _make() -> None:
    op.create_table(
        "search_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_due")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        # A stem is a word with "=" in it; accents are off already, by our own rules.
        op.execute(
            "CREATE VIRTUAL TABLE visit_words USING fts5(names, words, stems, prefix='3 4', "
            "tokenize=\"unicode61 remove_diacritics 0 tokenchars '='\")"
        )
    else:
        op.execute("CREATE TABLE visit_search (visit_id integer PRIMARY KEY, words tsvector NOT NULL)")
        # What is in every report is looked for otherwise than what is rare: the planner is to know which is which.
        op.execute("ALTER TABLE visit_search ALTER COLUMN words SET STATISTICS 1000")
        op.execute("CREATE INDEX ix_visit_search_words ON visit_search USING gin (words)")
    for number, (table, event, due) in enumerate(TRIGGERS):
        row = "OLD" if event == "DELETE" else "NEW"
        insert = f"INSERT INTO search_due (visit_id) {due.format(row=row)};"
        made = _sqlite_trigger if sqlite else _postgres_trigger
        for statement in made(f"search_due_{number}", table, event, insert):
            op.execute(statement)


def _condition(table: str, differs: str) -> str:
    columns = CHANGED.get(table, ())
    return " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns)


def _sqlite_trigger(name: str, table: str, event: str, insert: str) -> list[str]:
    when = _condition(table, "IS NOT")
    return [f"CREATE TRIGGER {name} AFTER {event} ON {table} {f'WHEN {when} ' if when else ''}BEGIN {insert} END"]


def _postgres_trigger(name: str, table: str, event: str, insert: str) -> list[str]:
    when = _condition(table, "IS DISTINCT FROM")
    on = f"{table} FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event} ON {on}EXECUTE FUNCTION {name}()",
    ]


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for number, (table, _event, _due) in enumerate(TRIGGERS):
        op.execute(f"DROP TRIGGER IF EXISTS search_due_{number}{'' if sqlite else f' ON {table}'}")
        if not sqlite:
            op.execute(f"DROP FUNCTION search_due_{number}()")
    op.execute("DROP TABLE visit_words" if sqlite else "DROP TABLE visit_search")
    op.drop_table("search_due")
