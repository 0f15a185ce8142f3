"""People whom the Crm does not know: found by titles, first names, addresses and the words around them."""

# ruff: noqa: PLR2004 - lengths are read best where they are weighed

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing import literals
from parsing.changes import heirs_follow
from parsing.designations import is_model
from parsing.inflection import bases
from parsing.model import ContactMention, Found
from parsing.people import PARTICLES, sex_of_title
from parsing.recognizer import Guess, guesses
from parsing.roles import Role, find_roles, role_of
from parsing.text import Token, fold
from parsing.vocabulary import commonness, is_contraction, is_trade, legal_forms
from parsing.words import given_names, surnames, table, towns

MODEL_SURE = 0.8
"""The least probability of a name that the model alone sees; how it was chosen: docs/model-card.md."""
STRANGE_SURE = 0.95
"""The same where no table knows either word of it."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What names are looked for in."""

    words: Sequence[Token]
    text: str
    language: str
    blocked: frozenset[int]
    """Tokens that name something else."""
    roles: frozenset[int]
    """Tokens of roles."""
    locals: frozenset[str]
    """Words before the @ of mail addresses."""
    heirs: frozenset[int]
    """Where phrases end that a successor's name follows: "her successor will be"."""


@dataclass(frozen=True, slots=True)
class Person:
    """A name that the Crm does not know, at tokens ``first`` to ``last``; a surname alone keeps its title."""

    first: int
    last: int
    name: str
    sure: float


def find_persons(
    words: Sequence[Token], text: str, language: str, blocked: frozenset[int], roles: Sequence[Role]
) -> list[Person]:
    """The people named in a text; tokens in ``blocked`` name something else (accounts, known people, colleagues)."""
    found = persons_by_rules(words, text, language, blocked, roles)
    taken = {at for one in found for at in range(one.first, one.last + 1)}
    return sorted((*found, *_persons_by_model(words, text, language, blocked | taken)), key=lambda one: one.first)


def _persons_by_model(words: Sequence[Token], text: str, language: str, blocked: frozenset[int]) -> list[Person]:
    """A first name and what the model is sure is its surname, where no rule spoke: "roos timmer beslist"."""
    found = []
    for guess in guesses(words, text, language):
        places = range(guess.first, guess.last + 1)
        if guess.label != "PER" or guess.sure < MODEL_SURE or len(places) < 2 or any(at in blocked for at in places):
            continue
        first, last = words[guess.first], words[guess.last]
        family = any(form in surnames() for form in (fold(last.text), *bases(last.key, language)))
        if len(first.key) < 3 or not (_known_pair(first, family=family) or _strange_pair(words, guess)):
            continue
        shown = text[first.start : last.end]
        name = _nominative(_capitals(shown) if shown.islower() else shown, language)
        found.append(Person(guess.first, guess.last, name, 0.7 * guess.sure))
    return found


def _known_pair(first: Token, *, family: bool) -> bool:
    """Whether the first word is a first name by the tables, and the last a surname."""
    return family and fold(first.text) in given_names() and commonness(fold(first.text)) <= 5


def _strange_pair(words: Sequence[Token], guess: Guess) -> bool:
    """Whether two words that no table knows, both with a capital of their own, are all but surely a name."""
    run = words[guess.first : guess.last + 1]
    return (
        guess.sure >= STRANGE_SURE
        and len(run) == 2
        and all(word.text[:1].isupper() and not word.text.isupper() and len(word.key) > 2 for word in run)
        and all(commonness(fold(word.text)) == 0 and not is_trade(word.key) for word in run)
        and fold(run[0].text) not in towns()
    )


def _capitals(name: str) -> str:
    """A name that was typed small as it is written; particles stay small."""
    return re.sub(
        r"[^\W\d_]+(?:['\u2019][a-z]\b)?", lambda word: word[0] if word[0] in PARTICLES else word[0].capitalize(), name
    )


