"""Several mailboxes, and logins by token: a real Dovecot that asks a token server whose a token is."""

import base64
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.doctor import examine
from app.settings import Settings
from letters import CourierError, Letter
from mail_ingest.courier import MailCourier, SmtpServer
from mail_ingest.login import LoginRefusedError
from mail_ingest.tokens import OAuth, TokenRefusedError, Tokens, by_command, by_http
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot, running
from tests.servers.ports import free_port, until
from tests.servers.tokens import TokenServer

MAIL = b"From: noor@varenhof.example\nMessage-ID: <%d@varenhof.example>\nSubject: Bezoek\n\nVanmiddag geweest."
PROGRAM = "import sys; sys.stdout.write(open(sys.argv[1]).read())"


@pytest.fixture
def giver() -> Iterator[TokenServer]:
    with closing(TokenServer("debrief")) as server:
        yield server


@pytest.fixture
def office(dovecot_server: Dovecot, giver: TokenServer) -> Iterator[Dovecot]:
    """A mail server that lets nobody in without a token of ``giver``."""
    with running(giver.url) as server:
        yield server


def _oauth(giver: TokenServer, **more: str) -> OAuth:
    return OAuth(**{"token_url": f"{giver.url}/token", "client_id": "debrief", "client_secret": "hush", **more})


