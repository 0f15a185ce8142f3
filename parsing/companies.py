"""A customer whom the Crm does not know: the stretch of words that looks most like a company's name."""

# ruff: noqa: PLR2004 - points are read best where they are weighed

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from parsing import literals
from parsing.inflection import bases
from parsing.people import PARTICLES, nicknames
from parsing.recognizer import guesses
from parsing.roles import find_roles
from parsing.surroundings import cue_before, rival_near, starts_line, starts_sentence
from parsing.text import Token, fold
from parsing.vocabulary import SHORT_WORDS, commonness, is_contraction, is_trade, legal_forms
from parsing.words import frequency, given_names, surnames, table, towns

ENOUGH = 4.6
"""Points that make a stretch of words a new customer's name."""
MODEL_SURE = 0.6
"""The least probability of a name that the model alone sees; how it was chosen: docs/model-card.md."""
MODEL_TRADE = 0.5
"""The same where one of its words says a trade and another is no trade: "hotel de gouden zwaan"."""
_ARTICLES = frozenset({"de", "het", "the", "t", "der", "den"})
_LINKS = frozenset(table("names", "lists")["links"])
"""Small words inside of a company's name."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company's name at tokens ``first`` to ``last``, as a person would write it."""

    first: int
    last: int
    name: str
    points: float


@cache
def _new_cues(language: str) -> frozenset[str]:
    return frozenset(fold(cue) for one in {language, "en"} for cue in table(one, "companies")["cues"]["new"])


def find_company(
    words: Sequence[Token], text: str, language: str, blocked: frozenset[int], people: Sequence[tuple[int, int]]
) -> Company | None:
    """The likeliest new customer's name outside of ``blocked`` tokens; ``people`` are the tokens of new people."""
    found = company_by_rules(words, text, language, blocked, people)
    return found if found is not None else _company_by_model(words, text, language, blocked, people)


def _company_by_model(
    words: Sequence[Token], text: str, language: str, blocked: frozenset[int], people: Sequence[tuple[int, int]]
) -> Company | None:
    """The customer's name that the model is surest of, where no rule found one: "theehuis de pauw nam twee dozen"."""
    taken = blocked | {at for first, last in people for at in range(first, last + 1)}
    found = [
        guess
        for guess in guesses(words, text, language)
        if guess.label == "ORG"
        and guess.sure >= _needed(words[guess.first : guess.last + 1], language)
        and not any(at in taken for at in range(guess.first, guess.last + 1))
        and not rival_near(words, guess.first, guess.last, language)
        and not _in_town(words[guess.last], language)
    ]
    best = max(found, key=lambda guess: guess.sure, default=None)
    if best is None:
        return None
    return Company(best.first, best.last, _name(words, text, best.first, best.last, language), ENOUGH)


def _needed(run: Sequence[Token], language: str) -> float:
    """How sure the model has to be of a run; more than it can be where the words alone speak against a name."""
    plain = [word for word in run if word.key not in legal_forms() and word.key not in SHORT_WORDS]
    if (
        not plain
        or any(is_contraction(word.text) for word in run)
        or _is_first_name(run[0])
        or run[0].key in SHORT_WORDS - _ARTICLES
    ):
        return 2.0
    trade = any(is_trade(word.key) for word in plain)
    if trade and len(run) > 1 and not all(is_trade(word.key) for word in plain):
        everyday = [
            word for word in plain if not is_trade(word.key) and frequency(language).get(fold(word.text), 0) > 5
        ]
        return 2.0 if everyday else MODEL_TRADE
    rare = all(commonness(fold(word.text)) < 3.0 and fold(word.text) not in towns() for word in plain)
    return MODEL_SURE if rare and len(plain) > 1 else 2.0


def _is_first_name(word: Token) -> bool:
    return fold(word.text) in given_names() or word.key in nicknames()


def _in_town(word: Token, language: str) -> bool:
    """Whether a name would end with a Finnish town in a case: "kahvit Tampereella" is where, not who."""
    return fold(word.text) not in towns() and any(base in towns() for base in bases(word.key, language))


def company_by_rules(
    words: Sequence[Token], text: str, language: str, blocked: frozenset[int], people: Sequence[tuple[int, int]]
) -> Company | None:
    """The stretch of words with the most points of a new customer's name, if it has enough."""
    persons = {at for first, last in people for at in range(first, last + 1)}
    families = {fold(words[last].text) for _, last in people}
    best: Company | None = None
    for first, last in _runs(words, text, blocked, persons):
        low, high = _trimmed(words, text, first, last, language)
        if low > high:
            continue
        points = _points(words, text, (low, high), language, families)
        if points >= ENOUGH and (best is None or points > best.points + 0.3):
            best = Company(low, high, _name(words, text, low, high, language), points)
    return best


