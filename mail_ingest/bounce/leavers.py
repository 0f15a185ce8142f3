"""Who has gone, since when, and whom to write to: the words of an automatic answer in four languages."""

import re
from dataclasses import dataclass
from datetime import date

from mail_ingest.bounce.addresses import all_addresses, find_addresses
from mail_ingest.bounce.model import Person
from mail_ingest.bounce.phrases import Language, first_match, folded, languages, sentences
from mail_ingest.bounce.since import find_since
from mail_ingest.bounce.words import holds_any

_PARTICLE = r"(?:van|de|der|den|von|vom|zu|zur|ten|ter|te|af|la|le|du|di|da|el|al|’t|'t|op)"
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŠŽ][\w’'-]{0,30}\.?"
_NAME = re.compile(rf"{_CAPITAL}(?:\s(?:{_PARTICLE}\s){{0,3}}{_CAPITAL}){{1,3}}(?!\w)")
_PHONE = re.compile(r"(?<![\w@./-])(?:\+|00)?\(?\d{1,4}\)?(?:[\s./()-]{0,3}\d{1,5}){2,6}(?![\w@])")
# Words that are written with a capital before a name, or for a name, and are none.
_NOT_A_NAME = frozenset(
    """please kindly contact write email e-mail mail tel telefon telefoon puhelin phone mobile mobiel mob gsm puh
    mr mrs ms miss dr prof herr herrn frau hr fr dhr mevrouw meneer mw heer ing ir drs dipl-ing mag
    our my your his her their the this that new your unser unsere unserer ihr ihre ihren ihrem mein meine meiner seine neuer
    neue neuen bitte wenden sie sich uw mijn zijn haar ons onze nieuwe nieuw deze dit voor met vanaf per sinds
    ansprechpartner ansprechpartnerin ansprechperson nachfolger nachfolgerin nachfolge vertretung kollege kollegin kollegen
    opvolger opvolgster vervanger contactpersoon collega aanspreekpunt seuraaja seuraajani seuraajansa yhteyshenkilö
    yhteyshenkilönne yhteyshenkilösi colleague successor replacement kontakt contacteer stuur mail ota lähetä ottakaa
    jatkossa uusi tehtäviäni hello hi dear hallo beste geachte hei moi sehr geehrte geehrter damen herren guten tag best
    kind regards sincerely groet groeten vriendelijke mit freundlichen grüssen grüße viele terveisin ystävällisin
    i he she we they you it as from since for in on at automatische automatic nachricht bericht company gmbh oy oyj bv ab
    postfach adresse mailbox customer service support sales team klantenservice kundendienst info office asiakaspalvelu
    januar februar märz april mai juni juli august september oktober november dezember january february march may june july
    october december unternehmen firma organisation email-adresse na sehr kindly thank thanks bedankt danke vielen kiitos
    if when should all any tot bij en und and or of ja he ich ik hän""".split()
)  # fmt: skip
# These say that it is for good, whatever else the sentence speaks of.
_FINAL = (
    "verlassen", "ausgeschieden", "ruhestand", " rente", "pension", "retired", "retirement", "uit dienst", "in dienst", "verlaten", "palveluksess",
    "eläk", "työsuhde", "left the", "left our", "verstorben", "overleden", "passed away", "dienstverband", "arbeitsverhältnis", "employee", "employment",
    "in the employ", "yrityksest", "talosta", "yhtiöst", "in unserem unternehmen", "im unternehmen", "with the company", "with our company",
)  # fmt: skip
_LEFT_NAMED = re.compile(r"\b(?:has|have|is|'ve)\s(?:now\s|recently\s|sadly\s|since\s)?left\s(?:[A-Z][\w&'-]{2,})")
_LEFT_NO_PLACE = re.compile(r"left\s(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August|September|October|November|December)")  # fmt: skip
_ROLES = frozenset("info sales office contact mail support service admin reception order orders purchasing einkauf verkauf vertrieb inkoop verkoop myynti osto asiakaspalvelu kundenservice klantenservice receptie balie toimisto post kontakt hello team hr".split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an answer says of someone who has gone, or of an inbox that nobody reads any more."""

    who: Person | None
    words: str
    since: date | None
    successor: Person | None
    address: str | None
    """The dead address, where the answer writes it out and a colleague or a system answered for it."""


def read_leaving(text: str, subject: str, sender: str, sent_on: date | None) -> Leaving | None:
    """That someone has gone, by ``text`` or else its ``subject``; None where nothing says so, or something says otherwise.

    ``sender`` is the From header, ``sent_on`` the day of the answer.
    """
    low = folded(text)
    for language in languages():
        if holds_any(low, language.returns):
            continue
        for sentence in [*sentences(text), subject]:
            words = _says_gone(sentence, language)
            if words is not None:
                return _leaving(sentence, words, text, sender, sent_on)
    return None


def _says_gone(sentence: str, language: Language) -> str | None:
    """The words that say it, or None."""
    low = folded(sentence)
    found = first_match(language.mailbox, low)
    if found is not None and not _only_for_a_while(low):
        return found[0]
    found = first_match(language.left, low)
    if found is None and language.code == "en":
        named = _LEFT_NAMED.search(sentence)
        if named is not None and not _LEFT_NO_PLACE.search(sentence):
            found = named
    if found is None:
        return None
    if holds_any(low, language.not_left) and not holds_any(low, _FINAL):
        return None
    return None if _is_condition(low) else found[0]


def _only_for_a_while(low: str) -> bool:
    return holds_any(low, ("this week", "until monday", "deze week", "diese woche", "tällä viikolla", "after hours", "weekend", "outside office"))


def _is_condition(low: str) -> bool:
    """ "If you no longer work here" and its like say nothing of anyone."""
    return low.startswith(("if you", "wenn sie", "falls sie", "als u ", "indien u", "jos et", "jos ette", "are you", "sind sie", "bent u"))


def _leaving(sentence: str, words: str, text: str, sender: str, sent_on: date | None) -> Leaving | None:
    own = all_addresses([sender])
    shown = sender.partition("<")[0].strip().strip('"').strip() if "<" in sender else ""
    at = folded(sentence).find(words)
    before = sentence[: max(at, 0)]
    named = next(iter(reversed(find_names(before))), None)
    if named is not None and shown and own and not _same_person(named, shown, own[0]) and not _is_role(own[0], shown):
        return None  # an absent person's note that mentions a colleague who has gone
    mentioned = [one for one in find_addresses(before) if own and one not in own and _domain(one) == _domain(own[0])]
    who_name = named or (shown if shown and not (own and _is_role(own[0], shown)) else None)
    address = mentioned[0] if mentioned else None
    who = Person(name=who_name, email=address or (own[0] if own else None)) if who_name or own else None
    return Leaving(
        who=who,
        words=" ".join(sentence.split())[:300],
        since=find_since(sentence, sent_on) or (find_since(text, sent_on) if len(text) < 400 else None),
        successor=find_successor(text, {*own, address or ""}, who_name),
        address=address,
    )


def find_names(text: str) -> list[str]:
    """The names of people in ``text``: two to four capitalised words, with the particles of Dutch and German names."""
    names: list[str] = []
    for found in _NAME.finditer(text):
        tokens = found[0].split()
        while tokens and folded(tokens[0]).strip(".:") in _NOT_A_NAME:
            tokens.pop(0)
        while tokens and folded(tokens[-1]).strip(".:") in _NOT_A_NAME:
            tokens.pop()
        while tokens and tokens[0].islower():
            tokens.pop(0)
        if len(tokens) > 1:
            names.append(" ".join(tokens).rstrip("."))
    return names


def find_successor(text: str, gone: set[str], left_name: str | None) -> Person | None:
    """Whom to write to instead: the first address after a word that asks to, with the name and the number beside it."""
    flat = " ".join(text.split())
    low = folded(flat)
    starts = sorted(at for language in languages() for word in language.contact if (at := low.find(word)) >= 0)
    if not starts:
        return None
    # Folding may lengthen the text by a letter for each ß: stepping back a little loses nothing.
    rest = flat[max(0, starts[0] - 40) :][:600]
    email = next((one for one in find_addresses(rest) if one not in gone), None)
    at = rest.lower().find(email) if email else -1
    near = rest[max(0, at - 90) : at] if at >= 0 else rest[:200]
    names = [one for one in find_names(near) if one != left_name]
    name = (names[-1] if at >= 0 else names[0]) if names else None
    if name is None and at >= 0:
        after = [one for one in find_names(rest[at + len(email or "") :][:50]) if one != left_name]
        name = after[0] if after and re.match(r"\s?[(,]", rest[at + len(email or "") :]) else None
    phone = _find_phone(rest[max(0, at - 120) : at + 200] if at >= 0 else rest)
    return Person(name=name, email=email, phone=phone) if email or name or phone else None


def _find_phone(text: str) -> str | None:
    for found in _PHONE.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if 8 <= len(digits) <= 15 and found[0].lstrip("(")[0] in "+0":
            return found[0].strip(" .-/(")
    return None


def _same_person(named: str, shown: str, address: str) -> bool:
    ours = {one.strip(".,").lower() for one in re.split(r"[\s,]+", shown)} | set(re.split(r"[._-]", address.partition("@")[0]))
    return any(one.strip(".,").lower() in ours for one in named.split() if len(one) > 2)


def _is_role(address: str, shown: str) -> bool:
    local = address.partition("@")[0]
    return local in _ROLES or len(shown.split()) < 2 or any(one.lower() in _ROLES for one in shown.split())


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
