"""Which account a message is about: names, people, addresses, towns and cues weighed for each account they point at."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsing.directory import FREE_MAIL
from parsing.inflection import bases
from parsing.linking import Matcher, Mention
from parsing.model import KnownAccount
from parsing.people import Met, known_people, nicknames, sex_of_title
from parsing.surroundings import cue_before, rival_near, starts_line, starts_sentence, town_at
from parsing.text import Token, fold, tokens
from parsing.vocabulary import commonness, is_trade, legal_forms
from parsing.words import given_names, surnames, table, towns

ENOUGH = 6.0
"""Points that make a link: a full name has 10, a distinguishing word about 8, a contact's full name 8."""
LIKELIEST = 25
"""Accounts whose people are looked for in the text."""
FEW = 3
"""A first name or surname alone points at an account only where no more contacts than these bear it."""


@dataclass(slots=True)
class Standing:
    """One account with what speaks for it in a stretch of text."""

    account: int
    score: float = 0.0
    mention: Mention | None = None
    people: list[Met] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    named: float = 0.0
    """The part of the score that its name gave."""

    def add(self, points: float, why: str) -> None:
        """One more reason."""
        self.score += points
        self.why.append(why)


@dataclass(frozen=True, slots=True)
class Context:
    """What all finders of names are asked with."""

    matcher: Matcher
    language: str
    rep: str
    dates: tuple[tuple[int, int], ...] = ()
    """Stretches of the text that are dates and times."""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


def weigh(
    words: Sequence[Token], text: str, context: Context, found: Sequence[Mention] | None = None
) -> list[Standing]:
    """Every account that something in the text points at, best first; ``found`` are its mentions where known."""
    matcher = context.matcher
    mentions: dict[int, list[Mention]] = defaultdict(list)
    for mention in matcher.mentions(words, context.language) if found is None else found:
        mentions[mention.account].append(mention)
    points = {
        account: max(((_name_points(one, words, text, context), one) for one in some), key=lambda pair: pair[0])
        for account, some in mentions.items()
    }
    _less_than_longer(points)
    standings = {
        account: Standing(account, best, mention, [], ["named" if mention.full else "named in part"], best)
        for account, (best, mention) in points.items()
        if best > 0
    }
    if len(standings) > 60:
        kept = sorted(standings.values(), key=lambda one: -one.score)[:60]
        standings = {one.account: one for one in kept}
    _weigh_people(standings, words, context)
    _weigh_addresses(standings, context)
    for standing in standings.values():
        _weigh_town(standing, matcher.crm.accounts[standing.account], words, context.language)
        if matcher.crm.accounts[standing.account].owner == context.rep:
            standing.score += 0.4
    _towns_tell(standings.values())
    return sorted(standings.values(), key=lambda one: -one.score)


def _less_than_longer(points: dict[int, tuple[float, Mention]]) -> None:
    """Takes points off names within a longer one that is there in full: "Moore" is not meant by "Moore Dairies"."""
    full = [one for _, one in points.values() if one.full and len(one.met) > 1]
    for account, (best, mention) in points.items():
        if any(mention.met < longer.met for longer in full):
            points[account] = (best - 2.0, mention)


def _name_points(mention: Mention, words: Sequence[Token], text: str, context: Context) -> float:
    """What naming an account so is worth: 10 for its full name at a place where customers stand."""
    language = context.language
    cover = min(1.0, mention.cover / 0.93)
    points = 10.0 * mention.likeness**2 * (0.62 + 0.38 * cover) * mention.core ** (1 if mention.own else 2)
    if mention.typo:
        points -= 1.0
    cue = cue_before(words, mention.first, language)
    start = starts_line(words, text, mention.first)
    points += 1.2 if cue else 0.8 if start else 0.0
    points -= 0.004 * min(mention.first, 150)
    if rival_near(words, mention.first, mention.last, language):
        points -= 6.0
    if len(mention.met) == 1:
        points -= _everyday(words, text, mention, context, cue=cue)
        points -= 4.0 * _family_of(words, mention, context)
    return points - conflict(mention, words, text, context)


