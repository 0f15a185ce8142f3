"""Commands that run on end at once and whole when they are told to; doctor finds what they would stumble on."""

import json
import signal
import sqlite3
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from app.doctor import wanted_scopes
from app.sample import HERE
from tests.app.conftest import Ended, Process
from tests.servers.ports import free_port, until
from tests.servers.slack import SlackServer, load_manifest
from tests.servers.smtp import SmtpServer

Debrief = Callable[..., Ended]
Start = Callable[..., Process]
MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"


@pytest.mark.slow
def test_the_whole_house_ends_cleanly_amid_its_work_and_goes_on_where_it_was(start: Start, sqlite_url: str) -> None:
    port = free_port()
    settings = {"DEBRIEF_DATABASE_URL": sqlite_url, "DEBRIEF_PORT": str(port)}
    first = start(["run", "--sample"], settings)
    first.says(f"open http://127.0.0.1:{port}/")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=10) as answer:
        assert {"status": "ready"} == json.load(answer)
    assert 0 == first.ends(signal.SIGINT), first.output
    filled, opened = first.output.splitlines()
    assert filled.startswith("filled with the sample company: ")
    assert f"open http://127.0.0.1:{port}/" == opened
    again = start(["run", "--sample"], settings)
    until(lambda: again.popen.poll() is not None or not unfinished(sqlite_url), "every message is filed", 60)
    assert 0 == again.ends(signal.SIGTERM), again.output
    assert [f"open http://127.0.0.1:{port}/"] == again.output.splitlines()


def unfinished(url: str) -> int:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        [(count,)] = connection.execute("select count(*) from captures where state = 'taken'")
    connection.close()
    return int(count)


def test_a_socket_that_slack_refuses_is_one_line(start: Start, sqlite_url: str, debrief: Debrief) -> None:
    assert 0 == debrief("migrate").status
    with SlackServer(load_manifest(MANIFEST)) as slack:
        settings = {
            "DEBRIEF_DATABASE_URL": sqlite_url,
            "DEBRIEF_PORT": "0",
            "DEBRIEF_SLACK__BOT_TOKEN": slack.bot_token,
            "DEBRIEF_SLACK__APP_TOKEN": "xapp-wrong",
            "DEBRIEF_SLACK__API_URL": slack.base_url,
        }
        serve = start(["serve"], settings)
        assert 2 == serve.popen.wait(timeout=40)
    assert "debrief: Slack opened no socket: invalid_auth; check DEBRIEF_SLACK__APP_TOKEN" in serve.output
    assert "Traceback" not in serve.output


# ------------------------------------------------------------------------------------------------------------ doctor


def test_doctor_is_content_with_a_house_that_is_set_up(debrief: Debrief) -> None:
    debrief("import", Path(str(HERE)))
    ended = debrief("doctor")
    assert 0 == ended.status
    assert all(line.startswith("ok   ") for line in ended.out.splitlines())
    assert "4 colleagues, 45 accounts" in ended.out


def test_doctor_says_what_to_do_first(debrief: Debrief) -> None:
    assert "run `debrief migrate`" in debrief("doctor").out
    debrief("migrate")
    ended = debrief("doctor", PROT="8000")
    assert 1 == ended.status
    assert "FAIL people: nobody is known yet; run `debrief import FOLDER`" in ended.out
    assert "FAIL settings: DEBRIEF_PROT: no such setting; did you mean DEBRIEF_PORT?" in ended.out


def test_doctor_names_servers_that_cannot_be_reached(debrief: Debrief) -> None:
    port = str(free_port())
    ended = debrief(
        "doctor",
        DATABASE_URL=f"postgresql://u:p@127.0.0.1:{port}/n",
        MAILBOX__HOST="127.0.0.1",
        MAILBOX__PORT=port,
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=port,
        SLACK__BOT_TOKEN="xoxb-1",
        SLACK__SIGNING_SECRET="s",
        SLACK__API_URL=f"http://127.0.0.1:{port}/api/",
    )
    assert 1 == ended.status
    failed = [line for line in ended.out.splitlines() if line.startswith("FAIL")]
    assert ["database", "slack", "mailbox", "smtp"] == [line.split()[1].rstrip(":") for line in failed]
    assert all("Connection refused" in line for line in failed)
    assert "check DEBRIEF_MAILBOX__HOST" in failed[2]
    assert "" == ended.err


def test_doctor_says_when_mail_is_taken_in_and_none_answered(debrief: Debrief) -> None:
    ended = debrief("doctor", MAILBOX__HOST="127.0.0.1", MAILBOX__PORT=str(free_port()))
    assert "FAIL smtp: mails are taken in but none is answered; set DEBRIEF_SMTP__HOST" in ended.out


def test_doctor_asks_the_mail_server(debrief: Debrief, smtp: SmtpServer) -> None:
    reached = {"SMTP__HOST": "127.0.0.1", "SMTP__PORT": str(smtp.port)}
    assert "ok   smtp: 127.0.0.1, answers come from" in debrief("doctor", **reached, SMTP__TLS="none").out
    assert "FAIL smtp: 127.0.0.1, port" in debrief("doctor", **reached).out, "it offers no STARTTLS"


@pytest.mark.parametrize("sockets", [False, True])
def test_doctor_asks_slack(debrief: Debrief, sockets: bool) -> None:
    with SlackServer(load_manifest(MANIFEST)) as slack:
        more = {"SLACK__APP_TOKEN": slack.app_token} if sockets else {"SLACK__SIGNING_SECRET": slack.signing_secret}
        settings = {"SLACK__BOT_TOKEN": slack.bot_token, "SLACK__API_URL": slack.base_url, **more}
        assert "ok   slack: " in debrief("doctor", **settings).out
        wrong = debrief("doctor", **{**settings, "SLACK__BOT_TOKEN": "xoxb-wrong"})
        assert "FAIL slack: Slack says invalid_auth; check DEBRIEF_SLACK__BOT_TOKEN" in wrong.out
        if sockets:
            wrong = debrief("doctor", **{**settings, "SLACK__APP_TOKEN": "xapp-wrong"})
            assert "FAIL slack: Slack says invalid_auth; check DEBRIEF_SLACK__APP_TOKEN" in wrong.out


def test_doctor_names_scopes_that_are_missing(debrief: Debrief) -> None:
    manifest = load_manifest(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read.email")
    with SlackServer(manifest) as slack:
        ended = debrief(
            "doctor",
            SLACK__BOT_TOKEN=slack.bot_token,
            SLACK__SIGNING_SECRET=slack.signing_secret,
            SLACK__API_URL=slack.base_url,
        )
    assert "FAIL slack: scopes missing: users:read.email; add them, install the app again" in ended.out
    assert "users:read.email" in wanted_scopes()
