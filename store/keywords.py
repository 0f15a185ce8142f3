"""The house's own terms: what each is called, which other words mean it, and whether it is looked for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, insert, select, union

from store.db import Tx
from store.tables import HouseKeyword, HouseSynonym, SearchDue, VisitKeyword


@dataclass(frozen=True, slots=True)
class Term:
    """A term with the other words for it."""

    keyword: HouseKeyword
    synonyms: tuple[str, ...]


def listed(tx: Tx) -> list[Term]:
    """Every term by its name, those that are looked for first."""
    others: defaultdict[int, list[str]] = defaultdict(list)
    for keyword_id, said in tx.execute(select(HouseSynonym.keyword_id, HouseSynonym.said).order_by(HouseSynonym.id)):
        others[keyword_id].append(said)
    rows = tx.scalars(select(HouseKeyword).order_by(HouseKeyword.active.desc(), func.lower(HouseKeyword.term)))
    return [Term(row, tuple(others[row.id])) for row in rows]


def terms(tx: Tx) -> tuple[str, ...]:
    """The terms that are looked for, in the order in which they were added."""
    wanted = select(HouseKeyword.term).where(HouseKeyword.active).order_by(HouseKeyword.id)
    return tuple(tx.scalars(wanted))


def synonyms(tx: Tx) -> tuple[tuple[str, str], ...]:
    """Other words for these terms, each with the term."""
    said = select(HouseSynonym.said, HouseKeyword.term).join(HouseKeyword).where(HouseKeyword.active)
    return tuple((one, term) for one, term in tx.execute(said.order_by(HouseSynonym.id)))


def same_as(term: str) -> ColumnElement[bool]:
    """Whether a visit's keyword is ``term``, what it is another word for, or another word for that.

    Visits that were filed before a word was made one of a term have that word for a keyword still.
    """
    meant = select(HouseKeyword.id).join(HouseSynonym, isouter=True)
    meant = meant.where(sa.or_(HouseKeyword.term == term, HouseSynonym.said == term))
    words = union(
        select(sa.literal(term)),
        select(HouseKeyword.term).where(HouseKeyword.id.in_(meant)),
        select(HouseSynonym.said).where(HouseSynonym.keyword_id.in_(meant)),
    )
    return VisitKeyword.term.in_(words)


def seek_again(tx: Tx, words: Sequence[str]) -> None:
    """Have the visits with one of these keywords taken into the search index anew."""
    found = select(VisitKeyword.visit_id).where(VisitKeyword.term.in_(words)).distinct()
    tx.execute(insert(SearchDue).from_select(["visit_id"], found))