def _family_of(words: Sequence[Token], mention: Mention, context: Context) -> bool:
    """Whether the only word that was met is the surname of somebody: "Jan" before "Verhulst"."""
    if not mention.first or mention.full:
        return False
    before, word = words[mention.first - 1], words[mention.first]
    folded = fold(before.text)
    return (
        word.start - before.end == 1
        and before.capital
        and folded in given_names()
        and commonness(folded) < 4.8
        and folded not in towns()
        and fold(word.text) in surnames()
        and not cue_before(words, mention.first, context.language)
    )


def _everyday(words: Sequence[Token], text: str, mention: Mention, context: Context, *, cue: bool) -> float:
    """What is taken off where the word that was met is one of everyday, or a date."""
    word = words[mention.first]
    near = fold(words[mention.first - 1].text) if mention.first else ""
    locative = near in {"bij", "beim", "bei", "at", "langs", "visited"}
    if any(start < word.end and word.start < end for start, end in context.dates):
        return 1.0 if locative and (word.capital or mention.full) else 9.0
    folded = fold(word.text)
    everyday = commonness(folded) >= 4.6 and not word.capital
    if folded in given_names() and folded not in surnames() and not cue and not mention.full and not everyday:
        return 2.0
    if commonness(folded) < 4.0 or (folded in surnames() and word.capital):
        return 0.0
    shown = word.capital and context.language != "de" and not starts_sentence(words, text, mention.first)
    if shown or cue:
        return 0.0 if commonness(folded) < 5.3 else 3.0
    return 4.0 if word.capital else 6.0


_ACTIVITIES = frozenset(table("names", "lists")["activities"])


def conflict(mention: Mention, words: Sequence[Token], text: str, context: Context) -> float:
    """What is taken off where words beside the name make it another's: "Jansen Groenten" is not "Jansen Vlees"."""
    account = context.matcher.crm.accounts[mention.account]
    own = {token.key for name in (account.name, *account.aliases, account.industry or "") for token in tokens(name)}
    for at, beside in ((mention.first - 1, mention.first), (mention.last + 1, mention.last)):
        if not 0 <= at < len(words) or at in mention.met:
            continue
        gap = abs(words[max(at, beside)].start - words[min(at, beside)].end)
        word = words[at]
        if gap != 1 or word.key in own or any(base in own for base in bases(word.key, context.language)):
            continue
        between = text[words[min(at, beside)].end : words[max(at, beside)].start]
        if between not in {" ", "-"} or any(_alike(word.key, key) for key in own):
            continue
        if word.key in legal_forms() and len(word.key) > 1 and word.capital and not mention.full:
            return 2.5
        forms = (word.key, *(bases(word.key, "fi") if context.language == "fi" else ()))
        named = word.key not in _ACTIVITIES or (at > beside and word.capital and _goes_on(words, at))
        if any(map(is_trade, forms)) and named and (word.capital or at < beside or between == "-" or len(forms) > 1):
            if mention.full:
                return 2.5
            return 6.0 if at > beside and _goes_on(words, at) else 4.5
        if between == "-" and at > beside and word.capital and not mention.full:
            return 2.5
    return 0.0


def _goes_on(words: Sequence[Token], at: int) -> bool:
    """Whether a legal form follows a word, so that it is part of a company's name: "Jansen Transport BV"."""
    after = words[at + 1] if at + 1 < len(words) and words[at + 1].start - words[at].end == 1 else None
    return after is not None and after.key in legal_forms() and len(after.key) > 1


def _alike(one: str, other: str) -> bool:
    """Whether two words of business share their stem: "koek" and "koekfabriek"."""
    short, long = sorted((one, other), key=len)
    return len(short) > 3 and (long.startswith(short[:5]) or short in long)


