"""What the owner of a customer writes under the question whether somebody is still there: "weg, opvolger is Mark Bos".

By the phrases of ``words/<language>/leaver.toml``; a successor is read as a report would be that says who left.
"""

from dataclasses import dataclass, replace

from parsing import literals
from parsing.amending import read_amendment
from parsing.lexicon import Lexicon, read_words
from parsing.model import LANGUAGES, AccountMention, ContactMention, Crm, Message
from parsing.moves import Page, find_employer
from parsing.parse import parse
from parsing.text import language_of, view_of
from parsing.words import table

LONGEST = 60
"""Words; who writes more tells of something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of the person; nothing of it where nothing is understood."""

    undo: bool = False
    still: bool = False
    left: bool = False
    successor: ContactMention | None = None
    employer: AccountMention | None = None
    """Where they work now: a known account, or a new name."""
    address: str | None = None
    """By which they are reached now."""

    def __bool__(self) -> bool:
        return self != Told()


def read_told(message: Message, crm: Crm, name: str, account: str) -> Told:
    """What ``message`` says of ``name``, who worked at ``account``; a few words tell their own language too seldom.

    So each language that may be meant is tried.
    """
    text = view_of(message.text).text.replace("\u2019", "'").strip()
    if not text or len(text.split()) > LONGEST or text.endswith("?"):
        return Told()
    rep = next((one for one in crm.reps if one.email == message.rep), None)
    spoken = rep.language if rep and rep.language in LANGUAGES else "en"
    for language in dict.fromkeys((spoken, language_of(text, spoken), *LANGUAGES)):
        told = _read(Page(text, language, message.rep, crm), message, name, account)
        if told:
            return told
    undo = read_amendment(message, crm, account, spoken).undo
    emails = literals.emails(text)
    return Told(undo=True) if undo else Told(address=emails[0]) if emails else Told()


def _read(page: Page, message: Message, name: str, account: str) -> Told:
    emails = literals.emails(page.text)
    employer = find_employer(page)
    if employer is not None and employer.id == account:
        return Told(still=True)
    if _says(page, "heirs"):
        successor = _successor(page, message, name)
        if successor is not None:
            return Told(left=True, successor=successor, employer=employer)
    if employer is not None:
        return Told(left=True, employer=employer, address=emails[0] if emails else None)
    if _says(page, "still"):
        return Told(still=True, address=emails[0] if emails else None)
    return Told(left=True) if _says(page, "left") else Told()


def _says(page: Page, what: str) -> bool:
    phrases = Lexicon({what: table(page.language, "leaver")[what]}, page.language)
    return any(phrases.hits(read_words(page.text, page.language)))


def _successor(page: Page, message: Message, name: str) -> ContactMention | None:
    """Who follows, with number and address where they are told: the words are read after a sentence on who left."""
    gone = table(page.language, "leaver")["gone"].format(name=name)
    read = parse(replace(message, text=f"{gone} {page.text}", forwarded=None, invitation=None), page.crm)
    found = [one.value.successor for visit in read.visits for one in visit.contact_changes if one.value.successor]
    if not found:
        return None
    emails, phones = literals.emails(page.text), [page.text[a:b] for a, b in literals.phone_spans(page.text)]
    one = found[0]
    return replace(
        one, email=one.email or next(iter(emails), None), phone=one.phone or next((p.strip() for p in phones), None)
    )