def _runs(words: Sequence[Token], text: str, blocked: frozenset[int], persons: set[int]) -> list[tuple[int, int]]:
    """Stretches of capitalised words, and of words that say a trade, with the small words between them."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        if not _opens(words, text, at, blocked) or at in persons:
            at += 1
            continue
        end = at
        place = at + 1
        while place < len(words) and place not in blocked and place not in persons:
            between = text[words[place - 1].end : words[place].start]
            if not re.fullmatch(r" |-| & | \+ |\. |\.|'| '| \(|\) ?", between):
                break
            before = words[place - 1]
            ended = before.key in legal_forms() and words[place].key not in legal_forms()
            if "." in between and (len(before.text) > 3 or ended):
                break
            word = words[place]
            if word.capital or is_trade(word.key) or word.key in legal_forms() or word.text[:1].isdigit():
                end = place
            elif word.key not in _LINKS or place - end > 2:
                break
            place += 1
        runs.append((at, end))
        at = end + 1
    return runs


def _opens(words: Sequence[Token], text: str, at: int, blocked: frozenset[int]) -> bool:
    word = words[at]
    if at in blocked or len(word.key) < 2 or word.text[:1].isdigit():
        return False
    before, after = text[max(0, word.start - 1) : word.start], text[word.end : word.end + 1]
    if before in {"@", "/", "."} or after in {"@", "/"}:
        return False
    return word.capital or (is_trade(word.key) and len(word.key) > 6)


def _trimmed(words: Sequence[Token], text: str, first: int, last: int, language: str) -> tuple[int, int]:
    """The run without a sentence's first everyday word before the name and what is no part of it at either end."""
    cues = {cue for cue in _new_cues(language) if " " not in cue}
    at_cues = {fold(cue) for cue in table(language, "companies")["cues"]["at"]}
    first = _after_role(words, text, first, last, language)
    while first <= last:
        word = words[first]
        folded = fold(word.text)
        noise = (
            folded in cues
            or (folded in at_cues and not (word.capital and word.key in PARTICLES and first))
            or (word.key in legal_forms() and first < last and len(word.key) < 4)
        )
        noise = noise or (
            starts_sentence(words, text, first)
            and commonness(folded) > 4.2
            and not is_trade(word.key)
            and folded not in surnames()
            and first < last
        )
        noise = noise or (folded in SHORT_WORDS and not word.capital)
        noise = noise or (first < last and bool(_LOCATIVE.search(folded)) and _in_town(word, language))
        if not noise:
            break
        first += 1
    while last >= first and (
        words[last].text[:1].isdigit() or (words[last].key in SHORT_WORDS and not words[last].capital)
    ):
        last -= 1
    if last > first and fold(words[last].text) in towns() and not is_trade(words[last].key):
        between = text[words[last - 1].end : words[last].start]
        if fold(words[last].text) not in surnames() and between in {" ", " ("} and last - first > 1:
            last -= 1
    return first, last


_OF = frozenset({"von", "vom", "der", "van", "de", "het", "bij", "of", "at", "from", "for", "bei", "beim"})


def _after_role(words: Sequence[Token], text: str, first: int, last: int, language: str) -> int:
    """Where the name begins after somebody's role and an "of": "Einkaufsleiter von Kern Kliniken GmbH"."""
    if last - first > 1 and fold(words[first].text) in given_names() and fold(words[first + 1].text) in _OF:
        after = first + 2
        while after < last and fold(words[after].text) in _OF:
            after += 1
        if is_trade(words[after].key):
            return after  # "Yvonne van Bakkerij Zwaluw"
    for role in find_roles(words[first : last + 1], text, language):
        after = first + role.last + 1
        if role.first == 0 and after < last and fold(words[after].text) in _OF:
            while after < last and fold(words[after].text) in _OF:
                after += 1
            return after
    return first


