"""The search over visits: FTS5 on SQLite (sqlite.org/fts5.html), tsvector on PostgreSQL (chapter 12), hidden here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.compiler import compiles

from parsing.fulltext import Document, Piece, Query, document
from parsing.fulltext.words import MARK, PARTED
from store.db import Tx
from store.tables import (
    Account,
    AccountAlias,
    Action,
    Attachment,
    Capture,
    Contact,
    HouseKeyword,
    HouseSynonym,
    SearchDue,
    Visit,
    VisitContact,
    VisitKeyword,
    VisitSource,
)

TURN = 0x5EA2C4
"""The number by which only one process at a time works on the index (PostgreSQL 9.27.10, advisory locks)."""
NAMED = "@"
"""Stands before a word that is part of a name (PostgreSQL)."""
FEW = 8_000
"""Visits that are looked for by a word's own list in the index; a word of more is met soon, going back from today."""
NEWEST, SOON = 10_000, 80
"""Of so many reports so many with it: then it is looked for by going back from today."""
LARGEST_POSITION = 16_383
"""Words of a document that PostgreSQL tells apart by their place (12.11)."""

_SQLITE = sa.table("visit_words", sa.column("rowid"), sa.column("visit_words"))
_POSTGRES = sa.table("visit_search", sa.column("visit_id"), sa.column("words"))


class ByDatabase(ColumnElement[bool]):
    """A condition that each database is told in its own way."""

    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, sqlite: ColumnElement[bool], postgresql: ColumnElement[bool]) -> None:
        self.sqlite, self.postgresql = sqlite, postgresql


@compiles(ByDatabase, "sqlite")
def _in_sqlite(element: ByDatabase, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.sqlite, **how))


@compiles(ByDatabase, "postgresql")
def _in_postgresql(element: ByDatabase, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.postgresql, **how))


# ----------------------------------------------------------------------------------------------------- asking


def matches(query: Query, *, names: bool = False) -> Iterator[ColumnElement[bool]]:
    """What a visit must be like that has all that is looked for; ``names``: in names alone."""
    wanted = [piece for piece in query.pieces if piece.wanted]
    unwanted = [piece for piece in query.pieces if not piece.wanted]
    if wanted or unwanted:
        yield ByDatabase(_in_fts5(wanted, unwanted, names=names), _in_tsvector(wanted, unwanted, names=names))


def _in_fts5(wanted: Sequence[Piece], unwanted: Sequence[Piece], *, names: bool) -> ColumnElement[bool]:
    conditions = []
    for pieces, word in ((wanted, " AND "), (unwanted, " OR ")):
        match = word.join(_fts5(piece) for piece in pieces)
        match = f"names : ({match})" if names and pieces is wanted else match
        found = Visit.id.in_(select(_SQLITE.c.rowid).where(_SQLITE.c.visit_words.op("MATCH")(match)))
        conditions += [found if pieces is wanted else ~found] if pieces else []
    return sa.and_(*conditions)


def _in_tsvector(wanted: Sequence[Piece], unwanted: Sequence[Piece], *, names: bool) -> ColumnElement[bool]:
    if wanted:
        found = select(_POSTGRES.c.visit_id).where(_has_lexemes(_lexemes(wanted, unwanted, names=names)))
        return Visit.id.in_(found)
    # Not "not in": what most reports have would be gone through for each visit anew.
    lacks = _has_lexemes(" | ".join(_tsquery(piece, "") for piece in unwanted))
    return ~select(_POSTGRES.c.visit_id).where(_POSTGRES.c.visit_id == Visit.id, lacks).exists()


def _lexemes(wanted: Sequence[Piece], unwanted: Sequence[Piece], *, names: bool) -> str:
    """As a tsquery: all that is wanted and nothing that is not."""
    has = [_tsquery(piece, NAMED if names else "") for piece in wanted]
    return " & ".join([*has, *(f"!{_tsquery(piece, '')}" for piece in unwanted)])


