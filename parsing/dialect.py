"""Finnish and German as they are spoken, brought to the spelling that the word tables have.

"Jäläkeen" is "jälkeen", "tulloo" is "tulee", "uuvet" is "uudet", "tullunna" is "tullut": Savo and Pohjanmaa put a
vowel between consonants, double a consonant before a long vowel, and have no d (VISK § 31, § 38). "Angruafn" is
"angerufen", "gschickt" is "geschickt", "schod" is "schade", "bstellt" is "bestellt": Austrians, Bavarians and the Swiss
leave the e of ge- and -en out, and have vowels of their own. Only a word that the language does not know is read anew,
and only as one that it does know.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from parsing.inflection import bases
from parsing.words import frequency, given_names, surnames, towns

_SHORTEST = 4
_KNOWN = 3.3
"""Zipf frequency from which a word is one of the language."""
_STEPS = 4
"""Traits of a dialect that one word may have at once."""

_FINNISH = (
    (r"([aeiouy])([lhn])\1(?=[bcdfghjkmnprstv])", r"\1\2"),
    (r"hh", "hd"),
    (r"p$", ""),
    (r"([bdfgjklmnprstv])\1(?=[aeiouy]{2})(?!iin$)", r"\1"),
    (r"oo$", "oa", "ee", "aa"),
    (r"ee$", "ea", "aa"),
    (r"ou", "au"),
    (r"(?<=[hjklmnprstv])ua|(?<=^[hjklmnprstv])ia", "aa"),
    (r"(?<=[aeiouy]h)(?=[aeiouy])", "d"),
    (r"(?<=[aeiouy][aeiouy])[vj](?=[aeiouy])", "d"),
    (r"(?<=[aeiouy])tt(?=[aeouy])", "ts"),
    (r"(?<=[aeiouy])ht(?=[aeiouy])", "ts"),
    (r"([uy])nn[aouy]$", r"\1t", r"\1n\1t"),
    (r"oova(?=t$)", "eeva"),
)
_PARTED = r"(?:an|o|aa?|auf|uf|aus|us|ab|ein|vor|vorbei|mit|nach|zu|zuruck|zruck|durch|um|hin|her|weg|los|bei|kennen)"
_WITH_PREFIX = re.compile(
    r"(?:an|auf|aus|ab|ein|vor|vorbei|mit|nach|zu|zuruck|durch|um|hin|her|weg|los|bei)(ge\w{4,})$"
)
_GERMAN = (
    (rf"^({_PARTED})?g(?=[bdfghklmnprstvwz])", r"\1ge"),
    (r"^b(?=[dfghklmnprstvwz])", "be"),
    (r"^(?:o|aa?)(?=g)", "an"),
    (r"^us(?=g)", "aus"),
    (r"^uf(?=g)", "auf"),
    (r"^z(?=[bdfgklmnprst])", "zu"),
    (r"(?<=[bcdfghklmprstvwz])n$", "en"),
    (r"ua", "u"),
    (r"ia", "ie", "i"),
    (r"oa", "ei", "a"),
    (r"o(?![aiu])", "a"),
    (r"ei", "eu"),
    (r"a$", "er", "en"),
    (r"(?<=[bcdfghklmnprstvwz])e$", "en"),
    (r"(?<=[bdfgkmnprst])$", "e"),
    (r"d$", "t"),
    (r"dt$", "det"),
    (r"(?<![cs])ch(?=[aeioulr])", "k"),
)
_RULES = {
    language: tuple((re.compile(pattern), tuple(spellings)) for pattern, *spellings in rules)
    for language, rules in (("fi", _FINNISH), ("de", _GERMAN))
}
_OWN = {
    "fi": {
        "manna": "menna", "manny": "mennyt", "mannynna": "mennyt", "mannyt": "mennyt", "nahha": "nahda",
        "naha": "nahda",
    },
    "de": {
        "hod": "hat", "het": "hat", "hob": "hab", "hobn": "haben", "ham": "haben", "hend": "haben", "wos": "was",
        "isch": "ist", "san": "sind", "mia": "wir", "eam": "ihm", "eana": "ihnen", "ned": "nicht", "nid": "nicht",
        "nod": "nicht", "gsi": "gewesen", "gwen": "gewesen", "gseit": "gesagt", "morn": "morgen", "hut": "heute",
        "griass": "gruss", "muass": "muss", "mues": "muss", "wui": "will", "wu": "will", "vo": "von",
    },
}  # fmt: skip
"""Common words that no trait explains."""


@lru_cache(maxsize=20_000)
def standard(word: str, language: str = "fi") -> str:
    """The standard spelling of a folded ``word``, or ``word`` itself where it is known or nothing fits."""
    if word in _OWN.get(language, {}):
        return _OWN[language][word]
    if len(word) < _SHORTEST or language not in _RULES or not word.isalpha() or _is_known(word, language):
        return word
    if word in surnames() or word in given_names():
        return word
    seen = {word}
    tried = [word]
    for _ in range(_STEPS):
        tried = [one for before in tried for one in _respelled(before, language) if one not in seen]
        seen.update(tried)
        for one in tried:
            if len(one) >= _SHORTEST - 1 and _is_known(one, language):
                return one
    return word


def _respelled(word: str, language: str) -> Iterator[str]:
    for pattern, spellings in _RULES[language]:
        if pattern.search(word):
            for spelling in spellings:
                yield pattern.sub(spelling, word)


def _is_known(word: str, language: str) -> bool:
    known = frequency(language)
    if known.get(word, 0.0) >= _KNOWN or word in towns():
        return True
    if language == "de":  # "vorbeigeschaut" is as well known as "geschaut"; an ending is what dialects lose
        parted = _WITH_PREFIX.match(word)
        return parted is not None and known.get(parted[1], 0.0) >= _KNOWN
    return any(known.get(base, 0.0) >= _KNOWN for base in bases(word, language))