def _points(words: Sequence[Token], text: str, place: tuple[int, int], language: str, families: set[str]) -> float:
    first, last = place
    run = words[first : last + 1]
    keys = [word.key for word in run]
    plain = [word for word in run if word.key not in legal_forms() and word.key not in SHORT_WORDS]
    if not plain:
        return 0.0
    legal = any(key in legal_forms() and len(key) > 1 for key in keys) and len(run) > 1
    points = 4.0 * (legal and run[-1].key in legal_forms()) or 2.0 * legal
    trade = any(is_trade(key) for key in keys)
    points += (2.6 if len(plain) > 1 else 0.8) * trade
    points += 1.0 * (len(plain) > 1)
    points += _around(words, text, first, last, language)
    if any(fold(word.text) in families for word in run):
        points += 2.0
    points += _in_domain(run, text)
    common = [word for word in plain if commonness(fold(word.text)) > 3.8 and fold(word.text) not in surnames()]
    if len(common) == len(plain) and not trade:
        points -= 3.0
    if len(plain) == 1 and commonness(fold(plain[0].text)) > 3.3:
        points -= 2.0
    if all(fold(word.text) in towns() for word in plain) and not trade:
        points -= 4.0
    if len(plain) == 2 and not trade and not legal and _is_first_name(plain[0]):
        points -= 2.5
    if not any(word.capital for word in run) and not legal:
        points -= 0.5
    if any(character.isdigit() for word in run for character in word.text):
        points -= 2.0
    return points


def _around(words: Sequence[Token], text: str, first: int, last: int, language: str) -> float:
    """What the words about the run add: cues of a new customer, of a visit, a town after it; rivals take away."""
    points = 0.0
    if rival_near(words, first, last, language):
        points -= 5.0
    town = first > 0 and _in_town(words[first - 1], language)  # "Poikkesin Mikkelissä Ravintola Kala"
    if cue_before(words, first, language) or (town and cue_before(words, first - 1, language)):
        points += 1.6
    elif starts_line(words, text, first):
        points += 1.4
    lead = fold(text[max(0, words[first].start - 90) : words[first].start])
    trail = fold(text[words[last].end : words[last].end + 70])
    near = re.sub(r"[^\w]+", " ", f" {lead} | {trail} ")
    if any(f" {cue} " in near for cue in _new_cues(language)):
        points += 2.2
    for at in range(last + 1, min(len(words), last + 4)):
        folded = fold(words[at].text)
        if folded in towns() and (words[at].capital or at == last + 2):
            points += 1.5
            break
    return points


def _in_domain(run: Sequence[Token], text: str) -> float:
    """Whether a mail address in the text has a word of the name in its domain."""
    domains = [
        re.sub(r"[^a-z0-9]", "", fold(email.rpartition("@")[2].rpartition(".")[0])) for email in literals.emails(text)
    ]
    held = [
        word
        for word in run
        if len(word.key) > 3 and any(word.key in domain or fold(word.text) in domain for domain in domains)
    ]
    return 3.0 if held else 0.0


_COLON_CASE = re.compile(r":[a-zäö]{1,4}$")
_LOCATIVE = re.compile(r"(?<=[aeiouyäö])(?:ss[aä]|st[aä]|ll[aä]|lle|lt[aä])$")


def base_name(name: str, last: Token, language: str) -> str:
    """A Finnish name without the case of its last word: "Ravintola Kalamajassa" is "Ravintola Kalamaja"."""
    if language != "fi":
        return name
    plain = _COLON_CASE.sub("", name)
    if plain != name or last.key in legal_forms():
        return plain
    head, _, tail = name.rpartition(" ")
    folded = fold(tail)
    if not _LOCATIVE.search(tail) or (frequency("fi").get(folded, 0.0) and folded in surnames()):
        return name
    stem = _LOCATIVE.sub("", tail)
    known = next((base for base in bases(last.key, "fi") if base in frequency("fi") or base in surnames()), "")
    shown = known if known and known[:3] == fold(stem)[:3] and not re.search("[äö]", stem) else stem
    shown = shown.capitalize() if tail[:1].isupper() else shown
    return f"{head} {shown}".strip()


def _name(words: Sequence[Token], text: str, first: int, last: int, language: str) -> str:
    """The name as a person would write it: its own capitals, or one for each word where it has none."""
    shown = base_name(" ".join(text[words[first].start : words[last].end].split()), words[last], language)
    if (
        text[words[last].end : words[last].end + 1] == "."
        and words[last].key in legal_forms()
        and len(words[last].text) < 4
    ):
        shown += "." if words[last].key in {"inc", "co", "ltd"} or "." in shown else ""
    if shown.count("(") > shown.count(")"):
        shown += ")"
    if any(character.isupper() for character in shown):
        return shown[:1].upper() + shown[1:]
    return re.sub(
        r"[^\W\d_]+", lambda word: word.group() if word.group() in _LINKS else word.group().capitalize(), shown
    )
