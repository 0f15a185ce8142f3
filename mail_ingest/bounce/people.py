"""People in the words of an answer: their names, their numbers, and who takes over."""

import re
from functools import cache

from mail_ingest.bounce.addresses import find_addresses
from mail_ingest.bounce.model import Person
from mail_ingest.bounce.phrases import folded, languages
from mail_ingest.bounce.words import table

_PARTICLE = r"(?:van|de|der|den|von|vom|zu|zur|ten|ter|te|af|la|le|du|di|da|el|al|'t|op)"
_CAPITAL = r"(?:[A-ZÀ-ÖØ-ÞŠŽ][\w'-]{1,30}|[A-ZÀ-ÖØ-ÞŠŽ]\.?)"
_NAME = re.compile(rf"{_CAPITAL}(?:\s(?:{_PARTICLE}\s){{0,3}}{_CAPITAL}){{1,3}}(?!\w)")
_PHONE = re.compile(r"(?<![\w@./-])(?:\+|00)?\(?\d{1,4}\)?(?:[\s./()-]{0,3}\d{1,5}){2,6}(?![\w@])")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d$|20\d\d-\d\d-\d\d")
_ASKED_CHARS = 600
"""How far behind the word that asks to write to someone that someone is looked for."""
MIN_DIGITS, MAX_DIGITS = 8, 15  # E.164 has fifteen at most; shorter ones are extensions and order numbers


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(table("people")[name].split())


def find_names(text: str) -> list[str]:
    """The names of people in ``text``: two to four capitalised words, with the particles of Dutch and German names."""
    names: list[str] = []
    for found in _NAME.finditer(text.replace("\u2019", "'")):
        tokens = found[0].split()
        while tokens and (tokens[0].islower() or folded(tokens[0]).strip(".:") in _words("not_a_name")):
            tokens.pop(0)
        while tokens and folded(tokens[-1]).strip(".:") in _words("not_a_name"):
            tokens.pop()
        if len(tokens) > 1:
            names.append(" ".join(tokens))
    return names


def find_phone(text: str) -> str | None:
    """The first telephone number in ``text``, as written."""
    for found in _PHONE.finditer(text):
        digits = sum(char.isdigit() for char in found[0])
        starts = found[0].lstrip("(")[0] in "+0"
        if starts and MIN_DIGITS <= digits <= MAX_DIGITS and not _DATE.match(found[0].strip()):
            return found[0].strip(" .-/(")
    return None


def find_successor(text: str, gone: frozenset[str], left_name: str | None) -> Person | None:
    """Whom to write to instead: the first address after a word that asks to, with the name and the number beside it.

    ``gone`` are the addresses, and ``left_name`` the name, of the one who left.
    """
    flat = " ".join(text.split())
    low = folded(flat)
    starts = [at for language in languages() for word in language.contact if (at := low.find(word)) >= 0]
    if not starts:
        return None
    # Folding lengthens the text by a letter for each ß: a step back loses nothing.
    rest = flat[max(0, min(starts) - 40) :][:_ASKED_CHARS]
    email = next((one for one in find_addresses(rest) if one not in gone), None)
    at = rest.lower().find(email) if email else -1
    if email is None or at < 0:
        names = _others(rest[:200], left_name)
        phone = find_phone(rest)
        return Person(name=names[0] if names else None, email=email, phone=phone) if names or phone or email else None
    names = _others(rest[max(0, at - 90) : at], left_name)
    phone = find_phone(rest[max(0, at - 120) : at + 200])
    return Person(name=names[-1] if names else None, email=email, phone=phone)


def _others(text: str, left_name: str | None) -> list[str]:
    return [one for one in find_names(text) if one != left_name]


def speaks_of_self(text: str) -> bool:
    """Whether the one who speaks is the one spoken of: "I …", but not "I tell you that …"."""
    words = set(re.findall(r"[\w']+", folded(text)))
    return not words.isdisjoint(_words("first_person")) and words.isdisjoint(_words("reports"))


def speaks_of_colleague(text: str) -> bool:
    """Whether ``text`` names a colleague of the one who speaks."""
    return not _words("others").isdisjoint(re.findall(r"[\w'-]+", folded(text)))


def names_this_inbox(text: str) -> bool:
    """Whether ``text`` speaks of this address or inbox, and not of someone's."""
    return not _words("this_one").isdisjoint(re.findall(r"\w+", folded(text)))


def is_same_person(name: str, shown: str, address: str) -> bool:
    """Whether ``name`` shares a word with the name that is shown or with the local part of the address."""
    ours = {one.strip(".,").lower() for one in re.split(r"[\s,]+", shown)}
    ours |= set(re.split(r"[._-]", address.partition("@")[0]))
    ours -= _words("shared")
    return any(word.strip(".,").lower() in ours for word in name.split() if len(word) > 1)


def is_role(address: str, shown: str) -> bool:
    """Whether an inbox, and no person, bears the address or the shown name."""
    words = [one.lower() for one in shown.split()]
    return (
        address.partition("@")[0] in _words("roles")
        or len(words) == 1
        or not words
        or not _words("roles").isdisjoint(words)
    )
