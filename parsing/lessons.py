"""Which account a text is about when corrections are minded: they settle what is open, never what is certain."""

# ruff: noqa: PLR2004 - lengths and points are read best where they are weighed

from collections.abc import Collection, Sequence

from parsing.accounts import ENOUGH, Context, Standing, conflict, weigh
from parsing.choosing import Choice, choose
from parsing.companies import company_by_rules, find_company
from parsing.inflection import bases
from parsing.linking import Mention, account_words
from parsing.names import find_persons
from parsing.people import EVERYDAY, PARTICLES, Met, known_people, read_name, sex_of_title
from parsing.places import is_town
from parsing.roles import find_roles
from parsing.surroundings import cue_before, rival_near, starts_line, starts_sentence, town_at
from parsing.taught import CONFIDENCE, Recalled, why
from parsing.text import Token, fold, tokens
from parsing.vocabulary import SHORT_WORDS, commonness, is_trade
from parsing.words import frequency, given_names, surnames

POINTS = 9.0
"""What a lesson is worth beside other names of the text: a little less than a full name."""
SHORT = 2.5
"""How surely a short name that was taught names its person: less than a full name's 4."""
NEW_FOR_SURE = 6.5
"""Points of a new customer's name that outweigh a first name and the town."""
NEAR = 6
"""Words between a name and a town that is said of it."""


def decide(words: Sequence[Token], text: str, context: Context, found: Sequence[Mention] | None = None) -> Choice:
    """The account that the text is about, as `choose` has it and as corrections taught."""
    standings = weigh(words, text, context, found)
    choice = _unless_new(choose(standings), words, text, context)
    matcher = context.matcher
    recalled = [
        one
        for one in matcher.taught.recall("account", context.rep, words, context.language)
        if one.lesson.means in matcher.account_at and _names(one, words, text, context)
    ]
    if len({one.lesson.means for one in recalled}) != 1:
        return choice
    one = recalled[0]
    account = matcher.account_at[one.lesson.means]
    mention = Mention(account, one.first, one.last, 1.0, 1.0, one.places, full=False, typo=False, core=1.0)
    agreed = choice.account == account
    if agreed and choice.standing is not None and choice.standing.mention is not None:
        return choice
    if not (agreed or _is_open(choice, one)) or conflict(mention, words, text, context):
        return choice
    if _certain_otherwise(standings, account, one, words, context):
        return choice
    if choice.standing is None and _new_elsewhere(one, words, text, context):
        return choice
    own = next((standing for standing in standings if standing.account == account), None)
    standing = Standing(account, POINTS, mention, own.people if own else [], [why(one.lesson)])
    return Choice(account, (), standing, CONFIDENCE, one.lesson.id)


def _unless_new(choice: Choice, words: Sequence[Token], text: str, context: Context) -> Choice:
    """The choice; nothing where it rests on a mere first name or surname, and a new customer is named."""
    standing = choice.standing
    if standing is None or choice.lesson or (standing.mention is not None and standing.mention.own):
        return choice
    weak = standing.people and not any(met.given and met.family for met in standing.people)
    alone = all(
        reason.endswith("works there") or reason.startswith(("in ", "named in part")) for reason in standing.why
    )
    if not weak or not alone:
        return choice
    account = context.matcher.crm.accounts[standing.account]
    own = {token.key for name in (account.name, account.city or "", *account.aliases) for token in tokens(name)}
    people = frozenset[int]().union(*(_places(met) for met in standing.people))
    after_trade = {
        at for at in people if at and is_trade(words[at - 1].key) and words[at].start - words[at - 1].end == 1
    }
    blocked = _dated(words, context) | (people - after_trade)  # "Friseur Nele" is a company
    own -= {key for key in own if key in SHORT_WORDS or is_trade(key)}
    blocked |= {at for at, word in enumerate(words) if word.key in own}
    company = company_by_rules(words, text, context.language, blocked, ())
    surer = len(standing.why) > 1  # two people of theirs, or one and the town
    return choice if company is None or (surer and company.points < NEW_FOR_SURE) else Choice()


