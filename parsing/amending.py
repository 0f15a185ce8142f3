"""What somebody writes under the card of a filed visit to have it changed: "het was dinsdag", "Kees war auch dabei".

A clause is read as a report of the visit's own account would be, and kept of it is what its words say; the tables
``words/<language>/amending.toml`` tell what is taken back, left out, added or to be done.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import Any

from parsing import literals
from parsing.answers import read_account
from parsing.casing import with_capitals
from parsing.choosing import Choice
from parsing.kinds import BY_DEFAULT
from parsing.linking import matcher_of
from parsing.model import (
    LANGUAGES,
    AccountMention,
    ActionMention,
    ContactMention,
    Crm,
    Found,
    Message,
    Money,
    VisitMention,
)
from parsing.parse import context_of, zone_of
from parsing.reading import Reading
from parsing.split import Segment
from parsing.text import fold, language_of, view_of
from parsing.typed import read_sums, read_terms
from parsing.visits import read_visit
from parsing.when import find_moments
from parsing.words import table

LONGEST = 80
"""Words; who writes more tells of something else."""
_CLAUSE = re.compile(r"\n+|;|(?<=[^\d\s][.!?])\s+(?=\S)")
_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f]*\d|\d")
_CURRENCY = re.compile(
    r"(?<!\w)(?:eur|euro|euroa|euros|chf|franken|sfr|gbp|pounds?|usd|dollars?|sek|nok|dkk|kr|k|mio|mln)(?!\w)|[€£$]"
)
_CLOCK = re.compile(r"\s*([01]?\d|2[0-3])[.:]([0-5]\d)\s*")
_LEAST = 100
"""A bare number below this is as well a count, an hour or a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What is to be otherwise; what is not spoken of is None or empty."""

    undo: bool = False
    is_new: bool = False
    """Yes, the account that was added is a new one."""
    account: AccountMention | None = None
    come: tuple[ContactMention, ...] = ()
    """Who was there too."""
    gone: tuple[ContactMention, ...] = ()
    """Who was not there."""
    instead: bool = False
    """Whether ``come`` stands in the place of the one who was named before."""
    on: date | None = None
    starts: time | None = None
    ends: time | None = None
    type: str | None = None
    medium: str | None = None
    outcome: str | None = None
    amounts: tuple[Money, ...] = ()
    more: bool = False
    """Whether the sums come beside those that were named before."""
    actions: tuple[ActionMention, ...] = ()
    keywords: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Amendment() and self != Amendment(more=self.more, instead=self.instead)

    def and_then(self, later: "Amendment") -> "Amendment":
        """Both together; what is said later holds, lists grow."""
        both = {spec.name: getattr(later, spec.name) or getattr(self, spec.name) for spec in fields(self)}
        lists = {name: (*getattr(self, name), *getattr(later, name)) for name in _LISTS}
        return replace(self, **{**both, **lists})


_LISTS = ("come", "gone", "amounts", "actions", "keywords")


def read_amendment(message: Message, crm: Crm, account: str | None, language: str, currency: str = "EUR") -> Amendment:
    """What ``message`` has changed of a visit at ``account``; empty where nothing is understood.

    ``language`` is that of the report; a few words tell their own too seldom, so each that may be meant is tried.
    ``currency`` is that of a sum that names none.
    """
    text = view_of(message.text).text.replace("\u2019", "'")
    if whole := _whole(text):
        return whole
    if len(text.split()) > LONGEST:
        return Amendment()
    rep = next((one for one in crm.reps if one.email == message.rep), None)
    spoken = rep.language if rep else "en"
    now = message.sent_at.astimezone(zone_of(rep.timezone if rep else "UTC"))
    for tried in dict.fromkeys((language, language_of(text, spoken), spoken)):
        page = _Page(crm, account, tried if tried in LANGUAGES else "en", now, message.rep, currency)
        read = Amendment()
        for clause in _CLAUSE.split(text):
            if clause.strip():
                read = read.and_then(_clause(page, clause.strip()))
        if read:
            return read
    return Amendment()


@dataclass(frozen=True, slots=True)
class _Page:
    """What every clause is read with."""

    crm: Crm
    account: str | None
    language: str
    now: datetime
    rep: str
    currency: str


def _whole(text: str) -> Amendment:
    """What a message means that is one set phrase, in whatever language."""
    said = " ".join(re.sub(r"[^\w'-]+", " ", fold(text)).split())
    for language in LANGUAGES:
        words = table(language, "amending")
        if said in _phrases(words["undo"]):
            return Amendment(undo=True)
        yes, _, rest = said.partition(" ")
        agreed = _phrases(words["is_new"])
        if said in agreed or (yes in agreed and rest in agreed):
            return Amendment(is_new=True)
    return Amendment()


@lru_cache(maxsize=32)
def _set(phrases: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(re.sub(r"[^\w'-]+", " ", fold(one)).split()) for one in phrases)


def _phrases(phrases: Sequence[str]) -> frozenset[str]:
    return _set(tuple(phrases))


# ------------------------------------------------------------------------------------------------------- one clause


def _clause(page: _Page, clause: str) -> Amendment:
    rest, corrects, denied = _opened(clause, page.language)
    headed = _headed(page, rest)
    if headed is not None:
        return headed
    kept, negated = _negated(rest, page.language, denied=denied)
    absent = _pattern(page.language, "absent").search(fold(rest))
    if absent:
        gone = _contacts(page, rest[: absent.start()] + " " + rest[absent.end() :])
        if gone:
            return Amendment(gone=gone)
    also = bool(_pattern(page.language, "also").search(fold(kept)))
    it_was = _start(page.language, "it_was").match(fold(kept))
    read = _said(page, kept, also=also, named=kept[it_was.end() :] if it_was else kept)
    gone = _contacts(page, negated) if negated else ()
    come = tuple(one for one in read.come if one not in gone)
    instead = not also and bool(corrects or it_was or gone)
    if not read and (corrects or it_was or negated):
        return replace(read, account=_account(page, kept[it_was.end() :] if it_was else kept), gone=gone)
    return replace(read, come=come, gone=gone, instead=instead, more=also)


def _said(page: _Page, kept: str, *, also: bool, named: str) -> Amendment:
    """What the words that hold say by themselves."""
    if not kept.strip():
        return Amendment()
    at = _start(page.language, "at").match(fold(named))
    if at and (account := _account(page, named[at.end() :])) is not None:
        return Amendment(account=account)
    clock = _CLOCK.fullmatch(named)
    if clock:
        return Amendment(starts=time(int(clock[1]), int(clock[2])))
    mention = _read(page, kept)
    met = tuple(found.value for found in mention.contacts)
    if mention.actions:
        return Amendment(come=met, actions=tuple(found.value for found in mention.actions))
    on = mention.on.value if mention.on.part != "sent_at" and mention.on.value <= page.now.date() else None
    sums = tuple(found.value for found in mention.amounts)
    spoken_of = met or on or mention.starts or mention.ends
    return Amendment(
        come=met, on=on, starts=_value(mention.starts), ends=_value(mention.ends), type=_value(mention.type),
        medium=None if mention.medium and _is_plain(mention.medium, spoken_of) else _value(mention.medium),
        outcome=_value(mention.outcome), amounts=sums or (() if spoken_of else _bare_sum(page, kept)),
        more=also,
    )  # fmt: skip


def _is_plain(medium: Found[str], spoken_of: object) -> bool:
    """Whether the medium was hardly meant: taken by default, or beside a day or a person ("was there too")."""
    return medium.why == BY_DEFAULT or (medium.value == "in_person" and bool(spoken_of))


def _opened(clause: str, language: str) -> tuple[str, bool, bool]:
    """The clause without "no, sorry, I mean"; whether there was such an opening, and whether it denied."""
    rest, corrects, denied = clause, False, False
    while match := _start(language, "openers").match(fold(rest)):
        denied = denied or match[1] in _phrases(table(language, "amending")["not"])
        rest, corrects = rest[match.end() :], True
    while denied and (match := _start(language, "but").match(fold(rest))):
        rest = rest[match.end() :]
    return rest, corrects, denied


def _negated(clause: str, language: str, *, denied: bool) -> tuple[str, str]:
    """What holds of the clause and what does not: "not Kees but Marja", "Marja, not Kees", "without Kees"."""
    folded = fold(clause)
    no = _pattern(language, "not").search(folded) or _pattern(language, "without").search(folded)
    if no is None and not denied:
        return clause, ""
    begins, ends = (no.start(), no.end()) if no else (0, 0)
    but = _pattern(language, "but").search(folded, ends) or re.compile(r",").search(folded, ends)
    if but:
        return f"{clause[:begins].rstrip(' ,')} {clause[but.end() :]}".strip(), clause[ends : but.start()]
    return (clause[:begins].rstrip(" ,"), clause[ends:]) if no else (clause, "")


def _headed(page: _Page, clause: str) -> Amendment | None:
    """What follows a heading such as "actie:"; None where there is none."""
    for kind, heads in table(page.language, "amending")["heads"].items():
        match = _head(tuple(heads), kind == "actions").match(fold(clause))
        if match is None:
            continue
        rest = clause[match.end() :].strip()
        read = _under(page, kind, rest) if rest else Amendment()
        if read or match["sign"]:
            return read
    return None


def _under(page: _Page, kind: str, rest: str) -> Amendment:
    if kind == "actions":
        parts = [part.strip() for part in re.split(r"\s*[•*]\s*", rest) if part.strip()]
        return Amendment(actions=tuple(_action(page, part) for part in parts))
    if kind == "keywords":
        return Amendment(keywords=tuple(read_terms(rest)))
    if kind == "account":
        return Amendment(account=_account(page, rest, new=True))
    if kind == "amounts":
        return Amendment(amounts=_bare_sum(page, rest, least=0))
    return Amendment(come=_contacts(page, rest))


def _action(page: _Page, said: str) -> ActionMention:
    """What is to be done, though nothing but its heading says so; the day of a deadline, where one is named."""
    also = _start(page.language, "also").match(fold(said))
    text = said[also.end() :].strip() if also and said[also.end() :].strip() else said
    found = _read(page, text).actions
    if len(found) == 1:
        return found[0].value
    moments = find_moments(text, page.now, page.language)
    due = next((one.value.due for one in moments if one.value.due), None)
    return ActionMention(text=text.rstrip(" ."), due=due if due and due >= page.now.date() else None)


def _bare_sum(page: _Page, text: str, least: int = _LEAST) -> tuple[Money, ...]:
    """A sum that is a number and nothing else but words that are none of its own."""
    if len(_NUMBER.findall(text)) != 1 or not _is_number(text, page.language):
        return ()
    digits = _NUMBER.findall(text)[0]
    sums = read_sums(text, page.language, page.currency) or read_sums(digits, page.language, page.currency) or []
    return tuple(one for one in sums if one.value >= least)


def _is_number(text: str, language: str) -> bool:
    left = _NUMBER.sub(" ", fold(text))
    for name in ("it_was", "also", "not", "but"):
        left = _pattern(language, name).sub(" ", left)
    left = re.sub(
        r"(?<!\w)(?:eur|euro|euroa|euros|chf|franken|gbp|pounds?|usd|dollars?|k|mio|[€£$])(?!\w)|[€£$]", " ", left
    )
    return not re.search(r"\w", left)


# ----------------------------------------------------------------------------------------------- asking the finders


def _read(page: _Page, text: str) -> VisitMention:
    """The text as if it were a report of the visit's account."""
    matcher = matcher_of(page.crm)
    words = with_capitals(literals.words(text), text, page.language, matcher.people.by_word)
    reading = Reading(
        text=text, words=words, language=page.language, now=page.now, matcher=matcher, rep=page.rep
    )  # fmt: skip
    account = next((at for at, one in enumerate(page.crm.accounts) if one.id == page.account), None)
    return read_visit(reading, Segment(text, words, Choice(account)), context_of(reading, text))


