"""How sure a value is: the share of values with the same evidence that were right, as counted from messages with gold.

Finders name the kind of evidence (`CUES`) and give a number that is higher where they are surer. What share of such
values is right was counted by ``make calibrate`` and stands in ``words/confidence.json``: for each field a tree of
counts, from all its values by circumstance (`circumstance`) and cue down to the value where those are a handful. Each
share is drawn towards that of the node above, so that three right of three are no certainty.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from parsing.model import AccountMention, Found, VisitMention

CUES: Mapping[str, frozenset[str]] = {
    "account": frozenset(
        {
            "named", "named, with a person", "named in part", "named in part, with a person", "misspelt",
            "misspelt, with a person", "person", "short person", "address", "branch", "new", "one of several",
            "perhaps",
        }
    ),
    "contacts": frozenset({"full name", "first name", "surname", "new name", "new short name", "several accounts"}),
    "on": frozenset(
        {
            "sent", "others named", "foreign", "relative", "weekday", "date", "day_of_month", "week_day",
            "weekday_by_feast", "workdays", "next_weekday", "week", "feast", "unit",
        }
    ),
    "starts": frozenset({"clock"}),
    "ends": frozenset({"clock"}),
    "type": frozenset({"named", "told", "house"}),
    "medium": frozenset({"told", "default", "house"}),
    "outcome": frozenset(
        {
            "no_show", "order", "complaint", "lost", "quote_requested", "grumble", "no_interest", "interested",
            "guessed", "house",
        }
    ),
    "keywords": frozenset({"house", "code", "topic", "phrase"}),
    "actions": frozenset({"own", "own, dated", "wished", "wished, dated", "other", "other, dated"}),
    "amounts": frozenset({"currency", "scaled", "bare"}),
    "contact_changes": frozenset({"left", "followed"}),
    "city": frozenset({"town"}),
    "postcode": frozenset({"postcode"}),
    "street": frozenset({"street"}),
}  # fmt: skip
"""What a finder may name as the kind of its evidence, for each field."""
PARTS = frozenset({"header", "invitation", "forwarded", "subject"})
"""Parts of a message that are a kind of evidence by themselves: what a mail says beside the rep's own words."""
CLOSED = frozenset({"type", "medium", "outcome"})
"""Fields with a handful of values, which are not equally easy to tell."""
ASK = 0.6
"""A customer who is less likely meant than this is asked for: a wrong link is found late, an answer is one tap."""
RARE: Mapping[str, float] = {"guessed": 0.5}
"""What is stated at most of cues that are too rare to be counted."""
UNCOUNTED = 0.85
"""What is stated at most of a kind of evidence that was never counted: nobody knows yet."""
LEAST, MOST = 0.02, 0.99
"""Nothing is impossible, and nothing certain."""


def calibrated(visit: VisitMention) -> VisitMention:
    """The visit with the counted share in place of each finder's number; what rests on a lesson stays as it is."""
    changes: dict[str, Any] = {}
    how = circumstance(visit)
    for name in {name for name, _ in visit.found()}:
        value = getattr(visit, name)
        if isinstance(value, tuple):
            changes[name] = tuple(_with_share(name, one, how) for one in value)
        else:
            changes[name] = _with_share(name, value, how)
    return replace(visit, **changes)


def asked_where_unsure(visit: VisitMention) -> VisitMention:
    """The visit with its account left open, the likeliest for a candidate, where it is less sure than `ASK`."""
    account = visit.account
    if account is None or account.value.id is None or account.lesson is not None or account.confidence >= ASK:
        return visit
    return replace(visit, account=replace(account, value=AccountMention(candidates=(account.value.id,))))


def circumstance(visit: VisitMention) -> str:
    """Whether the message names a customer and a person: where it names neither it may be no report at all."""
    account = visit.account.value if visit.account else None
    if account is None or not (account.id or account.name or account.candidates):
        return "nobody's"
    return "with people" if visit.contacts else "without people"


def path_of(field: str, found: Found[Any], how: str) -> Iterator[str]:
    """The way down the tree to the counts of values with this evidence."""
    if field not in {"account", "contacts"}:
        yield how
    yield found.part if found.part in PARTS else found.cue
    if field in CLOSED:
        yield str(found.value)


def share_of(tree: Mapping[str, Any], field: str, found: Found[Any], how: str) -> float:
    """The share of values with this evidence that are right, as far down the tree as counts go.

    A field that was never counted is as likely right as wrong.
    """
    node = tree.get(field)
    if node is None:
        return 0.5
    for name in path_of(field, found, how):
        below = node.get("under", {}).get(name)
        if below is None:
            return min(float(node["share"]), UNCOUNTED)
        node = below
    steps = node.get("steps")
    if not steps:
        return min(max(float(node["share"]), LEAST), MOST)
    at = bisect_right(steps, weight_of(found), key=_from) - 1
    return min(max(float(steps[max(at, 0)][1]), LEAST), MOST)


def weight_of(found: Found[Any]) -> float:
    """The finder's own number, before or after the share took its place."""
    return found.confidence if found.weight is None else found.weight


def _from(step: tuple[float, float]) -> float:
    return step[0]


@cache
def counted() -> Mapping[str, Any]:
    """The tree of counts; empty where there is none yet."""
    source = files("parsing.words") / "confidence.json"
    return json.loads(source.read_text("utf-8")) if source.is_file() else {}


def _with_share(field: str, found: Found[Any], how: str) -> Found[Any]:
    if found.lesson is not None:
        return found
    share = min(share_of(counted(), field, found, how), RARE.get(found.cue, MOST))
    return replace(found, confidence=round(share, 3), weight=found.confidence)
