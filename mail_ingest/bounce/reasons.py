"""Why an address failed, from its status code (RFC 3463) and the words of the refusal, and whether it is dead."""

from dataclasses import dataclass
from functools import cache

from mail_ingest.bounce.dsn import status_in
from mail_ingest.bounce.model import DEAD, DsnAction, Reason
from mail_ingest.bounce.words import holds_any, table


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


def judge(status: str, action: DsnAction, diagnostic: str, notice: str) -> Verdict:
    """The reason for one recipient, from the most to the least exact witness.

    ``diagnostic`` is what the refusing system said of this address, ``notice`` what its messenger wrote around it.
    """
    told = status_in(diagnostic)
    exact = _most_exact(status, told) or _most_exact(status_in(notice), "")
    # RFC 3463 X.7: security or policy. "5.7.1 user unknown" is what a filter says, not a directory.
    reason = by_words(diagnostic) or _by_status(exact) or by_words(notice) or _by_status(status) or "unclear"
    klass = exact[:1] or ("4" if action == "delayed" else "5")
    shown = exact or f"{klass}.0.0"
    permanent = reason in DEAD and action == "failed" and klass == "5" and not exact.startswith("5.7")
    return Verdict(reason, shown, permanent)


def by_words(text: str) -> Reason | None:
    """The reason that the words of ``text`` tell; None where they tell nothing."""
    low = " ".join(text.lower().split())
    for rule in rules():
        if low and holds_any(low, rule.words):
            return rule.reason
    return None


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