def persons_by_rules(
    words: Sequence[Token], text: str, language: str, blocked: frozenset[int], roles: Sequence[Role]
) -> list[Person]:
    """The people whom titles, tables and the words around them show."""
    ending = {role.last: role for role in roles}
    role_tokens = frozenset(at for role in roles for at in range(role.first, role.last + 1))
    page = _Page(words, text, language, blocked, role_tokens, _local_parts(text), heirs_follow(text, language))
    found: list[Person] = []
    at = 0
    while at < len(words):
        person = None
        if at not in blocked:
            person = _titled(page, at) or _named(page, at) or _given_after_role(words, at, blocked, ending)
        if person is None:
            at += 1
            continue
        found.append(person)
        at = person.last + 1
    return found


def _local_parts(text: str) -> frozenset[str]:
    """The words before the @ of the mail addresses in the text."""
    parts = (part for email in literals.emails(text) for part in re.split(r"[._+-]|\d", email.partition("@")[0]))
    return frozenset(fold(part) for part in parts if len(part) > 2)


def _in_address(words: Sequence[Token], text: str, at: int) -> bool:
    """Whether a token stands inside a mail or web address."""
    before = text[max(0, words[at].start - 1) : words[at].start]
    after = text[words[at].end : words[at].end + 1]
    return before in {"@", "/"} or after in {"@", "/"} or (before in {".", "-", "_"} and after in {".", "-", "_"})


def _near(words: Sequence[Token], left: int, right: int) -> bool:
    """Whether two tokens stand side by side with a space or hyphen between."""
    return 0 <= words[right].start - words[left].end <= 1 and words[left].line == words[right].line


def _family_end(
    words: Sequence[Token], at: int, blocked: frozenset[int], role_tokens: frozenset[int], *, most: int = 2
) -> int | None:
    """The last token of a surname that begins at ``at``: particles, then one or two capitalised words."""
    end = None
    place = at
    while place < len(words) and words[place].key in PARTICLES and place not in blocked and place - at < 3:
        place += 1
        if place < len(words) and words[place].start - words[place - 1].end > 2:
            return None
    taken = 0
    while place < len(words) and taken < most:
        word = words[place]
        if place in blocked or place in role_tokens or not word.capital or len(word.key) < 2:
            break
        if is_contraction(word.text):
            break
        if taken and (not _near(words, place - 1, place) or not _surname_like(word)):
            break
        end = place
        taken += 1
        place += 1
    return end


def _surname_like(word: Token) -> bool:
    folded = fold(word.text)
    return folded in surnames() or (commonness(folded) < 3.3 and not is_trade(word.key) and folded not in towns())


def _titled(page: _Page, at: int) -> Person | None:
    """Title and name: "mevr. Cuypers", "Herrn Dr. Keller", "Mr Patel"."""
    words, text = page.words, page.text
    if sex_of_title(words[at].key) not in {"m", "f"} or (words[at].text == "MS" and page.language != "en"):
        return None  # "MS" is a ship
    if not words[at].capital and len(words[at].key) < 4 and not words[at].dotted:
        return None
    place = at + 1
    while place < len(words) and sex_of_title(words[place].key) and words[place].start - words[place - 1].end <= 2:
        place += 1
    if place >= len(words) or words[place].start - words[place - 1].end > 2 or _is_office(page, place):
        return None
    lower = not words[place].capital and words[place].key not in PARTICLES
    end = _lower_surname(page, place) if lower else _family_end(words, place, page.blocked, page.roles, most=3)
    if end is None:
        return None
    name = text[words[place].start : words[end].end]
    if fold(words[place].text) in given_names() and end > place and words[place].key not in PARTICLES:
        return Person(place, end, name, 0.9)
    title = _base_title(text[words[at].start : words[place].start].strip())
    return Person(at, end, f"{title} {name.title() if lower else name}", 0.85)


_OFFICES = frozenset(table("names", "lists")["offices"])


def _is_office(page: _Page, at: int) -> bool:
    """Whether a word after "Herr", "Frau" says what somebody is, with no name after it: "Doktor", "Kommerzialrat"."""
    word = page.words[at]
    after = page.words[at + 1] if at + 1 < len(page.words) else None
    if after is not None and after.capital and _near(page.words, at, at + 1) and fold(after.text) in surnames():
        return False
    return fold(word.text) in _OFFICES or at in page.roles


def _lower_surname(page: _Page, at: int) -> int | None:
    """After a title a surname may be written small: "herrn janssen"."""
    folded = fold(page.words[at].text)
    return at if folded in surnames() and at not in page.blocked and commonness(folded) <= 5 else None


