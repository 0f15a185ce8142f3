"""What was filed, held against what a careful person would have filed: figures, and which single values were right.

The shapes are those of docs/jsonl.md; a case adds ``gold`` with the same ``visits``. A figure is a share of hits
(``account``, ``date``…) or an F1 of pairs (``contacts``, ``actions``…): 2 x hits / (filed + wanted). *Zero touch* is
the share of messages in whose records the rep would correct nothing of account, people, day, hours and actions.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import permutations
from typing import Any

Record = Mapping[str, Any]
Same = Callable[[Any, Any], bool]

NAMES_ALIKE, TERMS_ALIKE, NOTES_ALIKE, TRACE_ALIKE = 0.85, 0.8, 0.9, 0.33
STEM, MOST_ALIGNED, MOST_TERMS = 5, 6, 8
CENT = 0.005


# ------------------------------------------------------------------------------------------- when two say the same


def folded(said: Any) -> str:
    """Letters and digits in lower case without marks, one blank between words."""
    plain = unicodedata.normalize("NFKD", str(said or "")).casefold()
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^\w]+", " ", bare).strip()


def near(one: str, other: str) -> float:
    """How much of two folded texts is the same, 0 to 1."""
    return SequenceMatcher(None, one, other).ratio()


def alike(filed: Any, wanted: Any, least: float = NAMES_ALIKE) -> bool:
    """Whether two names are one, whatever their case, marks, order of words and ending."""
    one, other = folded(filed), folded(wanted)
    if not (one and other):
        return False
    return one == other or sorted(one.split()) == sorted(other.split()) or near(one, other) >= least


def covers(filed: Any, wanted: Any) -> bool:
    """Whether a search for the wanted term would find the filed one: one holds the other, or they are near."""
    one, other = folded(filed), folded(wanted)
    return bool(one and other) and (one in other or other in one or alike(one, other, TERMS_ALIKE))


def same_party(filed: Record | None, wanted: Record | None) -> bool:
    """One account or contact: by id where the world has it, else by name."""
    if not (filed and wanted):
        return not filed and not wanted
    if wanted.get("id"):
        return bool(filed.get("id") == wanted["id"])
    return not filed.get("id") and alike(filed.get("name"), wanted.get("name"))


def _stems(said: Any) -> set[str]:
    words = folded(said).split()
    return {word[:STEM] for word in words if len(word) > 2} or set(words)


def same_action(filed: Record, wanted: Record) -> bool:
    """Half of the words that matter are shared, or for one day and one person a trace of them."""
    mine, theirs = _stems(filed.get("text")), _stems(wanted.get("text"))
    if not (mine and theirs):
        return False
    shared = len(mine & theirs)
    whole = shared > 1 and shared == min(len(mine), len(theirs))
    if whole or 4 * shared >= len(mine) + len(theirs):
        return True
    slot = wanted.get("due") and all(filed.get(key) == wanted.get(key) for key in ("due", "assignee"))
    return bool(slot) and (shared > 0 or near(folded(filed.get("text")), folded(wanted.get("text"))) >= TRACE_ALIKE)


def same_amount(filed: Record, wanted: Record) -> bool:
    """One sum in one currency, to the cent."""
    one = abs(float(filed.get("value") or 0) - float(wanted["value"]))
    return filed.get("currency") == wanted.get("currency") and one < CENT


def same_change(filed: Record, wanted: Record) -> bool:
    """The same person left."""
    return filed.get("change") == wanted.get("change") and same_party(filed.get("contact"), wanted.get("contact"))


def same_phone(filed: Any, wanted: Any) -> bool:
    """The same last eight digits."""
    one, other = (re.sub(r"\D", "", str(said or ""))[-8:] for said in (filed, wanted))
    return one == other


def same_plain(filed: Any, wanted: Any) -> bool:
    """The same words."""
    return folded(filed) == folded(wanted)


DETAILS: dict[str, Same] = {"role": covers, "email": same_plain, "phone": same_phone}
"""What a message may say of somebody new, and when two such sayings are one."""


def paired(filed: Sequence[Any], wanted: Sequence[Any], same: Same) -> list[tuple[int, int]]:
    """Which of the filed (by place) is which of the wanted; each is used once."""
    free = list(range(len(filed)))
    pairs = []
    for place, want in enumerate(wanted):
        hit = next((one for one in free if same(filed[one], want)), None)
        if hit is not None:
            free.remove(hit)
            pairs.append((hit, place))
    return pairs


def aligned(filed: Sequence[Record], wanted: Sequence[Record]) -> list[tuple[int | None, int | None]]:
    """Visits by place, filed beside wanted, so that most accounts, days, hours and people agree; None is no partner."""

    def agreement(one: int | None, other: int | None) -> int:
        if one is None or other is None:
            return 0
        mine, theirs = filed[one], wanted[other]
        people = paired(_several(mine, "contacts"), _several(theirs, "contacts"), same_party)
        account = same_party(mine.get("account"), theirs.get("account"))
        same = {key: mine.get(key) == theirs.get(key) for key in ("date", "start")}
        return 4 * account + 2 * same["date"] + same["start"] + len(people)

    size = max(len(filed), len(wanted))
    mine: list[int | None] = [*range(len(filed)), *[None] * (size - len(filed))]
    theirs: list[int | None] = [*range(len(wanted)), *[None] * (size - len(wanted))]
    if size <= MOST_ALIGNED:
        orders = permutations(mine)
        mine = list(max(orders, key=lambda order: sum(map(agreement, order, theirs))))
    return list(zip(mine, theirs, strict=True))


def _several(record: Record, key: str) -> Sequence[Any]:
    return record.get(key) or []


# ------------------------------------------------------------------------------------------------------- counting


@dataclass
class Tally:
    """Hits and misses of every figure, and what was missed."""

    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    """Of how many: questions of a share, filed and wanted of an F1."""
    missed: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def count(self, figure: str, right: Any, *told: Any) -> bool:
        """One more question of a share."""
        self.asked[figure] += 1
        self.hits[figure] += bool(right)
        if not right:
            self.missed[figure].append(told)
        return bool(right)

    def count_pairs(self, figure: str, filed: Sequence[Any], wanted: Sequence[Any], same: Same, told: Any) -> Any:
        """The pairs of one more question of an F1, and whether nothing is left on either side."""
        pairs = paired(filed, wanted, same)
        self.asked[figure] += len(filed) + len(wanted)
        self.hits[figure] += 2 * len(pairs)
        exact = len(pairs) == len(filed) == len(wanted)
        if not exact:
            self.missed[figure].append((told, figure, "filed", filed, "wanted", wanted))
        return [(filed[one], wanted[other]) for one, other in pairs], exact

    def figures(self) -> dict[str, float]:
        """Every figure as a share, 0 to 1; an F1 of nothing filed and nothing wanted is 1."""
        return {name: self.hits[name] / asked if asked else 1.0 for name, asked in self.asked.items()}


def score(cases: Iterable[Record], answers: Mapping[Any, Record]) -> Tally:
    """The tally of the cases; one without an answer is wrong in everything."""
    tally = Tally()
    for case in cases:
        answer = answers.get(case["id"])
        filed, wanted = _several(answer or {}, "visits"), case["gold"]["visits"]
        told = (case["id"], len(filed), "wanted", len(wanted))
        tally.count("reports or not", answer is not None and bool(filed) == bool(wanted), *told)
        counted = tally.count("visits counted", answer is not None and len(filed) == len(wanted), *told)
        right = [
            _score_visit(tally, case["id"], filed[one] if one is not None else {}, wanted[other])
            for one, other in aligned(filed, wanted)
            if other is not None
        ]
        _score_mail(tally, case, answer or {})
        tally.count("zero touch", counted and all(right), case["id"])
    return tally


def _score_visit(tally: Tally, case: Any, filed: Record, wanted: Record) -> bool:
    """Count one visit; whether a rep would have nothing to correct in it."""
    right = [_score_account(tally, case, filed, wanted)]
    right.append(_score_people(tally, case, filed, wanted))
    for name in ("date", "start", "end", "type", "medium", "outcome"):
        same = tally.count(name, filed.get(name) == wanted.get(name), *_both(case, name, filed, wanted))
        right.append(same or name in {"type", "medium", "outcome"})
    for name in ("city", "postcode", "street"):
        if wanted.get(name):
            tally.count("place", alike(filed.get(name), wanted[name]), *_both(case, name, filed, wanted))
    terms = _several(filed, "keywords")[:MOST_TERMS]
    for want in _several(wanted, "keywords"):
        tally.count("keywords: found", any(covers(term, want) for term in terms), case, "filed", terms, "wanted", want)
    right.append(_score_actions(tally, case, filed, wanted))
    tally.count_pairs("amounts", _several(filed, "amounts"), _several(wanted, "amounts"), same_amount, case)
    changes = _several(filed, "contact_changes"), _several(wanted, "contact_changes")
    for change, want in tally.count_pairs("contact changes", *changes, same_change, case)[0]:
        if want.get("successor"):
            same = same_party(change.get("successor"), want["successor"])
            tally.count("successor", same, case, "filed", change, "wanted", want)
    return all(right)


def _both(case: Any, name: str, filed: Record, wanted: Record) -> tuple[Any, ...]:
    return case, name, "filed", filed.get(name), "wanted", wanted.get(name)


def _score_account(tally: Tally, case: Any, filed: Record, wanted: Record) -> bool:
    account = filed.get("account")
    told = _both(case, "account", filed, wanted)
    right = tally.count("account", same_party(account, wanted.get("account")), *told)
    tally.count("account: no wrong link", right or not (account or {}).get("id"), *told)
    if wanted.get("ambiguous"):
        asks = not account and set(wanted["ambiguous"]) <= set(_several(filed, "ambiguous"))
        tally.count("account: asks among the right ones", asks, *_both(case, "ambiguous", filed, wanted))
    return right


def _score_people(tally: Tally, case: Any, filed: Record, wanted: Record) -> bool:
    people = _several(filed, "contacts"), _several(wanted, "contacts")
    pairs, exact = tally.count_pairs("contacts", *people, same_party, case)
    for person, want in pairs:
        for name, same in DETAILS.items():
            if want.get(name) and not want.get("id"):
                told = _both(case, name, person, want)
                tally.count("new contact: details", same(person.get(name), want[name]), *told)
    return bool(exact)


def _score_actions(tally: Tally, case: Any, filed: Record, wanted: Record) -> bool:
    actions = _several(filed, "actions"), _several(wanted, "actions")
    pairs, exact = tally.count_pairs("actions", *actions, same_action, case)
    right = [
        tally.count(f"actions: {name}", action.get(name) == want.get(name), case, "filed", action, "wanted", want)
        for action, want in pairs
        for name in ("due", "assignee")
    ]
    return exact and all(right)


def _score_mail(tally: Tally, case: Record, answer: Record) -> None:
    """What a forwarded mail's head and the rep's note were read as, where the case says so."""
    wanted, note = case["gold"].get("forwarded"), case["gold"].get("note")
    if wanted:
        filed = answer.get("forwarded") or {}
        readings: dict[str, Callable[[Any], str]] = {"from": _address, "date": _minute, "subject": folded}
        for name, read in readings.items():
            right = read(filed.get(name)) == read(wanted.get(name))
            tally.count(f"forwarded: {name}", right, *_both(case["id"], name, filed, wanted))
    if note is not None:
        tally.count("note", alike(answer.get("note"), note, NOTES_ALIKE), case["id"], answer.get("note"), note)


def _address(said: Any) -> str:
    found = re.search(r"[\w.+'-]+@[\w.-]+", str(said or "").casefold())
    return found.group() if found else ""


def _minute(said: Any) -> str:
    return str(said or "")[:16]


# -------------------------------------------------------------------------------------------------- single values

SAME: dict[str, Same] = {
    "contacts": same_party,
    "actions": lambda filed, wanted: (
        same_action(filed, wanted) and all(filed.get(key) == wanted.get(key) for key in ("due", "assignee"))
    ),
    "amounts": same_amount,
    "contact_changes": lambda filed, wanted: (
        same_change(filed, wanted) and same_party(filed.get("successor"), wanted.get("successor"))
    ),
}


def right_values(filed: Sequence[Record], wanted: Sequence[Record]) -> list[dict[str, list[bool]]]:
    """For each visit filed and each of its fields whether the values are right, in their order.

    What is filed and not wanted is wrong; nothing is said of what is wanted and not filed, and of the ``subject``.
    """
    partners = {one: other for one, other in aligned(filed, wanted) if one is not None}
    return [
        _right_in(record, wanted[at] if (at := partners[place]) is not None else None)
        for place, record in enumerate(filed)
    ]


def _right_in(filed: Record, wanted: Record | None) -> dict[str, list[bool]]:
    want = wanted or {}
    right: dict[str, list[bool]] = {}
    if filed.get("account"):
        right["account"] = [wanted is not None and same_party(filed["account"], want.get("account"))]
    elif filed.get("ambiguous"):
        right["account"] = [bool(wanted) and not want.get("account")]
    for name in ("date", "start", "end", "type", "medium", "outcome"):
        if filed.get(name) is not None:
            right[name] = [filed[name] == want.get(name)]
    for name in ("city", "postcode", "street"):
        if filed.get(name) is not None:
            right[name] = [alike(filed[name], want.get(name))]
    terms = _several(want, "keywords")
    right["keywords"] = [any(covers(term, one) for one in terms) for term in _several(filed, "keywords")]
    for name, same in SAME.items():
        values = _several(filed, name)
        hits = {one for one, _ in paired(values, _several(want, name), same)}
        right[name] = [place in hits for place in range(len(values))]
    return {name: values for name, values in right.items() if values}