def _dated(words: Sequence[Token], context: Context) -> frozenset[int]:
    """Tokens that are dates and times."""
    return frozenset(
        at for at, word in enumerate(words) if any(low < word.end and word.start < high for low, high in context.dates)
    )


def _names(one: Recalled, words: Sequence[Token], text: str, context: Context) -> bool:
    """Whether the words may name a customer here: they are no date, no rival's, no person's and no everyday word."""
    first, last = words[one.first], words[one.last]
    if any(low < last.end and first.start < high for low, high in context.dates):
        return False
    if rival_near(words, one.first, one.last, context.language):
        return False
    before = words[one.first - 1] if one.first else None
    if before is not None and first.start - before.end <= 2 and before.capital:
        initial = len(before.key) == 1 and before.dotted
        if initial or (fold(before.text) in given_names() and fold(first.text) in surnames()):
            return False
    if one.first < one.last or commonness(fold(first.text)) < 4.0:
        return True
    shown = first.capital and context.language != "de" and not starts_sentence(words, text, one.first)
    return shown or cue_before(words, one.first, context.language) or starts_line(words, text, one.first)


def _is_open(choice: Choice, one: Recalled) -> bool:
    """Whether nothing was read yet, or what was read was read from the words that the lesson is about."""
    standing = choice.standing
    if standing is None:
        return True
    if standing.mention is not None:
        return bool(standing.mention.met & one.places)
    people = {at for met in standing.people for at in _places(met)}
    return bool(people) and people <= one.places


def _certain_otherwise(
    standings: Sequence[Standing], account: int, one: Recalled, words: Sequence[Token], context: Context
) -> bool:
    """Whether another account's full name, people, addresses or town say that this time it is not the one taught."""
    others = [standing for standing in standings if standing.account != account]
    own = next((standing.mention for standing in standings if standing.account == account), None)
    return (
        any(_in_full(standing, own, words, context) for standing in others if standing.score >= ENOUGH - 2)
        or _others_people(others, account, one, words, context)
        or _others_address(account, context)
        or _other_town(others, account, one, words, context)
    )


def _in_full(standing: Standing, own: Mention | None, words: Sequence[Token], context: Context) -> bool:
    """Whether the account is named by its own full name, and the one taught is not named in full by the same words."""
    mention = standing.mention
    if mention is None or not mention.full:
        return False
    if own is not None and own.full and own.met >= mention.met:
        return False
    account = context.matcher.crm.accounts[standing.account]
    said = {key for at in mention.met for key in (words[at].key, *bases(words[at].key, context.language))}
    keys, weights = account_words(account.name, account.city)
    met = sum(weight for key, weight in zip(keys, weights, strict=True) if key in said)
    return met > 0.9 * sum(weights)


def _others_people(
    others: Sequence[Standing], account: int, one: Recalled, words: Sequence[Token], context: Context
) -> bool:
    """Whether somebody is named who works elsewhere: in full, or as one of those whom the same words may mean."""
    people, crm = context.matcher.people, context.matcher.crm
    contacts = [(index, crm.contacts[index]) for index in people.of_account.get(account, ())]
    own = {at for met in known_people(words, context.language, contacts, frozenset()) for at in _places(met)}
    for standing in others:
        rival = standing.mention is not None and bool(standing.mention.met & one.places)
        for met in standing.people:
            if met.given and met.family:
                if account not in people.accounts_of[met.contact]:
                    return True
            elif rival and not _places(met) & (own | one.places):
                return True
    return False


def _others_address(account: int, context: Context) -> bool:
    """Whether a mail address or number is known, and not as one of this account's."""
    people = context.matcher.people
    contacts = [index for email in context.emails for index in people.by_email.get(email, ())]
    contacts += [index for phone in context.phones for index in people.by_phone.get(phone[-8:], ())]
    accounts = {known for index in contacts for known in people.accounts_of[index]}
    accounts |= {known for email in context.emails for known in people.by_domain.get(email.rpartition("@")[2], ())}
    return bool(accounts) and account not in accounts


