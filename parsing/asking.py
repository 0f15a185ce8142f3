"""Is it a question about what was filed, and which? By the phrases of ``words/<language>/asking.toml``.

A report is never taken for one: every word of a question is part of how one asks, a name, or says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parsing import literals
from parsing.accounts import Context, Standing, weigh
from parsing.choosing import choose
from parsing.lexicon import Hit, Word, fold, lexicon, read_words
from parsing.linking import matcher_of
from parsing.model import LANGUAGES, Crm, Message
from parsing.text import Token, language_of, view_of
from parsing.words import table

LONGEST = 18
"""Words; who asks is brief."""
GREETING = 3
"""Words that may stand before what is asked where no question mark follows: "hi Debrief, last visit Acme"."""
UNKNOWN = 4
"""Words that a customer's name may have whom nobody knows."""
OWN = frozenset({"last", "open", "count"})
"""What may be asked without a customer: it is then about whoever asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked.

    ``last`` visits, what is ``open``, which ``people`` work there, a ``brief`` for a visit, or a ``count`` of visits.
    """

    kind: str
    accounts: tuple[str, ...] = ()
    """Ids of the accounts that may be meant, likeliest first; empty where it is about whoever asks."""
    unknown: str | None = None
    """The name of a customer whom nobody knows."""


def read_question(message: Message, crm: Crm) -> Asked | None:
    """The question that ``message`` asks; None for everything else. Raises nothing."""
    if message.forwarded is not None or message.invitation is not None:
        return None
    said = view_of(message.text).text.strip()
    if not 0 < len(said.split()) <= LONGEST:
        return None
    spoken = next((one.language for one in crm.reps if one.email == message.rep), "en")
    likely = dict.fromkeys((language_of(said, spoken), spoken, *LANGUAGES))
    return next((asked for language in likely if (asked := _asked(said, language, message.rep, crm))), None)


def _asked(said: str, language: str, rep: str, crm: Crm) -> Asked | None:
    words = read_words(said, language)
    mark = said.endswith("?")
    hits = [*lexicon(language, "asking", "asks").hits(words)]
    if mark:
        hits += lexicon(language, "asking", "weak").hits(words)
    hits = [hit for hit in hits if mark or hit.first <= GREETING]
    if not hits or len({words[hit.first].sentence for hit in hits}) > 1:
        return None
    best = max(hits, key=lambda hit: (_width(hit), hit.label != "last", -hit.first))
    spare = _brief_fillers(language) if best.label == "brief" else _fillers(language, days=mark or best.label != "last")
    rest = _rest(words, hits, spare)
    standings = _named(said, language, rep, crm)
    names = {at for standing in standings for at in _covered(words, standing, said)}
    accounts = tuple(dict.fromkeys(crm.accounts[standing.account].id for standing in standings))
    left = [at for at in rest if at not in names]
    if accounts:
        return Asked(best.label, accounts) if len(left) <= (2 if mark else 0) else None
    if not left:
        return Asked(best.label) if best.label in OWN else None
    if mark and len(left) <= UNKNOWN and left == list(range(left[0], left[-1] + 1)):
        return Asked(best.label, unknown=said[words[left[0]].start : words[left[-1]].end])
    return None


def _width(hit: Hit) -> int:
    """Words that a phrase is made of, its gaps left out."""
    return sum(piece != "..." for piece in hit.phrase.split())


def _rest(words: Sequence[Word], hits: Sequence[Hit], fillers: frozenset[str]) -> list[int]:
    """The words that are neither part of asking nor say nothing; those in the gap of a phrase are looked at too."""
    asking = {at for hit in hits if "..." not in hit.phrase for at in range(hit.first, hit.last + 1)}
    asking |= {at for hit in hits for at in (hit.first, hit.last)}
    return [at for at, word in enumerate(words) if at not in asking and word.text not in fillers]


@cache
def _fillers(language: str, *, days: bool) -> frozenset[str]:
    known = table(language, "asking").get("fillers", {})
    listed = [*known.get("words", ()), *(known.get("days", ()) if days else ())]
    return frozenset(fold(word, language) for word in listed)


@cache
def _brief_fillers(language: str) -> frozenset[str]:
    """What says nothing beside a name where a brief is asked for: "brief visit at Acme" is a report."""
    return frozenset(fold(word, language) for word in table(language, "asking").get("fillers", {}).get("brief", ()))


def _named(said: str, language: str, rep: str, crm: Crm) -> list[Standing]:
    """The accounts that are named: the one that is meant, or all between which nobody can tell."""
    tokens = tuple(literals.words(said))
    standings = weigh(tokens, said, Context(matcher_of(crm), language, rep, emails=literals.emails(said)))
    choice = choose(standings)
    meant = [choice.account] if choice.account is not None else list(choice.candidates)
    by_account = {standing.account: standing for standing in standings}
    return [by_account[account] for account in meant if account in by_account]


def _covered(words: Sequence[Word], standing: Standing, said: str) -> set[int]:
    """The words that name an account or somebody there."""
    tokens: Sequence[Token] = tuple(literals.words(said))
    met = set(standing.mention.met) if standing.mention else set()
    for person in standing.people:
        met |= set(range(person.first, person.last + 1))
    spans = [(tokens[at].start, tokens[at].end) for at in met if at < len(tokens)]
    return {at for at, word in enumerate(words) if any(start < word.end and word.start < end for start, end in spans)}