def _contacts(page: _Page, text: str) -> tuple[ContactMention, ...]:
    return tuple(found.value for found in _read(page, text).contacts) if text.strip() else ()


def _account(page: _Page, text: str, *, new: bool = False) -> AccountMention | None:
    """Another account that the words name: a known one, or where they say so a ``new`` one."""
    named = read_account(text, page.rep, page.crm) if text.strip() else None
    if named is None or named.candidates or (named.id is None and not new):
        return None
    return None if named.id == page.account and named.id else named


def _value(found: Any) -> Any:
    return found.value if found else None


# ------------------------------------------------------------------------------------------------------------ words


def _either(phrases: Iterable[str]) -> str:
    told = sorted({re.escape(fold(phrase)) for phrase in phrases}, key=len, reverse=True)
    return "|".join(told)


@cache
def _pattern(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a table, anywhere in a folded text."""
    return re.compile(rf"(?<![\w'])(?:{_either(table(language, 'amending')[name])})(?![\w'])")


@cache
def _start(language: str, name: str) -> re.Pattern[str]:
    """The phrases of a table where a folded text begins, with what stands between them and the rest."""
    phrases = table(language, "amending")["heads"]["account"] if name == "at" else table(language, "amending")[name]
    return re.compile(rf"\s*({_either(phrases)})(?![\w'])[\s,.:!-]*")


@cache
def _head(heads: tuple[str, ...], bare: bool) -> re.Pattern[str]:
    """A heading with its colon; of actions the usual ones without it too."""
    plain = rf"|(?:{_either((*heads[:2], 'todo'))})\s+(?=\S)" if bare else ""
    return re.compile(rf"\s*(?:(?:{_either(heads)})\s*(?P<sign>[:=\u2013]|-(?=\s))\s*{plain})")
