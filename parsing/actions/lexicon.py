"""The words of promises of one language, from ``words/<language>/actions.toml``, ready to be looked up."""

import re
from collections.abc import Iterable
from functools import cache

from parsing.text import fold
from parsing.when.lexicon import spellings
from parsing.words import table

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001


def words(text: str) -> list[str]:
    """The folded words of a text; an apostrophe belongs to its word ("i'll")."""
    return [word.replace("’", "'") for word in _WORD.findall(fold(text))]  # noqa: RUF001


REMEMBERED = 20_000
"""Words a list remembers having looked at."""


class Phrases:
    """Words and phrases of one list: "moet", "kan jij", and "*offerte*" for any word with that in it."""

    def __init__(self, entries: Iterable[str]) -> None:
        """``entries`` as the table has them."""
        folded = {fold(one) for entry in entries for one in spellings(entry)}
        self.single = frozenset(entry for entry in folded if _WORD.fullmatch(entry))
        parts = [entry for entry in folded if "*" in entry]
        several = sorted((entry for entry in folded - self.single if "*" not in entry), key=len, reverse=True)
        self._wild = re.compile("|".join(map(_wildcard, parts))) if parts else None
        self._several = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, several)) + r")(?!\w)") if several else None
        self._memo: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        """Whether one folded word is of the list."""
        if word in self.single:
            return True
        if self._wild is None:
            return False
        word = word.removesuffix("'s")
        if word not in self._memo:
            if len(self._memo) > REMEMBERED:
                self._memo.clear()
            self._memo[word] = self._wild.fullmatch(word) is not None
        return self._memo[word]

    def first(self, said: list[str]) -> int | None:
        """The index of the first word of the list."""
        return next((index for index, word in enumerate(said) if self.has(word)), None)

    def found(self, said: list[str], folded: str) -> bool:
        """Whether a text holds a word or phrase of the list; given as words and as the folded whole."""
        if not self.single.isdisjoint(said) or (self._wild is not None and self.first(said) is not None):
            return True
        return self._several is not None and self._several.search(folded) is not None

    def without(self, text: str) -> str:
        """A text without the phrases of the list."""
        folded = fold(text).replace("’", "'")  # noqa: RUF001
        spans = [match.span() for match in self._several.finditer(folded)] if self._several else []
        spans += [match.span() for match in _WORD.finditer(folded) if match[0] in self.single]
        if len(folded) != len(text):
            return text
        for start, end in sorted(spans, reverse=True):
            text = text[:start] + text[end:]
        return " ".join(text.split())

    def at(self, folded: str, start: int) -> int:
        """The length of the longest word or phrase of the list that begins at ``start``, 0 where there is none."""
        match = self._several.match(folded, start) if self._several else None
        if match:
            return match.end() - start
        word = _WORD.match(folded, start)
        return len(word[0]) if word and word[0].replace("’", "'") in self.single else 0  # noqa: RUF001

    def search(self, folded: str) -> tuple[int, int] | None:
        """The first span of a phrase or word of the list."""
        best: tuple[int, int] | None = None
        if self._several and (match := self._several.search(folded)):
            best = match.span()
        for match in _WORD.finditer(folded):
            if best is not None and match.start() >= best[0]:
                break
            if match[0].replace("’", "'") in self.single:  # noqa: RUF001
                return match.span()
        return best


def _wildcard(entry: str) -> str:
    body = re.escape(entry.strip("*"))
    return (r"[^\W\d_]*" if entry.startswith("*") else "") + body + (r"[^\W\d_]*" if entry.endswith("*") else "")


