"""The mail door: a folder is watched, and each message in it is handed on until it is kept."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any, Literal, Protocol

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from sqlalchemy.exc import SQLAlchemyError

from mail_ingest.login import ANSWER_S, LoginRefusedError, connect, log_in
from mail_ingest.tokens import Tokens

log = logging.getLogger("debrief.mail")

ALIVE_S = 10
"""An IDLE is ended and begun anew this often, and the folder looked at: a connection that is open on one side only is
known by the missing answer, long before the 30 minutes of RFC 2177."""
ALIVE_ANSWER_S = 5
"""How long the end of an IDLE may go unanswered."""
BACK_OFF_S = (1, 2, 5)
"""Pauses between tries to connect; the last one goes on."""
REFUSED_S = (30, 300, 900, 1800)
"""Pauses after a refused login: many servers lock an account after five wrong passwords in half an hour."""
TOLD_AGAIN_S = 600
"""The same trouble is logged again after this long."""
ELSEWHERE_S = 5
"""How often to ask whether another process still watches a mailbox."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A folder that reps forward to. ``name`` is what an operator calls it; where there is one alone, it has none."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 993
    tls: bool = True
    folder: str = "INBOX"
    done_folder: str | None = None
    poll_s: float = 60.0
    max_size_bytes: int = 25 * 1024 * 1024
    tokens: Tokens | None = None
    """Where there are some, the login is by XOAUTH2, and the password is not used."""
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.host


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the server gave it: whole, or its header alone where it is ``too_large``."""

    raw: bytes
    arrived_at: datetime
    size_bytes: int
    too_large: bool


Take = Callable[[Fetched], None]
"""Keeps a message for good before it returns; what it raises leaves the message in the folder."""


@dataclass(frozen=True, slots=True)
class State:
    """How a mailbox is: ``elsewhere`` where another process watches it, ``refused`` where the server takes no login.

    ``says`` is the server's word for it.
    """

    name: Literal["starting", "watched", "elsewhere", "unreachable", "refused"] = "starting"
    says: str = ""


class Right(Protocol):
    """What one process has at a time (`store.lease.Lease`)."""

    def take(self) -> bool:
        """Whether it is ours now."""

    def held(self) -> bool:
        """Whether it is ours still."""

    def free(self) -> None:
        """Let others have it."""


class Watcher:
    """Hands every new message of one folder to ``take``, and marks it only after that returned.

    Where several processes watch the same one, only that which has the ``right`` does; another is there within seconds
    after it died. Two at once, which a cut network can make, would lose nothing and keep nothing twice.
    """

    def __init__(self, mailbox: Mailbox, take: Take, right: Right | None = None) -> None:
        self._mailbox, self._take, self._right = mailbox, take, right
        self._stop = Event()
        self._told_at = float("-inf")
        self._has_done_folder = False
        self.state = State()

    def __str__(self) -> str:
        return f"{self._mailbox.folder} at {self._mailbox}"

    def stop(self) -> None:
        """End `watch` soon; a message in hand is finished."""
        self._stop.set()

    def watch(self) -> None:
        """Watch until `stop`: told by the server (IDLE) where it can, by looking every ``poll_s`` where it cannot.

        A lost connection or a server that is down is logged and tried again within seconds; a refused login with
        pauses that grow to half an hour, so that the account is not locked.
        """
        try:
            while not self._stop.is_set():
                if self._is_ours():
                    self._watch_ours()
                else:
                    self._stop.wait(ELSEWHERE_S)
        finally:
            if self._right:
                self._right.free()

    def _watch_ours(self) -> None:
        """Watch as long as the right is ours."""
        failures = refusals = 0
        while not self._stop.is_set() and self._is_ours():
            try:
                with self._connected() as client:
                    refusals = 0
                    for taken, left in self._rounds(client):
                        # Only a round that took everything is a sign of health: a full disk must not be hammered.
                        failures = failures + 1 if left else 0
                        if left and not taken:
                            self._stop.wait(_nth(BACK_OFF_S, failures - 1))
            except LoginRefusedError as error:
                self._wait(State("refused", str(error)), _nth(REFUSED_S, refusals))
                refusals += 1
            except (IMAPClientError, OSError) as error:
                self._wait(State("unreachable", str(error) or type(error).__name__), _nth(BACK_OFF_S, failures))
                failures += 1
            except Exception as error:
                # An answer that no library foresaw must not end the watch.
                log.exception("mailbox %s: an answer of the server was not understood", self._mailbox)
                self._wait(State("unreachable", repr(error)), _nth(BACK_OFF_S, failures))
                failures += 1

    def _is_ours(self) -> bool:
        if self._right is None:
            return True
        try:
            ours = self._right.held() or self._right.take()
        except (SQLAlchemyError, OSError) as error:
            log.warning("mailbox %s: the database cannot be asked (%s)", self._mailbox, type(error).__name__)
            return False
        if not ours and self.state.name != "elsewhere":
            log.warning("mailbox %s: another process watches it; this one waits", self._mailbox)
            self.state = State("elsewhere")
        return ours

    def sweep(self) -> int:
        """Take what is there now, once; return how many messages could not be taken."""
        with self._connected() as client:
            return self._take_new(client)[1]

    def _wait(self, state: State, pause_s: int) -> None:
        """Note and log what is wrong, and wait before the next try."""
        now = time.monotonic()
        if state != self.state or now - self._told_at > TOLD_AGAIN_S:
            self._told_at = now
            box = self._mailbox
            if state.name == "refused":
                log.error(
                    "mailbox %s: the login of %s is refused (%s); check password or token; again in %d s, then rarely",
                    box, box.username, state.says, pause_s,
                )  # fmt: skip
            else:
                log.warning("mailbox %s: %s; again in %d s", box, state.says, pause_s)
        self.state = state
        self._stop.wait(pause_s)

    def _is_watched(self) -> None:
        if self.state.name in {"elsewhere", "unreachable", "refused"}:
            log.warning("mailbox %s: watched again", self._mailbox)
        self.state = State("watched")

    @contextmanager
    def _connected(self) -> Iterator[IMAPClient]:
        box = self._mailbox
        client = connect(box.host, box.port, tls=box.tls)
        try:
            log_in(client, box.username, box.password, box.tokens)
            self._has_done_folder = False
            client.select_folder(box.folder)
            self._is_watched()
            yield client
        except BaseException:
            client.shutdown()  # a logout would wait for an answer that does not come
            raise
        else:
            try:
                client.logout()
            except (IMAPClientError, OSError):
                log.debug("mailbox %s: the connection was gone before the logout", box)

    def _rounds(self, client: IMAPClient) -> Iterator[tuple[int, int]]:
        """After each look at the folder, how many messages were taken and left; waits for news in between."""
        can_idle = client.has_capability("IDLE")
        while not self._stop.is_set() and self._is_ours():
            taken, left = self._take_new(client)
            yield taken, left
            if taken:
                continue  # news of what came meanwhile may have been told in the answer to another command
            if can_idle:
                self._idle(client)
            else:
                self._stop.wait(self._mailbox.poll_s)
                client.noop()

    def _idle(self, client: IMAPClient) -> None:
        client.idle()
        until = time.monotonic() + ALIVE_S
        while not self._stop.is_set() and time.monotonic() < until:
            wait_s = max(0.2, min(1.0, until - time.monotonic()))
            began = time.monotonic()
            news = client.idle_check(timeout=wait_s)
            if any(len(line) > 1 and line[1] == b"EXISTS" for line in news):
                break
            if not news and time.monotonic() - began < wait_s / 2:
                # IMAPClient returns nothing at once, for ever, when the server has closed the connection.
                raise ConnectionResetError("the server closed the connection")
        client.socket().settimeout(ALIVE_ANSWER_S)
        client.idle_done()
        client.socket().settimeout(ANSWER_S)

    def _take_new(self, client: IMAPClient) -> tuple[int, int]:
        """How many messages were taken, and how many are left because they could not be."""
        taken = left = 0
        uids = sorted(client.search(["UNSEEN", "UNDELETED"]))
        for begin in range(0, len(uids), BATCH):
            for uid, known in client.fetch(uids[begin : begin + BATCH], ["RFC822.SIZE", "INTERNALDATE"]).items():
                if self._stop.is_set():
                    return taken, left
                if self._take_one(client, uid, known):
                    taken += 1
                else:
                    left += 1
        return taken, left

    def _take_one(self, client: IMAPClient, uid: int, known: dict[bytes, Any]) -> bool:
        size = known.get(b"RFC822.SIZE", 0)
        too_large = size > self._mailbox.max_size_bytes
        part = b"BODY[HEADER]" if too_large else b"BODY[]"
        # PEEK: the message stays unseen until it is kept.
        got = client.fetch([uid], [part.replace(b"BODY", b"BODY.PEEK")]).get(uid, {})
        if part not in got:
            return False  # somebody took it away meanwhile, or the server does not give it
        try:
            self._take(Fetched(got[part], _aware(known.get(b"INTERNALDATE")), size, too_large))
        except Exception:
            # Whatever it is (a full disk, a locked database), the message is not lost: it stays where it is.
            log.exception("mailbox %s: message %d was not kept, it stays in the folder", self._mailbox, uid)
            return False
        self._mark(client, uid)
        return True

    def _mark(self, client: IMAPClient, uid: int) -> None:
        client.add_flags([uid], [SEEN], silent=True)
        if self._mailbox.done_folder:
            try:
                self._move(client, uid, self._mailbox.done_folder)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                # It is kept and marked: a folder that cannot be written to is no reason to leave the next one.
                log.warning("mailbox %s: message %d was kept, not moved: %s", self._mailbox, uid, error)

    def _move(self, client: IMAPClient, uid: int, folder: str) -> None:
        if not self._has_done_folder and not client.folder_exists(folder):
            client.create_folder(folder)
        self._has_done_folder = True
        if client.has_capability("MOVE"):
            client.move([uid], folder)
            return
        client.copy([uid], folder)
        client.delete_messages([uid], silent=True)
        if client.has_capability("UIDPLUS"):
            client.expunge([uid])


def _aware(arrived: datetime | None) -> datetime:
    # IMAPClient gives INTERNALDATE as a naive time of this machine's zone.
    return arrived.astimezone(UTC) if arrived else datetime.now(UTC)


def _nth(pauses: tuple[int, ...], number: int) -> int:
    return pauses[min(number, len(pauses) - 1)]
