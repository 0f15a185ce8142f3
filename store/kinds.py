"""Types, media, outcomes and statuses: rows that a manager edits, with defaults in four languages."""

import tomllib
from collections.abc import Collection, Mapping
from importlib.resources import files

from sqlalchemy import select

from store.db import Tx
from store.tables import Kind

FAMILIES = ("type", "medium", "outcome", "status")

Labels = dict[tuple[str, str], str]
"""(family, key) to the label in one language."""


def labels(tx: Tx, language: str) -> Labels:
    """What each value is called in ``language``, in English where nobody named it yet."""
    return labels_in(tx, (language,))[language]


def labels_in(tx: Tx, languages: Collection[str]) -> dict[str, Labels]:
    """The same in several languages, in one statement."""
    rows = tx.execute(select(Kind.family, Kind.key, Kind.labels)).all()
    return {
        one: {(family, key): named.get(one) or named.get("en") or key for family, key, named in rows}
        for one in set(languages)
    }


def offered(tx: Tx, language: str, chosen: Mapping[str, str | None] | None = None) -> dict[str, list[tuple[str, str]]]:
    """Of each family the values that may be chosen, in their order, with what they are called in ``language``.

    ``chosen`` is what is chosen now of each family: it stays there to be seen, retired or not.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in tx.scalars(select(Kind).order_by(Kind.position)):
        if not (kind.active or kind.key == (chosen or {}).get(kind.family)):
            continue
        label = kind.labels.get(language) or kind.labels.get("en") or kind.key
        found.setdefault(kind.family, []).append((kind.key, label))
    return found


def keys(tx: Tx, family: str) -> set[str]:
    """The values of a family that may be chosen."""
    return set(tx.scalars(select(Kind.key).where(Kind.family == family, Kind.active)))


def listed(tx: Tx) -> dict[str, list[Kind]]:
    """Every value of each family in its order, those that are not offered any more too."""
    found: dict[str, list[Kind]] = {family: [] for family in FAMILIES}
    for kind in tx.scalars(select(Kind).order_by(Kind.position, Kind.id)):
        found.setdefault(kind.family, []).append(kind)
    return found


def add_defaults(tx: Tx) -> None:
    """Put the default values in place where a family has none yet."""
    present = set(tx.scalars(select(Kind.family).distinct()))
    defaults = tomllib.loads(files("store").joinpath("defaults/kinds.toml").read_text("utf-8"))
    for family, kinds in defaults.items():
        if family in present:
            continue
        for position, (key, texts) in enumerate(kinds.items()):
            tx.add(Kind(family=family, key=key, labels=texts["labels"], position=position))