class Promises:
    """Every list of a language, and its verbs of doing."""

    def __init__(self, language: str) -> None:
        """Read the table of a language."""
        source = table(language, "actions")
        self.language = language
        self.labels = Phrases(source["labels"])
        self.joiners = Phrases(source["joiners"])
        self.own = Phrases(source["subjects"]["own"])
        self.other = Phrases(source["subjects"]["other"])
        cues = source["cues"]
        self.obligation = Phrases(cues["obligation"])
        self.request = Phrases(cues["request"])
        self.third = Phrases(cues["third"])
        self.wishes = Phrases(cues["wishes"])
        self.done = Phrases(cues["done"])
        self.refused, self.idle = Phrases(cues["refused"]), Phrases(cues["idle"])
        self.goods = Phrases(cues["goods"])
        self.appointments = Phrases(cues["appointments"])
        self.pronouns = Phrases(source["subjects"]["pronouns"])
        self.same_day = Phrases(cues["same_day"])
        self.also = Phrases(cues["also"])
        self.there = Phrases(cues["there"])
        self.fixed = Phrases(cues["fixed"])
        self.receives = Phrases(cues["receives"])
        self.soon = Phrases(cues["soon"])
        self.leaving = Phrases(cues["leaving"])
        self.generic = Phrases(cues["generic"])
        self.follows, self.theirs = Phrases(cues["follows"]), Phrases(cues["theirs"])
        self.lasts, self.from_them = Phrases(cues.get("lasts", ())), Phrases(cues["from_them"])
        self.returns = frozenset(fold(word) for word in cues["returns"])
        self.that_is, self.supposed = Phrases(cues["that_is"]), Phrases(cues["supposed"])
        self.affirmed = Phrases(cues["affirmed"])
        self.asked = frozenset(source["subjects"]["asked"]) - self.other.single
        self.toward = Phrases(source["subjects"]["toward"])
        self.alone = frozenset(source["verbs"]["alone"])
        self.nouns = frozenset(fold(noun) for noun in source["verbs"]["nouns"])
        self.vague = Phrases(cues["vague"])
        self.before = Phrases(cues["dropped_before"])
        self.after = Phrases(cues["dropped_after"])
        self.states = Phrases(source["verbs"]["states"])
        self.prefixes = frozenset(fold(prefix) for prefix in source["verbs"]["prefixes"])
        self.infinitive: dict[str, str] = {}
        """Every infinitive, folded, to itself as written."""
        self.base: set[str] = set()
        """First persons without a prefix: only those open a main clause."""
        self.singular: set[str] = set()
        """Finnish first persons in the singular: "lähetän", not "lähetetään" or "lähettämään"."""
        self.finite: dict[str, str] = {}
        """Every first person, folded, to its infinitive."""
        for entry in source["verbs"]["list"]:
            infinitive, *forms = entry.split()
            self._add(infinitive, forms)
        for infinitive in source["verbs"].get("more", ()):
            self._add(infinitive, first_persons(infinitive, language), opens=False)

    def verb(self, word: str) -> str | None:
        """The infinitive of a first person; German and Dutch may hang "es" on it ("ich verschick's")."""
        found = self.finite.get(word)
        if found is None and self.language == "de" and word.endswith("s"):
            found = self.finite.get(word.removesuffix("s").removesuffix("'"))
        return found

    def _add(self, infinitive: str, forms: list[str], *, opens: bool = True) -> None:
        """``opens``: whether its first persons may open a clause by themselves, without "ich"."""
        self.infinitive[fold(infinitive)] = infinitive
        for place, form in enumerate(forms):
            self.finite.setdefault(fold(form), infinitive)
            if opens:
                self.base.add(fold(form))
            if place == 0 or (form.endswith("n") and not _FINNISH_OTHERS.search(form)):
                self.singular.add(fold(form))
        if self.language == "en":
            self.finite[infinitive] = infinitive
            self.finite[_gerund(infinitive)] = infinitive
        for prefix in self.prefixes:
            whole = prefix.strip() + infinitive
            self.infinitive.setdefault(fold(whole), whole)
            self.infinitive.setdefault(fold(prefix.strip() + "zu" + infinitive), whole)
            for form in forms:
                self.finite.setdefault(fold(prefix.strip() + form), whole)


_FINNISH_OTHERS = re.compile(r"(?:taan|tään|daan|dään|llaan|llään|nnaan|nnään|ssaan|ssään|maan|mään)$")


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    if re.search(r"(?<![aeiou])[aeiou][bdgmnpt]$", verb) and verb not in ("visit", "deliver", "open", "email"):
        return verb + verb[-1] + "ing"
    return verb + "ing"


def first_persons(infinitive: str, language: str) -> list[str]:
    """The first persons of a regular Dutch or German verb, also as spoken: "kloppen" -> "klop", "ziehen" -> "ziehe".

    Where spelling leaves it open ("handelen", "betalen") both forms that may be.
    """
    if language == "de":
        stem = re.sub(r"e?n$", "", infinitive)
        return [stem + "e", stem] if infinitive.endswith("en") else [stem[:-2] + stem[-1] + "e", stem + "e", stem]
    if language != "nl" or not infinitive.endswith("en"):
        return []
    stem = infinitive[:-2]
    if stem[-1:] == stem[-2:-1]:
        return [stem[:-1]]
    short = stem[:-1] + {"v": "f", "z": "s"}.get(stem[-1:], stem[-1:])
    open_ = re.fullmatch(r"(.*[^aeiouy])?([aeou])([^aeiouy])", short)
    return [f"{open_[1] or ''}{open_[2]}{open_[2]}{open_[3]}", short] if open_ else [short]


@cache
def promises(language: str) -> Promises:
    """The words of promises of a language: one of ``nl``, ``de``, ``fi``, ``en``; another is read as English."""
    return Promises(language if table(language, "actions") else "en")
