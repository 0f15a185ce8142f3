"""`debrief doctor`: what is set up, what works, and what to do where it does not."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from importlib.resources import files

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app.settings import Settings
from app.wiring import House, slack_app
from store.db import sqlite_module
from store.migrate import pending
from store.tables import Account, Rep

CLOCK_S = 120
"""Slack refuses requests, and we refuse Slack's, that are five minutes off (docs.slack.dev, verifying requests)."""
TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``says`` ends with what to do where it is not ``ok``."""

    ok: bool
    what: str
    says: str


def examine(house: House) -> Iterator[Finding]:
    """Look at each part in turn; a part that is not set up is no fault."""
    looks: tuple[tuple[str, Callable[[House], Finding]], ...] = (
        ("database", _database),
        ("jobs", _jobs),
        ("slack", _slack),
        ("mailbox", _mailbox),
        ("smtp", _smtp),
    )
    for what, look in looks:
        try:
            yield look(house)
        except (SQLAlchemyError, OSError, IMAPClientError, smtplib.SMTPException, SlackClientError) as error:
            yield Finding(False, what, f"{getattr(error, 'orig', None) or error}")


def _database(house: House) -> Finding:
    if pending(house.db):
        return Finding(False, "database", f"{house.db.place} is not set up for this release; run `debrief migrate`")
    with house.db.read() as tx:
        reps, accounts = len(tx.scalars(select(Rep.id)).all()), len(tx.scalars(select(Account.id)).all())
        engine = tx.get_bind().dialect.name
        version = sqlite_module().sqlite_version if engine == "sqlite" else tx.scalar(text("show server_version"))
    if not reps:
        return Finding(False, "database", f"{house.db.place} knows nobody yet; run `debrief import FOLDER`")
    return Finding(True, "database", f"{house.db.place}, {engine} {version}, {reps} people, {accounts} accounts")


def _jobs(house: House) -> Finding:
    shelved = house.jobs.shelf()
    if shelved:
        return Finding(
            False, "jobs", f"{len(shelved)} gave up; look with `debrief shelf list`, then `debrief shelf replay`"
        )
    return Finding(True, "jobs", f"{house.jobs.waiting()} waiting, none gave up")


def _slack(house: House) -> Finding:
    slack = house.settings.slack
    if slack.bot_token is None:
        return Finding(True, "slack", "not set up (DEBRIEF_SLACK__BOT_TOKEN)")
    if slack.app_token is None and slack.signing_secret is None:
        return Finding(False, "slack", "set DEBRIEF_SLACK__SIGNING_SECRET, or DEBRIEF_SLACK__APP_TOKEN for sockets")
    try:
        answer = slack_app(house.settings).client().auth_test()
    except SlackApiError as error:
        reason = error.response["error"]
        return Finding(False, "slack", f"{reason}: install the app again, set DEBRIEF_SLACK__BOT_TOKEN")
    missing = wanted_scopes() - set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    if missing:
        return Finding(False, "slack", f"scopes missing: {', '.join(sorted(missing))}; install the app again")
    late = _clock_off_s(answer.headers.get("date"), house.clock())
    if late is not None and abs(late) > CLOCK_S:
        return Finding(False, "clock", f"this machine's clock is {late:+.0f} s off Slack's; set it by NTP")
    return Finding(
        True, "slack", f"{answer['team']}, as {answer['user']}, {'sockets' if slack.app_token else 'HTTP events'}"
    )


def wanted_scopes() -> set[str]:
    """The bot scopes of bot/manifest.yaml."""
    lines = files("bot").joinpath("manifest.yaml").read_text("utf-8").splitlines()
    begin = lines.index("    bot:") + 1
    scopes = set()
    for line in lines[begin:]:
        if not line.strip().startswith("- "):
            break
        scopes.add(line.strip().removeprefix("- "))
    return scopes


def _clock_off_s(date: str | None, now: datetime) -> float | None:
    return (now - parsedate_to_datetime(date)).total_seconds() if date else None


def _mailbox(house: House) -> Finding:
    box = house.settings.mailbox
    if box.host is None:
        return Finding(True, "mailbox", "not set up (DEBRIEF_MAILBOX__HOST)")
    with IMAPClient(box.host, port=box.port, ssl=box.tls, timeout=TIMEOUT_S) as client:
        try:
            client.login(box.username, box.password.get_secret_value())
        except LoginError as error:
            return Finding(False, "mailbox", f"{error}; check DEBRIEF_MAILBOX__USERNAME and __PASSWORD")
        if not client.folder_exists(box.folder):
            return Finding(False, "mailbox", f"there is no folder {box.folder!r}; set DEBRIEF_MAILBOX__FOLDER")
        client.select_folder(box.folder, readonly=True)
        new, idle = len(client.search(["UNSEEN"])), client.has_capability("IDLE")
    return Finding(True, "mailbox", f"{box.host}, {new} not taken yet, {'told at once (IDLE)' if idle else 'polled'}")


def _smtp(house: House) -> Finding:
    settings: Settings = house.settings
    smtp = settings.smtp
    if smtp.host is None:
        if settings.mailbox.host:
            return Finding(False, "smtp", "mails are taken in but none is answered; set DEBRIEF_SMTP__HOST")
        return Finding(True, "smtp", "not set up (DEBRIEF_SMTP__HOST)")
    kind = smtplib.SMTP_SSL if smtp.tls == "tls" else smtplib.SMTP
    with kind(smtp.host, smtp.port, timeout=TIMEOUT_S) as server:
        if smtp.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if smtp.username:
            server.login(smtp.username, smtp.password.get_secret_value())
        server.noop()
    return Finding(True, "smtp", f"{smtp.host}, answers come from {smtp.sender}")
