"""``python -m tests.bench [SECTION…]`` measures and prints tables; without a name every section."""

import argparse
from pathlib import Path

SECTIONS = ("accept", "parser", "start", "mail", "road", "slack", "taps", "api", "pages")


def main() -> None:
    """Run the sections that were named."""
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    arguments.add_argument("sections", nargs="*", choices=[*SECTIONS, []], help="what to measure")
    arguments.add_argument("--rate", type=float, default=20.0, help="Slack events a second")
    arguments.add_argument("--seconds", type=float, default=20.0, help="how long events come in")
    arguments.add_argument("--mails", type=Path, help="a folder of mails to read instead of the tests' own")
    arguments.add_argument(
        "--cases", type=Path, help="a folder with world/ and cases.jsonl instead of the sample company"
    )
    arguments.add_argument("--examples", type=int, default=100, help="how often each route of the API is tried")
    arguments.add_argument("--url", help="a database of tests.bench.big to measure pages on, instead of a new one")
    given = arguments.parse_args()
    for section in given.sections or SECTIONS:
        if section == "accept":
            from tests.bench.accept import accept  # noqa: PLC0415  # each section loads what it measures, no more

            accept(rate=given.rate, seconds=given.seconds)
        elif section == "parser":
            from tests.bench.parser import parser  # noqa: PLC0415

            parser(given.cases)
        elif section == "start":
            from tests.bench.start import start  # noqa: PLC0415

            start()
        elif section == "api":
            from tests.bench.api import api  # noqa: PLC0415

            api(given.examples)
        elif section == "slack":
            from tests.bench.slack import slack  # noqa: PLC0415

            slack()
        elif section == "taps":
            from tests.bench.taps import taps  # noqa: PLC0415

            taps(given.cases)
        elif section == "pages":
            from tests.bench.pages import pages  # noqa: PLC0415

            pages(given.url)
        elif section == "road":
            from tests.bench.road import road  # noqa: PLC0415

            road()
        else:
            from tests.bench.mail import mail  # noqa: PLC0415

            mail(given.mails)


if __name__ == "__main__":
    main()
