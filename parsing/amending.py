"""What somebody writes under the card of a filed visit to have it changed: "het was dinsdag", "Kees war auch dabei".

A clause is read as a report of the visit's own account would be, and kept of it is what its words say; the tables
``words/<language>/amending.toml`` tell what is taken back, left out, added or to be done.
"""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

from parsing import literals
from parsing.amending_words import either, head, pattern, phrases, start
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

SHORT = 6
"""Words of a clause that says one thing alone."""
LONGEST = 80
"""Words; who writes more tells of something else."""
_CLAUSE = re.compile(r"\n+|;|(?<=[^\d\s][.!?])\s+(?=\S)")
_NUMBER = re.compile(r"\d[\d.,' \u00a0\u202f]*\d|\d")
_CURRENCY = re.compile(
    r"(?<!\w)(?:eur|euro|euroa|euros|chf|franken|sfr|gbp|pounds?|usd|dollars?|sek|nok|dkk|kr|k|mio|mln)(?!\w)|[€£$]"
)
_CLOCK = re.compile(r"\s*([01]?\d|2[0-3])[.:]([0-5]\d)\s*")
_COMMA = re.compile(r",(?=\s)")
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
    status: str | None = None
    """``missed`` or ``cancelled``, where the visit was not held."""
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


def is_undo(text: str) -> bool:
    """Whether the whole text asks to take back what was understood before."""
    return _whole(view_of(text).text.replace("\u2019", "'")).undo


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
        if said in phrases(words["undo"]):
            return Amendment(undo=True)
        yes, _, rest = said.partition(" ")
        agreed = phrases(words["is_new"])
        if said in agreed or (yes in agreed and rest in agreed):
            return Amendment(is_new=True)
    return Amendment()


# ------------------------------------------------------------------------------------------------------- one clause


def _clause(page: _Page, clause: str) -> Amendment:
    rest, corrects, denied = _opened(clause, page.language)
    headed = _headed(page, rest)
    if headed is not None:
        return headed
    read = _not_held(page, rest) or _without(page, rest) or _until(page, rest)
    if read:
        return read
    kept, negated = _negated(rest, page.language, denied=denied)
    also = bool(pattern(page.language, "also").search(fold(kept)))
    it_was = start(page.language, "it_was").match(fold(kept))
    named = kept[it_was.end() :] if it_was else kept
    read = _said(page, kept, also=also, named=named, sure=bool(corrects or it_was))
    gone = _contacts(page, negated) if negated else ()
    come = tuple(one for one in read.come if one not in gone)
    instead = not also and bool(corrects or it_was or gone)
    if not read and (corrects or it_was or negated):
        return replace(read, account=_account(page, named), gone=gone)
    return replace(read, come=come, gone=gone, instead=instead, more=also)


def _not_held(page: _Page, clause: str) -> Amendment:
    """Nobody was there, or it was put off: said of the visit itself, in a few words."""
    rest = clause
    for name in ("visit", "it_was"):
        match = start(page.language, name).match(fold(rest))
        rest = rest[match.end() :] if match else rest
    for name, status in (("nobody", "missed"), ("moved", "cancelled")):
        for text in (clause, rest):
            match = start(page.language, name).match(fold(text))
            if match and len(text[match.end() :].split()) <= SHORT // 2:
                return Amendment(status=status)
    return Amendment()


def _without(page: _Page, clause: str) -> Amendment:
    """Who was not there after all: "Kees wasn't there", "remove Kees"."""
    folded = fold(clause)
    absent = pattern(page.language, "absent").search(folded)
    if absent:
        return Amendment(gone=_contacts(page, clause[: absent.start()] + " " + clause[absent.end() :]))
    removes = pattern(page.language, "remove")
    if len(clause.split()) > SHORT or not removes.search(folded):
        return Amendment()
    left = "".join(" " if any(a <= at < b for a, b in _spans(removes, folded)) else c for at, c in enumerate(clause))
    return Amendment(gone=_contacts(page, left))


def _spans(pattern: re.Pattern[str], folded: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(folded)]


