"""How often values are right by the kind of their evidence: `make calibrate` counts for parsing/words/confidence.json.

Each node of the tree holds how many values there were and how many were right, and the share that is stated: the right
ones of all, drawn towards the share above by `DRAWN` values, less one standard error, so that few values make no boast.
Where finders give a number the shares rise with it (isotonic regression by pooling adjacent violators). How well the
shares hold is measured on companies that were not counted.

Rules are written with the messages of tests/companies in view, and so are wrong more often elsewhere: how much more
was measured on messages that nobody had seen (``--unseen``), and stands in tests/companies/unseen.json.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

from parsing import confidence as stated
from parsing.model import Found
from tests.cases import COMPANIES, Company, Reading, companies
from tests.scoring import right_values

DRAWN = 6.0
"""How many values' worth the share above weighs."""
FEW = 2.0
"""How many errors' worth all fields weigh where it is told how much more often one is wrong elsewhere."""
OVERALL = 0.5
"""What a field's own share is drawn towards."""
STEP = 15
"""The fewest values of a step."""
UNSEEN = COMPANIES / "unseen.json"
"""Field to how many times more often it is wrong in messages that nobody had in view."""
NONE: Mapping[str, float] = {}
SURE = 0.9
"""Confidence from which a value is told as a fact."""
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.01)
NAMES = {"on": "date", "starts": "start", "ends": "end"}
"""Fields that lines call otherwise (docs/jsonl.md)."""


@dataclass(frozen=True)
class Judged:
    """A value that was found, and whether it is right."""

    company: str
    field: str
    found: Found[Any]
    how: str
    right: bool


def judged(reading: Reading) -> Iterator[Judged]:
    """Every value of a message whose gold is known; the subject has none."""
    shares = right_values(reading.answer["visits"], reading.case["gold"]["visits"])
    for visit, right in zip(reading.extraction.visits, shares, strict=True):
        left = {name: iter(values) for name, values in right.items()}
        for name, found in visit.found():
            line = NAMES.get(name, name)
            if line in left:
                yield Judged(reading.company, name, found, stated.circumstance(visit), next(left[line]))


# --------------------------------------------------------------------------------------------------------- counting


def tree_of(values: Sequence[Judged], worse: Mapping[str, float] = NONE) -> dict[str, Any]:
    """The counts of each field, as `parsing.confidence` reads them; ``worse`` multiplies the odds of being wrong."""
    fields: dict[str, list[Judged]] = defaultdict(list)
    for one in values:
        if one.found.lesson is None:
            fields[one.field].append(one)
    tree = {field: _node(several, OVERALL, 0) for field, several in sorted(fields.items())}
    for field, node in tree.items():
        _worsen(node, worse.get(field, 1.0))
    return tree


def _worsen(node: dict[str, Any], times: float) -> None:
    """Multiply the odds of being wrong in a node and below."""
    node["share"] = _worse(node["share"], times)
    if "steps" in node:
        node["steps"] = [(number, _worse(share, times)) for number, share in node["steps"]]
    for below in node.get("under", {}).values():
        _worsen(below, times)


def _worse(share: float, times: float) -> float:
    return round(share / (share + times * (1.0 - share)), 4) if share else 0.0


def worse_elsewhere(seen: Iterable[Judged], unseen: Iterable[Judged]) -> dict[str, float]:
    """How many times more often values of each field are wrong in messages that nobody had in view, at least 1.

    Few errors tell little: each field is drawn towards all fields by `FEW` errors.
    """
    wrong: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    of: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for place, values in ((True, seen), (False, unseen)):
        for one in values:
            of[place][one.field] += 1
            wrong[place][one.field] += not one.right
    awaited = {
        field: (wrong[True][field] + OVERALL) / (of[True][field] + 2 * OVERALL) * count
        for field, count in of[False].items()
    }
    overall = sum(wrong[False].values()) / max(sum(awaited.values()), OVERALL)
    return {
        field: round(max(1.0, (wrong[False][field] + FEW * overall) / (some + FEW)), 2)
        for field, some in sorted(awaited.items())
    }


def _node(values: Sequence[Judged], above: float, depth: int) -> dict[str, Any]:
    right = sum(one.right for one in values)
    share = (right + DRAWN * above) / (len(values) + DRAWN)
    less = _error(values, share)
    node: dict[str, Any] = {"of": len(values), "right": right, "share": round(max(share - less, 0.0), 4)}
    below: dict[str, list[Judged]] = defaultdict(list)
    for one in values:
        path = list(stated.path_of(one.field, one.found, one.how))
        if depth < len(path):
            below[path[depth]].append(one)
    if below:
        node["under"] = {name: _node(several, share, depth + 1) for name, several in sorted(below.items())}
    elif steps := _steps(values, share):
        node["steps"] = [(number, round(max(one - less, 0.0), 4)) for number, one in steps]
    return node