def _base_title(title: str) -> str:
    """The title in its base form: "beim Herrn Janssen" met "Herr Janssen"."""
    head, _, rest = title.partition(" ")
    base = {"herrn": "Herr", "hrn.": "Hr.", "hrn": "Hr", "herr": "Herr", "frau": "Frau"}.get(head.lower(), head)
    return f"{base} {rest}".strip()


def _named(page: _Page, at: int) -> Person | None:
    """First name and surname, both capitalised: a known first name, a known surname or one that an address shows."""
    words, text = page.words, page.text
    word = words[at]
    if not word.capital or at in page.roles or len(word.key) < 2 or _in_address(words, text, at):
        return None
    after = at + 1
    if after + 1 < len(words) and text[word.end : words[after].start] == "-":
        after += 1  # Karl-Heinz
    if after >= len(words) or not _near(words, at, at + 1) or not _near(words, after - 1, after):
        return None
    if text[word.end : words[at + 1].start] not in {" ", "-"}:
        return None  # "FN:Jo Bly", "Smith/Jones"
    end = _family_end(words, after, page.blocked, page.roles)
    if end is None or _company_like(words, at, end) or (end == after and is_model(text, word.end)):
        return None
    points = _name_points(page, at, end)
    if points < 2.0:
        return None
    shown = _written(text[word.start : words[end].end])
    return Person(at, end, _nominative(shown, page.language), min(0.95, 0.6 + 0.08 * points))


def _written(name: str) -> str:
    """A name as it is written with care: with capitals where it was typed without any."""
    if any(character.isupper() for character in name):
        return name
    return _capitals(name)


def _company_like(words: Sequence[Token], at: int, end: int) -> bool:
    """Whether legal forms or words of trade make a pair of words a company."""
    legal = legal_forms()
    after = words[end + 1] if end + 1 < len(words) else None
    if after is not None and _near(words, end, end + 1) and after.key in legal and after.capital:
        return True
    known = fold(words[at].text) in given_names() and end == at + 1
    if end > at + 1 and any(is_trade(words[place].key) for place in range(at + 1, end)):
        return True
    return is_trade(words[end].key) or words[at].key in legal or (words[end].key in legal and not known)


def _name_points(page: _Page, at: int, end: int) -> float:
    """How much two words look like first name and surname; from 2 on they are taken for one."""
    words = page.words
    given, family = fold(words[at].text), fold(words[end].text)
    forms = (family, *bases(words[end].key, page.language))
    points = 2.0 * (given in given_names()) + 1.2 * any(form in surnames() for form in forms)
    points += 2.0 * (family in page.locals) + 1.0 * (given in page.locals)
    points -= 1.5 * (commonness(family) > 4.4 and family not in surnames())
    points -= 1.5 * (given in towns() and given not in given_names())
    points -= 1.0 * (commonness(given) > 5.2 and given not in page.locals)
    points -= 2.0 * (given not in given_names() and is_trade(words[at].key))
    led = any(0 <= words[at].start - place <= 2 for place in page.heirs) and given not in towns()
    points += 1.0 * (at - 1 in page.roles and page.text[words[at - 1].end : words[at].start] == " ")  # "QA lead Jo Bly"
    return points + max(_introduced(words, page.text, at), 2.0 * led) + _described(page, end)


_BESIDE = re.compile(r"\s?(?:[,(–-]\s?)?(?:[a-zäöü.]{2,5}:?\s)?\(?(?:\+|00|0\d)[\d ().\-/]{6,}")  # noqa: RUF001


def _described(page: _Page, end: int) -> float:
    """A point where a role or a number stands right after two words: "Jo Bly (owner)", "Jo Bly, 0161 496 0000"."""
    words, text = page.words, page.text
    after = words[end + 1] if end + 1 < len(words) else None
    between = text[words[end].end : after.start] if after is not None else "."
    if end + 1 in page.roles and re.fullmatch(r"\s?[,(–-]?\s?", between):  # noqa: RUF001
        return 1.0
    return 1.0 if _BESIDE.match(text, words[end].end) else 0.0


