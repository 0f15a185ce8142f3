"""What a schema lets a release do, and what a change of it takes away from one that knows nothing of the change."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

ROOT = Path(__file__).parents[2]
RELEASED = frozenset(re.findall(r"^## (\S+) \(\d", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE))
"""The releases that are out: their heading in the list of changes has a day."""


@dataclass(frozen=True)
class Column:
    """``demanded``: a row that leaves it out is refused."""

    type: str
    demanded: bool
    nullable: bool


@dataclass(frozen=True)
class Table:
    """Its columns by name, and what refuses rows, each as words that can be compared."""

    columns: dict[str, Column]
    refuses: frozenset[str]


@dataclass(frozen=True)
class Shape:
    """The tables of a database by name."""

    tables: dict[str, Table]

    @classmethod
    def of(cls, connection: Connection, only: Collection[str] = ()) -> "Shape":
        there, names = inspect(connection), list(only) or None
        kinds = (
            there.get_multi_columns(filter_names=names), there.get_multi_unique_constraints(filter_names=names),
            there.get_multi_indexes(filter_names=names), there.get_multi_check_constraints(filter_names=names),
            there.get_multi_foreign_keys(filter_names=names),
        )  # fmt: skip
        return cls({key[1]: _table(*(kind.get(key, []) for kind in kinds)) for key in kinds[0]})


def _table(columns: Any, uniques: Any, indexes: Any, checks: Any, references: Any) -> Table:
    rules = [f"unique {tuple(one['column_names'])}" for one in (*uniques, *(one for one in indexes if one["unique"]))]
    rules += [f"check {one['sqltext']}" for one in checks]
    rules += [f"reference {tuple(one['constrained_columns'])} {one['referred_table']}" for one in references]
    return Table(
        {
            one["name"]: Column(
                type=str(one["type"]), nullable=bool(one["nullable"]),
                demanded=not (one["nullable"] or one["default"] or one.get("autoincrement") is True),
            )
            for one in columns
        },
        frozenset(rules),
    )  # fmt: skip


def taken_away(before: Shape, after: Shape) -> list[str]:
    """What a release that was written for ``before`` can no longer do."""
    return [fault for name, table in before.tables.items() for fault in _faults(name, table, after.tables.get(name))]


def _faults(name: str, before: Table, after: Table | None) -> Iterator[str]:
    if after is None:
        yield f"{name} is gone"
        return
    for column, was in before.columns.items():
        now = after.columns.get(column)
        if now is None:
            yield f"{name}.{column} is gone"
        elif now.type != was.type:
            yield f"{name}.{column} is {now.type}, was {was.type}"
        elif was.nullable and not now.nullable:
            yield f"{name}.{column} must be given"
    yield from (
        f"{name}.{one} must be given"
        for one, now in after.columns.items()
        if one not in before.columns and now.demanded
    )
    for rule in sorted(after.refuses - before.refuses):
        if not _only_new(rule, before):
            yield f"{name} refuses more: {rule}"
    for rule in sorted(before.refuses - after.refuses):
        if rule.startswith("unique"):  # what is written "or finds the one that was there" names it
            yield f"{name} knows no more: {rule}"


def _only_new(rule: str, before: Table) -> bool:
    """Whether a reference is of a column that the release never fills."""
    column = re.match(r"reference \('(\w+)',\)", rule)
    return column is not None and column[1] not in before.columns


def known_revisions() -> list[str]:
    """Every revision, oldest first."""
    return [one.revision for one in _scripts().walk_revisions()][::-1]


def unread_since(revision: str) -> str | None:
    """The release from which on nothing reads what this migration removes, as its ``unread_since`` says."""
    return getattr(_scripts().get_revision(revision).module, "unread_since", None)


@cache
def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "store" / "migrations"))
    return ScriptDirectory.from_config(config)
