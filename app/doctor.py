"""`debrief doctor`: what is set up, what works, and what to do where it does not."""

import logging
import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from email.utils import parsedate_to_datetime
from functools import partial
from importlib.resources import files

from imapclient.exceptions import IMAPClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.house_key import ADOPT
from app.mailing import mailboxes, smtp_server
from app.refusals import reason
from app.settings import Settings, every_setting, given_names
from app.wiring import House, slack_app
from mail_ingest.courier import connected
from mail_ingest.login import LoginRefusedError, connect, log_in
from mail_ingest.mailbox import Mailbox
from mail_ingest.senders import SenderRules
from mail_ingest.tokens import TokenRefusedError
from store import captures, inbox, signs
from store.db import sqlite_module
from store.tables import Account, Rep

CLOCK_S = 120
"""Slack refuses requests, and we refuse Slack's, that are five minutes off (docs.slack.dev, verifying requests)."""
REFUSED = 5
"""Mails to contacts that are refused in one day for their sender or content, from which on it is no accident."""
LEFT_LYING = 7
"""Days after which a message that needs a person was overlooked."""
_MAILBOXES = re.compile(r"^DEBRIEF_MAILBOXES__.+?__(?=[A-Z])")
"""What is said of a mailbox by its name is said of it as of the one without."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``says`` ends with what to do where it is not ``ok``."""

    ok: bool
    what: str
    says: str


class NotReachedError(Exception):
    """A server cannot be reached; the text says where, why and which settings to look at."""


def examine(house: House) -> Iterator[Finding]:
    """Look at each part in turn; a part that is not set up is no fault."""
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)  # what it cannot reach is told here, once
    yield _names(house.settings)
    database = _looked("database", house, _database)
    yield database
    if database.ok:  # the job engine waits for ever for a database that is down
        yield _looked("people", house, _people)
        yield _looked("jobs", house, _jobs)
        yield _looked("house", house, _ours)
        yield _looked("inbox", house, _inbox)
    yield _looked("slack", house, _slack)
    boxes = mailboxes(house.settings)
    if not boxes:
        yield Finding(True, "mailbox", "not set up (DEBRIEF_MAILBOX__HOST)")
    for box, _ in boxes:
        yield _looked(_called(box), house, partial(_mailbox, box=box))
    if database.ok and boxes:
        yield _looked("senders", house, _senders)
        yield _looked("bounces", house, bounces)
    yield _looked("smtp", house, _smtp)


def _looked(what: str, house: House, look: Callable[[House], Finding]) -> Finding:
    try:
        return look(house)
    except (NotReachedError, SQLAlchemyError, OSError, IMAPClientError, smtplib.SMTPException) as error:
        return Finding(False, what, reason(error))


@contextmanager
def _reaching(host: str, port: int, settings: str) -> Iterator[None]:
    try:
        yield
    except (OSError, IMAPClientError, smtplib.SMTPException) as error:
        raise NotReachedError(f"{host}, port {port}: {reason(error)}; check {settings}") from error


def _names(settings: Settings) -> Finding:
    known = {setting.name for setting in every_setting()}
    unknown = sorted(name for name in given_names(settings) if _MAILBOXES.sub("DEBRIEF_MAILBOX__", name) not in known)
    if unknown:
        near = get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {near[0]}?" if near else "docs/settings.md has them all"
        return Finding(False, "settings", f"{', '.join(unknown)}: no such setting; {hint}")
    return Finding(True, "settings", f"{len(known)} known, none misspelt")


def _database(house: House) -> Finding:
    if not house.is_set_up():
        return Finding(False, "database", f"{house.db.place} is not set up for this release; run `debrief migrate`")
    with house.db.read() as tx:
        engine = tx.get_bind().dialect.name
        version = sqlite_module().sqlite_version if engine == "sqlite" else tx.scalar(text("show server_version"))
    return Finding(True, "database", f"{house.db.place}, {engine} {version}")


def _ours(house: House) -> Finding:
    fits = house.key.fits()
    if fits is False:
        return Finding(False, "house", f"nobody is written to: {ADOPT}")
    return Finding(True, "house", "the database is this house's own" if fits else "nobody was written to yet")


def _people(house: House) -> Finding:
    with house.db.read() as tx:
        reps, accounts = (tx.scalar(select(func.count(table.id))) or 0 for table in (Rep, Account))
    if not reps:
        return Finding(False, "people", "nobody is known yet; run `debrief import FOLDER`")
    return Finding(True, "people", f"{reps} colleagues, {accounts} accounts")


def _inbox(house: House) -> Finding:
    """What needs a person; that nobody looks at it for a week is a fault."""
    with house.db.read() as tx:
        found, since = inbox.counts(tx, house.clock()), inbox.oldest(tx, house.clock())
    if not found or since is None:
        return Finding(True, "inbox", "nothing needs a person")
    told = ", ".join(f"{count} {inbox.KINDS[kind]}" for kind, count in found.items())
    waited = (house.clock() - since).days
    return Finding(waited < LEFT_LYING, "inbox", f"{told}; the oldest since {since:%Y-%m-%d}; see the page Inbox")


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
    answer = _asked_of_slack(house.settings)
    missing = wanted_scopes() - set(str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(","))
    if missing:
        return Finding(False, "slack", f"scopes missing: {', '.join(sorted(missing))}; add them, install the app again")
    late = _clock_off_s(answer.headers.get("date"), house.clock())
    if late is not None and abs(late) > CLOCK_S:
        return Finding(False, "clock", f"this machine's clock is {late:+.0f} s off Slack's; set it by NTP")
    return Finding(
        True, "slack", f"{answer['team']}, as {answer['user']}, {'sockets' if slack.app_token else 'HTTP events'}"
    )