def _error(values: Sequence[Judged], share: float) -> float:
    """The standard error of a share: of one that differs from company to company (by clusters), or of chance alone."""
    beyond: Counter[str] = Counter()
    for one in values:
        beyond[one.company] += one.right - share  # type: ignore[assignment]
    many = len(beyond) / (len(beyond) - 1) if len(beyond) > 1 else 1.0
    by_company = sqrt(many * sum(one * one for one in beyond.values())) / (len(values) + DRAWN)
    return max(by_company, sqrt(share * (1.0 - share) / (len(values) + DRAWN)))


def _steps(values: Sequence[Judged], share: float) -> list[tuple[float, float]]:
    """Shares that rise with the finders' number, each from that number on; empty where it tells nothing."""
    blocks: list[list[float]] = []  # from, values, right
    for one in sorted(values, key=lambda one: stated.weight_of(one.found)):
        number = stated.weight_of(one.found)
        if blocks and (blocks[-1][1] < STEP or blocks[-1][0] == number):
            blocks[-1][1] += 1
            blocks[-1][2] += one.right
        else:
            blocks.append([number, 1, one.right])
    if len(blocks) > 1 and blocks[-1][1] < STEP:
        _, few, right = blocks.pop()
        blocks[-1][1] += few
        blocks[-1][2] += right
    pooled: list[list[float]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and _drawn(pooled[-2], share) >= _drawn(pooled[-1], share):
            _, few, right = pooled.pop()
            pooled[-1][1] += few
            pooled[-1][2] += right
    return [(round(block[0], 3), _drawn(block, share)) for block in pooled] if len(pooled) > 1 else []


def _drawn(block: Sequence[float], share: float) -> float:
    return (block[2] + DRAWN * share) / (block[1] + DRAWN)


# -------------------------------------------------------------------------------------------------------- measuring

Stated = tuple[Judged, float]
"""A value with the confidence that is stated of it."""


def by_others(companies_: Mapping[str, Sequence[Judged]], worse: Mapping[str, float] = NONE) -> list[Stated]:
    """Every value with the confidence that the counts of all other companies give it."""
    told = []
    for name, values in companies_.items():
        tree = tree_of([one for other, several in companies_.items() if other != name for one in several], worse)
        told += with_counts(tree, values)
    return told


def with_counts(tree: Mapping[str, Any], values: Iterable[Judged]) -> list[Stated]:
    """Every value with the confidence that the counts give it."""
    return [(one, stated.share_of(tree, one.field, one.found, one.how)) for one in values]


def as_stated(values: Iterable[Judged]) -> list[Stated]:
    """Every value with the confidence that it came with."""
    return [(one, one.found.confidence) for one in values]


def table(told: Sequence[Stated]) -> str:
    """What is stated beside what is right, by bands and, from 0.9 on, by fields."""
    lines = ["", f"{'stated confidence':36}{'values':>9}{'stated':>9}{'right':>9}"]
    for low, high in pairwise(BANDS):
        lines += _row(f"{low:.2f} to {min(high, 1.0):.2f}", [pair for pair in told if low <= pair[1] < high])
    sure = [pair for pair in told if pair[1] >= SURE]
    lines += _row(f"{SURE} and more: {len(sure) / max(1, len(told)):.0%} of all", sure)
    for field in sorted({one.field for one, _ in told}):
        several = [pair for pair in told if pair[0].field == field]
        own = [pair for pair in several if pair[1] >= SURE]
        lines += _row(f"  {NAMES.get(field, field)}: {len(own) / len(several):.0%} of all", own)
    return "\n".join(lines)


def _row(name: str, told: Sequence[Stated]) -> list[str]:
    if not told:
        return []
    said = sum(share for _, share in told) / len(told)
    right = sum(one.right for one, _ in told) / len(told)
    return [f"{name:36}{len(told):9}{100 * said:9.1f}{100 * right:9.1f}"]


def main(arguments: list[str] | None = None) -> int:
    """Count, print how well it holds, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="where the counts go")
    parser.add_argument("--unseen", type=Path, nargs="+", help="folders with messages that nobody had in view")
    given = parser.parse_args(arguments)
    counted = {company.name: values_of(company) for company in companies()}
    every = [one for values in counted.values() for one in values]
    if given.unseen:
        others = {folder.name: values_of(Company(folder)) for folder in given.unseen}
        for name, values in others.items():
            apart = worse_elsewhere(every, [one for other, some in others.items() if other != name for one in some])
            sys.stdout.write(f"\n{name}, unseen{table(with_counts(tree_of(every, apart), values))}\n")
        worse = worse_elsewhere(every, [one for values in others.values() for one in values])
        UNSEEN.write_text(json.dumps(worse, indent=1, sort_keys=True) + "\n", "utf-8")
    worse = as_measured()
    sys.stdout.write(f"{table(by_others(counted, worse))}\n")
    tree = tree_of(every, worse)
    given.file.write_text(json.dumps(tree, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


def as_measured() -> dict[str, float]:
    """What `worse_elsewhere` gave when it was last measured."""
    return dict(json.loads(UNSEEN.read_text("utf-8")))


def values_of(company: Company) -> list[Judged]:
    """Every value found in the company's messages."""
    return [one for reading in company.readings() for one in judged(reading)]


if __name__ == "__main__":
    sys.exit(main())