def _until(page: _Page, clause: str) -> Amendment:
    """When it ended, where nothing but that is said: "until four", "neljään asti"."""
    folded = fold(clause)
    before = start(page.language, "until").match(folded)
    after = table(page.language, "amending")["until_after"]
    behind = re.search(rf"\s(?:{either(after)})[\s.!]*$", folded) if after else None
    if len(clause.split()) > SHORT or not (before or behind):
        return Amendment()
    text = clause[before.end() :] if before else clause[: behind.start()] if behind else clause
    clock = _CLOCK.fullmatch(text)
    if clock:
        return Amendment(ends=time(int(clock[1]), int(clock[2])))
    hour = table(page.language, "amending")["hour"]
    mention = next((read for said in (text, f"{hour} {text}") if (read := _read(page, said)).starts), None)
    return Amendment(ends=_value(mention.starts)) if mention and not mention.ends else Amendment()


def _said(page: _Page, kept: str, *, also: bool, named: str, sure: bool) -> Amendment:
    """What the words that hold say by themselves."""
    if not kept.strip():
        return Amendment()
    at = start(page.language, "at").match(fold(named))
    if at and (account := _account(page, named[at.end() :])) is not None:
        return Amendment(account=account)
    clock = _CLOCK.fullmatch(named)
    if clock:
        return Amendment(starts=time(int(clock[1]), int(clock[2])))
    mention = _read(page, kept)
    met = tuple(found.value for found in mention.contacts if not _is_half_name(found.value))
    if mention.actions:
        return Amendment(come=met, actions=tuple(found.value for found in mention.actions))
    dated = mention.on.part != "sent_at" and mention.on.value <= page.now.date()
    # "Kees rings back on Friday" is no day of the visit.
    on = mention.on.value if dated and (sure or not mention.contacts) else None
    sums = tuple(found.value for found in mention.amounts)
    spoken_of = met or on or mention.starts or mention.ends
    return Amendment(
        come=met, on=on, starts=_value(mention.starts), ends=_value(mention.ends), type=_value(mention.type),
        medium=None if mention.medium and _is_plain(mention.medium, spoken_of) else _value(mention.medium),
        outcome=_value(mention.outcome), amounts=sums or (() if spoken_of else _bare_sum(page, kept)),
        more=also,
    )  # fmt: skip


def _is_half_name(who: ContactMention) -> bool:
    """A given name and a word that is none: "Kees belt"."""
    parts = (who.name or "").split()
    return len(parts) > 1 and parts[0][:1].isupper() and parts[-1][:1].islower()


def _is_plain(medium: Found[str], spoken_of: object) -> bool:
    """Whether the medium was hardly meant: taken by default, or beside a day or a person ("was there too")."""
    return medium.why == BY_DEFAULT or (medium.value == "in_person" and bool(spoken_of))


def _opened(clause: str, language: str) -> tuple[str, bool, bool]:
    """The clause without "no, sorry, I mean"; whether there was such an opening, and whether it denied."""
    rest, corrects, denied = clause, False, False
    while match := start(language, "openers").match(fold(rest)):
        denied = denied or match[1] in phrases(table(language, "amending")["not"])
        rest, corrects = rest[match.end() :], True
    while denied and (match := start(language, "but").match(fold(rest))):
        rest = rest[match.end() :]
    return rest, corrects, denied


def _negated(clause: str, language: str, *, denied: bool) -> tuple[str, str]:
    """What holds of the clause and what does not: "not Kees but Marja", "Marja, not Kees", "without Kees"."""
    folded = fold(clause)
    no = pattern(language, "not").search(folded) or pattern(language, "without").search(folded)
    if no is None and not denied:
        return clause, ""
    begins, ends = (no.start(), no.end()) if no else (0, 0)
    but = pattern(language, "but").search(folded, ends) or _COMMA.search(folded, ends)
    if but:
        return f"{clause[:begins].rstrip(' ,')} {clause[but.end() :]}".strip(), clause[ends : but.start()]
    return (clause[:begins].rstrip(" ,"), clause[ends:]) if no else (clause, "")


def _headed(page: _Page, clause: str) -> Amendment | None:
    """What follows a heading such as "actie:"; None where there is none."""
    for kind, heads in table(page.language, "amending")["heads"].items():
        match = head(tuple(heads), kind == "actions").match(fold(clause))
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
    also = start(page.language, "also").match(fold(said))
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
        left = pattern(language, name).sub(" ", left)
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
