"""One stretch of text becomes one visit: each finder is asked, in the order in which they need each other."""

from collections.abc import Sequence

from parsing import literals
from parsing.accounts import Context
from parsing.actions import find_actions
from parsing.addresses import find_postcode, find_street
from parsing.amounts import find_amounts, is_haggled
from parsing.changes import find_changes
from parsing.choosing import Choice
from parsing.companies import Company
from parsing.completing import completed
from parsing.currencies import home_currency
from parsing.house_kinds import medium_of, outcome_of, type_of
from parsing.keywords import find_keywords
from parsing.lessons import decide
from parsing.meeting import attendance, who_was_met
from parsing.model import AccountMention, ContactChange, ContactMention, Found, KnownAccount, Money, VisitMention
from parsing.moves import MOVED, Page, with_moves
from parsing.places import find_city
from parsing.reading import Reading, Span, spans_of
from parsing.split import Segment
from parsing.subject import find_subject
from parsing.text import Token, tokens
from parsing.when import find_day, find_moments, find_times


def read_visit(reading: Reading, segment: Segment, context: Context) -> VisitMention:
    """All that a stretch of text says of one visit."""
    text, language, now = segment.text, reading.language, reading.now
    choice = _with_mail(reading, segment, context)
    crm = reading.matcher.crm
    known = crm.accounts[choice.account] if choice.account is not None else None
    moments = find_moments(text, now, language)
    dates = [(one.start, one.end) for one in moments]
    actions = find_actions(text, now, language, crm, reading.rep, moments)
    plans = [(one.start, one.end) for one in actions]
    people, company = attendance(reading, segment, context, choice, plans)
    account = _account(reading, segment, choice, company)
    company_spans = _namespans_of(choice, segment.words, company)
    named = spans_of(segment.words, people.tokens) + company_spans
    outcome = outcome_of(text, language, crm, named)
    if outcome is not None and outcome.value == "no_show" and people.instead:  # one was away, another was met
        blanked = text[: outcome.start] + " " * (outcome.end - outcome.start) + text[outcome.end :]
        outcome = outcome_of(blanked, language, crm, named)
    contacts = who_was_met(reading, people, choice, known)
    if outcome is not None and outcome.value == "no_show":
        contacts = []
    amounts = find_amounts(text, language, home_currency(known.country if known else None, now))
    taken = sorted({*named, *dates, *((one.start, one.end) for one in amounts)})
    keywords = find_keywords(text, language, crm, taken, reading.matcher.taught.terms(reading.rep))
    coming = [(one.start, one.end, one.value.due) for one in actions if one.value.due is not None]
    missed = outcome is not None and outcome.value == "no_show"
    starts, ends = find_times(text, language, now, coming, missed=missed)
    place_taken = sorted({*spans_of(segment.words, people.tokens), *_town_in_name(choice, known, segment.words)})
    left = _changes(reading, text, people.named, account)
    moved = [one.value.contact for one in left if one.why == MOVED]
    visit = VisitMention(
        account=account,
        contacts=tuple(one for one in contacts if one.value not in moved),
        on=find_day(text, now, language, coming)
        or Found(now.date(), part="sent_at", why="the day it was sent", cue="others named" if moments else "sent"),
        starts=starts,
        ends=ends,
        type=type_of(text, language, crm, named, plans) or _haggling(reading, text, amounts),
        medium=medium_of(text, language, crm, named, plans),
        outcome=outcome,
        subject=find_subject(text, reading.heading, keywords),
        keywords=tuple(keywords),
        actions=tuple(actions),
        amounts=tuple(amounts),
        contact_changes=tuple(left),
        city=find_city(text, language, crm, known, place_taken),
        postcode=find_postcode(text, language, crm, known, place_taken),
        street=find_street(text, language, crm, known, place_taken),
    )
    return completed(visit, reading, company) if reading.mail is not None else visit


