"""How well messages are understood: `make eval CASES=folder SCORE=path`.

``CASES`` holds ``world/`` (the CSV files of an import) and ``cases.jsonl`` (docs/jsonl.md, with what a careful person
would have filed). ``SCORE`` is a program that is called with the cases and our answers, and prints.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEBRIEF = [sys.executable, "-c", "from app.cli import main; main()"]


def main(arguments: list[str] | None = None) -> int:
    """Import, parse, score; the exit status is that of what failed, else the scorer's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", type=Path, help="the folder")
    parser.add_argument("--score", type=Path, required=True, help="the scorer, a Python program")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="handed on to the scorer, after --")
    given = parser.parse_args(arguments)
    cases = given.cases / "cases.jsonl"
    for wanted in (cases, given.cases / "world", given.score):
        if not wanted.exists():
            parser.error(f"there is no {wanted}")
    with tempfile.TemporaryDirectory(prefix="debrief-eval-") as scratch:
        answers = Path(scratch) / "answers.jsonl"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DEBRIEF_")}
        environment = {**clean, "DEBRIEF_DATABASE_URL": f"sqlite:///{scratch}/eval.db"}
        brought = subprocess.run([*DEBRIEF, "import", given.cases / "world"], env=environment, check=False)
        if brought.returncode:
            return brought.returncode
        began = time.monotonic()
        with answers.open("wb") as out:
            parsed = subprocess.run([*DEBRIEF, "parse", "--jsonl", cases], env=environment, stdout=out, check=False)
        if parsed.returncode:
            return parsed.returncode
        count = len(answers.read_text("utf-8").splitlines())
        sys.stdout.write(f"{count} messages in {time.monotonic() - began:.1f} s, start of the program included\n")
        sys.stdout.flush()
        options = given.options[1:] if given.options[:1] == ["--"] else given.options
        return subprocess.run([sys.executable, given.score, cases, answers, *options], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
