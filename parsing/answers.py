"""What a rep answers when asked which customer was meant: a name, and nothing else."""

from collections.abc import Sequence

from parsing import literals
from parsing.accounts import Context, weigh
from parsing.choosing import choose
from parsing.linking import matcher_of
from parsing.model import AccountMention, Crm, KnownAccount
from parsing.reports import why_not_a_report
from parsing.text import language_of, view_of

LONGEST_NAME = 8
"""Words; a longer answer tells more than a name and is a report of its own."""


def tell_apart(text: str, offered: Sequence[KnownAccount]) -> KnownAccount | None:
    """The one of the ``offered`` accounts that the answer shares a word with: of its name, aliases or town."""
    said = {word.key for word in literals.words(view_of(text).text)} - {""}
    if not said or len(said) > LONGEST_NAME:
        return None
    shared = [(len(said & _words_of(account)), account) for account in offered]
    most = max((count for count, _ in shared), default=0)
    best = [account for count, account in shared if count == most]
    return best[0] if most and len(best) == 1 else None


def _words_of(account: KnownAccount) -> set[str]:
    names = " ".join((account.name, *account.aliases, account.city or ""))
    return {word.key for word in literals.words(names)} - {""}


def read_account(text: str, rep: str, crm: Crm) -> AccountMention | None:
    """The account that the answer ``text`` names: known, one of several, or new; None where it names none."""
    said = view_of(text).text
    words = tuple(literals.words(said))
    if not words or len(words) > LONGEST_NAME:
        return None
    spoken = next((one.language for one in crm.reps if one.email == rep), "en")
    language = language_of(said, spoken)
    choice = choose(weigh(words, said, Context(matcher_of(crm), language, rep, emails=literals.emails(said))))
    if choice.account is not None:
        return AccountMention(id=crm.accounts[choice.account].id)
    if choice.candidates:
        return AccountMention(candidates=tuple(crm.accounts[one].id for one in choice.candidates))
    if why_not_a_report(said, language) in {"thanks", "question", "plan", "cancelled"} or said.strip().endswith("?"):
        return None
    return AccountMention(name=said.strip(" \t\n.,;:!\"'"))