def _asked_of_slack(settings: Settings) -> SlackResponse:
    """Slack's answer to auth.test, after a look at the app token where there is one."""
    client, app_token, asked = slack_app(settings).client(), settings.slack.app_token, "DEBRIEF_SLACK__BOT_TOKEN"
    try:
        answer: SlackResponse = client.auth_test()
        if app_token:
            asked = "DEBRIEF_SLACK__APP_TOKEN"
            client.apps_connections_open(app_token=app_token.get_secret_value())
    except SlackApiError as error:
        raise NotReachedError(f"Slack says {error.response['error']}; check {asked}") from error
    except (SlackClientError, OSError) as error:
        raise NotReachedError(f"{settings.slack.api_url} cannot be reached: {reason(error)}") from error
    return answer


def wanted_scopes() -> set[str]:
    """The bot scopes of bot/manifest.yaml."""
    lines = files("bot").joinpath("manifest.yaml").read_text("utf-8").splitlines()
    begin = lines.index("    bot:") + 1
    scopes = set()
    for line in lines[begin:]:
        if not line.strip().startswith("- "):
            break
        scopes.add(line.partition("#")[0].strip().removeprefix("- "))
    return scopes


def _clock_off_s(date: str | None, now: datetime) -> float | None:
    return (now - parsedate_to_datetime(date)).total_seconds() if date else None


def _mailbox(house: House, box: Mailbox) -> Finding:  # noqa: ARG001  # each look is given the house
    name = _called(box)
    settings = f"DEBRIEF_MAILBOXES__{box.name.upper()}__" if box.name else "DEBRIEF_MAILBOX__"
    where = f"{settings}HOST, __PORT and __TLS"
    with _reaching(box.host, box.port, where), connect(box.host, box.port, tls=box.tls) as client:
        try:
            log_in(client, box.username, box.password, box.tokens)
        except LoginRefusedError as error:
            what = "its OAUTH_ and TOKEN_ settings" if box.tokens else f"{settings}USERNAME and __PASSWORD"
            return Finding(False, name, f"{reason(error)}; check {what}")
        if not client.folder_exists(box.folder):
            return Finding(False, name, f"there is no folder {box.folder!r}; set {settings}FOLDER")
        client.select_folder(box.folder, readonly=True)
        new, idle = len(client.search(["UNSEEN"])), client.has_capability("IDLE")
    return Finding(True, name, f"{box.host}, {new} not taken yet, {'told at once (IDLE)' if idle else 'polled'}")


def _called(box: Mailbox) -> str:
    return f"mailbox {box.name}".strip()


def _senders(house: House) -> Finding:
    """Whose mails are believed; those that registered senders could not prove say which setting is missing."""
    told = {_proof(rules): rules.required for _, rules in mailboxes(house.settings)}
    with house.db.read() as tx:
        forged = captures.in_states(tx, ("forged",)) if any(told.values()) else []
    if forged:
        last = f"the last one by {forged[0].sender}: {forged[0].problem}"
        do = "see `debrief held list`; if they are true, set DEBRIEF_MAILBOX__AUTHSERV_ID or __TRUSTED_DOMAINS"
        return Finding(False, "senders", f"{len(forged)} mails did not prove their sender, {last}; {do}")
    return Finding(True, "senders", "; ".join(told))


def bounces(house: House) -> Finding:
    """Mails to contacts that were refused for what they are: that says something of our sending, not of the contact."""
    today = house.clock().date()
    with house.db.read() as tx:
        many = {day: signs.refused(tx, day) for day in (today - timedelta(days=1), today)}
    told = ", ".join(f"{count} on {day}" for day, count in many.items())
    says = f"refused for their sender or content: {told}"
    if max(many.values()) < REFUSED:
        return Finding(True, "bounces", says)
    return Finding(False, "bounces", f"{says}; look at SPF, DKIM, blocklists and at what the mailing says")


def _proof(rules: SenderRules) -> str:
    if not rules.required:
        return "every mail is taken to be from whom it names (DEBRIEF_MAILBOX__REQUIRE_PROOF)"
    proof = f"Authentication-Results of {rules.authserv_id}, or by DKIM" if rules.authserv_id else "DKIM"
    trusted = f", no proof from {', '.join(sorted(rules.trusted_domains))}" if rules.trusted_domains else ""
    return f"proved by {proof}{trusted}"


def _smtp(house: House) -> Finding:
    settings: Settings = house.settings
    server = smtp_server(settings)
    if server is None:
        if mailboxes(settings):
            return Finding(False, "smtp", "mails are taken in but none is answered; set DEBRIEF_SMTP__HOST")
        return Finding(True, "smtp", "not set up (DEBRIEF_SMTP__HOST)")
    with _reaching(server.host, server.port, "DEBRIEF_SMTP__HOST, __PORT and __TLS"):
        try:
            with connected(server) as smtp:
                smtp.noop()
        except (smtplib.SMTPAuthenticationError, TokenRefusedError) as error:
            what = "its OAUTH_ and TOKEN_ settings" if server.tokens else "DEBRIEF_SMTP__USERNAME and __PASSWORD"
            return Finding(False, "smtp", f"{reason(error)}; check {what}")
    return Finding(True, "smtp", f"{server.host}, answers come from {server.sender}")
