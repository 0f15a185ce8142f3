"""The mail door: a folder is watched, and each message in it is handed on until it is kept."""

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

log = logging.getLogger("debrief.mail")

TIMEOUT_S = 30
IDLE_S = 240
"""RFC 2177 lets a server end an IDLE after 30 minutes; many routers forget a silent connection after five."""
BACK_OFF_S = (1, 2, 5, 10, 15)
"""Pauses between tries to connect; the last one goes on."""
BATCH = 50


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The folder that reps forward to."""

    host: str
    username: str
    password: str = field(repr=False)
    port: int = 993
    tls: bool = True
    folder: str = "INBOX"
    done_folder: str | None = None
    poll_s: float = 60.0
    max_size_bytes: int = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as the server gave it: whole, or its header alone where it is ``too_large``."""

    raw: bytes
    arrived_at: datetime
    size_bytes: int
    too_large: bool


Take = Callable[[Fetched], None]
"""Keeps a message for good before it returns; what it raises leaves the message in the folder."""


class Watcher:
    """Hands every new message of one folder to ``take``, and marks it only after that returned."""

    def __init__(self, mailbox: Mailbox, take: Take) -> None:
        self._mailbox, self._take = mailbox, take
        self._stop = Event()

    def stop(self) -> None:
        """End `watch` soon; a message in hand is finished."""
        self._stop.set()

    def watch(self) -> None:
        """Watch until `stop`: told by the server (IDLE) where it can, by looking every ``poll_s`` beside that.

        A lost connection, a refused login or a server that is down is logged and tried again with growing pauses.
        """
        failures = 0
        while not self._stop.is_set():
            try:
                with self._connected() as client:
                    for left in self._rounds(client):
                        # Only a round that took everything is a sign of health: a full disk must not be hammered.
                        failures = failures + 1 if left else 0
                        if left and self._stop.wait(BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1]):
                            return
            except (IMAPClientError, OSError, ssl.SSLError) as error:
                pause_s = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                log.warning("mailbox %s: %s; again in %d s", self._mailbox.host, error, pause_s)
                self._stop.wait(pause_s)

    def sweep(self) -> int:
        """Take what is there now, once; return how many messages were left because ``take`` raised."""
        with self._connected() as client:
            return self._take_new(client)

    @contextmanager
    def _connected(self) -> Iterator[IMAPClient]:
        box = self._mailbox
        client = IMAPClient(box.host, port=box.port, ssl=box.tls, timeout=TIMEOUT_S)
        try:
            client.login(box.username, box.password)
            client.select_folder(box.folder)
            yield client
        finally:
            try:
                client.logout()
            except (IMAPClientError, OSError):
                log.debug("mailbox %s: the connection was gone before the logout", box.host)

    def _rounds(self, client: IMAPClient) -> Iterator[int]:
        """After each look at the folder, how many messages were left; waits for news in between."""
        can_idle = client.has_capability("IDLE")
        while not self._stop.is_set():
            yield self._take_new(client)
            if can_idle:
                self._idle(client)
            else:
                self._stop.wait(self._mailbox.poll_s)
                client.noop()

    def _idle(self, client: IMAPClient) -> None:
        client.idle()
        until = time.monotonic() + min(self._mailbox.poll_s, IDLE_S)
        try:
            while not self._stop.is_set() and time.monotonic() < until:
                wait_s = max(0.2, min(1.0, until - time.monotonic()))
                began = time.monotonic()
                news = client.idle_check(timeout=wait_s)
                if any(len(line) > 1 and line[1] == b"EXISTS" for line in news):
                    return
                if not news and time.monotonic() - began < wait_s / 2:
                    # IMAPClient returns nothing at once, for ever, when the server has closed the connection.
                    raise ConnectionResetError("the server closed the connection")
        finally:
            client.idle_done()

    def _take_new(self, client: IMAPClient) -> int:
        left = 0
        uids = sorted(client.search(["UNSEEN", "UNDELETED"]))
        for begin in range(0, len(uids), BATCH):
            for uid, known in client.fetch(uids[begin : begin + BATCH], ["RFC822.SIZE", "INTERNALDATE"]).items():
                if self._stop.is_set():
                    return left
                left += not self._take_one(client, uid, known)
        return left

    def _take_one(self, client: IMAPClient, uid: int, known: dict[bytes, Any]) -> bool:
        size = known.get(b"RFC822.SIZE", 0)
        too_large = size > self._mailbox.max_size_bytes
        part = b"BODY[HEADER]" if too_large else b"BODY[]"
        # PEEK: the message stays unseen until it is kept.
        got = client.fetch([uid], [part.replace(b"BODY", b"BODY.PEEK")]).get(uid, {})
        if part not in got:
            return True  # somebody took it away meanwhile
        try:
            self._take(Fetched(got[part], _aware(known.get(b"INTERNALDATE")), size, too_large))
        except Exception:
            # Whatever it is (a full disk, a locked database), the message is not lost: it stays where it is.
            log.exception("mailbox %s: message %d was not kept, it stays in the folder", self._mailbox.host, uid)
            return False
        self._mark(client, uid)
        return True

    def _mark(self, client: IMAPClient, uid: int) -> None:
        client.add_flags([uid], [SEEN], silent=True)
        if self._mailbox.done_folder:
            if not client.folder_exists(self._mailbox.done_folder):
                client.create_folder(self._mailbox.done_folder)
            if client.has_capability("MOVE"):
                client.move([uid], self._mailbox.done_folder)
            else:
                client.copy([uid], self._mailbox.done_folder)
                client.delete_messages([uid], silent=True)


def _aware(arrived: datetime | None) -> datetime:
    # IMAPClient gives INTERNALDATE as a naive time of this machine's zone.
    return arrived.astimezone(UTC) if arrived else datetime.now(UTC)