def _changes(
    reading: Reading, text: str, named: Sequence[Found[ContactMention]], account: Found[AccountMention] | None
) -> list[Found[ContactChange]]:
    """Who left, with who follows and where they went."""
    left = find_changes(text, reading.language, named)
    here = account.value if account else None
    return with_moves(Page(text, reading.language, reading.rep, reading.matcher.crm), left, named, here)


def _haggling(reading: Reading, text: str, amounts: Sequence[Found[Money]]) -> Found[str] | None:
    """A negotiation, told by nothing but the two bids."""
    if "negotiation" not in reading.matcher.crm.types or not is_haggled(text, reading.language, amounts):
        return None
    return Found("negotiation", amounts[0].start, amounts[-1].end, why="two bids for one thing", cue="told")


def _with_mail(reading: Reading, segment: Segment, context: Context) -> Choice:
    """The account of the segment; for a mail the subject is weighed with the note."""
    mail = reading.mail
    if mail is None:
        return segment.choice
    text = f"{segment.text}\n{mail.subject}"
    words = literals.words(text)
    choice = decide(words, text, context)
    if choice.account is None:
        text = f"{text}\n{mail.body[:4000]}"
        wider = decide(literals.words(text), text, context)
        return wider if wider.account is not None else choice
    return choice


# ------------------------------------------------------------------------------------------------------- account


def _account(
    reading: Reading, segment: Segment, choice: Choice, company: Company | None
) -> Found[AccountMention] | None:
    crm = reading.matcher.crm
    words = segment.words
    if company is not None:
        start, end = words[company.first].start, words[company.last].end
        sure = min(0.95, 0.5 + 0.05 * company.points)
        return Found(AccountMention(name=company.name), start, end, "text", sure, "a new customer's name", cue="new")
    start, end, part = _evidence(choice, words, reading)
    why = "; ".join(dict.fromkeys(choice.standing.why)) if choice.standing else "another branch"
    if choice.account is not None:
        meant = AccountMention(id=crm.accounts[choice.account].id)
        return Found(meant, start, end, part, choice.confidence, why, choice.lesson, choice.cue)
    if choice.candidates:
        ids = tuple(crm.accounts[one].id for one in choice.candidates)
        cue = "one of several" if len(ids) > 1 else "perhaps"
        return Found(AccountMention(candidates=ids), start, end, part, 0.5, why, cue=cue)
    return None


def _evidence(choice: Choice, words: Sequence[Token], reading: Reading) -> tuple[int, int, str]:
    """The words that name the chosen account, or the first person who points at it; else the mail's head."""
    standing = choice.standing
    if standing is None:
        return 0, 0, "header" if reading.mail else "text"
    first, last = -1, -1
    if standing.mention is not None:
        first, last = standing.mention.first, standing.mention.last
    elif standing.people:
        first, last = standing.people[0].first, standing.people[0].last
    if 0 <= first <= last < len(words):
        return words[first].start, words[last].end, "text"
    return 0, 0, "header" if reading.mail else "text"


def _namespans_of(choice: Choice, words: Sequence[Token], company: Company | None) -> list[Span]:
    if company is not None:
        return [(words[company.first].start, words[company.last].end)]
    mention = choice.standing.mention if choice.standing else None
    return spans_of(words, mention.met) if mention else []


def _town_in_name(choice: Choice, known: KnownAccount | None, words: Sequence[Token]) -> list[Span]:
    """Towns that are part of the company's own name are no places: "Stadtwerke Fulda" may be met anywhere."""
    mention = choice.standing.mention if choice.standing else None
    if mention is None or known is None:
        return []
    own = known.name.split(",")[0].split(" - ")[0]
    keys = {token.key for token in tokens(own)}
    cities = {token.key for token in tokens(known.city or "")}
    beyond = cities - keys
    return spans_of(words, {at for at in mention.met if at < len(words) and words[at].key not in beyond})