_LED = re.compile(
    r"(?:gesproken met|gesprek met|sprak met|ontmoet|contactpersoon:?|ene|met|gesprochen mit|gespräch mit|getroffen|"
    r"ansprechpartner(?:in)?:?|kontakt:|ein gewisser|eine gewisse|tapasin|yhteyshenkilö:?|"
    r"spoke to|spoke with|spoken to|talked to|sat down with|met with|met|saw|contact:?|contact is)\s+$",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:heißt|heisst|heet|genaamd|nimeltä|nimi on|called|named|name is|namens|namens)\s+$", re.IGNORECASE
)


def _introduced(words: Sequence[Token], text: str, at: int) -> float:
    """Points for words before a name that lead to one: "spoke to", "heißt"."""
    before = text[max(0, words[at].start - 24) : words[at].start]
    return 2.0 if _CALLED.search(before) else 1.2 if _LED.search(before) else 0.0


def _nominative(name: str, language: str) -> str:
    """A Finnish name without its case ending, where that gives a known surname: "Pirjo Ekin" stays as it is unknown."""
    if language != "fi":
        return re.sub(r"['’]s$", "", name)  # noqa: RUF001
    head, _, last = name.rpartition(" ")
    if fold(last) in surnames():
        return name
    for base in bases(fold(last), "fi"):
        if base in surnames() and len(base) > 3:
            shown = last[: len(base)] if fold(last).startswith(base) else base.title()
            return f"{head} {shown}".strip()
    return name


def _given_after_role(
    words: Sequence[Token], at: int, blocked: frozenset[int], ending: dict[int, Role]
) -> Person | None:
    """A role and a first name: "neu Azubi Lars"."""
    word = words[at]
    before = ending.get(at - 1)
    if before is None or not word.capital or at in blocked or not _near(words, at - 1, at):
        return None
    if fold(word.text) in towns() or fold(word.text) not in given_names() or commonness(fold(word.text)) > 5.5:
        return None
    return Person(at, at, word.text, 0.7)


_HEIRS = frozenset(fold(word) for word in table("names", "lists")["heirs"])
"""Words for who follows somebody, which say nothing of what the person does."""
_TITLE = re.compile(r"^TITLE(?:;[^:\n]*)?:(?P<title>[^\n]{2,80})$", re.MULTILINE)  # RFC 6350 6.6.1


def details(
    persons: Sequence[Person],
    words: Sequence[Token],
    text: str,
    language: str,
    others: Sequence[tuple[int, int]],
) -> list[Found[ContactMention]]:
    """The persons with their role, address and number, each taken from beside the name and given to one person only."""
    roles = find_roles(words, text, language)
    places = sorted({*((one.first, one.last) for one in persons), *others})
    emails = literals.email_spans(text)
    phones = literals.phone_spans(text)
    title = _TITLE.search(text) if "BEGIN:VCARD" in text else None
    found = []
    for person in persons:
        start, end = words[person.first].start, words[person.last].end
        beside = [place for place in places if place != (person.first, person.last)]
        after = min((words[first].start for first, _ in beside if words[first].start > end), default=len(text))
        role = role_of(roles, words, text, (person.first, person.last), beside)
        email = _email_for(person, text, emails, end, after)
        said = title["title"].strip() if title else role.text if role and fold(role.text) not in _HEIRS else None
        phone = next((text[low:high] for low, high in phones if end <= low < min(after, end + 160)), None)
        phone = phone or literals.spoken_phone(text[end : min(after, end + 240)], language)
        found.append(
            Found(
                ContactMention(name=person.name, role=said, email=email, phone=phone),
                start,
                end,
                "text",
                person.sure,
                "a new name",
                cue="new name" if len(person.name.split()) > 1 else "new short name",
            )
        )
    return found


def _email_for(person: Person, text: str, spans: Sequence[tuple[int, int]], end: int, after: int) -> str | None:
    """The address that holds a word of the name, else the one right after it."""
    parts = [fold(part) for part in re.findall(r"\w{3,}", person.name)]
    for low, high in spans:
        local = fold(text[low:high].partition("@")[0])
        if any(part in local for part in parts):
            return text[low:high].lower()
    return next((text[low:high].lower() for low, high in spans if end <= low < min(after, end + 120)), None)
