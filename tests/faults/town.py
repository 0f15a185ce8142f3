"""A process with everything around it: reps in Slack and at their mail, and what they say."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from app.settings import Settings
from app.wiring import House, build
from capture.importing import import_folder
from store.migrate import migrate
from tests.servers.dovecot import Dovecot
from tests.servers.process import DebriefRun
from tests.servers.slack import SlackServer, User, load_manifest
from tests.servers.smtp import SmtpServer

ROOT = Path(__file__).parents[2]
PLACES = (
    "Zuivelhuis Terwolde", "Brouwerij De Kraanvogel", "Slagerij Hofstra", "Hofstra Koeltechniek", "Molkerei Auerbach",
)  # fmt: skip


@dataclass
class Town:
    """``house`` looks into the database from outside; ``run`` is the process that works on it, or takes messages in.

    ``other`` makes another process of the same house: ``serve``, ``worker``, ``ingest``.
    """

    run: DebriefRun
    house: House
    slack: SlackServer
    reps: list[User]
    dovecot: Dovecot | None
    smtp: SmtpServer
    other: Callable[[str], DebriefRun]


class TimedSmtp(SmtpServer):
    """Notes which letter came when, in monotonic seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[str, float]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if answer.startswith("250"):
            self.came.append((str(self.mails[-1]["X-Debrief-Letter"]), session.loop.time()))
        return answer


@contextmanager
def town(
    folder: Path,
    *,
    reps: int = 10,
    url: str | None = None,
    dovecot: Dovecot | None = None,
    command: str = "run",
    within: Sequence[str] = (),
    **more: object,
) -> Iterator[Town]:
    """A company of so many reps; ``url`` is its database (SQLite in ``folder`` unless given), ``more`` are settings.

    With no reps it is the company that the database has already. ``command`` is that of the process which Slack knows;
    ``within`` what its processes are started by.
    """
    url = url or f"sqlite:///{folder}/debrief.db"
    with ExitStack() as ending:
        slack = ending.enter_context(SlackServer(load_manifest(ROOT / "bot" / "manifest.yaml")))
        smtp = TimedSmtp()
        smtp.start()
        ending.callback(smtp.stop)
        settings: dict[str, Any] = {
            "DATABASE_URL": url, "LOG_LEVEL": "WARNING", "SLACK__BOT_TOKEN": slack.bot_token,
            "SLACK__SIGNING_SECRET": slack.signing_secret, "SLACK__API_URL": slack.base_url,
            "SMTP__HOST": "127.0.0.1", "SMTP__PORT": smtp.port, "SMTP__TLS": "none",
            "SMTP__SENDER": "debrief@varenhof.example",
        }  # fmt: skip
        if dovecot is not None:
            settings |= {
                "MAILBOX__HOST": "127.0.0.1", "MAILBOX__PORT": dovecot.port, "MAILBOX__TLS": "false",
                "MAILBOX__USERNAME": dovecot.user, "MAILBOX__PASSWORD": dovecot.password, "MAILBOX__POLL_S": 2,
                "MAILBOX__REQUIRE_PROOF": False,
            }  # fmt: skip
        house = build(Settings(_env_file=None, database_url=url))
        ending.callback(house.close)
        migrate(house.db)
        house.jobs.prepare()
        if reps:
            import_folder(house.db, _company(folder, reps), datetime.now(UTC))

        def process(command: str) -> DebriefRun:
            made = DebriefRun(folder, settings | more, command, within)
            ending.callback(made.kill)
            return made

        run = process(command)
        slack.events_url = f"{run.url}/slack/events"
        people = [slack.add_user(f"Rep {n}", address(n), id=_slack_id(n)) for n in range(reps)]
        yield Town(run, house, slack, people, dovecot, smtp, process)


def _company(folder: Path, reps: int) -> Path:
    company = folder / "company"
    shutil.copytree(ROOT / "tests" / "house", company)
    with (company / "reps.csv").open("a", newline="") as file:
        rows = csv.writer(file)
        for n in range(reps):
            rows.writerow(
                [address(n), f"Rep Nummer{n}", _slack_id(n), "rep", "Noord", "bas@varenhof.example", "nl",
                 "Europe/Amsterdam"]
            )  # fmt: skip
    return company


def address(n: int) -> str:
    """The mail address of the ``n``th rep."""
    return f"rep{n}@varenhof.example"


def _slack_id(n: int) -> str:
    return f"U0REP{n:04}"


def report(n: int) -> str:
    """What a rep reports: one visit, in words of its own."""
    return f"Vanmiddag bij {PLACES[n % len(PLACES)]} langs geweest, offerte {n + 1000} besproken."


def mail(n: int, rep: int) -> bytes:
    """The same as a mail."""
    now = datetime.now(UTC)
    return (
        f"From: Rep Nummer{rep} <{address(rep)}>\nTo: debrief@varenhof.example\nSubject: Bezoek {n}\n"
        f"Date: {now:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <report-{n}@varenhof.example>\n"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{report(n)}\n"
    ).encode()


def slack_events(
    town: Town, numbers: range, says: Callable[[int], str] = report, reps: Sequence[User] = ()
) -> list[dict[str, Any]]:
    """The events of messages that reps, one after the other, have just written to the app in Slack."""
    reps = reps or town.reps
    with town.slack.holding() as held:
        for n in numbers:
            town.slack.human(reps[n % len(reps)]).says(says(n))
    return held