def _other_town(
    others: Sequence[Standing], account: int, one: Recalled, words: Sequence[Token], context: Context
) -> bool:
    """Whether another town is named: that of a namesake, or any beside the words."""
    crm, language = context.matcher.crm, context.language
    known = crm.accounts[account]
    if known.city and town_at(words, known.city, language) is not None:
        return False
    for standing in others:
        city = crm.accounts[standing.account].city
        if standing.mention is not None and standing.mention.met & one.places and city:
            at = town_at(words, city, language)
            if at is not None and at not in one.places:
                return True
    if not known.city:
        return False
    near = range(max(0, one.first - NEAR), min(len(words), one.last + NEAR + 1))
    named = {key for name in (known.name, *known.aliases) for key in account_words(name, known.city)[0]}
    return any(
        words[at].capital and words[at].key not in named and is_town(words[at].text, language)
        for at in near
        if at not in one.places and not (at and sex_of_title(words[at - 1].key))
    )


def _new_elsewhere(one: Recalled, words: Sequence[Token], text: str, context: Context) -> bool:
    """Whether other words than those taught look like a new customer's name."""
    dates = _dated(words, context)
    roles = find_roles(words, text, context.language)
    persons = find_persons(words, text, context.language, dates | one.places, roles)
    named = [(person.first, person.last) for person in persons]
    company = find_company(words, text, context.language, dates, named)
    return company is not None and not one.places & set(range(company.first, company.last + 1))


# -------------------------------------------------------------------------------------------------------- people


def people_as_taught(
    known: list[Met], words: Sequence[Token], context: Context, account: int, taken: frozenset[int]
) -> list[Met]:
    """The people of ``account`` as they were read, and as corrections taught whom a short name there means.

    Who is named in full stays who they are. Tokens in ``taken`` name the account.
    """
    matcher = context.matcher
    crm = matcher.crm
    recalled = matcher.taught.recall("contact", context.rep, words, context.language, crm.accounts[account].id)
    if not recalled:
        return known
    employed = {crm.contacts[index].id: index for index in matcher.people.of_account.get(account, ())}
    for one in recalled:
        contact = employed.get(one.lesson.means)
        first = _with_title(one.first, words)
        if contact is None or one.places & taken or not _may_be(crm.contacts[contact].name, one, first, words, context):
            continue
        places = frozenset(range(first, one.last + 1))
        same = [met for met in known if _places(met) & places]
        if all(not (met.given and met.family) and _places(met) <= places for met in same):
            told = why(one.lesson)
            met = Met(contact, first, one.last, SHORT, given=True, family=False, why=told, lesson=one.lesson.id)
            known = [*(other for other in known if other not in same), met]
    return sorted(known, key=lambda met: met.first)


def _with_title(first: int, words: Sequence[Token]) -> int:
    """Where a name with its title begins."""
    before = words[first - 1] if first else None
    titled = before is not None and words[first].start - before.end <= 2 and sex_of_title(before.key)
    return first - 1 if titled else first


def _may_be(name: str, one: Recalled, first: int, words: Sequence[Token], context: Context) -> bool:
    """Whether nothing beside the words says that somebody else is meant: another surname, title or first name."""
    own = read_name(name)
    sex = sex_of_title(words[first].key) if first < one.first else ""
    if {sex, own.sex} == {"m", "f"}:
        return False
    word = words[one.first]
    everyday = frequency(context.language).get(fold(word.text), 0.0) >= EVERYDAY
    if one.first == one.last and everyday and not word.capital:
        return False
    after = one.last + 1
    while after < len(words) and words[after].key in PARTICLES and after - one.last < 4:
        after += 1
    follows = words[after] if after < len(words) and words[after].start - words[after - 1].end == 1 else None
    precedes = words[first - 1] if first and words[first].start - words[first - 1].end == 1 else None
    return not (
        (follows is not None and _is_name(follows, surnames(), own.family))
        or (precedes is not None and precedes.capital and _is_name(precedes, frozenset(given_names()), own.given))
    )


def _is_name(word: Token, names: Collection[str], own: tuple[str, ...]) -> bool:
    """Whether a word beside a name is a part of it that the person taught does not bear."""
    folded = fold(word.text)
    return folded in names and word.key not in own and (word.capital or commonness(folded) < 4.0)


def _places(met: Met) -> frozenset[int]:
    return frozenset(range(met.first, met.last + 1))
