"""Who has gone, since when, and whom to write to: the words of an automatic answer in four languages."""

import re
from dataclasses import dataclass
from datetime import date

from mail_ingest.bounce.addresses import all_addresses, find_addresses
from mail_ingest.bounce.model import Person
from mail_ingest.bounce.people import (
    find_names,
    find_successor,
    is_role,
    is_same_person,
    names_this_inbox,
    speaks_of_colleague,
    speaks_of_self,
)
from mail_ingest.bounce.phrases import Language, first_match, folded, languages, sentences
from mail_ingest.bounce.since import find_since, is_month
from mail_ingest.bounce.words import holds_any, table

# "has left Acme": the name of a company is known by its capital alone, as no list of them is complete.
_LEFT_NAMED = re.compile(
    r"\b(?:(?:has|have|is|'ve)\s(?:now\s|recently\s|sadly\s|since\s)?left|(?:am|is)\sleaving)\s([A-Z][\w&'-]{2,40})"
    r"|\bleft\s([A-Z][\w&'-]{2,40})(?:\s[A-Z][\w&'-]{1,40}){0,3}\s(?:on|in|as\sof|at\sthe\send|after|last|this)\b"
)
SHORT_CHARS = 400
"""In an answer this short any date tells since when."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an answer says of someone who has gone, or of an inbox that nobody reads any more."""

    who: Person | None
    words: str
    since: date | None
    successor: Person | None
    address: str | None
    """The dead address, where the answer writes it out and a colleague or a system answered for it."""
    of_sender: bool
    """Whether it surely speaks of the one who answers, or of the inbox that answers."""


@dataclass(frozen=True, slots=True)
class _Said:
    """The sentence that says so, and where in it the words that do begin and end."""

    sentence: str
    start: int
    end: int


def read_leaving(text: str, subject: str, sender: str, sent_on: date | None) -> Leaving | None:
    """That someone has gone, by ``text`` or else its ``subject``; None where nothing says so, or something denies it.

    ``sender`` is the From header, ``sent_on`` the day of the answer.
    """
    low = folded(text)
    for language in languages():
        if holds_any(low, language.returns):
            continue
        # Behind "Automatic reply:" stands our own subject, which may speak of someone else's leaving.
        for sentence in [*sentences(text), *([] if ":" in subject else [subject])]:
            said = _says_gone(sentence, language)
            if said is not None:
                return _leaving(said, text, sender, sent_on)
    return None


def _says_gone(sentence: str, language: Language) -> _Said | None:
    low, common = folded(sentence), table("leavers")["common"]
    if low.startswith(tuple(common["conditions"])):
        return None
    found = first_match(language.mailbox, low)
    if found is not None and not holds_any(low, common["for_a_while"]):
        return _Said(sentence, found.start(), found.end())
    found = first_match(language.left, low) or _left_a_company(sentence, language)
    if found is None or (holds_any(low, language.not_left) and not holds_any(low, common["final"])):
        return None
    return _Said(sentence, found.start(), found.end())


def _left_a_company(sentence: str, language: Language) -> re.Match[str] | None:
    found = _LEFT_NAMED.search(sentence) if language.code == "en" else None
    if found is None:
        return None
    name = found[1] or found[2]
    # "has left Monday": a capital that is a time and no company
    return None if is_month(name) or name.endswith("day") else found


def _leaving(said: _Said, text: str, sender: str, sent_on: date | None) -> Leaving | None:
    own = next(iter(all_addresses([sender])), "")
    shown = sender.partition("<")[0].strip().strip('"').strip() if "<" in sender else ""
    before = said.sentence[: said.start]
    about_self = speaks_of_self(said.sentence)
    named = None if about_self else next(iter(reversed(find_names(before))), None)
    generic = is_role(own, shown)
    other = named is not None and not is_same_person(named, shown, own)
    if (other and not generic) or (speaks_of_colleague(before) and (named is None or other)):
        return None  # an absent person's note that mentions a colleague who has gone
    domain = own.rpartition("@")[2]
    written_out = (
        one for one in find_addresses(said.sentence[: said.end]) if one != own and one.endswith(f"@{domain}")
    )
    address = next(written_out, None) if own else None
    name = named or (None if generic and not about_self else shown or None)
    since = find_since(said.sentence, sent_on)
    if since is None and len(text) < SHORT_CHARS:
        since = find_since(text, sent_on)
    return Leaving(
        who=Person(name=name, email=address or own or None) if name or own else None,
        words=said.sentence,
        since=since,
        successor=find_successor(text, frozenset({own, address or own}), name),
        address=address,
        of_sender=about_self or names_this_inbox(said.sentence) or is_same_person(before, shown, own),
    )
