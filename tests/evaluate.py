"""How well messages are understood: `make eval`, or `make eval CASES=folder [SCORE=path]`.

Without ``CASES`` over our own companies (tests/companies). ``CASES`` holds ``world/`` (the CSV files of an import) and
``cases.jsonl`` (docs/jsonl.md, with what a careful person would have filed). ``SCORE`` is a program that is called with
the cases and the answers of the commands `debrief import` and `debrief parse --jsonl`, and prints; without it the
figures are those of tests/scoring.py.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests import calibrate
from tests.cases import Company, Reading, companies
from tests.scoring import Tally, score

DEBRIEF = [sys.executable, "-c", "from app.cli import main; main()"]
FIRST = ("zero touch", "account")
"""Figures that head a table; the others follow by name."""


def main(arguments: list[str] | None = None) -> int:
    """Parse, score, print; the exit status is that of what failed, else the scorer's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, nargs="?", help="the folder; our own companies without one")
    parser.add_argument("--score", type=Path, help="another scorer, a Python program")
    parser.add_argument("--show", metavar="FIGURE", help="print what this figure missed, a line each")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="handed on to the other scorer, after --")
    given = parser.parse_args(arguments)
    if given.cases is None:
        print_figures(companies(), given.show)
        return 0
    for wanted in (given.cases / "cases.jsonl", given.cases / "world", given.score):
        if wanted is not None and not wanted.exists():
            parser.error(f"there is no {wanted}")
    if given.score is None:
        print_figures([Company(given.cases)], given.show)
        return 0
    return by_the_commands(given.cases, given.score, given.options[given.options[:1] == ["--"] :])


def print_figures(some: Sequence[Company], show: str | None = None) -> None:
    """The tables of figures, by company and by language; with ``show`` what that figure missed, too."""
    began = time.monotonic()
    readings = {company.name: list(company.readings()) for company in some}
    every = [one for several in readings.values() for one in several]
    said(f"{len(every)} messages of {len(some)} companies in {time.monotonic() - began:.1f} s")
    groups = {"all": every}
    if len(some) > 1:
        groups |= readings
    said(table({name: score_of(several) for name, several in groups.items()}))
    spoken = {str(one.case.get("lang", "?")) for one in every}
    said(table({lang: score_of(one for one in every if one.case.get("lang", "?") == lang) for lang in sorted(spoken)}))
    values = {name: [value for one in several for value in calibrate.judged(one)] for name, several in readings.items()}
    told = (
        calibrate.by_others(values, calibrate.as_measured())
        if len(some) > 1
        else calibrate.as_stated(values[some[0].name])
    )
    said(calibrate.table(told))
    said(questions(every))
    if show:
        for missed in score_of(every).missed[show]:
            said(json.dumps(missed, ensure_ascii=False, default=str))


def questions(readings: Sequence[Reading]) -> str:
    """In how many messages an account would be asked for, and how often in one."""
    asked = [sum(not (visit["account"]) for visit in one.answer["visits"]) for one in readings]
    share = sum(count > 0 for count in asked) / max(1, len(asked))
    return f"\nasked which account: in {share:.1%} of the messages"


def score_of(readings: Iterable[Reading]) -> Tally:
    """The tally of what was read."""
    several = list(readings)
    return score([{**one.case, "id": one.name} for one in several], {one.name: one.answer for one in several})


def table(tallies: Mapping[str, Tally]) -> str:
    """Figures down, groups across, in per cent."""
    figures = {name: tally.figures() for name, tally in tallies.items()}
    names = sorted({figure for some in figures.values() for figure in some})
    names.sort(key=lambda name: next((rank for rank, first in enumerate(FIRST) if name == first), len(FIRST)))
    width = max(7, *(len(name) + 2 for name in figures))
    lines = [f"{'per cent':36}" + "".join(f"{name:>{width}}" for name in figures)]
    for name in names:
        shares = (f"{100 * some[name]:.1f}" if name in some else "-" for some in figures.values())
        lines.append(f"{name:36}" + "".join(f"{share:>{width}}" for share in shares))
    return "\n".join(["", *lines])


def said(text: str) -> None:
    """Print, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def by_the_commands(folder: Path, scorer: Path, options: Sequence[str]) -> int:
    """Import the world into a database of its own, let the command parse, and call the scorer."""
    cases = folder / "cases.jsonl"
    with tempfile.TemporaryDirectory(prefix="debrief-eval-") as scratch:
        answers = Path(scratch) / "answers.jsonl"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
        environment = {**clean, "DEBRIEF_DATABASE_URL": f"sqlite:///{scratch}/eval.db"}
        brought = subprocess.run([*DEBRIEF, "import", folder / "world"], env=environment, check=False)
        if brought.returncode:
            return brought.returncode
        began = time.monotonic()
        with answers.open("wb") as out:
            parsed = subprocess.run([*DEBRIEF, "parse", "--jsonl", cases], env=environment, stdout=out, check=False)
        if parsed.returncode:
            return parsed.returncode
        count = len(answers.read_text("utf-8").splitlines())
        said(f"{count} messages in {time.monotonic() - began:.1f} s, start of the program included")
        return subprocess.run([sys.executable, scorer, cases, answers, *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