def _box(server: Dovecot, **more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": server.port, "tls": False, "username": server.user, **more}


def _oauth_settings(giver: TokenServer, **more: str) -> dict[str, str]:
    known = {"oauth_token_url": f"{giver.url}/token", "oauth_client_id": "debrief", "oauth_client_secret": "hush"}
    return {**known, **more}


def _house(build_house: Callable[..., TestHouse], url: str, server: Dovecot, **more: Any) -> TestHouse:
    return build_house(url, mailbox=_box(server, **more))


def _sweep(house: TestHouse) -> None:
    for watcher in house.house.watchers():
        assert watcher.sweep() == 0


def _finding(house: TestHouse, what: str) -> tuple[bool, str]:
    [found] = [finding for finding in examine(house.house) if finding.what == what]
    return found.ok, found.says


# ------------------------------------------------------------------------------------------------ several mailboxes


def test_each_mailbox_is_watched(build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot) -> None:
    other = dovecot.mailbox_of(f"{dovecot.user}-be")
    boxes = {"belgium": _box(other, password=other.password, folder="INBOX")}
    house = build_house(sqlite_url, mailbox=_box(dovecot, password=dovecot.password), mailboxes=boxes)
    watchers = house.house.watchers()
    threads = [threading.Thread(target=watcher.watch, daemon=True) for watcher in watchers]
    for thread in threads:
        thread.start()
    try:
        dovecot.deliver(MAIL % 1)
        other.deliver(MAIL % 2)
        until(lambda: len(house.captures()) == 2, "both are taken")
    finally:
        for watcher in watchers:
            watcher.stop()
        for thread in threads:
            thread.join(timeout=10)
    assert [str(watcher) for watcher in watchers] == ["INBOX at 127.0.0.1", "INBOX at belgium"]
    assert _finding(house, "mailbox belgium")[0]


def test_a_mailbox_that_fails_is_named_and_keeps_no_other_waiting(
    build_house: Callable[..., TestHouse], sqlite_url: str, dovecot: Dovecot
) -> None:
    boxes = {"old": _box(dovecot, password="wrong"), "new": _box(dovecot, password=dovecot.password)}
    house = build_house(sqlite_url, mailboxes=boxes)
    ok, says = _finding(house, "mailbox old")
    assert not ok
    assert "DEBRIEF_MAILBOXES__OLD__USERNAME" in says
    assert _finding(house, "mailbox new")[0]


def test_mailboxes_are_named_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBRIEF_MAILBOX__HOST", "imap.varenhof.example")
    monkeypatch.setenv("DEBRIEF_MAILBOXES__NORTH_SEA__HOST", "imap.north.example")
    monkeypatch.setenv("DEBRIEF_MAILBOXES", '{"south": {"host": "imap.south.example", "port": 1993}}')
    settings = Settings(_env_file=None)
    assert settings.mailbox.host == "imap.varenhof.example"
    assert {name: box.host for name, box in settings.mailboxes.items()} == {
        "north_sea": "imap.north.example",
        "south": "imap.south.example",
    }


def test_a_misspelt_setting_of_a_named_mailbox_is_found(
    build_house: Callable[..., TestHouse], sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEBRIEF_MAILBOXES__NORTH_SEA__HOST", "imap.north.example")
    monkeypatch.setenv("DEBRIEF_MAILBOXES__NORTH_SEA__PASWORD", "hush")
    house = build_house(sqlite_url, empty=True)
    ok, says = _finding(house, "settings")
    assert not ok
    assert "DEBRIEF_MAILBOXES__NORTH_SEA__PASWORD: no such setting" in says
    assert "NORTH_SEA__HOST" not in says


# --------------------------------------------------------------------------------------------------------- tokens


@pytest.mark.parametrize("consent", ["consent-1", ""], ids=["refresh token", "client credentials"])
def test_a_mailbox_is_opened_by_a_token_that_is_fetched_once(
    build_house: Callable[..., TestHouse], sqlite_url: str, office: Dovecot, giver: TokenServer, consent: str
) -> None:
    more = {"oauth_refresh_token": consent, "oauth_scope": "mail"}
    house = _house(build_house, sqlite_url, office, **_oauth_settings(giver, **more))
    [watcher] = house.house.watchers()
    for number in range(3):
        office.deliver(MAIL % number)
        assert watcher.sweep() == 0
    assert len(house.captures()) == 3
    [asked] = giver.asked
    assert (asked["grant_type"], asked["scope"]) == ("refresh_token" if consent else "client_credentials", "mail")
    assert _finding(house, "mailbox")[0]


def test_a_token_that_was_revoked_is_fetched_anew(
    build_house: Callable[..., TestHouse], sqlite_url: str, office: Dovecot, giver: TokenServer
) -> None:
    house = _house(build_house, sqlite_url, office, **_oauth_settings(giver))
    office.deliver(MAIL % 1)
    [watcher] = house.house.watchers()
    watcher.sweep()
    giver.revoke()
    with pytest.raises(LoginRefusedError):
        watcher.sweep()
    watcher.sweep()
    assert len(giver.asked) == 2


def test_a_consent_that_was_withdrawn_is_a_refused_login(
    build_house: Callable[..., TestHouse], sqlite_url: str, office: Dovecot, giver: TokenServer
) -> None:
    house = _house(build_house, sqlite_url, office, **_oauth_settings(giver, oauth_refresh_token="consent-0"))
    ok, says = _finding(house, "mailbox")
    assert not ok
    assert "invalid_grant: The consent was withdrawn." in says
    assert "consent-0" not in says


def test_a_token_server_in_trouble_is_no_refusal(giver: TokenServer) -> None:
    giver.refuse = 503
    with pytest.raises(OSError, match="503"):
        Tokens(by_http(_oauth(giver))).access()
    giver.refuse = None
    assert Tokens(by_http(_oauth(giver))).access() in giver.live


def test_a_wrong_secret_is_told_without_showing_it(giver: TokenServer) -> None:
    oauth = _oauth(giver, client_secret="guessed")
    with pytest.raises(TokenRefusedError, match="invalid_client: AADSTS7000215") as refused:
        Tokens(by_http(oauth)).access()
    assert "guessed" not in str(refused.value) + repr(oauth)


def test_secrets_are_sent_by_https_alone() -> None:
    with pytest.raises(TokenRefusedError, match="no https"):
        by_http(OAuth(token_url="http://login.example/token", client_id="debrief", client_secret="hush"))()


def test_a_token_is_not_used_in_its_last_minute(giver: TokenServer) -> None:
    giver.lives_s = 0
    tokens = Tokens(by_http(_oauth(giver)))
    assert tokens.access() != tokens.access()


def test_a_mailbox_is_opened_by_a_token_that_a_command_prints(
    build_house: Callable[..., TestHouse], sqlite_url: str, office: Dovecot, giver: TokenServer, tmp_path: Path
) -> None:
    giver.live.add("printed-1")
    (tmp_path / "token").write_text("printed-1\n")
    (tmp_path / "print.py").write_text(PROGRAM)
    command = f"{sys.executable} {tmp_path}/print.py {tmp_path}/token"
    house = _house(build_house, sqlite_url, office, token_command=command)
    office.deliver(MAIL % 1)
    _sweep(house)
    assert len(house.captures()) == 1


@pytest.mark.parametrize(
    ("program", "told"),
    [("raise SystemExit('no consent')", "no consent"), ("", "status 0"), ("print('{}')", "no access_token")],
)
def test_a_command_that_prints_no_token_says_why(program: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "token.py").write_text(program)
    with pytest.raises(TokenRefusedError, match=told):
        by_command(f"{sys.executable} {tmp_path}/token.py")()


# ------------------------------------------------------------------------------------------------------ answering


class _Checked(Sink):
    """An SMTP server's memory: who logged in by what, and how many mails came."""

    def __init__(self, giver: TokenServer) -> None:
        super().__init__()
        self.giver, self.mails = giver, 0

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        if base64.b64decode(args[1]).decode() in {f"user=debrief\1auth=Bearer {one}\1\1" for one in self.giver.live}:
            return AuthResult(success=True, auth_data=LoginPassword(b"debrief", b""))
        await server.challenge_auth(b'{"status":"400"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails += bool(session.authenticated)
        return "250 OK"


def test_answers_go_out_by_a_login_with_a_token(giver: TokenServer) -> None:
    kept = _Checked(giver)
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port, auth_require_tls=False)
    controller.start()
    tokens = Tokens(by_http(_oauth(giver)))
    server = SmtpServer("127.0.0.1", "debrief@varenhof.example", port, "none", "debrief", tokens=tokens)
    letter, to = Letter(subject="Filed", text="Filed.", html="<p>Filed.</p>"), {"address": "noor@varenhof.example"}
    try:
        MailCourier(server).send("reply-1", letter, to)
        giver.revoke()
        with pytest.raises(CourierError, match="refused our login") as refused:
            MailCourier(server).send("reply-2", letter, to)
        assert not refused.value.permanent
        MailCourier(server).send("reply-2", letter, to)
    finally:
        controller.stop()
    assert kept.mails == 2
