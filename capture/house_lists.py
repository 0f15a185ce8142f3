"""The lists that a house keeps: its kinds of visits and its keywords, with the words that each is known by."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select

from capture.rights import Viewer
from capture.values import CorrectionError, read_text
from parsing.model import LANGUAGES
from store import changes, crm, keywords
from store.db import Db, Tx
from store.kinds import FAMILIES
from store.tables import HouseKeyword, HouseSynonym, Kind

T = TypeVar("T", HouseKeyword, Kind)

LABEL = 75
"""Characters that an option of Slack's menus shows (docs.slack.dev, option object)."""
MOST_WORDS = 100
MOST_KINDS = 40
"""Kinds of one family that are offered: more nobody chooses from, and Slack's menus take a hundred."""
FIXED = frozenset({("outcome", "no_show")})
"""Values that the counters rest on, beside every status: they may be called otherwise, never go away."""


def is_fixed(kind: Kind) -> bool:
    """Whether the value cannot be retired."""
    return kind.family == "status" or (kind.family, kind.key) in FIXED


@dataclass(frozen=True, slots=True)
class HouseLists:
    """The use cases; whether ``who`` may is looked at before. Each raises `CorrectionError` with the reason in words.

    What is changed is known to every process before its next message.
    """

    db: Db
    clock: Callable[[], datetime]

    # --------------------------------------------------------------------------------------------------- kinds

    def add_kind(self, who: Viewer, family: str, labels: Mapping[str, str], words: str) -> int:
        """Offer another value of a family, by its labels and the words it is known by, one a line; its id."""
        if family not in FAMILIES or family == "status":
            raise CorrectionError("no_kind", "A new one is a type, a medium or an outcome.")
        with self.db.write() as tx:
            rows = _family(tx, family)
            called = _labels(labels, _offered(rows))
            last = max((one.position for one in rows), default=-1)
            key = free_key(called["en"], {one.key for one in rows})
            kind = Kind(family=family, key=key, labels=called, position=last + 1, words=_words(words, rows))
            tx.add(kind)
            tx.flush()
            self._note(tx, who, ("kind", kind.id), "created", new=f"{family}: {called['en']}")
            return kind.id

    def change_kind(self, who: Viewer, kind_id: int, labels: Mapping[str, str], words: str) -> None:
        """Call a value otherwise, or know it by other words."""
        with self.db.write() as tx:
            kind = _one(tx, Kind, kind_id)
            others = [one for one in _family(tx, kind.family) if one.id != kind.id]
            wanted: dict[str, Any] = {"labels": _labels(labels, [one for one in others if one.active])}
            if kind.family != "status":
                wanted["words"] = _words(words, others)
            for field, new in wanted.items():
                old = getattr(kind, field)
                if old != new:
                    setattr(kind, field, new)
                    self._note(tx, who, ("kind", kind.id), field, old=old, new=new)

    def switch_kind(self, who: Viewer, kind_id: int, *, active: bool) -> None:
        """Offer and read a value, or no more; visits that have it keep it."""
        with self.db.write() as tx:
            kind = _one(tx, Kind, kind_id)
            if is_fixed(kind) and not active:
                raise CorrectionError("fixed", "What counts as a visit rests on it: it can only be called otherwise.")
            if kind.active != active:
                if active:
                    _labels(kind.labels, _offered(_family(tx, kind.family)))
                kind.active = active
                self._note(tx, who, ("kind", kind.id), "active", old=not active, new=active)

    def move_kind(self, who: Viewer, kind_id: int, steps: int) -> None:
        """Let a value stand so many places further down in its list; up where it is less than nothing."""
        with self.db.write() as tx:
            kind = _one(tx, Kind, kind_id)
            rows = _family(tx, kind.family)
            before = rows.index(kind)
            after = min(max(before + steps, 0), len(rows) - 1)
            rows.insert(after, rows.pop(before))
            for position, one in enumerate(rows):
                one.position = position
            if before != after:
                self._note(tx, who, ("kind", kind.id), "position", old=before, new=after)

    # ------------------------------------------------------------------------------------------------ keywords

    def add_keyword(self, who: Viewer, term: str, synonyms: str) -> int:
        """Look for a term from now on, and for the other words for it, one a line; its id."""
        with self.db.write() as tx:
            name = read_text(term, "The keyword", needed=True) or ""
            _not_there(tx, name)
            keyword = HouseKeyword(term=name)
            tx.add(keyword)
            tx.flush()
            self._note(tx, who, ("keyword", keyword.id), "created", new=name)
            self._say_otherwise(tx, who, keyword, synonyms)
            return keyword.id

    def change_keyword(self, who: Viewer, keyword_id: int, synonyms: str) -> None:
        """Know a term by these other words, one a line, and by no more."""
        with self.db.write() as tx:
            self._say_otherwise(tx, who, _one(tx, HouseKeyword, keyword_id), synonyms)

    def switch_keyword(self, who: Viewer, keyword_id: int, *, active: bool) -> None:
        """Look for a term, or no more; visits that have it keep it."""
        with self.db.write() as tx:
            keyword = _one(tx, HouseKeyword, keyword_id)
            if keyword.active != active:
                keyword.active = active
                self._note(tx, who, ("keyword", keyword.id), "active", old=not active, new=active)

    def _say_otherwise(self, tx: Tx, who: Viewer, keyword: HouseKeyword, synonyms: str) -> None:
        mine = select(HouseSynonym.said).where(HouseSynonym.keyword_id == keyword.id).order_by(HouseSynonym.id)
        old, new = list(tx.scalars(mine)), [one for one in lines_of(synonyms) if _fold(one) != _fold(keyword.term)]
        if old == new:
            return
        tx.execute(delete(HouseSynonym).where(HouseSynonym.keyword_id == keyword.id))
        for one in new:
            _not_there(tx, one)
            tx.add(HouseSynonym(keyword_id=keyword.id, said=one))
            tx.flush()
        keywords.seek_again(tx, [keyword.term, *old, *new])
        self._note(tx, who, ("keyword", keyword.id), "synonyms", old=old, new=new)

    def _note(
        self, tx: Tx, who: Viewer, record: tuple[str, int], field: str, *, old: Any = None, new: Any = None
    ) -> None:
        changes.note(tx, at=self.clock(), by=who.by, record=record, field=field, old=old, new=new)
        crm.touch(tx)