def _weigh_people(standings: dict[int, Standing], words: Sequence[Token], context: Context) -> None:
    """People of the accounts that are named, and accounts of people who are named in full."""
    matcher = context.matcher
    people = matcher.people
    named = [
        one for one in _named_in_full(words, context) if not rival_near(words, one.first, one.last, context.language)
    ]
    told = any(one.mention is not None and one.mention.full and one.score > ENOUGH for one in standings.values())
    for one in named:
        for account in people.accounts_of[one.contact]:
            standing = standings.setdefault(account, Standing(account))
            standing.people.append(one)
            known = standing.mention is not None and standing.score > 0 and (standing.mention.full or told)
            standing.add(4.5 if known else 8.0, f"{matcher.crm.contacts[one.contact].name} works there")
    spans = {(one.first, one.last) for one in named}
    taken_by_person = {at for first, last in spans for at in range(first, last + 1)}
    for standing in standings.values():
        mention = standing.mention
        if mention is None or not mention.met <= taken_by_person:
            continue
        if any(one.contact in people.of_account.get(standing.account, ()) for one in standing.people):
            standing.score = min(standing.score, 9.0)
        else:
            standing.add(-6.0, "but that is a person")
    named_so = [one for one in standings.values() if one.mention is not None and one.score > 1]
    for standing in sorted(named_so, key=lambda one: -one.score)[:LIKELIEST]:
        if standing.mention is None:
            continue
        taken = standing.mention.met
        contacts = [(index, matcher.crm.contacts[index]) for index in people.of_account.get(standing.account, ())]
        weak = [
            one
            for one in known_people(words, context.language, contacts, taken)
            if not (one.given and one.family)
            and not any(at in taken_by_person for at in range(one.first, one.last + 1))
        ]
        for one in {met.contact: met for met in weak}.values():
            standing.add(1.2 * one.weight, f"{matcher.crm.contacts[one.contact].name} works there")
        standing.people += weak
    if not any(_settled(standing) for standing in standings.values()):
        _weigh_rare(standings, words, context)


def _settled(standing: Standing) -> bool:
    """Whether an account is named so surely that no first name alone can point at another."""
    mention = standing.mention
    return standing.score > ENOUGH and (mention is None or mention.full or bool(standing.people))


def _named_in_full(words: Sequence[Token], context: Context) -> list[Met]:
    """Contacts of any account whose first name and surname stand side by side."""
    people = context.matcher.people
    keys = [(word.key, *bases(word.key, context.language)) for word in words]
    held = [{index for key in some for index in people.by_word.get(key, ())} for some in keys]
    near: set[int] = set()
    for at, here in enumerate(held):
        if here:
            for other in held[at + 1 : at + 5]:
                near |= here & other
    if not near:
        return []
    contacts = [(index, context.matcher.crm.contacts[index]) for index in sorted(near)]
    return [one for one in known_people(words, context.language, contacts, frozenset()) if one.given and one.family]


def _weigh_rare(standings: dict[int, Standing], words: Sequence[Token], context: Context) -> None:
    """Where no account is named: first names and surnames that hardly anybody else in the Crm bears."""
    people, crm = context.matcher.people, context.matcher.crm
    rare: set[int] = set()
    for word in words:
        if not word.capital or any(start < word.end and word.start < end for start, end in context.dates):
            continue
        forms = (word.key, *bases(word.key, context.language))
        for key in {*forms, *(full for form in forms for full in nicknames().get(form, ()))}:
            bearers = people.by_word.get(key, ())
            if 0 < len(bearers) <= FEW and len(key) > 2:
                rare.update(bearers)
    contacts = [(index, crm.contacts[index]) for index in sorted(rare)]
    named = {at for one in standings.values() if one.mention and one.score > 1 for at in one.mention.met}
    for one in known_people(words, context.language, contacts, frozenset()):
        if (one.given and one.family) or one.last in named:
            continue
        word = words[one.last]
        titled = bool(one.first < one.last and sex_of_title(words[one.first].key))
        if not titled and commonness(fold(word.text)) > 4.6 and fold(word.text) not in given_names():
            continue
        alone = _stands_alone(words, one, context)
        for account in people.accounts_of[one.contact]:
            standing = standings.setdefault(account, Standing(account))
            if all(other.contact != one.contact for other in standing.people):
                own = crm.accounts[account].owner == context.rep
                standing.people.append(one)
                points = (4.5 if alone else 2.8) if own else 1.2
                standing.add(points * one.weight, f"{crm.contacts[one.contact].name} works there")