def _has_lexemes(tsquery: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _POSTGRES.c.words.op("@@")(sa.cast(tsquery, TSQUERY))
    return found


def _fts5_all(wanted: Sequence[Piece], unwanted: Sequence[Piece], *, names: bool) -> str:
    """All that is wanted and nothing that is not, in one question."""
    has = " AND ".join(_fts5(piece) for piece in wanted)
    has = f"names : ({has})" if names else f"({has})"
    return " NOT ".join([has, *(_fts5(piece) for piece in unwanted)])


def _fts5(piece: Piece) -> str:
    """As FTS5 has it (3.1, 3.2, 3.3): strings in quotes; a word has neither quotes nor blanks in it."""
    said = " ".join(piece.words)
    strings = [f'"{one}"' for one in (said, *sorted(piece.others))]
    if piece.unfinished:
        strings[0] += " *"
    return f"({' OR '.join(strings)})"


def _tsquery(piece: Piece, mark: str) -> str:
    """As a tsquery is written (8.11.2): lexemes in quotes, no word has such in it; ``mark`` stands before each word."""
    said = " <-> ".join(f"'{mark}{word}'" for word in piece.words) + (":*" if piece.unfinished else "")
    # Stems and other spellings carry a mark of their own, and are no names.
    others = [f"'{mark}{other}'" for other in sorted(piece.others) if not (mark and MARK in other)]
    return f"({' | '.join([f'({said})', *others])})"


def find_ids(tx: Tx, query: Query, *, names: bool = False) -> list[int] | None:
    """The visits that have all that is looked for; None where they are more than `FEW`, or nothing has to be there.

    They are taken from the index itself: left to the planner, words that seldom stand together are looked for in every
    report, one after the other.
    """
    wanted = [piece for piece in query.pieces if piece.wanted]
    unwanted = [piece for piece in query.pieces if not piece.wanted]
    if not wanted:
        return None
    if tx.get_bind().dialect.name == "sqlite":
        match = _SQLITE.c.visit_words.op("MATCH")(_fts5_all(wanted, unwanted, names=names))
        ids = tx.scalars(select(_SQLITE.c.rowid).where(match).limit(FEW + 1)).all()
        return list(ids) if len(ids) <= FEW else None
    lexemes = _lexemes(wanted, unwanted, names=names)
    return None if _is_met_soon(tx, lexemes) else _by_index(tx, lexemes)


def _by_index(tx: Tx, lexemes: str) -> list[int] | None:
    tx.execute(sa.text("SET LOCAL enable_seqscan = off"))
    ids = tx.scalars(select(_POSTGRES.c.visit_id).where(_has_lexemes(lexemes)).limit(FEW + 1)).all()
    tx.execute(sa.text("SET LOCAL enable_seqscan = on"))
    return list(ids) if len(ids) <= FEW else None


def _is_met_soon(tx: Tx, lexemes: str) -> bool:
    """Whether it is met often enough where one goes back from the newest report."""
    explain = "EXPLAIN (FORMAT JSON) SELECT visit_id FROM visit_search WHERE words @@ CAST(:lexemes AS tsquery)"
    plan = tx.execute(sa.text(explain), {"lexemes": lexemes}).scalar_one()
    if plan[0]["Plan"]["Plan Rows"] < FEW:
        return False
    fits = _has_lexemes(lexemes).label("fits")
    newest = select(fits).order_by(_POSTGRES.c.visit_id.desc()).limit(NEWEST).subquery()
    return len(tx.execute(select(newest.c.fits).where(newest.c.fits).limit(SOON)).all()) == SOON


def matches_each(tx: Tx, query: Query, *, names: bool = False) -> Iterator[ColumnElement[bool]]:
    """As `matches`, for what stands in many reports: they are gone through in the order of the list, and not all."""
    wanted = [piece for piece in query.pieces if piece.wanted]
    if tx.get_bind().dialect.name == "sqlite" or not wanted:
        yield from matches(query, names=names)
        return
    unwanted = [piece for piece in query.pieces if not piece.wanted]
    fits = _has_lexemes(_lexemes(wanted, unwanted, names=names))
    # As a value: a condition would be turned round, and every report with the word be sorted.
    yield select(fits).where(_POSTGRES.c.visit_id == Visit.id).scalar_subquery().is_(sa.true())


# ------------------------------------------------------------------------------------------------ keeping it current


def behind(tx: Tx) -> bool:
    """Whether something changed that the index does not know yet."""
    return tx.scalar(select(SearchDue.id).limit(1)) is not None


def catch_up(tx: Tx, most: int) -> int:
    """Bring at most so many visits of the index up to date; return how many changes are so settled, 0 at the end.

    Within one transaction that writes: SQLite has only one at a time, and on PostgreSQL others have their turn later.
    """
    if tx.get_bind().dialect.name == "postgresql" and not tx.scalar(select(sa.func.pg_try_advisory_xact_lock(TURN))):
        return 0
    due = tx.execute(select(SearchDue.id, SearchDue.visit_id).order_by(SearchDue.id).limit(most)).all()
    if due:
        _keep(tx, {visit_id for _, visit_id in due})
        tx.execute(delete(SearchDue).where(SearchDue.id.in_([due_id for due_id, _ in due])))
    return len(due)


def _keep(tx: Tx, visit_ids: Collection[int]) -> None:
    """Write the documents of these visits, and take away those of visits that are gone."""
    documents = documents_of(tx, visit_ids)
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(delete(_POSTGRES).where(_POSTGRES.c.visit_id.in_(visit_ids)))
        rows = [{"visit_id": visit_id, "words": _tsvector(one)} for visit_id, one in documents.items()]
        insert = sa.text("INSERT INTO visit_search (visit_id, words) VALUES (:visit_id, CAST(:words AS tsvector))")
    else:
        tx.execute(delete(_SQLITE).where(_SQLITE.c.rowid.in_(visit_ids)))
        parts = ("names", "words", "stems")
        rows = [
            {"visit_id": visit_id, **{part: " ".join(getattr(one, part)) for part in parts}}
            for visit_id, one in documents.items()
        ]
        insert = sa.text(
            "INSERT INTO visit_words (rowid, names, words, stems) VALUES (:visit_id, :names, :words, :stems)"
        )
    if rows:
        tx.execute(insert, rows)


def _tsvector(one: Document) -> str:
    """As a tsvector is written (8.11.1); the words of names stand there a second time, marked.

    Weights would tell them from others too, but the planner knows how often words come, and nothing of weights.
    """
    said = [*one.names, PARTED, *one.words]
    placed = [(place, word) for place, word in enumerate(said, 1) if word != PARTED and place <= LARGEST_POSITION]
    plain = [f"'{word}':{place}" for place, word in placed]
    named = [f"'{NAMED}{word}':{place}" for place, word in placed if place <= len(one.names)]
    return " ".join([*plain, *named, *(f"'{stem}'" for stem in one.stems)])


# ------------------------------------------------------------------------------------------- what a visit is found by


@dataclass(frozen=True, slots=True)
class Said:
    """The texts that a visit is found by, in the language of its message."""

    language: str
    names: tuple[str, ...]
    texts: tuple[str, ...]


def said_of(tx: Tx, visit_ids: Collection[int]) -> dict[int, Said]:
    """What each of these visits is found by, in a fixed number of statements."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    texts: defaultdict[int, list[str]] = defaultdict(list)
    for into, question in _questions(visit_ids):
        for visit_id, text in tx.execute(question):
            (names if into == "names" else texts)[visit_id].append(text)
    rows = tx.execute(
        select(
            Visit.id,
            Capture.language,
            Visit.number,
            Account.name,
            Account.city,
            Visit.city,
            Visit.subject,
            Visit.report,
            Visit.extra,
        )
        .join(Capture, Capture.id == Visit.capture_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.id.in_(visit_ids))
    )
    return {
        visit_id: Said(
            language or "en",
            tuple(one for one in (number, name, town, city, *names[visit_id]) if one),
            tuple(one for one in (subject, report, *map(str, extra.values()), *texts[visit_id]) if one),
        )
        for visit_id, language, number, name, town, city, subject, report, extra in rows
    }


def documents_of(tx: Tx, visit_ids: Collection[int]) -> dict[int, Document]:
    """What the index keeps of each of these visits that is there."""
    return {visit_id: document(one.language, one.names, one.texts) for visit_id, one in said_of(tx, visit_ids).items()}


def _questions(visit_ids: Collection[int]) -> Iterable[tuple[str, sa.Select[int, str]]]:
    """What else belongs to a visit: whether it is a name, and the question for it."""
    alias = select(Visit.id, AccountAlias.alias).join(AccountAlias, AccountAlias.account_id == Visit.account_id)
    person = select(VisitContact.visit_id, Contact.name).join(Contact, Contact.id == VisitContact.contact_id)
    kept, meant = select(VisitKeyword.visit_id, HouseKeyword.term), select(VisitKeyword.visit_id, HouseSynonym.said)
    kept = kept.join_from(VisitKeyword, HouseSynonym, HouseSynonym.said == VisitKeyword.term).join(HouseKeyword)
    meant = meant.join_from(VisitKeyword, HouseKeyword, HouseKeyword.term == VisitKeyword.term).join(HouseSynonym)
    file = select(Visit.id, Attachment.name).join(Attachment, Attachment.capture_id == Visit.capture_id)
    return (
        ("names", alias.where(Visit.id.in_(visit_ids))),
        ("names", person.where(VisitContact.visit_id.in_(visit_ids))),
        ("texts", select(VisitKeyword.visit_id, VisitKeyword.term).where(VisitKeyword.visit_id.in_(visit_ids))),
        ("texts", kept.where(VisitKeyword.visit_id.in_(visit_ids))),
        ("texts", meant.where(VisitKeyword.visit_id.in_(visit_ids))),
        ("texts", select(Action.visit_id, Action.text).where(Action.visit_id.in_(visit_ids))),
        ("texts", select(VisitSource.visit_id, VisitSource.note).where(VisitSource.visit_id.in_(visit_ids))),
        ("texts", file.where(Visit.id.in_(visit_ids))),
    )
