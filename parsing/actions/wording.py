"""The words of an action: what its unit says, without its date, its speaker and its small talk."""

import re

from parsing.actions.lexicon import Promises, words
from parsing.actions.signs import own_verb_at
from parsing.actions.units import Unit
from parsing.text import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")  # noqa: RUF001
_LAST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*\Z")  # noqa: RUF001
_EDGES = " \t\n.,;:!?-–—•*()>=→➡|_\"'/+&"  # noqa: RUF001


def wording(
    unit: Unit, promises: Promises, hidden: list[tuple[int, int]], *, wished: bool = False, given: bool = False
) -> str:
    """The unit's own words in order; ``hidden`` are spans of the whole text that are no part of the action.

    Of a wish ("they want a quote …", ``wished``) what is wished for is the action, and of "he'll have the quote"
    (``given``) what he will have.
    """
    spans = unit.dated + hidden
    kept = _without(unit.text, unit.start, spans)
    if promises.language == "en":
        kept = _from_me(kept, promises)
    if wished:
        kept = _wished_for(kept, promises)
    if given:
        kept = promises.receives.without(kept)
    kept = _without_modal(kept, promises)
    kept = _infinitive(kept, promises)
    return trimmed(kept, promises)


def _wished_for(text: str, promises: Promises) -> str:
    """What follows the wish, if goods do."""
    folded = fold(text).replace("’", "'")  # noqa: RUF001
    found = promises.wishes.search(folded)
    if found is None or promises.goods.first(words(text[found[1] :])) is None:
        return text
    return text[found[1] :]


_MODALS = {
    "nl": r"(?:moet|moeten|zal|zullen|ga|gaan|mag|dien|wil) (?:ik|we|wij|'k)(?: nog)?",
    "de": r"(?:muss|müssen|soll|sollen|werde|werden|will|wollen|möchte|darf|hab|habe|muas|mues)"
    " (?:ich|wir|i|mer)(?: noch)?",
}


def _without_modal(text: str, promises: Promises) -> str:
    """As in "Höhe muss ich noch klären" without "muss ich noch"."""
    pattern = _MODALS.get(promises.language)
    return " ".join(re.sub(rf"(?i)(?<!\w){pattern}(?!\w)", " ", text).split()) if pattern else text


def _from_me(text: str, promises: Promises) -> str:
    """What follows "I'm gonna", "I need to", where the rep talked on without a stop."""
    folded = fold(text).replace("’", "'")  # noqa: RUF001
    match = re.search(
        r"(?<!\w)(?:i'll|i'm|i need|i've to|i have to|i've got|i must|i will|i should|i owe|we'll|need to)(?!\w)",
        folded,
    )
    return text[match.start() :] if match and match.start() and promises.before.at(folded, match.start()) else text


def _without(text: str, offset: int, spans: list[tuple[int, int]]) -> str:
    """The text without the spans."""
    pieces = []
    at = 0
    for start, end in sorted((max(0, start - offset), max(0, end - offset)) for start, end in spans):
        if start >= len(text):
            break
        if end <= at:
            continue
        pieces.append(text[at : max(at, start)].rstrip(_EDGES))
        at = max(at, end)
    pieces.append(text[at:].lstrip(" ,.:;-)"))
    return " ".join(" ".join(part for part in pieces if part.strip(_EDGES)).split())


def _shorn(text: str, promises: Promises) -> str:
    """Text without the prepositions at its end."""
    text = text.rstrip(_EDGES)
    while (match := _LAST_WORD.search(text)) and promises.after.has(fold(match[0])):
        text = text[: match.start()].rstrip(_EDGES)
    return text


def trimmed(text: str, promises: Promises) -> str:
    """Text without small talk at either end."""
    text = text.strip(_EDGES)
    for _ in range(8):
        folded = fold(text).replace("’", "'")  # noqa: RUF001
        size = promises.before.at(folded, 0)
        if not size or size >= len(text):
            break
        text = text[size:].lstrip(_EDGES)
    return _shorn(text, promises)


_QUESTIONS = frozenset({"of", "ob", "dat", "dass", "wat", "was", "wie", "hoe", "wanneer", "wann", "waar", "wo"})


def _infinitive(text: str, promises: Promises) -> str:
    """As in "ik stuur samples" as a list of things to do has it: "samples sturen"; only in Dutch and German."""
    if promises.language not in ("nl", "de"):
        return text
    said = list(_WORD.finditer(text))
    folded = [fold(match[0]) for match in said]
    at = own_verb_at(folded, promises, plural=True)
    if at is None:
        return text
    infinitive = promises.verb(folded[at]) or folded[at]
    last = len(said) - 1
    cut = [said[at].span()]
    cut += [said[i].span() for i, word in enumerate(folded) if promises.own.has(word) and abs(i - at) == 1]
    parted = [i for i in range(at + 1, last) if folded[i + 1] in _QUESTIONS or promises.toward.has(folded[i + 1])]
    particle = next((i for i in (last, *parted) if at < i <= last and folded[i] in promises.prefixes), None)
    if particle is not None:
        infinitive = folded[particle] + infinitive
        cut.append(said[particle].span())
    for start, end in sorted(cut, reverse=True):
        text = text[:start] + text[end:]
    return " ".join(f"{text.strip(_EDGES)} {infinitive}".split())


def empty(text: str, promises: Promises) -> bool:
    """Whether an action's words name nothing: "sturen", "die bezorgen", "laitan"."""
    return not any(_names_something(word, promises) for word in words(text))


def _names_something(word: str, promises: Promises) -> bool:
    if word in promises.obligation.single:
        return False
    lists = (promises.vague, promises.before, promises.after, promises.pronouns, promises.third)
    if word in promises.infinitive and promises.language != "en":
        return False
    if promises.goods.has(word) and not promises.vague.has(word):
        return True
    return not any(one.has(word) for one in lists) and promises.verb(word) is None and word not in promises.infinitive