def _one(tx: Tx, table: type[T], row_id: int) -> T:
    row = tx.get(table, row_id)
    if row is None:
        raise CorrectionError("gone", "There is no such entry.")
    return row


def _family(tx: Tx, family: str) -> list[Kind]:
    return list(tx.scalars(select(Kind).where(Kind.family == family).order_by(Kind.position, Kind.id)))


def _offered(rows: Sequence[Kind]) -> list[Kind]:
    """Those of a family that are offered. Raises `CorrectionError` where there is no room for one more."""
    offered = [one for one in rows if one.active]
    if len(offered) >= MOST_KINDS:
        raise CorrectionError("too_many", f"{MOST_KINDS} at most: retire one first.")
    return offered


def _labels(labels: Mapping[str, str], others: Sequence[Kind]) -> dict[str, str]:
    """A label in each language, in English for those that nobody gave one. Raises `CorrectionError`."""
    english = read_text(labels.get("en"), "The English label", needed=True, longest=LABEL) or ""
    named = {one: read_text(labels.get(one), "A label", longest=LABEL) or english for one in LANGUAGES}
    for language, label in named.items():
        if any(_fold(label) == _fold(str(one.labels.get(language, ""))) for one in others):
            raise CorrectionError("twice", f"Another one is called “{label}” already.")
    return named


def _words(text: str, others: Sequence[Kind]) -> list[str]:
    words = lines_of(text)
    taken = {_fold(str(word)): one for one in others for word in one.words}
    for one in words:
        if _fold(one) in taken:
            other = taken[_fold(one)]
            raise CorrectionError("twice", f"“{one}” means {other.labels.get('en', other.key)} already.")
    return words


def lines_of(text: str, *, sought: bool = True) -> list[str]:
    """What stands in the lines, or between commas, each once; ``sought``: as words of reports.

    Raises `CorrectionError`.
    """
    parts = [read_text(part, "A word", longest=LABEL) for part in re.split(r"[\n,;]", text)]
    found = {_fold(one): one for one in reversed([one for one in parts if one])}
    for one in found.values():
        if sought and not re.search(r"[^\W_]{2}", one):
            raise CorrectionError("shape", f"“{one}” is no word that could be looked for.")
    if len(found) > MOST_WORDS:
        raise CorrectionError("too_many", f"{MOST_WORDS} words at most.")
    return list(found.values())[::-1]


def _not_there(tx: Tx, said: str) -> None:
    """Raises `CorrectionError` where the list has it already, as a term or as another word for one."""
    for column in (HouseKeyword.term, HouseSynonym.said):
        # Databases differ in what they know to be small and large letters.
        if any(_fold(one) == _fold(said) for one in tx.scalars(select(column))):
            raise CorrectionError("twice", f"“{said}” stands in the list already.")


def free_key(label: str, taken: set[str]) -> str:
    """A key made of the label: letters, digits and lines below, as addresses and other programs have it."""
    plain = unicodedata.normalize("NFKD", label.lower().replace("ß", "ss")).encode("ascii", "ignore").decode()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "kind"
    number = 2
    wanted = key
    while wanted in taken:
        wanted, number = f"{key}_{number}", number + 1
    return wanted


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