def _stands_alone(words: Sequence[Token], one: Met, context: Context) -> bool:
    """Whether a first name is all that is said of the person, so that it is one of the rep's own whom they mean."""
    if not one.given or one.family or one.weight < 1.2:
        return False
    if words[one.first].key in context.matcher.colleagues:
        return False
    after = words[one.last + 1] if one.last + 1 < len(words) else None
    if after is None or not after.capital or after.start - words[one.last].end != 1:
        return True
    folded = fold(after.text)
    return folded in towns() or commonness(folded) > 3.6


def _weigh_addresses(standings: dict[int, Standing], context: Context) -> None:
    """Accounts whose people have the mail addresses and numbers that the text shows."""
    people = context.matcher.people
    for email in dict.fromkeys(context.emails):
        domain = email.rpartition("@")[2]
        known = people.by_email.get(email, ())
        accounts = {account for index in known for account in people.accounts_of[index]}
        if not accounts and domain not in FREE_MAIL:
            accounts = set(people.by_domain.get(domain, ()))
        for account in accounts:
            points = 9.0 if len(accounts) == 1 else 6.0
            standings.setdefault(account, Standing(account)).add(points, f"{email} is of theirs")
    for phone in dict.fromkeys(context.phones):
        for index in people.by_phone.get(phone[-8:], ()):
            for account in people.accounts_of[index]:
                standings.setdefault(account, Standing(account)).add(6.0, "the phone number is of theirs")


def _weigh_town(standing: Standing, account: KnownAccount, words: Sequence[Token], language: str) -> None:
    """The account's town beside its name says that this branch is meant."""
    if not account.city:
        return
    at = town_at(words, account.city, language)
    mention = standing.mention
    if at is None:
        if mention is not None and not mention.full and not standing.people:
            points = _elsewhere(words, mention, language)
            if points:
                standing.add(-points, "but in another town")
        return
    if mention and at in mention.met and mention.full:
        standing.add(0.6, f"in {account.city}")
        return
    near = mention is not None and min(abs(at - mention.first), abs(at - mention.last)) <= 6
    standing.add(3.0 if near else 2.0, f"in {account.city}")


def _towns_tell(standings: Iterable[Standing]) -> None:
    """Takes points off an account whose town is not named beside one of the same words whose town is."""
    there = [one for one in standings if one.mention and any(why.startswith("in ") for why in one.why)]
    for standing in standings:
        mention = standing.mention
        if mention is None or standing in there:
            continue
        if any(one.mention is not None and one.mention.met & mention.met for one in there):
            standing.add(-2.0, "but in another town")


_IN = frozenset(table("names", "lists")["in_town"])


def _elsewhere(words: Sequence[Token], mention: Mention, language: str) -> float:
    """Points against an account where another town follows the part of its name that was met: "the kennels in York"."""
    at = mention.last + 1
    while at < min(len(words), mention.last + 3) and words[at].capital and is_trade(words[at].key):
        at += 1  # "Jansen Bouw in Leiden"
    against = 3.0 if at == mention.last + 1 else 5.5
    if at < len(words) and fold(words[at].text) in _IN:
        at += 1
    elif language != "fi":
        return 0.0
    if at >= len(words) or words[at].start - words[at - 1].end > 2 or len(words[at].key) < 4:
        return 0.0
    forms = (fold(words[at].text), *(bases(words[at].key, language) if language == "fi" else ()))
    there = words[at].capital and any(form in towns() for form in forms) and commonness(forms[0]) < 5.0
    return against if there else 0.0
