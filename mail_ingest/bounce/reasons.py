"""Why an address failed, from its status code (RFC 3463) and the words of the refusal, and whether it is dead."""

import re
from dataclasses import dataclass
from functools import cache

from mail_ingest.bounce.dsn import status_in
from mail_ingest.bounce.model import DEAD, DsnAction, Reason
from mail_ingest.bounce.words import holds_any, table

_AT_RCPT = (
    "rcpt", "does not like recipient", "rejected recipient", "rejected the recipient", "recipient refused",
    "recipient command",
    # RFC 5321 4.2.3 gives 550 these words for a mailbox that is not found.
    "requested action not taken: mailbox unavailable",
    # Yahoo says so after DATA, but says it of its own accounts alone.
    "this user doesn't have a",
)  # fmt: skip
_AT_DATA = ("end of data", "to data command", "data command", "final data", "after data", "[data]")
_HOST = re.compile(
    r"[\[(<'\"]{0,3}[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){2,10}[\])>'\",:;.]{0,4}(?:\[[\d.:a-f]{3,45}\][:;,]?)?$"
)
_EXCHANGE = ("resolver.", "storedrv.", "smtpsend.", "queue.", "agent.", "routing.", "#5.", "5.", "4.", "(#")
# These are named by their address on the web, which is no word of the refusal itself.
_BLOCK_LISTS = (
    "spamhaus",
    "spamcop",
    "barracudacentral",
    "sorbs.net",
    "uceprotect",
    "abuseat",
    "dnsbl",
    "mailspike",
    "abusix",
)
_NO_GROUND = ("rejected", "refused", "denied", "undeliverable", "not accepted", "cannot deliver", "filtered")
_REPLY = re.compile(r"(?:^|[\s:(\[#<'\"])[45]\d\d[\s:-]")


@dataclass(frozen=True, slots=True)
class Rule:
    """The words that tell one reason."""

    reason: Reason
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a refusal amounts to."""

    reason: Reason
    status: str
    permanent: bool


@cache
def rules() -> tuple[Rule, ...]:
    """The rules of ``reasons.toml`` in their order."""
    return tuple(Rule(one["reason"], tuple(one["words"])) for one in table("reasons")["rule"])


@cache
def by_status() -> dict[str, Reason]:
    """Reason by the two last digits of the status."""
    return dict(table("reasons")["status"])


def judge(status: str, action: DsnAction, diagnostic: str, notice: str, *, reported: bool) -> Verdict:
    """The reason for one recipient, from the most to the least exact witness.

    ``diagnostic`` is what was said of this address, ``notice`` the messenger's words around it; ``reported``: they
    come with a delivery report. Words alone retire nobody, see `_is_confirmed`.
    """
    exact = _most_exact(status, status_in(diagnostic)) or status_in(notice)
    # RFC 3463 X.1.7 and X.1.8 speak of the sender's address, whatever the words.
    told = "sender" if exact[1:] in {".1.7", ".1.8"} else by_words(diagnostic)
    reason = told if told not in {None, "unclear"} else _by_status(exact) or told
    if reason is None or (reason == "unclear" and not diagnostic):
        reason = by_words(notice) or _by_status(status) or "unclear"
    klass = exact[:1] or ("4" if action == "delayed" else "5")
    if reason == "unknown_user" and not _is_confirmed(exact, diagnostic, notice, reported=reported):
        reason = "unclear"
    permanent = reason in DEAD and action == "failed" and klass == "5"
    return Verdict(reason, exact or f"{klass}.0.0", permanent)


def _is_confirmed(status: str, diagnostic: str, notice: str, *, reported: bool) -> bool:
    """Whether "user unknown" has a second witness: the code for it, the moment, or the directory that was asked.

    A server that knows its users refuses at RCPT (RFC 5321 3.3). Filters that refuse after DATA, or under a policy
    code (RFC 3463 X.7), often say the same words of people who are there. A notice in words that quotes no other
    server speaks of the directory of its own system.
    """
    # Exchange Online refuses with 5.4.1 and these words what its directory does not hold, and calls it "access denied".
    if status.startswith("5.1.") or (
        status == "5.4.1" and "recipient address rejected: access denied" in diagnostic.lower()
    ):
        return True
    said = f"{diagnostic}\n{notice}".lower()
    if holds_any(diagnostic.lower(), _AT_DATA):
        return False
    if holds_any(said, _AT_RCPT):
        return True
    return (
        not status.startswith("5.7.") and not (reported and diagnostic) and _REPLY.search(diagnostic or notice) is None
    )


def by_words(text: str) -> Reason | None:
    """The reason that the words of ``text`` tell; None where they tell nothing."""
    low = _plain(text)
    for rule in rules():
        if holds_any(low, rule.words):
            return rule.reason
    if holds_any(text.lower(), _BLOCK_LISTS):
        return "sender"
    return "unclear" if holds_any(low, _NO_GROUND) else None


def _plain(text: str) -> str:
    """``text`` in lower case without addresses, links and host names: ``antispam.acme.com`` says nothing of spam."""
    return " ".join(word for word in text[:6000].lower().split() if not _names_host(word))


def _names_host(word: str) -> bool:
    if "@" in word or "://" in word:
        return True
    # Exchange's own names of causes are dotted as well.
    return _HOST.match(word) is not None and not word.startswith(_EXCHANGE)


def _by_status(status: str) -> Reason | None:
    detail = status.partition(".")[2]
    found = by_status().get(detail)
    if found is None and detail.startswith("7."):
        return "sender"
    return found


def _most_exact(first: str, second: str) -> str:
    """The status that says more: ``5.0.0`` and its like say nothing but the class."""
    if first and not first.endswith(".0.0"):
        return first
    return second if second and not second.endswith(".0.0") else first or second
