"""``python -m tests.bench [SECTION…]`` measures and prints tables; without a name every section."""

import argparse
from importlib import import_module
from pathlib import Path

SECTIONS = ("accept", "parser", "start", "mail", "road", "slack", "taps", "api", "pages", "digests")
LONG = ("load", "soak", "migrations")
"""Only when they are named: they take minutes, or an hour."""
TAKES = {
    "accept": {"rate": "rate", "seconds": "seconds"}, "parser": {"cases": "cases"}, "taps": {"folder": "cases"},
    "mail": {"folder": "mails"}, "api": {"examples": "examples"},
    "pages": {"url": "url", "rounds": "requests", "page_s": "page_seconds", "page": "write", "only": "only"},
    "digests": {"url": "url"},
    "load": {"seconds": "seconds", "visits": "visits", "only": "only", "page": "write"},
    "migrations": {"url": "url"},
    "soak": {"minutes": "minutes", "workers": "workers", "every_s": "every", "page": "write"},
}  # fmt: skip
"""What each section's function takes, and which option that is."""


def main() -> None:
    """Run the sections that were named."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument("sections", nargs="*", choices=[*SECTIONS, *LONG, []], help="what to measure")
    arguments.add_argument("--rate", type=float, default=20.0, help="Slack events a second")
    arguments.add_argument("--seconds", type=float, default=20.0, help="how long events come in")
    arguments.add_argument("--mails", type=Path, help="a folder of mails to read instead of the tests' own")
    arguments.add_argument(
        "--cases", type=Path, help="a folder with world/ and cases.jsonl instead of the sample company"
    )
    arguments.add_argument("--examples", type=int, default=100, help="how often each route of the API is tried")
    arguments.add_argument("--url", help="a database of tests.bench.big to measure on, instead of a new one")
    arguments.add_argument("--visits", type=int, default=100_000, help="how many the large house has (load)")
    arguments.add_argument("--only", default="", help="a part of the names of what to measure (load, pages)")
    arguments.add_argument("--minutes", type=float, default=60.0, help="how long half load lasts (soak)")
    arguments.add_argument("--workers", type=int, default=2, help="processes; 0 is one on SQLite (soak)")
    arguments.add_argument("--every", type=float, default=30.0, help="seconds between two looks (soak)")
    arguments.add_argument("--write", type=Path, metavar="PAGE", help="write the table there, too (load, soak, pages)")
    arguments.add_argument("--requests", type=int, default=20, help="how often each page is asked for")
    arguments.add_argument("--page-seconds", type=float, default=10.0, help="how long a page is asked for at the most")
    given = arguments.parse_args()
    for section in given.sections or SECTIONS:
        # Each section loads what it measures, no more.
        measure = getattr(import_module(f"tests.bench.{section}"), section)
        measure(**{name: getattr(given, option) for name, option in TAKES.get(section, {}).items()})


if __name__ == "__main__":
    main()
